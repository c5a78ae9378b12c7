"""Whatever a cloud answers: only our own errors come of it, and never an outcome of garbage."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, is_dataclass, replace
import re
from typing import Any, Final

from homeassistant.helpers.json import json_bytes
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import Account, Challenge, Provider
from custom_components.command_status.providers.errors import ProviderError, ProviderNoAnswerError
from custom_components.command_status.providers.words import DATA_SIZE, TEXT_LENGTH
from custom_components.command_status.tracking import Command, CommandState, Observation, Phase
from tests.providers.accounts import DATA
from tests.providers.empty_house import EmptyHouse
from tests.providers.following import asked

from .answers import NONSENSE, Cloud, Said, answers, each_strange, written
from .scenes import HARDWARE_ID

THOROUGH: Final = settings(
    max_examples=40,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

# Hypothesis counts references to its own random numbers, which Python 3.14 has fewer of.
pytestmark = pytest.mark.filterwarnings("ignore:It looks like `register_random`")

ID: Final = "3d0c8a52-0000-4000-8000-000000000001"

CREDENTIALS: Final[Mapping[str, Mapping[str, str]]] = {
    "wlte": {"client_id": "c", "client_secret": "s", "base_url": "https://cloud.test"},
    "esper": {"tenant": "acme", "api_key": "k"},
    "rest": {"base_url": "https://cloud.test", "token": "k"},
    "blink": {
        "refresh_token": "r",
        "client_id": "ios",
        "hardware_id": HARDWARE_ID,
        "account_id": "77",
        "tier": "e008",
        "auth_url": "https://auth.test",
        "api_url": "https://cloud.test",
    },
}

TARGETS: Final = {
    "wlte": ("dev-7/1", "ON"),
    "esper": (ID, "REBOOT"),
    "blink": ("network/1234", "arm"),
    "rest": ("m1", "make"),
}

TOKENS: Final[Mapping[str, Any]] = {
    "wlte": {
        "code": "SUCCESS",
        "message": "ok",
        "data": {"accessToken": "t", "expiresIn": 3600, "scopes": ["device:control"]},
    },
    "esper": {"enterprise": ID},
    "rest": {"me": ID},
    "blink": {"access_token": "t", "refresh_token": "r2", "expires_in": 14400},
}


def _wlte(data: Any) -> Any:
    return {"code": "SUCCESS", "message": "ok", "requestId": "r", "data": data}


def _esper(*results: Any) -> Any:
    return {
        "code": 200,
        "message": "ok",
        "content": {"count": len(results), "next": None, "results": list(results)},
    }


STATUS: Final[Mapping[str, Any]] = {
    "id": ID,
    "request": ID,
    "device": ID,
    "state": "Command Success",
    "reason": "",
    "command_meta": {"result": {"download_percent_complete": 40}},
}

GOOD: Final[Mapping[str, tuple[Any, ...]]] = {
    "wlte": (
        _wlte(
            {
                "devices": [
                    {
                        "deviceId": "dev-7",
                        "name": "Gate",
                        "status": "ONLINE",
                        "deviceType": "RL1",
                        "peripherals": {"relays": [{"index": 1, "on": True}]},
                    }
                ],
                "pagination": {"hasNext": False},
            }
        ),
        _wlte(
            {
                "command": {
                    "id": ID,
                    "deviceId": "dev-7",
                    "operation": "device.relay.set",
                    "params": {"relays": [{"index": 1, "action": "ON"}]},
                    "status": "SUCCESS",
                    "result": {"on": True},
                }
            }
        ),
        _wlte({"id": ID, "deviceId": "dev-7", "relayIndex": 1, "action": "ON", "status": "SENT"}),
        {"code": "RATE_LIMITED", "message": "slow", "data": {"retryAfterSeconds": 3}},
    ),
    "esper": (
        _esper({"id": ID, "alias": "Lobby", "state": 1, "last_seen": "2026-11-21T10:00:00Z"}),
        _esper(STATUS),
        _esper({"id": ID, "command": "REBOOT", "alias": f"command-status-{ID}", "devices": [ID]}),
        {"code": 200, "message": "ok", "content": STATUS},
        {"id": ID, "command": "REBOOT", "command_args": {"wifi": {"password": "p"}}},
        {"errors": ["x"], "message": "no", "status": 400},
    ),
    "rest": (
        {"machines": [{"id": "m1", "name": "Mill", "state": "online", "site": "s"}], "after": None},
        {"job": {"id": ID, "state": "done", "done": 4, "total": "10", "why": None}},
        {"job": {"id": ID, "state": "failed", "why": "no steel"}},
        {"error": {"message": "no"}},
    ),
    "blink": (
        {
            "networks": [{"id": 1234, "name": "Home"}],
            "sync_modules": [{"network_id": 1234, "status": "online"}],
            "cameras": [
                {"id": 701, "name": "Garden", "network_id": 1234, "type": "x", "status": "done"}
            ],
            "owls": [],
            "lotus": None,
        },
        {"id": 1234, "network_id": 1234, "command": "arm", "state": "new"},
        {
            "complete": True,
            "status": 0,
            "status_msg": "Command succeeded",
            "status_code": 908,
            "commands": [{"id": 1234, "state_condition": "running", "state_stage": "sm"}],
        },
        {"complete": True, "status": 1, "status_msg": "Camera is offline"},
        {"message": "System is busy", "code": 307},
    ),
}


async def _keep(_: Mapping[str, str]) -> None:
    """Take changed credentials."""


def command_of(key: str) -> Command:
    """Return a command that the cloud has taken."""
    target, word = TARGETS[key]
    return Command(
        tracking_id=ID,
        batch=ID,
        target=target,
        target_name="The one",
        device=target,
        network_id="1234",
        command=word,
        phase=Phase.TAKEN,
        command_id="1234" if key == "blink" else ID,
        request_id=ID,
        kept={"target.site": "s"},
        created_at=1000.0,
        deadline=1060.0,
        seen=True,
    )


CALLS: Final[Mapping[str, Callable[[Provider, Command], Awaitable[Any]]]] = {
    "targets": lambda provider, _: provider.targets(),
    "submit": lambda provider, command: provider.submit([command]),
    "lookup": lambda provider, command: provider.lookup([command]),
    "check": lambda provider, command: asked(provider, [command]),
    "check without an id": lambda provider, command: asked(
        provider, [replace(command, command_id=None)]
    ),
    "find": lambda provider, command: provider.find(command.command_id or "", "1234"),
    "cancel": lambda provider, command: provider.cancel(command),
    "update": lambda provider, command: provider.update(command.command_id or "", "x", None),
}


def is_token(path: str) -> bool:
    """Return whether a request asks for a token."""
    return path.endswith("/token")


def provider_at(key: str, cloud: Cloud) -> Provider:
    """Return a provider that speaks to a cloud which answers anything."""
    return (
        PROVIDERS[key]
        .account(DATA)
        .connect(
            session=cloud.shared,
            credentials=CREDENTIALS[key],
            clock=lambda: 1000.0,
            keep=_keep,
            house=EmptyHouse(),
        )
    )


def observations(result: Any) -> list[Observation]:
    """Return what was learned about commands."""
    found = result.values() if isinstance(result, Mapping) else [result]
    return [each for each in found if isinstance(each, Observation)]


def plain(result: Any) -> Any:
    """Return what a call has learned as plain data."""
    match result:
        case Mapping():
            return {key: plain(value) for key, value in result.items()}
        case list() | tuple():
            return [plain(value) for value in result]
        case ProviderError():
            return f"{result.message} {result.code}"
        case _ if is_dataclass(result):
            return {f.name: plain(getattr(result, f.name)) for f in fields(result)}
        case _:
            return result


UNFIT: Final = re.compile(rb"\\u00|\\n|you@example|hunter2|\xe2\x80\xae")
"""What stands in no record: control characters, and what is nobody's business."""


