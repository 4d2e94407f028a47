"""The figures of some rows' predictions, and of what could be said without any network.

It is apart from the results because these are numbers alone, which can be worked out by hand. A baseline is the best constant
answer: the commonest class, or the mean, of the training rows. It refuses to judge outputs that are not finite, and all words.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.metrics import ClassFigures, NumberFigures, class_figures, count_classes, number_figures, share_right
from nnsim.picture.predictions import Predictions

NAN = float("nan")


@dataclass(frozen=True, eq=False)
class PartFigures:
    """How good the predictions of some rows are: of classes or of numbers; the other is empty."""

    rows: int
    loss: float
    """NaN for a baseline, which has no outputs."""
    counts: Array | None
    """(classes, classes): true class down, predicted class across; all 0 where outputs are not finite."""
    classes: tuple[ClassFigures, ...]
    numbers: NumberFigures | None
    """All NaN where outputs are not finite."""

    @property
    def accuracy(self) -> float:
        """The share of rows that got their class; NaN for numbers."""
        return NAN if self.counts is None else share_right(self.counts)


@dataclass(frozen=True, eq=False)
class Baseline:
    """The best constant answer."""

    figures: PartFigures
    """On the test rows, or where there are none on the training rows."""
    class_number: int | None
    """Which class it always is; None for numbers."""
    is_tied: bool
    """Whether another class is as common."""
    mean: Array | None
    """(outputs,) what the numbers always are; None for classes."""


def part_figures(table: Predictions, targets: Array, outputs: Array, loss: float) -> PartFigures:
    """Figures of ``outputs`` (rows, outputs) against ``targets`` (rows, outputs), with the loss that the frame measured."""
    names, finite = table.answers.classes, bool(np.isfinite(outputs).all())
    if names is None:
        figures = number_figures(targets, outputs.astype(np.float64)) if finite else NumberFigures(NAN, NAN, NAN, NAN)
        return PartFigures(len(targets), loss, None, (), figures)
    counts: Array = np.zeros((len(names), len(names)), np.intp)
    if finite:
        counts = count_classes(table.answers.true(targets), table.answers.said(outputs), len(names))
    return PartFigures(len(targets), loss, counts, class_figures(counts), None)


def baseline_figures(table: Predictions) -> Baseline:
    """What always the same answer would get."""
    dataset, names = table.dataset, table.answers.classes
    known = dataset.targets[dataset.train]
    judged = dataset.targets[dataset.test if len(dataset.test) else dataset.train]
    if names is None:
        mean = known.mean(axis=0)
        return Baseline(part_figures(table, judged, np.broadcast_to(mean, judged.shape), NAN), None, False, mean)
    often = np.bincount(table.answers.true(known), minlength=len(names))
    commonest, true = int(often.argmax()), table.answers.true(judged)
    counts = count_classes(true, np.full(len(true), commonest), len(names))
    figures = PartFigures(len(judged), NAN, counts, class_figures(counts), None)
    return Baseline(figures, commonest, int((often == often.max()).sum()) > 1, None)
