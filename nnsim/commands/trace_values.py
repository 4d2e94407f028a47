"""The numbers that became known between two stops, by full name: what one line of ``nnsim trace`` carries.

Every number is a place in the frame's trace, which is what the kernel computed; the only arithmetic here is the textbook's last
step, a product of two of them, where the kernel keeps only a sum over the batch. Names hold a number at grain term, lists over
inputs at neuron, over neurons at layer, over layers at pass and sample. It refuses to print.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import numpy as np

from nnsim.commands.scores import scores
from nnsim.core.activations import Array
from nnsim.core.losses import LOSSES
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain, Mark
from nnsim.engine.update_numbers import update_numbers
from nnsim.picture.lengths import changed, largest, update_lengths
from nnsim.picture.pushes import gradient_so_far

Values = dict[str, Any]
Neurons = int | slice
"""One neuron, or all of a layer."""
ALL = slice(None)


def stop(frame: Frame, grain: Grain) -> Values:
    """The whole line for the stop that a frame stands at. Only where the frame has a mark and a trace."""
    mark = frame.mark
    assert mark is not None
    line: Values = {
        "moment": {"epoch": frame.epoch, "batch": frame.moment.batch, "mark": frame.moment.mark},
        "phase": mark.phase,
        "sample": _from_1(mark.sample),
        "layer": _from_1(mark.layer) if grain < Grain.PASS else None,
        "neuron": _from_1(mark.neuron) if grain < Grain.LAYER else None,
    }
    if grain == Grain.TERM:
        line["term"] = None if mark.term is None or mark.layer is None else (
            "bias" if mark.term == frame.network.sizes[mark.layer] else mark.term + 1)
    line["values"] = _Reader(frame, mark).read(grain)
    return line


def _from_1(number: int | None) -> int | None:
    return None if number is None else number + 1


class _Reader:
    """A frame at a mark, read at a grain."""

    def __init__(self, frame: Frame, mark: Mark) -> None:
        assert frame.trace is not None
        self.frame, self.mark, self.trace, self.network = frame, mark, frame.trace, frame.network

    def read(self, grain: Grain) -> Values:
        mark, layers = self.mark, range(self.network.depth)
        if grain == Grain.EPOCH:
            return {"weights": {"after": self.frame.weights}, "bias": {"after": self.frame.biases}, **scores(self.frame)}
        if grain == Grain.BATCH:
            return {"rows": self.trace.rows, "loss": self.trace.loss, **_over(layers, self._update_of), **self._pace()}
        if mark.phase == "loss":
            return self._loss()
        if grain == Grain.SAMPLE and mark.phase == "backward":
            return {**_over(layers, self._forward_of), **self._loss(), **_over(layers, self._backward_of)}
        assert mark.layer is not None and mark.neuron is not None
        read: Callable[[int, Neurons], Values] = {"forward": self._forward, "backward": self._backward,
                                                  "update": self._update}[mark.phase]
        pace = self._pace() if mark.phase == "update" else {}
        if grain >= Grain.PASS:
            return {**_over(layers, lambda layer: read(layer, ALL)), **pace}
        if grain == Grain.TERM:
            return {**self._term(read(mark.layer, mark.neuron)), **pace}
        return {**read(mark.layer, mark.neuron if grain == Grain.NEURON else ALL), **pace}

    # the phases, for one neuron or for a layer

    def _forward_of(self, layer: int) -> Values:
        return self._forward(layer, ALL)

    def _backward_of(self, layer: int) -> Values:
        return self._backward(layer, ALL)

    def _update_of(self, layer: int) -> Values:
        return self._update(layer, ALL)

    def _forward(self, layer: int, neurons: Neurons) -> Values:
        trace, sample = self.trace, self.mark.sample
        known = self.mark.phase != "forward" or self._output_known(layer, neurons)
        matrix = self.network.layers(trace.before)[layer]
        values = {"inputs": self._entering(layer), "weights": matrix[:-1, neurons], "bias": matrix[-1, neurons],
                  "sum": trace.sums[layer][neurons, sample], "output": trace.outputs[layer][neurons, sample] if known else None}
        if self.network.activations[layer] == "softmax" and isinstance(neurons, int):
            shared = self.frame.known.outputs[layer] == self.network.widths[layer]
            values["shares"] = trace.outputs[layer][:, sample] if shared else None
        mask = trace.masks[layer]
        if mask is not None:
            values |= {"mask": mask[neurons, sample], "passed": trace.passed[layer][neurons, sample]}
        return values

    def _loss(self) -> Values:
        trace, sample = self.trace, self.mark.sample
        assert sample is not None, "a loss is that of a sample"
        column, loss = slice(sample, sample + 1), LOSSES[self.frame.experiment.learning.loss]
        terms = loss.each(trace.sums[-1][:, column], trace.outputs[-1][:, column], trace.targets[:, column])[:, 0]
        mean = trace.loss if sample + 1 == trace.samples else float(trace.losses[: sample + 1].mean())
        return {"outputs": trace.outputs[-1][:, sample], "targets": trace.targets[:, sample], "terms": terms,
                "loss": trace.losses[sample], "mean_loss": mean}

    def _backward(self, layer: int, neurons: Neurons) -> Values:
        trace, sample = self.trace, self.mark.sample
        entering, deltas = self._entering(layer), trace.deltas[layer][neurons, sample]
        with np.errstate(all="ignore"):
            gradients = entering * deltas if isinstance(neurons, int) else np.outer(entering, deltas)
        fused = trace.output_gradients[layer] is None
        # where loss and activation are one, all that arrives is how far the output is off
        error = {"error": trace.outputs[layer][neurons, sample] - trace.targets[neurons, sample]} if fused else {}
        return {**error, "output_gradient": _part(trace.output_gradients[layer], neurons, sample),
                "slope": _part(trace.slopes[layer], neurons, sample),
                "delta": deltas, "weight_gradients": gradients, "bias_gradient": deltas, **self._so_far(layer, neurons)}

    def _so_far(self, layer: int, neurons: Neurons) -> Values:
        """The gradients summed over the samples so far."""
        sample = self.mark.sample
        assert sample is not None, "a delta is that of a sample"
        if isinstance(neurons, int):
            total = gradient_so_far(self.frame, layer, neurons, sample)
        else:
            width = self.network.widths[layer]
            total = np.stack([gradient_so_far(self.frame, layer, neuron, sample) for neuron in range(width)], 1)
        return {"weight_gradients_so_far": total[:-1], "bias_gradient_so_far": total[-1]}

    def _update(self, layer: int, neurons: Neurons) -> Values:
        trace = self.trace

        def parts(vectors: dict[str, Array]) -> tuple[Values, Values]:
            return _split({name: self.network.layers(vector)[layer][:, neurons] for name, vector in vectors.items()})

        vectors = {"before": trace.before, "gradient": trace.step_gradient, "after": trace.after}
        if not np.array_equal(trace.gradient, trace.step_gradient, equal_nan=True):
            vectors["loss_gradient"] = trace.gradient
        weights, bias = parts(vectors)
        index, is_weight = (self.network.layers(vector)[layer][:, neurons] for vector in self._places)
        between = _split(update_numbers(trace, self.frame.experiment.learning, index, is_weight))
        weights, bias = weights | between[0], bias | between[1]
        memory = {name: dict(zip(("weights", "bias"), parts({"before": trace.memory_before.get(name, np.zeros_like(after)),
                                                             "after": after}), strict=True))
                  for name, after in trace.memory_after.items()}
        return {"weights": weights, "bias": bias, **({"memory": memory} if memory else {})}

    @cached_property
    def _places(self) -> tuple[Array, Array]:
        """(parameters,) each parameter's place in theta, and 1 where it is a weight."""
        return np.arange(self.network.parameter_count), self.network.is_weight()

    def _pace(self) -> Values:
        """What all parameters share: the rate, the clip factor with the length behind it, and at the batch's end all lengths."""
        trace, whole = self.trace, self.mark.closes >= Grain.BATCH
        told = update_lengths(trace, self.frame.experiment.learning, self.network, whole)
        lengths = {name: {"length": each.length, "squares": each.squares} for name, each in told}
        values: Values = {"rate": trace.rate, "step": trace.step, "clip_factor": trace.clip_factor}
        if lengths:
            values["lengths"] = lengths
        if whole:
            change = changed(trace)
            values["largest_change"] = change[self.network.index(*largest(change, self.network))]
        return values

    # grain term: one of each

    def _term(self, values: Values) -> Values:
        mark, term = self.mark, self.mark.term
        assert mark.layer is not None
        at_bias = term == self.network.sizes[mark.layer]
        if mark.phase == "update":
            if at_bias:
                kept = {"bias": values["bias"]}
                memory = {name: {"bias": both["bias"]} for name, both in values.get("memory", {}).items()}
            else:
                kept = {"weight": _at(values["weights"], term)}
                memory = {name: {"weight": _at(both["weights"], term)} for name, both in values.get("memory", {}).items()}
            return {**kept, **({"memory": memory} if memory else {})}
        if mark.phase == "forward":
            if term is None:
                return {name: values[name] for name in ("sum", "output", "shares", "mask", "passed") if name in values}
            if at_bias:
                return {"bias": values["bias"], "sum": values["sum"]}
            entering, weight = values["inputs"][term], values["weights"][term]
            with np.errstate(all="ignore"):
                return {"input": entering, "weight": weight, "product": entering * weight}
        if term is None:
            return {name: values[name] for name in ("error", "output_gradient", "slope", "delta") if name in values}
        if at_bias:
            return {name: values[name] for name in ("delta", "bias_gradient", "bias_gradient_so_far")}
        return {"input": self._entering(mark.layer)[term], "delta": values["delta"],
                "weight_gradient": values["weight_gradients"][term],
                "weight_gradient_so_far": values["weight_gradients_so_far"][term]}

    def _entering(self, layer: int) -> Array:
        """(inputs,) what the sample sent into a layer."""
        entering: Array = (self.trace.passed[layer - 1] if layer else self.trace.inputs)[:, self.mark.sample]
        return entering

    def _output_known(self, layer: int, neurons: Neurons) -> bool:
        """A softmax shares 1 out among all neurons of the layer, so none is known before the last sum."""
        known = self.frame.known.outputs[layer]
        return known == self.network.widths[layer] if isinstance(neurons, slice) else known > neurons


def _split(matrices: dict[str, Array]) -> tuple[Values, Values]:
    """What belongs to weights, and what to biases, which are the last row."""
    return {name: m[:-1] for name, m in matrices.items()}, {name: m[-1] for name, m in matrices.items()}


def _part(matrix: Array | None, neurons: Neurons, sample: int | None) -> Any:
    return None if matrix is None else matrix[neurons, sample]


def _at(named: Values, term: int | None) -> Values:
    return {name: vector[term] for name, vector in named.items()}


def _over(layers: Iterable[int], read: Callable[[int], Values]) -> Values:
    """The same names, each with a list over the layers."""
    return _listed([read(layer) for layer in layers])


def _listed(each: list[Values]) -> Values:
    names = dict.fromkeys(name for values in each for name in values)
    return {name: _listed([values[name] for values in each]) if isinstance(each[0].get(name), dict)
            else [values.get(name) for values in each] for name in names}
