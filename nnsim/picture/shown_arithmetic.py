r"""Whether numbers on show add up: arithmetic is worked out as a reader would do it, from the rounded numbers that are written.

It is apart because a formula is put together from rounded numbers, while its result is the trace's own: where the two differ in the
last digit, the sign between them has to say so. It reads the same few words of LaTeX as ``latex_text``; what has letters, dots or
words in it cannot be worked out, and it refuses to guess there.
"""

import math
import re
from collections.abc import Callable
from functools import lru_cache

from nnsim.picture.numbers import MINUS

EQUAL, ABOUT = "=", r"\approx"
_TOKEN = re.compile(r"\\[A-Za-z]+|\d+(?:(?:\.|\{,\})\d+)?|[^\s\\]")
_SHOWN = re.compile(r"(\d+)(?:[.,](\d+))?(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|e([+-]\d+))?$")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "\\tanh": math.tanh, "\\sin": math.sin, "\\cos": math.cos, "\\ln": math.log,
    "\\sigma": lambda z: 1 / (1 + math.exp(-z)), "\\Phi": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2,
    "\\varphi": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
}
_ENDS = (")", "}", "]", "|", ",", "+", "-", "/", "\\cdot", "\\times", "\\ge", "\\text", "\\rfloor")
_SAME = 1e-12
"""Where all digits are written, sums may still differ in the last one by the order in which they were done."""


class _UnreadableError(ValueError):
    """Letters, dots or words."""


def relation(latex: str, shown: str) -> str:
    """LaTeX of = where the numbers in ``latex``, after its last =, give the number ``shown``, rounded as that is; else of ≈.

    What cannot be worked out is taken to be right.
    """
    value, target = worked_out(latex.rpartition(" = ")[2]), _read(shown)
    if value is None or target is None:
        return EQUAL
    size, half = target
    return EQUAL if abs(value - size) <= half * (1 + 1e-6) + _SAME * max(1.0, abs(size)) else ABOUT


def sign(latex: str, shown: str) -> str:
    """The same as one character."""
    return "=" if relation(latex, shown) == EQUAL else "≈"


@lru_cache(maxsize=2048)
def worked_out(latex: str) -> float | None:
    """The value of arithmetic that is written in numbers; None where it cannot be worked out."""
    try:
        reader = _Reader(_TOKEN.findall(latex.replace(r"\,", " ")))
        value = reader.sum()
        # what follows after the arithmetic are words, such as ", as 0.3 > 0"
        return value if reader.next in ("", "\\text") else None
    except (_UnreadableError, ValueError, OverflowError, ZeroDivisionError):
        return None


def _read(shown: str) -> tuple[float, float] | None:
    """A number on show, and half a unit of its last digit; None if it is none."""
    text = shown.removeprefix("+")
    negative, text = text.startswith((MINUS, "-")), text.lstrip(MINUS + "-")
    found = _SHOWN.match(text)
    if found is None:
        return None
    whole, decimals, power = found[1], found[2] or "", int((found[3] or found[4] or "0").translate(_DIGITS))
    size = float(f"{whole}.{decimals or 0}e{power}")
    return -size if negative else size, 0.5 * 10.0 ** (power - len(decimals))


class _Reader:
    """Arithmetic, token by token."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def next(self) -> str:
        """The next token; empty at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, wanted: str = "") -> str:
        token = self.next
        if not token or (wanted and token != wanted):
            raise _UnreadableError(token)
        self._at += 1
        return token

    def sum(self) -> float:
        """Terms with signs between them."""
        value = self._product()
        while self.next in ("+", "-"):
            value = value + self._product() if self._take() == "+" else value - self._product()
        return value

    def _product(self) -> float:
        value = self._signed()
        while self.next and (self.next in ("\\cdot", "\\times", "/") or self.next not in _ENDS):
            if self.next == "/":
                self._take()
                value /= self._signed()
                continue
            if self.next in ("\\cdot", "\\times"):
                self._take()
            value *= self._signed()
        return value

    def _signed(self) -> float:
        if self.next in ("-", MINUS):
            self._take()
            return -self._power()
        return self._power()

    def _power(self) -> float:
        is_e = self.next == "e"
        value = math.e if is_e and self._take() else self._item()
        if self.next == "^":
            self._take()
            exponent = self._item()
            return math.exp(exponent) if is_e else float(value**exponent)
        if is_e:
            raise _UnreadableError("e")
        return value

    def _item(self) -> float:
        token = self._take()
        if token[0].isdigit():
            return float(token.replace("{,}", "."))
        if token in ("(", "{", "|"):
            value = self.sum()
            self._take({"(": ")", "{": "}", "|": "|"}[token])
            return abs(value) if token == "|" else value
        if token == "\\frac":
            return self._item() / self._item()
        if token == "\\sqrt":
            return math.sqrt(self._item())
        if token == "\\pi":
            return math.pi
        if token == "\\lfloor":
            value = float(math.floor(self.sum()))
            self._take("\\rfloor")
            return value
        if token in ("\\max", "\\min"):
            return self._extreme(max if token == "\\max" else min)
        if token == "\\mathrm":
            return self._named()
        if token in _FUNCTIONS:
            return _FUNCTIONS[token](self._power())
        raise _UnreadableError(token)

    def _extreme(self, choose: Callable[[float, float], float]) -> float:
        self._take("(")
        first = self.sum()
        self._take(",")
        second = self.sum()
        self._take(")")
        return choose(first, second)

    def _named(self) -> float:
        for letter in "{sign}":
            self._take(letter)
        value = self._item()
        return math.copysign(1.0, value) if value else 0.0
