"""The network and the cloud misbehave: no outcome comes of it, and all is well again by itself."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import logging
from typing import Any, Final
from unittest.mock import patch

from aiohttp import TCPConnector
import pytest
from yarl import URL

from custom_components.command_status.const import CONF_CREDENTIALS
from simulators.clock import ManualClock
from simulators.faults import FaultKind
from simulators.request_log import NO_ANSWER
from simulators.wlte import WlteSimulator

from .conftest import Home
from .scenes import EsperScene

FEW: Final = 12
"""Open commands: enough to exceed every limit, if nobody heeds it."""
MANY: Final = 100

CONNECTION: Final = "binary_sensor.my_cloud_connection"

type Trouble = Callable[[Home], AbstractAsyncContextManager[None]]
"""Lets something go wrong, and be well again in the end."""


def fault(kind: FaultKind, **details: Any) -> Trouble:
    """Return a trouble that the simulated cloud can play by itself, whatever it is asked."""

    @asynccontextmanager
    async def misbehave(home: Home) -> AsyncGenerator[None]:
        faults = home.scene.cloud.faults
        faults.add(kind, times=None, **details)
        yield
        faults.clear()

    return misbehave


@asynccontextmanager
async def nobody_listens(home: Home) -> AsyncGenerator[None]:
    """Refuse every connection."""
    cloud = home.scene.cloud
    port = URL(cloud.url).port
    assert port is not None
    await cloud.stop()
    yield
    await cloud.start(port=port)


@asynccontextmanager
async def no_such_name(home: Home) -> AsyncGenerator[None]:
    """Let the name of the host be unknown, though the cloud is there."""
    no_name = OSError("Name or service not known")
    with patch.object(TCPConnector, "_resolve_host", side_effect=no_name):
        async with nobody_listens(home):  # no connection of before is left
            pass
        yield


@asynccontextmanager
async def sent_elsewhere(home: Home) -> AsyncGenerator[None]:
    """Send everybody to another host, where nobody must arrive."""
    async with (
        WlteSimulator() as elsewhere,
        fault(FaultKind.REDIRECT, status=307, location=f"{elsewhere.url}/wlte/v1/commands/cmd-1")(
            home
        ),
    ):
        yield
        assert not elsewhere.log.requests


TROUBLES: Final[Mapping[str, Trouble]] = {
    "connection refused": nobody_listens,
    "no such name": no_such_name,
    "reset before the answer": fault(FaultKind.RESET),
    "reset after the work": fault(FaultKind.DROP),
    "half an answer": fault(FaultKind.CUT),
    "silence": fault(FaultKind.SILENCE),
    "500": fault(FaultKind.STATUS, status=500),
    "502 of a proxy": fault(FaultKind.HTML, status=502),
    "503": fault(FaultKind.STATUS, status=503, headers={"Retry-After": "1"}),
    "429": fault(FaultKind.STATUS, status=429),
    "no JSON": fault(FaultKind.GARBAGE),
    "a web page": fault(FaultKind.HTML),
    "10 MB": fault(FaultKind.HUGE, size=10 * 1024 * 1024),
    "redirected": sent_elsewhere,
}


@pytest.fixture(params=TROUBLES)
def trouble(request: pytest.FixtureRequest) -> Trouble:
    """Return what goes wrong: each in its turn."""
    return TROUBLES[request.param]


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what our log tells that is meant to be read."""

    def read() -> list[str]:
        return [
            record.getMessage()
            for record in caplog.records
            if "command_status" in record.name and record.levelno >= logging.INFO
        ]

    return read


def most_within_a_second(home: Home) -> int:
    """Return the most status requests within any one second, as the cloud saw them."""
    times = [request.time for request in home.scene.asked]
    return max(sum(now <= other < now + 1 for other in times) for now in times)


def most_at_once(home: Home) -> int:
    """Return the most requests of any kind that were under way at the same time."""
    return home.scene.cloud.log.most_at_once["*"]


def most_of(home: Home) -> int:
    """Return how many kept connections can break at once: one request of Esper asks for all."""
    return 1 if home.scene.key == "esper" else 4


