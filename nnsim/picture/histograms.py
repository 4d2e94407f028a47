"""Histograms of a layer's weights, gradients or outputs: now, and as a ground of counts over the epochs.

Plain data to draw, apart because every count can be tested without a window. Bins never straddle zero where there are numbers on
both sides of it, so each has a sign. Numbers that are not finite are counted apart, never put into a bin. It refuses to choose
colours.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.network import Network
from nnsim.engine.frame import Frame
from nnsim.engine.past import Past, Point

Quantity = Literal["weights", "gradients", "outputs"]
QUANTITIES: tuple[Quantity, ...] = ("weights", "gradients", "outputs")
MOST_BINS = 40


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of numbers by value."""

    edges: Array
    """(bins + 1,)"""
    counts: Array
    """(bins,)"""
    left_out: int
    """How many numbers are not finite."""

    @property
    def total(self) -> int:
        """How many numbers are counted."""
        return int(self.counts.sum())


@dataclass(frozen=True, eq=False)
class CountsOverTime:
    """A histogram at each point of a past, all with the same bins."""

    batches: Array
    """(points,) before which batch"""
    per_epoch: int
    """Batches in an epoch."""
    edges: Array
    """(bins + 1,)"""
    counts: Array
    """(points, bins)"""
    counted: int
    """How many numbers there are at a point,"""
    in_all: int
    """of so many: of a large layer's outputs an even choice is counted."""

    @property
    def epochs(self) -> Array:
        """(points,) finished epochs"""
        return self.batches / self.per_epoch

    @property
    def shares(self) -> Array:
        """(points, bins) each count as a share of its point's largest: how strong the tone of a place is."""
        shares: Array = self.counts / np.maximum(self.counts.max(axis=1, keepdims=True), 1)
        return shares


def histogram_now(frame: Frame, layer: int, quantity: Quantity) -> Histogram | None:
    """The numbers of a layer (from 0) at a frame; None where they are not all computed yet in this batch."""
    numbers = _numbers_now(frame, layer, quantity)
    if numbers is None:
        return None
    finite = numbers[np.isfinite(numbers)]
    edges = bin_edges(finite)
    return Histogram(edges, np.histogram(finite, edges)[0], numbers.size - finite.size)


def counts_over_time(past: Past, layer: int, quantity: Quantity) -> CountsOverTime | None:
    """The counts of a layer (from 0) at every point where they are known; None where that is nowhere."""
    told = [(point, _numbers_then(past.network, point, layer, quantity)) for point in past.points]
    known = [(point, numbers) for point, numbers in told if numbers is not None]
    if not known:
        return None
    every = np.concatenate([numbers for _, numbers in known])
    edges = bin_edges(every[np.isfinite(every)])
    counts = np.array([np.histogram(numbers[np.isfinite(numbers)], edges)[0] for _, numbers in known])
    batches = np.array([point.batch for point, _ in known])
    last, numbers = known[-1]
    in_all = last.look.output_counts[layer] if quantity == "outputs" and last.look else numbers.size
    return CountsOverTime(batches, past.batches, edges, counts, numbers.size, in_all)


def bin_edges(numbers: Array, most: int = MOST_BINS) -> Array:
    """Edges of at most ``most`` (4 or more) equally wide bins that hold all finite ``numbers`` (n,). Zero is an edge if numbers lie
    on both sides of it. Fewer numbers get fewer bins: two for each root of their number (n = 100: 20)."""
    if not numbers.size:
        return np.array([-1.0, 0.0, 1.0])
    low, high = float(numbers.min()), float(numbers.max())
    bins = min(most, max(6, round(2 * math.sqrt(numbers.size))))
    if not high - low > max(1e-12 * max(abs(low), abs(high)), 1e-300):
        half = 0.5 * abs(high) if abs(high) > 1e-200 else 0.5
        return np.array([high - half, high - half / 3, high + half / 3, high + half])
    if not low < 0 < high:
        return np.linspace(low, high, bins + 1)
    # one bin of the number may be lost on either side of zero
    width = (high - low) / (bins - 1)
    edges = np.arange(min(math.floor(low / width), -1), max(math.ceil(high / width), 1) + 1) * width
    # a rounding must not leave out the outermost numbers
    edges[0], edges[-1] = min(edges[0], low), max(edges[-1], high)
    return edges


def _numbers_now(frame: Frame, layer: int, quantity: Quantity) -> Array | None:
    if quantity == "weights":
        return frame.weights[layer].ravel()
    trace = frame.trace
    if trace is None:
        return None
    last_sample = frame.phase == "update" or frame.sample == trace.samples - 1
    if quantity == "outputs":
        return trace.outputs[layer].ravel() if last_sample and frame.phase != "forward" else None
    return frame.network.weights(trace.gradient)[layer].ravel() if frame.phase == "update" else None


def _numbers_then(network: Network, point: Point, layer: int, quantity: Quantity) -> Array | None:
    if quantity == "weights":
        return network.weights(point.theta)[layer].ravel()
    if point.look is None:
        return None
    return point.look.outputs[layer] if quantity == "outputs" else network.weights(point.look.gradient)[layer].ravel()
