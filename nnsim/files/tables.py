"""Tables in: from a file's bytes, or from what was pasted, to a ``Table``, with everything said that was chosen or left out.

This is the face of the modules beside it, which choose, detect, part rows, and make columns. A preview is the whole table with its
first cells as they are written: to accept it costs nothing more. It refuses what it cannot read with the row and the column.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from nnsim.core.tables import Column, Table
from nnsim.files import table_extras
from nnsim.files.reading import UnfitFileError, read_file, title_of
from nnsim.files.table_choices import (
    DELIMITERS,
    ENCODINGS,
    LARGEST,
    MISSING_WORDS,
    Found,
    Reading,
    TableError,
)
from nnsim.files.table_columns import Contents, contents
from nnsim.files.table_detection import detect
from nnsim.files.table_records import records

__all__ = ["DELIMITERS", "ENCODINGS", "MISSING_WORDS", "SUFFIXES", "Found", "Preview", "Reading", "TableError", "column_kind",
           "detect", "preview", "preview_file", "read_pasted", "read_table", "table_file"]

SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".data", ".xlsx", ".parquet")
"""The endings of files that may hold tables."""
ROWS_SHOWN = 50


@dataclass(frozen=True, eq=False)
class Preview:
    """A table as it was read, and what there is to see and to say about it."""

    table: Table
    reading: Reading
    cells: tuple[tuple[str, ...], ...]
    """The first rows under the header, each cell as it is written; also of columns that are left out of the table."""
    notes: tuple[str, ...]
    """What was done that nobody asked for, a sentence each: skipped rows, new names, words among numbers."""

    @property
    def summary(self) -> tuple[tuple[str, str, int], ...]:
        """For each column its name, its kind and how many of its cells are missing."""
        return tuple((column.name, column_kind(column), int(column.missing.sum())) for column in self.table.columns)


def column_kind(column: Column) -> Literal["numbers", "words", "empty"]:
    """What stands in a column."""
    if column.missing.all():
        return "empty"
    return "numbers" if column.codes is None else "words"


def preview(content: bytes, reading: Reading, rows: int = ROWS_SHOWN, name: str = "table") -> Preview:
    """A table's text as these choices make it, with the cells of its first rows. Raises TableError."""
    return _previewed(name, reading, contents(partial(records, content, reading), reading, rows))


def read_table(content: bytes, name: str, reading: Reading) -> Table:
    """A table's text as these choices make it. Raises TableError."""
    return preview(content, reading, 0, name).table


def read_pasted(text: str, name: str = "Pasted table", rows: int = ROWS_SHOWN) -> Preview:
    """What was copied from a spreadsheet, whose cells are parted by tabs, or any other table's text. Raises TableError."""
    content = text.encode("utf-8", "replace")
    return preview(content, detect(content), rows, name)


def preview_file(path: Path, reading: Reading | None = None, rows: int = ROWS_SHOWN) -> Preview:
    """The table in a file, by its ending: a workbook, Parquet, or text; read as it is detected where no reading is chosen.

    Of workbooks and Parquet only the header and the missing words can be chosen. Raises TableError, OSError.
    """
    try:
        content = read_file(path, LARGEST)
    except UnfitFileError as error:
        raise TableError(str(error)) from error
    name = title_of(path.stem) or "table"
    if path.suffix.lower() == ".xlsx":
        return _previewed(name, *table_extras.workbook(content, reading, rows))
    if path.suffix.lower() == ".parquet":
        return _previewed(name, *table_extras.parquet(content, reading, rows))
    return preview(content, reading or detect(content), rows, name)


def table_file(path: Path, reading: Reading | None = None) -> tuple[Table, Reading]:
    """The table in a file as in ``preview_file``, and how it was read. Raises TableError, OSError."""
    read = preview_file(path, reading, 0)
    return read.table, read.reading


def _previewed(name: str, reading: Reading, read: Contents) -> Preview:
    return Preview(Table(name, read.columns), reading, read.cells, read.notes)
