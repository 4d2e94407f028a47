"""Looking at parameters without disturbing them: scores, predictions, decision surfaces and response maps.

All are pure functions of theta, computed by the same forward operations as training, on buffers of their own.
"""

import math
from typing import Any

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.forward import ForwardPass, with_ones
from nnsim.core.losses import LOSSES, accuracy, determination
from nnsim.core.network import Network
from nnsim.core.training import frozen
from nnsim.engine.frame import Score, Surface

PORTION = 1_000_000
"""How many outputs of neurons are held at once when rows are scored."""
SURFACE_PRODUCTS = 400_000_000
"""Products of a weight and an input that one surface may take."""
COARSEST_SURFACE = 20
MOST_SCANNERS = 6
"""Sizes and pairs of axes whose buffers are kept."""


def threshold(activation: str, loss: str) -> float:
    """The output at which a binary decision tips: 0 for scores and logits, ½ for outputs that aim at 0 and 1."""
    return 0.0 if loss in ("hinge", "bce-logits") else 0.5


class Part:
    """Training or test rows, ready to be scored against any theta. They pass in portions, so that many rows need little memory."""

    def __init__(self, network: Network, dataset: Dataset, rows: Array, dtype: "np.dtype[Any]") -> None:
        self.rows = with_ones(dataset.scaled(dataset.inputs[rows]), dtype)
        """(rows, inputs + 1) as the network is fed, the last column ones"""
        self._targets = np.ascontiguousarray(dataset.targets[rows].T, dtype)
        self._theta = np.zeros(network.parameter_count, dtype)
        count, portion = len(rows), max(1, PORTION // (sum(network.widths) + network.depth))
        starts = range(0, count, portion)
        passes = {size: ForwardPass(network, self._theta, size) for size in {min(portion, count - start) for start in starts}}
        self._portions = [(slice(start, start + portion), passes[min(portion, count - start)]) for start in starts]
        self._sums, self._outputs = np.zeros_like(self._targets), np.zeros_like(self._targets)
        self._network, self._task = network, dataset.task
        self._looked_at: Array | None = None

    def score(self, theta: Array, loss: str) -> Score:
        """The mean loss, and accuracy or R²."""
        outputs = self.outputs(theta)
        with np.errstate(all="ignore"):
            value = LOSSES[loss].value(self._sums, outputs, self._targets)
            if self._task == "regression":
                metric = determination(outputs, self._targets)
            else:
                metric = accuracy(outputs, self._targets, threshold(self._network.activations[-1], loss))
        return Score(value, metric if math.isfinite(value) else math.nan)

    def outputs(self, theta: Array) -> Array:
        """(outputs, rows), a view that the next look overwrites."""
        if theta is self._looked_at:
            # every stop within a batch has the same parameters
            return self._outputs
        # only what nobody can write to any more is sure to be the same when it comes again
        self._looked_at = theta if theta.base is None and not theta.flags.writeable else None
        np.copyto(self._theta, theta)
        for rows, forward in self._portions:
            self._outputs[:, rows] = forward.run(self.rows[rows])
            self._sums[:, rows] = forward.sums
        return self._outputs


class Scanner:
    """The network's response over a rectangle of two inputs, the others held."""

    def __init__(self, network: Network, dataset: Dataset, points: int, axes: tuple[int, int] = (0, 1)) -> None:
        self._network, self._dataset, self._axes = network, dataset, axes
        self._theta = np.zeros(network.parameter_count, np.float32)
        self._pass = ForwardPass(network, self._theta, points * points)
        self.extent = data_extent(dataset, axes)
        left, right, bottom, top = self.extent
        across, up = np.meshgrid(np.linspace(left, right, points), np.linspace(bottom, top, points))
        self._grid = np.tile(dataset.inputs[dataset.train].mean(axis=0), (points * points, 1))
        self._grid[:, axes[0]], self._grid[:, axes[1]] = across.ravel(), up.ravel()
        self._points = points

    def scan(self, theta: Array, held: Array, with_maps: bool) -> Surface:
        """The outputs, and with maps every neuron's, at points x points places. ``held``: (inputs,) for the inputs off the axes."""
        if len(held) > 2:
            free = [i for i in range(len(held)) if i not in self._axes]
            self._grid[:, free] = held[free]
        with np.errstate(all="ignore"):
            np.copyto(self._theta, theta, casting="same_kind")
        done = self._run(self._pass, self._theta.dtype)
        if theta.dtype != self._theta.dtype and not all(np.isfinite(a).all() for a in done.activations):
            # what training can still hold is not to overflow here
            done = self._run(ForwardPass(self._network, theta, self._points * self._points), theta.dtype)
        shape = (-1, self._points, self._points)
        maps = tuple(frozen(a[:-1]).reshape(shape) for a in done.activations) if with_maps else ()
        return Surface(self.extent, frozen(done.outputs).reshape(shape), maps, self._axes)

    def _run(self, forward: ForwardPass, dtype: "np.dtype[Any]") -> ForwardPass:
        forward.run(with_ones(self._dataset.scaled(self._grid), dtype))
        return forward


class Scanners:
    """Scanners by their points and axes, kept from look to look."""

    def __init__(self, network: Network, dataset: Dataset) -> None:
        self._network, self._dataset = network, dataset
        self._kept: dict[tuple[int, tuple[int, int]], Scanner] = {}

    def scan(self, points: int, axes: tuple[int, int], theta: Array, held: Array, with_maps: bool) -> Surface | None:
        """The surface over two inputs; None for 0 points or fewer than two inputs. Axes that there are not become the first two."""
        inputs = len(self._dataset.input_names)
        if not points or inputs < 2:
            return None
        if axes[0] == axes[1] or not all(0 <= axis < inputs for axis in axes):
            axes = (0, 1)
        # a surface of a wide network may be coarser, so that it stays a look and does not become a wait
        points = min(points, max(COARSEST_SURFACE, math.isqrt(SURFACE_PRODUCTS // self._network.parameter_count)))
        if (points, axes) not in self._kept:
            if len(self._kept) >= MOST_SCANNERS:
                self._kept.clear()
            self._kept[points, axes] = Scanner(self._network, self._dataset, points, axes)
        return self._kept[points, axes].scan(theta, held, with_maps)


def data_extent(dataset: Dataset, axes: tuple[int, int]) -> tuple[float, float, float, float]:
    """left, right, bottom, top of the data on two inputs, with a margin of 8 %."""
    low, high = dataset.inputs.min(axis=0), dataset.inputs.max(axis=0)
    margin = np.where(high > low, 0.08 * (high - low), 0.5)
    low, high = low - margin, high + margin
    return float(low[axes[0]]), float(high[axes[0]]), float(low[axes[1]]), float(high[axes[1]])
