"""Which sample somebody wants to see apart from training: a row of the data, or inputs that were typed.

A value, so that it can be asked for, remembered and compared. It refuses to compute: that is the prober's.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.datasets import Dataset


@dataclass(frozen=True)
class Probe:
    """Which sample. A row of the data has a target; typed inputs have none."""

    row: int | None = None
    """Its row in the data set."""
    inputs: tuple[float, ...] = ()
    """Where there is no row: one number an input, in the data's own units."""

    def fits(self, dataset: Dataset) -> bool:
        """Whether the data set has such a row, or so many inputs."""
        if self.row is not None:
            return 0 <= self.row < len(dataset.inputs)
        return len(self.inputs) == dataset.inputs.shape[1] and bool(np.isfinite(self.inputs).all())

    def name(self, dataset: Dataset) -> str:
        """Such as "row 12 (training)", counted from 1."""
        if self.row is None:
            return "your picture" if dataset.picture else "typed words" if dataset.ordered else "typed inputs"
        return f"row {self.row + 1} ({'test' if self.row in dataset.test else 'training'})"
