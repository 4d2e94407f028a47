"""Where steps end: the stops of a run, found by arithmetic on batches and marks.

It is apart from the simulation because nothing here is computed or remembered: a run's edits and the sizes of its batches say it
all. It refuses to move a cursor.
"""

from dataclasses import dataclass

from nnsim.engine.marks import Grain, Marks
from nnsim.engine.moments import START, Moment
from nnsim.engine.run import Run


@dataclass(frozen=True)
class Stops:
    """The stops of one run."""

    run: Run
    sizes: tuple[int, ...]
    """The network's: inputs, then each layer's neurons."""
    samples: tuple[int, ...]
    """How many samples each batch of an epoch holds."""

    @property
    def batches(self) -> int:
        """Batches in an epoch."""
        return len(self.samples)

    def marks(self, batch: int) -> Marks:
        """The walk of a batch."""
        return Marks(self.sizes, self.samples[batch % self.batches])

    def following(self, moment: Moment, grain: Grain) -> Moment:
        """The first moment after ``moment`` that closes ``grain`` or more."""
        batch, mark = moment
        if grain == Grain.EPOCH:
            return self.end_of((self.finished(moment) // self.batches + 1) * self.batches - 1)
        stop = self.marks(batch).next_stop(mark, grain)
        if stop is None:
            batch, stop = batch + 1, self.marks(batch + 1).next_stop(0, grain) or 0
        return Moment(batch, stop)

    def preceding(self, moment: Moment, grain: Grain) -> Moment:
        """The last moment before ``moment`` that closes ``grain`` or more; the start if there is none."""
        batch, mark = moment
        if grain == Grain.EPOCH:
            first = Moment(batch // self.batches * self.batches, 0)
        elif mark == 0:
            first = moment
        else:
            first = Moment(batch, self.marks(batch).previous_stop(mark, grain))
        # a place of its own behind what closes the grain, as an edit makes it, is come to before that
        return self.end_of(first.batch - 1) if first == moment else self.canonical(first)

    def far(self, moment: Moment, grain: Grain, count: int) -> Moment:
        """The stop ``count`` batches or epochs away; negative: back."""
        if not count:
            return moment
        near = self.following(moment, grain) if count > 0 else self.preceding(moment, grain)
        if abs(count) == 1 or near == START:
            return near
        if count < 0 and self.run.edits:
            # on the way back the place of an edit is a stop of its own, so batches and epochs cannot just be counted
            for _ in range(-count - 1):
                if near == START:
                    break
                near = self.preceding(near, grain)
            return near
        size = self.batches if grain == Grain.EPOCH else 1
        return self.end_of(self.finished(near) - 1 + (count - (1 if count > 0 else -1)) * size)

    def finished(self, moment: Moment) -> int:
        """How many batches are finished at a moment."""
        return moment.batch + (moment.mark == self.marks(moment.batch).count)

    def canonical(self, moment: Moment) -> Moment:
        """The end of a batch is its last mark; a later batch's mark 0 is a place of its own only where an edit stands."""
        if moment.mark == 0 and moment.batch > 0 and not self.run.edits_at(moment.batch):
            return self.end_of(moment.batch - 1)
        return moment

    def end_of(self, batch: int) -> Moment:
        """The last mark of a batch; the start for what lies before the first."""
        return Moment(batch, self.marks(batch).count) if batch >= 0 else START
