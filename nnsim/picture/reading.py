"""A frame read for the diagram: the current sample's numbers layer by layer, what the edges stand for, and stable scales.

It is apart because neurons, edges and the loss all ask the same questions of a frame. It refuses to compute a network: the only
arithmetic here is that of the textbook's last step, a delta times what it came through, and the search for dead neurons on the
training rows.
"""

import math
import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Array
from nnsim.core.datasets import Dataset
from nnsim.core.forward import ForwardPass, with_ones
from nnsim.core.network import Network
from nnsim.engine.frame import Frame
from nnsim.engine.looking import data_extent
from nnsim.picture.caption_place import at_work
from nnsim.picture.palette import Theme, oklab
from nnsim.picture.picture import DiagramView, Dot
from nnsim.picture.targets import EdgeTarget, NeuronTarget, Target

SATURATED = 0.005
MOST_DEAD_SEARCH = 6_000_000
"""Training rows times parameters up to which the search for dead neurons costs less than a few milliseconds."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One frame in one view."""

    frame: Frame
    view: DiagramView

    @cached_property
    def phase(self) -> str:
        """The frame's phase."""
        return self.frame.phase

    @cached_property
    def working(self) -> tuple[int, int] | None:
        """(layer, neuron) that this moment is about; None while frames pass too fast to be read."""
        return None if self.view.playing else at_work(self.frame)

    @cached_property
    def sample(self) -> int | None:
        """The place in the batch of the sample on show: during the update the last one. None at the start."""
        if self.frame.trace is None:
            return None
        return self.frame.trace.samples - 1 if self.frame.sample is None else self.frame.sample

    @cached_property
    def row(self) -> int | None:
        """Its row in the data set."""
        trace = self.frame.trace
        return None if trace is None or self.sample is None else int(trace.rows[self.sample])

    @cached_property
    def inputs(self) -> Array | None:
        """(inputs,) what the network was fed."""
        return None if self.frame.trace is None else self.frame.trace.inputs[:, self.sample]

    @cached_property
    def sums(self) -> tuple[Array, ...]:
        """(neurons,) a layer; empty at the start."""
        return () if self.frame.trace is None else tuple(z[:, self.sample] for z in self.frame.trace.sums)

    @cached_property
    def outputs(self) -> tuple[Array, ...]:
        """(neurons,) a layer; empty at the start."""
        return () if self.frame.trace is None else tuple(a[:, self.sample] for a in self.frame.trace.outputs)

    @cached_property
    def deltas(self) -> tuple[Array, ...]:
        """(neurons,) a layer; empty at the start."""
        return () if self.frame.trace is None else tuple(d[:, self.sample] for d in self.frame.trace.deltas)

    def is_silenced(self, layer: int, unit: int) -> bool:
        """Whether dropout lets nothing of a neuron's output go on, for the sample on show; an update is of all samples."""
        if self.phase == "update" or self.view.playing:
            return False
        mask = None if self.frame.trace is None else self.frame.trace.masks[layer]
        return mask is not None and bool(mask[unit, self.sample] == 0)

    def entering(self, layer: int) -> Array:
        """(inputs,) what the sample sent into a layer. Only where there is a trace."""
        trace = self.frame.trace
        assert trace is not None
        entering: Array = (trace.passed[layer - 1] if layer else trace.inputs)[:, self.sample]
        return entering

    @cached_property
    def quantity(self) -> str:
        """What the edges show: weights, gradients, change, contributions or none."""
        if self.view.edges != "auto":
            return self.view.edges
        return "gradients" if self.phase == "backward" else "weights"

    @cached_property
    def neuron_quantity(self) -> str:
        """What the neurons show: maps (the output, over a map where there is one), outputs, sums or deltas."""
        if self.view.neurons != "auto":
            return self.view.neurons
        return "deltas" if self.phase == "backward" and not self.view.playing else "maps"

    def is_pointed_at(self, target: Target) -> bool:
        """Whether a neuron or input is hovered, or is the source of the edge that is."""
        hovered = self.view.hovered
        if isinstance(hovered, EdgeTarget):
            return target == NeuronTarget(hovered.layer - 1, hovered.row)
        return hovered == target

    @cached_property
    def whole_batch(self) -> bool:
        """Whether gradients are those of the whole batch, not of one sample."""
        return self.phase == "update"

    @cached_property
    def known_edges(self) -> tuple[int, ...]:
        """For each layer, how many neurons' edges hold known numbers, from the first."""
        known, widths = self.frame.known, self.frame.network.widths
        if self.quantity == "weights":
            return widths
        return {"gradients": known.gradients, "change": known.updated, "contributions": known.sums, "none": ()}[self.quantity]

    def values(self, layer: int) -> tuple[Array, Array] | None:
        """What the edges into a layer show: (inputs, neurons) and for the biases (neurons,); None where nothing can be known."""
        if self.quantity == "weights":
            return self.frame.weights[layer], self.frame.biases[layer]
        trace = self.frame.trace
        if trace is None:
            return None
        if self.quantity == "gradients" and not self.whole_batch:
            return np.outer(self.entering(layer), self.deltas[layer]), self.deltas[layer]
        if self.quantity == "contributions":
            return self._contributions(layer)
        matrix = (self._change if self.quantity == "change" else self._gradient)[layer]
        return matrix[:-1], matrix[-1]

    def _contributions(self, layer: int) -> tuple[Array, Array]:
        """(inputs, neurons) what each edge adds to the sum it goes into, w·x, and for the biases (neurons,)."""
        trace = self.frame.trace
        assert trace is not None
        # those of the forward pass: during the update the weights on show are already others
        used = self.frame.network.layers(trace.before)[layer]
        return used[:-1] * self.entering(layer)[:, np.newaxis], used[-1]

    @cached_property
    def _change(self) -> tuple[Array, ...]:
        trace = self.frame.trace
        assert trace is not None
        with np.errstate(all="ignore"):
            return self.frame.network.layers(trace.after - trace.before)

    @cached_property
    def _gradient(self) -> tuple[Array, ...]:
        assert self.frame.trace is not None
        return self.frame.network.layers(self.frame.trace.gradient)

    @cached_property
    def change(self) -> tuple[Array, ...]:
        """(inputs + 1, neurons) a layer: how far this batch's update moves each parameter. Empty at the start."""
        return () if self.frame.trace is None else self._change

    @cached_property
    def largest(self) -> float:
        """The largest value that edges show, without biases."""
        layers = range(self.frame.network.depth)
        if self.quantity == "weights" or self.frame.trace is None:
            return largest(*self.frame.weights)
        if self.quantity == "gradients" and not self.whole_batch:
            # the largest product of an input and a delta, without all the products
            return max(largest(self.entering(layer)) * largest(self.deltas[layer]) for layer in layers)
        if self.quantity == "contributions":
            return max(largest(self._contributions(layer)[0]) for layer in layers)
        matrices = self._change if self.quantity == "change" else self._gradient
        return largest(*(matrix[:-1] for matrix in matrices))

    @cached_property
    def scale(self) -> float:
        """The value that the widest edge stands for: a step of 1, 2, 5, 10 ..., so widths do not breathe."""
        return stable_scale(self.largest)

    @cached_property
    def delta_scale(self) -> float:
        """The largest |δ| of the sample."""
        return largest(*self.deltas) or 1.0

    @cached_property
    def sum_scale(self) -> float:
        """The sum that has the full tone: a step of 1, 2, 5, 10 ... over all samples of the batch."""
        return stable_scale(largest(*(() if self.frame.trace is None else self.frame.trace.sums)))

    @cached_property
    def dead(self) -> tuple[frozenset[int], ...]:
        """For each layer the ReLU neurons that are 0 for every training sample; none are sought where that would take long.

        Sought with the weights that made the numbers on show: in the update a sample's outputs, sums and deltas are still those of
        the weights before it, while maps are of those as they stand.
        """
        network, rows = self.frame.network, len(self.frame.dataset.train)
        if self.view.playing or "relu" not in network.activations[:-1] or rows * network.parameter_count > MOST_DEAD_SEARCH:
            return (frozenset(),) * network.depth
        trace = self.frame.trace
        before = trace is not None and self.shows_before
        theta = trace.before if trace is not None and before else self.frame.theta
        return _dead(self.frame.dataset, network, _Same(theta))

    @cached_property
    def shows_before(self) -> bool:
        """Whether the neurons show numbers of a sample from before the update that is under way or just done."""
        maps = self.frame.maps
        return self.phase == "update" and (self.neuron_quantity != "maps" or maps is None or not maps.maps)