class TestAsking:
    """Commands are open, and the cloud cannot be asked about them."""

    async def test_trouble_is_no_outcome_and_ends_by_itself(
        self, home: Home, trouble: Trouble, told: Callable[[], list[str]]
    ) -> None:
        """The commands stay open meanwhile, and the log has one line for each end of it."""
        ids = await home.follow(FEW)
        home.scene.cloud.log.clear()
        async with trouble(home):
            await home.go_by(45, 1)
            assert home.outcomes() == []
            assert home.state(CONNECTION).state == "off"
        home.scene.succeed(*ids)
        await home.go_by(75, 1)
        assert home.outcomes() == ["success"] * FEW
        assert home.state(CONNECTION).state == "on"
        gone, back = told()
        assert gone.startswith("My cloud cannot be asked")
        assert back == "My cloud answers again"
        assert most_within_a_second(home) <= 5
        assert most_at_once(home) <= 4

    async def test_kept_connections_that_break_are_no_news(
        self, home: Home, told: Callable[[], list[str]]
    ) -> None:
        """Servers close them when they like; each question is asked once more, in its turn."""
        ids = await home.follow(FEW)
        await home.go_by(5)
        home.scene.cloud.log.clear()
        home.scene.cloud.faults.add(FaultKind.RESET, times=most_of(home))
        await home.go_by(20)
        assert sum(request.status == NO_ANSWER for request in home.scene.asked) == most_of(home)
        assert told() == []
        assert home.state(CONNECTION).state == "on"
        home.scene.succeed(*ids)
        await home.go_by(20)
        assert home.outcomes() == ["success"] * FEW
        assert most_within_a_second(home) <= 5
        assert most_at_once(home) <= 4

    async def test_the_right_answer_under_the_wrong_content_type_is_an_answer(
        self, home: Home, told: Callable[[], list[str]]
    ) -> None:
        """What counts is what it says."""
        ids = await home.follow(1)
        home.scene.cloud.faults.add(FaultKind.WRONG_TYPE, times=None)
        home.scene.succeed(*ids)
        await home.go_by(10)
        assert home.outcomes() == ["success"]
        assert told() == []

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            pytest.param({"Retry-After": "47"}, 47.0, id="seconds"),
            pytest.param({"Retry-After": "date"}, 47.0, id="a date"),
        ],
    )
    async def test_a_limit_is_obeyed_to_the_second(
        self,
        home: Home,
        headers: dict[str, str],
        seconds: float,
        told: Callable[[], list[str]],
    ) -> None:
        """Nothing at all is asked in the meantime, and then everything goes on by itself."""
        await home.follow(FEW)
        home.scene.cloud.log.clear()
        now = datetime.now(UTC)
        dates = {"date": format_datetime(now + timedelta(seconds=54), usegmt=True)}
        said = {name: dates.get(value, value) for name, value in headers.items()}
        clock = {"Date": format_datetime(now + timedelta(seconds=7), usegmt=True)}
        async with fault(FaultKind.STATUS, status=429, headers={**clock, **said})(home):
            await home.go_by(6)
        await home.go_by(seconds + 10)
        refused = [request for request in home.scene.asked if request.status == 429]
        first_after = next(request for request in home.scene.asked if request.status == 200)
        assert {request.time for request in refused} == {refused[0].time}
        assert seconds <= first_after.time - refused[0].time <= seconds + 5
        assert home.outcomes() == []
        gone, back = told()
        assert gone == "My cloud cannot be asked: there were too many requests"
        assert back == "My cloud answers again"


