"""The arithmetic of the moment, in words and numbers: what the equation panel, the inspector and a screen reader show.

A frame becomes a caption: plain frozen data, with formulas, rows, cards and lines, and a sentence that says it all. Every number is
the trace's own, or a product of two of its numbers written out beside it; what the moment does not know yet is "?". Each phase
has its module; this one only chooses. It refuses to know a widget.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from nnsim.core.initializers import INITIALIZERS
from nnsim.engine.frame import Frame
from nnsim.engine.kernel_terms import initial_theta
from nnsim.engine.moments import START
from nnsim.picture import numbers
from nnsim.picture.caption_backward import BackwardStep
from nnsim.picture.caption_batch import batch_caption
from nnsim.picture.caption_forward import ForwardStep
from nnsim.picture.caption_loss import loss_caption
from nnsim.picture.caption_parts import Caption
from nnsim.picture.caption_place import at_batch_end, place
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.caption_update import UpdateStep
from nnsim.picture.targets import Target

__all__ = ["Caption", "caption"]


def caption(frame: Frame, selected: Target | None = None, digits: int | None = 3) -> Caption:
    """The arithmetic of the neuron or weight at work, or of ``selected`` as far as this moment knows it.

    At a batch's end, where nothing is selected, it tells of the batch as a whole, however that moment was reached.

    ``digits``: decimals of weights and outputs, and significant digits of deltas and gradients; None shows all digits.
    """
    told = _named(frame, _told(frame, selected, Rounding(digits)))
    return told if digits is None else replace(told, in_full=partial(caption, frame, selected, None))


def _named(frame: Frame, told: Caption) -> Caption:
    if frame.probe is None:
        return told
    # a probe's numbers are its own, and are never taken for the batch's
    name = frame.probe.name(frame.dataset)
    return replace(told, title=f"Probe · {told.title}", short_title=f"Probe · {told.short_title}",
                   sentence=f"Probe, {name}: {told.sentence}")


def _told(frame: Frame, selected: Target | None, rounding: Rounding) -> Caption:
    trace = frame.trace
    if trace is None or frame.mark is None:
        return _start(frame)
    if selected is None and at_batch_end(frame):
        return batch_caption(frame, trace, rounding)
    where, sample = place(frame, selected), frame.sample
    if frame.phase == "update" and where is not None:
        return UpdateStep(frame, trace, where, rounding).caption()
    assert sample is not None, "outside the update a sample is at work"
    if where is None:
        return loss_caption(frame, trace, sample, rounding)
    if frame.phase == "backward":
        return BackwardStep(frame, trace, where, sample, rounding).caption()
    return ForwardStep(frame, trace, where, sample, rounding).caption()


def _start(frame: Frame) -> Caption:
    experiment, network = frame.experiment, frame.network
    sizes = "-".join(str(size) for size in network.sizes)
    given = (
        "given with the experiment" if experiment.start else f"drawn by {INITIALIZERS[experiment.initializer].title}"
    )
    rows = numbers.count(len(frame.dataset.train), "training row")
    # an edit leaves the cursor before a batch that has not begun, at the very start too
    place = f"Before batch {numbers.whole(frame.batch + 1)} of epoch {numbers.whole(frame.epoch + 1)}"
    if frame.moment != START:
        title, history = place, "as training and edits have left them."
    elif np.array_equal(frame.theta, initial_theta(experiment, network).astype(frame.theta.dtype)):
        title, history = "The untouched network", f"the weights {given}, seed {experiment.seed}."
    else:
        title, history = f"{place}, edited", f"{given}, seed {experiment.seed}, then edited."
    goes_on = "Press → to begin, or Space to play." if frame.moment == START else "Press → to go on."
    facts = (
        f"{sizes}: {numbers.count(network.parameter_count, 'parameter')}, {history}",
        f"{rows} in {numbers.count(frame.batches, 'batch', 'batches')} an epoch.",
        "A batch goes forward to its loss, then backward, and ends in the update of the parameters.",
        goes_on,
    )
    formulas = r"z = W^{\top} x + b", r"z_{q} = \sum_{r} W_{r q} \, x_{r} + b_{q}", "a_{q} = f(z_{q})"
    return Caption(
        "start",
        title,
        title,
        formulas,
        f"{title}: nothing of batch {numbers.whole(frame.batch + 1)} is computed yet. {goes_on}",
        facts=facts,
    )
