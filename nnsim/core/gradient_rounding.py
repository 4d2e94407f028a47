"""How far rounding alone may move a batch's gradients: the finest that they can be judged by.

A weight deep in a saturated network, or in one that fits its data, has a gradient that is the small rest of larger numbers, such
as 1 - a² where a is nearly 1. No two ways of computing it agree in all digits, and neither is wrong. This follows the doubt in
every sum, output and delta through the batch, to first order, as a running error analysis does (Higham 2002, section 3.3). It
refuses to say whether a gradient is right.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.losses import LOSSES
from nnsim.core.network import Network
from nnsim.core.trace import Trace
from nnsim.core.training import Method

PIECEWISE_LINEAR = frozenset({"identity", "relu", "leaky-relu"})


@dataclass(frozen=True, eq=False)
class Rounding:
    """Doubts that come of rounding, in a trace's precision. What really happens is mostly less, at most a few times more."""

    gradients: Array
    """(parameters,) of the gradient with its penalties."""
    loss: float
    """Of the batch's loss, for what is uncertain of the last sums."""
    unit: float
    """The distance from 1 to the next number."""


def rounding(network: Network, method: Method, trace: Trace) -> Rounding:
    """The doubts in what ``trace`` holds, all of it finite."""
    unit = float(np.finfo(trace.before.dtype).eps)
    batch = _Sizes(network, trace)
    of_inputs, of_sums = batch.forward_doubts(unit)
    gradients = np.zeros(network.parameter_count)
    share = 1 / LOSSES[method.loss].count(*trace.targets.shape)
    # no loss bends more than a square, whose slope changes twice as fast as the output
    doubt = 2 * share * (of_inputs[-1][:-1] + unit * np.abs(trace.targets))
    for layer in range(network.depth - 1, -1, -1):
        # δ = f'(z) · what arrives, and either may be uncertain; a slope that is not constant has a slope of at most about 2
        of_slope = 0 * of_sums[layer] if network.activations[layer] in PIECEWISE_LINEAR else unit + 2 * of_sums[layer]
        doubt = (batch.slopes[layer] + of_slope) * doubt + of_slope * batch.arriving[layer] + unit * batch.deltas[layer]
        network.layers(gradients)[layer][:] = ((batch.entering[layer] + of_inputs[layer]) @ doubt.T
                                               + of_inputs[layer] @ batch.deltas[layer].T)
        if layer:
            doubt = batch.matrices[layer][:-1] @ doubt * batch.masks[layer - 1]
    gradients += unit * network.is_weight() * (method.l1 + method.l2 * np.abs(trace.before))
    return Rounding(gradients, float((batch.deltas[-1] * of_sums[-1]).sum()), unit)


class _Sizes:
    """The sizes of a trace's numbers in double precision: lists with one array a layer."""

    def __init__(self, network: Network, trace: Trace) -> None:
        def sizes(numbers: Array) -> Array:
            return np.abs(numbers).astype(np.float64)

        one = np.ones((1, trace.samples))
        self.matrices = [sizes(matrix) for matrix in network.layers(trace.before)]
        self.entering = [np.vstack([sizes(signal), one]) for signal in (trace.inputs, *trace.passed[:-1])]
        self.sums, self.deltas = [sizes(each) for each in trace.sums], [sizes(each) for each in trace.deltas]
        self.masks = [1 if mask is None else mask for mask in trace.masks]
        # where a slope is no number of its own (softmax, or loss and activation as one formula) it is 1 at most
        self.slopes = [one if slope is None else sizes(slope) for slope in trace.slopes]
        # a softmax's delta has a share of all that arrives at its layer
        self.arriving = [0 * one if arriving is None else sizes(arriving) if slope is not None else sizes(arriving).max(axis=0)
                         for arriving, slope in zip(trace.output_gradients, trace.slopes, strict=True)]

    def forward_doubts(self, unit: float) -> tuple[list[Array], list[Array]]:
        """Of what enters each layer, (inputs + 1, samples), at last of the outputs; and of each layer's sums."""
        of_inputs, of_sums = [np.zeros_like(self.entering[0])], []
        for layer, matrix in enumerate(self.matrices):
            of_sums.append(matrix.T @ (of_inputs[layer] + unit * self.entering[layer]))
            of_outputs = (self.slopes[layer] * of_sums[layer] + unit * (1 + self.sums[layer])) * self.masks[layer]
            of_inputs.append(np.vstack([of_outputs, np.zeros(of_outputs.shape[1])]))
        return of_inputs, of_sums
