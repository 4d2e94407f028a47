"""Forward propagation, from left to right: Z = WᵀX + b, A = f(Z), layer by layer.

The same operations serve training, scoring, response maps and predictions. Columns are samples, and the bias is the weight of
an input that is always 1: a layer's outputs fill the first rows of a buffer (neurons + 1, samples) whose last row stays 1.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Array, Operation
from nnsim.core.network import Network


def with_ones(inputs: Array, dtype: np.dtype[Any]) -> Array:
    """Rows of inputs (n, inputs) as (n, inputs + 1) with a last column of ones, C-contiguous."""
    rows = np.ones((inputs.shape[0], inputs.shape[1] + 1), dtype)
    rows[:, :-1] = inputs
    return rows


def segments(network: Network, flat: Array) -> tuple[Array, ...]:
    """Views of a flat buffer that holds (neurons + 1, samples) of every layer, one after the other."""
    samples = flat.size // sum(width + 1 for width in network.widths)
    views, start = [], 0
    for width in network.widths:
        stop = start + (width + 1) * samples
        views.append(flat[start:stop].reshape(width + 1, samples))
        start = stop
    return tuple(views)


def after_first_sums(network: Network, layers: tuple[Array, ...], sums: tuple[Array, ...], outputs: tuple[Array, ...],
                     passed: tuple[Array, ...], masks: tuple[Array, ...] | None) -> Iterator[Operation]:
    """Everything of a forward pass that follows the first layer's sums.

    ``layers``: (inputs + 1, neurons) each; ``sums``, ``outputs``, ``passed``: (neurons + 1, samples) each, where ``passed`` is
    ``outputs`` itself unless there are dropout ``masks``.
    """
    last = network.depth - 1
    for layer, name in enumerate(network.activations):
        z, a = sums[layer][:-1], outputs[layer][:-1]
        if layer:
            yield np.dot, layers[layer].T, passed[layer - 1], z
        yield from ACTIVATIONS[name].forward(z, a)
        if masks is not None and layer < last:
            yield np.multiply, a, masks[layer], passed[layer][:-1]


class ForwardPass:
    """A forward pass over a fixed number of samples with buffers kept, on a given parameter vector (read when run)."""

    def __init__(self, network: Network, theta: Array, samples: int) -> None:
        size = samples * sum(width + 1 for width in network.widths)
        self._layers = network.layers(theta)
        self._sums = segments(network, np.zeros(size, theta.dtype))
        self.activations = segments(network, np.ones(size, theta.dtype))
        self._program = [
            (operation[0], operation[1:])
            for operation in after_first_sums(network, self._layers, self._sums, self.activations, self.activations, None)
        ]

    @property
    def sums(self) -> Array:
        """(outputs, samples) the last layer's sums."""
        return self._sums[-1][:-1]

    @property
    def outputs(self) -> Array:
        """(outputs, samples) the last layer's outputs."""
        return self.activations[-1][:-1]

    def run(self, rows: Array) -> Array:
        """The outputs (outputs, samples) for ``rows`` (samples, inputs + 1): a view that the next run overwrites."""
        with np.errstate(all="ignore"):
            np.dot(self._layers[0].T, rows.T, self._sums[0][:-1])
            for function, arguments in self._program:
                function(*arguments)
        return self.outputs


def predict(network: Network, theta: Array, inputs: Array) -> Array:
    """Outputs (n, outputs) for scaled ``inputs`` (n, inputs), without dropout."""
    forward = ForwardPass(network, theta, len(inputs))
    return forward.run(with_ones(inputs, theta.dtype)).T.copy()

