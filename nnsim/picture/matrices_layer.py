"""One layer's matrices at one moment: its axes, and the grids that more than one phase has use for.

It is apart so that forward, backward and update read the same array in the same way, and hide of it the same cells. Values are
views of the trace's arrays; what the moment does not know is hidden by counting, never by copying. It refuses to arrange an
equation.
"""

from collections.abc import Callable

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.trace import Trace
from nnsim.engine.frame import Frame
from nnsim.picture.caption_place import Place, entering, source_name
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.matrices_parts import Axis, AxisName, Focus, Grid, Symbol
from nnsim.picture.matrices_words import given
from nnsim.picture.targets import EdgeTarget, NeuronTarget, Target

ONE = Axis("one", 1, "", lambda at: "")
"""The other axis of a vector."""


class LayerMatrices:
    """The layer on show, and how far this moment has come in it."""

    def __init__(self, frame: Frame, place: Place, rounding: Rounding) -> None:
        self.frame, self.trace, self.known, self.place, self.rounding = frame, frame.trace, frame.known, place, rounding
        self.layer, self.samples = place.layer, frame.marks.samples
        self.inputs, self.neurons = frame.network.sizes[place.layer], frame.network.widths[place.layer]
        self.is_last = place.layer == frame.network.depth - 1
        self.is_perceptron = frame.experiment.learning.optimizer == "perceptron"
        # during the update every sample is done
        self.sample = 0 if frame.mark is None else self.samples - 1 if frame.sample is None else frame.sample
        self.of_neurons, self.of_inputs = self.neurons_of(place.layer), self.inputs_of(place.layer)
        self.of_samples = Axis("sample", self.samples, "samples", lambda at: str(at + 1))
        self.of_parameters = Axis("input", self.inputs + 1, "inputs", self._parameter_name, with_bias=True)

    def neurons_of(self, layer: int) -> Axis:
        """The neurons of this layer, or of the next."""
        return Axis(
            "neuron" if layer == self.layer else "next", self.frame.network.widths[layer], "neurons",
            lambda at: f"L{layer + 1}·{at + 1}")

    def inputs_of(self, layer: int) -> Axis:
        """What enters a layer, without the bias."""
        return Axis("input", self.frame.network.sizes[layer], "inputs", lambda at: source_name(self.frame, layer, at))

    def _parameter_name(self, at: int) -> str:
        return source_name(self.frame, self.layer, at)

    # how much of it is known

    def through(self, rows: int, here: int) -> int:
        """Cells of a (rows, samples) grid known when the current sample has ``here`` of its column."""
        return 0 if self.trace is None else self.sample * rows + here

    @property
    def parameters_done(self) -> int:
        """How many parameters of this layer the walk has come past in this pass, neuron by neuron (backward and update)."""
        whole = self.known.updated if self.frame.phase == "update" else self.known.gradients
        done = whole[self.layer]
        partly = self.known.working == (self.layer, done)
        return done * (self.inputs + 1) + (self.known.terms if partly else 0)

    # grids

    def weights(self) -> Grid:
        """Wᵀ, (neurons, inputs), as this pass uses it."""
        values, write = self.frame.weights[self.layer].T, self.rounding.fixed
        return Grid(
            Symbol("<i>W</i><sup>T</sup>", "Wᵀ", r"W^\top"), "weights", self.of_neurons, self.of_inputs, values, values.size, True,
            lambda row, column: EdgeTarget(self.layer, column, row), write, given)

    def biases(self) -> Grid:
        """b, (neurons, 1)."""
        values = self.frame.biases[self.layer][:, None]
        return Grid(
            Symbol("<i>b</i>", "b", "b"), "biases", self.of_neurons, ONE, values, values.size, True,
            lambda row, _: EdgeTarget(self.layer, self.inputs, row), self.rounding.fixed, given)

    def entering(self, with_ones: bool = False) -> Grid:
        """X, (inputs, samples): what enters the layer; backward with the last row of ones that the biases belong to."""
        rows = self.of_parameters if with_ones else self.of_inputs
        values = self.unknown(rows, self.of_samples)
        known = 0
        if self.trace is not None:
            values = entering(self.frame, self.trace, self.layer)
            if with_ones:
                values = np.concatenate([values, np.ones((1, self.samples), values.dtype)])
            here = rows.count if self.frame.phase != "forward" else self.known.outputs[self.layer - 1]
            # the data set's own rows are there from the batch's beginning
            known = values.size if self.layer == 0 else self.through(rows.count, here)

        def target(row: int, _: int) -> Target | None:
            return NeuronTarget(self.layer - 1, row) if row < self.inputs else None

        meaning = "inputs" if self.layer == 0 else f"outputs of L{self.layer}"
        return Grid(
            Symbol("<i>X</i>", "X", "X"), meaning, rows, self.of_samples, values, known, True, target, self.rounding.fixed, given)

    def per_sample(self, symbol: Symbol, meaning: str, values: Array | None, here: int,
                   arithmetic: Callable[[int, int], str], small: bool = False) -> Grid:
        """A (neurons, samples) grid of this layer of which the current sample knows the first ``here``."""
        shown = self.unknown(self.of_neurons, self.of_samples) if values is None else values
        return Grid(
            symbol, meaning, self.of_neurons, self.of_samples, shown, self.through(self.neurons, here), True,
            lambda row, _: NeuronTarget(self.layer, row), self.rounding.small if small else self.rounding.fixed, arithmetic)

    def outputs(self, arithmetic: Callable[[int, int], str]) -> Grid:
        """A, (neurons, samples)."""
        values = None if self.trace is None else self.trace.outputs[self.layer]
        return self.per_sample(Symbol("<i>A</i>", "A", "A"), "outputs", values, self.known.outputs[self.layer], arithmetic)

    def targets(self, trace: Trace) -> Grid:
        """Y, (outputs, samples): the data set's own."""
        return self.per_sample(Symbol("<i>Y</i>", "Y", "Y"), "targets", trace.targets, self.neurons, given)

    def per_parameter(self, symbol: Symbol, meaning: str, values: Array, known: int,
                      write: Callable[[float], str], arithmetic: Callable[[int, int], str]) -> Grid:
        """An (inputs + 1, neurons) grid, known neuron by neuron; the last row belongs to the biases."""
        return Grid(
            symbol, meaning, self.of_parameters, self.of_neurons, values, known, True,
            lambda row, column: EdgeTarget(self.layer, row, column), write, arithmetic)

    def unknown(self, rows: Axis, columns: Axis) -> Array:
        """What stands where nothing has been computed: no number at all."""
        return np.broadcast_to(np.nan, (rows.count, columns.count))

    # focus

    @property
    def is_placed(self) -> bool:
        """Whether there is a neuron at work or chosen."""
        return self.place.neuron >= 0

    def focus_on_sample(self) -> Focus:
        """The neuron and the sample at work, and the input whose product is."""
        if not self.is_placed or self.trace is None:
            return Focus({"neuron": self.place.neuron} if self.is_placed else {})
        term = self.place.term
        return Focus({"neuron": self.place.neuron, "sample": self.sample},
                     {} if term is None or term >= self.inputs else {"input": term})

    def focus_on_parameter(self) -> Focus:
        """The parameter at work, and the sample whose share is."""
        if not self.is_placed:
            return Focus()
        outer: dict[AxisName, int] = {"neuron": self.place.neuron}
        if self.place.term is not None:
            outer["input"] = self.place.term
        return Focus(outer, {} if self.frame.phase == "update" else {"sample": self.sample})
