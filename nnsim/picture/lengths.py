"""How long an update's vectors are: the gradient, what is clipped of it, what the optimizer is given, and the step itself.

It is apart because captions and trace tell the same lengths, and the trace has to hold every number of a caption to the bit. What
is clipped is put together as the kernel does it, and never divided back out of what clipping left. It refuses to word anything.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.network import Network
from nnsim.core.trace import Trace
from nnsim.engine.experiment import Learning


@dataclass(frozen=True)
class Length:
    """The length of a vector over all parameters."""

    length: float
    squares: tuple[float, ...]
    """Each layer's sum of squares; their sum's root is the length."""
    scale: float = 1.0
    """What the numbers are divided by before they are squared, and the root multiplied by: the greatest, where else the squares
    would overflow though the length does not."""


def length(vector: Array) -> float:
    """The root of the sum of squares, at the scale of the greatest: near a divergence the squares alone would overflow."""
    greatest = float(np.abs(vector).max(initial=0.0))
    if greatest == 0 or not math.isfinite(greatest):
        return greatest
    with np.errstate(all="ignore"):
        return greatest * float(np.linalg.norm(vector / greatest))


def measured(network: Network, vector: Array) -> Length:
    """The length of a vector (parameters,), layer by layer and in all."""
    with np.errstate(all="ignore"):
        return Length(length(vector), _squares(network, vector))


def scaled(network: Network, vector: Array) -> Length:
    """The same with squares that never overflow where the length itself does not."""
    whole = measured(network, vector)
    if not math.isfinite(whole.length) or math.isfinite(sum(whole.squares)):
        return whole
    greatest = float(np.abs(vector).max())
    return Length(whole.length, _squares(network, vector / greatest), greatest)


def _squares(network: Network, vector: Array) -> tuple[float, ...]:
    return tuple(float(np.square(layer).sum()) for layer in network.layers(vector))


def held(learning: Learning, network: Network) -> Array:
    """(held,) the places in theta of what does not learn: frozen, cut, or a bias where biases do not learn."""
    return network.held(learning.frozen, learning.cut, learning.biases_learn)


def is_shaped(learning: Learning, network: Network) -> bool:
    """Whether, by rule, something other than the plain gradient is clipped: where there are penalties, or something is held."""
    return bool(learning.l1 or learning.l2 or len(held(learning, network)))


def penalised(trace: Trace, learning: Learning, network: Network) -> Array:
    """(parameters,) the gradient with its penalties, 0 where held, before it was clipped: the kernel's own, to the bit."""
    if not is_shaped(learning, network):
        return trace.gradient
    kind, whole = trace.gradient.dtype.type, trace.gradient.copy()
    is_weight = network.is_weight().astype(whole.dtype)
    with np.errstate(all="ignore"):
        if learning.l1:
            whole += np.sign(trace.before) * (is_weight * kind(learning.l1))
        if learning.l2:
            whole += trace.before * (is_weight * kind(learning.l2))
    whole[held(learning, network)] = 0
    return whole


def changed(trace: Trace) -> Array:
    """(parameters,) how far the update moved each parameter."""
    with np.errstate(all="ignore"):
        change: Array = trace.after - trace.before
    return change


def largest(change: Array, network: Network) -> tuple[int, int, int]:
    """(layer, row, neuron) of the largest change, the first of equals; a row after a layer's inputs is its bias."""
    sizes = [np.nan_to_num(np.abs(layer)) for layer in network.layers(change)]
    layer = int(np.argmax([float(size.max()) for size in sizes]))
    row, neuron = (int(place) for place in np.unravel_index(int(sizes[layer].argmax()), sizes[layer].shape))
    return layer, row, neuron


def update_lengths(trace: Trace, learning: Learning, network: Network, whole: bool) -> Iterator[tuple[str, Length]]:
    """By name the lengths that captions tell: what was clipped, where clipping did something, and of the ``whole`` batch all."""
    if whole:
        yield "gradient", measured(network, trace.gradient)
    if trace.clip_factor != 1:
        yield "penalised", measured(network, penalised(trace, learning, network))
    if whole:
        yield "given", measured(network, trace.step_gradient)
        yield "change", measured(network, changed(trace))
