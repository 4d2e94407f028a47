"""Breakpoints at work: where playing shall stop by itself, at any pace and grain.

Places are found by arithmetic before the cursor comes there; conditions are looked for in the batches it has passed. It is apart
from the worker because it only needs a session, and can be tested without a thread. It refuses to know of time and orders.
"""

from nnsim.engine.breakpoints import Breakpoint, PlaceBreakpoint, next_place
from nnsim.engine.moments import Moment
from nnsim.files.session import Session


class Breaking:
    """The breakpoints of one session. Those that do not fit its network, or are switched off, do nothing."""

    def __init__(self, session: Session, breakpoints: tuple[Breakpoint, ...]) -> None:
        self.breakpoints = breakpoints
        self._session = session
        fitting = [each for each in breakpoints if each.enabled and each.fits(session.network.sizes)]
        self._places = [each for each in fitting if isinstance(each, PlaceBreakpoint)]
        watch = session.watch(fitting)
        self._watch = None if watch.is_idle else watch

    def run(self, batches: int) -> Breakpoint | None:
        """Full speed for at most so many batches; the breakpoint that ended it, or None."""
        session = self._session
        place = self._next_place(session.moment)
        if place is None:
            return self._run(batches)
        whole = place.batch - session.batches_finished
        if whole > 0:
            met = self._run(min(whole, batches))
            if met is not None or whole > batches:
                return met
        before = session.moment
        session.seek(place)
        return self._at(before, session.moment)

    def no_further(self, moment: Moment) -> Moment:
        """``moment``, or a place that lies before it on the way from here."""
        place = self._next_place(self._session.moment)
        return moment if place is None else min(moment, place)

    def met_on_the_way(self, before: Moment, finished: int) -> Breakpoint | None:
        """The breakpoint met since the cursor was at ``before``, with ``finished`` batches done; then it stands just there."""
        session = self._session
        if self._watch is not None and session.batches_finished > finished:
            found = session.replay.search(self._watch, finished, session.batches_finished)
            if found is not None:
                session.seek(Moment(found + 1, 0))
                return self._watch.met
        return self._at(before, session.moment)

    def _run(self, batches: int) -> Breakpoint | None:
        if self._watch is not None:
            return self._session.run_watching(self._watch, batches)
        self._session.run(batches=batches)
        return None

    def _next_place(self, moment: Moment) -> Moment | None:
        return next_place(self._places, moment, self._session.marks) if self._places else None

    def _at(self, before: Moment, here: Moment) -> Breakpoint | None:
        """The place breakpoint whose next moment after ``before`` is here."""
        return next((each for each in self._places if next_place([each], before, self._session.marks) == here), None)
