"""How many digits a reader asked for, and the number formatters that follow from it.

It is apart because every caption rounds by it and nothing else; full digits are one of its answers. It refuses to know what a
number means.
"""

import math
from dataclasses import dataclass

from nnsim.core.activations import Array
from nnsim.picture import numbers
from nnsim.picture.latex_parts import DOTS, added

MOST_WRITTEN = 1000
"""So many terms of a sum are written out at most, even where all are asked for."""


@dataclass(frozen=True)
class Rounding:
    """How many digits a reader asked for; None: all that the number has."""

    digits: int | None = 3

    def fixed(self, value: float, signed: bool = True) -> str:
        """Weights, sums and outputs: so many decimals, or of what is small so many digits, that none that matters is lost."""
        return self._rounded(value, 10.0 ** (1 - (self.digits or 0)), signed)

    def product(self, value: float, signed: bool = True) -> str:
        """What a weight and an input give: in digits from 0.1 down, where decimals would keep fewer than the factors have."""
        return self._rounded(value, 0.1, signed)

    def _rounded(self, value: float, small: float, signed: bool) -> str:
        if self.digits is None:
            return exact(value, signed)
        if 0 < abs(value) < small:
            return numbers.significant(value, self.digits, signed)
        return numbers.fixed(value, self.digits, signed)

    def small(self, value: float, signed: bool = True) -> str:
        """Deltas and gradients."""
        return exact(value, signed) if self.digits is None else numbers.significant(value, self.digits, signed)

    def line(self, value: float, signed: bool = True) -> str:
        """Numbers in an optimizer's lines: one digit more."""
        return exact(value, signed) if self.digits is None else numbers.significant(value, self.digits + 1, signed)

    def setting(self, value: float) -> str:
        """A setting as people typed it."""
        return exact(value, False) if self.digits is None else f"{value:.6g}".replace(".", numbers.decimal_sign())

    def listed(self, values: Array) -> list[float]:
        """The terms that are written out where all digits are asked for, else none: of more than ``MOST_WRITTEN`` also the next
        one, by which ``in_full`` sees that there are more."""
        return [] if self.digits is not None else [float(value) for value in values[: MOST_WRITTEN + 1].tolist()]

    def in_full(self, terms: list[str], around: str = "{}") -> str:
        """LaTeX of the sum of the terms ``listed``, with dots where there are more than are written; empty where there are none."""
        if not terms:
            return ""
        return around.format(added([*terms[:MOST_WRITTEN], DOTS] if len(terms) > MOST_WRITTEN else terms))

    @property
    def is_exact(self) -> bool:
        """Whether all digits, and all terms, are asked for."""
        return self.digits is None

    def moving(self, old: float, new: float) -> tuple[str, str]:
        """A weight before and after, with as many decimals as it takes to see the difference."""
        if self.digits is None:
            return exact(old), exact(new)
        for decimals in range(self.digits, 9):
            texts = numbers.fixed(old, decimals), numbers.fixed(new, decimals)
            if texts[0] != texts[1] or old == new:
                return texts
        return exact(old), exact(new)


def exact(value: float, signed: bool = True) -> str:
    """All digits of a number, with a true minus."""
    if not math.isfinite(value):
        return numbers.fixed(value)
    text = repr(abs(float(value))).replace(".", numbers.decimal_sign())
    if value < 0:
        return numbers.MINUS + text
    return f"+{text}" if signed else text
