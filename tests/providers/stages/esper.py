"""Esper on the stage."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from custom_components.command_status.providers.base import Account, SignIn
from custom_components.command_status.providers.esper.arguments import form
from custom_components.command_status.providers.esper.commands import OFFERED
from custom_components.command_status.providers.esper.polling import PAGE
from simulators.esper import API_KEY, EsperSimulator

from .base import Stage
from .player import Capabilities, Example

TAKES = 20.0
"""Seconds until a device is done."""


class EsperStage(Stage):
    """Tablets; what becomes of a command is a word and a time."""

    key = "esper"
    fastest = 2.0
    word = "REBOOT"
    nonsense: ClassVar = (
        ("", {}),
        ("SWITCH OFF", {}),
        ("REBOOT", {"command_args": "now"}),
        ("REBOOT", {"when": {1, 2}}),
    )
    can: ClassVar = Capabilities(
        cancel=True,
        sent_together=1000,
        asked_together=PAGE,
        parameters=frozenset(field.name for command in OFFERED for field in form(command)),
        example=Example(command="SET_STREAM_VOLUME", parameters={"stream": 3, "volume_level": 40}),
    )

    simulator: EsperSimulator

    @override
    def build(self) -> EsperSimulator:
        simulator = EsperSimulator(clock=self.clock, sleep=self.clock.sleep)
        simulator.settings.status_delay = 0.0
        return simulator

    def form(self, **changes: Any) -> dict[str, Any]:
        """Return the form as it is filled in."""
        return {"tenant": self.simulator.tenant, "api_key": API_KEY} | changes

    @override
    async def sign_in(self, sign_in: SignIn) -> Account:
        account = await sign_in.submit("esper", self.form())
        assert isinstance(account, Account)
        return account

    @override
    async def sign_in_wrongly(self, sign_in: SignIn) -> None:
        await sign_in.submit("esper", self.form(api_key="wrong-key"))

    @override
    def arrived(self) -> Mapping[str, Any]:
        *_, request = self.simulator.requests.values()
        return request.arguments

    @override
    def succeed(self) -> None:
        self.simulator.script(outcome="Command Success", after=TAKES, times=1)

    @override
    def fail(self) -> None:
        self.simulator.script(outcome="Command Failure", reason="no such app", after=TAKES, times=1)

    @override
    def mumble(self) -> None:
        self.simulator.script(outcome="Command Pondered", after=TAKES, times=1)

    @override
    def finish(self) -> None:
        self.clock.advance(TAKES)

    @override
    def lock_out(self) -> None:
        self.simulator.revoke_keys()
