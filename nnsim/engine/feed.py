"""One epoch's samples in the order they are taken, cut into batches, with their dropout masks.

The order of epoch e comes from the generator at ``(seed, "shuffle", e)`` and its masks from ``(seed, "dropout", e)``, so any
epoch can be made again at any time. Batches are views of one gathered block: columns are samples.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.forward import with_ones
from nnsim.core.initializers import generator
from nnsim.core.network import Network
from nnsim.engine.experiment import Experiment


@dataclass(frozen=True, eq=False)
class Epoch:
    """One epoch's samples in their order. A batch is a view that is made when it is asked for: an epoch may have very many."""

    size: int
    """How many samples a batch holds; the last may hold fewer."""
    order: Array
    """(rows,) rows of the data set"""
    rows_in: Array
    """(rows, inputs + 1), the last column ones"""
    rows_out: Array
    """(rows, outputs)"""
    silence: tuple[Array, ...] | None
    """(rows, neurons) for each hidden layer: dropout's masks; None where there is none."""

    def rows(self, slot: int) -> Array:
        """(samples,) rows of the data set that a batch of this epoch holds."""
        return self.order[self._part(slot)]

    def inputs(self, slot: int) -> Array:
        """(inputs + 1, samples), the last row ones."""
        return self.rows_in[self._part(slot)].T

    def targets(self, slot: int) -> Array:
        """(outputs, samples)"""
        return self.rows_out[self._part(slot)].T

    def masks(self, slot: int) -> tuple[Array, ...]:
        """(neurons, samples) for each hidden layer; none without dropout."""
        return tuple(block[self._part(slot)].T for block in self.silence or ())

    def batches(self, first: int, last: int) -> Iterator[tuple[Array, Array]]:
        """Inputs and targets of the batches from ``first`` to before ``last``."""
        size, inputs, targets = self.size, self.rows_in, self.rows_out
        for start in range(first * size, last * size, size):
            part = slice(start, start + size)
            yield inputs[part].T, targets[part].T

    def _part(self, slot: int) -> slice:
        return slice(slot * self.size, (slot + 1) * self.size)


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
        masks = None
        if dropout:
            rng = generator(seed, "dropout", number)
            masks = tuple(((rng.random((count, width)) >= dropout) / (1 - dropout)).astype(self._dtype)
                          for width in self._network.widths[:-1])
        return Epoch(self._experiment.batch_size, self._rows[order], inputs, targets, masks)
