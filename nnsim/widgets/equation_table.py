"""A table of numbers with room for badges and formulas: measured, squeezed when there is little room, and painted row by row.

The weighted sum, the gradients, the loss and the optimizer's lines are all such tables. It refuses to know which.
"""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, Qt

from nnsim.picture.caption_parts import Number, State
from nnsim.picture.targets import Target
from nnsim.widgets.equation_page import Fonts, Page, RowHit

_USUAL = "−0.000"
Role = Literal["ink", "ink2", "ink3", "signed", "phase"]


@dataclass(frozen=True)
class Cell:
    """Plain text, a formula, or a number."""

    text: str = ""
    latex: str = ""
    number: Number | None = None
    role: Role = "ink"
    bold: bool = False
    size: float = 15


@dataclass(frozen=True)
class Column:
    """How cells of a column stand. ``elastic``: may be cut with an ellipsis; ``gap``: room before it, in px at 100 %."""

    align: Literal["left", "right"] = "right"
    gap: float = 8
    head: str = ""
    elastic: bool = False


@dataclass(frozen=True)
class Row:
    """One row; ``badge`` stands before the first cell."""

    cells: tuple[Cell, ...]
    badge: str = ""
    state: State = "done"
    target: Target | None = None
    """What the whole row belongs to, its gaps too."""
    opens: str = ""
    """The name of the line whose parts a click opens; empty where there are none."""


@dataclass(frozen=True)
class Table:
    """Rows, and a total under a rule."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    badges: bool = False
    striped: bool = False
    row_px: tuple[float, float] = (17, 28)
    """The least and the most height of a row, at 100 %."""
    compact_px: float = 0
    """As low as this rows may become where not all of them fit otherwise; 0 where they hold formulas that need their height."""
    total_px: float = 30
    head_px: float = 16


@dataclass(frozen=True)
class Measured:
    """A table's columns at one width: their right or left edges, in pixels from the table's left."""

    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    shrink: float
    """What all sizes are multiplied by, 1 where there is room enough."""

    @property
    def width(self) -> float:
        """The whole."""
        return self.lefts[-1] + self.widths[-1] if self.lefts else 0.0


def cell_width(cell: Cell, fonts: Fonts, shrink: float = 1.0) -> float:
    """How wide a cell's content is."""
    if cell.latex:
        return fonts.formula_width(cell.latex, cell.size * shrink)
    text = cell.text
    if cell.number is not None:
        # what is not known yet takes the room it will need, so that nothing moves when it comes
        text = cell.number.text if cell.number.known else _USUAL
    return fonts.width(text, cell.size * shrink, cell.bold)


def measure(table: Table, fonts: Fonts, available: float, shrink: float = 1.0) -> Measured:
    """The columns' places in ``available`` pixels: first elastic columns give way, then all writing shrinks.

    ``shrink``: what sizes are multiplied by in any case, where rows are low.
    """
    natural = _widths(table, fonts, shrink)
    fixed = _room(table, fonts) + sum(w for w, c in zip(natural, table.columns, strict=True) if not c.elastic)
    elastic = sum(w for w, c in zip(natural, table.columns, strict=True) if c.elastic)
    least = sum(min(w, fonts.px(52)) for w, c in zip(natural, table.columns, strict=True) if c.elastic)
    if fixed + least > available:
        shrink *= max(0.66, available / (fixed + least))
        natural = _widths(table, fonts, shrink)
        fixed = _room(table, fonts) + sum(w for w, c in zip(natural, table.columns, strict=True) if not c.elastic)
    over = max(0.0, fixed + elastic - available)
    share = over / elastic if elastic else 0.0
    lefts, widths, x = [], [], fonts.px(32) if table.badges else 0.0
    for column, width in zip(table.columns, natural, strict=True):
        x += fonts.px(column.gap)
        lefts.append(x)
        widths.append(max(width * (1 - share), fonts.px(20)) if column.elastic and width else width)
        x += widths[-1]
    return Measured(tuple(lefts), tuple(widths), shrink)


def _room(table: Table, fonts: Fonts) -> float:
    return sum(fonts.px(column.gap) for column in table.columns) + (fonts.px(32) if table.badges else 0.0)


