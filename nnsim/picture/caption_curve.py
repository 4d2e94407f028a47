"""The activations as a caption writes and draws them: f(z) with letters or numbers in it, the slope's arithmetic, the curve.

It is apart because the way forward and the way back show the same curve. The curve is drawn with the very function that trains.
"""

import math
from functools import lru_cache

import numpy as np

from nnsim.core.activations import ACTIVATIONS, LEAKY_SLOPE
from nnsim.picture.caption_parts import Curve
from nnsim.picture.caption_rounding import Rounding

_CALLS = {
    "identity": "{z}",
    "step": "[{z} ≥ 0]",
    "sigmoid": "σ({z})",
    "tanh": "tanh({z})",
    "relu": "max(0, {z})",
    "leaky-relu": "max({z}, 0.01·{z})",
    "elu": "elu({z})",
    "selu": "selu({z})",
    "gelu": "gelu({z})",
    "softplus": "ln(1 + e<sup>{z}</sup>)",
    "swish": "{z}·σ({z})",
    "sine": "sin({z})",
    "softmax": "softmax({z})",
}
_VERBS = {
    "identity": "passes it on as",
    "step": "answers",
    "sigmoid": "squashes it to",
    "tanh": "squashes it to",
    "softmax": "turns it into the share",
}
_HALF_WIDTHS = (3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0)
_POINTS = 121


def call(name: str, z: str) -> str:
    """HTML of f(z), with ``z`` a letter or a number."""
    return _CALLS[name].format(z=z)


def verb(name: str, a: float) -> str:
    """What the activation does to its sum, ready to be followed by the output."""
    if name == "relu":
        return "passes it on as" if a > 0 else "stops it:"
    return _VERBS.get(name, "bends it to")


def slope_arithmetic(name: str, z: float, a: float, rounding: Rounding) -> str:
    """f'(z) with the numbers put in; plain text."""
    shown, at = rounding.fixed(a, False), rounding.fixed(z)
    known = {
        "tanh": f"1 − {shown}²" if a >= 0 else f"1 − ({shown})²",
        "sigmoid": f"{shown} × (1 − {shown})",
        "relu": f"1, as z = {at} > 0" if z > 0 else f"0, as z = {at} ≤ 0",
        "leaky-relu": f"1, as z = {at} > 0" if z > 0 else f"{LEAKY_SLOPE}, as z = {at} ≤ 0",
        "identity": "1 everywhere",
        "step": "0 everywhere",
        "softplus": f"σ({at})",
        "sine": f"cos({at})",
        "swish": f"σ({at}) × (1 + {at} − ({rounding.fixed(a)}))",
        "elu": f"1, as z = {at} > 0" if z > 0 else f"{rounding.fixed(a)} + 1",
        "gelu": f"Φ({at}) + {at} × φ({at})",
    }
    return known.get(name, f"f′({at})")


def curve(name: str, z: float | None, a: float | None, slope: float | None, rounding: Rounding) -> Curve | None:
    """The curve with its point, where the function has a curve; ``slope``: shown as a tangent unless None."""
    activation = ACTIVATIONS[name]
    if not activation.elementwise:
        return None
    if z is not None and not math.isfinite(z):
        z = a = slope = None
    reach = 0.0 if z is None else 1.1 * abs(z)
    half = next((width for width in _HALF_WIDTHS if reach <= width), reach)
    xs, ys = _points(name, half)
    text = "" if slope is None else rounding.small(slope, False)
    return Curve(activation.title, xs, ys, z, a, slope, text)


@lru_cache(maxsize=64)
def _points(name: str, half: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    xs = np.linspace(-half, half, _POINTS)
    if name == "step":
        # two points at the jump, so that it is drawn upright
        xs = np.array([-half, -half * 1e-9, 0.0, half])
    return tuple(xs.tolist()), tuple(ACTIVATIONS[name](xs).tolist())
