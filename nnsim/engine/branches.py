"""What runs left behind where an edit cut them off: their visited future, so that undo gives it back instead of computing it again.

A run determines its future, so what is kept here is only time saved, and may be forgotten at any moment: first the states, from the
oldest branch on, every other one at a time; then the whole branch. It is apart from the timeline because that is one run's.
"""

from dataclasses import dataclass, replace

from nnsim.core.training import State
from nnsim.engine.divergence import Divergence
from nnsim.engine.history import History
from nnsim.engine.run import Run
from nnsim.engine.timeline import OVERHEAD

MOST_BRANCHES = 64


@dataclass(frozen=True, eq=False)
class Branch:
    """The future of a run that was left for another."""

    run: Run
    states: tuple[tuple[int, State], ...]
    """(batch, state before it) of the batches that the other run does not share."""
    history: History
    """Its losses, those that are shared among them."""
    divergence: Divergence | None

    @property
    def nbytes(self) -> int:
        """Its size in memory, in bytes."""
        return self.history.nbytes + sum(state.nbytes + OVERHEAD for _, state in self.states)


class Branches:
    """The branches of one simulation, the latest last."""

    def __init__(self) -> None:
        self._kept: list[Branch] = []
        self.nbytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, branch: Branch) -> None:
        """Remember a branch; of the same run there is one only."""
        self.take(branch.run)
        self._retain([*self._kept, branch][-MOST_BRANCHES:])

    def take(self, run: Run) -> Branch | None:
        """The branch of a run, which is forgotten here."""
        found = next((branch for branch in self._kept if branch.run == run), None)
        if found is not None:
            self._retain([branch for branch in self._kept if branch is not found])
        return found

    def shrink(self, limit: int) -> None:
        """Forget until no more than so many bytes are used."""
        while self._kept and self.nbytes > limit:
            oldest = next((number for number, branch in enumerate(self._kept) if branch.states), None)
            if oldest is None:
                self._retain(self._kept[1:])
            else:
                branch = self._kept[oldest]
                self._retain([*self._kept[:oldest], replace(branch, states=branch.states[1::2]), *self._kept[oldest + 1 :]])

    def _retain(self, branches: list[Branch]) -> None:
        self._kept = branches
        self.nbytes = sum(branch.nbytes for branch in branches)
