"""The diagram as plain data: where every mark stands, how large it is, in which colour, and with which words.

It is apart so that everything about the diagram is decided, and can be tested, before Qt sees it: who draws a ``Picture`` only
follows it. It refuses to know networks, frames and fonts. Positions and sizes are pixels where the application font is 13 px
high (with a larger font everything grows alike), x to the right, y down; colours are "#rrggbb" and always opaque.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.marks import Grain
from nnsim.picture.targets import EdgeTarget, NeuronTarget, Target

Floats = NDArray[np.float64]
Dash = Literal["solid", "dashed", "dotted"]
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True)
class DiagramView:
    """How the diagram is looked at."""

    width: float
    height: float
    playing: bool = False
    """Frames follow each other too fast to be read (above 10 a second): fewer edges, no badges, no ring."""
    edges: str = "auto"
    """What the edges show: auto (by phase), weights, gradients, change, contributions or none."""
    neurons: str = "auto"
    """What the neurons show: auto (by phase), maps, outputs, sums or deltas."""
    labels_all: bool = False
    """A number on every edge, where there are 40 or fewer."""
    selected: Target | None = None
    hovered: Target | None = None
    verdicts: tuple[NDArray[np.str_], ...] = ()
    """Where this batch's gradients were checked, a layer's verdicts (inputs + 1, neurons): agrees, kink, differs or ""."""
    grain: Grain = Grain.NEURON
    """What the next step is: a start says it."""
    unfolded: frozenset[int] = frozenset()
    """Layers (-1: the inputs) with more than 40 neurons that shall show their strongest ones."""


@dataclass(frozen=True)
class Words:
    """A line of text, centred on ``y``. Cut short with an ellipsis where it is longer than ``width``, unless that is 0."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    bold: bool = False
    align: Align = "centre"
    width: float = 0
    formula: bool = False
    """Set as mathematics: a slanted serif."""
    shrinks: bool = False
    """Whether it is set in smaller letters before it is cut short: a number that is cut short would be another one."""


@dataclass(frozen=True)
class Plate:
    """A number or word in a frame that is as wide as its text, centred on ``y``; ``x`` is its left end, middle or right end."""

    x: float
    y: float
    text: str
    size: float
    ink: str
    ground: str
    outline: str
    radius: float = 5
    bold: bool = True
    align: Align = "centre"
    badge: str = ""
    """Set in a filled disc at the plate's left: the term's number, or b."""
    badge_ink: str = ""
    badge_ground: str = ""


@dataclass(frozen=True)
class Slab:
    """A filled rectangle without meaning of its own: the tint of a column, a bar and its ground."""

    left: float
    top: float
    width: float
    height: float
    ground: str | None
    radius: float = 0
    outline: str | None = None


@dataclass(frozen=True)
class Dot:
    """A small disc in a cell, ``x`` and ``y`` each 0 to 1 from the left and the top."""

    x: float
    y: float
    colour: str
    outline: str


@dataclass(frozen=True, eq=False)
class Cell:
    """A neuron, an input, a folded layer, a picture of pixels, or the loss: centred on (x, y)."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    ground: str
    outline: str
    outline_width: float
    target: Target | None = None
    pixels: NDArray[np.uint32] | None = None
    """(rows, columns) of 0xffRRGGBB, the first row on top, in place of the ground."""
    smooth: bool = True
    """Whether pixels run into each other."""
    dotted: bool = False
    ring: str | None = None
    """The phase's colour, around the neuron at work."""
    struck: str | None = None
    """A diagonal stroke, over a dead neuron."""
    dot: Dot | None = None
    """The current sample."""
    units: int = 1
    """How many neurons the cell stands for, from its target's on; they fill its pixels row by row."""
    name: str = ""
    facts: tuple[tuple[str, float], ...] = ()
    """Names and exact numbers, as far as they are known."""
    channels: int = 1
    """How many units a pixel stands for: 3 where it has a red, a green and a blue one."""

    def target_at(self, x: float, y: float) -> Target | None:
        """What lies at a point inside the cell: itself, or of many the unit whose pixel is there."""
        if self.pixels is None or self.units == 1 or not isinstance(self.target, NeuronTarget):
            return self.target
        rows, columns = self.pixels.shape
        column = min(max(int((x - self.x + self.width / 2) / self.width * columns), 0), columns - 1)
        row = min(max(int((y - self.y + self.height / 2) / self.height * rows), 0), rows - 1)
        unit = (row * columns + column) * self.channels
        return NeuronTarget(self.target.layer, self.target.neuron + unit) if unit < self.units else None


@dataclass(frozen=True, eq=False)
class Strand:
    """Edges that share one pen. ``ends``: (n, 4) from x, y to x, y."""

    ends: Floats
    colour: str
    width: float
    dash: Dash
    curved: bool
    """Cubic with level ends, the control points halfway; else straight."""
    casings: tuple[tuple[str, float], ...] = ()
    """Wider lines beneath, (colour, width) each, the widest first."""


