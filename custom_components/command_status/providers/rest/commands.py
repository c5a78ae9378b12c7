"""The commands of a description: how each is sent, asked about and stopped."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..mistakes import DescriptionError, Mistake, Place
from .outcome import Outcome, outcome
from .parameters import Parameter, parameter
from .paths import Path, path
from .polling import WINDOW, Poll, poll
from .reading import Keys, boolean, by_name, filled, listing, number, text, whole, wrong
from .requests import Request, request, request_of
from .rules import Condition, Rule, Statuses, condition, rules, statuses
from .sources import Sources, sources
from .templates import NOWHERE, Scope, single

type ReadIn[T] = Callable[[Any, Place, Scope], T]
"""Makes a value of plain data, in which these placeholders may stand."""

FEWEST_STAGES: Final = 2
MAX_STAGES: Final = 3
MAX_BATCH: Final = 500
DEFAULTS: Final = ("ask", "cancel", "id", "keep", "poll")
"""Keys that a description may give for all of its commands."""
SHORTEST_WINDOW: Final = 5
LONGEST_WINDOW: Final = 7 * 86400


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """How many commands are asked about at once."""

    request: Request
    items: Path
    id: Sources
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """How to ask about a command, while it is known by one id."""

    origin: Place
    """Where it is written: commands that are asked about in the same words share it."""
    request: Request
    outcome: Outcome
    batch: Batch | None
    then: Request | None
    """What brings the result, once the command has succeeded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cancel:
    """How a command is stopped."""

    request: Request
    also_ok: Statuses
    final: bool
    """Whether a 2xx is the end of the command."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """One command of a description."""

    name: str
    parameters: tuple[Parameter, ...]
    send: Request
    repeatable: bool
    already: Condition | None
    id: Sources | None
    keep: Mapping[str, Sources]
    answer: bool
    expect: str | None
    confirm: bool
    timeout: float
    ask: tuple[Stage, ...]
    cancel: Cancel | None
    poll: Poll

    def stage(self, number: int) -> Stage | None:
        """Return the stage with a number; the last where there are not so many."""
        return self.ask[min(number, len(self.ask) - 1)] if self.ask else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What a command finds in its description."""

    scope: Scope
    """The fields of the account."""
    send_rules: tuple[Rule, ...]
    defaults: Mapping[str, tuple[Any, Place]] = field(default_factory=dict)
    """What holds for every command that says nothing else, as plain data with its place."""
    read: dict[tuple[str, Hashable], Any] = field(default_factory=dict)
    """What was read of them already: most commands have the same placeholders."""

    def take(self, keys: Keys, key: str, read: ReadIn[Any], otherwise: Any, scope: Scope) -> Any:
        """Return a key of a command, or else what holds for all."""
        if keys.has(key) or key not in self.defaults:
            return keys.take(key, lambda p, w: read(p, w, scope), otherwise)
        known = (key, scope.key)
        if known not in self.read:
            self.read[known] = read(*self.defaults[key], scope)
        return self.read[known]

    def read_unused(self) -> None:
        """Read what every command replaces by its own: a mistake in it is one all the same."""
        scope = self.scope.without("secret")
        for key, read in READ_ALONE.items():
            if key in self.defaults and not any(key == used for used, _ in self.read):
                read(*self.defaults[key], scope)


def _identity(plain: Any, place: Place, scope: Scope) -> Sources | None:
    """Read where the id of a command is found; None says that there is none."""
    return None if plain is None else sources(plain, place, scope)


def _kept(plain: Any, place: Place, scope: Scope) -> Mapping[str, Sources]:
    """Read what else is kept of the answer to sending."""
    return by_name(lambda p, w: sources(p, w, scope))(plain, place)


READ_ALONE: Final = {"id": _identity, "keep": _kept}
"""Defaults that mean the same whatever a command is, so that they can be read without one."""


def described(plain: Any, place: Place, around: Surroundings) -> Described:
    """Read one command."""
    with Keys(plain, place) as keys:
        parameters = _parameters(keys)
        expect = keys.take("expect", _single_text, None)
        scope = _scope_of(around.scope, parameters, expect)
        send, repeatable, already = keys.take("send", lambda p, w: _send(p, w, scope))
        quiet = scope.without("secret")
        identity = around.take(keys, "id", _identity, None, quiet)
        keep = around.take(keys, "keep", _kept, {}, quiet)
        asking = _asking(scope, parameters, identity, keep)
        found = Described(
            name=str(place[-1]),
            parameters=parameters,
            send=send,
            repeatable=repeatable,
            already=already,
            id=identity,
            keep=keep,
            answer=keys.take("answer", boolean, default=False),
            expect=expect,
            confirm=keys.take("confirm", boolean, default=False),
            timeout=keys.take("timeout", number(SHORTEST_WINDOW, LONGEST_WINDOW), WINDOW),
            ask=around.take(keys, "ask", _stages, (), asking),
            cancel=around.take(keys, "cancel", _cancel, None, asking),
            poll=around.take(keys, "poll", lambda p, w, _: poll(p, w), Poll(), NOWHERE),
        )
    if not found.ask and (found.answer or not _ends(around.send_rules)):
        raise DescriptionError(Mistake.NO_FINAL_STATE, (*place, "ask"))
    return found


