"""The calls that we make, each with a good token.

Three generations of the contract are known, and not which of them a server speaks. Only the call
that makes a command differs: the newest has a path for several relays, the older ones a path for
each relay. The newest is tried first; which one a server has is remembered as long as the client
lives. That a server without the newest path says so by a 404 or 405 of its own is an assumption.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from aiohttp import ClientTimeout

from ..errors import (
    ProviderAuthError,
    ProviderError,
    ProviderLaterError,
    ProviderNoAnswerError,
    ProviderRequestError,
    ProviderTooManyError,
)
from ..http import Until
from ..limits import MOST_TARGETS
from .api import AUTH_EXPIRED, AUTH_REQUIRED, IDEMPOTENCY_CONFLICT, Api, Call, UnknownPathError
from .auth import Tokens
from .models import Action, Device, Page, Report, read_page, read_report

CREATE_TIMEOUT: Final = ClientTimeout(total=25, connect=10)
"""Seconds. The server itself waits up to 10 s for the device before it answers."""

PAGE_SIZE: Final = 100
"""Devices; the most that a page may have (docs 01-common/pagination)."""
MAX_PAGES: Final = 100
"""More devices than any account has: a list that goes on is not a list."""

# 401s that say nothing against the credentials.
RENEWABLE: Final = frozenset({AUTH_EXPIRED, AUTH_REQUIRED})


class Client:
    """One account at one server."""

    def __init__(self, api: Api, tokens: Tokens) -> None:
        """Keep the door and the tokens; makes no request."""
        self._api = api
        self._tokens = tokens
        self._shapes = (_newest_call, _older_call)
        """The one that the server knows comes first, as far as we have found out."""

    async def close(self) -> None:
        """Wait for the end of a renewal of the token."""
        await self._tokens.close()

    async def scopes(self) -> frozenset[str] | None:
        """Return what the credentials allow; None where the server does not tell."""
        return (await self._tokens.get()).scopes

    async def page(self, number: int, size: int = PAGE_SIZE) -> Page:
        """Return one page of the devices, counted from 1."""
        params = {"page": str(number), "pageSize": str(size)}
        data = await self._ask(Call(method="GET", path=("devices",), params=params))
        return read_page(data, number, size)

    async def devices(self) -> tuple[list[Device], bool]:
        """Return all devices, and whether everything in the list was understood.

        Raises ProviderNoAnswerError for a list without an end, or with fewer devices than it says,
        and ProviderTooManyError as soon as there are too many of them.
        """
        found: dict[str, Device] = {}
        odd = 0
        for number in range(1, MAX_PAGES + 1):
            page = await self.page(number)
            known = len(found) + odd
            found.update((device.id, device) for device in page.devices)
            odd += page.odd
            if max(page.total, sum(len(device.relays) for device in found.values())) > MOST_TARGETS:
                raise ProviderTooManyError("targets", MOST_TARGETS)
            if not page.goes_on:
                if len(found) + odd < page.total:
                    raise ProviderNoAnswerError("the list of devices is not complete")
                devices = list(found.values())
                return devices, not odd and all(device.whole for device in devices)
            if len(found) + odd == known:
                break
        raise ProviderNoAnswerError("the list of devices does not end")

    async def command(self, command_id: str) -> Report:
        """Return what is told about a command.

        Raises ProviderNoAnswerError when that is about another command.
        """
        return _report_about(command_id, await self._ask(_status_call(command_id)))

    async def command_or_token(self, command_id: str, *, renewed: bool) -> Report | None:
        """Return what is told about a command; None where a new token was asked for instead.

        `renewed` says that this has been done: a refusal is the last word then.
        """
        token = self._tokens.good
        if token is not None:
            try:
                data = await self._api.ask(_status_call(command_id), token.word)
                return _report_about(command_id, data)
            except ProviderAuthError as err:
                if renewed:
                    raise _last_word(err) from err
        await self._tokens.get(refused=token)
        return None

    async def create(
        self, device: str, relay: int, action: Action, key: str, until: Until
    ) -> Report:
        """Switch a relay; a repeat with the same key is the same command."""
        first, other = self._shapes
        try:
            data = await self._ask(replace(first(device, relay, action, key), until=until))
        except UnknownPathError:
            data = await self._ask_otherwise(
                replace(other(device, relay, action, key), until=until)
            )
            self._shapes = (other, first)
        return read_report(data)

    async def _ask_otherwise(self, call: Call) -> Mapping[str, Any]:
        """Make a call in its other shape; raises ProviderNoAnswerError when the key is known.

        Then the first shape was understood after all, whoever it was that said otherwise.
        """
        try:
            return await self._ask(call)
        except ProviderRequestError as err:
            if err.code == IDEMPOTENCY_CONFLICT:
                raise ProviderNoAnswerError(err.message, code=err.code) from err
            raise

    async def _ask(self, call: Call) -> Mapping[str, Any]:
        """Make one request, and repeat it once with a new token where the old one is refused."""
        before = self._tokens.held
        token = await self._tokens.get()
        try:
            return await self._api.ask(call, token.word)
        except ProviderAuthError as err:
            # A fresh token that is refused as invalid is the word on the credentials themselves.
            if err.code not in RENEWABLE and token is not before:
                raise
        token = await self._tokens.get(refused=token)
        try:
            return await self._api.ask(call, token.word)
        except ProviderAuthError as err:
            raise _last_word(err) from err


def _last_word(refusal: ProviderAuthError) -> ProviderError:
    """Return what it means that a token is refused which was just asked for."""
    if refusal.code not in RENEWABLE:
        return ProviderAuthError(refusal.message, code=refusal.code)
    # The credentials were good enough for a token a moment ago.
    return ProviderLaterError(refusal.message, code=refusal.code)


def _report_about(command_id: str, data: Mapping[str, Any]) -> Report:
    """Read what is told about a command; raises ProviderNoAnswerError when it is about another."""
    report = read_report(data)
    if report.command_id != command_id:
        raise ProviderNoAnswerError("the answer is about another command")
    return report


def _status_call(command_id: str) -> Call:
    """Return the call that asks about a command (docs 04-commands, "Get Command Result")."""
    return Call(method="GET", path=("commands", command_id))


def _newest_call(device: str, relay: int, action: Action, key: str) -> Call:
    """Return the call of the third generation (svnwi/wlte-openapi-sdk@87c0ec7 openapi.yaml)."""
    return Call(
        method="POST",
        path=("devices", device, "relays", "commands"),
        body={"relays": [{"index": relay, "action": action}]},
        key=key,
        timeout=CREATE_TIMEOUT,
    )


def _older_call(device: str, relay: int, action: Action, key: str) -> Call:
    """Return the call of the first two generations (docs 04-commands/create-relay-command)."""
    return Call(
        method="POST",
        path=("devices", device, "relays", str(relay), "commands"),
        body={"action": action},
        key=key,
        timeout=CREATE_TIMEOUT,
    )