@dataclass(frozen=True)
class Sign:
    """A small mark on an edge: the gradient's way (a chevron to the left), that the weight rose or fell, that it is cut, or
    how its checked gradient did."""

    kind: Literal["chevron", "rose", "fell", "cut", "agrees", "kink", "differs"]
    x: float
    y: float
    size: float
    colour: str
    ground: str
    angle: float = 0
    """Of the edge there, in degrees clockwise."""


@dataclass(frozen=True)
class Head:
    """What stands above a column."""

    layer: int
    """-1 the inputs; the number of layers is the loss."""
    x: float
    title: str
    subtitle: str
    colour: str
    subtitle_colour: str
    width: float
    fold: Literal["folded", "unfolded"] | None = None


@dataclass(frozen=True)
class Legend:
    """What the width of an edge means, at the lower left; and in its title what a neuron's tone does, where that was chosen."""

    title: str
    low: str
    high: str
    pos: str
    neg: str
    ink: str


@dataclass(frozen=True, eq=False)
class EdgeTable:
    """All edges that are drawn, for pointing at them and for walking along them: one row an edge."""

    ends: Floats
    """(n, 4)"""
    keys: NDArray[np.int64]
    """(n, 3) layer, row, neuron"""
    weights: Floats
    """(n,)"""
    shown: Floats
    """(n,) what the width shows; NaN where it is not known yet."""
    widths: Floats
    """(n,) pixels"""
    quantity: str
    """What ``shown`` is, in words."""
    curved: bool
    cut: frozenset[tuple[int, int, int]] = frozenset()
    """Keys of the weights that are held at 0."""

    def __len__(self) -> int:
        return len(self.keys)

    def target(self, index: int) -> EdgeTarget:
        """What row ``index`` is."""
        layer, row, neuron = self.keys[index].tolist()
        return EdgeTarget(layer, row, neuron)

    @cached_property
    def polylines(self) -> Floats:
        """(n, points, 2) along each edge, close enough together to measure a distance to."""
        steps = np.linspace(0, 1, 17 if self.curved else 2)
        return np.stack(along(self.ends[:, :, np.newaxis], steps, self.curved), axis=-1)

    def distances(self, x: float, y: float) -> Floats:
        """(n,) how far each edge's middle line is from a point."""
        starts = self.polylines[:, :-1]
        spans = self.polylines[:, 1:] - starts
        away = np.array((x, y)) - starts
        lengths = np.maximum((spans**2).sum(axis=2), 1e-12)
        share = np.clip((away * spans).sum(axis=2) / lengths, 0, 1)[..., np.newaxis]
        nearest: Floats = np.sqrt((((away - share * spans) ** 2).sum(axis=2)).min(axis=1))
        return nearest


@dataclass(frozen=True, eq=False)
class Picture:
    """One diagram, from the ground up in the order of its fields."""

    width: float
    height: float
    base: str
    focus: str
    ink: str
    slabs: tuple[Slab, ...]
    strands: tuple[Strand, ...]
    rules: tuple[Strand, ...]
    """Lines that are no weights: from the outputs to the loss."""
    signs: tuple[Sign, ...]
    cells: tuple[Cell, ...]
    heads: tuple[Head, ...]
    words: tuple[Words, ...]
    plates: tuple[Plate, ...]
    legend: Legend | None
    edges: EdgeTable
    note: str
    """How many weights are left out; empty if none."""
    sentence: str
    """The state in words."""
    sizes: tuple[int, ...]
    """Inputs, then the neurons of each layer."""
    columns: tuple[tuple[NeuronTarget, ...], ...]
    """What can be walked, inputs first, from top to bottom."""

    @cached_property
    def cell_of(self) -> dict[Target, Cell]:
        """The cells by what they are."""
        return {cell.target: cell for cell in self.cells if cell.target is not None}

    def holding(self, target: NeuronTarget) -> Cell | None:
        """The neuron's cell, or the block it is folded into."""
        own = self.cell_of.get(target)
        if own is not None:
            return own
        for cell in self.cells:
            first = cell.target
            if (cell.units > 1 and isinstance(first, NeuronTarget) and first.layer == target.layer
                    and first.neuron <= target.neuron < first.neuron + cell.units):
                return cell
        return None

    def targets(self) -> Iterator[NeuronTarget]:
        """Every neuron that has a place of its own."""
        for column in self.columns:
            yield from column


def along(ends: Floats, share: Floats | float, curved: bool) -> tuple[Floats, Floats]:
    """x and y at ``share`` (0 to 1) of the way along edges with ``ends`` (n, 4) or (n, 4, 1)."""
    left, top, right, bottom = ends[:, 0], ends[:, 1], ends[:, 2], ends[:, 3]
    if not curved:
        return left + share * (right - left), top + share * (bottom - top)
    # Bernstein form with both control points halfway: the curve leaves and arrives level
    rest = 1 - np.asarray(share)
    middle = (left + right) / 2
    outer, inner, last = rest**3, 3 * rest * share, share**3
    x = outer * left + inner * middle + last * right
    y = (outer + inner * rest) * top + (inner * share + last) * bottom
    return x, y
