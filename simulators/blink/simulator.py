"""Blink in one process: both hosts on one port, one account, and everything that may go wrong."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
import json
import time
from typing import Any, ClassVar, Final, override

from ..base import Endpoint, Simulator
from ..clock import Clock, Sleep
from ..control import ControlError
from . import bodies
from .actions import NETWORK_ACTIONS, actions_of
from .commands import Book
from .oauth import OAuthHost
from .rest import RestHost
from .scripts import Playbook, script
from .settings import Settings
from .tokens import Tokens
from .world import Device, Network, default_world

_ERRORS: Final[Mapping[int, str]] = {
    406: "406 Not Acceptable",
    426: json.dumps(bodies.UPDATE_REQUIRED),
    # Free choices: whether these have a body of their own is not known.
    429: json.dumps({"message": "Too many requests", "code": 429}),
    500: "Internal Server Error",
    502: "<h1>502 ERROR</h1><p>The request could not be satisfied.</p>",
    503: "<h1>503 ERROR</h1><p>The request could not be satisfied.</p>",
}


class BlinkSimulator(Simulator[Settings]):
    """The Blink cloud on loopback. Its address serves as the OAuth host and as every REST host."""

    name: ClassVar[str] = "blink"

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        epoch: datetime | None = None,
    ) -> None:
        """Build the cloud; see `Simulator`."""
        self.oauth = OAuthHost(self)
        self.rest = RestHost(self)
        super().__init__(settings or Settings(), clock=clock, sleep=sleep, epoch=epoch)

    @override
    def endpoints(self) -> Iterable[Endpoint]:
        yield from self.oauth.endpoints()
        yield from self.rest.endpoints()

    @override
    def build(self) -> None:
        self.oauth.clear()
        self.world = default_world()
        self.book = Book()
        self.playbook = Playbook()
        self.tokens = Tokens(self.clock, self.secrets.add)

    @override
    def error_body(self, status: int) -> str:
        return _ERRORS.get(status, json.dumps({"message": f"Error {status}", "code": status}))

    @override
    def state(self) -> dict[str, Any]:
        now = self.clock()
        self.book.settle(now)
        return {
            "wrong_passwords": self.oauth.wrong_passwords,
            "code_tries": self.oauth.code_tries,
            "refreshes": self.tokens.refreshes,
            "most_at_once": self.book.most_at_once,
            "networks": [asdict(network) for network in self.world.networks.values()],
            "devices": [asdict(device) for device in self.world.devices.values()],
            "commands": [
                {
                    "id": command.id,
                    "created_at": command.created_at.isoformat(),
                    "command": command.wish.command,
                    "network_id": command.wish.network_id,
                    "target_id": command.wish.target_id,
                    "complete": now >= command.completes,
                    "stage": command.look(now).stage,
                    "answers": command.answers,
                }
                for command in self.book.commands.values()
            ],
        }

    @override
    def actions(self) -> Mapping[str, Callable[..., object]]:
        return {
            "script": self.script,
            "clear_scripts": self.playbook.clear,
            "issue": self.issue,
            "complete": self.complete,
            "forget": self.forget,
            "record_motion": self.record_motion,
            "set_device": self.set_device,
            "set_network": self.set_network,
            "remove_device": self.remove_device,
            "issue_refresh_token": self.issue_refresh_token,
            "expire_tokens": self.tokens.expire_access,
            "revoke_tokens": self.tokens.revoke_refresh,
            "forget_sign_ins": self.oauth.forget_flows,
        }

    def script(
        self,
        name: str = "success",
        *,
        target: int | None = None,
        command: str | None = None,
        times: int | None = None,
        **changes: Any,
    ) -> None:
        """Say what becomes of commands: of the next `times` ones, or of all from now on.

        The names are those of `SCRIPTS`, the changes are fields of `Script`:
        `script(seconds=20, target=701, times=1)`. For the rest see `Playbook.add`.
        """
        self.playbook.add(script(name, **changes), target=target, command=command, times=times)

    def issue(self, command: str, target: int, name: str = "success", **changes: Any) -> int:
        """Take a command as somebody else's phone sends it, and return its id."""
        if target in self.world.networks:
            network_actions = {action.label: action for action in NETWORK_ACTIONS}
            network = self.world.networks[target]
            wish = self.rest.wish_for_network(network_actions[command], network)
        else:
            device = self.world.devices[target]
            actions = {action.label: action for action in actions_of(device)}
            wish = self.rest.wish_for_device(actions[command], device, {})
        return self.rest.begin(wish, script(name, **changes)).id

    def complete(self, command_id: int, name: str = "success", **changes: Any) -> None:
        """End a command now, as a script says."""
        self.book.complete(self.book.commands[command_id], script(name, **changes), self.clock())

    def forget(self, command_id: int) -> None:
        """Let the cloud not know a command any more."""
        self.book.forget(self.book.commands[command_id])

    def record_motion(self, network_id: int, seconds: float) -> None:
        """Let a camera record motion: its network refuses all commands for so long."""
        self.book.lane(network_id).busy_until = self.clock() + seconds

    def set_device(self, device_id: int, **changes: Any) -> None:
        """Let a device be different: its status, its name, whether it is enabled."""
        _change(self.world.devices[device_id], changes)

    def set_network(self, network_id: int, **changes: Any) -> None:
        """Let a network be different: its name, whether it is armed or listed."""
        _change(self.world.networks[network_id], changes)

    def remove_device(self, device_id: int) -> None:
        """Take a device out of the account."""
        del self.world.devices[device_id]

    def issue_refresh_token(self) -> str:
        """Return a refresh token as somebody has it who signed in elsewhere."""
        return self.tokens.issue(0).refresh


def _change(thing: Device | Network, changes: Mapping[str, Any]) -> None:
    """Set fields, unless one of them does not exist."""
    if unknown := changes.keys() - {field.name for field in fields(thing)}:
        message = f"it has no {', '.join(sorted(unknown))}"
        raise ControlError(message)
    for name, value in changes.items():
        setattr(thing, name, value)