def all_rules(plain: Any, place: Place, scope: Scope) -> tuple[Rule, ...]:
    """Read what an answer to sending means."""
    more = scope.with_plain("target", "tracking_id", "command")
    return rules()(plain, place, more.without("secret"))


def _parameters(keys: Keys) -> tuple[Parameter, ...]:
    """Read the parameters, whose names differ."""
    found = keys.take("parameters", listing(parameter, at_most=50), ())
    names = [each.name for each in found]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise wrong(name, (*keys.place, "parameters", at, "name"))
    return found


def _scope_of(scope: Scope, parameters: tuple[Parameter, ...], expect: str | None) -> Scope:
    """Return what may stand in a request that sends."""
    plain = ["target", "parameters", "tracking_id", "command"]
    if expect is not None:
        plain.append("expect")
    return scope.with_plain(*plain).with_named(parameter=(each.name for each in parameters))


def _asking(
    scope: Scope,
    parameters: tuple[Parameter, ...],
    identity: Sources | None,
    keep: Mapping[str, Sources],
) -> Scope:
    """Return what may stand in a request that asks: no secret of a call lives so long."""
    found = scope.with_named(
        parameter=(each.name for each in parameters if not each.secret), kept=keep
    )
    if any(each.secret for each in parameters):
        found = found.without("parameters")
    return found if identity is None else found.with_plain("id")


def _send(plain: Any, place: Place, scope: Scope) -> tuple[Request, bool, Condition | None]:
    """Read the request that sends, and whether the same may be sent twice."""
    with Keys(plain, place) as keys:
        if keys.has("url"):
            raise DescriptionError(Mistake.FOREIGN_URL, (*place, "url"), "url")
        repeatable, already = keys.take(
            "repeatable", lambda p, w: _repeatable(p, w, scope), (False, None)
        )
        found = request_of(keys, scope)
    if repeatable and "tracking_id" not in found.names:
        raise DescriptionError(Mistake.MISSING_KEY, (*place, "repeatable"), "${tracking_id}")
    return found, repeatable, already


def _repeatable(plain: Any, place: Place, scope: Scope) -> tuple[bool, Condition | None]:
    """Read whether the same mark twice is one command, and how the server says that it was."""
    if isinstance(plain, bool):
        return plain, None
    with Keys(plain, place) as keys:
        quiet = scope.without("secret")
        return True, keys.take("already", lambda p, w: condition(p, w, quiet))


def _stages(plain: Any, place: Place, scope: Scope) -> tuple[Stage, ...]:
    """Read how to ask, in one stage or several."""
    if not isinstance(plain, list | tuple):
        return (_stage(plain, place, scope, first=True, last=True),)
    if not FEWEST_STAGES <= len(plain) <= MAX_STAGES:
        raise wrong(f"{len(plain)} stages", place)
    last = len(plain) - 1
    with_id = scope.with_plain("id")
    return tuple(
        _stage(each, (*place, at), with_id if at else scope, first=at == 0, last=at == last)
        for at, each in enumerate(plain)
    )


def _stage(plain: Any, place: Place, scope: Scope, *, first: bool, last: bool) -> Stage:
    """Read one stage."""
    quiet = scope.without("secret")
    with Keys(plain, place) as keys:
        return Stage(
            origin=place,
            outcome=keys.take("outcome", lambda p, w: outcome(p, w, quiet, last=last)),
            batch=keys.take("batch", lambda p, w: _batch(p, w, scope), None) if first else None,
            then=keys.take("then", lambda p, w: request(p, w, scope), None) if last else None,
            request=request_of(keys, scope),
        )


def _batch(plain: Any, place: Place, scope: Scope) -> Batch:
    """Read how to ask about many commands at once: only ids tell them apart."""
    common = Scope(
        plain=frozenset({"ids"}),
        named={key: scope.named[key] for key in ("account", "secret") if key in scope.named},
    )
    with Keys(plain, place) as keys:
        found = Batch(
            request=keys.take("request", lambda p, w: request(p, w, common)),
            items=keys.take("items", lambda p, w: path(p, w, NOWHERE)),
            id=keys.take("id", lambda p, w: sources(p, w, NOWHERE)),
            size=keys.take("size", whole(2, MAX_BATCH), 50),
        )
    if "ids" not in found.request.names:
        raise DescriptionError(Mistake.MISSING_KEY, (*place, "request"), "${ids}")
    return found


def _cancel(plain: Any, place: Place, scope: Scope) -> Cancel:
    """Read how a command is stopped; with stages it is known by the id of the last."""
    with Keys(plain, place) as keys:
        return Cancel(
            also_ok=keys.take("also_ok", statuses, frozenset()),
            final=keys.take("final", boolean, default=False),
            request=request_of(keys, scope),
        )


def _single_text(plain: Any, place: Place) -> str:
    """Return a single value as a text without placeholders."""
    return text(filled(single(plain, place), place), place)


def _ends(send_rules: tuple[Rule, ...]) -> bool:
    """Return whether the answer to sending alone can be a success."""
    return any(rule.state == "success" for rule in send_rules)
