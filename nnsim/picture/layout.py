"""Where everything on the diagram stands: columns from left to right, in each its neurons from top to bottom.

It is apart because it hangs on sizes alone, so it is worked out once for a window's size and not for every frame. It refuses to
look at a single number of the network. Positions are pixels where the application font is 13 px high.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np

from nnsim.picture.picture import Floats
from nnsim.picture.targets import INPUTS, NeuronTarget

Form = Literal["tile", "disc", "dot", "chip", "block", "picture"]

TOP = 68  # below the column heads
PLATE, NARROW = 44, 32  # what a neuron needs in height besides its tile: at leisure, at least
LARGEST, SMALLEST = 120, 36  # tiles
DISC = 44
MOST_TILES, MOST_DOTS = 8, 40
UNFOLDED = 16
PORT_GAP = 12
LOSS_WIDTH, LOSS_HEIGHT = 87, 105
BAR_WIDTH = 62


@dataclass(frozen=True)
class Facts:
    """What the layout hangs on besides the size of the view."""

    sizes: tuple[int, ...]
    """Inputs, then the neurons of each layer."""
    picture: tuple[int, int] | None = None
    """(height, width) where the inputs are pixels."""
    tiles: bool = True
    """Whether neurons show response maps, else discs."""
    classes: bool = False
    """Whether the outputs are shares of classes."""
    named_inputs: bool = False
    """Whether the inputs have long names."""
    unfolded: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """(layer, the units to show) of unfolded layers."""


@dataclass(frozen=True)
class Column:
    """One layer's place."""

    layer: int
    form: Form
    x: float
    units: tuple[int, ...]
    """The neurons shown, from top to bottom."""
    ys: tuple[float, ...]
    """Their middles."""
    width: float
    """Of a neuron's cell, or of the block."""
    height: float
    pitch: float
    plates: bool
    """Whether there is room for a value plate on each."""
    roomy: bool
    """Whether there is room for the bias and the name above each."""
    hidden: int = 0
    """Neurons left out of an unfolded layer."""

    @property
    def left(self) -> float:
        """Where edges arrive."""
        return self.x - self._reach

    @property
    def right(self) -> float:
        """Where edges leave."""
        return self.x + self._reach

    @property
    def _reach(self) -> float:
        # a disc is narrower above and below its middle: edges go on beneath it
        return self.width * (0.36 if self.form == "disc" else 0.5)

    @cached_property
    def targets(self) -> tuple[NeuronTarget, ...]:
        """The units as what can be pointed at."""
        return tuple(NeuronTarget(self.layer, unit) for unit in self.units)

    @cached_property
    def port_ys(self) -> Floats:
        """(shown units,) the height at which a unit's edges end: its middle, or its share of a block's side."""
        if self.form in ("block", "picture"):
            steps = (np.arange(len(self.units)) + 0.5) / len(self.units) - 0.5
            ports: Floats = self.ys[0] + steps * (self.height - 6)
            return ports
        return np.array(self.ys)

    def spread(self, edges: int) -> Floats:
        """(edges,) how far above or below the middle each of a unit's edges ends, so that thick ones do not merge."""
        if edges < 2 or self.form not in ("tile", "disc"):
            return np.zeros(edges)
        # a disc is narrower towards its top, so its ports keep nearer to the middle
        reach = self.height * (0.8 if self.form == "tile" else 0.5)
        gap = min(PORT_GAP, reach / (edges - 1))
        return np.asarray((np.arange(edges) - (edges - 1) / 2) * gap, np.float64)


@dataclass(frozen=True)
class Layout:
    """The places of everything."""

    width: float
    height: float
    columns: tuple[Column, ...]
    """Inputs first."""
    loss_x: float
    loss_y: float
    step: float
    """From one column's middle to the next."""
    floor: float
    """Below are the legend and the choice of edges."""

    def column(self, layer: int) -> Column:
        """The column of a layer, -1 the inputs."""
        return self.columns[layer + 1]


