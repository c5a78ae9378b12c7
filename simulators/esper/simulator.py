"""The Esper cloud: who may ask what, and what becomes of it.

Free choices, where nothing is documented: an unknown device in a request is 400; a status that
cannot be set is 400; a PUT without anything to change is 200; a command that was cancelled before
it was fired never reaches its device, and later the device has the last word; a key without
rights is not known here (order a fault with status 403).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import count
import json
from typing import Any, ClassVar, Final, override
from uuid import uuid4

from aiohttp import web

from simulators.base import Endpoint, Simulator, json_answer

from . import answers, reading
from .answers import good, refusal
from .commands import Playbook, Request, Script, Status
from .settings import EsperSettings
from .world import Device, Json, default_world

API_KEY: Final = "esper-key-7b21f0d9c4"
ENTERPRISE: Final = "6f1c0f2e-0000-4000-8000-000000000001"


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class EsperSimulator(Simulator[EsperSettings]):
    """Esper on loopback; its base address is `tenant`."""

    name: ClassVar[str] = "esper"

    devices: dict[str, Device]
    """By id, in the cloud's order."""
    requests: dict[str, Request]
    """By id, oldest first: everything that was ever asked for."""
    statuses: dict[str, Status]
    """By id, oldest first."""
    keys: set[str]
    """The API keys that are good now."""

    def __init__(self, settings: EsperSettings | None = None, **kwargs: Any) -> None:
        """Build the cloud; the keywords are the clock's, see `Simulator`."""
        super().__init__(settings or EsperSettings(), **kwargs)

    @override
    def endpoints(self) -> Iterable[Endpoint]:
        requests, statuses = "/api/commands/v0/commands/", "/api/commands/v0/status/"
        yield Endpoint("token", "GET", "/api/v1/token-info/", self._tell_token)
        yield Endpoint("devices", "GET", "/api/v2/devices/", self._list_devices)
        yield Endpoint("create", "POST", requests, self._create)
        yield Endpoint("requests", "GET", requests, self._list_requests)
        yield Endpoint("request", "GET", f"{requests}{{request}}/", self._get_request)
        yield Endpoint("statuses", "GET", statuses, self._list_statuses)
        yield Endpoint("status", "GET", f"{statuses}{{status}}/", self._get_status)
        yield Endpoint("update", "PUT", f"{statuses}{{status}}/", self._update_status)

    @override
    def build(self) -> None:
        self.devices = default_world(self.settings.extra_devices)
        self.requests = {}
        self.statuses = {}
        self.keys = set()
        self._of_request: dict[str, list[Status]] = {}
        self._request_numbers = count(1)
        self._status_numbers = count(1)
        self._playbook = Playbook()
        self._refresh_token = f"refresh-{uuid4().hex}"
        self.secrets.add(self._refresh_token)
        self.add_key(API_KEY)

    # What a test does with it.

    @property
    def tenant(self) -> str:
        """The base address, as users type it."""
        return f"{self.url}/api"

    @override
    def configure(self, changes: Mapping[str, object]) -> None:
        super().configure(changes)
        if "extra_devices" in changes:
            self.devices = default_world(self.settings.extra_devices)

    def add_key(self, key: str) -> None:
        """Make a key good."""
        self.keys.add(key)
        self.secrets.add(key)

    def revoke_keys(self) -> None:
        """Let all keys die, as when their user is deleted."""
        self.keys.clear()

    def replace_key(self, key: str) -> None:
        """Make another key, which ends the old one at once."""
        self.revoke_keys()
        self.add_key(key)

    def set_device(self, device: str, *, online: bool, after: float = 0.0) -> None:
        """Take a device off the network, or bring it back, now or after some seconds."""
        self.devices[device].turn(self.clock() + after, online=online)

    def remove_device(self, device: str) -> None:
        """Take a device out of the enterprise."""
        del self.devices[device]

    def script(
        self,
        script: Script | None = None,
        *,
        device: str | None = None,
        command: str | None = None,
        times: int | None = None,
        **details: Any,
    ) -> None:
        """Say what becomes of commands: of the next `times` ones, or of all from now on.

        Its fields do as well: `script(outcome="Command Failure", reason="no such app", times=1)`.
        """
        self._playbook.add(script or Script(**details), device=device, command=command, times=times)

    def issue(
        self,
        command: str,
        devices: Iterable[str],
        *,
        arguments: Json | None = None,
        alias: str = "",
        internal: bool = False,
    ) -> Request:
        """Make a request as somebody else would, or as the cloud does by itself (`internal`)."""
        cast = {device: self._playbook.take(device, command) for device in devices}
        request = self._make(command, arguments or {}, cast, alias)
        request.internal = internal
        return request

    def statuses_of(self, request_id: str) -> list[Status]:
        """Return the status objects of a request, also those that do not exist yet or any more."""
        return self._of_request[request_id]

    def forget(self, status_id: str) -> None:
        """Know a status object no more: it is 404 and in no list from now on."""
        self.statuses[status_id].forgotten = True

    def set_status(
        self, status_id: str, state: str | None = None, reason: str | None = None
    ) -> None:
        """Change a status object, as its device or somebody else may."""
        self.statuses[status_id].put(self.clock(), state, reason)

    @override
    def state(self) -> Json:
        return {
            "requests": [
                {
                    **self._describe_request(request),
                    "statuses": [self._describe(s) for s in self.statuses_of(request_id)],
                }
                for request_id, request in self.requests.items()
            ]
        }

    @override
    def actions(self) -> Mapping[str, Callable[..., object]]:
        return {
            "script": self.script,
            "issue": lambda **details: self.issue(**details).request_id,
            "forget": self.forget,
            "set_status": self.set_status,
            "set_device": self.set_device,
            "remove_device": self.remove_device,
            "add_key": self.add_key,
            "revoke_keys": self.revoke_keys,
            "replace_key": self.replace_key,
        }

    # How it answers.

    @override
    def error_body(self, status: int) -> str:
        return json.dumps(answers.error(self.settings.fault_shape, status))

    def _authorize(self, request: web.Request) -> str:
        """Return the key that came with the request, if it is good."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or key not in self.keys:
            raise refusal(request, HTTPStatus.UNAUTHORIZED)
        return key

    def _list[T](
        self, request: web.Request, items: Sequence[T], describe: Callable[[T], Json]
    ) -> web.Response:
        """Answer with a part of a list."""
        part, frame = answers.page(request, self.settings, items)
        return good({**frame, "results": [describe(item) for item in part]})

    async def _tell_token(self, request: web.Request) -> web.Response:
        key = self._authorize(request)
        now = self.now_utc()
        return json_answer(
            {
                "id": 1,
                "enterprise": ENTERPRISE,
                "user": 10,
                "developer_app": "app-1",
                "source_refresh_token": self._refresh_token,
                "token": key,
                "expires_on": _timestamp(now + timedelta(days=60)),
                "scope": ["read", "write"],
                "created_on": _timestamp(now),
                "updated_on": _timestamp(now),
            }
        )

    # Devices.

    async def _list_devices(self, request: web.Request) -> web.Response:
        self._authorize(request)
        return self._list(request, list(self.devices.values()), self._describe_device)

    def _describe_device(self, device: Device) -> Json:
        now = self.clock()
        seen = self.now_utc() - timedelta(seconds=device.unseen(now))
        return device.describe(now, _timestamp(seen))

    # Requests.

    def _make(
        self, command: str, arguments: Json, cast: Mapping[str, Script], alias: str
    ) -> Request:
        """Make a request; `cast` names its devices and what becomes of each."""
        self.secrets.update(reading.passwords(arguments))
        request = Request(
            request_id=f"a91e0c44-0000-4000-8000-{next(self._request_numbers):012}",
            command=command,
            arguments=arguments,
            devices=tuple(cast),
            alias=alias,
            created=self.clock(),
            created_at=_timestamp(self.now_utc()),
        )
        self.requests[request.request_id] = request
        self._of_request[request.request_id] = [
            self._status(request, device, script) for device, script in cast.items()
        ]
        return request

    def _status(self, request: Request, device: str, script: Script) -> Status:
        status = Status(
            status_id=f"5b7d1f60-0000-4000-8000-{next(self._status_numbers):012}",
            request=request,
            device=self.devices[device],
            script=script,
            duration=self.settings.duration if script.after is None else script.after,
            appears=request.created + self.settings.status_delay,
        )
        self.statuses[status.status_id] = status
        return status

    async def _create(self, request: web.Request) -> web.Response:
        self._authorize(request)
        new = await reading.new_request(request, self.devices.keys())
        cast = {device: self._playbook.take(device, new.command) for device in new.devices}
        refused = next((script for script in cast.values() if script.error), Script())
        if refused.error and not refused.taken:
            raise refusal(request, refused.error, refused.message)
        made = self._make(new.command, new.arguments, cast, new.alias)
        if refused.error:
            raise refusal(request, refused.error, refused.message)
        described = self._describe_request(made)
        if self.settings.flat_create:
            return json_answer(described, HTTPStatus.CREATED)
        return good(described, HTTPStatus.CREATED)

    def _describe_request(self, request: Request) -> Json:
        described = {
            "id": request.request_id,
            "command_type": "DEVICE",
            "command": request.command,
            "command_args": request.arguments,
            "alias": request.alias,
            "schedule": "IMMEDIATE",
            "created_at": request.created_at,
        }
        if self.settings.request_devices:
            described["devices"] = list(request.devices)
        return described

    async def _list_requests(self, request: web.Request) -> web.Response:
        self._authorize(request)
        devices, command = reading.ids(request, "devices"), request.query.get("command")
        found = [
            known
            for known in self._visible(request)
            if (devices is None or not devices.isdisjoint(known.devices))
            and command in (None, known.command)
        ]
        if self.settings.newest_first:
            found.reverse()
        return self._list(request, found, self._describe_request)

    def _visible(self, request: web.Request) -> Iterable[Request]:
        """Return the requests without those that the query excludes."""
        exclude = request.query.get("exclude_internal_commands", "").lower() == "true"
        return (known for known in self.requests.values() if not (exclude and known.internal))

    async def _get_request(self, request: web.Request) -> web.Response:
        self._authorize(request)
        known = self.requests.get(request.match_info["request"])
        if known is None:
            raise refusal(request, HTTPStatus.NOT_FOUND)
        return good(self._describe_request(known))

    # Status objects.

    def _describe(self, status: Status) -> Json:
        now = self.clock()
        word = status.word(now)
        device = status.device.device_id
        address = f"{self.tenant}/enterprise/{ENTERPRISE}/device/{device}/"
        passed = timedelta(seconds=now - word.at)
        described: Json = {
            "id": status.status_id,
            "request": status.request.request_id,
            "device": address if self.settings.device_as_url else device,
            "state": word.state,
            "reason": word.reason,
            "created_at": status.request.created_at,
            "updated_at": _timestamp(self.now_utc() - passed),
        }
        if self.settings.command_meta:
            result = status.result(now)
            described["command_meta"] = None if result is None else {"result": result}
        return described

    async def _list_statuses(self, request: web.Request) -> web.Response:
        self._authorize(request)
        now = self.clock()
        devices, state = reading.ids(request, "device"), request.query.get("state")
        visible = {known.request_id for known in self._visible(request)}
        wanted = reading.ids(request, "request")
        found = [
            status
            for request_id in self._of_request
            if request_id in visible and (wanted is None or request_id in wanted)
            for status in self._of_request[request_id]
            if (devices is None or status.device.device_id in devices)
            and status.is_known(now)
            and (state is None or status.word(now).state == state)
        ]
        return self._list(request, found, self._describe)

    def _known(self, request: web.Request) -> Status:
        """Return the status object that the path names."""
        status = self.statuses.get(request.match_info["status"])
        if status is None or not status.is_known(self.clock()):
            raise refusal(request, HTTPStatus.NOT_FOUND)
        return status

    async def _get_status(self, request: web.Request) -> web.Response:
        self._authorize(request)
        return good(self._describe(self._known(request)))

    async def _update_status(self, request: web.Request) -> web.Response:
        self._authorize(request)
        body = await reading.json_object(request)
        status = self._known(request)
        status.put(self.clock(), *reading.update(request, body))
        return good(self._describe(status))
