"""The same mathematics once more, written plainly: what the kernel is held against.

Every formula here is the textbook's own, one sample at a time, without a stable form, without a shared buffer and without a
gradient. It works in complex128 and in longdouble, so its derivatives come from the complex step or from differences in extended
precision. It refuses to import any formula from nnsim: an error there cannot repeat itself here.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[Any]
COMPLEX_STEP = 1e-30
DIFFERENCE_STEP = 1e-4
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def real(z: Vector) -> Vector:
    """The part that decides on which side of a kink a number lies."""
    return np.asarray(z.real)


def erf(z: Vector) -> Vector:
    """The error function by 2/√π e^(-z²) Σ 2ⁿ z^(2n+1) / (2n+1)!!, whose terms all have one sign (Abramowitz, Stegun 7.1.6)."""
    term = z.copy()
    total = z.copy()
    for n in range(1, 200):
        term = term * (2 * z * z) / (2 * n + 1)
        total = total + term
    # the circle's number to the precision of the argument's own type
    pi = 4 * np.arctan(np.ones((), real(z).dtype))
    return np.asarray(2 / np.sqrt(pi) * np.exp(-z * z) * total)


def sigmoid(z: Vector) -> Vector:
    return np.asarray(1 / (1 + np.exp(-z)))


def softmax(z: Vector) -> Vector:
    exponentials = np.exp(z)
    return np.asarray(exponentials / exponentials.sum())


def magnitude(z: Vector) -> Vector:
    """|z|, continued to complex numbers beside the real axis."""
    return np.where(real(z) < 0, -z, z)


def normal_share(z: Vector) -> Vector:
    """The chance that a standard normal number is below z."""
    return np.asarray((1 + erf(z / np.sqrt(np.full((), 2, real(z).dtype)))) / 2)


ACTIVATIONS: dict[str, Callable[[Vector], Vector]] = {
    "identity": lambda z: z,
    "step": lambda z: np.where(real(z) >= 0, 1, 0).astype(z.dtype),
    "sigmoid": sigmoid,
    "tanh": lambda z: np.asarray((np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))),
    "relu": lambda z: np.where(real(z) > 0, z, 0 * z),
    "leaky-relu": lambda z: np.where(real(z) > 0, z, z * 1e-2),
    "elu": lambda z: np.where(real(z) > 0, z, np.exp(z) - 1),
    "selu": lambda z: SELU_SCALE * np.where(real(z) > 0, z, SELU_ALPHA * (np.exp(z) - 1)),
    "gelu": lambda z: z * normal_share(z),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "swish": lambda z: z * sigmoid(z),
    "sine": lambda z: np.asarray(np.sin(z)),
    "softmax": softmax,
}
"""f(z) for one sample's sums, shape (neurons,)."""

LOSSES: dict[str, Callable[[Vector, Vector], Any]] = {
    "mse": lambda a, y: ((y - a) ** 2).sum() / len(y),
    "mae": lambda a, y: magnitude(y - a).sum() / len(y),
    "huber": lambda a, y: np.where(magnitude(real(y - a)) < 1, (y - a) ** 2 / 2, magnitude(y - a) - 1 / 2).sum() / len(y),
    "bce": lambda a, y: -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum() / len(y),
    "bce-logits": lambda a, y: -(y * np.log(sigmoid(a)) + (1 - y) * np.log(1 - sigmoid(a))).sum() / len(y),
    "cross-entropy": lambda a, y: -(y * np.log(a)).sum(),
    "hinge": lambda a, y: np.where(real((2 * y - 1) * a) < 1, 1 - (2 * y - 1) * a, 0 * a).sum() / len(y),
}
"""One sample's loss for its outputs and targets, shape (outputs,) each."""

KINKS: dict[str, Callable[[Vector, Vector], Vector]] = {
    "mae": lambda a, y: y - a,
    "huber": lambda a, y: np.abs(y - a) - 1,
    "hinge": lambda a, y: 1 - (2 * y - 1) * a,
}
"""How far a loss is from where its slope jumps."""