@dataclass(frozen=True, eq=False)
class _Same:
    """An array that is equal to itself only: through a forward and backward pass the parameters are one and the same."""

    array: Array

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.array is self.array

    def __hash__(self) -> int:
        return id(self.array)


@lru_cache(maxsize=2)
def _dead(dataset: Dataset, network: Network, theta: _Same) -> tuple[frozenset[int], ...]:
    forward = ForwardPass(network, theta.array, len(dataset.train))
    forward.run(with_ones(dataset.scaled(dataset.inputs[dataset.train]), theta.array.dtype))
    return tuple(
        frozenset(np.flatnonzero(~outputs[:-1].any(axis=1)).tolist()) if name == "relu" else frozenset()
        for name, outputs in zip(network.activations, forward.activations, strict=True)
    )


def largest(*arrays: Array) -> float:
    """The largest finite absolute value, 0 if there is none."""
    top = 0.0
    for array in arrays:
        if array.size:
            here = max(float(array.max()), -float(array.min()))
            if not math.isfinite(here):
                finite = np.abs(array[np.isfinite(array)])
                here = float(finite.max()) if finite.size else 0.0
            top = max(top, here)
    return top


def stable_scale(top: float) -> float:
    """The first of ... 0.5, 1, 2, 5, 10 ... that is not below ``top``; 1 for 0."""
    if not top > 0 or not math.isfinite(top):
        return 1.0
    power = 10.0 ** math.floor(math.log10(top))
    scale = next((step * power for step in (1, 2, 5) if top <= step * power * (1 + 1e-9)), 10 * power)
    return min(scale, sys.float_info.max)


