"""Checkpoints of a run: states from which any moment is replayed exactly, in bounded memory.

They are dense near now and thin out with age: when memory is full, those whose distance to the next is smallest for their age
go first, so that the time to get anywhere grows with how long ago it was. The first state always stays.
"""

from bisect import bisect_right, insort

from nnsim.core.training import State

DEFAULT_LIMIT = 256 * 1024 * 1024
OVERHEAD = 1000
"""What a stored state costs besides its numbers, in bytes."""


class Timeline:
    """States by batch: the state at batch b is the one before batch b, before any edit at b."""

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.limit = limit
        """The most memory to use, in bytes."""
        self._batches: list[int] = []
        self._states: dict[int, State] = {}
        self.nbytes = 0

    def __len__(self) -> int:
        return len(self._batches)

    def __contains__(self, batch: int) -> bool:
        return batch in self._states

    def keep(self, batch: int, state: State) -> None:
        """Remember the state before a batch."""
        if batch in self._states:
            return
        insort(self._batches, batch)
        self._states[batch] = state
        self.nbytes += state.nbytes + OVERHEAD
        if self.nbytes > self.limit and len(self._batches) > 4:
            self._thin()

    def nearest(self, batch: int) -> tuple[int, State]:
        """The last remembered state at or before a batch. Raises LookupError if there is none."""
        index = bisect_right(self._batches, batch) - 1
        if index < 0:
            raise LookupError(f"nothing is remembered at or before batch {batch}")
        found = self._batches[index]
        return found, self._states[found]

    def shrink(self, limit: int) -> None:
        """From now on use at most so many bytes."""
        self.limit = limit
        while self.nbytes > limit and len(self._batches) > 4:
            self._thin()

    def cut(self, batch: int) -> tuple[tuple[int, State], ...]:
        """Forget all states after the one before ``batch``, and give them away."""
        gone = tuple((later, self._states[later]) for later in self._batches if later > batch)
        self._retain([kept for kept in self._batches if kept <= batch])
        return gone

    def spread(self, most: int) -> list[tuple[int, State]]:
        """At most so many states, evenly chosen, the first and last among them: what a snapshot takes along."""
        count = len(self._batches)
        chosen = sorted({round(i * (count - 1) / max(most - 1, 1)) for i in range(most)}) if count > most else range(count)
        return [(self._batches[i], self._states[self._batches[i]]) for i in chosen]

    def _thin(self) -> None:
        newest = self._batches[-1]
        share = 1 / 4096
        kept = self._batches
        while len(kept) > max(4, len(self._batches) // 2):
            share *= 2
            kept = []
            for batch in reversed(self._batches):
                if not kept or batch == 0 or kept[-1] - batch >= (newest - batch) * share:
                    kept.append(batch)
        self._retain(kept[::-1])

    def _retain(self, batches: list[int]) -> None:
        retained = set(batches)
        for batch in self._batches:
            if batch not in retained:
                self.nbytes -= self._states.pop(batch).nbytes + OVERHEAD
        self._batches = batches
