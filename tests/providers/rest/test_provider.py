"""Commands at a described API: sent, asked about, stopped, found."""

from collections.abc import Mapping
from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.command_status.providers.base import Provider, Query
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderError,
    ProviderInputError,
    ProviderInterceptedError,
    ProviderLaterError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderPermissionError,
    ProviderRateLimitError,
    ProviderRefusedError,
    ProviderRequestError,
    ProviderTooManyError,
    ProviderUnsupportedError,
)
from custom_components.command_status.tracking import Command, CommandState, Observation
from simulators.clock import ManualClock
from simulators.faults import FaultKind
from simulators.rest import TOKEN, RestSimulator

from ..following import accepted, after, asked, asked_once
from .conftest import Connected
from .jobs import REMOVED

SEND = "commands/make/send"
OUTCOME = "ask/outcome"
STAGES: Mapping[str, Any] = {
    "commands/make/id": {"header": "Location", "segment": -1},
    "ask": [
        {
            "path": "/api/queue/${id}",
            "outcome": {
                "rules": [
                    {"when": {"path": "item.dropped", "is": True}, "state": "cancelled"},
                    {"when": {"path": "item.job", "exists": True}, "state": "next"},
                ],
                "next": "item.job",
                "otherwise": "queued",
            },
        },
        {
            "path": "/api/jobs/${id}",
            "outcome": {"word": "job.state", "words": {"success": ["done"]}},
        },
    ],
}


async def ordered(provider: Provider, clock: ManualClock, **parameters: Any) -> Command:
    """Return a command for the first machine, accepted and not sent yet."""
    order = provider.order((await provider.targets())[:1], "make", parameters)
    return accepted(order, now=clock())


async def sent(provider: Provider, clock: ManualClock, **parameters: Any) -> Command:
    """Return a command that was sent."""
    return await submitted(provider, await ordered(provider, clock, **parameters), clock)


async def submitted(provider: Provider, command: Command, clock: ManualClock) -> Command:
    """Send a command."""
    news = await provider.submit([command])
    return after(command, news[command.tracking_id], clock())


def answer_with(
    cloud: RestSimulator, label: str, body: Any, status: int = 200, **more: Any
) -> None:
    """Let the service say something once."""
    text = body if isinstance(body, str) else json.dumps(body)
    cloud.faults.add(FaultKind.STATUS, label, status=status, body=text, **more)


