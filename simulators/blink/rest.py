"""The REST host: what there is, what shall be done, and what became of it."""

from collections.abc import Iterator
from functools import partial
import json
from typing import Any, Final

from aiohttp import hdrs, web

from ..base import UNKNOWN, Endpoint, Refusal, json_answer
from . import bodies, shapes, views
from .actions import (
    CLASSIC,
    DEVICE_ACTIONS,
    NETWORK_ACTIONS,
    Body,
    DeviceAction,
    NetworkAction,
    Shape,
)
from .cloud import Cloud
from .commands import Command, Wish
from .scripts import SCRIPTS, Script
from .settings import Busy
from .world import Device, Family, Network

COMMAND: Final = "/network/{network}/command/{command}"
COMMAND_NEWER: Final = "/accounts/{account}/networks/{network}/commands/{command}"
NETWORK: Final = "/network/{network}"

_PICTURE: Final = b"\xff\xd8\xff\xe0 a picture of a very quiet garden \xff\xd9"


class RestHost:
    """Plays `rest-prod.immedia-semi.com` and the host of the account's tier."""

    def __init__(self, cloud: Cloud) -> None:
        """Serve a cloud's world."""
        self._cloud = cloud

    def endpoints(self) -> Iterator[Endpoint]:
        """Return what this host answers."""
        for action in NETWORK_ACTIONS:
            handler = partial(self._act_on_network, action)
            yield Endpoint(action.label, "POST", action.path, handler)
        for device_action in DEVICE_ACTIONS:
            act = partial(self._act_on_device, device_action)
            yield Endpoint(device_action.label, "POST", device_action.path, act)
        for path in (COMMAND, COMMAND_NEWER):
            yield Endpoint("status", "GET", path, self._status)
            for slash in ("", "/"):
                yield Endpoint("done", "POST", f"{path}/done{slash}", self._done)
        yield from self._reads()
        yield Endpoint("legacy_login", "POST", "/api/v5/account/login", self._legacy_login)
        yield Endpoint(UNKNOWN, "*", "/{path:.*}", self._unknown)

    def _reads(self) -> Iterator[Endpoint]:
        account = "/api/v3/accounts/{account}"
        yield Endpoint("tier", "GET", "/api/v1/users/tier_info", self._tier)
        yield Endpoint("homescreen", "GET", f"{account}/homescreen", self._homescreen)
        yield Endpoint("networks", "GET", "/networks", self._networks)
        yield Endpoint("network", "GET", NETWORK, self._network)
        yield Endpoint("network", "POST", f"{NETWORK}/update", self._network)
        yield Endpoint("syncmodules", "GET", f"{NETWORK}/syncmodules", self._sync_module)
        yield Endpoint("usage", "GET", "/api/v1/camera/usage", self._usage)
        yield Endpoint("camera", "GET", f"{CLASSIC}/config", self._camera)
        yield Endpoint("signals", "GET", f"{CLASSIC}/signals", self._signals)
        yield Endpoint("media", "GET", "/media/{path:.+}", self._media)
        changed = "/api/v1/accounts/{account}/media/changed"
        yield Endpoint("media_changed", "GET", changed, self._media_changed)

    # What every request has to pass.

    def _admit(self, request: web.Request) -> None:
        """Refuse whoever has no good access token, or asks for the account of somebody else."""
        kind, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if kind != "Bearer" or not self._cloud.tokens.allows(token):
            raise Refusal(bodies.UNAUTHORIZED.answer())
        own = str(self._cloud.settings.account_id)
        if request.match_info.get("account", own) != own:
            raise Refusal(bodies.FOREIGN_ACCOUNT.answer())
        self._cloud.book.settle(self._cloud.clock())

    def _here(self, request: web.Request) -> Network:
        """Return the network that the path names."""
        network = self._cloud.world.networks.get(_number(request, "network"))
        if network is None:
            raise Refusal(bodies.NETWORK_NOT_FOUND.answer())
        return network

    def _device(self, request: web.Request, network: Network, family: Family) -> Device:
        """Return the device that the path names, if it belongs to the family of the path."""
        number = _number(request, "device")
        device = self._cloud.world.find(network.id, family, number)
        if device is None:
            raise Refusal(bodies.CAMERA_NOT_FOUND.answer())
        return device

    # Commands.

    async def _act_on_network(self, action: NetworkAction, request: web.Request) -> web.Response:
        self._admit(request)
        network = self._here(request)
        devices = self._cloud.world.devices_in(network.id)
        motionless = action.needs_camera and not any(device.enabled for device in devices)
        usual = SCRIPTS["no_cameras" if motionless else "success"]
        wish = self.wish_for_network(action, network)
        return json_answer(shapes.with_children(self._begin(wish, network.id, action.label, usual)))

    async def _act_on_device(self, action: DeviceAction, request: web.Request) -> web.Response:
        self._admit(request)
        device = self._device(request, self._here(request), action.family)
        if request.match_info.get("accessory", str(device.mount)) != str(device.mount):
            raise Refusal(bodies.CAMERA_NOT_FOUND.answer())
        if action.type not in (None, device.type):
            raise Refusal(bodies.WRONG_DEVICE_TYPE.answer())
        usual = SCRIPTS["out_of_reach" if device.offline else "success"]
        wish = self.wish_for_device(action, device, await _json(request))
        command = self._begin(wish, device.id, action.label, usual)
        return json_answer(self._answer(action.shape, command))

    def wish_for_network(self, action: NetworkAction, network: Network) -> Wish:
        """Return what arming or disarming is to do."""
        cameras = self._cloud.world.devices_in(network.id, Family.CLASSIC)
        return Wish(
            command=action.label,
            network_id=network.id,
            target=None,
            target_id=None,
            last_stage="dev",
            effect=partial(action.effect, network),
            children=tuple(camera.id for camera in cameras),
        )

    def wish_for_device(self, action: DeviceAction, device: Device, body: Body) -> Wish:
        """Return what a command to a device is to do."""
        return Wish(
            command=action.command,
            network_id=device.network_id,
            target=action.target,
            target_id=device.id,
            last_stage=action.last_stage,
            effect=partial(action.effect, device, body),
        )

    def _begin(self, wish: Wish, target: int, label: str, usual: Script) -> Command:
        """Take a command, unless the state of the network or its script is against it.

        A network that is busy uses up no script.
        """
        cloud = self._cloud
        busy = cloud.book.lane(wish.network_id).attempt(cloud.clock())
        if busy and cloud.settings.busy is not Busy.OFF:
            raise Refusal(bodies.REFUSALS[cloud.settings.busy].answer())
        story = cloud.playbook.take(target, label) or usual
        if story.refusal is not None:
            raise Refusal(bodies.REFUSALS[story.refusal].answer())
        return self.begin(wish, story)

    def begin(self, wish: Wish, story: Script) -> Command:
        """Take a command, whatever else is going on."""
        return self._cloud.book.begin(
            wish,
            story,
            now=self._cloud.clock(),
            at=self._cloud.now_utc(),
            hold_limit=self._cloud.settings.hold_limit,
        )

    def _answer(self, shape: Shape, command: Command) -> dict[str, Any]:
        match shape:
            case Shape.FULL:
                account_id = self._cloud.settings.account_id
                return shapes.full(command, account_id, command.look(command.created))
            case Shape.LIVE_VIEW:
                return shapes.live_view(command)
            case _:
                return shapes.short(command)

    def _command(self, request: web.Request) -> Command:
        """Return the command that the path names."""
        self._admit(request)
        book = self._cloud.book
        command = book.find(_number(request, "network"), _number(request, "command"))
        if command is None:
            raise Refusal(bodies.not_found())
        return command

    async def _status(self, request: web.Request) -> web.Response:
        account_id = self._cloud.settings.account_id
        return shapes.status_answer(self._command(request), account_id, self._cloud.clock())

    async def _done(self, request: web.Request) -> web.Response:
        self._cloud.book.end(self._command(request), self._cloud.clock())
        return bodies.DONE.answer()

    # Reads.

    async def _tier(self, request: web.Request) -> web.Response:
        self._admit(request)
        settings = self._cloud.settings
        self._cloud.secrets.add(str(settings.account_id))
        return json_answer({"tier": settings.tier, "account_id": settings.account_id})

    async def _homescreen(self, request: web.Request) -> web.Response:
        self._admit(request)
        settings = self._cloud.settings
        return json_answer(
            views.homescreen(self._cloud.world, settings),
            headers={"Client-Id": str(settings.client_id), "User-Id": str(settings.user_id)},
        )

    async def _networks(self, request: web.Request) -> web.Response:
        self._admit(request)
        networks = [
            self._view(network) for network in self._cloud.world.networks.values() if network.listed
        ]
        summary = {str(network["id"]): network for network in networks}
        return json_answer({"networks": networks, "summary": summary})

    async def _network(self, request: web.Request) -> web.Response:
        """Answer both the GET and the POST `update`, which blinkpy uses as a read."""
        self._admit(request)
        return json_answer({"network": self._view(self._here(request))})

    def _view(self, network: Network) -> dict[str, Any]:
        cloud = self._cloud
        busy = cloud.book.lane(network.id).running(cloud.clock()) > 0
        view = views.network(cloud.world, network, busy=busy)
        cloud.secrets.add(view["network_key"])
        return view

    async def _sync_module(self, request: web.Request) -> web.Response:
        self._admit(request)
        network = self._here(request)
        if network.sync_module is None:
            return bodies.not_found()
        return json_answer({"syncmodule": views.sync_module(network)})

    async def _usage(self, request: web.Request) -> web.Response:
        self._admit(request)
        return json_answer(views.usage(self._cloud.world))

    async def _camera(self, request: web.Request) -> web.Response:
        self._admit(request)
        device = self._device(request, self._here(request), Family.CLASSIC)
        return json_answer({"camera": [views.camera(device)]})

    async def _signals(self, request: web.Request) -> web.Response:
        self._admit(request)
        device = self._device(request, self._here(request), Family.CLASSIC)
        return json_answer(views.camera(device)["signals"])

    async def _media(self, request: web.Request) -> web.Response:
        self._admit(request)
        return web.Response(body=_PICTURE, content_type="image/jpeg")

    async def _media_changed(self, request: web.Request) -> web.Response:
        self._admit(request)
        return json_answer({"media": []})

    async def _legacy_login(self, _: web.Request) -> web.Response:
        """Answer as since 2025-10-14 (blinkpy#1127)."""
        return json_answer(bodies.UPDATE_REQUIRED, 426)

    async def _unknown(self, _: web.Request) -> web.Response:
        return bodies.not_found()


def _number(request: web.Request, name: str) -> int:
    """Return an id of the path; one that is no number is an id that nothing has."""
    text = request.match_info[name]
    return int(text) if text.isdecimal() else -1


async def _json(request: web.Request) -> Body:
    """Return the JSON object that came with a request; anything else is as good as none."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
