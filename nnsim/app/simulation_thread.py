"""The thread that trains. Its worker is an event loop that gets orders: no shared flags, no locks, no sleeps.

At most one frame is in flight: the next is made when the window says that it has painted the last, so the window is never
flooded and always gets the latest. Long ways (full speed, seeking far) are walked in slices of a few milliseconds, between which
orders are taken; so every order is heard at once. The worker refuses to know widgets; ``SimulationThread`` is the only handle.
"""

import atexit
import math
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from nnsim.app import messages as m
from nnsim.engine.experiment import ExperimentError
from nnsim.engine.frame import Wants
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.timeline import DEFAULT_LIMIT
from nnsim.files.session import Session, SourceError
from nnsim.picture.time_picture import RunUntil

SLICE_SECONDS = 0.008
FRAME_SECONDS = 1 / 60
STOP_MS = 4
"""Between two stops within a batch at full speed: each is painted, and painting takes longer than this."""
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
        self._playing: m.Play | None = None
        self._heard: m.Play | None = None
        self._goal: Moment | None = None
        self._slice_batches = 1
        self._epochs_seen = 0
        self._rate = 0.0
        self._rate_batches, self._rate_since, self._posted_at = 0, 0.0, 0.0
        self._stop_batch: int | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)

    @Slot(object)
    def obey(self, order: m.Order) -> None:
        """Carry out one order."""
        try:
            self._carry_out(order)
        except (ExperimentError, SourceError) as error:
            self.reported.emit(m.Failed(str(error), order))
        except OSError as error:
            self.reported.emit(m.Failed(f"{error.strerror or error}", order))

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
            case m.Step(grain, count):
                self._halt()
                self._step(grain, count)
            case m.Seek(moment):
                self._halt()
                self._go_to(moment)
            case m.Play():
                self._play(order)
            case m.Pause():
                self._halt()
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
                self._halt()
                self._session = opened
                self._slice_batches = 1
                self.reported.emit(m.Opened(self._place(), source))
                self._post()
            case m.Save(path):
                self._session.save(path)
                self.reported.emit(m.Saved(path, self._session.run_record, self._session.moment))

    # moving

    def _step(self, grain: Grain, count: int) -> None:
        if grain >= Grain.BATCH and abs(count) > 1:
            self._session.step(grain, count)
        elif count > 0:
            self._go_to(self._session.next_stop(self._session.moment, grain))
            return
        else:
            self._go_to(self._session.previous_stop(self._session.moment, grain))
            return
        self._post()

    def _go_to(self, moment: Moment) -> None:
        """Go there, in slices if it is far."""
        self._goal = moment
        self._timer.setInterval(0)
        self._approach()
        if self._goal is not None:
            self._timer.start()
            self._post()

    def _approach(self) -> None:
        assert self._goal is not None
        begun = perf_counter()
        if self._session.approach(self._goal, self._slice_batches):
            goal, self._goal = self._goal, None
            self._timer.stop()
            self._session.seek(goal)
            self._post()
        else:
            self._adapt(perf_counter() - begun)

    def _adapt(self, seconds: float) -> None:
        if seconds < SLICE_SECONDS / 2:
            self._slice_batches = min(self._slice_batches * 2, 1 << 16)
        elif seconds > SLICE_SECONDS * 1.5:
            self._slice_batches = max(1, self._slice_batches // 2)

    # playing

    def _play(self, order: m.Play) -> None:
        self._goal = None
        self._playing = self._heard = order
        self._rate, self._rate_batches, self._rate_since = 0.0, 0, perf_counter()
        self._epochs_seen = self._session.batches_finished // self._session.batches
        until, finished = order.until, self._session.batches_finished
        self._stop_batch = None
        if until is not None and until.kind == "epochs":
            self._stop_batch = (finished // self._session.batches + int(until.value)) * self._session.batches
        self._timer.setInterval(order.interval_ms or (0 if order.grain >= Grain.BATCH else STOP_MS))
        self._timer.start()

    def _halt(self) -> None:
        self._timer.stop()
        self._playing = self._goal = None

    @Slot()
    def _advance(self) -> None:
        if self._goal is not None:
            self._approach()
            return
        playing = self._playing
        if playing is None:
            self._timer.stop()
            return
        before = self._session.moment
        finished = self._session.batches_finished
        if playing.interval_ms is None and playing.grain >= Grain.BATCH:
            self._run_slice()
        elif playing.interval_ms is not None or not self._in_flight:
            self._session.step(playing.grain)
        else:
            return
        self._measure(self._session.batches_finished - finished)
        if self._session.moment == before or self._should_stop(playing):
            self._halt()
            self._post()
        elif perf_counter() - self._posted_at >= FRAME_SECONDS:
            self._post()

    def _run_slice(self) -> None:
        begun = perf_counter()
        batches = self._slice_batches
        if self._stop_batch is not None:
            batches = min(batches, max(1, self._stop_batch - self._session.batches_finished))
        self._session.run(batches=batches)
        self._adapt(perf_counter() - begun)

    def _measure(self, batches: int) -> None:
        self._rate_batches += batches
        seconds = perf_counter() - self._rate_since
        if seconds >= 0.5:
            self._rate = self._rate_batches / seconds
            self._rate_batches, self._rate_since = 0, perf_counter()

    def _should_stop(self, playing: m.Play) -> bool:
        session = self._session
        # by finer grains the way into the batch that broke can be watched, up to its end
        if session.divergence and playing.grain >= Grain.BATCH and session.moment.batch + 1 >= session.divergence.batch:
            return True
        if self._stop_batch is not None:
            return session.batches_finished >= self._stop_batch
        return playing.until is not None and self._reached(playing.until)

    def _reached(self, until: RunUntil) -> bool:
        """Whether an epoch that ended since the last look fulfils the condition: then stand at its end."""
        epochs = self._session.batches_finished // self._session.batches
        curve = self._session.history.curves().epochs
        for epoch in range(self._epochs_seen + 1, epochs + 1):
            if epoch % curve.stride:
                continue
            train_loss, test_loss, train_metric, test_metric = curve.values[epoch // curve.stride]
            loss, metric = (train_loss, train_metric) if math.isnan(test_loss) else (test_loss, test_metric)
            if (until.kind == "loss" and loss <= until.value) or (until.kind == "metric" and metric >= until.value):
                self._session.seek(Moment(epoch * self._session.batches, 0))
                return True
        self._epochs_seen = epochs
        return False

    # editing

    def _place(self) -> m.Place:
        return m.Place(self._session, self._session.run_record, self._session.moment)

    def _edit(self, label: str, change: Callable[[], None]) -> None:
        if self._goal is not None:
            # the edit was meant for where the way leads
            self._session.seek(self._goal)
        before = self._place()
        change()
        self._goal = None
        self.reported.emit(m.Edited(before, self._place(), label))
        self._post()

    def _switch(self, session: Session) -> None:
        if session is not self._session:
            self._session.replay.timeline.shrink(PARKED_BYTES)
            session.replay.timeline.limit = DEFAULT_LIMIT
            self._session = session
            self._slice_batches = 1

    def _return_to(self, place: m.Place) -> None:
        self._halt()
        self._switch(place.session)
        if place.session.run_record != place.run:
            place.session.become(place.run, Moment(0, 0))
        self._go_to(place.moment)

    # showing

    def _post(self) -> None:
        """Make a frame of this moment, or if one is still being painted, remember that another is due."""
        if self._in_flight:
            self._stale = True
            return
        frame = self._session.look(self._wants)
        self._stale, self._in_flight = False, True
        self._posted_at = perf_counter()
        playing = self._playing is not None
        rate, under_way = self._rate if playing else 0.0, self._goal is not None
        self.reported.emit(m.Shown(frame, playing, rate, self._heard, under_way))


_RUNNING: "set[SimulationThread]" = set()


@atexit.register
def _end_all() -> None:
    """A program that ends without closing its window must not abort for it."""
    for handle in tuple(_RUNNING):
        handle.end()


class SimulationThread(QObject):
    """The window's handle on the training thread: the only thing that crosses it.

    Signals: ``reported`` carries a ``messages.Report`` on the window's own thread; ``ordered`` goes the other way.
    """

    reported = Signal(object)
    ordered = Signal(object)
    _ended = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._worker = SimulationWorker(session)
        self._worker.moveToThread(self._thread)
        self.ordered.connect(self._worker.obey)
        self._worker.reported.connect(self._pass_on)
        self._thread.finished.connect(self._worker.deleteLater)
        self._thread.start()
        # a running thread must not be collected, whoever forgets its handle
        _RUNNING.add(self)

    def send(self, order: m.Order) -> None:
        """Give an order; it is carried out in its turn."""
        self.ordered.emit(order)

    @Slot()
    def end(self) -> None:
        """Stop training and wait for the thread to end."""
        if self._thread.isRunning():
            self._thread.quit()
            self._thread.wait()
        _RUNNING.discard(self)

    @Slot(object)
    def _pass_on(self, report: m.Report) -> None:
        self.reported.emit(report)
