"""The protocol's rows about one neuron or one of its terms, in every phase, and about a sample's loss.

They say in one line what the captions say in a panel, and take rules and arithmetic from there. A row is written for the moment
it stands for, so it does not matter where in the batch the cursor is. It refuses to say what a moment does not know yet: whoever
asks for a line has made sure.
"""

from dataclasses import replace

import numpy as np

from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame, Known
from nnsim.engine.marks import Mark
from nnsim.engine.moments import Moment
from nnsim.picture import numbers
from nnsim.picture.caption_chain import ChainRule
from nnsim.picture.caption_curve import call
from nnsim.picture.caption_loss import loss_caption
from nnsim.picture.caption_optimizers import FORMULAS
from nnsim.picture.caption_parts import Number
from nnsim.picture.caption_place import Place, entering, layer_before
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.caption_text import plain
from nnsim.picture.caption_update import UpdateStep
from nnsim.picture.protocol_line import MOST_PARTS, Line, added, guarded, weighted_sum
from nnsim.picture.targets import EdgeTarget, NeuronTarget


class NeuronLines:
    """Lines about neurons of one batch, of which ``trace`` knows everything."""

    def __init__(self, frame: Frame, trace: Trace, rounding: Rounding) -> None:
        self.frame, self.trace, self.rounding = frame, trace, rounding

    def neuron(self, number: int, mark: Mark) -> Line:
        """A neuron as a whole, at the mark that closes it."""
        if mark.phase == "forward":
            return self._output(mark, self._sum(mark))
        return self._delta(number, mark) if mark.phase == "backward" else self.parameter(number, mark, None)

    def term(self, number: int, mark: Mark) -> Line:
        """One term of a neuron."""
        if mark.phase == "update":
            return self.parameter(number, mark, mark.term)
        if mark.phase == "forward":
            return self._output(mark, self._products(mark)) if mark.term is None else self._product(mark, mark.term)
        return self._delta(number, mark) if mark.term is None else self._gradient(mark, mark.term)

    def loss(self, sample: int, most: int | None = MOST_PARTS) -> Line:
        """The loss of a sample, of many outputs the first ``most``; None: all of them."""
        number = sample * self.frame.marks.sample_length + self.frame.marks.pass_length + 1
        # all rows: the sample's own class may be among the last
        caption = loss_caption(self.frame_at(number), self.trace, sample, self.rounding, None)
        assert caption.loss is not None
        rows = caption.loss.rows
        # of a mean over the outputs each has its part; of a cross-entropy only that of the sample's own class is not 0
        marked = [row for row in rows if row.state == "working" and not caption.loss.is_mean] or list(rows)
        shown = [row.arithmetic for row in marked[:most] if row.arithmetic]
        if len(marked) == 1:
            given = "".join(shown)
        else:
            these = numbers.listed((*shown, "…") if len(marked) > len(shown) else shown)
            given = f"{caption.loss.label.partition(':')[0]} of {these}"
        return Line(plain(caption.formulas[0]), given, "", caption.loss.total)

    def parameter(self, number: int, mark: Mark, term: int | None) -> Line:
        """A weight's update; with ``term`` None that of the neuron's weight that moves most."""
        layer, neuron = self._neuron(mark)
        step = UpdateStep(self.frame_at(number), self.trace, Place(layer, neuron, term, True), self.rounding)
        caption = step.caption()
        *_, way, last = caption.lines
        name = f"b[{neuron + 1}]" if step.is_bias else f"W[{step.row + 1},{neuron + 1}]"
        moves = f"{name}: " if term is not None else f"{name} moves most of {numbers.whole(step.inputs + 1)}: "
        rule = plain(FORMULAS[self.frame.experiment.learning.optimizer])
        return Line(moves + rule, f"step = {way.arithmetic}", f" = {way.number.text}, {last.arithmetic}", last.number)

    def frame_at(self, number: int) -> Frame:
        """The frame as it knows the batch at another of its marks."""
        mark = self.frame.marks.at(number)
        moment = Moment(self.frame.moment.batch, number)
        return replace(self.frame, moment=moment, mark=mark, known=Known.at(mark, self.frame.network))

    def _neuron(self, mark: Mark) -> tuple[int, int]:
        assert mark.layer is not None and mark.neuron is not None, "a loss belongs to no neuron"
        return mark.layer, mark.neuron

    def _inputs(self, mark: Mark) -> tuple[list[float], list[float]]:
        """What enters the neuron in the sample, a 1 for the bias last, and the weights it meets."""
        layer, neuron = self._neuron(mark)
        x = entering(self.frame, self.trace, layer)[:, mark.sample].tolist()
        return [*x, 1.0], layer_before(self.frame, self.trace, layer)[:, neuron].tolist()

    def _sum(self, mark: Mark) -> str:
        inputs, weights = self._inputs(mark)
        return weighted_sum(np.array(inputs[:-1]), np.array(weights), self.rounding)

    def _products(self, mark: Mark) -> str:
        """The sum of the products that the rows before have shown."""
        products = [x * w for x, w in zip(*self._inputs(mark), strict=True)]
        texts = [self.rounding.fixed(product) for product in products[:MOST_PARTS]]
        return added(texts) + (f" + … ({numbers.whole(len(products))} products)" if len(products) > len(texts) else "")

    def _output(self, mark: Mark, given: str) -> Line:
        layer, neuron = self._neuron(mark)
        name = self.frame.network.activations[layer]
        z, a = (float(each[layer][neuron, mark.sample]) for each in (self.trace.sums, self.trace.outputs))
        shown = self.rounding.fixed(z, False)
        result = Number(self.rounding.fixed(a), a, NeuronTarget(layer, neuron))
        what = "z = Wᵀx + b, a = " + plain(call(name, "z"))
        return Line(what, given, f" = {shown}, {plain(call(name, shown))}", result)

    def _product(self, mark: Mark, r: int) -> Line:
        (layer, neuron), show = self._neuron(mark), self.rounding.fixed
        inputs, weights = self._inputs(mark)
        x, w, edge = inputs[r], weights[r], EdgeTarget(layer, r, neuron)
        if r == len(inputs) - 1:
            return Line(f"1·b[{neuron + 1}]", f"1·{guarded(show(w, False))}", "", Number(show(w), w, edge))
        what = f"x[{r + 1}]·W[{r + 1},{neuron + 1}]"
        return Line(what, f"{show(x, False)}·{guarded(show(w, False))}", "", Number(show(x * w), x * w, edge))

    def _delta(self, number: int, mark: Mark) -> Line:
        layer, neuron = self._neuron(mark)
        assert mark.sample is not None
        rule = ChainRule(self.frame_at(number), self.trace, Place(layer, neuron, None, True), mark.sample, self.rounding)
        *factors, last = rule.cards()
        if len(factors) == 2:
            arrives, slope = factors
            given = f"∂L/∂a = {arrives.arithmetic}, f′(z) = {slope.arithmetic}"
            return Line("δ = ∂L/∂a · f′(z)", given, f" → {arrives.number.text}·{guarded(slope.number.text)}", last.number)
        return Line(f"δ: {last.label}", last.arithmetic or factors[0].arithmetic, "", last.number)

    def _gradient(self, mark: Mark, r: int) -> Line:
        layer, neuron = self._neuron(mark)
        inputs, _ = self._inputs(mark)
        x, delta = inputs[r], float(self.trace.deltas[layer][neuron, mark.sample])
        of = "correction of " if self.frame.experiment.learning.optimizer == "perceptron" else "∂L/∂"
        result = Number(self.rounding.small(x * delta), x * delta, EdgeTarget(layer, r, neuron))
        shown = guarded(self.rounding.small(delta, False))
        if r == len(inputs) - 1:
            return Line(f"{of}b[{neuron + 1}] = 1·δ", f"1·{shown}", "", result)
        what = f"{of}W[{r + 1},{neuron + 1}] = x[{r + 1}]·δ"
        return Line(what, f"{self.rounding.fixed(x, False)}·{shown}", "", result)
