"""All weights at a glance: a small image a neuron where inputs are a picture, a matrix a layer elsewhere, and their distribution.

It is what there is to look at while batches go by too fast to read. Values are weights over the layer's largest, from -1 to 1. It
refuses to know colours.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame
from nnsim.picture import numbers

MOST_IMAGES = 48
MOST_CELLS = 160
"""Rows and columns of a matrix; a larger one is thinned."""
BARS = 41
SAMPLED = 20_000
"""From so many weights on, the distribution is taken of an even sample of them."""


@dataclass(frozen=True, eq=False)
class LayerImages:
    """One layer: ``images`` (neurons, height, width), or ``matrix`` (neurons, inputs); values -1 to 1, NaN where not finite."""

    title: str
    images: Array | None
    matrix: Array | None


@dataclass(frozen=True, eq=False)
class WeightImages:
    """The weights of all layers."""

    layers: tuple[LayerImages, ...]
    distribution: tuple[tuple[float, float], ...]
    """Bars from the most negative to the most positive: the middle of each, and its height over the highest's."""
    reach: float
    """The largest weight's size: where the distribution ends on either side."""


def weight_images(frame: Frame) -> WeightImages:
    """The weights as they stand in the frame."""
    layers = tuple(_layer(frame, layer, weights) for layer, weights in enumerate(frame.weights))
    bars, reach = _distribution(np.concatenate([weights.ravel() for weights in frame.weights]))
    return WeightImages(layers, bars, reach)


def _layer(frame: Frame, layer: int, weights: Array) -> LayerImages:
    inputs, neurons = weights.shape
    values = _relative(weights)
    picture = frame.dataset.picture
    if layer == 0 and picture is not None and inputs == picture[0] * picture[1] * frame.dataset.channels:
        height, width = picture
        shown = min(neurons, MOST_IMAGES)
        part = f"{shown} of the {numbers.whole(neurons)}" if shown < neurons else f"each of the {neurons}"
        title = f"L1: what {part} neurons looks for in the {height} × {width} picture"
        images = values[:, :shown].T.reshape(shown, height, width, frame.dataset.channels)
        if frame.dataset.channels > 1:
            title += ": in its red, its green and its blue, side by side"
        return LayerImages(title, np.moveaxis(images, -1, 2).reshape(shown, height, -1), None)
    thin = values[:: -(-inputs // MOST_CELLS), :: -(-neurons // MOST_CELLS)]
    return LayerImages(f"L{layer + 1}: {numbers.whole(inputs)} × {numbers.whole(neurons)}", None, thin.T)


def _relative(weights: Array) -> Array:
    finite = np.where(np.isfinite(weights), weights, np.nan)
    largest = float(np.nanmax(np.abs(finite), initial=0.0))
    return finite / largest if largest > 0 else finite


def _distribution(weights: Array) -> tuple[tuple[tuple[float, float], ...], float]:
    weights = weights[:: max(1, weights.size // SAMPLED)]
    weights = weights[np.isfinite(weights)].astype(np.float64)
    reach = float(np.abs(weights).max(initial=0.0))
    if not reach or not np.isfinite(reach * 2):
        return (), 0.0
    counts, edges = np.histogram(weights, bins=BARS, range=(-reach, reach))
    heights = counts / counts.max()
    return tuple(zip(((edges[:-1] + edges[1:]) / 2).tolist(), heights.tolist(), strict=True)), reach
