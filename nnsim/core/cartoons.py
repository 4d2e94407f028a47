"""Cartoons: lines and closed forms that are put together in any coordinates, and then drawn by an unsteady hand on a small paper.

It is apart from what the cartoons show. Each is scaled to its own bounding box, as a drawing on the pad is, and then strays a
little in place, size, angle, proportions and thickness. It refuses to know cats.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.drawing import inside, ramp, segment_distance

Point = tuple[float, float]
"""Right and down."""


@dataclass(frozen=True, eq=False)
class _Shape:
    points: Array
    closed: bool
    fill: float | None
    """The tone of what is inside; None: nothing is painted there"""
    tone: float
    """The tone of the line"""
    fine: float
    """How thick the line is, as a share of the pen"""


class Cartoon:
    """Shapes in the order of painting; ``filled`` cartoons are silhouettes with dark marks, others are outlines."""

    def __init__(self, rng: np.random.Generator, filled: bool) -> None:
        self.rng, self.filled = rng, filled
        self.shapes: list[_Shape] = []

    def form(self, points: Sequence[Point]) -> None:
        """A closed form, which hides what was drawn behind it."""
        self._add(points, True, 1.0 if self.filled else 0.0, 1.0)

    def line(self, points: Sequence[Point], fine: float = 1.0) -> None:
        """An open line on the paper, ``fine`` times as thick as the pen."""
        self._add(points, False, None, 1.0, fine)

    def inner_line(self, points: Sequence[Point]) -> None:
        """An open line on a form."""
        self._add(points, False, None, 0.0 if self.filled else 1.0)

    def mark(self, points: Sequence[Point]) -> None:
        """A small closed form on another, such as an eye: filled, in the tone that is seen there."""
        tone = 0.0 if self.filled else 1.0
        self._add(points, True, tone, tone)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return bool(self.rng.random() < probability)

    def between(self, low: float, high: float) -> float:
        """Any number from low to high."""
        return float(self.rng.uniform(low, high))

    def _add(self, points: Sequence[Point], closed: bool, fill: float | None, tone: float, fine: float = 1.0) -> None:
        self.shapes.append(_Shape(np.array(points, np.float64), closed, fill, tone, fine))


def arc(x: float, y: float, wide: float, high: float, first: float = 0.0, last: float = 1.0, steps: int = 9) -> list[Point]:
    """Points on an ellipse about (x, y) with these half axes; in turns, 0 is right, a quarter is down."""
    turns = 2 * np.pi * np.linspace(first, last, steps)
    return [(float(right), float(down)) for right, down in zip(x + wide * np.cos(turns), y + high * np.sin(turns), strict=True)]


def ellipse(x: float, y: float, wide: float, high: float, steps: int = 14) -> list[Point]:
    """A closed ellipse about (x, y) with these half axes."""
    return arc(x, y, wide, high, 0, 1 - 1 / steps, steps)


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """A closed rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def curve(*points: Point) -> list[Point]:
    """A smooth open line through three or more points (Catmull and Rom 1974)."""
    knots = np.array([points[0], *points, points[-1]], np.float64)
    share = np.linspace(0, 1, 5)[:-1, np.newaxis]
    pieces = [0.5 * (2 * b + (c - a) * share + (2 * a - 5 * b + 4 * c - d) * share**2 + (3 * b - a - 3 * c + d) * share**3)
              for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False)]
    return [(float(x), float(y)) for x, y in (*np.concatenate(pieces), points[-1])]


def drawn(cartoon: Cartoon, side: int, unsteadiness: float) -> Array:
    """The cartoon on a square paper, (side, side), 0 where empty to at most 1.

    ``unsteadiness``: how far points stray, in pixels, beyond the pixel or so that nobody avoids.
    """
    rng = cartoon.rng
    points = _turned(np.concatenate([shape.points for shape in cartoon.shapes]), rng)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = side * rng.uniform(0.76, 0.88) / max(float((high - low).max()), 1e-9)
    points = (points - (low + high) / 2) * scale + side / 2 + rng.uniform(-0.6, 0.6, 2)
    points = _shaken(points, rng, 0.2 + unsteadiness)
    thickness, ink = rng.uniform(1.0, 1.8), rng.uniform(0.8, 1.0)
    canvas = np.zeros((side, side))
    at = 0
    for shape in cartoon.shapes:
        _paint(canvas, points[at:at + len(shape.points)], shape, thickness * shape.fine)
        at += len(shape.points)
    return canvas * ink


def _turned(points: Array, rng: np.random.Generator) -> Array:
    """Turned by a few degrees, and stretched a little in one direction."""
    angle, stretch = rng.normal(0, 0.06), np.exp(rng.normal(0, 0.06))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned: Array = (points * (stretch, 1 / stretch)) @ turn
    return turned


def _shaken(points: Array, rng: np.random.Generator, reach: float) -> Array:
    """Each point moved, neighbours alike: two waves of any direction across the paper, and a little of its own."""
    direction, phase, push = rng.normal(0, 0.25, (2, 2)), rng.uniform(0, 2 * np.pi, 2), rng.normal(0, 1, (2, 2))
    moved: Array = points + reach * (np.sin(points @ direction + phase) @ push + 0.35 * rng.standard_normal(points.shape))
    return moved


def _paint(canvas: Array, points: Array, shape: _Shape, thickness: float) -> None:
    """Lay a shape over the part of the canvas that it reaches."""
    side = len(canvas)
    (left, top), (right, bottom) = points.min(axis=0) - thickness, points.max(axis=0) + thickness
    left, top = min(max(int(left), 0), side - 1), min(max(int(top), 0), side - 1)
    part = canvas[top:max(int(bottom) + 1, top + 1), left:max(int(right) + 1, left + 1)]
    size, points = (part.shape[0], part.shape[1]), points - (left, top)
    starts, ends = (points, np.concatenate([points[1:], points[:1]])) if shape.closed else (points[:-1], points[1:])
    apart = segment_distance(starts, ends, size)
    if shape.fill is not None:
        part += ramp(np.where(inside(points, size), apart, -apart)) * (shape.fill - part)
    # a line thinner than a pixel is a paler one of a pixel
    part += ramp(max(thickness, 1) / 2 - apart) * min(thickness, 1) * (shape.tone - part)
