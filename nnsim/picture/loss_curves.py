"""The history of a run as lines to draw: what the loss plot shows, before anything knows pixels.

The x axis is finished epochs. Training and test lines are the losses over all their rows after each epoch, and now. In the
first epochs, where those would be few points, the loss of each batch comes with them, as a line of its own: it is noisier, since
it is measured on a few rows. What was visited but lies ahead of the cursor comes as further lines. Long lines are thinned to
pairs of least and greatest, so no peak is lost. Numbers that are not finite are left out, never invented. It refuses to choose
colours.
"""

import math
import sys
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame

FEW_EPOCHS = 40
"""Below so many visited epochs every batch is shown."""
MOST_POINTS = 2000
_DEEPEST = 1e-12  # a logarithmic axis reaches down to this share of the first loss, or of the greatest where that is less


@dataclass(frozen=True, eq=False)
class Polyline:
    """A line to draw: ``x`` and ``y``, shape (points,), all finite."""

    x: Array
    y: Array


@dataclass(frozen=True, eq=False)
class LossCurves:
    """Everything the loss plot draws: each line up to now, and what lies ahead of it."""

    train: Polyline
    test: Polyline
    batches: Polyline
    """The loss of each batch before its update; empty where there are many epochs."""
    train_ahead: Polyline
    test_ahead: Polyline
    batches_ahead: Polyline
    has_test: bool
    now: float
    """Finished epochs at the cursor."""
    now_loss: float
    """The loss over all training rows at the cursor, within an update that before it; may not be finite."""
    end: float
    """How many epochs have been visited, at least those up to now."""

    @property
    def each_batch(self) -> bool:
        """Whether there is a line of every batch's loss."""
        return self.batches.x.size > 0 or self.batches_ahead.x.size > 0

    def span(self, logarithmic: bool) -> tuple[float, float]:
        """The least and greatest loss an axis must show: finite, and the first is less; both positive if logarithmic."""
        lines = (self.train, self.test, self.batches, self.train_ahead, self.test_ahead, self.batches_ahead)
        losses = np.concatenate([[self.now_loss], *(line.y for line in lines)])
        losses = losses[np.isfinite(losses)]
        if not logarithmic:
            low, high = min(0.0, float(losses.min(initial=0.0))), float(losses.max(initial=0.0))
            return low, min(high + 0.05 * (high - low), sys.float_info.max) if high > low else low + 1.0
        positive = losses[losses > 0]
        if not positive.size:
            return 0.1, 1.0
        high = float(positive.max())
        # a loss of exactly 0 has no place on this axis: it is drawn at the bottom, a decade below all others
        low = float(positive.min()) / (10.0 if (losses <= 0).any() else 1.0)
        # a loss that runs away must not push those before it off the axis, so depth is measured from where the run began
        first = min(high, float(self.train.y[0])) if self.train.y.size else high
        low = max(low, first * _DEEPEST, 1e-300)
        # ratios of the largest losses overflow, their logarithms do not
        margin = 10 ** max(0.04 * (math.log10(high) - math.log10(low)), math.log10(1.2))
        return low / margin, high * min(margin, sys.float_info.max / high)


@dataclass(frozen=True)
class Reading:
    """The losses at one place of the plot."""

    epochs: int
    """How many epochs are finished there."""
    train: float
    test: float | None
    batch: tuple[int, float] | None
    """The batch that ends there, from 0 in the epoch after ``epochs``, and its loss; None at the start, and where no batches are
    shown."""
    at: float
    """Where on the axis, in finished epochs."""
    measured: int
    """After how many epochs ``train`` and ``test`` were measured: the last finished one of which they are kept."""


