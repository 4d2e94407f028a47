"""Breakpoints: what the panel says goes to the thread, and where the thread has stopped is said.

It is apart from playing, which knows no reasons to stop. It refuses to decide where to stop.
"""

from PySide6.QtCore import QObject, Slot

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.message_band import MessageBand
from nnsim.app.playing import Playing
from nnsim.app.simulation_thread import SimulationThread
from nnsim.engine.breakpoints import Breakpoint, Flip
from nnsim.files.view import MOST_BREAKPOINTS, View
from nnsim.picture import numbers
from nnsim.picture.inspection import symbol
from nnsim.picture.targets import EdgeTarget


class Stops(QObject):
    """Sends breakpoints, and tells which was met."""

    def __init__(self, display: Display, thread: SimulationThread, playing: Playing, band: MessageBand, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._thread, self._band = display, thread, band
        display.breakpoints.breakpoints_changed.connect(self._send)
        playing.begun.connect(self._forget)
        thread.reported.connect(self._hear)

    def opened(self, view: View) -> None:
        """Another document is open: its breakpoints are in force."""
        self._display.breakpoints.show_breakpoints(view.breakpoints)
        self._display.breakpoints.show_stop(None)
        self._thread.send(m.Break(view.breakpoints))

    @Slot(object)
    def _send(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        if len(breakpoints) > MOST_BREAKPOINTS:
            breakpoints = breakpoints[:MOST_BREAKPOINTS]
            self._display.breakpoints.show_breakpoints(breakpoints)
            self._band.say(self.tr("There are {0} breakpoints already: remove one first.").format(MOST_BREAKPOINTS))
        self._thread.send(m.Break(breakpoints))

    @Slot()
    def _forget(self) -> None:
        self._display.breakpoints.show_stop(None)

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        if isinstance(report, m.Broken):
            self._display.breakpoints.show_stop(report.breakpoint)
            words = report.breakpoint.sentence(self._display.frame.network.sizes).removeprefix("Stop ")
            flip = "" if report.flip is None else self._flipped(report.flip)
            self._band.say(self.tr("Stopped {0}.").format(words) + flip, calm=True)
        elif isinstance(report, m.Opened):
            self.opened(report.view)

    def _flipped(self, flip: Flip) -> str:
        """Which parameter changed its sign, from what to what, and where."""
        frame = self._display.frame
        target = EdgeTarget(flip.layer, flip.row, flip.neuron)
        epoch, batch = divmod(flip.batch, frame.batches)
        return self.tr(" L{0} {1} went from {2} to {3} in epoch {4}, batch {5}.").format(
            flip.layer + 1, symbol(target, frame.network.sizes[flip.layer]), numbers.significant(flip.before),
            numbers.significant(flip.after), numbers.whole(epoch + 1), numbers.whole(batch + 1))
