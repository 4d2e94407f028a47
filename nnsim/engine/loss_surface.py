"""The loss over a plane through the present parameters, and the way that training took, seen on that plane.

A plane is two directions in the space of all parameters: two chosen weights; two random directions as long, neuron by neuron, as
the network's own weights; or those two along which the way so far went farthest (the last two as in Li, Xu, Taylor, Studer and
Goldstein, "Visualizing the Loss Landscape of Neural Nets", 2018, sections 4 and 7). The surface is a pure function of the
parameters and the training rows. It comes row by row, the middle first, so that it can be watched and given up. It refuses to move
parameters, and to guess what lies between the grid's points.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.initializers import generator
from nnsim.core.network import Network
from nnsim.core.training import frozen
from nnsim.engine.frame import Frame
from nnsim.engine.looking import Part
from nnsim.engine.past import Past

MOST_ROWS = 2000
"""Of more training rows a random choice of so many is used."""


@dataclass(frozen=True)
class ParameterPlane:
    """Two parameters, each (layer, row, neuron) from 0, where row = the layer's inputs means the bias. They must differ."""

    first: tuple[int, int, int]
    second: tuple[int, int, int]

    def fits(self, network: Network) -> bool:
        """Whether a network has both."""
        return all(layer < network.depth and row <= network.sizes[layer] and neuron < network.widths[layer]
                   for layer, row, neuron in (self.first, self.second))


@dataclass(frozen=True)
class RandomPlane:
    """Two random directions; another ``draw`` (from 0) gives others, the same one always the same."""

    draw: int = 0


@dataclass(frozen=True)
class WayPlane:
    """The two directions that show most of the way so far: of all planes through now, its points lie nearest to this one."""


Plane = ParameterPlane | RandomPlane | WayPlane


@dataclass(frozen=True, eq=False)
class LossSurface:
    """Losses on a grid. Arrays are read-only."""

    plane: Plane
    network: Network
    centre: Array
    """(parameters,) the present ones"""
    directions: Array
    """(2, parameters): right, up"""
    across: Array
    """(points,) the grid's places to the right: values of the first parameter, or steps along the first direction from now at 0."""
    up: Array
    """(points,) the same upwards."""
    losses: Array
    """(points, points), row 0 is the bottom; NaN where not computed yet. Without penalties and dropout, as in the loss plot."""
    rows: int
    """How many training rows were used,"""
    rows_in_all: int
    """of so many."""
    finished_rows: int
    """How many rows of the grid are computed."""

    @property
    def complete(self) -> bool:
        """Whether every loss is computed."""
        return self.finished_rows == len(self.up)

    @property
    def here(self) -> tuple[float, float]:
        """The present parameters' place on the plane."""
        return float(np.median(self.across)), float(np.median(self.up))


@dataclass(frozen=True, eq=False)
class Walk:
    """The points of a past as a surface's plane shows them."""

    places: Array
    """(points, 2): across, up"""
    batches: Array
    """(points,) before which batch"""
    share: float
    """How much of the true distances from now the plane shows, 0 to 1: the root of the mean square distance on the plane over that
    in the space of all parameters. NaN where nothing has moved."""


def loss_surface(frame: Frame, plane: Plane, past: Past | None = None, points: int = 31,
                 reach: tuple[float, float] | None = None) -> Iterator[LossSurface]:
    """The surface around a frame's parameters, once more complete after each row of its grid. As ``surface_points``."""
    return (surface for surface in surface_points(frame, plane, past, points, reach) if surface is not None)


