"""The pages of Home Assistant's user interface, and what can be done there.

Playwright looks into open shadow roots and waits for what it is to click, so nothing here waits by
itself. Fields are found by the names of the contract, everything else by what the user reads.
"""

import json
import re
from typing import Any, Final, Self

from playwright.async_api import Download, Locator, Page

from stage import DOMAIN

TITLE: Final = "Command Status"


class Dialogue:
    """Forms and menus that follow one another, in a box before the page."""

    def __init__(self, page: Page) -> None:
        """Look at the dialogue that is open, or about to open."""
        self._page = page
        self.box = page.locator("dialog-data-entry-flow")
        self.error = self.box.locator("ha-alert")

    async def choose(self, option: str) -> None:
        """Choose from the menu that is shown."""
        await self.box.get_by_text(option, exact=True).click()

    async def unfold(self, section: str) -> None:
        """Show the fields of a section."""
        await self.box.get_by_text(section, exact=True).click()

    async def fill(self, **fields: str) -> None:
        """Type into fields, by their names."""
        for name, value in fields.items():
            await self.box.locator(f"input[name={name}]").fill(value)

    async def fill_number(self, label: str, value: int) -> None:
        """Type into a field for a number, by its label; such fields have no name in the page."""
        await self.number(label).fill(str(value))

    def number(self, label: str) -> Locator:
        """Return a field for a number."""
        return self.box.get_by_role("spinbutton", name=label)

    async def fill_duration(self, label: str, **parts: int) -> None:
        """Type into a field for a duration: so many `minutes`, so many `seconds`."""
        for part, value in parts.items():
            await self.duration(label, part).fill(str(value))

    def duration(self, label: str, part: str) -> Locator:
        """Return one of the boxes of a field for a duration."""
        field = self.box.locator("ha-selector-duration").filter(has_text=label)
        return field.locator(f"input[name={part}]")

    async def pick(self, label: str, option: str) -> None:
        """Pick from a list that drops down."""
        head = self._page.locator(f'ha-picker-field[aria-label="{label}"]')
        field = self.box.locator("ha-select").filter(has=head)
        await field.locator("ha-picker-field").click()
        await field.locator("ha-dropdown-item").get_by_text(option, exact=True).click()

    async def find(self, label: str, option: str) -> None:
        """Search in a list that also takes what is not in it, and pick what was found."""
        head = self._page.locator(f'ha-picker-field[aria-label="{label}"]')
        picker = self.box.locator("ha-generic-picker").filter(has=head)
        await _search_in(picker, option)

    async def pick_several(self, label: str, *options: str) -> None:
        """Pick from a list that can be searched."""
        field = self.box.locator("ha-selector-select").filter(has_text=label)
        for option in options:
            await field.get_by_role("button", name="Add", exact=True).click()
            await self.box.get_by_role("listbox").get_by_text(option, exact=True).click()

    async def pick_entity(self, label: str, name: str) -> None:
        """Search for an entity, and pick it."""
        field = self.box.locator("ha-selector-entity").filter(has_text=label)
        await _search_in(field.locator("ha-generic-picker").last, name)

    async def write(self, label: str, *lines: str) -> None:
        """Write into a field for data, line by line, as YAML."""
        field = self.box.locator("ha-selector-object").filter(has_text=label)
        await field.locator(".cm-content").click()
        # Its editor indents and completes by itself, so the text comes in one piece.
        await self._page.keyboard.insert_text("\n".join(lines))

    async def switch(self, label: str) -> None:
        """Turn a switch on or off."""
        field = self.box.locator("ha-selector-boolean").filter(has_text=label)
        await field.locator("ha-switch, ha-checkbox").first.click()

    async def submit(self) -> None:
        """Send the form."""
        await self.box.get_by_role("button", name="Submit", exact=True).click()

    async def finish(self) -> None:
        """Close the last page, whatever its button is called, and see the dialogue go."""
        last = re.compile("finish|close", re.IGNORECASE)
        await self.box.locator("ha-dialog-footer").get_by_role("button", name=last).click()
        await self.box.locator("ha-dialog").wait_for(state="detached")


