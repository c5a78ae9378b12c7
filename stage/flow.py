"""A dialogue of Home Assistant's settings: one step after another, as the frontend shows it."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any, Self

type Request = Callable[..., Awaitable[Any]]
"""Asks the HTTP API: method, path, and what to send as JSON."""


class FlowKind(StrEnum):
    """Where each kind of dialogue lives in the HTTP API."""

    CONFIG = "/api/config/config_entries/flow"
    OPTIONS = "/api/config/config_entries/options/flow"
    SUBENTRY = "/api/config/config_entries/subentries/flow"


class Flow:
    """A dialogue, and the step that it shows now."""

    def __init__(self, request: Request, kind: FlowKind, answer: Mapping[str, Any]) -> None:
        """Take over a dialogue at the step that was answered last."""
        self._request = request
        self._kind = kind
        self.answer = answer
        """The step as Home Assistant describes it."""

    @classmethod
    async def start(cls, request: Request, kind: FlowKind, **start: Any) -> Self:
        """Begin a dialogue; `handler` is an integration, an entry, or entry and subentry type."""
        return cls(request, kind, await request("POST", kind, start))

    @classmethod
    async def resume(cls, request: Request, kind: FlowKind, flow_id: str) -> Self:
        """Open a dialogue that Home Assistant began, such as the one for new credentials."""
        return cls(request, kind, await request("GET", f"{kind}/{flow_id}"))

    async def submit(self, values: Mapping[str, Any] | None = None, /) -> Self:
        """Fill in the form that is shown."""
        path = f"{self._kind}/{self.answer['flow_id']}"
        self.answer = await self._request("POST", path, dict(values or {}))
        return self

    async def choose(self, option: str) -> Self:
        """Choose from the menu that is shown."""
        return await self.submit({"next_step_id": option})

    async def walk(self, *steps: str | Mapping[str, Any]) -> Self:
        """Take one step after another: a word chooses from a menu, a mapping fills in a form."""
        for step in steps:
            await (self.choose(step) if isinstance(step, str) else self.submit(step))
        return self

    async def close(self) -> None:
        """Close the dialogue, as with the cross in its corner."""
        await self._request("DELETE", f"{self._kind}/{self.answer['flow_id']}")

    @property
    def kind(self) -> str:
        """What is shown: `form`, `menu`, `create_entry` or `abort`."""
        return str(self.answer["type"])

    @property
    def step(self) -> str | None:
        """The id of the step that is shown."""
        return self.answer.get("step_id")

    @property
    def errors(self) -> Mapping[str, str]:
        """The errors that the form shows, by field; `base` is the form itself."""
        return self.answer.get("errors") or {}

    @property
    def reason(self) -> str | None:
        """Why it was aborted."""
        return self.answer.get("reason")

    @property
    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """The form's fields by name, those of its sections included, as the frontend gets them."""
        found: dict[str, Mapping[str, Any]] = {}
        for field in self.answer.get("data_schema") or ():
            found[field["name"]] = field
            found |= {inner["name"]: inner for inner in field.get("schema") or ()}
        return found

    @property
    def shown(self) -> Mapping[str, Any]:
        """What stands in the fields before anything is typed: suggested values and defaults."""
        return {
            name: field.get("description", {}).get("suggested_value", field.get("default"))
            for name, field in self.fields.items()
        }

    @property
    def entry_id(self) -> str:
        """The id of the entry that was made; KeyError where none was."""
        result: Mapping[str, Any] = self.answer["result"]
        return str(result["entry_id"])
