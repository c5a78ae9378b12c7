"""Blink as people have it: lists with oddities, hubs that are offline, floodlights on batteries."""

from collections.abc import AsyncGenerator
from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.command_status.providers.base import Provider, Sessions, Target, Targets
from custom_components.command_status.providers.errors import (
    ProviderInputError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderRefusedError,
)
from custom_components.command_status.tracking import CommandState, Observation
from simulators.blink import BlinkSimulator, Device, Family
from simulators.clock import ManualClock

from .blink_account import Disk, command_for, connected, credentials_for
from .following import asked_once


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[BlinkSimulator]:
    """Return a Blink cloud that listens."""
    async with BlinkSimulator(clock=clock, sleep=clock.sleep) as simulator:
        yield simulator


@pytest.fixture
def provider(cloud: BlinkSimulator, sessions: Sessions, clock: ManualClock) -> Provider:
    """Return a provider that has asked nothing yet."""
    return connected(sessions.shared, credentials_for(cloud), clock, Disk().keep)


async def listed(provider: Provider) -> dict[str, Target]:
    """Return the targets by their ids."""
    return {target.id: target for target in await provider.targets()}


async def with_list(cloud: BlinkSimulator, provider: Provider, homescreen: object) -> Targets:
    """Return the targets of a homescreen."""
    cloud.faults.add("status", "homescreen", status=200, body=json.dumps(homescreen))
    return await provider.targets()


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("Garden", id="a text"),
        pytest.param({"name": "Garden", "network_id": 1}, id="no id"),
        pytest.param({"id": "7/../8", "network_id": 1}, id="an id that is no number"),
        pytest.param({"id": True, "network_id": 1}, id="a switch for an id"),
        pytest.param({"id": 7, "network_id": None}, id="no network"),
        pytest.param({"id": 7, "network_id": "home"}, id="a network that is no number"),
    ],
)
@pytest.mark.parametrize("key", ["cameras", "owls", "doorbells"])
async def test_one_odd_item_costs_no_other(
    cloud: BlinkSimulator, provider: Provider, key: str, odd: object
) -> None:
    """But who is missing from such a list may be there all the same."""
    good = {"id": 8, "network_id": 1, "name": "Hall \ud800"}
    targets = await with_list(cloud, provider, {"networks": [{"id": 1}], key: [odd, good]})
    assert [target.id.partition("/")[2] for target in targets] == ["1", "8"]
    assert targets[1].name == "Hall \ufffd"
    assert not targets.whole


async def test_an_odd_network_costs_no_camera(cloud: BlinkSimulator, provider: Provider) -> None:
    """Nor does an odd hub."""
    homescreen = {
        "networks": [{"id": "x"}, 7],
        "sync_modules": [None, {"network_id": {}}],
        "cameras": [{"id": 8, "network_id": 1, "name": 5, "type": [], "fw_version": 7}],
    }
    targets = await with_list(cloud, provider, homescreen)
    assert [(each.id, each.name, each.model, each.firmware) for each in targets] == [
        ("network/1", "Camera 8 network", "Network", None),
        ("camera/8", "Camera 8", "Camera", None),
    ]


