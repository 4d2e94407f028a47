"""What there is to know about one neuron or one edge at a moment: the inspector's facts, as plain data.

It is apart from the inspector because what is known yet is meaning. It shows only what the frame knows: what comes later in the
batch is None, never 0 and never the value of the last pass. It refuses to compute a network.
"""

from dataclasses import dataclass, field

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Array
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.caption_curve import curve
from nnsim.picture.caption_parts import Curve
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.health import Warning, warnings_on
from nnsim.picture.holding import is_cut, is_frozen
from nnsim.picture.pushes import Pushes, pushes_on
from nnsim.picture.targets import INPUTS, EdgeTarget, NeuronTarget, Target

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
NOT_YET = "?"


@dataclass(frozen=True)
class Fact:
    """One number with its name. ``value`` is None, and ``text`` a question mark, where it is not yet computed."""

    name: str
    value: float | None
    text: str
    signed: bool = True
    """Whether the sign is a meaning, to be coloured."""


@dataclass(frozen=True)
class Parameter:
    """A weight or bias: its value now, and where this batch's update has changed it, its value before."""

    target: EdgeTarget
    value: float
    before: float | None = None
    held: str = ""
    """Why it stays as it is; empty where it learns."""


@dataclass(frozen=True, eq=False)
class EdgeInspection:
    """The facts about a weight or bias."""

    place: str
    """Such as ``L1·2 → L2·1``."""
    symbol: str
    """Such as ``W[2,1]`` or ``b[1]``."""
    parameter: Parameter
    facts: tuple[Fact, ...]
    pushes: Pushes
    cut: bool = False
    """Held at 0."""
    frozen: bool = False
    """Part of a neuron or layer that learns nothing."""
    warnings: tuple[Warning, ...] = ()
    """About the neuron it enters."""


@dataclass(frozen=True, eq=False)
class Incoming:
    """A neuron's incoming weights, arrays of (inputs,). Weights are those of now; inputs and products are those of the sample's
    forward pass, of which the first so many are known.
    """

    layer: int
    neuron: int
    names: tuple[str, ...]
    weights: Array
    inputs: Array
    products: Array
    inputs_known: int
    products_known: int


@dataclass(frozen=True, eq=False)
class NeuronInspection:
    """The facts about a neuron, or about an input, which has no bias and no incoming weights."""

    name: str
    note: str
    """Activation and sample, in words."""
    facts: tuple[Fact, ...]
    target: NeuronTarget
    bias: Parameter | None = None
    incoming: Incoming | None = field(default=None)
    curve: Curve | None = None
    """The activation's curve, with the point and the tangent as far as they are known."""
    warnings: tuple[Warning, ...] = ()
    frozen: bool = False
    layer_frozen: bool = False


Inspection = EdgeInspection | NeuronInspection


def inspect(frame: Frame, target: Target | None) -> Inspection | None:
    """The facts about a target; None where nothing is chosen or the network has no such place."""
    sizes = frame.network.sizes
    if target is None or not INPUTS <= target.layer < frame.network.depth or target.neuron >= sizes[target.layer + 1]:
        return None
    if isinstance(target, NeuronTarget):
        return _input(frame, target.neuron) if target.layer == INPUTS else _neuron(frame, target)
    if target.layer == INPUTS or target.row > sizes[target.layer]:
        return None
    return _edge(frame, target)


def source_name(layer: int, row: int, inputs: int) -> str:
    """What an edge of a layer comes from: ``x₁``, ``L1·2``, or ``1``, the input that is always 1. All from 0."""
    if row == inputs:
        return "1"
    return f"x{str(row + 1).translate(_SUBSCRIPTS)}" if layer == 0 else f"L{layer}·{row + 1}"


def symbol(target: EdgeTarget, inputs: int) -> str:
    """``W[r,q]``, or ``b[q]`` for the bias."""
    neuron = target.neuron + 1
    return f"b[{neuron}]" if target.row == inputs else f"W[{target.row + 1},{neuron}]"


def _edge(frame: Frame, target: EdgeTarget) -> EdgeInspection:
    inputs = frame.network.sizes[target.layer]
    place = f"{source_name(target.layer, target.row, inputs)} → L{target.layer + 1}·{target.neuron + 1}"
    pushes = pushes_on(frame, target)
    learning = frame.experiment.learning
    return EdgeInspection(place, symbol(target, inputs), _parameter(frame, target), _edge_facts(frame, target, pushes), pushes,
                          is_cut(learning, target), is_frozen(learning, target.layer, target.neuron), warnings_on(frame, target))


def _parameter(frame: Frame, target: EdgeTarget) -> Parameter:
    index = frame.network.index(*target)
    value = float(frame.theta[index])
    inputs, learning = frame.network.sizes[target.layer], frame.experiment.learning
    held = "frozen" if is_frozen(learning, target.layer, target.neuron) else ""
    if target.row == inputs and not learning.biases_learn:
        held = "biases do not learn"
    if is_cut(learning, target):
        held = "cut"
    # updates go neuron by neuron, while theta lies row by row
    place = frame.network.offsets[target.layer] + target.neuron * (inputs + 1) + target.row
    if frame.trace is None or frame.phase != "update" or place >= frame.parameters_updated:
        return Parameter(target, value, None, held)
    return Parameter(target, value, float(frame.trace.before[index]), held)


def _edge_facts(frame: Frame, target: EdgeTarget, pushes: Pushes) -> tuple[Fact, ...]:
    trace, index = frame.trace, frame.network.index(*target)
    perceptron = frame.experiment.learning.optimizer == "perceptron"
    name = "correction of the batch" if perceptron else "gradient of the batch"
    complete = trace is not None and pushes.known == trace.samples
    if trace is None or not complete:
        return (_significant(name, None),)
    facts = [_significant(name, float(trace.gradient[index]))]
    if frame.phase == "update" and trace.step_gradient[index] != trace.gradient[index]:
        clipped = ", clipped" if trace.clip_factor < 1 else ""
        penalty = "with penalty" if frame.experiment.learning.l1 or frame.experiment.learning.l2 else "as used"
        facts.append(_significant(f"{penalty}{clipped}", float(trace.step_gradient[index])))
    return tuple(facts)


