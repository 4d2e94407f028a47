"""The matrices of a backward pass: δ = (W δ of the next layer) ∘ f′(Z), or what the loss gives, and ∂L/∂W = X δᵀ over the samples.

The deltas are the trace's own. The gradient is summed over the samples that have come this far, cell by cell the very sum that
the equation's caption has, and after the last sample it is the trace's own. It refuses to tell a sum that this sample's pass
has not reached, although the samples before have one.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Array
from nnsim.core.losses import LOSSES
from nnsim.core.trace import Trace
from nnsim.picture.caption_curve import slope_arithmetic
from nnsim.picture.caption_place import entering
from nnsim.picture.matrices_layer import LayerMatrices
from nnsim.picture.matrices_parts import Equation, Focus, Grid, Symbol
from nnsim.picture.matrices_words import given, guarded, products
from nnsim.picture.targets import EdgeTarget, NeuronTarget

DELTA = Symbol("<i>δ</i>", "δ", r"\delta")


def backward_equations(here: LayerMatrices, trace: Trace) -> tuple[Equation, ...]:
    """Deltas, then gradients."""
    working, term = here.place.working, here.frame.mark.term if here.frame.mark else None
    neuron_and_sample = Focus(here.focus_on_sample().outer)
    first = Equation(_deltas(here, trace), neuron_and_sample, working and term is None)
    gradient, entered, deltas = _gradient(here, trace), here.entering(with_ones=True), _transposed(here, trace)
    second = Equation((gradient, "=", entered, "·", deltas), here.focus_on_parameter(), working and term is not None)
    return first, second


# deltas


def _delta(here: LayerMatrices, trace: Trace, arithmetic: Callable[[int, int], str]) -> Grid:
    meaning = "errors" if here.is_perceptron else "∂L/∂z"
    return here.per_sample(DELTA, meaning, trace.deltas[here.layer], here.known.deltas[here.layer], arithmetic, small=True)


def _deltas(here: LayerMatrices, trace: Trace) -> tuple[Grid | str, ...]:
    arriving, slopes = trace.output_gradients[here.layer], trace.slopes[here.layer]
    if arriving is None:
        return _fused(here, trace)
    if slopes is None:
        delta = _delta(here, trace, partial(_coupled, here, trace, arriving))
        return delta, "=", here.outputs(given), "∘ (", _arriving(here, arriving), "− Σ <i>A</i> ∘ ∂<i>L</i>/∂<i>A</i> )"
    delta = _delta(here, trace, partial(_product, here, trace, arriving, slopes))
    activation = here.frame.network.activations[here.layer]
    slope = here.per_sample(
        Symbol("<i>f</i> ′(<i>Z</i>)", "f′(Z)", "f'(Z)"), f"slope of {ACTIVATIONS[activation].title}", slopes, here.neurons,
        partial(_slope, here, trace), small=True)
    if here.is_last:
        return delta, "=", _arriving(here, arriving), "∘", slope
    mask = trace.masks[here.layer]
    dropped: tuple[Grid | str, ...] = ()
    if mask is not None:
        dropped = "∘", here.per_sample(Symbol("<i>M</i>", "M", "M"), "dropout's mask", mask, here.neurons, given)
    return delta, "= (", _weights_after(here), "·", _deltas_after(here, trace), ")", *dropped, "∘", slope


def _product(here: LayerMatrices, trace: Trace, arriving: Array, slopes: Array, row: int, column: int) -> str:
    """What arrives, with its own arithmetic where it comes from the next layer, times the slope."""
    show = here.rounding.small
    came, slope = guarded(show(float(arriving[row, column]), False)), guarded(show(float(slopes[row, column]), False))
    if not here.is_last and trace.masks[here.layer] is None:
        weights, deltas = here.frame.weights[here.layer + 1][row], trace.deltas[here.layer + 1][:, column]
        came = f"({products(weights, deltas, lambda value: here.rounding.fixed(value, False), show)})"
    return f"{came}·{slope}"


def _coupled(here: LayerMatrices, trace: Trace, arriving: Array, row: int, column: int) -> str:
    """Through a softmax: a (g − Σ a g)."""
    outputs, show = trace.outputs[here.layer][:, column], here.rounding.small
    own, mean = float(arriving[row, column]), float(outputs @ arriving[:, column])
    return f"{here.rounding.fixed(float(outputs[row]), False)}·({show(own, False)} − {guarded(show(mean, False))})"


def _slope(here: LayerMatrices, trace: Trace, row: int, column: int) -> str:
    z, a = (float(each[here.layer][row, column]) for each in (trace.sums, trace.outputs))
    return slope_arithmetic(here.frame.network.activations[here.layer], z, a, here.rounding)


def _arriving(here: LayerMatrices, arriving: Array) -> Grid:
    symbol = Symbol("∂<i>L</i>/∂<i>A</i>", "∂L/∂A", r"\partial L/\partial A")
    title = LOSSES[here.frame.experiment.learning.loss].title
    return here.per_sample(symbol, f"from the loss: {title}", arriving, here.neurons, given, small=True)


def _fused(here: LayerMatrices, trace: Trace) -> tuple[Grid | str, ...]:
    """Where output and loss belong together: (A − Y) / n; under the perceptron rule the error itself."""
    learning = here.frame.experiment.learning
    over = "" if here.is_perceptron else f" / {LOSSES[learning.loss].count(here.neurons, trace.samples)}"

    def difference(row: int, column: int) -> str:
        a, y = (here.rounding.fixed(float(each[row, column]), False) for each in (trace.outputs[here.layer], trace.targets))
        return f"({a} − {guarded(y)}){over}" if over else f"{a} − {guarded(y)}"

    outputs, targets = here.outputs(given), here.targets(trace)
    delta = _delta(here, trace, difference)
    return (delta, "= (", outputs, "−", targets, f"){over}") if over else (delta, "=", outputs, "−", targets)


def _weights_after(here: LayerMatrices) -> Grid:
    """W of the next layer, (this layer's neurons, the next one's): how each sum there leans on each output here."""
    after, name = here.layer + 1, f"L{here.layer + 2}"
    values = here.frame.weights[after]
    return Grid(
        Symbol(f"<i>W</i><sub>{name}</sub>", f"W of {name}", rf"W_{{\mathrm{{{name}}}}}"), "weights", here.of_neurons,
        here.neurons_of(after), values, values.size, True, lambda row, column: EdgeTarget(after, row, column),
        here.rounding.fixed, given)


def _deltas_after(here: LayerMatrices, trace: Trace) -> Grid:
    after, name = here.layer + 1, f"L{here.layer + 2}"
    rows = here.neurons_of(after)
    return Grid(
        Symbol(f"<i>δ</i><sub>{name}</sub>", f"δ of {name}", rf"\delta_{{\mathrm{{{name}}}}}"), "deltas", rows, here.of_samples,
        trace.deltas[after], here.through(rows.count, here.known.deltas[after]), True, lambda row, _: NeuronTarget(after, row),
        here.rounding.small, given)


# gradients


def _gradient(here: LayerMatrices, trace: Trace) -> Grid:
    done = here.parameters_done
    # the perceptron's corrections are no gradient
    symbol = Symbol("<i>G</i>", "G", "G") if here.is_perceptron else Symbol(
        "∂<i>L</i>/∂<i>W</i>", "∂L/∂W", r"\partial L/\partial W")
    so_far = "sample 1" if here.sample == 0 else f"samples 1–{here.sample + 1}"
    if here.sample + 1 == trace.samples:
        so_far = "this batch"
    values = gradient_so_far(here, trace, -(-done // (here.inputs + 1)))
    return here.per_parameter(symbol, so_far, values, done, here.rounding.small, partial(_shares, here, trace))


def gradient_so_far(here: LayerMatrices, trace: Trace, neurons: int) -> Array:
    """(inputs + 1, neurons) the gradient of the first ``neurons`` summed over the samples up to this one; NaN beyond them."""
    stop = here.sample + 1
    if stop == trace.samples:
        whole: Array = here.frame.network.layers(trace.gradient)[here.layer]
        return whole
    arriving = entering(here.frame, trace, here.layer)[:, :stop]
    sums = np.full((here.inputs + 1, here.neurons), np.nan, arriving.dtype)
    for neuron in range(neurons):
        deltas = trace.deltas[here.layer][neuron, :stop]
        sums[:-1, neuron], sums[-1, neuron] = arriving @ deltas, deltas.sum()
    return sums


def _shares(here: LayerMatrices, trace: Trace, row: int, column: int) -> str:
    stop = here.sample + 1
    deltas = trace.deltas[here.layer][column, :stop]
    arriving = entering(here.frame, trace, here.layer)[row, :stop] if row < here.inputs else np.ones(stop)
    return products(arriving, deltas, lambda value: here.rounding.fixed(value, False), here.rounding.small)


def _transposed(here: LayerMatrices, trace: Trace) -> Grid:
    """δᵀ, (samples, neurons): what is learnt column by column of δ comes row by row."""
    return Grid(
        Symbol("<i>δ</i><sup>T</sup>", "δᵀ", r"\delta^\top"), "deltas", here.of_samples, here.of_neurons,
        trace.deltas[here.layer].T, here.through(here.neurons, here.known.deltas[here.layer]), False,
        lambda _, column: NeuronTarget(here.layer, column), here.rounding.small, given)
