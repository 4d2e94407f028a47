"""Bringing a trainer to any batch of a run: forward by training, backward by replaying from a checkpoint.

A run determines all its batches, so there is no other way to get somewhere than to compute it, and always with the same result.
This is the only place that drives the kernel, that applies a run's edits, and that notices a divergence. What looks for a batch
on the way stands in ``searching``. It refuses to know cursors and marks.
"""

import math
from functools import cached_property

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.network import Network
from nnsim.core.schedules import SCHEDULES
from nnsim.core.trace import Trace
from nnsim.core.training import State, Trainer, frozen
from nnsim.engine.branches import Branch, Branches
from nnsim.engine.data import load_dataset
from nnsim.engine.divergence import Divergence, diagnose
from nnsim.engine.experiment import Learning
from nnsim.engine.feed import Feed
from nnsim.engine.history import History
from nnsim.engine.kernel_terms import initial_theta, method
from nnsim.engine.looking import Part
from nnsim.engine.run import ParameterSet, Run
from nnsim.engine.timeline import Timeline
from nnsim.engine.watching import Watch


class Replay:
    """A run being computed. ``trace`` and ``theta_before`` give what any batch has to show."""

    def __init__(self, run: Run, network: Network, memory_limit: int) -> None:
        experiment = run.experiment
        self.run, self.network = run, network
        self._dtype = np.dtype(experiment.precision)
        self.sizes = self._feed.sizes
        """How many samples each batch of an epoch holds."""
        self.batches = len(self.sizes)
        """Batches in an epoch."""
        self.timeline = Timeline(memory_limit)
        self.branches = Branches()
        self.history = History()
        self.divergence: Divergence | None = None
        self._stride = max(4, min(256, 200_000 // network.parameter_count))
        self._learning = experiment.learning
        self._at = 0
        self._entered = False
        self._trainer = Trainer(network, method(self._learning), self._dtype)
        self._trainer.load(State(initial_theta(experiment, network).astype(self._dtype), {}, 0))
        self.timeline.keep(0, self._trainer.state())
        self._record_start()

    @cached_property
    def train(self) -> Part:
        """The training rows, ready to be scored."""
        return self._part(self._dataset.train)

    @cached_property
    def test(self) -> Part | None:
        """The test rows; None where there are none."""
        return self._part(self._dataset.test) if len(self._dataset.test) else None

    @cached_property
    def _feed(self) -> Feed:
        data, rows = self._dataset, self._dataset.train
        return Feed(self.run.experiment, self.network, rows, data.scaled(data.inputs[rows]), data.targets[rows])

    @cached_property
    def _trainer(self) -> Trainer:
        """Standing at the remembered state that ``_at`` names."""
        trainer = Trainer(self.network, method(self._learning), self._dtype)
        trainer.load(self.timeline.nearest(self._at)[1])
        return trainer

    @cached_property
    def _dataset(self) -> Dataset:
        return load_dataset(self.run.experiment.data)

    def _part(self, rows: Array) -> Part:
        return Part(self.network, self._dataset, rows, self._dtype)

    def park(self, limit: int) -> None:
        """Keep only the run, its losses, and so many bytes of states and branches: the rest, which is many times the data set, is
        made again as soon as anything is asked."""
        self.remember()
        self.use_no_more(limit)
        self._load(self._at)
        for name in ("_dataset", "train", "test", "_feed", "_trainer"):
            self.__dict__.pop(name, None)

    def trace(self, batch: int) -> Trace | None:
        """Everything batch ``batch`` computes; None if a divergence comes before it."""
        if not self.bring(batch):
            return None
        self._enter()
        before = self._trainer.state()
        slot = batch % self.batches
        epoch = self._feed.epoch(batch // self.batches, self._learning.dropout)
        with np.errstate(all="ignore"):
            loss = self._run_slot(slot)
            trace = self._trainer.workspace(self.sizes[slot]).trace(epoch.rows(slot), epoch.inputs(slot), loss, before)
            finite = math.isfinite(loss) and self._trainer.is_finite
        if finite:
            self._finish([loss])
        else:
            self.divergence = diagnose(trace, self.network, batch, batch // self.batches, self._learning)
            self._load(batch)
        return trace

    def theta_before(self, batch: int) -> Array | None:
        """The parameters before a batch, its edits made, as a frozen copy; None if a divergence comes before it."""
        if not self.bring(batch):
            return None
        self._enter()
        return frozen(self._trainer.theta)

    def bring(self, batch: int) -> bool:
        """Stand before ``batch``, its edits not yet made; False if a divergence comes first: then stand before that."""
        goal = self._attainable(batch)
        nearest, _ = self.timeline.nearest(goal)
        if self._at > goal or (self._at == goal and self._entered) or nearest > self._at:
            self._load(goal)
        while self._at < goal:
            if not self.stretch(goal):
                goal = self._at
        if self._at - self.timeline.nearest(self._at)[0] >= min(self._stride, 8) and not self._entered:
            # dense near now: one step back shall not replay much
            self._keep()
        return self._at == batch

    def approach(self, batch: int, most: int) -> bool:
        """Go at most ``most`` batches of the way to ``batch``, so that a long way can be watched and given up.

        True when the way is done, or when a divergence ends it.
        """
        goal = self._attainable(batch)
        if self._at > goal or self.timeline.nearest(goal)[0] > self._at:
            self._load(goal)
        self.bring(min(goal, self._at + most))
        # a divergence may be met only now; one that was known may lie far ahead
        return self._at == self._attainable(batch)

    def _attainable(self, batch: int) -> int:
        """``batch``, or that of a divergence known to come before it."""
        return batch if self.divergence is None else min(batch, self.divergence.batch)

    @property
    def at(self) -> int:
        """The batch that it stands before."""
        return self._at

    def training_loss(self, done: int) -> float:
        """The training loss after so many epochs, which were computed: as it was noted, or, where a long run keeps only some of its
        scores, judged again. Stands then at the end of the last of them, before the edits there."""
        kept = self.history.epochs.curve()
        place, rest = divmod(done, kept.stride)
        if not rest:
            return float(kept.values[place, 0])
        self.bring(done * self.batches)
        return self.train.score(self._trainer.theta, self._learning.loss).loss

    def become(self, run: Run) -> None:
        """Follow another run of the same structure, keeping what the two share, and what this one does not share for its return.

        Raises ValueError if the structure differs.
        """
        shared = self.run.shared_batches(run)
        if shared is None:
            raise ValueError("the runs differ in structure: this needs a new simulation")
        first = self.timeline.nearest(0)[1]
        self._leave(shared)
        self.run = run
        if shared == 0:
            self.timeline = Timeline(self.timeline.limit)
            self.timeline.keep(0, State(first.theta, {}, 0))
        visited = self.branches.take(run)
        if visited is not None:
            self.restore(list(visited.states), visited.history)
            self.divergence = self.divergence or visited.divergence
        self._load(min(self._at, shared))
        if shared == 0:
            self._record_start()

    def _leave(self, shared: int) -> None:
        """Put aside what was visited from batch ``shared`` on."""
        states, broken = self.timeline.cut(shared), self.divergence
        if broken is not None and broken.batch < shared:
            # the other run breaks down there, too
            broken = None
        else:
            self.divergence = None
        visited = self.history
        if shared == 0 or broken is not None or visited.batch_loss.end > shared:
            self.history = visited.until(shared, self.batches)
        if broken is not None or visited.batch_loss.end > shared:
            self.branches.keep(Branch(self.run, states, visited, broken))
            self._fit()

    def remember(self) -> None:
        """Keep the state where the replay stands, so that a snapshot or a step back begins right here."""
        if not self._entered:
            self._keep()

    @property
    def memory_bytes(self) -> int:
        """What the states of this run take, and what the branches take that were left."""
        return self.timeline.nbytes + self.branches.nbytes

    def use_no_more(self, limit: int) -> None:
        """From now on use at most so many bytes for states and branches."""
        self.timeline.shrink(limit)
        self._fit()

    def _keep(self) -> None:
        self.timeline.keep(self._at, self._trainer.state())
        self._fit()

    def _fit(self) -> None:
        """The branches have what memory this run itself does not take."""
        if self.branches.nbytes + self.timeline.nbytes > self.timeline.limit:
            self.branches.shrink(max(0, self.timeline.limit - self.timeline.nbytes))

    def restore(self, states: list[tuple[int, State]], history: History) -> None:
        """Take over states and history that this same run left earlier."""
        for batch, state in states:
            if batch:
                self.timeline.keep(batch, state)
        self.history = history

    def _load(self, batch: int) -> None:
        """Stand at the nearest remembered state at or before a batch."""
        self._at, state = self.timeline.nearest(batch)
        self._entered = False
        self._learn(self.run.learning_at(self._at - 1) if self._at else self.run.experiment.learning)
        self._trainer.load(state)

    def _learn(self, learning: Learning) -> None:
        if method(learning) != self._trainer.method:
            state = self._trainer.state()
            self._trainer = Trainer(self.network, method(learning), self._dtype)
            self._trainer.load(state)
        self._learning = learning

    def _enter(self) -> None:
        """Make the edits that stand before this batch, and set its rate."""
        if not self._entered:
            self._learn(self.run.learning_at(self._at))
            for edit in self.run.edits_at(self._at):
                if isinstance(edit, ParameterSet):
                    self._trainer.theta[edit.index] = edit.value
            for place in self._learning.cut:
                self._trainer.theta[self.network.index(*place)] = 0
            self._entered = True
        learning = self._learning
        factor = SCHEDULES[learning.schedule].factor(self._at // self.batches, learning.schedule_epochs, learning.schedule_factor)
        self._trainer.stage.rate[()] = learning.rate * factor

    def stretch(self, goal: int, watch: Watch | None = None) -> bool:
        """Run a stretch of batches within one epoch towards ``goal``, which lies ahead, or until ``watch`` has seen enough.

        False at a divergence, standing before its batch.
        """
        self._enter()
        number, first = divmod(self._at, self.batches)
        stop = min(goal, (number + 1) * self.batches, self._at + self._stride, self.run.next_edit(self._at) or goal)
        epoch = self._feed.epoch(number, self._learning.dropout)
        trainer = self._trainer
        last = first + stop - self._at
        losses: list[float] = []
        if watch is not None:
            watch.begin(trainer.theta)
        with np.errstate(all="ignore"):
            if epoch.silence is None:
                spaces = [trainer.workspace(size) for size in self.sizes[first:last]]
                for space, (inputs, targets) in zip(spaces, epoch.batches(first, last), strict=True):
                    loss = space.run(inputs, targets)
                    if not (loss - loss == 0 and trainer.is_finite):
                        break
                    losses.append(loss)
                    if watch is not None and watch.sees(space, loss):
                        break
            else:
                for slot in range(first, last):
                    loss = self._run_slot(slot)
                    if not (loss - loss == 0 and trainer.is_finite):
                        break
                    losses.append(loss)
                    if watch is not None and watch.sees(trainer.workspace(self.sizes[slot]), loss):
                        break
        if len(losses) < last - first and (watch is None or watch.met is None):
            return self._diverge(losses)
        self._finish(losses)
        return True

    def _run_slot(self, slot: int) -> float:
        epoch = self._feed.epoch(self._at // self.batches, self._learning.dropout)
        space = self._trainer.workspace(self.sizes[slot])
        for buffer, mask in zip(space.masks or (), epoch.masks(slot), strict=True):
            np.copyto(buffer, mask)
        return space.run(epoch.inputs(slot), epoch.targets(slot))

    def _finish(self, losses: list[float]) -> None:
        """Note that so many batches were run well."""
        self.history.batch_loss.record(self._at, losses)
        self._at += len(losses)
        self._entered = False
        done = self._at // self.batches
        if self._at % self.batches == 0 and done >= self.history.epochs.end:
            self._record_epoch(done)
        if self._at - self.timeline.nearest(self._at)[0] >= self._stride:
            self._keep()

    def _diverge(self, losses: list[float]) -> bool:
        """The batch after ``losses`` was not finite: go back before it and take its trace, which says what went wrong."""
        batch = self._at + len(losses)
        self._load(self._at)
        self.divergence = None
        if self.bring(batch):
            self.trace(batch)
        self.bring(batch)
        return False

    def _record_start(self) -> None:
        self._enter()
        if self.history.epochs.end == 0:
            self._record_epoch(0)

    def _record_epoch(self, done: int) -> None:
        loss, theta = self._learning.loss, self._trainer.theta
        train = self.train.score(theta, loss)
        test = self.test.score(theta, loss) if self.test else None
        nothing = math.nan
        row = [train.loss, test.loss if test else nothing, train.metric, test.metric if test else nothing]
        self.history.epochs.record(done, np.array([row]))