@lru_cache(maxsize=32)
def layout(facts: Facts, width: float, height: float) -> Layout:
    """The layout of a network on a view of ``width`` x ``height``."""
    last = len(facts.sizes) - 2
    chips = facts.classes and 4 <= facts.sizes[-1] <= MOST_DOTS
    # room below for the legend and the choice of edges, unless nothing stands above them
    low = max(facts.sizes[0], facts.sizes[-1]) < max(facts.sizes) <= 4
    below = 8 if low and facts.sizes[0] <= 2 and facts.sizes[-1] <= 2 and last < 4 else 46
    area = max(height - TOP - below, 60)
    middle = TOP + area / 2
    loss_x = width - LOSS_WIDTH / 2 - 12
    gap = BAR_WIDTH + 132 if chips else min(max(0.165 * width, 112), 140)
    side = min(0.24 * width, 0.85 * area, 200.0) if facts.picture else 0.0
    tallest = max((n for n in facts.sizes if n <= MOST_TILES), default=1)
    shared = _tile(max(area / tallest, SMALLEST + NARROW))
    listed = facts.named_inputs and facts.sizes[0] > MOST_TILES and area / facts.sizes[0] >= 11
    first = 12 + side / 2 if facts.picture else max(0.09 * width, shared / 2 + 36) + (44 if listed else 0)
    # a wide picture of the inputs pushes the others along
    start = first + max(side / 2 - 40, 0)
    step = max((loss_x - gap - start) / (last + 1), 12.0)
    shared = min(shared, 0.55 * step)
    columns = []
    for layer, count in enumerate(facts.sizes, INPUTS):
        x = first if layer == INPUTS else start + (layer + 1) * step
        if layer == INPUTS and facts.picture is not None:
            high, wide = facts.picture
            longest = max(high, wide)
            columns.append(Column(layer, "picture", x, tuple(range(count)), (middle,), side * wide / longest,
                                  side * high / longest, area, False, False))
        else:
            columns.append(_column(facts, layer, x, (middle, area, step), shared, chips and layer == last))
    return Layout(width, height, tuple(columns), loss_x, middle, step, height - below)


def _tile(pitch: float) -> float:
    return min(max(pitch - PLATE, min(pitch - NARROW, 42)), LARGEST)


def _column(facts: Facts, layer: int, x: float, space: tuple[float, float, float], shared: float, chips: bool) -> Column:
    middle, area, step = space
    count = facts.sizes[layer + 1]
    units = dict(facts.unfolded).get(layer, ()) if count > MOST_DOTS else tuple(range(count))
    if not units:
        wide = min(64, 0.5 * step)
        return Column(layer, "block", x, tuple(range(count)), (middle,), wide, 0.8 * area, area, False, False)
    hidden = count - len(units)
    pitch = (area - (20 if hidden else 0)) / len(units)
    form: Form = "tile" if facts.tiles else "disc"
    roomy = plates = False
    if chips:
        form, pitch = "chip", min(pitch, 56)
        size = min(max(pitch - 4, 6), 26)
    elif len(units) > MOST_TILES:
        form, pitch = "dot", min(pitch, 24)
        size = min(max(pitch - 2, 4), 18)
    else:
        # a plate is about 70 px wide and must not cover its neighbours
        roomy = pitch >= SMALLEST + NARROW and step >= 96
        plates = pitch >= SMALLEST + 16 and step >= 68
        size = shared if roomy else min(pitch - (16 if plates else 8), 44, 0.55 * step)
        size = min(size, DISC) if form == "disc" else size
        if layer == INPUTS and facts.named_inputs:
            size = min(size, pitch - 28)
        pitch = min(pitch, 1.26 * (shared + PLATE)) if roomy else min(pitch, size + PLATE)
    # whole pixels: sharp outlines, and maps that are drawn twice as fast
    size = float(round(max(min(size, 0.6 * step), 4)))
    half, x = size / 2, float(round(x - size / 2)) + size / 2
    # the plate below is less than the bias and the name above
    centre = middle + (4 if roomy else 0) - (10 if hidden else 0)
    ys = tuple(round(centre + (place - (len(units) - 1) / 2) * pitch - half) + half for place in range(len(units)))
    return Column(layer, form, x, units, ys, size, size, pitch, plates, roomy, hidden)
