"""What an answer to sending means.

The rules of the description come first, since some APIs refuse with a 200. After them the status is
believed. Nobody knows whether a command was taken where there is no answer, or one that says
nothing; a 2xx without an id that can be used has taken it, and it can never be followed.
"""

from dataclasses import replace
from typing import Final

from ...tracking import FINAL, CommandState, Observation
from ..errors import ProviderRequestError
from .api import Api, ForeignAddressError, UnsendableError
from .commands import Described
from .description import Description
from .outcome import Moment, refuse_to_judge
from .response import Response
from .rules import Rule, first_that_holds
from .sources import piece
from .templates import Values

ID_MISSING: Final = "id_missing"


class Sending:
    """How the answers to one command's sending are read."""

    def __init__(self, api: Api, description: Description, command: Described) -> None:
        """Know the command."""
        self._api = api
        self._description = description
        self._command = command

    def read(self, response: Response, moment: Moment) -> Observation:
        """Return what came of sending.

        Raises ProviderError: ProviderRequestError for a refusal, ProviderAuthError,
        ProviderLaterError for one that is none of the command's fault, and ProviderNoAnswerError
        where nobody knows whether it was taken.
        """
        rule = first_that_holds(self._description.send_rules, response, moment.values)
        already = self._command.already
        taken = response.good or (already is not None and already.holds(response, moment.values))
        if rule is not None and (rule.state in FINAL or not taken):
            return self._by_rule(rule, response, moment)
        if not taken:
            refuse_to_judge(response)
            # Of a repeat it is no word on the command: nobody knows what a status is about.
            raise ProviderRequestError(self._api.refusal(response, self._description.error))
        state = None if rule is None else CommandState(rule.state)
        return self._taken(state, response, moment)

    def _by_rule(self, rule: Rule, response: Response, moment: Moment) -> Observation:
        """Return what a rule says."""
        told = None if rule.reason is None else rule.reason.text(response, moment.values)
        reason = self._api.refusal(response, None) if told is None else told
        state = CommandState(rule.state)
        failed = state in FINAL and state is not CommandState.SUCCESS
        return Observation(state=state, reason=reason if failed else None, settled=True)

    def _taken(self, state: CommandState | None, response: Response, moment: Moment) -> Observation:
        """Return what is known of a command that was taken."""
        command = self._command
        identity = command.id.id(response, moment.values) if command.id is not None else None
        found = {key: way.raw(response, moment.values) for key, way in command.keep.items()}
        if command.id is not None and identity is None:
            return _never_followed(ID_MISSING)
        values = {**moment.values, "id": identity, "kept.": found}
        if not self._can_be_asked(values):
            return _never_followed(ForeignAddressError.key)
        first = command.stage(0)
        if command.answer and first is not None:
            told = first.outcome.judge(response, replace(moment, values=values))
        else:
            usual = CommandState.SENT if identity is None else CommandState.QUEUED
            told = Observation(state=state or usual)
        kept = {key: value for key, value in found.items() if piece(value) is not None}
        return replace(
            told, state=told.state or CommandState.QUEUED, command_id=identity, kept=kept
        )

    def _can_be_asked(self, values: Values) -> bool:
        """Return whether the address to ask at, where it comes out of the answer, is at home."""
        stage = self._command.stage(0)
        if stage is None or stage.request.url is None:
            return True
        try:
            self._api.call(stage.request, values)
        except UnsendableError:
            return True
        except ForeignAddressError:
            return False
        return True


def _never_followed(reason: str) -> Observation:
    """Return what becomes of a command that was taken, and that nobody can ask about."""
    return Observation(state=CommandState.LOST, reason=reason, settled=True)
