"""Blink on the stage."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from custom_components.command_status.providers.base import Account, Challenge, SignIn
from simulators.blink import BlinkSimulator

from .base import Stage
from .player import Capabilities

TAKES = 20.0
"""Seconds until a command is complete."""


class BlinkStage(Stage):
    """A home with cameras; its first target is the network, which can be armed."""

    key = "blink"
    fastest = 1.0
    word = "arm"
    nonsense: ClassVar = (
        ("EXPLODE", {}),
        ("thumbnail", {}),
        ("arm", {"when": "now"}),
    )
    can: ClassVar = Capabilities(cancel=True)
    has_tokens = True

    simulator: BlinkSimulator

    @override
    def build(self) -> BlinkSimulator:
        return BlinkSimulator(clock=self.clock, sleep=self.clock.sleep)

    def form(self, **changes: Any) -> dict[str, Any]:
        """Return the form as it is filled in."""
        settings = self.simulator.settings
        good = {
            "email": settings.email,
            "password": settings.password,
            "auth_url": self.simulator.url,
            "api_url": self.simulator.url,
        }
        return good | changes

    @override
    async def sign_in(self, sign_in: SignIn) -> Account:
        challenge = await sign_in.submit("blink_password", self.form())
        assert isinstance(challenge, Challenge)
        account = await sign_in.submit(challenge.step, {"code": self.simulator.settings.code})
        assert isinstance(account, Account)
        return account

    @override
    async def sign_in_wrongly(self, sign_in: SignIn) -> None:
        await sign_in.submit("blink_password", self.form(password="wrong-password"))

    @override
    def arrived(self) -> Mapping[str, Any]:
        return {}

    @override
    def succeed(self) -> None:
        self.simulator.script("success", seconds=TAKES, times=1)

    @override
    def fail(self) -> None:
        self.simulator.script("failure", seconds=TAKES, times=1)

    @override
    def mumble(self) -> None:
        self.simulator.script("unknown_condition", seconds=None, times=1)

    @override
    def finish(self) -> None:
        self.clock.advance(TAKES)

    @override
    def lock_out(self) -> None:
        self.simulator.tokens.expire_access()
        self.simulator.tokens.revoke_refresh()
