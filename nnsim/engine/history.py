"""The losses a run has gone through: what the loss plot draws. Bounded memory, and the same whatever way the run was walked.

The loss of every batch is kept until there are a million; then every other one is dropped and only every second is kept, and so
on. At the end of each epoch come the loss and metric over the whole training and test rows. Going back in time forgets nothing:
the future that was visited stays, and a branch begins with a copy of what it shares.
"""

from dataclasses import dataclass, field

import numpy as np

from nnsim.core.activations import Array

MOST_BATCH_LOSSES = 1 << 20
MOST_EPOCHS = 1 << 18
EPOCH_COLUMNS = ("train_loss", "test_loss", "train_metric", "test_metric")


@dataclass(frozen=True, eq=False)
class Curve:
    """What a series held at one moment: read-only, and unmoved by what is added later."""

    values: Array
    """(kept, columns)"""
    stride: int
    """Places between one kept number and the next; the first stands at place 0."""

    @property
    def places(self) -> Array:
        """(kept,) where each kept number stands."""
        return np.arange(len(self.values)) * self.stride

    def column(self, index: int) -> Array:
        """(kept,) one column."""
        column: Array = self.values[:, index]
        return column


class Series:
    """Numbers at places 0, 1, 2 ..., of which every stride-th is kept. Old curves stay valid: kept numbers are never rewritten."""

    def __init__(self, columns: int, limit: int) -> None:
        self._values = np.empty((256, columns))
        self._limit = limit
        self.stride = 1
        self.end = 0
        """How many places have been passed, kept or not."""

    def __len__(self) -> int:
        return (self.end + self.stride - 1) // self.stride

    def curve(self) -> Curve:
        """What is kept now, without a copy."""
        view = self._values[: len(self)]
        view.flags.writeable = False
        return Curve(view, self.stride)

    def record(self, place: int, rows: Array | list[float]) -> None:
        """Keep ``rows`` (n,) or (n, columns) of the places from ``place`` on, but those passed before: a replay gives the same.

        Raises ValueError on a gap.
        """
        if place > self.end:
            raise ValueError(f"place {place} would leave a gap after {self.end - 1}")
        fresh = np.asarray(rows, float).reshape(-1, self._values.shape[1])[self.end - place :]
        while len(fresh):
            skipped = -self.end % self.stride
            room = self._limit - len(self)
            taken = fresh[: skipped + room * self.stride]
            kept = taken[skipped :: self.stride]
            index = len(self)
            self._grow(index + len(kept))
            self._values[index : index + len(kept)] = kept
            self.end += len(taken)
            fresh = fresh[len(taken) :]
            if len(fresh) and len(self) == self._limit:
                self._thin()

    def _grow(self, needed: int) -> None:
        if needed > len(self._values):
            grown = np.empty((min(max(needed, 2 * len(self._values)), self._limit), self._values.shape[1]))
            grown[: len(self)] = self._values[: len(self)]
            self._values = grown

    def _thin(self) -> None:
        """Keep every other number. In a new array: a curve that a frame holds is never rewritten."""
        thinned = np.empty_like(self._values)
        kept = self._values[: len(self) : 2]
        thinned[: len(kept)] = kept
        self._values = thinned
        self.stride *= 2

    def until(self, end: int) -> "Series":
        """Another series with the places before ``end``, which goes its own way."""
        until = Series(self._values.shape[1], self._limit)
        until.stride, until.end = self.stride, min(end, self.end)
        until._values = self._values[: max(256, len(until))].copy()
        return until

    @property
    def nbytes(self) -> int:
        """Its size in memory, in bytes."""
        return int(self._values.nbytes)

    def restore(self, curve: Curve, end: int) -> None:
        """Become what a curve holds, with ``end`` places passed."""
        kept = len(curve.values)
        self._values = np.empty((min(max(256, kept), self._limit), curve.values.shape[1]))
        self._values[:kept] = curve.values
        self.stride, self.end = curve.stride, end


@dataclass(frozen=True, eq=False)
class Curves:
    """A frame's share of the history. ``batch_loss`` at place b (one column): the loss of batch b before its update. ``epochs``
    at place e (``EPOCH_COLUMNS``): after e epochs; place 0 is the untouched network. NaN where there is no test data."""

    batch_loss: Curve
    epochs: Curve


@dataclass(eq=False)
class History:
    """The growing record behind ``Curves``."""

    batch_loss: Series = field(default_factory=lambda: Series(1, MOST_BATCH_LOSSES))
    epochs: Series = field(default_factory=lambda: Series(len(EPOCH_COLUMNS), MOST_EPOCHS))

    def curves(self) -> Curves:
        """What is kept now, without a copy."""
        return Curves(self.batch_loss.curve(), self.epochs.curve())

    @property
    def nbytes(self) -> int:
        """Its size in memory, in bytes."""
        return self.batch_loss.nbytes + self.epochs.nbytes

    def until(self, batch: int, batches: int) -> "History":
        """Another history, of what comes before batch ``batch``; ``batches``: per epoch. Of batch 0 not even the start's own score
        comes before: an edit there may judge by another loss."""
        return History(self.batch_loss.until(batch), self.epochs.until(batch // batches + 1 if batch else 0))
