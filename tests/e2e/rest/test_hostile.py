"""A hostile server gets nothing: no secret, no request elsewhere, nothing of the house."""

from collections.abc import AsyncIterator, Mapping
from functools import partial
import json
from typing import Final

from aiohttp import web
import pytest
import pytest_asyncio

from stage import DOMAIN, Account, CommandError, HomeAssistant, rest

from ..privacy import leaks
from .hostile import DESCRIPTION, LURE, SECRET, Hostile, hostile_server, huge

CANNOT_BE_ASKED: Final = "cannot be asked"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started() -> AsyncIterator[Hostile]:
    """Start the server once."""
    async with hostile_server() as hostile:
        yield hostile


@pytest_asyncio.fixture(loop_scope="session")
async def hostile(started: Hostile, home: HomeAssistant) -> AsyncIterator[Hostile]:
    """Return the server, well-behaved at first; whatever it does, its neighbour is never asked."""
    folder = home.folder / "command_status"
    folder.mkdir(exist_ok=True)
    (folder / "hostile.yaml").write_text(DESCRIPTION)
    started.behave()
    yield started
    assert started.trapped == []
    assert all(f"http://{request.host}" == started.url for request in started.asked)


@pytest_asyncio.fixture(loop_scope="session")
async def account(hostile: Hostile, home: HomeAssistant) -> AsyncIterator[Account]:
    """Add an account at the server; its secret reaches nobody but the server itself."""
    account = await Account.add(home, *rest("hostile", hostile.url, token=SECRET))
    yield account
    assert await leaks(frozenset({SECRET}), account, home) == []
    await account.remove()


def _at(address: str, _: web.Request) -> Mapping[str, str]:
    """Answer that a command can be asked about at an address."""
    return {"id": "1", "at": address}


@pytest.mark.allowed_logs(CANNOT_BE_ASKED)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_never_followed(
    home: HomeAssistant, hostile: Hostile, account: Account, status: int
) -> None:
    """When signing in, sending, asking or stopping: it is an answer."""
    hostile.plays["go"] = hostile.to_trap(status)
    record = await account.send("t", "plain", wait=True)
    assert (record["state"], record["reason"]) == ("failure", f"http_{status}")

    hostile.behave()
    hostile.plays["ask"] = hostile.to_trap(status)
    open_one = await account.send("t", "plain", timeout=5)
    hostile.plays["go"] = hostile.to_trap(status)
    with pytest.raises(CommandError):
        await home.client.ask(f"{DOMAIN}.cancel_command", {"tracking_id": open_one["tracking_id"]})
    assert (await account.until_final(open_one["tracking_id"]))["state"] == "timeout"

    hostile.plays["check"] = hostile.to_trap(status)
    flow = await home.client.flow()
    await flow.walk(*rest("hostile", hostile.url, token="another"))
    assert flow.errors == {"base": "check_failed"}
    await flow.close()


async def test_an_address_out_of_an_answer_stays_at_home(
    hostile: Hostile, account: Account
) -> None:
    """Another host, port or scheme, or a name before the host: refused, and nothing is asked."""
    port = hostile.url.rpartition(":")[2]
    addresses = (
        f"{hostile.trap}/ask/1",
        hostile.trap.removeprefix("http:") + "/ask/1",
        f"http://user:pass@127.0.0.1:{port}/ask/1",
        f"https://127.0.0.1:{port}/ask/1",
        f"http://127.0.0.1:{port}@{hostile.trap.removeprefix('http://')}/ask/1",
        f"http://localhost:{port}/ask/1",
        "http://169.254.169.254/latest/meta-data",
        "http://supervisor/core/api",
        "file:///etc/passwd",
        "\\\\127.0.0.1\\ask",
    )
    for address in addresses:
        hostile.plays["go"] = partial(_at, address)
        record = await account.send("t", "go", wait=True)
        assert (record["state"], record["reason"]) == ("lost", "foreign_url"), address
    hostile.plays["go"] = lambda _: {"id": "1", "at": "/ask/1"}
    assert (await account.send("t", "go", wait=True))["state"] == "success"


@pytest.mark.allowed_logs(CANNOT_BE_ASKED)
async def test_the_next_page_of_a_list_stays_at_home(hostile: Hostile, account: Account) -> None:
    """A list that leads elsewhere is none; what was listed before stays."""
    hostile.plays["list"] = lambda _: {
        "items": [{"id": "t", "name": "Thing", "site": "s"}],
        "next": f"{hostile.trap}/list",
    }
    await account.reload()
    await account.until_entry("loaded")
    assert (await account.send("t", "plain", wait=True))["state"] == "success"


