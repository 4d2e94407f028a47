"""Breakpoints at work: where playing shall stop by itself, at any pace and grain.

Places are found by arithmetic before the cursor comes there; conditions are looked for while the batches before it are computed,
so many at a time as the caller grants. It is apart from the walking because it has to know nothing of grains and paces. It refuses
to know of time and orders.
"""

from dataclasses import replace

from nnsim.engine.breakpoints import Breakpoint, Flip, PlaceBreakpoint, next_place
from nnsim.engine.moments import Moment
from nnsim.engine.run import Run
from nnsim.engine.searching import search
from nnsim.files.session import Session


class Breaking:
    """The breakpoints of one session. Those that do not fit its network, or are switched off, do nothing."""

    def __init__(self, session: Session, breakpoints: tuple[Breakpoint, ...]) -> None:
        self.breakpoints = breakpoints
        self._session = session
        sizes, activations = session.network.sizes, session.network.activations
        fitting = [each for each in breakpoints if each.enabled and each.fits(sizes, activations)]
        self._places = [each for each in fitting if isinstance(each, PlaceBreakpoint)]
        watch = session.watch(fitting)
        self._watch = None if watch.is_idle else watch
        self._way: tuple[Run, Moment, Moment] | None = None
        """The way that conditions are looked for on: in which run, from where, to where."""
        self._searched = 0
        """Up to before which batch."""
        self._found: int | None = None
        """The batch whose end made one true."""

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

    @property
    def flip(self) -> Flip | None:
        """Of a condition on signs that was met here: which parameter changed its sign, and in which batch."""
        flip = None if self._watch is None else self._watch.flip
        return None if flip is None else replace(flip, batch=self._session.batches_finished - 1)

    def no_further(self, moment: Moment) -> Moment:
        """``moment``, or a place that lies before it on the way from here."""
        place = self._next_place(self._session.moment)
        return moment if place is None else min(moment, place)

    def approach(self, goal: Moment, most: int) -> bool:
        """Compute at most ``most`` batches of the way to ``goal``, looking for conditions, without moving the cursor.

        True when the way is done or a condition was met on it: then ``arrive``.
        """
        session = self._session
        if self._watch is None:
            return session.approach(goal, most)
        way = session.run_record, session.moment, goal
        if self._way != way:
            self._way, self._searched, self._found = way, session.batches_finished, None
        end = goal.batch + (goal.mark == session.marks(goal.batch).count)
        if session.divergence is not None:
            end = min(end, session.divergence.batch)
        if self._found is None and self._searched < end:
            ahead = min(self._searched + most, end)
            self._found = search(session.replay, self._watch, self._searched, ahead)
            self._searched = ahead
            return self._found is not None
        return self._found is not None or session.approach(goal, most)

    def arrive(self, goal: Moment) -> Breakpoint | None:
        """Stand at ``goal``, which was approached, or where a condition was met on the way; the breakpoint that is met there."""
        session, before, found = self._session, self._session.moment, self._found
        self._way = self._found = None
        if found is not None and self._watch is not None:
            # at its very end, also where an edit stands behind it
            session.seek(Moment(found, session.marks(found).count))
            return self._watch.met
        session.seek(goal)
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
