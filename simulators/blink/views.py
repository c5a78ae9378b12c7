"""What the account has, as the reading calls tell it.

The homescreen is that of version 3 (live captures of 2022 in homebridge-blink-for-home); the other
calls are those that blinkpy makes while it starts.
"""

from typing import Any, Final

from .settings import Settings
from .world import Device, Family, Network, World

_CREATED: Final = "2024-05-01T08:00:00+00:00"


def homescreen(world: World, settings: Settings) -> dict[str, Any]:
    """Return everything at a glance."""
    return {
        "account": {"id": settings.account_id, "email_verified": True},
        "networks": [
            {
                "id": network.id,
                "created_at": _CREATED,
                "updated_at": _CREATED,
                "name": network.name,
                "time_zone": "Europe/Dublin",
                "dst": True,
                "armed": network.armed,
                "lv_save": False,
            }
            for network in world.networks.values()
            if network.listed
        ],
        "sync_modules": [
            sync_module(network) for network in world.networks.values() if network.sync_module
        ],
        "cameras": _of(world, Family.CLASSIC),
        "sirens": [],
        "chimes": [],
        "video_stats": {"storage": 0, "auto_delete_days": 30},
        "doorbell_buttons": [],
        "owls": _of(world, Family.OWL),
        settings.doorbell_key: _of(world, Family.DOORBELL),
        "app_updates": {
            "message": "OK",
            "code": 103,
            "update_available": False,
            "update_required": False,
        },
        "device_limits": {"camera": 10, "owl": 10},
        "whats_new": {"updated_at": 20240501},
        "subscriptions": {"updated_at": _CREATED},
        "entitlements": {"updated_at": _CREATED},
        "tiv_lock_enable": True,
        "tiv_lock_status": {"locked": False},
        "accessories": {
            "storm": [
                {"id": device.mount, "type": "storm", "target": "camera", "target_id": device.id}
                for device in world.devices.values()
                if device.mount is not None
            ],
            "rosie": [],
        },
    }


def _of(world: World, family: Family) -> list[dict[str, Any]]:
    return [_LISTED[family](device) for device in world.devices.values() if device.family is family]


def _device(device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "created_at": _CREATED,
        "updated_at": _CREATED,
        "name": device.name,
        "network_id": device.network_id,
        "type": device.type,
        "enabled": device.enabled,
        "status": device.status,
        "serial": f"G8T1{device.id:012d}",
        "fw_version": "10.73",
        "thumbnail": thumbnail_path(device),
        "snooze": False,
        "snooze_time_remaining": None,
    }


def camera(device: Device) -> dict[str, Any]:
    """Return a classic camera, also as its own `config` call tells it."""
    return {
        **_device(device),
        "battery": "ok",
        "usage_rate": False,
        "issues": [],
        "signals": {"lfr": 5, "wifi": 5, "temp": 68, "battery": 3},
    }


def _onboarded(device: Device) -> dict[str, Any]:
    return {**_device(device), "onboarded": device.onboarded}


def _doorbell(device: Device) -> dict[str, Any]:
    return {**_onboarded(device), "signals": {"lfr": 5, "wifi": 5, "battery": 3}}


_LISTED: Final = {
    Family.CLASSIC: camera,
    Family.OWL: _onboarded,
    Family.DOORBELL: _doorbell,
}


def thumbnail_path(device: Device) -> str:
    """Return where the newest picture is, in the form that has the whole address."""
    return (
        f"/media/network/{device.network_id}/{device.family}/{device.id}"
        f"/thumbnail.jpg?ts={device.pictures}&ext="
    )


def sync_module(network: Network) -> dict[str, Any]:
    """Return the hub of a network that has one."""
    assert network.sync_module is not None  # noqa: S101
    return {
        "id": network.sync_module.id,
        "created_at": _CREATED,
        "updated_at": _CREATED,
        "onboarded": True,
        "status": network.sync_module.status,
        "name": network.sync_module.name,
        "serial": f"G8V1{network.sync_module.id:012d}",
        "fw_version": "4.5.6",
        "type": "sm2",
        "subtype": "vinnie",
        "last_hb": _CREATED,
        "wifi_strength": 5,
        "network_id": network.id,
        "enable_temp_alerts": True,
        "local_storage_enabled": False,
        "local_storage_compatible": True,
        "local_storage_status": "unavailable",
        "revision": "00",
    }


def network(world: World, here: Network, *, busy: bool) -> dict[str, Any]:
    """Return one network, as its own calls tell it."""
    module = here.sync_module
    return {
        "id": here.id,
        "name": here.name,
        "armed": here.armed,
        "arm_string": "Armed" if here.armed else "Disarmed",
        "busy": busy,
        "onboarded": module is not None,
        "camera_error": any(device.offline for device in world.devices_in(here.id)),
        "sync_module_error": module is not None and module.status != "online",
        "time_zone": "Europe/Dublin",
        "network_key": f"network-key-{here.id}",
    }


def usage(world: World) -> dict[str, Any]:
    """Return the classic cameras of each network that has a sync module."""
    return {
        "range_days": 7,
        "networks": [
            {
                "network_id": network.id,
                "name": network.name,
                "cameras": [
                    {"id": device.id, "name": device.name, "usage": 0, "lv_seconds": 0}
                    for device in world.devices_in(network.id, Family.CLASSIC)
                ],
            }
            for network in world.networks.values()
            if network.sync_module
        ],
    }
