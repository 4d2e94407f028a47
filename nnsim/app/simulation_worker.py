"""What the training thread does: an event loop that gets orders. No shared flags, no locks, no sleeps.

At most one frame is in flight: the next is made when the window says that it has painted the last, so the window is never
flooded and always gets the latest. Long ways (full speed, seeking far, an epoch of large data) are walked in slices of a few
milliseconds, between which orders are taken; so every order is heard at once. It refuses to know widgets and threads.
"""

import errno
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from nnsim.app import messages as m
from nnsim.app.breaking import Breaking
from nnsim.app.slices import SLICE_SECONDS, Rate, Slices
from nnsim.app.stopping import Stopping
from nnsim.app.studying import Studying
from nnsim.app.waiting import Waiting
from nnsim.engine.breakpoints import Breakpoint
from nnsim.engine.checking import NoGradientError
from nnsim.engine.experiment import ExperimentError
from nnsim.engine.frame import Wants
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.timeline import DEFAULT_LIMIT
from nnsim.files.session import Session, SourceError

FRAME_SECONDS = 1 / 60
STOP_MS = 4
"""Between two stops within a batch at full speed: each is painted, and painting takes longer than this."""
STUDY_SECONDS = 0.4
"""Between two slices of work aside while playing."""
PARKED_BYTES = 16 * 1024 * 1024
"""How much of its past a session keeps while only undo knows it."""


