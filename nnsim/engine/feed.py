"""One epoch's samples in the order they are taken, cut into batches, with their dropout masks.

The order of epoch e comes from the generator at ``(seed, "shuffle", e)`` and its masks from ``(seed, "dropout", e)``, so any
epoch can be made again at any time. Batches are views of one gathered block: columns are samples.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.forward import with_ones
from nnsim.core.initializers import generator
from nnsim.core.network import Network
from nnsim.engine.experiment import Experiment


@dataclass(frozen=True, eq=False)
class Epoch:
    """The batches of one epoch: lists with one entry a batch."""

    rows: list[Array]
    """(samples,) rows of the data set"""
    inputs: list[Array]
    """(inputs + 1, samples), the last row ones"""
    targets: list[Array]
    """(outputs, samples)"""
    masks: list[tuple[Array, ...]] | None
    """(neurons, samples) for each hidden layer"""


class Feed:
    """Makes epochs from training rows. ``inputs`` (rows, inputs) as the network is fed; ``targets`` (rows, outputs)."""

    def __init__(self, experiment: Experiment, network: Network, rows: Array, inputs: Array, targets: Array) -> None:
        dtype = np.dtype(experiment.precision)
        self._experiment, self._network, self._rows = experiment, network, rows
        self._inputs = with_ones(inputs, dtype)
        self._targets = np.ascontiguousarray(targets, dtype)
        self._dtype = dtype
        count, size = len(rows), experiment.batch_size
        self.sizes = tuple(min(size, count - start) for start in range(0, count, size))
        """How many samples each batch of an epoch holds."""
        self._cached: tuple[tuple[int, float], Epoch] | None = None
        self._blocks = (np.empty_like(self._inputs), np.empty_like(self._targets))

    def epoch(self, number: int, dropout: float) -> Epoch:
        """The epoch's batches. The arrays are overwritten when another epoch is asked for."""
        key = (number, dropout)
        if self._cached is None or self._cached[0] != key:
            self._cached = key, self._make(number, dropout)
        return self._cached[1]

    def _make(self, number: int, dropout: float) -> Epoch:
        seed, count = self._experiment.seed, len(self._rows)
        order = generator(seed, "shuffle", number).permutation(count) if self._experiment.shuffle else np.arange(count)
        inputs, targets = self._blocks
        np.take(self._inputs, order, axis=0, out=inputs, mode="clip")
        np.take(self._targets, order, axis=0, out=targets, mode="clip")
        rows = self._rows[order]
        starts = np.cumsum((0, *self.sizes))
        parts = [slice(start, stop) for start, stop in pairwise(starts)]
        masks = None
        if dropout:
            rng = generator(seed, "dropout", number)
            blocks = [((rng.random((count, width)) >= dropout) / (1 - dropout)).astype(self._dtype)
                      for width in self._network.widths[:-1]]
            masks = [tuple(block[part].T for block in blocks) for part in parts]
        return Epoch([rows[part] for part in parts], [inputs[part].T for part in parts], [targets[part].T for part in parts], masks)