def to_tones(outputs: Array, activation: str, scale: float) -> Array:
    """Outputs as -1 ... 1 for the diverging map: from 0 to 1 as 2a - 1, from -1 to 1 as they are, others over a stable scale."""
    tones: Array
    if ACTIVATIONS[activation].output_range == (0, 1):
        tones = 2 * outputs - 1
    elif ACTIVATIONS[activation].output_range == (-1, 1):
        tones = outputs
    else:
        tones = outputs / scale
    return tones


def saturated(value: float, activation: str) -> bool:
    """Whether an output lies so near to an end of its range that hardly any slope is left."""
    if activation == "tanh":
        return abs(value) > 1 - SATURATED
    return activation == "sigmoid" and min(value, 1 - value) < SATURATED


def map_extent(reading: Reading) -> tuple[float, float, float, float]:
    """left, right, bottom, top of the response maps, in the data's own units."""
    maps = reading.frame.maps
    return _extent(reading.frame.dataset) if maps is None else maps.extent


@lru_cache(maxsize=2)
def _extent(dataset: Dataset) -> tuple[float, float, float, float]:
    return data_extent(dataset, (0, 1))


def map_dot(reading: Reading, theme: Theme) -> Dot | None:
    """Where the current sample lies on every map: dark in a light ring in every theme; None where there is no current one."""
    frame = reading.frame
    if frame.row is None or reading.view.playing:
        return None
    left, right, bottom, top = map_extent(reading)
    across, upwards = (0, 1) if frame.maps is None else frame.maps.axes
    x, y = (float(frame.dataset.inputs[frame.row, axis]) for axis in (across, upwards))
    dark, light = sorted((theme.ink, theme.base), key=oklab)
    return Dot(min(max((x - left) / (right - left), 0), 1), min(max((top - y) / (top - bottom), 0), 1), dark, light)
