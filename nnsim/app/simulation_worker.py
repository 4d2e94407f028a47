"""What the training thread does: an event loop that gets orders. No shared flags, no locks, no sleeps.

At most one frame is in flight: the next is made when the window says that it has painted the last, so the window is never
flooded and always gets the latest. Long ways (full speed, seeking far, an epoch of large data) are walked in the slices of a
``Walking``, between which orders are taken; so every order is heard at once. It refuses to know widgets and threads.
"""

import errno
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from nnsim.app import messages as m
from nnsim.app.studying import Studying
from nnsim.app.waiting import Waiting
from nnsim.app.walking import Turn, Walking
from nnsim.engine.checking import NoGradientError
from nnsim.engine.experiment import ExperimentError
from nnsim.engine.frame import Wants
from nnsim.engine.moments import Moment
from nnsim.engine.timeline import DEFAULT_LIMIT
from nnsim.files.session import Session, SourceError

FRAME_SECONDS = 1 / 60
STUDY_SECONDS = 0.4
"""Between two slices of work aside while playing."""
PARKED_BYTES = 16 * 1024 * 1024
"""How much of its past a session keeps while only undo knows it; all that can be made again it gives up."""


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
        self._posted_at = 0.0
        self._heard: m.Play | None = None
        self._walking = Walking(session, ())
        self._waiting = Waiting()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)
        self._study = m.Study()
        self._studying = Studying(session)
        self._studied_at = 0.0
        self._idle = QTimer(self)
        self._idle.timeout.connect(self._work_aside)

    @Slot(object)
    def obey(self, order: m.Order) -> None:
        """Carry out one order, or keep it until the way under way is done."""
        if self._waiting.takes(order, self._walking.is_under_way):
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
                self._walking.breakpoints = breakpoints
            case m.Step(grain, count):
                self._go_to(self._walking.stop_after(grain, count))
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
            case m.Open(source, experiment):
                opened = Session.open(source if experiment is None else experiment)
                self._give_up()
                self._take(opened)
                self.reported.emit(m.Opened(self._place(), source, opened.frame, opened.view))
                self._post()
            case m.Save(path, view):
                self._session.view = view
                self._session.save(path)
                saved = self._session
                self.reported.emit(m.Saved(path, saved.run_record, saved.moment, saved.batches_finished, view))

    # moving

    def _go_to(self, moment: Moment) -> None:
        """Go there and stay, in slices if it is far."""
        self._halt()
        if self._walking.set_out(moment) is Turn.ON_THE_WAY:
            self._timer.start(0)
        self._post()

    def _play(self, order: m.Play) -> None:
        self._heard = order
        if order.goes_on and self._walking.playing is None:
            # it has ended by itself meanwhile
            self._post()
            return
        self._timer.start(self._walking.play(order))

    @Slot()
    def _advance(self) -> None:
        walking = self._walking
        turn = walking.advance(not self._in_flight)
        if walking.wait_ms is not None:
            self._timer.setInterval(walking.wait_ms)
        if turn is Turn.MOVED and perf_counter() - self._posted_at >= FRAME_SECONDS:
            self._post()
        elif turn is Turn.ENDED:
            self._timer.stop()
            self._post()
            if walking.met is not None:
                self.reported.emit(m.Broken(walking.met, walking.flip))
            for order in self._waiting.released():
                self.obey(order)

    def _halt(self) -> None:
        self._timer.stop()
        self._walking.halt()

    def _give_up(self) -> None:
        """Stop, and answer all that waited for the end of the way."""
        self._halt()
        for order in self._waiting.released():
            if isinstance(order, m.Play):
                self._heard = order
            elif isinstance(order, (*m.EDITS, m.Save)):
                self.reported.emit(m.Failed("the way there was given up", order))

    # editing

    def _place(self) -> m.Place:
        return m.Place(self._session, self._session.run_record, self._session.moment)

    def _edit(self, label: str, change: Callable[[], None]) -> None:
        before = self._place()
        change()
        self._walking.forget_stop()
        self.reported.emit(m.Edited(before, self._place(), label))
        self._post()

    def _switch(self, session: Session) -> None:
        if session is not self._session:
            self._session.park(PARKED_BYTES)
            session.replay.use_no_more(DEFAULT_LIMIT)
            self._take(session)

    def _take(self, session: Session) -> None:
        """Work on another session."""
        self._session, self._walking = session, Walking(session, self._walking.breakpoints)
        self._studying = Studying(session)
        self._studying.want(self._study)

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
        if self._study.past or self._study.words or self._study.plane is not None:
            self._studying.moved()
            self._idle.start(0 if not self._timer.isActive() else round(1000 * STUDY_SECONDS))
        self._stale, self._in_flight = False, True
        self._posted_at = perf_counter()
        way = self._walking
        self.reported.emit(m.Shown(frame, way.playing is not None, way.batches_per_second, self._heard, way.is_under_way,
                                   way.reached))
