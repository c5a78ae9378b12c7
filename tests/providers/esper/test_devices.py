"""The list of devices, which may be long and is never trusted to lead on."""

import json
from typing import Any

import pytest

from custom_components.command_status.providers.base import Provider
from custom_components.command_status.providers.errors import (
    ProviderNoAnswerError,
    ProviderTooManyError,
)
from custom_components.command_status.providers.esper.client import MOST_PAGES
from simulators.esper import EsperSimulator

from .account import KIOSK, LOBBY, WAREHOUSE


def page(*results: dict[str, Any], **frame: object) -> str:
    """Return an answer with devices."""
    return json.dumps({"code": 200, "content": {"results": results, **frame}})


async def test_devices_are_called_as_in_the_console(provider: Provider) -> None:
    """By their alias, which users have chosen; each is a device of its own."""
    targets = await provider.targets()
    assert [(t.id, t.name, t.device, t.device_name) for t in targets] == [
        (LOBBY, "Lobby", LOBBY, "Lobby"),
        (KIOSK, "Kiosk", KIOSK, "Kiosk"),
        (WAREHOUSE, "Warehouse", WAREHOUSE, "Warehouse"),
    ]


async def test_thousands_are_read_page_by_page(cloud: EsperSimulator, provider: Provider) -> None:
    """The offset is ours: `next` names another scheme and host, which must never see the key."""
    cloud.configure({"extra_devices": 2000})
    targets = await provider.targets()
    assert len(targets) == 2003
    assert targets[-1].name == "Tablet 02003"
    assert cloud.counts == {"devices": 21}


async def test_a_cloud_may_give_less_than_a_page(cloud: EsperSimulator, provider: Provider) -> None:
    """The next offset follows from what came, not from what was asked for."""
    cloud.configure({"extra_devices": 10, "largest_page": 5})
    assert len(await provider.targets()) == 13
    assert cloud.counts == {"devices": 3}


async def test_a_list_that_changed_meanwhile_is_no_list(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """When a device goes, the others move up, and one of them is on no page."""
    cloud.configure({"extra_devices": 150})
    first = page(*({"id": f"d{number}"} for number in range(100)), count=153)
    cloud.faults.add("status", "devices", status=200, body=first)
    cloud.remove_device(LOBBY)
    with pytest.raises(ProviderNoAnswerError):
        await provider.targets()


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        '{"content": {}}',
        page(count=3),
        page({"name": "nameless"}, count=1),
        page({"id": ""}, count=1),
        page({"id": "d1"}, {"id": "d1"}, count=2),
    ],
)
async def test_a_list_with_a_hole_is_no_list(
    cloud: EsperSimulator, provider: Provider, body: str
) -> None:
    """What is missing from a complete list may be removed."""
    cloud.faults.add("status", "devices", status=200, body=body)
    with pytest.raises(ProviderNoAnswerError):
        await provider.targets()


