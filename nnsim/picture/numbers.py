"""Numbers as people read them: a true minus, a sign where the sign matters, powers of ten only for the tiny and the huge."""

import math
from collections.abc import Iterable

MINUS = "\u2212"
TINY = 5e-6
"""Below this a number is written with a power of ten."""
DECIMAL_SIGNS = (".", ",")
NARROW_SPACE = "\u202f"
"""Groups thousands where the comma is the decimal sign; no line is broken at it."""
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

_written = {"decimal sign": "."}


def write_decimals_with(sign: str) -> None:
    """From here on every number is written with this decimal sign, a point or a comma, as a locale would have it for a process.

    What is copied exactly, or written to files, keeps the point. Raises ValueError for any other sign.
    """
    if sign not in DECIMAL_SIGNS:
        raise ValueError(f"a decimal sign is one of {' '.join(DECIMAL_SIGNS)}, not {sign!r}")
    _written["decimal sign"] = sign


def decimal_sign() -> str:
    """The sign that numbers are written with."""
    return _written["decimal sign"]


def fixed(value: float, decimals: int = 3, signed: bool = True) -> str:
    """Weights, sums and outputs: so many decimals, such as ``+0.738``."""
    return _special(value) or _power(value, decimals + 1, signed, 5 * 10.0 ** -(decimals + 3), 1e5) or _finish(
        f"{abs(value):.{decimals}f}", value, signed)


def significant(value: float, digits: int = 3, signed: bool = True) -> str:
    """Deltas and gradients: so many significant digits, such as ``−0.00412``; below 5e-6 as ``−4.12×10⁻⁷``."""
    special = _special(value)
    if special:
        return special
    if value == 0:
        return "0"
    power = _power(value, digits, signed, TINY, 1e6)
    if power:
        return power
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return _finish(f"{abs(value):.{decimals}f}", value, signed)


def loss(value: float) -> str:
    """A loss or another unsigned measure, three significant digits: ``0.0239``; of the tiny two, since the power takes room."""
    return significant(value, 3 if abs(value) >= TINY else 2, signed=False)


def percent(share: float) -> str:
    """A share as a percentage: ``99 %``, ``95.1 %``."""
    if math.isnan(share):
        return "–"
    text = f"{100 * share:.1f}".removesuffix(".0").replace(".", decimal_sign())
    return f"{text} %"


def whole(number: float) -> str:
    """A whole number, its thousands grouped: ``2,720``, or with a decimal comma ``2 720``, where a comma would be read as that.

    What is not whole is rounded to it.
    """
    text = f"{number:,.0f}"
    return text if decimal_sign() == "." else text.replace(",", NARROW_SPACE)


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 epoch``, ``2,720 weights``."""
    return f"{whole(number)} {noun if number == 1 else plural or noun + 's'}"


def listed(texts: Iterable[str]) -> str:
    """Numbers one after another: ``0.01, 0.99``, or with a decimal comma ``0,01; 0,99``."""
    return ("; " if decimal_sign() == "," else ", ").join(texts)


def exact(value: float) -> str:
    """All digits, as few as tell the number from every other, as it can be typed: ``0.2857``, ``10``, ``1e-10``, a true minus."""
    special = _special(value)
    if special:
        return special
    text = str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(float(value))
    text = text.replace(".", decimal_sign())
    return text.replace("-", MINUS, 1) if value < 0 else text


def in_full(rounded: str, value: float) -> str:
    """A number as it is read, and after it all its digits where there are more: ``−0.131 (exactly −0.13092)``."""
    shown = rounded.removeprefix("+")
    if decimal_sign() in shown and "×" not in shown:
        shown = shown.rstrip("0").removesuffix(decimal_sign())
    return rounded if shown == exact(value) else f"{rounded} (exactly {exact(value)})"


def _special(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return ""


def _power(value: float, digits: int, signed: bool, low: float, high: float) -> str:
    if value == 0 or low <= abs(value) < high:
        return ""
    mantissa, exponent = f"{abs(value):.{max(digits - 1, 0)}e}".split("e")
    return _finish(f"{mantissa}×10{str(int(exponent)).translate(_SUPERSCRIPT)}", value, signed)


def _finish(text: str, value: float, signed: bool) -> str:
    text = text.replace(".", decimal_sign())
    if value < 0:
        return MINUS + text
    return f"+{text}" if signed else text
