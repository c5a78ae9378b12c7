"""Following many commands with few requests."""

from dataclasses import replace
from itertools import batched
import json

import pytest

from custom_components.command_status.providers.base import Provider, Query
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderNoAnswerError,
    ProviderRateLimitError,
    ProviderRefusedError,
)
from custom_components.command_status.providers.esper import ACCOUNT
from custom_components.command_status.providers.esper.polling import MORE_PAGES
from custom_components.command_status.tracking import Command, CommandState, Observation
from simulators.clock import ManualClock
from simulators.esper import EsperSimulator, device_id
from tests.providers.following import asked, asked_once

from .account import KIOSK, LOBBY, WAREHOUSE, command, commands, taken, told

LOST = Observation(
    state=CommandState.LOST, reason="the provider does not know the command any more"
)


async def news_of(provider: Provider, followed: Command) -> Observation:
    """Ask about a command and return what was said."""
    news = await asked_once(provider, followed)
    assert isinstance(news, Observation)
    return news


async def followed(provider: Provider, *targets: str, word: str = "REBOOT") -> list[Command]:
    """Return commands whose status objects have been seen."""
    sent = await taken(provider, commands(*targets, word=word))
    news = await asked(provider, sent)
    return [told(command, news[command.tracking_id]) for command in sent]


