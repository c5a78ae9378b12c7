"""One account of our integration, as its user sees it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Self

from .client import DOMAIN, Client
from .connection import Json
from .errors import HttpError, UnexpectedStepError
from .flow import Flow, FlowKind
from .home_assistant import HomeAssistant
from .patience import PATIENCE, eventually

OPEN: Final = ("queued", "scheduled", "sent", "acknowledged", "in_progress")
"""The states of a command that has not ended."""


class Account:
    """A config entry, with its devices, entities and commands."""

    def __init__(self, home: HomeAssistant, entry_id: str) -> None:
        """Know an account by the id of its entry, whoever is logged in."""
        self._home = home
        self.entry_id = entry_id

    @property
    def client(self) -> Client:
        """The user who is logged in now."""
        return self._home.client

    @classmethod
    async def add(cls, home: HomeAssistant, *steps: str | Mapping[str, Any]) -> Self:
        """Add an account through its dialogue; see `Flow.walk` for the steps."""
        flow = await (await home.client.flow()).walk(*steps)
        if flow.kind != "create_entry":
            message = f"no account was made; the dialogue shows {flow.answer}"
            raise UnexpectedStepError(message)
        return cls(home, flow.entry_id)

    @classmethod
    async def all(cls, home: HomeAssistant) -> list[Self]:
        """Return all accounts of our integration."""
        entries = await home.client.command("config_entries/get", domain=DOMAIN)
        return [cls(home, entry["entry_id"]) for entry in entries]

    # The entry.

    async def entry(self) -> Json:
        """Return the entry as the settings list it: `state`, `title`, `reason`, ..."""
        answer = await self.client.command("config_entries/get_single", entry_id=self.entry_id)
        return dict(answer["config_entry"])

    async def until_entry(self, state: str) -> None:
        """Wait until the entry is `loaded`, `not_loaded`, `setup_retry`, ..."""

        async def reached() -> bool:
            return bool((await self.entry())["state"] == state)

        await eventually(reached, f"account that is {state}")

    async def options(self) -> Flow:
        """Open the dialogue for the account's options."""
        return await self.client.flow(FlowKind.OPTIONS, handler=self.entry_id)

    async def choose_devices(self, *devices: str) -> None:
        """Choose in the options which devices are shown, by the provider's ids; wait for them."""
        await self._choose("devices", devices, devices)

    async def choose_entities(self, *entities: str) -> None:
        """Choose in the options which entities are followed, by their ids; wait for ours."""
        lasting = await self.client.lasting_ids()
        await self._choose("entities", entities, [lasting.get(each, each) for each in entities])

    async def _choose(self, what: str, chosen: Sequence[str], targets: Sequence[str]) -> None:
        """Choose in the options, and wait until the targets are shown."""
        await (await self.options()).submit({what: list(chosen)})
        wanted = {f"{self.entry_id}_{target}_command" for target in targets}

        async def shown() -> bool:
            return wanted <= {entity["unique_id"] for entity in await self.entities()}

        await eventually(shown, f"entities of {len(targets)} targets")
        await self.until_entry("loaded")

    async def reconfigure(self) -> Flow:
        """Open the dialogue that changes the account's credentials."""
        return await self.client.flow(FlowKind.CONFIG, entry_id=self.entry_id)

    async def reload(self) -> None:
        """Reload it, as its menu does."""
        path = f"/api/config/config_entries/entry/{self.entry_id}/reload"
        await self.client.request("POST", path)

    async def disable(self, *, disabled: bool = True) -> None:
        """Disable or enable it, as its menu does."""
        await self.client.command(
            "config_entries/disable",
            entry_id=self.entry_id,
            disabled_by="user" if disabled else None,
        )

    async def remove(self) -> None:
        """Delete it, as its menu does."""
        path = f"/api/config/config_entries/entry/{self.entry_id}"
        await self.client.request("DELETE", path)

    async def diagnostics(self, device: str | None = None) -> Any:
        """Download its diagnostics, or those of one of its devices, by name."""
        path = f"/api/diagnostics/config_entry/{self.entry_id}"
        if device is not None:
            path += f"/device/{await self.device(device)}"

        async def downloaded() -> Any:
            try:
                return await self.client.request("GET", path)
            except HttpError as err:
                if err.status != HTTPStatus.NOT_FOUND:
                    raise
                return None  # for a moment after Home Assistant has first loaded us

        return await eventually(downloaded, "diagnostics")

    async def issues(self) -> list[Json]:
        """Return our integration's repair issues."""
        listed = await self.client.command("repairs/list_issues")
        return [issue for issue in listed["issues"] if issue["domain"] == DOMAIN]

    # Devices and entities.

    async def devices(self) -> dict[str, str]:
        """Return the ids of its devices by their names."""
        listed = await self.client.command("config/device_registry/list")
        return {
            device["name"]: device["id"]
            for device in listed
            if self.entry_id in device["config_entries"]
        }

    async def device(self, name: str) -> str:
        """Return the id of a device; KeyError where there is none of this name."""
        return (await self.devices())[name]

    async def entities(self) -> list[Json]:
        """Return its entities as the registry lists them."""
        listed = await self.client.command("config/entity_registry/list")
        return [entity for entity in listed if entity["config_entry_id"] == self.entry_id]

    async def entity(self, kind: str, key: str, target: str | None = None) -> str:
        """Return the id of an entity: of the account itself, or of one of its targets.

        For example `sensor`, `command`, `dev-7/1`. Raises KeyError, which tells what there is.
        """
        wanted = "_".join(filter(None, (self.entry_id, target, key)))
        found = {
            (each["entity_id"].partition(".")[0], each["unique_id"]): each["entity_id"]
            for each in await self.entities()
        }
        if (kind, wanted) not in found:
            message = f"{kind} {wanted}; there are {sorted(found)}"
            raise KeyError(message)
        return str(found[kind, wanted])

    # Commands.

    async def send(self, target: str, command: str, /, **fields: Any) -> Json:
        """Send a command to one target, by the target's id, and return its record."""
        return (await self.send_all((target,), command, **fields))[0]

    async def send_all(
        self, targets: tuple[str, ...], command: str, /, **fields: Any
    ) -> list[Json]:
        """Send a command to some targets, and return the records in the targets' order."""
        call = {"config_entry_id": self.entry_id, "target": list(targets), "command": command}
        answer = await self.client.ask(f"{DOMAIN}.send_command", call | fields)
        return list(answer["commands"])

    async def commands(self, **fields: Any) -> list[Json]:
        """Return the records of its commands, newest first; fields as of `get_commands`."""
        call = {"config_entry_id": self.entry_id}
        answer = await self.client.ask(f"{DOMAIN}.get_commands", call | fields)
        return list(answer["commands"])

    async def is_busy(self) -> bool:
        """Return whether any of its commands is open."""
        return bool(await self.commands(state=OPEN, limit=1))

    async def record(self, tracking_id: str) -> Json:
        """Return the record of one command; StopIteration where it is not known."""
        return next(
            each for each in await self.commands(limit=1000) if each["tracking_id"] == tracking_id
        )

    async def until_final(self, tracking_id: str, *, within: float = PATIENCE) -> Json:
        """Return the record of a command as soon as it has ended."""

        async def ended() -> Json | None:
            record = await self.record(tracking_id)
            return record if record["final"] else None

        record = await eventually(ended, f"end of command {tracking_id}", within=within)
        assert record is not None  # noqa: S101
        return record
