"""Commands of one key at the same time, some of them seen by what is expected, some found late."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import inf

from hypothesis import given, settings, strategies as st

from custom_components.command_status.tracking import (
    Cadence,
    Clause,
    CommandState,
    Evidence,
    Expectation,
    Pace,
    Tracker,
)
from custom_components.command_status.tracking.habit import LATER, SHORTEST
from custom_components.command_status.tracking.schedule import TICK

from .builders import PLAIN, T0, a_command, be_taken, known, said

CLOUD = replace(
    PLAIN,
    cadence=Cadence(steps=((60.0, 2.0), (inf, 10.0)), closest=1.0),
    pace=Pace(per_second=100),
)
"""No question waits because others were asked meanwhile."""
GATE = ("gate", "ON")
OPENED = Expectation(entity="binary_sensor.gate", clauses=(Clause(values=("on",)),))
RUNNING = said(CommandState.IN_PROGRESS)
DONE = said(CommandState.SUCCESS, settled=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One command to the gate, as it goes."""

    start: float
    seconds: float
    """How long the cloud is busy with it."""
    window: float
    seen: float | None
    """How long after it was sent the gate is seen to be open; None: nobody looks."""


runs = st.builds(
    Run,
    start=st.floats(0, 120),
    seconds=st.floats(0.2, 300),
    window=st.sampled_from([20.0, 60.0, 600.0]),
    seen=st.none() | st.floats(0.1, 300),
)


@given(story=st.lists(runs, min_size=1, max_size=8))
@settings(max_examples=150)
def test_only_what_the_cloud_said_is_learned_and_each_gap_keeps_its_bounds(
    story: Sequence[Run],
) -> None:
    """What is seen in the house says when the gate was open, not when the cloud was done."""
    together = Together(story)
    together.play()
    assert together.taught == together.heard


class Together:
    """A tracker, a cloud and a gate that somebody may look at."""

    def __init__(self, story: Sequence[Run]) -> None:
        """Plan what happens."""
        self.tracker = Tracker(CLOUD)
        self.runs = {f"id-{number:03}": run for number, run in enumerate(story, 1)}
        self.agenda: list[tuple[float, str, str]] = []
        for key, run in self.runs.items():
            heappush(self.agenda, (T0 + run.start, "send", key))
        self.asked: dict[str, tuple[float, float]] = {}
        """When each was asked about last, or sent, and how long the pause after that may be."""
        self.heard = 0
        """Ends that were heard of by a question after one that found the command open."""
        self.taught = 0

    def play(self) -> None:
        """Let everything happen that happens."""
        now = T0
        while self.agenda or self.tracker.next_alarm(now) is not None:
            alarm = self.tracker.next_alarm(now)
            now = max(now, min(alarm or inf, self.agenda[0][0] if self.agenda else inf))
            while self.agenda and self.agenda[0][0] <= now:
                _, what, key = heappop(self.agenda)
                getattr(self, what)(key, now)
            self.tracker.tick(now)
            for due in self.tracker.due(now):
                self.tracker.questions.pace.note(now)
                self.ask(due.tracking_id, now)

    def send(self, key: str, now: float) -> None:
        """Send a command; the gate may be looked at."""
        run = self.runs[key]
        command = a_command(int(key[3:]), target="gate", created_at=now)
        command = replace(command, deadline=now + run.window)
        if run.seen is not None:
            command = replace(command, expect=OPENED, evidence=Evidence.AWAITED)
            heappush(self.agenda, (now + run.seen, "see", key))
        self.tracker.open(command)
        be_taken(self.tracker, now)
        self.asked[key] = now, self.latest(0.0)

    def see(self, key: str, now: float) -> None:
        """Let the gate be seen open; that teaches nothing."""
        before = self.tracker.habits.plain
        self.tracker.see(key, Evidence.SEEN, now)
        assert self.tracker.habits.plain == before

    def ask(self, key: str, now: float) -> None:
        """Answer a question, and see what is learned from it."""
        run, command, (last, latest) = self.runs[key], known(self.tracker, key), self.asked[key]
        if not command.final:
            assert CLOUD.cadence.least - 1e-6 <= now - last <= latest + 2 * TICK
        before = self.tracker.habits.plain
        ended = now >= T0 + run.start + run.seconds
        self.tracker.observe(key, DONE if ended else RUNNING, now)
        self.heard += ended and now - last >= SHORTEST
        if self.tracker.habits.plain != before or ended:
            ((*_, ages),) = self.tracker.habits.plain
            low, high = ages[-2:]
            assert low - 0.02 <= run.seconds <= high + 0.02
            self.taught += 1
        self.asked[key] = now, self.latest(now - (command.sent_at or now))

    def latest(self, age: float) -> float:
        """Return how long the pause after a question at an age may be."""
        share, floor = LATER
        forecast = self.tracker.habits.forecast(GATE)
        usual = 0.0 if forecast is None else forecast.usual
        return max(CLOUD.cadence.interval(age), usual * share, floor)
