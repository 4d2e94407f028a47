"""One batch's loss once more, from the textbook's formulas alone: what the kernel's gradients are checked against.

Every formula stands here a second time, as one plain expression of whole arrays, without buffers, without a slope and without a
backward pass. The numbers may be complex, and may hold many copies of a layer at once, each with one parameter moved. It refuses
to import a formula from the kernel's tables: what is wrong there shall not be repeated here. Forms that neither overflow nor
subtract nearly equal numbers are kept to, since they are mathematics too.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.network import Network

Function = Callable[[Array], Array]
KINKED_ACTIVATIONS = frozenset({"relu", "leaky-relu", "selu"})
KINKED_LOSSES = frozenset({"mae", "hinge"})
"""Whose slope jumps somewhere; ELU and Huber only bend there."""

_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(24)
_FAR = 8.5
"""A normal number lies beyond it once in 10¹⁷ times."""


def _above(z: Array, kink: float = 0) -> Array:
    """Where a number lies above a kink, which its real part decides."""
    return np.asarray(z.real > kink)


def _magnitude(z: Array) -> Array:
    """|z|, which for complex numbers means the side of 0 that the real part is on, not their distance from 0."""
    return np.where(z.real < 0, -z, z)


def _sigmoid(z: Array) -> Array:
    decay = np.exp(-_magnitude(z))
    return np.asarray(np.where(z.real < 0, decay, 1) / (1 + decay))


def _softplus(z: Array) -> Array:
    # ln(1 + e^z) = max(0, z) + ln(1 + e^-|z|), and ln(1 + u) = 2 artanh(u / (2 + u)), which keeps a tiny u
    decay = np.exp(-_magnitude(z))
    return np.asarray(np.where(z.real < 0, 0, z) + 2 * np.arctanh(decay / (2 + decay)))


def _softmax(z: Array) -> Array:
    powers = np.exp(z - z.real.max(axis=-2, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-2, keepdims=True))


def _normal_share(z: Array) -> Array:
    """The chance that a standard normal number is below z: ½ + ∫ φ from 0 to z, by Gauss and Legendre's 24 nodes."""
    near = np.where(np.abs(z.real) < _FAR, z, 0)
    square = near * near / -8
    density = sum(weight * np.exp(square * (node + 1) ** 2) for node, weight in zip(_NODES, _NODE_WEIGHTS, strict=True))
    return np.where(np.abs(z.real) < _FAR, 0.5 + near * density / np.sqrt(8 * np.pi), _above(z))


def _selu(z: Array) -> Array:
    # both constants follow from mean 0 and variance 1 (Klambauer et al. 2017)
    return 1.0507009873554804934193349852946 * np.where(_above(z), z, 1.6732632423543772848170429916717 * _below(z))


def _below(z: Array) -> Array:
    """e^z - 1 where z is not above 0, else 0."""
    return np.asarray(np.expm1(np.where(_above(z), 0, z)))


ACTIVATIONS: dict[str, Function] = {
    "identity": lambda z: z,
    "sigmoid": _sigmoid,
    "tanh": lambda z: np.asarray(np.tanh(z)),
    "relu": lambda z: np.where(_above(z), z, 0),
    "leaky-relu": lambda z: np.where(_above(z), z, z / 100),
    "elu": lambda z: np.where(_above(z), z, _below(z)),
    "selu": _selu,
    "gelu": lambda z: z * _normal_share(z),
    "softplus": _softplus,
    "swish": lambda z: z * _sigmoid(z),
    "sine": lambda z: np.asarray(np.sin(z)),
    "softmax": _softmax,
}
"""f(z) by name, for sums of shape (..., neurons, samples). A step is missing: there is no slope to check."""


def _cross_entropy(z: Array, a: Array, y: Array) -> Array:
    shifted = z - z.real.max(axis=-2, keepdims=True)
    return np.asarray(y * (np.log(np.exp(shifted).sum(axis=-2, keepdims=True)) - shifted))


LOSSES: dict[str, tuple[Callable[[Array, Array, Array], Array], bool]] = {
    "mse": (lambda z, a, y: (a - y) ** 2, True),
    "mae": (lambda z, a, y: _magnitude(a - y), True),
    "huber": (lambda z, a, y: np.where(np.abs((a - y).real) < 1, (a - y) ** 2 / 2, _magnitude(a - y) - 0.5), True),
    # -ln σ(z) = ln(1 + e^-z), and -ln(1 - σ(z)) = ln(1 + e^z)
    "bce": (lambda z, a, y: y * _softplus(-z) + (1 - y) * _softplus(z), True),
    "bce-logits": (lambda z, a, y: y * _softplus(-a) + (1 - y) * _softplus(a), True),
    "cross-entropy": (_cross_entropy, False),
    "hinge": (lambda z, a, y: np.where(_above(1 - (2 * y - 1) * a), 1 - (2 * y - 1) * a, 0), True),
}
"""What each output adds, of the last sums, the outputs and the targets; and whether the mean is over outputs as well."""


