"""The clouds that are played: accounts at them, and commands that are open there."""

from collections.abc import Iterator, Sequence
import time
from typing import Any, Final

from aiohttp import ClientSession

from custom_components.command_status.providers.base import ProviderDescription
from custom_components.command_status.providers.blink import DESCRIPTION as BLINK
from custom_components.command_status.providers.wlte import DESCRIPTION as WLTE
from custom_components.command_status.tracking import Command, CommandState, Phase, Step
from simulators.wlte.simulator import CLIENT_ID, CLIENT_SECRET
from stage import Simulator

DESCRIPTIONS: Final = {"blink": BLINK, "wlte": WLTE}

BLINK_ACCOUNT: Final = "771204583"
BLINK_NETWORK: Final = "1234"
GARDEN: Final = "camera/701"


async def credentials_at(cloud: Simulator) -> dict[str, str]:
    """Return what a sign-in at a simulator would have found out."""
    return await _CREDENTIALS[cloud.cloud](cloud)


async def _at_blink(cloud: Simulator) -> dict[str, str]:
    return {
        "refresh_token": await cloud.act("issue_refresh_token"),
        "client_id": "ios",
        "hardware_id": "2D3C6E5A-9F1B-4C57-8B3E-6A7C0D1E2F30",
        "account_id": BLINK_ACCOUNT,
        "tier": "e008",
        "auth_url": cloud.url,
        "api_url": cloud.url,
    }


async def access_to(cloud: Simulator) -> dict[str, Any]:
    """Return what somebody needs to ask the simulator of Blink, as arguments of a measurement."""
    return {
        "credentials": await credentials_at(cloud),
        "token": await _blink_token(cloud),
        "url": cloud.url,
    }


async def _blink_token(cloud: Simulator) -> str:
    """Return an access token of the account at Blink, for those who do not renew theirs."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": await cloud.act("issue_refresh_token"),
        "client_id": "ios",
    }
    async with (
        ClientSession() as session,
        session.post(f"{cloud.url}/oauth/token", data=form) as response,
    ):
        return str((await response.json())["access_token"])


async def _at_wlte(cloud: Simulator) -> dict[str, str]:
    return {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "base_url": cloud.url}


_CREDENTIALS: Final = {"blink": _at_blink, "wlte": _at_wlte}


async def issue_endless(cloud: Simulator, number: int) -> list[str]:
    """Return the ids of so many commands that never end at a simulator."""
    orders: dict[str, dict[str, Any]] = {
        "blink": {"command": "thumbnail", "target": 701, "name": "never"},
        "wlte": {"device": "dev-7", "relays": {"1": "ON"}, "after": None},
    }
    return [str(await cloud.act("issue", **orders[cloud.cloud])) for _ in range(number)]


def open_commands(
    description: ProviderDescription, ids: Sequence[str], window: float = 86400.0
) -> Iterator[Command]:
    """Return commands that were taken a moment ago and are open, with the provider's ids."""
    now = time.time()
    blink = description.key == "blink"
    for number, command_id in enumerate(ids):
        word = "running/rest" if blink else "SENT"
        yield Command(
            tracking_id=tracking_id(number),
            target=GARDEN if blink else "dev-7/1",
            target_name="Garden" if blink else "Gate relay 1",
            device=GARDEN if blink else "dev-7",
            command="thumbnail" if blink else "ON",
            network_id=BLINK_NETWORK if blink else None,
            command_id=command_id,
            phase=Phase.TAKEN,
            state=CommandState.SENT,
            provider_state=word,
            created_at=now,
            sent_at=now,
            deadline=now + window,
            changes=(Step(CommandState.SENT, word, now),),
        )


def tracking_id(number: int) -> str:
    """Return a tracking id of the usual length; a greater number gives a greater one."""
    return f"01KAG5J7Q8{number:016}"
