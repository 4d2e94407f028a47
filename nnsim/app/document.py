"""What is open: where it is kept, how it was edited, and whether that is saved.

Edits are whole values, so one undo command serves them all: ``Replace`` knows the place before and the place after. Time is not
an edit: moving the cursor can always be done back and is never asked about; but a run that has gone on since it was saved is
something that would be lost, so it counts as unsaved.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QUndoCommand, QUndoStack

from nnsim.app.messages import Edited, Place, Saved
from nnsim.engine.moments import START, Moment
from nnsim.engine.run import Run

UNDO_LIMIT = 60


class Replace(QUndoCommand):
    """One edit. ``go`` brings a place back; the first redo does nothing, since the edit has been made already."""

    def __init__(self, edited: Edited, go: Callable[[Place], None]) -> None:
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


class Document:
    """The open document's name, undo stack and saved state."""

    def __init__(self, go: Callable[[Place], None]) -> None:
        self._go = go
        self.path: Path | None = None
        self.title = "untitled"
        self.stack = QUndoStack()
        self.stack.setUndoLimit(UNDO_LIMIT)
        self._saved: tuple[Run, Moment] | None = None

    def opened(self, title: str, path: Path | None, run: Run, moment: Moment) -> None:
        """Another document is open; nothing of it is unsaved."""
        self.title, self.path = title, path
        self.stack.clear()
        self._saved = (run, moment)

    def renamed(self, title: str) -> None:
        """Another data set: what has no file yet is called after it."""
        if self.path is None:
            self.title = title

    def saved(self, report: Saved) -> None:
        """It was written to a file."""
        self.path, self.title = report.path, report.path.name
        self._saved = (report.run, report.moment)

    def edited(self, report: Edited) -> None:
        """Put an edit that was made on the undo stack."""
        self.stack.push(Replace(report, self._go))

    def is_dirty(self, run: Run, moment: Moment) -> bool:
        """Whether something would be lost: an edit since the last save, or training beyond what was saved."""
        if self._saved is None:
            return moment != START or bool(run.edits)
        saved_run, saved_moment = self._saved
        return run != saved_run or (self.path is not None and moment > saved_moment)
