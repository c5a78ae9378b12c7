"""Issues: raised and taken back for one account at a time."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.command_status.account.issues import Issue, async_clear_all, async_raise
from custom_components.command_status.const import DOMAIN


async def test_the_issues_of_one_account_go_without_those_of_others(hass: HomeAssistant) -> None:
    """An account that is removed takes its own along, and nothing else."""
    mine = MockConfigEntry(domain=DOMAIN, entry_id="mine")
    other = MockConfigEntry(domain=DOMAIN, entry_id="other")
    for issue in (Issue.NOT_SAVED, Issue.JOURNAL_DAMAGED):
        async_raise(hass, mine, issue)
    async_raise(hass, other, Issue.NOT_SAVED)
    async_clear_all(hass, "mine")
    assert set(ir.async_get(hass).issues) == {(DOMAIN, "not_saved_other")}
