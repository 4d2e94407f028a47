"""What can be chosen when a table's text is read, the limits of tables, and the error that says where a table is wrong.

Apart from detecting and from reading because both speak of these choices, and so does whoever shows them. It refuses to choose.
"""

import codecs
from dataclasses import dataclass, field
from typing import Literal

ENCODINGS = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32", "windows-1252": "Windows-1252 (Western)",
    "iso-8859-15": "ISO 8859-15 (Western)", "windows-1250": "Windows-1250 (Central European)",
    "windows-1251": "Windows-1251 (Cyrillic)", "mac-roman": "Mac Roman", "shift_jis": "Shift JIS (Japanese)",
    "gb18030": "GB 18030 (Chinese)", "big5": "Big5 (Chinese)", "euc-kr": "EUC-KR (Korean)",
}
"""How bytes may be read as characters, each with what people call it."""
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""Byte order marks; the longer ones first that begin like shorter ones."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
"""What may part the cells of a row."""
MISSING_WORDS = ("NA", "N/A", "n/a", "NaN", "nan", "null", "Null", "NULL", "?", "-", "none", "None", "NONE")
"""What people write where nothing is known. An empty cell is missing as well, always."""

LARGEST = 256 * 2**20
"""Bytes of a file."""
MOST_ROWS = 1_000_000
LONGEST_CELL = 10_000
"""Characters."""
LONGEST_ROW = 1_000_000
"""Characters; it bounds what a file without line ends can cost before it is refused."""
LONGEST_NAME = 64
"""Characters of a column's name."""
MOST_WORDS = 200_000
"""Different words of all columns together."""


class TableError(ValueError):
    """Why a table cannot be read, in one sentence, with the row and the column where they are known, both counted from 1.

    Rows are counted as an editor or a spreadsheet does it: the header is a row, and so is one in which nothing stands.
    """

    def __init__(self, reason: str, row: int | None = None, column: int | None = None) -> None:
        """``reason`` without its place."""
        places = [f"{name} {number:,}" for name, number in (("row", row), ("column", column)) if number is not None]
        super().__init__(f"{', '.join(places)}: {reason}" if places else reason)
        self.reason, self.row, self.column = reason, row, column


@dataclass(frozen=True)
class Found:
    """How each choice was found, a sentence each; empty for what the user chose."""

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    header: str = ""


@dataclass(frozen=True)
class Reading:
    """How a table's text is read. Raises TableError for what cannot be chosen."""

    encoding: str = "utf-8"
    """One of ``ENCODINGS``."""
    delimiter: str = ","
    """One of ``DELIMITERS``."""
    decimal: Literal[".", ","] = "."
    header: bool = True
    """Whether the first row holds the columns' names."""
    missing: tuple[str, ...] = MISSING_WORDS
    """Cells that say that nothing is known, besides empty ones."""
    found: Found = field(default=Found(), compare=False)

    def __post_init__(self) -> None:
        """Check what was chosen."""
        if self.encoding not in ENCODINGS:
            raise TableError(f"there is no encoding {self.encoding!r} to choose; there are {', '.join(ENCODINGS)}")
        if self.delimiter not in DELIMITERS:
            raise TableError(f"cells cannot be parted by {self.delimiter!r}, only by {', '.join(DELIMITERS.values())}")
        if self.decimal not in (".", ","):
            raise TableError(f"a decimal sign is a point or a comma, not {self.decimal!r}")

    @property
    def codec(self) -> str:
        """Python's name of the encoding; a byte order mark is no character."""
        return "utf-8-sig" if self.encoding == "utf-8" else self.encoding
