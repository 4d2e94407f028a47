"""The caption of a finished batch as a whole: what its rows cost, how long its gradient is, and what its update moved most.

It is apart from the update's own caption, which follows one parameter, since who steps from batch to batch has followed none. Its
numbers are the trace's own, or a length of one of its arrays. It refuses to judge whether the batch did any good.
"""

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.losses import LOSSES
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.caption_optimizers import FORMULAS, MEMORY_FORMULAS
from nnsim.picture.caption_parts import Caption, Line, Move, Number
from nnsim.picture.caption_place import coming
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.latex_parts import text
from nnsim.picture.targets import EdgeTarget


def batch_caption(frame: Frame, trace: Trace, rounding: Rounding) -> Caption:
    """What one batch did, at its end. The largest change leads to its weight."""
    change = trace.after - trace.before
    edge, name = _moved_most(frame, change)
    index = frame.network.index(*edge)
    old, new = rounding.moving(float(trace.before[index]), float(trace.after[index]))
    moved = float(change[index])
    largest = Number(rounding.line(moved), moved, edge)
    batch = frame.moment.batch % frame.batches + 1
    short = f"Batch {batch:,} of {frame.batches:,}"
    said = f"Its rows cost {rounding.line(trace.loss, False)} on average before the update, which changed {name} most."
    if moved == 0:
        said = "Its update changed no weight at all."
    return Caption(
        "update",
        f"{short} in epoch {frame.epoch + 1:,}: what it changed",
        short,
        (FORMULAS[frame.experiment.learning.optimizer], *MEMORY_FORMULAS[frame.experiment.learning.optimizer]),
        f"{said} {coming(frame)}".strip(),
        lines=(*_lines(frame, trace, change, rounding), Line(r"\max |\Delta|", "largest change", text(name), largest)),
        move=Move(Number(old, float(trace.before[index]), edge), Number(new, float(trace.after[index]), edge), "", ""),
    )


def _lines(frame: Frame, trace: Trace, change: Array, rounding: Rounding) -> tuple[Line, ...]:
    rows, parameters = numbers.count(trace.samples, "row"), numbers.count(len(trace.gradient), "parameter")
    learning = frame.experiment.learning
    gradient = "correction" if learning.optimizer == "perceptron" else "gradient"
    lines = [_line("L", f"{LOSSES[learning.loss].title} before the update", f"{rows} of the batch", trace.loss, rounding),
             _line(r"\Vert g \Vert", f"length of the {gradient}", parameters, _length(trace.gradient), rounding)]
    if trace.clip_factor != 1:
        lines.append(_line("", f"clipped to length {learning.clip_norm:g}", "times", trace.clip_factor, rounding))
    lines.append(_line(r"\Vert \Delta \Vert", "length of the step", f"rate {trace.rate:.6g}", _length(change), rounding))
    return tuple(lines)


def _line(symbol: str, meaning: str, arithmetic: str, value: float, rounding: Rounding) -> Line:
    return Line(symbol, meaning, text(arithmetic), Number(rounding.line(value, False), value))


def _length(vector: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(vector))


def _moved_most(frame: Frame, change: Array) -> tuple[EdgeTarget, str]:
    """The parameter with the largest change, and its name."""
    sizes = [np.nan_to_num(np.abs(layer)) for layer in frame.network.layers(change)]
    layer = int(np.argmax([float(size.max()) for size in sizes]))
    row, neuron = (int(place) for place in np.unravel_index(int(sizes[layer].argmax()), sizes[layer].shape))
    name = f"b[{neuron + 1}]" if row == frame.network.sizes[layer] else f"W[{row + 1},{neuron + 1}]"
    return EdgeTarget(layer, row, neuron), f"L{layer + 1} {name}"
