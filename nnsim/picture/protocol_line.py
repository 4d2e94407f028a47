"""What one row of a batch's protocol says, and how its sums and vectors are written in one line.

It is apart because the rows of all phases and grains are made of it. What an exercise gives and what is already worked out stand
apart, so that a row can be printed with its answers left blank. It refuses to know a frame.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.marks import Phase
from nnsim.engine.moments import Moment
from nnsim.picture.caption_parts import Number
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.numbers import MINUS, decimal_sign, listed, whole

MOST_TERMS = 6
"""Sums of up to so many terms are written out; of longer ones the largest stand for all."""
LARGEST_TERMS = 3
MOST_PARTS = 6
"""So many numbers of a vector are written at most."""


@dataclass(frozen=True)
class Line:
    """The arithmetic of a row that is known."""

    what: str
    """The rule, such as ``z = Wᵀx + b, a = tanh(z)``."""
    given: str
    """The rule with numbers put in."""
    between: str
    """What is worked out on the way to the result, with its leading sign; else empty."""
    result: Number


@dataclass(frozen=True)
class Row:
    """One row of a protocol."""

    number: int
    """From 1."""
    phase: Phase
    place: str
    """Such as ``sample 3, L1, neuron 2``."""
    short_place: str
    """The same where there is little room: ``3 · L1·2``."""
    what: str
    given: str
    between: str
    result: Number
    moment: Moment
    """The moment at which the row's block of marks is finished."""

    @property
    def arithmetic(self) -> str:
        """The whole way to the result, which stands apart; empty where it is not known yet."""
        return self.given + self.between

    @property
    def known(self) -> bool:
        """Whether the moment on show knows the result."""
        return self.result.known

    @property
    def value(self) -> float | None:
        """The result with all its digits."""
        return self.result.value

    @property
    def relation(self) -> str:
        """The sign before the result: ≈ where it is rounded."""
        return "=" if self.value is None or is_whole_truth(self.result.text, self.value) else "≈"


def is_whole_truth(text: str, value: float) -> bool:
    """Whether a number as it is written is the very number, not a rounding of it."""
    plain = text.replace(MINUS, "-").replace(decimal_sign(), ".")
    try:
        return float(plain) == value
    except ValueError:
        # a power of ten, or a word for what is not finite
        return not math.isfinite(value)


def guarded(number: str) -> str:
    """A number after an operation: in brackets where it has a sign of its own."""
    return f"({number})" if number.startswith(("+", MINUS)) else number


def added(terms: Sequence[str]) -> str:
    """Terms one after the other, the sign of each but the first as the operation."""
    first, *rest = terms
    spaced = (f"{MINUS} {text[1:]}" if text.startswith(MINUS) else f"+ {text.removeprefix('+')}" for text in rest)
    return " ".join((first.removeprefix("+"), *spaced))


def weighted_sum(inputs: Array, weights: Array, rounding: Rounding, most: int | None = MOST_TERMS) -> str:
    """x₁·w₁ + x₂·w₂ + … + b for inputs (n,) and weights (n + 1,), the bias last.

    Sums of more than ``most`` terms are told by their largest; None: every sum is written in full.
    """
    count = len(weights)
    if most is None or count <= most:
        shown = list(range(count))
    else:
        sizes = np.nan_to_num(np.abs(np.append(inputs, 1) * weights), nan=np.inf)
        shown = sorted(np.argsort(-sizes, kind="stable")[:LARGEST_TERMS].tolist())
    terms = []
    for place, r in enumerate(shown):
        weight = rounding.fixed(float(weights[r]), False)
        if r == count - 1:
            terms.append(weight)
            continue
        x = rounding.fixed(float(inputs[r]), False)
        terms.append(f"{guarded(x) if place else x}·{guarded(weight)}")
    return added(terms) + ("" if len(shown) == count else f" + … ({whole(count)} terms)")


def vector(texts: Sequence[str], count: int) -> str:
    """(1, 2, 3) or, of more than fit, (1, 2, …)."""
    return f"({listed((*texts, '…') if count > len(texts) else texts)})"
