"""The OAuth host: from the sign-in page to tokens, and from one refresh token to the next.

The seven steps are those of blinkpy 0.25.9, whose own client passes through here in the tests:

    GET  authorize with parameters -> 302 to the page, first cookie
    GET  signin                    -> the page with the CSRF token, second cookie
    POST signin                    -> 302, or 202/412 where a code is needed
    POST 2fa/verify                -> 201
    GET  authorize without any     -> 302 to the app, with the code
    POST token                     -> tokens
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
import html
import json
import secrets
from typing import Final

from aiohttp import hdrs, web
from yarl import URL

from ..base import Endpoint, Refusal, json_answer
from . import bodies
from .cloud import Cloud
from .settings import SecondFactor
from .tokens import Application, Pair

AUTHORIZE: Final = "/oauth/v2/authorize"
SIGN_IN: Final = "/oauth/v2/signin"
VERIFY: Final = "/oauth/v2/2fa/verify"
TOKEN: Final = "/oauth/token"  # noqa: S105

APP: Final = "immedia-blink://applinks.blink.com/signin/callback"
WEB: Final = "https://applinks.blink.com/signin/callback"
CLIENTS: Final[Mapping[str, frozenset[str]]] = {
    "ios": frozenset({APP}),
    "android": frozenset({APP, WEB}),
}
"""The clients that Blink knows, and where each may be sent back to."""

BLOCKED: Final = frozenset({"Home Assistant", "Blinkpy"})
"""Hardware ids that Blink's edge refuses with 406 (core#178396, blinkpy#1266)."""

_CODE_WANTED: Final[Mapping[SecondFactor, int]] = {
    SecondFactor.STATUS_202: 202,
    SecondFactor.STATUS_412: 412,
}

_COOKIES: Final = ("blink_flow", "blink_page")
"""Set by `authorize` and by the page; every later step needs both."""

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in to Blink</title>
<script>window.dataLayer = window.dataLayer || [];</script>
<script id="oauth-args" type="application/json">{args}</script></head>
<body><div id="root"></div><form method="post" action="{action}">
<input name="username" type="email"><input name="password" type="password">
<input name="csrf-token" type="hidden" value="{csrf}"><button>Sign in</button></form></body></html>
"""


class Step(IntEnum):
    """How far a sign-in has come."""

    OPENED = 0
    CODE_SENT = 1
    SIGNED_IN = 2


def _cookie_value() -> str:
    """Return a cookie with the characters that Blink's cookies have, which some clients spoil."""
    return f"{secrets.token_urlsafe(24)}%2F==:{{v1}}"


@dataclass(slots=True)
class Flow:
    """One sign-in in one browser."""

    application: Application
    cookie: str = field(default_factory=_cookie_value)
    page_cookie: str = ""
    csrf: str = ""
    step: Step = Step.OPENED
    code_sent_at: float = 0.0


