"""The activations: what a neuron does with its weighted sum.

Each is a row of one table. A row writes its function and its slope as *array operations on buffers*: generators that yield
``(function, *arguments)``, the last argument being the output. The training kernel runs those very operations, and so does
everything that looks at a network, so there is one definition and nothing to disagree with it. It refuses to know layers.

Sources of the formulas: PyTorch's definitions (``torch.nn``), which the recorded tests hold them to.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Operation = tuple[Any, ...]
"""``(function, *arguments)``: one call on whole arrays. (NumPy's maximum and minimum take their output by name only.)"""

SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946
LEAKY_SLOPE = 0.01


def perform(operations: Iterator[Operation]) -> None:
    """Carry out operations at once. Overflow to infinity is a meaning here, not an accident, so NumPy keeps quiet."""
    with np.errstate(all="ignore"):
        for function, *arguments in operations:
            function(*arguments)


@dataclass(frozen=True)
class Activation:
    """One activation function.

    ``forward(z, a)`` yields the operations that fill ``a`` with f(z); ``slope(z, a, s)`` those that fill ``s`` with f'(z),
    given both the sums ``z`` and the outputs ``a``. All buffers have one shape, any shape; softmax works along axis 0 (the
    neurons of a layer) and has no slope of its own, since each output depends on every sum.
    """

    name: str
    title: str
    formula: str
    """LaTeX of f(z)."""
    slope_formula: str
    """LaTeX of f'(z)."""
    slope_text: str
    """f'(z) in plain text, with a for the output and z for the sum."""
    forward: Callable[[Array, Array], Iterator[Operation]]
    slope: Callable[[Array, Array, Array], Iterator[Operation]] | None
    output_range: tuple[float, float]
    kinks: tuple[float, ...] = ()
    """Sums at which the slope jumps."""
    hint: str = ""

    @property
    def elementwise(self) -> bool:
        """Whether every output depends on its own sum alone."""
        return self.name != "softmax"

    def __call__(self, sums: Array) -> Array:
        """f(z) in a new array of the same shape and type."""
        z = np.ascontiguousarray(sums)
        a = np.empty_like(z)
        perform(self.forward(z, a))
        return a

    def derivative(self, sums: Array) -> Array:
        """f'(z) in a new array of the same shape and type. Raises ValueError for softmax."""
        if self.slope is None:
            raise ValueError("softmax has no slope of its own: each output depends on every sum")
        z = np.ascontiguousarray(sums)
        a = self(z)
        s = np.empty_like(z)
        perform(self.slope(z, a, s))
        return s


def scalar(value: float, like: Array) -> Array:
    # a zero-dimensional array of the buffers' own type costs half of what a Python float costs in a NumPy call
    return np.asarray(value, like.dtype)


def _identity(z: Array, a: Array) -> Iterator[Operation]:
    yield np.copyto, a, z


def _ones(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield s.fill, 1


def _step(z: Array, a: Array) -> Iterator[Operation]:
    yield np.greater_equal, z, scalar(0, z), a


def _zeros(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield s.fill, 0


def _sigmoid(z: Array, a: Array) -> Iterator[Operation]:
    # exp(-z) may overflow to infinity, and 1 / infinity is the right 0: no branch is needed
    one = scalar(1, z)
    yield np.negative, z, a
    yield np.exp, a, a
    yield np.add, a, one, a
    yield np.divide, one, a, a


def _sigmoid_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield np.subtract, scalar(1, z), a, s
    yield np.multiply, s, a, s


def _tanh(z: Array, a: Array) -> Iterator[Operation]:
    yield np.tanh, z, a


def _tanh_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield np.multiply, a, a, s
    yield np.subtract, scalar(1, z), s, s


def _relu(z: Array, a: Array) -> Iterator[Operation]:
    yield (partial(np.maximum, z, scalar(0, z), out=a),)


def _relu_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield np.greater, a, scalar(0, z), s


def _leaky_relu(z: Array, a: Array) -> Iterator[Operation]:
    yield np.multiply, z, scalar(LEAKY_SLOPE, z), a
    yield (partial(np.maximum, z, a, out=a),)


def _leaky_relu_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield np.greater, a, scalar(0, z), s
    yield (partial(np.maximum, s, scalar(LEAKY_SLOPE, z), out=s),)


def _elu(z: Array, a: Array) -> Iterator[Operation]:
    # expm1 of min(z, 0) is 0 for positive sums, so the two halves simply add
    zero = scalar(0, z)
    positive = np.empty_like(z)
    yield (partial(np.minimum, z, zero, out=a),)
    yield np.expm1, a, a
    yield (partial(np.maximum, z, zero, out=positive),)
    yield np.add, a, positive, a


def _elu_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    # e^z where z <= 0 is a + 1; where z > 0 the slope is 1, and a + 1 is more
    one = scalar(1, z)
    yield np.add, a, one, s
    yield (partial(np.minimum, s, one, out=s),)


def _selu(z: Array, a: Array) -> Iterator[Operation]:
    zero = scalar(0, z)
    positive = np.empty_like(z)
    yield (partial(np.minimum, z, zero, out=a),)
    yield np.expm1, a, a
    yield np.multiply, a, scalar(SELU_ALPHA, z), a
    yield (partial(np.maximum, z, zero, out=positive),)
    yield np.add, a, positive, a
    yield np.multiply, a, scalar(SELU_SCALE, z), a


def _selu_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    # scale for z > 0; scale · alpha · e^z = a + scale · alpha for z <= 0
    positive = np.empty(z.shape, np.bool_)
    yield np.greater, z, scalar(0, z), positive
    yield np.add, a, scalar(SELU_SCALE * SELU_ALPHA, z), s
    yield np.copyto, s, scalar(SELU_SCALE, z), "same_kind", positive


_error_function = np.frompyfunc(math.erf, 1, 1)


def _fill_erf(z: Array, out: Array) -> None:
    np.multiply(z, scalar(math.sqrt(0.5), z), out)
    out[...] = _error_function(out)


def _gelu(z: Array, a: Array) -> Iterator[Operation]:
    yield _fill_erf, z, a
    yield np.add, a, scalar(1, z), a
    yield np.multiply, a, z, a
    yield np.multiply, a, scalar(0.5, z), a


def _gelu_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    # Φ(z) + z φ(z)
    density = np.empty_like(z)
    yield np.multiply, z, z, density
    yield np.multiply, density, scalar(-0.5, z), density
    yield np.exp, density, density
    yield np.multiply, density, scalar(1 / math.sqrt(2 * math.pi), z), density
    yield np.multiply, density, z, density
    yield _fill_erf, z, s
    yield np.add, s, scalar(1, z), s
    yield np.multiply, s, scalar(0.5, z), s
    yield np.add, s, density, s


def _softplus(z: Array, a: Array) -> Iterator[Operation]:
    # ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|), which cannot overflow
    positive = np.empty_like(z)
    yield np.absolute, z, a
    yield np.negative, a, a
    yield np.exp, a, a
    yield np.log1p, a, a
    yield (partial(np.maximum, z, scalar(0, z), out=positive),)
    yield np.add, a, positive, a


def _softplus_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield from _sigmoid(z, s)


def _swish(z: Array, a: Array) -> Iterator[Operation]:
    yield from _sigmoid(z, a)
    yield np.multiply, a, z, a


def _swish_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    # σ(z) + z σ(z) (1 - σ(z)) = σ(z) (1 + z - a)
    rest = np.empty_like(z)
    yield from _sigmoid(z, s)
    yield np.subtract, z, a, rest
    yield np.add, rest, scalar(1, z), rest
    yield np.multiply, s, rest, s


def _sine(z: Array, a: Array) -> Iterator[Operation]:
    yield np.sin, z, a


def _sine_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield np.cos, z, s


def _softmax(z: Array, a: Array) -> Iterator[Operation]:
    # subtracting the largest sum changes nothing but keeps every exponent at or below 0
    total = np.empty((1, *z.shape[1:]), z.dtype)
    yield np.maximum.reduce, z, 0, None, total, True
    yield np.subtract, z, total, a
    yield np.exp, a, a
    yield np.add.reduce, a, 0, None, total, True
    yield np.divide, a, total, a


def _rows(*rows: Activation) -> dict[str, Activation]:
    return {row.name: row for row in rows}


_INF = math.inf
ACTIVATIONS = _rows(
    Activation("identity", "identity", "z", "1", "1", _identity, _ones, (-_INF, _INF),
               hint="No bend: layers of this alone collapse into one linear model."),
    Activation("step", "step", r"\begin{cases}1 & z \ge 0\\0 & z < 0\end{cases}", "0", "0", _step, _zeros, (0, 1), (0,),
               hint="The perceptron's threshold. Its slope is 0, so it learns by the perceptron rule only."),
    Activation("sigmoid", "sigmoid", r"\frac{1}{1+e^{-z}}", "a(1-a)", "a (1 − a)", _sigmoid, _sigmoid_slope, (0, 1),
               hint="Squeezes any sum into 0 to 1."),
    Activation("tanh", "tanh", r"\tanh z", "1-a^2", "1 − a²", _tanh, _tanh_slope, (-1, 1),
               hint="Squeezes any sum into −1 to 1."),
    Activation("relu", "ReLU", r"\max(0, z)", r"[z > 0]", "1 where z > 0, else 0", _relu, _relu_slope, (0, _INF), (0,),
               hint="Passes what is positive, stops the rest."),
    Activation("leaky-relu", "leaky ReLU", r"\max(z, 0.01 z)", r"1 \text{ or } 0.01", "1 where z > 0, else 0.01",
               _leaky_relu, _leaky_relu_slope, (-_INF, _INF), (0,), hint="ReLU with a small slope below 0."),
    Activation("elu", "ELU", r"z > 0 ? z : e^z - 1", r"\min(1, a + 1)", "1 where z > 0, else a + 1", _elu, _elu_slope,
               (-1, _INF), hint="Bends smoothly to −1."),
    Activation("selu", "SELU", r"\lambda (z > 0 ? z : \alpha(e^z - 1))", r"\lambda \text{ or } a + \lambda\alpha",
               "λ where z > 0, else a + λα", _selu, _selu_slope, (-SELU_SCALE * SELU_ALPHA, _INF), (0,),
               hint="ELU scaled so that deep layers keep mean 0 and variance 1."),
    Activation("gelu", "GELU", r"z\,\Phi(z)", r"\Phi(z) + z\varphi(z)", "Φ(z) + z φ(z)", _gelu, _gelu_slope,
               (-0.17, _INF), hint="z times the chance that a standard normal number is below z."),
    Activation("softplus", "softplus", r"\ln(1 + e^z)", r"\sigma(z)", "σ(z)", _softplus, _softplus_slope, (0, _INF),
               hint="A smooth ReLU."),
    Activation("swish", "swish", r"z\,\sigma(z)", r"\sigma(z)(1 + z - a)", "σ(z) (1 + z − a)", _swish, _swish_slope,
               (-0.28, _INF), hint="z weighed by its own sigmoid."),
    Activation("sine", "sine", r"\sin z", r"\cos z", "cos z", _sine, _sine_slope, (-1, 1),
               hint="Repeats for ever: good at waves."),
    Activation("softmax", "softmax", r"\frac{e^{z_k}}{\sum_j e^{z_j}}", r"a_k([k = j] - a_j)", "aₖ ([k = j] − aⱼ)",
               _softmax, None, (0, 1), hint="Shares 1 among the classes. For an output layer."),
)
"""Every activation by name."""
