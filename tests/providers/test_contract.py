"""What every provider keeps, whichever cloud it speaks to.

A new provider needs a stage in `stages/`, and nothing in here. What only some of them can do is in
`test_capabilities.py`.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import Final

import pytest

from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import (
    AccountDescription,
    Form,
    Menu,
    Order,
    Outcome,
    Provider,
    ProviderDescription,
    Target,
)
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderConnectionError,
    ProviderDisconnectedError,
    ProviderError,
    ProviderInputError,
    SignInError,
)
from custom_components.command_status.tracking import Command, CommandState, Observation, Phase
from simulators.faults import FaultKind

from .accounts import ACCOUNTS
from .following import accepted, after, asked_once, learned, sent
from .secrecy import told_by
from .stages import STAGES, Stage

FORM_ERRORS = {
    "invalid_auth",
    "cannot_connect",
    "rate_limited",
    "missing_permission",
    "insecure_url",
    "invalid_url",
    "invalid_code",
    "code_expired",
    "session_lost",
    "client_blocked",
    "update_required",
    "unknown",
    "check_failed",
    "invalid_description",
    "not_json",
}
"""The words that forms have texts for."""

SAY_SO = {"data_needed", "knows_no_command", "no_parameters", "number_needed", "text_needed"}
"""Errors whose text itself says what is accepted."""

BAD_DAYS = [
    FaultKind.STATUS,
    FaultKind.RESET,
    FaultKind.DROP,
    FaultKind.CUT,
    FaultKind.GARBAGE,
    FaultKind.HTML,
    FaultKind.HUGE,
    FaultKind.REDIRECT,
]
"""Whatever a network or a proxy makes of an answer, it is not the cloud's word."""


def key_of(error: ProviderError) -> str:
    """Return the word under which a form finds its text."""
    return error.text_key if isinstance(error, SignInError) else error.key


async def first_order(stage: Stage, provider: Provider) -> Order:
    """Return an order that makes sense, for the first target."""
    return provider.order((await provider.targets())[:1], stage.word, {})


def unclear(targets: Sequence[Target]) -> Iterator[tuple[list[Target], str]]:
    """Go through the commands that several targets of one device take, with all its targets."""
    for device in {target.device for target in targets}:
        candidates = [target for target in targets if target.device == device]
        takers = Counter(word for target in candidates for word in target.commands)
        yield from ((candidates, word) for word, count in takers.items() if count > 1)


async def submitted(provider: Provider, command: Command) -> Outcome:
    """Send a command, and return what came of it."""
    return (await provider.submit([command]))[command.tracking_id]


class TestSignIn:
    """From the first form to an account."""

    async def test_good_credentials_make_an_account(self, stage: Stage) -> None:
        """The entry needs an id to be unique by, a title, and plain texts to store."""
        account = await stage.signed_in()
        assert account.id
        assert account.title
        assert all(isinstance(text, str) for text in account.credentials.values())

    async def test_the_same_account_has_the_same_id_again(self, stage: Stage) -> None:
        """By its id an account is found to be configured already."""
        assert (await stage.signed_in()).id == (await stage.signed_in()).id

    async def test_the_title_tells_nothing_that_identifies(self, stage: Stage) -> None:
        """The title becomes the name of a device, and so a part of states."""
        account = await stage.signed_in()
        assert account.id not in account.title
        assert not any(secret in account.title for secret in stage.simulator.secrets)

    async def test_bad_credentials_are_told_in_the_form(self, stage: Stage) -> None:
        """The form stays open and says what is wrong."""
        with pytest.raises(ProviderError) as raised:
            await stage.refused()
        assert key_of(raised.value) == "invalid_auth"

    async def test_an_unreachable_cloud_is_told_in_the_form(self, stage: Stage) -> None:
        """It says nothing about the credentials."""
        await stage.simulator.stop()
        with pytest.raises(ProviderError) as raised:
            await stage.signed_in()
        assert key_of(raised.value) == "cannot_connect"

    @pytest.mark.parametrize("kind", BAD_DAYS)
    async def test_whatever_goes_wrong_has_a_text(self, stage: Stage, kind: FaultKind) -> None:
        """A user can try again; nobody can do anything with a traceback."""
        stage.simulator.faults.add(kind, times=None)
        with pytest.raises(ProviderError) as raised:
            await stage.signed_in()
        assert key_of(raised.value) in FORM_ERRORS

    async def test_connecting_asks_nothing(self, stage: Stage) -> None:
        """An account loads from its own records, also without a network."""
        account = await stage.signed_in()
        before = stage.simulator.counts.total()
        stage.connect(account)
        assert stage.simulator.counts.total() == before


