"""Foreign words become ours: without secrets, without control characters, and short enough.

A cloud may repeat whatever it was sent, and says what it likes. What it says ends up in states,
events, records, logs and diagnostics, where nobody expects a secret. So every foreign text passes
`Filter`: it takes out what it knows to be secret (credentials, tokens, what a command was sent
with), what looks like it (addresses, phone numbers, keys), and what breaks a line or a file.

To hide a word too many does no harm; what is sent stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping
import json
import re
from typing import Any, Final
from urllib.parse import quote, quote_plus

REDACTED: Final = "**REDACTED**"

TEXT_LENGTH: Final = 255
"""Characters of a reason, a word, a name or an id: what a state of Home Assistant may have."""
DATA_SIZE: Final = 16 * 1024
"""Bytes of a result as JSON: more than that the recorder does not take."""
MOST_LEVELS: Final = 32
"""How deep data may be nested; what writes it down gives up at some 250."""

CUT: Final = "… (cut)"
"""Stands at the end of what was too long."""

# Letters

_BREAKS: Final = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks that turn the direction of a text round, and with it what a reader sees."""
_BROKEN: Final = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and halves of letters that no file can hold."""
REPLACEMENT: Final = "\ufffd"


def legible(text: str) -> str:
    """Return a text on one line, in which what is no letter is replaced by a mark."""
    if text.isascii() and text.isprintable():
        return text
    return _BROKEN.sub(REPLACEMENT, _UNSEEN.sub("", _BREAKS.sub(" ", text)))


def identifier(value: object, at_most: int = TEXT_LENGTH) -> str | None:
    """Return an id as text; None for what cannot be one, or is an e-mail address."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    # A number of more digits than that cannot even be written.
    text = value if isinstance(value, str) else str(value) if abs(value) < 10**30 else ""
    fit = 0 < len(text) <= at_most and text.isprintable() and text.strip() == text
    return text if fit and REPLACEMENT not in text and not _ADDRESS.search(text) else None


# Names of secrets

_LONG_NAME: Final = (
    r"pass(?:word|phrase|code|wd|$)|pwd|psk|secret|pre_?shared|token|credential|authori[sz]ation"
    r"|cookie|(?:api|access|auth|client|device|encryption|license|master|network|private|security"
    r"|session|shared|signing|ssh|wep|wifi|wpa)[_\- ]?key"
)
_SHORT_NAME: Final = r"(?:auth|bearer|cvv|jwt|otp|pin|puk|pw)(?:[_\- ]?(?:code|number|value))?"
_NAME: Final = (
    rf"(?:{_LONG_NAME}|(?<![a-z]){_SHORT_NAME}(?![a-z])"
    # As in userPin and pinCode: where a new word begins with a capital letter.
    r"|(?-i:(?<=[a-z0-9])(?:Auth|Otp|OTP|Pin|PIN|Puk|PUK)(?![a-z]))"
    r"|(?-i:(?<![A-Za-z])(?:auth|otp|pin|puk)(?=[A-Z])))"
)
SECRET_NAME: Final = re.compile(_NAME, re.IGNORECASE)


def is_secret(name: object, value: object) -> bool:
    """Return whether a name is that of a secret; a switch or an absent value hides nothing."""
    return not (value is None or isinstance(value, bool)) and bool(SECRET_NAME.search(str(name)))


def redact(value: Any) -> Any:
    """Return a copy in which values under secret names read `**REDACTED**`, at any depth.

    A text that is JSON itself and has a secret in it is hidden as a whole.
    """
    match value:
        case Mapping():
            return {
                key: REDACTED if is_secret(key, inner) else redact(inner)
                for key, inner in value.items()
            }
        case list() | tuple():
            return [redact(inner) for inner in value]
        case str() if any(True for _ in secrets_in(value)):
            return REDACTED
        case _:
            return value


def secrets_in(value: Any) -> Iterator[str]:
    """Return the texts that `redact` hides."""
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from texts_in(inner) if is_secret(key, inner) else secrets_in(inner)
        case list() | tuple():
            for inner in value:
                yield from secrets_in(inner)
        case str() if value.lstrip()[:1] in ("{", "["):
            yield from secrets_in(_parsed(value))


def texts_in(value: Any) -> Iterator[str]:
    """Return every text and number within a value, as text; of a text of JSON also its secrets."""
    match value:
        case Mapping():
            for inner in value.values():
                yield from texts_in(inner)
        case list() | tuple():
            for inner in value:
                yield from texts_in(inner)
        case None | bool():
            return
        case _:
            yield str(value)
            yield from secrets_in(value)


def hidden_in(shown: Any, real: Any) -> Iterator[str]:
    """Return the texts of real parameters that those which are shown do not have."""
    match shown, real:
        case Mapping(), Mapping():
            for key, inner in real.items():
                yield from hidden_in(shown.get(key), inner)
        case (list() | tuple(), list() | tuple()) if len(shown) == len(real):
            for one, other in zip(shown, real, strict=True):
                yield from hidden_in(one, other)
        case _ if shown != real:
            yield from texts_in(real)


