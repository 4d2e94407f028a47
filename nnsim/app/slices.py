"""How much the training thread computes at a time, and how fast that is.

A long way is walked in slices between which orders are heard, so a slice is as many batches as take a few milliseconds here and
now. It is apart from the worker because it is arithmetic with a stopwatch. It refuses to compute batches itself.
"""

from time import perf_counter

SLICE_SECONDS = 0.008
RATE_SECONDS = 0.5
"""How long batches are counted before a rate is told."""


class Slices:
    """``batches`` is the size of the slice to come."""

    def __init__(self) -> None:
        self.batches = 1

    def adapt(self, seconds: float) -> None:
        """Learn from what a slice took."""
        if seconds < SLICE_SECONDS / 2:
            self.batches = min(self.batches * 2, 1 << 16)
        elif seconds > SLICE_SECONDS * 1.5:
            self.batches = max(1, int(self.batches * SLICE_SECONDS / seconds))


class Rate:
    """Batches a second, from the moment at which this is made."""

    def __init__(self) -> None:
        self.batches_per_second = 0.0
        self._batches, self._since = 0, perf_counter()

    def count(self, batches: int) -> None:
        """So many batches more were run."""
        self._batches += batches
        seconds = perf_counter() - self._since
        if seconds >= RATE_SECONDS:
            self.batches_per_second = self._batches / seconds
            self._batches, self._since = 0, perf_counter()
