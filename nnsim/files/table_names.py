"""The columns' names: kept as they stand, except where they could not be shown or told apart, and that is said.

Apart from the columns because a file of any kind has names that need it. It refuses empty names, equal ones and overlong ones.
"""

import unicodedata
from collections.abc import Sequence

from nnsim.files.table_choices import LONGEST_NAME

MANY = 100
"""Columns from which on a name that comes again gets its column's number, since counting up would take long."""


def distinct_names(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names for columns (columns,) from the header's cells, and a sentence for each that had to change."""
    shown = [_shown(cell) for cell in cells]
    # a name that stands in the header is not given to another column
    taken, used, names, notes = set(shown), set[str](), list[str](), list[str]()
    for place, (cell, seen) in enumerate(zip(cells, shown, strict=True), 1):
        name = seen
        if not name:
            name = _free(f"column {place}", taken, 1)
            notes.append(f"column {place} has no name in the header and is called {name!r}")
        elif name in used:
            name = _free(name, taken, place if len(cells) > MANY else 2)
            notes.append(f"column {place} has the name of another one and is called {name!r}")
        elif name != cell.strip():
            notes.append(f"the name of column {place} is too long, or holds signs that cannot be shown: it is called {name!r}")
        names.append(name)
        used.add(name)
        taken.add(name)
    return tuple(names), tuple(notes)


def _shown(cell: str) -> str:
    """The name without signs that are not seen, such as line ends and changes of the direction of writing, and bounded."""
    seen = "".join(" " if _unseen(sign) else sign for sign in cell)
    name = " ".join(seen.split()) if seen != cell else cell.strip()
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _unseen(sign: str) -> bool:
    # joiners shape the letters of some scripts, so they are seen
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in "\u200c\u200d"


def _free(name: str, taken: set[str], number: int) -> str:
    """The name, or from number 2 on with the number, that is not taken yet."""
    while True:
        suffix = f" ({number})" if number > 1 else ""
        free = name[: LONGEST_NAME - len(suffix)] + suffix
        if free not in taken:
            return free
        number += 1
