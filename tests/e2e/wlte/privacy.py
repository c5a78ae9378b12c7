"""Whether secrets stay secret."""

import json

from stage import Account, HomeAssistant


async def leaks(secrets: frozenset[str], account: Account, home: HomeAssistant) -> list[str]:
    """Return where a user, or whoever is shown a log or diagnostics, could read a secret."""
    places = {
        "log": home.log,
        "states": json.dumps(await home.client.states()),
        "records": json.dumps(await account.commands()),
        "diagnostics": json.dumps(await account.diagnostics()),
        "entry": json.dumps(await account.entry()),
    }
    return [place for place, text in places.items() if any(secret in text for secret in secrets)]
