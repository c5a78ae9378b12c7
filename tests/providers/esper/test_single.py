"""Commands of others, and what can be done to one: find, update, cancel."""

import json

import pytest

from custom_components.command_status.providers.base import Provider
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderError,
    ProviderLaterError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderRefusedError,
)
from custom_components.command_status.providers.esper import ACCOUNT
from custom_components.command_status.tracking import CommandState
from simulators.clock import ManualClock
from simulators.esper import EsperSimulator, device_id

from .account import KIOSK, LOBBY, WAREHOUSE, bodies, command, taken


def issued(cloud: EsperSimulator, *devices: str) -> tuple[str, list[str]]:
    """Let somebody else reboot devices; returns the ids of the request and its status objects."""
    request_id = cloud.issue("REBOOT", devices).request_id
    return request_id, [status.status_id for status in cloud.statuses_of(request_id)]


class TestFind:
    """A command that somebody else sent."""

    async def test_a_status_object_is_one_command(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Its request has the name; that is asked for as well."""
        await provider.targets()
        request_id, (_, status_id) = issued(cloud, LOBBY, KIOSK)
        (sighting,) = await provider.find(status_id, None)
        assert (sighting.target, sighting.target_name, sighting.device) == (KIOSK, "Kiosk", KIOSK)
        assert sighting.command == "REBOOT"
        assert sighting.observation.command_id == status_id
        assert sighting.observation.request_id == request_id
        assert sighting.observation.state is CommandState.SENT

    async def test_a_request_is_all_of_its_status_objects(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Page by page, and none of another request."""
        cloud.configure({"extra_devices": 150})
        issued(cloud, LOBBY)
        request_id, status_ids = issued(cloud, *map(device_id, range(1, 151)))
        sightings = await provider.find(request_id, None)
        assert [sighting.observation.command_id for sighting in sightings] == status_ids
        assert {sighting.command for sighting in sightings} == {"REBOOT"}
        assert cloud.counts == {"status": 1, "statuses": 2, "request": 1}

    async def test_its_arguments_are_shown_without_passwords(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """They come from somebody else, and are secrets all the same."""
        arguments = {"wifi_access_points": [{"wifi_ssid": "guest", "wifi_password": "hunter2"}]}
        request = cloud.issue("ADD_WIFI_AP", [LOBBY], arguments=arguments)
        (sighting,) = await provider.find(request.request_id, None)
        assert sighting.parameters == {
            "wifi_access_points": [{"wifi_ssid": "guest", "wifi_password": "**REDACTED**"}]
        }

    @pytest.mark.parametrize(
        "unknown", ["5b7d1f60-0000-4000-8000-000000000099", "", "../commands", "a,b", "x" * 65]
    )
    async def test_an_unknown_id_is_not_found(self, provider: Provider, unknown: str) -> None:
        """What cannot be an id becomes no part of an address."""
        with pytest.raises(ProviderNotFoundError):
            await provider.find(unknown, None)

    async def test_a_filter_that_is_not_obeyed_finds_nothing(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """The commands of others must not be followed by mistake."""
        other = {"id": "s", "request": "other", "device": LOBBY, "state": "Command Queued"}
        page = json.dumps({"content": {"count": 1, "results": [other]}})
        cloud.faults.add("status", "statuses", status=200, body=page)
        with pytest.raises(ProviderNotFoundError):
            await provider.find("a91e0c44-0000-4000-8000-000000000001", None)

    async def test_a_request_that_cannot_be_read_leaves_the_name_unknown(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Its path is not documented."""
        _, (status_id,) = issued(cloud, LOBBY)
        cloud.faults.add("status", "request", status=404)
        (sighting,) = await provider.find(status_id, None)
        assert (sighting.command, sighting.parameters) == ("UNKNOWN", {})

    async def test_odd_fields_of_a_request_are_left_out(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """What matters is the command."""
        _, (status_id,) = issued(cloud, LOBBY)
        odd = json.dumps({"id": 7, "command": "LOCK", "command_args": "none", "devices": [None]})
        cloud.faults.add("status", "request", status=200, body=odd)
        (sighting,) = await provider.find(status_id, None)
        assert (sighting.command, sighting.parameters) == ("LOCK", {})

    async def test_a_status_object_of_no_device_is_no_answer(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """There would be nothing to show it on."""
        cloud.faults.add("status", "status", status=200, body='{"content": {"id": "s"}}')
        with pytest.raises(ProviderNoAnswerError):
            await provider.find("s", None)


class TestUpdate:
    """The call of the vendor's page "Update command status"."""

    @pytest.mark.parametrize(("word", "sent"), ACCOUNT.update_states.items())
    async def test_every_accepted_word_is_set(
        self, cloud: EsperSimulator, provider: Provider, word: str, sent: str
    ) -> None:
        """Ours and Esper's own lead to the same; the answer is the newest observation."""
        _, (status_id,) = issued(cloud, WAREHOUSE)
        sighting = await provider.update(status_id, sent, "as seen on site")
        assert bodies(cloud, "update") == [{"state": sent, "reason": "as seen on site"}]
        assert (sighting.target, sighting.command) == (WAREHOUSE, "REBOOT")
        assert sighting.observation.provider_state == sent
        assert sighting.observation.state is ACCOUNT.provider_states[sent]
        assert sighting.observation.reason == "as seen on site"
        assert sighting.observation.command_id == status_id
        assert word in {sent.lower(), ACCOUNT.provider_states[sent].value}

    def test_seven_words_are_accepted(self) -> None:
        """Queued and Initiated are not among them, in neither spelling."""
        accepted = set(ACCOUNT.update_states.values())
        assert set(ACCOUNT.provider_states) - accepted == {
            "Command Queued",
            "Command Initiated",
        }
        assert {"success", "command success"} <= ACCOUNT.update_states.keys()
        assert len(ACCOUNT.update_states) == 14

    async def test_a_reason_may_come_alone(self, cloud: EsperSimulator, provider: Provider) -> None:
        """Both fields are optional."""
        _, (status_id,) = issued(cloud, WAREHOUSE)
        sighting = await provider.update(status_id, None, "in the drawer")
        assert bodies(cloud, "update") == [{"reason": "in the drawer"}]
        assert sighting.observation.state is CommandState.QUEUED
        assert sighting.observation.reason == "in the drawer"

    async def test_a_word_that_esper_refuses_is_refused_in_its_words(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """The floor above does not even ask."""
        _, (status_id,) = issued(cloud, LOBBY)
        with pytest.raises(ProviderRefusedError) as raised:
            await provider.update(status_id, "Command Queued", None)
        assert raised.value.message == '"Command Queued" is not a valid choice.'

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (400, ProviderRefusedError),
            (401, ProviderAuthError),
            (404, ProviderNotFoundError),
            (500, ProviderNoAnswerError),
        ],
    )
    async def test_every_error_has_the_words_of_esper(
        self, cloud: EsperSimulator, provider: Provider, status: int, kind: type[ProviderError]
    ) -> None:
        """In either shape."""
        _, (status_id,) = issued(cloud, LOBBY)
        for shape in ("commands", "classic"):
            cloud.configure({"fault_shape": shape})
            cloud.faults.add("status", "update", status=status)
            with pytest.raises(kind) as raised:
                await provider.update(status_id, "Command Success", None)
            assert raised.value.message == json.loads(cloud.error_body(status))["message"]

    async def test_an_unknown_id_is_not_found(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """What cannot be one is not asked for."""
        with pytest.raises(ProviderNotFoundError):
            await provider.update("5b7d-99", "Command Success", None)
        with pytest.raises(ProviderNotFoundError):
            await provider.update("../../v1/token-info", "Command Success", None)
        assert cloud.counts == {"update": 1}

    async def test_what_was_set_stays_set_when_the_name_cannot_be_learned(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """To raise then would say that nothing was changed."""
        _, (status_id,) = issued(cloud, LOBBY)
        cloud.faults.add("status", "request", status=500)
        sighting = await provider.update(status_id, "Command Success", None)
        assert sighting.command == "UNKNOWN"
        assert sighting.observation.state is CommandState.SUCCESS


class TestCancel:
    """A wish, which the device may have outrun."""

    async def test_what_waits_is_cancelled(
        self, cloud: EsperSimulator, provider: Provider, clock: ManualClock
    ) -> None:
        """It never reaches its device; still nobody calls that settled."""
        (sent,) = await taken(provider, [command(WAREHOUSE)])
        (status_id,) = cloud.statuses
        news = await provider.cancel(sent)
        assert (news.state, news.settled) == (CommandState.CANCELLED, False)
        assert news.command_id == status_id
        assert bodies(cloud, "update") == [{"state": "Command Cancelled"}]
        cloud.set_device(WAREHOUSE, online=True)
        clock.advance(60)
        assert cloud.statuses[status_id].word(clock()).state == "Command Cancelled"

    async def test_what_has_ended_is_not_written_over(
        self, cloud: EsperSimulator, provider: Provider, clock: ManualClock
    ) -> None:
        """The call would replace the truth at Esper."""
        _, (status_id,) = issued(cloud, LOBBY)
        clock.advance(10)
        news = await provider.cancel(command(command_id=status_id))
        assert news.state is CommandState.SUCCESS
        assert not cloud.counts["update"]

    async def test_what_has_timed_out_can_be_cancelled(
        self, cloud: EsperSimulator, provider: Provider, clock: ManualClock
    ) -> None:
        """It may still be carried out."""
        cloud.script(times_out_after=5.0)
        _, (status_id,) = issued(cloud, WAREHOUSE)
        clock.advance(10)
        news = await provider.cancel(command(command_id=status_id))
        assert news.state is CommandState.CANCELLED

    async def test_what_does_not_exist_yet_cannot_be_cancelled_yet(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Nor is another status object, if the filter is not obeyed."""
        cloud.settings.status_delay = 5.0
        (sent,) = await taken(provider, [command()])
        other = {"id": "s", "request": "other", "device": LOBBY, "state": "Command Queued"}
        page = json.dumps({"content": {"count": 1, "results": [other]}})
        cloud.faults.add("status", "statuses", status=200, body=page)
        for _ in range(2):
            with pytest.raises(ProviderLaterError):
                await provider.cancel(sent)
        assert not cloud.counts["update"]

    async def test_what_is_gone_cannot_be_cancelled(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Esper says so."""
        _, (status_id,) = issued(cloud, LOBBY)
        cloud.forget(status_id)
        with pytest.raises(ProviderNotFoundError):
            await provider.cancel(command(command_id=status_id))


async def test_one_odd_status_object_costs_no_other(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """The others of its request are followed."""
    request = cloud.issue("REBOOT", [LOBBY, KIOSK])
    objects = [
        {"id": "s1", "request": request.request_id, "device": None, "state": "Command Queued"},
        {"id": "s2", "request": request.request_id, "device": KIOSK, "state": "Command Queued"},
        7,
        {"id": "a\n", "request": request.request_id, "device": LOBBY},
    ]
    body = json.dumps({"code": 200, "content": {"count": 4, "results": objects}})
    cloud.faults.add("status", "statuses", status=200, body=body)
    sightings = await provider.find(request.request_id, None)
    assert [sighting.target for sighting in sightings] == [KIOSK, LOBBY]
