"""Signing in to WLTE: what is tried, and what each refusal is called."""

from collections.abc import Awaitable, Callable
import json
from typing import Any

from aiohttp import ClientSession
import pytest
from yarl import URL

from custom_components.command_status.providers.base import Account, FieldKind, Form, Sessions
from custom_components.command_status.providers.errors import (
    ProviderError,
    ProviderRateLimitError,
    SignInError,
)
from custom_components.command_status.providers.wlte import DESCRIPTION
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, Generation, WlteSimulator

from ..nothing_known import NothingKnown


class Vendor(NothingKnown):
    """Sessions, and the session itself, in which every host is the simulator."""

    def __init__(self, cloud: WlteSimulator, session: ClientSession) -> None:
        """Keep where requests really go."""
        self.shared: Any = self
        self.hosts: set[str | None] = set()
        self._cloud = cloud
        self._session = session

    def request(self, method: str, url: URL, **details: Any) -> Any:
        """Make a request to the simulator instead."""
        self.hosts.add(url.host)
        return self._session.request(method, f"{self._cloud.url}{url.path_qs}", **details)

    def private(self) -> ClientSession:
        """Fail: WLTE has no cookies."""
        raise AssertionError


type SignIn = Callable[..., Awaitable[Account]]


@pytest.fixture
def sign_in(cloud: WlteSimulator, sessions: Sessions) -> SignIn:
    """Return what submits the form, with some of its fields changed."""

    async def submit(**changes: Any) -> Account:
        form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "base_url": cloud.url}
        account = await DESCRIPTION.sign_in(sessions).submit("wlte", form | changes)
        assert isinstance(account, Account)
        return account

    return submit


async def refusal(sign_in: SignIn, **changes: Any) -> str:
    """Submit the form and return the word of the error that it shows."""
    with pytest.raises(ProviderError) as raised:
        await sign_in(**changes)
    error = raised.value
    return error.text_key if isinstance(error, SignInError) else error.key


def test_the_form_asks_for_the_client_and_hides_the_server() -> None:
    """Hardly anybody has another server than the vendor's."""
    form = DESCRIPTION.steps["wlte"]
    assert isinstance(form, Form)
    fields = {field.name: field for field in form.fields}
    assert list(fields) == ["client_id", "client_secret", "base_url"]
    assert fields["client_secret"].kind is FieldKind.SECRET
    assert fields["base_url"].default == "https://openapi.svnwi.com"
    assert [name for name, field in fields.items() if field.advanced] == ["base_url"]


async def test_an_account_is_a_client_at_a_host(sign_in: SignIn, cloud: WlteSimulator) -> None:
    """The same client id may exist on the servers of two environments, on one host as well."""
    account = await sign_in()
    place = f"127.0.0.1:{URL(cloud.url).port}"
    assert account.id == f"client-1@{place}"
    assert account.title == f"WLTE {place}"
    assert account.credentials == {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "base_url": cloud.url,
    }


async def test_a_sign_in_is_a_token_and_one_device(sign_in: SignIn, cloud: WlteSimulator) -> None:
    """The list proves that the token is good for something; one device is enough for that."""
    await sign_in()
    assert [request.label for request in cloud.log.requests] == ["token", "devices"]
    assert "pageSize=1" in cloud.log.requests[1].path.split("?")[1].split("&")


async def test_the_usual_server_has_no_place_in_the_title(
    cloud: WlteSimulator, sessions: Sessions
) -> None:
    """Where everybody is, nobody is told apart by it; and upper case makes no other host of it."""
    form = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "base_url": "https://OpenAPI.svnwi.com",
    }
    vendor = Vendor(cloud, sessions.shared)
    account = await DESCRIPTION.sign_in(vendor).submit("wlte", form)
    assert isinstance(account, Account)
    assert account.title == "WLTE"
    assert account.id == "client-1@openapi.svnwi.com"
    assert vendor.hosts == {"openapi.svnwi.com"}


@pytest.mark.parametrize(
    ("server", "account"),
    [
        ("https://gate.example", "c@gate.example"),
        ("https://Gate.example:443/wlte", "c@gate.example"),
        ("https://gate.example:8443", "c@gate.example:8443"),
        ("http://localhost", "c@localhost:80"),
    ],
)
def test_a_port_counts_where_it_is_not_the_usual_one(server: str, account: str) -> None:
    """Accounts of a version that counted no port are found under what they are called now."""
    assert DESCRIPTION.identify is not None
    assert DESCRIPTION.identify({"client_id": "c", "base_url": server}) == account


async def test_what_is_pasted_may_be_untidy(sign_in: SignIn, cloud: WlteSimulator) -> None:
    """Blanks come along with a copied secret, and the common path with a copied address."""
    account = await sign_in(
        client_id=f" {CLIENT_ID}\n",
        client_secret=f"\t{CLIENT_SECRET} ",
        base_url=f" {cloud.url}/wlte/v1/ ",
    )
    assert account.credentials["client_secret"] == CLIENT_SECRET
    assert account.credentials["base_url"] == cloud.url


async def test_a_server_may_be_behind_a_path(sign_in: SignIn, cloud: WlteSimulator) -> None:
    """A proxy in between may have one; the calls go below it."""
    assert await refusal(sign_in, base_url=f"{cloud.url}/proxy") == "cannot_connect"
    assert cloud.log.requests[0].path == "/proxy/wlte/v1/auth/token"


