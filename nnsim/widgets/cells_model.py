"""A few lines of words and figures as a table model: each class with its figures, or the worst rows.

It is apart from the model of all predictions, whose rows are too many to be held. It refuses to write numbers: its cells are texts.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class CellsModel(QAbstractTableModel):
    """Lines under heads; a head is a name, whether numbers stand under it, and what it says when pointed at."""

    def __init__(self, heads: Sequence[tuple[str, bool, str]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads = tuple(heads)
        self._lines: tuple[tuple[str, ...], ...] = ()
        self._inks: dict[tuple[int, int], str] = {}

    def show_lines(self, lines: Sequence[tuple[str, ...]], inks: dict[tuple[int, int], str] | None = None) -> None:
        """Show these lines; ``inks``: colours of single cells, by line and column."""
        fresh, same = tuple(lines), len(lines) == len(self._lines)
        if not same:
            self.beginResetModel()
        self._lines, self._inks = fresh, inks or {}
        if not same:
            self.endResetModel()
        elif fresh:
            self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, len(self._heads) - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """One row a line."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """One column a head."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The heads."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        name, _, tip = self._heads[section]
        return {Qt.ItemDataRole.DisplayRole: name, Qt.ItemDataRole.ToolTipRole: tip or None,
                Qt.ItemDataRole.TextAlignmentRole: self._side(section)}.get(Qt.ItemDataRole(role))

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text and colour."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._lines[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            ink = self._inks.get((index.row(), index.column()))
            return QColor(ink) if ink else None
        return None

    def _side(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if self._heads[column][1] else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)
