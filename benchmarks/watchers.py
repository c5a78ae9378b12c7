"""Who notices what became of an action in the house: in a real Home Assistant, side by side."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
import os
from pathlib import Path
import shutil
import tempfile
import time
from typing import Any, Final

from stage import Account, HomeAssistant, automation, on_bus
from stage.connection import Subscription
from stage.errors import OutOfPatienceError
from stage.house import BOILER, BOILER_SECONDS, CONFIGURATION, GATE, JAMMED

from .figures import Effort, Table

RETRY: Final = os.environ.get("COMMAND_STATUS_RETRY", "")
"""A folder with `amitfin/retry`; without it, what it does is done by a script of the house."""

WINDOW: Final = 30
"""Seconds that the script and we wait for what is expected."""
LIVED: Final = 3.0
"""Seconds after the call at which Home Assistant is killed."""
PATIENCE: Final = 90.0
"""Seconds after which nobody is going to tell anything any more; retry needs 63 s by default."""

TEXT: Final = f"""\
In one run, on the same entities: the lock of Home Assistant's demo that jams, a switch
that does nothing, one that takes {BOILER_SECONDS} s, and that one again while Home Assistant is
killed {LIVED:.0f} s after the call and started again. Told is the first word on it, with the
seconds since the call (after a kill: since Home Assistant runs again, but where it was told
before); acted is how often the thing was told what to do.

*The action alone* is a script that goes on when Home Assistant says that the action is done.
*A script that waits* has `wait_template` with {WINDOW} s. `amitfin/retry` has its defaults (7 tries
within 63 s) with `expected_state`. *Command Status* has a window of {WINDOW} s and is told no
state: it knows what the action should bring about.

Whoever repeats tells a slow thing several times what to do; whoever holds what is open in memory
knows nothing after a restart."""

NOTHING: Final = "nothing"
BOILER_IS_HOT: Final = "input_boolean.boiler_is_hot"
HEATING: Final = "automation.the_boiler_takes_its_time"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Something that is told what to do."""

    name: str
    action: str
    entity_id: str
    expected: str
    killed: bool = False


CASES: Final = (
    Case(
        name="a lock that jams",
        action="lock.lock",
        entity_id=JAMMED,
        expected="locked",
    ),
    Case(
        name="a switch that does nothing",
        action="switch.turn_on",
        entity_id=GATE,
        expected="on",
    ),
    Case(
        name="a switch that is slow",
        action="switch.turn_on",
        entity_id=BOILER,
        expected="on",
    ),
    Case(
        name="the slow one, and a kill",
        action="switch.turn_on",
        entity_id=BOILER,
        expected="on",
        killed=True,
    ),
)

ACT: Final = {"action": "{{ action }}", "target": {"entity_id": "{{ entity_id }}"}}
REACHED: Final = "{{ is_state(entity_id, expected) }}"


def tell(word: str) -> dict[str, Any]:
    """Return the step that tells what became of an action."""
    return {"event": "told", "event_data": {"word": word}}


FAILED: Final = tell("failed")

RETRIED: Final = {
    "action": "retry.action",
    "data": {"action": "{{ action }}", "expected_state": "{{ expected }}", "on_error": [FAILED]},
    "target": {"entity_id": "{{ entity_id }}"},
}
REPEATED: Final = {
    "repeat": {
        "sequence": [
            ACT,
            {"delay": 0.2},
            {
                "if": "{{ not is_state(entity_id, expected) and repeat.index < 7 }}",
                "then": [{"delay": "{{ 2 ** (repeat.index - 1) }}"}],
            },
        ],
        "until": "{{ is_state(entity_id, expected) or repeat.index == 7 }}",
    }
}
"""What `amitfin/retry` does with its defaults."""

SCRIPTS: Final[Mapping[str, tuple[str, list[Any]]]] = {
    "alone": ("the action alone", [ACT, tell("done")]),
    "waiting": (
        "a script that waits",
        [
            ACT,
            {"wait_template": REACHED, "timeout": WINDOW},
            tell("{{ 'done' if wait.completed else 'failed' }}"),
        ],
    ),
    "repeating": (
        ("`amitfin/retry`", [RETRIED, tell("done")])
        if RETRY
        else (
            "what `amitfin/retry` does",
            [REPEATED, {"if": REACHED, "then": [tell("done")], "else": [FAILED]}],
        )
    ),
    "following": (
        "Command Status",
        [
            {
                "action": "command_status.perform_action",
                "data": {**ACT, "timeout": WINDOW},
            }
        ],
    ),
}
"""The contestants, by script."""
QUICK: Final = ("alone", "following")

