"""What each row adds to the loss by itself: how the worst predictions are found.

It is apart from scoring, which wants one mean and wants it fast, batch after batch; this is asked for when somebody looks at single
rows. A frame carries outputs but no sums, so the sums are worked out backwards, and where an output is so near 0 or 1 that they
cannot be, the row is sent through the network once more. It refuses rows that are not in the data set.
"""

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.forward import ForwardPass, with_ones
from nnsim.core.losses import LOSSES, Loss
from nnsim.engine.frame import Frame

UNSURE = 0.999
"""An output so far from a target of 0 or 1 is too near the other end for its sum to be worked out."""
PORTION = 1024
"""Rows that are sent through the network at once."""


def own_losses(frame: Frame, rows: Array, outputs: Array) -> Array:
    """(rows,) float64: the own loss of each row of the data set, for the frame's ``outputs`` (rows, outputs) of these rows.

    Their mean over the training rows is the frame's loss. NaN and inf stand where an output is not finite.
    """
    loss = LOSSES[frame.experiment.learning.loss]
    activation, targets = frame.network.activations[-1], frame.dataset.targets[rows]
    given = outputs.astype(np.float64)
    with np.errstate(all="ignore"):
        own = _own(loss, _sums(activation, given), given, targets)
        if loss.fused_with == activation:
            unsure = np.flatnonzero((np.abs(targets - given) > UNSURE).any(axis=1))
            for start in range(0, len(unsure), PORTION):
                portion = unsure[start : start + PORTION]
                own[portion] = _sent_again(frame, loss, rows[portion])
    return own


def _own(loss: Loss, sums: Array, outputs: Array, targets: Array) -> Array:
    """(rows,): of what each output adds the mean or the sum, as the loss takes it."""
    terms = loss.each(sums.T, np.ascontiguousarray(outputs.T), targets.T)
    added: Array = terms.mean(axis=0) if loss.per_output else terms.sum(axis=0)
    return added


def _sums(activation: str, outputs: Array) -> Array:
    """(rows, outputs): sums that give these outputs; for most activations no loss asks for them."""
    tiny = np.finfo(np.float64).tiny
    if activation == "softmax":
        # any shift of the sums gives the same shares, and the logarithm is one
        logarithms: Array = np.log(np.maximum(outputs, tiny))
        return logarithms
    if activation == "sigmoid":
        inside = np.clip(outputs, tiny, 1 - np.finfo(np.float64).epsneg)
        logits: Array = np.log(inside) - np.log1p(-inside)
        return logits
    return outputs


def _sent_again(frame: Frame, loss: Loss, rows: Array) -> Array:
    """(rows,) own losses from the sums themselves."""
    dataset, forward = frame.dataset, ForwardPass(frame.network, frame.theta, len(rows))
    forward.run(with_ones(dataset.scaled(dataset.inputs[rows]), frame.theta.dtype))
    sums, outputs = (each.T.astype(np.float64) for each in (forward.sums, forward.outputs))
    return _own(loss, sums, outputs, dataset.targets[rows])
