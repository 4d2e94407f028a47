"""Time that goes on by itself: play and pause, what a step means, how fast, and until when.

Whether the window plays is what was ordered last, not what the last frame says: frames from before an order may still come. It is
apart from other ways of moving in time because only playing goes on. It refuses to move the cursor itself.
"""

import math

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.simulation_thread import SimulationThread
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.files.view import View
from nnsim.picture import numbers
from nnsim.picture.time_picture import RunUntil
from nnsim.widgets.icons import icon
from nnsim.widgets.speed import SPEEDS, nearest_speed


class Playing(QObject):
    """``is_ordered``: whether time goes on by itself."""

    begun = Signal()
    ended = Signal(str)
    """It ended where it was told to: why, in a sentence."""
    pace_changed = Signal()
    """Another grain, or playing where it was paused, or paused where it was playing."""

    def __init__(self, display: Display, thread: SimulationThread, play_action: QAction, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._thread, self._action = display, thread, play_action
        self._speed, self._until = View().speed, RunUntil()
        self._last: m.Play | None = None
        self.is_ordered = False
        display.transport.set_grain(display.grain)
        display.transport.set_speed(self._speed)
        display.transport.grain_chosen.connect(self.choose_grain)
        display.transport.speed_chosen.connect(self.choose_speed)
        display.transport.run_until_chosen.connect(self._choose_until)
        thread.ordered.connect(self._note)
        thread.reported.connect(self._hear)

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_ordered:
            self._thread.send(m.Pause())
        else:
            self._play(False)

    def pause(self) -> None:
        """Stop playing: before a dialog, which would otherwise speak of a moment gone by."""
        if self.is_ordered:
            self.toggle()

    def change_grain(self, by: int) -> None:
        """A finer or coarser step."""
        self.choose_grain(Grain(min(max(self._display.grain + by, Grain.TERM), Grain.EPOCH)))

    def change_speed(self, by: int) -> None:
        """Slower or faster."""
        speed = SPEEDS[min(max(SPEEDS.index(self._speed) + by, 0), len(SPEEDS) - 1)]
        self._display.transport.set_speed(speed)
        self.choose_speed(speed)

    @Slot(object)
    def choose_grain(self, grain: Grain) -> None:
        """From now on a step is this."""
        self._take_grain(grain)
        self._go_on()
        if self._display.shown and not self.is_ordered:
            self._display.show(self._display.shown)
        self.pace_changed.emit()

    @Slot(float)
    def choose_speed(self, speed: float) -> None:
        """Play so many steps a second; infinity is full speed."""
        self._speed = speed
        self._go_on()

    @property
    def speed(self) -> float:
        """Steps a second; infinity is full speed."""
        return self._speed

    @property
    def until(self) -> RunUntil:
        """What ends playing."""
        return self._until

    def opened(self, frame: Frame, view: View) -> None:
        """Step and play as it was when the document was saved; who was in the middle of a batch, as finely as it takes."""
        grain, transport = view.grain, self._display.transport
        if grain is None:
            grain = Grain.BATCH if frame.mark is None else min(frame.mark.closes, Grain.BATCH)
        self._take_grain(grain)
        self._speed = SPEEDS[nearest_speed(view.speed)]
        transport.set_speed(self._speed)
        transport.show_frame(frame)
        until = RunUntil(*view.until)
        self._until = until if until in transport.run_until_choices else RunUntil()
        transport.set_run_until(self._until)

    def show_action(self) -> None:
        """Name the action after what it will do, in the theme's colours."""
        self._action.setText(self.tr("Pause") if self.is_ordered else self.tr("Play"))
        self._action.setIcon(icon("pause" if self.is_ordered else "play", self._display.theme.on_selected))

    @Slot(object)
    def _choose_until(self, until: RunUntil) -> None:
        self._until = until
        self._go_on()

    def _take_grain(self, grain: Grain) -> None:
        self._display.grain = grain
        self._display.transport.set_grain(grain)
        # a start says what the first step computes
        self._display.show_network()

    def _go_on(self) -> None:
        if self.is_ordered:
            self._play(True)

    def _play(self, goes_on: bool) -> None:
        self._display.steps_per_second = self._speed
        interval_ms = None if math.isinf(self._speed) else max(1, round(1000 / self._speed))
        until = None if self._until.kind == "never" else self._until
        self._last = m.Play(self._display.grain, interval_ms, until, goes_on)
        self._set_ordered(True)
        self.begun.emit()
        self._thread.send(self._last)

    def _set_ordered(self, ordered: bool) -> None:
        self.is_ordered = ordered
        self.show_action()
        self.pace_changed.emit()

    @Slot(object)
    def _note(self, order: m.Order) -> None:
        if self.is_ordered and isinstance(order, m.Step | m.Seek | m.Return | m.Pause):
            self._set_ordered(False)

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Shown() if self.is_ordered and not report.playing and report.heard is self._last:
                self._set_ordered(False)
                if report.reached:
                    self.ended.emit(self._reason(report.frame))
            case m.Opened():
                self.opened(report.frame, report.view)

    def _reason(self, frame: Frame) -> str:
        until, score = self._until, frame.test or frame.train
        if until.kind == "loss":
            said = self.tr("Stopped: the test loss is {0}.") if frame.test else self.tr("Stopped: the train loss is {0}.")
            return said.format(numbers.loss(score.loss))
        if until.kind == "epochs":
            return self.tr("Stopped: {0} done.").format(numbers.count(int(until.value), self.tr("epoch"), self.tr("epochs")))
        if frame.dataset.task == "regression":
            return self.tr("Stopped: R² is {0}.").format(numbers.fixed(score.metric, signed=False))
        return self.tr("Stopped: the accuracy is {0}.").format(numbers.percent(score.metric))
