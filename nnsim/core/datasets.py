"""Data sets: where rows of inputs and targets come from.

A ``Dataset`` is plain numbers with the names people use for them, split into training and test rows; rows are samples. A
``Source`` is a row of one table that makes one, either from a seed or from numbers that come along. It refuses to read files:
bundled numbers are handed to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.losses import Task


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs and targets, rows are samples, in the data's own units; arrays are read-only.

    Binary targets are one column of 0 and 1; classes are one-hot, a column a class; regression targets are any numbers.
    """

    name: str
    task: Task
    inputs: Array
    """(rows, inputs)"""
    targets: Array
    """(rows, outputs)"""
    train: Array
    """(training rows,) row numbers"""
    test: Array
    """(test rows,) row numbers; may be empty"""
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    """Names of the classes (two for binary), or of the regression targets."""
    offset: Array
    """(inputs,) and"""
    scale: Array
    """(inputs,): the network is fed (inputs - offset) / scale. 0 and 1 where nothing is scaled."""
    picture: tuple[int, int] | None = None
    """(height, width) where the inputs are a picture's pixels."""

    def scaled(self, inputs: Array) -> Array:
        """What the network is fed for ``inputs`` (n, inputs) in the data's own units."""
        return (inputs - self.offset) / self.scale


@dataclass(frozen=True)
class Source:
    """How a data set is made: ``make(samples, noise, rng)`` gives inputs and targets; bundled and fixed ones ignore all three."""

    name: str
    title: str
    task: Task
    kind: Literal["generated", "fixed", "bundled"]
    summary: str
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    make: Callable[[int, float, np.random.Generator], tuple[Array, Array]] | None
    """None for bundled sources, whose numbers are in a file."""
    picture: tuple[int, int] | None = None


SOURCES: dict[str, Source] = {}
"""Every data set by name."""
