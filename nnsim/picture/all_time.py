"""The whole history of a run as one band: its losses as the ground, an axis of epochs, and the place of any moment on it.

A place on the band is a share of its width, 0 to 1, which a widget turns into pixels and back. It is apart so that the mapping
can be tested as numbers. It refuses to draw, and to know more of the run than the frame carries.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame
from nnsim.engine.moments import START, Moment
from nnsim.picture import numbers

FIRST_EPOCHS = 5
"""Up to so many epochs the course is told batch by batch."""
LOOKED_AT = 16
"""How many losses a column's mean is made of at most; a longer history is looked at every so often."""


class Tick(NamedTuple):
    """A place on the axis, with its number of epochs where it has one written."""

    share: float
    text: str


@dataclass(frozen=True)
class AllTime:
    """Moments and shares of the band's width, for the run as one frame knows it."""

    batches: int
    """Batches in an epoch."""
    computed: int
    """Batches computed so far."""
    marks: int
    """Marks in the batch on show."""

    @classmethod
    def of(cls, frame: Frame) -> "AllTime":
        return cls(frame.batches, max(frame.extent[0], frame.moment.batch), frame.marks.count)

    @property
    def span(self) -> int:
        """How many batches the band is wide: what has been computed, and an epoch at least."""
        return max(self.computed, self.batches)

    @property
    def epochs(self) -> float:
        """The same in epochs."""
        return self.span / self.batches

    def share(self, moment: Moment) -> float:
        """Where a moment lies, 0 to 1."""
        return min(1.0, (moment.batch + min(1.0, moment.mark / self.marks)) / self.span)

    def moment(self, share: float) -> Moment:
        """The end of the batch nearest to a place, or the start; never later than what has been computed."""
        return self.after(round(share * self.span))

    def after(self, finished: int) -> Moment:
        """The moment at which so many batches are finished, as far as they have been computed."""
        finished = min(max(finished, 0), self.computed)
        return Moment(finished, 0) if finished else START

    def page(self) -> int:
        """How many batches to leaf through at once: a tenth of the history, in whole epochs."""
        return max(1, round(self.epochs / 10)) * self.batches

    def ticks(self, width: float, least: float) -> tuple[Tick, ...]:
        """The axis of a band ``width`` pixels wide, numbers at least ``least`` pixels apart, a plain tick between two."""
        step = _round_step(self.epochs * least / max(width, 1.0))
        halves = math.floor(2 * self.epochs / step + 1e-9)
        # between whole epochs there are only batches
        places = range(0, halves + 1, 1 if step > 1 else 2)
        return tuple(Tick(place * step / 2 / self.epochs, "" if place % 2 else numbers.whole(place * step / 2)) for place in places)


def _round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20 ... that is no smaller than ``least``."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= least:
                return digit * power
        power *= 10


def ground(frame: Frame, columns: int) -> tuple[Array, Array]:
    """The course of the loss: places on the band and heights, both 0 to 1, at most ``columns`` of each.

    The loss over all training rows at the end of each epoch, which falls calmly; in the first epochs that of each batch.
    Heights are logarithmic while all losses are positive, so that the late, small improvements can be seen. Losses that are not
    finite are left out.
    """
    epochs, batches = frame.history.epochs, frame.history.batch_loss
    calm = len(epochs.values) > FIRST_EPOCHS
    values = epochs.column(0) if calm else batches.column(0)
    shares = (epochs.places * frame.batches if calm else batches.places) / AllTime.of(frame).span
    if len(values) > columns:
        skip = max(1, len(values) // (columns * LOOKED_AT))
        values, shares = values[::skip], shares[::skip]
        starts = np.linspace(0, len(values), columns, endpoint=False).astype(int)
        values = np.add.reduceat(values, starts) / np.diff(starts, append=len(values))
        shares = shares[starts]
    finite = np.isfinite(values)
    values, shares = values[finite], shares[finite]
    if not len(values):
        return shares, values
    if values.min() > 0:
        values = np.log(values)
    low, high = float(values.min()), float(values.max())
    return shares, 0.14 + 0.76 * (values - low) / ((high - low) or 1.0)
