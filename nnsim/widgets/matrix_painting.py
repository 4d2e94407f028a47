"""Matrices on paper: brackets, names, numbers in the ink of their sign, and what is at work in the colour of the phase.

It follows a sheet that is already arranged, and paints only what that has on show. It refuses to measure numbers and to know
what they mean.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from nnsim.picture import numbers
from nnsim.picture.matrices_parts import Focus, Marks, MatrixPicture
from nnsim.picture.palette import Theme
from nnsim.widgets.equation_page import Fonts
from nnsim.widgets.matrix_layout import CELL_PX, LABEL_PX, LEFT_PX, SIGN_PX, SYMBOL_PX, Block, Sheet
from nnsim.widgets.matrix_spacing import Spacing

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Pointed:
    """What the user points at: a line, and an index on each axis of the cell there."""

    line: int
    focus: Focus


class MatrixPainter:
    """One painting."""

    def __init__(self, painter: QPainter, fonts: Fonts, theme: Theme, picture: MatrixPicture) -> None:
        self.painter, self.fonts, self.theme, self.picture = painter, fonts, theme, picture
        self.phase_colour = theme.phase(picture.phase)
        tint = None if picture.phase == "start" else theme.column_tint(picture.phase)
        self.tint = theme.base if tint is None else tint

    def title(self, width: float, spacing: Spacing) -> None:
        """What the sheet is about, over the grids; the sentence as far as there is room."""
        px, y = self.fonts.px, self.fonts.px(spacing.title / 2)
        left = px(LEFT_PX)
        self._text(QRectF(left, 0, width, 2 * y), self.picture.title, 15, self.theme.ink, _LEFT, True)
        left += self.fonts.width(self.picture.title, 15, True) + px(12)
        sentence = self.fonts.elided(self.picture.sentence, 12, False, width - left - px(8))
        if len(sentence) > 1:
            self._text(QRectF(left, px(1), width, 2 * y), sentence, 12, self.theme.ink2, _LEFT)

    def sheet(self, sheet: Sheet, pointed: Pointed | None) -> None:
        """All grids and the operators between."""
        for sign in sheet.signs:
            static = self.fonts.html(sign.html, SIGN_PX)
            self.painter.setFont(self.fonts.font(SIGN_PX, serif=True))
            self.painter.setPen(QColor(self.theme.ink))
            self.painter.drawStaticText(QPointF(sign.x, sign.y - static.size().height() / 2), static)
        for block in sheet.blocks:
            self._block(block, sheet.spacing)
            if pointed is not None and pointed.line == block.line:
                marks = pointed.focus.marks(block.grid.rows.name, block.grid.columns.name)
                self._band(block, marks, self.theme.ink2, None, 1.2)
                self._cell(block, marks.cell, self.theme.ink, None, 1.6)

    def _block(self, block: Block, spacing: Spacing) -> None:
        self._heads(block, spacing)
        self._brackets(block)
        self._band(block, block.marks, self.phase_colour, self.tint, 1.5)
        computed = block.part == 0 and block.marks.row is None and block.marks.column is None and self._is_working(block)
        self._cell(block, block.marks.cell, self.phase_colour, self.phase_colour if computed else self.tint, 2)
        self._numbers(block, computed)

    def _is_working(self, block: Block) -> bool:
        return self.picture.equations[block.line].working

    def _heads(self, block: Block, spacing: Spacing) -> None:
        """The symbol with the shape beside it, the columns' names and the rows'."""
        px, grid, cells, theme = self.fonts.px, block.grid, block.cells, self.theme
        static = self.fonts.html(grid.symbol.html, SYMBOL_PX)
        middle = cells.top() - px(spacing.names + spacing.symbol / 2)
        self.painter.setFont(self.fonts.font(SYMBOL_PX, serif=True))
        self.painter.setPen(QColor(theme.ink))
        self.painter.drawStaticText(QPointF(cells.left(), middle - static.size().height() / 2), static)
        left = cells.left() + static.size().width() + px(7)
        about = self._about(block, cells.right() + px(4) - left)
        self._text(QRectF(left, middle - px(10), px(600), px(22)), about, LABEL_PX, theme.ink3, _LEFT)
        above = cells.top() - px(spacing.names / 2 + 8.5)
        for column in block.columns:
            rect = block.cell_rect(block.rows.start, column)
            name = self.fonts.elided(grid.columns.label(column), LABEL_PX, False, rect.width() - px(4))
            colour = self._label_colour(column, block.marks.column, block.marks.cell, 1)
            self._text(QRectF(rect.left(), above, rect.width() - px(6), px(14)), name, LABEL_PX, colour, _RIGHT)
        if block.label_width:
            for row in block.rows:
                rect = block.cell_rect(row, block.columns.start)
                name = self.fonts.elided(grid.rows.label(row), LABEL_PX, False, block.label_width)
                colour = self._label_colour(row, block.marks.row, block.marks.cell, 0)
                right = cells.left() - px(10)
                self._text(QRectF(right - px(200), rect.top(), px(200), rect.height()), name, LABEL_PX, colour, _RIGHT)

    def _label_colour(self, index: int, band: int | None, cell: tuple[int, int] | None, axis: int) -> str:
        here = band == index or (cell is not None and cell[axis] == index)
        return self.theme.ink if here else self.theme.ink3

    def _about(self, block: Block, room: float) -> str:
        """What the grid is and its shape, as much of it as fits."""
        grid = block.grid
        rows, columns = grid.shape
        shape = f"{numbers.whole(rows)} × {numbers.whole(columns)}"
        for text in (f"{grid.meaning}, {grid.shape_text}", f"{grid.meaning}, {shape}", grid.meaning, shape):
            if self.fonts.width(text, LABEL_PX) <= room:
                return text
        return ""

    def _brackets(self, block: Block) -> None:
        px, cells = self.fonts.px, block.cells
        self.painter.setPen(QPen(QColor(self.theme.line2), px(1.4)))
        top, bottom = cells.top(), cells.bottom()
        for edge, inwards in ((cells.left() - px(2), 1), (cells.right() + px(2), -1)):
            foot = edge + inwards * px(4)
            corners = ((foot, top), (edge, top), (edge, bottom), (foot, bottom))
            self.painter.drawPolyline(QPolygonF([QPointF(*corner) for corner in corners]))

    def _band(self, block: Block, marks: Marks, colour: str, fill: str | None, width: float) -> None:
        """A row or column, as far as it is on show."""
        rect = None
        if marks.row is not None and marks.row in block.rows:
            rect = block.cell_rect(marks.row, block.columns.start) | block.cell_rect(marks.row, block.columns.stop - 1)
        elif marks.column is not None and marks.column in block.columns:
            rect = block.cell_rect(block.rows.start, marks.column) | block.cell_rect(block.rows.stop - 1, marks.column)
        if rect is not None:
            self._outline(rect, colour, fill, width)

    def _cell(self, block: Block, cell: tuple[int, int] | None, colour: str, fill: str | None, width: float) -> None:
        if cell is not None and block.shows(*cell):
            self._outline(block.cell_rect(*cell), colour, fill, width)

    def _outline(self, rect: QRectF, colour: str, fill: str | None, width: float) -> None:
        px = self.fonts.px
        self.painter.setPen(QPen(QColor(colour), px(width)))
        self.painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        inset = px(1)
        self.painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), px(3), px(3))

    def _numbers(self, block: Block, computed: bool) -> None:
        grid, theme, inset = block.grid, self.theme, self.fonts.px(6)
        self.painter.setFont(self.fonts.font(CELL_PX))
        for row, texts in zip(block.rows, block.texts, strict=True):
            for column, text in zip(block.columns, texts, strict=True):
                value = grid.value(row, column)
                colour = theme.ink3 if value is None else theme.sign_ink(value)
                if computed and block.marks.cell == (row, column):
                    colour = theme.base
                self.painter.setPen(QColor(colour))
                self.painter.drawText(block.cell_rect(row, column).adjusted(0, 0, -inset, 0), _RIGHT, text)

    def focus(self, block: Block, row: int, column: int) -> None:
        """The keyboard's outline round a cell."""
        if block.shows(row, column):
            self._outline(block.cell_rect(row, column).adjusted(-1, -1, 1, 1), self.theme.focus, None, 2)

    def outline_all(self, rect: QRectF) -> None:
        """The keyboard's outline round the whole."""
        self._outline(rect, self.theme.focus, None, 2)

    def _text(self, rect: QRectF, text: str, size: float, colour: str, align: Qt.AlignmentFlag, bold: bool = False) -> None:
        self.painter.setFont(self.fonts.font(size, bold))
        self.painter.setPen(QColor(colour))
        self.painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, text)
