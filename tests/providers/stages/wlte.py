"""WLTE on the stage."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from custom_components.command_status.providers.base import Account, SignIn
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, WlteSimulator

from .base import Stage
from .player import Capabilities, Example

TAKES = 20.0
"""Seconds until a command is over: longer than the call that makes it waits for it."""


class WlteStage(Stage):
    """Relays of a gate; what becomes of a command is a word and a time."""

    key = "wlte"
    fastest = 2.0
    word = "JOG"
    nonsense: ClassVar = (
        ("EXPLODE", {}),
        ("ON", {"relay": 99}),
        ("ON", {"relay": None}),
        ("ON", {"colour": "red"}),
    )
    can: ClassVar = Capabilities(example=Example(command="ON", parameters={"relay": 2}))
    has_tokens = True

    simulator: WlteSimulator

    @override
    def build(self) -> WlteSimulator:
        simulator = WlteSimulator(clock=self.clock, sleep=self.clock.sleep)
        simulator.settings.post_wait = 0.0
        return simulator

    def form(self, **changes: Any) -> dict[str, Any]:
        """Return the form as it is filled in."""
        good = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "base_url": self.simulator.url,
        }
        return good | changes

    @override
    async def sign_in(self, sign_in: SignIn) -> Account:
        account = await sign_in.submit("wlte", self.form())
        assert isinstance(account, Account)
        return account

    @override
    async def sign_in_wrongly(self, sign_in: SignIn) -> None:
        await sign_in.submit("wlte", self.form(client_secret="wrong-secret"))

    @override
    def refusal(self, said: str) -> Mapping[str, Any]:
        return {"code": "COMMAND_REJECTED", "message": said}

    @override
    def arrived(self) -> Mapping[str, Any]:
        *_, command = self.simulator.commands.values()
        (relay,) = command.relays
        return {"relay": relay.index}

    @override
    def succeed(self) -> None:
        self.simulator.script(outcome="SUCCESS", after=TAKES, times=1)

    @override
    def fail(self) -> None:
        self.simulator.script(outcome="FAILED", after=TAKES, times=1)

    @override
    def mumble(self) -> None:
        self.simulator.script(outcome="PONDERING", after=TAKES, times=1)

    @override
    def finish(self) -> None:
        self.clock.advance(TAKES)

    @override
    def lock_out(self) -> None:
        self.simulator.set_client(enabled=False)
