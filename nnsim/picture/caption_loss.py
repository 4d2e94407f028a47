"""The caption of the loss: how wrong one sample's outputs are, output by output, and how the batch stands so far.

Each output's term comes from the same table of losses that training uses; the sample's loss is the trace's own number.
"""

from nnsim.core.activations import Array
from nnsim.core.losses import LOSSES, Loss
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.caption_parts import Caption, LossTerm, LossTerms, Number
from nnsim.picture.caption_place import MOST_ROWS, coming, output_name
from nnsim.picture.caption_rounding import Rounding, exact
from nnsim.picture.latex_functions import LOSS_FORMULAS, loss_arithmetic
from nnsim.picture.latex_parts import added, fraction, number, shortened, variable
from nnsim.picture.shown_arithmetic import relation
from nnsim.picture.targets import NeuronTarget

_SHOWN_LOSSES = 5


def loss_caption(frame: Frame, trace: Trace, sample: int, rounding: Rounding, most: int | None = MOST_ROWS) -> Caption:
    """The loss of one sample, with a row for each of the first ``most`` outputs, its own class among them; None: of all."""
    loss = LOSSES[frame.experiment.learning.loss]
    column = slice(sample, sample + 1)
    z, a, y = trace.sums[-1][:, column], trace.outputs[-1][:, column], trace.targets[:, column]
    each = loss.each(z, a, y)[:, 0].tolist()
    listed, note = _listed(len(each), int(y[:, 0].argmax()) if frame.dataset.task == "classes" else 0, most)
    rows = tuple(_row(frame, k, float(y[k, 0]), float(a[k, 0]), each[k], rounding) for k in listed)
    value, outputs = float(trace.losses[sample]), len(each)
    how = "mean" if loss.per_output else "sum"
    label = "the sample's loss" if outputs == 1 else f"{how}: the sample's loss"
    losses = trace.losses[: sample + 1]
    last = sample + 1 == trace.samples
    mean = trace.loss if last else float(losses.mean())
    which = "the batch's loss" if last else f"mean of samples 1–{sample + 1}" if sample else "sample 1"
    if frame.probe is not None:
        which = "this sample alone"
    so_far = f"{which}: {rounding.small(mean, False)}"
    shown = rounding.small(value, False)
    name = f"Sample {sample + 1}" if frame.probe is None else "The sample"
    total = Number(shown, value)
    return Caption(
        "loss",
        f"{name}: how wrong? {loss.title[0].upper()}{loss.title[1:]}",
        f"Loss of {name[0].lower()}{name[1:]}",
        _formulas(loss, outputs) if frame.probe is None else _formulas(loss, outputs)[:-1],
        f"{_words(frame, y[:, 0].tolist(), a[:, 0].tolist(), rounding)} The sample's loss is {shown}. {coming(frame)}",
        loss=LossTerms(
            ("target y", "output ŷ", "term"), rows, label, loss.per_output, total, tuple(losses.tolist()), trace.samples,
            _mean(losses.tolist(), mean, last, rounding) if frame.probe is None else "", so_far, note
        ),
    )


def _listed(outputs: int, own: int, most: int | None) -> tuple[list[int], str]:
    """Which outputs have a row, and a word about it where not all have: the first ``most``, with the sample's ``own`` class."""
    listed = list(range(outputs)[:most])
    if len(listed) == outputs:
        return listed, ""
    of_all = f"of {numbers.whole(outputs)} outputs"
    if own < len(listed):
        return listed, f"the first {numbers.whole(len(listed))} {of_all}"
    # of a cross-entropy it alone has a part in the loss
    return [*listed[:-1], own], f"the first {numbers.whole(len(listed) - 1)} {of_all}, and its own"


def mean_in_full(losses: Array, rounding: Rounding) -> str:
    """The mean of a batch's losses term by term, where all digits are asked for."""
    return rounding.in_full([number(exact(each)) for each in rounding.listed(losses)], rf"\frac{{{{{{}}}}}}{{{{{len(losses)}}}}}")


def _formulas(loss: Loss, outputs: int) -> tuple[str, ...]:
    """The loss of one sample, and the batch's, which is their mean."""
    mean = r"L = \frac{1}{n} \sum_{i} \ell_{i}"
    if outputs == 1:
        return rf"\ell = {LOSS_FORMULAS[loss.name]('y', variable('y', hat=True))}", mean
    term = LOSS_FORMULAS[loss.name](variable("y", "k"), variable("y", "k", hat=True))
    if " - " in term and loss.name not in ("mse", "mae"):
        term = f"({term})"
    share = rf"\frac{{1}}{{{outputs}}} " if loss.per_output else ""
    if loss.name == "cross-entropy":
        return rf"\ell = -\sum_{{k}} {term.removeprefix('-')}", mean
    return rf"\ell = {share}\sum_{{k}} {term}", mean


def _mean(losses: list[float], mean: float, last: bool, rounding: Rounding) -> str:
    """The mean of the losses so far with its numbers; L once the batch is whole."""
    shown = [number(rounding.small(value, False)) for value in losses]
    name = "L" if last else r"\bar{\ell}"
    terms = shown if rounding.is_exact else shortened(shown, _SHOWN_LOSSES)
    whole, result = fraction(added(terms), str(len(losses))), rounding.small(mean, False)
    return f"{name} = {whole} {relation(whole, result)} {number(result)}"


def _row(frame: Frame, k: int, y: float, a: float, term: float, rounding: Rounding) -> LossTerm:
    here = NeuronTarget(frame.network.depth - 1, k)
    shown = rounding.fixed(a, frame.network.activations[-1] not in ("sigmoid", "softmax", "step"))
    whole = _whole(y, rounding)
    return LossTerm(
        output_name(frame, k),
        Number(whole, y),
        Number(shown, a, here),
        loss_arithmetic(frame.experiment.learning.loss, number(whole), number(rounding.fixed(a)), y, a),
        Number(rounding.small(term, False), term, here),
        "working" if frame.dataset.task == "classes" and y == 1 else "done",
    )


def _whole(y: float, rounding: Rounding) -> str:
    """A target: without decimals where it has none."""
    return rounding.fixed(y, False) if y % 1 else f"{y:.0f}".replace("-", numbers.MINUS)


def _words(frame: Frame, y: list[float], a: list[float], rounding: Rounding) -> str:
    if len(y) == 1:
        return f"The target is {_whole(y[0], rounding)}, the network says {rounding.fixed(a[0], False)}."
    if frame.dataset.task != "classes":
        return f"{len(y)} outputs are compared with their targets."
    right, best = y.index(max(y)), a.index(max(a))
    if right == best:
        return f"It is {output_name(frame, right)}, and the network says so with {rounding.fixed(a[best], False)}."
    return (
        f"It is {output_name(frame, right)}, but the network says {output_name(frame, best)} with "
        f"{rounding.fixed(a[best], False)}."
    )
