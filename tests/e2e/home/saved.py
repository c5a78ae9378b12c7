"""Saved commands, as a user makes and uses them."""

from collections.abc import Mapping
from typing import Any, Self

from stage import Account, Flow, FlowKind, eventually


class SavedCommand:
    """A saved command of an account."""

    def __init__(self, account: Account, subentry_id: str) -> None:
        """Know it by its id."""
        self.account = account
        self.id = subentry_id

    @classmethod
    async def all(cls, account: Account) -> list[Self]:
        """Return those of an account."""
        return [cls(account, each["subentry_id"]) for each in await _listed(account)]

    @classmethod
    async def save(
        cls, account: Account, target: str, command: str, title: str, **details: Any
    ) -> Self:
        """Save a command through its dialogue, and wait for its entities."""
        flow = await begin(account)
        await flow.walk({"target": target}, {"command": command.lower()})
        await flow.submit({"timeout": {"seconds": 30}, "title": title, **details})
        assert flow.kind == "create_entry", flow.answer
        (saved,) = [
            cls(account, each["subentry_id"])
            for each in await _listed(account)
            if each["title"] == title
        ]
        await eventually(saved.entities, f"entities of {title!r}")
        await account.until_entry("loaded")
        return saved

    async def change(self) -> Flow:
        """Open the dialogue that changes it."""
        return await begin(self.account, subentry_id=self.id)

    async def remove(self) -> None:
        """Delete it, as its menu does."""
        await self.account.client.command(
            "config_entries/subentries/delete",
            entry_id=self.account.entry_id,
            subentry_id=self.id,
        )
        await self.account.until_entry("loaded")

    async def title(self) -> str:
        """Return what it is called."""
        (title,) = [
            each["title"] for each in await _listed(self.account) if each["subentry_id"] == self.id
        ]
        return str(title)

    async def entities(self) -> dict[str, str]:
        """Return the ids of its entities by their kind."""
        return {
            each["entity_id"].partition(".")[0]: each["entity_id"]
            for each in await self.account.entities()
            if each["config_subentry_id"] == self.id
        }

    async def press(self) -> None:
        """Press its button; raises CommandError where Home Assistant shows an error."""
        button = (await self.entities())["button"]
        await self.account.client.act("button.press", {"entity_id": button})


async def begin(account: Account, **start: Any) -> Flow:
    """Begin the dialogue of saved commands."""
    handler = [account.entry_id, "command"]
    return await account.client.flow(FlowKind.SUBENTRY, handler=handler, **start)


async def _listed(account: Account) -> list[Mapping[str, Any]]:
    listed = await account.client.command(
        "config_entries/subentries/list", entry_id=account.entry_id
    )
    return list(listed)
