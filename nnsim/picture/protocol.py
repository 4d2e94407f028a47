"""A batch as a protocol: a table of its steps, each with its place, its arithmetic and its result.

A row is made when it is asked for, from the trace's own numbers: a batch of digits has 180,000 of them at the finest grain, and a
table shows thirty. What the moment does not know yet is "?". It refuses to list, and to know a table's widget or a file.
"""

from collections.abc import Iterator

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain, Mark, Phase
from nnsim.engine.moments import Moment
from nnsim.picture import numbers
from nnsim.picture.batch_facts import batch_title, network_facts
from nnsim.picture.caption_curve import call
from nnsim.picture.caption_parts import Number, unknown
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.caption_text import plain
from nnsim.picture.protocol_count import RowCount
from nnsim.picture.protocol_line import MOST_PARTS, Line, Row, added, vector
from nnsim.picture.protocol_neuron import NeuronLines
from nnsim.picture.targets import NeuronTarget

__all__ = ["Protocol", "Row"]


class Protocol:
    """The rows of a frame's batch at a grain, numbered from 0.

    ``digits`` as in a caption. ``whole``: all that the batch computes, also what the moment does not know yet, for files.
    """

    def __init__(self, frame: Frame, grain: Grain = Grain.NEURON, digits: int | None = 3, whole: bool = False) -> None:
        self.frame, self.grain = frame, min(grain, Grain.BATCH)
        self._rounding = Rounding(digits)
        self._rows = RowCount(frame.marks, self.grain)
        self._here = 0 if frame.trace is None else frame.marks.count if whole else frame.moment.mark

    def __len__(self) -> int:
        return self._rows.count

    def moment_of(self, row: int) -> Moment:
        """The moment a row stands for. Raises IndexError."""
        return Moment(self.frame.moment.batch, self._rows.mark_of(row))

    @property
    def current(self) -> int | None:
        """The row that holds the frame's moment; None before the batch's first step."""
        return self._rows.row_of(self.frame.moment.mark)

    @property
    def title(self) -> str:
        """What the protocol is of."""
        return batch_title(self.frame)

    @property
    def facts(self) -> tuple[str, ...]:
        """The network's shape, how it learns, and which samples the batch holds, in sentences."""
        frame = self.frame
        return (
            *network_facts(frame),
            f"{numbers.count(frame.marks.samples, 'sample')} in this batch, {numbers.count(len(self), 'step')} "
            f"by {self.grain.name.lower()}. Factors are rounded, so that a result can differ in the last digit.",
        )

    def row(self, row: int) -> Row:
        """A row. Raises IndexError."""
        number = self._rows.mark_of(row)
        mark, trace = self.frame.marks.at(number), self.frame.trace
        places, moment = (self._place(mark), self._short_place(mark)), Moment(self.frame.moment.batch, number)
        # of a whole sample or batch the row tells the loss
        tells_loss = self.grain == Grain.BATCH or (self.grain == Grain.SAMPLE and mark.sample is not None)
        phase: Phase = "loss" if tells_loss else mark.phase
        if trace is None or self._due(number, mark) > self._here:
            return Row(row + 1, phase, *places, "", "", "", unknown(), moment)
        line = self._line(number, mark, trace)
        return Row(row + 1, phase, *places, line.what, line.given, line.between, line.result, moment)

    def __iter__(self) -> Iterator[Row]:
        return (self.row(row) for row in range(len(self)))

    def _due(self, number: int, mark: Mark) -> int:
        """The mark from which on a row's result is known."""
        marks = self.frame.marks
        if self.grain == Grain.BATCH:
            return marks.update_start - marks.pass_length
        if self.grain == Grain.SAMPLE and mark.sample is not None:
            return number - marks.pass_length
        softmax = mark.layer is not None and self.frame.network.activations[mark.layer] == "softmax"
        if softmax and mark.phase == "forward" and mark.term is None:
            # no share is known before the layer's last sum is
            return marks.block(number, Grain.LAYER)[1]
        return number

    def _place(self, mark: Mark) -> str:
        if self.grain == Grain.BATCH:
            return f"batch {self.frame.batch + 1}, epoch {self.frame.epoch + 1}"
        words = [] if mark.sample is None else [f"sample {mark.sample + 1}"]
        if mark.layer is not None and self.grain <= Grain.LAYER:
            words.append(f"L{mark.layer + 1}")
        if mark.neuron is not None and self.grain <= Grain.NEURON:
            words.append(f"neuron {mark.neuron + 1}")
        if mark.layer is not None and self.grain == Grain.TERM:
            words.append(self._term(mark, mark.layer))
        return ", ".join(words) or "all layers"

    def _short_place(self, mark: Mark) -> str:
        words = [] if mark.sample is None else [f"{mark.sample + 1}"]
        if mark.layer is not None and self.grain <= Grain.LAYER:
            neuron = f"·{(mark.neuron or 0) + 1}" if self.grain <= Grain.NEURON else ""
            words.append(f"L{mark.layer + 1}{neuron}")
            if self.grain == Grain.TERM:
                words.append(self._term(mark, mark.layer))
        return " · ".join(words) or "all"

    def _term(self, mark: Mark, layer: int) -> str:
        if mark.term is None:
            return "output" if mark.phase == "forward" else "delta"
        return "bias" if mark.term == self.frame.network.sizes[layer] else f"{mark.term + 1}"

    def _line(self, number: int, mark: Mark, trace: Trace) -> Line:
        lines = NeuronLines(self.frame, trace, self._rounding)
        if self.grain == Grain.BATCH:
            return self._batch(trace)
        if mark.sample is not None and (mark.phase == "loss" or self.grain == Grain.SAMPLE):
            return lines.loss(mark.sample)
        if self.grain == Grain.TERM:
            return lines.term(number, mark)
        if self.grain == Grain.NEURON:
            return lines.neuron(number, mark)
        if mark.phase == "update":
            return self._most_moved(number, mark, trace, lines)
        assert mark.layer is not None and mark.sample is not None
        arrays = trace.outputs if mark.phase == "forward" else trace.deltas
        if len(arrays[mark.layer]) == 1:
            return lines.neuron(number, mark)
        return self._layer(mark.phase, mark.layer, arrays[mark.layer][:, mark.sample])

    def _layer(self, phase: str, layer: int, values: Array) -> Line:
        """A layer's outputs or deltas; the largest of them stands for all."""
        forward = phase == "forward"
        show = self._rounding.fixed if forward else self._rounding.small
        largest = int(np.argmax(np.abs(np.nan_to_num(values, nan=np.inf))))
        value = float(values[largest])
        rule = f"a = {plain(call(self.frame.network.activations[layer], 'Wᵀx + b'))}" if forward else "δ = ∂L/∂z"
        what = f"{rule}, largest of {numbers.whole(len(values))}: neuron {largest + 1}"
        texts = [show(float(each)) for each in values[:MOST_PARTS]]
        return Line(what, "", vector(texts, len(values)), Number(show(value), value, NeuronTarget(layer, largest)))

    def _most_moved(self, number: int, mark: Mark, trace: Trace, lines: NeuronLines) -> Line:
        """The update of a layer, or of all layers: the parameter that moves most stands for all."""
        moved = self.frame.network.layers(np.nan_to_num(np.abs(trace.after - trace.before)))
        assert mark.layer is not None
        layers = [mark.layer] if self.grain == Grain.LAYER else list(range(len(moved)))
        layer = max(layers, key=lambda each: float(moved[each].max()))
        row, neuron = np.unravel_index(int(moved[layer].argmax()), moved[layer].shape)
        line = lines.parameter(number, mark._replace(layer=layer, neuron=int(neuron)), int(row))
        count = sum(moved[each].size for each in layers)
        where = "" if self.grain == Grain.LAYER else f"L{layer + 1} "
        return Line(f"largest step of {numbers.count(count, 'parameter')}: {where}{line.what}", *_rest(line))

    def _batch(self, trace: Trace) -> Line:
        """The batch's loss."""
        texts = [self._rounding.small(float(loss), False) for loss in trace.losses[:MOST_PARTS]]
        more = " + …" if trace.samples > len(texts) else ""
        result = Number(self._rounding.small(trace.loss, False), trace.loss)
        return Line("L = mean of the samples’ losses", f"({added(texts)}{more}) / {trace.samples}", "", result)


def _rest(line: Line) -> tuple[str, str, Number]:
    return line.given, line.between, line.result