class PlainLoss:
    """The loss of one batch as a function of a network's parameters, penalties included."""

    def __init__(self, network: Network, theta: Array, inputs: Array, targets: Array, loss: str,
                 masks: Sequence[Array | None] = (), l1: float = 0, l2: float = 0) -> None:
        """``theta`` (parameters,), ``inputs`` (inputs, samples), ``targets`` (outputs, samples), all in double precision.

        ``masks``: dropout's factors (neurons, samples) for each layer, or None.
        """
        self._network, self._theta, self._targets, self._l1, self._l2 = network, theta, targets, l1, l2
        self._masks = tuple(masks) or (None,) * network.depth
        self._terms, per_output = LOSSES[loss]
        self._count = targets.size if per_output else targets.shape[1]
        self._weights, self._biases = network.weights(theta), network.biases(theta)
        self._entering: list[Array] = []
        self._sums: list[Array] = []
        self._outputs: list[Array] = []
        signal = inputs
        for layer, name in enumerate(network.activations):
            self._entering.append(np.vstack([signal, np.ones(inputs.shape[1])]))
            self._sums.append(self._sum(layer, signal))
            self._outputs.append(ACTIVATIONS[name](self._sums[layer]))
            signal = self._masked(layer, self._outputs[layer])

    def shares(self, layer: int, places: Array, steps: Array) -> Array:
        """What each sample adds to the loss where one parameter is moved: (moved, samples + 1), the penalties last.

        ``places`` (moved,): in theta, all of this layer; ``steps`` (moved,): how far each is moved, real or complex. A sum of a
        row is the loss, except for what other weights' penalties add.
        """
        *_, sums = self._onwards(layer, places, steps)
        outputs = ACTIVATIONS[self._network.activations[-1]](sums)
        each = self._terms(sums, outputs, self._targets).sum(axis=1) / self._count
        moved = self._theta[places] + steps
        is_bias = places >= self._network.offsets[layer + 1] - self._network.widths[layer]
        penalty = np.where(is_bias, 0, self._l1 * _magnitude(moved) + self._l2 / 2 * moved * moved)
        return np.column_stack([each, penalty])

    def reach(self, layer: int, places: Array, steps: Array) -> Array:
        """(moved,) how far the sum that moves farthest is moved by such steps, in this layer or any after it."""
        moved = [np.abs(sums - self._sums[layer + after]).max(axis=(1, 2))
                 for after, sums in enumerate(self._onwards(layer, places, steps))]
        return np.asarray(np.max(moved, axis=0))

    def _onwards(self, layer: int, places: Array, steps: Array) -> Iterator[Array]:
        """The sums (moved, neurons, samples) of this layer, one parameter moved, and of each layer after it."""
        network = self._network
        rows, neurons = np.divmod(places - network.offsets[layer], network.widths[layer])
        moved = self._sums[layer][neurons] + steps[:, np.newaxis] * self._entering[layer][rows]
        sums = np.repeat(self._sums[layer][np.newaxis].astype(steps.dtype), len(places), axis=0)
        sums[np.arange(len(places)), neurons] = moved
        yield sums
        if layer == network.depth - 1:
            return
        # only one neuron of this layer passes on something else than before
        change = ACTIVATIONS[network.activations[layer]](moved) - self._outputs[layer][neurons]
        if (mask := self._masks[layer]) is not None:
            change *= mask[neurons]
        sums = self._sums[layer + 1] + self._weights[layer + 1][neurons][:, :, np.newaxis] * change[:, np.newaxis]
        yield sums
        for here in range(layer + 1, network.depth - 1):
            sums = self._sum(here + 1, self._masked(here, ACTIVATIONS[network.activations[here]](sums)))
            yield sums

    def _sum(self, layer: int, signal: Array) -> Array:
        return np.asarray(self._weights[layer].T @ signal + self._biases[layer][:, np.newaxis])

    def _masked(self, layer: int, outputs: Array) -> Array:
        mask = self._masks[layer]
        return outputs if mask is None else outputs * mask
