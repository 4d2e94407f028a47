"""Frames, from the training thread to the display; and what they shall carry, back to the thread.

It is apart from the display because it knows the thread, which no widget does. It refuses to keep frames: the one on show is the
display's.
"""

from PySide6.QtCore import QObject, QTimer, Slot

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.playing import Playing
from nnsim.app.simulation_thread import SimulationThread
from nnsim.engine.frame import Wants


class Frames(QObject):
    """Shows what comes, and says when the next may come."""

    def __init__(self, display: Display, thread: SimulationThread, playing: Playing, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._thread, self._playing = display, thread, playing
        self._asked: Wants | None = None
        playing.begun.connect(self.ask)
        thread.reported.connect(self._hear)

    @Slot()
    def ask(self) -> None:
        """Have frames carry what is on show needs, which differs while playing."""
        wants = self._display.wants(self._playing.is_ordered)
        if wants != self._asked:
            self._asked = wants
            self._thread.send(m.Look(wants))

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Shown():
                # when the paint events that this frame will cause are done, the next may come
                QTimer.singleShot(0, self, self._acknowledge)
                self._display.show(report)
                self.ask()
            case m.Failed():
                self._display.refresh_form()

    @Slot()
    def _acknowledge(self) -> None:
        self._thread.send(m.FrameShown())
