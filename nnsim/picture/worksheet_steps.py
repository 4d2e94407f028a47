"""A batch's steps for paper: every number that the next one needs has a step of its own, and no sum is cut short.

It is apart from the protocol, which is a table of the places where a walk can stop and tells each in one line. Here a neuron's sum,
its output, what arrives at it, its slope and its delta are steps of their own, and so are every parameter's gradient and each line
of its update. It refuses to shorten: of a batch that is too long for paper, single layers can be written, and it says what is
missing.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from nnsim.core.activations import Array
from nnsim.core.losses import LOSSES
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Phase
from nnsim.engine.moments import Moment
from nnsim.picture import numbers
from nnsim.picture.batch_facts import batch_title, network_facts
from nnsim.picture.caption_parts import Number
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.protocol_line import Line, Row, added
from nnsim.picture.protocol_neuron import NeuronLines
from nnsim.picture.worksheet_backward import BackwardLines
from nnsim.picture.worksheet_forward import ForwardLines
from nnsim.picture.worksheet_update import UpdateLines


class WorksheetSteps:
    """The steps of a frame's whole batch, also of what the moment does not know yet; none where there is no batch.

    ``layer``: only the steps of this layer (from 0), and the losses. ``digits`` as in a caption.
    """

    def __init__(self, frame: Frame, layer: int | None = None, digits: int | None = 3) -> None:
        self.frame, self.layer = frame, layer
        self._rounding = Rounding(digits)
        self._layers = list(range(frame.network.depth)) if layer is None else [layer]

    @property
    def title(self) -> str:
        """What the steps are of."""
        return batch_title(self.frame)

    @property
    def facts(self) -> tuple[str, ...]:
        """The network's shape, how it learns, what is rounded, and what is left out, in sentences."""
        frame, learning, network = self.frame, self.frame.experiment.learning, self.frame.network
        facts = [
            *network_facts(frame),
            f"{numbers.count(frame.marks.samples, 'sample')} in this batch, {numbers.count(len(self), 'step')}. The sign ≈ stands "
            "before every result that is rounded; what is computed from rounded numbers can differ in the last digit.",
        ]
        if learning.optimizer != "perceptron":
            facts.append(f"L is the mean of the samples’ losses, so every δ = ∂L/∂z already holds its share 1/{self._count}, and a "
                         "gradient is the plain sum over the samples.")
        if self.layer is not None:
            others = numbers.listed(f"L{each + 1}" for each in range(network.depth) if each != self.layer)
            whole = WorksheetSteps(frame)
            facts.append(f"Only the steps of L{self.layer + 1} and the losses are written here. Left out: {others}, since the "
                         f"whole batch has {numbers.count(len(whole), 'step')}. What L{self.layer + 1} needs of them stands in its "
                         "steps.")
        return tuple(facts)

    @property
    def _count(self) -> int:
        """What the loss divides by: samples, or samples times outputs."""
        network = self.frame.network
        return LOSSES[self.frame.experiment.learning.loss].count(network.widths[-1], self.frame.marks.samples)

    def __len__(self) -> int:
        if self.frame.trace is None:
            return 0
        widths, layers = self.frame.network.widths, self._layers
        a_sample = sum(widths[layer] * (self._forward.count(layer) + self._backward.count(layer)) for layer in layers) + 1
        return self.frame.trace.samples * a_sample + 1 + sum(self._update.count(layer) for layer in layers)

    def __iter__(self) -> Iterator[Row]:
        if self.frame.trace is not None:
            for number, row in enumerate(self._steps(self.frame.trace), 1):
                yield replace(row, number=number)

    @cached_property
    def _lines(self) -> NeuronLines:
        assert self.frame.trace is not None
        return NeuronLines(self.frame, self.frame.trace, self._rounding)

    @cached_property
    def _forward(self) -> ForwardLines:
        return ForwardLines(self._lines)

    @cached_property
    def _backward(self) -> BackwardLines:
        return BackwardLines(self._lines)

    @cached_property
    def _update(self) -> UpdateLines:
        return UpdateLines(self._lines)

    def _steps(self, trace: Trace) -> Iterator[Row]:
        marks = self.frame.marks
        for sample in range(trace.samples):
            place, start = f"sample {sample + 1}", sample * marks.sample_length
            for layer in self._layers:
                for neuron, line in self._forward.layer(layer, sample):
                    yield self._row("forward", f"{place}, L{layer + 1}, neuron {neuron + 1}", line, start + marks.pass_length)
            yield self._row("loss", place, self._lines.loss(sample, None), start + marks.pass_length + 1)
            if sample == trace.samples - 1:
                yield self._row("loss", "batch", self._mean(trace.losses, trace.loss), start + marks.pass_length + 1)
            for layer in reversed(self._layers):
                for neuron, line in self._backward.layer(layer, sample):
                    yield self._row("backward", f"{place}, L{layer + 1}, neuron {neuron + 1}", line, start + marks.sample_length)
        for layer in self._layers:
            for neuron, line in self._update.layer(layer):
                yield self._row("update", f"L{layer + 1}, neuron {neuron + 1}", line, marks.count)

    def _row(self, phase: Phase, place: str, line: Line, mark: int) -> Row:
        moment = Moment(self.frame.moment.batch, mark)
        return Row(0, phase, place, place, line.what, line.given, line.between, line.result, moment)

    def _mean(self, losses: Array, loss: float) -> Line:
        """The batch's loss."""
        given = added([self._rounding.small(float(each), False) for each in losses])
        result = Number(self._rounding.small(loss, False), loss)
        return Line("L = mean of the samples’ losses", f"({given}) / {len(losses)}", "", result)


def layers_within(frame: Frame, most: int) -> list[int]:
    """The layers (from 0) whose steps alone are at most ``most``."""
    return [layer for layer in range(frame.network.depth) if len(WorksheetSteps(frame, layer)) <= most]


