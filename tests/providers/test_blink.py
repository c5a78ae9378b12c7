"""Blink: what an account has, what is sent where, and what becomes of it."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.command_status.providers.base import Provider, Query, Sessions, Target
from custom_components.command_status.providers.blink import ACCOUNT, DESCRIPTION
from custom_components.command_status.providers.errors import (
    ProviderBlockedError,
    ProviderBusyError,
    ProviderConnectionError,
    ProviderError,
    ProviderInputError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderOutdatedError,
    ProviderRateLimitError,
    ProviderRefusedError,
)
from custom_components.command_status.tracking import Command, CommandState, Observation
from simulators.blink import BlinkSimulator, Busy, Device, DoorbellKey, Family, Network
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


async def by_id(provider: Provider) -> dict[str, Target]:
    """Return the targets by their ids."""
    return {target.id: target for target in await provider.targets()}


async def taken(provider: Provider, command: Command) -> Command:
    """Send a command and return it with the id that Blink gave it."""
    news = (await provider.submit([command]))[command.tracking_id]
    assert isinstance(news, Observation)
    return replace(command, command_id=news.command_id, network_id=news.network_id)


async def told(provider: Provider, command: Command) -> Observation | ProviderError:
    """Ask for the status of a command."""
    outcome = await asked_once(provider, command)
    assert isinstance(outcome, Observation | ProviderError)
    return outcome


class TestTargets:
    """What the homescreen has."""

    async def test_everything_that_takes_commands_is_listed(self, provider: Provider) -> None:
        """Networks come first, since the others hang under them."""
        assert list(await by_id(provider)) == [
            *("network/1234", "network/5678"),
            *("camera/701", "camera/702", "owl/801", "owl/802", "doorbell/901"),
        ]

    @pytest.mark.parametrize(
        ("target", "commands"),
        [
            ("network/1234", ("arm", "disarm")),
            ("camera/701", ("thumbnail", "clip", "enable", "disable", "status")),
            ("owl/801", ("thumbnail", "enable", "disable", "status")),
            (
                "owl/802",
                ("thumbnail", "enable", "disable", "status", "light_on", "light_off"),
            ),
            ("doorbell/901", ("thumbnail", "enable", "disable", "status")),
        ],
    )
    async def test_each_kind_offers_what_it_can_do(
        self, provider: Provider, target: str, commands: tuple[str, ...]
    ) -> None:
        """Clips are for classic cameras, lights for floodlights."""
        assert (await by_id(provider))[target].commands == commands

    async def test_cameras_hang_under_their_network(self, provider: Provider) -> None:
        """Each is a device of its own."""
        targets = await by_id(provider)
        assert {target.id: target.via for target in targets.values()} == {
            "network/1234": None,
            "network/5678": None,
            "camera/701": "network/1234",
            "camera/702": "network/1234",
            "owl/801": "network/5678",
            "owl/802": "network/1234",
            "doorbell/901": "network/1234",
        }
        assert all(target.device == target.id for target in targets.values())

    async def test_every_target_knows_its_network(self, provider: Provider) -> None:
        """It is half of what a command is known by, and one command at a time runs in it."""
        for target in await provider.targets():
            assert f"network/{target.network_id}" == (target.via or target.id)

    async def test_a_mini_may_have_a_network_of_its_own(self, provider: Provider) -> None:
        """The list of networks does not have it then, but it can be armed."""
        targets = await by_id(provider)
        assert targets["network/5678"].name == "Hall network"
        assert targets["owl/801"].name == "Hall"

    @pytest.mark.parametrize(
        ("status", "online"),
        [("online", True), ("done", True), ("offline", False), ("asleep", None), (None, None)],
    )
    async def test_a_camera_tells_whether_it_can_be_reached(
        self, cloud: BlinkSimulator, provider: Provider, status: Any, *, online: bool | None
    ) -> None:
        """Words that nobody knows say nothing."""
        cloud.set_device(701, status=status)
        assert (await by_id(provider))["camera/701"].online is online

    async def test_a_network_is_as_reachable_as_its_sync_module(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """One without a sync module says nothing."""
        cloud.world.networks[9] = Network(9, "Shed")
        targets = await by_id(provider)
        assert targets["network/1234"].online is True
        assert targets["network/9"].online is None
        module = cloud.world.networks[1234].sync_module
        assert module
        module.status = "offline"
        assert (await by_id(provider))["network/1234"].online is False

    async def test_doorbells_may_be_listed_under_another_name(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """Some accounts say `lotus` (blinkpy#1208)."""
        cloud.settings.doorbell_key = DoorbellKey.LOTUS
        assert (await by_id(provider))["doorbell/901"].name == "Front door"

    async def test_what_has_no_name_is_called_what_it_is(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """A device needs a name, and a type is not always told."""
        cloud.world.add(Device(703, "", 1234, Family.CLASSIC, ""))
        target = (await by_id(provider))["camera/703"]
        assert (target.name, target.model) == ("Camera 703", "Camera")

    async def test_models_are_the_products_with_their_firmware(self, provider: Provider) -> None:
        """A network is as good as its sync module; one without is a network."""
        targets = await by_id(provider)
        assert {key: (each.model, each.firmware) for key, each in targets.items()} == {
            "network/1234": ("Sync Module 2", "4.5.6"),
            "network/5678": ("Network", None),
            "camera/701": ("Outdoor", "10.73"),
            "camera/702": ("Outdoor", "10.73"),
            "owl/801": ("Mini", "10.73"),
            "owl/802": ("Wired Floodlight", "10.73"),
            "doorbell/901": ("Video Doorbell", "10.73"),
        }

    @pytest.mark.parametrize(
        ("word", "model"),
        [("hawk", "Mini 2"), ("xt", "XT"), ("xt2", "XT2"), ("white", "white"), ("  ", "Camera")],
    )
    async def test_a_word_that_nobody_has_explained_stays(
        self, cloud: BlinkSimulator, provider: Provider, word: str, model: str
    ) -> None:
        """Whoever owns the thing may know it; a guess would be wrong for somebody."""
        cloud.set_device(701, type=word)
        assert (await by_id(provider))["camera/701"].model == model

    @pytest.mark.parametrize(
        "homescreen",
        [
            pytest.param([], id="not an object"),
            pytest.param({"cameras": []}, id="no networks"),
            pytest.param({"networks": {}, "cameras": {"701": {}}}, id="no list"),
            pytest.param({"networks": ["Home"]}, id="no entry"),
            pytest.param({"networks": [{"name": "Home"}]}, id="no id"),
        ],
    )
    async def test_a_list_that_is_not_understood_is_no_list(
        self, cloud: BlinkSimulator, provider: Provider, homescreen: object
    ) -> None:
        """What is missing from a complete list may be removed, so nothing is left out quietly."""
        cloud.faults.add("status", "homescreen", status=200, body=json.dumps(homescreen))
        with pytest.raises(ProviderNoAnswerError):
            await provider.targets()

    async def test_without_an_address_of_the_users_the_tier_names_the_host(
        self,
        cloud: BlinkSimulator,
        sessions: Sessions,
        clock: ManualClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Every account lives in one of many regions."""
        monkeypatch.setattr(
            "custom_components.command_status.providers.blink.provider.TIER_URL",
            f"{cloud.url}/rest-{{tier}}",
        )
        credentials = credentials_for(cloud, api_url="", tier="u011")
        provider = connected(sessions.shared, credentials, clock, Disk().keep)
        with pytest.raises(ProviderNotFoundError):
            await provider.targets()
        account = cloud.settings.account_id
        assert cloud.log.requests[-1].path == f"/rest-u011/api/v3/accounts/{account}/homescreen"


class TestOrder:
    """The user's words."""

    async def test_words_are_understood_in_any_case(self, provider: Provider) -> None:
        """Other clouds shout."""
        camera = (await by_id(provider))["camera/701"]
        order = provider.order([camera], " Thumbnail ", {})
        assert (order.target, order.command, order.parameters) == (camera, "thumbnail", {})

    async def test_a_command_that_the_target_does_not_know_is_refused(
        self, provider: Provider
    ) -> None:
        """The error says what it does know."""
        mini = (await by_id(provider))["owl/801"]
        with pytest.raises(ProviderInputError) as caught:
            provider.order([mini], "clip", {})
        assert caught.value.text_key == "unknown_command"
        assert caught.value.placeholders == {
            "command": "clip",
            "accepted": "thumbnail, enable, disable, status",
        }

    async def test_parameters_are_refused(self, provider: Provider) -> None:
        """There are none, so a typo cannot be meant for one."""
        camera = (await by_id(provider))["camera/701"]
        with pytest.raises(ProviderInputError) as caught:
            provider.order([camera], "clip", {"seconds": 5})
        assert caught.value.text_key == "no_parameters"
        assert provider.parameters(camera, "clip") == ()


class TestSubmit:
    """What is sent where, and how it is answered."""

    @pytest.mark.parametrize(
        ("target", "word", "path", "body"),
        [
            ("network/1234", "arm", "/api/v1/accounts/{a}/networks/1234/state/arm", b""),
            ("network/1234", "disarm", "/api/v1/accounts/{a}/networks/1234/state/disarm", b""),
            *(
                ("camera/701", word, f"/network/1234/camera/701/{word}", b"")
                for word in ("thumbnail", "clip", "enable", "disable", "status")
            ),
            *(
                (device, word, f"/api/v1/accounts/{{a}}/networks/1234/{path}/{word}", b"")
                for device, path in (("owl/802", "owls/802"), ("doorbell/901", "doorbells/901"))
                for word in ("thumbnail", "status")
            ),
            *(
                (
                    "doorbell/901",
                    word,
                    f"/api/v1/accounts/{{a}}/networks/1234/doorbells/901/{word}",
                    b"",
                )
                for word in ("enable", "disable")
            ),
            *(
                ("owl/802", word, "/api/v1/accounts/{a}/networks/1234/owls/802/config", body)
                for word, body in (
                    ("enable", b'{"enabled":true}'),
                    ("disable", b'{"enabled":false}'),
                )
            ),
            *(
                (
                    "owl/802",
                    f"light_{word}",
                    f"/api/v1/accounts/{{a}}/networks/1234/owls/802/lights/{word}",
                    b"",
                )
                for word in ("on", "off")
            ),
        ],
    )
    async def test_each_kind_of_device_has_its_own_address(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        target: str,
        word: str,
        path: str,
        body: bytes,
    ) -> None:
        """Whatever the shape of the answer, the command is known by its id and its network."""
        command = command_for(target, word)
        news = (await provider.submit([command]))[command.tracking_id]
        (number,) = cloud.book.commands
        assert news == Observation(
            state=CommandState.QUEUED,
            provider_state="new",
            progress=0,
            command_id=str(number),
            network_id="1234",
        )
        sent = cloud.log.requests[-1]
        assert (sent.method, sent.body) == ("POST", body)
        assert sent.path == path.format(a=cloud.settings.account_id)

    @pytest.mark.parametrize(
        ("answer", "command_id", "network_id"),
        [
            pytest.param({"command_id": 7, "server": "immis://"}, "7", "1234", id="live view"),
            pytest.param({"id": 7, "command": "config_set"}, "7", "1234", id="no network"),
            pytest.param({"id": 7, "network_id": 99}, "7", "99", id="another network"),
            pytest.param({"id": 7, "message": "busy", "code": 307}, "7", "1234", id="a message"),
        ],
    )
    async def test_an_answer_with_an_id_is_a_command(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        answer: dict[str, Any],
        command_id: str,
        network_id: str,
    ) -> None:
        """The network is the one of the request where the answer names none."""
        cloud.faults.add("status", "thumbnail", status=200, body=json.dumps(answer))
        command = await taken(provider, command_for("camera/701", "thumbnail"))
        assert (command.command_id, command.network_id) == (command_id, network_id)

    @pytest.mark.parametrize("status", [200, 307, 400, 409, 429, 500, 503])
    async def test_busy_is_told_by_its_code_whatever_the_status(
        self, cloud: BlinkSimulator, provider: Provider, status: int
    ) -> None:
        """The reports differ, and a command that was not taken may be sent again."""
        body = {"message": "System is busy, please wait", "error": None, "code": 307}
        cloud.faults.add("status", "thumbnail", status=status, body=json.dumps(body))
        with pytest.raises(ProviderBusyError) as caught:
            await provider.submit([command_for("camera/701", "thumbnail")])
        assert caught.value.message == "System is busy, please wait"
        assert caught.value.code == "307"
        assert caught.value.retry_after is None

    @pytest.mark.parametrize("busy", [Busy.STATUS_200, Busy.STATUS_409])
    async def test_a_network_with_a_command_is_busy(
        self, cloud: BlinkSimulator, provider: Provider, clock: ManualClock, busy: Busy
    ) -> None:
        """Until the command is complete, another one is not taken."""
        cloud.settings.busy = busy
        await provider.submit([command_for("camera/701", "thumbnail")])
        with pytest.raises(ProviderBusyError):
            await provider.submit([command_for("network/1234", "arm")])
        clock.advance(3)
        assert await provider.submit([command_for("network/1234", "arm")])

    async def test_busy_in_words_is_busy(self, cloud: BlinkSimulator, provider: Provider) -> None:
        """The app reads the code; an older client reads the message."""
        body = json.dumps({"message": "Camera is BUSY", "code": 1})
        cloud.faults.add("status", "thumbnail", status=409, body=body)
        with pytest.raises(ProviderBusyError):
            await provider.submit([command_for("camera/701", "thumbnail")])

    @pytest.mark.parametrize(
        ("script", "message", "code"),
        [
            ("no_cameras", "No Cameras Enabled for Motion", "304"),
            ("motion_off", "Motion capture not enabled for device", "2805"),
            ("camera_not_found", "Camera not found", "500"),
        ],
    )
    async def test_a_refusal_is_told_in_blinks_words(
        self, cloud: BlinkSimulator, provider: Provider, script: str, message: str, code: str
    ) -> None:
        """Blink also refuses with 200."""
        cloud.script(script)
        with pytest.raises(ProviderRefusedError) as caught:
            await provider.submit([command_for("network/1234", "arm")])
        assert (caught.value.message, caught.value.code) == (message, code)

    @pytest.mark.parametrize(
        ("status", "body", "message", "code"),
        [
            (200, {"code": 5}, "refused", "5"),
            (400, {"message": "No", "code": 7}, "No", "7"),
            (400, {"code": 7}, "HTTP 400", "7"),
        ],
    )
    async def test_a_refusal_may_be_tight_lipped(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        status: int,
        body: object,
        message: str,
        code: str | None,
    ) -> None:
        """What there is, is told."""
        cloud.faults.add("status", "thumbnail", status=status, body=json.dumps(body))
        with pytest.raises(ProviderRefusedError) as caught:
            await provider.submit([command_for("camera/701", "thumbnail")])
        assert (str(caught.value), caught.value.code) == (message, code)

    async def test_a_refusal_quotes_nothing_private(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """It ends up in records, events and logs."""
        quoted = f"you@example.com {cloud.settings.account_id} +353xxxxxxx42 eyJ{'a' * 40}"
        body = json.dumps({"message": f"No access for {quoted}, sorry", "code": 9})
        cloud.faults.add("status", "thumbnail", status=400, body=body)
        with pytest.raises(ProviderRefusedError) as caught:
            await provider.submit([command_for("camera/701", "thumbnail")])
        hidden = " ".join(["**REDACTED**"] * 4)
        assert caught.value.message == f"No access for {hidden}, sorry"

    async def test_a_refusal_is_not_longer_than_a_sentence(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """A whole page would fill every record that quotes it."""
        body = json.dumps({"message": "No! " * 1000, "code": 9})
        cloud.faults.add("status", "thumbnail", status=400, body=body)
        with pytest.raises(ProviderRefusedError) as caught:
            await provider.submit([command_for("camera/701", "thumbnail")])
        assert caught.value.message == ("No! " * 64)[:255]

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            pytest.param({"kind": "status", "status": 500}, ProviderNoAnswerError, id="5xx"),
            pytest.param({"kind": "drop"}, ProviderNoAnswerError, id="no answer"),
            pytest.param({"kind": "cut"}, ProviderNoAnswerError, id="half an answer"),
            pytest.param({"kind": "html"}, ProviderNoAnswerError, id="a page"),
            pytest.param({"kind": "redirect"}, ProviderNoAnswerError, id="elsewhere"),
            pytest.param(
                {"kind": "status", "status": 200, "body": "{}"}, ProviderNoAnswerError, id="nothing"
            ),
            pytest.param({"kind": "status", "status": 429}, ProviderRateLimitError, id="too many"),
            pytest.param({"kind": "status", "status": 406}, ProviderBlockedError, id="blocked"),
            pytest.param({"kind": "status", "status": 426}, ProviderOutdatedError, id="too old"),
        ],
    )
    async def test_a_command_is_posted_once(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        fault: dict[str, Any],
        error: type[ProviderError],
    ) -> None:
        """Nothing marks a repeat as one, so a second POST could be a second picture."""
        cloud.faults.add(label="thumbnail", **fault)
        with pytest.raises(error):
            await provider.submit([command_for("camera/701", "thumbnail")])
        assert cloud.counts["thumbnail"] == 1

    async def test_a_command_that_waits_for_a_token_is_certainly_not_sent(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """However the renewal fails: the command may be tried again within its window."""
        cloud.faults.add("drop", "token")
        with pytest.raises(ProviderConnectionError):
            await provider.submit([command_for("camera/701", "thumbnail")])
        assert cloud.counts["thumbnail"] == 0

    async def test_a_token_that_expires_in_flight_costs_one_repeat(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """A command that was refused with 401 was not taken."""
        await provider.targets()
        cloud.tokens.expire_access()
        await provider.submit([command_for("camera/701", "thumbnail")])
        assert cloud.counts["thumbnail"] == 2
        assert len(cloud.book.commands) == 1


STATUS: Mapping[str, tuple[dict[str, Any], Observation]] = {
    "success": (
        {"complete": True, "status": 0, "condition": "done", "stage": "vs"},
        Observation(state=CommandState.SUCCESS, provider_state="done", progress=100),
    ),
    "success, whatever the code": (
        {"complete": True, "status": 0, "status_code": 523, "condition": "error"},
        Observation(state=CommandState.SUCCESS, provider_state="error", progress=100),
    ),
    "success without a status": (
        {"complete": True},
        Observation(state=CommandState.SUCCESS, progress=100),
    ),
    "success in words": (
        {"complete": True, "status": "complete"},
        Observation(state=CommandState.SUCCESS, progress=100),
    ),
    "failure": (
        {
            "complete": True,
            "status": 1,
            "status_msg": "Live view failed",
            "status_code": 523,
            "condition": "error",
            "stage": "dev",
        },
        Observation(
            state=CommandState.FAILURE,
            provider_state="error",
            reason="Live view failed",
            result={"status": 1, "status_code": 523},
        ),
    ),
    "failure with 908": (
        {"complete": True, "status": 2, "status_msg": "Camera is offline", "status_code": 908},
        Observation(
            state=CommandState.FAILURE,
            reason="Camera is offline",
            result={"status": 2, "status_code": 908},
        ),
    ),
    "failure in words": (
        {"complete": True, "status": "failed"},
        Observation(
            state=CommandState.FAILURE,
            reason="status failed",
            result={"status": "failed", "status_code": None},
        ),
    ),
    "a status that nobody knows": (
        {"complete": True, "status": "pondering"},
        Observation(provider_state="pondering"),
    ),
    "new": (
        {"complete": False, "status_code": 908, "condition": "new", "stage": "rest"},
        Observation(state=CommandState.QUEUED, provider_state="new", progress=0),
    ),
    **{
        f"running at {stage}": (
            {
                "complete": False,
                "status": 0,
                "status_code": 908,
                "condition": "running",
                "stage": stage,
            },
            Observation(state=state, provider_state=f"running/{stage}", progress=progress),
        )
        for stage, state, progress in (
            ("rest", CommandState.SENT, 10),
            ("cs_db", CommandState.SENT, 20),
            ("cs_sent", CommandState.SENT, 30),
            ("sm", CommandState.ACKNOWLEDGED, 50),
            ("dev", CommandState.IN_PROGRESS, 70),
            ("is", CommandState.IN_PROGRESS, 90),
            ("lv", CommandState.IN_PROGRESS, 90),
            ("vs", CommandState.IN_PROGRESS, 90),
        )
    },
    "running with another code": (
        {
            "complete": False,
            "status": 1,
            "status_code": 1,
            "condition": "running",
            "stage": "sm",
        },
        Observation(state=CommandState.ACKNOWLEDGED, provider_state="running/sm", progress=50),
    ),
    "running at a new stage": (
        {"complete": False, "condition": "running", "stage": "moon"},
        Observation(provider_state="running/moon"),
    ),
    "running nowhere": (
        {"complete": False, "condition": "running"},
        Observation(provider_state="running"),
    ),
    **{
        f"{word} but not complete": (
            {"complete": False, "status": 1, "condition": word, "stage": "dev"},
            Observation(provider_state=word),
        )
        for word in ("done", "error", "unknown", "pondering")
    },
    "silent": ({"complete": False}, Observation()),
}
"""What Blink says, and what that means: the whole table."""


def status_body(
    *, condition: str | None = None, stage: str | None = None, **top: object
) -> dict[str, Any]:
    """Return a status answer for command 7."""
    record = {"id": 7, "state_condition": condition, "state_stage": stage}
    return {**top, "commands": [record]}


class TestCheck:
    """What becomes of a command."""

    @pytest.fixture
    def command(self) -> Command:
        """Return a command that Blink has taken."""
        return command_for("camera/701", "thumbnail", command_id="7")

    @pytest.mark.parametrize(
        ("told_so", "meant"), [pytest.param(*case, id=name) for name, case in STATUS.items()]
    )
    async def test_complete_and_status_decide(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        command: Command,
        told_so: dict[str, Any],
        meant: Observation,
    ) -> None:
        """`status_code` 908, "Command succeeded", also comes with what runs and what failed."""
        body = json.dumps(status_body(**told_so))
        cloud.faults.add("status", "status", status=200, body=body)
        assert await told(provider, command) == meant

    def test_the_table_that_is_shown_is_the_one_that_is_used(self) -> None:
        """Documentation is made from it."""
        shown = ACCOUNT.provider_states
        used = {
            meant.provider_state: meant.state
            for _, meant in STATUS.values()
            if meant.state is not None and meant.state not in {"success", "failure"}
        }
        outcomes = {
            "complete, status 0": CommandState.SUCCESS,
            "complete, status not 0": CommandState.FAILURE,
        }
        assert shown == used | outcomes

    @pytest.mark.parametrize(
        ("commands", "state"),
        [
            pytest.param(
                [
                    {"id": 6, "state_condition": "running", "state_stage": "vs"},
                    {"id": 7, "state_condition": "running", "state_stage": "sm"},
                ],
                CommandState.ACKNOWLEDGED,
                id="ours is the second",
            ),
            pytest.param(
                ["?", {"id": 6, "state_condition": "running", "state_stage": "sm"}],
                CommandState.ACKNOWLEDGED,
                id="ours is not there: the first",
            ),
            pytest.param([{"id": "7", "state": "new"}], CommandState.QUEUED, id="the short shape"),
            pytest.param([], None, id="empty"),
            pytest.param(None, None, id="nothing"),
            pytest.param({"7": {}}, None, id="no list"),
        ],
    )
    async def test_our_own_record_is_read(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        command: Command,
        commands: object,
        state: CommandState | None,
    ) -> None:
        """Children stand beside it, or nothing at all."""
        body = json.dumps({"complete": False, "status": 0, "commands": commands})
        cloud.faults.add("status", "status", status=200, body=body)
        news = await told(provider, command)
        assert isinstance(news, Observation)
        assert news.state is state

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param({"status": 0, "commands": []}, id="nothing"),
            pytest.param({"complete": "true", "status": 0}, id="a word"),
            pytest.param({"complete": 1, "status": 0}, id="a number"),
            pytest.param({"message": "Unknown", "code": 1}, id="a complaint"),
            pytest.param([True], id="a list"),
        ],
    )
    async def test_an_answer_without_complete_is_no_news(
        self, cloud: BlinkSimulator, provider: Provider, command: Command, body: object
    ) -> None:
        """It is the one field without which nothing is known."""
        cloud.faults.add("status", "status", status=200, body=json.dumps(body))
        with pytest.raises(ProviderNoAnswerError):
            await told(provider, command)

    async def test_a_command_is_followed_through_its_stages(
        self, cloud: BlinkSimulator, provider: Provider, clock: ManualClock
    ) -> None:
        """As in the captures: five seconds in the cloud, at the hub, at the camera."""
        cloud.script("success", seconds=6)
        command = await taken(provider, command_for("camera/701", "thumbnail"))
        seen = []
        for _ in range(7):
            news = await told(provider, command)
            assert isinstance(news, Observation)
            seen.append((news.provider_state, news.state, news.progress))
            clock.advance(1)
        assert seen == [
            ("new", CommandState.QUEUED, 0),
            ("running/cs_db", CommandState.SENT, 20),
            ("running/cs_sent", CommandState.SENT, 30),
            ("running/sm", CommandState.ACKNOWLEDGED, 50),
            ("running/dev", CommandState.IN_PROGRESS, 70),
            ("running/dev", CommandState.IN_PROGRESS, 70),
            ("done", CommandState.SUCCESS, 100),
        ]

    async def test_an_answer_that_says_what_it_said_is_not_read_again(
        self, cloud: BlinkSimulator, provider: Provider, clock: ManualClock
    ) -> None:
        """To read it costs as much as to ask; what differs by a letter is read."""
        cloud.script("success", seconds=6)
        command = await taken(provider, command_for("camera/701", "thumbnail"))
        clock.advance(4)
        first = await told(provider, command)
        assert await told(provider, command) is first
        clock.advance(2)
        ended = await told(provider, command)
        assert isinstance(ended, Observation)
        assert ended.state is CommandState.SUCCESS
        assert await told(provider, command) == ended

    async def test_a_command_that_blink_has_forgotten_is_lost(
        self, cloud: BlinkSimulator, provider: Provider, command: Command
    ) -> None:
        """It told about it before, so it will not do so again."""
        news = await told(provider, replace(command, seen=True))
        assert news == Observation(state=CommandState.LOST, reason="not_found")
        assert cloud.log.requests[-1].path == "/network/1234/command/7"

    async def test_a_command_that_blink_does_not_know_yet_stays_open(
        self, provider: Provider, command: Command
    ) -> None:
        """It was taken a moment ago, so the next answer may be a good one."""
        assert isinstance(await told(provider, command), ProviderNotFoundError)

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            pytest.param({"kind": "status", "status": 429}, ProviderRateLimitError, id="too many"),
            pytest.param({"kind": "status", "status": 500}, ProviderNoAnswerError, id="5xx"),
            pytest.param({"kind": "status", "status": 406}, ProviderBlockedError, id="blocked"),
            pytest.param({"kind": "status", "status": 400}, ProviderRefusedError, id="refused"),
            pytest.param({"kind": "html"}, ProviderNoAnswerError, id="a page"),
        ],
    )
    async def test_a_failed_poll_is_not_a_failed_command(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        command: Command,
        fault: dict[str, Any],
        error: type[ProviderError],
    ) -> None:
        """Not even where Blink knew the command before."""
        cloud.faults.add(label="status", **fault)
        with pytest.raises(error):
            await told(provider, replace(command, seen=True))

    async def test_retry_after_is_passed_on(
        self, cloud: BlinkSimulator, provider: Provider, command: Command
    ) -> None:
        """Whether Blink sends it is not known; if it does, it is obeyed."""
        cloud.faults.add("status", "status", status=429, headers={"Retry-After": "17"})
        with pytest.raises(ProviderRateLimitError) as caught:
            await told(provider, command)
        assert caught.value.retry_after == 17

    async def test_each_command_is_a_request_of_its_own(self, provider: Provider) -> None:
        """Blink has no call for many."""
        commands = [command_for("camera/701", "clip", tracking_id=str(n)) for n in range(3)]
        assert list(provider.queries(commands)) == [Query(commands=(each,)) for each in commands]


class TestFind:
    """Commands that somebody else sent."""

    @pytest.mark.parametrize(
        ("word", "target", "found", "name"),
        [
            ("thumbnail", 701, "camera/701", "Garden"),
            ("thumbnail", 802, "owl/802", "Yard light"),
            ("thumbnail", 901, "doorbell/901", "Front door"),
            ("arm", 1234, "network/1234", "Home"),
        ],
    )
    async def test_a_command_is_found_with_its_target(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        word: str,
        target: int,
        found: str,
        name: str,
    ) -> None:
        """It is told as if we had sent it."""
        number = str(cloud.issue(word, target))
        (sighting,) = await provider.find(f" {number} ", "1234")
        assert (sighting.target, sighting.target_name, sighting.command) == (found, name, word)
        assert sighting.device == found
        assert sighting.observation == Observation(
            state=CommandState.QUEUED,
            provider_state="new",
            progress=0,
            command_id=number,
            network_id="1234",
        )

    async def test_a_clip_is_found_by_its_camera(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """Its record may name no target (homebridge-blink-for-home), but it has a camera."""
        record = {"id": 7, "command": "clip", "target": None, "target_id": None, "camera_id": 701}
        body = json.dumps({"complete": False, "commands": [record]})
        cloud.faults.add("status", "status", status=200, body=body)
        (sighting,) = await provider.find("7", "1234")
        assert (sighting.target, sighting.command) == ("camera/701", "clip")

    async def test_the_list_is_read_once_to_name_the_target(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """After that it is known."""
        number = str(cloud.issue("thumbnail", 701))
        await provider.find(number, "1234")
        await provider.find(number, "1234")
        assert cloud.counts["homescreen"] == 1

    async def test_a_command_for_something_unknown_belongs_to_its_network(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """A camera of the same number in another network is not meant."""
        number = str(cloud.issue("thumbnail", 701))
        cloud.set_device(701, network_id=5678)
        (sighting,) = await provider.find(number, "1234")
        assert (sighting.target, sighting.target_name) == ("network/1234", "Home")

    async def test_a_command_of_an_unlisted_network_has_a_target_all_the_same(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """It is followed, even though nobody can tell a name."""
        cloud.world.networks[9] = Network(9, "Shed", listed=False)
        number = str(cloud.issue("disarm", 9))
        (sighting,) = await provider.find(number, "9")
        assert (sighting.target, sighting.target_name) == ("network/9", "network/9")

    async def test_a_command_without_a_word_is_found(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """The list of records may be empty."""
        number = str(cloud.issue("arm", 1234, "empty"))
        (sighting,) = await provider.find(number, "1234")
        assert sighting.command == "unknown"

    async def test_a_command_that_blink_does_not_know_is_not_found(
        self, provider: Provider
    ) -> None:
        """The user is told so at once."""
        with pytest.raises(ProviderNotFoundError):
            await provider.find("7", "1234")

    @pytest.mark.parametrize(
        ("command_id", "network_id", "parameter"),
        [
            ("7", None, "network_id"),
            ("7", "Home", "network_id"),
            ("7/../8", "1234", "command_id"),
            ("", "1234", "command_id"),
            ("\u0667", "1234", "command_id"),
        ],
    )
    async def test_both_ids_are_needed_and_are_numbers(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        command_id: str,
        network_id: str | None,
        parameter: str,
    ) -> None:
        """They become part of an address."""
        with pytest.raises(ProviderInputError) as caught:
            await provider.find(command_id, network_id)
        assert caught.value.text_key == "number_needed"
        assert caught.value.placeholders == {"parameter": parameter}
        assert not cloud.counts


class TestCancel:
    """Stopping a command."""

    async def test_a_command_that_runs_is_stopped(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """That is the last word: what the status call tells after `done` is not known."""
        cloud.script("never")
        command = await taken(provider, command_for("camera/701", "clip"))
        stopped = await provider.cancel(command)
        assert stopped == Observation(state=CommandState.CANCELLED, settled=True)
        assert cloud.book.commands[int(command.command_id or "")].stopped
        path = f"/network/1234/command/{command.command_id}/done/"
        assert cloud.log.requests[-1].path == path

    async def test_a_network_is_free_once_its_command_was_stopped(
        self, cloud: BlinkSimulator, provider: Provider
    ) -> None:
        """That is what most people want it for."""
        cloud.script("never", times=1)
        await provider.cancel(await taken(provider, command_for("camera/701", "clip")))
        assert await provider.submit([command_for("network/1234", "arm")])

    @pytest.mark.parametrize(
        ("script", "state"),
        [("success", CommandState.SUCCESS), ("failure", CommandState.FAILURE)],
    )
    async def test_a_command_that_was_quicker_keeps_its_outcome(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        clock: ManualClock,
        script: str,
        state: CommandState,
    ) -> None:
        """Blink accepts `done` for it, too, but nothing was stopped."""
        cloud.script(script)
        command = await taken(provider, command_for("camera/701", "thumbnail"))
        clock.advance(5)
        assert (await provider.cancel(command)).state is state
        assert cloud.counts["done"] == 0

    @pytest.mark.parametrize(
        ("status", "body", "message"),
        [
            (200, {"code": 5, "message": "Not now"}, "Not now"),
            (200, {}, "HTTP 200"),
            (409, {"code": 6, "message": "Not that one"}, "Not that one"),
        ],
    )
    async def test_a_stop_that_was_not_accepted_is_an_error(
        self,
        cloud: BlinkSimulator,
        provider: Provider,
        status: int,
        body: dict[str, Any],
        message: str,
    ) -> None:
        """The command goes on."""
        cloud.script("never")
        command = await taken(provider, command_for("camera/701", "clip"))
        cloud.faults.add("status", "done", status=status, body=json.dumps(body))
        with pytest.raises(ProviderRefusedError) as caught:
            await provider.cancel(command)
        assert str(caught.value) == message

    async def test_a_command_that_blink_does_not_know_cannot_be_stopped(
        self, provider: Provider
    ) -> None:
        """The user is told why."""
        with pytest.raises(ProviderNotFoundError):
            await provider.cancel(command_for("camera/701", "clip", command_id="7"))


def polls(completes: float) -> tuple[int, float]:
    """Return how many requests it takes to see that a command has completed, and how late."""
    asked, number = 0.0, 0
    while asked < completes:
        asked = ACCOUNT.policy.cadence.next(0.0, asked)
        number += 1
    return number, asked - completes


class TestPolicy:
    """When Blink is asked."""

    @pytest.mark.parametrize(
        ("first", "last", "mean", "delay"),
        [
            pytest.param(0.5, 15, 15, 1.1, id="most commands"),
            pytest.param(15, 60, 26, 2.0, id="slow ones"),
            pytest.param(60, 240, 55, 5.0, id="those that are nearly given up"),
        ],
    )
    def test_news_is_known_soon_at_a_fair_price(
        self, first: float, last: float, mean: float, delay: float
    ) -> None:
        """For times of completion spread evenly: mean requests, and 95 of 100 delays."""
        steps = 20_000
        moments = [first + (last - first) * (step + 0.5) / steps for step in range(steps)]
        numbers, delays = zip(*(polls(moment) for moment in moments), strict=True)
        assert sum(numbers) / steps <= mean
        assert sorted(delays)[int(steps * 0.95)] <= delay

    def test_blink_is_never_asked_faster_than_its_app_asks(self) -> None:
        """Accounts that behave unlike the app get locked (blinkpy#720)."""
        assert min(interval for _, interval in ACCOUNT.policy.cadence.steps) == 1.0

    def test_a_late_outcome_is_looked_for_every_half_minute_for_ten_minutes(self) -> None:
        """Then nobody waits for it any more."""
        watch, moments, moment = ACCOUNT.policy.watch, [], 0.0
        while (found := watch.next(0.0, moment)) is not None:
            moments.append(moment := found)
        assert moments == [30.0 * number for number in range(1, 21)]

    def test_the_rest_of_the_rules(self) -> None:
        """One command at a time in a network, sent once, tried again every 5 s while it is busy."""
        policy = ACCOUNT.policy
        assert policy.lane
        assert policy.lane(command_for("camera/701", "clip")) == "1234"
        assert (policy.window, policy.busy_pause, policy.batch) == (60.0, 5.0, 1)
        assert policy.recovery is None
        assert ACCOUNT.can_cancel
        assert not ACCOUNT.confirm
        assert not DESCRIPTION.movable