class IntegrationPage:
    """The page that lists our accounts, their devices and their saved commands."""

    def __init__(self, page: Page) -> None:
        """Know where it is."""
        self._page = page

    async def open(self) -> Self:
        """Go there."""
        await self._page.goto(f"/config/integrations/integration/{DOMAIN}")
        return self

    async def add(self, provider: str) -> Dialogue:
        """Begin to add an account, as somebody does who has none yet."""
        await self._page.goto("/config/integrations/dashboard")
        await self._page.get_by_role("button", name="Add integration").click()
        await self._page.get_by_placeholder("Search for a brand name").fill(TITLE)
        await self._page.get_by_role("listitem").get_by_text(TITLE, exact=True).click()
        dialogue = Dialogue(self._page)
        await dialogue.choose(provider)
        return dialogue

    def account(self, title: str) -> Locator:
        """Return the row of an account, with everything below it."""
        return self._page.locator("ha-config-entry-row").filter(has_text=title)

    def device(self, name: str) -> Locator:
        """Return the row of a device."""
        heading = self._page.locator("[slot=headline]").get_by_text(name, exact=True)
        return self._page.locator("ha-config-entry-device-row").filter(has=heading)

    async def fold(self, title: str) -> None:
        """Hide what is below an account."""
        row = self.account(title)
        await row.locator("ha-icon-button.expand-button").first.click()

    async def configure(self, title: str) -> Dialogue:
        """Open the options of an account."""
        await self.account(title).get_by_role("button", name="Configure", exact=True).click()
        return Dialogue(self._page)

    async def menu(self, title: str, item: str) -> None:
        """Choose from the menu of an account."""
        row = self.account(title)
        await row.get_by_role("button", name="Menu").first.click()
        items = row.locator("ha-dropdown-item").filter(visible=True)
        await items.get_by_text(item, exact=True).click()

    async def describe_command(self) -> Dialogue:
        """Begin to describe a command of an API."""
        await self._page.get_by_role("button", name="Describe a command").click()
        return Dialogue(self._page)

    async def save_command(self) -> Dialogue:
        """Begin to save a command."""
        await self._page.get_by_role("button", name="Save a command").click()
        return Dialogue(self._page)

    def command(self, name: str) -> Locator:
        """Return the row of a saved command, with its device below it."""
        return self._page.locator("ha-config-sub-entry-row").filter(has_text=name)

    async def change_command(self, name: str) -> Dialogue:
        """Begin to change a saved command."""
        await self.command(name).get_by_role("button", name="Change a saved command").click()
        return Dialogue(self._page)

    async def remove_command(self, name: str) -> None:
        """Remove a saved command, and confirm that."""
        row = self.command(name)
        await row.get_by_role("button", name="Menu").first.click()
        items = row.locator("ha-dropdown-item").filter(visible=True)
        await items.get_by_text("Delete", exact=True).click()
        await self._confirm_deletion()

    async def reconfigure(self, title: str) -> Dialogue:
        """Begin to change the credentials of an account."""
        await self.menu(title, "Reconfigure")
        return Dialogue(self._page)

    async def sign_in_again(self) -> Dialogue:
        """Take up what an account with refused credentials asks for."""
        await self._page.get_by_role("button", name="Reconfigure").click()
        return Dialogue(self._page)

    async def diagnostics(self, title: str) -> Any:
        """Download the diagnostics of an account, and return what is in the file."""
        async with self._page.expect_download() as download:
            await self.menu(title, "Download diagnostics")
        return await _read(await download.value)

    async def delete(self, title: str) -> None:
        """Remove an account, and confirm that."""
        await self.menu(title, "Delete")
        await self._confirm_deletion()

    async def _confirm_deletion(self) -> None:
        await self._page.locator("dialog-box").get_by_role("button", name="Delete").click()


class DevicePage:
    """The page of a device, with the states of its entities."""

    def __init__(self, page: Page) -> None:
        """Know where it is."""
        self._page = page
        self.activity = page.locator("ha-logbook")

    async def open(self, device_id: str) -> Self:
        """Go there."""
        await self._page.goto(f"/config/devices/device/{device_id}")
        return self

    def shown(self, card: str, entity: str) -> Locator:
        """Return the row of an entity, on the card `Sensors`, `Events` or `Controls`."""
        cards = self._page.locator("ha-device-entities-card").filter(
            has=self._page.get_by_role("heading", name=card)
        )
        return cards.locator("hui-generic-entity-row").filter(has_text=entity)

    async def diagnostics(self) -> Any:
        """Download the diagnostics of the device, and return what is in the file."""
        async with self._page.expect_download() as download:
            await self._page.get_by_text("Download diagnostics", exact=True).click()
        return await _read(await download.value)

    async def press(self) -> None:
        """Press the button of a saved command."""
        await self._page.get_by_role("button", name="Press", exact=True).click()


