"""A loss surface as tones, contours and places: what the plot draws, before anything knows pixels.

Apart because all of it can be tested as data. Tones run from 0, the least loss, to 1, the greatest, evenly in the loss or in its
logarithm. What is read out is always a loss of the grid, never one made up between two of them. It refuses to choose colours.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.loss_surface import LossSurface, ParameterPlane, RandomPlane
from nnsim.picture.contours import contour
from nnsim.picture.targets import EdgeTarget
from nnsim.picture.ticks import Tick, linear_ticks, logarithmic_ticks
from nnsim.picture.weight_history import parameter_name

CONTOURS = 9
_DEEPEST = 1e-9  # a logarithmic scale reaches down to this share of the greatest loss


@dataclass(frozen=True)
class LossScale:
    """How losses become tones."""

    low: float
    high: float
    logarithmic: bool

    def tones(self, losses: Array) -> Array:
        """Losses of any shape as 0 ... 1, clipped; NaN where a loss is NaN, 1 where it is infinite."""
        low, high = self._axis(np.array([self.low, self.high])).tolist()
        tones: Array = np.clip((self._axis(losses) - low) / (high - low), 0.0, 1.0)
        return tones

    def losses(self, tones: Array) -> Array:
        """The losses that have these tones."""
        low, high = self._axis(np.array([self.low, self.high])).tolist()
        heights: Array = low + tones * (high - low)
        return 10.0**heights if self.logarithmic else heights

    def ticks(self, most: int) -> list[Tick]:
        """Losses to write beside the colour bar."""
        return (logarithmic_ticks if self.logarithmic else linear_ticks)(self.low, self.high, most)

    def _axis(self, losses: Array) -> Array:
        if not self.logarithmic:
            return losses
        heights: Array = np.log10(np.maximum(losses, self.low))
        return heights


@dataclass(frozen=True, eq=False)
class Landscape:
    """A surface ready to draw."""

    surface: LossSurface
    scale: LossScale
    tones: Array
    """(points, points), row 0 at the bottom; NaN where there is no loss"""
    contours: Array
    """(pieces, 4): x and y of both ends, 0 ... 1 across the grid"""
    axis_names: tuple[str, str]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """left, right, bottom, top of the grid's outermost places."""
        surface = self.surface
        return float(surface.across[0]), float(surface.across[-1]), float(surface.up[0]), float(surface.up[-1])


@dataclass(frozen=True)
class GridReading:
    """One loss of the grid, and its place."""

    across: float
    up: float
    loss: float


def landscape(surface: LossSurface, logarithmic: bool) -> Landscape:
    """A surface, complete or not, on a scale of all its finite losses."""
    scale = loss_scale(surface.losses, logarithmic)
    tones = scale.tones(surface.losses)
    levels = [(index + 1) / (CONTOURS + 1) for index in range(CONTOURS)]
    pieces = np.concatenate([contour(tones, level) for level in levels])
    return Landscape(surface, scale, tones, pieces, axis_names(surface))


def loss_scale(losses: Array, logarithmic: bool) -> LossScale:
    """A scale that holds all finite ``losses``. With none above 0 there is no logarithm: then it is linear."""
    finite = losses[np.isfinite(losses)]
    positive = finite[finite > 0]
    if logarithmic and positive.size:
        high = float(positive.max())
        low = max(float(positive.min()), high * _DEEPEST)
        return LossScale(low, high, True) if high > low * (1 + 1e-9) else LossScale(low / 2, high * 2, True)
    low, high = float(finite.min(initial=np.inf)), float(finite.max(initial=-np.inf))
    if not low < high:
        low = 0.0 if not finite.size else low
        return LossScale(low, low + (abs(low) or 1.0), False)
    return LossScale(low, high, False)


def axis_names(surface: LossSurface) -> tuple[str, str]:
    """What the axes measure."""
    plane = surface.plane
    if isinstance(plane, ParameterPlane):
        right, up = (parameter_name(surface.network, EdgeTarget(*place)) for place in (plane.first, plane.second))
        return right, up
    if isinstance(plane, RandomPlane):
        return "direction 1", "direction 2"
    return "way 1", "way 2"


def reading(surface: LossSurface, across: float, up: float) -> GridReading | None:
    """The grid's loss nearest to a place; None where it is not computed yet."""
    column, row = int(np.abs(surface.across - across).argmin()), int(np.abs(surface.up - up).argmin())
    loss = float(surface.losses[row, column])
    if np.isnan(loss) and row not in _computed(surface):
        return None
    return GridReading(float(surface.across[column]), float(surface.up[row]), loss)


def _computed(surface: LossSurface) -> set[int]:
    points = len(surface.up)
    return set(sorted(range(points), key=lambda row: abs(row - points // 2))[: surface.finished_rows])
