"""New rows for a trained network: a table that it never saw, as the inputs that it was trained on.

They are encoded as the training table was, with its categories and its means, never with their own: a network that learned
"blue" as its third input must not be fed something else there. It refuses what the training rows did not have, with the row and
the column, counted as a spreadsheet counts its data rows; and it refuses to invent a value.
"""

import unicodedata
from dataclasses import dataclass, replace

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.tables import MISSING, Column, Table
from nnsim.engine.experiment import Data
from nnsim.engine.table_blocks import Block, blocks

MOST_NUMBERS = 64_000_000
"""Rows times inputs."""
NAMED = 8
"""So many columns are named in a sentence."""


class NewRowsError(ValueError):
    """Why new rows cannot be fed to the network, in one sentence that names the column, and the row where there is one."""


@dataclass(frozen=True, eq=False)
class NewRows:
    """Inputs in the data's own units, and what was done to have them."""

    inputs: Array
    """(rows, inputs); NaN where nothing is known"""
    complete: Array
    """(rows,) bool: which rows the network can be fed"""
    ignored: tuple[str, ...] = ()
    """Columns that are no inputs."""
    in_order: bool = False
    """Whether no names were known, so that columns were taken in their order."""
    filled: int = 0
    """Missing values in whose place the mean of the training rows stands."""

    @property
    def left_out(self) -> int:
        """How many rows get no prediction."""
        return int((~self.complete).sum())

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done that nobody asked for, a sentence each."""
        notes = []
        if self.in_order:
            notes.append("no column is named as an input, so the columns are taken in their order")
        if self.ignored:
            several = len(self.ignored) > 1
            what = "are no inputs" if several else "is no input"
            notes.append(f"column{'s' if several else ''} {_listed(self.ignored)} {what} and not used")
        if self.filled:
            notes.append(f"{self.filled:,} missing {'values are' if self.filled > 1 else 'value is'} filled with the mean of the "
                         "training rows")
        return tuple(notes)


def new_rows(table: Table, data: Data, dataset: Dataset) -> NewRows:
    """The rows of a table as inputs of a network that was trained on ``dataset``, which ``data`` describes. Raises NewRowsError.

    A row in which an input is missing, or for which a feature is no number, is not complete.
    """
    if data.source == "text":
        raise NewRowsError("this network reads words, not a table: give it a text to go on with")
    if not table.rows:
        raise NewRowsError("there is no row to predict")
    if table.rows * len(dataset.input_names) > MOST_NUMBERS:
        raise NewRowsError(f"{table.rows:,} rows of {len(dataset.input_names):,} inputs are too many at once: predict "
                           f"{MOST_NUMBERS // len(dataset.input_names):,} at a time")
    encoded = _as_trained(table, data, dataset) if data.source == "table" else _by_inputs(table, dataset)
    with np.errstate(all="ignore"):
        # a feature may be no number where all inputs are
        fed = dataset.scaled(encoded.inputs)
    return replace(encoded, complete=np.array(np.isfinite(fed).all(axis=1)))


def _as_trained(table: Table, data: Data, dataset: Dataset) -> NewRows:
    """Columns by the names of the training table, encoded as its own."""
    parts = blocks(data)
    columns = _found(table, [block.column.name for block in parts])
    inputs = np.hstack([_encoded(column, block) for column, block in zip(columns, parts, strict=True)])
    filled = 0
    if data.table is not None and data.table.missing == "mean":
        filled = sum(int(column.missing.sum()) for column in columns)
        inputs = np.where(np.isnan(inputs), dataset.inputs[dataset.train].mean(axis=0), inputs)
    return NewRows(inputs, np.ones(table.rows, np.bool_), _others(table, columns), filled=filled)


def _by_inputs(table: Table, dataset: Dataset) -> NewRows:
    """Columns named as the inputs, or as many as there are inputs, all of numbers."""
    names = dataset.input_names
    columns = _named(table, names)
    in_order = columns is None and len(table.columns) == len(names)
    if columns is None:
        if not in_order:
            raise NewRowsError(_neither(table, names))
        columns = list(table.columns)
    inputs = np.column_stack([_numbers(column) for column in columns])
    return NewRows(inputs, np.ones(table.rows, np.bool_), _others(table, columns), in_order)


def _neither(table: Table, names: tuple[str, ...]) -> str:
    known = {_plain(column.name) for column in table.columns}
    missing = tuple(name for name in names if _plain(name) not in known)
    return (f"{_missing(missing)}, and the table has {len(table.columns):,} columns, not {len(names):,}, so that they cannot be "
            "taken in their order either")


def _missing(names: tuple[str, ...]) -> str:
    return f"columns {_listed(names)} are missing" if len(names) > 1 else f"column {_listed(names)} is missing"


def _named(table: Table, names: tuple[str, ...]) -> list[Column] | None:
    """The columns of these names, which may be written with plain digits for x₁; None unless all are there."""
    known = {_plain(column.name): column for column in table.columns}
    found = [table.column(name) or known.get(_plain(name)) for name in names]
    columns = [column for column in found if column is not None]
    return columns if len(columns) == len(names) else None


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def _found(table: Table, names: list[str]) -> list[Column]:
    columns = [table.column(name) for name in names]
    missing = tuple(name for name, column in zip(names, columns, strict=True) if column is None)
    if missing:
        here = _listed(tuple(column.name for column in table.columns))
        with_it = "with them" if len(missing) > 1 else "with it"
        raise NewRowsError(f"{_missing(missing)}: the network was trained {with_it}; here are {here}")
    return [column for column in columns if column is not None]


def _others(table: Table, used: list[Column]) -> tuple[str, ...]:
    taken = {id(column) for column in used}
    return tuple(column.name for column in table.columns if id(column) not in taken)


def _encoded(column: Column, block: Block) -> Array:
    """(rows, inputs of the block) float64, NaN where missing."""
    if block.categories is None:
        return _numbers(column)[:, np.newaxis]
    codes = _codes(column, block)
    if len(block.categories) == 2:
        entries = codes[:, np.newaxis].astype(np.float64)
    else:
        entries = np.eye(len(block.categories))[codes]
    entries[codes == MISSING] = np.nan
    return entries


def _codes(column: Column, block: Block) -> Array:
    """(rows,) places among the block's categories, ``MISSING`` where nothing stands. Raises NewRowsError for another category."""
    if column.codes is not None:
        own: list[str | float] = list(column.words)
        places = column.codes
    else:
        assert column.numbers is not None
        distinct = np.unique(column.numbers[~column.missing])
        own, places = distinct.tolist(), np.searchsorted(distinct, column.numbers)
    known = _categories(block)
    # one more for what is missing: its place lies behind all others
    found = np.array([*(_place(known, each) for each in own), MISSING], np.intp)
    codes: Array = np.where(column.missing, MISSING, found[np.minimum(places, len(own))])
    strange = np.flatnonzero((codes == MISSING) & ~column.missing)
    if len(strange):
        row = int(strange[0])
        kinds = tuple(each if isinstance(each, str) else f"{each:g}" for each in block.categories or ())
        raise NewRowsError(f"{_place_of(column, row)}: the training rows have no {_cell(column, row)!r} there, only "
                           f"{_listed(kinds)}")
    return codes


