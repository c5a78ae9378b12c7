"""The one door to the network: what can go wrong there, and what each of it is called."""

import asyncio
from collections.abc import Mapping
import json
from math import inf
import socket
from typing import Any

from aiohttp import ClientSession, ClientTimeout
import pytest
from yarl import URL

from custom_components.command_status.providers.base import Sessions
from custom_components.command_status.providers.errors import (
    ProviderBlockedError,
    ProviderConnectionError,
    ProviderDisconnectedError,
    ProviderError,
    ProviderNoAnswerError,
    ProviderOutdatedError,
    ProviderRateLimitError,
    ProviderTooLateError,
    SignInError,
)
from custom_components.command_status.providers.http import (
    LONGEST_WAIT,
    MAX_BODY,
    Reply,
    Until,
    base_url,
    exchange,
    request,
    retry_after,
)
from simulators.faults import FaultKind
from simulators.wlte import WlteSimulator

from .secrecy import told_by

AT_ONCE = ClientTimeout(total=0.05)
"""Seconds; for the tests in which nobody answers."""

SECRET = "a-token-4f6d"


@pytest.fixture
async def cloud() -> Any:
    """Return any cloud that can be told to misbehave."""
    async with WlteSimulator() as simulator:
        yield simulator


@pytest.fixture
def session(sessions: Sessions) -> ClientSession:
    """Return the session of the test."""
    return sessions.shared


async def post(session: ClientSession, cloud: WlteSimulator, **details: Any) -> tuple[int, Any]:
    """Make a request whose answer does not matter, because the cloud was told what to answer."""
    return await request(session, "POST", URL(cloud.url) / "account-77/anything", **details)