class TestTargets:
    """What commands can act on."""

    async def test_targets_are_unique(self, provider: Provider) -> None:
        """Entities are built from their ids, and names are how users tell them apart."""
        targets = await provider.targets()
        assert targets
        assert len({target.id for target in targets}) == len(targets)
        assert len({target.name for target in targets}) == len(targets)

    async def test_the_targets_of_a_device_have_names_of_their_own(
        self, provider: Provider
    ) -> None:
        """Their entities are named after the device, the label and the words that fill it in."""
        targets = await provider.targets()
        names = {(t.device, t.label, *sorted(t.placeholders.items())) for t in targets}
        assert len(names) == len(targets)

    async def test_targets_are_stable(self, provider: Provider) -> None:
        """Entities outlive restarts."""
        assert await provider.targets() == await provider.targets()

    async def test_every_target_has_something_to_offer(self, provider: Provider) -> None:
        """A saved command starts with the choice of one, and has a form for it."""
        for target in await provider.targets():
            assert target.commands
            for command in target.commands:
                names = [field.name for field in provider.parameters(target, command)]
                assert len(set(names)) == len(names)

    async def test_a_device_above_another_is_a_device(self, provider: Provider) -> None:
        """`via` hangs a device under one that exists."""
        targets = await provider.targets()
        devices = {target.device for target in targets}
        assert {target.via for target in targets} <= {None, *devices}


class TestOrder:
    """The user's words."""

    async def test_the_case_does_not_matter(self, stage: Stage, provider: Provider) -> None:
        """Clouds differ in their spelling, users should not have to."""
        candidates = (await provider.targets())[:1]
        lower = provider.order(candidates, stage.word.lower(), {})
        assert lower == provider.order(candidates, stage.word.upper(), {})
        assert lower.target == candidates[0]

    async def test_nobody_guesses_which_target_of_a_device_is_meant(
        self, provider: Provider
    ) -> None:
        """Whoever names a device that has several would otherwise move the wrong one."""
        for candidates, command in unclear(await provider.targets()):
            with pytest.raises(ProviderInputError) as raised:
                provider.order(candidates, command, {})
            assert raised.value.placeholders["accepted"]

    async def test_nonsense_is_refused_before_anything_is_sent(
        self, stage: Stage, provider: Provider
    ) -> None:
        """The error says what is accepted, so that the user can mend the call."""
        candidates = (await provider.targets())[:1]
        before = stage.simulator.counts.total()
        for word, parameters in stage.nonsense:
            with pytest.raises(ProviderInputError) as raised:
                provider.order(candidates, word, parameters)
            assert raised.value.placeholders.get("accepted") or raised.value.text_key in SAY_SO
        assert stage.simulator.counts.total() == before


class TestCommand:
    """From sending to the outcome."""

    async def test_a_command_that_is_sent_is_known_by_its_id(
        self, stage: Stage, provider: Provider
    ) -> None:
        """Without the provider's id there is nothing to ask about."""
        stage.succeed()
        command = await sent(provider, await first_order(stage, provider))
        assert command.phase is Phase.TAKEN
        assert command.command_id or command.request_id
        assert not command.final

    async def test_a_command_can_succeed(self, stage: Stage, provider: Provider) -> None:
        """The device confirmed it."""
        stage.succeed()
        command = await sent(provider, await first_order(stage, provider))
        command = after(command, await asked_once(provider, command))
        assert not command.final
        stage.finish()
        command = after(command, await asked_once(provider, command))
        assert command.state is CommandState.SUCCESS

    async def test_a_command_can_fail(self, stage: Stage, provider: Provider) -> None:
        """Then somebody wants to know why."""
        stage.fail()
        command = await sent(provider, await first_order(stage, provider))
        stage.finish()
        command = after(command, await asked_once(provider, command))
        assert command.state is CommandState.FAILURE
        assert command.reason

    async def test_an_unknown_word_keeps_a_command_open(
        self, stage: Stage, provider: Provider
    ) -> None:
        """Clouds learn new words; none of them is an outcome until we know it."""
        stage.mumble()
        command = await sent(provider, await first_order(stage, provider))
        stage.finish()
        news = await asked_once(provider, command)
        assert isinstance(news, Observation)
        assert news.state is None
        assert news.provider_state
        assert not after(command, news).final

    async def test_a_command_of_someone_else_can_be_found(
        self, stage: Stage, provider: Provider
    ) -> None:
        """It is told with the target and the id under which we would have it ourselves."""
        stage.succeed()
        ours = await sent(provider, await first_order(stage, provider))
        ours = after(ours, await asked_once(provider, ours))
        (sighting,) = await provider.find(ours.command_id or "", ours.network_id, ours.target)
        assert sighting.target == ours.target
        assert sighting.observation.command_id == ours.command_id

    async def test_sending_asks_once(self, stage: Stage, provider: Provider) -> None:
        """A repeat could act twice; who repeats is decided above, by rules of its own."""
        order = await first_order(stage, provider)
        before = stage.simulator.counts.total()
        stage.succeed()
        await sent(provider, order)
        assert stage.simulator.counts.total() == before + 1


