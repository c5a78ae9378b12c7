"""An account at the simulator, and commands as the floors above have them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
import json
from typing import Any

from custom_components.command_status.providers.base import Provider, Sessions
from custom_components.command_status.providers.esper import ACCOUNT
from custom_components.command_status.tracking import Command, Observation
from simulators.clock import ManualClock
from simulators.esper import API_KEY, EsperSimulator, device_id
from tests.providers.empty_house import EmptyHouse

LOBBY, KIOSK, WAREHOUSE = device_id(1), device_id(2), device_id(3)

ERROR = json.dumps({"code": 418, "message": "out of tea", "content": {}})


async def _keep(_: Mapping[str, str]) -> None:
    """Keep nothing: a key never changes by itself."""


def connected(
    sessions: Sessions, cloud: EsperSimulator, clock: ManualClock, key: str = API_KEY
) -> Provider:
    """Return a provider."""
    credentials = {"tenant": cloud.tenant, "api_key": key}
    return ACCOUNT.connect(
        session=sessions.shared,
        credentials=credentials,
        clock=clock,
        keep=_keep,
        house=EmptyHouse(),
    )


def command(target: str = LOBBY, word: str = "REBOOT", **changes: Any) -> Command:
    """Return a command that was just accepted; one call for each word."""
    plain: dict[str, Any] = {
        "tracking_id": f"{word} {target}",
        "batch": f"call-{word}",
        "target": target,
        "target_name": "Tablet",
        "device": target,
        "command": word,
        "created_at": 1000.0,
        "deadline": 1600.0,
    }
    return Command(**(plain | changes))


def commands(*targets: str, word: str = "REBOOT", **changes: Any) -> list[Command]:
    """Return the commands of one call."""
    return [command(target, word, **changes) for target in targets]


def told(command: Command, news: object) -> Command:
    """Return a command with the ids that news about it brought."""
    assert isinstance(news, Observation)
    return replace(
        command,
        command_id=news.command_id or command.command_id,
        request_id=news.request_id or command.request_id,
    )


async def taken(provider: Provider, wanted: Sequence[Command]) -> list[Command]:
    """Send commands of one call; their request is known then."""
    news = await provider.submit(wanted)
    return [told(command, news[command.tracking_id]) for command in wanted]


def bodies(cloud: EsperSimulator, label: str) -> list[Any]:
    """Return what was sent to an endpoint, parsed."""
    return [json.loads(request.body) for request in cloud.log.select(label)]
