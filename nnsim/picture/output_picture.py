"""What a network answers, as plain data to draw: which kind of picture fits, its colour scale, contours, counts of right and wrong.

It is apart from the painting because every number here can be tested without a window. It computes nothing of the network: the
outputs come with the frame, and only if ``wanted`` asked for them. Of pixels it knows only where there is no finite
number to paint.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.metrics import count_classes
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.looking import threshold
from nnsim.picture.palette import Theme

Kind = Literal["surface", "regions", "curve", "confusion", "scatter", "words"]
PAUSED_POINTS, PLAYING_POINTS = 100, 40
_STRIPE_POINTS = 6


@dataclass(frozen=True)
class ToneScale:
    """How outputs become tones: ``low`` is -1, ``high`` +1. ``level`` is where the decision lies, or the contour is drawn."""

    low: float
    high: float
    level: float

    def tones(self, outputs: Array) -> Array:
        """The outputs, any shape, as tones in -1 ... 1 (not clipped, NaN stays)."""
        with np.errstate(over="ignore"):
            tones: Array = (outputs - (self.low + self.high) / 2) * (2 / (self.high - self.low))
        return tones


@dataclass(frozen=True, eq=False)
class Confusion:
    """Which class was taken for which, on the test rows, or on the training rows where there are no test rows."""

    counts: Array
    """(classes, classes) whole numbers: true class down, predicted class across."""
    wrong: Array
    """(wrong rows, 3): row number in the data set, true class, predicted class; in the order of the rows."""
    part: Literal["test", "train"]

    @property
    def total(self) -> int:
        """How many rows were judged."""
        return int(self.counts.sum())

    @property
    def right(self) -> int:
        """How many of them got their true class."""
        return int(np.trace(self.counts))


@dataclass(frozen=True, eq=False)
class Answers:
    """Predictions beside targets, for the training rows and then the test rows; rows are samples."""

    rows: Array
    """(n,) row numbers in the data set"""
    targets: Array
    """(n, outputs)"""
    outputs: Array
    """(n, outputs)"""
    is_test: Array
    """(n,) booleans"""


def output_kind(dataset: Dataset, outputs: int) -> Kind:
    """Which picture shows a network with so many outputs on this data."""
    inputs = dataset.inputs.shape[1]
    if inputs == 2 and outputs == 1:
        return "surface"
    if inputs == 2 and dataset.task == "classes":
        return "regions"
    if inputs == 1 and dataset.task != "classes":
        return "curve"
    return "scatter" if dataset.task == "regression" else "confusion"


def wanted(kind: Kind, playing: bool) -> Wants:
    """What a frame has to carry for this picture: coarser while playing."""
    if kind == "words":
        return Wants()
    if kind in ("surface", "regions"):
        return Wants(surface=PLAYING_POINTS if playing else PAUSED_POINTS)
    return Wants(predictions=True)


def tone_scale(frame: Frame) -> ToneScale:
    """The scale of a frame's first output. Zero is neutral for regression, so that a tone's colour is the output's sign."""
    activation, loss = frame.network.activations[-1], frame.experiment.learning.loss
    if frame.dataset.task == "regression":
        targets = frame.dataset.targets
        low, high = float(targets.min(initial=0.0)), float(targets.max(initial=0.0))
        largest = max(-low, high) or 1.0
        return ToneScale(-largest, largest, 0.0 if low < 0 < high else (low + high) / 2)
    level = threshold(activation, loss)
    if level == 0:
        # a logit of 4 is a share of 98 %; the hinge loss is content at 1
        reach = 4.0 if loss == "bce-logits" else 1.0
        return ToneScale(-reach, reach, level)
    return ToneScale(0.0, 1.0, level)


def classes_of(outputs: Array, level: float) -> Array:
    """The class that each row of ``outputs`` (rows, outputs) stands for, (rows,): the side of ``level``, or the largest."""
    if outputs.shape[1] == 1:
        classes: Array = (outputs[:, 0] >= level).astype(np.intp)
        return classes
    largest: Array = outputs.argmax(axis=1)
    return largest


