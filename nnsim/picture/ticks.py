"""Where the ticks of an axis stand, and what is written at them.

Round numbers only: 1, 2 and 5 times a power of ten, on linear and on logarithmic axes. It is apart because every plot needs the
same ones, and because it can be tested as data. It refuses to know pixels: the caller says how many ticks fit.
"""

import math
import sys
from typing import NamedTuple

from nnsim.picture import numbers

_FACTORS = (1.0, 2.0, 5.0)
_STRIDES = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500)  # decades from one power of ten to the next


class Tick(NamedTuple):
    """A place on the axis, in the axis's own units, and its label."""

    value: float
    text: str


def linear_ticks(low: float, high: float, most: int, whole: bool = False) -> list[Tick]:
    """At most ``most`` (2 or more) evenly spaced ticks in ``low`` to ``high``, both finite; ``whole``: at integers only."""
    span = high - low
    if not span > 0:
        return [Tick(low, numbers.significant(low, signed=False))]
    power = 10.0 ** math.floor(math.log10(span / max(most, 2)))
    steps = [factor * power for factor in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)]
    if whole:
        steps = [step for step in steps if step >= 1] or [1.0]
    step = next((step for step in steps if len(_multiples(low, high, step)) <= max(most, 2)), steps[-1])
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [Tick(index * step, numbers.fixed(index * step, decimals, signed=False)) for index in _multiples(low, high, step)]


def _multiples(low: float, high: float, step: float) -> range:
    # what is computed may miss a border by a rounding, and is to stand there all the same
    return range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)


def logarithmic_ticks(low: float, high: float, most: int) -> list[Tick]:
    """At most ``most`` (2 or more) ticks in ``low`` to ``high``, both positive: 1, 2, 5, else powers of ten, else every n-th."""
    decades = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    # what goes beyond the largest number lies in no axis
    values = [factor * 10.0**decade for decade in decades for factor in _FACTORS]
    highest = min(high * (1 + 1e-9), sys.float_info.max)
    inside = [value for value in values if low <= value * (1 + 1e-9) and value <= highest]
    if len(inside) < 2:
        return [tick for tick in linear_ticks(low, high, most) if tick.value > 0]
    if len(inside) > most:
        strides = (([10.0**decade for decade in decades if decade % stride == 0]) for stride in _STRIDES)
        fitting = ([each for each in powers if low <= each * (1 + 1e-9) and each <= highest] for powers in strides)
        powers = next((powers for powers in fitting if len(powers) <= most), [])
        inside = powers if 1 < len(powers) <= most else inside[:: math.ceil(len(inside) / max(most, 2))]
    return [Tick(value, numbers.significant(value, 1, signed=False)) for value in inside]
