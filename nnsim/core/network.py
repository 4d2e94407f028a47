"""The shape of a network, and its parameters as one vector.

All weights and biases are one flat vector ``theta``, so an optimizer is a few calls on whole vectors. Layer l sees its part as
a matrix of shape (inputs + 1, neurons): row r holds the weights W[r, q] from input r to neuron q, the last row the biases, the
weights of an input that is always 1. It refuses to compute: forward and backward live in ``training``.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnsim.core.activations import Array


@dataclass(frozen=True)
class Network:
    """A multi-layer perceptron's shape: the number of inputs, and for each layer with weights its neurons and activation."""

    inputs: int
    widths: tuple[int, ...]
    activations: tuple[str, ...]

    @property
    def depth(self) -> int:
        """The number of layers with weights."""
        return len(self.widths)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then the neurons of each layer."""
        return (self.inputs, *self.widths)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each layer begins in theta, and at the end theta's length."""
        offsets = [0]
        for before, here in zip(self.sizes, self.widths, strict=False):
            offsets.append(offsets[-1] + (before + 1) * here)
        return tuple(offsets)

    @property
    def parameter_count(self) -> int:
        """How many weights and biases there are."""
        return self.offsets[-1]

    def layers(self, theta: Array) -> tuple[Array, ...]:
        """Views of ``theta`` (parameters,): one (inputs + 1, neurons) matrix a layer, biases in the last row."""
        return tuple(
            theta[start:stop].reshape(before + 1, here)
            for start, stop, before, here in zip(self.offsets, self.offsets[1:], self.sizes, self.widths, strict=False)
        )

    def weights(self, theta: Array) -> tuple[Array, ...]:
        """Views: one (inputs, neurons) matrix a layer, W[r, q] from input r to neuron q."""
        return tuple(layer[:-1] for layer in self.layers(theta))

    def biases(self, theta: Array) -> tuple[Array, ...]:
        """Views: one (neurons,) vector a layer."""
        return tuple(layer[-1] for layer in self.layers(theta))

    def is_weight(self) -> Array:
        """1.0 where theta holds a weight, 0.0 where it holds a bias: what a penalty applies to."""
        mask = np.ones(self.parameter_count)
        for biases in self.biases(mask):
            biases[...] = 0
        return mask

    def index(self, layer: int, row: int, neuron: int) -> int:
        """The place in theta of W[row, neuron] of ``layer`` (all from 0); ``row`` = number of inputs means the bias."""
        return self.offsets[layer] + row * self.widths[layer] + neuron

    def held(self, frozen: tuple[tuple[int, ...], ...], cut: tuple[tuple[int, int, int], ...], biases_learn: bool = True) -> Array:
        """The places in theta, in rising order, of frozen layers (layer,), frozen neurons (layer, neuron) and cut weights; with
        ``biases_learn`` False of all biases, too."""
        mask = np.zeros(self.parameter_count, np.bool_)
        layers = self.layers(mask)
        for place in frozen:
            layers[place[0]][:, slice(None) if len(place) == 1 else place[1]] = True
        for layer, row, neuron in cut:
            layers[layer][row, neuron] = True
        for biases in () if biases_learn else self.biases(mask):
            biases[...] = True
        return np.flatnonzero(mask)


def join(layers: list[tuple[Any, Any]], dtype: Any = np.float64) -> Array:
    """Theta from ``(weights (inputs, neurons), biases (neurons,))`` pairs, a new vector."""
    return np.concatenate([np.vstack([weights, np.atleast_2d(biases)]).ravel() for weights, biases in layers]).astype(dtype)
