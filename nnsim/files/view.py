"""A view: what somebody has set for looking at a run, as far as a file shall keep it.

Bookmarks and breakpoints, what a step means, how fast playing goes and until when. None of it changes a number of the run, so it
is no part of the experiment; but who saves wants to find it again. It refuses to hold what belongs to a screen: sizes, colours,
panels.
"""

import math
from dataclasses import dataclass
from typing import Literal

from nnsim.engine.bookmarks import Bookmark
from nnsim.engine.breakpoints import Breakpoint
from nnsim.engine.marks import Grain

MOST_BOOKMARKS = 100
MOST_BREAKPOINTS = 100
FASTEST = math.inf

End = Literal["never", "epochs", "loss", "metric"]


@dataclass(frozen=True)
class View:
    """Everything as a new document has it, unless it is said otherwise."""

    bookmarks: tuple[Bookmark, ...] = ()
    """A file keeps those that hold in its run."""
    breakpoints: tuple[Breakpoint, ...] = ()
    grain: Grain | None = None
    """What a step means; None: by batch, or as finely as the moment stands within one."""
    speed: float = 30.0
    """Steps a second; ``FASTEST`` is as fast as possible."""
    until: tuple[End, float] = ("never", 0.0)
    """What ends playing: so many epochs, the loss to fall to, or the metric to reach."""
    data_inside: bool = True
    """Whether a snapshot holds the user's own data; else it names their file."""