class SimulationWorker(QObject):
    """Lives on the training thread and owns the session there.

    Signals: ``reported`` carries a ``messages.Report``.
    """

    reported = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._wants = Wants()
        self._in_flight = self._stale = False
        self._posted_at = self._due_at = 0.0
        self._playing: m.Play | None = None
        self._heard: m.Play | None = None
        self._reached = False
        self._goal: Moment | None = None
        self._slices, self._rate = Slices(), Rate()
        self._stopping = Stopping(session, None)
        self._waiting = Waiting()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)
        self._study = m.Study()
        self._studying = Studying(session)
        self._breaking = Breaking(session, ())
        self._studied_at = 0.0
        self._idle = QTimer(self)
        self._idle.timeout.connect(self._work_aside)

    @Slot(object)
    def obey(self, order: m.Order) -> None:
        """Carry out one order, or keep it until the way under way is done."""
        if self._waiting.takes(order, self._is_under_way):
            return
        try:
            self._carry_out(order)
        except (ExperimentError, SourceError, NoGradientError) as error:
            self.reported.emit(m.Failed(str(error), order))
        except OSError as error:
            self.reported.emit(m.Failed(error.strerror or str(error), order, elsewhere=error.errno != errno.EFBIG))

    def _carry_out(self, order: m.Order) -> None:
        match order:
            case m.FrameShown():
                self._in_flight = False
                if self._stale:
                    self._post()
            case m.Look(wants):
                if wants != self._wants:
                    self._wants = wants
                    self._post()
            case m.Study():
                self._study = order
                self._studying.want(order)
                self._idle.start(0)
            case m.CheckGradients():
                self._studying.check()
                self._idle.start(0)
            case m.GiveUpCheck():
                self._studying.give_up_check()
            case m.Break(breakpoints):
                self._breaking = Breaking(self._session, breakpoints)
            case m.Step(grain, count):
                self._step(grain, count)
            case m.Seek(moment) if moment.mark <= self._session.marks(moment.batch).count:
                self._go_to(moment)
            case m.Seek():
                # it was meant for a network that has just gone
                self._post()
            case m.Play():
                self._play(order)
            case m.Pause():
                self._give_up()
                self._post()
            case m.Tune(learning, label):
                self._edit(label, lambda: self._session.tune(learning))
            case m.SetParameter(layer, row, neuron, value, label):
                self._edit(label, lambda: self._session.set_parameter(layer, row, neuron, value))
            case m.Restart(experiment, label):
                fresh = Session.open(experiment)
                before = self._place()
                self._halt()
                self._switch(fresh)
                self.reported.emit(m.Edited(before, self._place(), label))
                self._post()
            case m.Return(place):
                self._return_to(place)
            case m.Open(source):
                opened = Session.open(source)
                self._give_up()
                self._take(opened)
                self.reported.emit(m.Opened(self._place(), source, opened.frame))
                self._post()
            case m.Save(path):
                self._session.save(path)
                self.reported.emit(m.Saved(path, self._session.run_record, self._session.moment))

    # moving

    def _step(self, grain: Grain, count: int) -> None:
        session = self._session
        moment = session.moment
        if self._is_under_way and self._goal is not None:
            # the step was meant to follow the one that is still under way
            moment = self._goal
        for _ in range(abs(count)):
            moment = session.next_stop(moment, grain) if count > 0 else session.previous_stop(moment, grain)
        self._go_to(moment)

    def _go_to(self, moment: Moment) -> None:
        """Go there and stay, in slices if it is far."""
        self._halt()
        self._goal = moment
        if not self._approach():
            self._timer.start(0)
        self._post()

    def _approach(self) -> bool:
        """A few milliseconds of the way to the goal; True when the cursor stands there."""
        assert self._goal is not None
        begun = now = perf_counter()
        while not self._session.approach(self._goal, self._slices.batches):
            before, now = now, perf_counter()
            self._slices.adapt(now - before)
            if now - begun >= SLICE_SECONDS / 2:
                return False
        goal, self._goal = self._goal, None
        self._session.seek(goal)
        return True

    @property
    def _is_under_way(self) -> bool:
        """Whether a long way is being walked; playing is none, since it has no end."""
        return self._goal is not None and self._playing is None

    def _halt(self) -> None:
        self._timer.stop()
        self._playing = self._goal = None

    def _give_up(self) -> None:
        """Stop, and answer all that waited for the end of the way."""
        self._halt()
        for order in self._waiting.released():
            if isinstance(order, m.Play):
                self._heard = order
            elif isinstance(order, (*m.EDITS, m.Save)):
                self.reported.emit(m.Failed("the way there was given up", order))

    # playing

    def _play(self, order: m.Play) -> None:
        self._heard = order
        if order.goes_on and self._playing is None:
            # it has ended by itself meanwhile
            self._post()
            return
        if not order.goes_on or order.until != self._stopping.until:
            self._stopping = Stopping(self._session, order.until)
        self._goal, self._playing, self._reached = None, order, False
        self._rate = Rate()
        self._timer.start(order.interval_ms or (0 if order.grain >= Grain.BATCH else STOP_MS))

    @Slot()
    def _advance(self) -> None:
        playing = self._playing
        if playing is None:
            if self._goal is None or self._approach():
                self._timer.stop()
                self._post()
                for order in self._waiting.released():
                    self.obey(order)
            return
        before, finished = self._session.moment, self._session.batches_finished
        if playing.interval_ms is None and playing.grain >= Grain.BATCH:
            met = self._run_slice()
        elif self._come_to_stop(playing):
            met = self._breaking.met_on_the_way(before, finished)
        else:
            return
        self._rate.count(self._session.batches_finished - finished)
        if met is not None or self._session.moment == before or self._is_broken(playing) or self._has_reached():
            self._halt()
            self._post()
            if met is not None:
                self.reported.emit(m.Broken(met))
        elif perf_counter() - self._posted_at >= FRAME_SECONDS:
            self._post()

    def _run_slice(self) -> Breakpoint | None:
        begun = perf_counter()
        met = self._breaking.run(self._stopping.most(self._slices.batches))
        self._slices.adapt(perf_counter() - begun)
        return met

    def _come_to_stop(self, playing: m.Play) -> bool:
        """Walk to the next stop of the grain, a slice at a time; True when the cursor stands there."""
        if self._goal is None:
            if playing.interval_ms is None and self._in_flight:
                return False
            self._goal = self._breaking.no_further(self._session.next_stop(self._session.moment, playing.grain))
            self._due_at = perf_counter() + (playing.interval_ms or STOP_MS) / 1000
        arrived = self._approach()
        left_ms = max(0, round((self._due_at - perf_counter()) * 1000)) if arrived else 0
        self._timer.setInterval(left_ms)
        return arrived

    def _is_broken(self, playing: m.Play) -> bool:
        """Whether a divergence ends the way here; by finer grains the batch that broke can be watched, up to its end."""
        broken = self._session.divergence
        return broken is not None and playing.grain >= Grain.BATCH and self._session.moment.batch + 1 >= broken.batch

    def _has_reached(self) -> bool:
        """Whether playing has come where it was to run until; then stand just there."""
        end = self._stopping.reached()
        if end is not None:
            self._session.seek(end)
            self._reached = True
        return end is not None

    # editing

    def _place(self) -> m.Place:
        return m.Place(self._session, self._session.run_record, self._session.moment)

    def _edit(self, label: str, change: Callable[[], None]) -> None:
        before = self._place()
        change()
        # of a stop that playing was on its way to, nothing is left
        self._goal = None
        self.reported.emit(m.Edited(before, self._place(), label))
        self._post()

    def _switch(self, session: Session) -> None:
        if session is not self._session:
            self._session.replay.timeline.shrink(PARKED_BYTES)
            session.replay.timeline.limit = DEFAULT_LIMIT
            self._take(session)

    def _take(self, session: Session) -> None:
        """Work on another session."""
        self._session, self._slices = session, Slices()
        self._studying = Studying(session)
        self._studying.want(self._study)
        self._breaking = Breaking(session, self._breaking.breakpoints)

    def _return_to(self, place: m.Place) -> None:
        self._halt()
        self._switch(place.session)
        if place.session.run_record != place.run:
            place.session.become(place.run, Moment(0, 0))
        self.reported.emit(m.Returned(place))
        self._go_to(place.moment)

    # aside

    @Slot()
    def _work_aside(self) -> None:
        """A slice of what nobody waits for; while playing only now and then, so that it costs playing little."""
        now = perf_counter()
        if self._timer.isActive() and now - self._studied_at < STUDY_SECONDS:
            self._idle.setInterval(round(1000 * STUDY_SECONDS))
            return
        self._studied_at = now
        self._idle.setInterval(0)
        told = self._studying.work()
        if told is None:
            self._idle.stop()
        else:
            self.reported.emit(told)

    # showing

    def _post(self) -> None:
        """Make a frame of this moment, or if one is still being painted, remember that another is due."""
        if self._in_flight:
            self._stale = True
            return
        frame = self._session.look(self._wants)
        if self._study.past or self._study.plane is not None:
            self._studying.moved()
            self._idle.start(0 if not self._timer.isActive() else round(1000 * STUDY_SECONDS))
        self._stale, self._in_flight = False, True
        self._posted_at = perf_counter()
        playing = self._playing is not None
        rate = self._rate.batches_per_second if playing else 0.0
        self.reported.emit(m.Shown(frame, playing, rate, self._heard, self._is_under_way, self._reached))
