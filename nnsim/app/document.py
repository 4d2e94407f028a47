"""What is open: where it is kept, how it was edited, and whether that is saved.

Edits are whole values, so one undo command serves them all: ``Replace`` knows the place before and the place after. Time is not
an edit: moving the cursor can always be done back and is never asked about; but a run that has gone on since it was saved is
something that would be lost, so it counts as unsaved. It refuses to ask, and to save.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from nnsim.app import messages as m
from nnsim.app.simulation_thread import SimulationThread
from nnsim.engine.examples import example_names
from nnsim.engine.frame import Frame
from nnsim.engine.run import Run
from nnsim.picture.time_picture import finished_batches

UNDO_LIMIT = 60


class Replace(QUndoCommand):
    """One edit. ``go`` brings a place back; the first redo does nothing, since the edit has been made already."""

    def __init__(self, edited: m.Edited, go: Callable[[m.Place], None]) -> None:
        super().__init__(edited.label)
        self.before, self.after = edited.before, edited.after
        self._go = go
        self._made = True

    def id(self) -> int:
        """All edits may merge; ``mergeWith`` decides."""
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Edits of the same setting, made without training in between, are one: dragging a slider is one edit."""
        if not isinstance(other, Replace) or _kind(other.text()) != _kind(self.text()):
            return False
        if other.before.session is not self.after.session or other.before.moment != self.after.moment:
            return False
        if self.before.session is not self.after.session:
            return False
        self.after = other.after
        self.setText(other.text())
        return True

    def undo(self) -> None:
        """Be at the place before."""
        self._go(self.before)

    def redo(self) -> None:
        """Be at the place after."""
        if self._made:
            self._made = False
        else:
            self._go(self.after)


def _kind(label: str) -> str:
    """A label without its value: "Rate 0.3" and "Rate 0.4" are edits of one kind."""
    return label.rsplit(" ", 1)[0]


class Document(QObject):
    """The open document's name, undo stack and saved state, as the training thread reports them.

    ``run`` is the run whose frames are coming. Undo waits for edits that are still on their way: taken back out of turn, the
    stack would name them in another order than they were made in.
    """

    changed = Signal()
    """What can be undone, or could be if nothing were on its way."""

    def __init__(self, thread: SimulationThread, source: str, run: Run, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = thread
        self._edits_under_way = 0
        self.title = ""
        self.path: Path | None = None
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(UNDO_LIMIT)
        self._open(source, run, frame)
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
        """Whether something would be lost: the run is not the saved one, or that was trained further than it was saved.

        Of what has a file, every moment beyond the saved one counts; of what has none, an epoch or more beyond where it was
        opened. The furthest moment that was seen decides: to go back in time does not make anything saved.
        """
        if self.run != self._saved_run:
            return True
        if self.path is None:
            return self._furthest_batches - self._saved_batches >= self._epoch_batches
        return self._furthest > self._saved

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

    @Slot(object)
    def _note(self, order: m.Order) -> None:
        if isinstance(order, m.EDITS):
            self._edits_under_way += 1
            self.changed.emit()

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Shown():
                self._reach(report.frame)
                return
            case m.Edited():
                self._edits_under_way -= 1
                self._edited(report)
            case m.Failed() if isinstance(report.order, m.EDITS):
                self._edits_under_way -= 1
            case m.Returned():
                self.run = report.place.run
            case m.Opened():
                self._open(report.source, report.place.run, report.frame)
            case m.Saved():
                self.path, self.title = report.path, report.path.name
                self._saved_run = report.run
                self._saved = self._furthest = report.moment
        self.changed.emit()

    def _open(self, source: str, run: Run, frame: Frame) -> None:
        """Another document is open, of which ``frame`` is the first; nothing of it is unsaved."""
        self.title, self.path = named(source)
        self.stack.clear()
        self.run = self._saved_run = run
        self._saved = self._furthest = frame.moment
        self._saved_batches = self._furthest_batches = finished_batches(frame)
        self._epoch_batches = frame.batches

    def _edited(self, report: m.Edited) -> None:
        self.run = report.after.run
        if report.before.session is not report.after.session and self.path is None:
            # what has no file yet is called after its data
            self.title = report.after.run.experiment.data.source
        self.stack.push(Replace(report, self._go))

    def _reach(self, frame: Frame) -> None:
        if self.run == self._saved_run:
            self._furthest = max(self._furthest, frame.moment)
            self._furthest_batches = max(self._furthest_batches, finished_batches(frame))

    def _go(self, place: m.Place) -> None:
        self._thread.send(m.Return(place))


def named(source: str) -> tuple[str, Path | None]:
    """What a document that was opened from a source is called, and the file to save it in again."""
    if source in example_names():
        return source, None
    path = Path(source)
    return path.name, path if path.suffix.lower() == ".nnsim" else None
