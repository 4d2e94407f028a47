"""What the captions of all phases ask about a frame: which neuron is on show, what its inputs are called, and what comes next.

It is apart because forward, backward and update ask the same questions. It refuses to word a caption.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain, Mark
from nnsim.picture import numbers
from nnsim.picture.targets import EdgeTarget, NeuronTarget, Target

MOST_ROWS = 120
"""Rows a table shows at most; the rest is said in words."""
IN_ORDER = 16
"""Up to so many rows stand in the order of the inputs; more are sorted by size."""


@dataclass(frozen=True)
class Place:
    """The neuron whose arithmetic is on show (from 0), and the term marked in it."""

    layer: int
    neuron: int
    term: int | None
    working: bool
    """Whether it is the neuron at work, not one that was chosen."""


def place(frame: Frame, selected: Target | None) -> Place | None:
    """The neuron to explain: the chosen one, else the one at work; None where there is neither."""
    if isinstance(selected, EdgeTarget) and _exists(frame, selected.layer, selected.neuron):
        return Place(
            selected.layer, selected.neuron, selected.row, frame.known.working == (selected.layer, selected.neuron)
        )
    working, mark = frame.known.working, frame.mark
    if isinstance(selected, NeuronTarget) and _exists(frame, *selected) and selected != working:
        return Place(selected.layer, selected.neuron, None, False)
    if working is None or mark is None:
        return None
    return Place(*working, mark.term, True)


def at_batch_end(frame: Frame) -> bool:
    """Whether all of a batch is done: then what is told and drawn is about the batch, not about the parameter that came last."""
    return frame.mark is not None and frame.mark.closes >= Grain.BATCH


def at_work(frame: Frame) -> tuple[int, int] | None:
    """(layer, neuron) that a moment is about; None at the start, at the loss, and at a batch's end."""
    return None if at_batch_end(frame) else frame.known.working


def _exists(frame: Frame, layer: int, neuron: int) -> bool:
    return 0 <= layer < frame.network.depth and neuron < frame.network.widths[layer]


def source_name(frame: Frame, layer: int, row: int) -> str:
    """What row ``row`` of ``layer`` comes from: L1·2, or the input's own name."""
    if row == frame.network.sizes[layer]:
        return "bias"
    return frame.dataset.fed_names[row] if layer == 0 else f"L{layer}·{row + 1}"


def badge(frame: Frame, layer: int, row: int) -> str:
    """The row's badge: its number from 1, or b."""
    return "b" if row == frame.network.sizes[layer] else str(row + 1)


def output_name(frame: Frame, neuron: int) -> str:
    """What an output stands for."""
    names = frame.dataset.target_names
    return names[neuron] if len(names) == frame.network.widths[-1] else f"output {neuron + 1}"


def entering(frame: Frame, trace: Trace, layer: int) -> Array:
    """(inputs, samples) what enters a layer."""
    return trace.passed[layer - 1] if layer else trace.inputs


def layer_before(frame: Frame, trace: Trace, layer: int) -> Array:
    """(inputs + 1, neurons) a layer's parameters before the update, biases in the last row."""
    return frame.network.layers(trace.before)[layer]


def arrangement(sizes: Array, at_work: int | None) -> tuple[list[int], str]:
    """The order in which rows stand, and a word about it. ``sizes``: how much each row contributes, in the inputs' order.

    The bias, the last of them, stays last. With a term at work the order is the inputs', around that term.
    """
    count = len(sizes)
    if count <= IN_ORDER:
        return list(range(count)), ""
    all_terms = numbers.whole(count)
    if at_work is not None:
        first = max(0, min(at_work - MOST_ROWS // 2, count - MOST_ROWS))
        order = list(range(first, min(first + MOST_ROWS, count)))
        last = order[-1] + 1
        return order, "" if len(order) == count else f"terms {numbers.whole(first + 1)} to {numbers.whole(last)} of {all_terms}"
    finite = np.nan_to_num(np.abs(sizes[:-1]), nan=np.inf)
    order = np.argsort(-finite, kind="stable")[: MOST_ROWS - 1].tolist()
    return [*order, count - 1], (
        f"{all_terms} terms, the largest first"
        if count <= MOST_ROWS
        else f"the {numbers.whole(MOST_ROWS)} largest of {all_terms} terms"
    )


def coming(frame: Frame) -> str:
    """What the next mark brings, such as "Next: neuron 2."; empty where nothing is at work.

    After a batch that diverged nothing comes, which is said.
    """
    mark, number = frame.mark, frame.moment.mark
    if mark is None or frame.probe is not None:
        return ""
    if number >= frame.marks.count:
        broken = frame.divergence is not None and frame.moment.batch >= frame.divergence.batch
        return "Nothing follows: this batch diverged." if broken else "Next: the next batch."
    return f"Next: {_difference(frame, mark, frame.marks.at(number + 1))}."


def _difference(frame: Frame, here: Mark, there: Mark) -> str:
    if there.phase != here.phase or there.sample != here.sample:
        if there.phase == "forward":
            return f"sample {(there.sample or 0) + 1}"
        return {"loss": "the loss", "backward": "the way back", "update": "the update"}[there.phase]
    if there.layer != here.layer:
        return f"layer {(there.layer or 0) + 1}"
    if there.neuron != here.neuron:
        return f"neuron {(there.neuron or 0) + 1}"
    if there.term is None:
        return "its output" if there.phase == "forward" else "its delta"
    if there.term == frame.network.sizes[there.layer or 0]:
        return "the bias"
    if there.phase == "forward":
        return f"term {there.term + 1}"
    return f"weight {there.term + 1}"