def loss_curves(frame: Frame, most: int = MOST_POINTS) -> LossCurves:
    """The lines of a frame, each of at most about ``most`` points."""
    now, end, epochs = frame.epochs_done, _visited(frame), frame.history.epochs
    places = epochs.places.astype(float)
    has_test = frame.dataset.test.size > 0
    train = _split(places, epochs.column(0), now, frame.train.loss, most)
    test = batches = (_NOTHING, _NOTHING)
    if has_test:
        test = _split(places, epochs.column(1), now, frame.test.loss if frame.test else math.nan, most)
    if _shows_each_batch(frame, end):
        batch_loss = frame.history.batch_loss
        # a batch's loss stands where the cursor does once that batch is done, so that both go by one name
        batches = _split((batch_loss.places + 1) / frame.batches, batch_loss.column(0), now, None, most)
    return LossCurves(train[0], test[0], batches[0], train[1], test[1], batches[1], has_test, now, frame.train.loss, end)


def reading_at(frame: Frame, epochs: float) -> Reading | None:
    """What the plot shows nearest to ``epochs`` finished epochs; None where nothing was kept yet."""
    kept, batch_loss = frame.history.epochs, frame.history.batch_loss
    if not len(kept.values):
        return None
    batch, done = None, round(epochs * frame.batches)
    finished = round(epochs / kept.stride) * kept.stride
    if _shows_each_batch(frame, _visited(frame)) and len(batch_loss.values):
        finished = 0
        if done > 0:
            place = min(round((done - 1) / batch_loss.stride), len(batch_loss.values) - 1)
            done = place * batch_loss.stride + 1
            finished, number = done // frame.batches, (done - 1) % frame.batches
            batch = number, float(batch_loss.column(0)[place])
    index = min(max(finished // kept.stride, 0), len(kept.values) - 1)
    test = float(kept.column(1)[index]) if frame.dataset.test.size else None
    measured = index * kept.stride
    before, at = (measured, float(measured)) if batch is None else ((done - 1) // frame.batches, done / frame.batches)
    return Reading(before, float(kept.column(0)[index]), test, batch, at, measured)


def thinned(x: Array, y: Array, most: int = MOST_POINTS) -> Polyline:
    """The finite points of a line, (points,) each, at most about ``most``: of each stretch the least and the greatest."""
    finite = np.isfinite(y)
    if not finite.all():
        x, y = x[finite], y[finite]
    if y.size <= most:
        return Polyline(x, y)
    length = -(-y.size // (most // 2))
    stretches = -(-y.size // length)
    rows = np.concatenate([y, np.full(stretches * length - y.size, y[-1])]).reshape(stretches, length)
    pairs = np.stack([rows.argmin(axis=1), rows.argmax(axis=1)], axis=1)
    pairs.sort(axis=1)
    places = (pairs + np.arange(stretches)[:, None] * length).ravel()
    # both ends stay where they are, and nothing is taken from the filling of the last stretch
    places = np.concatenate([[0], places, [y.size - 1]]).clip(max=y.size - 1)
    places = places[np.append(True, places[1:] > places[:-1])]
    return Polyline(x[places], y[places])


_NOTHING = Polyline(np.empty(0), np.empty(0))


def _visited(frame: Frame) -> float:
    return max(frame.epochs_done, frame.extent[0] / frame.batches)


def _shows_each_batch(frame: Frame, end: float) -> bool:
    return end < FEW_EPOCHS and frame.batches > 1


def _split(x: Array, y: Array, now: float, value: float | None, most: int) -> tuple[Polyline, Polyline]:
    """The line up to now and the one from now on; ``value`` is the loss at now itself, where it belongs to the line."""
    place = int(np.searchsorted(x, now, side="right"))
    if value is None:
        # the line ahead begins where the line up to now ends
        start = max(place - 1, 0)
        return thinned(x[:place], y[:place], most), thinned(x[start:], y[start:], most) if place < len(x) else _NOTHING
    before = thinned(np.append(x[:place], now), np.append(y[:place], value), most)
    if place == len(x):
        return before, _NOTHING
    return before, thinned(np.append(now, x[place:]), np.append(value, y[place:]), most)