def _parsed(text: str) -> Any:
    """Return the data in a text of JSON; None for any other text."""
    try:
        data = json.loads(text)
    except ValueError, RecursionError:
        return None
    return None if too_deep(data) else data


def too_deep(value: Any) -> bool:
    """Return whether data is nested deeper than we can write down."""
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [
            inner
            for outer in level
            if isinstance(outer, Mapping | list | tuple)
            for inner in (outer.values() if isinstance(outer, Mapping) else outer)
        ]
        if not level:
            return False
    return True


# What looks like a secret in a sentence

_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PATTERNS: Final = re.compile(
    "|".join(
        (
            # An e-mail address, also as it stands in a URL.
            r"""[^\s"'<>()\[\]{},;:=/&]{1,64}(?:@|%40)[^\s"'<>()\[\]{},;:=/&]+""",
            # What follows the name of a scheme: Bearer abc, Basic abc.
            r"(?<=bearer )\S+|(?<=basic )\S{8,}",
            # A long word with digits looks like a key; ids are none.
            rf"(?<![\w+~-])(?!{_UUID}(?![\w-]))(?=[\w+~-]*\d)[\w+~-]{{20,}}=*",
            # So does one that is too long for a word.
            r"(?<![\w+~-])[\w+~-]{40,}=*",
            # Phone numbers, also as far as they are masked, and the numbers of accounts.
            r"\+\d[\d ().x*-]{5,}[\dx*]",
            r"(?<!\w)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)",
            r"(?<![\w.-])\+?[\dx]{6,}(?![\w-]|\.\w)",
        )
    ),
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    rf"""(?P<name>(?<![\w-])[\w-]{{0,64}}?{_NAME}[\w-]*)"""
    r"""(?P<sign>["']\s*[:=]\s*|\s*=\s*|\s*:\s*(?=["']?\S{0,64}[\d!#$%&*^~]|bearer\s|basic\s))"""
    r"""(?P<open>["']?)(?!\*\*REDACTED)(?:(?:bearer|basic)\s+)?[^\s"',;&}\]]+""",
    re.IGNORECASE,
)
"""A secret with its name: password=abc, "pin": 1234, api-key: a1b2."""
_UNNAMED: Final = rf"\g<name>\g<sign>\g<open>{REDACTED}"
_ADDRESS: Final = re.compile(r"""[^\s"'<>()\[\]{},;:=/&]{1,64}@[^\s"'<>()\[\]{},;:=/&]+""")

_LONGEST_SENTENCE: Final = 4096
"""Characters of a sentence that are looked at; more would only be thrown away."""
_WHOLE_WORD: Final = 4
"""Characters; what is shorter is hidden only where it stands alone, or no word would be left."""
_TOKENS: Final = 8
"""How many of the newest tokens are remembered: a cloud may quote one that was just replaced."""
_HELD: Final = 1000
"""Commands whose secrets are remembered at most."""
_KNOWN: Final = 1000
"""Texts whose clean form is remembered: a cloud says the same few words all day."""


