"""A Blink account for tests: its sessions, its disk, and commands that it could have."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import ClientSession, CookieJar

from custom_components.command_status.providers.base import Provider
from custom_components.command_status.providers.blink import ACCOUNT
from custom_components.command_status.tracking import Command
from simulators.blink import BlinkSimulator
from simulators.clock import Clock
from tests.providers.empty_house import EmptyHouse
from tests.providers.nothing_known import NothingKnown

HARDWARE_ID = "2D3C6E5A-9F1B-4C57-8B3E-6A7C0D1E2F30"


class Browsers(NothingKnown):
    """Where a sign-in gets its sessions from; remembers the private ones."""

    def __init__(self, shared: ClientSession) -> None:
        """Lend the shared session."""
        self.shared = shared
        self.opened: list[ClientSession] = []

    def private(self) -> ClientSession:
        """Return a session with cookies of its own."""
        session = ClientSession(cookie_jar=CookieJar(unsafe=True, quote_cookie=False))
        self.opened.append(session)
        return session


class Disk:
    """Where changed credentials are kept."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self.kept: list[Mapping[str, str]] = []

    async def keep(self, credentials: Mapping[str, str]) -> None:
        """Write them down."""
        self.kept.append(dict(credentials))


def credentials_for(cloud: BlinkSimulator, **changes: str) -> dict[str, str]:
    """Return what a sign-in at the simulator would have found out."""
    return {
        "refresh_token": cloud.issue_refresh_token(),
        "client_id": "ios",
        "hardware_id": HARDWARE_ID,
        "account_id": str(cloud.settings.account_id),
        "tier": cloud.settings.tier,
        "auth_url": cloud.url,
        "api_url": cloud.url,
        **changes,
    }


def connected(
    session: ClientSession,
    credentials: Mapping[str, str],
    clock: Clock,
    keep: Callable[[Mapping[str, str]], Awaitable[None]],
) -> Provider:
    """Return a provider."""
    return ACCOUNT.connect(
        session=session, credentials=credentials, clock=clock, keep=keep, house=EmptyHouse()
    )


def command_for(target: str, word: str, **changes: Any) -> Command:
    """Return a command as the floors above would send it."""
    return Command(
        **{
            "tracking_id": f"{target} {word}",
            "target": target,
            "target_name": "The one",
            "command": word,
            "network_id": "1234",
            "created_at": 1000.0,
            "deadline": 1060.0,
            **changes,
        }
    )
