"""Which drag the hand is in: a number from press to release, so that whoever takes edits back knows what was one movement.

It is apart because the widgets that are dragged do not know the undo stack, and there is one hand. It refuses to know what is
dragged.
"""

from itertools import count

_numbers = count(1)
_held = {"drag": 0}


def press() -> None:
    """A drag begins."""
    _held["drag"] = next(_numbers)


def release() -> None:
    """The drag has ended."""
    _held["drag"] = 0


def present() -> int:
    """The number of the drag under way, each another; 0 where the hand holds nothing."""
    return _held["drag"]