async def learned(provider: Provider, call: str, command: Command) -> list[Observation]:
    """Make a call, and return what it has learned about commands, if anything.

    Whatever it is, it can be written down, and nothing is in it that must not be shown.
    """
    result: Any
    try:
        result = await CALLS[call](provider, command)
    except ProviderError as err:
        result = err
    assert not UNFIT.search(json_bytes(plain(result)))
    return observations(result)


@pytest.mark.parametrize("key", GOOD)
async def test_one_strange_value_anywhere_breaks_nothing(key: str) -> None:
    """Every value of every answer in its turn: what is understood can always be written down."""
    good = Said(body=written(TOKENS[key]))
    command = command_of(key)
    for strange in each_strange(*GOOD[key]):
        cloud = Cloud(lambda _, path, said=strange: good if is_token(path) else said)  # type: ignore[misc]
        provider = provider_at(key, cloud)
        for call in CALLS:
            cloud.asked = 0
            for observation in await learned(provider, call, command):
                assert len(json_bytes(observation.result)) <= DATA_SIZE
                assert len(observation.reason or "") <= TEXT_LENGTH
                assert len(observation.provider_state or "") <= TEXT_LENGTH


@pytest.mark.parametrize("key", ["blink", "wlte"])
async def test_one_strange_value_in_a_token_breaks_nothing(key: str) -> None:
    """There is a good token in the end, or an error of ours."""
    home = Said(body=written(GOOD[key][0]))
    for strange in each_strange(TOKENS[key]):
        cloud = Cloud(lambda _, path, said=strange: said if is_token(path) else home)  # type: ignore[misc]
        await learned(provider_at(key, cloud), "targets", command_of(key))


