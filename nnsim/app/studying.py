"""What the training thread does when nobody waits for it: the past for plots, the loss surface, the gradient check.

Each is computed in slices of a few milliseconds between which orders are heard, and told as it grows. It is apart from the worker
because none of it moves the cursor. It refuses to run while a way is being walked.
"""

from collections.abc import Generator, Iterator

from nnsim.app import messages as m
from nnsim.core.activations import Array
from nnsim.core.gradient_check import GradientCheck
from nnsim.engine.checking import checking
from nnsim.engine.loss_surface import LossSurface, loss_surface
from nnsim.engine.past import Past, past
from nnsim.engine.run import Run
from nnsim.files.session import Session

SLICE_MS = 8.0


class Studying:
    """The studies of one session. ``work`` does a slice and returns what there is to tell, None when all is done."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wants = m.Study()
        self._past: Past | None = None
        self._rows: Iterator[LossSurface] | None = None
        self._centre: Array | None = None
        self._check: Generator[float, None, GradientCheck] | None = None
        self._checked: tuple[Run, int] | None = None
        self._moved = True

    def want(self, wants: m.Study) -> None:
        """Study this from now on."""
        if wants.plane != self._wants.plane:
            self._centre = self._rows = None
        self._wants, self._moved = wants, True

    def moved(self) -> None:
        """The cursor may stand elsewhere, or in another run: look again whether what is known still holds."""
        self._moved = True

    def check(self) -> None:
        """Check the gradients of the batch under the cursor. Raises NoGradientError."""
        self._check = checking(self._session)
        self._checked = self._session.run_record, self._session.moment.batch

    def give_up_check(self) -> None:
        """Leave the check where it is."""
        self._check = None

    def work(self) -> m.Studied | m.Checked | None:
        """A slice of what is to be done."""
        if self._check is not None:
            return self._go_on_checking(self._check)
        if self._wants.past and (self._moved or self._past is None or not self._past.complete):
            self._past = past(self._session, budget_ms=SLICE_MS, looks=self._wants.looks, earlier=self._past)
            if self._past.complete:
                self._moved = False
                self._begin_surface()
            return m.Studied(self._past, None)
        if self._moved:
            self._moved = False
            self._begin_surface()
        surface = None if self._rows is None else next(self._rows, None)
        if surface is None:
            self._rows = None
            return None
        return m.Studied(None, surface)

    def _begin_surface(self) -> None:
        """Compute the surface anew if it is wanted and the parameters are others."""
        plane = self._wants.plane
        if plane is None:
            return
        frame = self._session.frame
        if self._centre is None or self._centre.tobytes() != frame.theta.tobytes():
            self._centre = frame.theta
            self._rows = loss_surface(frame, plane, self._past)

    def _go_on_checking(self, check: Generator[float, None, GradientCheck]) -> m.Checked:
        assert self._checked is not None
        run, batch = self._checked
        try:
            return m.Checked(run, batch, next(check), None)
        except StopIteration as finished:
            self._check = None
            found: GradientCheck = finished.value
            return m.Checked(run, batch, 1.0, found)
