"""Buttons: each sends a saved command."""

from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.coordinator import CommandStatusConfigEntry, CommandStatusCoordinator
from .account.errors import invalid, translated_errors
from .account.expecting import expecting, saved_expectation
from .account.settings import CONF_PARAMETERS
from .account.sizes import require_sizes
from .actions.waiting import async_answers, raise_for_refusals
from .entities.base import SavedEntity, add_saved

PARALLEL_UPDATES = 0

SEND: Final = ButtonEntityDescription(key="send", translation_key="send")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CommandStatusConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a button for every saved command."""
    coordinator = entry.runtime_data
    add_saved(entry, async_add_entities, lambda subentry: [SendButton(coordinator, SEND, subentry)])


class SendButton(SavedEntity, ButtonEntity):
    """A button that sends a saved command."""

    def __init__(
        self,
        coordinator: CommandStatusCoordinator,
        description: ButtonEntityDescription,
        subentry: ConfigSubentry,
    ) -> None:
        """Know what to send."""
        super().__init__(coordinator, description, subentry)
        self._subentry_id = subentry.subentry_id

    @override
    async def async_press(self) -> None:
        """Send the command; raises when it is refused."""
        coordinator = self.coordinator
        saved = coordinator.settings.saved_as(self._subentry_id)
        if saved is None:
            raise invalid("saved_command_gone")
        target = coordinator.target(saved.target)
        if target is None:
            raise invalid("saved_target_gone", target=saved.target)
        require_sizes({CONF_PARAMETERS: saved.parameters})
        with translated_errors():
            order = coordinator.provider.order([target], saved.command, saved.parameters)
        order = expecting(order, saved_expectation(coordinator.house, saved.expect))
        (tracking_id,) = await coordinator.intake.async_send(
            [order],
            window=saved.window,
            subentry_id=self._subentry_id,
            context=self._context,
        )
        followed = [(coordinator, tracking_id)]
        raise_for_refusals(followed, await async_answers(followed))
