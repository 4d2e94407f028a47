"""Making the frame of a moment: which parameters stand there, how good they are, and what was asked for besides.

It is apart from the simulation because looking changes nothing: whoever has a moment's trace and parameters can have its frame, as
often as wanted. It refuses to move the cursor.
"""

from dataclasses import replace

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.network import Network
from nnsim.core.trace import Trace
from nnsim.core.training import frozen
from nnsim.engine.frame import Frame, Known, Wants
from nnsim.engine.looking import Scanners
from nnsim.engine.marks import Grain, Mark, Marks
from nnsim.engine.moments import Moment
from nnsim.engine.prober import Prober
from nnsim.engine.replay import Replay


class Framing:
    """Frames of one simulation; keeps the buffers of what is asked for from one frame to the next."""

    def __init__(self, replay: Replay, network: Network, dataset: Dataset) -> None:
        self._replay, self._network, self._dataset = replay, network, dataset
        self._scanners = Scanners(network, dataset)
        self._prober = Prober()

    def frame(self, moment: Moment, marks: Marks, trace: Trace | None, standing: Array, wants: Wants) -> Frame:
        """The frame of a moment in a batch with these ``marks``. ``trace``: the batch's; None where it has not begun, and there
        (parameters,) ``standing`` are the parameters."""
        (batch, number), replay, dataset = moment, self._replay, self._dataset
        mark = mark_at(moment, marks, replay.batches)
        theta = parameters_at(number, marks, trace, standing, self._network)
        experiment = replay.run.experiment_at(batch)
        probe = wants.probe if wants.probe and wants.probe.fits(dataset) else None
        held = self._held(wants, mark, trace)
        loss = experiment.learning.loss
        # half an update leaves parameters that no batch is ever trained with: what they are worth is not asked
        half_new = trace is not None and 0 < number - marks.update_start < self._network.parameter_count
        scored = trace.before if trace is not None and half_new else theta
        train, test = replay.train.score(scored, loss), replay.test.score(scored, loss) if replay.test else None
        train_outputs, test_outputs = (
            frozen(part.outputs(scored).T) if part and wants.predictions else None for part in (replay.train, replay.test))
        frame = Frame(
            experiment=experiment, network=self._network, dataset=dataset, moment=moment, mark=mark, marks=marks,
            epoch=batch // replay.batches, batch=batch % replay.batches, batches=replay.batches,
            known=Known.at(mark, self._network), trace=trace, theta=theta, train=train, test=test, history=replay.history.curves(),
            parameters_updated=max(0, number - marks.update_start), divergence=replay.divergence,
            surface=self._scanners.scan(wants.surface, wants.axes, theta, held, False),
            maps=self._scanners.scan(wants.maps, wants.axes, theta, held, True),
            train_outputs=train_outputs, test_outputs=test_outputs,
            extent=(replay.history.batch_loss.end, replay.history.epochs.end - 1),
            memory_bytes=replay.memory_bytes, memory_limit=replay.timeline.limit,
        )
        return replace(frame, probed=self._prober.frame(frame, probe)) if probe else frame

    def _held(self, wants: Wants, mark: Mark | None, trace: Trace | None) -> Array:
        """(inputs,) where surface and maps hold the inputs that do not run."""
        inputs, probe = self._dataset.inputs, wants.probe
        if not wants.hold_mean:
            if probe and probe.fits(self._dataset):
                return np.asarray(probe.inputs) if probe.row is None else inputs[probe.row]
            if trace and mark and mark.sample is not None:
                return np.asarray(inputs[trace.rows[mark.sample]])
        return np.asarray(inputs[self._dataset.train].mean(axis=0))


def mark_at(moment: Moment, marks: Marks, batches: int) -> Mark | None:
    """The mark of a moment; the last one of an epoch of so many ``batches`` closes that, too. None before a batch's first."""
    mark = marks.at(moment.mark) if moment.mark else None
    if mark and moment.mark == marks.count and (moment.batch + 1) % batches == 0:
        return mark._replace(closes=Grain.EPOCH)
    return mark


def parameters_at(number: int, marks: Marks, trace: Trace | None, standing: Array, network: Network) -> Array:
    """(parameters,) as they stand at mark ``number`` of a batch: in the update, those that its walk has passed are new.

    ``trace``: the batch's; None where it has not begun, and there they are those ``standing``.
    """
    if trace is None:
        return standing
    if number <= marks.update_start:
        return trace.before
    if number == marks.count:
        return trace.after
    mark = marks.at(number)
    assert mark.layer is not None and mark.neuron is not None and mark.term is not None
    theta = trace.before.copy()
    layers = zip(network.layers(theta), network.layers(trace.after), strict=True)
    for layer, (mixed, after) in enumerate(layers):
        if layer < mark.layer:
            mixed[:] = after
        elif layer == mark.layer:
            mixed[:, : mark.neuron] = after[:, : mark.neuron]
            mixed[: mark.term + 1, mark.neuron] = after[: mark.term + 1, mark.neuron]
    theta.flags.writeable = False
    return theta
