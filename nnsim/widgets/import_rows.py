"""The first rows of a table as they are written in its file, under each column's name, kind and missing count.

It is apart from the list of columns because it shows cells, not columns: whether a decimal comma or a letter is read right is seen
here. It refuses to be edited.
"""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from nnsim.files.tables import Preview
from nnsim.picture.numbers import whole
from nnsim.widgets.captions import scaled

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
LINE_PX, WIDEST_PX = 22, 220
MEASURED_ROWS = 20


class FirstRows(QAbstractTableModel):
    """The cells of a preview."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cells: tuple[tuple[str, ...], ...] = ()
        self._heads: tuple[str, ...] = ()
        self._right: tuple[bool, ...] = ()

    def show_preview(self, preview: Preview) -> None:
        """Show these cells and heads."""
        self.beginResetModel()
        self._cells = preview.cells
        kinds = {"numbers": self.tr("numbers"), "words": self.tr("words"), "empty": self.tr("empty")}
        self._heads = tuple(f"{name}\n{kinds[kind]}" + (self.tr(", {0} missing").format(whole(missing)) if missing else "")
                            for name, kind, missing in preview.summary)
        self._right = tuple(kind == "numbers" for _, kind, _ in preview.summary)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """The first rows only."""
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """The table's columns."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, kind and missing count."""
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._heads[section]
        return self._side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell as it is written."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            row = self._cells[index.row()]
            return row[index.column()] if index.column() < len(row) else ""
        return self._side(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _side(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if self._right[column] else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class FirstRowsTable(QTableView):
    """A preview's first rows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = FirstRows(self)
        self.setModel(self.rows)
        self.setAccessibleName(self.tr("First rows of the table"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(scaled(LINE_PX))
        self.horizontalHeader().setHighlightSections(False)
        self.setMinimumHeight(scaled(6 * LINE_PX))

    def show_preview(self, preview: Preview) -> None:
        """Show a preview's first rows, each column as wide as what stands in it."""
        self.rows.show_preview(preview)
        metrics = QFontMetrics(self.font())
        for column, (name, _, _) in enumerate(preview.summary):
            head = str(self.rows.headerData(column, Qt.Orientation.Horizontal))
            texts = (*head.split("\n"), name, *(row[column] for row in preview.cells[:MEASURED_ROWS] if column < len(row)))
            widest = max(metrics.horizontalAdvance(text) for text in texts)
            self.setColumnWidth(column, min(widest + scaled(22), scaled(WIDEST_PX)))
