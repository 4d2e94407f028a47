"""How good predictions are, beside the loss: what is counted for classes, and what is measured for numbers.

It is apart from the losses because nothing here is ever made small by training. It refuses to know a network. Definitions as in
Powers 2011 (precision, recall, F1) and as in scikit-learn, whose functions a recording holds us to: where a denominator is 0 the
figure is 0, and R² over several outputs is weighted by how much each varies.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.losses import determination


@dataclass(frozen=True)
class ClassFigures:
    """One class among the others."""

    precision: float
    """Of the rows that were given this class, the share that has it."""
    recall: float
    """Of the rows that have this class, the share that was given it."""
    f1: float
    """The harmonic mean of the two."""
    rows: int
    """How many rows have this class."""


@dataclass(frozen=True)
class NumberFigures:
    """How near predicted numbers are to the true ones, over all rows and outputs."""

    r2: float
    """1 - Σ(y - ŷ)² / Σ(y - mean)², both sums over all outputs; NaN where no target varies."""
    root_mean_square: float
    """The square root of the mean of (y - ŷ)²."""
    mean_absolute: float
    """The mean of |y - ŷ|."""
    mean: float
    """The mean of ŷ - y: above 0 where predictions are too high."""


def count_classes(true: Array, predicted: Array, classes: int) -> Array:
    """(classes, classes) whole numbers, the confusion matrix: true class down, predicted class across. Both are (rows,) intp."""
    return np.bincount(true * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def class_figures(counts: Array) -> tuple[ClassFigures, ...]:
    """Precision, recall and F1 of every class from a confusion matrix (classes, classes)."""
    right, given, there = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    figures = []
    for hits, taken, rows in zip(right.tolist(), given.tolist(), there.tolist(), strict=True):
        precision, recall = hits / taken if taken else 0.0, hits / rows if rows else 0.0
        f1 = 2 * hits / (taken + rows) if taken + rows else 0.0
        figures.append(ClassFigures(precision, recall, f1, rows))
    return tuple(figures)


def share_right(counts: Array) -> float:
    """The accuracy: the share of rows on the diagonal of a confusion matrix (classes, classes); NaN of no rows."""
    rows = int(counts.sum())
    return int(np.trace(counts)) / rows if rows else float("nan")


def mean_f1(counts: Array) -> float:
    """The mean of the F1 of all classes that a row has or was given, each as heavy as the others ("macro"); NaN of no rows."""
    there = (counts.sum(axis=0) + counts.sum(axis=1)) > 0
    f1 = [figures.f1 for figures, seen in zip(class_figures(counts), there.tolist(), strict=True) if seen]
    return sum(f1) / len(f1) if f1 else float("nan")


def number_figures(targets: Array, outputs: Array) -> NumberFigures:
    """Figures of predictions ``outputs`` (rows, outputs) against ``targets`` (rows, outputs), at least one row."""
    errors = outputs - targets
    return NumberFigures(determination(outputs.T, targets.T), float(np.sqrt(np.mean(errors**2))), float(np.mean(np.abs(errors))),
                         float(np.mean(errors)))
