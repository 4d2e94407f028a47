"""A table as inputs and targets: numbers as they are, categories one-hot, classes as classes.

Apart from the data sets because most of it is about what cannot be: columns that are not there, cells in which nothing stands,
classes too many. Each is refused with the column and the row, counted as a spreadsheet counts its data rows. It refuses to guess:
what is target, what is category and what becomes of missing values is said by ``TableUse``; ``infer`` only proposes it.
"""

from typing import Literal

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Rows
from nnsim.core.losses import Task
from nnsim.core.tables import MISSING, Column, Table
from nnsim.engine.experiment import ExperimentError, TableUse
from nnsim.engine.table_blocks import Block, categories_of

MOST_CLASSES = 1000
MOST_CATEGORIES = 50
"""Categories a column of inputs may have to be proposed; one with more is rather a name than a property."""
KEPT = 0.9
"""Share of the rows with a target that has to be left for dropping the others to be proposed."""
FEW_WHOLE = 10
"""So many distinct whole numbers are proposed as classes rather than as numbers to predict."""


def table_rows(table: Table, use: TableUse) -> Rows:
    """The rows of a table, with NaN where inputs are missing and shall be filled. Raises ExperimentError."""
    target = _column(table, use.target, "the target")
    inputs = [_column(table, name, "an input") for name in use.inputs]
    if use.target in use.inputs:
        raise ExperimentError(f"data.table: {use.target!r} is both target and input: leave it out of the inputs")
    if not inputs:
        raise ExperimentError("data.table: there is no input: choose one column at least besides the target")
    if len(set(use.inputs)) < len(use.inputs):
        raise ExperimentError("data.table: a column is given twice as an input")
    if target.missing.all():
        raise ExperimentError(f"data.table: no value stands in the target {use.target!r}: choose another one")
    kept = ~target.missing
    absent = np.zeros(table.rows, np.bool_)
    for column in inputs:
        absent |= column.missing
    if use.missing == "refuse":
        for column in (target, *inputs):
            _refuse_missing(column)
    elif use.missing == "drop":
        kept &= ~absent
    if not kept.any():
        raise ExperimentError(f"data.table: no row of {table.name!r} is without missing values: fill them with the mean, or take "
                              "fewer inputs")
    blocks, names = zip(*(_input(column, column.name in use.categories) for column in inputs), strict=True)
    targets, target_names = _targets(target, use.task, kept)
    return Rows(table.name, use.task, np.column_stack(blocks)[kept], targets[kept], tuple(name for part in names for name in part),
                target_names, dropped=int((~kept).sum()))


def numbers_in_a_row(table: Table, use: TableUse) -> int:
    """How many inputs or, if these are more, targets a row will have: known before they are made. Raises ExperimentError."""
    entries = 0
    for name in use.inputs:
        column = _column(table, name, "an input")
        entries += Block(column, entries, categories_of(column, name in use.categories)).inputs
    if use.task != "classes":
        return max(entries, 1)
    classes = _distinct(_column(table, use.target, "the target"))
    _refuse_many_classes(use.target, classes)
    return max(entries, classes)


def infer(table: Table, target: str = "") -> TableUse:
    """A proposal: a target, its task, and every other column that can be an input.

    Unless a target is named it is the last column of numbers, or of words that can be classes: a column of names is none.
    Raises ExperimentError if there is nothing to learn in the table.
    """
    if len(table.columns) < 2:
        raise ExperimentError(f"{table.name}: a table needs two columns at least, one to predict and one to predict it from")
    aim = _column(table, target, "the target") if target else _usual_target(table)
    if aim.missing.all():
        raise ExperimentError(f"{table.name}: no value stands in column {aim.name!r}, so it cannot be predicted: choose another "
                              "target")
    inputs = [column for column in table.columns if column is not aim and _has_few_words(column, MOST_CATEGORIES)]
    if not inputs:
        raise ExperimentError(f"{table.name}: no column besides {aim.name!r} can be an input: each is empty, or has only one word, "
                              f"or more than {MOST_CATEGORIES} different ones")
    return TableUse(target=aim.name, inputs=tuple(column.name for column in inputs), task=infer_task(aim),
                    missing=_infer_missing(aim, inputs))


def _usual_target(table: Table) -> Column:
    """The last column that can be predicted from another; the last of all if none can, so that it is said why not."""
    inputs = [column for column in table.columns if _has_few_words(column, MOST_CATEGORIES)]
    able = [column for column in table.columns if _has_few_words(column, MOST_CLASSES) and inputs not in ([], [column])]
    return able[-1] if able else table.columns[-1]


def _has_few_words(column: Column, most: int) -> bool:
    """Whether there are numbers in a column, or two words to ``most``."""
    return not column.missing.all() and (column.codes is None or 1 < len(column.words) <= most)


