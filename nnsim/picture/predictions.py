"""The table of predictions: a line for each row of the data, with its inputs, what it should be, what the network says, how wrong.

A table may have 100,000 lines, so a line is worked out when it is looked at, and only whole columns that somebody sorts by are made
at once. Inputs are in the words of the user's own table. It computes nothing of the network: outputs come with the frame. It
refuses a frame that carries none.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame
from nnsim.engine.own_losses import own_losses
from nnsim.picture import numbers
from nnsim.picture.answer_columns import AnswerColumns, Value, answer_columns
from nnsim.picture.input_columns import InputColumn, input_columns

Sort = Literal["row", "own loss"]
LONGEST_NUMBER = 8
"""Letters of a number that is shown with all its digits."""


@dataclass(frozen=True)
class Heading:
    """A column's head."""

    name: str
    is_number: bool
    role: Literal["row", "part", "input", "answer", "share", "loss"]
    tip: str = ""


class Predictions:
    """All rows of a frame's data, in their order, with what the network says of them. Raises ValueError for a frame without
    predictions."""

    def __init__(self, frame: Frame) -> None:
        if frame.train_outputs is None:
            raise ValueError("the frame carries no predictions")
        self.frame, self.dataset = frame, frame.dataset
        rows, outputs = self.dataset.train, frame.train_outputs
        if frame.test_outputs is not None and len(self.dataset.test):
            rows, outputs = np.concatenate([rows, self.dataset.test]), np.concatenate([outputs, frame.test_outputs])
        order = np.argsort(rows, kind="stable")
        self.rows: Array = rows[order]
        """(rows,) row numbers of the data set, rising"""
        self.outputs: Array = outputs[order]
        """(rows, outputs)"""
        self.is_test: Array = order >= len(self.dataset.train)
        """(rows,) booleans"""

    def __len__(self) -> int:
        """How many rows."""
        return len(self.rows)

    @cached_property
    def answers(self) -> AnswerColumns:
        """What the outputs mean."""
        return answer_columns(self.dataset, self.frame.network.activations[-1], self.frame.experiment.learning.loss)

    @cached_property
    def own_losses(self) -> Array:
        """(rows,) what each adds to the loss."""
        return own_losses(self.frame, self.rows, self.outputs)

    @cached_property
    def wrong(self) -> Array | None:
        """(rows,) booleans: which rows got another class than theirs; None for numbers, which are more or less wrong."""
        if self.answers.classes is None:
            return None
        wrong: Array = self.answers.true(self.dataset.targets[self.rows]) != self.answers.said(self.outputs)
        return wrong

    @cached_property
    def _inputs(self) -> tuple[InputColumn, ...]:
        return input_columns(self.frame.experiment.data, self.dataset)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The columns: row, part, inputs, target and prediction with what belongs to them, own loss."""
        tip = "What this row adds to the loss; the loss is the mean over the training rows"
        return (Heading("row", True, "row"), Heading("part", False, "part"),
                *(Heading(column.name, column.is_number, "input") for column in self._inputs),
                *(Heading(column.name, column.is_number, "share" if self.answers.classes else "answer", column.tip)
                  for column in self.answers.judged),
                Heading("own loss", True, "loss", tip))

    @property
    def names(self) -> tuple[str, ...]:
        """The headings' names, for a file."""
        return tuple(heading.name for heading in self.headings)

    def values(self, place: int) -> tuple[Value, ...]:
        """Everything about the row at ``place``, in full, a value a heading."""
        row = int(self.rows[place])
        return (row + 1, self.part(place), *(column.value(row) for column in self._inputs),
                *self.answers.judge(self.dataset.targets[row], self.outputs[place]), float(self.own_losses[place]))

    def cells(self, place: int) -> tuple[str, ...]:
        """The same as it is read."""
        return tuple(cell(value, heading.role) for value, heading in zip(self.values(place), self.headings, strict=True))

    def part(self, place: int) -> str:
        """Which rows the one at ``place`` belongs to."""
        return "test" if self.is_test[place] else "training"

    def order(self, sort: Sort = "row", descending: bool = False, only_wrong: bool = False) -> Array:
        """Places (chosen rows,) in the order in which they are to be shown; equals stay in the rows' order.

        ``only_wrong`` changes nothing for numbers.
        """
        places = np.arange(len(self)) if not only_wrong or self.wrong is None else np.flatnonzero(self.wrong)
        if sort == "own loss":
            own = self.own_losses[places]
            # what is no number is worse than any number
            own = np.where(np.isnan(own), np.inf, own)
            chosen: Array = places[np.argsort(-own if descending else own, kind="stable")]
            return chosen
        return places[::-1] if descending else places


def cell(value: Value, role: str) -> str:
    """A value of a column of this role, as it is read."""
    if isinstance(value, str):
        return value
    if role == "loss":
        return numbers.loss(value)
    if role == "row":
        return numbers.whole(value)
    return numbers.fixed(value, signed=False) if role == "share" else number_text(value)


def number_text(value: float) -> str:
    """A number of the user's data as it stands there, if that is short; else four significant digits."""
    text = numbers.exact(value)
    return text if len(text) <= LONGEST_NUMBER else numbers.significant(value, 4, signed=False)
