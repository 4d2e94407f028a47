"""The arithmetic of the moment, in words and numbers: what the equation panel, the inspector and a screen reader show.

A frame becomes a caption: plain frozen data, with formulas, rows, cards and lines, and a sentence that says it all. Every number is
the trace's own, or a product of two of its numbers written out beside it; what the moment does not know yet is "?". Each phase
has its module; this one only chooses. It refuses to know a widget.
"""

from dataclasses import replace

from nnsim.core.initializers import INITIALIZERS
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.picture import numbers
from nnsim.picture.caption_backward import BackwardStep
from nnsim.picture.caption_batch import batch_caption
from nnsim.picture.caption_forward import ForwardStep
from nnsim.picture.caption_loss import loss_caption
from nnsim.picture.caption_parts import Caption
from nnsim.picture.caption_place import place
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.caption_update import UpdateStep
from nnsim.picture.targets import Target

__all__ = ["Caption", "caption"]


def caption(frame: Frame, selected: Target | None = None, digits: int | None = 3, whole_batch: bool = False) -> Caption:
    """The arithmetic of the neuron or weight at work, or of ``selected`` as far as this moment knows it.

    ``whole_batch``: at a batch's end, where nothing is selected, tell of the batch and not of the parameter that came last.

    ``digits``: decimals of weights and outputs, and significant digits of deltas and gradients; None shows all digits.
    """
    told = _told(frame, selected, Rounding(digits), whole_batch)
    if frame.probe is None:
        return told
    # a probe's numbers are its own, and are never taken for the batch's
    name = frame.probe.name(frame.dataset)
    return replace(told, title=f"Probe · {told.title}", short_title=f"Probe · {told.short_title}",
                   sentence=f"Probe, {name}: {told.sentence}")


def _told(frame: Frame, selected: Target | None, rounding: Rounding, whole_batch: bool) -> Caption:
    trace = frame.trace
    if trace is None or frame.mark is None:
        return _start(frame)
    if whole_batch and selected is None and frame.mark.closes >= Grain.BATCH:
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
    facts = (
        f"{sizes}: {numbers.count(network.parameter_count, 'parameter')}, the weights {given}, seed {experiment.seed}.",
        f"{rows} in {numbers.count(frame.batches, 'batch', 'batches')} an epoch.",
        "Press → to compute the first sum.",
    )
    formulas = r"z = W^{\top} x + b", r"z_{q} = \sum_{r} W_{r q} \, x_{r} + b_{q}", "a_{q} = f(z_{q})"
    return Caption(
        "start",
        "The untouched network",
        "The untouched network",
        formulas,
        "Nothing is computed yet. Press → to compute the first sum.",
        facts=facts,
    )
