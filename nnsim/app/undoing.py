"""What the undo stack holds: edits, and flags put or taken away.

Edits are whole values, so one command serves them all: ``Replace`` knows the place before and the place after. Bookmarks are of the
window alone, so a ``Flag`` only exchanges their list. It is apart from the document because it refuses to know more of it than a
way to bring things back.
"""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from nnsim.app import messages as m
from nnsim.engine.bookmarks import Bookmark

Bookmarks = tuple[Bookmark, ...]


class Replace(QUndoCommand):
    """One edit. ``go`` brings a place back; the first redo does nothing, since the edit has been made already.

    ``drag``: the number of the drag that it was made in; 0 for what was typed, clicked or chosen.
    """

    def __init__(self, edited: m.Edited, go: Callable[[m.Place], None], drag: int = 0) -> None:
        super().__init__(edited.label)
        self.before, self.after = edited.before, edited.after
        self._go, self._drag = go, drag
        self._made = True

    def id(self) -> int:
        """``mergeWith`` decides which edits merge."""
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """What was made in one drag, from press to release, is one edit; everything else is an edit of its own."""
        if not isinstance(other, Replace) or not self._drag or other._drag != self._drag:
            return False
        if not self.before.session is self.after.session is other.before.session is other.after.session:
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


class Flag(QUndoCommand):
    """Bookmarks put, named otherwise or removed. ``show`` makes a list of them the document's."""

    def __init__(self, label: str, before: Bookmarks, after: Bookmarks, show: Callable[[Bookmarks], None]) -> None:
        super().__init__(label)
        self._before, self._after, self._show = before, after, show

    def undo(self) -> None:
        """Have the bookmarks before."""
        self._show(self._before)

    def redo(self) -> None:
        """Have the bookmarks after."""
        self._show(self._after)
