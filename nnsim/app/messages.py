"""What the window and the training thread say to each other: plain frozen values, carried by queued signals.

No flag and no lock is shared. The window sends an ``Order``; the thread answers with frames and reports.
"""

from dataclasses import dataclass
from pathlib import Path

from nnsim.core.gradient_check import GradientCheck
from nnsim.engine.breakpoints import Breakpoint, Flip
from nnsim.engine.experiment import Experiment, Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.loss_surface import LossSurface, Plane
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.past import Past
from nnsim.engine.run import Run
from nnsim.engine.words_study import WordsStudy
from nnsim.files.session import Session
from nnsim.files.view import View
from nnsim.picture.time_picture import RunUntil


@dataclass(frozen=True, eq=False)
class Place:
    """A run at a moment, with the session that computes it: what undo goes back to."""

    session: Session
    run: Run
    moment: Moment


@dataclass(frozen=True)
class Step:
    """Move so many stops of a grain; negative: back."""

    grain: Grain
    count: int = 1


@dataclass(frozen=True)
class Seek:
    """Go to a moment. A later one replaces it while it is under way."""

    moment: Moment


@dataclass(frozen=True)
class Play:
    """Step by ``grain`` every ``interval_ms``; None is full speed. ``until`` says where to stop by itself."""

    grain: Grain
    interval_ms: int | None
    until: RunUntil | None = None
    goes_on: bool = False
    """Only another pace for the playing that is under way: it keeps what it runs until, and one that has ended stays so."""


@dataclass(frozen=True)
class Pause:
    """Stop playing, or give up a long way."""


@dataclass(frozen=True)
class Tune:
    """Learn otherwise from here on."""

    learning: Learning
    label: str


@dataclass(frozen=True)
class SetParameter:
    """Set one weight or bias (layer, row, neuron from 0; row = inputs is the bias)."""

    layer: int
    row: int
    neuron: int
    value: float
    label: str


@dataclass(frozen=True)
class Restart:
    """Begin a new run with another experiment."""

    experiment: Experiment
    label: str


@dataclass(frozen=True, eq=False)
class Return:
    """Be at a place again: undo and redo."""

    place: Place


@dataclass(frozen=True)
class Open:
    """Open a source in place of what is there; nothing changes if it cannot be opened.

    ``experiment``: what was made of it already, where it is the user's own data.
    """

    source: str
    experiment: Experiment | None = None


@dataclass(frozen=True)
class Save:
    """Write a snapshot of this very moment, and how it is looked at."""

    path: Path
    view: View


@dataclass(frozen=True)
class Look:
    """What frames shall carry from now on."""

    wants: Wants


@dataclass(frozen=True)
class Study:
    """What plots need of the run besides frames, from now on: its past, with gradients and outputs there; a loss surface ..."""

    past: bool = False
    looks: bool = False
    plane: Plane | None = None
    words: bool = False
    """How well next words are guessed."""


@dataclass(frozen=True)
class CheckGradients:
    """Check all gradients of the batch under the cursor."""


@dataclass(frozen=True)
class GiveUpCheck:
    """Leave the check where it is."""


@dataclass(frozen=True)
class Break:
    """Stop at these from now on."""

    breakpoints: tuple[Breakpoint, ...]


@dataclass(frozen=True)
class FrameShown:
    """The last frame has been painted: another may come."""


EDITS = (Tune, SetParameter, Restart)
"""The orders that are answered by ``Edited``, or by ``Failed``."""

Order = (Step | Seek | Play | Pause | Tune | SetParameter | Restart | Return | Open | Save | Look | Study | CheckGradients
         | GiveUpCheck | Break | FrameShown)


@dataclass(frozen=True, eq=False)
class Shown:
    """A frame, and whether more will come by themselves."""

    frame: Frame
    playing: bool
    batches_per_second: float
    heard: Play | None = None
    """The last order to play that the thread had heard: a frame from before a later one does not say that it has ended."""
    under_way: bool = False
    """Whether a long way is being computed, of which this frame is not yet the end."""
    reached: bool = False
    """Whether the last playing came where it was to run until."""


@dataclass(frozen=True, eq=False)
class Edited:
    """An edit was made: for the undo stack."""

    before: Place
    after: Place
    label: str


@dataclass(frozen=True, eq=False)
class Returned:
    """Undo or redo has brought a place back: the frames to come are of its run."""

    place: Place


@dataclass(frozen=True, eq=False)
class Opened:
    """Another document is there. ``frame`` is its first, with nothing asked for besides; ``view`` is how it was looked at."""

    place: Place
    source: str
    frame: Frame
    view: View


@dataclass(frozen=True, eq=False)
class Studied:
    """More of the past, or more of the loss surface, or how well next words are guessed."""

    past: Past | None
    surface: LossSurface | None
    words: WordsStudy | None = None


@dataclass(frozen=True, eq=False)
class Checked:
    """How far the gradient check of a batch has come; ``check`` when it is done."""

    run: Run
    batch: int
    share: float
    check: GradientCheck | None


@dataclass(frozen=True)
class Broken:
    """Playing stopped at a breakpoint."""

    breakpoint: Breakpoint
    flip: Flip | None = None
    """Of a condition on signs: what changed its sign."""


@dataclass(frozen=True)
class Saved:
    """A snapshot was written."""

    path: Path
    run: Run
    moment: Moment
    batches: int
    """How many were finished then."""
    view: View


@dataclass(frozen=True)
class Failed:
    """What could not be done, in a sentence; everything is as it was."""

    sentence: str
    order: Order
    elsewhere: bool = False
    """Of a file that could not be written: whether another folder may help."""


Report = Shown | Edited | Returned | Opened | Studied | Checked | Broken | Saved | Failed
