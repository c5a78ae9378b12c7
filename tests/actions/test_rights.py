"""Who may do what with commands, and who may see what they were sent with."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.websocket_api.const import ERR_UNAUTHORIZED
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.command_status.const import DOMAIN
from custom_components.command_status.providers.base import Sighting
from custom_components.command_status.tracking import CommandState, Observation

from ..house import GARAGE, GATE, LIGHT, House
from ..obliging import ObligingProvider

type Policy = Mapping[str, Any]
type Guest = Callable[[Policy], MockUser]


def only(*entity_ids: str, policy: str = POLICY_CONTROL) -> dict[str, Any]:
    """Return a policy that allows one thing with some entities, and reading of them."""
    allowed = {policy: True, POLICY_READ: True}
    return {"entities": {"entity_ids": dict.fromkeys(entity_ids, allowed)}}


READING: Final = {"entities": {"all": {POLICY_READ: True}}}


@pytest.fixture
def guest(hass: HomeAssistant) -> Guest:
    """Return how to make users who are no administrators."""

    def make(policy: Policy) -> MockUser:
        user = MockUser().add_to_hass(hass)
        user.mock_policy(dict(policy))
        return user

    return make


async def act(house: House, user: MockUser | None, action: str, **data: Any) -> Any:
    """Call an action as a user; return the records."""
    response = await house.hass.services.async_call(
        DOMAIN,
        action,
        data,
        blocking=True,
        return_response=True,
        context=Context(user_id=None if user is None else user.id),
    )
    assert response is not None
    return response["commands"]


def to(house: House, target: str, command: str = "ON", **data: Any) -> dict[str, Any]:
    """Return the data of a call that sends to a target."""
    account = house.entry.entry_id
    return {"config_entry_id": account, "target": target, "command": command, **data}


def ids_of(house: House) -> dict[str, str]:
    """Return the entities of the account and of the first relay by what they are."""
    registry = er.async_get(house.hass)
    entry_id = house.entry.entry_id
    return {
        f"{domain} {key}": registry.async_get_entity_id(domain, DOMAIN, f"{entry_id}_{key}") or ""
        for domain, key in (
            ("sensor", f"{GATE}_command"),
            ("event", f"{GATE}_command"),
            ("sensor", "last_command"),
            ("event", "command"),
        )
    }


def of_gate(house: House) -> tuple[str, str]:
    """Return the two entities of the first relay."""
    ids = ids_of(house)
    return ids[f"sensor {GATE}_command"], ids[f"event {GATE}_command"]


def of_account(house: House) -> tuple[str, str]:
    """Return the two entities that tell about every command of the account."""
    ids = ids_of(house)
    return ids["sensor last_command"], ids["event command"]


class TestControl:
    """Whoever may not control a target, sends nothing to it and stops nothing there."""

    async def test_a_reader_switches_nothing(self, house: House, guest: Guest) -> None:
        """A guest with a dashboard is not to open the gate."""
        with pytest.raises(Unauthorized) as raised:
            await act(house, guest(READING), "send_command", **to(house, GATE))
        assert raised.value.permission == POLICY_CONTROL
        assert house.cloud.counts["create"] == 0
        assert await house.act("get_commands") == []

    async def test_nor_by_its_device(self, house: House, guest: Guest) -> None:
        """The same relay under another name."""
        data = {"device_id": house.device("dev-8").id, "command": "ON"}
        with pytest.raises(Unauthorized):
            await act(house, guest(READING), "send_command", **data)
        assert house.cloud.counts["create"] == 0

    async def test_a_user_of_home_assistant_as_usual_may(
        self, house: House, hass_admin_user: MockUser, guest: Guest
    ) -> None:
        """Users may control everything, unless they are restricted."""
        everything: Policy = {"entities": True}
        for user in (hass_admin_user, guest(everything), None):
            (record,) = await act(house, user, "send_command", **to(house, GATE))
            assert record["target"] == GATE

    async def test_control_of_one_target_is_no_control_of_another(
        self, house: House, guest: Guest
    ) -> None:
        """Of two targets, none is acted upon if one is not allowed."""
        user = guest(only(*of_gate(house)))
        (record,) = await act(house, user, "send_command", **to(house, GATE))
        assert record["state"] != "failure"
        for target in (LIGHT, GARAGE):
            data = to(house, GATE) | {"target": [GATE, target]}
            with pytest.raises(Unauthorized):
                await act(house, user, "send_command", **data)
        assert house.cloud.counts["create"] == 1

    async def test_all_entities_of_a_target_count(self, house: House, guest: Guest) -> None:
        """As with an action of Home Assistant on a device."""
        sensor, _ = of_gate(house)
        with pytest.raises(Unauthorized):
            await act(house, guest(only(sensor)), "send_command", **to(house, GATE))

    async def test_but_those_that_are_switched_off(self, house: House, guest: Guest) -> None:
        """Home Assistant does not know them either."""
        sensor, event = of_gate(house)
        er.async_get(house.hass).async_update_entity(
            event, disabled_by=er.RegistryEntryDisabler.USER
        )
        await house.settle()
        (record,) = await act(house, guest(only(sensor)), "send_command", **to(house, GATE))
        assert record["target"] == GATE

    async def test_without_entities_it_is_the_account_that_counts(
        self, house: House, guest: Guest
    ) -> None:
        """Its own entities tell about every command."""
        mine, account = of_gate(house), of_account(house)
        for entity_id in mine:
            er.async_get(house.hass).async_remove(entity_id)
        with pytest.raises(Unauthorized):
            await act(house, guest(only(*mine)), "send_command", **to(house, GATE))
        (record,) = await act(house, guest(only(*account)), "send_command", **to(house, GATE))
        assert record["target"] == GATE

    async def test_without_any_entity_it_is_for_administrators(
        self, house: House, guest: Guest, hass_admin_user: MockUser
    ) -> None:
        """There is nothing that anybody could have been given."""
        mine = of_gate(house)
        for entity_id in (*mine, *of_account(house)):
            er.async_get(house.hass).async_remove(entity_id)
        with pytest.raises(Unauthorized):
            await act(house, guest(only(*mine)), "send_command", **to(house, GATE))
        (record,) = await act(house, hass_admin_user, "send_command", **to(house, GATE))
        assert record["target"] == GATE

    async def test_a_user_who_is_gone_may_nothing(self, house: House) -> None:
        """As everywhere in Home Assistant."""
        gone = MockUser()
        for action, data in (
            ("send_command", to(house, GATE)),
            ("get_commands", {}),
            ("cancel_command", {"tracking_id": "x"}),
        ):
            with pytest.raises(UnknownUser):
                await act(house, gone, action, **data)

    @pytest.mark.parametrize("action", ["cancel_command", "update_command"])
    async def test_a_reader_changes_nothing(
        self, obliging_house: House, guest: Guest, action: str
    ) -> None:
        """Neither here nor at the provider."""
        house = obliging_house
        house.cloud.script(after=None)
        record = await house.send()
        more = {"state": "success"} if action == "update_command" else {}
        with pytest.raises(Unauthorized):
            await act(house, guest(READING), action, tracking_id=record["tracking_id"], **more)
        provider = house.coordinator.provider
        assert isinstance(provider, ObligingProvider)
        assert provider.updates == []
        assert (await house.record(record["tracking_id"]))["final"] is False

    async def test_a_reader_forgets_nothing(self, house: House, guest: Guest) -> None:
        """The traces of what was done are for all to see."""
        record = await house.send()
        with pytest.raises(Unauthorized):
            await house.hass.services.async_call(
                DOMAIN,
                "forget_command",
                {"tracking_id": record["tracking_id"]},
                blocking=True,
                context=Context(user_id=guest(READING).id),
            )
        assert await house.record(record["tracking_id"])

    async def test_a_reader_makes_nobody_ask_the_provider(self, house: House, guest: Guest) -> None:
        """A cloud counts its requests, and blocks those who make too many."""
        before = len(house.cloud.log.requests)
        data = {"config_entry_id": house.entry.entry_id, "command_id": "cmd-1"}
        with pytest.raises(Unauthorized):
            await act(house, guest(READING), "track_command", **data)
        assert len(house.cloud.log.requests) == before

    async def test_a_command_of_somebody_else_is_followed_where_it_acts(
        self, house: House, guest: Guest
    ) -> None:
        """Its target is known once the provider was asked."""
        relays = ((GATE, 1), (LIGHT, 2))
        made = {t: house.cloud.issue("dev-7", {i: "ON"}).command_id for t, i in relays}
        user = guest(only(*of_gate(house)))
        data = {"config_entry_id": house.entry.entry_id}
        (record,) = await act(house, user, "track_command", **data, command_id=made[GATE])
        assert record["target"] == GATE
        with pytest.raises(Unauthorized):
            await act(house, user, "track_command", **data, command_id=made[LIGHT])
        assert len(await house.act("get_commands")) == 1

    async def test_what_is_not_followed_is_updated_by_those_who_control_the_account(
        self, obliging_house: House, guest: Guest
    ) -> None:
        """What it acts on is not known before it is changed."""
        house = obliging_house
        command_id = house.cloud.issue("dev-7", {1: "ON"}).command_id
        data = {
            "config_entry_id": house.entry.entry_id,
            "command_id": command_id,
            "state": "success",
        }
        with pytest.raises(Unauthorized):
            await act(house, guest(only(*of_gate(house))), "update_command", **data)
        provider = house.coordinator.provider
        assert isinstance(provider, ObligingProvider)
        assert provider.updates == []
        (record,) = await act(house, guest(only(*of_account(house))), "update_command", **data)
        assert record["provider_state"] == "SUCCESS"


class TestReading:
    """Whoever may not read a target, learns nothing of its commands."""

    @pytest.fixture
    async def two(self, house: House) -> list[str]:
        """Return the tracking ids of commands to two targets."""
        return [(await house.send("ON", target))["tracking_id"] for target in (GATE, GARAGE)]

    async def test_a_reader_reads(self, house: House, guest: Guest, two: list[str]) -> None:
        """That is what the group is for."""
        records = await act(house, guest(READING), "get_commands")
        assert [record["tracking_id"] for record in records] == two[::-1]

    async def test_only_what_may_be_read_is_listed(
        self, house: House, guest: Guest, two: list[str]
    ) -> None:
        """And the limit counts only that; it is the older one."""
        sensor, _ = of_gate(house)
        user = guest(only(sensor, policy=POLICY_READ))
        data = {"limit": 1, "config_entry_id": house.entry.entry_id}
        (record,) = await act(house, user, "get_commands", **data)
        assert record["tracking_id"] == two[0]

    async def test_nobody_reads_by_control_of_nothing(
        self, house: House, guest: Guest, two: list[str]
    ) -> None:
        """Nothing is listed, and nothing is raised."""
        assert two
        assert await act(house, guest({}), "get_commands") == []

    async def test_several_relays_are_read_by_those_of_any(
        self, house: House, guest: Guest
    ) -> None:
        """The entities of each tell about it."""
        await track_both(house)
        sensor, _ = of_gate(house)
        reader = guest(only(sensor, policy=POLICY_READ))
        (record,) = await act(house, reader, "get_commands")
        assert record["target"] == "dev-7/1+2"
        controller = guest(only(*of_gate(house)))
        with pytest.raises(Unauthorized):
            await act(house, controller, "cancel_command", tracking_id=record["tracking_id"])


async def track_both(house: House) -> None:
    """Follow a command that acts on two relays."""
    sighting = Sighting(
        target="dev-7/1+2",
        target_name="Gate",
        command="ON",
        device="dev-7",
        covers=(GATE, LIGHT),
        observation=Observation(state=CommandState.SENT, command_id="cmd-both"),
    )
    await house.coordinator.intake.async_track([sighting], window=60, context=Context())


class TestParameters:
    """What a command was sent with is for administrators and for whoever sent it."""

    HIDDEN: Final = {"relay": "**REDACTED**"}

    async def test_others_read_that_there_were_some(self, house: House, guest: Guest) -> None:
        """The record is the same for everybody but for these values."""
        sender, other = guest({"entities": True}), guest({"entities": True})
        data = {"device_id": house.device("dev-7").id, "command": "ON"}
        (sent,) = await act(house, sender, "send_command", **data, parameters={"relay": 1})
        assert sent["parameters"] == {"relay": 1}
        (mine,) = await act(house, sender, "get_commands")
        (theirs,) = await act(house, other, "get_commands")
        assert mine["parameters"] == {"relay": 1}
        assert theirs == mine | {"parameters": self.HIDDEN}

    async def test_administrators_and_automations_read_them(
        self, house: House, guest: Guest, hass_admin_user: MockUser
    ) -> None:
        """Whoever writes automations is an administrator."""
        data = {"device_id": house.device("dev-7").id, "command": "ON"}
        await act(house, guest({"entities": True}), "send_command", **data, parameters={"relay": 1})
        for user in (hass_admin_user, None):
            (record,) = await act(house, user, "get_commands")
            assert record["parameters"] == {"relay": 1}

    async def test_what_an_automation_sent_is_nobodys(self, house: House, guest: Guest) -> None:
        """Nobody sent it, so nobody is its sender."""
        data = {"device_id": house.device("dev-7").id, "command": "ON"}
        await act(house, None, "send_command", **data, parameters={"relay": 1})
        (record,) = await act(house, guest({"entities": True}), "get_commands")
        assert record["parameters"] == self.HIDDEN

    async def test_every_action_hides_them(self, obliging_house: House, guest: Guest) -> None:
        """Whoever may stop or follow a command need not know its code."""
        house = obliging_house
        house.cloud.script(after=None)
        sent = await house.send(parameters={"floor": 3})
        other = guest({"entities": True})
        data = {"config_entry_id": house.entry.entry_id, "command_id": sent["command_id"]}
        (tracked,) = await act(house, other, "track_command", **data)
        (updated,) = await act(house, other, "update_command", **data, reason="so it is")
        (stopped,) = await act(house, other, "cancel_command", **data)
        for record in (tracked, updated, stopped):
            assert record["tracking_id"] == sent["tracking_id"]
            assert set(record["parameters"].values()) == {"**REDACTED**"}

    async def test_who_sent_it_is_known_after_a_restart(self, house: House, guest: Guest) -> None:
        """The sender reads them still, and nobody else."""
        sender, other = guest({"entities": True}), guest({"entities": True})
        data = {"device_id": house.device("dev-7").id, "command": "ON"}
        await act(house, sender, "send_command", **data, parameters={"relay": 1})
        await house.wait(3)
        assert house.outcomes() == ["success"]
        await house.reload()
        (mine,) = await act(house, sender, "get_commands")
        (theirs,) = await act(house, other, "get_commands")
        assert (mine["parameters"], theirs["parameters"]) == ({"relay": 1}, self.HIDDEN)

    async def test_the_bus_carries_none(self, house: House) -> None:
        """Every logged-in user may listen to some of it."""
        data = {"device_id": house.device("dev-7").id, "command": "ON"}
        await act(house, None, "send_command", **data, parameters={"relay": 1})
        await house.wait(3)
        (announced,) = house.announced
        assert "parameters" not in announced.data

    async def test_only_administrators_listen_to_triggers(
        self,
        house: House,
        hass_ws_client: WebSocketGenerator,
        hass_read_only_access_token: str,
    ) -> None:
        """What a trigger carries is the whole record: automations send with it again."""
        assert await async_setup_component(house.hass, "websocket_api", {})
        browser = await hass_ws_client(house.hass, hass_read_only_access_token)
        trigger = {"trigger": f"{DOMAIN}.command_finished"}
        await browser.send_json_auto_id({"type": "subscribe_trigger", "trigger": trigger})
        answer = await browser.receive_json()
        assert answer["error"]["code"] == ERR_UNAUTHORIZED
