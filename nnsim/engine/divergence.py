"""Why training broke down: the first number of a batch that was not finite, named, with a remedy.

The order is that of the computation: sums and outputs from left to right, the loss, deltas from right to left, then the
gradient and the parameters.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.network import Network
from nnsim.core.trace import Trace
from nnsim.engine.experiment import Learning


@dataclass(frozen=True)
class Divergence:
    """The first number that was not finite, and what to do about it."""

    batch: int
    """Over the whole run, from 0: the last finite moment is the end of the batch before."""
    epoch: int
    layer: int | None
    """From 0; None where it is the loss."""
    what: str
    """Such as "the sum of neuron 2"."""
    remedy: str

    def sentence(self, batches: int) -> str:
        """The whole in words; ``batches``: per epoch."""
        place = f"epoch {self.epoch + 1}, batch {self.batch % batches + 1}"
        layer = "" if self.layer is None else f"L{self.layer + 1}: "
        return f"Diverged at {place}: {layer}{self.what} is not finite. {self.remedy}"


def exploded(theta: Array) -> bool:
    """Whether parameters are so large that no rate would help from here."""
    return bool(np.abs(theta).max(initial=0) > 1e6)


def diagnose(trace: Trace, network: Network, batch: int, epoch: int, learning: Learning) -> Divergence:
    """Name the first number of ``trace`` that is not finite."""
    layer, what = _first(trace, network)
    return Divergence(batch, epoch, layer, what, _remedy(trace, learning))


def _first(trace: Trace, network: Network) -> tuple[int | None, str]:
    if _bad(trace.inputs) is not None:
        return None, "an input of the data"
    for layer, (sums, outputs) in enumerate(zip(trace.sums, trace.outputs, strict=True)):
        for name, numbers in (("sum", sums), ("output", outputs)):
            bad = _bad(numbers)
            if bad is not None:
                return layer, f"the {name} of neuron {bad[0] + 1}"
    if not np.isfinite(trace.loss):
        return None, "the loss"
    for layer in range(network.depth - 1, -1, -1):
        bad = _bad(trace.deltas[layer])
        if bad is not None:
            return layer, f"the delta of neuron {bad[0] + 1}"
    memory = [(f"optimizer's memory ({name}) of ", vector) for name, vector in trace.memory_after.items()]
    for name, vector in (("gradient of ", trace.gradient), ("penalised gradient of ", trace.step_gradient), *memory,
                         ("", trace.after)):
        for layer, matrix in enumerate(network.layers(vector)):
            bad = _bad(matrix)
            if bad is not None:
                row, neuron = bad
                which = f"the bias of neuron {neuron + 1}" if row == len(matrix) - 1 else f"the weight W[{row + 1},{neuron + 1}]"
                return layer, f"the {name}{which.removeprefix('the ')}" if name else which
    return None, "a number"


def _bad(numbers: Array) -> tuple[int, ...] | None:
    places = np.argwhere(~np.isfinite(numbers))
    return tuple(int(i) for i in places[0]) if len(places) else None


def _remedy(trace: Trace, learning: Learning) -> str:
    if _bad(trace.inputs) is not None:
        return "Mend the data or choose another data set."
    if float(np.abs(trace.inputs).max(initial=0)) > 1e3:
        return "The inputs are large: standardize the data, or lower the rate."
    # weights that have exploded already are not brought back by any rate
    lower = "Rewind, then lower" if exploded(trace.before) else "Lower"
    if learning.clip_norm == 0:
        return f"{lower} the rate (now {trace.rate:g}) or clip the gradient."
    return f"{lower} the rate (now {trace.rate:g})."