def surface_points(frame: Frame, plane: Plane, past: Past | None = None, points: int = 31,
                   reach: tuple[float, float] | None = None) -> Iterator[LossSurface | None]:
    """The surface around a frame's parameters, point by point: yields None after a point, and after the last of a row the surface.

    ``points``: odd, along each side, so that the middle is the present. ``reach``: how far the grid goes to each side, right and
    up: in the parameters' own units, or in lengths of the directions; None: as far as ``fitting_reach`` says. ``past``: what the
    reach and a ``WayPlane`` depend on. Raises ValueError for a plane that is none and for an even number of points.
    """
    if points < 3 or not points % 2:
        raise ValueError("a surface needs an odd number of points, 3 or more")
    network, dataset, theta, loss = frame.network, frame.dataset, frame.theta, frame.experiment.learning.loss
    along = directions(network, theta, plane, frame.experiment.seed, past)
    reach = reach or fitting_reach(plane, along, theta, past)
    chosen = _rows(dataset, frame.experiment.seed)
    part, steps = Part(network, dataset, chosen, theta.dtype), np.linspace(-1, 1, points)
    middle = np.array([theta[np.flatnonzero(each)[0]] for each in along]) if isinstance(plane, ParameterPlane) else np.zeros(2)
    surface = LossSurface(
        plane, network, frozen(theta), along, frozen(middle[0] + reach[0] * steps), frozen(middle[1] + reach[1] * steps),
        frozen(np.full((points, points), np.nan)), len(chosen), len(dataset.train), 0)
    losses = surface.losses.copy()
    for done, row in enumerate(sorted(range(points), key=lambda row: abs(row - points // 2)), 1):
        for column in range(points):
            moved = theta + (reach[0] * steps[column] * along[0] + reach[1] * steps[row] * along[1]).astype(theta.dtype)
            losses[row, column] = part.score(moved, loss).loss
            if column < points - 1:
                yield None
        yield replace(surface, losses=frozen(losses), finished_rows=done)


def directions(network: Network, theta: Array, plane: Plane, seed: int, past: Past | None = None) -> Array:
    """(2, parameters) of a plane: unit steps along two parameters, random directions normalised by filters, or the two first
    principal directions of the way from ``past`` to now, of unit length.

    A random direction's part in each neuron's weights and bias, a neuron being what Li et al. call a filter, is as long as these
    themselves. Its generators are at (seed, "direction", 1 + 2 draw) and the next. Raises ValueError for twice the same parameter.
    """
    both = np.zeros((2, network.parameter_count))
    if isinstance(plane, ParameterPlane):
        if plane.first == plane.second:
            raise ValueError("a plane needs two different parameters")
        for direction, place in zip(both, (plane.first, plane.second), strict=True):
            direction[network.index(*place)] = 1.0
        return frozen(both)
    if isinstance(plane, WayPlane):
        if past is not None:
            moved = past.thetas.astype(float) - theta
            way = np.linalg.svd(moved, full_matrices=False)[2][:2]
            # either sign would do: the way shall lead to the right and up
            both[: len(way)] = way * np.where(way @ moved[0] > 0, -1.0, 1.0)[:, None]
        return frozen(both)
    for number, direction in enumerate(both):
        direction[:] = generator(seed, "direction", 1 + 2 * plane.draw + number).standard_normal(network.parameter_count)
        for drawn, own in zip(network.layers(direction), network.layers(theta), strict=True):
            np.multiply(drawn, np.linalg.norm(own, axis=0) / np.linalg.norm(drawn, axis=0), out=drawn)
    return frozen(both)


def walk(surface: LossSurface, past: Past) -> Walk:
    """Where a past's points lie on a surface's plane: each at the place of the plane that is nearest to it (least squares)."""
    moved = past.thetas.astype(float) - surface.centre
    steps = _steps(surface, moved)
    shown, true = np.linalg.norm(steps @ surface.directions), np.linalg.norm(moved)
    share = min(1.0, float(shown / true)) if true > 0 else float("nan")
    batches = frozen(np.array([point.batch for point in past.points]))
    return Walk(frozen(steps + np.array(surface.here)), batches, share)


def place(surface: LossSurface, theta: Array) -> tuple[float, float]:
    """Where parameters (parameters,) lie on a surface's plane, as in ``walk``: where training stands by now."""
    across, up = (_steps(surface, theta[None].astype(float) - surface.centre)[0] + np.array(surface.here)).tolist()
    return across, up


def _steps(surface: LossSurface, moved: Array) -> Array:
    """How far along both directions, (points, 2), to come nearest to where (points, parameters) leads from the centre."""
    along = surface.directions
    # random directions are not quite at right angles
    steps: Array = (moved @ along.T) @ np.linalg.pinv(along @ along.T)
    return steps


def fitting_reach(plane: Plane, along: Array, theta: Array, past: Past | None) -> tuple[float, float]:
    """How far a surface has to go to each side to show something, for the directions ``along`` (2, parameters).

    Once the length of random directions, as in the paper. Else a quarter farther than the way went; of two parameters at least 1
    and their own size; of a way's directions the second at least a tenth of the first.
    """
    if isinstance(plane, RandomPlane):
        return 1.0, 1.0
    went = np.zeros(2) if past is None else np.abs((past.thetas.astype(float) - theta) @ along.T).max(axis=0)
    if isinstance(plane, ParameterPlane):
        right, up = np.maximum(1.25 * went, np.maximum(1.0, np.abs(along @ theta))).tolist()
    else:
        right, up = (np.maximum(1.25 * went, 0.1 * went.max()) if went.any() else np.ones(2)).tolist()
    return right, up


def _rows(dataset: Dataset, seed: int) -> Array:
    """The training rows, or of many a random choice from the generator at (seed, "direction", 0), in their own order."""
    rows = dataset.train
    if len(rows) <= MOST_ROWS:
        return rows
    chosen: Array = rows[np.sort(generator(seed, "direction").permutation(len(rows))[:MOST_ROWS])]
    return chosen
