"""One command followed at its entity: on the way, failed, and, where nobody else tells, arrived."""

from ...tracking import Command, CommandState, Observation, Phase
from ..base import Clock, Tell
from ..house import EntityState, House, Stop
from .stages import has_failed, is_moving, progress


class Follower:
    """Tells what the entity of a command says of it, until its wait window ends."""

    def __init__(self, command: Command, tell: Tell, clock: Clock) -> None:
        """Know the command; `clock` says whether its window has ended."""
        self._command = command
        self._tell = tell
        self._clock = clock
        self._stage = CommandState.SENT
        self._before: EntityState | None = None
        self._start: EntityState | None = None
        self._called = command.phase is Phase.TAKEN or command.word is not None
        self._heard = command.sent_at is None
        """Whether somebody else called the action, so that only the entity tells of its end."""

    def begin(self, house: House) -> Stop:
        """Look at the entity now and whenever it changes."""
        if self._called:
            self.called(house.state(self._command.target))
        before = self._before
        if self._heard and before is not None and self._has_arrived(before):
            self._say(CommandState.SUCCESS, before)
        return house.watch(self._command.target, self._changed)

    def called(self, shown: EntityState | None) -> None:
        """Note that the action is called now: what the entity did before says nothing of it."""
        self._called = True
        self._before = self._start = shown

    def _changed(self, shown: EntityState | None) -> None:
        """Tell what a change says."""
        before, self._before = self._before, shown
        is_over = self._clock() >= self._command.deadline
        if shown is None or is_over or not self._called:
            return
        is_news = before is None or before.state != shown.state
        if has_failed(shown.entity_id, shown.state) and is_news:
            self._tell(
                Observation(
                    state=CommandState.FAILURE,
                    provider_state=shown.state,
                    reason=shown.state,
                    settled=True,
                )
            )
            return
        if is_moving(shown.entity_id, shown.state):
            self._stage = CommandState.IN_PROGRESS
        arrived = self._heard and self._has_arrived(shown)
        self._say(CommandState.SUCCESS if arrived else self._stage, shown)

    def _say(self, state: CommandState, shown: EntityState) -> None:
        """Tell of a state that the entity shows."""
        self._tell(
            Observation(state=state, provider_state=shown.state, progress=self._progress(shown))
        )

    def _has_arrived(self, shown: EntityState) -> bool:
        """Return whether the entity shows what is expected."""
        expect = self._command.expect
        return expect is not None and expect.reached(shown.state, shown.attributes)

    def _progress(self, shown: EntityState) -> int | None:
        """Return how much of its way the entity has gone."""
        expect = self._command.expect
        if expect is None or expect.entity != self._command.target or self._start is None:
            return None
        return progress(
            self._command.command, expect.clauses, self._start.attributes, shown.attributes
        )
