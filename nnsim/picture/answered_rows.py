"""New rows with what a network says of them: their own cells as they came, and behind them the answers.

It is apart from the table of predictions, whose rows are the data's own and have a target. The terminal prints these rows and the
window shows them, so both say the same. It refuses to answer a row that is not complete: its answers stay empty, and it is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.forward import predict
from nnsim.core.tables import Table
from nnsim.engine.frame import Frame
from nnsim.picture.answer_columns import AnswerColumn, Value, answer_columns
from nnsim.picture.numbers import count, listed, whole
from nnsim.picture.predictions import Heading, cell

PORTION = 4096
"""Rows that are sent through the network at once."""
NAMED = 5
"""So many rows that are left out are named."""


@dataclass(frozen=True, eq=False)
class AnsweredRows:
    """The rows, their own columns first and the answers behind them."""

    headings: tuple[Heading, ...]
    rows: list[list[Value]]
    complete: Array
    """(rows,) bool: which have an answer"""
    notes: tuple[str, ...]
    """What was done that nobody asked for, a sentence each."""
    lacking: str = "something is missing there"
    """Why a row has no answer."""

    def __len__(self) -> int:
        """How many rows."""
        return len(self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """The headings' names, for a file; no two are the same unless the table itself had them so."""
        return tuple(heading.name for heading in self.headings)

    def values(self, place: int) -> list[Value]:
        """A row in full; "" where nothing is known."""
        return self.rows[place]

    def cells(self, place: int) -> tuple[str, ...]:
        """The same as it is read."""
        return tuple(cell(value, heading.role) for value, heading in zip(self.rows[place], self.headings, strict=True))

    @property
    def answered(self) -> int:
        """How many rows have a prediction."""
        return int(self.complete.sum())

    @property
    def summary(self) -> str:
        """How many were predicted, and how many not."""
        left = len(self.rows) - self.answered
        rest = f", {whole(left)} left out, since {self.lacking}" if left else ""
        return f"{count(self.answered, 'row')} predicted{rest}"

    @property
    def left_out(self) -> str:
        """Which rows have no prediction, as people count; "" where all have one."""
        places = np.flatnonzero(~self.complete)
        if not len(places):
            return ""
        named = listed(whole(int(place) + 1) for place in places[:NAMED])
        more = f" and {whole(len(places) - NAMED)} more" if len(places) > NAMED else ""
        return f"left out, since {self.lacking}: row{'s' if len(places) > 1 else ''} {named}{more}"


def answered_rows(frame: Frame, headings: tuple[Heading, ...], own: Sequence[list[Value]], inputs: Array, complete: Array,
                  notes: tuple[str, ...], lacking: str = AnsweredRows.lacking) -> AnsweredRows:
    """Rows under ``headings`` with the answers of the frame's network behind them.

    ``own``: their own cells; ``inputs``: (rows, inputs) in the data's own units; ``complete``: (rows,) which can be fed.
    """
    columns = answer_columns(frame.dataset, frame.network.activations[-1], frame.experiment.learning.loss)
    rows: list[list[Value]] = []
    for start in range(0, len(inputs), PORTION):
        part = slice(start, start + PORTION)
        with np.errstate(all="ignore"):  # a row that gets no answer may hold anything
            fed = frame.dataset.scaled(inputs[part])
        outputs = predict(frame.network, frame.theta, fed)
        for cells, output, known in zip(own[part], outputs, complete[part].tolist(), strict=True):
            rows.append([*cells, *(columns.tell(output) if known else [""] * len(columns.told))])
    taken = tuple(heading.name for heading in headings)
    answers = tuple(Heading(name, column.is_number, "share" if columns.classes else "answer", column.tip)
                    for column, name in zip(columns.told, _distinct(columns.told, taken), strict=True))
    return AnsweredRows((*headings, *answers), rows, complete, notes, lacking)


def answer_count(frame: Frame) -> int:
    """How many columns the answers take."""
    return len(answer_columns(frame.dataset, frame.network.activations[-1], frame.experiment.learning.loss).told)


def table_headings(table: Table) -> tuple[Heading, ...]:
    """A table's own columns."""
    return tuple(Heading(column.name, column.numbers is not None, "input") for column in table.columns)


def table_cells(table: Table) -> list[list[Value]]:
    """A table's own cells, row by row; what is missing is empty."""
    columns: list[list[Value]] = []
    for column in table.columns:
        missing = column.missing.tolist()
        values: list[Value] = (column.numbers.tolist() if column.numbers is not None
                               else [column.words[code] for code in (column.codes if column.codes is not None else ())])
        columns.append(["" if absent else value for value, absent in zip(values, missing, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def _distinct(columns: tuple[AnswerColumn, ...], taken: tuple[str, ...]) -> list[str]:
    """The answers' names, none of which the table has already."""
    names: list[str] = []
    for column in columns:
        name, number = column.name, 2
        while name in taken or name in names:
            name, number = f"{column.name} ({number})", number + 1
        names.append(name)
    return names
