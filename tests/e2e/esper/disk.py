"""Where on disk a secret can be read."""

from contextlib import closing
import sqlite3
from typing import Final

from stage import HomeAssistant

DATABASE: Final = "home-assistant_v2.db"

EVENTS: Final = """\
SELECT DISTINCT event_types.event_type
FROM events JOIN event_types USING (event_type_id) JOIN event_data USING (data_id)
WHERE instr(shared_data, ?)
"""


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
