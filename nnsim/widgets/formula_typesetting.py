"""LaTeX to outlines: each piece of a formula is set once, by ziamath, and kept as SVG to be painted at any size, in any colour.

A formula is set side by side from the pieces between its operators: from one step to the next most of them stay, and setting takes
milliseconds. It is apart from the painting since it alone knows the typesetter, which is loaded with the first formula and never
before: the headless commands, and a window that shows none, do without it. It refuses to fail: a formula that cannot be set is
None, and the log says why.
"""

import logging
import re
import warnings
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from PySide6.QtCore import QRectF

EM = 24
"""The size in px at which formulas are set; all lengths of a ``Typeset`` are at this size."""
INK = "#010203"
"""The colour in which they are set, to be replaced by another."""

_SIGN = re.compile(r"(^|[=(\[{,]|\\leftarrow|\\cdot)(\s*)-")
"""A minus that belongs to the number after it."""
_OPERATORS = ("= ", "+ ", "- ", r"\leftarrow ")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Typeset:
    """A piece's outlines. The baseline is y = 0, and the piece begins at x = 0."""

    svg: str
    bounds: QRectF
    """What the SVG covers."""
    width: float
    """From where it begins to where the next piece does; an accent may reach further."""


_kept: dict[str, Typeset | None] = {}
_MOST_KEPT = 1024


def load() -> None:
    """Load the typesetter and its font, which takes a tenth of a second, once."""
    typeset("x")


def is_typeset(latex: str) -> bool:
    """Whether a formula has been set already, so that it costs next to nothing to show."""
    return all(piece in _kept for piece in pieces(latex))


def typeset(latex: str) -> tuple[Typeset, ...] | None:
    """A formula's pieces from left to right, each set once, in some milliseconds; None if one cannot be, which the log tells."""
    all_set = [_piece(piece) for piece in pieces(latex)]
    whole = tuple(each for each in all_set if each is not None)
    return whole if len(whole) == len(all_set) else None


@lru_cache(maxsize=2048)
def pieces(latex: str) -> tuple[str, ...]:
    """A formula, broken before each operator that no bracket holds."""
    found, start, depth = [], 0, 0
    for at in range(len(latex)):
        if latex[at] in "{([":
            depth += 1
        elif latex[at] in "})]":
            depth -= 1
        elif at and not depth and latex[at - 1] == " " and latex.startswith(_OPERATORS, at):
            found.append(latex[start:at])
            start = at
    found.append(latex[start:])
    # an empty group before an operator keeps it from being taken for a sign
    return tuple(piece.rstrip() if not at else f"{{}} {piece.rstrip()}" for at, piece in enumerate(found))


def _piece(latex: str) -> Typeset | None:
    if latex in _kept:
        # the latest used stand last
        _kept[latex] = _kept.pop(latex)
        return _kept[latex]
    if len(_kept) >= _MOST_KEPT:
        del _kept[next(iter(_kept))]
    _kept[latex] = _set(latex)
    return _kept[latex]


def _set(latex: str) -> Typeset | None:
    try:
        # the typesetter would put the room of an operation around a sign and a ∂, too
        tight = _SIGN.sub(r"\1\2{-}", latex).replace(r"\partial", r"{\partial}")
        set_ = _typesetter().Latex(tight, size=EM, color=INK)
        bounds = [float(side) for side in set_.svgxml().attrib["viewBox"].split()]
        return Typeset(set_.svg(), QRectF(*bounds), float(set_.node.xadvance()))
    except Exception as error:  # a parser of others, that promises no kind of error
        _log.warning("The formula %s is shown as text, for it could not be typeset: %r.", latex, error)
        return None


@cache
def _typesetter() -> Any:
    with warnings.catch_warnings():
        # it reads its font by a function that Python is about to retire
        warnings.simplefilter("ignore")
        import ziamath
        from ziamath.config import config
    # Qt's renderer knows no symbols that are defined once and used again
    config.svg2 = False
    config.precision = 2
    return ziamath