async def test_a_hub_that_is_offline_is_the_reason_for_its_cameras(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """The camera itself may still be called fine: nobody has asked it."""
    assert {target.offline_hub for target in await provider.targets()} == {None}
    module = cloud.world.networks[1234].sync_module
    assert module
    module.status = "offline"
    targets = await listed(provider)
    assert (targets["camera/701"].online, targets["camera/701"].offline_hub) == (False, "Home sync")
    assert targets["network/1234"].offline_hub == "Home sync"
    assert (targets["owl/801"].online, targets["owl/801"].offline_hub) == (True, None)
    module.name = ""
    assert (await listed(provider))["camera/701"].offline_hub == "Sync module"


@pytest.mark.parametrize("device", [801, 901])
async def test_what_was_never_set_up_is_not_offered(
    cloud: BlinkSimulator, provider: Provider, device: int
) -> None:
    """Nor is a network invented for it."""
    cloud.set_device(device, onboarded=False)
    targets = await provider.targets()
    assert not any(target.id.endswith(f"/{device}") for target in targets)
    assert ("network/5678" in {target.id for target in targets}) is (device != 801)
    assert targets.whole


class TestFloodlightOnBatteries:
    """A mount with lamps, in which a camera sits."""

    @pytest.mark.parametrize("word", ["on", "off"])
    async def test_its_camera_offers_the_light(
        self, cloud: BlinkSimulator, provider: Provider, word: str
    ) -> None:
        """The mount is an accessory; the camera is what people know."""
        cloud.set_device(701, mount=55)
        targets = await listed(provider)
        assert {"light_on", "light_off"} <= set(targets["camera/701"].commands)
        assert "light_on" not in targets["camera/702"].commands
        command = command_for("camera/701", f"light_{word}")
        news = (await provider.submit([command]))[command.tracking_id]
        assert isinstance(news, Observation)
        assert news.command_id in [str(number) for number in cloud.book.commands]
        account = cloud.settings.account_id
        assert cloud.log.requests[-1].path == (
            f"/api/v2/accounts/{account}/networks/1234/cameras/701"
            f"/light_accessories/55/lights/{word}"
        )

    async def test_after_a_start_the_mount_is_looked_up(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """The account loads without asking, and so does not know it yet."""
        cloud.set_device(701, mount=55)
        await provider.submit([command_for("camera/701", "light_on")])
        assert cloud.counts["homescreen"] == 1
        assert cloud.counts["light_on"] == 1

    async def test_a_mount_that_was_taken_down_has_no_light(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """Nothing is sent."""
        with pytest.raises(ProviderNotFoundError, match="the camera has no light"):
            await provider.submit([command_for("camera/701", "light_on")])
        assert not cloud.counts["light_on"]

    @pytest.mark.parametrize(
        "accessories",
        [None, [], {"storm": None}, {"storm": [7, {"id": "x", "target_id": 8}, {"target_id": 8}]}],
    )
    async def test_odd_accessories_cost_nothing_but_themselves(
        self, cloud: BlinkSimulator, provider: Provider, accessories: object
    ) -> None:
        """Nobody knows all of them."""
        camera = {"id": 8, "network_id": 1}
        homescreen = {"networks": [], "cameras": [camera], "accessories": accessories}
        targets = await with_list(cloud, provider, homescreen)
        assert "light_on" not in targets[1].commands


class TestIds:
    """Blink's ids are numbers."""

    @pytest.mark.parametrize("answer", [{"id": "7/../8"}, {"id": True}, {"command_id": "x"}])
    async def test_an_acceptance_without_a_number_is_none(
        self, cloud: BlinkSimulator, provider: Provider, answer: dict[str, Any]
    ) -> None:
        """It would become a path."""
        cloud.faults.add("status", "thumbnail", status=200, body=json.dumps(answer))
        with pytest.raises(ProviderNoAnswerError):
            await provider.submit([command_for("camera/701", "thumbnail")])

    async def test_a_network_that_is_none_is_the_one_of_the_request(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """The command is taken all the same."""
        body = '{"id": 7, "network_id": "../9", "note": "\\ud83d", "odd": NaN}'
        cloud.faults.add("status", "thumbnail", status=200, body=body)
        command = command_for("camera/701", "thumbnail")
        news = (await provider.submit([command]))[command.tracking_id]
        assert isinstance(news, Observation)
        assert (news.command_id, news.network_id) == ("7", "1234")

    @pytest.mark.parametrize("odd", ["../9", "", "x", "9" * 21])
    async def test_no_other_id_becomes_a_path(
        self, cloud: BlinkSimulator, provider: Provider, odd: str
    ) -> None:
        """Whatever has been written into our files."""
        command = command_for("camera/701", "thumbnail", command_id="7")
        await provider.targets()
        before = cloud.counts.total()
        with pytest.raises(ProviderInputError):
            await provider.submit([replace(command, target=f"camera/{odd}")])
        with pytest.raises(ProviderInputError):
            await provider.submit([replace(command, network_id=odd)])
        with pytest.raises(ProviderInputError):
            await asked_once(provider, replace(command, command_id=odd))
        with pytest.raises(ProviderInputError):
            await provider.cancel(replace(command, network_id=odd))
        assert cloud.counts.total() == before


class TestRefusals:
    """Who says no."""

    @pytest.mark.parametrize("status", [200, 400, 404, 500, 503])
    async def test_a_camera_that_is_not_found_is_a_refusal_whatever_the_status(
        self, cloud: BlinkSimulator, provider: Provider, status: int
    ) -> None:
        """500 is Blink's own code for it, and at times the status, too."""
        body = json.dumps({"message": "Camera not found", "code": 500})
        cloud.faults.add("status", "thumbnail", status=status, body=body)
        with pytest.raises(ProviderRefusedError) as raised:
            await provider.submit([command_for("camera/701", "thumbnail")])
        assert (raised.value.message, raised.value.code) == ("Camera not found", "500")

    @pytest.mark.parametrize(
        "body",
        [
            '{"message": "Internal Server Error", "code": 500}',
            '{"message": "x"}',
            "<p>",
            '{"id":1}',
        ],
    )
    async def test_a_server_that_broke_has_not_refused(
        self, cloud: BlinkSimulator, provider: Provider, body: str
    ) -> None:
        """The command may have been taken."""
        cloud.faults.add("status", "thumbnail", status=500, body=body)
        with pytest.raises(ProviderNoAnswerError):
            await provider.submit([command_for("camera/701", "thumbnail")])

    async def test_only_blinks_own_404_loses_a_command(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """Its page is known (BlinkMonitorProtocol#75); any other is somebody's in between."""
        command = command_for("camera/701", "thumbnail", command_id="7", seen=True)
        cloud.faults.add("html", "status", status=404)
        with pytest.raises(ProviderInterceptedError):
            await asked_once(provider, command)
        news = await asked_once(provider, command)
        assert isinstance(news, Observation)
        assert news.state is CommandState.LOST

    async def test_a_401_of_a_stranger_costs_no_token(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """A renewal each time would make Blink suspicious."""
        await provider.targets()
        cloud.faults.add("html", "homescreen", status=401, times=None)
        for _ in range(3):
            with pytest.raises(ProviderInterceptedError):
                await provider.targets()
        assert cloud.counts["token"] == 1


@pytest.mark.parametrize(
    ("word", "found"),
    [("owl", "owl/701"), ("mini", "owl/701"), ("camera", "camera/701"), (None, "camera/701")],
)
async def test_the_family_is_the_records_to_say(
    cloud: BlinkSimulator, provider: Provider, word: str | None, found: str
) -> None:
    """Two families may share a number."""
    number = str(cloud.issue("thumbnail", 701))
    homescreen = {
        "networks": [{"id": 1234}],
        "cameras": [{"id": 701, "network_id": 1234}],
        "owls": [{"id": 701, "network_id": 1234}],
    }
    record = {"id": int(number), "command": "thumbnail", "target": word, "target_id": 701}
    cloud.faults.add(
        "status", "status", status=200, body=json.dumps({"complete": False, "commands": [record]})
    )
    cloud.faults.add("status", "homescreen", status=200, body=json.dumps(homescreen))
    (sighting,) = await provider.find(number, "1234")
    assert sighting.target == found


async def test_a_family_that_has_no_such_number_is_not_another(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """The command belongs to the network then."""
    record = {"id": 7, "command": "thumbnail", "target": "owl", "target_id": 701}
    cloud.faults.add(
        "status", "status", status=200, body=json.dumps({"complete": False, "commands": [record]})
    )
    (sighting,) = await provider.find("7", "1234")
    assert sighting.target == "network/1234"


async def test_a_simulated_mount_is_that_of_its_camera(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """An accessory that the camera does not have is not found."""
    cloud.world.add(Device(703, "Shed", 1234, Family.CLASSIC, "catalina", mount=9))
    targets = await listed(provider)
    assert "light_on" in targets["camera/703"].commands
    cloud.set_device(703, mount=10)
    with pytest.raises(ProviderRefusedError):
        await provider.submit([command_for("camera/703", "light_on")])
