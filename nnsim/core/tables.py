"""A table as it was read: named columns, each of numbers or of words.

It is apart from data sets because a table knows neither inputs nor targets: which column is which is the experiment's choice. It
refuses to interpret: what is missing stays missing, and a word stays a word.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array

MOST_COLUMNS = 5000
"""Of a table that is read or kept."""
MISSING = -1
"""The code of a missing word."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column. A column of words holds codes, which count its distinct words in the order of their first appearance."""

    name: str
    numbers: Array | None
    """(rows,) float64, NaN where missing; None for words."""
    codes: Array | None = None
    """(rows,) int32 into ``words``, ``MISSING`` where missing; None for numbers."""
    words: tuple[str, ...] = ()

    @property
    def missing(self) -> Array:
        """(rows,) bool: where nothing stands."""
        if self.numbers is not None:
            return np.isnan(self.numbers)
        assert self.codes is not None
        missing: Array = self.codes == MISSING
        return missing


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length, with distinct names; arrays are read-only."""

    name: str
    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.columns[0].missing) if self.columns else 0

    def column(self, name: str) -> Column | None:
        """The column of this name; None if there is none."""
        return next((column for column in self.columns if column.name == name), None)


def words_column(name: str, cells: list[str]) -> Column:
    """A column of words from its cells (rows,); empty cells are missing."""
    words: dict[str, int] = {}
    codes = np.array([words.setdefault(cell, len(words)) if cell else MISSING for cell in cells], np.int32)
    codes.flags.writeable = False
    return Column(name, None, codes, tuple(words))


def numbers_column(name: str, numbers: Array) -> Column:
    """A column of numbers (rows,); NaN is missing."""
    values = np.array(numbers, np.float64)
    values.flags.writeable = False
    return Column(name, values)
