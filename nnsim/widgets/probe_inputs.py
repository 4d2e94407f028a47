"""A probe's inputs as a table of names and numbers that can be typed over.

It is apart because a picture has hundreds of inputs, which only a model shows cheaply. It refuses to know the network.
"""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from nnsim.picture import numbers
from nnsim.widgets.captions import scaled
from nnsim.widgets.number_field import parse

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class InputsModel(QAbstractTableModel):
    """The rows. ``inputs_typed(inputs)``: all of them, one changed."""

    inputs_typed = Signal(tuple)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._inputs: tuple[float, ...] = ()

    def show_inputs(self, names: tuple[str, ...], inputs: tuple[float, ...]) -> None:
        """Show these; the selection stays while the names are the same."""
        if names != self._names:
            self.beginResetModel()
            self._names, self._inputs = names, inputs
            self.endResetModel()
        elif inputs != self._inputs:
            self._inputs = inputs
            self.dataChanged.emit(self.index(0, 1), self.index(len(names) - 1, 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """One row an input."""
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Name and number."""
        return 0 if parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("input"), self.tr("value"))[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text and exact number."""
        if index.column() == 0:
            return self._names[index.row()] if role == Qt.ItemDataRole.DisplayRole else None
        value = self._inputs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return numbers.fixed(value, signed=False)
        if role == Qt.ItemDataRole.EditRole:
            return numbers.exact(value)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tr("{0}. Double-click to type another").format(numbers.in_full(numbers.fixed(value), value))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Numbers can be typed over."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 1 else flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Announce a typed number; what is none is dropped."""
        typed = parse(str(value))
        if role != Qt.ItemDataRole.EditRole or typed is None:
            return False
        if typed != self._inputs[index.row()]:
            row = index.row()
            self.inputs_typed.emit((*self._inputs[:row], typed, *self._inputs[row + 1 :]))
        return True


class InputsTable(QTableView):
    """The table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = InputsModel(self)
        self.setModel(self.rows)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(scaled(24))
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setMinimumSectionSize(scaled(70))
        # as wide as what is seen: to measure hundreds of numbers would cost every frame of a drawing
        self.horizontalHeader().setResizeContentsPrecision(0)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
                             | QAbstractItemView.EditTrigger.AnyKeyPressed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMinimumHeight(scaled(84))
        self.setAccessibleName(self.tr("The probe's inputs"))
