"""A layer's update on paper: every parameter's gradient as a sum over the samples in full, then each line up to its new value.

It is apart because the lines between gradient and new value are the update caption's own, whatever the optimizer. It refuses to
leave a parameter out.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from nnsim.picture.caption_parts import Number
from nnsim.picture.caption_place import Place, entering
from nnsim.picture.caption_text import plain
from nnsim.picture.caption_update import UpdateStep
from nnsim.picture.protocol_line import Line, added, guarded
from nnsim.picture.protocol_neuron import NeuronLines
from nnsim.picture.targets import EdgeTarget


class UpdateLines:
    """The update lines of one batch."""

    def __init__(self, lines: NeuronLines) -> None:
        self._frame, self._trace, self._rounding = lines.frame, lines.trace, lines.rounding
        self._end = lines.frame_at(lines.frame.marks.count)

    def count(self, layer: int) -> int:
        """How many lines a layer has. All its free weights have as many as each other, so have its biases, and what is held."""
        network = self._frame.network
        sizes: dict[tuple[bool, bool], int] = {}
        total = 0
        for neuron in range(network.widths[layer]):
            for row in range(network.sizes[layer] + 1):
                kind = row == network.sizes[layer], network.index(layer, row, neuron) in self._held
                if kind not in sizes:
                    sizes[kind] = sum(1 for _ in self._parameter(layer, row, neuron))
                total += sizes[kind]
        return total

    @cached_property
    def _held(self) -> frozenset[int]:
        learning = self._frame.experiment.learning
        return frozenset(self._frame.network.held(learning.frozen, learning.cut, learning.biases_learn).tolist())

    def layer(self, layer: int) -> Iterator[tuple[int, Line]]:
        """The lines of a layer, each with its neuron."""
        network = self._frame.network
        for neuron in range(network.widths[layer]):
            for row in range(network.sizes[layer] + 1):
                yield from ((neuron, line) for line in self._parameter(layer, row, neuron))

    def _parameter(self, layer: int, row: int, neuron: int) -> Iterator[Line]:
        step = UpdateStep(self._end, self._trace, Place(layer, neuron, row, False), self._rounding)
        name = f"b[{neuron + 1}]" if step.is_bias else f"W[{row + 1},{neuron + 1}]"
        yield self._gradient(layer, row, neuron, name)
        # the first of the caption's lines is the gradient, told in words
        *lines, last = step.caption().lines[1:]
        for line in lines:
            # as many digits as the operands have: with more, none could be worked out from them
            shown = self._rounding.small(float(line.number.value or 0))
            yield Line(f"{name}: {plain(line.symbol)}, {line.meaning}", line.arithmetic, "", replace(line.number, text=shown))
        yield Line(f"{name}: {last.meaning} = old − step", last.arithmetic, "", last.number)

    def _gradient(self, layer: int, row: int, neuron: int, name: str) -> Line:
        """∂L/∂w: the sum over the samples of what entered times δ."""
        is_bias = row == self._frame.network.sizes[layer]
        shown = [self._rounding.small(float(delta), False) for delta in self._trace.deltas[layer][neuron]]
        if not is_bias:
            inputs = entering(self._frame, self._trace, layer)[row]
            first, *rest = [self._rounding.fixed(float(x), False) for x in inputs]
            factors = [first, *(guarded(x) for x in rest)]
            shown = [f"{x}·{guarded(delta)}" for x, delta in zip(factors, shown, strict=True)]
        value = float(self._trace.gradient[self._frame.network.index(layer, row, neuron)])
        of = "correction of " if self._frame.experiment.learning.optimizer == "perceptron" else "g = ∂L/∂"
        what = f"{of}{name} = Σ {'δ' if is_bias else 'x·δ'} over the samples"
        result = Number(self._rounding.small(value), value, EdgeTarget(layer, row, neuron))
        return Line(what, added(shown), "", result)
