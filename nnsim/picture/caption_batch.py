"""The caption of a finished batch as a whole: what its rows cost, how long its gradient is, and what its update moved most.

It is apart from the update's own caption, which follows one parameter, since who steps from batch to batch has followed none. Its
numbers are the trace's own, or a length of one of its arrays. It refuses to judge whether the batch did any good.
"""

from dataclasses import replace

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.trace import Trace
from nnsim.engine.experiment import Learning
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.caption_given import GIVEN, clip_lines, norm_line, rules
from nnsim.picture.caption_loss import mean_in_full
from nnsim.picture.caption_parts import Caption, Line, Move, Number
from nnsim.picture.caption_place import Place, coming
from nnsim.picture.caption_rounding import Rounding, exact
from nnsim.picture.caption_update import UpdateStep
from nnsim.picture.latex_parts import guarded, number, product, text
from nnsim.picture.lengths import changed, held, is_shaped, largest, length
from nnsim.picture.targets import EdgeTarget


def batch_caption(frame: Frame, trace: Trace, rounding: Rounding) -> Caption:
    """What one batch did, at its end. The largest change leads to its weight."""
    change = changed(trace)
    edge, name = _moved_most(frame, change)
    index = frame.network.index(*edge)
    old, new = rounding.moving(float(trace.before[index]), float(trace.after[index]))
    moved = float(change[index])
    largest = Number(rounding.line(moved), moved, edge)
    batch = frame.moment.batch % frame.batches + 1
    short = f"Batch {numbers.whole(batch)} of {numbers.whole(frame.batches)}"
    said = f"Its rows cost {rounding.line(trace.loss, False)} on average before the update, which changed {name} most."
    if moved == 0:
        said = "Its update changed no weight at all."
    return Caption(
        "update",
        f"{short} in epoch {numbers.whole(frame.epoch + 1)}: what it changed",
        short,
        rules(frame.experiment.learning, frame.network, False, trace.clip_factor != 1),
        f"{said} {coming(frame)}".strip(),
        lines=(*_lines(frame, trace, change, rounding), _last(frame, trace, rounding),
               Line(r"\max |\Delta|", "largest change", text(name), largest,
                    f"{text(f'{name}: ')} {number(new)} - {guarded(number(old))}" if rounding.is_exact else "")),
        move=Move(Number(old, float(trace.before[index]), edge), Number(new, float(trace.after[index]), edge), "", ""),
    )


def _lines(frame: Frame, trace: Trace, change: Array, rounding: Rounding) -> tuple[Line, ...]:
    rows = numbers.count(trace.samples, "row")
    learning = frame.experiment.learning
    gradient = "correction" if learning.optimizer == "perceptron" else "gradient"
    norm = norm_line(frame.network, trace.gradient, r"\Vert g\Vert", f"length of the {gradient}", rounding)
    lines = [_line("L", f"{LOSSES[learning.loss].title} before the update", f"{rows} of the batch", trace.loss, rounding,
                   mean_in_full(trace.losses, rounding)),
             replace(norm, terms=_squares(trace.gradient, rounding))]
    if trace.clip_factor != 1:
        # without penalties and with nothing held the length that is clipped is the one above
        first = 0 if is_shaped(learning, frame.network) else 1
        lines += tuple(clip_lines(learning, frame.network, trace, rounding))[first:]
    given = "g"
    if not np.array_equal(trace.step_gradient, trace.gradient):
        given = GIVEN
        lines.append(replace(
            norm_line(frame.network, trace.step_gradient, rf"\Vert {given}\Vert", f"given on: {_changes(frame, trace)}", rounding),
            terms=_squares(trace.step_gradient, rounding)))
    lines.append(_step_line(learning, trace, change, given, rounding))
    return tuple(lines)


def _step_line(learning: Learning, trace: Trace, change: Array, given: str, rounding: Rounding) -> Line:
    """How long the step is: the rate times the gradient's length under gradient descent only."""
    size, name = length(change), OPTIMIZERS[learning.optimizer].title
    plain_step = learning.optimizer in ("gradient-descent", "perceptron")
    if plain_step:
        rate, norm = number(rounding.setting(trace.rate)), number(rounding.line(length(trace.step_gradient), False))
        how = product(rate, norm)
    else:
        how = text(f"by {name}, not η times {'‖g‖' if given == 'g' else '‖g′‖'}")
    return Line(r"\Vert \Delta\Vert", "length of the step", how, Number(rounding.line(size, False), size),
                _squares(change, rounding))


def _changes(frame: Frame, trace: Trace) -> str:
    """Why what is given on is not the gradient itself."""
    learning = frame.experiment.learning
    stays = len(held(learning, frame.network))
    cut = len(set(learning.cut))
    reasons = [f"{stays - cut} frozen" if stays > cut else "", f"{cut} cut" if cut else "",
               "penalties" if learning.l1 or learning.l2 else "", "clipped" if trace.clip_factor != 1 else ""]
    return ", ".join(filter(None, reasons))


def _line(symbol: str, meaning: str, arithmetic: str, value: float, rounding: Rounding, terms: str) -> Line:
    return Line(symbol, meaning, text(arithmetic), Number(rounding.line(value, False), value), terms)


def _last(frame: Frame, trace: Trace, rounding: Rounding) -> Line:
    """The parameter whose update came last, in one line: who walked here step by step has followed it."""
    layer = frame.network.depth - 1
    where = Place(layer, frame.network.widths[layer] - 1, frame.network.sizes[layer], True)
    line = UpdateStep(frame, trace, where, rounding).last_line()
    return replace(line, meaning=f"the last one, L{layer + 1} b[{where.neuron + 1}]")


def _squares(vector: Array, rounding: Rounding) -> str:
    """The same term by term, where all digits are asked for."""
    return rounding.in_full([f"{guarded(number(exact(each)))}^{{2}}" for each in rounding.listed(vector)], r"\sqrt{{{}}}")


def _moved_most(frame: Frame, change: Array) -> tuple[EdgeTarget, str]:
    """The parameter with the largest change, and its name."""
    layer, row, neuron = largest(change, frame.network)
    name = f"b[{neuron + 1}]" if row == frame.network.sizes[layer] else f"W[{row + 1},{neuron + 1}]"
    return EdgeTarget(layer, row, neuron), f"L{layer + 1} {name}"
