"""The numbers that stand on edges: which edges get one, what it says, and where it does not cover another.

It refuses to measure text: a plate is as high as its letters, and only heights are kept apart.
"""

import numpy as np

from nnsim.core.activations import Array
from nnsim.picture import numbers
from nnsim.picture.edges import BIAS_RADIUS, WORK, Edges
from nnsim.picture.layout import HALF_PLATE, LOSS_WIDTH, Column, Layout
from nnsim.picture.palette import Theme
from nnsim.picture.picture import Align, Plate, along
from nnsim.picture.reading import Reading
from nnsim.picture.targets import EdgeTarget

MOST_LABELS, MOST_ALL = 12, 40
LARGE, SMALL = 13.5, 11.5  # letters: with room, and where columns are close
PLATE_HALF = {LARGE: 45, SMALL: 39}  # of a weight's plate
WEIGHT_PLATE, GRADIENT_PLATE = 92, 108  # as wide as they become, in large letters
CLOSE = 110  # from one column's neurons to the next's: what is shown of them is wider than they are
APART, CLOSEST = 25, 21  # from one plate's middle to the next: at leisure, at least
CEILING, FLOOR = 64.0, 14  # the highest middle; the lowest is so far above the layout's floor


def edge_plates(edges: Edges, reading: Reading, plan: Layout, theme: Theme) -> list[Plate]:
    """The plates on the edges at work, on what is pointed at, and on all where that is wanted and they are few."""
    table = edges.table
    if not len(table):
        return []
    biases = table.keys[:, 1] == np.array(reading.frame.network.sizes)[table.keys[:, 0]]
    chosen = _labelled(edges, reading, biases, plan)
    plates = []
    spots: list[tuple[float, float, int]] = []
    for edge in chosen:
        if biases[edge]:
            plates.append(_bias_plate(edges, edge, reading, plan, theme))
            continue
        (x,), (y,) = along(table.ends[edge : edge + 1], 0.5, table.curved)
        spots.append((float(x), float(y), edge))
    for x, y, edge in _apart(spots, plan):
        # a long number grows to the left, so that it never hides the neuron it works for
        gap = float(table.ends[edge, 2] - table.ends[edge, 0])
        wide = WEIGHT_PLATE if table.quantity == "weight" else GRADIENT_PLATE
        least = _past_number(plan.column(int(table.keys[edge, 0]) - 1))
        size = SMALL if gap < CLOSE or least + wide > x + PLATE_HALF[LARGE] else LARGE
        # there the ring of the neuron at work is all they keep clear of
        end = min(max(x + PLATE_HALF[size], least + wide * size / LARGE), float(table.ends[edge, 2]) - (9 if gap < CLOSE else 12))
        plates.append(_plate(edges, edge, end, y, reading, theme, "right", size))
    return plates


def _past_number(before: Column) -> float:
    """Where a plate may begin, so that its badge is not hidden by the number of a neuron that the edge comes from."""
    return before.x + HALF_PLATE + 2 if before.plates else before.right


def _labelled(edges: Edges, reading: Reading, biases: Array, plan: Layout) -> list[int]:
    table, view = edges.table, reading.view
    if view.playing:
        return []
    at_work = np.flatnonzero((edges.states == WORK) & ~edges.hidden)
    if view.labels_all and int((~biases).sum()) <= MOST_ALL:
        return np.flatnonzero(~edges.hidden & (~biases | (edges.states == WORK))).tolist()
    most = min(MOST_LABELS, _room_for(reading, plan)) if _roomy(reading, plan, table.quantity) else 1
    if len(at_work) > most:
        # the term just done, then the strongest
        last = reading.frame.known.terms - 1
        urgency = np.abs(np.nan_to_num(table.shown[at_work])) + np.where(table.keys[at_work, 1] == last, np.inf, 0)
        at_work = np.sort(at_work[np.argsort(-urgency, kind="stable")[:most]])
    chosen: list[int] = at_work.tolist()
    for target in (view.selected, view.hovered):
        if isinstance(target, EdgeTarget):
            pointed = np.flatnonzero((table.keys == np.array(target)).all(axis=1) & ~edges.hidden)
            chosen.extend(edge for edge in pointed.tolist() if edge not in chosen)
    return chosen


