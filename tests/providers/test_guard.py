"""What stands between every provider and all above it: clean words, and not too many of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
import json
from typing import Any, Final, override

from homeassistant.helpers.json import json_bytes
import pytest

from custom_components.command_status.providers.base import (
    Answer,
    Field,
    Order,
    Outcome,
    Provider,
    Query,
    Sighting,
    Target,
    Targets,
    Tell,
)
from custom_components.command_status.providers.errors import (
    ProviderBusyError,
    ProviderError,
    ProviderNoAnswerError,
    ProviderRefusedError,
    ProviderTooManyError,
    ProviderUnsupportedError,
)
from custom_components.command_status.providers.guard import Guarded
from custom_components.command_status.providers.house import Overheard, Stop
from custom_components.command_status.providers.limits import MOST_SIGHTINGS, MOST_TARGETS
from custom_components.command_status.providers.words import CUT, REDACTED, Filter
from custom_components.command_status.tracking import Command, CommandState, Observation
from simulators.faults import FaultKind

from .secrecy import told_by
from .stages import Stage
from .test_contract import first_order

KEY: Final = "key-of-mine"
COMMAND: Final = Command(
    tracking_id="one",
    target="t",
    target_name="T",
    command="DO",
    created_at=0.0,
    deadline=60.0,
    parameters={"wifi": {"psk": REDACTED, "ssid": "guest"}},
    payload={"wifi": {"psk": "hunter", "ssid": "guest"}},
)
TARGET: Final = Target(id="t", name="T", device="t", device_name="T", commands=("DO",))
SAID: Final = Observation(
    state=CommandState.FAILURE,
    provider_state="hunter",
    reason=f"{KEY} hunter\x00",
    result={"note": "hunter", "pin": 1},
    command_id="7",
)
CLEAN: Final = replace(
    SAID,
    provider_state=REDACTED,
    reason=f"{REDACTED} {REDACTED}\ufffd",
    result={"note": REDACTED, "pin": REDACTED},
)


class Blabbermouth(Provider):
    """A provider that repeats whatever it hears."""

    def __init__(self) -> None:
        """Say what a cloud might say."""
        self.listed = Targets([TARGET])
        self.sightings = 1
        self.error: ProviderError | None = None
        self.tell: Tell | None = None
        self.released: list[str] = []
        self.chosen: list[str] = []

    @override
    async def targets(self) -> Targets:
        return self.listed

    @override
    def order(
        self, candidates: Sequence[Target], command: str, parameters: Mapping[str, Any]
    ) -> Order:
        return Order(target=candidates[0], command=command, parameters=parameters)

    @override
    def parameters(self, target: Target, command: str) -> tuple[Field, ...]:
        return (Field(name=command),)

    @override
    def target(self, text: str) -> Target | None:
        return replace(TARGET, name=f"T {KEY}") if text == "t" else None

    @override
    def choose(self, devices: Collection[str]) -> None:
        self.chosen += devices

    @override
    def named(self, target: str) -> str:
        return target.upper()

    @override
    def alone(self, action: str, data: Mapping[str, Any]) -> Order:
        return Order(target=TARGET, command=action, parameters=data)

    @override
    def overhear(self, heard: Overheard) -> tuple[Sighting, ...]:
        return (
            Sighting(
                target="t",
                target_name=f"T {KEY}",
                command=heard.action,
                parameters=heard.data,
                observation=SAID,
            ),
        )

    @override
    async def submit(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        return self._news(commands)

    @override
    async def lookup(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        return self._news(commands)

    @override
    async def check(self, query: Query) -> Answer:
        return Answer(news=self._news(query.commands))

    @override
    def follow(self, command: Command, tell: Tell) -> Stop | None:
        self.tell = tell
        return None

    @override
    async def find(
        self, command_id: str, network_id: str | None, target: str | None = None
    ) -> tuple[Sighting, ...]:
        return (await self.update(command_id, None, None),) * self.sightings

    @override
    async def cancel(self, command: Command) -> Observation:
        self._news([command])
        return SAID

    @override
    async def update(self, command_id: str, state: str | None, reason: str | None) -> Sighting:
        return Sighting(
            target="t",
            target_name=f"T {KEY}",
            command="DO\n",
            parameters={"psk": "x", "note": KEY},
            observation=SAID,
        )

    @override
    def release(self, tracking_id: str) -> None:
        self.released.append(tracking_id)

    def _news(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        if self.error is not None:
            raise self.error
        return {command.tracking_id: SAID for command in commands}


@pytest.fixture
def gossip() -> Blabbermouth:
    """Return a provider that nobody guards yet."""
    return Blabbermouth()


@pytest.fixture
def guarded(gossip: Blabbermouth) -> Guarded:
    """Return the same, guarded, after a command was sent with a secret."""
    return Guarded(gossip, Filter(KEY))


class TestWords:
    """What comes out."""

    async def test_no_way_leads_past_the_guard(
        self, gossip: Blabbermouth, guarded: Guarded
    ) -> None:
        """A secret that a command was sent with is known to all that follows."""
        assert await guarded.submit([COMMAND]) == {"one": CLEAN}
        later = replace(COMMAND, payload=None)
        assert await guarded.lookup([later]) == {"one": CLEAN}
        assert (await guarded.check(Query(commands=(later,)))).news == {"one": CLEAN}
        assert await guarded.cancel(later) == CLEAN
        (sighting,) = await guarded.find("7", None)
        assert sighting == await guarded.update("7", "x", None)
        assert sighting == Sighting(
            target="t",
            target_name=f"T {REDACTED}",
            command="DO ",
            parameters={"psk": REDACTED, "note": REDACTED},
            observation=CLEAN,
        )
        told: list[Observation] = []
        assert guarded.follow(COMMAND, told.append) is None
        assert gossip.tell is not None
        gossip.tell(SAID)
        assert told == [CLEAN]

    async def test_a_secret_is_forgotten_when_its_command_is_over(
        self, gossip: Blabbermouth, guarded: Guarded
    ) -> None:
        """Not before: a cloud may repeat it with the outcome."""
        await guarded.submit([COMMAND])
        guarded.release("one")
        assert gossip.released == ["one"]
        assert (await guarded.cancel(COMMAND)).provider_state == "hunter"

    async def test_errors_are_cleaned_with_all_that_led_to_them(
        self, gossip: Blabbermouth, guarded: Guarded
    ) -> None:
        """Tracebacks end up in logs."""
        gossip.error = ProviderBusyError(f"busy {KEY}", code="hunter")
        gossip.error.__cause__ = ValueError("x")
        gossip.error.__cause__.__cause__ = ProviderRefusedError(f"hunter\n{KEY}")
        with pytest.raises(ProviderBusyError) as raised:
            await guarded.submit([COMMAND])
        assert (raised.value.message, raised.value.code) == (f"busy {REDACTED}", REDACTED)
        assert KEY not in told_by(raised.value)
        assert "hunter" not in told_by(raised.value)

    async def test_an_error_that_is_news_is_cleaned(
        self, gossip: Blabbermouth, guarded: Guarded
    ) -> None:
        """It may concern one command of many."""
        error = ProviderRefusedError(f"no {KEY}")
        gossip._news = lambda _: {"one": error}  # type: ignore[method-assign, assignment]
        assert (await guarded.lookup([COMMAND])) == {"one": error}
        assert error.message == f"no {REDACTED}"

    async def test_what_is_clean_stays_the_same_object(
        self, gossip: Blabbermouth, guarded: Guarded
    ) -> None:
        """Nearly all answers are, and each copy costs."""
        clean = Observation(state=CommandState.SENT, provider_state="SENT ")
        gossip._news = lambda _: {"one": clean}  # type: ignore[method-assign, assignment]
        assert (await guarded.lookup([COMMAND]))["one"] is clean

    async def test_names_are_cleaned_and_ids_are_not(
        self, gossip: Blabbermouth, guarded: Guarded
    ) -> None:
        """Entities are built from ids."""
        gossip.listed = Targets(
            [replace(TARGET, id="1234567", name=f"N\x00{KEY}", model=KEY, firmware=f"1 {KEY}")],
            whole=False,
        )
        listed = await guarded.targets()
        assert not listed.whole
        clean = replace(
            TARGET,
            id="1234567",
            name=f"N\ufffd{REDACTED}",
            model=REDACTED,
            firmware=f"1 {REDACTED}",
        )
        assert listed == (clean,)

    def test_the_users_words_are_their_own(self, guarded: Guarded) -> None:
        """Nothing foreign is in them."""
        assert guarded.order([TARGET], "DO", {"a": KEY}).parameters == {"a": KEY}
        assert guarded.parameters(TARGET, "DO") == (Field(name="DO"),)
        assert guarded.alone("DO", {"a": KEY}).parameters == {"a": KEY}
        assert guarded.named("t") == "T"
        assert len(list(guarded.queries([COMMAND, COMMAND]))) == 2

    def test_what_is_found_and_overheard_is_clean(self, guarded: Guarded) -> None:
        """As what is listed and asked for is."""
        assert guarded.target("u") is None
        found = guarded.target("t")
        assert found is not None
        assert found.name == f"T {REDACTED}"
        guarded.follow(COMMAND, print)
        heard = Overheard(action="DO", data={"psk": "x"}, entity_ids=("t",), context="c")
        assert guarded.overhear(heard) == (
            Sighting(
                target="t",
                target_name=f"T {REDACTED}",
                command="DO",
                parameters={"psk": REDACTED},
                observation=CLEAN,
            ),
        )

    def test_who_follows_on_hides_what_was_sent_before(
        self, guarded: Guarded, gossip: Blabbermouth
    ) -> None:
        """Somebody has signed in again; the cloud may still repeat what an open command said."""
        guarded.follow(COMMAND, print)
        follower = Guarded(gossip, Filter(KEY))
        follower.succeed(guarded)
        assert follower.words.text("psk hunter") == f"psk {REDACTED}"
        follower.succeed(gossip)
        follower.release("one")
        assert follower.words.text("psk hunter") == "psk hunter"

    def test_who_is_told_what_was_chosen_is_the_provider(
        self, guarded: Guarded, gossip: Blabbermouth
    ) -> None:
        """The guard itself chooses nothing."""
        guarded.choose(["t"])
        assert gossip.chosen == ["t"]

    def test_every_question_is_guarded(self) -> None:
        """Whoever adds one to `Provider` adds it here."""
        questions = {name for name in vars(Provider) if not name.startswith("_")}
        assert questions <= vars(Guarded).keys()

    async def test_what_a_provider_does_not_know_stays_so(self, guarded: Guarded) -> None:
        """The guard adds no question."""
        with pytest.raises(ProviderUnsupportedError):
            await Provider.cancel(guarded, COMMAND)
        with pytest.raises(ProviderUnsupportedError):
            Provider.alone(guarded, "DO", {})
        heard = Overheard(action="DO", data={}, entity_ids=("t",), context="c")
        assert Provider.overhear(guarded, heard) == ()


class TestLimits:
    """How much there may be."""

    async def test_more_than_5000_targets_are_an_error_that_says_so(
        self, gossip: Blabbermouth, guarded: Guarded
    ) -> None:
        """They would stop Home Assistant for half a minute."""
        gossip.listed = Targets([TARGET] * MOST_TARGETS)
        assert len(await guarded.targets()) == 5000
        gossip.listed = Targets([TARGET] * (MOST_TARGETS + 1))
        with pytest.raises(ProviderTooManyError, match="more than 5,000 targets") as raised:
            await guarded.targets()
        assert raised.value.limit == 5000

    async def test_so_are_more_than_1000_commands_behind_one_id(
        self, gossip: Blabbermouth, guarded: Guarded
    ) -> None:
        """One action is to follow them all."""
        gossip.sightings = MOST_SIGHTINGS
        assert len(await guarded.find("7", None)) == 1000
        gossip.sightings += 1
        with pytest.raises(ProviderTooManyError, match="more than 1,000 commands"):
            await guarded.find("7", None)

    async def test_a_list_of_which_nothing_makes_sense_is_none(
        self, gossip: Blabbermouth, guarded: Guarded
    ) -> None:
        """An empty one is."""
        gossip.listed = Targets([])
        assert await guarded.targets() == ()
        gossip.listed = Targets([], whole=False)
        with pytest.raises(ProviderNoAnswerError):
            await guarded.targets()


class TestEveryCloud:
    """The same through real answers."""

    async def test_a_secret_of_the_account_is_in_no_reason(
        self, stage: Stage, provider: Provider
    ) -> None:
        """A cloud may repeat what it was sent, in a refusal in its own shape."""
        stage.simulator.log.clear()
        order = await first_order(stage, provider)
        secrets = stage.secrets_received()
        said = f"{' '.join(secrets)} pin: 1234 you@example.com \x1b[31m"
        body = json.dumps(stage.refusal(said))
        stage.simulator.faults.add(FaultKind.STATUS, status=422, body=body, times=None)
        command = Command(
            tracking_id="x",
            target=order.target.id,
            target_name="T",
            network_id=order.target.network_id,
            command=order.command,
            parameters=order.parameters,
            kept=order.kept,
            created_at=stage.clock(),
            deadline=stage.clock() + 60,
        )
        with pytest.raises(ProviderRefusedError) as raised:
            await provider.submit([command])
        assert secrets
        told = told_by(raised.value)
        for secret in (*secrets, "1234 ", "you@example.com", "\x1b"):
            assert secret not in told
        assert REDACTED in raised.value.message

    def test_results_fit_into_an_event(self) -> None:
        """However large or deep they are."""
        deep: Any = "x"
        for _ in range(500):
            deep = [deep, "a word " * 50]
        kept = Filter().data({"deep": deep})
        assert CUT in str(kept)
        assert len(json_bytes(kept)) <= 16 * 1024
