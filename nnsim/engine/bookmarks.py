"""Bookmarks: moments of a run that somebody wants to come back to, each with a name.

A bookmark remembers the run that it was made in. A moment is only a pair of numbers, and after a branch the same numbers name
another place; so a bookmark can be asked whether a run still has the very moment that it was put at. It is apart because both
files and the window keep bookmarks. It refuses to go anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from nnsim.engine.moments import START, Moment
from nnsim.engine.run import Run

LONGEST_NAME = 80


@dataclass(frozen=True)
class Bookmark:
    """A named moment of a run. Raises ValueError for a name that ``clean_name`` would change, or that is empty."""

    run: Run
    moment: Moment
    name: str

    def __post_init__(self) -> None:
        if not self.name or self.name != clean_name(self.name):
            raise ValueError(f"a bookmark's name is one line of 1 to {LONGEST_NAME} characters, not {self.name[:100]!r}")

    def holds_in(self, run: Run) -> bool:
        """Whether a run goes through this very moment, with the same numbers: it may branch off only later."""
        if run is self.run:
            return True
        shared = self.run.shared_batches(run)
        if shared is None:
            return False
        # the untouched network does not depend on how it will learn
        return self.moment.batch < shared or (self.moment == START and self.run.edits_at(0) == run.edits_at(0))


def holding(bookmarks: Iterable[Bookmark], run: Run) -> tuple[Bookmark, ...]:
    """Those that hold in a run, in the order of their moments."""
    return tuple(sorted((each for each in bookmarks if each.holds_in(run)), key=attrgetter("moment")))


def clean_name(text: str) -> str:
    """A text as one line that any screen and terminal can show: nothing unprintable, no spaces in a row, not too long."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:LONGEST_NAME].strip()