class TestTargets:
    """What an account has."""

    async def test_all_pages_are_read(self, connected: Connected, cloud: RestSimulator) -> None:
        """Each machine is a device, with what is kept of it."""
        targets = await connected().targets()
        assert [(t.id, t.name, t.online, t.kept["site"]) for t in targets] == [
            ("m1", "Machine 1", True, "site-1"),
            ("m2", "Machine 2", True, "site-2"),
            ("m3", "Machine 3", True, "site-3"),
        ]
        assert cloud.counts["machines"] == 2

    async def test_a_page_can_be_an_address(self, connected: Connected) -> None:
        """Some APIs name the next page whole."""
        targets = await connected({"targets/page": {"next": "link"}}).targets()
        assert len(targets) == 3

    async def test_a_page_elsewhere_is_never_read(
        self, connected: Connected, cloud: RestSimulator
    ) -> None:
        """The token goes nowhere else."""
        answer_with(cloud, "machines", {"machines": [], "link": "http://127.0.0.1:9/api"})
        with pytest.raises(ProviderRefusedError, match="foreign_url"):
            await connected({"targets/page": {"next": "link"}}).targets()

    async def test_a_list_can_be_one_page(self, connected: Connected) -> None:
        """Then what it says of others is not read."""
        assert len(await connected({"targets/page": REMOVED}).targets()) == 2

    async def test_targets_can_be_written_down(self, connected: Connected) -> None:
        """Without a request."""
        static = {"static": [{"id": "a", "name": "First"}, {"id": "b"}]}
        targets = await connected({"targets": static, f"{SEND}/json": {}}).targets()
        assert [(t.id, t.name) for t in targets] == [("a", "First"), ("b", "b")]

    async def test_without_any_the_account_is_one(self, connected: Connected) -> None:
        """An API with nothing but jobs."""
        (target,) = await connected({"targets": REMOVED, f"{SEND}/json": {}}).targets()
        assert (target.id, target.name, target.commands) == ("account", "Jobs", ("make",))

    async def test_texts_are_their_own_ids(
        self, connected: Connected, cloud: RestSimulator
    ) -> None:
        """As the projects of Scrapyd; the same name twice is told apart, and so is an odd word."""
        answer_with(cloud, "machines", {"machines": ["a", "b", "a"]})
        assert [t.id for t in await connected().targets()] == ["a", "b"]
        twins = [{"id": 1, "name": "Twin", "state": "resting"}, {"id": 2, "name": "Twin"}]
        answer_with(cloud, "machines", {"machines": twins})
        targets = await connected().targets()
        assert [(t.name, t.online) for t in targets] == [("Twin (1)", None), ("Twin (2)", None)]

    @pytest.mark.parametrize(
        "body",
        [
            "<html>",
            {"machines": None},
            {"machines": [{"name": "x"}]},
            {"machines": [{"id": "a\nb"}]},
        ],
    )
    async def test_half_a_list_is_none(
        self, connected: Connected, cloud: RestSimulator, body: Any
    ) -> None:
        """Who is missing from a list may be removed."""
        answer_with(cloud, "machines", body)
        with pytest.raises(ProviderNoAnswerError):
            await connected().targets()

    async def test_what_makes_no_sense_is_left_out(
        self, connected: Connected, cloud: RestSimulator
    ) -> None:
        """The list is not whole then: who is missing from it may be there all the same."""
        answer_with(cloud, "machines", {"machines": [{"name": "x"}, {"id": "m1"}]})
        listed = await connected().targets()
        assert [target.id for target in listed] == ["m1"]
        assert not listed.whole

    async def test_a_list_may_be_too_long(self, connected: Connected, cloud: RestSimulator) -> None:
        """More than that nobody can hold."""
        answer_with(cloud, "machines", {"machines": [{"id": f"{n}"} for n in range(5001)]})
        with pytest.raises(ProviderTooManyError):
            await connected().targets()

    @pytest.mark.parametrize("marks", [["same"] * 60, [f"m{n}" for n in range(60)]])
    async def test_a_list_without_an_end_is_none(
        self, connected: Connected, cloud: RestSimulator, marks: list[str]
    ) -> None:
        """50 pages, and never the same twice."""
        for mark in marks:
            answer_with(cloud, "machines", {"machines": [], "after": mark})
        with pytest.raises(ProviderNoAnswerError):
            await connected().targets()

    async def test_a_refused_list_says_why(
        self, connected: Connected, cloud: RestSimulator
    ) -> None:
        """In the service's own words."""
        answer_with(cloud, "machines", {"error": {"message": "moved"}}, status=410)
        with pytest.raises(ProviderRefusedError, match="moved"):
            await connected().targets()

    async def test_commands_that_need_a_confirmation_are_not_offered(
        self, connected: Connected
    ) -> None:
        """They are for people who type them."""
        assert (await connected({"commands/make/confirm": True}).targets())[0].commands == ()


