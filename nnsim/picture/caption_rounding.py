"""How many digits a reader asked for, and the number formatters that follow from it.

It is apart because every caption rounds by it and nothing else; full digits are one of its answers. It refuses to know what a
number means.
"""

import math
from dataclasses import dataclass

from nnsim.picture import numbers


@dataclass(frozen=True)
class Rounding:
    """How many digits a reader asked for; None: all that the number has."""

    digits: int | None = 3

    def fixed(self, value: float, signed: bool = True) -> str:
        """Weights, sums and outputs."""
        return exact(value, signed) if self.digits is None else numbers.fixed(value, self.digits, signed)

    def small(self, value: float, signed: bool = True) -> str:
        """Deltas and gradients."""
        return exact(value, signed) if self.digits is None else numbers.significant(value, self.digits, signed)

    def line(self, value: float, signed: bool = True) -> str:
        """Numbers in an optimizer's lines: one digit more."""
        return exact(value, signed) if self.digits is None else numbers.significant(value, self.digits + 1, signed)

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