class Filter:
    """What one account lets through of what its cloud says."""

    def __init__(self, *secrets: str) -> None:
        """Know the secrets that never change."""
        self._own = tuple(filter(None, secrets))
        self._tokens: dict[str, None] = {}
        self._held: dict[str, tuple[str, ...]] = {}
        self._known: dict[str, str] = {}
        self._secrets: re.Pattern[str] | None = None
        self._changed = True
        """Whether the expression for the secrets is older than they are."""

    def learn(self, *tokens: str) -> None:
        """Know tokens, of which only the newest are remembered."""
        for token in filter(None, tokens):
            self._tokens.pop(token, None)
            self._tokens[token] = None
        while len(self._tokens) > _TOKENS:
            del self._tokens[next(iter(self._tokens))]
        self._note_change()

    def hold(self, key: str, secrets: Iterable[str]) -> None:
        """Know what a command was sent with, until it is released."""
        found = tuple(dict.fromkeys(filter(None, secrets)))
        if not found or self._held.get(key) == found:
            return
        self._held[key] = found
        if len(self._held) > _HELD:
            del self._held[next(iter(self._held))]
        self._note_change()

    def hold_all_of(self, other: Filter) -> None:
        """Know what another filter knows of what commands were sent with."""
        for key, secrets in other._held.items():
            self.hold(key, secrets)

    def release(self, key: str) -> None:
        """Forget what a command was sent with."""
        if self._held.pop(key, None) is not None:
            self._note_change()

    def text(self, value: str) -> str:
        """Return a sentence as it may be shown, on one line."""
        return self.word(" ".join(_BREAKS.sub(" ", value).split()))

    def word(self, raw: str) -> str:
        """Return a word as it may be shown; one that hides nothing is as the cloud spells it."""
        known = self._known.get(raw)
        if known is None:
            known = self._sentence(_shortened(raw, _LONGEST_SENTENCE))[:TEXT_LENGTH]
            if len(raw) <= TEXT_LENGTH and len(self._known) < _KNOWN:
                self._known[raw] = known
        return known

    def name(self, value: str) -> str:
        """Return the name of a thing: it may have long numbers in it, but no secret."""
        known = self._without_secrets(legible(value[:_LONGEST_SENTENCE]))
        named = _NAMED.sub(_UNNAMED, known)
        return _ADDRESS.sub(REDACTED, named)[:TEXT_LENGTH]

    def data(self, value: Any) -> Any:
        """Return structured data as it may be shown, cut where it is too large or too deep."""
        # Twice, so that not much more is looked at than there will be room for.
        clean = self._clean(_Cutter(2 * DATA_SIZE).cut(value))
        return clean if _size(clean) <= DATA_SIZE else _Cutter(DATA_SIZE).cut(clean)

    def _clean(self, value: Any) -> Any:
        """Return data in which every text is clean."""
        match value:
            case Mapping():
                return {
                    self.name(str(key)): REDACTED if is_secret(key, inner) else self._clean(inner)
                    for key, inner in value.items()
                }
            case list() | tuple():
                return [self._clean(inner) for inner in value]
            case None | bool() | int() | float():
                return value
            case _:
                text = _shortened(str(value), DATA_SIZE)
                return REDACTED if any(True for _ in secrets_in(text)) else self._sentence(text)

    def _sentence(self, text: str) -> str:
        """Return a text without secrets, and without what looks like one."""
        known = self._without_secrets(legible(text))
        named = _NAMED.sub(_UNNAMED, known)
        return _PATTERNS.sub(REDACTED, named)

    def _without_secrets(self, text: str) -> str:
        """Return a text without the secrets that we know."""
        if self._changed:
            held = (secret for secrets in self._held.values() for secret in secrets)
            self._secrets = _any_of({*self._own, *self._tokens, *held})
            self._changed = False
        return text if self._secrets is None else self._secrets.sub(REDACTED, text)

    def _note_change(self) -> None:
        """Note that other texts are secret now."""
        self._changed = True
        self._known.clear()


def _shortened(text: str, length: int) -> str:
    """Return no more of a text than is looked at, without the word that the cut went through."""
    return text if len(text) <= length else f"{text[:length].rpartition(' ')[0]} {CUT}"


def _any_of(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds any of these texts, however it is written; the longest come first."""
    ways = {way for secret in secrets for way in _written(secret)}
    if not ways:
        return None
    longest_first = sorted(ways, key=lambda way: (-len(way), way))
    return re.compile("|".join(map(_found, longest_first)), re.IGNORECASE)


def _written(secret: str) -> Iterator[str]:
    """Return the ways in which a cloud may quote a text: plain, on one line, in JSON, in a URL."""
    readable = legible(secret)
    yield from (readable, " ".join(readable.split()) or readable)
    yield json.dumps(readable)[1:-1]
    yield json.dumps(readable, ensure_ascii=False)[1:-1]
    yield from (quote(readable, safe=""), quote_plus(readable))


def _found(way: str) -> str:
    """Return the expression for a text; a short one counts only where it stands alone."""
    exact = re.escape(way)
    return exact if len(way) >= _WHOLE_WORD else rf"(?<!\w){exact}(?!\w)"


def _size(value: Any) -> int:
    """Return the bytes of data as JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode())


class _Cutter:
    """Copies data as long as there is room, and says where it stopped."""

    def __init__(self, size: int) -> None:
        """Keep room for the word that something was cut, at every level."""
        self._left = size - MOST_LEVELS * 2 * (len(CUT.encode()) + 6)

    def cut(self, value: Any, levels: int = MOST_LEVELS) -> Any:
        """Return as much of a value as there is room for."""
        match value:
            case Mapping() | list() | tuple() if not levels:
                return CUT
            case Mapping():
                copied: dict[str, Any] = {}
                for key, inner in value.items():
                    if not self._take(_size(str(key)) + 4):
                        copied[CUT] = CUT
                        break
                    copied[str(key)] = self.cut(inner, levels - 1)
                return copied
            case list() | tuple():
                items: list[Any] = []
                for inner in value:
                    if not self._take(4):
                        items.append(CUT)
                        break
                    items.append(self.cut(inner, levels - 1))
                return items
            case str():
                return value if self._take(_size(value)) else self._beginning(value)
            case _:
                return value if self._take(_size(value)) else CUT

    def _beginning(self, text: str) -> str:
        """Return as much of a text as there is room for, in whole words."""
        text = text[: max(0, self._left)]
        while text and _size(text) > self._left:
            text = text[: len(text) * 9 // 10]
        self._left = 0
        return f"{text.rpartition(' ')[0]} {CUT}"

    def _take(self, size: int) -> bool:
        """Return whether there was room for so many bytes, which are used up then."""
        if size > self._left:
            return False
        self._left -= size
        return True
