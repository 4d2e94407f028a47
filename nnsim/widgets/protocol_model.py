"""The protocol of a batch as a table model: rows are worked out when they are looked at, and only then.

It is apart from the table because a model can be tested without one. It refuses to keep more rows than fit a few screens: a batch
can have 180,000.
"""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.picture import numbers
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.protocol import Protocol, Row

NUMBER, PHASE, PLACE, RULE, ARITHMETIC, RESULT = range(6)
MOST_KEPT = 400
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_RIGHT = {NUMBER, RESULT}


class ProtocolModel(QAbstractTableModel):
    """The rows of one frame's batch at one grain."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.protocol: Protocol | None = None
        self._theme = THEMES["light"]
        self._rows: dict[int, Row] = {}
        self.narrow = False
        """Whether the place is told in short, with the phase's sign before it."""

    def show_frame(self, frame: Frame, grain: Grain) -> None:
        """Show a frame's batch; the view keeps its place while the batch has the same shape."""
        fresh, before = Protocol(frame, grain), self.protocol
        same = before is not None and (before.grain, before.frame.marks) == (fresh.grain, frame.marks)
        if not same:
            self.beginResetModel()
        self.protocol = fresh
        self._rows.clear()
        if not same:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, RESULT))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme

    def row(self, row: int) -> Row:
        """A row, worked out if it has not been looked at lately. Raises IndexError."""
        assert self.protocol is not None
        if row not in self._rows:
            if len(self._rows) >= MOST_KEPT:
                self._rows.clear()
            self._rows[row] = self.protocol.row(row)
        return self._rows[row]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """One row a step of the batch."""
        return 0 if self.protocol is None or parent.isValid() else len(self.protocol)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Number, phase, place, rule, arithmetic, result."""
        return 0 if parent.isValid() else 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("step"), self.tr("phase"), self.tr("where"), self.tr("rule"), self.tr("arithmetic"),
                    self.tr("result"))[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, exact number, colours of phase and sign."""
        if self.protocol is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.ForegroundRole,
                        Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.row(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells(row)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == PLACE:
            return f"{row.phase}, {row.place}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.cells(row)[index.column()] or self.tr("not yet computed")
        if role == Qt.ItemDataRole.BackgroundRole:
            tint = self._theme.column_tint(self.protocol.frame.phase)
            return QColor(tint) if tint and index.row() == self.protocol.current else None
        return QColor(self._ink(row, index.column()))

    def cells(self, row: Row) -> tuple[str, str, str, str, str, str]:
        """What stands in a row's cells."""
        phase = {"forward": self.tr("→ forward"), "loss": self.tr("◎ loss"), "backward": self.tr("← backward"),
                 "update": self.tr("✎ update")}[row.phase]
        place = f"{phase[0]} {row.short_place}" if self.narrow else row.place
        return numbers.whole(row.number), phase, place, row.what, row.arithmetic, row.result.text

    def exact_text(self, row: int) -> str:
        """A row as copied: tabs between its cells, the result with all its digits."""
        found = self.row(row)
        return "\t".join((*self.cells(found)[:RESULT], "?" if found.value is None else repr(found.value)))

    def _tip(self, row: Row, column: int) -> str:
        if column == PLACE:
            return row.place
        if column != RESULT:
            return self.cells(row)[column]
        return self.tr("not yet computed") if row.value is None else repr(row.value)

    def _alignment(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    def _ink(self, row: Row, column: int) -> str:
        theme = self._theme
        if column == PHASE or (column == PLACE and self.narrow):
            return theme.phase(row.phase)
        if column == RESULT and row.value is not None:
            return theme.sign_ink(row.value) if row.phase != "loss" else theme.ink
        if not row.known or column == NUMBER:
            return theme.ink3
        return theme.ink if column == ARITHMETIC else theme.ink2
