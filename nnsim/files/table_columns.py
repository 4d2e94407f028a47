"""From rows of cells to named columns of numbers and of words, a stretch of rows at a time, so that a large table stays small.

Apart from the files because rows come from text, workbooks and what was pasted alike. A column is of numbers if every cell in which
something stands is a finite number, else of words; what was done to names, to missing cells and to columns is said in sentences.
It refuses rows of different lengths, and to turn what it cannot read into a missing number.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from nnsim.core.tables import MOST_COLUMNS, Column
from nnsim.files.table_choices import MOST_WORDS, Reading, TableError
from nnsim.files.table_growth import GrowingColumn
from nnsim.files.table_names import distinct_names
from nnsim.files.table_records import Record

CELLS_AT_ONCE = 16_384
LEAST_ROWS = 16
"""At once, so that thousands of columns are not gone through for a row or two."""
MOST_NOTES = 10
"""Sentences of one kind."""


@dataclass(frozen=True, eq=False)
class Contents:
    """What stands in a table."""

    columns: tuple[Column, ...]
    cells: tuple[tuple[str, ...], ...]
    """The first rows under the header, as they are written."""
    notes: tuple[str, ...]
    """What was done that nobody asked for, a sentence each."""


def contents(records: Callable[[], Iterator[Record]], reading: Reading, shown: int) -> Contents:
    """The columns of rows that can be gone through again, and the cells of the first ``shown`` rows. Raises TableError."""
    names, name_notes = _names(records, reading)
    growing = [GrowingColumn(reading) for _ in names]
    first, blank = _fill(growing, records, reading, shown)
    if any(column.late for column in growing):
        # their first stretches looked like numbers and were kept as such, so their words are read once more
        for column in growing:
            column.begin_again()
        _fill(growing, records, reading, 0)
    if not growing[0].rows:
        raise TableError("under the header there is no row")
    missing = _told_missing(growing)
    columns, strangers, lost = [], [], []
    for name in names:
        column = growing.pop(0)  # each is let go as soon as it is made: the table is never held twice
        if column.left_out:
            lost.append(f"column {name!r} is left out: it holds words, such as {column.told}, and too many different ones to keep")
        else:
            strangers += column.remarks(name)
            columns.append(column.column(name))
    if not columns:
        raise TableError("no column can be used: each holds more different words than can be kept")
    notes = (*few(name_notes), *_told_blank(blank), *missing, *few(strangers), *few(lost))
    return Contents(tuple(columns), first, notes)


def few(notes: Sequence[str]) -> tuple[str, ...]:
    """The first of these sentences about columns, and how many there are besides."""
    more = len(notes) - MOST_NOTES
    return tuple(notes) if more <= 0 else (*notes[:MOST_NOTES], f"and the like of {more:,} more columns")


def _names(records: Callable[[], Iterator[Record]], reading: Reading) -> tuple[tuple[str, ...], tuple[str, ...]]:
    row, cells = next(records(), (1, []))
    if not cells:
        raise TableError("it is empty")
    if len(cells) > MOST_COLUMNS:
        raise TableError(f"there are {len(cells):,} columns, and {MOST_COLUMNS:,} are the most", row)
    return distinct_names(cells) if reading.header else (tuple(f"column {place}" for place in range(1, len(cells) + 1)), ())


def _fill(columns: list[GrowingColumn], records: Callable[[], Iterator[Record]], reading: Reading,
          shown: int) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Read all rows into the columns. The first rows, and how many rows are blank."""
    first: list[tuple[str, ...]] = []
    width, rows = len(columns), records()
    last = next(rows)[0] if reading.header else 0
    blank = max(last - 1, 0)
    while stretch := list(islice(rows, max(LEAST_ROWS, CELLS_AT_ONCE // width))):
        numbers = [row for row, _ in stretch]
        for row, cells in stretch:
            if len(cells) != width:
                raise TableError(f"there {_are_cells(len(cells))}, and {width:,} {'was' if width == 1 else 'were'} expected, as in "
                                 "the first row", row)
        blank, last = blank + numbers[-1] - last - len(stretch), numbers[-1]
        first += [tuple(cells) for _, cells in stretch[: max(shown - len(first), 0)]]
        for column, part in zip(columns, zip(*(cells for _, cells in stretch), strict=True), strict=True):
            column.add(part, numbers)
        _bound_words(columns)
    return tuple(first), blank


def _are_cells(count: int) -> str:
    return "is 1 cell" if count == 1 else f"are {count:,} cells"


def _told_blank(rows: int) -> list[str]:
    return [f"{rows:,} blank row{' is' if rows == 1 else 's are'} skipped"] if rows else []


def _told_missing(columns: list[GrowingColumn]) -> list[str]:
    """One sentence about the words that are read as missing values; empty cells need none."""
    marks: Counter[str] = Counter()
    for column in columns:
        marks.update(column.marks)
    del marks[""]
    if not marks:
        return []
    told = [f"{mark!r} in {count:,} cell{'s' * (count > 1)}" for mark, count in marks.most_common()]
    return [f"read as missing: {', '.join(told)}"]


def _bound_words(columns: list[GrowingColumn]) -> None:
    """Leave out columns, the one with the most different words first, until those of the others are few enough to keep."""
    while sum(len(column.words) for column in columns) > MOST_WORDS:
        max(columns, key=lambda column: len(column.words)).leave_out()
