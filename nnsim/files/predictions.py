"""Predictions as CSV, for spreadsheets and scripts: a line of names, then a line a row, every number with all its digits.

A cell that comes from somebody's data could be a formula, which a spreadsheet would carry out when it is opened. So a text that
begins with = + - @, a tab or a line end gets an apostrophe before it, as the OWASP Foundation advises ("CSV Injection"); whoever
reads the file with a program takes it away again. Numbers stay as they are, a minus included. Files may not know pictures, so it
only says which shape the lines must have. It refuses to round.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from nnsim.files.atomic import write_atomically

Value = str | int | float
MOST_CELLS = 20_000_000
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


class TooManyCellsError(ValueError):
    """A table that is too large for a file, with one sentence to show."""


class Lines(Protocol):
    """The table of predictions."""

    @property
    def names(self) -> tuple[str, ...]: ...
    def __len__(self) -> int: ...
    def values(self, place: int) -> Sequence[Value]: ...


def write_predictions(path: Path, lines: Lines, places: Iterable[int] | None = None) -> None:
    """Write the lines, or those at ``places`` in their order. Raises OSError, TooManyCellsError."""
    chosen = range(len(lines)) if places is None else list(places)
    check_cells(len(chosen), len(lines.names))
    write_table(path, lines.names, (lines.values(place) for place in chosen))


def write_table(path: Path, names: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write a table as UTF-8, with a mark at its beginning so that spreadsheets read it as such. Raises OSError."""
    write_atomically(path, csv_text(names, rows).encode("utf-8-sig", "replace"))


def csv_text(names: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """A table as text: commas, quotes where they are needed, lines that end as RFC 4180 has it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(name) for name in names])
    writer.writerows([written(value) for value in row] for row in rows)
    return text.getvalue()


def check_cells(rows: int, columns: int) -> None:
    """Raises TooManyCellsError for a table that no spreadsheet opens, and that would take gigabytes to write."""
    if rows * columns > MOST_CELLS:
        raise TooManyCellsError(f"{rows:,} rows of {columns:,} columns are more than the {MOST_CELLS:,} cells that a file takes.")


def written(value: Value) -> str:
    """A cell: a text made harmless, or a number with as few digits as tell it from every other."""
    if isinstance(value, str):
        return harmless(value)
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(float(value))


def harmless(text: str) -> str:
    """The text, and before it an apostrophe if a spreadsheet could take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