def _widths(table: Table, fonts: Fonts, shrink: float) -> list[float]:
    # every text of a column is measured, for a wider number may come into view by scrolling
    rows = [*table.rows, *([table.total] if table.total else [])]
    return [
        max([fonts.width(column.head, 11), *(cell_width(row.cells[at], fonts, shrink) for row in rows)])
        for at, column in enumerate(table.columns)
    ]


def paint_heads(page: Page, table: Table, measured: Measured, left: float, y: float) -> None:
    """The columns' heads."""
    for column, x, width in zip(table.columns, measured.lefts, measured.widths, strict=True):
        if column.head:
            at = left + x + (width if column.align == "right" else 0)
            page.text(at, y, column.head, 11, page.theme.ink3, align=column.align)


def paint_rows(page: Page, table: Table, measured: Measured, rect: QRectF, row_height: float, offset: float) -> None:
    """The rows that ``rect`` has room for, scrolled by ``offset`` pixels."""
    page.painter.save()
    page.painter.setClipRect(rect.adjusted(-page.px(6), 0, page.px(6), 0))
    first = int(offset // row_height)
    for at in range(first, min(len(table.rows), first + int(rect.height() // row_height) + 2)):
        top = rect.top() + at * row_height - offset
        _paint_row(page, table, measured, at, QRectF(rect.left(), top, measured.width, row_height))
    page.painter.restore()
    hidden = [hit for hit in page.hits if not rect.intersects(hit.rect) and _beside(rect, hit.rect)]
    page.hits = [hit for hit in page.hits if hit not in hidden]


def _beside(rect: QRectF, hit: QRectF) -> bool:
    return rect.left() <= hit.center().x() <= rect.right() and not rect.top() <= hit.center().y() <= rect.bottom()


def _paint_row(page: Page, table: Table, measured: Measured, at: int, rect: QRectF) -> None:
    row = table.rows[at]
    ground = rect.adjusted(-page.px(4), 1, page.px(4), -1)
    if row.state == "working":
        page.outline(ground, page.phase_colour, 1.5, page.tint)
    elif table.striped and at % 2 == 0:
        page.fill(ground, page.theme.panel)
    y = rect.center().y()
    if row.badge:
        page.badge(rect.left() + page.px(14), y, row.badge, rect.height() / 2 - 1)
    page.rows.append(RowHit(rect, row.target, row.opens))
    paint_cells(page, table, measured, row, rect.left(), y)


def paint_cells(page: Page, table: Table, measured: Measured, row: Row, left: float, y: float) -> None:
    """One row's cells on a line."""
    for column, cell, x, width in zip(table.columns, row.cells, measured.lefts, measured.widths, strict=True):
        at = left + x + (width if column.align == "right" else 0)
        size = cell.size * measured.shrink
        colour = _colour(page, cell, row.state)
        if cell.number is not None:
            page.number(at, y, cell.number, size, colour, cell.bold, column.align)
        elif cell.latex:
            page.formula(at, y, cell.latex, size, colour, column.align)
        elif cell.text:
            text = page.fonts.elided(cell.text, size, cell.bold, width + 1) if column.elastic else cell.text
            page.text(at, y, text, size, colour, cell.bold, column.align)


def _colour(page: Page, cell: Cell, state: State) -> str:
    theme = page.theme
    if state == "waiting" and cell.role != "signed":
        return theme.ink3
    if cell.role == "signed":
        value = cell.number.value if cell.number is not None else None
        return theme.ink3 if value is None else theme.sign_ink(value)
    return {"ink": theme.ink, "ink2": theme.ink2, "ink3": theme.ink3, "phase": page.phase_colour}[cell.role]


def paint_total(page: Page, table: Table, measured: Measured, left: float, top: float, height: float) -> None:
    """The rule and the total under it, ``height`` px in all."""
    if table.total is None:
        return
    right = left + measured.width
    page.line(left, top + page.px(3), right, top + page.px(3), page.theme.line2, 1.5, Qt.PenStyle.SolidLine)
    paint_cells(page, table, measured, table.total, left, top + page.px(1) + height / 2)
