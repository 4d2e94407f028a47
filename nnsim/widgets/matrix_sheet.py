"""The sheet of matrices: shows a frame's layer, follows what is at work, and scrolls, axis by axis and as a whole.

It is apart from the view, which answers the user: this half only looks. It knows no simulation, and it computes nothing.
"""

from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from nnsim.engine.frame import Frame
from nnsim.picture.matrices import matrices
from nnsim.picture.matrices_parts import AxisName, Focus, Grid, MatrixPicture
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.targets import Target
from nnsim.widgets.equation_page import Fonts
from nnsim.widgets.matrix_bars import AxisBars
from nnsim.widgets.matrix_layout import Block, Sheet, Way, arrange
from nnsim.widgets.matrix_painting import MatrixPainter, Pointed
from nnsim.widgets.matrix_spacing import BAR_PX, LEAST_HEIGHT_PX, LEAST_WIDTH_PX

EDGE_PX = 5
_TRIES = 6
_UPRIGHT: Way = "rows"
_SIDEWAYS: Way = "columns"


class Cell(NamedTuple):
    """A cell of the picture: the line, which of its grids, row and column, from 0."""

    line: int
    part: int
    row: int
    column: int


class MatrixSheet(QWidget):
    """Shows a layer's matrices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix-view")
        self.setAccessibleName(self.tr("Matrices"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._theme, self._fonts = THEMES["light"], Fonts(self.font())
        self._digits: int | None = 3
        self._frame: Frame | None = None
        self._selected: Target | None = None
        self._picture: MatrixPicture | None = None
        self._sheet: Sheet | None = None
        self._offsets: dict[AxisName, int] = {}
        self._widths: dict[tuple[int, int], float] = {}
        self._current: Cell | None = None
        self._hovered: Cell | None = None
        self._bars = AxisBars(self)
        self._bars.moved.connect(self._scroll_to)
        self._across = QScrollBar(Qt.Orientation.Horizontal, self)
        self._across.setAccessibleName(self.tr("Scroll the equations"))
        self._across.valueChanged.connect(self._follow)
        self._across.hide()

    # what it is shown

    def show_frame(self, frame: Frame, selected: Target | None = None) -> None:
        """Show the layer of ``selected`` if given, else the one at work, as far as the frame knows it."""
        before = self._picture
        self._frame, self._selected = frame, selected
        self._picture = matrices(frame, selected, self._digits)
        if before is None or before.outline != self._picture.outline:
            self._widths.clear()
            self._current = self._hovered = None
        self._arrange()
        self._reveal_work()
        self._describe()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def set_digits(self, digits: int | None) -> None:
        """Show so many decimals (3 or 6); None: all that the numbers have."""
        self._digits = digits
        self._widths.clear()
        if self._frame is not None:
            self.show_frame(self._frame, self._selected)

    @property
    def picture(self) -> MatrixPicture | None:
        """What is on show."""
        return self._picture

    @property
    def sheet(self) -> Sheet | None:
        """Where it stands; in pixels from the sheet's left, which may be scrolled."""
        return self._sheet

    @property
    def current(self) -> Cell | None:
        """The cell with the keyboard's outline."""
        return self._current

    def grid(self, cell: Cell) -> Grid:
        """The grid that a cell is in."""
        assert self._picture is not None
        return self._picture.equations[cell.line].grids[cell.part]

    def _describe(self) -> None:
        """What a screen reader tells: the current cell, else what is at work."""
        picture = self._picture
        if picture is None:
            return
        cell = self._current
        words = f"{picture.title}. {picture.sentence}" if cell is None else self.grid(cell).sentence(cell.row, cell.column)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    # places

    def _arrange(self) -> None:
        if self._picture is None:
            return
        self._sheet = arrange(self._picture, self._fonts, self.width(), self.height(), self._offsets, self._widths)
        over = max(0, round(self._sheet.width - self.width()))
        self._across.setRange(0, over)
        self._across.setPageStep(self.width())
        self._across.setSingleStep(round(self._fonts.px(40)))
        thick = round(self._fonts.px(BAR_PX))
        self._across.setGeometry(round(self._fonts.px(EDGE_PX)), self.height() - thick, self.width(), thick)
        self._across.setVisible(over > 0)
        self._follow()

    def _follow(self) -> None:
        hosts = {} if self._sheet is None else self._sheet.hosts()
        self._bars.place(hosts, self._across.value(), self._fonts)
        self.update()

    def _scroll_to(self, name: AxisName, first: int) -> None:
        if self._offsets.get(name, 0) != first:
            self._offsets[name] = first
            self._arrange()

    def _reveal_work(self) -> None:
        """Scroll no more than it takes to see what is at work; the equation at work has the last word."""
        picture = self._picture
        if picture is None:
            return
        wanted: dict[AxisName, int] = {}
        for equation in sorted(picture.equations, key=lambda each: each.working):
            wanted |= {**equation.focus.outer, **equation.focus.inner}
        self._reveal(wanted)

    def _reveal(self, wanted: dict[AxisName, int]) -> None:
        # wider numbers may come into view and leave room for fewer; cells only grow, so this soon comes to rest
        for _ in range(_TRIES):
            if not self._moves(wanted):
                return
            self._arrange()

    def _moves(self, wanted: dict[AxisName, int]) -> bool:
        """Set the offsets at which the wanted indices are in view in every grid; whether any of them changed."""
        before = dict(self._offsets)
        for name, index in wanted.items():
            room = None if self._sheet is None else self._sheet.least_shown(name)
            if room is not None:
                self._offsets[name] = max(0, min(max(self._offsets.get(name, 0), index - room + 1), index))
        return self._offsets != before

    def reveal(self, cell: Cell) -> None:
        """Scroll no more than it takes to see a cell."""
        grid = self.grid(cell)
        self._reveal({grid.rows.name: cell.row, grid.columns.name: cell.column})
        block = self.block(cell)
        if block is not None:
            rect = block.cell_rect(cell.row, cell.column)
            left = min(self._across.value(), rect.left() - block.label_width - self._fonts.px(12))
            self._across.setValue(round(max(left, rect.right() + self._fonts.px(12) - self.width())))

    def block(self, cell: Cell) -> Block | None:
        """The block on show that has a cell."""
        blocks = () if self._sheet is None else self._sheet.blocks
        return next((block for block in blocks if (block.line, block.part) == (cell.line, cell.part)), None)

    def cell_at(self, position: QPointF) -> Cell | None:
        """The cell at a place in the widget."""
        where = position + QPointF(self._across.value(), 0)
        for block in () if self._sheet is None else self._sheet.blocks:
            if block.cells.contains(where):
                row = block.rows.start + int((where.y() - block.cells.top()) // block.row_height)
                column = block.columns.start + int((where.x() - block.cells.left()) // block.cell_width)
                if block.shows(row, column):
                    return Cell(block.line, block.part, row, column)
        return None

    def rect_of(self, cell: Cell) -> QRectF:
        """Where a cell on show is in the widget; empty where it is not on show."""
        block = self.block(cell)
        if block is None or not block.shows(cell.row, cell.column):
            return QRectF()
        return block.cell_rect(cell.row, cell.column).translated(-self._across.value(), 0)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, phase edge, title, grids."""
        picture, sheet, theme = self._picture, self._sheet, self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(theme.base))
            if picture is None or sheet is None:
                return
            page = MatrixPainter(painter, self._fonts, theme, picture)
            page.title(self.width(), sheet.spacing)
            painter.save()
            painter.setClipRect(QRectF(0, self._fonts.px(sheet.spacing.title - 4), self.width(), self.height()))
            painter.translate(-self._across.value(), 0)
            page.sheet(sheet, self._pointed())
            current = self._current
            block = None if current is None else self.block(current)
            if current is not None and block is not None and self.hasFocus():
                page.focus(block, current.row, current.column)
            painter.restore()
            painter.fillRect(QRectF(0, 0, self._fonts.px(EDGE_PX), self.height()), QColor(theme.phase(picture.phase)))
            if self.hasFocus() and current is None:
                page.outline_all(QRectF(self.rect()).adjusted(self._fonts.px(EDGE_PX) + 2, 2, -2, -2))

    def _pointed(self) -> Pointed | None:
        """What is pointed at: its row and its column in every grid of its line."""
        cell = self._hovered or (self._current if self.hasFocus() else None)
        if cell is None:
            return None
        grid = self.grid(cell)
        return Pointed(cell.line, Focus({grid.rows.name: cell.row, grid.columns.name: cell.column}))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Over a grid scroll its rows, with Shift its columns; elsewhere, or where all of it is on show, the whole."""
        turn = event.angleDelta()
        sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or abs(turn.x()) > abs(turn.y())
        angle = turn.x() or turn.y()
        # a touch pad turns by less than a notch at a time
        steps = -round(angle / 120) or (-1 if angle > 0 else 1)
        cell, way = self.cell_at(event.position()), _SIDEWAYS if sideways else _UPRIGHT
        block = None if cell is None else self.block(cell)
        if block is not None:
            axis, shown = block.axis(way)
            if len(shown) < axis.count:
                self._scroll_to(axis.name, max(0, min(shown.start + steps, axis.count - len(shown))))
                return
        self._across.setValue(self._across.value() + steps * self._across.singleStep())

    def sizeHint(self) -> QSize:
        """The size at which a small network's two equations stand whole."""
        return QSize(round(self._fonts.px(822)), round(self._fonts.px(250)))

    def minimumSizeHint(self) -> QSize:
        """The least at which a row times a column can be read."""
        return QSize(round(self._fonts.px(LEAST_WIDTH_PX)), round(self._fonts.px(LEAST_HEIGHT_PX)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find new places."""
        self._arrange()
        self._reveal_work()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the application's font."""
        if event.type() == QEvent.Type.FontChange:
            self._fonts = Fonts(self.font())
            self._widths.clear()
            self._arrange()
            self.updateGeometry()
        super().changeEvent(event)