class TestOrders:
    """The user's words."""

    async def test_defaults_are_filled_in(self, connected: Connected, clock: ManualClock) -> None:
        """And whole numbers stay whole."""
        assert (await ordered(connected(), clock, speed="3.0")).parameters == {
            "what": "screws",
            "speed": 3,
        }

    async def test_what_fits_no_place_is_refused_before_anything_is_sent(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """A line break ends no header."""
        provider = connected({f"{SEND}/headers": {"X-What": "${parameter.what}"}})
        with pytest.raises(ProviderInputError) as raised:
            await ordered(provider, clock, what="a\r\nb")
        assert raised.value.text_key == "unfit_value"
        assert raised.value.placeholders == {"parameter": "what"}
        assert cloud.counts["create"] == 0

    async def test_an_unknown_command_is_refused(self, connected: Connected) -> None:
        """With those that there are."""
        provider = connected()
        with pytest.raises(ProviderInputError) as raised:
            provider.order((await provider.targets())[:1], "unmake", {})
        assert raised.value.placeholders == {"command": "unmake", "accepted": "make"}

    async def test_a_secret_is_shown_to_nobody(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """It is sent, and taken out of what the service repeats of it."""
        provider = connected(
            {
                "commands/make/parameters": [{"name": "pin", "secret": True}],
                f"{SEND}/json": {"pin": "${parameter.pin}"},
            }
        )
        command = await ordered(provider, clock, pin="4711-0815")
        assert command.parameters == {"pin": "**REDACTED**"}
        answer_with(cloud, "create", {"error": {"message": "bad pin 4711-0815"}}, status=400)
        with pytest.raises(ProviderRefusedError) as raised:
            await provider.submit([command])
        assert "4711" not in raised.value.message
        taken = await submitted(provider, command, clock)
        assert cloud.jobs[taken.command_id or ""].order == {"pin": "4711-0815"}

    async def test_a_form_asks_for_the_parameters(self, connected: Connected) -> None:
        """One field for each; an unknown command has none."""
        provider = connected()
        target = (await provider.targets())[0]
        assert [field.name for field in provider.parameters(target, "MAKE")] == ["what", "speed"]
        assert provider.parameters(target, "unmake") == ()


class TestSending:
    """What an answer to sending means."""

    async def test_it_is_taken(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """With its id, and what the list told of the target."""
        command = await sent(connected(), clock, speed=3)
        assert (command.state, command.command_id) == (CommandState.QUEUED, "j1")
        assert cloud.jobs["j1"].order == {"what": "screws", "speed": 3, "site": "site-1"}

    @pytest.mark.parametrize(
        ("status", "body", "error"),
        [
            (400, {"error": {"message": "no screws"}}, ProviderRequestError),
            (302, "", ProviderRequestError),
            (401, "", ProviderAuthError),
            (403, "", ProviderPermissionError),
            (408, "", ProviderNoAnswerError),
            (429, "", ProviderRateLimitError),
            (500, {"error": {"message": "no screws"}}, ProviderNoAnswerError),
            (503, "", ProviderNoAnswerError),
        ],
    )
    async def test_a_status_is_believed(
        self,
        connected: Connected,
        cloud: RestSimulator,
        clock: ManualClock,
        status: int,
        body: Any,
        error: type[ProviderError],
    ) -> None:
        """Where no rule says something else.

        Of a repeat it is no word on the command: what became of the first request it does not say.
        """
        provider = connected()
        command = await ordered(provider, clock)
        answer_with(cloud, "create", body, status)
        with pytest.raises(error) as raised:
            await provider.submit([command])
        assert type(raised.value) is error
        assert not raised.value.about_command

    async def test_a_refusal_says_why(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """In the service's own words, or by its status; never with a secret."""
        provider = connected()
        command = await ordered(provider, clock)
        for body, reason in [
            ({"error": {"message": f"no {TOKEN}"}}, "no **REDACTED**"),
            ("", "http_409"),
        ]:
            answer_with(cloud, "create", body, status=409)
            with pytest.raises(ProviderRefusedError) as raised:
                await provider.submit([command])
            assert raised.value.message == reason

    async def test_a_redirect_is_not_followed(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """It is an answer; without a rule it refuses."""
        provider = connected()
        command = await ordered(provider, clock)
        cloud.faults.add(FaultKind.REDIRECT, "create", location=f"{cloud.url}/api/me")
        with pytest.raises(ProviderRefusedError, match="http_302"):
            await provider.submit([command])
        assert cloud.counts["check"] == 0

    async def test_a_pause_that_a_503_asks_for_counts(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """When it is asked; whether a command was taken, nobody knows then."""
        provider = connected()
        command = await ordered(provider, clock)
        answer_with(cloud, "create", "", 503, headers={"Retry-After": "7"})
        with pytest.raises(ProviderNoAnswerError):
            await provider.submit([command])
        command = await submitted(provider, command, clock)
        answer_with(cloud, "status", "", 503, headers={"Retry-After": "7"})
        with pytest.raises(ProviderRateLimitError) as raised:
            await asked_once(provider, command)
        assert raised.value.retry_after == 7

    @pytest.mark.parametrize(
        ("rule", "state", "reason"),
        [
            (
                {
                    "when": {"path": "job.id", "exists": True},
                    "state": "failure",
                    "reason": "job.id",
                },
                CommandState.FAILURE,
                "j1",
            ),
            ({"when": {"http": 201}, "state": "failure"}, CommandState.FAILURE, "http_201"),
            ({"when": {"http": "2xx"}, "state": "success"}, CommandState.SUCCESS, None),
            ({"when": {"http": "2xx"}, "state": "acknowledged"}, CommandState.ACKNOWLEDGED, None),
        ],
    )
    async def test_a_rule_comes_before_the_status(
        self,
        connected: Connected,
        clock: ManualClock,
        rule: Mapping[str, Any],
        state: CommandState,
        reason: str | None,
    ) -> None:
        """Some APIs refuse with a 200, and some are done with it."""
        command = await sent(connected({"send_rules": [rule]}), clock)
        assert (command.state, command.reason) == (state, reason)

    async def test_a_rule_can_take_what_the_status_refuses(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """A 303 that names the job."""
        rule = {"when": {"http": 303}, "state": "queued"}
        provider = connected({"send_rules": [rule], "commands/make/id": {"header": "Location"}})
        command = await ordered(provider, clock)
        answer_with(cloud, "create", "", 303, headers={"Location": "j9"})
        assert (await submitted(provider, command, clock)).state is CommandState.QUEUED

    @pytest.mark.parametrize("body", ["", "<html>", {}, {"job": {"id": None}}])
    async def test_without_an_id_it_is_lost(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock, body: Any
    ) -> None:
        """It was taken, and nobody can ask about it."""
        provider = connected()
        command = await ordered(provider, clock)
        answer_with(cloud, "create", body, 200)
        command = await submitted(provider, command, clock)
        assert (command.state, command.reason) == (CommandState.LOST, "id_missing")

    async def test_an_address_at_home_is_followed(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Some APIs name the status whole."""
        provider = connected(
            {
                "commands/make/keep": {"at": "status_url", "none": "x", "list": "job"},
                "ask/path": REMOVED,
                "ask/url": "${kept.at}",
            }
        )
        command = await sent(provider, clock)
        assert command.kept == {"target.site": "site-1", "at": f"{cloud.url}/api/jobs/j1"}
        cloud.finish("j1")
        news = await asked_once(provider, command)
        assert after(command, news).state is CommandState.SUCCESS

    async def test_an_address_that_is_not_there_is_asked_for_later(
        self, connected: Connected, clock: ManualClock
    ) -> None:
        """It was taken, and its questions bring nothing until its window ends."""
        changes = {"commands/make/keep": {"at": "nowhere"}, "ask/path": REMOVED}
        provider = connected({**changes, "ask/url": "${kept.at}"})
        command = await sent(provider, clock)
        assert command.state is CommandState.QUEUED
        with pytest.raises(ProviderRefusedError):
            await asked_once(provider, command)

    async def test_an_address_elsewhere_is_lost(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """It was taken, and nothing is sent there."""
        changes = {"commands/make/id": "at", "ask/path": REMOVED, "ask/url": "${id}"}
        provider = connected(changes)
        command = await ordered(provider, clock)
        answer_with(cloud, "create", {"at": "https://evil.example/j"}, 201)
        command = await submitted(provider, command, clock)
        assert (command.state, command.reason) == (CommandState.LOST, "foreign_url")

    async def test_an_answer_can_be_judged_at_once(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Where it has the shape of a status answer."""
        provider = connected({"commands/make/answer": True})
        assert (await sent(provider, clock)).state is CommandState.IN_PROGRESS
        cloud.settings.takes = 0
        assert (await sent(provider, clock)).state is CommandState.SUCCESS
        cloud.script("pondering")
        command = await sent(provider, clock)
        assert (command.state, command.provider_state) == (CommandState.QUEUED, "pondering")

    async def test_the_same_mark_twice_is_one_job(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """What was sent and not answered is sent again, and the service knows it."""
        provider = connected(
            {
                f"{SEND}/json/key": "${tracking_id}",
                f"{SEND}/repeatable": {"already": {"http": 409}},
                "commands/make/id": ["job.id", {"value": "${tracking_id}"}],
            }
        )
        command = await ordered(provider, clock)
        cloud.faults.add(FaultKind.DROP, "create")
        with pytest.raises(ProviderNoAnswerError):
            await provider.submit([command])
        again = await submitted(provider, command, clock)
        assert (again.state, again.command_id) == (CommandState.QUEUED, command.tracking_id)
        assert len(cloud.jobs) == 1

    async def test_a_command_that_the_description_lost_is_refused(
        self, connected: Connected, clock: ManualClock
    ) -> None:
        """The file was changed while it waited."""
        provider = connected()
        command = replace(await ordered(provider, clock), command="unmake")
        with pytest.raises(ProviderRefusedError, match="unknown_command"):
            await provider.submit([command])


class TestAsking:
    """What a status answer means."""

    async def test_progress_and_words_are_told(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Until the word of the end."""
        cloud.script("failed", "no steel")
        provider = connected()
        command = await sent(provider, clock)
        news = await asked_once(provider, command)
        assert news == Observation(
            state=CommandState.IN_PROGRESS, provider_state="working", progress=40
        )
        clock.advance(20)
        command = after(command, await asked_once(provider, command))
        assert (command.state, command.reason) == (CommandState.FAILURE, "no steel")

    @pytest.mark.parametrize(
        ("body", "state", "word"),
        [
            ({"job": {"state": "DONE "}}, CommandState.SUCCESS, "DONE"),
            ({"job": {"state": None}}, CommandState.IN_PROGRESS, None),
            ({"job": {}}, CommandState.IN_PROGRESS, None),
            ({"job": {"state": "x\ny" * 99}}, None, ("x y" * 99)[:255]),
        ],
    )
    async def test_a_word_is_looked_up(
        self,
        connected: Connected,
        cloud: RestSimulator,
        clock: ManualClock,
        body: Any,
        state: CommandState | None,
        word: str | None,
    ) -> None:
        """In whatever case; without one it is under way, and an unknown one is shown."""
        provider = connected()
        command = await sent(provider, clock)
        answer_with(cloud, "status", body)
        news = await asked_once(provider, command)
        assert isinstance(news, Observation)
        assert (news.state, news.provider_state) == (state, word)

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (401, ProviderInterceptedError),
            (403, ProviderInterceptedError),
            (429, ProviderRateLimitError),
            (500, ProviderNoAnswerError),
            (400, ProviderNoAnswerError),
            (302, ProviderNoAnswerError),
            (200, ProviderNoAnswerError),
            (204, ProviderNoAnswerError),
        ],
    )
    async def test_a_failed_question_is_no_failed_command(
        self,
        connected: Connected,
        cloud: RestSimulator,
        clock: ManualClock,
        status: int,
        error: type[ProviderError],
    ) -> None:
        """Nothing is known then, also where a page comes with a 200, or where it keeps us out."""
        provider = connected()
        command = await sent(provider, clock)
        answer_with(cloud, "status", "<html>", status)
        with pytest.raises(error):
            await asked_once(provider, command)

    async def test_an_unknown_id_is_lost_after_its_grace(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Some APIs know a job a moment later; after our own cancel it has ended so."""
        provider = connected({f"{OUTCOME}/grace": 5})
        command = await sent(provider, clock)
        cloud.forget("j1")
        assert await asked_once(provider, command) == Observation(state=CommandState.QUEUED)
        clock.advance(5)
        lost = Observation(state=CommandState.LOST, reason="unknown_id")
        assert await asked_once(provider, command) == lost
        stopping = replace(command, stopping=True)
        assert await asked_once(provider, stopping) == Observation(state=CommandState.CANCELLED)

    async def test_a_rule_of_loss_has_the_same_grace(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """For APIs that say "unknown" with a 200."""
        rules = [{"when": {"path": "gone", "is": True}, "state": "lost", "reason": "why"}]
        provider = connected({f"{OUTCOME}/rules": rules, f"{OUTCOME}/grace": 5})
        command = await sent(provider, clock)
        answer_with(cloud, "status", {"gone": True})
        assert await asked_once(provider, command) == Observation(state=CommandState.QUEUED)
        clock.advance(5)
        answer_with(cloud, "status", {"gone": True, "why": "wiped"})
        assert await asked_once(provider, command) == Observation(
            state=CommandState.LOST, reason="wiped"
        )

    async def test_only_what_was_seen_since_counts(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """A state that is read back may be an old one; the server's clock may be another."""
        provider = connected({f"{OUTCOME}/newer": "at"})
        command = replace(await sent(provider, clock), sent_at=1_800_000_000.0)
        clock.advance(1_800_000_100.0 - clock())
        date = {"Date": "Fri, 15 Jan 2027 09:01:40 GMT"}
        for moment, known in [
            (1_800_003_600, True),
            ("2027-01-15T09:00:00Z", True),
            (1_800_003_599_000, False),
            ("2027-01-15T08:00:00", False),
            ("yesterday", False),
            ([], False),
        ]:
            answer_with(cloud, "status", {"job": {"state": "done"}, "at": moment}, headers=date)
            news = await asked_once(provider, command)
            assert isinstance(news, Observation)
            assert (news.state is CommandState.SUCCESS) is known

    async def test_without_a_date_our_own_clock_counts(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Most servers send one; a wrong one is none."""
        provider = connected({f"{OUTCOME}/newer": "at"})
        command = await sent(provider, clock)
        body = {"job": {"state": "done"}, "at": clock() + 1}
        answer_with(cloud, "status", body, headers={"Date": "soon"})
        news = await asked_once(provider, command)
        assert isinstance(news, Observation)
        assert news.state is CommandState.SUCCESS

    async def test_rules_alone_can_tell(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Without a word; a page says nothing then."""
        rules = [{"when": {"path": "job.state", "is": "done"}, "state": "success"}]
        provider = connected({"ask/outcome": {"rules": rules, "otherwise": "sent"}})
        command = await sent(provider, clock)
        assert await asked_once(provider, command) == Observation(state=CommandState.SENT)
        answer_with(cloud, "status", "<html>")
        with pytest.raises(ProviderNoAnswerError):
            await asked_once(provider, command)
        cloud.finish("j1")
        assert await asked_once(provider, command) == Observation(state=CommandState.SUCCESS)

    async def test_a_result_is_kept(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Without secrets."""
        provider = connected({f"{OUTCOME}/result": "out"})
        command = await sent(provider, clock)
        for out, kept in [
            ({"token": "x", "n": [1, TOKEN]}, {"token": "**REDACTED**", "n": [1, "**REDACTED**"]}),
            (None, None),
        ]:
            answer_with(cloud, "status", {"job": {"state": "done"}, "out": out})
            news = await asked_once(provider, command)
            assert isinstance(news, Observation)
            assert news.result == kept

    async def test_one_more_request_brings_the_result(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """After the success, which is one without it, too."""
        provider = connected({"ask/then": {"path": "/api/jobs/${id}/output"}})
        command = await sent(provider, clock)
        await asked_once(provider, command)
        assert cloud.counts["output"] == 0
        cloud.finish("j1")
        results: list[Any] = [
            {"lines": ["j1 was made"], "token": "**REDACTED**"},
            "text",
            None,
            None,
        ]
        answer_with(cloud, "output", "text", skip=1)
        answer_with(cloud, "output", "", 404, skip=1)
        cloud.faults.add(FaultKind.RESET, "output", skip=1)
        for result in results:
            news = await asked_once(provider, command)
            assert isinstance(news, Observation)
            assert (news.state, news.result) == (CommandState.SUCCESS, result)

    async def test_a_command_with_nothing_to_ask_stays_as_it_is(
        self, connected: Connected, clock: ManualClock
    ) -> None:
        """Its answer was its end."""
        rule = {"when": {"http": "2xx"}, "state": "success"}
        provider = connected({"ask": REMOVED, "cancel": REMOVED, "send_rules": [rule]})
        command = await sent(provider, clock)
        assert command.state is CommandState.SUCCESS
        assert await asked_once(provider, command) == Observation()


class TestStages:
    """A queue first, then the job that came of it."""

    async def test_a_job_goes_on_under_another_id(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """And is asked about elsewhere from then on."""
        cloud.settings.waits = 5
        provider = connected(STAGES)
        command = await sent(provider, clock)
        assert command.command_id == "qj1"
        command = after(command, await asked_once(provider, command))
        assert command.state is CommandState.QUEUED
        clock.advance(5)
        command = after(command, await asked_once(provider, command))
        assert (command.state, command.command_id) == (CommandState.IN_PROGRESS, "j1")
        cloud.finish("j1")
        assert after(command, await asked_once(provider, command)).state is CommandState.SUCCESS

    async def test_it_can_end_in_the_first_stage(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Whoever is taken out of the queue never gets the other id."""
        provider = connected(STAGES)
        command = await sent(provider, clock)
        answer_with(cloud, "queue", {"item": {"dropped": True, "job": "j1"}})
        assert after(command, await asked_once(provider, command)).state is CommandState.CANCELLED

    async def test_the_next_stage_needs_an_id(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """What cannot be one is no news."""
        provider = connected(STAGES)
        command = await sent(provider, clock)
        answer_with(cloud, "queue", {"item": {"job": {"id": 1}}})
        with pytest.raises(ProviderNoAnswerError):
            await asked_once(provider, command)

    async def test_nothing_else_is_cancelled(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """The id of the queue may be that of another job."""
        provider = connected(STAGES)
        command = await sent(provider, clock)
        with pytest.raises(ProviderLaterError):
            await provider.cancel(command)
        assert cloud.counts["cancel"] == 0


class TestBatches:
    """Many commands in one request."""

    BATCH: Mapping[str, Any] = {
        "ask/batch": {
            "request": {"path": "/api/jobs", "query": {"ids": "${ids}"}},
            "items": "jobs",
            "id": "job.id",
            "size": 3,
        }
    }

    async def commands(
        self, provider: Provider, clock: ManualClock, count: int = 4
    ) -> list[Command]:
        """Return commands that were sent."""
        first = await sent(provider, clock)
        more = [
            await submitted(
                provider,
                replace(await ordered(provider, clock), tracking_id=f"01J{n:07}"),
                clock,
            )
            for n in range(1, count)
        ]
        return [first, *more]

    async def test_they_are_asked_about_together(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """As many as fit; who is missing is asked for alone, and may be lost only there."""
        provider = connected(self.BATCH)
        commands = await self.commands(provider, clock)
        cloud.finish("j1", "j4")
        cloud.forget("j2")
        cloud.forget("j3")
        news = await asked(provider, commands)
        assert [after(c, news[c.tracking_id]).state for c in commands] == [
            CommandState.SUCCESS,
            CommandState.LOST,
            CommandState.LOST,
            CommandState.SUCCESS,
        ]
        assert (cloud.counts["batch"], cloud.counts["status"]) == (1, 3)

    async def test_one_with_a_comma_is_asked_about_alone(
        self, connected: Connected, clock: ManualClock
    ) -> None:
        """It would be taken for two."""
        provider = connected(self.BATCH)
        commands = await self.commands(provider, clock, 2)
        odd = replace(commands[1], command_id="a,b")
        assert [len(query.commands) for query in provider.queries([commands[0], odd])] == [1, 1]

    @pytest.mark.parametrize(
        ("status", "body"), [(500, ""), (404, ""), (200, "<html>"), (200, {"jobs": None})]
    )
    async def test_a_broken_answer_says_nothing_of_any(
        self,
        connected: Connected,
        cloud: RestSimulator,
        clock: ManualClock,
        status: int,
        body: Any,
    ) -> None:
        """They all stay open."""
        provider = connected(self.BATCH)
        commands = await self.commands(provider, clock, 2)
        answer_with(cloud, "batch", body, status)
        with pytest.raises(ProviderNoAnswerError):
            await asked(provider, commands)

    async def test_one_broken_part_says_nothing_of_the_others(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Neither among many, nor where each is asked for alone."""
        provider = connected({**STAGES, "ask/0/batch": self.BATCH["ask/batch"]})
        one, other = await self.commands(provider, clock, 2)
        parts = [
            {"job": {"id": one.command_id}, "item": {"job": {"no": "id"}}},
            {"job": {"id": other.command_id}, "item": {"job": "j2"}},
        ]
        answer_with(cloud, "batch", {"jobs": parts})
        news = await asked(provider, [one, other])
        assert isinstance(news[one.tracking_id], ProviderNoAnswerError)
        assert after(other, news[other.tracking_id]).command_id == "j2"

        provider = connected(self.BATCH)
        one, other = await self.commands(provider, clock, 2)
        answer_with(cloud, "batch", {"jobs": []})
        cloud.faults.add(FaultKind.STATUS, "status", status=409, body="")
        news = await asked(provider, [one, other])
        assert isinstance(news[one.tracking_id], ProviderNoAnswerError)
        assert isinstance(news[other.tracking_id], Observation)


class TestStopping:
    """A command that is to end."""

    @pytest.mark.parametrize(
        ("changes", "state"), [({"cancel/final": True}, CommandState.CANCELLED), ({}, None)]
    )
    async def test_it_is_stopped(
        self,
        connected: Connected,
        clock: ManualClock,
        changes: Mapping[str, Any],
        state: CommandState | None,
    ) -> None:
        """With `final` that is its end; else its state tells."""
        provider = connected(changes)
        command = await sent(provider, clock)
        news = await provider.cancel(command)
        assert news.state is state
        assert after(command, await asked_once(provider, command)).state is CommandState.CANCELLED

    async def test_another_status_can_be_good(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Jenkins redirects to the job."""
        provider = connected({"cancel/also_ok": [302]})
        command = await sent(provider, clock)
        answer_with(cloud, "cancel", "", 302)
        assert (await provider.cancel(command)).state is None

    @pytest.mark.parametrize(
        ("status", "error"),
        [(404, ProviderNotFoundError), (409, ProviderRefusedError), (500, ProviderNoAnswerError)],
    )
    async def test_a_refusal_is_told(
        self,
        connected: Connected,
        cloud: RestSimulator,
        clock: ManualClock,
        status: int,
        error: type[ProviderError],
    ) -> None:
        """Then it goes on."""
        provider = connected()
        command = await sent(provider, clock)
        answer_with(cloud, "cancel", {"error": {"message": "too late"}}, status)
        with pytest.raises(error):
            await provider.cancel(command)

    async def test_what_has_no_way_to_stop_goes_on(
        self, connected: Connected, clock: ManualClock
    ) -> None:
        """The API has none, or nobody knows the id."""
        command = await sent(connected(), clock)
        with pytest.raises(ProviderUnsupportedError):
            await connected({"cancel": REMOVED}).cancel(command)
        with pytest.raises(ProviderUnsupportedError):
            await connected().cancel(replace(command, command_id=None))


class TestFinding:
    """A command that someone else sent."""

    async def test_it_is_found_by_its_id(self, connected: Connected, cloud: RestSimulator) -> None:
        """The only command of a description is its name."""
        (sighting,) = await connected().find(cloud.issue(), None)
        assert (sighting.command, sighting.target) == ("make", "account")
        assert sighting.observation.command_id == "j1"
        assert sighting.observation.state is CommandState.IN_PROGRESS

    async def test_with_several_commands_its_name_is_not_known(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """It is followed all the same."""
        provider = connected({"commands/mend": {"send": {"path": "/api/me"}, "id": "me"}})
        (sighting,) = await provider.find(cloud.issue(), None)
        assert sighting.command == "unknown"
        command = replace(
            await sent(provider, clock),
            command="unknown",
            command_id=sighting.observation.command_id,
        )
        cloud.finish("j1")
        assert after(command, await asked_once(provider, command)).state is CommandState.SUCCESS

    async def test_a_target_is_asked_for_where_it_is_needed(
        self, connected: Connected, cloud: RestSimulator
    ) -> None:
        """Some APIs ask with it."""
        provider = connected({"ask/query": {"machine": "${target}"}})
        with pytest.raises(ProviderInputError):
            await provider.find(cloud.issue(), None)
        await provider.targets()
        (sighting,) = await provider.find("j1", None, "m2")
        assert (sighting.target, sighting.target_name, sighting.device) == ("m2", "Machine 2", "m2")

    async def test_an_unknown_id_is_not_found(self, connected: Connected) -> None:
        """So the action can say so."""
        with pytest.raises(ProviderNotFoundError):
            await connected().find("j404", None)

    async def test_what_is_asked_about_with_more_cannot_be_found(
        self, connected: Connected
    ) -> None:
        """Nobody knows its parameters."""
        provider = connected({"ask/query": {"what": "${parameter.what}"}})
        with pytest.raises(ProviderUnsupportedError):
            await provider.find("j1", None)

    async def test_a_query_of_an_older_version_is_a_first_one(
        self, connected: Connected, clock: ManualClock
    ) -> None:
        """Its state is nobody's promise."""
        provider = connected()
        command = await sent(provider, clock)
        answer = await provider.check(Query(commands=(command,)))
        assert answer.news