def largest_confusions(confusion: Confusion, most: int) -> tuple[tuple[int, int, int], ...]:
    """(count, true class, predicted class) of the errors that are most frequent, the most frequent first."""
    wrong = confusion.counts - np.diag(confusion.counts.diagonal())
    order = np.argsort(-wrong, axis=None, kind="stable")[:most]
    found = (divmod(int(place), wrong.shape[1]) for place in order)
    return tuple((int(wrong[true, said]), true, said) for true, said in found if wrong[true, said] > 0)


def confusion(frame: Frame) -> Confusion | None:
    """The counts of a frame of class data; None where it carries no predictions."""
    dataset = frame.dataset
    part: Literal["test", "train"] = "test" if dataset.test.size else "train"
    outputs, rows = (frame.test_outputs, dataset.test) if part == "test" else (frame.train_outputs, dataset.train)
    if outputs is None:
        return None
    level = threshold(frame.network.activations[-1], frame.experiment.learning.loss)
    true, predicted = classes_of(dataset.targets[rows], 0.5), classes_of(outputs, level)
    count = max(len(dataset.target_names), 2)
    counts = count_classes(true, predicted, count)
    missed = true != predicted
    return Confusion(counts, np.stack([rows[missed], true[missed], predicted[missed]], axis=1), part)


def rows_in_cell(frame: Frame, true: int, predicted: int) -> list[int]:
    """The rows of the data set that a cell of the confusion table counts; none where the frame carries no predictions."""
    dataset = frame.dataset
    outputs, rows = (frame.test_outputs, dataset.test) if dataset.test.size else (frame.train_outputs, dataset.train)
    if outputs is None:
        return []
    level = threshold(frame.network.activations[-1], frame.experiment.learning.loss)
    here = (classes_of(dataset.targets[rows], 0.5) == true) & (classes_of(outputs, level) == predicted)
    found: list[int] = rows[here].tolist()
    return found


def answers(frame: Frame, most: int = 2000) -> Answers | None:
    """Targets and predictions, an even choice of at most about ``most`` rows; None where the frame carries no predictions."""
    dataset = frame.dataset
    if frame.train_outputs is None:
        return None
    parts = [(dataset.train, frame.train_outputs)]
    if frame.test_outputs is not None and dataset.test.size:
        parts.append((dataset.test, frame.test_outputs))
    rows = np.concatenate([rows for rows, _ in parts])
    outputs = np.concatenate([outputs for _, outputs in parts])
    is_test = np.arange(len(rows)) >= dataset.train.size
    stride = -(-len(rows) // most)
    chosen = slice(None, None, max(stride, 1))
    return Answers(rows[chosen], dataset.targets[rows[chosen]], outputs[chosen], is_test[chosen])


def striped(pixels: NDArray[np.uint32], values: Array, theme: Theme) -> NDArray[np.uint32]:
    """The pixels of ``values``, (..., rows, columns), with stripes where those are not finite; no tone would be true there.

    A finite value, however large, keeps its tone.
    """
    beyond = ~np.isfinite(values)
    if not beyond.any():
        return pixels
    down, across = np.indices(values.shape[-2:])
    stripe = (down + across) % _STRIPE_POINTS < _STRIPE_POINTS / 2
    colours = [np.uint32(0xFF000000 | int(colour[1:], 16)) for colour in (theme.error, theme.base)]
    return np.where(beyond, np.where(stripe, *colours), pixels)


def padded_span(*values: Array) -> tuple[float, float]:
    """A range that holds all finite numbers of ``values`` with a margin of 6 %; never empty."""
    numbers = np.concatenate([np.ravel(part) for part in values])
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size:
        return -1.0, 1.0
    low, high = float(numbers.min()), float(numbers.max())
    margin = 0.06 * (high - low) or 0.5 * max(abs(high), 1.0)
    return low - margin, high + margin


def nearest(points: Array, x: float, y: float, reach: float) -> int | None:
    """The index of the point (n, 2) nearest to a place, if it lies within ``reach``; all in one unit."""
    if not len(points):
        return None
    distances = np.hypot(points[:, 0] - x, points[:, 1] - y)
    distances = np.where(np.isnan(distances), math.inf, distances)
    index = int(distances.argmin())
    return index if distances[index] <= reach else None