def _roomy(reading: Reading, plan: Layout, quantity: str) -> bool:
    """Whether plates fit between the columns at work without covering neurons."""
    if reading.working is None:
        return False
    before, here = (plan.column(reading.working[0] + back) for back in (-1, 0))
    return here.left - before.right >= (WEIGHT_PLATE if quantity == "weight" else GRADIENT_PLATE + 10)


def _room_for(reading: Reading, plan: Layout) -> int:
    """How many plates fit below each other without touching."""
    assert reading.working is not None
    before, here = (plan.column(reading.working[0] + back) for back in (-1, 0))
    return 1 + max(0, int((plan.floor(before.right, here.left) - FLOOR - CEILING) / CLOSEST))


def _apart(spots: list[tuple[float, float, int]], plan: Layout) -> list[tuple[float, float, int]]:
    """The same spots, pushed up or down until plates in one gap between columns do not cover each other."""
    placed: list[tuple[float, float, int]] = []
    for x in sorted({round(x) for x, _, _ in spots}):
        here = sorted((spot for spot in spots if round(spot[0]) == x), key=lambda spot: spot[1])
        ys = np.array([y for _, y, _ in here])
        top, bottom = CEILING, plan.floor(x - PLATE_HALF[LARGE], x + PLATE_HALF[LARGE]) - FLOOR
        gap = min(APART, (bottom - top) / max(len(here) - 1, 1))
        # each at least a gap below the one before, then all moved so that their mean stays
        places = np.arange(len(here)) * gap
        pushed = np.maximum.accumulate(ys - places) + places
        pushed -= (pushed - ys).mean()
        pushed = np.minimum(np.maximum(pushed, top + places), bottom - places[::-1])
        placed.extend((spot[0], float(y), spot[2]) for spot, y in zip(here, pushed, strict=True))
    return placed


def _plate(edges: Edges, edge: int, x: float, y: float, reading: Reading, theme: Theme, align: Align, size: float = LARGE) -> Plate:
    table = edges.table
    layer, row, neuron = table.keys[edge].tolist()
    inputs = reading.frame.network.sizes[layer]
    value = float(table.shown[edge])
    if reading.phase == "update" and reading.quantity == "weights" and edges.states[edge] == WORK:
        trace = reading.frame.trace
        assert trace is not None
        old, new = (float(reading.frame.network.layers(theta)[layer][row, neuron]) for theta in (trace.before, trace.after))
        return Plate(x, y, f"{numbers.fixed(old)} → {numbers.fixed(new)}", size, theme.ink, theme.base, theme.update, 12,
                     align=align)
    weight = table.quantity == "weight"
    text = numbers.fixed(value) if weight else numbers.significant(value)
    badge = "b" if row == inputs else str(row + 1)
    if reading.working not in (None, (layer, neuron)):
        # badges count the terms of the neuron at work; an edge of another one that is only pointed at has none
        badge = ""
    return Plate(x, y, text, size, theme.sign_ink(value), theme.base, theme.line2, 12, True, align,
                 badge, theme.base, theme.ink)


def _bias_plate(edges: Edges, edge: int, reading: Reading, plan: Layout, theme: Theme) -> Plate:
    """A bias's plate: right of its square; before the loss only where it fits, else above it, or left of it below others."""
    x, top = edges.table.ends[edge, :2].tolist()
    y, away = top - BIAS_RADIUS, BIAS_RADIUS + 6
    layer, _, neuron = edges.table.keys[edge].tolist()
    room = plan.loss_x - LOSS_WIDTH / 2 - x - away
    wide = WEIGHT_PLATE if edges.table.quantity == "weight" else GRADIENT_PLATE
    small = SMALL / LARGE * wide
    if layer < reading.frame.network.depth - 1 or room >= small:
        return _plate(edges, edge, x + away, y, reading, theme, "left", LARGE if room >= wide else SMALL)
    if neuron == plan.column(layer).units[0]:
        return _plate(edges, edge, x, y - 21, reading, theme, "centre")
    return _plate(edges, edge, x - away, y, reading, theme, "right", SMALL)