class OAuthHost:
    """Plays `api.oauth.blink.com`."""

    def __init__(self, cloud: Cloud) -> None:
        """Begin with no sign-in under way."""
        self._cloud = cloud
        self._flows: dict[str, Flow] = {}
        self.wrong_passwords = 0
        self.code_tries = 0

    def clear(self) -> None:
        """Forget everything, as at the start."""
        self._flows.clear()
        self.wrong_passwords = self.code_tries = 0

    def forget_flows(self) -> None:
        """Lose all sign-ins under way: their cookies mean nothing any more."""
        self._flows.clear()

    def endpoints(self) -> Iterator[Endpoint]:
        """Return what this host answers."""
        yield Endpoint("authorize", "GET", AUTHORIZE, self._authorize)
        yield Endpoint("signin_page", "GET", SIGN_IN, self._page)
        yield Endpoint("signin", "POST", SIGN_IN, self._sign_in)
        yield Endpoint("verify", "POST", VERIFY, self._verify)
        yield Endpoint("token", "POST", TOKEN, self._token)

    async def _authorize(self, request: web.Request) -> web.Response:
        """Open a sign-in, or, called without parameters, end it with a code."""
        return self._open(request) if request.query else self._give_code(request)

    def _open(self, request: web.Request) -> web.Response:
        query = request.query
        self._check_hardware(query.get("hardware_id"))
        client_id, redirect_uri = query.get("client_id", ""), query.get("redirect_uri", "")
        if client_id not in CLIENTS:
            return json_answer(bodies.INVALID_CLIENT, 401)
        if (
            redirect_uri not in CLIENTS[client_id]
            or query.get("response_type") != "code"
            or query.get("code_challenge_method") != "S256"
            or not query.get("code_challenge")
        ):
            return json_answer(bodies.INVALID_REQUEST, 400)
        flow = Flow(
            Application(
                client_id=client_id,
                redirect_uri=redirect_uri,
                challenge=query["code_challenge"],
                state=query.get("state") or secrets.token_urlsafe(8),
            )
        )
        self._flows[flow.cookie] = flow
        self._remember(flow.cookie)
        return _redirect(SIGN_IN, cookie=(_COOKIES[0], flow.cookie))

    async def _page(self, request: web.Request) -> web.Response:
        """Show the form; each look at it makes a new CSRF token and a new second cookie."""
        flow = self._flows.get(request.cookies.get(_COOKIES[0], ""))
        if flow is None:
            return json_answer(bodies.LOST_COOKIES, 400)
        flow.csrf, flow.page_cookie = secrets.token_urlsafe(24), _cookie_value()
        self._remember(flow.csrf, flow.page_cookie)
        args = json.dumps({"csrf-token": flow.csrf, "locale": "en", "app_brand": "blink"})
        page = _PAGE.format(args=args, action=SIGN_IN, csrf=html.escape(flow.csrf))
        response = web.Response(text=page, content_type="text/html")
        _set_cookie(response, _COOKIES[1], flow.page_cookie)
        return response

    async def _sign_in(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        flow = self._flow(request, form)
        settings = self._cloud.settings
        if (form.get("username", "").lower(), form.get("password")) != (
            settings.email.lower(),
            settings.password,
        ):
            self.wrong_passwords += 1
            return json_answer(bodies.WRONG_PASSWORD, 401)
        if settings.second_factor is SecondFactor.NONE:
            flow.step = Step.SIGNED_IN
            return _redirect(AUTHORIZE)
        flow.step, flow.code_sent_at = Step.CODE_SENT, self._cloud.clock()
        self._remember(settings.code, settings.phone)
        body = {
            "next_time_in_secs": settings.resend_seconds,
            "phone": settings.phone,
            "tsv_methods": ["sms", "whatsapp", "voice"],
            "tsv_state": "sms",
            "user_id": settings.user_id,
        }
        return json_answer(body, _CODE_WANTED[settings.second_factor])

    async def _verify(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        flow = self._flow(request, form)
        settings = self._cloud.settings
        self.code_tries += 1
        if flow.step is not Step.CODE_SENT or form.get("2fa_code") != settings.code:
            return json_answer(bodies.WRONG_PIN, 401)
        if self._cloud.clock() >= flow.code_sent_at + settings.code_lifetime:
            return json_answer(bodies.EXPIRED_PIN, 401)
        flow.step = Step.SIGNED_IN
        return json_answer({"status": "auth-completed"}, 201)

    def _give_code(self, request: web.Request) -> web.Response:
        flow = self._flow_of_cookies(request)
        if flow.step is not Step.SIGNED_IN:
            return _redirect(SIGN_IN)
        code = self._cloud.tokens.new_code(flow.application)
        back = URL(flow.application.redirect_uri).with_query(
            code=code, state=flow.application.state
        )
        return _redirect(str(back))

    async def _token(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        self._check_hardware(form.get("hardware_id"), request.headers.get("hardware_id"))
        if form.get("client_id") not in CLIENTS:
            return json_answer(bodies.INVALID_CLIENT, 401)
        match form.get("grant_type"):
            case "authorization_code":
                return self._exchange(form)
            case "refresh_token":
                return self._refresh(form)
            case _:  # the password grant is gone since December 2025 (blinkpy#1147)
                return json_answer(bodies.UNSUPPORTED_GRANT, 400)

    def _exchange(self, form: Mapping[str, str]) -> web.Response:
        lifetime = self._cloud.settings.token_lifetime
        pair = self._cloud.tokens.redeem(
            form.get("code", ""),
            client_id=form["client_id"],
            redirect_uri=form.get("redirect_uri", ""),
            verifier=form.get("code_verifier", ""),
            lifetime=lifetime,
        )
        if pair is None:
            return json_answer(bodies.INVALID_CODE, 400)
        return _tokens(pair, lifetime)

    def _refresh(self, form: Mapping[str, str]) -> web.Response:
        settings = self._cloud.settings
        pair = self._cloud.tokens.refresh(form.get("refresh_token", ""), settings.token_lifetime)
        if pair is None:
            return json_answer(bodies.INVALID_GRANT, settings.revoked_status)
        return _tokens(pair, settings.token_lifetime)

    def _check_hardware(self, *hardware_ids: str | None) -> None:
        if BLOCKED.intersection(hardware_ids):
            raise Refusal(bodies.not_acceptable())

    def _flow_of_cookies(self, request: web.Request) -> Flow:
        """Return the sign-in that the cookies belong to; refuses where one of them is missing."""
        first, second = (request.cookies.get(name, "") for name in _COOKIES)
        flow = self._flows.get(first)
        if flow is None or not second or second != flow.page_cookie:
            raise Refusal(json_answer(bodies.LOST_COOKIES, 400))
        return flow

    def _flow(self, request: web.Request, form: Mapping[str, str]) -> Flow:
        """Return the sign-in that a form belongs to."""
        flow = self._flow_of_cookies(request)
        if form.get("csrf-token") != flow.csrf:
            raise Refusal(json_answer(bodies.WRONG_CSRF, 400))
        return flow

    async def _form(self, request: web.Request) -> Mapping[str, str]:
        """Return the fields of a form, and remember what is secret of them."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        self._remember(*(form.get(name, "") for name in _SECRET_FIELDS))
        return form

    def _remember(self, *values: str) -> None:
        self._cloud.secrets.update(filter(None, values))


_SECRET_FIELDS: Final = (
    "username",
    "password",
    "2fa_code",
    "csrf-token",
    "code",
    "code_verifier",
    "refresh_token",
)


def _tokens(pair: Pair, lifetime: int) -> web.Response:
    return json_answer(
        {
            "access_token": pair.access,
            "refresh_token": pair.refresh,
            "expires_in": lifetime,
            "token_type": "Bearer",
            "scope": "client",
        }
    )


def _redirect(location: str, cookie: tuple[str, str] | None = None) -> web.Response:
    response = web.Response(status=302, headers={hdrs.LOCATION: location})
    if cookie:
        _set_cookie(response, *cookie)
    return response


def _set_cookie(response: web.Response, name: str, value: str) -> None:
    """Set a cookie as it is: aiohttp's own way would put it in quotes."""
    response.headers.add(hdrs.SET_COOKIE, f"{name}={value}; Path=/; HttpOnly; SameSite=Lax")
