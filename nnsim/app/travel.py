"""Moving in time by hand: steps, jumps, the start, the furthest, and bookmarks to come back to.

Every way of moving is an order with a moment or a stop; where that leads is known when the frame comes. It refuses to compute
stops: that is the engine's.
"""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QInputDialog, QWidget

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.document import Document
from nnsim.app.message_band import MessageBand
from nnsim.app.playing import Playing
from nnsim.app.simulation_thread import SimulationThread
from nnsim.engine.bookmarks import clean_name, holding
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.engine.run import Run
from nnsim.files.view import MOST_BOOKMARKS
from nnsim.picture.time_picture import crumbs


class Travel(QObject):
    """What moves the cursor."""

    def __init__(self, display: Display, thread: SimulationThread, document: Document, playing: Playing, band: MessageBand,
                 window: QWidget) -> None:
        super().__init__(window)
        self._display, self._thread, self._document, self._playing = display, thread, document, playing
        self._band, self._window = band, window
        self._told_left = ""
        display.position.moment_chosen.connect(self.seek)
        display.time.moment_chosen.connect(self.seek)
        display.time.bookmark_requested.connect(self.bookmark)
        display.time.renaming_requested.connect(self._rename)
        display.time.removal_requested.connect(self._remove)
        for source in (display.protocol, display.plots, display.inspector):
            source.moment_chosen.connect(self.seek)
        display.loss.epoch_chosen.connect(self._seek_epoch)
        document.changed.connect(self._show_bookmarks)
        thread.reported.connect(self._hear)
        self._show_bookmarks()

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
        """Put a flag at the moment on show, or name the one that is there otherwise."""
        # what is asked about is what was seen when it was asked for: playing ends a little later
        frame = self._display.frame
        self._playing.pause()
        if self._document.bookmark_at(frame.moment) is not None:
            self._rename(frame.moment)
        elif len(self._document.bookmarks) >= MOST_BOOKMARKS:
            self._band.say(self.tr("There are {0} bookmarks already: remove one first.").format(MOST_BOOKMARKS))
        else:
            words = " › ".join(crumb.text for crumb in crumbs(frame, self._display.grain))
            self._name(frame.moment, self.tr("Name"), words)

    @Slot(object)
    def _rename(self, moment: Moment) -> None:
        there = self._document.bookmark_at(moment)
        if there is not None:
            self._playing.pause()
            self._name(moment, self.tr("Name (nothing removes the bookmark)"), there.name)

    @Slot(object)
    def _remove(self, moment: Moment) -> None:
        there = self._document.bookmark_at(moment)
        if there is not None:
            self._document.remove_bookmark(moment, self.tr("Remove the bookmark “{0}”").format(there.name))

    def _name(self, moment: Moment, question: str, proposed: str) -> None:
        text, accepted = QInputDialog.getText(self._window, self.tr("Bookmark"), question, text=proposed)
        name, there = clean_name(text), self._document.bookmark_at(moment)
        if not accepted:
            return
        if not name:
            self._remove(moment)
        elif there is None or there.name != name:
            self._document.put_bookmark(moment, name, self.tr("Bookmark “{0}”").format(name))

    @Slot(float)
    def _seek_epoch(self, epochs: float) -> None:
        self.seek(Moment(max(0, round(epochs * self._display.frame.batches)), 0))

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Edited(before, after):
                self._tell_left(before.run, after.run)
            case m.Returned() | m.Opened() if self._band.text == self._told_left:
                self._band.hide()

    def _tell_left(self, before: Run, after: Run) -> None:
        """Say that flags are out of sight, which stood where a branch does not lead."""
        left = sum(not each.holds_in(after) for each in holding(self._document.all_bookmarks, before))
        if left:
            self._told_left = (
                self.tr("A bookmark was on the way that this edit leaves. Undo brings it back.") if left == 1 else
                self.tr("{0} bookmarks were on the way that this edit leaves. Undo brings them back.").format(left))
            self._band.say(self._told_left, calm=True)

    @Slot()
    def _show_bookmarks(self) -> None:
        self._display.time.show_bookmarks(tuple((each.moment, each.name) for each in self._document.bookmarks))
