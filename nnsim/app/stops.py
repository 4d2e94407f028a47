"""Breakpoints: what the panel says goes to the thread, and where the thread has stopped is said.

It is apart from playing, which knows no reasons to stop. It refuses to decide where to stop.
"""

from PySide6.QtCore import QObject, Slot

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.message_band import MessageBand
from nnsim.app.playing import Playing
from nnsim.app.simulation_thread import SimulationThread
from nnsim.engine.breakpoints import Breakpoint


class Stops(QObject):
    """Sends breakpoints, and tells which was met."""

    def __init__(self, display: Display, thread: SimulationThread, playing: Playing, band: MessageBand, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._thread, self._band = display, thread, band
        display.breakpoints.breakpoints_changed.connect(self._send)
        playing.begun.connect(self._forget)
        thread.reported.connect(self._hear)

    @Slot(object)
    def _send(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        self._thread.send(m.Break(breakpoints))

    @Slot()
    def _forget(self) -> None:
        self._display.breakpoints.show_stop(None)

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        if isinstance(report, m.Broken):
            self._display.breakpoints.show_stop(report.breakpoint)
            words = report.breakpoint.sentence(self._display.frame.network.sizes).removeprefix("Stop ")
            self._band.say(self.tr("Stopped {0}.").format(words), calm=True)
