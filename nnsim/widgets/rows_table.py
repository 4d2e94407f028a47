"""A table of rows of data: as wide as its texts ask for, walked by key, and a row of it chosen by click or Enter.

It is apart because the classes, the worst rows and all predictions are such tables over different models. It refuses to know what
stands in the cells: the model says that, and a place in it is all that is announced.
"""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from nnsim.widgets.captions import scaled
from nnsim.widgets.plot_area import sized

SPACE_PX, WIDEST_PX, WIDEST_HEAD_PX, LINE_PX = 16, 190, 110, 24
SAMPLES = 8
"""So many parts the rows are cut into, to see at their ends how wide their texts are."""


class RowsTable(QTableView):
    """``place_chosen(place)``: the row of the model that was clicked, or on which Enter was pressed."""

    place_chosen = Signal(int)

    def __init__(self, rows: QAbstractTableModel, name: str, parent: QWidget | None = None, usual_number: str = "") -> None:
        """``usual_number``: columns of numbers are at least as wide as this, but for the first, which counts."""
        super().__init__(parent)
        self._usual_number = usual_number
        self.setModel(rows)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(scaled(LINE_PX))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(scaled(30))
        self.setMinimumHeight(scaled(4 * LINE_PX))
        self.clicked.connect(self._choose)

    def fit_columns(self) -> None:
        """Make each column as wide as its head and the texts of some rows ask for; what is left goes to the first texts."""
        rows = self.model()
        count, last = rows.columnCount(), rows.rowCount() - 1
        head = QFontMetrics(sized(self.font(), 11.5))
        metrics, space = QFontMetrics(self.font()), scaled(SPACE_PX)
        usual = metrics.horizontalAdvance(self._usual_number)
        samples = sorted({max(last, 0) * part // SAMPLES for part in range(SAMPLES + 1)}) if last >= 0 else []
        widths = []
        for column in range(count):
            name = str(rows.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) or "")
            texts = [str(rows.index(row, column).data() or "") for row in samples]
            texts_px = max((metrics.horizontalAdvance(text) for text in texts), default=0)
            head_px = min(head.horizontalAdvance(name), scaled(WIDEST_HEAD_PX))
            least_px = usual if column and self._is_number(column) else 0
            widths.append(min(max(head_px, texts_px, least_px) + space, scaled(WIDEST_PX)))
        left = self.viewport().width() - sum(widths)
        stretching = next((column for column in range(count) if not self._is_number(column)), None)
        if left > 0 and stretching is not None:
            widths[stretching] += left
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses; time's own keys are left to time."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._choose(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the new width."""
        super().resizeEvent(event)
        self.fit_columns()

    def _is_number(self, column: int) -> bool:
        sides = self.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        return bool(int(sides or 0) & int(Qt.AlignmentFlag.AlignRight))

    def _choose(self, index: QModelIndex) -> None:
        self.place_chosen.emit(index.row())
