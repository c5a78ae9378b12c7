"""How often WLTE is asked, and how much is sent to it: computed, not waited for."""

from collections.abc import Iterator
from statistics import mean, quantiles

import pytest

from custom_components.command_status.providers.base import Order
from custom_components.command_status.providers.wlte import ACCOUNT
from custom_components.command_status.tracking import Command, Means
from tests.providers.following import accepted

POLICY = ACCOUNT.policy


def asked_at() -> Iterator[float]:
    """Go through the ages at which a command is asked about that was sent at 0 and stays open."""
    moment = 0.0
    while True:
        moment = POLICY.cadence.next(0.0, moment)
        yield moment


def followed(completes: float) -> tuple[int, float]:
    """Return how many requests a command took, and how late its outcome was learned."""
    for requests, moment in enumerate(asked_at(), start=1):
        if moment >= completes:
            return requests, moment - completes
    raise AssertionError


@pytest.mark.parametrize(
    ("begin", "end", "requests", "delay"),
    [
        pytest.param(15, 60, 18, 2.1, id="while somebody stands before the gate"),
        pytest.param(60, 240, 46, 5.0, id="when somebody has asked for a longer window"),
    ],
)
def test_few_requests_and_a_short_delay(
    begin: int, end: int, requests: float, delay: float
) -> None:
    """For commands that complete at any time in between with the same likelihood."""
    runs = [followed(begin + (end - begin) * step / 9999) for step in range(10_000)]
    assert mean(run[0] for run in runs) <= requests
    assert quantiles((run[1] for run in runs), n=20)[-1] <= delay


def test_it_is_never_asked_faster_than_every_two_seconds() -> None:
    """The vendor recommends every 2 to 3 s."""
    assert min(interval for _, interval in POLICY.cadence.steps) >= 2


def test_a_week_is_followed_with_patience() -> None:
    """The longest window there is must not cost a request every five seconds."""
    assert followed(7 * 86400)[0] < 6000


def test_a_late_outcome_is_looked_for_for_ten_minutes() -> None:
    """Every 30 s."""
    moments = []
    now: float | None = 0.0
    while now is not None and (now := POLICY.watch.next(0.0, now)) is not None:
        moments.append(now)
    assert moments == [30.0 * n for n in range(1, 21)]


def test_a_lost_answer_is_asked_for_again_with_growing_pauses() -> None:
    """Harmless, because every repeat carries the same key."""
    assert POLICY.recovery is not None
    assert POLICY.recovery.means is Means.RESEND
    assert list(POLICY.recovery.pauses) == sorted(POLICY.recovery.pauses)


def test_the_documented_limits_are_kept(jog: Order) -> None:
    """600 in 60 s for the account, 10 in 10 s for a device, one in 3 s for a relay."""
    assert [(limit.count, limit.seconds) for limit in POLICY.limits] == [
        (600, 60.0),
        (10, 10.0),
        (1, 3.0),
    ]
    one = accepted(jog)
    assert [limit.key(one) for limit in POLICY.limits] == ["", "dev-7", "dev-7/1"]


def test_one_command_is_one_request() -> None:
    """Several relays in one request would be one command at the platform, and two with us."""
    assert POLICY.batch == 1
    assert POLICY.lane is None


@pytest.mark.parametrize("target", ["dev-7/1", "a/b/1"])
def test_the_device_of_a_relay_is_read_off_its_target(jog: Order, target: str) -> None:
    """Also where the platform's id has a slash in it."""
    command = Command(
        tracking_id="01J0000000",
        target=target,
        target_name="Gate",
        command=jog.command,
        created_at=0.0,
        deadline=60.0,
    )
    assert f"{POLICY.limits[1].key(command)}/1" == POLICY.limits[2].key(command)
