r"""The activations, slopes and losses as LaTeX, with letters or with numbers put in: one spelling of each, for both.

The engine's tables say how these functions are computed; here they are written so that a reader can put numbers in by hand: on
one line, without cases where a minimum or a maximum says the same. It refuses to evaluate anything.

Sources of the formulas: PyTorch's definitions (``torch.nn``), as in the tables they belong to.
"""

from collections.abc import Callable

from nnsim.core.activations import ACTIVATIONS, LEAKY_SLOPE, SELU_ALPHA, SELU_SCALE
from nnsim.picture.latex_parts import fraction, guarded, number, text
from nnsim.picture.numbers import fixed


def _constant(value: float, decimals: int) -> str:
    """A constant of a formula, with the decimal sign in use."""
    return number(fixed(value, decimals, False))


def _alpha() -> str:
    return _constant(SELU_ALPHA, 3)


def _scale() -> str:
    return _constant(SELU_SCALE, 3)


_CALLS: dict[str, Callable[[str], str]] = {
    "identity": lambda z: z,
    "step": lambda z: rf"[{z} \ge 0]",
    "sigmoid": lambda z: rf"\sigma({z})",
    "tanh": lambda z: rf"\tanh({z})",
    "relu": lambda z: rf"\max(0, {z})",
    "leaky-relu": lambda z: rf"\max({z}, {_constant(LEAKY_SLOPE, 2)} \cdot {guarded(z)})",
    "elu": lambda z: rf"\max(0, {z}) + \min(0, e^{{{z}}} - 1)",
    "selu": lambda z: rf"{_scale()} \, (\max(0, {z}) + \min(0, {_alpha()} \, (e^{{{z}}} - 1)))",
    "gelu": lambda z: rf"{guarded(z)} \, \Phi({z})",
    "softplus": lambda z: rf"\ln(1 + e^{{{z}}})",
    "swish": lambda z: rf"{guarded(z)} \, \sigma({z})",
    "sine": lambda z: rf"\sin({z})",
    "softmax": lambda z: rf"e^{{{z}}} / \sum_{{j}} e^{{z_{{j}}}}",
}

_SLOPES: dict[str, Callable[[str, str, bool], str]] = {
    "identity": lambda z, a, up: "1",
    "step": lambda z, a, up: "0",
    "sigmoid": lambda z, a, up: rf"{a} \cdot (1 - {a})",
    "tanh": lambda z, a, up: rf"1 - {guarded(a)}^{{2}}",
    "relu": lambda z, a, up: _by_sign("1" if up else "0", z, up),
    "leaky-relu": lambda z, a, up: _by_sign("1" if up else _constant(LEAKY_SLOPE, 2), z, up),
    "elu": lambda z, a, up: _by_sign("1", z, up) if up else f"{a} + 1",
    "selu": lambda z, a, up: _by_sign(_scale(), z, up) if up else rf"{a} + {_scale()} \cdot {_alpha()}",
    "gelu": lambda z, a, up: rf"\Phi({z}) + {guarded(z)} \cdot \varphi({z})",
    "softplus": lambda z, a, up: rf"\sigma({z})",
    "swish": lambda z, a, up: rf"\sigma({z}) \cdot (1 + {guarded(z)} - {guarded(a)})",
    "sine": lambda z, a, up: rf"\cos({z})",
}

LOSS_FORMULAS: dict[str, Callable[[str, str], str]] = {
    "mse": lambda y, a: f"({y} - {a})^{{2}}",
    "mae": lambda y, a: f"|{y} - {a}|",
    "huber": lambda y, a: rf"\frac{{1}}{{2}} ({y} - {a})^{{2}} {text(' within 1, else ')} |{y} - {a}| - \frac{{1}}{{2}}",
    "bce": lambda y, a: rf"-{y} \ln {a} - (1 - {y}) \ln(1 - {a})",
    "bce-logits": lambda y, a: rf"\ln(1 + e^{{{a}}}) - {y} \, {a}",
    "cross-entropy": lambda y, a: rf"-{y} \ln {a}",
    "hinge": lambda y, a: rf"\max(0, 1 - (2 {y} - 1) \, {a})",
}
"""What one output adds to the loss, by its name: LaTeX with letters for target and output."""

