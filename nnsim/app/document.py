"""What is open: where it is kept, how it was edited, and whether that is saved.

Time is not an edit: moving the cursor can always be done back and is never asked about, also where it stands elsewhere in its batch
than when it was saved or opened; but a run with more finished batches than then is something that would be lost, so it counts as
unsaved. So do bookmarks, which are undone like edits, and breakpoints. A
bookmark belongs to the way that it was put on: where a branch has left that way it is out of sight, until undo brings the way
back. It refuses to ask, and to save.
"""

from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from nnsim.app import messages as m
from nnsim.app.simulation_thread import SimulationThread
from nnsim.app.undoing import Bookmarks, Flag, Replace
from nnsim.engine.bookmarks import Bookmark, holding
from nnsim.engine.breakpoints import Breakpoint
from nnsim.engine.examples import example_names
from nnsim.engine.frame import Frame
from nnsim.engine.moments import Moment
from nnsim.engine.own_data import OWN
from nnsim.engine.run import Run
from nnsim.files.view import View
from nnsim.picture.time_picture import finished_batches
from nnsim.widgets import dragging

UNDO_LIMIT = 60


class Document(QObject):
    """The open document's name, undo stack and saved state, as the training thread reports them.

    ``run`` is the run whose frames are coming. Undo waits for edits that are still on their way: taken back out of turn, the
    stack would name them in another order than they were made in.

    ``bookmarks`` are those that hold in that run, by their moments, and ``all_bookmarks`` also those of ways that were left;
    ``breakpoints`` are those that the thread was last told.
    """

    changed = Signal()
    """What can be undone, or could be if nothing were on its way."""

    def __init__(self, thread: SimulationThread, source: str, run: Run, frame: Frame, view: View, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = thread
        self._edits_under_way: deque[int] = deque()
        """The drag that each was ordered in, or 0, in the order of their answers."""
        self.title = ""
        self.path: Path | None = None
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(UNDO_LIMIT)
        self._open(source, run, frame, view)
        thread.ordered.connect(self._note)
        thread.reported.connect(self._hear)

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back, and none on its way."""
        return self.stack.canUndo() and not self._edits_under_way

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to make again, and none on its way."""
        return self.stack.canRedo() and not self._edits_under_way

    @property
    def is_dirty(self) -> bool:
        """Whether something would be lost: the run, its bookmarks or breakpoints are not the saved ones, or it was trained further.

        Of what has a file, every batch finished beyond the saved moment counts; of what has none, an epoch or more beyond where
        it was opened. The furthest moment that was seen decides: to go back in time does not make anything saved.
        """
        if self.run != self._saved_run or _told(self.bookmarks, self.breakpoints) != self._saved_marks:
            return True
        return self._furthest_batches - self._saved_batches >= (self._epoch_batches if self.path is None else 1)

    def undo(self) -> None:
        """Take the last edit back, if that can be done."""
        if self.can_undo:
            self.stack.undo()
            self.changed.emit()

    def redo(self) -> None:
        """Make the edit again, if that can be done."""
        if self.can_redo:
            self.stack.redo()
            self.changed.emit()

    def bookmark_at(self, moment: Moment) -> Bookmark | None:
        """The bookmark of a moment of the present run."""
        return next((each for each in self.bookmarks if each.moment == moment), None)

    def put_bookmark(self, moment: Moment, name: str, label: str) -> None:
        """Put a flag with a name at a moment of the present run; one that is there already gets the name."""
        self._flag(moment, (Bookmark(self.run, moment, name),), label)

    def remove_bookmark(self, moment: Moment, label: str) -> None:
        """Take the flag at a moment away."""
        self._flag(moment, (), label)

    def _flag(self, moment: Moment, there: Bookmarks, label: str) -> None:
        here = self.bookmark_at(moment)
        after = (*(each for each in self.all_bookmarks if each is not here), *there)
        self.stack.push(Flag(label, self.all_bookmarks, after, self._take_bookmarks))
        self.changed.emit()

    def _take_bookmarks(self, bookmarks: Bookmarks) -> None:
        self.all_bookmarks = bookmarks
        self._sift()

    def _take_run(self, run: Run) -> None:
        self.run = run
        self._sift()

    def _sift(self) -> None:
        """Bookmarks of a way that was left stay known, for undo, but are out of sight."""
        self.bookmarks = holding(self.all_bookmarks, self.run)

    @Slot(object)
    def _note(self, order: m.Order) -> None:
        if isinstance(order, m.EDITS):
            self._edits_under_way.append(dragging.present())
            self.changed.emit()
        elif isinstance(order, m.Break):
            self.breakpoints = order.breakpoints
            self.changed.emit()

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Shown():
                self._reach(report.frame)
                return
            case m.Edited():
                self._edited(report, self._edits_under_way.popleft())
            case m.Failed() if isinstance(report.order, m.EDITS):
                self._edits_under_way.popleft()
            case m.Returned():
                self._take_run(report.place.run)
            case m.Opened():
                self._open(report.source, report.place.run, report.frame, report.view)
            case m.Saved():
                self.path, self.title = report.path, report.path.name
                self._saved_run = report.run
                self._saved_marks = _told(holding(report.view.bookmarks, report.run), report.view.breakpoints)
                self._saved_batches = self._furthest_batches = report.batches
        self.changed.emit()

    def _open(self, source: str, run: Run, frame: Frame, view: View) -> None:
        """Another document is open, of which ``frame`` is the first; nothing of it is unsaved."""
        self.title, self.path = named(source)
        self.stack.clear()
        self.all_bookmarks, self.breakpoints = view.bookmarks, view.breakpoints
        self._take_run(run)
        self._saved_run, self._saved_marks = run, _told(self.bookmarks, self.breakpoints)
        self._saved_batches = self._furthest_batches = finished_batches(frame)
        self._epoch_batches = frame.batches

    def _edited(self, report: m.Edited, drag: int) -> None:
        self._take_run(report.after.run)
        if report.before.session is not report.after.session and self.path is None:
            # what has no file yet is called after its data
            name = report.after.run.experiment.data.source
            self.title = report.after.session.dataset.name if name in OWN else name
        self.stack.push(Replace(report, self._go, drag))

    def _reach(self, frame: Frame) -> None:
        if self.run == self._saved_run:
            self._furthest_batches = max(self._furthest_batches, finished_batches(frame))

    def _go(self, place: m.Place) -> None:
        self._thread.send(m.Return(place))


def _told(bookmarks: Bookmarks, breakpoints: tuple[Breakpoint, ...]) -> object:
    """What a file would say of them, to be compared."""
    return tuple((each.moment, each.name) for each in bookmarks), breakpoints


def named(source: str) -> tuple[str, Path | None]:
    """What a document that was opened from a source is called, and the file to save it in again."""
    if source in example_names():
        return source, None
    path = Path(source)
    return path.name, path if path.suffix.lower() == ".nnsim" else None
