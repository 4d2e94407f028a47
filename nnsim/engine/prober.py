"""Sending a probe through the network as it stands, apart from training.

The kernel computes it as a batch of one on buffers of its own, so its sums, outputs and deltas come from the same operations as
training's, and nothing of the run is disturbed. The result is a frame like any other, which diagram and equations can show; it says
that it is a probe, because a batch's means and a probe's own numbers are not the same. Dropout silences nothing here: it is for
training only.
"""

from dataclasses import replace

import numpy as np

from nnsim.core.datasets import Dataset
from nnsim.core.forward import with_ones
from nnsim.core.training import State, Trainer
from nnsim.engine.frame import Frame, Known
from nnsim.engine.kernel_terms import method
from nnsim.engine.marks import Marks
from nnsim.engine.probe import Probe

SPARE_ROWS = 64


class Prober:
    """Sends probes through a network; keeps its buffers from one probe to the next."""

    def __init__(self) -> None:
        self._trainer: Trainer | None = None
        self._spare: _Spare | None = None
        self._typed: tuple[Probe, Dataset, int] | None = None

    def frame(self, frame: Frame, probe: Probe) -> Frame:
        """The frame that shows ``probe`` with the parameters of ``frame``.

        With a target it stands after its loss, else after its outputs. The probe must fit the frame's data set.
        """
        dataset, row = (frame.dataset, probe.row) if probe.row is not None else self._with_row(frame.dataset, probe)
        how = replace(method(frame.experiment.learning), dropout=0.0, frozen=(), cut=())
        trainer = self._trainer
        if trainer is None or trainer.network != frame.network or trainer.method != how or trainer.dtype != frame.theta.dtype:
            trainer = self._trainer = Trainer(frame.network, how, frame.theta.dtype)
        before = State(frame.theta, {name: np.zeros_like(frame.theta) for name in trainer.stage.memory}, 0)
        trainer.load(before)
        rows = np.array([row])
        inputs = with_ones(dataset.scaled(dataset.inputs[rows]), trainer.dtype).T
        workspace = trainer.workspace(1)
        with np.errstate(all="ignore"):
            loss = workspace.run(inputs, np.ascontiguousarray(dataset.targets[rows].T, trainer.dtype))
            trace = workspace.trace(rows, inputs, loss, before)
        marks = Marks(frame.network.sizes, 1)
        mark = marks.at(marks.pass_length + (probe.row is not None))
        return replace(frame, dataset=dataset, mark=mark, marks=marks, known=Known.at(mark, frame.network), trace=trace,
                       parameters_updated=0, probe=probe, probed=None)

    def _with_row(self, dataset: Dataset, probe: Probe) -> tuple[Dataset, int]:
        """The data set with typed inputs as its last row; the same for the same probe."""
        if self._spare is None or self._spare.dataset is not dataset:
            self._spare, self._typed = _Spare(dataset), None
        if self._typed is None or self._typed[0] != probe:
            if self._spare.is_full:
                self._spare = _Spare(dataset)
            self._typed = probe, *self._spare.with_row(probe.inputs)
        return self._typed[1:]


class _Spare:
    """A data set with room for the rows of probes below its own, so that it is copied once for many of them.

    A row is written once: frames that show an earlier one keep theirs.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset, self._used = dataset, len(dataset.inputs)
        self._inputs, self._targets = (
            np.concatenate([array, np.zeros((SPARE_ROWS, array.shape[1]))]) for array in (dataset.inputs, dataset.targets))

    @property
    def is_full(self) -> bool:
        """Whether there is no room left."""
        return self._used == len(self._inputs)

    def with_row(self, inputs: tuple[float, ...]) -> tuple[Dataset, int]:
        """The data set with another row at its end, neither for training nor for testing, whose targets nobody knows."""
        row = self._used
        self._inputs[row] = inputs
        self._used += 1
        views = self._inputs[: row + 1], self._targets[: row + 1]
        for view in views:
            view.flags.writeable = False
        return replace(self.dataset, inputs=views[0], targets=views[1]), row
