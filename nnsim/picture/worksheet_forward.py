"""A layer's forward pass on paper: each neuron's sum in full, its output, and what dropout lets through of it.

It is apart because sums and outputs are steps of their own here. It refuses to shorten a sum.
"""

from collections.abc import Iterator

from nnsim.picture.caption_curve import call
from nnsim.picture.caption_parts import Number
from nnsim.picture.caption_place import entering, layer_before
from nnsim.picture.caption_text import plain
from nnsim.picture.protocol_line import Line, added, guarded, weighted_sum
from nnsim.picture.protocol_neuron import NeuronLines
from nnsim.picture.targets import NeuronTarget

_MEANINGS = {
    "sigmoid": " = 1 / (1 + e^(−z))",
    "gelu": " with the standard normal distribution Φ",
    "swish": " with σ(z) = 1 / (1 + e^(−z))",
}
"""What an activation's short formula leaves unsaid."""


class ForwardLines:
    """The forward lines of one batch."""

    def __init__(self, lines: NeuronLines) -> None:
        self._frame, self._trace, self._rounding = lines.frame, lines.trace, lines.rounding

    def count(self, layer: int) -> int:
        """How many lines a neuron of a layer has."""
        return 2 if self._trace.masks[layer] is None else 3

    def layer(self, layer: int, sample: int) -> Iterator[tuple[int, Line]]:
        """The lines of a layer for one sample, each with its neuron. A softmax's shares come after all of its sums."""
        neurons = range(self._frame.network.widths[layer])
        shared = self._frame.network.activations[layer] == "softmax"
        for neuron in neurons:
            yield neuron, self._sum(layer, neuron, sample)
            if not shared:
                yield from ((neuron, line) for line in self._outputs(layer, neuron, sample))
        if shared:
            for neuron in neurons:
                yield from ((neuron, line) for line in self._outputs(layer, neuron, sample))

    def _sum(self, layer: int, neuron: int, sample: int) -> Line:
        inputs = entering(self._frame, self._trace, layer)[:, sample]
        weights = layer_before(self._frame, self._trace, layer)[:, neuron]
        z = float(self._trace.sums[layer][neuron, sample])
        given = weighted_sum(inputs, weights, self._rounding, None)
        return Line("z = Wᵀx + b", given, "", Number(self._rounding.fixed(z), z, NeuronTarget(layer, neuron)))

    def _outputs(self, layer: int, neuron: int, sample: int) -> Iterator[Line]:
        name, show = self._frame.network.activations[layer], self._rounding.fixed
        z, a = (float(each[layer][neuron, sample]) for each in (self._trace.sums, self._trace.outputs))
        here = NeuronTarget(layer, neuron)
        what = f"a = {plain(call(name, 'z'))}{_MEANINGS.get(name, '')}"
        if name == "softmax":
            terms = [f"e^{guarded(show(float(each), False))}" for each in self._trace.sums[layer][:, sample]]
            given = f"{terms[neuron]} / ({added(terms)})"
        else:
            given = plain(call(name, show(z, False)))
        yield Line(what, given, "", Number(show(a), a, here))
        mask = self._trace.masks[layer]
        if mask is None:
            return
        factor, passed = float(mask[neuron, sample]), float(self._trace.passed[layer][neuron, sample])
        share = self._rounding.setting(self._frame.experiment.learning.dropout)
        chosen = f"dropout lets it pass: m = 1/(1 − {share})" if factor else "silenced by dropout: m = 0"
        yield Line(f"ã = m·a, {chosen}", f"{show(factor, False)}·{guarded(show(a, False))}", "", Number(show(passed), passed, here))

