"""From a table's bytes to its rows of cells: decoded piece by piece, parted by the standard library's ``csv``.

Apart from the columns, which know nothing of bytes and quotes. What is wrong is refused with its row and column before it can cost
memory: bytes that are no characters, quotes that never close, rows without an end. It refuses to repair.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from nnsim.files.signatures import ARCHIVE, COMPRESSED, OLD_OFFICE, PARQUET, kind_of
from nnsim.files.table_choices import ENCODINGS, LONGEST_CELL, LONGEST_ROW, MARKS, MOST_ROWS, Reading, TableError

Record = tuple[int, list[str]]
"""A row's number, counted from 1, and its cells."""
_PIECE = 2**20
_QUOTED = re.compile(r' *"[^"]*+(?:""[^"]*+)*+')
_REMEDIES = {
    ARCHIVE: "give it the ending .xlsx if it is a workbook", OLD_OFFICE: "save it as .csv", PARQUET: "give it the ending .parquet",
    COMPRESSED: "unpack it first",
}
"""What makes a table of another kind of file."""


def refuse_other_kinds(content: bytes) -> None:
    """Raises TableError for an empty file, and for one that is known to be something else."""
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise TableError("it is empty")
    kind = kind_of(content)
    if kind:
        raise TableError(f"it is no text but {kind}" + (f": {_REMEDIES[kind]}" if kind in _REMEDIES else ""))
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise TableError("it is a page of markup, no table: perhaps a page was saved instead of the file it links to")


def records(content: bytes, reading: Reading) -> Iterator[Record]:
    """The rows in which something stands. Raises TableError."""
    refuse_other_kinds(content)
    _check_characters(content, reading)
    text: list[str] = []
    lines = _lines(io.TextIOWrapper(io.BytesIO(content), reading.codec, newline=""), text)
    row = 0
    try:
        for row, cells in enumerate(csv.reader(lines, delimiter=reading.delimiter, skipinitialspace=True, strict=True), 1):
            if row > MOST_ROWS:
                raise TableError(f"there are more than {MOST_ROWS:,} rows", row)
            if len(text) > 1 or len(text[0]) > LONGEST_CELL:
                check_cells(row, cells)
            text.clear()
            if any(cells):
                yield row, cells
    except csv.Error as error:
        raise _fault("".join(text), row + 1, reading.delimiter) from error


def check_cells(row: int, cells: list[str]) -> None:
    """Raises TableError if a cell is too long."""
    for column, cell in enumerate(cells, 1):
        check_cell(row, column, cell)


def check_cell(row: int, column: int, cell: str) -> None:
    """Raises TableError if the cell is too long."""
    if len(cell) > LONGEST_CELL:
        raise TableError(f"a cell has {len(cell):,} characters, and {LONGEST_CELL:,} are the most", row, column)


def _lines(stream: io.TextIOWrapper, text: list[str]) -> Iterator[str]:
    """The lines of a text; those since ``text`` was cleared last, which are the present row's, stand in it as well."""
    length = 0
    while line := stream.readline(LONGEST_ROW + 1):
        length = length + len(line) if text else len(line)
        text.append(line)
        if length > LONGEST_ROW:
            raise csv.Error("this row has no end")
        yield line


def _fault(text: str, row: int, delimiter: str) -> TableError:
    """What is wrong with a row's text, with the column: found by looking at it cell by cell."""
    if len(text) > LONGEST_ROW:
        return TableError(f"the row has more than {LONGEST_ROW:,} characters", row)
    place = column = 0
    while place <= len(text):
        begin, column = place, column + 1
        quoted = _QUOTED.match(text, place)
        if quoted:
            place = quoted.end() + 1
            if quoted.end() == len(text):
                return TableError("a cell begins with a quote that is never closed", row, column)
            if text[place : place + 1] not in ("", delimiter, "\r", "\n"):
                return TableError(f"after the closing quote comes {text[place:place + 10]!r}: a quote within quotes is written "
                                  "twice", row, column)
        end = text.find(delimiter, place)
        end = len(text) if end < 0 else end
        if end - begin > LONGEST_CELL:
            return TableError(f"a cell has more than {LONGEST_CELL:,} characters", row, column)
        place = end + 1
    return TableError("its cells cannot be parted", row)


def _check_characters(content: bytes, reading: Reading) -> None:
    """Raises TableError at the first byte that is no character in this encoding, and at a NUL, which no text has."""
    marks = [mark for mark, encoding in MARKS if encoding == reading.encoding]
    if reading.encoding != "utf-8" and marks and not content.startswith(tuple(marks)):
        raise TableError(f"it does not begin with the mark of {ENCODINGS[reading.encoding]}: choose another encoding")
    decoder = codecs.getincrementaldecoder(reading.encoding)()
    for start in range(0, len(content), _PIECE):
        begin = start - len(decoder.getstate()[0])
        try:
            text = decoder.decode(content[start : start + _PIECE], final=start + _PIECE >= len(content))
        except UnicodeDecodeError as error:
            place = begin + error.start
            raise TableError(f"the byte 0x{content[place]:02X} is no character in {ENCODINGS[reading.encoding]}: choose another "
                             "encoding", *_place(content[:place], reading)) from error
        if "\0" in text:
            place = begin + len(text.partition("\0")[0].encode(reading.encoding))
            raise TableError("a character NUL stands here, which no text has: this is no text, or damaged, or in another encoding",
                             *_place(content[:place], reading))


def _place(before: bytes, reading: Reading) -> tuple[int, int]:
    """The row and the column in which these first bytes of a table end."""
    stream = io.TextIOWrapper(io.BytesIO(before), reading.codec, errors="replace", newline="")
    row, cells = 1, [""]
    try:
        # a mark at the end stands for the byte that follows, so that a cell that has just begun counts
        for row, cells in enumerate(csv.reader(_ended(stream), delimiter=reading.delimiter, skipinitialspace=True), 1):  # noqa: B007
            pass
    except csv.Error:
        return row + 1, 1
    return row, max(len(cells), 1)


def _ended(stream: io.TextIOWrapper) -> Iterator[str]:
    last = ""
    for line in stream:
        if last:
            yield last
        last = line
    if last.endswith(("\n", "\r")):
        yield last
        last = ""
    yield last + "?"
