"""A grid as text: tab-separated for spreadsheets, LaTeX for papers, NumPy for scripts.

It is apart because here a whole matrix becomes text, which nobody waits for but who copies it. Tabs and NumPy carry every digit,
LaTeX the digits on show. What is not known yet is "?" or nan, never a number.
"""

import numpy as np

from nnsim.picture.caption_parts import UNKNOWN
from nnsim.picture.matrices_parts import Grid
from nnsim.picture.numbers import MINUS


def tabbed(grid: Grid) -> str:
    """Rows as lines, tabs between the columns, all digits."""
    rows, columns = grid.shape
    return "\n".join("\t".join(_exact(grid.value(row, column)) for column in range(columns)) for row in range(rows))


def latex(grid: Grid) -> str:
    """``Z = \\begin{pmatrix} ... \\end{pmatrix}``, for amsmath."""
    rows, columns = grid.shape
    lines = (" & ".join(_typeset(grid.text(row, column)) for column in range(columns)) for row in range(rows))
    # amsmath sets ten columns unless told
    wider = f"\\setcounter{{MaxMatrixCols}}{{{columns}}}\n" if columns > 10 else ""
    return f"{wider}{grid.symbol.latex} = \\begin{{pmatrix}}\n" + " \\\\\n".join(lines) + "\n\\end{pmatrix}"


def numpy_array(grid: Grid) -> str:
    """An expression that makes the array, all digits; ``np.nan`` where a number is not known yet."""
    rows, columns = grid.shape
    lines = (", ".join(_literal(grid.value(row, column)) for column in range(columns)) for row in range(rows))
    return "np.array([\n" + ",\n".join(f"    [{line}]" for line in lines) + ",\n])"


def _exact(value: float | None) -> str:
    return UNKNOWN if value is None else repr(value)


def _literal(value: float | None) -> str:
    if value is None or np.isnan(value):
        return "np.nan"
    return repr(value) if np.isfinite(value) else f"{'-' if value < 0 else ''}np.inf"


def _typeset(text: str) -> str:
    """A number in LaTeX; the superscripts of a power of ten as an exponent."""
    # a bare comma would be set as the end of a clause
    mantissa, power, exponent = text.replace(MINUS, "-").replace("∞", r"\infty").replace(",", "{,}").partition("×10")
    plain = exponent.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    return f"{mantissa} \\times 10^{{{plain}}}" if power else mantissa