async def test_a_list_without_a_count_ends_with_a_page_that_is_not_full(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """Nothing else can tell."""
    full = page(*({"id": f"d{number}"} for number in range(100)))
    cloud.faults.add("status", "devices", status=200, body=full)
    cloud.faults.add("status", "devices", status=200, body=page({"id": 7, "state": 200}))
    targets = await provider.targets()
    assert len(targets) == 101
    assert targets[-1].id == targets[-1].name == "7"


async def test_older_answers_without_an_envelope_are_read(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """So are the names as the oldest interface has them."""
    old = json.dumps({"count": 1, "results": [{"id": "d1", "device_name": "Old", "alias": ""}]})
    cloud.faults.add("status", "devices", status=200, body=old)
    (target,) = await provider.targets()
    assert target.name == "Old"


async def test_what_the_cloud_cannot_reach_is_offline(provider: Provider) -> None:
    """The others have just been seen."""
    assert [target.online for target in await provider.targets()] == [True, True, False]


@pytest.mark.parametrize(
    "seen",
    [
        "long ago",
        None,
        1e30,
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59-23:59",
        "+292277026596-12-04T15:30:08Z",
    ],
    ids=[
        *("a word", "nothing", "a number", "more than 15 minutes ago"),
        *("when time began", "in another life", "when time ends"),
    ],
)
async def test_nobody_pretends_to_know_more_about_a_device(
    cloud: EsperSimulator, provider: Provider, seen: object
) -> None:
    """A device that was not seen for a while may only be quiet, and clocks may be wrong."""
    body = page({"id": "d1", "state": 20, "last_seen": seen}, count=1)
    cloud.faults.add("status", "devices", status=200, body=body)
    (target,) = await provider.targets()
    assert target.online is None


async def test_the_commands_that_lock_people_out_are_not_offered(provider: Provider) -> None:
    """They are for people who type them, and confirm."""
    target, *_ = await provider.targets()
    assert "REBOOT" in target.commands
    assert "WIPE" not in target.commands


async def test_a_list_that_repeats_itself_is_left(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """A cloud that goes round in circles must not keep us, or itself, busy for ever."""
    same = page({"id": LOBBY, "alias": "Lobby"}, count=500, next="/api/v2/devices/?offset=1")
    cloud.faults.add("status", "devices", status=200, body=same, times=None)
    with pytest.raises(ProviderNoAnswerError, match="does not end"):
        await provider.targets()
    assert cloud.counts["devices"] == 2


async def test_a_list_that_goes_on_and_on_is_left(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """Also where every page has something new."""
    cloud.configure({"extra_devices": MOST_PAGES, "largest_page": 1})
    with pytest.raises(ProviderNoAnswerError, match="does not end"):
        await provider.targets()
    assert cloud.counts == {"devices": MOST_PAGES}


async def test_status_objects_that_repeat_themselves_are_left(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """The same holds for the commands of a request."""
    same = page(
        {"id": "status-1", "request": "request-1", "device": LOBBY, "state": "Command Queued"},
        count=500,
        next="/api/commands/v0/status/?offset=1",
    )
    cloud.faults.add("status", "statuses", status=200, body=same, times=None)
    with pytest.raises(ProviderNoAnswerError, match="does not end"):
        await provider.find("request-1", None)


@pytest.mark.parametrize(
    "frame",
    [
        {"next": "http://elsewhere.invalid/?offset=20"},
        {"next": "http://elsewhere.invalid/?offset=20", "count": None},
        {"next": "http://elsewhere.invalid/?offset=20", "count": "230"},
        {"next": "http://elsewhere.invalid/?offset=20", "count": True},
        {"next": "http://elsewhere.invalid/?offset=20", "count": 20},
        {"next": None, "count": 23},
    ],
)
async def test_a_page_that_is_not_the_last_is_not_all(
    cloud: EsperSimulator, provider: Provider, frame: dict[str, object]
) -> None:
    """`next` says so where `count` does not, or counts only what is on the page."""
    cloud.configure({"extra_devices": 20})
    cloud.faults.add(
        "status", "devices", status=200, body=page(*({"id": f"d{n}"} for n in range(20)), **frame)
    )
    last = page({"id": "d20"}, {"id": "d21"}, {"id": "d22"}, next=None)
    cloud.faults.add("status", "devices", status=200, body=last)
    assert len(await provider.targets()) == 23
    assert "offset=20" in cloud.log.select("devices")[1].path


async def test_an_empty_page_in_the_middle_is_not_the_end(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """It says itself that something follows."""
    cloud.faults.add("status", "devices", status=200, body=page(next="http://elsewhere.invalid/"))
    with pytest.raises(ProviderNoAnswerError):
        await provider.targets()


@pytest.mark.parametrize("odd", [7, {"name": "x"}, {"id": "a\n"}, {"id": ""}, {"id": ["x"]}])
async def test_one_odd_device_costs_no_other(
    cloud: EsperSimulator, provider: Provider, odd: object
) -> None:
    """But who is missing from such a list may be there all the same."""
    good = {"id": LOBBY, "alias": "Half \ud83d\0"}
    cloud.faults.add("status", "devices", status=200, body=page(odd, good, count=2))  # type: ignore[arg-type]
    targets = await provider.targets()
    assert [(target.id, target.name) for target in targets] == [(LOBBY, "Half \ufffd\ufffd")]
    assert not targets.whole


@pytest.mark.parametrize("count", [5001, 10**9])
async def test_more_than_5000_devices_are_told_at_once(
    cloud: EsperSimulator, provider: Provider, count: int
) -> None:
    """Nobody waits for pages that help nobody."""
    body = page(*({"id": f"d{n}"} for n in range(20)), count=count)
    cloud.faults.add("status", "devices", status=200, body=body)
    with pytest.raises(ProviderTooManyError, match="more than 5,000 targets"):
        await provider.targets()
    assert cloud.counts == {"devices": 1}


async def test_more_than_1000_devices_behind_one_request_are_too_many(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """A group may have any number of them."""
    cloud.configure({"extra_devices": 1000})
    request = cloud.issue("REBOOT", list(cloud.devices))
    with pytest.raises(ProviderTooManyError, match="more than 1,000 commands behind one id"):
        await provider.find(request.request_id, None)
    assert cloud.counts["statuses"] == 1
