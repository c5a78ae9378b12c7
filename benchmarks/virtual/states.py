"""How often states are written for one command, and what the recorder keeps of it."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
import sqlite3
from typing import Final

from homeassistant.components.recorder.const import DOMAIN as RECORDER
from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import (
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import async_initialize_recorder, get_instance
from homeassistant.setup import async_setup_component

from simulators.blink import BlinkSimulator

from ..child import in_child
from ..clouds import BLINK_NETWORK
from ..figures import Effort, Table
from ..home import ENTRY_ID
from .clouds import BlinkCloud
from .house import House, house
from .loop import in_virtual_time, virtual_loop

SECONDS: Final = 10.0
"""How long the command takes."""
WATCHED: Final = 60.0
"""Seconds for which everybody is watched from the sending on."""
MOMENT: Final = 0.1
"""Seconds in which a command is surely sent."""
DAY: Final = 86400.0
OURS: Final = "command_status, all entities"
OUR_SENSOR: Final = "command_status, the sensor of the camera"
THEIRS: Final = "`rest` sensor, every second"
REST: Final = "sensor.rest_command"
DATABASE: Final = "home-assistant_v2.db"
ROWS: Final = """\
SELECT count(*) FROM states JOIN states_meta USING (metadata_id)
WHERE states_meta.entity_id = ? AND last_updated_ts >= ?"""

TEXT: Final = """\
One command to a camera of Blink that takes {seconds:g} s, watched for {watched:g} s from the
sending on: our entities that show it, those of the account and those of the camera, beside one
sensor of Home Assistant's own `rest` integration that asks about the same command every second and
shows whether it is complete. A write that changes neither state nor attributes is counted as
unchanged. The rows are those in the recorder's database. Virtual time; all else is real.
To reach: only real changes."""


class Watch:
    """Counts the state writes of every entity."""

    def __init__(self, home: House) -> None:
        """Begin now."""
        self._home = home
        self._begun = home.loop.wall_time()
        self._changes: list[str] = []
        self._reports: list[str] = []
        bus, everything = home.hass.bus, callback(lambda _: True)
        bus.async_listen(EVENT_STATE_CHANGED, self._changed)
        bus.async_listen(EVENT_STATE_REPORTED, self._reported, everything)

    @callback
    def _changed(self, event: Event[EventStateChangedData]) -> None:
        """Count a write; one that is forced may have changed nothing."""
        old, new = event.data["old_state"], event.data["new_state"]
        same = old and new and (old.state, old.attributes) == (new.state, new.attributes)
        (self._reports if same else self._changes).append(event.data["entity_id"])

    @callback
    def _reported(self, event: Event[EventStateReportedData]) -> None:
        """Count a write that changed nothing."""
        self._reports.append(event.data["entity_id"])

    async def of(self, entity_ids: Collection[str]) -> dict[str, int]:
        """Return what was written of some entities."""
        with self._home.loop.standing_still():
            await get_instance(self._home.hass).async_block_till_done()
        with closing(sqlite3.connect(self._home.folder / DATABASE)) as connection:
            rows = [
                connection.execute(ROWS, (entity_id, self._begun)).fetchone()[0]
                for entity_id in entity_ids
            ]
        return {
            "changes": sum(entity_id in entity_ids for entity_id in self._changes),
            "unchanged": sum(entity_id in entity_ids for entity_id in self._reports),
            "rows": sum(rows),
        }


async def measure() -> dict[str, dict[str, int]]:
    """Follow one command with our entities and with a `rest` sensor; returns what each wrote."""
    return await in_virtual_time(_measure)


async def _measure() -> dict[str, dict[str, int]]:
    async with house("blink", prepare=_start_recorder) as home:
        assert isinstance(home.cloud, BlinkCloud)
        simulator = home.cloud.simulator
        everything = er.async_entries_for_config_entry(er.async_get(home.hass), ENTRY_ID)
        ids = {entry.unique_id: entry.entity_id for entry in everything}
        sensor = ids[f"{ENTRY_ID}_{home.cloud.target}_command"]
        await asyncio.sleep(SECONDS)
        home.cloud.plan(SECONDS)
        watch, before = Watch(home), home.cloud.polls
        sending = asyncio.create_task(home.send())
        await asyncio.sleep(MOMENT)
        (number,) = simulator.book.commands
        await _start_rest(home.hass, simulator, number)
        await asyncio.sleep(WATCHED)
        (record,) = await sending
        assert (record["state"], record["command_id"]) == ("success", str(number))
        state = home.hass.states.get(REST)
        assert state is not None
        assert state.state == "True"
        polls = home.cloud.polls - before
        return {
            OURS: {"polls": record["polls"], **await watch.of(ids.values())},
            OUR_SENSOR: {"polls": record["polls"], **await watch.of([sensor])},
            THEIRS: {"polls": polls - record["polls"], **await watch.of([REST])},
        }


async def _start_recorder(hass: HomeAssistant) -> None:
    """Let the recorder write everything down, with a database as it is by default."""
    async_initialize_recorder(hass)
    with virtual_loop().standing_still():  # its thread is none that the loop knows
        assert await async_setup_component(hass, RECORDER, {RECORDER: {}})
        await get_instance(hass).async_recorder_ready.wait()


async def _start_rest(hass: HomeAssistant, simulator: BlinkSimulator, number: int) -> None:
    """Ask about a command every second, as users do who have no integration for it."""
    token = simulator.tokens.issue(DAY).access
    config = {
        "resource": f"{simulator.url}/network/{BLINK_NETWORK}/command/{number}",
        "headers": {"Authorization": f"Bearer {token}"},
        "scan_interval": 1,
        "sensor": [{"name": "rest_command", "value_template": "{{ value_json.complete }}"}],
    }
    assert await async_setup_component(hass, "rest", {"rest": [config]})


async def figures(effort: Effort) -> list[Table]:  # noqa: ARG001 - a count needs no repetition
    """Count what is written of a command."""
    written = await in_child(measure)
    assert written[OUR_SENSOR]["rows"] > 0
    return [
        Table(
            title="State writes for one command",
            text=TEXT.format(seconds=SECONDS, watched=WATCHED),
            columns=("", "status requests", "changes", "unchanged", "recorder rows"),
            rows=tuple(
                (name, *(f"{row[key]}" for key in ("polls", "changes", "unchanged", "rows")))
                for name, row in written.items()
            ),
            findings=tuple(misses(written[OURS])),
        )
    ]


def misses(ours: Mapping[str, int]) -> Iterator[str]:
    """Say where a figure is missed, and by how much."""
    if ours["unchanged"]:
        yield f"{ours['unchanged']} writes of ours changed nothing, of 0 to reach."
    if ours["rows"] != ours["changes"]:
        yield f"{ours['rows']} rows were recorded for {ours['changes']} changes of ours."
