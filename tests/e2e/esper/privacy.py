"""Whether secrets stay secret."""

from contextlib import closing
import json
import sqlite3
from typing import Final

from stage import Account, HomeAssistant

DATABASE: Final = "home-assistant_v2.db"

EVENTS: Final = """\
SELECT DISTINCT event_types.event_type
FROM events JOIN event_types USING (event_type_id) JOIN event_data USING (data_id)
WHERE instr(shared_data, ?)
"""


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


def files_with(secret: str, home: HomeAssistant) -> list[str]:
    """Return the files under the configuration folder in which a secret can be read.

    But for the database, which `events_with` looks into.
    """
    return [
        str(path.relative_to(home.folder))
        for path in home.folder.rglob("*")
        if path.is_file()
        and not path.name.startswith(DATABASE)
        and secret.encode() in path.read_bytes()
    ]


def events_with(secret: str, home: HomeAssistant) -> set[str]:
    """Return the types of the events in Home Assistant's database in which a secret can be read.

    Of any other table that has it, the line is returned as SQL.
    """
    uri = f"file:{home.folder / DATABASE}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        events = database.execute(EVENTS, (secret,)).fetchall()
        others = (
            line for line in database.iterdump() if not line.startswith('INSERT INTO "event_data"')
        )
        return {*(event for (event,) in events), *(line for line in others if secret in line)}