class TestBadDays:
    """What networks, proxies and clouds do to a client."""

    async def test_an_unreachable_cloud_is_a_connection_error(
        self, stage: Stage, provider: Provider
    ) -> None:
        """Then a command certainly was not taken, and may be sent later."""
        stage.succeed()
        order = await first_order(stage, provider)
        command = await sent(provider, order)
        await stage.simulator.stop()
        # The first may meet a connection from before that is dead, which says less.
        with pytest.raises(ProviderError):
            await provider.targets()
        with pytest.raises(ProviderConnectionError):
            await asked_once(provider, command)
        with pytest.raises(ProviderConnectionError):
            await provider.submit([accepted(order, "01J0000001")])

    @pytest.mark.parametrize("kind", BAD_DAYS)
    async def test_a_broken_answer_is_never_an_outcome(
        self, stage: Stage, provider: Provider, kind: FaultKind
    ) -> None:
        """A failed status request is not a failed command."""
        stage.succeed()
        command = await sent(provider, await first_order(stage, provider))
        stage.finish()
        fault = stage.simulator.faults.add(kind, times=None)
        assert isinstance(await learned(asked_once(provider, command)), ProviderError)
        stage.simulator.faults.remove(fault)
        news = await asked_once(provider, command)
        assert after(command, news).state is CommandState.SUCCESS

    @pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.DROP])
    async def test_a_kept_connection_that_breaks_costs_one_request(
        self, stage: Stage, provider: Provider, kind: FaultKind
    ) -> None:
        """When and whether to ask again is decided above, where requests are counted."""
        stage.succeed()
        command = await sent(provider, await first_order(stage, provider))
        before = stage.simulator.counts.total()
        stage.simulator.faults.add(kind)
        with pytest.raises(ProviderDisconnectedError):
            await asked_once(provider, command)
        assert stage.simulator.counts.total() == before + 1
        assert isinstance(await asked_once(provider, command), Observation)

    @pytest.mark.parametrize("kind", BAD_DAYS)
    async def test_nobody_pretends_to_know_whether_a_command_was_taken(
        self, stage: Stage, provider: Provider, kind: FaultKind
    ) -> None:
        """Neither `taken` nor `refused` can be read off a broken answer."""
        command = accepted(await first_order(stage, provider))
        before = stage.simulator.counts.total()
        stage.simulator.faults.add(kind, times=None)
        outcome = await learned(submitted(provider, command))
        key = outcome.key if isinstance(outcome, ProviderError) else outcome.reason
        assert key == stage.tells.get(kind, "no_answer")
        assert stage.simulator.counts.total() == before + 1

    @pytest.mark.parametrize("kind", BAD_DAYS)
    async def test_a_broken_list_is_no_list(
        self, stage: Stage, provider: Provider, kind: FaultKind
    ) -> None:
        """Who is missing from a complete list may be removed, so half a list is none."""
        stage.simulator.faults.add(kind, times=None)
        with pytest.raises(ProviderError):
            await provider.targets()

    async def test_credentials_that_stop_working_are_told_as_such(
        self, stage: Stage, provider: Provider
    ) -> None:
        """That starts a new sign-in, and leaves the command open."""
        stage.succeed()
        command = await sent(provider, await first_order(stage, provider))
        stage.lock_out()
        with pytest.raises(ProviderAuthError):
            await asked_once(provider, command)
        with pytest.raises(ProviderAuthError):
            await provider.targets()

    async def test_parallel_requests_do_not_disturb_each_other(
        self, stage: Stage, provider: Provider
    ) -> None:
        """Many commands are asked about at once."""
        stage.succeed()
        command = await sent(provider, await first_order(stage, provider))
        stage.finish()
        news = await asyncio.gather(*(asked_once(provider, command) for _ in range(10)))
        assert {after(command, each).state for each in news} == {CommandState.SUCCESS}

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 422, 429, 500])
    async def test_no_error_repeats_a_secret(
        self, stage: Stage, provider: Provider, status: int
    ) -> None:
        """Errors end up in logs and in records, even where a cloud quotes what it was sent."""
        stage.simulator.log.clear()
        order = await first_order(stage, provider)
        quoted = " ".join(stage.secrets_received())
        body = f'{{"code": "QUOTED", "message": "{quoted}", "detail": "{quoted}"}}'
        stage.simulator.faults.add(FaultKind.STATUS, status=status, body=body, times=None)
        attempts: list[Callable[[], Awaitable[object]]] = [
            provider.targets,
            lambda: provider.submit([accepted(order)]),
            lambda: provider.find("cmd-1", order.target.network_id),
        ]
        for attempt in attempts:
            with pytest.raises(ProviderError) as raised:
                await attempt()
            told = told_by(raised.value)
            assert not [secret for secret in quoted.split() if secret in told]


