"""A run computed in the plainest way: one batch after the other from the start, with no checkpoint and no cursor.

What the simulation must agree with to the bit, however its cursor got somewhere. It refuses to go back: every state is kept.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.datasets import SOURCES
from nnsim.core.losses import LOSSES, Task
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.schedules import SCHEDULES
from nnsim.core.training import Method, State, Trainer
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.feed import Feed
from nnsim.engine.frame import Frame
from nnsim.engine.kernel_terms import initial_theta
from nnsim.engine.marks import Marks, walk
from nnsim.engine.run import ParameterSet, Run, Tuning
from nnsim.engine.simulation import Simulation

Array = NDArray[Any]
GRADIENT_OPTIMIZERS = tuple(name for name in OPTIMIZERS if name != "perceptron")


@dataclass(frozen=True, eq=False)
class Done:
    """One batch: the state it began from, its edits made, and the one it ended with, and its loss."""

    before: State
    after: State
    loss: float


class StraightRun:
    """All batches of a run so far, computed when they are first asked for."""

    def __init__(self, run: Run) -> None:
        experiment = run.experiment
        dataset = load_dataset(experiment.data)
        self.run = run
        self.network = experiment.network(dataset.inputs.shape[1])
        rows = dataset.train
        self.feed = Feed(experiment, self.network, rows, dataset.scaled(dataset.inputs[rows]), dataset.targets[rows])
        self.batches = len(self.feed.sizes)
        self._dtype = np.dtype(experiment.precision)
        self.start = State(initial_theta(experiment, self.network).astype(self._dtype), {}, 0)
        self._done: list[Done] = []

    def batch(self, number: int) -> Done:
        """What batch ``number`` did."""
        while len(self._done) <= number:
            self._done.append(self._next())
        return self._done[number]

    def _next(self) -> Done:
        number = len(self._done)
        epoch, slot = divmod(number, self.batches)
        learning = self.run.experiment.learning
        for edit in self.run.edits:
            if isinstance(edit, Tuning) and edit.batch <= number:
                learning = edit.learning
        settings = {name: learning.setting(name) for name in OPTIMIZERS[learning.optimizer].settings}
        trainer = Trainer(self.network, Method(learning.loss, learning.optimizer, settings, learning.l1, learning.l2,
                                               learning.dropout, learning.clip_norm), self._dtype)
        trainer.load(self._done[-1].after if self._done else self.start)
        for edit in self.run.edits:
            if isinstance(edit, ParameterSet) and edit.batch == number:
                trainer.theta[edit.index] = edit.value
        factor = SCHEDULES[learning.schedule].factor(epoch, learning.schedule_epochs, learning.schedule_factor)
        trainer.stage.rate[()] = learning.rate * factor
        given = self.feed.epoch(epoch, learning.dropout)
        space = trainer.workspace(self.feed.sizes[slot])
        for buffer, mask in zip(space.masks or (), given.masks(slot), strict=True):
            np.copyto(buffer, mask)
        before = trainer.state()
        with np.errstate(all="ignore"):
            loss = space.run(given.inputs(slot), given.targets(slot))
        return Done(before, trainer.state(), loss)

    def theta_at(self, batch: int, mark: int) -> Array:
        """The parameters at a mark of a batch: of the update's marks up to there, those of the walk are new."""
        done = self.batch(batch)
        theta = done.before.theta.copy()
        for number, place in enumerate(walk(self.network.sizes, self.feed.sizes[batch % self.batches]), 1):
            if number <= mark and place.phase == "update":
                assert place.layer is not None and place.term is not None and place.neuron is not None
                index = self.network.index(place.layer, place.term, place.neuron)
                theta[index] = done.after.theta[index]
        return theta


def bits(state: State) -> tuple[bytes, dict[str, bytes], int]:
    """A state to the bit."""
    return state.theta.tobytes(), {name: vector.tobytes() for name, vector in state.memory.items()}, state.steps


def assert_same(simulation: Simulation, straight: StraightRun) -> Frame:
    """The simulation shows, to the bit, what the straight run has at this moment. Returns the frame."""
    frame = simulation.frame
    batch, mark = frame.moment
    if mark == 0:
        assert frame.trace is None
        assert frame.theta.tobytes() == straight.batch(batch).before.theta.tobytes()
    else:
        done, trace = straight.batch(batch), frame.trace
        assert trace is not None
        assert bits(State(trace.before, trace.memory_before, trace.step - 1)) == bits(done.before)
        assert bits(State(trace.after, trace.memory_after, trace.step)) == bits(done.after)
        assert trace.loss == done.loss
        assert frame.theta.tobytes() == straight.theta_at(batch, mark).tobytes()
    losses = frame.history.batch_loss
    assert losses.stride == 1
    visited = len(losses.values)
    assert visited >= simulation.batches_finished
    assert [float(loss) for loss in losses.column(0)] == [straight.batch(number).loss for number in range(visited)]
    return frame


def marks_of(straight: StraightRun, batch: int) -> Marks:
    """The walk of a batch."""
    return Marks(straight.network.sizes, straight.feed.sizes[batch % straight.batches])


def learnings(activations: tuple[str, ...], task: Task,
              optimizers: tuple[str, ...] = GRADIENT_OPTIMIZERS) -> st.SearchStrategy[Learning]:
    """Ways to learn that fit the task and an output of the last of ``activations``: every optimizer, penalty, schedule, dropout,
    clipping."""
    losses = [name for name, loss in LOSSES.items()
              if loss.accepts(activations[-1]) and name != "cross-entropy" and not (loss.for_classes and task == "regression")]
    return st.builds(
        Learning,
        loss=st.sampled_from(losses),
        optimizer=st.sampled_from(optimizers),
        rate=st.sampled_from([0.003, 0.05]),
        schedule=st.sampled_from(sorted(SCHEDULES)),
        schedule_epochs=st.integers(1, 4),
        schedule_factor=st.sampled_from([0.5, 0.9]),
        l1=st.sampled_from([0, 0.01]),
        l2=st.sampled_from([0, 0.1]),
        dropout=st.sampled_from([0, 0.4]),
        clip_norm=st.sampled_from([0, 0.05]),
    )


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Small experiments of every kind; batches that fit the rows and batches that do not."""
    hidden = draw(st.lists(st.sampled_from([name for name in ACTIVATIONS if name not in ("step", "softmax")]), max_size=2))
    names = (*hidden, draw(st.sampled_from(["identity", "tanh", "sigmoid"])))
    widths = [*(draw(st.integers(1, 3)) for _ in hidden), 1]
    source = draw(st.sampled_from(["ring", "plane"]))
    return Experiment(
        data=Data(source=source, samples=draw(st.integers(6, 14)),
                  test_share=draw(st.sampled_from([0, 0.3])), seed=draw(st.integers(0, 3))),
        layers=tuple(Layer(width=width, activation=name) for width, name in zip(widths, names, strict=True)),
        learning=draw(learnings(names, SOURCES[source].task)),
        batch_size=draw(st.integers(1, 5)),
        shuffle=draw(st.booleans()),
        seed=draw(st.integers(0, 3)),
        precision=draw(st.sampled_from(["float64", "float32"])),
    )
