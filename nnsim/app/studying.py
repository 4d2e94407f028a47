"""What the training thread does when nobody waits for it: the past for plots, the loss surface, scores of words, gradient checks.

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
from nnsim.engine.words_study import WordsStudy, words_study
from nnsim.files.session import Session
from nnsim.picture.context_words import is_text

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
        self._scoring: Generator[None, None, WordsStudy] | None = None
        self._are_scores_old = True
        self._are_words_next = False

    def want(self, wants: m.Study) -> None:
        """Study this from now on."""
        if wants.plane != self._wants.plane:
            self._ground = self._points = None
        self._wants, self._moved, self._are_scores_old = wants, True, True
        if not wants.words:
            self._scoring = None

    def moved(self) -> None:
        """The cursor may stand elsewhere, or in another run: look again whether what is known still holds."""
        self._moved = self._are_scores_old = True

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
        # in turn with the past, which while playing is never complete
        self._are_words_next = not self._are_words_next
        if self._are_words_next and (told := self._go_on_with_words()) is not None:
            return told
        return self._go_on_with_past() or self._go_on_with_words()

    def _go_on_with_past(self) -> m.Studied | None:
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

    def _go_on_with_words(self) -> m.Studied | None:
        """Scores for a slice's time; None when those of this moment are known, or are not wanted."""
        frame = self._session.frame if self._wants.words and self._scoring is None and self._are_scores_old else None
        if frame is not None and is_text(frame.experiment.data):
            # what has begun is brought to its end, so that there is something to see while playing
            self._scoring, self._are_scores_old = words_study(frame), False
        if self._scoring is None:
            return None
        end = perf_counter() + SLICE_MS / 1000
        while perf_counter() < end:
            try:
                next(self._scoring)
            except StopIteration as finished:
                self._scoring = None
                found: WordsStudy = finished.value
                return m.Studied(None, None, found)
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
