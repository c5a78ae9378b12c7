"""WLTE's commands: made, asked about, found.

In three generations of the contract, and with every refusal that is documented.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.command_status.providers.base import Order, Provider, Query, Sighting
from custom_components.command_status.providers.errors import (
    ProviderError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderPermissionError,
    ProviderRateLimitError,
    ProviderRefusedError,
    ProviderRequestError,
    ProviderUnsupportedError,
)
from custom_components.command_status.providers.wlte import ACCOUNT
from custom_components.command_status.providers.wlte.client import CREATE_TIMEOUT
from custom_components.command_status.tracking import Command, CommandState, Observation
from simulators.clock import ManualClock
from simulators.request_log import LoggedRequest
from simulators.wlte import ErrorData, Generation, Script, WlteSettings, WlteSimulator
from tests.providers.following import accepted, after, asked_once, sent

from .conftest import Connect, gate_order

FAILED = "the device did not complete the command"

OPEN_FOR_LONG = Script(after=3600.0)
"""For commands that are not over while a test looks."""


def answer(data: object, code: str = "SUCCESS") -> str:
    """Return an envelope."""
    return json.dumps({"code": code, "message": "as it is", "requestId": "req-1", "data": data})


def creations(cloud: WlteSimulator) -> list[LoggedRequest]:
    """Return the calls that make commands, of either path."""
    return [request for request in cloud.log.requests if request.label.startswith("create")]


async def submitted(provider: Provider, command: Command) -> Observation:
    """Send a command and return what was observed."""
    outcome = (await provider.submit([command]))[command.tracking_id]
    assert isinstance(outcome, Observation)
    return outcome


class TestSubmit:
    """The call that makes a command."""

    async def test_the_newest_path_is_used_where_there_is_one(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """The older one is deprecated."""
        observation = await submitted(provider, accepted(jog))
        (request,) = creations(cloud)
        assert request.path == "/wlte/v1/devices/dev-7/relays/commands"
        assert json.loads(request.body) == {"relays": [{"index": 1, "action": "JOG"}]}
        assert request.headers["Content-Type"] == "application/json"
        assert observation.command_id == "cmd-1"
        assert [move.action for move in cloud.switched("dev-7", 1)] == ["JOG"]

    @pytest.mark.parametrize("generation", [Generation.G1, Generation.G2])
    @pytest.mark.parametrize("status", [404, 405])
    async def test_an_older_server_is_found_out_once(
        self,
        provider: Provider,
        cloud: WlteSimulator,
        jog: Order,
        generation: Generation,
        status: int,
    ) -> None:
        """A path that is missing took no command, so another one may be tried at once."""
        cloud.settings.generation = generation
        cloud.settings.missing_path_status = status
        cloud.settings.enforce_limits = False
        first = await submitted(provider, accepted(jog, "01J0000001"))
        second = await submitted(provider, accepted(jog, "01J0000002"))
        assert [first.command_id, second.command_id] == ["cmd-1", "cmd-2"]
        assert [request.label for request in creations(cloud)] == [
            "create",
            "create_old",
            "create_old",
        ]
        old = creations(cloud)[1]
        assert old.path == "/wlte/v1/devices/dev-7/relays/1/commands"
        assert json.loads(old.body) == {"action": "JOG"}
        assert {request.headers["Idempotency-Key"] for request in creations(cloud)[:2]} == {
            "01J0000001"
        }

    async def test_a_server_that_moves_on_is_followed(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """A deprecated path disappears one day, and nobody restarts Home Assistant for that."""
        cloud.settings.generation = Generation.G1
        cloud.settings.enforce_limits = False
        await submitted(provider, accepted(jog, "01J0000001"))
        cloud.settings.generation = Generation.G3
        cloud.faults.add("html", "create_old", status=404)
        await submitted(provider, accepted(jog, "01J0000002"))
        await submitted(provider, accepted(jog, "01J0000003"))
        assert [request.label for request in creations(cloud)][2:] == [
            "create_old",
            "create",
            "create",
        ]

    async def test_a_server_with_neither_path_is_none_of_theirs(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """Somebody in between says so, and nothing was found out."""
        cloud.faults.add("html", "create", status=404)
        cloud.faults.add("html", "create_old", status=405)
        with pytest.raises(ProviderInterceptedError):
            await provider.submit([accepted(jog)])
        await submitted(provider, accepted(jog))
        assert creations(cloud)[-1].label == "create"

    async def test_an_unknown_device_is_no_missing_path(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """404 with the platform's own code is a real answer."""
        cloud.remove_device("dev-7")
        with pytest.raises(ProviderNotFoundError) as raised:
            await provider.submit([accepted(jog)])
        assert raised.value.code == "DEVICE_NOT_FOUND"
        assert [request.label for request in creations(cloud)] == ["create"]

    async def test_an_id_stays_one_part_of_the_path(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """Whatever is in it."""
        odd = replace(jog, target=replace(jog.target, id="a/b ?#%2F/1"))
        with pytest.raises(ProviderNotFoundError):
            await provider.submit([accepted(odd)])
        assert creations(cloud)[0].path == "/wlte/v1/devices/a%2Fb%20%3F%23%252F/relays/commands"

    @pytest.mark.parametrize("generation", Generation)
    async def test_a_command_that_is_not_over_is_sent(
        self, provider: Provider, cloud: WlteSimulator, jog: Order, generation: Generation
    ) -> None:
        """In every generation it has an id to be asked about."""
        cloud.settings.generation = generation
        cloud.script(OPEN_FOR_LONG)
        observation = await submitted(provider, accepted(jog))
        assert observation.state is CommandState.SENT
        assert observation.provider_state == "SENT"
        assert observation.command_id == "cmd-1"

    async def test_the_first_generation_need_not_tell_a_status(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """Its schema does not ask for one; the command was taken all the same."""
        cloud.settings.generation = Generation.G1
        cloud.settings.status_in_create = False
        observation = await submitted(provider, accepted(jog))
        assert observation.state is CommandState.SENT
        assert observation.provider_state is None
        assert observation.command_id == "cmd-1"

    @pytest.mark.parametrize("generation", Generation)
    @pytest.mark.parametrize(
        ("word", "state"),
        [
            ("SUCCESS", CommandState.SUCCESS),
            ("FAILED", CommandState.FAILURE),
            ("TIMEOUT", CommandState.TIMEOUT),
        ],
    )
    async def test_an_outcome_in_the_first_answer_is_the_outcome(
        self,
        provider: Provider,
        cloud: WlteSimulator,
        jog: Order,
        generation: Generation,
        word: str,
        state: CommandState,
    ) -> None:
        """The server waits for the device, so most commands need not be asked about at all."""
        cloud.settings.generation = generation
        cloud.script(outcome=word)
        observation = await submitted(provider, accepted(jog))
        assert observation.state is state
        assert observation.provider_state == word

    async def test_the_server_may_take_its_time(
        self, provider: Provider, cloud: WlteSimulator, clock: ManualClock, jog: Order
    ) -> None:
        """It waits up to 10 s for the device; whoever hangs up earlier knows nothing."""
        cloud.settings.post_wait = WlteSettings().post_wait
        assert (CREATE_TIMEOUT.total or 0) > cloud.settings.post_wait
        cloud.script(outcome="SUCCESS", after=9.0)
        sending = asyncio.create_task(submitted(provider, accepted(jog)))
        await clock.until_asleep()
        clock.advance(9)
        assert (await sending).state is CommandState.SUCCESS

    async def test_a_repeat_is_the_same_command(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """That is how the id is learned when the first answer was lost."""
        cloud.script(OPEN_FOR_LONG)
        cloud.faults.add("drop", "create")
        command = accepted(jog)
        with pytest.raises(ProviderNoAnswerError):
            await provider.submit([command])
        assert (await submitted(provider, command)).command_id == "cmd-1"
        assert {request.headers["Idempotency-Key"] for request in creations(cloud)} == {
            command.tracking_id
        }
        assert len(cloud.switched("dev-7", 1)) == 1

    async def test_a_repeat_after_a_restart_is_the_same_command(
        self, connect: Connect, cloud: WlteSimulator, jog: Order
    ) -> None:
        """Also where the path has to be found out again."""
        cloud.settings.generation = Generation.G2
        cloud.script(OPEN_FOR_LONG)
        cloud.faults.add("drop", "create_old")
        command = accepted(jog)
        with pytest.raises(ProviderNoAnswerError):
            await connect().submit([command])
        assert (await submitted(connect(), command)).command_id == "cmd-1"
        assert len(cloud.switched("dev-7", 1)) == 1

    async def test_a_token_that_ends_in_between_changes_nothing(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """The call is repeated with the same key."""
        await provider.targets()
        cloud.expire_tokens()
        await submitted(provider, accepted(jog))
        keys = [request.headers["Idempotency-Key"] for request in creations(cloud)]
        assert keys == ["01J0000000"] * 2
        assert len(cloud.switched("dev-7", 1)) == 1

    @pytest.mark.parametrize("error_data", ErrorData)
    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("INVALID_REQUEST", ProviderRequestError),
            ("AUTH_SCOPE_DENIED", ProviderPermissionError),
            ("DEVICE_NOT_FOUND", ProviderNotFoundError),
            ("IDEMPOTENCY_CONFLICT", ProviderRequestError),
            ("COMMAND_REJECTED", ProviderRefusedError),
            ("DEVICE_OFFLINE", ProviderRefusedError),
            ("RATE_LIMITED", ProviderRateLimitError),
            ("INTERNAL_ERROR", ProviderNoAnswerError),
            ("GATEWAY_UNAVAILABLE", ProviderNoAnswerError),
            ("DEVICE_TIMEOUT", ProviderNoAnswerError),
        ],
    )
    async def test_every_documented_error_has_its_meaning(
        self,
        provider: Provider,
        cloud: WlteSimulator,
        jog: Order,
        error_data: ErrorData,
        code: str,
        kind: type[ProviderError],
    ) -> None:
        """Refused, to be tried later, or unknown whether it was taken: with or without details."""
        cloud.settings.error_data = error_data
        cloud.script(error=code)
        with pytest.raises(ProviderError) as raised:
            await provider.submit([accepted(jog)])
        assert type(raised.value) is kind
        assert len(creations(cloud)) == 1

    async def test_a_refusal_says_what_the_server_said(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """It becomes the reason of the failed command."""
        cloud.settings.enforce_limits = False
        body = json.dumps({"code": "COMMAND_REJECTED", "message": "relay\n is  locked"})
        cloud.faults.add("status", "create", status=422, body=body)
        with pytest.raises(ProviderRefusedError) as raised:
            await provider.submit([accepted(jog)])
        assert raised.value.message == "relay is locked"
        assert raised.value.code == "COMMAND_REJECTED"

    async def test_a_sermon_is_cut_short(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """Reasons go into states and events."""
        body = json.dumps({"code": "COMMAND_REJECTED", "message": "so " * 9000})
        cloud.faults.add("status", "create", status=422, body=body)
        with pytest.raises(ProviderRefusedError) as raised:
            await provider.submit([accepted(jog)])
        assert len(raised.value.message) == 255

    @pytest.mark.parametrize(
        ("headers", "data", "seconds"),
        [
            pytest.param({"Retry-After": "3"}, {"retryAfterSeconds": 9}, 3.0, id="header first"),
            pytest.param({}, {"retryAfterSeconds": 9}, 9.0, id="data without header"),
            pytest.param({}, {"retryAfterSeconds": 10**400}, 86400.0, id="a day at most"),
            pytest.param({}, {"retryAfterSeconds": "9"}, None, id="no number"),
            pytest.param({}, {"retryAfterSeconds": -9}, None, id="in the past"),
            pytest.param({}, None, None, id="not told"),
        ],
    )
    async def test_a_limit_is_told_with_its_pause(
        self,
        provider: Provider,
        cloud: WlteSimulator,
        jog: Order,
        headers: dict[str, str],
        data: object,
        seconds: float | None,
    ) -> None:
        """`Retry-After` is documented to be there always; the vendor's example has both."""
        body = answer(data, "RATE_LIMITED")
        cloud.faults.add("status", "create", status=429, headers=headers, body=body)
        with pytest.raises(ProviderRateLimitError) as raised:
            await provider.submit([accepted(jog)])
        assert raised.value.retry_after == seconds
        assert raised.value.code == "RATE_LIMITED"

    async def test_the_cooldown_of_a_relay_is_told(
        self, provider: Provider, cloud: WlteSimulator, clock: ManualClock, jog: Order
    ) -> None:
        """3 s after each operation."""
        await submitted(provider, accepted(jog, "01J0000001"))
        clock.advance(1)
        with pytest.raises(ProviderRateLimitError) as raised:
            await provider.submit([accepted(jog, "01J0000002")])
        assert raised.value.retry_after == 2
        clock.advance(2)
        await submitted(provider, accepted(jog, "01J0000002"))
        assert len(cloud.switched("dev-7", 1)) == 2

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param({}, id="nothing"),
            pytest.param({"status": "SUCCESS"}, id="an outcome without an id"),
            pytest.param({"id": None, "status": "SUCCESS"}, id="an id that is null"),
            pytest.param({"id": 7}, id="an id that is a number"),
            pytest.param({"command": {"status": "SUCCESS"}}, id="a command without an id"),
            pytest.param(None, id="no data"),
        ],
    )
    async def test_an_answer_without_an_id_is_none(
        self, provider: Provider, cloud: WlteSimulator, jog: Order, data: object
    ) -> None:
        """The command may have been taken; the same key will tell."""
        body = answer(data, "COMMAND_ACCEPTED")
        cloud.faults.add("status", "create", status=202, body=body)
        with pytest.raises(ProviderNoAnswerError):
            await provider.submit([accepted(jog)])


class TestCheck:
    """The call that asks about a command."""

    @pytest.fixture
    async def command(self, provider: Provider, cloud: WlteSimulator, jog: Order) -> Command:
        """Return a command that takes a minute."""
        cloud.script(outcome="SUCCESS", after=60.0, times=1)
        return await sent(provider, jog)

    @pytest.mark.parametrize("generation", Generation)
    @pytest.mark.parametrize(
        ("word", "outcome"),
        [
            ("SUCCESS", Observation(state=CommandState.SUCCESS)),
            ("FAILED", Observation(state=CommandState.FAILURE, reason=FAILED)),
            ("TIMEOUT", Observation(state=CommandState.TIMEOUT, settled=True)),
        ],
    )
    async def test_a_command_is_sent_and_then_has_an_outcome(
        self,
        provider: Provider,
        cloud: WlteSimulator,
        clock: ManualClock,
        jog: Order,
        generation: Generation,
        word: str,
        outcome: Observation,
    ) -> None:
        """In every generation; a TIMEOUT is the platform's last word."""
        cloud.settings.generation = generation
        cloud.settings.extra_fields = True
        cloud.script(outcome=word, after=20.0)
        command = await sent(provider, jog)
        seen = Observation(state=CommandState.SENT, provider_state="SENT", command_id="cmd-1")
        assert await asked_once(provider, command) == seen
        clock.advance(20)
        seen = replace(outcome, provider_state=word, command_id="cmd-1")
        assert await asked_once(provider, command) == seen

    async def test_a_failure_has_a_reason(
        self, provider: Provider, cloud: WlteSimulator, jog: Order
    ) -> None:
        """The platform gives none, in any generation."""
        cloud.script(outcome="FAILED")
        command = await sent(provider, jog)
        assert command.reason == FAILED

    async def test_a_command_is_asked_about_by_its_id(
        self, provider: Provider, cloud: WlteSimulator, command: Command
    ) -> None:
        """One request for each."""
        cloud.log.clear()
        await asked_once(provider, command)
        (request,) = cloud.log.requests
        assert request.path == "/wlte/v1/commands/cmd-1"
        assert not request.body

    async def test_a_command_that_is_forgotten_is_lost(
        self, provider: Provider, cloud: WlteSimulator, command: Command
    ) -> None:
        """Its outcome can no longer be known; that is no failure."""
        cloud.forget("cmd-1")
        lost = after(command, await asked_once(provider, command))
        assert lost.state is CommandState.LOST
        assert lost.reason

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            pytest.param(404, "not here", id="a proxy's 404"),
            pytest.param(404, answer(None, "NOT_FOUND"), id="a 404 with another code"),
            pytest.param(404, answer(None, "DEVICE_NOT_FOUND"), id="the device is not known"),
            pytest.param(403, answer(None, "COMMAND_NOT_FOUND"), id="the code without its status"),
            pytest.param(200, answer(None, "COMMAND_NOT_FOUND"), id="the code in a good answer"),
        ],
    )
    async def test_only_the_platform_itself_can_forget_a_command(
        self, provider: Provider, cloud: WlteSimulator, command: Command, status: int, body: str
    ) -> None:
        """Status and code together say so; anything else leaves the command open."""
        cloud.faults.add("status", "status", status=status, body=body)
        with pytest.raises(ProviderError):
            await asked_once(provider, command)

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (400, ProviderRequestError),
            (403, ProviderPermissionError),
            (429, ProviderRateLimitError),
            (500, ProviderNoAnswerError),
            (503, ProviderNoAnswerError),
            (504, ProviderNoAnswerError),
        ],
    )
    async def test_an_error_is_not_an_outcome(
        self,
        provider: Provider,
        cloud: WlteSimulator,
        command: Command,
        status: int,
        kind: type[ProviderError],
    ) -> None:
        """A failed status request is not a failed command."""
        cloud.faults.add("status", "status", status=status)
        with pytest.raises(ProviderError) as raised:
            await asked_once(provider, command)
        assert type(raised.value) is kind

    @pytest.mark.parametrize(
        "status",
        [
            pytest.param({}, id="none"),
            pytest.param({"status": None}, id="null"),
            pytest.param({"status": ""}, id="empty"),
            pytest.param({"status": 7}, id="a number"),
            pytest.param({"status": ["SUCCESS"]}, id="a list"),
        ],
    )
    async def test_an_answer_without_a_status_says_nothing_about_its_command(
        self, provider: Provider, cloud: WlteSimulator, command: Command, status: dict[str, object]
    ) -> None:
        """The code of the envelope is SUCCESS, and that is not the command's."""
        body = answer({"id": "cmd-1", "deviceId": "dev-7", **status})
        cloud.faults.add("status", "status", status=200, body=body)
        assert isinstance(await asked_once(provider, command), ProviderNoAnswerError)

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param({"id": "cmd-2", "status": "SUCCESS"}, id="of another command"),
            pytest.param({"status": "SUCCESS"}, id="of no command"),
        ],
    )
    async def test_the_outcome_of_another_command_is_not_taken(
        self, provider: Provider, cloud: WlteSimulator, command: Command, data: object
    ) -> None:
        """A cache in between may mix up answers."""
        cloud.faults.add("status", "status", status=200, body=answer(data))
        with pytest.raises(ProviderNoAnswerError):
            await asked_once(provider, command)

    @pytest.mark.parametrize("word", ["PONDERING", "success", "SUCCESS "])
    async def test_a_word_that_nobody_has_documented_changes_nothing(
        self, provider: Provider, cloud: WlteSimulator, command: Command, word: str
    ) -> None:
        """Not even one that looks like another."""
        body = answer({"id": "cmd-1", "status": word})
        cloud.faults.add("status", "status", status=200, body=body)
        now = after(command, await asked_once(provider, command))
        assert now.state is CommandState.SENT
        assert now.provider_state == word

    async def test_what_the_device_has_returned_is_told(
        self, provider: Provider, cloud: WlteSimulator, command: Command
    ) -> None:
        """Two generations have a `result` for operations that bring one."""
        result = {"responseHex": "0603"}
        body = answer({"id": "cmd-1", "status": "SUCCESS", "result": result})
        cloud.faults.add("status", "status", status=200, body=body)
        assert after(command, await asked_once(provider, command)).result == result

    async def test_the_right_answer_may_call_itself_something_else(
        self, provider: Provider, cloud: WlteSimulator, command: Command
    ) -> None:
        """The content decides, not its type."""
        cloud.faults.add("wrong_type", "status")
        assert isinstance(await asked_once(provider, command), Observation)

    async def test_the_token_is_not_shown_to_other_hosts(
        self,
        provider: Provider,
        cloud: WlteSimulator,
        command: Command,
    ) -> None:
        """Redirects are not followed."""
        async with WlteSimulator() as stranger:
            cloud.faults.add("redirect", times=None, location=f"{stranger.url}/wlte/v1/devices")
            attempts: list[Callable[[], Awaitable[object]]] = [
                lambda: asked_once(provider, command),
                lambda: provider.submit([command]),
                provider.targets,
            ]
            for attempt in attempts:
                with pytest.raises(ProviderNoAnswerError):
                    await attempt()
            assert not stranger.log.requests


