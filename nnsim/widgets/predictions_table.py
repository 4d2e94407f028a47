"""All predictions as a table: virtual, sorted by row or by own loss, all rows or only the wrong ones.

A line is worked out when it comes on screen, so that 100,000 rows cost no more than the thirty that are seen. What the network says
stands first, the inputs behind it. It refuses to sort by what would have to be worked out for all rows.
"""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from nnsim.core.activations import Array
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.predictions import Heading, Predictions, Sort
from nnsim.widgets.rows_table import RowsTable

MOST_KEPT = 400
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_SORTED_BY: dict[str, Sort] = {"row": "row", "loss": "own loss"}


class PredictionsModel(QAbstractTableModel):
    """The lines of one frame's predictions, in an order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.predictions: Predictions | None = None
        self.sort_by: Sort = "row"
        self.descending = self.only_wrong = False
        self._places: Array = np.zeros(0, np.intp)
        self._headings: tuple[Heading, ...] = ()
        self._cells: dict[int, tuple[str, ...]] = {}
        self._theme = THEMES["light"]

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The columns' heads."""
        return self._headings

    def show_predictions(self, predictions: Predictions | None) -> None:
        """Show these; the view keeps its place where rows and columns are as many and the same."""
        places: Array = np.zeros(0, np.intp)
        if predictions is not None:
            places = predictions.order(self.sort_by, self.descending, self.only_wrong)
        headings = () if predictions is None else predictions.headings
        same = len(places) == len(self._places) and headings == self._headings
        if not same:
            self.beginResetModel()
        self.predictions, self._places, self._headings = predictions, places, headings
        self._cells.clear()
        if not same:
            self.endResetModel()
        elif len(places):
            self.dataChanged.emit(self.index(0, 0), self.index(len(places) - 1, len(headings) - 1))

    def arrange(self, sort: Sort, descending: bool, only_wrong: bool) -> None:
        """Show the rows in another order, or others."""
        self.sort_by, self.descending, self.only_wrong = sort, descending, only_wrong
        self.show_predictions(self.predictions)
        if self._headings:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._headings) - 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme

    def data_row(self, place: int) -> int:
        """The row of the data set that stands at ``place``."""
        assert self.predictions is not None
        return int(self.predictions.rows[self._places[place]])

    def cells(self, place: int) -> tuple[str, ...]:
        """The texts of the line at ``place``, worked out if it has not been looked at lately."""
        assert self.predictions is not None
        if place not in self._cells:
            if len(self._cells) >= MOST_KEPT:
                self._cells.clear()
            self._cells[place] = self.predictions.cells(int(self._places[place]))
        return self._cells[place]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """One row a line."""
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """One column a heading."""
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._headings):
            return None
        heading = self._headings[section]
        if role == Qt.ItemDataRole.DisplayRole:
            is_sorted = _SORTED_BY.get(heading.role) == self.sort_by
            return f"{heading.name} {'▾' if self.descending else '▴'}" if is_sorted else heading.name
        if role == Qt.ItemDataRole.ToolTipRole:
            sorted_by = self.tr("Click to sort by it") if heading.role in _SORTED_BY else ""
            return "\n".join(part for part in (heading.name, heading.tip, sorted_by) if part)
        return self._side(heading) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, all digits, and the colour of what is wrong."""
        heading = self._headings[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(heading)
        if self.predictions is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells(index.row())[index.column()]
        place = int(self._places[index.row()])
        if role == Qt.ItemDataRole.ToolTipRole:
            value = self.predictions.values(place)[index.column()]
            return value if isinstance(value, str) else repr(value)
        if role == Qt.ItemDataRole.ForegroundRole:
            wrong = self.predictions.wrong
            if heading.name in ("prediction", "right") and heading.role == "share" and wrong is not None and wrong[place]:
                return QColor(self._theme.neg_ink)
            return QColor(self._theme.ink2 if heading.role in ("row", "part", "input") else self._theme.ink)
        return None

    def _side(self, heading: Heading) -> int:
        side = Qt.AlignmentFlag.AlignRight if heading.is_number else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class PredictionsTable(RowsTable):
    """The table over that model."""

    row_chosen = Signal(int)
    """The row number, in the data set, of a line that was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.lines = PredictionsModel()
        super().__init__(self.lines, "", parent, "−0.000000")
        self.lines.setParent(self)
        self.setAccessibleName(self.tr("Predictions"))
        self.setObjectName("predictions-table")
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(self._sort_by)
        self.place_chosen.connect(self._announce)

    def show_predictions(self, predictions: Predictions | None) -> None:
        """Show these, or with None nothing."""
        before = self.lines.headings
        self.lines.show_predictions(predictions)
        if self.lines.headings != before:
            self._answers_first()
            self.fit_columns()

    def show_only_wrong(self, only_wrong: bool) -> None:
        """Show only rows that got another class than theirs, or all."""
        self.lines.arrange(self.lines.sort_by, self.lines.descending, only_wrong)
        self.fit_columns()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.lines.set_theme(theme)
        self.viewport().update()

    def _sort_by(self, section: int) -> None:
        """By row and by own loss; a second click turns the order round. The greatest loss comes first."""
        lines, sort = self.lines, _SORTED_BY.get(self.lines.headings[section].role)
        if sort is not None:
            lines.arrange(sort, not lines.descending if sort == lines.sort_by else sort == "own loss", lines.only_wrong)
            self.fit_columns()
            self.scrollToTop()

    def _answers_first(self) -> None:
        """Row, target, prediction and own loss stand where they are seen at once; then the part, probabilities and inputs."""
        header, headings = self.horizontalHeader(), self.lines.headings

        def rank(section: int) -> int:
            heading = headings[section]
            if heading.name in ("target", "prediction") and heading.role == "share":
                return 1
            return {"row": 0, "answer": 2, "loss": 3, "share": 4, "part": 5, "input": 6}[heading.role]

        for goal, section in enumerate(sorted(range(len(headings)), key=rank)):
            header.moveSection(header.visualIndex(section), goal)

    def _announce(self, place: int) -> None:
        self.row_chosen.emit(self.lines.data_row(place))
