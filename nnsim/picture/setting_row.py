"""One setting as a row of the experiment form: its names, its limits, and its values in words.

It is apart from the table of rows because layers and optimizers make rows of their own, and because the form's
fields need nothing but this. It refuses to know which settings there are.
"""

import math
from dataclasses import dataclass
from typing import Literal

from nnsim.picture.numbers import exact, whole

Group = Literal["data", "network", "learning", "run"]
Kind = Literal["choice", "number", "whole", "switch", "text"]
Value = str | float | int | bool


LEAST_NICE = 0.001
plain = exact
"""How a setting's number is written: so that it can be typed."""
_GROUPED_FROM = 1000
_NICE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)


@dataclass(frozen=True)
class Row:
    """One setting of the form. ``path`` names the field as in JSON, such as ``learning.rate``."""

    path: str
    group: Group
    title: str
    description: str
    kind: Kind
    default: Value
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    """Whether ``low`` itself is not allowed."""
    open_high: bool = False
    choices: tuple[tuple[str, str, str], ...] = ()
    """(name, title, hint) each, for kind "choice"."""
    common: bool = True
    """Whether it is always in sight; the others are folded away until asked for."""
    step: float | None = None
    """What an arrow adds; None: the next nice number."""
    example: str = ""
    """What might be typed, for kind "text"."""

    @property
    def range_text(self) -> str:
        """Which values are allowed, in words; "" for choices and switches."""
        if self.low is None or self.high is None:
            return ""
        if self.open_low or self.open_high:
            low, high = "above" if self.open_low else "at least", "below" if self.open_high else "at most"
            return f"{low} {exact(self.low)} and {high} {_limit(self.high)}"
        return f"from {exact(self.low)} to {_limit(self.high)}"

    @property
    def tip(self) -> str:
        """Description and range, for a tooltip."""
        limits = f"Allowed: {self.range_text}." if self.range_text else ""
        return " ".join(part for part in (self.description, limits) if part) or self.title

    def allows(self, value: float) -> bool:
        """Whether a number lies within the limits."""
        above = self.low is None or (value > self.low if self.open_low else value >= self.low)
        below = self.high is None or (value < self.high if self.open_high else value <= self.high)
        return above and below

    def neighbour(self, value: float, up: bool) -> float:
        """The value one arrow click away; the same value where the limits allow no more."""
        if self.step is not None:
            steps = (math.floor(value / self.step + 1e-9) + 1) if up else (math.ceil(value / self.step - 1e-9) - 1)
            following = float(f"{steps * self.step:.12g}")
        else:
            following = _next_nice(value, up)
        return following if self.allows(following) else value

    def text(self, value: Value) -> str:
        """A value as people read it: a choice's title, on or off, a number."""
        if self.kind == "choice":
            return next((title for name, title, _ in self.choices if name == value), str(value))
        if self.kind == "switch":
            return "on" if value else "off"
        if self.kind == "text":
            return str(value)
        return exact(float(value))


def _next_nice(value: float, up: bool) -> float:
    """The next number of the scale 1, 1.5, 2, 3, 5, 7, 10 in any decade; above 0 comes 0.001, and below it 0."""
    if value <= 0 or (not up and value <= LEAST_NICE):
        return LEAST_NICE if up else 0.0
    decade = 10.0 ** math.floor(math.log10(value) + 1e-12)
    if up:
        nice = next(step for step in _NICE if step * decade > value * (1 + 1e-9))
    else:
        nice = next((step for step in reversed(_NICE) if step * decade < value * (1 - 1e-9)), 0.7)
    return float(f"{nice * decade:.12g}")


def _limit(value: float) -> str:
    return whole(value) if value == int(value) and value >= _GROUPED_FROM else exact(value)
