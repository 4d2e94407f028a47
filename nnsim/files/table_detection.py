"""How a table's text is likely to be read: its encoding, delimiter, decimal sign and header, each with the reason.

Apart from reading because these are proposals, made on the first rows and meant to be seen and changed; reading does what was
chosen. It refuses to propose what could silently change a number: a comma that may group thousands stays unread.
"""

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from nnsim.files.table_cells import comma_is_decimal, number
from nnsim.files.table_choices import DELIMITERS, ENCODINGS, MARKS, MISSING_WORDS, Found, Reading
from nnsim.files.table_records import refuse_other_kinds

SAMPLE = 256 * 1024
"""Bytes that are looked at."""
SAMPLE_ROWS = 200
_PIECE = 2**20
_Rows = list[list[str]]


def detect(content: bytes) -> Reading:
    """A proposal how to read a table. Raises TableError for what is no text."""
    refuse_other_kinds(content)
    encoding, encoding_reason = _encoding(content)
    text = codecs.getincrementaldecoder(Reading(encoding).codec)("replace").decode(content[:SAMPLE], final=False)
    cut = len(content) > SAMPLE
    delimiter, rows, delimiter_reason = _delimiter(text, cut)
    decimal, decimal_reason = _decimal(rows)
    header, header_reason = detect_header(rows, decimal)
    return Reading(encoding, delimiter, decimal, header, MISSING_WORDS,
                   Found(encoding_reason, delimiter_reason, decimal_reason, header_reason))


def detect_header(rows: list[list[str]], decimal: str = ".") -> tuple[bool, str]:
    """Whether the first of these rows holds names, and why: words above numbers, or words that do not come again."""
    if not rows:
        return True, ""
    first, below = rows[0], rows[1:]
    columns = list(zip(*below, strict=False))
    above = sum(_is_word(name, decimal) and _all_numbers(cells, decimal) for name, cells in zip(first, columns, strict=False))
    alike = sum(number(name, decimal) is not None and _all_numbers(cells, decimal)
                for name, cells in zip(first, columns, strict=False))
    if above or alike:
        return (True, "row 1 has words above numbers") if above > alike else (False, "row 1 has numbers like the rows below it")
    if any(number(name, decimal) is not None for name in first):
        return False, "row 1 holds a number"
    again = any(name in cells for name, cells in zip(first, columns, strict=False))
    if again or not all(first) or len(set(first)) < len(first):
        return False, "what stands in row 1 comes again"
    return True, "what stands in row 1 does not come again in the rows that were looked at"


def _encoding(content: bytes) -> tuple[str, str]:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding, f"the file begins with the mark of {ENCODINGS[encoding]}"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _PIECE):
            decoder.decode(content[start : start + _PIECE], final=start + _PIECE >= len(content))
    except UnicodeDecodeError:
        return "windows-1252", "the bytes are not UTF-8, and Windows-1252 is the most usual of the others"
    return "utf-8", "all bytes are valid UTF-8"


@dataclass(frozen=True)
class _Parting:
    """What a delimiter makes of the first rows."""

    delimiter: str
    rows: _Rows
    width: int
    """How many cells most rows have."""
    share: float
    """How many of the rows have so many."""
    numbers: float
    """How many of the cells are numbers, whatever the decimal sign."""

    @property
    def rank(self) -> tuple[bool, float, float, int]:
        """The larger, the better."""
        return self.width > 1 and self.share >= 0.5, self.share, self.numbers, self.width


def _delimiter(text: str, cut: bool) -> tuple[str, _Rows, str]:
    partings = [_parting(text, delimiter, cut) for delimiter in DELIMITERS]
    best = max(partings, key=lambda parting: parting.rank)
    name = DELIMITERS[best.delimiter]
    if best.rank[0]:
        rows = f"{len(best.rows)} rows" if best.share == 1 else f"{best.share:.0%} of {len(best.rows)} rows"
        return best.delimiter, best.rows, f"the {name} parts {rows} into {best.width:,} cells each"
    # one column: what occurs least cannot part its cells
    alone = max(partings, key=lambda parting: (parting.width == 1, parting.share))
    return alone.delimiter, alone.rows, "no delimiter parts the rows alike, so there is one column"


def _parting(text: str, delimiter: str, cut: bool) -> _Parting:
    rows: _Rows = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True):
            if any(cells):
                rows.append([cell.strip() for cell in cells])
            if len(rows) > SAMPLE_ROWS:
                break
    except csv.Error:
        cut = True
    if cut and len(rows) > 1:
        rows.pop()  # the last one may be half a row
    widths = Counter(map(len, rows))
    if not widths:
        return _Parting(delimiter, rows, 1, 1, 0)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    cells = [cell for row in rows for cell in row if cell]
    numeric = sum(number(cell, ".") is not None or number(cell, ",") is not None for cell in cells)
    return _Parting(delimiter, rows, width, count / len(rows), numeric / max(len(cells), 1))


def _decimal(rows: _Rows) -> tuple[Literal[".", ","], str]:
    proof = ""
    for place, row in enumerate(rows, 1):
        for cell in row:
            if "." in cell and number(cell, ".") is not None:
                return ".", f"because of {cell[:20]!r} in row {place}"
            if not proof and comma_is_decimal(cell):
                proof = f"because of {cell[:20]!r} in row {place}, and no number has a point"
    return (",", proof) if proof else (".", "no number was seen with a comma that can only be a decimal sign")


def _is_word(cell: str, decimal: str) -> bool:
    return bool(cell) and cell not in MISSING_WORDS and number(cell, decimal) is None


def _all_numbers(cells: tuple[str, ...], decimal: str) -> bool:
    known = [cell for cell in cells if cell and cell not in MISSING_WORDS]
    return bool(known) and all(number(cell, decimal) is not None for cell in known)
