"""Sending a probe through the network as it stands, apart from training.

The kernel computes it as a batch of one on buffers of its own, so its sums, outputs and deltas come from the same operations as
training's, and nothing of the run is disturbed. The result is a frame like any other, which diagram and equations can show; it says
that it is a probe, because a batch's means and a probe's own numbers are not the same. Dropout silences nothing here: it is for
training only.
"""

from dataclasses import replace

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.forward import with_ones
from nnsim.core.training import State, Trainer, frozen
from nnsim.engine.frame import Frame, Known
from nnsim.engine.marks import Marks
from nnsim.engine.probe import Probe
from nnsim.engine.replay import method


class Prober:
    """Sends probes through a network; keeps its buffers from one probe to the next."""

    def __init__(self) -> None:
        self._trainer: Trainer | None = None

    def frame(self, frame: Frame, probe: Probe) -> Frame:
        """The frame that shows ``probe`` with the parameters of ``frame``.

        With a target it stands after its loss, else after its outputs. The probe must fit the frame's data set.
        """
        dataset, row = (frame.dataset, probe.row) if probe.row is not None else _with_row(frame.dataset, probe.inputs)
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


def _with_row(dataset: Dataset, inputs: tuple[float, ...]) -> tuple[Dataset, int]:
    """The data set with one more row, which is neither for training nor for testing and whose targets nobody knows."""
    nothing: Array = np.zeros((1, dataset.targets.shape[1]))
    more = replace(dataset, inputs=frozen(np.vstack([dataset.inputs, [inputs]])),
                   targets=frozen(np.vstack([dataset.targets, nothing])))
    return more, len(dataset.inputs)
