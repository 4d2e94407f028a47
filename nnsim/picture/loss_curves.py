"""The history of a run as lines to draw: what the loss plot shows, before anything knows pixels.

The x axis is finished epochs. Training and test lines are the losses over all their rows after each epoch, and now. In the
first epochs, where those would be few points, the loss of each batch comes with them, as a line of its own: it is noisier, since
it is measured on a few rows. What was visited but lies ahead of the cursor comes as further lines. Long lines are thinned to
pairs of least and greatest, so no peak is lost. Numbers that are not finite are left out, never invented. It refuses to choose
colours.
"""

import math
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame

FEW_EPOCHS = 40
"""Below so many visited epochs every batch is shown."""
MOST_POINTS = 2000
_DEEPEST = 1e-12  # a logarithmic axis reaches down to this share of the greatest loss


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
    """The loss over all training rows at the cursor; may not be finite."""
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
            return low, (high + 0.05 * (high - low)) if high > low else low + 1.0
        positive = losses[losses > 0]
        if not positive.size:
            return 0.1, 1.0
        high = float(positive.max())
        # a loss of exactly 0 has no place on this axis: it is drawn at the bottom, a decade below all others
        low = float(positive.min()) / (10.0 if (losses <= 0).any() else 1.0)
        low = max(low, high * _DEEPEST, 1e-300)
        margin = max((high / low) ** 0.04, 1.2)
        return low / margin, high * margin


@dataclass(frozen=True)
class Reading:
    """The losses at one place of the plot. They were measured at ``epochs`` finished epochs."""

    epochs: int
    train: float
    test: float | None
    batch: tuple[int, float] | None
    """The batch of the next epoch, from 0, and its loss; None where no batches are shown. ``train`` and ``test`` are those
    after the epochs that are finished."""


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
        batches = _split(batch_loss.places / frame.batches, batch_loss.column(0), now, None, most)
    return LossCurves(train[0], test[0], batches[0], train[1], test[1], batches[1], has_test, now, frame.train.loss, end)


def reading_at(frame: Frame, epochs: float) -> Reading | None:
    """What the plot shows nearest to ``epochs`` finished epochs; None where nothing was kept yet."""
    kept, batch_loss = frame.history.epochs, frame.history.batch_loss
    if not len(kept.values):
        return None
    batch = None
    finished = round(epochs / kept.stride) * kept.stride
    if _shows_each_batch(frame, _visited(frame)) and len(batch_loss.values):
        place = min(max(round(epochs * frame.batches / batch_loss.stride), 0), len(batch_loss.values) - 1)
        finished, number = divmod(place * batch_loss.stride, frame.batches)
        batch = number, float(batch_loss.column(0)[place])
    index = min(max(finished // kept.stride, 0), len(kept.values) - 1)
    test = float(kept.column(1)[index]) if frame.dataset.test.size else None
    return Reading(index * kept.stride if batch is None else finished, float(kept.column(0)[index]), test, batch)


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
