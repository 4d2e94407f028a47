"""The arithmetic of a cell in plain text: products of rows and columns, and numbers in brackets where a sign stands before them.

It is apart because every phase's cells are explained in these few ways. It refuses to compute a result.
"""

from collections.abc import Callable

from nnsim.core.activations import Array
from nnsim.picture.numbers import MINUS, whole

MOST_TERMS = 6
"""A sum in words has so many terms; of longer ones the middle is left out."""
Writing = Callable[[float], str]


def given(row: int, column: int) -> str:
    """The arithmetic of what is not computed here: none."""
    return ""


def guarded(text: str) -> str:
    """A number that stands after an operator of its own."""
    return f"({text})" if text.startswith(("+", MINUS)) else text


def products(lefts: Array, rights: Array, left: Writing, right: Writing) -> str:
    """A row times a column: ``0.4·(−1.3) + 0.8·2.1``; of many terms the first and the last."""
    count = len(lefts)
    shown = list(range(count)) if count <= MOST_TERMS else [*range(MOST_TERMS - 2), count - 2, count - 1]
    terms = [f"{guarded(left(float(lefts[at])))}·{guarded(right(float(rights[at])))}" for at in shown]
    if count > MOST_TERMS:
        terms.insert(MOST_TERMS - 2, f"… {whole(count - MOST_TERMS)} more …")
    return " + ".join(terms)
