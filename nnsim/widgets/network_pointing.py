"""What on a picture of the network lies where: for the mouse the thing under it, for the keyboard the next one to go to.

It is apart from the view since it needs no window, only the picture. It refuses to change anything.
"""

import numpy as np

from nnsim.picture import numbers
from nnsim.picture.picture import Picture
from nnsim.picture.targets import NeuronTarget, Target

REACH = 6.0  # half of the least width at which an edge, or a small cell, can be pointed at
SMALL = frozenset({"delta δ", "∂L/∂W", "change"})
Facts = tuple[tuple[str, float], ...]


def target_at(picture: Picture, x: float, y: float, size: float = 1) -> Target | None:
    """The target at a point of the picture. ``size``: of a screen pixel there, so that small things stay easy to hit."""
    reach = REACH * size
    found = [cell for cell in picture.cells if cell.target is not None
             and abs(x - cell.x) <= max(cell.width / 2, reach) and abs(y - cell.y) <= max(cell.height / 2, reach)]
    if found:
        cell = min(found, key=lambda cell: (x - cell.x) ** 2 + (y - cell.y) ** 2)
        return cell.target_at(x, y)
    edges = picture.edges
    if not len(edges):
        return None
    # how far outside of the line itself: a wide one may be hit beside its middle
    away = edges.distances(x, y)
    outside = np.maximum(away - edges.widths / 2, 0)
    hit = away <= np.maximum(reach, edges.widths / 2)
    if not hit.any():
        return None
    return edges.target(int(np.argmin(np.where(hit, outside + away * 1e-3, np.inf))))


def entrance(picture: Picture) -> NeuronTarget | None:
    """Where the keyboard enters: the neuron at work, else the first input."""
    for cell in picture.cells:
        if cell.ring and isinstance(cell.target, NeuronTarget):
            return cell.target
    return next(picture.targets(), None)


def neighbour(picture: Picture, place: NeuronTarget, across: int, down: int) -> NeuronTarget:
    """The neuron above or below, or in the next column along the strongest edge that is drawn; at the rim, the same one."""
    columns = picture.columns
    column = place.layer + 1
    if place not in columns[column]:
        return place
    row = columns[column].index(place)
    if not across:
        return columns[column][min(max(row + down, 0), len(columns[column]) - 1)]
    if not 0 <= column + across < len(columns):
        return place
    edges = picture.edges
    layer, source, goal = edges.keys.T
    if across > 0:
        candidates = np.flatnonzero((layer == place.layer + 1) & (source == place.neuron))
    else:
        # the row after the last input is the bias, which leads nowhere
        candidates = np.flatnonzero((layer == place.layer) & (goal == place.neuron)
                                    & np.isin(source, [target.neuron for target in columns[column - 1]]))
    if len(candidates):
        strengths = np.abs(np.nan_to_num(edges.shown[candidates])) + np.abs(edges.weights[candidates]) * 1e-9
        key = edges.target(int(candidates[np.argmax(strengths)]))
        return NeuronTarget(key.layer, key.neuron) if across > 0 else NeuronTarget(place.layer - 1, key.row)
    beside = columns[column + across]
    return beside[round(row * (len(beside) - 1) / max(len(columns[column]) - 1, 1))]


def target_facts(picture: Picture, target: Target) -> tuple[str, Facts]:
    """A target's name and its exact numbers."""
    if isinstance(target, NeuronTarget):
        return _neuron_facts(picture, target)
    rows = np.flatnonzero((picture.edges.keys == np.array(target)).all(axis=1))
    goal = NeuronTarget(target.layer, target.neuron)
    source = NeuronTarget(target.layer - 1, target.row)
    bias = target.row >= picture.sizes[target.layer]
    name = picture_name(picture, goal) if bias else f"{picture_name(picture, source)} → {picture_name(picture, goal)}"
    if tuple(target) in picture.edges.cut:
        name = f"{name}, cut: held at 0"
    if not len(rows):
        cell = picture.cell_of.get(target)
        return name, cell.facts if cell else ()
    index = int(rows[0])
    what = "bias b" if bias else f"weight W[{target.row + 1},{target.neuron + 1}]"
    facts: Facts = ((what, float(picture.edges.weights[index])),)
    shown = float(picture.edges.shown[index])
    if picture.edges.quantity != "weight" and not np.isnan(shown):
        facts = (*facts, (picture.edges.quantity, shown))
    return name, facts


def rounded(what: str, value: float) -> str:
    """A fact's number as it stands on the diagram: fixed decimals for weights and outputs, significant digits for what is small."""
    return numbers.significant(value) if what in SMALL else numbers.fixed(value)


def picture_name(picture: Picture, target: NeuronTarget) -> str:
    """A neuron's name: its cell's, or its numbers where it has none of its own."""
    cell = picture.cell_of.get(target)
    if cell is not None and cell.units == 1:
        return cell.name
    return f"L{target.layer + 1}·{target.neuron + 1}" if target.layer >= 0 else f"x{target.neuron + 1}"


def _neuron_facts(picture: Picture, target: NeuronTarget) -> tuple[str, Facts]:
    cell = picture.cell_of.get(target)
    if cell is not None and cell.units == 1:
        return cell.name, cell.facts
    block = picture.holding(target)
    place = target.neuron - (block.target.neuron if block is not None and isinstance(block.target, NeuronTarget) else 0)
    if block is None or place >= len(block.facts):
        return picture_name(picture, target), ()
    fact = block.facts[place]
    return fact[0], (("value", fact[1]),)
