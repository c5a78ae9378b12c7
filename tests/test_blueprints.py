"""The blueprints: what they do, and that they drop no outcome when many come at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
import re
import shutil
from typing import Any, Final

from homeassistant.components import automation, script
from homeassistant.components.persistent_notification import _async_get_or_create_notifications
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import extract_inputs, load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    async_mock_service,
)

from custom_components.command_status.account.sentences import Sentences
from custom_components.command_status.const import DOCS_URL, DOMAIN, SIGNAL_FINISHED

from .house import GARAGE, GATE, House

ROOT = Path(__file__).parents[1]
BLUEPRINTS = sorted((ROOT / "blueprints").rglob("*.yaml"))

TELL_ME = "tell_me"
SEND_AGAIN = "send_again"
SEND_AND_ACT = "send_and_act"

MANY = 50
"""Outcomes that come at once; automations of the usual mode would drop all but one of them."""

NOTIFY = {
    "action": "notify.phone",
    "data": {"title": "{{ title }}", "message": "{{ message }}"},
}
"""What users put into the blueprints: their own notifier."""


@pytest.fixture
def notified(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the messages that came to the phone."""
    return async_mock_service(hass, "notify", "phone")


@pytest.fixture(autouse=True)
def imported(hass: HomeAssistant) -> None:
    """Have all blueprints in Home Assistant, as an import leaves them there."""
    shutil.copytree(ROOT / "blueprints", hass.config.path("blueprints"))