class AutomationEditor:
    """The page on which an automation is built."""

    def __init__(self, page: Page) -> None:
        """Know where it is."""
        self._page = page
        self._picker = page.locator("add-automation-element-dialog")
        self._sidebar = page.locator("ha-automation-sidebar")

    async def open(self) -> Self:
        """Begin a new automation."""
        await self._page.goto("/config/automation/edit/new")
        return self

    async def search(self, what: str, words: str) -> None:
        """Begin to add a `trigger`, `condition` or `action`, and search for it."""
        await self._page.get_by_role("button", name=f"Add {what}").click()
        await self.search_for(words)

    async def search_for(self, words: str) -> None:
        """Search for something else."""
        await self._picker.get_by_placeholder("Search").fill(words)

    async def show_only(self, kind: str) -> None:
        """Show only one kind of what was found, but all of it."""
        await self._picker.get_by_role("button", name=kind, exact=True).click()

    def found(self, name: str) -> Locator:
        """Return what the search has found under a name; a click adds it."""
        return self._picker.get_by_text(name, exact=True)

    async def until_drawn(self) -> None:
        """Wait until what was found has its icons, for a picture."""
        icons = self._picker.locator("ha-trigger-icon")
        number = await icons.count()
        await icons.locator("path").nth(number - 1).wait_for(state="attached")

    async def choose_device(self, name: str) -> None:
        """Choose the target of what was added last."""
        picker = self._sidebar.locator("ha-target-picker")
        await picker.get_by_role("button", name="Add target").click()
        await picker.get_by_role("button", name="Filter: Devices").click()
        await picker.get_by_placeholder("Search").fill(name)
        await picker.get_by_role("listbox").get_by_text(name, exact=True).click()

    async def choose(self, option: str) -> None:
        """Choose from the list of what was added last, which also takes what is not in it."""
        field = self._sidebar.locator("ha-selector-select").first
        await _search_in(field.locator("ha-generic-picker"), option)

    async def write(self, text: str) -> None:
        """Type into the first field of what was added last."""
        await (
            self._sidebar.locator("ha-selector-template, ha-selector-text")
            .first.locator("textarea, input, .cm-content")
            .fill(text)
        )

    async def save(self, name: str) -> str:
        """Save the automation under a name; return its id."""
        await self._page.get_by_role("button", name="Save", exact=True).click()
        box = self._page.locator("ha-dialog-automation-save")
        await box.locator("input").first.fill(name)
        await box.get_by_role("button", name="Save", exact=True).click()
        await self._page.wait_for_url(lambda url: url.rpartition("/")[2].isdigit())
        return self._page.url.rpartition("/")[2]

    async def show_notifications(self) -> None:
        """Open the list of notifications beside the page."""
        await self._page.locator("ha-sidebar").get_by_text("Notifications", exact=True).click()


class RepairsPage:
    """The page that lists what only the user can mend."""

    def __init__(self, page: Page) -> None:
        """Know where it is."""
        self._page = page

    async def open(self) -> Self:
        """Go there."""
        await self._page.goto("/config/repairs")
        return self

    def issue(self, title: str) -> Locator:
        """Return the row of an issue."""
        return self._page.locator("ha-config-repairs").get_by_text(title, exact=True)

    async def mend(self, title: str) -> Dialogue:
        """Open the dialogue that mends an issue."""
        await self.issue(title).click()
        return Dialogue(self._page)


async def _search_in(picker: Locator, option: str) -> None:
    """Search in a list, and pick what was found."""
    await picker.locator("ha-picker-field").click()
    # Letter by letter: what comes before the list listens is not searched for.
    await picker.get_by_placeholder("Search").press_sequentially(option)
    await picker.get_by_role("listbox").get_by_text(option, exact=True).click()


async def _read(download: Download) -> Any:
    """Return what is in a file that was downloaded."""
    return json.loads((await download.path()).read_text())
