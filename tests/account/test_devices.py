"""The devices of an account: what stands for what, and what may be deleted."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from custom_components.command_status import async_remove_config_entry_device
from custom_components.command_status.account.devices import register_account, register_targets
from custom_components.command_status.providers.base import Target
from custom_components.command_status.providers.wlte import ACCOUNT
from simulators.wlte.world import Device, Relay

from ..house import GARAGE, GATE, House
from .test_listing import a_saved_command, six_hours


async def delete(house: House, device: dr.DeviceEntry) -> bool:
    """Delete a device as Home Assistant's dialogue does; return whether that was possible."""
    allowed = await async_remove_config_entry_device(house.hass, house.entry, device)
    if allowed:
        dr.async_get(house.hass).async_remove_device(device.id)
    await house.settle()
    return allowed


async def save(house: House, target: str) -> str:
    """Save a command and return the id of its subentry."""
    subentry = a_saved_command(target)
    house.hass.config_entries.async_add_subentry(house.entry, subentry)
    await house.settle()
    return subentry.subentry_id


def account_device(house: House) -> dr.DeviceEntry:
    """Return the device of the account."""
    device = dr.async_get(house.hass).async_get_device_by_identifier(
        ("command_status", house.entry.entry_id), house.entry.entry_id
    )
    assert device is not None
    return device


