"""A kernel aside: runs single batches of a run again, from remembered states, on buffers of its own.

What looks at the past needs batches computed without moving the cursor or the replay. A run determines all its batches, so the
numbers that come out are those of training, to the bit. It refuses to remember anything, and to judge what is not finite.
"""

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.network import Network
from nnsim.core.schedules import SCHEDULES
from nnsim.core.training import Method, State, Trainer, Workspace, frozen
from nnsim.engine.feed import Feed
from nnsim.engine.kernel_terms import method
from nnsim.engine.run import ParameterSet, Run


class Rerun:
    """Any batch of a run, once more. Stand somewhere first."""

    def __init__(self, run: Run, dataset: Dataset, network: Network) -> None:
        rows = dataset.train
        self._run, self._network = run, network
        self._dtype = np.dtype(run.experiment.precision)
        self._feed = Feed(run.experiment, network, rows, dataset.scaled(dataset.inputs[rows]), dataset.targets[rows])
        self._batches = len(self._feed.sizes)
        self._trainers: list[Trainer] = []
        self._trainer: Trainer | None = None
        self._learning = run.experiment.learning
        self._at = 0

    def stand(self, batch: int, state: State) -> None:
        """Stand before a batch, its edits made. ``state``: as remembered there, so without them."""
        self._at = batch
        self._enter(state)

    @property
    def theta(self) -> Array:
        """(parameters,) before the batch, its edits made, as a frozen copy."""
        return frozen(self._standing.theta)

    def walk(self, batch: int) -> None:
        """Train on to before ``batch``, its edits made."""
        while self._at < batch:
            self._compute()
            self._at += 1
            if self._run.edits_at(self._at):
                self._enter(self._standing.state())

    def look(self) -> tuple[Array, tuple[Array, ...]]:
        """The batch's gradient (parameters,), and each layer's outputs (neurons, samples), as frozen copies.

        Training does not go on from here: stand somewhere again.
        """
        space = self._compute()
        return frozen(space.trainer.gradient), tuple(frozen(outputs[:-1]) for outputs in space.outputs)

    @property
    def _standing(self) -> Trainer:
        if self._trainer is None:
            raise RuntimeError("stand somewhere first")
        return self._trainer

    def _enter(self, state: State) -> None:
        self._learning = self._run.learning_at(self._at)
        self._trainer = self._trainer_for(method(self._learning))
        self._trainer.load(state)
        for edit in self._run.edits_at(self._at):
            if isinstance(edit, ParameterSet):
                self._trainer.theta[edit.index] = edit.value
        for place in self._learning.cut:
            self._trainer.theta[self._network.index(*place)] = 0

    def _trainer_for(self, how: Method) -> Trainer:
        for trainer in self._trainers:
            if trainer.method == how:
                return trainer
        self._trainers.append(Trainer(self._network, how, self._dtype))
        return self._trainers[-1]

    def _compute(self) -> Workspace:
        trainer, learning = self._standing, self._learning
        number, slot = divmod(self._at, self._batches)
        factor = SCHEDULES[learning.schedule].factor(number, learning.schedule_epochs, learning.schedule_factor)
        trainer.stage.rate[()] = learning.rate * factor
        epoch = self._feed.epoch(number, learning.dropout)
        space = trainer.workspace(self._feed.sizes[slot])
        for buffer, mask in zip(space.masks or (), epoch.masks(slot), strict=True):
            np.copyto(buffer, mask)
        with np.errstate(all="ignore"):
            space.run(epoch.inputs(slot), epoch.targets(slot))
        return space