@pytest.mark.parametrize("call", ["targets", "find"])
async def test_a_list_that_does_not_end_is_no_list(call: str) -> None:
    """The same page again and again, with the word that there are a million more."""
    endless = Said(body=written({"count": 900, "results": [STATUS]}))
    unknown = Said(status=404, body=written({"code": 404, "message": "Not found.", "content": {}}))
    cloud = Cloud(lambda _, path: unknown if path.endswith(f"/{ID}/") else endless)
    with pytest.raises(ProviderNoAnswerError, match="does not end"):
        await CALLS[call](provider_at("esper", cloud), command_of("esper"))


@pytest.mark.parametrize("key", GOOD)
@given(data=st.data(), call=st.sampled_from(sorted(CALLS)))
@THOROUGH
async def test_only_our_own_errors_come_of_any_answer(
    key: str, data: st.DataObject, call: str
) -> None:
    """And what is understood can be written down, whatever else the cloud has put there."""
    good = Said(body=written(TOKENS[key]))
    any_answer = answers(*GOOD[key])
    cloud = Cloud(lambda _, path: good if is_token(path) else data.draw(any_answer))
    await learned(provider_at(key, cloud), call, command_of(key))


@pytest.mark.parametrize("key", GOOD)
@given(nonsense=NONSENSE, call=st.sampled_from(["submit", "lookup", "check", "cancel"]))
@THOROUGH
async def test_garbage_is_no_outcome(key: str, nonsense: Said, call: str) -> None:
    """Only that the cloud does not know a command says something by its status alone."""
    good = Said(body=written(TOKENS[key]))
    cloud = Cloud(lambda _, path: good if is_token(path) else nonsense)
    news = await learned(provider_at(key, cloud), call, command_of(key))
    assert {observation.state for observation in news} <= {
        None,
        CommandState.QUEUED,
        CommandState.SENT,
        CommandState.LOST,
        WITHOUT_A_WORD.get(key),
    }


@pytest.mark.parametrize("key", ["blink", "wlte"])
@given(data=st.data())
@THOROUGH
async def test_only_our_own_errors_come_of_any_token(key: str, data: st.DataObject) -> None:
    """Whatever is taken for a token must fit into a header."""
    any_token = answers(TOKENS[key], {"error": "invalid_grant"}, {"error": "invalid_client"})
    home = Said(body=written(GOOD[key][0]))
    cloud = Cloud(lambda _, path: data.draw(any_token) if is_token(path) else home)
    await learned(provider_at(key, cloud), "targets", command_of(key))