class TestSending:
    """A command goes out, and nobody can tell whether it has arrived."""

    @pytest.mark.parametrize(
        ("begin", "taken", "name"),
        [
            pytest.param(
                fault(FaultKind.RESET), False, "reset before the work", id="reset before the work"
            ),
            pytest.param(
                fault(FaultKind.DROP), True, "reset after the work", id="reset after the work"
            ),
            pytest.param(fault(FaultKind.CUT), True, "half an answer", id="half an answer"),
            pytest.param(fault(FaultKind.SILENCE), False, "silence", id="silence"),
            pytest.param(fault(FaultKind.STATUS, status=500), False, "500", id="500"),
            pytest.param(fault(FaultKind.STATUS, status=503), False, "503", id="503"),
            pytest.param(
                fault(FaultKind.HTML, status=502), False, "502 of a proxy", id="502 of a proxy"
            ),
            pytest.param(fault(FaultKind.GARBAGE), False, "no JSON", id="no JSON"),
            pytest.param(fault(FaultKind.HTML), False, "a web page", id="a web page"),
            pytest.param(fault(FaultKind.HUGE, size=10 * 1024 * 1024), False, "10 MB", id="10 MB"),
            pytest.param(sent_elsewhere, False, "redirected", id="redirected"),
        ],
    )
    async def test_it_is_recovered_or_lost_and_never_sent_twice(
        self, home: Home, begin: Trouble, name: str, *, taken: bool
    ) -> None:
        """A repeat is for clouds that know it for one; the others look for it, or it is lost."""
        repeated = home.scene.repeats and name not in home.scene.tells
        call = asyncio.create_task(home.order_one(timeout=300))
        async with begin(home):
            await home.until(lambda: home.scene.cloud.counts[home.scene.sends])
            await home.go_by(1)
        await call
        await home.go_by(90, 1)
        doubt = home.scene.after_doubt(taken=taken)
        assert home.outcomes() == [home.scene.tells.get(name, doubt)]
        assert len(home.scene.taken()) == (taken or repeated)
        assert home.scene.cloud.counts[home.scene.sends] <= (2 if repeated else 1)

    @pytest.mark.parametrize(
        "begin",
        [
            pytest.param(nobody_listens, id="connection refused"),
            pytest.param(no_such_name, id="no such name"),
        ],
    )
    async def test_what_certainly_never_left_has_failed(self, home: Home, begin: Trouble) -> None:
        """It is told at once, and not sent when the cloud is back."""
        async with begin(home):
            record = await home.order_one(timeout=300)
        await home.go_by(90, 1)
        assert (record["state"], record["reason"]) == ("failure", "cannot_connect")
        assert home.outcomes() == ["failure"]
        assert home.scene.taken() == []

    @pytest.mark.parametrize(
        ("headers", "least", "most"),
        [
            pytest.param({"Retry-After": "21"}, 21.0, 22.0, id="seconds"),
            pytest.param({}, 1.0, 4.0, id="no word"),
        ],
    )
    async def test_after_a_limit_it_is_sent(
        self, home: Home, headers: dict[str, str], least: float, most: float
    ) -> None:
        """It was certainly not taken, so it waits as long as the cloud asks for."""
        cloud = home.scene.cloud
        cloud.faults.add(FaultKind.STATUS, home.scene.sends, status=429, headers=headers)
        await home.order_one(timeout=300)
        await home.go_by(60)
        assert home.outcomes() == ["success"]
        refused, taken = cloud.log.select(home.scene.sends)
        assert least <= taken.time - refused.time <= most


class TestCredentials:
    """Credentials come to their end in mid-flight, with a hundred commands open."""

    @pytest.mark.parametrize(
        ("scene", "expire"),
        [
            pytest.param("blink", lambda cloud: cloud.tokens.expire_access(), id="blink"),
            pytest.param("wlte", lambda cloud: cloud.expire_tokens(), id="wlte"),
        ],
        indirect=["scene"],
    )
    async def test_a_token_is_renewed_once_and_without_a_burst(
        self,
        home: Home,
        nap: ManualClock,
        expire: Callable[[Any], None],
        told: Callable[[], list[str]],
    ) -> None:
        """Everybody waits for the one renewal, which takes its time, and it is no news."""
        ids = await home.follow(MANY)
        await home.go_by(5)
        home.scene.cloud.log.clear()
        home.scene.cloud.faults.add(FaultKind.DELAY, "token", delay=0.7)
        expire(home.scene.cloud)
        await home.go_by(2, 0.1)
        nap.advance(0.7)
        await home.go_by(20, 0.1)
        assert home.scene.cloud.counts["token"] == 1
        assert most_within_a_second(home) <= 5
        assert most_at_once(home) <= 4
        assert told() == []
        home.scene.succeed(*ids)
        await home.go_by(90)
        assert home.outcomes() == ["success"] * MANY

    @pytest.mark.parametrize("scene", ["esper"], indirect=True)
    async def test_a_key_that_was_replaced_is_not_asked_with_again(
        self, home: Home, told: Callable[[], list[str]]
    ) -> None:
        """The user is asked for the new one, once; with that, nothing is lost."""
        assert isinstance(home.scene, EsperScene)
        ids = await home.follow(MANY)
        await home.go_by(5)
        home.scene.cloud.log.clear()
        home.scene.cloud.replace_key("another-key")
        await home.go_by(60, 1)
        assert len(home.scene.cloud.log.requests) <= 4
        (flow,) = home.hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == "reauth"
        home.scene.succeed(*ids)
        credentials = {**home.entry.data[CONF_CREDENTIALS], "api_key": "another-key"}
        home.hass.config_entries.async_update_entry(
            home.entry, data={**home.entry.data, CONF_CREDENTIALS: credentials}
        )
        await home.reload()
        await home.go_by(10)
        assert home.outcomes() == ["success"] * MANY
        assert told()[0] == "My cloud cannot be asked: the credentials are refused"
