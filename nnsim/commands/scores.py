"""How good a network is, in words and for programs: the loss with the measure that fits the task.

It is apart because train, info and trace print the same scores. It refuses to compute them: the frame carries them.
"""

import math
from typing import Any

from nnsim.core.datasets import Dataset
from nnsim.engine.frame import Frame, Score
from nnsim.picture.numbers import count, loss, percent, significant


def measure(frame: Frame) -> str:
    """What the metric is called in JSON: ``accuracy`` for classes, ``r2`` for regression."""
    return "r2" if frame.dataset.task == "regression" else "accuracy"


def scores(frame: Frame) -> dict[str, Any]:
    """``train`` and ``test`` (null where nothing is held out), each with ``loss`` and the measure."""
    return {part: score and {"loss": score.loss, measure(frame): None if math.isnan(score.metric) else score.metric}
            for part, score in (("train", frame.train), ("test", frame.test))}


def score_lines(frame: Frame) -> list[str]:
    """The scores for people, a line each."""
    lines = [f"train  {_words(frame.train, frame)}  ({len(frame.dataset.train):,} rows)"]
    if frame.test is None:
        return [*lines, "test   no rows are held out"]
    return [*lines, f"test   {_words(frame.test, frame)}  ({len(frame.dataset.test):,} rows)"]


def left_out_lines(data: Dataset) -> list[str]:
    """What of the user's rows was left out or filled in, a line for each that happened."""
    lines = []
    if data.dropped:
        lines.append(f"         {count(data.dropped, 'row')} left out, because a value is missing in them")
    if data.filled:
        lines.append(f"         {count(data.filled, 'missing value')} filled in with the mean of the training rows")
    return lines


def _words(score: Score, frame: Frame) -> str:
    if measure(frame) == "r2":
        return f"loss {loss(score.loss)}  R² {significant(score.metric, 4, signed=False)}"
    return f"loss {loss(score.loss)}  accuracy {percent(score.metric)}"
