"""The inputs of a row as its owner knows them: a column for each column of his table, categories by their names, words as words.

It is apart from the table of predictions because the network's inputs are other ones: one for each category and each word. It
refuses to describe a picture by its pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnsim.core.datasets import Dataset
from nnsim.core.texts import OTHER
from nnsim.engine.experiment import Data, WordsUse
from nnsim.engine.table_blocks import Block, blocks
from nnsim.picture import numbers

MISSING = "missing"


@dataclass(frozen=True)
class InputColumn:
    """One column of inputs."""

    name: str
    is_number: bool
    value: Callable[[int], str | float]
    """What stands there for a row of the data set."""


def input_columns(data: Data, dataset: Dataset) -> tuple[InputColumn, ...]:
    """The inputs' columns for the data set that ``data`` describes."""
    if dataset.picture is not None:
        return (InputColumn("inputs", False, lambda row: "picture"),)
    if data.source == "text":
        return (_words(data, dataset),)
    if data.source == "table":
        return tuple(_column(block, dataset) for block in blocks(data))
    return tuple(_number(name, place, dataset) for place, name in enumerate(dataset.input_names))


def _number(name: str, place: int, dataset: Dataset) -> InputColumn:
    return InputColumn(name, True, lambda row: float(dataset.inputs[row, place]))


def _column(block: Block, dataset: Dataset) -> InputColumn:
    """A table's column, its categories by their names again."""
    if block.categories is None:
        return _number(block.column.name, block.start, dataset)
    names = tuple(each if isinstance(each, str) else numbers.exact(each) for each in block.categories)
    part = slice(block.start, block.start + block.inputs)

    def category(row: int) -> str:
        entries = dataset.inputs[row, part]
        if not np.isin(entries, (0, 1)).all():
            return MISSING  # the mean stands there
        return names[int(entries[0]) if len(names) == 2 else int(entries.argmax())]

    return InputColumn(block.column.name, False, category)


def _words(data: Data, dataset: Dataset) -> InputColumn:
    """The words of a stretch, in their order."""
    known, context = (OTHER, *dataset.target_names), (data.words or WordsUse()).context

    def words(row: int) -> str:
        places = dataset.inputs[row].reshape(context, len(known)).argmax(axis=1)
        return " ".join(known[place] for place in places)

    return InputColumn("words", False, words)
