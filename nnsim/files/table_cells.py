"""What a single cell is: a number, a word, or nothing.

Apart from the columns because detecting asks the same question of a few cells that reading asks of all. A number is written with
ASCII digits, one decimal sign and perhaps a power of ten, and is finite; thousands are never grouped. It refuses to guess.
"""

import math
import re

_SIGNS = {".": "0123456789.+-eE", ",": "0123456789,+-eE"}
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,' ’\u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")


def may_be_numbers(joined: str, decimal: str) -> bool:
    """Whether nothing but signs of numbers stands in these cells, joined: what passes is a number if ``float`` says so."""
    return not joined.strip(_SIGNS[decimal])


def plain(cell: str) -> str:
    """The cell without spaces around it, and with the true minus as ``float`` reads it."""
    return cell.strip().replace("−", "-")


def number(cell: str, decimal: str) -> float | None:
    """The finite number that stands in a cell; None if it is no number."""
    cell = plain(cell)
    if not may_be_numbers(cell, decimal):
        return None
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def comma_is_decimal(cell: str) -> bool:
    """Whether a comma in the cell can be nothing but a decimal sign, as in ``1,5`` and ``0,125``, but not in ``1,125``."""
    cell = plain(cell)
    return bool(_COMMA.fullmatch(cell)) and not _AMBIGUOUS.fullmatch(cell)


def is_grouped(cell: str) -> bool:
    """Whether people would read a number with grouped thousands in the cell, such as ``1,234.50``; nobody else can be sure."""
    return bool(_GROUPED.fullmatch(plain(cell)))
