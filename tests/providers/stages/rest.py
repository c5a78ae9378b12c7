"""A described API on the stage."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, override

from custom_components.command_status.providers.base import (
    DESCRIBED,
    OPENING,
    Account,
    AccountDescription,
    Challenge,
    SignIn,
)
from simulators.faults import FaultKind
from simulators.rest import TOKEN, RestSimulator

from ..rest.jobs import changed
from .base import Stage
from .player import Capabilities, Example

TAKES = 20.0

BATCH: Final = 50
TOGETHER: Final[Mapping[str, Any]] = changed(
    {
        "ask/batch": {
            "request": {"path": "/api/jobs", "query": {"ids": "${ids}"}},
            "items": "jobs",
            "id": "job.id",
            "size": BATCH,
        }
    }
)
"""The description, with which many jobs are asked about in one request."""


class RestStage(Stage):
    """Machines that work off jobs, as a description says."""

    key = "rest"
    fastest = 1.0
    word = "make"
    nonsense: ClassVar = (("explode", {}), ("make", {"colour": "red"}), ("make", {"speed": 0}))
    # Whoever answers like this has answered: to its description that is what it says.
    tells: ClassVar = {
        FaultKind.REDIRECT: "refused",
        FaultKind.HTML: "id_missing",
        FaultKind.GARBAGE: "id_missing",
    }

    can: ClassVar = Capabilities(
        cancel=True,
        asked_together=BATCH,
        described_parameters=frozenset({"what", "speed"}),
        example=Example(command="make", parameters={"what": "nuts", "speed": 3}),
    )
    own_words = False

    simulator: RestSimulator

    @property
    @override
    def account(self) -> AccountDescription:
        return self.description.account({DESCRIBED: TOGETHER})

    @override
    def build(self) -> RestSimulator:
        simulator = RestSimulator(clock=self.clock, sleep=self.clock.sleep)
        simulator.settings.takes = TAKES
        return simulator

    @override
    async def sign_in(self, sign_in: SignIn) -> Account:
        return await self._typed(sign_in, token=TOKEN)

    @override
    async def sign_in_wrongly(self, sign_in: SignIn) -> None:
        await self._typed(sign_in, token="wrong-token")

    async def _typed(self, sign_in: SignIn, **credentials: str) -> Account:
        """Fill in all forms."""
        forms: list[tuple[str, Mapping[str, Any]]] = [
            ("rest", OPENING),
            ("rest", {"description": "jobs"}),
            ("rest_account", {"name": "Jobs", "base_url": self.simulator.url}),
        ]
        for step, values in forms:
            assert isinstance(await sign_in.submit(step, values), Challenge)
        account = await sign_in.submit("rest_credentials", credentials)
        assert isinstance(account, Account)
        return account

    @override
    def arrived(self) -> Mapping[str, Any]:
        *_, job = self.simulator.jobs.values()
        return job.order

    @override
    def refusal(self, said: str) -> Mapping[str, Any]:
        return {"error": {"message": said}}

    @override
    def succeed(self) -> None:
        self.simulator.script("done")

    @override
    def fail(self) -> None:
        self.simulator.script("failed", "no steel")

    @override
    def mumble(self) -> None:
        self.simulator.script("pondering")

    @override
    def finish(self) -> None:
        self.clock.advance(TAKES)

    @override
    def lock_out(self) -> None:
        self.simulator.key_works = False
