"""Bringing a trainer to any batch of a run: forward by training, backward by replaying from a checkpoint.

A run determines all its batches, so there is no other way to get somewhere than to compute it, and always with the same result.
This is the only place that drives the kernel, that applies a run's edits, and that notices a divergence. It refuses to know
cursors and marks.
"""

import math

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.initializers import initial_parameters
from nnsim.core.network import Network, join
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.schedules import SCHEDULES
from nnsim.core.trace import Trace
from nnsim.core.training import Method, State, Trainer, frozen
from nnsim.engine.divergence import Divergence, diagnose
from nnsim.engine.experiment import Experiment, ExperimentError, Learning
from nnsim.engine.feed import Feed
from nnsim.engine.history import History
from nnsim.engine.looking import Part
from nnsim.engine.run import ParameterSet, Run
from nnsim.engine.timeline import Timeline
from nnsim.engine.watching import Watch


class Replay:
    """A run being computed. ``trace`` and ``theta_before`` give what any batch has to show."""

    def __init__(self, run: Run, dataset: Dataset, network: Network, memory_limit: int) -> None:
        experiment = run.experiment
        self.run, self.network = run, network
        self._dtype = np.dtype(experiment.precision)
        rows = dataset.train
        self._feed = Feed(experiment, network, rows, dataset.scaled(dataset.inputs[rows]), dataset.targets[rows])
        self.sizes = self._feed.sizes
        """How many samples each batch of an epoch holds."""
        self.batches = len(self.sizes)
        """Batches in an epoch."""
        self.train = Part(network, dataset, rows, self._dtype)
        self.test = Part(network, dataset, dataset.test, self._dtype) if len(dataset.test) else None
        self.timeline = Timeline(memory_limit)
        self.history = History()
        self.divergence: Divergence | None = None
        self._stride = max(4, min(256, 200_000 // network.parameter_count))
        self._learning = experiment.learning
        self._trainer = Trainer(network, method(self._learning), self._dtype)
        self._trainer.load(State(initial_theta(experiment, network).astype(self._dtype), {}, 0))
        self._at = 0
        self._entered = False
        self.timeline.keep(0, self._trainer.state())
        self._record_start()

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
            trace = self._trainer.workspace(self.sizes[slot]).trace(epoch.rows[slot], epoch.inputs[slot], loss, before)
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
        goal = batch if self.divergence is None else min(batch, self.divergence.batch)
        nearest, _ = self.timeline.nearest(goal)
        if self._at > goal or (self._at == goal and self._entered) or nearest > self._at:
            self._load(goal)
        while self._at < goal:
            if not self._stretch(goal):
                goal = self._at
        if self._at - self.timeline.nearest(self._at)[0] >= min(self._stride, 8) and not self._entered:
            # dense near now: one step back shall not replay much
            self.timeline.keep(self._at, self._trainer.state())
        return self._at == batch

    def approach(self, batch: int, most: int) -> bool:
        """Go at most ``most`` batches of the way to ``batch``, so that a long way can be watched and given up.

        True when the way is done, or when a divergence ends it.
        """
        goal = batch if self.divergence is None else min(batch, self.divergence.batch)
        if self._at > goal or self.timeline.nearest(goal)[0] > self._at:
            self._load(goal)
        self.bring(min(goal, self._at + most))
        return self._at == goal or self.divergence is not None

    def search(self, watch: Watch, batch: int, goal: int) -> int | None:
        """Train on from before ``batch`` to before ``goal``, but no further than a condition of ``watch`` lets.

        Returns the first batch whose end makes a condition true, or None. Ends before a divergence, too.
        """
        if not self.bring(batch):
            return None
        if watch.at != batch or watch.run is not self.run:
            watch.arm(self.run, batch, *self._last_losses(batch))
        while self._at < goal:
            if self._at == goal - 1:
                # the cursor will want the last batch's trace, and shall not replay much for it
                self.remember()
            if not self._stretch(max(goal - 1, self._at + 1), watch):
                watch.at = None
                break
            if watch.asks_epochs and self._at % self.batches == 0:
                watch.sees_epoch(self._training_loss(self._at // self.batches))
            if not watch.late and (watch.met is not None or self._at == goal or self.run.edits_at(self._at)):
                watch.settle()
            watch.at = self._at
            if watch.met is not None:
                return self._at - (2 if watch.late else 1)
        return None

    def _last_losses(self, batch: int) -> tuple[float, float]:
        """The loss of the batch before ``batch``, and the training loss at the end of the last epoch before it."""
        if batch == 0:
            return math.inf, self._training_loss(0)
        kept = self.history.batch_loss.curve()
        place, rest = divmod(batch - 1, kept.stride)
        if not rest:
            return float(kept.values[place, 0]), self._training_loss(batch // self.batches)
        trace = self.trace(batch - 1)
        assert trace is not None, "what comes before a batch that was reached has not diverged"
        return trace.loss, self._training_loss(batch // self.batches)

    def _training_loss(self, done: int) -> float:
        """The training loss after so many epochs, or the nearest before that is still kept."""
        kept = self.history.epochs.curve()
        return float(kept.values[done // kept.stride, 0])

    def become(self, run: Run) -> None:
        """Follow another run of the same structure, keeping what the two share. Raises ValueError if the structure differs."""
        shared = self.run.shared_batches(run)
        if shared is None:
            raise ValueError("the runs differ in structure: this needs a new simulation")
        first = self.timeline.nearest(0)[1]
        self.run = run
        self.timeline.cut(shared)
        self.history.cut(shared, self.batches)
        if self.divergence and self.divergence.batch >= shared:
            self.divergence = None
        if shared == 0:
            self.timeline = Timeline(self.timeline.limit)
            self.timeline.keep(0, State(first.theta, {}, 0))
            self._load(0)
            self._record_start()
        else:
            self._load(min(self._at, shared))

    def remember(self) -> None:
        """Keep the state where the replay stands, so that a snapshot or a step back begins right here."""
        if not self._entered:
            self.timeline.keep(self._at, self._trainer.state())

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

    def _stretch(self, goal: int, watch: Watch | None = None) -> bool:
        """Run a stretch of batches within one epoch towards ``goal``, or until ``watch`` has seen enough.

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
            if epoch.masks is None:
                spaces = [trainer.workspace(size) for size in self.sizes[first:last]]
                for space, inputs, targets in zip(spaces, epoch.inputs[first:last], epoch.targets[first:last], strict=True):
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
        if space.masks is not None and epoch.masks is not None:
            for buffer, mask in zip(space.masks, epoch.masks[slot], strict=True):
                np.copyto(buffer, mask)
        return space.run(epoch.inputs[slot], epoch.targets[slot])

    def _finish(self, losses: list[float]) -> None:
        """Note that so many batches were run well."""
        self.history.batch_loss.record(self._at, losses)
        self._at += len(losses)
        self._entered = False
        done = self._at // self.batches
        if self._at % self.batches == 0 and done >= self.history.epochs.end:
            self._record_epoch(done)
        if self._at - self.timeline.nearest(self._at)[0] >= self._stride:
            self.timeline.keep(self._at, self._trainer.state())

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


def method(learning: Learning) -> Method:
    """What the kernel needs to know of a learning: all but the rate."""
    settings = {name: learning.setting(name) for name in OPTIMIZERS[learning.optimizer].settings}
    return Method(learning.loss, learning.optimizer, settings, learning.l1, learning.l2, learning.dropout, learning.clip_norm,
                  learning.frozen, learning.cut)


def initial_theta(experiment: Experiment, network: Network) -> Array:
    """The untouched parameters: those given outright, or drawn from the seed. Raises ExperimentError if they do not fit."""
    start = experiment.start
    if start is None:
        return initial_parameters(network, experiment.initializer, experiment.initial_scale, experiment.seed)
    shapes = [(inputs, width) for inputs, width in zip(network.sizes, network.widths, strict=False)]
    rows = [[len(row) for row in weights] for weights in start.weights]
    if rows != [[width] * inputs for inputs, width in shapes] or [len(b) for b in start.biases] != list(network.widths):
        raise ExperimentError(f"start: the given weights must have the shapes {shapes} (inputs, neurons), and as many biases")
    theta = join([(np.array(weights), np.array(biases)) for weights, biases in zip(start.weights, start.biases, strict=True)])
    if np.abs(theta).max() > float(np.finfo(experiment.precision).max):
        raise ExperimentError(f"start: a given weight or bias is larger than {experiment.precision} can hold")
    return theta
