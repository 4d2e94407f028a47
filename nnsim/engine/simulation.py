"""A run and a cursor in its time. Stepping, playing, full speed and going back are one verb: move the cursor to a stop.

Moving the cursor brings the replay to the batch under it and takes that batch's trace; finer steps only change what a ``Frame``
may show of that trace. It refuses threads, clocks and files.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.forward import predict, with_ones
from nnsim.core.trace import Trace
from nnsim.core.training import frozen
from nnsim.engine.breakpoints import Breakpoint, ConditionBreakpoint
from nnsim.engine.data import load_dataset
from nnsim.engine.divergence import Divergence
from nnsim.engine.experiment import Experiment, ExperimentError, Learning
from nnsim.engine.fitting import check_fits, check_run
from nnsim.engine.frame import Frame, Known, Wants
from nnsim.engine.history import History
from nnsim.engine.looking import Scanners
from nnsim.engine.marks import Grain, Mark, Marks
from nnsim.engine.moments import START, Moment
from nnsim.engine.prober import Prober
from nnsim.engine.replay import Replay
from nnsim.engine.run import Edit, ParameterSet, Run, Tuning
from nnsim.engine.timeline import DEFAULT_LIMIT
from nnsim.engine.watching import Watch


class Simulation:
    """One network in training, at one moment of its run."""

    def __init__(self, source: Experiment | Run, memory_limit: int = DEFAULT_LIMIT) -> None:
        run = source if isinstance(source, Run) else Run(source)
        data = load_dataset(run.experiment.data)
        self.dataset = data
        self.network = run.experiment.network(data.inputs.shape[1])
        if self.network.widths[-1] != data.targets.shape[1]:
            raise ExperimentError(f"layers: the output layer has {self.network.widths[-1]} neurons, but the data set "
                                  f"{data.name!r} has {data.targets.shape[1]} targets")
        check_run(run, self.network, data)
        self._replay = Replay(run, data, self.network, memory_limit)
        self._scanners = Scanners(self.network, data)
        self._prober = Prober()
        self._trace: Trace | None = None
        self._theta = self._replay.theta_before(0)
        self._moment = START

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
        batch, mark = self._moment
        return batch + (mark == self.marks(batch).count)

    def marks(self, batch: int) -> Marks:
        """The walk of a batch."""
        return Marks(self.network.sizes, self._replay.sizes[batch % self.batches])

    # moving

    def step(self, grain: Grain | str = Grain.BATCH, count: int = 1) -> None:
        """Move ``count`` stops of a grain on, or with a negative count back. Stops at the start, and before a divergence."""
        grain = Grain.named(grain) if isinstance(grain, str) else grain
        if grain >= Grain.BATCH:
            self.seek(self._far_stop(grain, count))
            return
        for _ in range(abs(count)):
            moment = self._moment
            self.seek(self.next_stop(moment, grain) if count > 0 else self.previous_stop(moment, grain))
            if self._moment == moment:
                break

    def next_stop(self, moment: Moment, grain: Grain) -> Moment:
        """The first moment after ``moment`` that closes ``grain`` or more."""
        batch, mark = moment
        if grain == Grain.EPOCH:
            return self._end_of((self._finished(moment) // self.batches + 1) * self.batches - 1)
        stop = self.marks(batch).next_stop(mark, grain)
        if stop is None:
            batch, stop = batch + 1, self.marks(batch + 1).next_stop(0, grain) or 0
        return Moment(batch, stop)

    def previous_stop(self, moment: Moment, grain: Grain) -> Moment:
        """The last moment before ``moment`` that closes ``grain`` or more; the start if there is none."""
        batch, mark = moment
        if grain == Grain.EPOCH:
            begun = batch + (mark > 0)
            return self._end_of((begun - 1) // self.batches * self.batches - 1)
        if mark == 0:
            return self._end_of(batch - 1)
        return self._canonical(Moment(batch, self.marks(batch).previous_stop(mark, grain)))

    def run(self, epochs: int | None = None, batches: int | None = None) -> None:
        """Full speed: on to the end of so many epochs, or so many batches. Stops at the last finite moment of a divergence."""
        if (epochs is None) == (batches is None):
            raise ValueError("say how far: epochs=... or batches=...")
        grain, count = (Grain.EPOCH, epochs) if epochs is not None else (Grain.BATCH, batches)
        if not count or count < 0:
            return
        self.seek(self._far_stop(grain, count))
        if self.divergence and self._moment.batch >= self.divergence.batch:
            self.seek(Moment(self.divergence.batch, 0))

    def watch(self, breakpoints: Iterable[Breakpoint]) -> Watch:
        """The conditions among ``breakpoints``, ready to be watched in this run and its branches."""
        rows = self.dataset.scaled(self.dataset.inputs[self.dataset.train])
        return Watch(breakpoints, self.network, with_ones(rows, np.dtype(self.run_record.experiment.precision)))

    def run_watching(self, watch: Watch, batches: int) -> ConditionBreakpoint | None:
        """Full speed for at most so many batches, to the end of the first that makes a condition of ``watch`` true.

        Returns that condition. Keep one ``watch`` for a run walked in slices; it notices when the cursor was elsewhere.
        """
        first = self.batches_finished
        found = self._replay.search(watch, first, first + batches)
        if found is None:
            self.run(batches=batches)
            return None
        self.seek(self._end_of(found))
        return watch.met

    def seek(self, moment: Moment | tuple[int, int]) -> None:
        """Go to a moment, before or after. Raises ValueError if there is no such place.

        Past a divergence there is nothing: then go to the last finite moment, or stay in the batch that diverged.
        """
        batch, mark = moment
        if batch < 0 or not 0 <= mark <= self.marks(batch).count:
            raise ValueError(f"there is no moment {(batch, mark)}")
        goal = self._canonical(Moment(batch, mark))
        if self._arrive(goal) or self.divergence is None or self._moment.batch == self.divergence.batch:
            return
        self._arrive(self._canonical(Moment(self.divergence.batch, 0)))

    def approach(self, moment: Moment, most: int) -> bool:
        """Compute at most ``most`` batches of the way to a moment, without moving the cursor; True when ``seek`` is near."""
        return self._replay.approach(moment.batch, most)

    def rewind(self) -> None:
        """Back to the untouched network: the very same initial weights."""
        self.seek(START)

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
        self._trace = None
        self._moment = START
        self._theta = self._replay.theta_before(0)
        self.seek(moment)

    def _branch(self, edit: Edit) -> None:
        # at a batch's end the edit stands before the next batch, and that is where it can be seen
        moment = Moment(edit.batch, 0) if edit.batch != self._moment.batch else self._moment
        self.become(self.run_record.branched(edit), moment)

    # looking

    def look(self, wants: Wants) -> Frame:
        """The frame of this moment, with what is asked for besides."""
        batch, number = self._moment
        marks = self.marks(batch)
        mark = marks.at(number) if number else None
        if mark and number == marks.count and (batch + 1) % self.batches == 0:
            mark = mark._replace(closes=Grain.EPOCH)
        trace, theta, loss = self._trace, self._theta_at(mark, number - marks.update_start), self.learning.loss
        probe = wants.probe if wants.probe and wants.probe.fits(self.dataset) else None
        held = self.dataset.inputs[trace.rows[mark.sample]] if trace and mark and mark.sample is not None else None
        if probe:
            held = np.asarray(probe.inputs) if probe.row is None else self.dataset.inputs[probe.row]
        if wants.hold_mean or held is None:
            held = self.dataset.inputs[self.dataset.train].mean(axis=0)
        replay = self._replay
        train, test = replay.train.score(theta, loss), replay.test.score(theta, loss) if replay.test else None
        train_outputs, test_outputs = (
            frozen(part.outputs(theta).T) if part and wants.predictions else None for part in (replay.train, replay.test))
        frame = Frame(
            experiment=self.experiment, network=self.network, dataset=self.dataset, moment=self._moment, mark=mark, marks=marks,
            epoch=batch // self.batches, batch=batch % self.batches, batches=self.batches, known=Known.at(mark, self.network),
            trace=trace, theta=theta, train=train, test=test, history=self.history.curves(),
            parameters_updated=max(0, number - marks.update_start), divergence=self.divergence,
            surface=self._scanners.scan(wants.surface, wants.axes, theta, held, False),
            maps=self._scanners.scan(wants.maps, wants.axes, theta, held, True),
            train_outputs=train_outputs, test_outputs=test_outputs,
            extent=(self.history.batch_loss.end, self.history.epochs.end - 1),
            memory_bytes=replay.timeline.nbytes, memory_limit=replay.timeline.limit,
        )
        return replace(frame, probed=self._prober.frame(frame, probe)) if probe else frame

    def predict(self, inputs: Array) -> Array:
        """Outputs (n, outputs) for ``inputs`` (n, inputs) in the data's own units, with the parameters of this moment."""
        rows = np.atleast_2d(np.asarray(inputs, float))
        if rows.ndim != 2 or rows.shape[1] != self.network.inputs:
            raise ValueError(f"the network takes {self.network.inputs} inputs a row, not an array of shape {np.shape(inputs)}")
        batch, number = self._moment
        marks = self.marks(batch)
        theta = self._theta_at(marks.at(number) if number else None, number - marks.update_start)
        return predict(self.network, theta, self.dataset.scaled(rows))

    def _theta_at(self, mark: Mark | None, updated: int) -> Array:
        """The parameters as they stand at a mark: in the update, the first ``updated`` of its walk are new."""
        if mark is None or self._trace is None:
            assert self._theta is not None
            return self._theta
        if mark.phase != "update" or updated <= 0:
            return self._trace.before
        if updated == self.network.parameter_count:
            return self._trace.after
        assert mark.layer is not None and mark.neuron is not None and mark.term is not None
        theta = self._trace.before.copy()
        layers = zip(self.network.layers(theta), self.network.layers(self._trace.after), strict=True)
        for layer, (mixed, after) in enumerate(layers):
            if layer < mark.layer:
                mixed[:] = after
            elif layer == mark.layer:
                mixed[:, : mark.neuron] = after[:, : mark.neuron]
                mixed[: mark.term + 1, mark.neuron] = after[: mark.term + 1, mark.neuron]
        theta.flags.writeable = False
        return theta

    # inside

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

    def _far_stop(self, grain: Grain, count: int) -> Moment:
        """The stop ``count`` batches or epochs away."""
        if not count:
            return self._moment
        near = self.next_stop(self._moment, grain) if count > 0 else self.previous_stop(self._moment, grain)
        if abs(count) == 1 or near == START:
            return near
        if grain == Grain.BATCH and count < 0 and self.run_record.edits:
            # on the way back the place of an edit is a stop of its own, so the batches cannot just be counted
            for _ in range(-count - 1):
                near = self.previous_stop(near, grain)
            return near
        size = self.batches if grain == Grain.EPOCH else 1
        return self._end_of(self._finished(near) - 1 + (count - (1 if count > 0 else -1)) * size)

    def _finished(self, moment: Moment) -> int:
        return moment.batch + (moment.mark == self.marks(moment.batch).count)

    def _canonical(self, moment: Moment) -> Moment:
        """The end of a batch is its last mark; a later batch's mark 0 is a place of its own only where an edit stands."""
        if moment.mark == 0 and moment.batch > 0 and not self.run_record.edits_at(moment.batch):
            return self._end_of(moment.batch - 1)
        return moment

    def _end_of(self, batch: int) -> Moment:
        return Moment(batch, self.marks(batch).count) if batch >= 0 else START
