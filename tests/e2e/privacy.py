"""Whether secrets stay secret."""

import json

from stage import Account, HomeAssistant


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
        "diagnostics": await account.diagnostics(),
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