async def automate(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """Make an automation from a blueprint."""
    use = {"path": f"{DOMAIN}/{name}.yaml", "input": inputs}
    assert await async_setup_component(
        hass, "automation", {"automation": {"alias": name, "use_blueprint": use}}
    )
    await hass.async_block_till_done()
    assert hass.states.get(f"automation.{name}") is not None


async def end_together(house: House, count: int = MANY) -> None:
    """Let the windows of many commands end at the same moment; most were never sent."""
    house.cloud.script(after=None)
    coordinator = house.coordinator
    order = coordinator.provider.order([coordinator.data.targets[GATE]], "JOG", {})
    await coordinator.intake.async_send([order] * count, window=5.0)
    await house.go_by(8)
    assert Counter(house.outcomes()).keys() == {"failure", "timeout"}
    assert len(house.announced) == count


async def time_out(house: House, **data: Any) -> None:
    """Let the window of a command end without an answer."""
    house.cloud.script(after=None, times=1)
    await house.send(timeout=5, **data)
    await house.go_by(6)


async def fail(house: House, **data: Any) -> None:
    """Let the device report a failure."""
    house.cloud.script(outcome="FAILED", times=1)
    await house.send(**data)
    await house.go_by(2)


async def lose(house: House, **data: Any) -> None:
    """Let the cloud forget a command."""
    house.cloud.script(after=None, times=1)
    record = await house.send(**data)
    house.cloud.forget(record["command_id"])
    await house.go_by(4)


async def fail_late(house: House, **data: Any) -> None:
    """Let a failure be reported after the end of the window."""
    house.cloud.script(outcome="FAILED", after=10.0, times=1)
    await house.send(timeout=5, **data)
    await house.go_by(45)
    assert any(event.data["late"] for event in house.announced)


async def succeed(house: House, **data: Any) -> None:
    """Let a command succeed."""
    await house.send(**data)
    await house.go_by(2)


class TestTheFiles:
    """What an import needs."""

    @pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
    def test_each_says_where_it_comes_from(self, path: Path) -> None:
        """Home Assistant offers to import it again from there."""
        data = load_yaml_dict(str(path))
        about = data["blueprint"]

        assert about["source_url"] == f"{DOCS_URL}/blob/main/{path.relative_to(ROOT)}"
        assert path.parent == ROOT / "blueprints" / about["domain"] / DOMAIN
        assert about["homeassistant"]["min_version"] == "2026.10.0"

    @pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
    async def test_each_is_one_for_home_assistant(self, hass: HomeAssistant, path: Path) -> None:
        """Its shape is that of its domain, and every input is used and explained."""
        of_domain = {
            "automation": automation.helpers.async_get_blueprints,
            "script": script.helpers.async_get_blueprints,
        }[path.parents[1].name](hass)

        blueprint = await of_domain.async_get_blueprint(f"{DOMAIN}/{path.name}")

        assert blueprint.validate() is None
        assert extract_inputs(blueprint.data) == blueprint.inputs.keys()
        assert all({"name", "description"} <= texts.keys() for texts in blueprint.inputs.values())

    @pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
    def test_none_drops_what_comes_while_it_runs(self, path: Path) -> None:
        """As the default mode would, and the usual maximum of ten."""
        data = load_yaml_dict(str(path))

        assert data["mode"] in {"queued", "parallel"}
        assert data["max"] >= 1000


class TestTellMe:
    """Tell me when a command fails."""

    async def test_it_needs_no_input(self, house: House) -> None:
        """All accounts are watched, and the notification is left in Home Assistant."""
        assert await async_setup_component(house.hass, "persistent_notification", {})
        await automate(house.hass, TELL_ME)

        await time_out(house)

        (notification,) = _async_get_or_create_notifications(house.hass).values()
        assert notification["title"] == "Command to Gate relay 1"
        expected = r"Outcome\: Gate relay 1\: JOG not confirmed within 5\.0 s"
        assert notification["message"] == expected

    @pytest.mark.parametrize(
        ("end", "messages"),
        [
            (fail, ["Outcome: Gate relay 1: JOG failed: the device did not "]),
            (time_out, ["Outcome: Gate relay 1: JOG not confirmed within "]),
            (lose, ["Outcome: Gate relay 1: JOG lost after "]),
            (
                fail_late,
                [
                    "Outcome: Gate relay 1: JOG not confirmed within ",
                    "Outcome: Gate relay 1: JOG failed (a late correction): ",
                ],
            ),
            (succeed, []),
        ],
        ids=["failure", "timeout", "lost", "late failure", "success"],
    )
    async def test_any_notifier_gets_what_happened_and_why(
        self,
        house: House,
        notified: list[ServiceCall],
        end: Callable[[House], Awaitable[None]],
        messages: list[str],
    ) -> None:
        """A success is no news."""
        await automate(house.hass, TELL_ME, notification=[NOTIFY])

        await end(house)

        told = [call.data["message"] for call in notified]
        assert len(told) == len(messages)
        for got, expected in zip(told, messages, strict=True):
            assert got.startswith(expected)

    async def test_other_outcomes_can_be_chosen(
        self, house: House, notified: list[ServiceCall]
    ) -> None:
        """Somebody may wait for the gate to close."""
        await automate(house.hass, TELL_ME, notification=[NOTIFY], outcomes=["success"])

        await succeed(house)
        await time_out(house)

        (told,) = notified
        assert told.data["message"].startswith("Outcome: Gate relay 1: JOG succeeded after ")

    async def test_only_chosen_devices_are_watched(
        self, house: House, notified: list[ServiceCall]
    ) -> None:
        """The garage is somebody else's."""
        await automate(
            house.hass, TELL_ME, notification=[NOTIFY], devices=[house.device("dev-7").id]
        )

        await time_out(house, target=GARAGE)
        await time_out(house)

        assert [call.data["title"] for call in notified] == ["Command to Gate relay 1"]

    async def test_it_tells_about_each_of_many_at_once(self, house: House) -> None:
        """Though the notifier takes its time."""
        told: list[str] = []

        async def slow(call: ServiceCall) -> None:
            await asyncio.sleep(0)
            told.append(call.data["message"])

        house.hass.services.async_register("notify", "phone", slow)
        tracking_id = {**NOTIFY, "data": {"message": "{{ command.tracking_id }}"}}
        await automate(house.hass, TELL_ME, notification=[tracking_id])

        await end_together(house)

        assert told == [event.data["tracking_id"] for event in house.announced]


HOSTILE: Final = (
    "![x](http://evil.invalid/p.png) [y](http://evil.invalid) <img src=x> www.evil.invalid "
    "a@evil.invalid `z` **b** {{ 1 + 1 }} {% raw %} \\"
)
"""What a cloud, or the name of a device, may try in markdown and in a template."""


async def end_as(hass: HomeAssistant, house: House, **told: Any) -> None:
    """Announce the failure of a command of which something else is told."""
    record = await house.send()
    failed = {**record, "state": "failure", "final": True, "reason": "blocked", **told}
    failed["message"] = Sentences(hass).message(failed)
    async_dispatcher_send(hass, SIGNAL_FINISHED, failed, None)
    await hass.async_block_till_done()


class TestForeignTexts:
    """A text of a cloud is a text, whatever is in it."""

    async def test_nothing_in_a_notification_comes_alive(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """No image is fetched, no link appears, no template is rendered."""
        assert await async_setup_component(hass, "persistent_notification", {})
        await automate(hass, TELL_ME)
        await end_as(hass, house, target_name=HOSTILE, reason=HOSTILE)
        (notification,) = _async_get_or_create_notifications(hass).values()
        shown = notification["message"]
        assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", shown) == (
            f"Outcome: {HOSTILE}: JOG failed: {HOSTILE}"
        )
        assert re.search(r"(?<!\\)(\\\\)*[^\w\s\\]", shown) is None
        assert notification["title"] == f"Command to {HOSTILE}"

    @pytest.mark.parametrize("name", ["None", "None #", "[1]", "{'a': 1} #", "7", "True", "''"])
    async def test_a_device_of_any_name_gets_its_notification(
        self, hass: HomeAssistant, house: House, name: str
    ) -> None:
        """A template that renders to None would be no text for a notification."""
        assert await async_setup_component(hass, "persistent_notification", {})
        await automate(hass, TELL_ME)
        await end_as(hass, house, target_name=name)
        (notification,) = _async_get_or_create_notifications(hass).values()
        assert notification["title"] == f"Command to {name}"
        plain = notification["message"].replace("\\", "")
        assert plain == f"Outcome: {name}: JOG failed: blocked"

    async def test_the_script_tells_of_a_device_of_any_name(
        self, hass: HomeAssistant, house: House, notified: list[ServiceCall]
    ) -> None:
        """The message of the script begins with words as well."""
        house.cloud.script(outcome="FAILED", times=1)
        house.cloud.devices["dev-7"].name = "None #"
        await house.coordinator.async_refresh()
        await house.settle()
        use = {
            "path": f"{DOMAIN}/{SEND_AND_ACT}.yaml",
            "input": {
                "devices": [house.device("dev-7").id],
                "command": "JOG",
                "parameters": {"relay": 1},
                "otherwise": [{"action": "notify.phone", "data": {"message": "{{ message }}"}}],
            },
        }
        assert await async_setup_component(
            hass, "script", {"script": {"act": {"use_blueprint": use}}}
        )
        call = asyncio.create_task(hass.services.async_call("script", "act", blocking=True))
        await house.go_by(4)
        await call
        (told,) = notified
        assert told.data["message"].startswith("The command failed: None # relay 1: JOG")


class TestSendAgain:
    """Send a command again when it fails."""

    async def automate(self, house: House, **inputs: Any) -> None:
        """Watch the gate."""
        devices = [house.device("dev-7").id]
        await automate(house.hass, SEND_AGAIN, **{"devices": devices} | inputs)

    async def sent(self, house: House) -> list[dict[str, Any]]:
        """Return the records of all commands, the oldest first."""
        return (await house.act("get_commands"))[::-1]

    async def test_a_failure_is_followed_by_another_attempt(self, house: House) -> None:
        """The same command, after a pause."""
        await self.automate(house)
        house.cloud.script(outcome="FAILED", times=1)
        await house.send(command="ON", timeout=33)

        await house.go_by(4)
        assert len(await self.sent(house)) == 1
        await house.go_by(6)
        first, second = await self.sent(house)

        same = ("config_entry_id", "target", "command", "parameters")
        assert [second[field] for field in same] == [first[field] for field in same]
        assert (first["state"], first["tag"]) == ("failure", None)
        assert (second["state"], second["tag"]) == ("success", "retry:1")

    async def test_the_window_is_as_long_as_it_was(self, house: House) -> None:
        """Whatever the time of the day."""
        await self.automate(house, harmless=True, times=1)

        await time_out(house)
        await house.go_by(15)

        windows = [command.deadline - command.created_at for command in house.coordinator.tracker]
        assert windows == [5, 5]

    async def test_it_gives_up_after_some_attempts(self, house: House) -> None:
        """Or it would go on for ever."""
        await self.automate(house, times=2, pause={"seconds": 1})
        house.cloud.script(outcome="FAILED")

        await house.send(tag="mine")
        await house.go_by(40)

        assert [record["tag"] for record in await self.sent(house)] == [
            "mine",
            "mine retry:1",
            "mine retry:2",
        ]
        assert house.outcomes() == ["failure"] * 3

    @pytest.mark.parametrize("end", [time_out, lose, fail_late, succeed])
    async def test_what_may_have_been_carried_out_is_not_sent_again(
        self, house: House, end: Callable[[House], Awaitable[None]]
    ) -> None:
        """The gate would close again."""
        await self.automate(house)

        await end(house)
        await house.go_by(10)

        assert len(await self.sent(house)) == 1

    @pytest.mark.parametrize("end", [time_out, lose])
    async def test_where_that_is_harmless_it_is(
        self, house: House, end: Callable[[House], Awaitable[None]]
    ) -> None:
        """A light that is on is switched on."""
        await self.automate(house, harmless=True)

        await end(house)
        await house.go_by(10)

        assert [record["tag"] for record in await self.sent(house)] == [None, "retry:1"]

    async def test_a_late_correction_does_not_repeat_what_was_repeated(self, house: House) -> None:
        """The time-out has had its attempt."""
        await self.automate(house, harmless=True)

        await fail_late(house)
        await house.go_by(10)

        assert [record["tag"] for record in await self.sent(house)] == [None, "retry:1"]

    async def test_only_chosen_devices_are_watched(self, house: House) -> None:
        """The garage is not the gate."""
        await self.automate(house)

        await fail(house, target=GARAGE)
        await house.go_by(10)

        assert len(await self.sent(house)) == 1

    async def test_only_chosen_commands_are_sent_again(self, house: House) -> None:
        """However they are written."""
        await self.automate(house, commands=["on"])

        await fail(house, command="OFF")
        await house.go_by(5)
        await fail(house, command="ON")
        await house.go_by(10)

        assert [record["command"] for record in await self.sent(house)] == ["OFF", "ON", "ON"]

    async def test_a_command_whose_secrets_are_gone_is_not_sent_again(self, house: House) -> None:
        """It would be sent with stars in place of the password."""
        await self.automate(house)
        coordinator = house.coordinator
        order = coordinator.provider.order([coordinator.data.targets[GATE]], "JOG", {"relay": 1})
        secret = type(order)(
            target=order.target,
            command=order.command,
            parameters={**order.parameters, "password": "**REDACTED**"},
            payload={**order.parameters, "password": "geheim"},
        )
        house.cloud.script(outcome="FAILED", times=1)

        await coordinator.intake.async_send([secret], window=30.0)
        await house.go_by(12)

        assert [record["state"] for record in await self.sent(house)] == ["failure"]

    async def test_it_sends_each_of_many_at_once_and_comes_to_an_end(self, house: House) -> None:
        """Each has its own attempts."""
        await self.automate(house, times=1, harmless=True)

        await end_together(house)
        await house.go_by(20)

        tags = Counter(event.data["tag"] for event in house.announced)
        assert tags == {None: MANY, "retry:1": MANY}


class TestSendAndAct:
    """Send a command and act on its outcome."""

    @pytest.fixture(autouse=True)
    async def set_up(self, house: House, notified: list[ServiceCall]) -> None:
        """Make a script for the gate that tells what it does."""
        self.house = house
        self.notified = notified

    async def make(self, **inputs: Any) -> None:
        """Make the script."""
        tell = {
            "succeeded": [{"action": "notify.phone", "data": {"message": "in"}}],
            "otherwise": [{"action": "notify.phone", "data": {"message": "{{ message }}"}}],
        }
        gate = {
            "devices": [self.house.device("dev-7").id],
            "command": "JOG",
            "parameters": {"relay": 1},
        }
        use = {"path": f"{DOMAIN}/{SEND_AND_ACT}.yaml", "input": gate | tell | inputs}
        assert await async_setup_component(
            self.house.hass, "script", {"script": {"gate": {"use_blueprint": use}}}
        )

    async def run(self, seconds: float, times: int = 1) -> list[str]:
        """Call the script; returns what it told."""
        for _ in range(times):
            await self.house.hass.services.async_call("script", "gate")
        await self.house.go_by(seconds)
        return [call.data["message"] for call in self.notified]

    async def test_a_success_runs_the_first_sequence(self) -> None:
        """As soon as it is known."""
        await self.make()
        self.house.cloud.script(after=3.0, times=1)

        assert await self.run(1) == []
        assert await self.run(6, times=0) == ["in"]

    async def test_anything_else_runs_the_second(self) -> None:
        """And it can say what went wrong."""
        await self.make(window=5)
        self.house.cloud.script(after=None, times=1)

        assert await self.run(7) == [
            "The command failed: Gate relay 1: JOG not confirmed within 5.0 s"
        ]

    async def test_the_reason_is_told(self) -> None:
        """In the words of the provider."""
        await self.make()
        self.house.cloud.script(error="COMMAND_REJECTED", times=1)

        (message,) = await self.run(3)

        assert message == "The command failed: Gate relay 1: JOG failed: command rejected"

    async def test_each_of_several_devices_must_succeed(self) -> None:
        """The message names those that did not."""
        devices = [self.house.device("dev-8").id, self.house.device("dev-9").id]
        await self.make(devices=devices, window=5)
        self.house.cloud.script(after=None, device="dev-8", relay=1, times=1)

        (message,) = await self.run(8)

        garage, pump = message.removeprefix("Not every command succeeded: ").split("; ", 1)
        assert garage == "Garage relay 1: JOG not confirmed within 5.0 s"
        assert pump.startswith("Cellar pump relay 1: JOG failed: ")

    @pytest.mark.parametrize(
        ("inputs", "window"), [({}, 60), ({"window": 30}, 30)], ids=["account", "own"]
    )
    async def test_the_wait_window_can_be_chosen(
        self, inputs: dict[str, Any], window: float
    ) -> None:
        """Without one, it is that of the account."""
        await self.make(**inputs)
        await self.run(1)

        (command,) = self.house.coordinator.tracker
        assert command.deadline - command.created_at == window

    async def test_it_follows_each_of_many_calls(self) -> None:
        """Each ends with one of the two sequences."""
        await self.make(window=5)
        self.house.cloud.script(after=None)

        told = await self.run(10, times=MANY)

        assert len(told) == len(self.house.announced) == MANY