_LOSS_NUMBERS: dict[str, Callable[[str, str, float, float], str]] = {
    "mse": lambda y, a, target, output: f"({y} - {guarded(a)})^{{2}}",
    "mae": lambda y, a, target, output: f"|{y} - {guarded(a)}|",
    "huber": lambda y, a, target, output: (
        rf"\frac{{1}}{{2}} ({y} - {guarded(a)})^{{2}}" if abs(target - output) < 1 else rf"|{y} - {guarded(a)}| - \frac{{1}}{{2}}"
    ),
    "bce": lambda y, a, target, output: (
        rf"-\ln {a}" if target == 1 else rf"-\ln(1 - {a})" if target == 0 else LOSS_FORMULAS["bce"](rf"{y} \cdot", a)
    ),
    "bce-logits": lambda y, a, target, output: rf"\ln(1 + e^{{{a}}}) - {y} \cdot {guarded(a)}",
    "cross-entropy": lambda y, a, target, output: (
        rf"-\ln {a}" if target == 1 else rf"0 \cdot \ln {a}" if target == 0 else rf"-{y} \cdot \ln {a}"
    ),
    "hinge": lambda y, a, target, output: rf"\max(0, 1 - {'(-1)' if target < 0.5 else '1'} \cdot {guarded(a)})",
}

_LOSS_GRADIENTS: dict[str, Callable[[str, str, float, float], str]] = {
    "mse": lambda y, a, target, output: rf"2 \cdot ({a} - {guarded(y)})",
    "mae": lambda y, a, target, output: rf"\mathrm{{sign}}({a} - {guarded(y)})",
    "huber": lambda y, a, target, output: (
        f"{a} - {guarded(y)}" if abs(target - output) < 1 else rf"\mathrm{{sign}}({a} - {guarded(y)})"
    ),
    "bce": lambda y, a, target, output: rf"({a} - {y}) / ({a} \cdot (1 - {a}))",
    "bce-logits": lambda y, a, target, output: rf"\sigma({a}) - {y}",
    "cross-entropy": lambda y, a, target, output: f"-{y} / {a}",
    "hinge": lambda y, a, target, output: _hinge_gradient(a, target, output),
}


def call(name: str, z: str) -> str:
    """f(z), with ``z`` a letter or a number."""
    return _CALLS[name](z)


def brief_call(name: str, z: str) -> str:
    """f(z) by the function's name alone, where there is no room for what it does."""
    return rf"\mathrm{{{ACTIVATIONS[name].title}}}({z})"


def slope(name: str, z: str, a: str, value: float) -> str:
    """f'(z) with the sum ``z`` and the output ``a`` put in; ``value``: the sum, which decides at a kink."""
    return _SLOPES[name](z, a, value > 0)


def loss_arithmetic(name: str, y: str, a: str, target: float, output: float) -> str:
    """What one output adds to the loss, with numbers put in for target and output."""
    return _LOSS_NUMBERS[name](y, a, target, output)


def loss_gradient(name: str, y: str, a: str, target: float, output: float, count: int) -> str:
    """The loss's derivative by one output, with numbers put in; ``count``: what the mean is over."""
    top = _LOSS_GRADIENTS[name](y, a, target, output)
    return f"0{top[1:]}" if top.startswith("0") else fraction(top, str(count))


def loss_gradient_rule(name: str, y: str, a: str, target: float, output: float) -> str:
    """The same in letters and on one line, over n; ``target`` and ``output`` decide at a kink."""
    top = _LOSS_GRADIENTS[name](y, a, target, output)
    if top.startswith("0"):
        return top
    return f"({top}) / n" if name == "huber" and top.startswith(a) else f"{top} / n"


def _by_sign(value: str, z: str, up: bool) -> str:
    relation = ">" if up else r"\le"
    return f"{value}{text(', as ')} {z} {relation} 0"


def _hinge_gradient(a: str, target: float, output: float) -> str:
    sign = -1.0 if target < 0.5 else 1.0
    if sign * output >= 1:
        signed = a if sign > 0 else f"-{guarded(a)}"
        return rf"0{text(', as ')} {signed} \ge 1"
    return "-1" if sign > 0 else "1"