CLOUDS: Final = [key for key, account in ACCOUNTS.items() if not account.is_house]
"""The house itself is no cloud: it is asked nothing, and its own tests are `tests/this_home`."""


class TestDescription:
    """What the floors above build on."""

    @pytest.fixture(params=CLOUDS)
    def description(self, request: pytest.FixtureRequest) -> ProviderDescription:
        """Return each description in its turn."""
        return PROVIDERS[request.param]

    @pytest.fixture
    def account(self, description: ProviderDescription) -> AccountDescription:
        """Return the description of an account at each provider."""
        return ACCOUNTS[description.key]

    def test_every_provider_is_on_a_stage(self) -> None:
        """Otherwise nothing in this file is said about it."""
        assert list(STAGES) == CLOUDS
        assert list(PROVIDERS) == sorted(PROVIDERS)

    def test_the_key_is_the_one_in_the_table(self, description: ProviderDescription) -> None:
        """Entries are stored with the key, forms and texts are found by it."""
        assert PROVIDERS[description.key] is description
        assert next(iter(description.steps)) == description.key

    def test_every_step_can_be_reached_and_filled_in(
        self, description: ProviderDescription
    ) -> None:
        """A menu leads to steps that exist, and a form has one place for each value."""
        for step in description.steps.values():
            match step:
                case Menu(options=options):
                    assert set(options) <= description.steps.keys()
                case Form(fields=fields):
                    assert len({field.name for field in fields}) == len(fields)

    def test_it_asks_ever_more_slowly(self, account: AccountDescription) -> None:
        """The older a command, the less likely is news; the last row holds for ever."""
        steps = account.policy.cadence.steps
        assert all(
            younger[0] < older[0] and younger[1] <= older[1] for younger, older in pairwise(steps)
        )
        assert steps[-1][0] == inf

    def test_it_asks_no_faster_than_the_cloud_wishes(self, stage: Stage) -> None:
        """Nor for a late outcome."""
        policy = stage.account.policy
        assert min(interval for _, interval in policy.cadence.steps) >= stage.fastest
        assert policy.watch.every >= policy.cadence.interval(0)
        assert policy.pace.per_second <= 5
        assert policy.pace.at_once <= 4

    def test_the_window_is_one_that_a_user_may_choose(self, account: AccountDescription) -> None:
        """From 5 s to 7 days."""
        assert 5 <= account.policy.window <= 7 * 86400

    def test_what_is_tried_again_is_tried_within_a_minute(
        self, account: AccountDescription
    ) -> None:
        """Not later, because a gate must not open out of the blue."""
        recovery = account.policy.recovery
        assert sum(recovery.pauses if recovery else ()) <= 60

    def test_its_words_mean_outcomes(self, account: AccountDescription) -> None:
        """Without a word for success and one for failure no command would ever end."""
        meanings = set(account.provider_states.values())
        assert meanings >= {CommandState.SUCCESS, CommandState.FAILURE}

    def test_what_needs_consent_is_spelled_as_orders_are(self, account: AccountDescription) -> None:
        """The check compares words, so they must be the provider's own."""
        assert all(word == word.upper() for word in account.confirm)
        assert all(word == word.lower() for word in account.update_states)
