"""Moving in time by hand: steps, jumps, the start, the furthest, and bookmarks to come back to.

Every way of moving is an order with a moment or a stop; where that leads is known when the frame comes. It refuses to compute
stops: that is the engine's.
"""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QInputDialog, QWidget

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.playing import Playing
from nnsim.app.simulation_thread import SimulationThread
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session


class Travel(QObject):
    """What moves the cursor."""

    def __init__(self, display: Display, thread: SimulationThread, playing: Playing, window: QWidget) -> None:
        super().__init__(window)
        self._display, self._thread, self._playing, self._window = display, thread, playing, window
        self._session: Session | None = None
        """That of the last edit, or what was opened; None at first."""
        display.position.moment_chosen.connect(self.seek)
        display.time.moment_chosen.connect(self.seek)
        display.time.bookmark_requested.connect(self.bookmark)
        for source in (display.protocol, display.plots, display.inspector):
            source.moment_chosen.connect(self.seek)
        display.loss.epoch_chosen.connect(self._seek_epoch)
        thread.reported.connect(self._hear)

    def step(self, grain: Grain, count: int) -> None:
        """Move so many stops of a grain."""
        self._thread.send(m.Step(grain, count))

    def step_chosen(self, count: int) -> None:
        """Move so many stops of the chosen grain."""
        self.step(self._display.grain, count)

    @Slot(object)
    def seek(self, moment: Moment) -> None:
        """Go to a moment."""
        self._thread.send(m.Seek(moment))

    def rewind(self) -> None:
        """Back to the untouched network."""
        self.seek(START)

    def go_to_furthest(self) -> None:
        """The last moment that was computed."""
        batches, _ = self._display.frame.extent
        self.seek(Moment(batches, 0))

    @Slot()
    def bookmark(self) -> None:
        """Put a flag at this moment."""
        self._playing.pause()
        words = self._display.position.words
        text, accepted = QInputDialog.getText(self._window, self.tr("Bookmark"), self.tr("Name"), text=words)
        if accepted and text:
            self._show_bookmarks((*self._display.bookmarks, (self._display.frame.moment, text)))

    @Slot(float)
    def _seek_epoch(self, epochs: float) -> None:
        self.seek(Moment(max(0, round(epochs * self._display.frame.batches)), 0))

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        # flags stand in one network's time
        known: Session | None
        match report:
            case m.Edited(before, after):
                known, place = before.session, after
            case m.Returned(place):
                known = self._session
            case m.Opened(place):
                known = None
            case _:
                return
        self._session = place.session
        if place.session is not known:
            self._show_bookmarks(())

    def _show_bookmarks(self, bookmarks: tuple[tuple[Moment, str], ...]) -> None:
        self._display.bookmarks = bookmarks
        self._display.time.show_bookmarks(bookmarks)