def _infer_missing(target: Column, inputs: list[Column]) -> Literal["refuse", "drop", "mean"]:
    """Refuse what does not occur; drop a few rows; but fill in where dropping would lose much of the table."""
    absent = np.logical_or.reduce([column.missing for column in inputs])
    if not (target.missing | absent).any():
        return "refuse"
    known = ~target.missing
    return "drop" if (known & ~absent).sum() >= KEPT * known.sum() else "mean"


def infer_task(target: Column) -> Task:
    """What predicting a column is, by what stands in it: words or a few whole numbers are classes."""
    if target.codes is not None:
        return "binary" if len(target.words) <= 2 else "classes"
    assert target.numbers is not None
    distinct = np.unique(target.numbers[~target.missing])
    whole = bool((distinct == np.rint(distinct)).all())
    if not whole or len(distinct) > FEW_WHOLE or len(distinct) < 2:
        return "regression"
    return "binary" if len(distinct) == 2 else "classes"


def left_out(table: Table, use: TableUse) -> tuple[str, ...]:
    """The columns that are neither target nor input."""
    return tuple(column.name for column in table.columns if column.name != use.target and column.name not in use.inputs)


def _column(table: Table, name: str, role: str) -> Column:
    column = table.column(name)
    if column is None:
        raise ExperimentError(f"data.table: {table.name!r} has no column {name!r} for {role}; it has "
                              f"{', '.join(repr(each.name) for each in table.columns[:12])}")
    return column


def _refuse_missing(column: Column) -> None:
    missing = np.flatnonzero(column.missing)
    if len(missing):
        count = f"{len(missing):,} values are" if len(missing) > 1 else "a value is"
        raise ExperimentError(f"data.table: {count} missing in column {column.name!r}, the first in data row {missing[0] + 1:,}: "
                              "choose to drop such rows, or to fill in the mean")


def _input(column: Column, categorical: bool) -> tuple[Array, tuple[str, ...]]:
    """The block of a column (rows, entries), and its entries' names."""
    block = Block(column, 0, categories_of(column, categorical))
    if block.categories is None:
        assert column.numbers is not None
        return column.numbers[:, np.newaxis], (column.name,)
    codes, words = _classes(column)
    if not words:
        raise ExperimentError(f"data.table: no value stands in column {column.name!r}: leave it out of the inputs")
    if len(words) > MOST_CLASSES:
        raise ExperimentError(f"data.table: column {column.name!r} has {len(words):,} different values, and {MOST_CLASSES:,} "
                              "categories are the most: leave it out")
    if block.inputs == 1 and len(words) == 2:
        entries = codes[:, np.newaxis].astype(np.float64)
        names: tuple[str, ...] = (f"{column.name} = {words[1]}",)
    else:
        entries = np.eye(len(words))[codes]
        names = tuple(f"{column.name} = {word}" for word in words)
    entries[codes == MISSING] = np.nan
    return entries, names


def _targets(column: Column, task: Task, kept: Array) -> tuple[Array, tuple[str, ...]]:
    if task == "regression":
        if column.numbers is None:
            raise ExperimentError(f"data.table: the target {column.name!r} holds words such as {column.words[0]!r}, which are "
                                  "classes, no numbers to predict: choose classes as the task")
        return column.numbers[:, np.newaxis], (column.name,)
    codes, words = _classes(column)
    present = np.unique(codes[kept])
    words, codes = tuple(words[code] for code in present), np.searchsorted(present, codes)
    if len(words) < 2:
        raise ExperimentError(f"data.table: the target {column.name!r} has only one class, {words[0]!r}: there is nothing to tell "
                              "apart")
    _refuse_many_classes(column.name, len(words))
    if task == "binary":
        if len(words) != 2:
            raise ExperimentError(f"data.table: the target {column.name!r} has {len(words):,} classes, not two: choose classes as "
                                  "the task")
        return codes[:, np.newaxis].astype(np.float64), words
    return np.eye(len(words))[np.minimum(codes, len(words) - 1)], words


def _refuse_many_classes(name: str, count: int) -> None:
    if count > MOST_CLASSES:
        raise ExperimentError(f"data.table: the target {name!r} has {count:,} classes, and {MOST_CLASSES:,} are the most: choose "
                              "another target, or regression if it holds numbers")


def _distinct(column: Column) -> int:
    return len(column.words) if column.numbers is None else len(np.unique(column.numbers[~column.missing]))


def _classes(column: Column) -> tuple[Array, tuple[str, ...]]:
    """Codes (rows,) and names of a column's distinct values: words in their order, numbers in rising order."""
    if column.codes is not None:
        return column.codes, column.words
    assert column.numbers is not None
    distinct = np.unique(column.numbers[~column.missing])
    codes = np.where(column.missing, MISSING, np.searchsorted(distinct, column.numbers)).astype(np.int32)
    return codes, tuple(f"{value:g}" if float(f"{value:g}") == value else repr(float(value)) for value in distinct)
