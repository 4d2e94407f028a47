"""The numbers that stand on edges: which edges get one, what it says, and where it does not cover another.

It refuses to measure text: a plate is as high as its letters, and only heights are kept apart.
"""

import numpy as np

from nnsim.core.activations import Array
from nnsim.picture import numbers
from nnsim.picture.edges import BIAS_RADIUS, WORK, Edges
from nnsim.picture.layout import Layout
from nnsim.picture.palette import Theme
from nnsim.picture.picture import Align, Plate, along
from nnsim.picture.reading import Reading
from nnsim.picture.targets import EdgeTarget

MOST_LABELS, MOST_ALL = 12, 40
PLATE_HALF = 45  # of a weight's plate
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
            plates.append(_bias_plate(edges, edge, reading, theme))
            continue
        (x,), (y,) = along(table.ends[edge : edge + 1], 0.5, table.curved)
        spots.append((float(x), float(y), edge))
    for x, y, edge in _apart(spots, plan):
        # a long number grows to the left, so that it never hides the neuron it works for
        end = min(x + PLATE_HALF, float(table.ends[edge, 2]) - 12)
        plates.append(_plate(edges, edge, end, y, reading, theme, "right"))
    return plates


def _labelled(edges: Edges, reading: Reading, biases: Array, plan: Layout) -> list[int]:
    table, view = edges.table, reading.view
    if view.playing:
        return []
    at_work = np.flatnonzero((edges.states == WORK) & ~edges.hidden)
    if view.labels_all and int((~biases).sum()) <= MOST_ALL:
        return np.flatnonzero(~edges.hidden & (~biases | (edges.states == WORK))).tolist()
    most = min(MOST_LABELS, _room_for(plan)) if _roomy(reading, plan, table.quantity) else 1
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
    return here.left - before.right >= (92 if quantity == "weight" else 118)


def _room_for(plan: Layout) -> int:
    """How many plates fit below each other without touching."""
    return 1 + max(0, int((plan.floor - FLOOR - CEILING) / CLOSEST))


def _apart(spots: list[tuple[float, float, int]], plan: Layout) -> list[tuple[float, float, int]]:
    """The same spots, pushed up or down until plates in one gap between columns do not cover each other."""
    placed: list[tuple[float, float, int]] = []
    for x in sorted({round(x) for x, _, _ in spots}):
        here = sorted((spot for spot in spots if round(spot[0]) == x), key=lambda spot: spot[1])
        ys = np.array([y for _, y, _ in here])
        top, bottom = CEILING, plan.floor - FLOOR
        gap = min(APART, (bottom - top) / max(len(here) - 1, 1))
        # each at least a gap below the one before, then all moved so that their mean stays
        places = np.arange(len(here)) * gap
        pushed = np.maximum.accumulate(ys - places) + places
        pushed -= (pushed - ys).mean()
        pushed = np.minimum(np.maximum(pushed, top + places), bottom - places[::-1])
        placed.extend((spot[0], float(y), spot[2]) for spot, y in zip(here, pushed, strict=True))
    return placed


def _plate(edges: Edges, edge: int, x: float, y: float, reading: Reading, theme: Theme, align: Align) -> Plate:
    table = edges.table
    layer, row, neuron = table.keys[edge].tolist()
    inputs = reading.frame.network.sizes[layer]
    value = float(table.shown[edge])
    if reading.phase == "update" and reading.quantity == "weights" and edges.states[edge] == WORK:
        trace = reading.frame.trace
        assert trace is not None
        old, new = (float(reading.frame.network.layers(theta)[layer][row, neuron]) for theta in (trace.before, trace.after))
        return Plate(x, y, f"{numbers.fixed(old)} → {numbers.fixed(new)}", 13.5, theme.ink, theme.base, theme.update, 12,
                     align=align)
    weight = table.quantity == "weight"
    text = numbers.fixed(value) if weight else numbers.significant(value)
    badge = "b" if row == inputs else str(row + 1)
    return Plate(x, y, text, 13.5, theme.sign_ink(value), theme.base, theme.line2, 12, True, align,
                 badge, theme.base, theme.ink)


def _bias_plate(edges: Edges, edge: int, reading: Reading, theme: Theme) -> Plate:
    x, top = edges.table.ends[edge, :2].tolist()
    y = top - BIAS_RADIUS
    if edges.table.keys[edge, 0] == reading.frame.network.depth - 1:
        # to the right is the loss
        return _plate(edges, edge, x, y - 21, reading, theme, "centre")
    return _plate(edges, edge, x + BIAS_RADIUS + 6, y, reading, theme, "left")


