"""The calls that start a command: one row each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from .world import FLOODLIGHT, Device, Family, Network

type Body = Mapping[str, Any]

CLASSIC: Final = "/network/{network}/camera/{device}"
ACCOUNT: Final = "/api/v1/accounts/{account}/networks/{network}"
MOUNT: Final = (
    "/api/v2/accounts/{account}/networks/{network}/cameras/{device}/light_accessories/{accessory}"
)
LIVE: Final = (
    "/api/{version}/accounts/{{account}}/networks/{{network}}/{family}/{{device}}/liveview"
)


class Shape(StrEnum):
    """How the POST is answered when the command is taken."""

    FULL = "full"
    SHORT = "short"
    CHILDREN = "children"
    LIVE_VIEW = "live_view"


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkAction:
    """A command to a whole network; its label is also the word on the wire."""

    label: str
    path: str
    effect: Callable[[Network], object]
    needs_camera: bool = False
    """Whether it is refused (304) where no camera of the network is enabled."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceAction:
    """A command to one device."""

    label: str
    """The word of the endpoint, in logs, faults and scripts."""
    path: str
    family: Family
    command: str
    """The word on the wire."""
    shape: Shape = Shape.SHORT
    target: str | None = "camera"
    last_stage: str = "dev"
    effect: Callable[[Device, Body], object]
    type: str | None = None
    """The only type of device that can do it."""


def _arm(network: Network) -> None:
    network.armed = True


def _disarm(network: Network) -> None:
    network.armed = False


def _enable(device: Device, _: Body) -> None:
    device.enabled = True


def _disable(device: Device, _: Body) -> None:
    device.enabled = False


def _configure(device: Device, body: Body) -> None:
    device.enabled = bool(body.get("enabled", device.enabled))


def _picture(device: Device, _: Body) -> None:
    device.pictures += 1


def _clip(device: Device, _: Body) -> None:
    device.clips += 1


def _lights_on(device: Device, _: Body) -> None:
    device.lights = True


def _lights_off(device: Device, _: Body) -> None:
    device.lights = False


def _nothing(_: Device, __: Body) -> None:
    pass


NETWORK_ACTIONS: Final = (
    NetworkAction(label="arm", path=f"{ACCOUNT}/state/arm", effect=_arm, needs_camera=True),
    NetworkAction(label="disarm", path=f"{ACCOUNT}/state/disarm", effect=_disarm),
)


def _classic() -> Iterator[DeviceAction]:
    """Rows of the older cameras, whose answers are full records."""
    for label, command, target, last_stage, effect in (
        ("thumbnail", "thumbnail", "camera", "vs", _picture),
        ("clip", "clip", None, "vs", _clip),
        ("enable", "device_motion_enable", "camera", "dev", _enable),
        ("disable", "device_motion_disable", "camera", "dev", _disable),
    ):
        yield DeviceAction(
            label=label,
            path=f"{CLASSIC}/{label}",
            family=Family.CLASSIC,
            command=command,
            shape=Shape.FULL,
            target=target,
            last_stage=last_stage,
            effect=effect,
        )


def _short() -> Iterator[DeviceAction]:
    """Rows of everything newer.

    The wire's words for `status` and for the lights of a wired floodlight are free choices.
    """
    owl, doorbell = f"{ACCOUNT}/owls/{{device}}", f"{ACCOUNT}/doorbells/{{device}}"
    for label, path, family, command, effect in (
        ("status_refresh", f"{CLASSIC}/status", Family.CLASSIC, "status", _nothing),
        ("status_refresh", f"{owl}/status", Family.OWL, "status", _nothing),
        ("status_refresh", f"{doorbell}/status", Family.DOORBELL, "status", _nothing),
        ("thumbnail", f"{owl}/thumbnail", Family.OWL, "thumbnail", _picture),
        ("thumbnail", f"{doorbell}/thumbnail", Family.DOORBELL, "thumbnail", _picture),
        ("config", f"{owl}/config", Family.OWL, "config_set", _configure),
        ("config", f"{doorbell}/config", Family.DOORBELL, "config_set", _configure),
        ("enable", f"{doorbell}/enable", Family.DOORBELL, "device_motion_enable", _enable),
        ("disable", f"{doorbell}/disable", Family.DOORBELL, "device_motion_disable", _disable),
    ):
        yield DeviceAction(
            label=label,
            path=path,
            family=family,
            command=command,
            last_stage="vs" if label == "thumbnail" else "dev",
            effect=effect,
        )
    for word, effect in (("on", _lights_on), ("off", _lights_off)):
        yield DeviceAction(
            label=f"light_{word}",
            path=f"{MOUNT}/lights/{word}",
            family=Family.CLASSIC,
            command=f"accessory_lights_{word}",
            effect=effect,
        )
        yield DeviceAction(
            label=f"light_{word}",
            path=f"{owl}/lights/{word}",
            family=Family.OWL,
            command=f"accessory_lights_{word}",
            effect=effect,
            type=FLOODLIGHT,
        )


def _live() -> Iterator[DeviceAction]:
    """Rows of live view, the one command whose id is called `command_id`."""
    for version, family in (("v6", Family.CLASSIC), ("v2", Family.OWL), ("v2", Family.DOORBELL)):
        yield DeviceAction(
            label="liveview",
            path=LIVE.format(version=version, family=family),
            family=family,
            command="lv_relay",
            shape=Shape.LIVE_VIEW,
            last_stage="lv",
            effect=_nothing,
        )


DEVICE_ACTIONS: Final = (*_classic(), *_short(), *_live())


def actions_of(device: Device) -> Iterator[DeviceAction]:
    """Go through what a device can do."""
    for action in DEVICE_ACTIONS:
        if action.family is device.family and action.type in (None, device.type):
            yield action
