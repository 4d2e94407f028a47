"""What the training thread does when nobody waits for it: the past for plots, the loss surface, the gradient check.

Each is computed in slices of a few milliseconds between which orders are heard, and told as it grows. It is apart from the worker
because none of it moves the cursor. It refuses to decide when it runs: the worker does.
"""

from collections.abc import Generator, Iterator
from time import perf_counter

from nnsim.app import messages as m
from nnsim.core.gradient_check import GradientCheck
from nnsim.engine.checking import checking
from nnsim.engine.loss_surface import LossSurface, ParameterPlane, surface_points
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
        self._points: Iterator[LossSurface | None] | None = None
        self._ground: tuple[bytes, str] | None = None
        """Of which parameters and which loss the surface is."""
        self._check: Generator[float, None, GradientCheck] | None = None
        self._checked: tuple[Run, int] | None = None
        self._moved = True

    def want(self, wants: m.Study) -> None:
        """Study this from now on."""
        if wants.plane != self._wants.plane:
            self._ground = self._points = None
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
        return self._go_on_with_surface()

    def _begin_surface(self) -> None:
        """Compute the surface anew if it is wanted, and the parameters or the loss are others."""
        plane = self._wants.plane
        if plane is None or (isinstance(plane, ParameterPlane) and not plane.fits(self._session.network)):
            self._points = None
            return
        frame = self._session.frame
        ground = frame.theta.tobytes(), frame.experiment.learning.loss
        if ground != self._ground:
            self._ground = ground
            self._points = surface_points(frame, plane, self._past)

    def _go_on_with_surface(self) -> m.Studied | None:
        """Points of the surface for a slice's time, or up to the next whole row; None when it is done."""
        if self._points is None:
            return None
        end = perf_counter() + SLICE_MS / 1000
        while perf_counter() < end:
            try:
                surface = next(self._points)
            except StopIteration:
                self._points = None
                return None
            if surface is not None:
                return m.Studied(None, surface)
        return m.Studied(None, None)

    def _go_on_checking(self, check: Generator[float, None, GradientCheck]) -> m.Checked:
        assert self._checked is not None
        run, batch = self._checked
        try:
            return m.Checked(run, batch, next(check), None)
        except StopIteration as finished:
            self._check = None
            found: GradientCheck = finished.value
            return m.Checked(run, batch, 1.0, found)
