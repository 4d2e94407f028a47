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

Form = Literal["tile", "disc", "dot", "chip", "block", "picture", "words"]

TOP, LOW_TOP, LOW_VIEW = 68, 60, 340  # below the column heads, in a view that is lower than the last the second
MARGIN, CLEAR = 8, 12  # below the lowest neuron: to the view's end, to what lies there
LEGEND = (175, 22, 40)  # the lower left corner's width, and its height without and with a line above the wedge
CHOSEN_TONES, NOTE, LOW_NOTE = 420, 400, 230  # as wide as the legend's title, the note on one line, and on two
CONTROLS = (364, 40)  # the lower right corner: width and height
AXES = 80  # as wide as one control more
BROAD_VIEW = NOTE + CONTROLS[0]  # as wide as a note on one line asks for
NARROW_VIEW = LEGEND[0] + CONTROLS[0]  # in narrower ones there is no legend
PLATE, NARROW = 44, 32  # what a neuron needs in height besides its tile: at leisure, at least
LARGEST, SMALLEST = 120, 36  # tiles
PLATED = SMALLEST + 16  # the least a neuron needs in height to have its number below
GAP = 5  # between neurons without a number below
DISC = 44
MOST_TILES, MOST_DOTS = 8, 40
UNFOLDED = 16
LEAST_WORD, BESIDE_WORD = 78, 46  # what a block of a word's inputs needs in height, and its name and number of that
HALF_PLATE, HALF_HEAD = 36, 52  # of the number below a neuron, of the head above the inputs
PORT_GAP = 12
LOSS_WIDTH, LOSS_HEIGHT = 87, 105
BAR_WIDTH = 62
BROAD_GUESSES = 560  # in narrower views the likeliest of many classes are not named


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
    noted: bool = False
    """Whether a note says how many weights are drawn."""
    legend: Literal["none", "edges", "all"] = "edges"
    """Whether the legend tells of the edges only, or of the neurons too."""
    unfolded: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """(layer, the units to show) of unfolded layers."""
    words: int = 0
    """How many words the inputs are, where they are words: a block of inputs each."""


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
        if self.form == "words":
            # each word's inputs along the side of its own block
            block, within = np.divmod(np.arange(len(self.units)), -(-len(self.units) // len(self.ys)))
            shares = (within + 0.5) / -(-len(self.units) // len(self.ys)) - 0.5
            return np.asarray(np.array(self.ys)[block] + shares * (self.height - 6), np.float64)
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
class Corner:
    """What lies over the view's ground, from ``left`` to ``right`` and from ``top`` to the view's lower end."""

    left: float
    right: float
    top: float


@dataclass(frozen=True)
class Space:
    """The room for a column: ``area`` pixels below ``top``; ``middle`` is where all columns are centred that can be."""

    top: float
    area: float
    middle: float
    step: float

    def middle_for(self, tall: float) -> float:
        """Where a column of this height has its middle: it is moved up as far as it must."""
        return max(min(self.middle, self.top + self.area - tall / 2), self.top + tall / 2)


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
    corners: tuple[Corner, Corner]
    """Where the legend and the controls lie."""

    def floor(self, left: float, right: float) -> float:
        """How far down there is room between two x."""
        return _floor(self.corners, self.height, left, right)

    def column(self, layer: int) -> Column:
        """The column of a layer, -1 the inputs."""
        return self.columns[layer + 1]


@lru_cache(maxsize=32)
def layout(facts: Facts, width: float, height: float) -> Layout:
    """The layout of a network on a view of ``width`` x ``height``: of what lies over its lower corners everything keeps clear."""
    last = len(facts.sizes) - 2
    chips = facts.classes and 4 <= facts.sizes[-1] <= MOST_DOTS
    corners = _corners(facts, width, height)
    tallest = max((n for n in facts.sizes if n <= MOST_TILES), default=1)
    # neurons with no room for anything above them begin right below the heads
    crowded = _floor(corners, height, 0, width) - TOP < PLATED * tallest
    top = LOW_TOP if height < LOW_VIEW or crowded else TOP
    lowest = max(_floor(corners, height, 0, 1) - top, 60)
    loss_x = width - LOSS_WIDTH / 2 - 12
    # many classes are one block, beside which the likeliest are named
    beside = chips or (facts.classes and facts.sizes[-1] > MOST_DOTS and width >= BROAD_GUESSES)
    gap = BAR_WIDTH + 132 if beside else min(max(0.19 * width, 112), 156)
    side = min(0.24 * width, 0.85 * lowest, 200.0, lowest - 38) if facts.picture else 0.0
    widest = _tile(max((height - MARGIN - top) / tallest, SMALLEST + NARROW))
    # names stand left of inputs that have no number below them
    listed = facts.named_inputs and 11 <= lowest / facts.sizes[0] < PLATED
    first = max(12 + side / 2, HALF_HEAD) if facts.picture else max(0.09 * width, widest / 2 + 36) + (44 if listed else 0)
    # a wide picture of the inputs pushes the others along
    start = first + max(side / 2 - 40, 0)
    step = max((loss_x - gap - start) / (last + 1), 12.0)
    xs = [first, *(start + (layer + 1) * step for layer in range(last + 1))]
    reach = min(HALF_PLATE, 0.4 * step)
    areas = [max(_floor(corners, height, x - reach, x + (reach if not beside or layer < last else gap)) - top, 60)
             for layer, x in enumerate(xs, INPUTS)]
    # layers of one width look alike
    areas = [min(area for area, count in zip(areas, facts.sizes, strict=True) if count == own) for own in facts.sizes]
    shared = min((_tile(max(area / count, SMALLEST + NARROW)) for area, count in zip(areas, facts.sizes, strict=True)
                  if count <= MOST_TILES), default=widest)
    shared = min(shared, 0.55 * step)
    middle = top + (height - MARGIN - top) / 2
    columns = []
    for layer, (x, area) in enumerate(zip(xs, areas, strict=True), INPUTS):
        if layer == INPUTS and facts.picture is not None:
            columns.append(_picture(facts.picture, facts.sizes[0], x, top + (area - 22) / 2, area, side))
        else:
            columns.append(_column(facts, layer, x, Space(top, area, middle, step), shared, chips and layer == last))
    beneath = _floor(corners, height, loss_x - LOSS_WIDTH / 2, loss_x) - LOSS_HEIGHT / 2
    loss_y = max(min(middle, beneath), top - 8 + LOSS_HEIGHT / 2)
    return Layout(width, height, tuple(columns), loss_x, loss_y, step, corners)


def note_lines(width: float) -> int:
    """How many lines above the legend the note on the weights that are drawn has; 0: it has no room but below the heads."""
    return 1 if width >= BROAD_VIEW else 2 if width >= LOW_NOTE + CONTROLS[0] else 0


def _corners(facts: Facts, width: float, height: float) -> tuple[Corner, Corner]:
    low = height < LOW_VIEW
    wide, bare, titled = LEGEND
    tall = bare if low else titled
    if facts.legend == "all" and not low:
        wide = CHOSEN_TONES
    if facts.noted:
        lines = note_lines(width)
        wide, tall = ((wide, bare), (NOTE, titled + 6), (LOW_NOTE, titled + 22))[lines]
    if facts.legend == "none" or width < NARROW_VIEW:
        wide = tall = 0
    choosable = facts.sizes[0] > 2 and facts.picture is None
    controls = CONTROLS[0] + (AXES if choosable else 0)
    return Corner(0, wide, height - tall), Corner(width - controls, width, height - CONTROLS[1])


def _floor(corners: tuple[Corner, Corner], height: float, left: float, right: float) -> float:
    tops = (corner.top - CLEAR for corner in corners if corner.left < right and left < corner.right)
    return min(height - MARGIN, *tops, height)


def _picture(shape: tuple[int, int], count: int, x: float, middle: float, area: float, side: float) -> Column:
    high, wide = shape
    longest = max(high, wide)
    return Column(INPUTS, "picture", x, tuple(range(count)), (middle,), side * wide / longest, side * high / longest, area, False,
                  False)


def _tile(pitch: float) -> float:
    return min(max(pitch - PLATE, min(pitch - NARROW, 42)), LARGEST)


def _column(facts: Facts, layer: int, x: float, space: Space, shared: float, chips: bool) -> Column:
    area, step = space.area, space.step
    count = facts.sizes[layer + 1]
    units = dict(facts.unfolded).get(layer, ()) if count > MOST_DOTS else tuple(range(count))
    if not units and layer == INPUTS and facts.words > 1 and area / facts.words >= LEAST_WORD:
        high = area / facts.words - BESIDE_WORD
        ys = tuple(space.top + BESIDE_WORD / 2 - 6 + (place + 0.5) * area / facts.words - 4 for place in range(facts.words))
        return Column(layer, "words", x, tuple(range(count)), ys, min(64, 0.5 * step), high, area / facts.words, False, False)
    if not units:
        wide = min(64, 0.5 * step)
        # its count is written below it
        return Column(layer, "block", x, tuple(range(count)), (space.top + area / 2 - 8,), wide, min(0.8 * area, area - 32), area,
                      False, False)
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
        plates = pitch >= PLATED and step >= 68
        size = shared if roomy else min(pitch - (16 if plates else GAP), 44, 0.55 * step)
        size = min(size, DISC) if form == "disc" else size
        if layer == INPUTS and facts.named_inputs:
            size = min(size, pitch - 28)
        pitch = min(pitch, 1.26 * (shared + PLATE)) if roomy else min(pitch, size + PLATE)
    # whole pixels: sharp outlines, and maps that are drawn twice as fast
    size = float(round(max(min(size, 0.6 * step), 4)))
    half, x = size / 2, float(round(x - size / 2)) + size / 2
    # the plate below is less than the bias and the name above
    centre = space.middle_for(len(units) * pitch + (20 if hidden else 0)) + (4 if roomy else 0) - (10 if hidden else 0)
    ys = tuple(round(centre + (place - (len(units) - 1) / 2) * pitch - half) + half for place in range(len(units)))
    return Column(layer, form, x, units, ys, size, size, pitch, plates, roomy, hidden)
