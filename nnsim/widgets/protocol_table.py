"""The table of a batch's steps: where each happens, its arithmetic, its result; the row of the moment carries the phase's colour.

Walking the rows by key or choosing one by click means a moment, which is an intent: the table itself moves when the frame of that
moment comes. It refuses to work out a row that is not on screen.
"""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.picture import numbers
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import scaled
from nnsim.widgets.protocol_model import ARITHMETIC, NUMBER, PHASE, PLACE, RESULT, RULE, ProtocolModel

EDGE_PX = 5
NARROW_PX = 560
"""Below this width only where, arithmetic and result have room."""
LEAST_ARITHMETIC_PX = 240
ONE_LINE_PX, LINE_PX = 560, 24
"""Rule and arithmetic that have less room together than the first are written in two lines."""
MOST_COPIED = 20_000
WIDE_RESULT = "−0.00000000"
_WALKS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)


class _MarkedRow(QStyledItemDelegate):
    """Draws the edge of the row that the moment lies in."""

    def __init__(self, model: ProtocolModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.theme = THEMES["light"]
        self.first_column = NUMBER

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().paint(painter, option, index)
        protocol = self._model.protocol
        if protocol is None or index.row() != protocol.current:
            return
        area: QRect = option.rect
        colour = QColor(self.theme.phase(protocol.frame.phase))
        if index.column() == self.first_column:
            painter.fillRect(QRect(area.left(), area.top(), scaled(EDGE_PX), area.height()), colour)
        if not self.theme.tint_share:
            # where the ground is not tinted, the row is outlined
            painter.fillRect(QRect(area.left(), area.top(), area.width(), 1), colour)
            painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), colour)


class ProtocolTable(QTableView):
    """The rows of the frame's batch at a grain."""

    moment_chosen = Signal(object)
    """The ``Moment`` that a row stands for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("protocol-table")
        self.rows = ProtocolModel(self)
        self.setModel(self.rows)
        self._marked = _MarkedRow(self.rows, self)
        self.setItemDelegate(self._marked)
        self.setAccessibleName(self.tr("Steps of the batch"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.clicked.connect(self._choose_clicked)

    @Slot(object, object)
    def show_frame(self, frame: Frame, grain: Grain) -> None:
        """Show the batch of a frame, and the row that its moment lies in."""
        self.rows.show_frame(frame, grain)
        self._divide()
        assert self.rows.protocol is not None
        current = self.rows.protocol.current
        if len(self.selectionModel().selectedRows()) <= 1:
            self.clearSelection()
        at = self.rows.index(0 if current is None else current, PLACE)
        self.selectionModel().setCurrentIndex(at, self.selectionModel().SelectionFlag.NoUpdate)
        self.scrollTo(at)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours, and the font's sizes."""
        self.rows.set_theme(theme)
        self._marked.theme = theme
        self._divide()
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Here the walking keys walk the rows, whatever they are shortcuts of elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _WALKS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down, Page and Home and End walk the moments; with Shift they select; copy takes the selected rows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
            return
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space):
            # time's own keys, wherever the focus is
            event.ignore()
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        after = self.currentIndex().row()
        if event.key() in _WALKS and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier and after != before:
            self._choose(after)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End lead to the first and last row, not along a row; before the first step, down leads to the first row."""
        last = self.rows.rowCount() - 1
        if action == QAbstractItemView.CursorAction.MoveHome:
            return self.rows.index(0, PLACE)
        if action == QAbstractItemView.CursorAction.MoveEnd:
            return self.rows.index(last, PLACE)
        return super().moveCursor(action, modifiers)

    def copy_rows(self) -> None:
        """Copy the selected rows, or the current one, with all digits."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows()) or [self.currentIndex().row()]
        lines = [self.rows.exact_text(row) for row in chosen[:MOST_COPIED] if row >= 0]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the new width among the columns."""
        super().resizeEvent(event)
        self._divide()

    def _choose_clicked(self, index: QModelIndex) -> None:
        if len(self.selectionModel().selectedRows()) == 1:
            self._choose(index.row())

    def _choose(self, row: int) -> None:
        protocol = self.rows.protocol
        if protocol is not None and 0 <= row < len(protocol):
            moment: Moment = protocol.moment_of(row)
            if moment != protocol.frame.moment:
                self.moment_chosen.emit(moment)

    def _divide(self) -> None:
        """Give each column what it needs, and what is left to rule and arithmetic."""
        protocol, width = self.rows.protocol, self.viewport().width()
        if protocol is None or not len(protocol):
            return
        metrics, space = QFontMetrics(self.font()), scaled(18)
        narrow = width < scaled(NARROW_PX)
        for column in (NUMBER, PHASE):
            self.setColumnHidden(column, narrow)
        self._marked.first_column = PLACE if narrow else NUMBER
        self.rows.narrow = narrow
        shown = [self.rows.cells(self.rows.row(row)) for row in self._samples(len(protocol))]
        number = metrics.horizontalAdvance(numbers.whole(len(protocol))) + space
        number = max(number, metrics.horizontalAdvance(self.tr("step")) + space)
        phase = metrics.horizontalAdvance(self.tr("← backward")) + space
        place = max(metrics.horizontalAdvance(cells[PLACE]) for cells in shown) + space
        result = metrics.horizontalAdvance(WIDE_RESULT) + space
        if narrow:
            place = min(place, width * 2 // 5)
        left = width - result - place - (0 if narrow else number + phase)
        lines = 1 if left >= scaled(ONE_LINE_PX) else 2
        self.setWordWrap(lines > 1)
        self.verticalHeader().setDefaultSectionSize(scaled(LINE_PX) + (lines - 1) * metrics.lineSpacing())
        longest = max(metrics.horizontalAdvance(cells[RULE]) for cells in shown)
        # words do not part into equal lines
        longest = longest + space if lines == 1 else longest * 2 // 3 + space
        rule = 0 if left < scaled(LEAST_ARITHMETIC_PX) else min(longest, left * 2 // 5)
        self.setColumnHidden(RULE, rule == 0)
        for column, size in ((NUMBER, number), (PHASE, phase), (PLACE, place), (RULE, rule), (ARITHMETIC, left - rule),
                             (RESULT, result)):
            self.setColumnWidth(column, max(size, 0))

    def _samples(self, rows: int) -> list[int]:
        """Rows whose texts tell how wide all are: the ends, some between them, and those about the moment."""
        assert self.rows.protocol is not None
        current = self.rows.protocol.current or 0
        between = [rows * part // 8 for part in range(8)]
        return sorted({*between, rows - 1, *range(max(current - 2, 0), min(current + 3, rows))})
