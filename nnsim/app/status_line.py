"""The line at the bottom: what the keys do now, facts of the run, and long computations with a way to give them up.

It is apart because it is told all the time and decides nothing. It refuses to speak of trouble: that is the band's.
"""

import math

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QStatusBar

from nnsim.app import messages as m
from nnsim.app.playing import Playing
from nnsim.app.simulation_thread import SimulationThread
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.picture import numbers

BUSY_MS = 300
"""How long an order may take before it is said to be under way."""
SENTENCE_MS = 6000


class StatusLine(QObject):
    """What stands in a status bar."""

    def __init__(self, bar: QStatusBar, thread: SimulationThread, playing: Playing, parent: QObject) -> None:
        super().__init__(parent)
        self._bar, self._thread, self._playing = bar, thread, playing
        self._hint, self._facts, self._give_up = QLabel(bar), QLabel(bar), QPushButton(self.tr("Cancel"), bar)
        self._give_up.hide()
        self._give_up.clicked.connect(self._give_up_long_way)
        bar.addWidget(self._hint, 1)
        bar.addPermanentWidget(self._give_up)
        bar.addPermanentWidget(self._facts)
        bar.setSizeGripEnabled(False)
        self._busy = QTimer(self)
        self._busy.setSingleShot(True)
        self._busy.timeout.connect(self._say_busy)
        playing.ended.connect(self.say)
        thread.ordered.connect(self._note)
        thread.reported.connect(self._hear)

    @property
    def is_waiting(self) -> bool:
        """Whether an order has not been answered yet, so that soon it will be said what is being computed."""
        return self._busy.isActive() or not self._give_up.isHidden()

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Say something for a few seconds."""
        self._bar.showMessage(sentence, SENTENCE_MS)

    def show_frame(self, frame: Frame, grain: Grain) -> None:
        """Tell what the keys do, and the facts of the run."""
        batches, _ = frame.extent
        used = math.ceil(frame.memory_bytes / 2**20)
        self._facts.setText(" · ".join((
            numbers.count(frame.network.parameter_count, self.tr("parameter")), frame.experiment.precision,
            self.tr("seed {0}").format(frame.experiment.seed),
            self.tr("{0} of history, exact replay").format(numbers.count(batches, self.tr("batch"), self.tr("batches"))),
            self.tr("{0} of {1} MiB").format(used, frame.memory_limit // 2**20))))
        if not self._give_up.isHidden():
            return
        playing = self.tr("Playing. Space: pause.  A changed rate takes hold at the next batch.")
        paused = self.tr("Paused. Right arrow: next {0}.  Left arrow: back.  Space: play.").format(grain.name.lower())
        self._hint.setText(playing if self._playing.is_ordered else paused)

    @Slot(object)
    def _note(self, order: m.Order) -> None:
        if not isinstance(order, m.FrameShown | m.Look | m.Break | m.Study | m.GiveUpCheck):
            self._busy.start(BUSY_MS)

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        if not (isinstance(report, m.Shown) and report.under_way):
            self._busy.stop()
            self._give_up.hide()
        elif not self._busy.isActive() and self._give_up.isHidden():
            self._busy.start(BUSY_MS)
        if isinstance(report, m.Saved):
            self.say(self.tr("Saved {0}.").format(report.path.name))

    @Slot()
    def _say_busy(self) -> None:
        if not self._playing.is_ordered:
            self._hint.setText(self.tr("Computing the way there…"))
            self._give_up.show()

    @Slot()
    def _give_up_long_way(self) -> None:
        self._thread.send(m.Pause())