def _categories(block: Block) -> dict[str | float, int]:
    """Categories by what they are and, where words can be read as numbers, by those: a table of fewer rows may have no word left.

    Of two words that are the same number ("1" and "01") nobody knows which one a number means.
    """
    known: dict[str | float, int] = {}
    known.update((category, place) for place, category in enumerate(block.categories or ()))
    spoken = [_number(category) for category in known]
    known.update({number: place for place, number in enumerate(spoken) if number is not None and spoken.count(number) == 1})
    return known


def _place(known: dict[str | float, int], category: str | float) -> int:
    """A number may stand for a word, and a word for a number, but no word for another word."""
    if category in known:
        return known[category]
    number = None if any(isinstance(each, str) for each in known) else _number(category)
    return MISSING if number is None else known.get(number, MISSING)


def _number(category: str | float) -> float | None:
    try:
        return None if "_" in str(category) else float(category)
    except ValueError:
        return None


def _numbers(column: Column) -> Array:
    """(rows,) float64, NaN where missing. Raises NewRowsError where a word stands."""
    if column.numbers is None:
        words = np.flatnonzero(~column.missing)
        if len(words):
            row = next((int(row) for row in words if _number(_cell(column, int(row))) is None), int(words[0]))
            raise NewRowsError(f"{_place_of(column, row)}: {_cell(column, row)!r} is no number, and the network was trained with "
                               "numbers there")
        return np.full(len(column.missing), np.nan)
    return column.numbers


def _place_of(column: Column, row: int) -> str:
    return f"data row {row + 1:,}, column {column.name!r}"


def _cell(column: Column, row: int) -> str:
    if column.codes is not None:
        return column.words[int(column.codes[row])]
    assert column.numbers is not None
    return f"{float(column.numbers[row]):g}"


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(repr(name) for name in names[:NAMED]) + more
