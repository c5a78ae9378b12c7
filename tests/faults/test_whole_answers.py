"""Whatever a cloud's answers say, commands end, and what is told of them can be kept and shown.

The cloud does what it always does, and its answers are damaged on their way: at every step in the
life of a command, from the request that sends it to its record, its event and the logbook.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
import json
import logging
from random import Random
from typing import Any, Final
from unittest.mock import patch

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_bytes
import pytest

from custom_components.command_status.const import DOMAIN, EVENT_FINISHED
from custom_components.command_status.logbook import async_describe_events
from custom_components.command_status.providers.http import Reply

from .answers import MEASURELESS, ODD, places, put, written
from .conftest import Home

SEEDS: Final = "--whole-answers"

WINDOW: Final = 60
"""Seconds that every command has."""

STEPS: Final = (*[0.5] * 8, *[2.0] * 8, *[10.0] * 10, *[60.0] * 12)
"""Seconds from one look to the next: some 15 minutes, after which nothing may be open."""

LARGEST_STATE: Final = 16384
"""Bytes of attributes that Home Assistant's recorder keeps."""

OURS: Final = ("custom_components", "homeassistant", "asyncio")
"""Loggers; the cloud has one of its own."""

STRANGE: Final[tuple[Any, ...]] = (*ODD, *MEASURELESS, None, True, [], {}, [[]], [{}], {"": None})


class Damage:
    """Answers on their way to us, some of which are damaged."""

    def __init__(self, seed: int) -> None:
        """Do the same for the same seed."""
        self._random = Random(seed)

    def reply(self, *, status: int, headers: Any, body: bytes) -> Reply:
        """Return an answer: as it was, or with something odd in it."""
        random = self._random
        changed = random.choice([self._as_it_is, self._value, self._bytes, self._nothing])
        if random.random() < 0.15:
            status = random.choice([200, 202, 400, 401, 403, 404, 406, 409, 429, 500, 503])
        if random.random() < 0.15:
            headers = {**headers, "Retry-After": random.choice(["0", "7", "-1", "1e9", *ODD[:4]])}
        return Reply(status=status, headers=headers, body=changed(body))

    def _as_it_is(self, body: bytes) -> bytes:
        return body

    def _value(self, body: bytes) -> bytes:
        """Put odd values into up to three places."""
        try:
            whole = json.loads(body)
        except ValueError:
            return body
        for _ in range(self._random.randint(1, 3)):
            whole = put(whole, self._random.choice(places(whole)), self._random.choice(STRANGE))
        return written(whole)

    def _bytes(self, body: bytes) -> bytes:
        """Lose, or change, a byte."""
        place = self._random.randrange(len(body) + 1)
        odd = self._random.choice([b"", b"\0", b"\xff", b"{", b'"', b"9"])
        return body[:place] + odd + body[place + self._random.randint(0, 3) :]

    def _nothing(self, _: bytes) -> bytes:
        return self._random.choice([b"", b"{}", b"[]", b"null", b"<html>", b"[" * 2000])


@contextmanager
def damaged(seed: int) -> Iterator[None]:
    """Damage the answers that arrive meanwhile."""
    with patch("custom_components.command_status.providers.http.Reply", Damage(seed).reply):
        yield


async def live(home: Home, seed: int) -> None:
    """Send a command, cancel, update and follow others, while answers are damaged; all must end."""
    scene = home.scene
    with damaged(seed):
        await _tried(home, "send_command", target=scene.target, command=scene.command)
        await _tried(home, "track_command", command_id="1", **scene.whereabouts)
        await home.coordinator.async_refresh()
        for step in STEPS[:4]:
            await home.go_by(step, step)
        for command in list(home.coordinator.tracker):
            if not command.final and command.command_id is not None:
                await _tried(home, "cancel_command", tracking_id=command.tracking_id)
                await _tried(
                    home, "update_command", command_id=command.command_id, state="cancelled"
                )
        for step in STEPS[4:]:
            await home.go_by(step, step)


async def _tried(home: Home, action: str, **data: Any) -> None:
    """Call an action, whatever comes of it; only errors of Home Assistant may."""
    known = {"timeout": WINDOW} if action in {"send_command", "track_command"} else {}
    calling = asyncio.create_task(
        home.act(action, config_entry_id=home.entry.entry_id, **known, **data)
    )
    for _ in range(200):
        if calling.done():
            break
        await home.go_by(0.5)
    assert calling.done(), f"{action} does not end"
    with suppress(HomeAssistantError):
        await calling


def judge(home: Home, records: list[dict[str, Any]], caplog: pytest.LogCaptureFixture) -> None:
    """Say whether everything has ended, and can be kept and shown."""
    assert [record for record in records if not record["final"]] == []
    sentences: dict[str, Any] = {}
    async_describe_events(home.hass, lambda _, kind, describe: sentences.update({kind: describe}))
    for event in home.announced:
        assert len(json_bytes(event.data)) < LARGEST_STATE
        assert sentences[EVENT_FINISHED](event)["message"]
    for record in records:
        json_bytes(record)
    for state in home.hass.states.async_all():
        assert len(json_bytes(dict(state.attributes))) < LARGEST_STATE
    errors = [r for r in caplog.records if r.exc_info or r.levelno >= logging.ERROR]
    ours = [
        r for r in errors if r.name.startswith(("custom_components", "homeassistant", "asyncio"))
    ]
    assert [r.getMessage() for r in ours] == []


async def test_whatever_answers_say_commands_end_and_can_be_kept_and_shown(
    home: Home, caplog: pytest.LogCaptureFixture, pytestconfig: pytest.Config
) -> None:
    """With `--whole-answers 5000` it takes as long as it takes; a failure names its seed."""
    for seed in range(pytestconfig.getoption(SEEDS)):
        await live(home, seed)
        try:
            judge(home, await home.act("get_commands", limit=1000), caplog)
        except AssertionError as err:
            err.add_note(f"seed {seed}")
            raise
        for flow in home.hass.config_entries.flow.async_progress_by_handler(DOMAIN):
            home.hass.config_entries.flow.async_abort(flow["flow_id"])
        assert await home.reload()
        home.announced.clear()
