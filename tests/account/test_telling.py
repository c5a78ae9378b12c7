"""News that a provider tells by itself, instead of being asked."""

from collections.abc import AsyncGenerator
from unittest.mock import patch

import pytest

from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import Tell
from custom_components.command_status.tracking import CommandState, Observation

from .. import telling
from ..house import House
from ..telling import TellingProvider

ON_ITS_WAY = Observation(state=CommandState.IN_PROGRESS, provider_state="opening", progress=40)
THERE = Observation(state=CommandState.SUCCESS, provider_state="open")


@pytest.fixture
async def told_house(house_in_planning: House) -> AsyncGenerator[House]:
    """Return a house whose cloud tells by itself."""
    with patch.dict(PROVIDERS, {"wlte": telling.DESCRIPTION}):
        assert await house_in_planning.load()
        house_in_planning.cloud.script(outcome="SUCCESS", after=None)
        yield house_in_planning


def provider(house: House) -> TellingProvider:
    """Return the provider of the account as it is loaded now."""
    found = house.coordinator.provider
    assert isinstance(found, TellingProvider)
    return found


def teller(house: House, tracking_id: str) -> Tell:
    """Return how the provider tells about a command."""
    return provider(house).listeners[tracking_id]


async def test_what_is_told_is_shown_at_once(told_house: House) -> None:
    """There is no question that it could be the answer to."""
    sent = await told_house.send()
    teller(told_house, sent["tracking_id"])(ON_ITS_WAY)
    record = await told_house.record(sent["tracking_id"])
    assert (record["state"], record["progress"]) == ("in_progress", 40)


async def test_an_outcome_that_is_told_is_announced(told_house: House) -> None:
    """On disk first, like every other."""
    sent = await told_house.send()
    teller(told_house, sent["tracking_id"])(THERE)
    await told_house.settle()
    assert told_house.outcomes() == ["success"]
    assert (await told_house.record(sent["tracking_id"]))["polls"] == 0


async def test_nothing_is_asked(told_house: House) -> None:
    """Not while it is open, and not for a late outcome."""
    await told_house.send(timeout=5)
    await told_house.wait(60)
    assert told_house.cloud.counts["status"] == 0
    assert told_house.outcomes() == ["timeout"]


async def test_nobody_listens_once_it_has_ended(told_house: House) -> None:
    """A listener for every command that ever was would never let go."""
    sent = await told_house.send()
    teller(told_house, sent["tracking_id"])(THERE)
    await told_house.settle()
    assert provider(told_house).listeners == {}


async def test_news_that_come_after_the_window_correct_it(told_house: House) -> None:
    """As a late answer does."""
    sent = await told_house.send(timeout=5)
    await told_house.wait(6)
    teller(told_house, sent["tracking_id"])(THERE)
    await told_house.settle()
    assert told_house.outcomes() == ["timeout", "success"]
    assert (await told_house.record(sent["tracking_id"]))["late"] is True


async def test_a_late_outcome_is_listened_for_as_long_as_the_provider_says(
    told_house: House,
) -> None:
    """10 minutes after the window has ended it is over for good."""
    await told_house.send(timeout=5)
    await told_house.wait(5 + 590, step=5)
    assert len(provider(told_house).listeners) == 1
    await told_house.wait(20, step=5)
    assert provider(told_house).listeners == {}
    assert told_house.coordinator.tracker.is_idle


async def test_open_commands_are_listened_for_again_after_a_start(told_house: House) -> None:
    """What the provider knows already it tells before anybody could have asked."""
    sent = await told_house.send()
    first = provider(told_house)
    assert await told_house.reload()
    assert provider(told_house) is not first
    assert first.listeners == {}
    teller(told_house, sent["tracking_id"])(THERE)
    await told_house.settle()
    assert told_house.outcomes() == ["success"]


async def test_a_provider_may_tell_before_it_was_asked_to_the_end(told_house: House) -> None:
    """A door that is closed already is closed at once."""
    provider(told_house).knows = THERE
    await told_house.send()
    await told_house.settle()
    assert told_house.outcomes() == ["success"]
    assert provider(told_house).listeners == {}


async def test_a_command_that_is_sent_again_is_listened_for_once(told_house: House) -> None:
    """The second request is about the same command."""
    told_house.cloud.faults.add("drop", "create")
    await told_house.send()
    await told_house.wait(4)
    assert told_house.cloud.counts["create"] == 2
    assert len(provider(told_house).listeners) == 1


async def test_what_is_told_too_late_is_nobodys(told_house: House) -> None:
    """A provider may be slow to stop."""
    sent = await told_house.send()
    tell = teller(told_house, sent["tracking_id"])
    await told_house.order("forget_command", tracking_id=sent["tracking_id"])
    tell(THERE)
    await told_house.settle()
    assert told_house.outcomes() == []


async def test_a_command_of_someone_else_is_listened_for(told_house: House) -> None:
    """It makes no difference who sent it."""
    sent = await told_house.send()
    command_id = sent["command_id"]
    await told_house.order("forget_command", tracking_id=sent["tracking_id"])
    (record,) = await told_house.during(
        told_house.act(
            "track_command", config_entry_id=told_house.entry.entry_id, command_id=command_id
        )
    )
    teller(told_house, record["tracking_id"])(THERE)
    await told_house.settle()
    assert told_house.outcomes() == ["success"]
