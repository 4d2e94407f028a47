"""A neuron's incoming weights as a table: from where, weight, input, product.

It is apart because a layer of a picture network has hundreds of rows, which only a model shows cheaply. Weights can be typed
over; that is an intent. It refuses to compute: the products are the pass's own.
"""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from nnsim.core.activations import Array
from nnsim.picture import numbers
from nnsim.picture.inspection import NOT_YET, Incoming
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.targets import EdgeTarget
from nnsim.widgets.captions import scaled
from nnsim.widgets.number_field import parse

_FROM, _WEIGHT, _INPUT, _PRODUCT = range(4)
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class IncomingModel(QAbstractTableModel):
    """The rows. ``parameter_edited(target, value)`` when a weight was typed over."""

    parameter_edited = Signal(object, float)

    def __init__(self) -> None:
        super().__init__()
        self._incoming: Incoming | None = None
        self._theme = THEMES["light"]

    def show_incoming(self, incoming: Incoming) -> None:
        """Show a neuron's weights; the selection stays while the rows are the same."""
        same = self._incoming is not None and self._incoming.names == incoming.names
        if not same:
            self.beginResetModel()
        self._incoming = incoming
        if not same:
            self.endResetModel()
        elif incoming.names:
            self.dataChanged.emit(self.index(0, 0), self.index(len(incoming.names) - 1, _PRODUCT))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """One row an input."""
        return 0 if self._incoming is None or parent.isValid() else len(self._incoming.names)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """From, weight, input, product."""
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("from"), self.tr("weight"), self.tr("input"), self.tr("product"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (self.tr("Where the input comes from"), self.tr("The weight as it is now; double-click to type another"),
                    self.tr("What arrives, in this sample"), self.tr("Weight times input, in this sample’s forward pass"))[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, exact number, colour of the sign."""
        if self._incoming is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if index.column() == _FROM else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if index.column() == _FROM:
            return self._incoming.names[index.row()] if role == Qt.ItemDataRole.DisplayRole else None
        value = self._value(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return NOT_YET if value is None else numbers.fixed(value)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.EditRole):
            if value is None:
                return self.tr("not yet computed")
            return numbers.exact(value) if role == Qt.ItemDataRole.EditRole else numbers.in_full(numbers.fixed(value), value)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(self._theme.ink3 if value is None else self._theme.sign_ink(value))
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Weights can be typed over."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _WEIGHT else flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Announce a typed weight; what is no number is dropped."""
        typed = parse(str(value))
        if self._incoming is None or role != Qt.ItemDataRole.EditRole or typed is None:
            return False
        if typed != self._value(index.row(), _WEIGHT):
            self.parameter_edited.emit(EdgeTarget(self._incoming.layer, index.row(), self._incoming.neuron), typed)
        return True

    def _value(self, row: int, column: int) -> float | None:
        """The number of a cell; None where it is not yet computed."""
        incoming = self._incoming
        assert incoming is not None
        if column == _WEIGHT:
            return float(incoming.weights[row])
        known, values = self._column(column)
        return float(values[row]) if row < known else None

    def _column(self, column: int) -> tuple[int, Array]:
        assert self._incoming is not None
        if column == _INPUT:
            return self._incoming.inputs_known, self._incoming.inputs
        return self._incoming.products_known, self._incoming.products


class IncomingTable(QTableView):
    """The table; copying takes the exact numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = IncomingModel()
        self.rows.setParent(self)
        self.setModel(self.rows)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(scaled(24))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMinimumHeight(scaled(110))
        self.setAccessibleName(self.tr("Incoming weights"))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.rows.set_theme(theme)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy takes the selected cells with all their digits, tabs between columns."""
        if not event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)
            return
        lines: dict[int, list[str]] = {}
        for index in sorted(self.selectedIndexes(), key=_place):
            role = Qt.ItemDataRole.DisplayRole if index.column() == _FROM else Qt.ItemDataRole.EditRole
            lines.setdefault(index.row(), []).append(str(index.data(role)))
        QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines.values()))


def _place(index: QModelIndex) -> tuple[int, int]:
    return index.row(), index.column()
