"""A description of the simulated service with machines, and changes to it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

JOBS: Final[Mapping[str, Any]] = {
    "format": 1,
    "key": "jobs",
    "name": "Jobs",
    "documentation": "https://jobs.example/docs",
    "base_url": "${account.base_url}",
    "auth": {"type": "bearer"},
    "check": {"path": "/api/me"},
    "targets": {
        "get": {"path": "/api/machines"},
        "items": "machines",
        "online": "state",
        "keep": {"site": "site"},
        "page": {"next": "after", "query": "after"},
    },
    "error": "error.message",
    "commands": {
        "make": {
            "parameters": [
                {"name": "what", "type": "text", "default": "screws"},
                {"name": "speed", "type": "number", "required": False, "minimum": 1},
            ],
            "send": {
                "method": "POST",
                "path": "/api/machines/${target}/jobs",
                "json": {
                    "what": "${parameter.what}",
                    "speed?": "${parameter.speed}",
                    "site": "${target.site}",
                },
            },
            "id": "job.id",
        }
    },
    "ask": {
        "path": "/api/jobs/${id}",
        "outcome": {
            "word": "job.state",
            "words": {
                "in_progress": ["working"],
                "success": ["done"],
                "failure": ["failed"],
                "cancelled": ["stopped"],
            },
            "reason": "job.why",
            "progress": {"path": "job.done", "of": "job.total"},
        },
    },
    "cancel": {"method": "DELETE", "path": "/api/jobs/${id}"},
    "poll": {"first": 1, "every": 2},
}
REMOVED: Final = object()
"""In place of a value: the key is taken out."""


def changed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description with changes: by the way to each value, as in `ask/outcome/word`."""
    plain: dict[str, Any] = deepcopy(dict(JOBS))
    for way, value in changes.items():
        *path, key = way.split("/")
        inner: Any = plain
        for step in path:
            inner = inner[int(step)] if isinstance(inner, list) else inner.setdefault(step, {})
        last: Any = int(key) if isinstance(inner, list) else key
        if value is REMOVED:
            del inner[last]
        else:
            inner[last] = value
    return plain
