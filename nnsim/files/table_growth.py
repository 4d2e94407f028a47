"""A column while it is read, a stretch of cells at a time: of numbers until a cell says otherwise, then of words.

Apart from the rows because this is all that a table costs: numbers as eight bytes, words as codes, nothing as text. Numbers are
read quickly where nothing else stands, and cell by cell where it does. It refuses to make a word a missing number.
"""

from array import array
from collections import Counter
from collections.abc import Callable
from itertools import compress

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.tables import MISSING, Column, numbers_column
from nnsim.files.table_cells import is_grouped, may_be_numbers, number
from nnsim.files.table_choices import Reading

NEARLY = 0.9
"""From this share of numbers on, a column of words is said to be nearly one of numbers."""


class GrowingColumn:
    """A column while it is read: one of numbers until a cell says otherwise."""

    def __init__(self, reading: Reading) -> None:
        self._decimal, self._missing = reading.decimal, frozenset(("", *reading.missing))
        # a number that stands for a missing one has to be looked for cell by cell
        self._plain_numbers = all(number(mark, reading.decimal) is None for mark in reading.missing)
        self._numbers: array[float] | None = array("d")
        self._codes = array("i")
        self.words: dict[str, int] = {}
        self.rows = 0
        self.marks: Counter[str] = Counter()
        self.stranger: tuple[str, int] | None = None
        """The first cell that is no number, and its row."""
        self.late = self.left_out = self._done = False

    def add(self, cells: tuple[str, ...], rows: list[int]) -> None:
        """Further cells, and the numbers of their rows."""
        if self._done:
            return
        self.rows += len(cells)
        if self._numbers is not None:
            values = self._values(cells, rows)
            if values is not None:
                self._numbers.frombytes(values.tobytes())
                return
            self.late = len(self._numbers) > 0
            self._numbers = None
        if not self.late and not self.left_out:
            self._add_words(cells)

    def begin_again(self) -> None:
        """Before all rows come once more: only a late column takes them."""
        self._done = not self.late
        if self.late:
            self.late, self.rows = False, 0
            self.marks.clear()

    def leave_out(self) -> None:
        """Hold none of the words, nor of those to come."""
        self.left_out = True
        self.words = {}
        self._codes = array("i")

    def column(self, name: str) -> Column:
        """The column as it is kept."""
        if self._numbers is not None:
            return numbers_column(name, np.frombuffer(self._numbers, np.float64))
        codes = np.array(self._codes, np.int32)
        codes.flags.writeable = False
        return Column(name, None, codes, tuple(self.words))

    @property
    def told(self) -> str:
        """The first cell that is no number, and where it stands."""
        cell, row = self.stranger or ("", 0)
        return f"{cell[:30]!r} in row {row:,}"

    def remarks(self, name: str) -> list[str]:
        """What is to be said about a column of words."""
        if self.stranger is None:
            return []
        other, sign = (",", "comma") if self._decimal == "." else (".", "point")
        remarks: list[tuple[str, Callable[[str], bool]]] = [
            ("", lambda word: number(word, self._decimal) is not None),
            (f": choose the decimal {sign} if it is one", lambda word: number(word, other) is not None),
            (": thousands are not to be grouped", lambda word: is_grouped(word) or number(word, self._decimal) is not None),
        ]
        told = next((remark for remark, is_so in remarks if self._share(is_so) >= NEARLY), None)
        return [] if told is None else [f"column {name!r} is read as words because of {self.told}{told}"]

    def _share(self, is_so: Callable[[str], bool]) -> float:
        """In how many of the cells that hold a word it is so."""
        codes = np.array(self._codes, np.int32)
        counts = np.bincount(codes[codes != MISSING], minlength=len(self.words))
        are = np.fromiter(map(is_so, self.words), np.bool_, len(self.words))
        return float(counts[are].sum() / counts.sum())

    def _values(self, cells: tuple[str, ...], rows: list[int]) -> Array | None:
        """The numbers (cells,), NaN where they are missing; None if there is a word, which ``stranger`` then is."""
        if self._plain_numbers:
            values = _floats(cells, self._decimal)
            if values is not None:
                return values
        cells = tuple(cell.strip() for cell in cells)
        known = np.fromiter((cell not in self._missing for cell in cells), np.bool_, len(cells))
        present = tuple(compress(cells, known))
        numbers = _floats(present, self._decimal)
        if numbers is None:
            one_by_one = [number(cell, self._decimal) for cell in present]
            if None in one_by_one:
                place = one_by_one.index(None)
                self.stranger = (present[place], rows[int(np.flatnonzero(known)[place])])
                return None
            numbers = np.array(one_by_one, np.float64)
        self.marks.update(compress(cells, ~known))
        values = np.full(len(cells), np.nan)
        values[known] = numbers
        return values

    def _add_words(self, cells: tuple[str, ...]) -> None:
        known = [code for code in map(self.words.get, cells) if code is not None]
        if len(known) == len(cells):
            self._codes.extend(known)
            return
        for raw in cells:
            cell = raw.strip()
            if cell in self._missing:
                self.marks[cell] += 1
                self._codes.append(MISSING)
            else:
                self._codes.append(self.words.setdefault(cell, len(self.words)))


def _floats(cells: tuple[str, ...], decimal: str) -> Array | None:
    """The numbers (cells,) if nothing else stands there, neither space nor sign: most columns are so, and it is quick."""
    if not may_be_numbers("".join(cells), decimal):
        return None
    try:
        values = np.fromiter(map(float, cells if decimal == "." else [cell.replace(",", ".") for cell in cells]), np.float64,
                             len(cells))
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None
