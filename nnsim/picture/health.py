"""What is wrong with a neuron, if anything: dead, saturated, starved or flooded by gradients, or a copy of another.

Every warning is a measurement of the batch under the cursor, or of the parameters on show, and says its numbers. It is apart from
the other facts because it judges; the bounds of its judgement stand here once. It warns of nothing that the moment does not know
yet, and refuses to guess at causes.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Array
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.reading import SATURATED
from nnsim.picture.targets import INPUTS, NeuronTarget, Target

Kind = Literal["dead", "saturated", "vanishing", "exploding", "symmetric"]
MOSTLY = 0.9
"""The share of a batch's samples from which a neuron counts as saturated."""
FAR_APART = 1e3
"""How many times smaller or larger than the last layer's a layer's deltas must be for a warning."""
TINY = 1e-12
"""Deltas below this are none: what has been learned needs no warning."""


@dataclass(frozen=True)
class Warning:
    """One finding, and its measurement as a sentence."""

    kind: Kind
    sentence: str


def warnings_on(frame: Frame, target: Target | None) -> tuple[Warning, ...]:
    """The findings about a neuron, or about the neuron that an edge enters; none for inputs."""
    if target is None or not INPUTS < target.layer < frame.network.depth or target.neuron >= frame.network.widths[target.layer]:
        return ()
    here = NeuronTarget(target.layer, target.neuron)
    found = (_output(frame, here), _gradient(frame, here.layer), _symmetric(frame, here))
    return tuple(warning for warning in found if warning)


def _output(frame: Frame, here: NeuronTarget) -> Warning | None:
    """Dead or saturated in the samples of this batch whose outputs are known."""
    trace, sample = frame.trace, frame.sample
    if trace is None or frame.probe is not None:
        # one sample alone says nothing about a neuron
        return None
    known = trace.samples if sample is None else sample + (frame.known.outputs[here.layer] > here.neuron)
    name, outputs = frame.network.activations[here.layer], trace.outputs[here.layer][here.neuron, :known]
    if not known or not np.isfinite(outputs).all():
        return None
    samples = f"the {numbers.count(known, 'sample')} of this batch so far" if known < trace.samples else (
        f"the {numbers.count(known, 'sample')} of this batch")
    if name == "relu" and not outputs.any():
        return Warning("dead", f"Its output is 0 for {samples}: no gradient passes, and it learns nothing from them.")
    low, high = ACTIVATIONS[name].output_range
    if not np.isfinite([low, high]).all() or name in ("softmax", "step", "sine"):
        return None
    at_end = int((np.minimum(outputs - low, high - outputs) < SATURATED).sum())
    if at_end < MOSTLY * known:
        return None
    return Warning("saturated", f"For {at_end} of {samples} its output lies within {numbers.exact(SATURATED)} of an end of "
                                f"{name}'s range: hardly any slope is left.")


def _gradient(frame: Frame, layer: int) -> Warning | None:
    """How the layer's deltas compare with the last layer's, once those of the whole batch are known.

    A weight's gradient is its delta times its input; the deltas are what shrinks or grows on the way back.
    """
    trace, last = frame.trace, frame.network.depth - 1
    if trace is None or layer == last or frame.phase != "update" or frame.experiment.learning.optimizer == "perceptron":
        return None
    here, there = (_mean_size(trace.deltas[place]) for place in (layer, last))
    if not (np.isfinite(here) and np.isfinite(there)) or max(here, there) < TINY:
        return None
    sizes = f"{numbers.significant(here, signed=False)} in L{layer + 1}, {numbers.significant(there, signed=False)} in L{last + 1}"
    if here * FAR_APART < there:
        return Warning("vanishing", f"The gradient vanishes on the way back: the root mean square of the deltas is {sizes}.")
    if here > there * FAR_APART:
        return Warning("exploding", f"The gradient explodes on the way back: the root mean square of the deltas is {sizes}.")
    return None


def _mean_size(deltas: Array) -> float:
    """The root of the mean square of a layer's deltas (neurons, samples)."""
    with np.errstate(all="ignore"):
        return float(np.sqrt((deltas.astype(np.float64) ** 2).mean()))


def _symmetric(frame: Frame, here: NeuronTarget) -> Warning | None:
    """Another neuron of the layer with the very same weights, in and out: both get the same gradients for ever."""
    layer, neuron = here
    matrix = frame.network.layers(frame.theta)[layer]
    same = (matrix == matrix[:, neuron : neuron + 1]).all(axis=0)
    if layer + 1 < frame.network.depth:
        after = frame.weights[layer + 1]
        same &= (after == after[neuron]).all(axis=1)
    else:
        same[:] = False
    same[neuron] = False
    twins = np.flatnonzero(same).tolist()
    if not twins:
        return None
    more = f" and {len(twins) - 3} more" if len(twins) > 3 else ""
    named = ", ".join(f"L{layer + 1}·{twin + 1}" for twin in twins[:3]) + more
    return Warning("symmetric", f"Its weights, in and out, are the very same as those of {named}: they get the same gradients and "
                                f"stay alike.")
