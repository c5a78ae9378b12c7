"""Whatever happens, in whatever order: the promises of the tracker hold.

A random story is played to a tracker by a shell that keeps the rules of its trade: the journal is
on disk before anything is sent, and an outcome is on disk before it is announced. The shell is
killed now and then. What must hold all the time is checked after every step, and what must hold
for a request is checked when it is made.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
import json
from math import inf

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from custom_components.command_status.tracking import (
    ACCOUNT,
    FINAL,
    Cadence,
    Command,
    CommandState,
    Errand,
    Limit,
    Means,
    Phase,
    Policy,
    Recovery,
    StillSendingError,
    Tracker,
    Watch,
    from_plain,
    keys_of,
    target_key,
    to_plain,
)
from custom_components.command_status.tracking.schedule import RESEND_WITHIN, last_call

from .builders import PLAIN, T0, a_command, said

LIMITED = Policy(
    cadence=PLAIN.cadence,
    watch=PLAIN.watch,
    window=60.0,
    recovery=Recovery(means=Means.RESEND, pauses=(1.0, 2.0, 4.0, 30.0)),
    limits=(
        Limit(key=lambda _: "", count=3, seconds=10.0),
        Limit(key=lambda command: command.target, count=1, seconds=3.0),
    ),
)
MARKED = Policy(
    cadence=Cadence(steps=((60.0, 5.0), (inf, 30.0)), together=True),
    watch=Watch(first=(30.0, 60.0), every=300.0, until=7200.0),
    window=600.0,
    recovery=Recovery(means=Means.LOOKUP, pauses=(2.0, 3.0)),
    batch=3,
)
LANES = replace(PLAIN, lane=lambda command: command.network_id)

TARGETS = ("a", "b", "c")
CERTAINLY_NOT = {"not_sent", "busy", "rate_limited", "cannot_connect"}
"""Reasons of ours for commands that nobody has taken."""
UNDER_WAY = {Phase.SENDING, Phase.UNSURE, Phase.TAKEN}

PATIENCE = 30.0
"""Seconds after which a request that nobody answers ends by itself."""

states = st.sampled_from([None, *CommandState])
pauses = st.sampled_from([None, 0.5, 7.0, 70.0])
places = st.integers(0, 20)
jitters = st.sampled_from([0.0, 0.5, 1.0])
answers = st.sampled_from(
    ["taken", "ended", "gibberish", "refused", "later", "enough", "no way", "nothing"]
)
"""`enough` is a 429 without a number; `no way` is an error about the request, whatever it is."""
steps = st.sampled_from([-5000.0, -5.0, 5.0, 5000.0])


@dataclass(kw_only=True)
class Request:
    """A request that sends, as the cloud sees it; it may count it at any moment in between."""

    errand: Errand
    begun: float
    ended: float | None = None


class Story(RuleBasedStateMachine):
    """A shell, a disk and a cloud around one tracker."""

    @initialize(policy=st.sampled_from([LIMITED, MARKED, LANES]))
    def begin(self, policy: Policy) -> None:
        """Start with an empty disk."""
        self.policy = policy
        self.resends = policy.recovery is not None and policy.recovery.means is Means.RESEND
        self.now = self.hold_until = T0
        self.number = 0
        self.corrected = False
        self.as_written: set[str] = set()
        """Commands whose first try the disk has told: no correction moves it."""
        self.tracker = Tracker(policy, keep_days=0.01, keep_count=3)
        # The disk.
        self.journal = "[]"
        self.held_back: dict[str, object] = {}
        self.history: dict[str, str] = {}
        # Under way.
        self.requests: list[Request] = []
        self.unsaved: list[Errand] = []
        self.fetching: list[Errand] = []
        """Requests that wait for a token."""
        self.cancelling: list[str] = []
        self.asking: list[str] = []
        self.announcing: list[Command] = []
        self.archiving: list[Command] = []
        # What must not be forgotten to judge what comes.
        self.before: dict[str, Command] = {}
        self.sendable: set[str] = set()
        self.first_tries: dict[str, float] = {}
        self.told: dict[str, list[Command]] = {}
        self.doubtful: set[str] = set()
        """Commands that the cloud may be carrying out, whatever was said of other requests."""

    # Commands come in

    def _new(self, target: str, window: float) -> Command:
        self.number += 1
        return a_command(
            self.number,
            target=target,
            network_id="hub" if target < "c" else "other hub",
            payload={"secret": self.number},
            offline=target == "b",
            batch="call",
            created_at=self.now,
            deadline=self.now + window,
        )

    @rule(where=st.sampled_from(TARGETS), window=st.sampled_from([5.0, 60.0, 600.0]))
    def accept(self, where: str, window: float) -> None:
        """Somebody wants something done."""
        command = self._new(where, window)
        self.sendable.add(command.tracking_id)
        assert not self.tracker.open(command).outcome
        self.save()

    @rule(where=st.sampled_from(TARGETS), window=st.sampled_from([5.0, 60.0]))
    def adopt(self, where: str, window: float) -> None:
        """Somebody else has sent something that we follow."""
        command = replace(self._new(where, window), payload=None, command_id="c")
        self.tracker.adopt(command, self.now)
        self.save()

    # Commands go out

    @rule()
    def send(self) -> None:
        """Make the next request."""
        errand = self.tracker.next_errand(self.now)
        if errand is not None:
            self._make(errand)

    @rule()
    def send_while_the_disk_refuses(self) -> None:
        """Begin the next request, but do not make it."""
        errand = self.tracker.next_errand(self.now)
        if errand is not None:
            self.unsaved.append(errand)

    @precondition(lambda self: self.unsaved)
    @rule(seconds=st.sampled_from([1.0, 10.0]))
    def recall(self, seconds: float) -> None:
        """Take a request back that was never made."""
        errand = self.unsaved.pop()
        if errand.lookup:
            self._end(Request(errand=errand, begun=self.now), "no way", None, 0.0)
        else:
            self.tracker.recall(errand, self.now, seconds)

    @rule()
    def send_without_a_token(self) -> None:
        """Begin the next request, which needs a token first."""
        errand = self.tracker.next_errand(self.now)
        if errand is not None:
            self.save()
            if not errand.lookup:
                self._judge(errand)
            self.fetching.append(errand)

    @precondition(lambda self: self.fetching)
    @rule(place=places)
    def get_a_token(self, place: int) -> None:
        """Make a request that had to wait for its token, unless it is too late for it by now."""
        errand = self.fetching.pop(place % len(self.fetching))
        if errand.lookup or all(self.now < last_call(command) for command in errand.commands):
            self.requests.append(Request(errand=errand, begun=self.now))
            known = map(self.tracker.get, (command.tracking_id for command in errand.commands))
            assert not any(command.final for command in known if command), "sent after its end"
        else:
            for transition in self.tracker.recall(errand, self.now, 0.0, inf):
                assert transition.command.final
            self.sendable |= {command.tracking_id for command in errand.commands}

    def _make(self, errand: Errand) -> None:
        assert self.now >= self.hold_until
        self.save()
        request = Request(errand=errand, begun=self.now)
        if not errand.lookup:
            self._judge(errand)
        self.requests.append(request)

    def _judge(self, errand: Errand) -> None:
        """Say whether a request may be made that sends."""
        for command in errand.commands:
            key = command.tracking_id
            assert key in self.sendable, "sent again although that may do it twice"
            self.sendable.discard(key)
            assert self.now < command.deadline, "sent after its window"
            first = self.first_tries.setdefault(key, self.now)
            assert self.now - first < RESEND_WITHIN, "tried again out of the blue"
            assert command.to_send == {"secret": int(key[3:])}
            rivals = [other for other in self.tracker if not other.final and other is not command]
            rivals = [other for other in rivals if other.tracking_id != key]
            assert not [
                other
                for other in rivals
                if other.target == command.target
                and other.tracking_id < key
                and other.phase is not Phase.TAKEN
            ], "overtook another command for its target"
            assert self.policy.lane is None or not [
                other
                for other in rivals
                if self.policy.lane(other) == self.policy.lane(command) and other.phase in UNDER_WAY
            ], "two commands in a lane"
        for limit in self.policy.limits:
            counted = Counter(
                key
                for request in self.requests
                if not request.errand.lookup
                and (request.ended is None or request.ended > self.now - limit.seconds)
                for key in {limit.key(command) for command in request.errand.commands}
            )
            for key in {limit.key(command) for command in errand.commands}:
                assert counted[key] < limit.count, "more than the limit allows"

    # Requests end

    @property
    def running(self) -> list[Request]:
        """The requests whose end is still to come."""
        return [request for request in self.requests if request.ended is None]

    @precondition(lambda self: self.running)
    @rule(place=places, answer=answers, pause=pauses, jitter=jitters)
    def end(self, place: int, answer: str, pause: float | None, jitter: float) -> None:
        """Let a request end in one of the many ways."""
        running = self.running
        self._end(running[place % len(running)], answer, pause, jitter)

    def _end(self, request: Request, answer: str, pause: float | None, jitter: float) -> None:
        request.ended = self.now
        self.tracker.done(request.errand, self.now)
        tell = self._tell_found if request.errand.lookup else self._tell_outcome
        for command in request.errand.commands:
            tell(command.tracking_id, answer, pause, jitter)
            current = self.tracker.get(command.tracking_id)
            if current is not None and (
                current.phase is Phase.WAITING or (self.resends and current.phase is Phase.UNSURE)
            ):
                self.sendable.add(command.tracking_id)

    def _tell_found(self, key: str, answer: str, _: float | None, jitter: float) -> None:
        """Say what came of looking for a command."""
        if answer in {"taken", "ended", "gibberish"}:
            self._tell_outcome(key, answer, None, jitter)
        elif answer == "nothing":
            self.tracker.not_found(key, self.now, jitter)
        else:
            self.tracker.not_looked(key, self.now, jitter)

    def _tell_outcome(self, key: str, answer: str, pause: float | None, jitter: float) -> None:
        if answer == "nothing":
            self.doubtful.add(key)
        observations = {
            "taken": said(CommandState.SENT, command_id=f"cloud-{key}"),
            "ended": said(CommandState.SUCCESS, command_id=f"cloud-{key}"),
            "gibberish": said(None, command_id=f"cloud-{key}"),
            "refused": said(CommandState.FAILURE, settled=True),
        }
        if answer in observations:
            self.tracker.answered(key, observations[answer], self.now)
        elif answer == "later":
            self.tracker.postpone(key, self.now, seconds=pause, reason="busy")
        elif answer == "enough":
            self.tracker.hold_off(self.now)
            self.tracker.postpone(key, self.now, seconds=None, reason="rate_limited")
        elif answer == "no way":
            before = self.tracker.get(key)
            self.tracker.not_taken(key, self.now, jitter, reason="cannot_connect")
            after = self.tracker.get(key)
            if before is not None and after is not None and before.phase is Phase.UNSURE:
                assert after.state is not CommandState.FAILURE, "failed, and nobody knows"
        else:
            self.tracker.unanswered(key, self.now, jitter)

    # Commands are asked about

    @rule()
    def ask(self) -> None:
        """Ask about what is due, as quickly as the pace allows."""
        while self.tracker.questions.pace.free_at(self.now) == self.now:
            due = self.tracker.due(self.now, 1)
            if not due:
                return
            assert self.now >= self.hold_until
            self.tracker.questions.pace.note(self.now)
            self.asking += [command.tracking_id for command in due]

    @precondition(lambda self: self.asking)
    @rule(place=places, state=states, settled=st.booleans())
    def learn(self, place: int, state: CommandState | None, *, settled: bool) -> None:
        """The provider answers, possibly in a word that we do not know."""
        key = self.asking.pop(place % len(self.asking))
        self.tracker.observe(key, said(state, settled=settled and state in FINAL), self.now)

    @precondition(lambda self: self.asking)
    @rule(place=places, jitter=jitters, all_of_them=st.booleans())
    def miss(self, place: int, jitter: float, *, all_of_them: bool) -> None:
        """The provider does not answer, or says nothing about a command."""
        if all_of_them:
            self.tracker.unreachable(self.now, jitter)
        self.tracker.missed(self.asking.pop(place % len(self.asking)), self.now, jitter)

    @precondition(lambda self: self.before)
    @rule(place=places, state=states)
    def hear(self, place: int, state: CommandState | None) -> None:
        """Somebody sets the state of a command at the provider, and we hear of it."""
        command = self._any(place)
        if command.phase is Phase.TAKEN:
            self.tracker.reached()
            self.tracker.answered(command.tracking_id, said(state), self.now)

    @rule(seconds=st.sampled_from([2.0, 40.0]))
    def be_told_to_wait(self, seconds: float) -> None:
        """The provider wants silence."""
        self.tracker.hold(self.now, seconds)
        self.hold_until = max(self.hold_until, self.now + seconds)

    # Commands are stopped, or forgotten

    def _any(self, place: int) -> Command:
        keys = sorted(self.before)
        return self.before[keys[place % len(keys)]]

    @precondition(lambda self: self.before)
    @rule(place=places, state=states)
    def stop(self, place: int, state: CommandState | None) -> None:
        """The user has changed his mind."""
        command = self._any(place)
        with suppress(StillSendingError):
            stopped = self.tracker.withdraw(command.tracking_id, self.now)
            if stopped is None and not command.final:
                self.tracker.cancelled(command.tracking_id, said(state), self.now)

    @precondition(lambda self: self.before)
    @rule(place=places)
    def begin_to_cancel(self, place: int) -> None:
        """Ask the provider to stop a command; much may happen before it answers."""
        command = self._any(place)
        if command.phase is Phase.TAKEN and not command.final:
            self.cancelling.append(command.tracking_id)

    @precondition(lambda self: self.cancelling)
    @rule(place=places, state=states)
    def end_cancelling(self, place: int, state: CommandState | None) -> None:
        """Take in what the provider said to that, as an account does that was loaded meanwhile."""
        key = self.cancelling.pop(place % len(self.cancelling))
        self.tracker.cancelled(key, said(state), self.now)

    @precondition(lambda self: self.before)
    @rule(place=places)
    def forget(self, place: int) -> None:
        """The user wants a command to be gone."""
        key = self._any(place).tracking_id
        self.tracker.forget(key)
        self._drop(key)
        self.history.pop(key, None)
        self.announcing = [c for c in self.announcing if c.tracking_id != key]
        self.archiving = [c for c in self.archiving if c.tracking_id != key]
        self.save()

    def _drop(self, key: str) -> None:
        for memory in (self.before, self.told):
            memory.pop(key, None)

    # Time goes by

    @rule(seconds=st.sampled_from([0.1, 1.0, 2.0, 3.2, 5.0, 10.0]), prompt=st.booleans())
    def wait(self, seconds: float, *, prompt: bool) -> None:
        """A little later; the alarm need not have rung yet."""
        self.now += seconds
        for request in self.running:
            if self.now - request.begun >= PATIENCE:
                self._end(request, "nothing", None, 0.0)
        if prompt:
            self.tick()

    @rule(seconds=st.sampled_from([61.0, 700.0, 8000.0]))
    def sleep(self, seconds: float) -> None:
        """The machine sleeps, and every connection breaks with it."""
        for request in self.running:
            self._end(request, "nothing", None, 0.0)
        self.now += seconds
        self.tick()

    @precondition(lambda self: not self.fetching)
    @rule(seconds=steps)
    def correct_the_clock(self, seconds: float) -> None:
        """The machine finds out what time it is; while something is being sent, it is not told."""
        self.now += seconds
        self.hold_until += seconds
        self.first_tries = {
            key: at if key in self.as_written else at + seconds
            for key, at in self.first_tries.items()
        }
        for request in self.requests:
            request.begun += seconds
            request.ended = None if request.ended is None else request.ended + seconds
        self.corrected = True
        self.tracker.shift(seconds)
        self.save()

    @rule()
    def tick(self) -> None:
        """Take in what the time has changed."""
        for transition in self.tracker.tick(self.now):
            assert transition.outcome

    @rule()
    def do_all_there_is_to_do(self) -> None:
        """Do it; then the alarm is in the future, or it would ring for ever."""
        self.tick()
        while (errand := self.tracker.next_errand(self.now)) is not None:
            self._make(errand)
        self.ask()
        alarm = self.tracker.next_alarm(self.now)
        assert alarm is None or alarm > self.now

    @rule()
    def follow_the_alarm(self) -> None:
        """Sleep until the alarm rings, and do what is due; twice, for it may be a false one."""
        self.do_all_there_is_to_do()
        for _ in range(2):
            alarm = self.tracker.next_alarm(self.now)
            self.now = max(self.now, alarm or self.now)
            self.do_all_there_is_to_do()

    # The disk, and who is told

    def save(self) -> None:
        """Write the journal."""
        self.held_back = self.tracker.held_back(self.now)
        self.journal = json.dumps([to_plain(command) for command in self.tracker.journal()])

    @rule()
    def write_outcomes(self) -> None:
        """Write the journal, so that outcomes can be announced."""
        self.announcing = list(self.tracker.unannounced)
        self.save()

    @rule()
    def announce(self) -> None:
        """Tell the world what was written."""
        self.tracker.announced(self.announcing)
        for command in self.announcing:
            told = self.told.setdefault(command.tracking_id, [])
            told.append(command)
            assert [c.late for c in told] in ([False], [True], [False, True]), "told twice"
        self.announcing = []

    @rule()
    def write_history(self) -> None:
        """Begin to write what was announced into the history."""
        self.archiving = list(self.tracker.unarchived)
        assert all(self.told[c.tracking_id][-1].state is c.state for c in self.archiving)

    @rule()
    def archive(self) -> None:
        """What was written into the history is on disk, and old things are forgotten."""
        for command in self.archiving:
            self.history[command.tracking_id] = json.dumps(to_plain(command))
        self.tracker.archived(self.archiving)
        self.archiving = []
        self.tracker.prune(self.now)
        left = {command.tracking_id for command in self.tracker}
        for key in self.before.keys() - left:
            assert key in self.history, "forgot what was not in the history"
            assert self.before[key].final
            self.before.pop(key)

    @rule(error=st.sampled_from([0.0, 0.0, 0.0, -5000.0, -20.0, 20.0, 5000.0]))
    def be_killed(self, error: float) -> None:
        """Start again with what is on disk, maybe with a clock that is wrong."""
        for request in self.running:
            request.ended = min(self.now, request.begun + PATIENCE)
            if not request.errand.lookup:
                self.doubtful |= {command.tracking_id for command in request.errand.commands}
        # Limits look back at what is on disk: not at what was forgotten, and not past a correction
        # of the clock, which leaves the history as it is.
        self.requests = [
            request
            for request in self.requests
            if not self.corrected
            and all(command.tracking_id in self.before for command in request.errand.commands)
        ]
        self.unsaved, self.fetching = [], []
        self.asking, self.announcing, self.archiving = [], [], []
        journal = from_plain(json.loads(self.journal)).commands
        history = from_plain(map(json.loads, self.history.values())).commands
        self.tracker = Tracker(self.policy, keep_days=0.01, keep_count=3)
        self.now += error
        self.corrected = self.corrected or error != 0
        self.requests = [] if error else self.requests
        self.tracker.restore(journal, history, self.now, self.held_back)
        self.hold_until = self.now
        self.as_written = {c.tracking_id for c in journal if c.sent_at is not None}
        self.first_tries = {
            c.tracking_id: c.sent_at for c in journal if c.sent_at is not None and not c.final
        }
        known = {command.tracking_id: command for command in self.tracker}
        assert self.before.keys() <= known.keys(), "lost a command"
        for key, told in self.told.items():
            last, current = told[-1], known[key]
            assert current.final
            assert (current.state, current.late) == (last.state, last.late) or current.late
        # What is not in the history may be told once more.
        archived = {c.tracking_id: c.late for c in history}
        self.told = {
            key: kept
            for key, told in self.told.items()
            if (kept := [c for c in told if key in archived and c.late <= archived[key]])
        }
        # What may have been sent is never sent again, or only with its key.
        self.sendable &= {c.tracking_id for c in journal if c.phase is Phase.WAITING}
        if self.resends:
            self.sendable |= {
                c.tracking_id
                for c in self.tracker
                if c.phase is Phase.UNSURE and max(c.created_at, c.sent_at or 0.0) <= self.now
            }
        self.before = known
        self.tick()

    # What always holds

    @invariant()
    def every_change_is_legal(self) -> None:
        """No command is lost, none comes back, and none ends twice but by one correction."""
        now = {command.tracking_id: command for command in self.tracker}
        assert self.before.keys() <= now.keys(), "lost a command"
        for key, old in self.before.items():
            judge(old, now[key])
        self.before = now

    @invariant()
    def nothing_is_said_not_to_have_happened_that_may_have(self) -> None:
        """Of what the cloud may be carrying out, only a word on that command says otherwise."""
        for command in self.tracker:
            if command.final and command.tracking_id in self.doubtful:
                assert command.reason not in CERTAINLY_NOT, command
                assert not (command.stopping and command.phase is Phase.WAITING)

    @invariant()
    def what_is_known_is_consistent(self) -> None:
        """The journal holds what must not be lost, and the sensors show the truth."""
        commands = list(self.tracker)
        expected = {c.tracking_id for c in commands if not c.final}
        expected |= {c.tracking_id for c in self.tracker.unannounced}
        expected |= {c.tracking_id for c in self.tracker.unarchived}
        journal = self.tracker.journal()
        assert {command.tracking_id for command in journal} == expected
        for command in journal:
            may_be_sent = command.phase is Phase.WAITING or (
                self.resends and command.phase in {Phase.SENDING, Phase.UNSURE}
            )
            assert command.payload is None or (may_be_sent and not command.final)
        for key in (ACCOUNT, *map(target_key, TARGETS)):
            covered = [command for command in commands if key in keys_of(command)]
            newest = self.tracker.newest(key)
            assert (newest and newest.tracking_id) == max(
                (command.tracking_id for command in covered), default=None
            )
            assert self.tracker.pending(key) == sum(not command.final for command in covered)

    @invariant()
    def nothing_open_is_left_alone(self) -> None:
        """Either the alarm will ring, or an answer brings us back."""
        expected = {*self.asking}
        for errand in [
            *self.unsaved,
            *self.fetching,
            *(request.errand for request in self.running),
        ]:
            expected |= {command.tracking_id for command in errand.commands}
        if self.tracker.next_alarm(self.now) is None:
            assert {c.tracking_id for c in self.tracker if not c.final} <= expected
        assert self.tracker.is_idle or any(
            not c.settled or c.tracking_id in expected for c in self.tracker
        )


def judge(old: Command, new: Command) -> None:
    """Say whether a command may have become another."""
    assert new.polls >= old.polls
    assert (new.finished_at is not None) is new.final
    assert new.final or new.payload is None or new.phase is not Phase.TAKEN
    if not old.final:
        assert not new.late
        assert (old.phase, new.phase) not in {
            (Phase.TAKEN, Phase.WAITING),
            (Phase.TAKEN, Phase.SENDING),
            (Phase.TAKEN, Phase.UNSURE),
            (Phase.UNSURE, Phase.WAITING),
            (Phase.UNSURE, Phase.SENDING),
        }
    elif new.state is old.state:
        assert new.late is old.late
    else:
        assert new.final
        assert new.late
        assert not old.late
        assert old.state is CommandState.TIMEOUT or (
            old.state is CommandState.CANCELLED and old.stopping
        )


Story.TestCase.settings = settings(max_examples=200, stateful_step_count=60)
TestStory = Story.TestCase
