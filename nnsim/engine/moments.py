"""A place in a run's time, as a value that can be compared, saved, gone back to."""

from typing import NamedTuple


class Moment(NamedTuple):
    """Mark ``mark`` of batch ``batch`` (counted from 0 over the whole run). Moment(0, 0) is the untouched network.

    The end of a batch is its last mark; the mark 0 of a later batch means the same place and is turned into that.
    """

    batch: int = 0
    mark: int = 0


START = Moment(0, 0)
