"""A provider for dialogues that no real one shows: it has every kind of step, and asks nobody.

What a sign-in says is what the test told it to say.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientSession

from custom_components.command_status.providers.base import (
    Account,
    AccountDescription,
    Challenge,
    Field,
    FieldKind,
    Form,
    Menu,
    Provider,
    ProviderDescription,
    Sessions,
)
from custom_components.command_status.providers.errors import ProviderError
from custom_components.command_status.tracking import Cadence, Policy, Watch

ACCOUNT = Account(
    id="account-7",
    title="A double",
    credentials={"email": "somebody@example.com", "token": "token-1", "region": "eu"},
)

type Said = Account | Challenge | Exception


class DoubleSignIn:
    """A sign-in that says what it was told to."""

    def __init__(self, sessions: Sessions, says: list[Said]) -> None:
        """Open a session, as one that needs cookies does."""
        self.sessions = sessions
        self.says = says
        self.session: ClientSession = sessions.private()
        self.typed: list[tuple[str, dict[str, Any]]] = []
        self.closed = 0
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def submit(self, step: str, values: Mapping[str, Any]) -> Account | Challenge:
        """Note what was typed, and say the next thing."""
        self.typed.append((step, dict(values)))
        await self.go_on.wait()
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    async def close(self) -> None:
        """Count; the session is left open, as by a careless sign-in."""
        self.closed += 1


class DoubleProvider:
    """A provider, and the sign-ins that were begun at it."""

    def __init__(self) -> None:
        """Have nothing to say yet."""
        self.says: list[Said] = []
        self.sign_ins: list[DoubleSignIn] = []

    def sign_in(self, sessions: Sessions) -> DoubleSignIn:
        """Begin a sign-in."""
        self.sign_ins.append(DoubleSignIn(sessions, self.says))
        return self.sign_ins[-1]

    @property
    def newest(self) -> DoubleSignIn:
        """The sign-in that was begun last."""
        return self.sign_ins[-1]

    @property
    def description(self) -> ProviderDescription:
        """The provider as the table of providers has it."""
        return ProviderDescription(
            key="double",
            manufacturer="Double",
            portal_url="https://portal.example.com",
            steps={
                "double": Menu(options=("double_password", "double_token")),
                "double_password": Form(
                    fields=(
                        Field(name="email", kind=FieldKind.EMAIL),
                        Field(name="password", kind=FieldKind.SECRET),
                        Field(name="region", required=False, default="us", advanced=True),
                    )
                ),
                "double_code": Form(fields=(Field(name="code"),)),
                "double_token": Form(fields=(Field(name="token", kind=FieldKind.SECRET),)),
            },
            sign_in=self.sign_in,
            account=lambda _: ACCOUNT_DESCRIPTION,
        )


def _connect(**_: object) -> Provider:
    """Refuse: an account of this provider is never loaded."""
    raise ProviderError


ACCOUNT_DESCRIPTION = AccountDescription(
    manufacturer="Double",
    portal_url="https://portal.example.com",
    connect=_connect,
    policy=Policy(
        cadence=Cadence(steps=((60.0, 1.0),)),
        watch=Watch(first=(), every=30.0, until=600.0),
        window=90.0,
    ),
)
