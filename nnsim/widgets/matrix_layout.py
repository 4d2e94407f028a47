"""Where the grids of a layer's matrices stand: an equation a line, and of each grid as many rows and columns as there is room for.

Grids that count the same are scrolled together, by one offset an axis, so that the row and the column that are multiplied stay
in view. Only cells in view are turned into text and measured. It paints nothing, and knows no widget.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF

from nnsim.picture.matrices_parts import Axis, AxisName, Equation, Grid, Marks, MatrixPicture
from nnsim.widgets.equation_page import Fonts
from nnsim.widgets.matrix_spacing import BAR_PX, ROOMY, TIGHT, Spacing

CELL_PX, LABEL_PX, SIGN_PX, SYMBOL_PX = 13, 11, 17, 17
LEFT_PX, RIGHT_PX, _MOST_ROW = 16, 12, 24
_PAD, _BRACKET, _GAP, _WIDEST_LABEL = 12, 6, 8, 84
_USUAL = "−0.000"
LEAST = 2
"""Rows and columns that every grid shows, if it has them; where columns are too many the sheet is scrolled as a whole."""

Way = Literal["rows", "columns"]


@dataclass(frozen=True, eq=False)
class Block:
    """A grid on show: where its cells are, in pixels of the whole sheet, and which of them."""

    line: int
    part: int
    """Which of the equation's grids."""
    grid: Grid
    marks: Marks
    cells: QRectF
    rows: range
    columns: range
    row_height: float
    cell_width: float
    label_width: float
    """Room for the rows' names on the left; 0 where a grid before has the same rows."""
    texts: tuple[tuple[str, ...], ...]
    """Of the rows and columns on show."""

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell on show is."""
        return QRectF(self.cells.left() + (column - self.columns.start) * self.cell_width,
                      self.cells.top() + (row - self.rows.start) * self.row_height, self.cell_width, self.row_height)

    def shows(self, row: int, column: int) -> bool:
        """Whether a cell is on show."""
        return row in self.rows and column in self.columns

    def axis(self, way: Way) -> tuple[Axis, range]:
        """What its rows or columns count, and which of them are on show."""
        return (self.grid.rows, self.rows) if way == "rows" else (self.grid.columns, self.columns)


@dataclass(frozen=True)
class Sign:
    """An operator between two grids: its left end and the middle of its line."""

    x: float
    y: float
    html: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """The whole, in pixels."""

    blocks: tuple[Block, ...]
    signs: tuple[Sign, ...]
    spacing: Spacing
    width: float
    """What it takes to see all grids; may be more than there is."""

    def hosts(self) -> dict[tuple[AxisName, Way], Block]:
        """For each axis that has more to show than room, the first block that a scroll bar can stand at."""
        found: dict[tuple[AxisName, Way], Block] = {}
        ways: tuple[Way, Way] = ("rows", "columns")
        for block in self.blocks:
            for way in ways:
                axis, shown = block.axis(way)
                if len(shown) < axis.count:
                    found.setdefault((axis.name, way), block)
        return found

    def least_shown(self, name: AxisName) -> int | None:
        """How many of an axis every grid that has it shows; None where there is no such grid."""
        ways: tuple[Way, Way] = ("rows", "columns")
        axes = [block.axis(way) for block in self.blocks for way in ways]
        return min((len(shown) for axis, shown in axes if axis.name == name), default=None)


def arrange(picture: MatrixPicture, fonts: Fonts, width: float, height: float, offsets: Mapping[AxisName, int],
            widths: MutableMapping[tuple[int, int], float]) -> Sheet:
    """Find places in ``width`` x ``height`` pixels.

    ``offsets``: the first row or column of each axis to show. ``widths``: the widest number that each grid has had, which only
    grows, so that grids do not breathe while numbers come.
    """
    px, lines = fonts.px, picture.equations
    tallest = [max((grid.rows.count for grid in line.grids), default=1) for line in lines]
    frames = {spacing: px(spacing.frame([bool(line.grids) for line in lines])) for spacing in (ROOMY, TIGHT)}
    least = sum(min(count, LEAST) for count in tallest)
    # the air goes before a row does, where without it all rows are in view
    fitting = [spacing for wanted in (sum(tallest), least) for spacing, frame in frames.items()
               if px(spacing.row) * wanted <= height - frame]
    spacing = fitting[0] if fitting else TIGHT
    room, row = height - frames[spacing], px(spacing.row)
    shown = allot(tallest, [row] * len(lines), room, LEAST if fitting else 1)
    row_height = min(max(room / max(sum(shown), 1), row), px(_MOST_ROW))
    blocks: list[Block] = []
    signs: list[Sign] = []
    top, right = px(spacing.title), 0.0
    for at, (line, rows) in enumerate(zip(lines, shown, strict=True)):
        setter = _Line(at, line, fonts, spacing, rows, row_height, offsets)
        right = max(right, setter.place(top, width, widths))
        blocks += setter.blocks
        signs += setter.signs
        top += setter.height
    return Sheet(tuple(blocks), tuple(signs), spacing, right + px(RIGHT_PX))


def allot(counts: Sequence[int], sizes: Sequence[float], room: float, least: int) -> list[int]:
    """How many of ``counts`` rows or columns, each of its ``sizes`` px, to show in ``room``.

    At least ``least``, then evenly; of two that show as many, the one that lacks fewest comes first.
    """
    shown = [min(count, least) for count in counts]
    left = room - sum(some * size for some, size in zip(shown, sizes, strict=True))
    while growing := [at for at, size in enumerate(sizes) if shown[at] < counts[at] and size <= left]:
        smallest = min(growing, key=lambda at: (shown[at], counts[at]))
        shown[smallest] += 1
        left -= sizes[smallest]
    return shown


class _Line:
    """One equation being placed."""

    def __init__(self, at: int, equation: Equation, fonts: Fonts, spacing: Spacing, rows: int, row_height: float,
                 offsets: Mapping[AxisName, int]) -> None:
        self.at, self.equation, self.fonts, self.rows, self.row_height = at, equation, fonts, rows, row_height
        self.offsets = offsets
        self.blocks: list[Block] = []
        self.signs: list[Sign] = []
        px = fonts.px
        self.above = px(spacing.above if equation.grids else spacing.plain / 2)
        self.height = self.above + rows * row_height + px(spacing.foot if equation.grids else spacing.plain / 2)

    def place(self, top: float, width: float, widths: MutableMapping[tuple[int, int], float]) -> float:
        """Place all parts below ``top``; returns how far right they reach."""
        px, grids = self.fonts.px, self.equation.grids
        rows = [self._span(grid.rows, self.rows) for grid in grids]
        labels = [self._label_width(at, shown) for at, shown in enumerate(rows)]
        signs = sum(self._sign_width(part) for part in self.equation.parts if isinstance(part, str))
        bars = sum(px(BAR_PX) for grid, shown in zip(grids, rows, strict=True) if len(shown) < grid.rows.count)
        room = width - px(LEFT_PX + RIGHT_PX) - signs - bars - sum(labels) - 2 * px(_BRACKET) * len(grids)
        sizes, texts = self._measure(rows, room, widths)
        columns = allot([grid.columns.count for grid in grids], sizes, room, LEAST)
        x, at, middle = px(LEFT_PX), 0, top + self.above + self.rows * self.row_height / 2
        for part in self.equation.parts:
            if isinstance(part, str):
                self.signs.append(Sign(x + px(_GAP), middle, part))
                x += self._sign_width(part)
                continue
            shown, tall = self._span(part.columns, columns[at]), len(rows[at]) * self.row_height
            cells = QRectF(x + labels[at] + px(_BRACKET), middle - tall / 2, len(shown) * sizes[at], tall)
            words = tuple(tuple(texts[at].get((row, column)) or part.text(row, column) for column in shown) for row in rows[at])
            self.blocks.append(Block(self.at, at, part, self.equation.marks(part), cells, rows[at], shown, self.row_height,
                                     sizes[at], labels[at], words))
            x = cells.right() + px(_BRACKET) + (px(BAR_PX) if len(rows[at]) < part.rows.count else 0)
            at += 1
        return x

    def _measure(self, rows: Sequence[range], room: float,
                 widths: MutableMapping[tuple[int, int], float]) -> tuple[list[float], list[dict[tuple[int, int], str]]]:
        """How wide each grid's cells are, and the texts of those that may come into view."""
        texts, usual = [], self.fonts.width(_USUAL, CELL_PX) + self.fonts.px(_PAD)
        for at, grid in enumerate(self.equation.grids):
            columns = self._span(grid.columns, max(LEAST, int(room / usual)))
            texts.append({(row, column): grid.text(row, column) for row in rows[at] for column in columns})
            widest = max((self.fonts.width(text, CELL_PX) for text in texts[at].values()), default=0.0) + self.fonts.px(_PAD)
            widths[self.at, at] = max(usual, widest, widths.get((self.at, at), 0.0))
        return [widths[self.at, at] for at in range(len(texts))], texts

    def _span(self, axis: Axis, room: int) -> range:
        """Which of an axis are on show where there is room for so many."""
        first = max(0, min(self.offsets.get(axis.name, 0), axis.count - room))
        return range(first, min(axis.count, first + room))

    def _label_width(self, at: int, rows: range) -> float:
        grids, px = self.equation.grids, self.fonts.px
        axis = grids[at].rows
        if axis.name == "one" or any(before.rows is axis for before in grids[:at]):
            # the same rows stand at the same height
            return 0.0
        return min(max(self.fonts.width(axis.label(row), LABEL_PX) for row in rows), px(_WIDEST_LABEL)) + px(6)

    def _sign_width(self, html: str) -> float:
        return self.fonts.html_width(html, SIGN_PX) + 2 * self.fonts.px(_GAP)