@dataclass(frozen=True)
class PlainNetwork:
    """A network and its loss. ``sizes``: the inputs, then each layer's neurons; parameters lie as in the kernel's theta."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    l1: float = 0.0
    l2: float = 0.0
    masks: Sequence[Vector] = field(default_factory=tuple)
    """Dropout's factors (neurons, samples) for each hidden layer; none: nothing is dropped."""

    def layers(self, theta: Vector) -> list[tuple[Vector, Vector]]:
        """(weights (inputs, neurons), biases (neurons,)) of each layer."""
        found, start = [], 0
        for inputs, neurons in pairwise(self.sizes):
            weights = theta[start : start + inputs * neurons].reshape(inputs, neurons)
            start += inputs * neurons
            found.append((weights, theta[start : start + neurons]))
            start += neurons
        return found

    def forward(self, theta: Vector, x: Vector, sample: int) -> tuple[list[Vector], list[Vector]]:
        """Sums and outputs of every layer for one sample (inputs,)."""
        sums, outputs, signal = [], [], x
        for layer, (weights, biases) in enumerate(self.layers(theta)):
            z = np.array([sum(weights[r, q] * signal[r] for r in range(len(signal))) + biases[q] for q in range(len(biases))])
            a = ACTIVATIONS[self.activations[layer]](z)
            sums.append(z)
            outputs.append(a)
            signal = a * self.masks[layer][:, sample] if layer < len(self.masks) else a
        return sums, outputs

    def mean_loss(self, theta: Vector, inputs: Vector, targets: Vector) -> Any:
        """The mean over all samples (columns of ``inputs`` and ``targets``), and the penalties on the weights."""
        total = theta[0] * 0
        for sample in range(inputs.shape[1]):
            _, outputs = self.forward(theta, inputs[:, sample], sample)
            total = total + LOSSES[self.loss](outputs[-1], targets[:, sample])
        total = total / inputs.shape[1]
        for weights, _ in self.layers(theta):
            total = total + self.l1 * magnitude(weights).sum() + self.l2 / 2 * (weights * weights).sum()
        return total

    def kink_distance(self, theta: Vector, inputs: Vector, targets: Vector) -> float:
        """How near the closest kink is: of an activation, of the loss, of |w|."""
        nearest = [float(np.abs(theta).min())] if self.l1 else [math.inf]
        for sample in range(inputs.shape[1]):
            sums, outputs = self.forward(theta, inputs[:, sample], sample)
            for name, z in zip(self.activations, sums, strict=True):
                if name in ("relu", "leaky-relu", "elu", "selu"):
                    nearest.append(float(np.abs(z).min()))
            if self.loss in KINKS:
                nearest.append(float(np.abs(KINKS[self.loss](outputs[-1], targets[:, sample])).min()))
        return min(nearest)

    def complex_step(self, theta: Vector, inputs: Vector, targets: Vector) -> Vector:
        """∂L/∂θ by Im L(θ + ih) / h, which subtracts nothing and so loses nothing (Squire and Trapp 1998)."""
        gradient = np.zeros(len(theta))
        for place in range(len(theta)):
            moved = theta.astype(np.complex128)
            moved[place] += 1j * COMPLEX_STEP
            gradient[place] = self.mean_loss(moved, inputs, targets).imag / COMPLEX_STEP
        return gradient

    def differences(self, theta: Vector, inputs: Vector, targets: Vector) -> Vector:
        """∂L/∂θ by central differences of fourth order in extended precision."""
        x, y = inputs.astype(np.longdouble), targets.astype(np.longdouble)
        h = np.longdouble(DIFFERENCE_STEP)
        gradient = np.zeros(len(theta))

        def at(place: int, offset: Any) -> Any:
            moved = theta.astype(np.longdouble)
            moved[place] += offset
            return self.mean_loss(moved, x, y)

        for place in range(len(theta)):
            inner = at(place, h) - at(place, -h)
            outer = at(place, 2 * h) - at(place, -2 * h)
            gradient[place] = float((8 * inner - outer) / (12 * h))
        return gradient