class TestWords:
    """What Esper says, and what that means here."""

    @pytest.mark.parametrize(("word", "state"), ACCOUNT.provider_states.items())
    async def test_every_word_has_a_meaning(
        self, cloud: EsperSimulator, provider: Provider, word: str, state: CommandState
    ) -> None:
        """Nine of them are documented; none is called the last word."""
        cloud.script(outcome=word, after=0.0, reason="because")
        (sent,) = await taken(provider, [command()])
        (status_id,) = cloud.statuses
        assert await news_of(provider, sent) == Observation(
            state=state,
            provider_state=word,
            reason="because",
            command_id=status_id,
            request_id=sent.request_id,
        )

    async def test_the_whole_walk_is_seen(
        self, cloud: EsperSimulator, provider: Provider, clock: ManualClock
    ) -> None:
        """From the queue to the outcome, for a device that comes back."""
        cloud.script(after=3.0)
        (sent,) = await taken(provider, [command(WAREHOUSE)])
        states = [(await news_of(provider, sent)).state]
        clock.advance(3600)
        states.append((await news_of(provider, sent)).state)
        cloud.set_device(WAREHOUSE, online=True)
        for _ in range(4):
            states.append((await news_of(provider, sent)).state)
            clock.advance(1)
        assert states == [
            CommandState.QUEUED,
            CommandState.QUEUED,
            CommandState.SENT,
            CommandState.ACKNOWLEDGED,
            CommandState.IN_PROGRESS,
            CommandState.SUCCESS,
        ]

    async def test_a_time_out_may_yet_become_a_success(
        self, cloud: EsperSimulator, provider: Provider, clock: ManualClock
    ) -> None:
        """So it is not settled."""
        cloud.script(times_out_after=120.0)
        (sent,) = await followed(provider, WAREHOUSE)
        clock.advance(121)
        news = await news_of(provider, sent)
        assert (news.state, news.settled) == (CommandState.TIMEOUT, False)
        cloud.set_device(WAREHOUSE, online=True)
        clock.advance(2)
        assert (await news_of(provider, sent)).state is CommandState.SUCCESS

    async def test_a_command_that_waits_for_its_window_is_scheduled(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Maybe for days."""
        cloud.script(waits_as="Command Scheduled", held=86400.0)
        (sent,) = await taken(provider, [command()])
        assert (await news_of(provider, sent)).state is CommandState.SCHEDULED

    async def test_an_unknown_word_is_passed_on(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """It means nothing until we know it."""
        cloud.script(outcome="Command Pondered", after=0.0)
        (sent,) = await taken(provider, [command()])
        news = await news_of(provider, sent)
        assert (news.state, news.provider_state) == (None, "Command Pondered")

    async def test_a_device_may_be_told_as_an_address(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """The older interface does so."""
        cloud.settings.device_as_url = True
        (sent,) = await taken(provider, [command()])
        assert (await news_of(provider, sent)).command_id in cloud.statuses


class TestResults:
    """What a device tells beside the words."""

    async def test_a_scan_brings_a_list(self, provider: Provider, clock: ManualClock) -> None:
        """As it came."""
        (sent,) = await taken(provider, [command(word="SCAN_OS_UPDATES")])
        clock.advance(2)
        news = await news_of(provider, sent)
        assert news.result[0]["product_version"] == "17.2"
        assert news.progress is None

    async def test_the_percentage_of_a_download_is_progress(
        self, provider: Provider, clock: ManualClock
    ) -> None:
        """Nothing else at Esper shows any."""
        (sent,) = await taken(provider, [command(word="OS_UPDATE_STATUS")])
        clock.advance(1.5)
        news = await news_of(provider, sent)
        assert (news.state, news.progress) == (CommandState.IN_PROGRESS, 75)
        clock.advance(0.5)
        news = await news_of(provider, sent)
        assert (news.state, news.progress) == (CommandState.SUCCESS, 100)

    @pytest.mark.parametrize(
        ("percent", "progress"),
        [(42.4, 42), (-1, 0), (250, 100), ("42", None), (True, None), (None, None)],
    )
    async def test_a_percentage_is_a_number_from_0_to_100(
        self, cloud: EsperSimulator, provider: Provider, percent: object, progress: int | None
    ) -> None:
        """Whatever a device reports."""
        result = {"download_percent_complete": percent}
        cloud.script(result=result, after=0.0)
        (sent,) = await taken(provider, [command(word="OS_UPDATE_STATUS")])
        news = await news_of(provider, sent)
        assert (news.progress, news.result) == (progress, result)

    async def test_another_commands_percentage_is_no_progress(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Only for one command it is documented what it means."""
        cloud.script(result={"download_percent_complete": 42}, after=0.0)
        (sent,) = await taken(provider, [command()])
        assert (await news_of(provider, sent)).progress is None

    async def test_older_answers_have_no_place_for_results(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """The field is new, and optional."""
        cloud.settings.command_meta = False
        (sent,) = await taken(provider, [command(word="OS_UPDATE_STATUS")])
        news = await news_of(provider, sent)
        assert (news.result, news.progress) == (None, None)


class TestExistence:
    """Status objects that do not exist yet, or any more."""

    async def test_what_does_not_exist_yet_is_queued(
        self, cloud: EsperSimulator, provider: Provider, clock: ManualClock
    ) -> None:
        """The list is empty for a moment after a request was made."""
        cloud.settings.status_delay = 5.0
        (sent,) = await taken(provider, [command()])
        news = await news_of(provider, sent)
        assert news == Observation(state=CommandState.QUEUED, request_id=sent.request_id)
        clock.advance(5)
        assert (await news_of(provider, sent)).command_id in cloud.statuses

    async def test_what_was_seen_and_is_gone_is_lost(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Each is asked for once more by its id before that is said."""
        there, gone, gone_too = await followed(provider, LOBBY, KIOSK, WAREHOUSE)
        cloud.forget(gone.command_id or "")
        cloud.forget(gone_too.command_id or "")
        news = await asked(provider, [there, gone, gone_too])
        assert news[gone.tracking_id] == news[gone_too.tracking_id] == LOST
        assert isinstance(known := news[there.tracking_id], Observation)
        assert known.command_id == there.command_id
        assert cloud.counts == {"create": 1, "statuses": 2, "status": 2}

    async def test_what_is_only_missing_from_a_list_is_not_lost(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Lists shift while they are read."""
        (sent,) = await followed(provider, LOBBY)
        empty = json.dumps({"content": {"count": 0, "results": []}})
        cloud.faults.add("status", "statuses", status=200, body=empty)
        assert (await news_of(provider, sent)).command_id == sent.command_id

    @pytest.mark.parametrize("status", [400, 404])
    async def test_a_list_that_is_refused_says_nothing(
        self, cloud: EsperSimulator, provider: Provider, status: int
    ) -> None:
        """Only a status object itself can be unknown."""
        (sent,) = await followed(provider, LOBBY)
        cloud.faults.add("status", "statuses", status=status)
        with pytest.raises(ProviderRefusedError):
            await asked_once(provider, sent)

    async def test_one_whose_request_is_not_known_is_asked_for_by_its_id(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Such a one can only come from an odd answer."""
        request = cloud.issue("REBOOT", [LOBBY])
        (status,) = cloud.statuses_of(request.request_id)
        news = await news_of(provider, command(command_id=status.status_id))
        assert news.request_id == request.request_id
        assert cloud.counts == {"status": 1}

    async def test_a_recurring_request_has_several_on_one_device(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Each is told by its own id."""
        first, second = (f"5b7d-{number}" for number in "12")
        items = [
            {"id": second, "request": "r", "device": LOBBY, "state": "Command Queued"},
            {"id": first, "request": "r", "device": LOBBY, "state": "Command Success"},
        ]
        page = json.dumps({"content": {"count": 2, "results": [*items, "odd"]}})
        cloud.faults.add("status", "statuses", status=200, body=page)
        older = command(command_id=first, request_id="r", tracking_id="1")
        newer = command(command_id=second, request_id="r", tracking_id="2")
        news = await asked(provider, [older, newer])
        assert {key: news[key].state for key in news} == {  # type: ignore[union-attr]
            "1": CommandState.SUCCESS,
            "2": CommandState.QUEUED,
        }


class TestEconomy:
    """As few requests as possible, in addresses that every server takes."""

    @pytest.mark.parametrize(
        ("devices_of_a_request", "most"),
        [(50, 5), (200, 10)],
        ids=["all of them open", "a quarter of them open"],
    )
    async def test_five_hundred_open_commands_take_ten_requests(
        self, cloud: EsperSimulator, provider: Provider, devices_of_a_request: int, most: int
    ) -> None:
        """However many others these requests were made for."""
        cloud.configure({"extra_devices": 2000})
        ids = map(device_id, range(1, 10 * devices_of_a_request + 1))
        sent: list[Command] = []
        for number, part in enumerate(batched(ids, devices_of_a_request, strict=True)):
            sent += (await taken(provider, commands(*part, word=f"WORD_{number}")))[:50]
        news = await asked(provider, sent)
        assert len(news) == 500
        assert all(isinstance(each, Observation) and each.command_id for each in news.values())
        assert cloud.counts["statuses"] <= most

    async def test_no_address_is_too_long(self, cloud: EsperSimulator, provider: Provider) -> None:
        """A server that reads 8 KiB reads ours."""
        cloud.configure({"extra_devices": 300})
        for number in range(1, 301):
            cloud.issue("REBOOT", [device_id(number)])
        open_ones = [
            command(device_id(number), request_id=request_id)
            for number, request_id in enumerate(cloud.requests, start=1)
        ]
        news = await asked(provider, open_ones)
        assert len({each.command_id for each in news.values()}) == 300  # type: ignore[union-attr]
        assert cloud.counts == {"statuses": 4}
        assert max(len(request.path) for request in cloud.log.requests) < 8000

    async def test_a_long_answer_is_read_page_by_page(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """From an offset of our own, and only as long as something is missing."""
        cloud.settings.largest_page = 30
        cloud.configure({"extra_devices": 100})
        targets = [device_id(number) for number in range(1, 101)]
        sent = await taken(provider, commands(*targets))
        assert len(await asked(provider, sent)) == 100
        assert cloud.counts == {"create": 1, "statuses": 4}
        assert len(await asked(provider, sent[:10])) == 10
        assert cloud.counts == {"create": 1, "statuses": 5}

    async def test_later_pages_ask_only_about_what_is_missing(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """So that an error there says nothing about the others."""
        cloud.settings.largest_page = 1
        sent = await taken(provider, commands(LOBBY, KIOSK))
        (query,) = provider.queries(sent)
        answer = await provider.check(query)
        assert answer.news.keys() == {sent[0].tracking_id}
        assert answer.rest is not None
        assert answer.rest.commands == (sent[1],)
        cloud.faults.add("status", "statuses", status=500)
        with pytest.raises(ProviderNoAnswerError):
            await provider.check(answer.rest)

    async def test_a_list_that_never_ends_is_left(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Then each that was seen before is asked for by its id, and the others wait."""
        seen, new = await followed(provider, LOBBY, KIOSK)
        new = replace(new, command_id=None)
        cloud.log.clear()
        page = json.dumps({"content": {"count": 10**9, "results": [{"id": "of others"}]}})
        cloud.faults.add("status", "statuses", status=200, body=page, times=None)
        news = await asked(provider, [seen, new])
        assert cloud.counts == {"statuses": 1 + MORE_PAGES, "status": 1}
        assert isinstance(known := news[seen.tracking_id], Observation)
        assert known.command_id == seen.command_id
        assert news[new.tracking_id] == Observation(
            state=CommandState.QUEUED, request_id=new.request_id
        )

    def test_nothing_is_asked_about_nothing(self, provider: Provider) -> None:
        """No command, no request."""
        queries: list[Query] = list(provider.queries([]))
        assert not queries

    def test_the_same_commands_are_asked_about_at_the_same_moments(self) -> None:
        """Only then one request can answer for many."""
        cadence = ACCOUNT.policy.cadence
        assert cadence.together
        assert [cadence.interval(age) for age in (0, 5, 6, 59, 60, 299, 300, 1e6)] == [
            *(2, 2),
            *(5, 5),
            *(10, 10),
            *(30, 30),
        ]


class TestBadDays:
    """What a failed request means."""

    async def test_a_key_that_died_is_told(self, cloud: EsperSimulator, provider: Provider) -> None:
        """With the cloud's own words."""
        (sent,) = await taken(provider, [command()])
        cloud.revoke_keys()
        with pytest.raises(ProviderAuthError) as raised:
            await asked_once(provider, sent)
        assert "Authentication credentials" in raised.value.message

    async def test_too_many_requests_are_told(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """The command stays as it is."""
        (sent,) = await taken(provider, [command()])
        cloud.faults.add("status", "statuses", status=429)
        with pytest.raises(ProviderRateLimitError):
            await asked_once(provider, sent)