@pytest.mark.allowed_logs("not known here")
async def test_what_is_told_is_never_read_again(hostile: Hostile, account: Account) -> None:
    """Placeholders and templates in an answer are letters, also where they go back to it."""
    hostile.plays["list"] = lambda _: {
        "items": [{"id": "t", "name": LURE, "site": LURE}],
        "next": None,
    }
    await account.reload()
    await account.until_entry("loaded")
    hostile.asked.clear()
    await account.send("t", "go", wait=True, parameters={"what": "${secret.token}"})
    hostile.plays["go"] = lambda _: {"id": LURE}
    hostile.plays["ask"] = lambda _: {"state": LURE, "result": LURE}
    asked = await account.send("t", "plain", timeout=5, wait=True)
    assert asked["provider_state"] is not None
    text = json.dumps([str(request.url) for request in hostile.asked])
    assert SECRET not in text
    assert "above_horizon" not in text
    assert "below_horizon" not in text
    assert hostile.asked[0].headers["X-What"] == "${secret.token}"
    assert "%7B%7B" in text


async def test_a_value_does_not_leave_its_place(hostile: Hostile, account: Account) -> None:
    """No path, header or query can be changed from within; what does not fit is not sent."""
    hostile.plays["go"] = lambda _: {"id": "../../etc?x=1#y", "at": f"{hostile.url}/ask/1"}
    record = await account.send("t", "plain", timeout=5, wait=True)
    assert {r.path for r in hostile.asked if r.path.startswith("/ask")} == {
        "/ask/../../etc?x=1#y"
    }, record
    before = len(hostile.asked)
    for what in ("a\r\nX-Evil: 1", "a\nb", "a\x00b", "ä"):
        with pytest.raises(CommandError) as refused:
            await account.send("t", "go", parameters={"what": what})
        assert refused.value.code == "service_validation_error"
    hostile.plays["go"] = lambda _: {"id": ".."}
    dots = await account.send("t", "plain", timeout=5, wait=True)
    assert dots["state"] == "timeout"
    assert len(hostile.asked) == before + 1


async def test_a_secret_that_is_repeated_is_hidden(hostile: Hostile, account: Account) -> None:
    """In reasons, words and results; `leaks` looks everywhere else."""
    hostile.plays["go"] = lambda request: web.json_response(
        {"error": f"no, {request.headers['Authorization']}"}, status=400
    )
    refused = await account.send("t", "plain", wait=True)
    assert refused["reason"] == "no, Bearer **REDACTED**"
    hostile.behave()
    hostile.plays["ask"] = lambda _: {
        "state": "done",
        "result": {"token": "abc", "said": f"it was {SECRET}"},
    }
    told = await account.send("t", "go", wait=True)
    assert told["result"] == {"token": "**REDACTED**", "said": "it was **REDACTED**"}


@pytest.mark.allowed_logs(CANNOT_BE_ASKED)
async def test_an_answer_that_is_too_large_is_none(hostile: Hostile, account: Account) -> None:
    """Nobody knows then whether it was taken."""
    hostile.plays["go"] = huge
    record = await account.send("t", "plain", wait=True)
    assert (record["state"], record["reason"]) == ("lost", "no_answer")
    hostile.behave()
    hostile.plays["ask"] = huge
    record = await account.send("t", "plain", timeout=5, wait=True)
    assert record["state"] == "timeout"


@pytest.mark.allowed_logs(CANNOT_BE_ASKED)
async def test_a_pause_of_a_year_is_cut(hostile: Hostile, account: Account) -> None:
    """`Retry-After` is obeyed, and no command waits for ever: its window ends it."""
    hostile.plays["ask"] = lambda _: web.Response(status=429, headers={"Retry-After": "99999999"})
    record = await account.send("t", "plain", timeout=5, wait=True)
    assert record["state"] == "timeout"


async def test_cookies_are_not_kept(hostile: Hostile, account: Account) -> None:
    """Nobody is followed from one request to the next."""
    hostile.plays["go"] = lambda _: web.json_response(
        {"id": "1"}, headers={"Set-Cookie": "follow=me; Path=/"}
    )
    await account.send("t", "plain", wait=True)
    assert all("Cookie" not in request.headers for request in hostile.asked)


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("http://169.254.169.254/", "invalid_url"),
        ("http://[fe80::1]/", "invalid_url"),
        ("https://169.254.169.254/", "invalid_url"),
        ("http://supervisor/", "invalid_url"),
        ("http://172.30.32.2/", "invalid_url"),
        ("http://0xa9fea9fe/", "invalid_url"),
        ("http://192.168.1.2/", "insecure_url"),
        ("http://example.com/", "insecure_url"),
        ("ftp://127.0.0.1/", "invalid_url"),
        ("https://user:pass@example.com/", "invalid_url"),
    ],
)
async def test_addresses_that_nobody_may_be_led_to(
    home: HomeAssistant, hostile: Hostile, address: str, error: str
) -> None:
    """Link-local addresses and the Supervisor always, plain http unless it stays in the house."""
    assert hostile.asked == []
    flow = await home.client.flow()
    where = {"name": "x", "base_url": address, "advanced": {}}
    await flow.walk("rest", {"description": "hostile"}, where)
    assert flow.step == "rest_account"
    assert flow.errors == {"base": error}
    await flow.close()
