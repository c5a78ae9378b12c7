"""A sign-in step by step, as the app does it, so that a test can leave out or spoil any of them."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
import json
import re
from typing import Any, Final

from aiohttp import ClientSession

from simulators.blink.oauth import APP
from tests.simulators.client import Answer

VERIFIER: Final = "a-verifier-of-at-least-forty-three-characters"
PASSWORD: Final = "Sesame-open-42"
HARDWARE_ID: Final = "6F1E3C52-5B0B-4C22-9C1B-2F6A0E0D7A11"


def challenge(verifier: str = VERIFIER) -> str:
    """Return the S256 challenge, computed apart from the simulator."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().strip("=")


@dataclass(slots=True)
class Browser:
    """One browser with its cookies, and the app around it."""

    session: ClientSession
    url: str
    csrf: str = ""

    async def _ask(self, method: str, path: str, **details: Any) -> Answer:
        async with self.session.request(
            method, self.url + path, allow_redirects=False, **details
        ) as response:
            return Answer(response.status, response.headers, await response.text())

    async def open(self, **changes: str) -> Answer:
        """Ask to be authorized."""
        parameters = {
            "app_brand": "blink",
            "app_version": "50.1",
            "client_id": "ios",
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
            "hardware_id": HARDWARE_ID,
            "redirect_uri": APP,
            "response_type": "code",
            "scope": "client",
        }
        return await self._ask("GET", "/oauth/v2/authorize", params=parameters | changes)

    async def look(self) -> Answer:
        """Load the page, and keep its CSRF token."""
        answer = await self._ask("GET", "/oauth/v2/signin")
        found = re.search(
            r'<script id="oauth-args" type="application/json">(.*?)</script>', answer.text
        )
        self.csrf = json.loads(found[1])["csrf-token"] if found else ""
        return answer

    async def sign_in(self, password: str = PASSWORD, **changes: str) -> Answer:
        """Send the name and the password."""
        form = {"username": "you@example.com", "password": password, "csrf-token": self.csrf}
        return await self._ask("POST", "/oauth/v2/signin", data=form | changes)

    async def verify(self, code: str = "482915", **changes: str) -> Answer:
        """Send the code from the phone."""
        form = {"2fa_code": code, "csrf-token": self.csrf, "remember_me": "false"}
        return await self._ask("POST", "/oauth/v2/2fa/verify", data=form | changes)

    async def come_back(self) -> Answer:
        """Ask for the way back to the app."""
        return await self._ask("GET", "/oauth/v2/authorize")

    async def exchange(self, code: str, **changes: str) -> Answer:
        """Exchange the code."""
        form = {
            "app_brand": "blink",
            "client_id": "ios",
            "code": code,
            "code_verifier": VERIFIER,
            "grant_type": "authorization_code",
            "hardware_id": HARDWARE_ID,
            "redirect_uri": APP,
            "scope": "client",
        }
        return await self._ask("POST", "/oauth/token", data=form | changes)

    async def refresh(
        self, token: str, headers: dict[str, str] | None = None, **changes: str
    ) -> Answer:
        """Ask for new tokens."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": "ios",
            "scope": "client",
            "hardware_id": HARDWARE_ID,
        }
        return await self._ask("POST", "/oauth/token", data=form | changes, headers=headers)

    async def until_password(self) -> None:
        """Do what comes before the password."""
        await self.open()
        await self.look()

    async def until_signed_in(self) -> None:
        """Do everything up to the code from the phone."""
        await self.until_password()
        await self.sign_in()
        await self.verify()
