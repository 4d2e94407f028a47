"""New rows and what the network says of them as a table model: a line is worked out when it comes on screen.

It is apart from the model of all predictions, whose rows have targets and an order. It refuses to show an answer that is not there.
"""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from nnsim.picture.answered_rows import AnsweredRows
from nnsim.picture.numbers import whole
from nnsim.picture.palette import THEMES, Theme

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class AnsweredModel(QAbstractTableModel):
    """The row's number, then the rows' columns as they are written to a file."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers: AnsweredRows | None = None
        self._theme = THEMES["light"]
        self._kept: tuple[int, tuple[str, ...]] = -1, ()

    def show_rows(self, answers: AnsweredRows | None) -> None:
        """Show these."""
        self.beginResetModel()
        self._answers, self._kept = answers, (-1, ())
        self.endResetModel()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme

    def is_answer(self, section: int) -> bool:
        """Whether a column is the network's, not the table's own."""
        return self._answers is not None and section > 0 and self._answers.headings[section - 1].role != "input"

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """One row a line."""
        return 0 if parent.isValid() or self._answers is None else len(self._answers)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """One column a heading, and the row's number."""
        return 0 if parent.isValid() or self._answers is None else 1 + len(self._answers.headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal or self._answers is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        heading = self._answers.headings[section - 1] if section else None
        if role == Qt.ItemDataRole.DisplayRole:
            return heading.name if heading else self.tr("row")
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (heading.name, heading.tip) if part) if heading else None
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, all digits, and the colour of what the network did not say."""
        place, section = index.row(), index.column()
        assert self._answers is not None
        known = bool(self._answers.complete[place])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(place, section, known)
        if role == Qt.ItemDataRole.ToolTipRole and section:
            if not known:
                return self.tr("The network cannot be fed this row: {0}").format(self._answers.lacking)
            value = self._answers.values(place)[section - 1]
            return value if isinstance(value, str) else repr(value)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(self._theme.ink if self.is_answer(section) and known else self._theme.ink2)
        return None

    def _text(self, place: int, section: int, known: bool) -> str:
        assert self._answers is not None
        if not section:
            return whole(place + 1)
        if not known and self.is_answer(section):
            return self.tr("left out") if not self.is_answer(section - 1) else ""
        if self._kept[0] != place:
            self._kept = place, self._answers.cells(place)
        return self._kept[1][section - 1]

    def _side(self, section: int) -> int:
        is_number = not section or (self._answers is not None and self._answers.headings[section - 1].is_number)
        return int((Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
