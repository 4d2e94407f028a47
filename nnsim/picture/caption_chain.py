"""The chain rule in cards: what arrives at a neuron, times the slope there, is its delta, with each factor's arithmetic.

It is apart because there are several such rules: through an activation, through a softmax, with the loss fused in, and the
perceptron's, which is none. What arrives, slope and delta are the trace's own numbers.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Array
from nnsim.core.losses import LOSSES
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.picture.caption_curve import slope_arithmetic
from nnsim.picture.caption_parts import Card, Number, unknown, variable
from nnsim.picture.caption_place import Place, layer_before
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.numbers import MINUS
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
        number = Number(show(self.delta), self.delta, self.here) if self.delta_known else unknown(self.here)
        top, bottom = ("", "") if self.perceptron else (_partial("L"), _partial("z", self.neuron))
        return Card(
            top, bottom, label, arithmetic if self.delta_known else "", f"{variable('δ', self.neuron)} =", number
        )

    def cards(self) -> Iterator[Card]:
        """What arrives, the slope, and delta; one card fewer where two of them are one."""
        arrives = self.trace.output_gradients[self.layer]
        slopes = self.trace.slopes[self.layer]
        if arrives is None:
            yield from self._fused_cards()
            return
        value, target = float(arrives[self.neuron, self.sample]), self._origin()
        number = Number(self.rounding.small(value), value, target) if self._arrived() else unknown(target)
        label = self._arrival_label()
        yield Card(
            _partial("L"), _partial("a", self.neuron), label, self._arrival() if number.known else "", "=", number
        )
        if slopes is None:
            yield self._delta_card(
                "softmax couples all outputs: a (g − Σ a g)", self._softmax_arithmetic(arrives[:, self.sample])
            )
            return
        slope = float(slopes[self.neuron, self.sample])
        z, a = self.at()
        yield Card(
            _partial("a", self.neuron),
            _partial("z", self.neuron),
            f"slope of {ACTIVATIONS[self.name].title} here",
            slope_arithmetic(self.name, z, a, self.rounding),
            "=",
            Number(self.rounding.small(slope, False), slope, self.here),
        )
        yield self._delta_card("delta of this neuron", "")

    def _fused_cards(self) -> Iterator[Card]:
        """Output and loss belong together, and the two derivatives have become one difference."""
        y, a = float(self.trace.targets[self.neuron, self.sample]), self.at()[1]
        difference = f"{self.rounding.fixed(a, False)} − {self.rounding.fixed(y, False)}"
        error = Number(self.rounding.fixed(a - y), a - y, self.here) if self.delta_known else unknown(self.here)
        lead = f"{variable('ŷ', self.neuron)} − {variable('y', self.neuron)} ="
        yield Card("", "", "output minus target", difference if self.delta_known else "", lead, error)
        if self.perceptron:
            yield self._delta_card("the error itself: no slope, no gradient", "")
            return
        loss = LOSSES[self.frame.experiment.learning.loss].title
        yield self._delta_card(f"{self.name} and {loss} together: (ŷ − y) / n", f"({difference}) / {self._count()}")

    def at(self) -> tuple[float, float]:
        here = self.neuron, self.sample
        return float(self.trace.sums[self.layer][here]), float(self.trace.outputs[self.layer][here])

    def _count(self) -> int:
        loss = LOSSES[self.frame.experiment.learning.loss]
        return loss.count(self.frame.network.widths[-1], self.trace.samples)

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
            return f"from the loss: {LOSSES[self.frame.experiment.learning.loss].title}"
        dropout = ", × dropout" if self.trace.masks[self.layer] is not None else ""
        return f"arrives from L{self.layer + 2}: its δ × weight{dropout}"

    def _arrival(self) -> str:
        if self.is_last:
            return self._loss_arithmetic()
        deltas = self.trace.deltas[self.layer + 1][:, self.sample]
        weights = layer_before(self.frame, self.trace, self.layer + 1)[self.neuron]
        order = np.argsort(-np.abs(self._parts()), kind="stable")
        listed = sorted(order[:_SHOWN_PARTS].tolist())
        text = _sum(
            f"{self.rounding.small(float(deltas[k]))} × {self.rounding.fixed(float(weights[k]))}" for k in listed
        )
        if len(order) > _SHOWN_PARTS:
            text += f" and {len(order) - _SHOWN_PARTS} more"
        mask = self.trace.masks[self.layer]
        if mask is None:
            return text
        return f"({text}) × {self.rounding.fixed(float(mask[self.neuron, self.sample]), False)}"

    def _loss_arithmetic(self) -> str:
        y, a = float(self.trace.targets[self.neuron, self.sample]), self.at()[1]
        show, n = self.rounding.fixed, self._count()
        difference = f"{show(a, False)} − {show(y, False)}" if y >= 0 else f"{show(a, False)} − ({show(y)})"
        return {
            "mse": f"2 × ({difference}) / {n}",
            "mae": f"sign({difference}) / {n}",
            "huber": f"({difference}, at most ±1) / {n}",
            "bce-logits": f"(σ({show(a, False)}) − {show(y, False)}) / {n}",
            "hinge": f"{'−' if y >= 0.5 else '+'}1 / {n} inside the margin, else 0",
        }.get(
            self.frame.experiment.learning.loss, f"its derivative at ŷ = {show(a, False)}, y = {show(y, False)}, / {n}"
        )

    def _softmax_arithmetic(self, arriving: Array) -> str:
        outputs = self.trace.outputs[self.layer][:, self.sample]
        show = self.rounding.small
        here, coupled = float(arriving[self.neuron]), float(outputs @ arriving)
        return f"{self.rounding.fixed(self.at()[1], False)} × ({show(here)} − ({show(coupled)}))"


def _partial(letter: str, index: int | None = None) -> str:
    return f"∂{variable(letter, index)}"


def _sum(products: Iterable[str]) -> str:
    """Signed products one after the other, the sign of each but the first as the operation."""
    first, *rest = products
    spaced = (f"{text[0]} {text[1:]}" if text[0] in f"+{MINUS}" else f"+ {text}" for text in rest)
    return " ".join((first, *spaced))
