"""How good a network is, in what fits its task: figures beside a baseline, each class, the worst rows, the errors of numbers.

A number alone says nothing: 90 % right is poor where nine rows in ten are of one class. So every figure stands beside the one that
the best constant answer would get. It refuses to compute the network's outputs, which come with the frame, and to work out what
nobody looks at.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.predictions import Predictions, number_text
from nnsim.picture.result_figures import Baseline, PartFigures, baseline_figures, part_figures
from nnsim.picture.result_lines import FigureLine, figure_lines, sentence

WORST = 10


@dataclass(frozen=True)
class WorstRow:
    """A row that the network is very wrong about."""

    row: int
    """Its number in the data set, from 0."""
    part: str
    target: str
    prediction: str
    loss: float
    is_wrong: bool
    """Whether it got another class; False for numbers."""

    @property
    def words(self) -> tuple[str, str, str, str, str]:
        """Row as people count, target, prediction, own loss, part."""
        return numbers.whole(self.row + 1), self.target, self.prediction, numbers.loss(self.loss), self.part


@dataclass(frozen=True, eq=False)
class Residuals:
    """Errors of numbers beside their predictions; a point for each row and output."""

    rows: Array
    """(points,) row numbers of the data set"""
    predictions: Array
    """(points,)"""
    errors: Array
    """(points,) prediction minus target"""
    is_test: Array
    """(points,) booleans"""


@dataclass(frozen=True, eq=False)
class Results:
    """Everything there is to say about a frame's predictions."""

    predictions: Predictions
    train: PartFigures
    test: PartFigures | None
    """None where no rows are held out."""
    baseline: Baseline

    @property
    def judged(self) -> PartFigures:
        """The test rows, or where there are none the training rows."""
        return self.test or self.train

    @property
    def class_names(self) -> tuple[str, ...]:
        """Empty where numbers are predicted."""
        return self.predictions.answers.classes or ()

    @cached_property
    def lines(self) -> tuple[FigureLine, ...]:
        """The figures in words."""
        return figure_lines(self.train, self.test, self.baseline.figures)

    @cached_property
    def sentence(self) -> str:
        """What they come to."""
        return sentence(self.judged, self.baseline, self.test is not None, self.predictions)

    def class_lines(self, part: PartFigures | None = None) -> tuple[tuple[str, str, str, str, str], ...]:
        """For each class its name, precision, recall, F1 and rows; of the rows that are ``judged`` unless others are named."""
        of = part or self.judged
        return tuple((name, numbers.percent(each.precision), numbers.percent(each.recall), numbers.percent(each.f1),
                      numbers.whole(each.rows)) for name, each in zip(self.class_names, of.classes, strict=False))

    def worst(self, most: int = WORST) -> tuple[WorstRow, ...]:
        """The rows with the greatest own loss, the greatest first."""
        table = self.predictions
        return tuple(_worst(table, int(place)) for place in table.order("own loss", descending=True)[:most])

    def residuals(self, most: int = 2000) -> Residuals | None:
        """The errors of an even choice of at most about ``most`` rows; None for classes."""
        table = self.predictions
        if self.class_names:
            return None
        chosen = slice(None, None, max(-(-len(table) // most), 1))
        rows, outputs = table.rows[chosen], table.outputs[chosen].astype(np.float64)
        each = outputs.shape[1]
        with np.errstate(invalid="ignore"):
            errors = outputs - table.dataset.targets[rows]
        return Residuals(np.repeat(rows, each), outputs.ravel(), errors.ravel(), np.repeat(table.is_test[chosen], each))


def results(frame: Frame) -> Results | None:
    """The results of a frame; None where it carries no predictions."""
    if frame.train_outputs is None:
        return None
    table, dataset = Predictions(frame), frame.dataset
    train = part_figures(table, dataset.targets[dataset.train], frame.train_outputs, frame.train.loss)
    test = None
    if frame.test is not None and frame.test_outputs is not None:
        test = part_figures(table, dataset.targets[dataset.test], frame.test_outputs, frame.test.loss)
    return Results(table, train, test, baseline_figures(table))


def _worst(table: Predictions, place: int) -> WorstRow:
    row, answers, wrong = int(table.rows[place]), table.answers, table.wrong
    target, output = table.dataset.targets[row], table.outputs[place]
    if answers.classes is None:
        aim, said = (numbers.listed(number_text(float(value)) for value in values[:3]) for values in (target, output))
    else:
        aim = answers.classes[int(answers.true(target[np.newaxis])[0])]
        said = answers.classes[int(answers.said(output[np.newaxis])[0])]
    return WorstRow(row, table.part(place), aim, said, float(table.own_losses[place]), wrong is not None and bool(wrong[place]))
