"""A table's columns as a list: which are inputs, what stands in each, what is missing, its mean and deviation.

It is apart from the dialog because here the inputs are chosen, by boxes that key and mouse reach alike. It refuses to choose the
target: that is one column, chosen beside it.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from nnsim.engine.experiment import TableUse
from nnsim.picture.numbers import whole
from nnsim.picture.table_plan import ColumnFigures
from nnsim.widgets.captions import Caption, scaled

NAME, KIND, MISSING, MEAN, DEVIATION, CATEGORIES = range(6)
LINE_PX = 24


class ColumnList(QWidget):
    """``use_changed``: other inputs, or other columns that are categories; ``inputs`` and ``categories`` say which."""

    use_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tree = QTreeWidget()
        self.all_button, self.none_button = QPushButton(self.tr("All")), QPushButton(self.tr("None"))
        self._target = ""
        self._lay_out()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the columns that are inputs, in the table's order."""
        return tuple(item.text(NAME) for item in self._items() if self._is_input(item))

    @property
    def categories(self) -> tuple[str, ...]:
        """The columns of numbers that are names of categories."""
        return tuple(item.text(NAME) for item in self._items() if self._is_input(item)
                     and item.data(CATEGORIES, Qt.ItemDataRole.CheckStateRole) is not None
                     and item.checkState(CATEGORIES) is Qt.CheckState.Checked)

    def show_columns(self, columns: Sequence[ColumnFigures], use: TableUse) -> None:
        """Show a table's columns and which are used; speaks to nobody."""
        self._target = use.target
        with QSignalBlocker(self.tree):
            self.tree.clear()
            self.tree.addTopLevelItems([self._item(figures, use) for figures in columns])
        self._fit()

    def item(self, name: str) -> QTreeWidgetItem:
        """The line of a column."""
        return next(item for item in self._items() if item.text(NAME) == name)

    def _item(self, figures: ColumnFigures, use: TableUse) -> QTreeWidgetItem:
        is_target = figures.name == use.target
        item = QTreeWidgetItem([figures.name, self.tr("target, {0}").format(figures.kind) if is_target else figures.kind,
                                whole(figures.missing) if figures.missing else "–", figures.mean, figures.deviation, ""])
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place in (MISSING, MEAN, DEVIATION):
            item.setTextAlignment(place, right)
        item.setToolTip(NAME, figures.name)
        item.setSizeHint(NAME, QSize(0, scaled(LINE_PX)))
        if is_target:
            font = item.font(NAME)
            font.setBold(True)
            item.setFont(NAME, font)
        elif figures.is_empty:
            item.setDisabled(True)
        else:
            item.setCheckState(NAME, _checked(figures.name in use.inputs))
            if figures.is_numeric:
                item.setCheckState(CATEGORIES, _checked(figures.name in use.categories))
                item.setToolTip(CATEGORIES, self.tr("Its numbers are names of categories, as postal codes are: an input each."))
        return item

    def _items(self) -> list[QTreeWidgetItem]:
        lines = (self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount()))
        return [line for line in lines if line is not None]

    def _is_input(self, item: QTreeWidgetItem) -> bool:
        return item.data(NAME, Qt.ItemDataRole.CheckStateRole) is not None and item.checkState(NAME) is Qt.CheckState.Checked

    def _check_all(self) -> None:
        self._check(True)

    def _check_none(self) -> None:
        self._check(False)

    def _check(self, checked: bool) -> None:
        with QSignalBlocker(self.tree):
            for item in self._items():
                if item.data(NAME, Qt.ItemDataRole.CheckStateRole) is not None:
                    item.setCheckState(NAME, _checked(checked))
        self.tree.viewport().update()
        self.use_changed.emit()

    def _announce(self, _: QTreeWidgetItem, __: int) -> None:
        self.use_changed.emit()

    def _fit(self) -> None:
        for place in range(KIND, CATEGORIES + 1):
            self.tree.resizeColumnToContents(place)

    def _lay_out(self) -> None:
        self.tree.setHeaderLabels([self.tr("Input"), self.tr("Holds"), self.tr("Missing"), self.tr("Mean"),
                                   self.tr("Deviation"), self.tr("Categories")])
        self.tree.setAccessibleName(self.tr("Columns of the table"))
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        head = self.tree.header()
        head.setStretchLastSection(False)
        head.setSectionsMovable(False)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.tree.itemChanged.connect(self._announce)
        line = QHBoxLayout()
        line.setSpacing(scaled(6))
        line.addWidget(Caption(self.tr("Inputs: what the target is predicted from"), 12, "ink2"), 1)
        for button, act in ((self.all_button, self._check_all), (self.none_button, self._check_none)):
            button.setAutoDefault(False)
            button.clicked.connect(act)
            line.addWidget(button)
        whole_column = QVBoxLayout(self)
        whole_column.setContentsMargins(0, 0, 0, 0)
        whole_column.setSpacing(scaled(4))
        whole_column.addLayout(line)
        whole_column.addWidget(self.tree, 1)


def _checked(is_so: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if is_so else Qt.CheckState.Unchecked
