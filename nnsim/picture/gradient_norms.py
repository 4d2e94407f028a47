"""How long each layer's gradient was over the epochs: one line a layer, on a logarithmic axis.

Plain data, apart because it can be tested so. The length is the root of the sum of squares over a layer's weights and biases, of
one batch's gradient at each point of the past. A length of 0 has no place on a logarithmic axis: it is told, not drawn. It refuses
to smooth.
"""

import math
import sys
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.past import Past

_DEEPEST = 1e-12  # the axis reaches down to this share of the first point's greatest length


@dataclass(frozen=True, eq=False)
class GradientNorms:
    """The lengths of the layers' gradients."""

    batches: Array
    """(points,) of which batch the gradient is"""
    per_epoch: int
    """Batches in an epoch."""
    norms: Array
    """(layers, points); may be 0 or not finite"""

    @property
    def epochs(self) -> Array:
        """(points,) finished epochs"""
        return self.batches / self.per_epoch

    @property
    def drawn(self) -> Array:
        """(layers, points): whether a length has a place on the axis."""
        drawn: Array = np.isfinite(self.norms) & (self.norms > 0)
        return drawn

    @property
    def span(self) -> tuple[float, float]:
        """The least and greatest length the axis shows: positive, and the first is less."""
        lengths = self.norms[self.drawn]
        if not lengths.size:
            return 0.1, 1.0
        high = float(lengths.max())
        # a gradient that runs away must not push those before it off the axis
        point = int(self.drawn.any(axis=0).argmax())
        first = float(self.norms[self.drawn[:, point], point].max())
        low = max(float(lengths.min()), first * _DEEPEST, 1e-300)
        margin = 10 ** max(0.05 * (math.log10(high) - math.log10(low)), math.log10(1.2))
        return low / margin, high * min(margin, sys.float_info.max / high)


def gradient_norms(past: Past) -> GradientNorms | None:
    """The lengths at every point whose gradient is known; None where that is nowhere."""
    looks = [(point.batch, point.look) for point in past.points if point.look is not None]
    if not looks:
        return None
    batches = np.array([batch for batch, _ in looks])
    with np.errstate(all="ignore"):
        norms = [[np.linalg.norm(layer.astype(float)) for layer in past.network.layers(look.gradient)] for _, look in looks]
    return GradientNorms(batches, past.batches, np.array(norms).T)


def separated(heights: list[float], least: float, low: float, high: float) -> list[float]:
    """Heights for labels, as near to ``heights`` as may be, at least ``least`` apart, within ``low`` to ``high`` where they fit."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed = list(heights)
    floor = low
    for index in order:
        placed[index] = floor = max(heights[index], floor)
        floor += least
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - least
    return placed
