"""Excel workbooks and Parquet files as tables, through libraries that are not always there.

Apart from the text formats since these need ``nnsim[tables]``, imported only when such a file is opened. Their sizes are judged by
what they say of themselves before they are unpacked: a small archive can hold a huge sheet. It refuses formulas, macros, nests.
"""

import contextlib
import importlib
import io
import warnings
import zipfile
from datetime import date, datetime, time
from types import ModuleType
from typing import Any

import numpy as np

from nnsim.core.tables import MOST_COLUMNS, Column, numbers_column, words_column
from nnsim.files.table_choices import LARGEST, LONGEST_CELL, MOST_ROWS, MOST_WORDS, Reading, TableError
from nnsim.files.table_columns import Contents, contents, few
from nnsim.files.table_detection import SAMPLE_ROWS, detect_header
from nnsim.files.table_names import distinct_names
from nnsim.files.table_records import Record, check_cell, check_cells

MOST_CELLS = 2_500_000
"""Of a workbook, whose cells are all held at once."""
LARGEST_UNPACKED = 4 * LARGEST


def workbook(content: bytes, reading: Reading | None, shown: int) -> tuple[Reading, Contents]:
    """The first sheet of an .xlsx file; the header is detected where no reading is chosen. Raises TableError."""
    openpyxl = _library("openpyxl", "an Excel workbook")
    _check_archive(content)
    try:
        with warnings.catch_warnings():
            # what a workbook holds besides its cells, such as charts, is not our concern
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheets = book.worksheets
            rows = _sheet_rows(sheets[0]) if sheets else []
            titles = [sheet.title for sheet in sheets]
            book.close()
    except TableError:
        raise
    except Exception as error:  # a damaged workbook makes the library fail in any way
        raise TableError("it cannot be read as an Excel workbook: it is damaged, or something else under this ending") from error
    if not rows:
        raise TableError("its first sheet is empty")
    width = max(len(cells) for _, cells in rows)
    for _, cells in rows:
        cells.extend([""] * (width - len(cells)))
    if reading is None:
        header, _ = detect_header([cells for _, cells in rows[:SAMPLE_ROWS]])
        reading = Reading(header=header)
    read = contents(lambda: iter(rows), reading, shown)
    if len(titles) > 1:
        others = f"only the first of {len(titles)} sheets, {titles[0]!r}, is read"
        read = Contents(read.columns, read.cells, (others, *read.notes))
    return reading, read


def _sheet_rows(sheet: Any) -> list[Record]:
    """The rows in which something stands, without empty cells at their ends."""
    sheet.reset_dimensions()  # what the file says of its size need not be true
    rows: list[Record] = []
    count = 0
    for row, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_cell(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        count += len(cells)
        if len(cells) > MOST_COLUMNS:
            raise TableError(f"there are {len(cells):,} columns, and {MOST_COLUMNS:,} are the most", row)
        if count > MOST_CELLS or row > MOST_ROWS:
            raise TableError(f"the sheet has more than {MOST_CELLS:,} cells or {MOST_ROWS:,} rows: save it as .csv", row)
        check_cells(row, cells)
        if cells:
            rows.append((row, cells))
    return rows


def _cell(value: object) -> str:
    """A cell's value as it would be written in a text file."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ")
        case date() | time():
            return value.isoformat()
    return str(value).strip()


def parquet(content: bytes, reading: Reading | None, shown: int) -> tuple[Reading, Contents]:
    """A Parquet file, whose columns have types and names of their own; only null and NaN are missing unless a reading says more.

    Raises TableError.
    """
    arrow = _library("pyarrow", "a Parquet file")
    reading = Reading(missing=()) if reading is None else reading
    whole = _parquet_table(content)
    names, notes = distinct_names([str(name) for name in whole.column_names])
    columns: list[Column] = []
    first: list[list[str]] = []
    words = 0
    for place, name in enumerate(names):
        try:
            values = whole.column(place)
            # categories are the words they stand for
            values = values.cast(values.type.value_type) if arrow.types.is_dictionary(values.type) else values
            first.append(["" if text is None else text for text in values.slice(0, shown).cast(arrow.string()).to_pylist()])
            column = _column(arrow, name, values, reading)
        except Exception as error:  # as above
            raise TableError(f"{name!r} holds what is neither numbers nor words, or is damaged", None, place + 1) from error
        if column.numbers is not None and np.isinf(column.numbers).any():
            raise TableError(f"{name!r} holds an infinite number", int(np.isinf(column.numbers).argmax()) + 1, place + 1)
        for code, word in enumerate(column.words):
            if len(word) > LONGEST_CELL and column.codes is not None:
                check_cell(int((column.codes == code).argmax()) + 1, place + 1, word)
        words += len(column.words)
        if words > MOST_WORDS:
            words -= len(column.words)
            notes = (*notes, f"column {name!r} is left out: it holds too many different words to keep")
        else:
            columns.append(column)
    if not columns:
        raise TableError("no column can be used: each holds more different words than can be kept")
    return reading, Contents(tuple(columns), tuple(zip(*first, strict=True)), few(notes))


def _parquet_table(content: bytes) -> Any:
    """What the library makes of a file of bounded size, with at least a row. Raises TableError."""
    files = _library("pyarrow.parquet", "a Parquet file")
    whole = None
    try:
        file = files.ParquetFile(io.BytesIO(content))
        about, width = file.metadata, len(file.schema_arrow)
        rows = about.num_rows
        size = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
        if 0 < rows <= MOST_ROWS and 0 < width <= MOST_COLUMNS and max(size, rows * width * 8) <= LARGEST_UNPACKED:
            whole = file.read()
            whole.validate(full=True)  # else a damaged file could hold texts that end outside of it
    except Exception as error:  # as above
        raise TableError("it cannot be read as a Parquet file: it is damaged, or something else under this ending") from error
    if not rows or not width:
        raise TableError("it is empty")
    if whole is None:
        raise TableError(f"it has {rows:,} rows of {width:,} columns, which are too many")
    return whole


def _column(arrow: ModuleType, name: str, values: Any, reading: Reading) -> Column:
    kind, types = values.type, arrow.types
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind) or types.is_null(kind):
        numbers = values.cast(arrow.float64(), safe=False).to_numpy(zero_copy_only=False)
        return numbers_column(name, np.where(np.isin(numbers, _numbers_among(reading.missing)), np.nan, numbers))
    texts = values.cast(arrow.string()).to_pylist()
    return words_column(name, ["" if text is None or text in reading.missing else text for text in texts])


def _numbers_among(words: tuple[str, ...]) -> list[float]:
    """The numbers that stand for a missing value, such as -999."""
    numbers = []
    for word in words:
        with contextlib.suppress(ValueError):
            numbers.append(float(word))
    return numbers


def _check_archive(content: bytes) -> None:
    """Raises TableError unless this is an archive of bounded size."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError("it is an old or protected Excel workbook: save it as .xlsx without a password, or as .csv")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise TableError("it cannot be read as an Excel workbook: it is damaged, or something else under this ending") from error
    if size > LARGEST_UNPACKED:
        raise TableError(f"unpacked it would have {size:,} bytes, and {LARGEST_UNPACKED:,} are the most")


def _library(name: str, kind: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise TableError(f"to open {kind}, install nnsim[tables], which brings {name.partition('.')[0]}; or save the table as "
                         ".csv") from error
