"""The chain rule in cards: what arrives at a neuron, times the slope there, is its delta, with each factor's arithmetic.

It is apart because there are several such rules: through an activation, through a softmax, with the loss fused in, and the
perceptron's, which is none. What arrives, slope and delta are the trace's own numbers.
"""

from collections.abc import Iterator

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.losses import LOSSES
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.caption_parts import Card, Number, unknown
from nnsim.picture.caption_place import Place, layer_before
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.latex_functions import loss_gradient, loss_gradient_rule, slope
from nnsim.picture.latex_parts import DOTS, added, factor, fraction, guarded, number, partial, product, variable
from nnsim.picture.latex_text import plain
from nnsim.picture.targets import NeuronTarget

_SHOWN_PARTS = 24
"""What arrives is a sum over the next layer; of a wider one the largest parts are written out."""


class ChainRule:
    """One neuron's delta for one sample, as far as the frame knows it."""

    def __init__(self, frame: Frame, trace: Trace, place: Place, sample: int, rounding: Rounding) -> None:
        self.frame, self.trace, self.place, self.sample, self.rounding = frame, trace, place, sample, rounding
        self.layer, self.neuron = place.layer, place.neuron
        self.here = NeuronTarget(place.layer, place.neuron)
        self.is_last = place.layer == frame.network.depth - 1
        self.name = frame.network.activations[place.layer]
        self.perceptron = frame.experiment.learning.optimizer == "perceptron"
        known = frame.known
        self.delta_known = place.neuron < known.deltas[place.layer]
        self.delta = float(trace.deltas[place.layer][place.neuron, sample])

    def _delta_card(self, label: str, arithmetic: str) -> Card:
        show = self.rounding.small
        delta = Number(show(self.delta), self.delta, self.here) if self.delta_known else unknown(self.here)
        symbol = "" if self.perceptron else self._partial("L", "z")
        return Card(symbol, label, arithmetic if self.delta_known else "", variable(r"\delta", self.neuron), delta)

    def _partial(self, of: str, by: str) -> str:
        return partial(of if of == "L" else variable(of, self.neuron), variable(by, self.neuron))

    def cards(self) -> Iterator[Card]:
        """What arrives, the slope, and delta; one card fewer where two of them are one."""
        arrives = self.trace.output_gradients[self.layer]
        slopes = self.trace.slopes[self.layer]
        if arrives is None:
            yield from self._fused_cards()
            return
        value, target = float(arrives[self.neuron, self.sample]), self._origin()
        known = Number(self.rounding.small(value), value, target) if self._arrived() else unknown(target)
        yield Card(self._partial("L", "a"), self._arrival_label(), self._arrival() if known.known else "", "", known)
        if slopes is None:
            yield self._delta_card(
                "softmax couples all outputs: a (g − Σ a g)", self._softmax_arithmetic(arrives[:, self.sample])
            )
            return
        here, (z, a) = float(slopes[self.neuron, self.sample]), self.at()
        show = self.rounding.fixed
        yield Card(
            self._partial("a", "z"),
            f"slope: {plain(self._slope_rule())}",
            slope(self.name, number(show(z)), number(show(a)), z),
            "",
            Number(self.rounding.small(here, False), here, self.here),
        )
        yield self._delta_card("delta of this neuron", "")

    def rules(self) -> Iterator[str]:
        """Where delta comes from, in letters: the chain rule, and what arrives as a sum over the neurons that were fed."""
        delta, a, y = variable(r"\delta", self.neuron), variable("a", self.neuron), variable("y", self.neuron)
        arriving, output = self._partial("L", "a"), variable("y", self.neuron, hat=True)
        if self.trace.output_gradients[self.layer] is None:
            yield f"{delta} = ({output} - {y}) / n"
            return
        if self.trace.slopes[self.layer] is None:
            coupled = r"\sum_{j} a_{j} \, \frac{\partial L}{\partial a_{j}}"
            yield rf"{delta} = {a} \, ({arriving} - {coupled})"
        else:
            yield rf"{delta} = {arriving} \, {self._partial('a', 'z')}"
        yield f"{arriving} = {self._arrival_rule()}"
        if self.trace.slopes[self.layer] is not None:
            yield f"{self._partial('a', 'z')} = {self._slope_rule()}"

    def _arrival_rule(self) -> str:
        """What arrives, in letters: the loss's derivative, or a sum over the neurons that were fed."""
        if self.is_last:
            y, output = variable("y", self.neuron), variable("y", self.neuron, hat=True)
            target, value = float(self.trace.targets[self.neuron, self.sample]), self.at()[1]
            return loss_gradient_rule(self.frame.experiment.learning.loss, y, output, target, value)
        weight, back = variable("W", self.neuron, "k"), variable(r"\delta", "k")
        dropout = rf"{variable('m', self.neuron)} \, " if self.trace.masks[self.layer] is not None else ""
        return rf"{dropout}\sum_{{k}} {weight} \, {back}"

    def _slope_rule(self) -> str:
        """The slope in letters."""
        return slope(self.name, variable("z", self.neuron), variable("a", self.neuron), self.at()[0])

    def _fused_cards(self) -> Iterator[Card]:
        """Output and loss belong together, and the two derivatives have become one difference."""
        y, a = float(self.trace.targets[self.neuron, self.sample]), self.at()[1]
        show = self.rounding.fixed
        difference = f"{number(show(a))} - {guarded(number(show(y)))}"
        error = Number(show(a - y), a - y, self.here) if self.delta_known else unknown(self.here)
        symbol = f"{variable('y', self.neuron, hat=True)} - {variable('y', self.neuron)}"
        yield Card(symbol, "output minus target", difference if self.delta_known else "", "", error)
        if self.perceptron:
            yield self._delta_card("the error itself: no slope, no gradient", "")
            return
        loss = LOSSES[self.frame.experiment.learning.loss].title
        label = f"{self.name} and {loss} together: (ŷ − y) / n, {self._counted()}"
        yield self._delta_card(label, fraction(difference, str(self._count())))

    def at(self) -> tuple[float, float]:
        here = self.neuron, self.sample
        return float(self.trace.sums[self.layer][here]), float(self.trace.outputs[self.layer][here])

    def _count(self) -> int:
        loss = LOSSES[self.frame.experiment.learning.loss]
        return loss.count(self.frame.network.widths[-1], self.trace.samples)

    def _counted(self) -> str:
        """What n is."""
        samples = numbers.count(self.trace.samples, "sample")
        if self._count() == self.trace.samples:
            return f"n = {samples}"
        return f"n = {samples} × {self.frame.network.widths[-1]} outputs = {numbers.whole(self._count())}"

    def _origin(self) -> NeuronTarget:
        """Where what arrives comes from: the neuron of the next layer with the largest part in it."""
        if self.is_last:
            return self.here
        return NeuronTarget(self.layer + 1, int(np.argmax(np.abs(self._parts()))))

    def _parts(self) -> Array:
        weights = layer_before(self.frame, self.trace, self.layer + 1)[self.neuron]
        parts: Array = weights * self.trace.deltas[self.layer + 1][:, self.sample]
        return parts

    def _arrived(self) -> bool:
        known = self.frame.known
        if self.is_last:
            return known.loss
        return known.deltas[self.layer + 1] == self.frame.network.widths[self.layer + 1]

    def _arrival_label(self) -> str:
        if self.is_last:
            return f"loss: {plain(self._arrival_rule())}, {self._counted()}"
        dropout = ", m from dropout" if self.trace.masks[self.layer] is not None else ""
        return f"arrives from L{self.layer + 2}: {plain(self._arrival_rule())}{dropout}"

    def _arrival(self) -> str:
        if self.is_last:
            return self._loss_arithmetic()
        deltas = self.trace.deltas[self.layer + 1][:, self.sample]
        weights = layer_before(self.frame, self.trace, self.layer + 1)[self.neuron]
        order = np.argsort(-np.abs(self._parts()), kind="stable")
        most = len(order) if self.rounding.is_exact else _SHOWN_PARTS
        listed = sorted(order[:most].tolist())
        terms = [
            product(number(self.rounding.fixed(float(weights[k]))), number(self.rounding.small(float(deltas[k]))))
            for k in listed
        ]
        whole = added([*terms, DOTS] if len(order) > most else terms)
        mask = self.trace.masks[self.layer]
        if mask is None:
            return whole
        return product(number(self.rounding.fixed(float(mask[self.neuron, self.sample]), False)), factor(whole))

    def _loss_arithmetic(self) -> str:
        y, a = float(self.trace.targets[self.neuron, self.sample]), self.at()[1]
        target, output = (number(self.rounding.fixed(value)) for value in (y, a))
        return loss_gradient(self.frame.experiment.learning.loss, target, output, y, a, self._count())

    def _softmax_arithmetic(self, arriving: Array) -> str:
        outputs = self.trace.outputs[self.layer][:, self.sample]
        here, coupled = (number(self.rounding.small(float(value))) for value in (arriving[self.neuron], outputs @ arriving))
        return product(number(self.rounding.fixed(self.at()[1])), f"({here} - {guarded(coupled)})")
