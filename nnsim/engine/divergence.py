"""Why training broke down: the first number of a batch that was not finite, named, with a remedy.

The order is that of the computation: sums and outputs from left to right, the loss, deltas from right to left, then the
gradient and the parameters. Each is named with its layer; a loss with the output that made it. It refuses to write numbers:
those are kept beside the words.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.network import Network
from nnsim.core.trace import Trace
from nnsim.engine.breakpoints import PlaceBreakpoint
from nnsim.engine.experiment import Learning
from nnsim.engine.marks import Grain, Marks, Phase


@dataclass(frozen=True)
class Divergence:
    """The first number that was not finite, and what to do about it."""

    batch: int
    """Over the whole run, from 0: the last finite moment is the end of the batch before."""
    epoch: int
    layer: int | None
    """From 0, of a loss the output layer; None where it is an input of the data."""
    what: str
    """Such as "the sum of neuron 2", or "the loss of output {} against target {} (neuron 1, sample 3)"."""
    numbers: tuple[float, ...]
    """What stands in its braces."""
    remedy: str
    """With braces for the rate, where it is the rate's fault."""
    rate: float
    mark: int
    """Where in the batch that number is computed."""


def exploded(theta: Array) -> bool:
    """Whether parameters are so large that no rate would help from here."""
    return bool(np.abs(theta).max(initial=0) > 1e6)


def diagnose(trace: Trace, network: Network, batch: int, epoch: int, learning: Learning) -> Divergence:
    """Name the first number of ``trace`` that is not finite."""
    found = _first(trace, network)
    marks = Marks(network.sizes, trace.samples)
    mark = 1
    if found.phase is not None:
        place = PlaceBreakpoint(found.phase, *((found.layer, found.neuron) if found.phase != "loss" else ()))
        begun = place.next_mark(marks, 0 if found.phase == "update" else found.sample * marks.sample_length)
        # the number comes at the neuron's last term
        mark = marks.block(begun, Grain.NEURON)[1] if begun is not None else 1
    return Divergence(batch, epoch, found.layer, found.what, found.numbers, _remedy(trace, learning), trace.rate, mark)


class _Found(NamedTuple):
    """The first number that is not finite, and where the walk comes to it."""

    layer: int | None
    what: str
    phase: Phase | None = None
    neuron: int = 0
    sample: int = 0
    numbers: tuple[float, ...] = ()


def _first(trace: Trace, network: Network) -> _Found:
    if _bad(trace.inputs) is not None:
        return _Found(None, "an input of the data")
    for layer, (sums, outputs) in enumerate(zip(trace.sums, trace.outputs, strict=True)):
        for name, numbers in (("sum", sums), ("output", outputs)):
            bad = _bad(numbers)
            if bad is not None:
                return _Found(layer, f"the {name} of neuron {bad[0] + 1}", "forward", bad[0], bad[1])
    if not np.isfinite(trace.loss):
        return _loss_of(trace, network.depth - 1)
    for layer in range(network.depth - 1, -1, -1):
        bad = _bad(trace.deltas[layer])
        if bad is not None:
            return _Found(layer, f"the delta of neuron {bad[0] + 1}", "backward", bad[0], bad[1])
    memory = [(f"optimizer's memory ({name}) of ", vector) for name, vector in trace.memory_after.items()]
    for name, vector in (("gradient of ", trace.gradient), ("penalised gradient of ", trace.step_gradient), *memory,
                         ("", trace.after)):
        for layer, matrix in enumerate(network.layers(vector)):
            bad = _bad(matrix)
            if bad is not None:
                row, neuron = bad
                which = f"the bias of neuron {neuron + 1}" if row == len(matrix) - 1 else f"the weight W[{row + 1},{neuron + 1}]"
                return _Found(layer, f"the {name}{which.removeprefix('the ')}" if name else which, "update", neuron)
    return _Found(None, "a number")


def _loss_of(trace: Trace, layer: int) -> _Found:
    """The loss, with what made it: of the first sample whose own loss is not finite, the output furthest from its target."""
    sample = int(np.isfinite(trace.losses).argmin())
    outputs, targets = trace.outputs[-1][:, sample], trace.targets[:, sample]
    neuron = int(np.abs(outputs / 2 - targets / 2).argmax())
    return _Found(layer, f"the loss of output {{}} against target {{}} (neuron {neuron + 1}, sample {sample + 1})", "loss", neuron,
                  sample, (float(outputs[neuron]), float(targets[neuron])))


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
        return f"{lower} the rate (now {{}}) or clip the gradient."
    return f"{lower} the rate (now {{}})."