FORMS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "wlte": ("wlte", {"client_id": "c", "client_secret": "s", "base_url": "https://cloud.test"}),
    "esper": ("esper", {"tenant": "acme", "api_key": "k"}),
    "blink_token": ("blink_token", {"refresh_token": "r"}),
    "blink_password": ("blink_password", {"email": "you", "password": "p"}),
    "blink_2fa": ("blink_2fa", {"code": "123456"}),
    "rest": ("rest_credentials", {"token": "k"}),
}

SIGN_INS: Final[Mapping[str, tuple[Any, ...]]] = {
    "wlte": (TOKENS["wlte"], GOOD["wlte"][0], {"code": "AUTH_INVALID", "message": "no"}),
    "esper": (TOKENS["esper"], {"code": 401, "message": "no", "content": {}}),
    "blink_token": (TOKENS["blink"], {"account_id": 77, "tier": "e008"}),
    "blink_password": (
        {"error": "unauthorized", "error_cause": "invalid_user_credentials"},
        {"tsv_state": "sms", "phone": "+61xxxxxxxx00"},
    ),
}


@pytest.mark.parametrize("form", SIGN_INS)
@pytest.mark.parametrize("status", [200, 202, 401, 403, 412])
async def test_one_strange_value_breaks_no_sign_in(form: str, status: int) -> None:
    """There is an account in the end, a question, or an error of ours that shows nothing."""
    step, values = FORMS[form]
    page = Said(body=PAGE % b'{"csrf-token": "c"}')
    for strange in each_strange(*SIGN_INS[form]):
        said = Said(status=status, body=strange.body)
        cloud = Cloud(lambda method, path, said=said: page if _is_page(method, path) else said)  # type: ignore[misc]
        sign_in = PROVIDERS[form.partition("_")[0]].sign_in(cloud)
        try:
            result: object = await sign_in.submit(step, values)
        except ProviderError as err:
            result = err
        assert not UNFIT.search(json_bytes(plain(result)))
        await sign_in.close()


def _is_page(method: str, path: str) -> bool:
    """Return whether a request asks for a page of Blink's sign-in."""
    return method == "GET" and path.startswith("/oauth/")


WITHOUT_A_WORD: Final = {"rest": CommandState.IN_PROGRESS}
"""What an object without the word that is looked for leaves a command in: open all the same."""

BEFORE: Final[Mapping[str, tuple[tuple[str, Mapping[str, Any]], ...]]] = {
    "rest": (
        ("rest", {"description": "jobs"}),
        ("rest_account", {"name": "Jobs", "base_url": "https://cloud.test"}),
    ),
}
"""Forms that come before it, and ask nobody."""

PAGE: Final = b'<html><script id="oauth-args" type="application/json">%s</script>'
PAGES: Final = st.builds(
    Said,
    status=st.sampled_from([200, 200, 302]),
    headers=st.just({}) | answers().map(lambda said: said.headers),
    body=answers({"csrf-token": "c"}).map(lambda said: PAGE % said.body)
    | st.just(200_000).map(lambda depth: PAGE % (b"[" * depth)),
)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@THOROUGH
async def test_only_our_own_errors_come_of_a_sign_in(form: str, data: st.DataObject) -> None:
    """Which the form has a text for."""
    step, values = FORMS[form]
    key = step.partition("_")[0]
    good = (TOKENS[key], {"account_id": 77, "tier": "e008"}, {"tsv_state": "sms", "phone": "x"})
    any_answer = answers(*good, *GOOD[key]) | PAGES
    cloud = Cloud(lambda _, __: data.draw(any_answer))
    sign_in = PROVIDERS[key].sign_in(cloud)
    for earlier in BEFORE.get(form, ()):
        await sign_in.submit(*earlier)
    try:
        result = await sign_in.submit(step, values)
    except ProviderError:
        pass
    else:
        assert isinstance(result, Account | Challenge)
    await sign_in.close()