class TestRegistered:
    """What a user sees."""

    async def test_there_is_a_service_for_the_account(self, house: House) -> None:
        """With a link to the provider's own pages."""
        device = account_device(house)
        assert device.entry_type is dr.DeviceEntryType.SERVICE
        assert device.name == "My gate"
        assert device.manufacturer == "WLTE"
        assert device.configuration_url == ACCOUNT.portal_url

    async def test_there_is_a_device_for_each_physical_thing(self, house: House) -> None:
        """Under the account, and one only for two relays."""
        gate = house.device("dev-7")
        assert (gate.name, gate.manufacturer, gate.model) == ("Gate", "WLTE", "RL2")
        assert gate.via_device_id == account_device(house).id
        devices = dr.async_entries_for_config_entry(dr.async_get(house.hass), house.entry.entry_id)
        assert {device.name for device in devices} == {"My gate", "Gate", "Garage", "Cellar pump"}

    async def test_a_new_name_is_taken_over(self, house: House) -> None:
        """With the next list."""
        house.cloud.devices["dev-8"].name = "Barn"
        await six_hours(house)
        assert house.device("dev-8").name == "Barn"

    async def test_what_hangs_under_another_device_is_shown_there(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """A camera under its hub, whichever of them the list names first."""
        camera = Target(id="c", name="Door", device="c", device_name="Door", commands=(), via="hub")
        hub = Target(id="h", name="Hub", device="hub", device_name="Hub", commands=())
        lost = Target(id="l", name="L", device="l", device_name="L", commands=(), via="nowhere")
        account = register_account(hass, house.entry, ACCOUNT)
        register_targets(hass, house.entry, ACCOUNT, [camera, hub, lost])
        assert house.device("c").via_device_id == house.device("hub").id
        assert house.device("hub").via_device_id == account.id
        assert house.device("l").via_device_id == account.id

    async def test_firmware_is_shown_where_the_list_tells_it(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """And taken back with the list that tells it no more."""
        lamp = Target(id="l", name="L", device="lamp", device_name="L", commands=(), firmware="2.1")
        for told in (lamp, replace(lamp, firmware="2.2"), replace(lamp, firmware=None)):
            register_targets(hass, house.entry, ACCOUNT, [told])
            assert house.device("lamp").sw_version == told.firmware

    async def test_a_device_that_lost_its_registration_is_no_obstacle(self, house: House) -> None:
        """The user deleted it in the very moment in which it was to be removed."""
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        dr.async_get(house.hass).async_remove_device(house.device("dev-8").id)
        await six_hours(house)
        assert GARAGE not in house.coordinator.data.targets


class TestSavedCommands:
    """Below what they command, and so on its page in Home Assistant."""

    async def test_they_hang_under_the_device_that_they_command(self, house: House) -> None:
        """Whoever looks at the gate finds what can be done with it."""
        subentry_id = await save(house, GATE)
        device = house.device(subentry_id)
        assert device.via_device_id == house.device("dev-7").id
        assert device.entry_type is dr.DeviceEntryType.SERVICE

    async def test_they_move_with_another_target(self, house: House) -> None:
        """At once."""
        subentry_id = await save(house, GATE)
        changed = a_saved_command(GARAGE)
        house.hass.config_entries.async_update_subentry(
            house.entry, house.entry.subentries[subentry_id], data=changed.data
        )
        await house.settle()
        assert house.device(subentry_id).via_device_id == house.device("dev-8").id

    async def test_those_of_a_former_version_move_at_the_next_start(self, house: House) -> None:
        """They hung under the account."""
        subentry_id = await save(house, GATE)
        registry = dr.async_get(house.hass)
        device, account = house.device(subentry_id), account_device(house)
        registry.async_update_device(device.id, via_device_id=account.id)
        await house.reload()
        assert house.device(subentry_id).via_device_id == house.device("dev-7").id

    async def test_without_a_device_they_hang_under_the_account_for_a_while(
        self, house: House
    ) -> None:
        """A device may come with a later list; one that is only missing is still there."""
        subentry_id = await save(house, "dev-5/1")
        assert house.device(subentry_id).via_device_id == account_device(house).id
        shed = Device("dev-5", "Shed", "RL1", relays={1: Relay(1)})
        house.cloud.devices[shed.device_id] = shed
        await six_hours(house)
        assert house.device(subentry_id).via_device_id == house.device("dev-5").id
        house.cloud.remove_device("dev-5")
        await six_hours(house)
        assert house.device(subentry_id).via_device_id == house.device("dev-5").id


class TestDeletion:
    """What a user may put away."""

    async def test_what_is_listed_stays(self, house: House) -> None:
        """It would come back with the next list."""
        assert not await delete(house, house.device("dev-7"))
        assert house.device("dev-7").name == "Gate"

    async def test_the_account_stays(self, house: House) -> None:
        """It goes with the account."""
        assert not await delete(house, account_device(house))

    async def test_what_is_missing_can_be_deleted(self, house: House) -> None:
        """Its records stay, without a device."""
        sent = await house.send(target=GARAGE)
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        assert await delete(house, house.device("dev-8"))
        assert house.hass.states.get("sensor.garage_last_command") is None
        assert (await house.record(sent["tracking_id"]))["device_id"] is None

    async def test_what_was_deleted_does_not_come_back_by_itself(self, house: House) -> None:
        """Neither with the next list nor with the next start."""
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        gone = house.device("dev-8").id
        assert await delete(house, house.device("dev-8"))
        await house.reload()
        await six_hours(house)
        assert dr.async_get(house.hass).async_get(gone) is None
        assert house.state("sensor.gate_relay_1_last_command").state == "unknown"

    async def test_what_was_deleted_comes_back_when_it_is_listed_again(self, house: House) -> None:
        """The device was plugged in again."""
        garage = house.cloud.devices["dev-8"]
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        assert await delete(house, house.device("dev-8"))
        house.cloud.devices["dev-8"] = garage
        await six_hours(house)
        assert house.state("sensor.garage_last_command").state == "unknown"

    async def test_a_saved_command_is_not_deleted_that_way(self, house: House) -> None:
        """Its device stands for something that the user made, and goes with it."""
        subentry_id = await save(house, GARAGE)
        assert not await delete(house, house.device(subentry_id))

    async def test_a_device_of_which_one_relay_is_missing_stays(self, house: House) -> None:
        """The other relay is there."""
        del house.cloud.devices["dev-7"].relays[2]
        await six_hours(house)
        assert not await delete(house, house.device("dev-7"))


async def test_nothing_can_be_deleted_of_an_account_that_is_not_loaded(
    hass: HomeAssistant, house: House
) -> None:
    """Whether a device is needed is not known then."""
    device = house.device("dev-7")
    await hass.config_entries.async_unload(house.entry.entry_id)
    assert not await async_remove_config_entry_device(hass, house.entry, device)
