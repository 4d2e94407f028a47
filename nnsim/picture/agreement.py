"""How a gradient check went, as plain data: a relative difference and a verdict for every weight and bias, and the whole in words.

It is apart from the check because what is said of it is meaning, and the same for diagram, table and terminal. It refuses to
compute a gradient.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.gradient_check import GradientCheck, Verdict
from nnsim.core.network import Network
from nnsim.picture import numbers
from nnsim.picture.targets import EdgeTarget

MOST_NAMES = 3


@dataclass(frozen=True, eq=False)
class LayerAgreement:
    """One layer's edges: arrays of shape (inputs + 1, neurons) as the layer's weights, its biases in the last row."""

    differences: Array
    """Relative, 0 or more; NaN where nothing was checked."""
    verdicts: Array
    """``agrees``, ``kink`` or ``differs``; empty where nothing was checked."""


@dataclass(frozen=True)
class Measured:
    """One weight's or bias's gradient beside what was measured."""

    target: EdgeTarget
    name: str
    """Such as ``L1 W[2,1]`` or ``L2 b[1]``, counted from 1."""
    gradient: float
    measured: float
    difference: float
    """Relative."""
    verdict: Verdict
    between: tuple[float, float]
    """At a kink, the least and the greatest slope beside it; elsewhere both are the measured one."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """A gradient check as it can be drawn, listed and said."""

    layers: tuple[LayerAgreement, ...]
    passed: bool
    """Whether no gradient differs; a kink is no error."""
    worst: Measured
    """The one with the largest relative difference, kinks aside."""
    sentence: str
    conditions: tuple[str, ...]
    """What was compared with what, in a few sentences."""


def agreement(check: GradientCheck, at: tuple[int, int] | None = None) -> Agreement:
    """The picture of a check. ``at``: the epoch, and the batch in it, that were checked, from 0; None where the reader knows."""
    count = check.network.parameter_count
    differences, verdicts = np.full(count, np.nan), np.full(count, "", check.verdicts.dtype)
    differences[check.places], verdicts[check.places] = check.differences, check.verdicts
    for array in (differences, verdicts):
        array.flags.writeable = False
    layers = zip(check.network.layers(differences), check.network.layers(verdicts), strict=True)
    return Agreement(tuple(LayerAgreement(*layer) for layer in layers), check.passed, measured(check, check.worst),
                     sentence(check, at), tuple(_conditions(check)))


def measured(check: GradientCheck, number: int) -> Measured:
    """The ``number``-th of the checked parameters."""
    target = edge_at(check.network, int(check.places[number]))
    return Measured(target, edge_name(check.network, target), float(check.gradients[number]), float(check.measured[number]),
                    float(check.differences[number]), check.verdicts[number].item(),
                    (float(check.lowest[number]), float(check.highest[number])))


def edge_at(network: Network, place: int) -> EdgeTarget:
    """The weight or bias at a place in theta."""
    layer = int(np.searchsorted(network.offsets, place, "right")) - 1
    row, neuron = divmod(place - network.offsets[layer], network.widths[layer])
    return EdgeTarget(layer, row, neuron)


def edge_name(network: Network, target: EdgeTarget) -> str:
    """Such as ``L1 W[2,1]`` or ``L2 b[1]``."""
    layer, row, neuron = target
    return f"L{layer + 1} " + (f"b[{neuron + 1}]" if row == network.sizes[layer] else f"W[{row + 1},{neuron + 1}]")


def sentence(check: GradientCheck, at: tuple[int, int] | None = None) -> str:
    """The whole in a sentence: which batch it is of, how many agree and how well, what stands at a kink, and what differs."""
    checked, total, blurred = len(check.places), check.network.parameter_count, int(check.blurred.sum())
    found = []
    if not check.passed:
        found.append(_differing(check))
    elif check.count("agrees") > blurred:
        found.append(_agreeing(check, check.count("agrees") - blurred))
    if blurred:
        found.append(f"{numbers.whole(blurred)} lost in rounding")
    if check.count("kink"):
        found.append(f"{numbers.whole(check.count('kink'))} at a kink of the loss: {_names(check, 'kink')}")
    text = "; ".join(found)
    if checked < total:
        text = f"{numbers.whole(checked)} of {numbers.whole(total)} checked: {text}"
    if at is not None:
        text = f"epoch {numbers.whole(at[0] + 1)}, batch {numbers.whole(at[1] + 1)}: {text}"
    return f"{text[:1].upper()}{text[1:]}."


def _differing(check: GradientCheck) -> str:
    differ, worst = check.count("differs"), measured(check, check.worst)
    which = "differs, " if differ == 1 else "differ, most of all "
    return (f"{numbers.whole(differ)} of {numbers.count(len(check.places), 'gradient')} {which}{worst.name}: "
            f"{numbers.significant(worst.gradient, 4)}, but measured {numbers.significant(worst.measured, 4)}")


def _agreeing(check: GradientCheck, agree: int) -> str:
    checked = len(check.places)
    if checked == 1:
        who = "the gradient agrees"
    else:
        who = f"{'all' if agree == checked else f'{numbers.whole(agree)} of'} {numbers.whole(checked)} gradients agree"
    if check.largest_difference == 0:
        return f"{who} in all digits"
    worst = measured(check, check.worst)
    return f"{who} within {numbers.significant(worst.difference, 1, signed=False)}; worst: {worst.name}"


def _names(check: GradientCheck, verdict: Verdict) -> str:
    these = np.flatnonzero(check.verdicts == verdict)
    named = ", ".join(measured(check, int(number)).name for number in these[:MOST_NAMES])
    return named + (f" and {numbers.whole(len(these) - MOST_NAMES)} more" if len(these) > MOST_NAMES else "")


def _conditions(check: GradientCheck) -> Iterator[str]:
    how = {"complex step": "a tiny imaginary step of its weight or bias",
           "differences": "the loss at four places beside its weight or bias"}[check.way]
    yield (f"Each was measured by {how}, without back-propagation; a relative difference up to "
           f"{numbers.significant(check.tolerance, 1, signed=False)} is agreement.")
    yield f"Compared is the gradient of the batch's mean loss{_besides(check)}."
    if check.blurred.any():
        yield "Lost in rounding is what rounding can make more of than it is, so that agreeing says nothing."


def _besides(check: GradientCheck) -> str:
    method = check.method
    penalties = [name for name, strength in (("L1", method.l1), ("L2", method.l2)) if strength]
    parts = []
    if penalties:
        parts.append(f" with the {' and '.join(penalties)} {'penalties' if len(penalties) > 1 else 'penalty'}")
    if method.dropout:
        parts.append(" under this batch's dropout mask")
    if method.clip_norm:
        factor = f"multiplies it by {numbers.significant(check.clip_factor, 3, signed=False)}"
        parts.append(f" before clipping, which {factor if check.clip_factor < 1 else 'does nothing here'}")
    return ",".join(parts)