def says(cloud: WlteSimulator, status: int, body: str = "{}", **headers: str) -> None:
    """Let the cloud answer so."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    cloud.faults.add(FaultKind.STATUS, status=status, body=body, headers=names)


class TestAnswers:
    """What a cloud says on purpose."""

    @pytest.mark.parametrize("status", [200, 201, 202, 400, 401, 403, 404, 409, 418, 422, 451])
    async def test_what_is_said_on_purpose_is_returned(
        self, session: ClientSession, cloud: WlteSimulator, status: int
    ) -> None:
        """Only the folder of a cloud knows what it means."""
        says(cloud, status, '{"said": [1, null]}')
        assert await post(session, cloud) == (status, {"said": [1, None]})

    async def test_a_refusal_needs_no_words(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """Proxies refuse with a web page, and the status says enough."""
        says(cloud, 404, "<p>Not here")
        assert await post(session, cloud) == (404, None)

    async def test_a_body_goes_out_as_json(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """In the fewest bytes, with our headers beside the usual ones."""
        says(cloud, 200)
        await post(session, cloud, body={"a": ["ü", None]}, headers={"X-Mark": "m"})
        (seen,) = cloud.log.requests
        assert json.loads(seen.body) == {"a": ["ü", None]}
        assert b" " not in seen.body
        assert seen.headers["Content-Type"] == "application/json"
        assert seen.headers["Accept"] == "application/json"
        assert seen.headers["X-Mark"] == "m"

    async def test_without_a_body_none_is_announced(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """Some clouds refuse a content type without content."""
        says(cloud, 200)
        await post(session, cloud, params={"page": "1"})
        (seen,) = cloud.log.requests
        assert seen.path == "/account-77/anything?page=1"
        assert seen.body == b""

    async def test_a_large_answer_is_taken_up_to_the_limit(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """A mebibyte, and not a byte more."""
        cloud.faults.add(FaultKind.HUGE, size=MAX_BODY)
        cloud.faults.add(FaultKind.HUGE, size=MAX_BODY + 1)
        status, _ = await post(session, cloud)
        assert status == 200
        with pytest.raises(ProviderNoAnswerError):
            await post(session, cloud)


class TestTrouble:
    """What a network does, and what a cloud says about any client."""

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (406, ProviderBlockedError),
            (426, ProviderOutdatedError),
            (429, ProviderRateLimitError),
            (302, ProviderNoAnswerError),
            (307, ProviderNoAnswerError),
            (500, ProviderNoAnswerError),
            (503, ProviderNoAnswerError),
            (599, ProviderNoAnswerError),
        ],
    )
    async def test_some_words_mean_the_same_everywhere(
        self, session: ClientSession, cloud: WlteSimulator, status: int, kind: type[ProviderError]
    ) -> None:
        """So no cloud's folder has to know them."""
        says(cloud, status)
        with pytest.raises(ProviderError) as raised:
            await post(session, cloud)
        assert type(raised.value) is kind

    @pytest.mark.parametrize(
        "kind",
        [
            FaultKind.RESET,
            FaultKind.DROP,
            FaultKind.CUT,
            FaultKind.GARBAGE,
            FaultKind.HTML,
            FaultKind.HUGE,
            FaultKind.SILENCE,
        ],
    )
    async def test_a_broken_answer_is_none(
        self, session: ClientSession, cloud: WlteSimulator, kind: FaultKind
    ) -> None:
        """The request may have been taken, and nobody knows."""
        cloud.faults.add(kind)
        url = URL(cloud.url) / "wlte/v1/auth/token"
        with pytest.raises(ProviderNoAnswerError):
            await request(session, "POST", url, body={}, timeout=AT_ONCE)

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param("", id="nothing"),
            pytest.param('{"half": ', id="half"),
            pytest.param("[" * 200_000, id="an abyss"),
        ],
    )
    async def test_what_is_no_json_is_no_answer(
        self, session: ClientSession, cloud: WlteSimulator, body: str
    ) -> None:
        """What is understood here must also fit into a file and an event."""
        says(cloud, 200, body)
        with pytest.raises(ProviderNoAnswerError):
            await post(session, cloud)

    @pytest.mark.parametrize(
        ("body", "data"),
        [
            pytest.param(b'{"a": "\\uD83D", "b": 1}', {"a": "\ufffd", "b": 1}, id="half a letter"),
            pytest.param(b'{"\\udc00": 1}', {"\ufffd": 1}, id="the other half, as a name"),
            pytest.param(b'["\\ud83d\\ud83d\\ude00"]', ["\ufffd\U0001f600"], id="one and a half"),
            pytest.param(b'["\\\\ud83d"]', ["\\ud83d"], id="a backslash"),
            pytest.param(b'["\xf0\x9f", "\xff"]', ["\ufffd", "\ufffd"], id="bytes that are none"),
            pytest.param(b'["a\0\n"]', ["a\0\n"], id="control characters"),
            pytest.param(b'["\\u0000"]', ["\0"], id="an escaped one"),
            pytest.param(b"[NaN, 1, -Infinity]", [None, 1, None], id="no numbers"),
            pytest.param(b"[" + b"9" * 10_000 + b", 1]", [inf, 1], id="an endless number"),
        ],
    )
    def test_one_odd_letter_costs_no_answer(self, body: bytes, data: object) -> None:
        """Three commands would learn nothing because of the reason of one."""
        assert Reply(status=200, headers={}, body=body).json() == data

    async def test_letters_beyond_the_first_plane_are_letters(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """JSON may write them as two halves."""
        says(cloud, 200, '"\\ud83d\\ude00"')
        assert await post(session, cloud) == (200, "😀")

    async def test_a_mark_of_the_byte_order_is_no_harm(self) -> None:
        """Some servers send one."""
        assert Reply(status=200, headers={}, body=b"\xef\xbb\xbf[1]").json() == [1]

    async def test_nobody_listens(self, session: ClientSession, cloud: WlteSimulator) -> None:
        """Then the request certainly was not taken."""
        await cloud.stop()
        with pytest.raises(ProviderConnectionError):
            await post(session, cloud)

    async def test_nobody_lets_us_in(self, session: ClientSession) -> None:
        """A connection that does not come about in time took nothing either."""
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
            port = full.getsockname()[1]
            queue = [socket.socket() for _ in range(4)]
            for one in queue:
                one.setblocking(False)  # noqa: FBT003
                one.connect_ex(("127.0.0.1", port))
            with pytest.raises(ProviderConnectionError):
                await exchange(
                    session,
                    "GET",
                    URL(f"http://127.0.0.1:{port}/"),
                    timeout=ClientTimeout(connect=0.05),
                )
            for one in queue:
                one.close()

    async def test_an_address_without_a_host_is_not_reached(self, session: ClientSession) -> None:
        """Nothing can have been sent there."""
        with pytest.raises(ProviderConnectionError):
            await exchange(session, "GET", URL("http:///nowhere"))

    async def test_redirects_are_not_followed(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """They would carry headers to another host."""
        async with WlteSimulator() as elsewhere:
            says(cloud, 302, Location=f"{elsewhere.url}/anything")
            with pytest.raises(ProviderNoAnswerError):
                await post(session, cloud, headers={"Authorization": f"Bearer {SECRET}"})
            assert not elsewhere.log.requests

    @pytest.mark.parametrize(
        "kind", [FaultKind.RESET, FaultKind.HUGE, FaultKind.GARBAGE, FaultKind.SILENCE]
    )
    async def test_errors_tell_no_secret_and_no_path(
        self, session: ClientSession, cloud: WlteSimulator, kind: FaultKind
    ) -> None:
        """Paths hold account ids, and errors end up in logs."""
        cloud.faults.add(kind)
        with pytest.raises(ProviderError) as raised:
            await post(
                session,
                cloud,
                headers={"Authorization": f"Bearer {SECRET}"},
                body={"password": SECRET},
                timeout=AT_ONCE,
            )
        told = told_by(raised.value)
        assert SECRET not in told
        assert "account-77" not in told

    async def test_an_answer_that_is_no_http_tells_no_secret_either(
        self, session: ClientSession
    ) -> None:
        """The errors of the HTTP library hold the whole request."""

        async def chat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"hello there\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(chat, "127.0.0.1", 0)
        url = URL("http://127.0.0.1/account-77").with_port(server.sockets[0].getsockname()[1])
        with pytest.raises(ProviderNoAnswerError) as raised:
            await request(session, "POST", url, headers={"Authorization": SECRET})
        server.close()
        told = told_by(raised.value)
        assert SECRET not in told
        assert "account-77" not in told

    def test_half_an_answer_is_not_carried_along(self) -> None:
        """It may hold tokens."""
        reply = Reply(status=200, headers={}, body=f'{{"token": "{SECRET}'.encode())
        with pytest.raises(ProviderNoAnswerError) as raised:
            reply.json()
        assert SECRET not in told_by(raised.value)


class TestTooLate:
    """Nothing goes out after its moment."""

    async def test_a_moment_that_has_passed_stops_a_request(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """It is looked at last."""
        until = Until(moment=1000.0, clock=lambda: 1000.0)
        with pytest.raises(ProviderTooLateError):
            await post(session, cloud, until=until)
        assert not cloud.log.requests
        await post(session, cloud, until=Until(moment=1000.1, clock=lambda: 1000.0))
        assert len(cloud.log.requests) == 1

    async def test_a_connection_that_takes_too_long_stops_it_too(
        self, session: ClientSession
    ) -> None:
        """A server may take half a minute to greet us."""
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
            port = full.getsockname()[1]
            queue = [socket.socket() for _ in range(4)]
            for one in queue:
                one.setblocking(False)  # noqa: FBT003
                one.connect_ex(("127.0.0.1", port))
            with pytest.raises(ProviderTooLateError):
                await exchange(
                    session,
                    "POST",
                    URL(f"http://127.0.0.1:{port}/"),
                    until=Until(moment=1000.05, clock=lambda: 1000.0),
                )
            for one in queue:
                one.close()

    async def test_time_enough_changes_nothing(self, session: ClientSession) -> None:
        """That nobody listens is no matter of time."""
        with pytest.raises(ProviderConnectionError):
            await exchange(
                session,
                "POST",
                URL("http://127.0.0.1:1/"),
                until=Until(moment=1000.05, clock=lambda: 1000.0),
            )


class TestDate:
    """What the server's clock says."""

    @pytest.mark.parametrize("status", [200, 302, 401, 429, 503])
    async def test_every_answer_tells_it(
        self, session: ClientSession, cloud: WlteSimulator, status: int
    ) -> None:
        """A machine cannot feel that its own clock stood still."""
        heard: list[float] = []
        says(cloud, status, "<p>", Date="Sat, 21 Nov 2026 10:00:00 GMT")
        await exchange(session, "GET", URL(cloud.url), heard_date=heard.append)
        assert heard == [1795255200.0]

    @pytest.mark.parametrize("date", ["", "soon", "Sat, 31 Feb 2026 10:00:00 GMT", "0"])
    async def test_what_is_no_date_is_not_told(
        self, session: ClientSession, cloud: WlteSimulator, date: str
    ) -> None:
        """Nobody would know what to do with it."""
        heard: list[float] = []
        says(cloud, 200, Date=date)
        await exchange(session, "GET", URL(cloud.url), heard_date=heard.append)
        assert heard == []

    async def test_a_date_without_a_zone_is_in_that_of_all(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """HTTP knows no other."""
        heard: list[float] = []
        says(cloud, 200, Date="Sat, 21 Nov 2026 10:00:00 -0000")
        await exchange(session, "GET", URL(cloud.url), heard_date=heard.append)
        assert heard == [1795255200.0]


class TestKeptConnections:
    """A connection serves many requests, and its server may close it before any of them."""

    @pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
    async def test_no_request_is_sent_twice(
        self, session: ClientSession, cloud: WlteSimulator, method: str
    ) -> None:
        """The HTTP library would repeat all but a POST, and no limit of ours would count it."""
        url = URL(cloud.url) / "anything"
        await request(session, method, url)
        cloud.faults.add(FaultKind.RESET)
        with pytest.raises(ProviderDisconnectedError) as raised:
            await request(session, method, url)
        assert raised.value.key == "no_answer"
        assert cloud.counts.total() == 2
        assert (await request(session, method, url))[0] == 404

    async def test_one_that_breaks_in_the_middle_of_an_answer_is_another_matter(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """It was good when the request went out."""
        cloud.faults.add(FaultKind.CUT)
        with pytest.raises(ProviderNoAnswerError) as raised:
            await request(session, "GET", URL(cloud.url) / "wlte/v1/devices")
        assert type(raised.value) is ProviderNoAnswerError
        assert cloud.counts.total() == 1

    async def test_one_that_never_came_about_took_nothing(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """Whatever the method."""
        await cloud.stop()
        with pytest.raises(ProviderConnectionError):
            await request(session, "GET", URL(cloud.url) / "anything")


class TestRetryAfter:
    """How long a cloud asks us to wait."""

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            pytest.param({"Retry-After": "7"}, 7.0, id="seconds"),
            pytest.param({"Retry-After": " 0 "}, 0.0, id="at once"),
            pytest.param({"Retry-After": "9" * 400}, LONGEST_WAIT, id="a day at most"),
            pytest.param(
                {
                    "Date": "Sat, 21 Nov 2026 10:00:00 GMT",
                    "Retry-After": "Sat, 21 Nov 2026 10:01:30 GMT",
                },
                90.0,
                id="a date",
            ),
            pytest.param(
                {
                    "Date": "Sat, 21 Nov 2026 10:00:00 GMT",
                    "Retry-After": "Sat, 21 Nov 2026 09:00:00 GMT",
                },
                0.0,
                id="a date that has passed",
            ),
            pytest.param(
                {
                    "Date": "Sat, 21 Nov 2026 10:00:00 GMT",
                    "Retry-After": "Sat, 21 Nov 2099 09:00:00 GMT",
                },
                LONGEST_WAIT,
                id="a date in another life",
            ),
            pytest.param(
                {"Retry-After": "Sat, 21 Nov 2026 10:01:30 GMT"}, None, id="a date from nowhere"
            ),
            pytest.param({"Retry-After": "soon"}, None, id="a word"),
            pytest.param({"Retry-After": "-3"}, None, id="a negative number"),
            pytest.param({}, None, id="nothing"),
        ],
    )
    def test_both_forms_are_understood(
        self, headers: Mapping[str, str], seconds: float | None
    ) -> None:
        """A date counts from the cloud's own clock, because ours may be wrong."""
        assert retry_after(Reply(status=429, headers=headers, body=b"")) == seconds

    async def test_it_comes_with_the_error(
        self, session: ClientSession, cloud: WlteSimulator
    ) -> None:
        """Whatever the spelling of the header."""
        says(cloud, 429, retry_after="12")
        with pytest.raises(ProviderRateLimitError) as raised:
            await post(session, cloud)
        assert raised.value.retry_after == 12


class TestBaseUrl:
    """An address that a user typed."""

    @pytest.mark.parametrize(
        ("typed", "url"),
        [
            ("https://api.example.com", "https://api.example.com"),
            ("  https://API.example.com/ ", "https://api.example.com"),
            ("https://api.example.com:8443/a/b/", "https://api.example.com:8443/a/b"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost", "http://localhost"),
            ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ],
    )
    def test_what_can_be_used_is_taken(self, typed: str, url: str) -> None:
        """With a slash at its end or without."""
        assert f"{base_url(typed)}".rstrip("/") == url

    @pytest.mark.parametrize(
        ("typed", "word"),
        [
            ("", "invalid_url"),
            ("api.example.com", "invalid_url"),
            ("https://", "invalid_url"),
            ("https://api.example.com:port", "invalid_url"),
            ("ftp://api.example.com", "invalid_url"),
            ("https://me@api.example.com", "invalid_url"),
            ("https://:pass@api.example.com", "invalid_url"),
            ("https://api.example.com?key=1", "invalid_url"),
            ("https://api.example.com/#top", "invalid_url"),
            ("http://api.example.com", "insecure_url"),
            ("http://192.168.1.5", "insecure_url"),
            ("http://127.0.0.1.example.com", "insecure_url"),
            *(
                (f"https://{host}", "invalid_url")
                for host in (
                    "xn--",
                    "xn--a",
                    ".",
                    "a..b",
                    f"{'a' * 64}.com",
                    "a b",
                    "%00",
                    "-a-.com",
                )
            ),
            ("https://api.example.com:99999", "invalid_url"),
        ],
    )
    def test_what_cannot_be_used_is_refused(self, typed: str, word: str) -> None:
        """Plain http would show secrets to the whole network, but not on the way to ourselves."""
        with pytest.raises(SignInError) as raised:
            base_url(typed)
        assert raised.value.text_key == word