def _sample(frame: Frame) -> int | None:
    """The place of the sample on show; during the update the last one. None at the start."""
    if frame.trace is None:
        return None
    return frame.trace.samples - 1 if frame.sample is None else frame.sample


def _sample_name(frame: Frame, sample: int) -> str:
    if frame.probe is not None:
        return f"probe: {frame.probe.name(frame.dataset)}"
    return f"sample {sample + 1} of {0 if frame.trace is None else frame.trace.samples}"


def _input(frame: Frame, number: int) -> NeuronInspection:
    sample, trace = _sample(frame), frame.trace
    name = frame.dataset.fed_names[number]
    symbol_text = source_name(0, number, frame.network.inputs)
    title = symbol_text if symbol_text == name else f"{symbol_text}   {name}"
    if trace is None or sample is None:
        return NeuronInspection(title, "input", (_fixed("value", None),), NeuronTarget(INPUTS, number))
    row = frame.dataset.inputs[int(trace.rows[sample])][np.newaxis]
    fed, own = float(trace.inputs[number, sample]), float(frame.dataset.entries(row)[0, number])
    facts = [_fixed("value", fed)]
    if own != fed:
        facts.append(_fixed("in the data’s units", own))
    return NeuronInspection(title, f"input · {_sample_name(frame, sample)}", tuple(facts), NeuronTarget(INPUTS, number))


def _neuron(frame: Frame, target: NeuronTarget) -> NeuronInspection:
    network, sample = frame.network, _sample(frame)
    activation = ACTIVATIONS[network.activations[target.layer]].title
    note = activation
    if frame.trace is not None and sample is not None:
        note = f"{activation} · {_sample_name(frame, sample)}"
    bias = _parameter(frame, EdgeTarget(target.layer, network.sizes[target.layer], target.neuron))
    learning = frame.experiment.learning
    return NeuronInspection(f"L{target.layer + 1}·{target.neuron + 1}", note, _neuron_facts(frame, target, sample), target, bias,
                            _incoming(frame, target, sample), _curve(frame, target, sample), warnings_on(frame, target),
                            is_frozen(learning, *target), is_frozen(learning, target.layer))


def _curve(frame: Frame, target: NeuronTarget, sample: int | None) -> Curve | None:
    """The activation's curve; its tangent once the backward pass has been here."""
    trace, known, name = frame.trace, frame.known, frame.network.activations[target.layer]
    if trace is None or sample is None or known.outputs[target.layer] <= target.neuron:
        return curve(name, None, None, None, Rounding())
    layer, neuron = target
    slopes, has_delta = trace.slopes[layer], known.deltas[layer] > neuron
    slope = float(slopes[neuron, sample]) if slopes is not None and has_delta else None
    return curve(name, float(trace.sums[layer][neuron, sample]), float(trace.outputs[layer][neuron, sample]), slope, Rounding())


def _neuron_facts(frame: Frame, target: NeuronTarget, sample: int | None) -> tuple[Fact, ...]:
    trace, known, layer, neuron = frame.trace, frame.known, target.layer, target.neuron

    def at(arrays: tuple[Array | None, ...], is_known: bool) -> float | None:
        array = arrays[layer]
        return float(array[neuron, sample]) if is_known and array is not None and sample is not None else None

    if trace is None:
        return _fixed("sum z", None), _fixed("output a", None), _significant("delta δ", None)
    has_output, has_delta = known.outputs[layer] > neuron, known.deltas[layer] > neuron
    facts = [_fixed("sum z", at(trace.sums, known.sums[layer] > neuron)), _fixed("output a", at(trace.outputs, has_output))]
    if trace.masks[layer] is not None:
        facts.append(_fixed("passed on (dropout)", at(trace.passed, has_output)))
    if trace.output_gradients[layer] is not None and has_delta:
        facts.append(_significant("∂L/∂a", at(trace.output_gradients, True)))
    if trace.slopes[layer] is not None and has_delta:
        facts.append(_significant("slope f′(z)", at(trace.slopes, True)))
    facts.append(_significant("delta δ", at(trace.deltas, has_delta)))
    return tuple(facts)


def _incoming(frame: Frame, target: NeuronTarget, sample: int | None) -> Incoming:
    network, known, layer, neuron = frame.network, frame.known, target.layer, target.neuron
    inputs = network.sizes[layer]
    names = tuple(source_name(layer, row, inputs) for row in range(inputs))
    weights = frame.weights[layer][:, neuron]
    trace = frame.trace
    if trace is None or sample is None:
        return Incoming(layer, neuron, names, weights, np.zeros(inputs), np.zeros(inputs), 0, 0)
    arriving = (trace.inputs if layer == 0 else trace.passed[layer - 1])[:, sample]
    if known.sums[layer] > neuron:
        products = inputs
    else:
        products = min(known.terms, inputs) if known.working == (layer, neuron) else 0
    used = network.weights(trace.before)[layer][:, neuron]
    return Incoming(layer, neuron, names, weights, arriving, used * arriving, inputs if layer == 0 else known.outputs[layer - 1],
                    products)


def _fixed(name: str, value: float | None) -> Fact:
    return Fact(name, value, NOT_YET if value is None else numbers.fixed(value))


def _significant(name: str, value: float | None) -> Fact:
    return Fact(name, value, NOT_YET if value is None else numbers.significant(value))
