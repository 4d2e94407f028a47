"""What a matrix equation is made of: grids of numbers, the axes they share, and the operators between them.

These records stand apart from the functions that fill them, so that a painter, a screen reader and the clipboard read the same
numbers. A grid is a view of the engine's own array: nothing becomes text before somebody looks at that cell. They refuse to
tell a number that the moment does not know, to compute, and to know a colour or a place on screen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from nnsim.core.activations import Array
from nnsim.picture import numbers
from nnsim.picture.caption_parts import UNKNOWN, Number
from nnsim.picture.caption_rounding import exact
from nnsim.picture.targets import Target

AxisName = Literal["neuron", "input", "sample", "next", "one"]
"""What an index counts. Grids of one equation that count the same are read, marked and scrolled together."""


class Symbol(NamedTuple):
    """A grid's name in three hands."""

    html: str
    plain: str
    latex: str


@dataclass(frozen=True, eq=False)
class Axis:
    """What the rows or columns of a grid count, from 0."""

    name: AxisName
    count: int
    noun: str
    """The plural, such as "samples"."""
    label: Callable[[int], str]
    """A short name of one of them."""
    with_bias: bool = False
    """Whether the last of them is the bias, which is none of the noun."""


@dataclass(frozen=True)
class Marks:
    """What of a grid is at work."""

    row: int | None = None
    column: int | None = None
    cell: tuple[int, int] | None = None
    """Within the row or column, the term at work; without them, the number itself."""


@dataclass(frozen=True)
class Focus:
    """What is at work in an equation: an index on each of its outer axes, and the term of the inner one, summed over."""

    outer: Mapping[AxisName, int] = field(default_factory=dict)
    inner: Mapping[AxisName, int] = field(default_factory=dict)

    def marks(self, rows: AxisName, columns: AxisName) -> Marks:
        """Where it meets a grid: both outer indices in one cell, one of them as a row or a column times which the other goes."""
        row, column = self.outer.get(rows), self.outer.get(columns)
        if row is not None and column is not None:
            return Marks(cell=(row, column))
        if row is not None:
            term = self.inner.get(columns, 0 if columns == "one" else None)
            return Marks(row=row, cell=None if term is None else (row, term))
        if column is not None:
            term = self.inner.get(rows)
            return Marks(column=column, cell=None if term is None else (term, column))
        return Marks()


@dataclass(frozen=True, eq=False)
class Grid:
    """A matrix at a moment. Only the first ``known`` cells, counted down the columns or along the rows, may be seen."""

    symbol: Symbol
    meaning: str
    rows: Axis
    columns: Axis
    values: Array
    """(rows, columns) the engine's own numbers, read by ``value`` only."""
    known: int
    down: bool
    """Whether the moment learns the cells column by column; else row by row."""
    target: Callable[[int, int], Target | None]
    """What on the diagram a cell belongs to; None for the input that is always 1."""
    write: Callable[[float], str]
    """A value as people read it."""
    arithmetic: Callable[[int, int], str]
    """How a known cell came about; plain text without the result, empty for what is given."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)"""
        return self.rows.count, self.columns.count

    @property
    def shape_text(self) -> str:
        """Such as "3 neurons × 10 samples"; a vector has one word."""
        rows, columns = _counted(self.rows), _counted(self.columns)
        if self.columns.name == "one":
            return rows
        return columns if self.rows.name == "one" else f"{rows} × {columns}"

    def is_known(self, row: int, column: int) -> bool:
        """Whether the moment knows a cell."""
        rows, columns = self.shape
        return (column * rows + row if self.down else row * columns + column) < self.known

    def value(self, row: int, column: int) -> float | None:
        """A cell's exact value; None where it is not known yet."""
        return float(self.values[row, column]) if self.is_known(row, column) else None

    def text(self, row: int, column: int) -> str:
        """A cell as people read it."""
        value = self.value(row, column)
        return UNKNOWN if value is None else self.write(value)

    def number(self, row: int, column: int) -> Number:
        """A cell with all that is told of it."""
        return Number(self.text(row, column), self.value(row, column), self.target(row, column))

    def place(self, row: int, column: int) -> str:
        """Which cell it is, in words: "Z, L2·1, sample 4"."""
        names = [self._named(self.rows, row), self._named(self.columns, column)]
        return ", ".join([self.symbol.plain, *filter(None, names)])

    def _named(self, axis: Axis, index: int) -> str:
        return f"sample {axis.label(index)}" if axis.name == "sample" else axis.label(index)

    def sentence(self, row: int, column: int) -> str:
        """A cell in words: which it is, its arithmetic, and its value with all digits."""
        value = self.value(row, column)
        if value is None:
            return f"{self.place(row, column)}: not known yet"
        how = self.arithmetic(row, column)
        return f"{self.place(row, column)} = {f'{how} = {self.write(value)}; exactly ' if how else ''}{exact(value, False)}"


def _counted(axis: Axis) -> str:
    count = axis.count - axis.with_bias
    return f"{numbers.count(count, axis.noun.removesuffix('s'))}{' + bias' if axis.with_bias else ''}"


@dataclass(frozen=True, eq=False)
class Equation:
    """Grids, and between them operators as HTML, such as "=", "·", "+"."""

    parts: tuple[Grid | str, ...]
    focus: Focus
    working: bool
    """Whether the number being computed at this moment is one of its own."""

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Without the operators; the first is the result."""
        return tuple(part for part in self.parts if isinstance(part, Grid))

    def marks(self, grid: Grid) -> Marks:
        """What of one of its grids is at work."""
        return self.focus.marks(grid.rows.name, grid.columns.name)


@dataclass(frozen=True, eq=False)
class MatrixPicture:
    """A whole layer's arithmetic at a moment."""

    phase: str
    layer: int
    """From 0."""
    title: str
    sentence: str
    equations: tuple[Equation, ...]

    @property
    def outline(self) -> tuple[object, ...]:
        """Phase, layer, and each line's grids by name and shape: the same in two pictures whose cells are the same places."""
        return self.phase, self.layer, *(
            tuple((grid.symbol.plain, grid.shape) for grid in equation.grids) for equation in self.equations)
