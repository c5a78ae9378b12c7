"""What blinkpy 0.25.9 reports about a command, and what we report, for the same answers.

Home Assistant's own Blink integration waits with `wait_for_command` of blinkpy, which knows two
outcomes, true and false, and takes `status_code` 908 for the sign of success. Its host is
redirected to the simulator here, and its pauses are moments of the simulator's clock.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
import time
from typing import Any

from blinkpy import api  # type: ignore[import-untyped]
from blinkpy.auth import Auth  # type: ignore[import-untyped]
from blinkpy.blinkpy import Blink  # type: ignore[import-untyped]
from blinkpy.helpers.util import BlinkURLHandler  # type: ignore[import-untyped]
import pytest

from custom_components.command_status.providers.base import Provider, Sessions
from custom_components.command_status.providers.blink import ACCOUNT
from custom_components.command_status.providers.errors import ProviderError
from custom_components.command_status.tracking import Command, CommandState, Observation, Tracker
from simulators.blink import BlinkSimulator
from simulators.clock import ManualClock

from .blink_account import Disk, command_for, connected, credentials_for
from .following import asked_once

# blinkpy asks for the time in a way that Python would rather not have any more.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")

type Scene = Callable[[BlinkSimulator], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """One row: what happens at Blink, and what each of the two makes of it."""

    scene: Scene
    blinkpy: bool
    """Whether it says that the command has succeeded."""
    blinkpy_polls: int
    ours: CommandState
    reason: str | None = None
    late: CommandState | None = None
    """The outcome that corrects ours after the wait window."""


def scripted(name: str) -> Scene:
    """Return a scene in which every command has the same story."""
    return lambda cloud: cloud.script(name)


def first_poll_fails(status: int) -> Scene:
    """Return a scene in which the first question is answered with an error, as JSON."""
    return lambda cloud: cloud.faults.add(
        "status", "status", status=status, body='{"message": "Try again later"}'
    )


COMPARISONS = {
    "success": Comparison(
        scene=scripted("success"),
        blinkpy=True,
        blinkpy_polls=4,
        ours=CommandState.SUCCESS,
    ),
    # A camera that cannot be reached was photographed, says blinkpy.
    "failure with 908": Comparison(
        scene=scripted("failure"),
        blinkpy=True,
        blinkpy_polls=4,
        ours=CommandState.FAILURE,
        reason="Command failed",
    ),
    "failure with 523": Comparison(
        scene=scripted("failure_523"),
        blinkpy=False,
        blinkpy_polls=4,
        ours=CommandState.FAILURE,
        reason="Live view failed",
    ),
    # It succeeds seconds later, but blinkpy has stopped asking.
    "running with another code": Comparison(
        scene=scripted("running_with_another_code"),
        blinkpy=False,
        blinkpy_polls=1,
        ours=CommandState.SUCCESS,
    ),
    "404 after good answers": Comparison(
        scene=scripted("forgotten"),
        blinkpy=False,
        blinkpy_polls=120,
        ours=CommandState.LOST,
        reason="not_found",
    ),
    "404 from the start": Comparison(
        scene=scripted("never_known"),
        blinkpy=False,
        blinkpy_polls=120,
        ours=CommandState.TIMEOUT,
    ),
    "429 in between": Comparison(
        scene=first_poll_fails(429),
        blinkpy=False,
        blinkpy_polls=1,
        ours=CommandState.SUCCESS,
    ),
    "500 in between": Comparison(
        scene=first_poll_fails(500),
        blinkpy=False,
        blinkpy_polls=1,
        ours=CommandState.SUCCESS,
    ),
    # blinkpy keeps the action waiting for two minutes; false does not tell it from a failure.
    "never ending": Comparison(
        scene=scripted("never"),
        blinkpy=False,
        blinkpy_polls=120,
        ours=CommandState.TIMEOUT,
    ),
    "ending after the wait window": Comparison(
        scene=scripted("late"),
        blinkpy=True,
        blinkpy_polls=91,
        ours=CommandState.TIMEOUT,
        late=CommandState.SUCCESS,
    ),
}


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[BlinkSimulator]:
    """Return a Blink cloud that listens."""
    async with BlinkSimulator(clock=clock, sleep=clock.sleep) as simulator:
        yield simulator


@pytest.fixture
def provider(cloud: BlinkSimulator, sessions: Sessions, clock: ManualClock) -> Provider:
    """Return our provider."""
    return connected(sessions.shared, credentials_for(cloud), clock, Disk().keep)


@pytest.fixture
def app(
    cloud: BlinkSimulator,
    sessions: Sessions,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """Return blinkpy, signed in at the simulator."""

    async def pass_time(seconds: float) -> None:
        clock.advance(seconds)

    monkeypatch.setattr(api, "sleep", pass_time)
    app = Blink(session=sessions.shared)
    app.auth = Auth({}, no_prompt=True, session=sessions.shared)
    app.auth.token = cloud.tokens.issue(cloud.settings.token_lifetime).access
    app.auth.expiration_date = time.time() + cloud.settings.token_lifetime
    app.urls = BlinkURLHandler(cloud.settings.tier)
    app.urls.base_url = cloud.url
    return app


async def told(provider: Provider, command: Command) -> Observation | None:
    """Ask once; None where nothing was learned."""
    try:
        outcome = await asked_once(provider, command)
    except ProviderError:
        return None
    return outcome if isinstance(outcome, Observation) else None


async def followed(provider: Provider, clock: ManualClock) -> list[Command]:
    """Send a command and follow it as an account does; return its outcomes, a late one included."""
    tracker = Tracker(ACCOUNT.policy)
    deadline = clock() + ACCOUNT.policy.window
    wish = command_for("camera/701", "thumbnail", created_at=clock(), deadline=deadline)
    tracker.open(wish)
    errand = tracker.next_errand(clock())
    assert errand
    news = (await provider.submit(errand.commands))[wish.tracking_id]
    assert isinstance(news, Observation)
    tracker.done(errand, clock())
    transitions = [tracker.answered(wish.tracking_id, news, clock())]
    while (alarm := tracker.next_alarm(clock())) is not None:
        clock.advance(alarm - clock())
        transitions += tracker.tick(clock())
        for command in tracker.due(clock()):
            observation = await told(provider, command)
            transitions.append(
                tracker.missed(command.tracking_id, clock(), 0)
                if observation is None
                else tracker.observe(command.tracking_id, observation, clock())
            )
    return [change.command for change in transitions if change and change.outcome]


@pytest.mark.parametrize(
    "comparison", [pytest.param(row, id=name) for name, row in COMPARISONS.items()]
)
async def test_what_blinkpy_reports(
    cloud: BlinkSimulator, app: Any, comparison: Comparison
) -> None:
    """True or false, when it knows and when it does not."""
    comparison.scene(cloud)
    answer = await api.http_post(app, f"{cloud.url}/network/1234/camera/701/thumbnail")
    assert await api.wait_for_command(app, answer) is comparison.blinkpy
    assert cloud.counts["status"] == comparison.blinkpy_polls


@pytest.mark.parametrize(
    "comparison", [pytest.param(row, id=name) for name, row in COMPARISONS.items()]
)
async def test_what_we_report(
    cloud: BlinkSimulator, provider: Provider, clock: ManualClock, comparison: Comparison
) -> None:
    """What happened, or that nobody knows, and why."""
    comparison.scene(cloud)
    first, *corrections = await followed(provider, clock)
    assert (first.state, first.reason) == (comparison.ours, comparison.reason)
    late = [] if comparison.late is None else [comparison.late]
    assert [(command.state, command.late) for command in corrections] == [
        (state, True) for state in late
    ]
