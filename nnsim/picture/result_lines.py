"""The figures in words: a line for each with training, test and baseline beside each other, and one sentence that sums them up.

It is apart from the figures because numbers are tested as numbers and words as words. It refuses to compute a figure.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnsim.core.metrics import NumberFigures, mean_f1
from nnsim.picture import numbers
from nnsim.picture.predictions import Predictions
from nnsim.picture.result_figures import Baseline, PartFigures

NOTHING = "–"
NOT_FINITE = "Some outputs are not finite numbers, so nothing can be judged here: step back, or lower the rate."


@dataclass(frozen=True)
class FigureLine:
    """A figure in words: its name, what it says, and its values."""

    name: str
    meaning: str
    train: str
    test: str
    baseline: str


def figure_lines(train: PartFigures, test: PartFigures | None, baseline: PartFigures) -> tuple[FigureLine, ...]:
    """The lines that fit the task."""
    parts = (train, test, baseline)

    def line(name: str, meaning: str, text: Callable[[PartFigures], str]) -> FigureLine:
        return FigureLine(name, meaning, *(NOTHING if part is None else text(part) for part in parts))

    own: tuple[FigureLine, ...]
    if train.counts is not None:
        own = (line("accuracy", "The share of rows that got their true class", lambda part: numbers.percent(part.accuracy)),
               line("mean F1", "The mean of the classes' F1, in which precision and recall weigh alike. Unlike accuracy it does "
                    "not flatter whoever overlooks a rare class", _mean_f1),
               line("wrong", "Rows that got another class", _wrong))
    else:
        own = (line("R²", "The share of the targets' variance that is explained: 1 is perfect, 0 is no better than always the mean",
                    _number(lambda each: each.r2, lambda value: numbers.fixed(value, 3, signed=False))),
               line("RMS error", "The root of the mean squared error, in the target's unit: large errors weigh more",
                    _number(lambda each: each.root_mean_square)),
               line("mean |error|", "The mean absolute error: how far off predictions are on average, in the target's unit",
                    _number(lambda each: each.mean_absolute)),
               line("mean error", "Above 0 where predictions are too high on average",
                    _number(lambda each: each.mean, lambda value: numbers.significant(value, 2))))
    return (*own, line("loss", "What training makes small, without penalties",
                       lambda part: NOTHING if part is baseline else numbers.loss(part.loss)),
            line("rows", "How many rows are judged", lambda part: numbers.whole(part.rows)))


def sentence(judged: PartFigures, baseline: Baseline, is_test: bool, table: Predictions) -> str:
    """What the figures come to, beside the baseline."""
    part = "test" if is_test else "training"
    without = baseline.figures
    if judged.numbers is not None and without.numbers is not None:
        off, constant = judged.numbers.mean_absolute, without.numbers.mean_absolute
        if math.isnan(off):
            return NOT_FINITE
        names = table.dataset.target_names
        of = f" of {names[0]}" if len(names) == 1 else ""
        said = (f"On the {part} rows, predictions{of} are off by {numbers.significant(off, signed=False)} on average. Always "
                f"saying {_constant(baseline)} would be off by {numbers.significant(constant, signed=False)}.")
        return said if off < constant else f"{said} The network is no better than that."
    if math.isnan(judged.accuracy):
        return NOT_FINITE
    assert judged.counts is not None and table.answers.classes is not None and baseline.class_number is not None
    right = numbers.whole(int(np.trace(judged.counts)))
    most = "" if baseline.is_tied else ", the commonest class,"
    said = (f"{right} of {numbers.count(judged.rows, f'{part} row')} {'is' if judged.rows == 1 else 'are'} right: "
            f"{numbers.percent(judged.accuracy)}. Always saying “{table.answers.classes[baseline.class_number]}”{most} would get "
            f"{numbers.percent(without.accuracy)}.")
    return said if judged.accuracy > without.accuracy else f"{said} The network is no better than that."


def _constant(baseline: Baseline) -> str:
    mean = baseline.mean
    if mean is None or len(mean) > 1:
        return "the mean of the training rows"
    return f"{numbers.significant(float(mean[0]), signed=False)}, the mean of the training rows,"


def _mean_f1(part: PartFigures) -> str:
    return NOTHING if part.counts is None else numbers.percent(mean_f1(part.counts))


def _wrong(part: PartFigures) -> str:
    if part.counts is None or not part.counts.any():
        return NOTHING
    return numbers.whole(int(part.counts.sum() - np.trace(part.counts)))


def _three_digits(value: float) -> str:
    return numbers.significant(value, 3, signed=False)


def _number(figure: Callable[[NumberFigures], float], text: Callable[[float], str] = _three_digits) -> Callable[[PartFigures], str]:
    def of(part: PartFigures) -> str:
        value = math.nan if part.numbers is None else figure(part.numbers)
        return NOTHING if math.isnan(value) else text(value)

    return of
