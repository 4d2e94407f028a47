"""A run and a cursor in its time. Stepping, playing, full speed and going back are one verb: move the cursor to a stop.

Moving the cursor brings the replay to the batch under it and takes that batch's trace; finer steps only change what a ``Frame``
may show of that trace. Where a step ends is found in ``stepping``, and what is seen is made in ``framing``. It refuses threads,
clocks and files.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.forward import predict
from nnsim.core.trace import Trace
from nnsim.engine.breakpoints import Breakpoint, ConditionBreakpoint
from nnsim.engine.data import load_dataset
from nnsim.engine.divergence import Divergence
from nnsim.engine.experiment import Experiment, ExperimentError, Learning
from nnsim.engine.fitting import check_fits, check_run
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.framing import Framing, parameters_at
from nnsim.engine.history import History
from nnsim.engine.marks import Grain, Marks
from nnsim.engine.moments import START, Moment
from nnsim.engine.replay import Replay
from nnsim.engine.run import Edit, ParameterSet, Run, Tuning
from nnsim.engine.searching import search
from nnsim.engine.stepping import Stops
from nnsim.engine.timeline import DEFAULT_LIMIT
from nnsim.engine.watching import Watch


class Simulation:
    """One network in training, at one moment of its run."""

    def __init__(self, source: Experiment | Run, memory_limit: int = DEFAULT_LIMIT) -> None:
        run = source if isinstance(source, Run) else Run(source)
        data = load_dataset(run.experiment.data)
        self.network = run.experiment.network(data.fed)
        if self.network.widths[-1] != data.targets.shape[1]:
            raise ExperimentError(f"layers: the output layer has {self.network.widths[-1]} neurons, but the data set "
                                  f"{data.name!r} has {data.targets.shape[1]} targets")
        check_run(run, self.network, data)
        self._replay = Replay(run, self.network, memory_limit)
        self._stops = Stops(run, self.network.sizes, self._replay.sizes)
        self._begin()

    @cached_property
    def dataset(self) -> Dataset:
        """What it is trained on."""
        return load_dataset(self.run_record.experiment.data)

    @property
    def moment(self) -> Moment:
        """Where the cursor stands."""
        return self._moment

    @property
    def run_record(self) -> Run:
        """What determines every moment: the experiment and the edits made on the way."""
        return self._replay.run

    @property
    def learning(self) -> Learning:
        """How the network learns at this moment."""
        return self.run_record.learning_at(self._moment.batch)

    @property
    def experiment(self) -> Experiment:
        """The experiment, with the learning of this moment."""
        return self.run_record.experiment_at(self._moment.batch)

    @property
    def batches(self) -> int:
        """Batches in an epoch."""
        return self._replay.batches

    @property
    def divergence(self) -> Divergence | None:
        """The divergence that ends this run, once it has been met."""
        return self._replay.divergence

    @property
    def history(self) -> History:
        """The losses of all that was visited."""
        return self._replay.history

    @property
    def replay(self) -> Replay:
        """What computes the run: for snapshots."""
        return self._replay

    @property
    def frame(self) -> Frame:
        """What may be seen at this moment."""
        return self.look(Wants())

    @property
    def batches_finished(self) -> int:
        """How many batches are finished at this moment."""
        return self._stops.finished(self._moment)

    def marks(self, batch: int) -> Marks:
        """The walk of a batch."""
        return self._stops.marks(batch)

    # moving

    def step(self, grain: Grain | str = Grain.BATCH, count: int = 1) -> None:
        """Move ``count`` stops of a grain on, or with a negative count back. Stops at the start, and before a divergence."""
        grain = Grain.named(grain) if isinstance(grain, str) else grain
        if grain >= Grain.BATCH:
            self.seek(self._stops.far(self._moment, grain, count))
            return
        for _ in range(abs(count)):
            moment = self._moment
            self.seek(self.next_stop(moment, grain) if count > 0 else self.previous_stop(moment, grain))
            if self._moment == moment:
                break

    def next_stop(self, moment: Moment, grain: Grain) -> Moment:
        """The first moment after ``moment`` that closes ``grain`` or more."""
        return self._stops.following(moment, grain)

    def previous_stop(self, moment: Moment, grain: Grain) -> Moment:
        """The last moment before ``moment`` that closes ``grain`` or more; the start if there is none."""
        return self._stops.preceding(moment, grain)

    def run(self, epochs: int | None = None, batches: int | None = None) -> None:
        """Full speed: on to the end of so many epochs, or so many batches. Stops at the last finite moment of a divergence."""
        if (epochs is None) == (batches is None):
            raise ValueError("say how far: epochs=... or batches=...")
        grain, count = (Grain.EPOCH, epochs) if epochs is not None else (Grain.BATCH, batches)
        if not count or count < 0:
            return
        self.seek(self._stops.far(self._moment, grain, count))
        if self.divergence and self._moment.batch >= self.divergence.batch:
            self.seek(Moment(self.divergence.batch, 0))

    def watch(self, breakpoints: Iterable[Breakpoint]) -> Watch:
        """The conditions among ``breakpoints``, ready to be watched in this run and its branches."""
        return Watch(breakpoints, self.network, self._replay.train.rows)

    def run_watching(self, watch: Watch, batches: int) -> ConditionBreakpoint | None:
        """Full speed for at most so many batches, to the end of the first that makes a condition of ``watch`` true.

        Returns that condition. Keep one ``watch`` for a run walked in slices; it notices when the cursor was elsewhere.
        """
        first = self.batches_finished
        found = search(self._replay, watch, first, first + batches)
        if found is None:
            self.run(batches=batches)
            return None
        self.seek(self._stops.end_of(found))
        return watch.met

    def seek(self, moment: Moment | tuple[int, int]) -> None:
        """Go to a moment, before or after. Raises ValueError if there is no such place.

        Past a divergence there is nothing: then go to the last finite moment, or stay in the batch that diverged.
        """
        batch, mark = moment
        if batch < 0 or not 0 <= mark <= self.marks(batch).count:
            raise ValueError(f"there is no moment {(batch, mark)}")
        goal = self._stops.canonical(Moment(batch, mark))
        if self._arrive(goal) or self.divergence is None or self._moment.batch == self.divergence.batch:
            return
        self._arrive(self._stops.canonical(Moment(self.divergence.batch, 0)))

    def approach(self, moment: Moment, most: int) -> bool:
        """Compute at most ``most`` batches of the way to a moment, without moving the cursor; True when ``seek`` is near."""
        return self._replay.approach(moment.batch, most)

    def rewind(self) -> None:
        """Back to the untouched network: the very same initial weights."""
        self.seek(START)

    def park(self, limit: int) -> None:
        """Stand at the start, and keep no more than the run, its losses, and so many bytes of states and branches.

        All else is made again when it is asked for; coming back to where the cursor stood takes as long as seeking there.
        """
        self._replay.remember()
        self._begin()
        self._replay.park(limit)
        for name in ("dataset", "_framing"):
            self.__dict__.pop(name, None)

    # changing

    def tune(self, learning: Learning) -> None:
        """Learn otherwise from here on: branches the run. Raises ExperimentError if it does not fit."""
        check_fits(self.experiment.replace(learning=learning), self.network, self.dataset)
        self._branch(Tuning(self.batches_finished, learning))

    def set_parameter(self, layer: int, row: int, neuron: int, value: float) -> None:
        """Set W[row, neuron] of a layer, or with ``row`` = its inputs the bias (all from 0). Branches the run here."""
        precision = self.run_record.experiment.precision
        if not abs(value) <= float(np.finfo(precision).max):
            raise ExperimentError(f"a weight must be a finite number, and one that {precision} can hold")
        if (layer, row, neuron) in self.learning.cut:
            raise ExperimentError("a weight that is cut stays 0: join it again first")
        self._branch(ParameterSet(self.batches_finished, self.network.index(layer, row, neuron), value))

    def become(self, run: Run, moment: Moment) -> None:
        """Be another run of the same structure at a moment, keeping all that the two share. Raises ValueError otherwise."""
        self._replay.become(run)
        self._stops = replace(self._stops, run=run)
        self._begin()
        self.seek(moment)

    def _branch(self, edit: Edit) -> None:
        # at a batch's end the edit stands before the next batch, and that is where it can be seen
        moment = Moment(edit.batch, 0) if edit.batch != self._moment.batch else self._moment
        self.become(self.run_record.branched(edit), moment)

    # looking

    def look(self, wants: Wants) -> Frame:
        """The frame of this moment, with what is asked for besides."""
        return self._framing.frame(self._moment, self.marks(self._moment.batch), self._trace, self._theta, wants)

    def predict(self, inputs: Array) -> Array:
        """Outputs (n, outputs) for ``inputs`` (n, inputs) in the data's own units, with the parameters of this moment."""
        rows = np.atleast_2d(np.asarray(inputs, float))
        inputs_wanted = len(self.dataset.input_names)
        if rows.ndim != 2 or rows.shape[1] != inputs_wanted:
            raise ValueError(f"the network takes {inputs_wanted} inputs a row, not an array of shape {np.shape(inputs)}")
        theta = parameters_at(self._moment.mark, self.marks(self._moment.batch), self._trace, self._theta, self.network)
        return predict(self.network, theta, self.dataset.scaled(rows))

    # inside

    @cached_property
    def _framing(self) -> Framing:
        return Framing(self._replay, self.network, self.dataset)

    def _begin(self) -> None:
        """Stand at the start of the run."""
        theta = self._replay.theta_before(0)
        assert theta is not None, "nothing comes before the untouched network"
        self._moment, self._theta = START, theta
        self._trace: Trace | None = None

    def _arrive(self, goal: Moment) -> bool:
        """Stand at a canonical moment; False, standing where we stood, if a divergence comes before it."""
        if goal.mark == 0:
            theta = self._replay.theta_before(goal.batch)
            if theta is None:
                return False
            self._theta, self._trace = theta, None
        elif self._trace is None or self._moment.batch != goal.batch:
            trace = self._replay.trace(goal.batch)
            if trace is None:
                return False
            self._trace = trace
        self._moment = goal
        return True
