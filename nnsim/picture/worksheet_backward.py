"""A layer's backward pass on paper: what arrives at each neuron as a sum in full, the slope there, and the delta.

It is apart because these are steps of their own here; where loss and activation are one, delta is the only step. Formulas are those
of the chain rule's cards. It refuses to shorten a sum.
"""

from collections.abc import Iterator

from nnsim.picture.caption_chain import ChainRule
from nnsim.picture.caption_parts import Card, Number
from nnsim.picture.caption_place import Place, layer_before
from nnsim.picture.protocol_line import Line, added, guarded
from nnsim.picture.protocol_neuron import NeuronLines
from nnsim.picture.targets import NeuronTarget


class BackwardLines:
    """The backward lines of one batch."""

    def __init__(self, lines: NeuronLines) -> None:
        self._lines = lines
        self._frame, self._trace, self._rounding = lines.frame, lines.trace, lines.rounding

    def count(self, layer: int) -> int:
        """How many lines a neuron of a layer has: one where loss and activation are one, two for a softmax, else three."""
        if self._trace.output_gradients[layer] is None:
            return 1
        return 2 if self._trace.slopes[layer] is None else 3

    def layer(self, layer: int, sample: int) -> Iterator[tuple[int, Line]]:
        """The lines of a layer for one sample, each with its neuron. A softmax's deltas come after all that arrives."""
        neurons = range(self._frame.network.widths[layer])
        if self.count(layer) == 2:
            for neuron in neurons:
                yield neuron, self._arrival(layer, neuron, sample, self._cards(layer, neuron, sample))
            for neuron in neurons:
                yield neuron, self._coupled(layer, neuron, sample)
            return
        for neuron in neurons:
            cards = self._cards(layer, neuron, sample)
            if self.count(layer) == 1:
                given = cards[-1].arithmetic or cards[0].arithmetic
                yield neuron, Line(f"δ: {cards[-1].label}", given, "", cards[-1].number)
                continue
            slope, last = cards[1:]
            yield neuron, self._arrival(layer, neuron, sample, cards)
            yield neuron, Line(f"f′(z): {slope.label}", slope.arithmetic, "", slope.number)
            given = f"{_shown(self._arriving(layer, neuron, sample))}·{guarded(slope.number.text)}"
            yield neuron, Line("δ = ∂L/∂a · f′(z)", given, "", last.number)

    def _cards(self, layer: int, neuron: int, sample: int) -> list[Card]:
        # a whole sample knows all of its deltas
        frame = self._lines.frame_at((sample + 1) * self._frame.marks.sample_length)
        return list(ChainRule(frame, self._trace, Place(layer, neuron, None, True), sample, self._rounding).cards())

    def _arriving(self, layer: int, neuron: int, sample: int) -> Number:
        gradients = self._trace.output_gradients[layer]
        assert gradients is not None, "loss and activation are one"
        value = float(gradients[neuron, sample])
        return Number(self._rounding.small(value), value, NeuronTarget(layer, neuron))

    def _arrival(self, layer: int, neuron: int, sample: int, cards: list[Card]) -> Line:
        result = self._arriving(layer, neuron, sample)
        if layer == self._frame.network.depth - 1:
            return Line(f"∂L/∂a, {cards[0].label}", cards[0].arithmetic, "", result)
        weights = layer_before(self._frame, self._trace, layer + 1)[neuron]
        deltas = self._trace.deltas[layer + 1][:, sample]
        terms = [f"{self._rounding.fixed(float(weight), False)}·{guarded(self._rounding.small(float(delta), False))}"
                 for weight, delta in zip(weights, deltas, strict=True)]
        given, mask = added(terms), self._trace.masks[layer]
        if mask is None:
            return Line(f"∂L/∂a = Σ W·δ over L{layer + 2}", given, "", result)
        factor = self._rounding.fixed(float(mask[neuron, sample]), False)
        return Line(f"∂L/∂a = m·Σ W·δ over L{layer + 2}, m of dropout", f"{factor}·({given})", "", result)

    def _coupled(self, layer: int, neuron: int, sample: int) -> Line:
        """A softmax's delta where the loss is not fused with it: every output moves every other."""
        outputs = self._trace.outputs[layer][:, sample]
        arriving = [self._arriving(layer, each, sample) for each in range(len(outputs))]
        terms = [f"{self._rounding.fixed(float(a), False)}·{guarded(_shown(g))}" for a, g in zip(outputs, arriving, strict=True)]
        delta = float(self._trace.deltas[layer][neuron, sample])
        here = self._rounding.fixed(float(outputs[neuron]), False)
        given = f"{here}·({_shown(arriving[neuron])} − ({added(terms)}))"
        return Line("δ = a·(∂L/∂a − Σ a·∂L/∂a)", given, "", Number(self._rounding.small(delta), delta, NeuronTarget(layer, neuron)))


def _shown(number: Number) -> str:
    return number.text.removeprefix("+")
