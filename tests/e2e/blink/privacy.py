"""Whether secrets stay secret."""

from http import HTTPStatus
import json
from typing import Any

from stage import Account, HomeAssistant, HttpError, eventually


async def leaks(
    secrets: frozenset[str], account: Account, home: HomeAssistant, **told: object
) -> list[str]:
    """Return where a user, or whoever is shown a log or diagnostics, could read a secret.

    `told` is what a test has heard besides, by the name of where.
    """
    places = {
        "log": home.log,
        "states": await home.client.states(),
        "records": await account.commands(limit=1000),
        "diagnostics": await eventually(lambda: diagnostics(account), "diagnostics"),
        "entry": await account.entry(),
        "issues": await account.issues(),
    }
    texts = {place: json.dumps(content) for place, content in {**places, **told}.items()}
    return [
        f"{place}: {secret}"
        for place, text in texts.items()
        for secret in secrets
        if secret in text
    ]


async def diagnostics(account: Account) -> Any:
    """Return diagnostics; None for a moment after Home Assistant has first loaded us."""
    try:
        return await account.diagnostics()
    except HttpError as err:
        if err.status != HTTPStatus.NOT_FOUND:
            raise
        return None