class TestFind:
    """A command that someone else sent."""

    async def found(self, provider: Provider, command_id: str = "cmd-1") -> Sighting:
        """Find a command."""
        (sighting,) = await provider.find(command_id, None)
        return sighting

    @pytest.mark.parametrize("generation", Generation)
    async def test_a_command_on_a_relay_has_that_target(
        self, provider: Provider, cloud: WlteSimulator, generation: Generation
    ) -> None:
        """As if we had sent it ourselves."""
        cloud.settings.generation = generation
        cloud.issue("dev-7", {2: "OFF"}, after=5)
        await provider.targets()
        sighting = await self.found(provider)
        assert sighting == Sighting(
            target="dev-7/2",
            target_name="Gate relay 2",
            command="OFF",
            parameters={"relay": 2},
            device="dev-7",
            observation=Observation(
                state=CommandState.SENT, provider_state="SENT", command_id="cmd-1"
            ),
        )

    async def test_before_the_list_was_read_a_device_goes_by_its_id(
        self, provider: Provider, cloud: WlteSimulator
    ) -> None:
        """The list may be out of reach."""
        cloud.issue("dev-7", {2: "OFF"})
        assert (await self.found(provider)).target_name == "dev-7 relay 2"

    async def test_a_command_on_several_relays_covers_each(
        self, provider: Provider, cloud: WlteSimulator
    ) -> None:
        """It is told on the entities of all of them."""
        cloud.issue("dev-7", {2: "OFF", 1: "ON"})
        await provider.targets()
        sighting = await self.found(provider)
        assert sighting.target == "dev-7/1+2"
        assert sighting.covers == ("dev-7/1", "dev-7/2")
        assert sighting.target_name == "Gate relay 1+2"
        assert sighting.command == "OFF+ON"
        assert sighting.parameters == {
            "relays": [{"index": 2, "action": "OFF"}, {"index": 1, "action": "ON"}]
        }

    async def test_several_relays_may_do_the_same(
        self, provider: Provider, cloud: WlteSimulator
    ) -> None:
        """Then that is the command."""
        cloud.issue("dev-7", {1: "JOG", 2: "JOG"})
        assert (await self.found(provider)).command == "JOG"

    @pytest.mark.parametrize(
        ("generation", "name"),
        [(Generation.G2, "RS485_TRANSCEIVE"), (Generation.G3, "device.rs485.transceive")],
    )
    async def test_a_command_without_relays_is_the_devices(
        self, provider: Provider, cloud: WlteSimulator, generation: Generation, name: str
    ) -> None:
        """It is told on the account's entities only."""
        cloud.settings.generation = generation
        cloud.issue("dev-7", operation="device.rs485.transceive")
        await provider.targets()
        sighting = await self.found(provider)
        assert sighting.target == "dev-7"
        assert sighting.target_name == "Gate"
        assert sighting.covers == ()
        assert sighting.command == name
        assert sighting.parameters == {}

    async def test_a_command_without_any_name_is_unknown(
        self, provider: Provider, cloud: WlteSimulator
    ) -> None:
        """Every field but three is missing in one generation or another."""
        data = {"id": "cmd-1", "deviceId": "dev-7", "status": "SENT", "relayIndex": 0}
        cloud.faults.add("status", "status", status=200, body=answer(data))
        sighting = await self.found(provider)
        assert (sighting.target, sighting.command) == ("dev-7", "unknown")

    async def test_what_is_finished_already_is_found_finished(
        self, provider: Provider, cloud: WlteSimulator
    ) -> None:
        """It goes on record as final."""
        cloud.issue("dev-7", {1: "ON"}, outcome="FAILED")
        assert (await self.found(provider)).observation.state is CommandState.FAILURE

    @pytest.mark.parametrize("command_id", ["cmd-99", "cmd/1", "x" * 1000])
    async def test_an_unknown_id_is_not_found(self, provider: Provider, command_id: str) -> None:
        """That is the user's mistake, not ours."""
        with pytest.raises(ProviderError) as raised:
            await self.found(provider, command_id)
        assert isinstance(raised.value, ProviderNotFoundError)

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param({"id": "cmd-1", "status": "SENT"}, id="no device"),
            pytest.param({"id": "cmd-1", "deviceId": "dev-7"}, id="no status"),
            pytest.param({"deviceId": "dev-7", "status": "SENT"}, id="no id"),
        ],
    )
    async def test_half_a_command_is_none(
        self, provider: Provider, cloud: WlteSimulator, data: dict[str, Any]
    ) -> None:
        """It cannot be followed."""
        cloud.faults.add("status", "status", status=200, body=answer(data))
        with pytest.raises(ProviderNoAnswerError):
            await self.found(provider)


class TestWhatWlteDoesNotHave:
    """In no generation of the contract."""

    async def test_there_is_no_way_to_stop_a_command(self, provider: Provider, jog: Order) -> None:
        """Nor to set its state, nor to look for it other than by its id."""
        command = accepted(jog)
        with pytest.raises(ProviderUnsupportedError):
            await provider.cancel(command)
        with pytest.raises(ProviderUnsupportedError):
            await provider.update("cmd-1", "success", None)
        with pytest.raises(ProviderUnsupportedError):
            await provider.lookup([command])
        assert not ACCOUNT.can_cancel
        assert not ACCOUNT.update_states

    async def test_every_command_is_asked_about_by_itself(
        self, provider: Provider, cloud: WlteSimulator
    ) -> None:
        """There is no list and no batch."""
        orders = [await gate_order(provider, "ON", relay) for relay in (1, 2)]
        commands = [await sent(provider, order, f"01J000000{n}") for n, order in enumerate(orders)]
        assert list(provider.queries(commands)) == [Query(commands=(c,)) for c in commands]
        assert cloud.counts["create"] == 2
