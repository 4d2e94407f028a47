"""The activations as a caption tells and draws them: what they do, in a verb, and their curve around a point.

It is apart because the way forward and the way back show the same curve. The curve is drawn with the very function that trains.
"""

import math
from functools import lru_cache

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.picture import latex_functions
from nnsim.picture.caption_parts import Curve
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.latex_functions import call
from nnsim.picture.latex_parts import number
from nnsim.picture.latex_text import plain

__all__ = ["call", "curve", "slope_arithmetic", "verb"]

_VERBS = {
    "identity": "passes it on as",
    "step": "answers",
    "sigmoid": "squashes it to",
    "tanh": "squashes it to",
    "softmax": "turns it into the share",
}
_HALF_WIDTHS = (3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0)
_POINTS = 121


def verb(name: str, a: float) -> str:
    """What the activation does to its sum, ready to be followed by the output."""
    if name == "relu":
        return "passes it on as" if a > 0 else "stops it:"
    return _VERBS.get(name, "bends it to")


def slope_arithmetic(name: str, z: float, a: float, rounding: Rounding) -> str:
    """f'(z) with the numbers put in, as plain text."""
    return plain(latex_functions.slope(name, number(rounding.fixed(z)), number(rounding.fixed(a)), z))


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