@pytest.mark.parametrize(
    ("base_url", "word"),
    [
        pytest.param("http://openapi.svnwi.com", "insecure_url", id="plain http to the internet"),
        pytest.param("ftp://openapi.svnwi.com", "invalid_url", id="no http at all"),
        pytest.param("openapi", "invalid_url", id="no address"),
    ],
)
async def test_a_secret_goes_to_no_doubtful_address(
    sign_in: SignIn, cloud: WlteSimulator, base_url: str, word: str
) -> None:
    """The form says so before anything is sent."""
    assert await refusal(sign_in, base_url=base_url) == word
    assert not cloud.log.requests


async def test_a_wrong_secret_is_invalid_auth(sign_in: SignIn, cloud: WlteSimulator) -> None:
    """It is tried once."""
    assert await refusal(sign_in, client_secret="wrong") == "invalid_auth"
    assert cloud.counts["token"] == 1


async def test_credentials_of_a_wrong_form_are_invalid_auth(
    sign_in: SignIn, cloud: WlteSimulator
) -> None:
    """400 on the token call: there is nothing else in the request that could be invalid."""
    cloud.faults.add("status", "token", status=400)
    assert await refusal(sign_in) == "invalid_auth"


async def test_a_sign_in_can_be_done_again(cloud: WlteSimulator, sessions: Sessions) -> None:
    """After an error the same form is completed, in the same flow."""
    flow = DESCRIPTION.sign_in(sessions)
    form = {"client_id": CLIENT_ID, "client_secret": "wrong", "base_url": cloud.url}
    with pytest.raises(ProviderError):
        await flow.submit("wlte", form)
    assert isinstance(await flow.submit("wlte", form | {"client_secret": CLIENT_SECRET}), Account)
    await flow.close()


@pytest.mark.parametrize("scopes", [(), ("device:read",), ("device:config", "device:manage")])
async def test_a_client_that_may_not_switch_is_told_so(
    sign_in: SignIn, cloud: WlteSimulator, scopes: tuple[str, ...]
) -> None:
    """Otherwise every command would be refused later."""
    cloud.set_client(scopes=scopes)
    assert await refusal(sign_in) == "missing_permission"


async def test_a_client_that_may_not_even_read_is_told_so_in_every_generation(
    sign_in: SignIn, cloud: WlteSimulator
) -> None:
    """The older generations do not tell the scopes, but they refuse the list."""
    cloud.settings.generation = Generation.G1
    cloud.set_client(scopes=())
    assert await refusal(sign_in) == "missing_permission"


async def test_a_scope_that_nobody_has_documented_is_given_the_benefit_of_the_doubt(
    sign_in: SignIn, cloud: WlteSimulator
) -> None:
    """Scopes may be added; only those that are known not to switch a relay are turned down."""
    cloud.set_client(scopes=("device:read", "device:everything"))
    await sign_in()


async def test_too_many_sign_ins_are_rate_limited(sign_in: SignIn, cloud: WlteSimulator) -> None:
    """The form says so, and nobody thinks that the secret is wrong."""
    cloud.faults.add("status", "token", status=429, headers={"Retry-After": "30"})
    with pytest.raises(ProviderRateLimitError) as raised:
        await sign_in()
    assert raised.value.key == "rate_limited"
    assert raised.value.retry_after == 30


@pytest.mark.parametrize(
    ("label", "status", "word"),
    [
        pytest.param("token", 404, "cannot_connect", id="nobody gives out tokens there"),
        pytest.param("token", 500, "cannot_connect", id="tokens are broken"),
        pytest.param("token", 406, "client_blocked", id="blocked at the edge"),
        pytest.param("token", 426, "update_required", id="too old"),
        pytest.param("token", 403, "missing_permission", id="no token for this client"),
        pytest.param("token", 422, "unknown", id="a refusal that nobody has documented"),
        pytest.param("token", 401, "invalid_auth", id="the secret is refused"),
        pytest.param("devices", 404, "cannot_connect", id="nobody lists devices there"),
        pytest.param("devices", 503, "cannot_connect", id="the list is broken"),
        pytest.param("devices", 400, "unknown", id="the list is refused"),
        pytest.param("devices", 401, "invalid_auth", id="a fresh token is refused"),
    ],
)
async def test_every_refusal_has_a_word(
    sign_in: SignIn, cloud: WlteSimulator, label: str, status: int, word: str
) -> None:
    """Each word has a text of its own in the form."""
    said = {401: "AUTH_INVALID", 403: "AUTH_SCOPE_DENIED", 404: None, 422: "COMMAND_REJECTED"}
    body = json.dumps({"code": said.get(status, "INVALID_REQUEST"), "message": "no"})
    cloud.faults.add("status", label, status=status, body=body, times=None)
    assert await refusal(sign_in) == word


async def test_tokens_that_expire_at_once_are_no_fault_of_the_secret(
    sign_in: SignIn, cloud: WlteSimulator
) -> None:
    """A server with a wrong clock cannot be used, but there is no better secret."""
    cloud.settings.token_lifetime = 0.0
    assert await refusal(sign_in) == "cannot_connect"
    assert cloud.counts["token"] == 2
