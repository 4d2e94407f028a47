r"""The few words of LaTeX that formulas here are made of: variables, numbers, products, fractions and sums.

It is apart so that every formula is spelled in one hand, and can be read back as plain text (see ``latex_text``). It knows no
network and refuses to round: a number comes as the text that is on show.
"""

import re
from collections.abc import Iterable, Sequence

from nnsim.picture.numbers import MINUS

DOTS = r"\cdots"
_POWER = re.compile(r"×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$|e([+-]\d+)$")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_WORDS = {"∞": r"\infty", "NaN": r"\mathrm{NaN}"}


def variable(letter: str, *indices: int | str, hat: bool = False) -> str:
    r"""A letter with its indices, such as ``W_{r,1}``; indices that are numbers count from 0 and are written from 1."""
    letter = rf"\hat{{{letter}}}" if hat else letter
    if not indices:
        return letter
    return f"{letter}_{{{','.join(str(index + 1) if isinstance(index, int) else index for index in indices)}}}"


def number(text: str) -> str:
    r"""A number on show, such as ``+0.738`` or ``−4.12×10⁻⁷``, without a plus: ``0.738``, ``-4.12\times 10^{-7}``."""
    text = text.removeprefix("+")
    sign, size = ("-", text[1:]) if text.startswith((MINUS, "-")) else ("", text)
    power = _POWER.search(size)
    if power:
        exponent = int((power[1] or power[2]).translate(_DIGITS))
        size = rf"{size[:power.start()]}\times 10^{{{exponent}}}"
    # a bare comma would be set as the end of a clause, with room after it
    return sign + _WORDS.get(size, size.replace(",", "{,}"))


def guarded(latex: str) -> str:
    """In parentheses where it begins with a sign, so that it can follow an operator."""
    return f"({latex})" if latex.startswith(("-", MINUS)) else latex


def factor(latex: str) -> str:
    """In parentheses where it is a sum or begins with a sign, so that it can be multiplied."""
    return f"({latex})" if latex.startswith("-") or " + " in latex or " - " in latex else latex


def product(*factors: str) -> str:
    """Factors with dots between them; all but the first are guarded."""
    first, *rest = factors
    return r" \cdot ".join((first, *(guarded(each) for each in rest)))


def squared(latex: str) -> str:
    """The square of a number or a sum, in parentheses where it needs them."""
    bare = latex if not latex.startswith("-") and not set(" \\") & set(latex) else f"({latex})"
    return f"{bare}^{{2}}"


def fraction(top: str, bottom: str) -> str:
    """One over the other."""
    return rf"\frac{{{top}}}{{{bottom}}}"


def partial(of: str, by: str) -> str:
    """The derivative of one variable by another."""
    return fraction(rf"\partial {of}", rf"\partial {by}")


def added(terms: Iterable[str]) -> str:
    """A sum; a term that begins with a sign is subtracted."""
    first, *rest = terms
    return "".join((first, *(f" - {each[1:]}" if each.startswith("-") else f" + {each}" for each in rest)))


def shortened(terms: Sequence[str], most: int) -> list[str]:
    """At most so many of the terms: the first ones, dots, and the last."""
    if len(terms) <= most:
        return list(terms)
    last = min(2, max(1, most // 3))
    return [*terms[: max(1, most - last)], DOTS, *terms[-last:]]


def text(words: str) -> str:
    """Words between formulas."""
    return rf"\text{{{words}}}"
