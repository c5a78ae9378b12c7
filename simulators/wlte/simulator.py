"""The WLTE cloud: who may ask what, and what becomes of it.

Free choices, where nothing is documented: a relay that the device does not have is 400; a device
without relays is 422 COMMAND_REJECTED; the token call, the status call and the device list have no
rate limit; a repeat with the key of a finished command returns that command; keys live for ever.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import count
import json
from typing import Any, ClassVar, Final, override

from aiohttp import web

from simulators.base import Endpoint, Simulator

from . import reading
from .accounts import CONTROL, READ, Client, Token, new_token
from .answers import COMMAND, Answers
from .codes import CODE_OF_STATUS, ErrorCode
from .commands import Command, Playbook, RelayAction, Script, Switching
from .limits import Key, Limit, Limits
from .settings import Generation, WlteSettings
from .world import JOG_SECONDS, Device, Json, default_world, profiles

CLIENT_ID: Final = "client-1"
CLIENT_SECRET: Final = "wlte-secret-5f1c0d"  # noqa: S105 - opens nothing but the simulator


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cooldown(device: Device, relay: RelayAction) -> Key:
    return Limit.RELAY, f"{device.device_id}/{relay.index}"


class WlteSimulator(Simulator[WlteSettings]):
    """The WLTE Open Platform on loopback."""

    name: ClassVar[str] = "wlte"

    devices: dict[str, Device]
    """By id, in the cloud's order."""
    clients: dict[str, Client]
    """By client id."""
    commands: dict[str, Command]
    """By command id, oldest first."""
    switchings: list[Switching]
    """Every movement of a relay that has happened or is about to."""

    def __init__(self, settings: WlteSettings | None = None, **kwargs: Any) -> None:
        """Build the cloud; the keywords are the clock's, see `Simulator`."""
        super().__init__(settings or WlteSettings(), **kwargs)

    @override
    def endpoints(self) -> Iterable[Endpoint]:
        devices = "/wlte/v1/devices"
        yield Endpoint("status", "GET", "/wlte/v1/commands/{command}", self._get_command)
        yield Endpoint("token", "POST", "/wlte/v1/auth/token", self._give_token)
        yield Endpoint("devices", "GET", devices, self._list_devices)
        yield Endpoint("device", "GET", f"{devices}/{{device}}", self._get_device)
        yield Endpoint("profiles", "GET", "/wlte/v1/device-profiles", self._list_profiles)
        yield Endpoint("create", "POST", f"{devices}/{{device}}/relays/commands", self._create)
        yield Endpoint(
            "create_old",
            "POST",
            f"{devices}/{{device}}/relays/{{relay}}/commands",
            self._create_old,
        )

    @override
    def build(self) -> None:
        self.devices = default_world(self.settings.extra_devices)
        self.clients = {}
        self.commands = {}
        self._command_numbers = count(1)
        self.switchings = []
        self.limits = Limits()
        self._tokens: dict[str, Token] = {}
        self._playbook = Playbook()
        self._by_key: dict[tuple[str, str], tuple[object, Command]] = {}
        self._answers = Answers(self.settings)
        self._refuse = self._answers.refusal
        self.add_client(CLIENT_ID, CLIENT_SECRET)

    # What a test does with it.

    @override
    def configure(self, changes: Mapping[str, object]) -> None:
        super().configure(changes)
        if "extra_devices" in changes:
            self.devices = default_world(self.settings.extra_devices)

    def add_client(self, client_id: str, secret: str, scopes: Iterable[str] = (CONTROL,)) -> None:
        """Make an API client, or give one another secret and other scopes."""
        self.clients[client_id] = Client(client_id, secret, set(scopes))
        self.secrets.add(secret)

    def set_client(
        self, *, client: str = CLIENT_ID, enabled: bool = True, scopes: Iterable[str] = (CONTROL,)
    ) -> None:
        """Disable or enable a client, or change its scopes. It counts from the next request on."""
        self.clients[client].enabled = enabled
        self.clients[client].scopes = set(scopes)

    def set_device(self, device: str, *, online: bool) -> None:
        """Take a device off the network, or bring it back."""
        self.devices[device].online = online

    def remove_device(self, device: str) -> None:
        """Take a device out of the account."""
        del self.devices[device]

    def expire_tokens(self) -> None:
        """Let all tokens expire now."""
        for token in self._tokens.values():
            token.expires_at = self.clock()

    def revoke_tokens(self) -> None:
        """Know none of the tokens any more."""
        self._tokens.clear()

    def script(
        self,
        script: Script | None = None,
        *,
        device: str | None = None,
        relay: int | None = None,
        times: int | None = None,
        **details: Any,
    ) -> None:
        """Say what becomes of commands: of the next `times` ones, or of all from now on.

        The fields of a script do as well: `script(outcome="FAILED", after=3, times=1)`.
        """
        self._playbook.add(script or Script(**details), device=device, relay=relay, times=times)

    def issue(
        self,
        device: str = "dev-7",
        relays: Mapping[int, str] | None = None,
        *,
        operation: str = "device.relay.set",
        **details: Any,
    ) -> Command:
        """Make a command as somebody else would: `issue("dev-7", {1: "ON"}, after=5)`."""
        actions = tuple(RelayAction(int(i), action) for i, action in (relays or {}).items())
        return self._take(self.devices[device], actions, Script(**details), operation)

    def forget(self, command_id: str) -> None:
        """Know a command no more: its status is 404 from now on."""
        del self.commands[command_id]

    def switched(self, device: str, relay: int) -> list[Switching]:
        """Return the movements of one relay."""
        return [s for s in self.switchings if (s.device_id, s.relay) == (device, relay)]

    @override
    def state(self) -> Json:
        now = self.clock()
        return {
            "commands": [
                {**COMMAND[Generation.G3](command, now), "known": command.is_known(now)}
                for command in self.commands.values()
            ],
            "switchings": [asdict(switching) for switching in self.switchings],
            "breaches": self.limits.breaches,
        }

    @override
    def actions(self) -> Mapping[str, Callable[..., object]]:
        return {
            "script": self.script,
            "issue": lambda **details: self.issue(**details).command_id,
            "forget": self.forget,
            "expire_tokens": self.expire_tokens,
            "revoke_tokens": self.revoke_tokens,
            "add_client": self.add_client,
            "set_client": self.set_client,
            "set_device": self.set_device,
            "remove_device": self.remove_device,
        }

    # How it answers.

    @override
    def error_body(self, status: int) -> str:
        return json.dumps(self._answers.error(CODE_OF_STATUS.get(status, ErrorCode.INTERNAL_ERROR)))

    def _authorize(self, request: web.Request, scope: str) -> Client:
        """Return the client whose token came with the request, if it may do this."""
        scheme, _, word = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not word:
            raise self._refuse(ErrorCode.AUTH_REQUIRED)
        token = self._tokens.get(word)
        if token is None or not token.client.enabled:
            raise self._refuse(ErrorCode.AUTH_INVALID)
        if self.clock() >= token.expires_at:
            raise self._refuse(ErrorCode.AUTH_EXPIRED)
        if not token.client.may(scope):
            raise self._refuse(ErrorCode.AUTH_SCOPE_DENIED, details={"requiredScope": scope})
        return token.client

    def _within(self, *keys: Key) -> None:
        """Refuse, and say how long to wait, if one of these limits is reached."""
        breach = self.limits.breached(keys, self.clock())
        if breach is None or not self.settings.enforce_limits:
            return
        raise self._answers.too_many(*breach)

    def _use(self, key: Key) -> None:
        """Take from an allowance, or refuse."""
        self._within(key)
        self.limits.use([key], self.clock())

    # Tokens.

    async def _give_token(self, request: web.Request) -> web.Response:
        client_id, secret = await reading.credentials(request, self._answers)
        client = self.clients.get(client_id)
        if client is None or client.secret != secret or not client.enabled:
            raise self._refuse(ErrorCode.AUTH_INVALID)
        word = new_token()
        self.secrets.add(word)
        lifetime = self.settings.token_lifetime
        self._tokens[word] = Token(client, self.clock() + lifetime)
        data: Json = {"accessToken": word, "tokenType": "Bearer", "expiresIn": int(lifetime)}
        if self.settings.generation == Generation.G3:
            data |= {"clientId": client_id, "scopes": sorted(client.scopes)}
        return self._answers.good(data)

    # Devices.

    def _device(self, request: web.Request) -> Device:
        """Return the device that the path names."""
        device = self.devices.get(request.match_info["device"])
        if device is None:
            raise self._refuse(ErrorCode.DEVICE_NOT_FOUND)
        return device

    def _describe(self, device: Device) -> Json:
        return device.describe(self.clock(), _timestamp(self.now_utc()))

    async def _list_devices(self, request: web.Request) -> web.Response:
        self._authorize(request, READ)
        devices = list(self.devices.values())
        part, pagination = self._answers.page(request, devices)
        total, online = len(devices), sum(device.online for device in devices)
        data = {
            "devices": [self._describe(device) for device in part],
            "stats": {"total": total, "online": online, "offline": total - online},
            "pagination": pagination,
        }
        return self._answers.good(data)

    async def _get_device(self, request: web.Request) -> web.Response:
        self._authorize(request, READ)
        device = self._device(request)
        self._use((Limit.DETAIL, device.device_id))
        return self._answers.good(self._describe(device))

    async def _list_profiles(self, request: web.Request) -> web.Response:
        client = self._authorize(request, READ)
        self._use((Limit.PROFILES, client.client_id))
        return self._answers.good({"profiles": profiles()})

    # Commands.

    async def _get_command(self, request: web.Request) -> web.Response:
        self._authorize(request, READ)
        now = self.clock()
        command = self.commands.get(request.match_info["command"])
        if command is None or not command.is_known(now):
            raise self._refuse(ErrorCode.COMMAND_NOT_FOUND)
        return self._answers.good(COMMAND[self.settings.generation](command, now))

    async def _create(self, request: web.Request) -> web.Response:
        """Take a command by the path of G3."""
        if self.settings.generation != Generation.G3:
            status = self.settings.missing_path_status
            return web.Response(status=status, text=f"{status}: no such path\n")
        client = self._authorize(request, CONTROL)
        relays = await reading.relays(request, self._answers)
        command = await self._execute(request, client, relays)
        data = {"command": COMMAND[Generation.G3](command, self.clock())}
        if device := self.devices.get(command.device_id):
            data["state"] = self._describe(device)
        return self._answers.accepted(data)

    async def _create_old(self, request: web.Request) -> web.Response:
        """Take a command by the path of G1 and G2, which G3 still knows."""
        client = self._authorize(request, CONTROL)
        relays = await reading.relay_of_path(request, self._answers)
        command = await self._execute(request, client, relays)
        generation = self.settings.generation
        flat = Generation.G1 if generation == Generation.G3 else generation
        data = COMMAND[flat](command, self.clock())
        if generation == Generation.G1 and not self.settings.status_in_create:
            data = {key: data[key] for key in ("id", "deviceId", "relayIndex", "action")}
        headers = None
        if generation == Generation.G3:
            new_path = f"/wlte/v1/devices/{command.device_id}/relays/commands"
            headers = {"Deprecation": "true", "Link": f'<{new_path}>; rel="successor-version"'}
        return self._answers.accepted(data, headers)

    async def _execute(
        self, request: web.Request, client: Client, relays: tuple[RelayAction, ...]
    ) -> Command:
        """Return the command of this request: a new one, or the one that its key stands for."""
        device = self._device(request)
        key = request.headers.get("Idempotency-Key", "")
        if not key and self.settings.generation == Generation.G3:
            raise self._refuse(ErrorCode.INVALID_REQUEST, "Idempotency-Key is required")
        purpose = device.device_id, relays
        if known := self._by_key.get((client.client_id, key)):
            if known[0] != purpose:
                raise self._refuse(ErrorCode.IDEMPOTENCY_CONFLICT)
            return known[1]
        self._check_relays(device, relays)
        self._use_allowance(client, device, relays)
        script = self._playbook.take(device.device_id, {relay.index for relay in relays})
        script = script or self._usual(device)
        if not script.is_taken:
            raise self._refuse(script.error or ErrorCode.COMMAND_REJECTED)
        command = self._take(device, relays, script)
        if key:
            self._by_key[client.client_id, key] = purpose, command
        await self.sleep(command.ends(self.settings.post_wait))
        if script.error:
            raise self._refuse(script.error)
        return command

    def _check_relays(self, device: Device, relays: tuple[RelayAction, ...]) -> None:
        if not device.supported:
            raise self._refuse(ErrorCode.COMMAND_REJECTED, "the device has no relays")
        if not device.relays.keys() >= {relay.index for relay in relays}:
            raise self._refuse(ErrorCode.INVALID_REQUEST, "the device has no such relay")

    def _usual(self, device: Device) -> Script:
        """Return what becomes of a command that no script speaks of."""
        if not device.online:
            return Script(error=ErrorCode.DEVICE_OFFLINE)
        return Script(after=self.settings.confirm_after)

    def _use_allowance(
        self, client: Client, device: Device, relays: tuple[RelayAction, ...]
    ) -> None:
        """Count a command on its way to the device, whatever the device says to it."""
        cooling = (_cooldown(device, relay) for relay in relays)
        counted = (Limit.APPLICATION, client.client_id), (Limit.DEVICE, device.device_id)
        self._within(*counted, *cooling)
        self.limits.use(counted, self.clock())

    def _take(
        self,
        device: Device,
        relays: tuple[RelayAction, ...],
        script: Script,
        operation: str = "device.relay.set",
    ) -> Command:
        """Make a command: from here on the device acts, whether anybody waits or not."""
        now = self.clock()
        command = Command(
            command_id=f"cmd-{next(self._command_numbers)}",
            device_id=device.device_id,
            operation=operation,
            relays=relays,
            script=script,
            created=now,
            created_at=_timestamp(self.now_utc()),
        )
        self.commands[command.command_id] = command
        longest = self.settings.post_wait
        end = now + command.ends(longest) if self.settings.cooldown_from_end else now
        self.limits.use([_cooldown(device, relay) for relay in relays], end)
        if script.is_switching:
            self._switch(device, command, now + (script.after or 0))
        return command

    def _switch(self, device: Device, command: Command, at: float) -> None:
        """Let the relays of a command move."""
        for step in command.relays:
            relay = device.relays[step.index]
            relay.turns.append((at, step.action != "OFF"))
            if step.action == "JOG":
                relay.turns.append((at + JOG_SECONDS, False))
            self.switchings.append(
                Switching(device.device_id, step.index, step.action, command.command_id, at)
            )
