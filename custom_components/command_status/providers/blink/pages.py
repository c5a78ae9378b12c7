"""What the answers to a sign-in say: the page, the redirects and the refusals."""

from collections.abc import Mapping
from html.parser import HTMLParser
from http import HTTPStatus
import json
from typing import Final, override

from yarl import URL

from ..errors import ProviderInterceptedError, SignInError
from ..http import Reply, refuse_generally
from .auth import INVALID_CLIENT, cause_in, fields

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

CAUSES: Final[Mapping[str, str]] = {
    "empty_cookies": "session_lost",  # blinkpy#1147
    INVALID_CLIENT: "update_required",
}
"""What Blink's own words for a refusal mean to the user, where the step does not tell."""

DENIED: Final[Mapping[int, str]] = {HTTPStatus.UNAUTHORIZED: "invalid_auth"}  # blinkpy#1300


class _OAuthArgs(HTMLParser):
    """Finds the script in which the sign-in page keeps its arguments, as JSON."""

    def __init__(self) -> None:
        """Have found nothing yet."""
        super().__init__()
        self.text = ""
        self._inside = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("id", "oauth-args") in attrs

    @override
    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    @override
    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data


def csrf_token(page: Reply) -> str:
    """Return the CSRF token of the sign-in page; raises SignInError where it has none.

    Raises ProviderInterceptedError for another page.
    """
    parser = _OAuthArgs()
    parser.feed(page.body.decode(errors="replace"))
    if not parser.text:
        raise ProviderInterceptedError("not the page of the sign-in")
    try:
        token = json.loads(parser.text)["csrf-token"]
    except (ValueError, TypeError, KeyError, RecursionError) as err:
        raise SignInError("unknown", "no CSRF token in the page") from err
    return str(token)


def same_host(url: URL, other: URL) -> bool:
    """Return whether both are at one host; not every address has an origin (`mailto:`)."""
    return (url.scheme, url.host, url.port) == (other.scheme, other.host, other.port)


def location(reply: Reply, base: URL) -> URL:
    """Return where a redirect leads."""
    try:
        return base.join(URL(reply.headers.get("Location", "")))
    except ValueError as err:
        raise SignInError("unknown", "redirected to nowhere") from err


def refusal(reply: Reply, otherwise: str = "unknown", *, own: bool | None = None) -> SignInError:
    """Return what an answer means that does not let us go on; `otherwise` where it does not say.

    Raises what a status means at every cloud, and ProviderInterceptedError for a refusal that is
    not in the shape of Blink's: that of the OAuth host, unless the caller knows better (`own`).
    """
    answer = fields(reply)
    cause = CAUSES.get(str(answer.get("error_cause") or answer.get("error")))
    if cause is None and reply.status >= HTTPStatus.BAD_REQUEST:
        refuse_generally(reply)
        if not (cause_in(reply) is not None if own is None else own):
            raise ProviderInterceptedError(f"HTTP {reply.status}", code=str(reply.status))
    return SignInError(cause or otherwise, f"HTTP {reply.status}")
