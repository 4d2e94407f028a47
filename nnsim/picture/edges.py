"""The edges of the diagram: which are drawn, how wide, how bright, and which share a pen.

All of it is arithmetic on whole arrays, layer by layer, since a diagram of digits has hundreds of edges and a new one is wanted
sixty times a second. It refuses to place neurons and to name values.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.activations import Array
from nnsim.picture.layout import Column, Layout
from nnsim.picture.palette import Theme, blend
from nnsim.picture.picture import Dash, EdgeTable, Floats, Sign, Strand, along
from nnsim.picture.reading import Reading
from nnsim.picture.targets import EdgeTarget, NeuronTarget

BUDGET_PLAYING, BUDGET_PAUSED = 300, 800
MOST_CURVES = 240  # as many as are painted in 8 ms; straight lines cost a quarter
THINNEST, WIDENING = 1.2, 8.8
DOTTED = 1.3
BIAS_ABOVE, BIAS_RADIUS = 13, 7  # the bias's disc: its middle above the tile
CUT_AT = 0.24  # where on its way an edge is cut
FEW = 60  # edges that can all carry signs, and keep their exact widths

BESIDE = 0.6  # how far edges beside the one that is pointed at go towards the base

WAITING, KNOWN, WORK = 0, 1, 2
_KINDS: dict[str, Literal["agrees", "kink", "differs"]] = {"agrees": "agrees", "kink": "kink", "differs": "differs"}
COMING = (("gradients", "backward"), ("contributions", "forward"))
"""What comes into being term by term, and in which phase."""


@dataclass(frozen=True, eq=False)
class Edges:
    """The edges of one frame, unsorted: one row an edge."""

    table: EdgeTable
    states: Array
    """(n,) waiting, known or at work"""
    hidden: Array
    """(n,) whether the value is not known yet: a dotted line"""
    shares: Floats
    """(n,) how far the tone is blended towards the base"""
    total: int
    """How many weights there are."""


def lay_edges(reading: Reading, layout: Layout) -> Edges:
    """The edges to draw: of each layer the strongest, within the budget."""
    network = reading.frame.network
    parts = []
    if reading.quantity != "none":
        allowed = _budgets(layout, BUDGET_PLAYING if reading.view.playing else BUDGET_PAUSED)
        parts = [_layer(reading, layout, layer, allowed[layer]) for layer in range(network.depth)]
    width = 10
    rows = np.concatenate(parts) if parts else np.empty((0, width))
    count = int((rows[:, 5] < np.take(np.array(network.sizes), rows[:, 4].astype(int))).sum())
    shown, hidden = rows[:, 8], rows[:, 9] > 0
    with np.errstate(invalid="ignore"):
        strength = np.nan_to_num(np.minimum(np.abs(shown) / reading.scale, 1), nan=1.0)
    widths = np.where(hidden, DOTTED, THINNEST + WIDENING * strength)
    if count > FEW:
        # many edges share the room of few
        widths = np.where(hidden, 0.8, 0.7 + (widths - THINNEST) * (0.62 if count <= MOST_CURVES else 0.45))
    keys = rows[:, 4:7].astype(np.int64)
    quantity = {"gradients": "∂L/∂W", "change": "change", "contributions": "w·x"}.get(reading.quantity, "weight")
    table = EdgeTable(rows[:, :4], keys, rows[:, 7], np.where(hidden, np.nan, shown), widths, quantity, count <= MOST_CURVES,
                      frozenset(reading.frame.experiment.learning.cut))
    states = _states(reading, keys)
    total = sum(before * here for before, here in zip(network.sizes, network.widths, strict=False))
    return Edges(table, states, hidden, _shares(reading, keys, states, strength, count), total)


def _budgets(layout: Layout, budget: int) -> tuple[int, ...]:
    """Shares of the budget: small layers are drawn whole, the rest is divided evenly among the others."""
    counts = [len(before.units) * len(here.units) for before, here in zip(layout.columns, layout.columns[1:], strict=False)]
    shares = [0] * len(counts)
    for place, layer in enumerate(sorted(range(len(counts)), key=counts.__getitem__)):
        shares[layer] = min(counts[layer], budget // (len(counts) - place))
        budget -= shares[layer]
    return tuple(shares)


def _layer(reading: Reading, layout: Layout, layer: int, allowed: int) -> Floats:
    """(n, 10) rows: ends 4, key 3, weight, shown value, hidden."""
    before, here = layout.column(layer - 1), layout.column(layer)
    sources, goals = np.array(before.units), np.array(here.units)
    values = reading.values(layer)
    weights, biases = reading.frame.weights[layer], reading.frame.biases[layer]
    shown, shown_biases = (weights, biases) if values is None else values
    chosen = _chosen(reading, layer, allowed, (sources, goals), shown if values is not None else weights)
    r, q = np.divmod(chosen, len(goals))
    rows = np.empty((len(chosen) + (len(goals) if here.roomy else 0), 10))
    edges = rows[: len(chosen)]
    edges[:, 0], edges[:, 2] = before.right, here.left
    edges[:, 1] = before.port_ys[r] + before.spread(len(goals))[q]
    edges[:, 3] = here.port_ys[q] + here.spread(len(sources))[r]
    edges[:, 4], edges[:, 5], edges[:, 6] = layer, sources[r], goals[q]
    edges[:, 7] = weights[sources[r], goals[q]]
    edges[:, 8] = shown[sources[r], goals[q]]
    if here.roomy:
        _bias_rows(rows[len(chosen):], here, layer, len(weights), biases, shown_biases)
    known = -1 if values is None else reading.known_edges[layer]
    rows[:, 9] = rows[:, 6] >= known
    done = reading.frame.known.terms
    if reading.working and reading.working[0] == layer and (reading.quantity, reading.phase) in COMING:
        # of the neuron at work, the terms done so far
        at_work = rows[:, 6] == reading.working[1]
        rows[:, 9] = np.where(at_work, rows[:, 5] >= done, rows[:, 9])
    return rows


def _auto(phase: str) -> str:
    return "gradients" if phase == "backward" else "weights"


def _bias_rows(rows: Floats, here: Column, layer: int, inputs: int, biases: Array, shown: Array) -> None:
    units = np.array(here.units)
    tops = np.array(here.ys) - here.height / 2
    rows[:, 0] = rows[:, 2] = here.x
    rows[:, 1], rows[:, 3] = tops - BIAS_ABOVE + BIAS_RADIUS, tops
    rows[:, 4], rows[:, 5], rows[:, 6] = layer, inputs, units
    rows[:, 7], rows[:, 8] = biases[units], shown[units]


def _chosen(reading: Reading, layer: int, allowed: int, units: tuple[Array, Array], shown: Array) -> Array:
    """Which of the edges between the shown units are drawn: numbers row by row."""
    sources, goals = units
    count = len(sources) * len(goals)
    if count <= allowed:
        return np.arange(count)
    whole = len(sources) == shown.shape[0] and len(goals) == shown.shape[1]
    strengths = np.abs(shown if whole else shown[np.ix_(sources, goals)]).ravel()
    chosen = np.argpartition(strengths, count - allowed)[count - allowed:]
    extra = _wanted(reading, layer, (sources, goals))
    return np.union1d(chosen, extra) if len(extra) else chosen


def _wanted(reading: Reading, layer: int, units: tuple[Array, Array]) -> Array:
    """Edges that are drawn however weak they are: the term at work, and what is pointed at."""
    sources, goals = units
    targets = [target for target in (reading.view.selected, reading.view.hovered)
               if isinstance(target, EdgeTarget) and target.layer == layer]
    if reading.working and reading.working[0] == layer and reading.frame.known.terms:
        targets.append(EdgeTarget(layer, reading.frame.known.terms - 1, reading.working[1]))
    numbers = [int(r) * len(goals) + int(q) for target in targets
               for r in np.flatnonzero(sources == target.row) for q in np.flatnonzero(goals == target.neuron)]
    return np.array(numbers, np.int64)


def _states(reading: Reading, keys: Array) -> Array:
    """(n,) waiting, known or at work, by the phase."""
    known, depth = reading.frame.known, reading.frame.network.depth
    phase, working = reading.phase, reading.working
    if phase in ("start", "loss") or reading.view.playing:
        return np.full(len(keys), KNOWN)
    counts = {"forward": known.outputs, "backward": known.gradients, "update": known.updated}[phase]
    done = np.array(counts)[keys[:, 0]] if depth else keys[:, 0]
    states = np.where(keys[:, 2] < done, KNOWN, WAITING)
    if working is not None:
        of_neuron = (keys[:, 0] == working[0]) & (keys[:, 2] == working[1])
        if phase == "update":
            states[of_neuron & (keys[:, 1] < known.terms)] = KNOWN
            states[of_neuron & (keys[:, 1] == known.terms - 1)] = WORK
        else:
            states[of_neuron & (keys[:, 1] < known.terms)] = WORK
    return states


def _shares(reading: Reading, keys: Array, states: Array, strength: Floats, count: int) -> Floats:
    """(n,) how far each tone goes towards the base."""
    phase = reading.phase
    waiting, known = {"forward": (0.72, 0.6), "update": (0.66, 0.25), "backward": (0.35, 0.35), "loss": (0.6, 0.6),
                      "start": (0.25, 0.25)}[phase]
    if reading.view.playing:
        waiting = known = 0.0
    shares: Floats = np.array((waiting, known, 0.0))[states]
    if phase == "backward" and reading.working is not None and not reading.view.playing:
        shares[keys[:, 0] == reading.working[0] + 1] = 0.0
    if count > FEW:
        # among many, the weak ones recede
        shares = 1 - (1 - shares) * (0.35 + 0.65 * np.sqrt(strength))
        shares[states == WORK] = 0.0
    for target in (reading.view.selected, reading.view.hovered):
        shares[touching(target, keys)] = 0.0
    if isinstance(reading.view.hovered, EdgeTarget):
        # one among edges that may all be at full tone: the others step back
        others = ~touching(reading.view.hovered, keys)
        shares[others] = np.maximum(shares[others], BESIDE)
    return shares


def touching(target: object, keys: Array) -> Array:
    """(n,) which edges are a target, or enter or leave it."""
    if isinstance(target, EdgeTarget):
        same: Array = (keys == np.array(target)).all(axis=1)
        return same
    if isinstance(target, NeuronTarget):
        leaving: Array = (keys[:, 0] == target.layer + 1) & (keys[:, 1] == target.neuron)
        entering: Array = (keys[:, 0] == target.layer) & (keys[:, 2] == target.neuron)
        return leaving | entering
    return np.zeros(len(keys), np.bool_)


def strands(edges: Edges, reading: Reading, theme: Theme) -> tuple[Strand, ...]:
    """Edges grouped by pen, in the order of painting: what waits, then what is known, then what is at work; thin before wide."""
    table = edges.table
    if not len(table):
        return ()
    calm = 0.5 if theme.name == "high-contrast" else 1.0
    negative = (np.where(edges.hidden, 0, table.shown) < 0).astype(np.int64)
    # few edges keep their exact tones and widths; many share few pens
    depth, step = (100, 10) if len(table) <= FEW else (20, 2)
    levels = np.rint(edges.shares * calm * depth).astype(np.int64)
    widths = np.rint(table.widths * step).astype(np.int64)
    lifted = np.where((edges.states == WORK) & ~edges.hidden, 2, (levels == 0) & ~edges.hidden).astype(np.int64)
    if isinstance(reading.view.hovered, EdgeTarget):
        lifted[touching(reading.view.hovered, table.keys)] = 3
    codes = (((lifted * 128 + widths) * 128 + levels) * 2 + negative) * 2 + edges.hidden
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    found = []
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        group, first = order[start:stop], order[start]
        width, level = float(widths[first]) / step, float(levels[first]) / depth
        ends = table.ends[group]
        if lifted[first] == 3:
            pointed = theme.line2 if edges.hidden[first] else theme.neg if negative[first] else theme.pos
            dash: Dash = "dotted" if edges.hidden[first] else "dashed" if negative[first] else "solid"
            found.append(Strand(ends, pointed, width, dash, table.curved, ((theme.ink, width + 7), (theme.base, width + 4))))
            continue
        if edges.hidden[first]:
            faint = theme.line2 if len(table) <= FEW else blend(theme.line2, theme.base, 0.6 * calm)
            found.append(Strand(ends, faint, width, "dotted", table.curved))
            continue
        colour = blend(theme.neg if negative[first] else theme.pos, theme.base, level)
        casings: tuple[tuple[str, float], ...] = ()
        if lifted[first] == 2:
            casings = ((theme.update, width + 8), (theme.base, width + 4)) if reading.phase == "update" else (
                (theme.base, width + 4),)
        found.append(Strand(ends, colour, width, "dashed" if negative[first] else "solid", table.curved, casings))
    return tuple(found)


def signs(edges: Edges, reading: Reading, theme: Theme) -> tuple[Sign, ...]:
    """Crosses where edges are cut; chevrons where gradients flow, triangles where weights rose or fell, if edges are few."""
    if reading.view.verdicts:
        return (*_cuts(edges, reading, theme), *_verdicts(edges, reading, theme))
    return (*_cuts(edges, reading, theme), *_moves(edges, reading, theme))


def _verdicts(edges: Edges, reading: Reading, theme: Theme) -> tuple[Sign, ...]:
    """A mark on every edge whose gradient was checked; where edges are many, only on those that do not simply agree."""
    table, found = edges.table, []
    colours = {"agrees": theme.ink2, "kink": theme.warn, "differs": theme.error}
    for edge, (layer, row, neuron) in enumerate(table.keys.tolist()):
        verdict = str(reading.view.verdicts[layer][row, neuron])
        if not verdict or (verdict == "agrees" and len(table) > FEW):
            continue
        (x,), (y,) = along(table.ends[edge : edge + 1], 0.36 + 0.14 * (row % 3), table.curved)
        if row == reading.frame.network.sizes[layer]:
            # a bias has hardly any edge: its mark stands clear of its disc
            x, y = table.ends[edge, 0] - BIAS_RADIUS - 9, table.ends[edge, 1] - BIAS_RADIUS
        found.append(Sign(_KINDS[verdict], float(x), float(y), 5.0, colours[verdict], theme.base))
    return tuple(found)


def _cuts(edges: Edges, reading: Reading, theme: Theme) -> tuple[Sign, ...]:
    table = edges.table
    found = []
    for place in reading.frame.experiment.learning.cut:
        for edge in np.flatnonzero((table.keys == np.array(place)).all(axis=1)).tolist():
            # off the middle, where the number stands
            (x,), (y,) = along(table.ends[edge : edge + 1], CUT_AT, table.curved)
            (right,), (below,) = along(table.ends[edge : edge + 1], CUT_AT + 0.02, table.curved)
            angle = float(np.degrees(np.arctan2(below - y, right - x)))
            found.append(Sign("cut", float(x), float(y), 6.0, theme.ink, theme.base, angle))
    return tuple(found)


def _moves(edges: Edges, reading: Reading, theme: Theme) -> tuple[Sign, ...]:
    table = edges.table
    weights_only = table.keys[:, 1] < np.array(reading.frame.network.sizes)[table.keys[:, 0]]
    if reading.view.playing or len(table) > FEW or reading.quantity != _auto(reading.phase):
        return ()
    if reading.phase == "backward":
        chosen = np.flatnonzero(weights_only & ~edges.hidden)
        return tuple(_chevron(table, edge, share, theme)
                     for edge in chosen.tolist() for share in ((0.14,) if edges.states[edge] == WORK else (0.2, 0.8)))
    if reading.phase == "update":
        # the edge at work says old → new itself
        chosen = np.flatnonzero(weights_only & (edges.states == KNOWN))
        scale = largest_change(reading)
        return tuple(sign for edge in chosen.tolist() if (sign := _move(table, edge, reading, scale, theme)))
    return ()


def largest_change(reading: Reading) -> float:
    """The largest |Δ| of this batch's update; 1 if nothing moves."""
    return max((float(np.nan_to_num(np.abs(change)).max()) for change in reading.change), default=0.0) or 1.0


def _chevron(table: EdgeTable, edge: int, share: float, theme: Theme) -> Sign:
    ends = table.ends[edge : edge + 1]
    (x,), (y,) = along(ends, share, table.curved)
    (right,), (below,) = along(ends, share + 0.02, table.curved)
    angle = float(np.degrees(np.arctan2(below - y, right - x)))
    return Sign("chevron", float(x), float(y), 5.5, theme.backward, theme.base, angle)


def _move(table: EdgeTable, edge: int, reading: Reading, scale: float, theme: Theme) -> Sign | None:
    layer, row, neuron = table.keys[edge].tolist()
    change = float(reading.change[layer][row, neuron])
    if change == 0 or not np.isfinite(change):
        return None
    # staggered, so that the signs of edges into one neuron do not meet
    (x,), (y,) = along(table.ends[edge : edge + 1], 0.36 + 0.14 * (row % 3), table.curved)
    size = 4 + 4 * min(abs(change) / scale, 1)
    return Sign("rose" if change > 0 else "fell", float(x), float(y), size, theme.update, theme.base)