THINGS: Final = {
    **({"retry": {}} if RETRY else {}),
    "script": {key: {"sequence": sequence} for key, (_, sequence) in SCRIPTS.items()},
}
"""What stands in the house of the demonstration beside its own things."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """What became of one action in the eyes of one contestant."""

    word: str
    seconds: float
    acted: int


async def figures(effort: Effort) -> list[Table]:
    """Let every contestant watch every case, once: what differs is not a matter of luck."""
    cases, scripts = (CASES[:1], QUICK) if effort.quick else (CASES, tuple(SCRIPTS))
    async with house() as home:
        rows = [await _row(home, case, script) for case in cases for script in scripts]
    return [
        Table(
            title="An action in the house",
            text=TEXT,
            columns=("What", "Who", "Told", "After s", "Acted"),
            rows=tuple(rows),
        )
    ]


@asynccontextmanager
async def house() -> AsyncIterator[HomeAssistant]:
    """Start a Home Assistant with all things and contestants in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if RETRY:
            shutil.copytree(RETRY, folder / "custom_components" / "retry")
        things = "\n".join(f"{key}: {json.dumps(value)}" for key, value in THINGS.items())
        async with HomeAssistant(folder, things=CONFIGURATION + things) as home:
            account = await Account.add(home, "home", {})
            await home.until_stored(account.entry_id, "core.config_entries")
            word = "{{ trigger.event.data.state }}"
            await home.client.add_automation("teller", automation(on_bus(), actions=(tell(word),)))
            yield home


async def story(home: HomeAssistant, case: Case, script: str) -> Story:
    """Have one contestant act, and wait for its first word."""
    # What the last story has set going comes to its end here.
    for action in ("automation.turn_off", "automation.turn_on"):
        await home.client.act(action, {"entity_id": HEATING})
    await _set(home, "off")
    await home.client.act("lock.unlock", {"entity_id": JAMMED})
    async with home.client.events("told") as told, home.client.events("call_service") as calls:
        asked = time.monotonic()
        variables = {
            "action": case.action,
            "entity_id": case.entity_id,
            "expected": case.expected,
        }
        await home.client.act(
            "script.turn_on", {"entity_id": f"script.{script}", "variables": variables}
        )
        if not case.killed:
            word, seconds = await _word(told, asked)
            return Story(word=word, seconds=seconds, acted=_acted(calls, case))
        early = await _word(told, asked, within=LIVED)
        acted = _acted(calls, case)
        await home.kill()
    await home.start()
    asked = time.monotonic()
    async with home.client.events("told") as told, home.client.events("call_service") as calls:
        await _set(home, "on")
        word, seconds = await _word(told, asked, within=WINDOW)
        if early[0] != NOTHING:
            word, seconds = early
        return Story(word=word, seconds=seconds, acted=acted + _acted(calls, case))


async def _set(home: HomeAssistant, state: str) -> None:
    """Have the slow switch where it should be."""
    await home.client.act(f"input_boolean.turn_{state}", {"entity_id": BOILER_IS_HOT})


async def _word(told: Subscription, since: float, within: float = PATIENCE) -> tuple[str, float]:
    """Return the first word, and when it came."""
    try:
        (heard,) = await told.until(within=within)
    except OutOfPatienceError:
        return NOTHING, within
    return heard["word"], time.monotonic() - since


def _acted(calls: Subscription, case: Case) -> int:
    """Return how often the thing was told what to do."""
    return sum(
        f"{call['domain']}.{call['service']}" == case.action
        and case.entity_id in str(call["service_data"])
        for call in calls.messages
    )


async def _row(home: HomeAssistant, case: Case, script: str) -> tuple[str, ...]:
    name, _ = SCRIPTS[script]
    print(f"  {case.name}, {name}", flush=True)
    seen = await story(home, case, script)
    after = "-" if seen.word == NOTHING else f"{seen.seconds:.1f}"
    return case.name, name, seen.word, after, f"{seen.acted}"
