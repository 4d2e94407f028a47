"""The losses: how wrong the outputs are, as one number.

Each is a row of one table: what one output adds to the loss, its gradient, and what the whole is divided by. Where an output
activation and a loss belong together (sigmoid with binary cross-entropy, softmax with cross-entropy) the gradient with respect
to the sum is simply ``outputs - targets``, and that stable form is the one that is used. Outputs and targets have shape
(outputs, samples): columns are samples, as everywhere in the kernel.

Sources of the formulas: PyTorch's definitions (``torch.nn``), which the recorded tests hold them to.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Array, Operation, perform, scalar

Task = Literal["regression", "binary", "classes"]


@dataclass(frozen=True)
class Loss:
    """One loss function.

    ``terms(z, a, y, out)`` yields the operations that fill ``out`` with what each output adds (``z`` sums and ``a`` outputs of
    the last layer, ``y`` targets); ``gradient(a, y, out, share)`` those that fill ``out`` with its derivative by ``a``, times
    ``share``, the mean's 1/n.
    """

    name: str
    title: str
    formula: str
    """LaTeX of what one output adds to the loss."""
    terms: Callable[[Array, Array, Array, Array], Iterator[Operation]]
    gradient: Callable[[Array, Array, Array, Array], Iterator[Operation]]
    per_output: bool
    """Whether the mean is over samples and outputs (PyTorch's default for most) or over samples only."""
    fused_with: str | None = None
    """The output activation together with which d loss / d sum is just ``outputs - targets``."""
    accepts: Callable[[str], bool] = lambda activation: True
    """Whether the loss has a meaning for outputs of this activation."""
    needs: str = ""
    """What ``accepts`` asks for, in words."""
    for_classes: bool = False
    """Whether its targets must be 0 or 1, so that it has no meaning for regression."""

    def count(self, outputs: int, samples: int) -> int:
        """What the sum of all terms is divided by."""
        return outputs * samples if self.per_output else samples

    def value(self, sums: Array, outputs: Array, targets: Array) -> float:
        """The mean loss over all columns of ``outputs`` (outputs, samples)."""
        return float(self.each(sums, outputs, targets).sum() / self.count(*outputs.shape))

    def each(self, sums: Array, outputs: Array, targets: Array) -> Array:
        """What each output of each sample adds, before any mean: shape (outputs, samples)."""
        out = np.empty_like(outputs)
        perform(self.terms(sums, outputs, targets, out))
        return out


def _squared(z: Array, a: Array, y: Array, out: Array) -> Iterator[Operation]:
    yield np.subtract, a, y, out
    yield np.multiply, out, out, out


def _squared_gradient(a: Array, y: Array, out: Array, share: Array) -> Iterator[Operation]:
    yield np.subtract, a, y, out
    yield np.multiply, out, share + share, out


def _absolute(z: Array, a: Array, y: Array, out: Array) -> Iterator[Operation]:
    yield np.subtract, a, y, out
    yield np.absolute, out, out


def _absolute_gradient(a: Array, y: Array, out: Array, share: Array) -> Iterator[Operation]:
    yield np.subtract, a, y, out
    yield np.sign, out, out
    yield np.multiply, out, share, out


def _huber(z: Array, a: Array, y: Array, out: Array) -> Iterator[Operation]:
    # with c = min(|d|, 1):  c (|d| - c/2)  is d²/2 inside and |d| - 1/2 outside
    clipped = np.empty_like(a)
    yield np.subtract, a, y, out
    yield np.absolute, out, out
    yield (partial(np.minimum, out, scalar(1, a), out=clipped),)
    yield np.multiply, clipped, out, out
    yield np.multiply, clipped, clipped, clipped
    yield np.multiply, clipped, scalar(0.5, a), clipped
    yield np.subtract, out, clipped, out


def _huber_gradient(a: Array, y: Array, out: Array, share: Array) -> Iterator[Operation]:
    yield np.subtract, a, y, out
    yield (partial(np.maximum, out, scalar(-1, a), out=out),)
    yield (partial(np.minimum, out, scalar(1, a), out=out),)
    yield np.multiply, out, share, out


def _logits(z: Array, a: Array, y: Array, out: Array) -> Iterator[Operation]:
    # -y ln σ(z) - (1 - y) ln(1 - σ(z)) = softplus(z) - y z
    product = np.empty_like(a)
    yield from ACTIVATIONS["softplus"].forward(z, out)
    yield np.multiply, y, z, product
    yield np.subtract, out, product, out


def _logits_gradient(a: Array, y: Array, out: Array, share: Array) -> Iterator[Operation]:
    yield from ACTIVATIONS["sigmoid"].forward(a, out)
    yield np.subtract, out, y, out
    yield np.multiply, out, share, out


def _probability_gradient(a: Array, y: Array, out: Array, share: Array) -> Iterator[Operation]:
    # (a - y) / (a (1 - a)): only for looking at; training takes the fused form
    product = np.empty_like(a)
    yield np.subtract, scalar(1, a), a, product
    yield np.multiply, product, a, product
    yield np.subtract, a, y, out
    yield np.divide, out, product, out
    yield np.multiply, out, share, out


def _cross_entropy(z: Array, a: Array, y: Array, out: Array) -> Iterator[Operation]:
    # -y ln softmax(z) = y (ln Σ e^(z - max) - (z - max)), which neither overflows nor takes the logarithm of 0
    largest = np.empty((1, *z.shape[1:]), z.dtype)
    total = np.empty_like(largest)
    shifted = np.empty_like(z)
    yield np.maximum.reduce, z, 0, None, largest, True
    yield np.subtract, z, largest, shifted
    yield np.exp, shifted, out
    yield np.add.reduce, out, 0, None, total, True
    yield np.log, total, total
    yield np.subtract, total, shifted, out
    yield np.multiply, out, y, out


def _cross_entropy_gradient(a: Array, y: Array, out: Array, share: Array) -> Iterator[Operation]:
    yield np.divide, y, a, out
    yield np.multiply, out, -share, out


def _hinge(z: Array, a: Array, y: Array, out: Array) -> Iterator[Operation]:
    # targets 0 and 1 stand for the signs -1 and +1:  max(0, 1 - (2y - 1) a)
    one = scalar(1, a)
    sign = np.empty_like(a)
    yield np.add, y, y, sign
    yield np.subtract, sign, one, sign
    yield np.multiply, sign, a, out
    yield np.subtract, one, out, out
    yield (partial(np.maximum, out, scalar(0, a), out=out),)


def _hinge_gradient(a: Array, y: Array, out: Array, share: Array) -> Iterator[Operation]:
    one = scalar(1, a)
    sign = np.empty_like(a)
    yield np.add, y, y, sign
    yield np.subtract, sign, one, sign
    yield np.multiply, sign, a, out
    yield np.less, out, one, out
    yield np.multiply, out, sign, out
    yield np.multiply, out, -share, out


def _reaches_both_signs(activation: str) -> bool:
    return activation not in ("softmax", "sigmoid", "step")


_LOSSES = (
    Loss("mse", "mean squared error", r"(y - \hat y)^2", _squared, _squared_gradient, True),
    Loss("mae", "mean absolute error", r"|y - \hat y|", _absolute, _absolute_gradient, True),
    Loss("huber", "Huber", r"|d| < 1 ? \tfrac12 d^2 : |d| - \tfrac12", _huber, _huber_gradient, True),
    Loss("bce", "binary cross-entropy", r"-y \ln \hat y - (1 - y)\ln(1 - \hat y)", _logits, _probability_gradient, True,
         "sigmoid", lambda activation: activation == "sigmoid", "sigmoid outputs", True),
    Loss("bce-logits", "binary cross-entropy from logits", r"\ln(1 + e^{z}) - y z", _logits, _logits_gradient, True,
         None, lambda activation: activation == "identity", "identity outputs (the sums are the logits)", True),
    Loss("cross-entropy", "cross-entropy", r"-y \ln \hat y", _cross_entropy, _cross_entropy_gradient, False,
         "softmax", lambda activation: activation == "softmax", "softmax outputs", True),
    Loss("hinge", "hinge", r"\max(0, 1 - (2y - 1) \hat y)", _hinge, _hinge_gradient, True,
         None, _reaches_both_signs, "outputs that can reach −1 and 1 (identity or tanh, say)", True),
)
LOSSES = {loss.name: loss for loss in _LOSSES}
"""Every loss by name."""


def accuracy(outputs: Array, targets: Array, threshold: float) -> float:
    """The share of columns whose class is right: the largest output, or for one output the side of ``threshold``."""
    if not outputs.shape[1]:
        return math.nan
    if outputs.shape[0] == 1:
        right = (outputs[0] >= threshold) == (targets[0] >= 0.5)
    else:
        right = outputs.argmax(axis=0) == targets.argmax(axis=0)
    return float(np.mean(right))


def determination(outputs: Array, targets: Array) -> float:
    """R², one minus the unexplained share of the targets' variance; NaN where the targets do not vary."""
    if not outputs.shape[1]:
        return math.nan
    spread = float(((targets - targets.mean(axis=1, keepdims=True)) ** 2).sum())
    return 1 - float(((targets - outputs) ** 2).sum()) / spread if spread > 0 else math.nan
