"""The way of one session's cursor, a slice at a time: to a place and no further, or on and on while playing.

A slice takes a few milliseconds, so that whoever asks for the next can hear orders in between. It is apart from the worker because
it needs a session only: the worker has the clock and the orders. It refuses to make frames, and to decide when a slice is due.
"""

from enum import Enum
from time import perf_counter

from nnsim.app import messages as m
from nnsim.app.breaking import Breaking
from nnsim.app.slices import SLICE_SECONDS, Rate, Slices
from nnsim.app.stopping import Stopping
from nnsim.engine.breakpoints import Breakpoint, Flip, SignChange
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.files.session import Session

STOP_MS = 4
"""Between two stops within a batch at full speed: each is painted, and painting takes longer than this."""


class Turn(Enum):
    """What a slice has brought."""

    ON_THE_WAY = "the cursor stands where it stood"
    MOVED = "the cursor stands elsewhere, and there is more to come"
    ENDED = "there is nothing more to come"


class Walking:
    """Where a session's cursor goes. ``set_out`` or ``play``, then ``advance`` until the turn is ``ENDED``."""

    def __init__(self, session: Session, breakpoints: tuple[Breakpoint, ...]) -> None:
        self.playing: m.Play | None = None
        """The playing that is under way."""
        self.reached = False
        """Whether the last playing came where it was to run until."""
        self.met: Breakpoint | None = None
        """The breakpoint that ended the last slice."""
        self.wait_ms: int | None = None
        """How long to wait before the next slice; None: as long as after the last."""
        self._session = session
        self._goal: Moment | None = None
        self._slices, self._rate = Slices(), Rate()
        self._stopping = Stopping(session, None)
        self._breaking = Breaking(session, breakpoints)
        self._due_at = 0.0

    @property
    def is_under_way(self) -> bool:
        """Whether a long way is being walked; playing is none, since it has no end."""
        return self._goal is not None and self.playing is None

    @property
    def batches_per_second(self) -> float:
        """How fast playing goes; 0 when nothing is played."""
        return self._rate.batches_per_second if self.playing is not None else 0.0

    @property
    def flip(self) -> Flip | None:
        """Where ``met`` is a condition on signs: which parameter changed its sign, and in which batch."""
        return self._breaking.flip if isinstance(self.met, SignChange) else None

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """Where playing stops by itself."""
        return self._breaking.breakpoints

    @breakpoints.setter
    def breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        self._breaking = Breaking(self._session, breakpoints)
        if self.playing is not None:
            # the stop that it is on its way to may lie behind one of these
            self._goal = None

    def halt(self) -> None:
        """Stay where the cursor stands."""
        self.playing = self._goal = None

    def forget_stop(self) -> None:
        """The stop that playing was on its way to is no more; the next one is found from where the cursor stands."""
        self._goal = None

    def stop_after(self, grain: Grain, count: int) -> Moment:
        """The stop ``count`` further, negative for back. Behind a long way, it is counted from the end of that."""
        session, moment = self._session, self._session.moment
        if self.is_under_way and self._goal is not None:
            moment = self._goal
        for _ in range(abs(count)):
            moment = session.next_stop(moment, grain) if count > 0 else session.previous_stop(moment, grain)
        return moment

    def set_out(self, moment: Moment) -> Turn:
        """Go to a moment and stay there; this is the first slice of the way."""
        self.playing, self._goal = None, moment
        return self.advance(True)

    def play(self, order: m.Play) -> int:
        """Play; the milliseconds to wait before the first slice."""
        if not order.goes_on or order.until != self._stopping.until:
            self._stopping = Stopping(self._session, order.until)
        self._goal, self.playing, self.reached = None, order, False
        self._rate = Rate()
        return order.interval_ms or (0 if order.grain >= Grain.BATCH else STOP_MS)

    def advance(self, can_show: bool) -> Turn:
        """Walk on for a slice. ``can_show``: whether a frame could be shown now; at full speed no finer stop is left before."""
        playing, self.met, self.wait_ms = self.playing, None, None
        if playing is None:
            if self._goal is not None and not self._come_near(self._goal):
                return Turn.ON_THE_WAY
            goal, self._goal = self._goal, None
            if goal is not None:
                self._session.seek(goal)
            return Turn.ENDED
        before, finished = self._session.moment, self._session.batches_finished
        if playing.interval_ms is None and playing.grain >= Grain.BATCH:
            self._run_slice()
        elif not self._come_to_stop(playing, can_show):
            return Turn.ON_THE_WAY
        self._rate.count(self._session.batches_finished - finished)
        if self.met is not None or self._session.moment == before or self._is_broken(playing) or self._has_reached():
            self.halt()
            return Turn.ENDED
        return Turn.MOVED

    def _run_slice(self) -> None:
        begun = perf_counter()
        self.met = self._breaking.run(self._stopping.most(self._slices.batches))
        self._slices.adapt(perf_counter() - begun)

    def _come_to_stop(self, playing: m.Play, can_show: bool) -> bool:
        """Walk to the next stop of the grain, a slice at a time; True when the cursor stands there, or at a breakpoint before."""
        if self._goal is None:
            if playing.interval_ms is None and not can_show:
                return False
            self._goal = self._breaking.no_further(self._session.next_stop(self._session.moment, playing.grain))
            self._due_at = perf_counter() + (playing.interval_ms or STOP_MS) / 1000
        arrived = self._come_near(self._goal)
        if arrived:
            self.met = self._breaking.arrive(self._goal)
            self._goal = None
        self.wait_ms = max(0, round((self._due_at - perf_counter()) * 1000)) if arrived else 0
        return arrived

    def _come_near(self, goal: Moment) -> bool:
        """Compute a few milliseconds of the way to ``goal``; True when to stand there takes no longer than a batch."""
        come_near = self._breaking.approach if self.playing is not None else self._session.approach
        begun = now = perf_counter()
        while not come_near(goal, self._slices.batches):
            before, now = now, perf_counter()
            self._slices.adapt(now - before)
            if now - begun >= SLICE_SECONDS / 2:
                return False
        return True

    def _is_broken(self, playing: m.Play) -> bool:
        """Whether a divergence ends the way here; by finer grains the batch that broke can be watched, up to its end."""
        broken = self._session.divergence
        return broken is not None and playing.grain >= Grain.BATCH and self._session.moment.batch + 1 >= broken.batch

    def _has_reached(self) -> bool:
        """Whether playing has come where it was to run until; then stand just there."""
        end = self._stopping.reached()
        if end is not None:
            self._session.seek(end)
            self.reached = True
        return end is not None
