"""The matrices of a forward pass: Z = WᵀX + b and A = f(Z), with dropout also what of A goes on; and before it, what will come.

Every value is the trace's own, and a later sample's column is not known. It refuses to know the other phases.
"""

from functools import partial

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.picture.caption_place import entering
from nnsim.picture.matrices_layer import LayerMatrices
from nnsim.picture.matrices_parts import Equation, Grid, Symbol
from nnsim.picture.matrices_words import given, guarded, products

Z = Symbol("<i>Z</i>", "Z", "Z")


def forward_equations(here: LayerMatrices) -> tuple[Equation, ...]:
    """Sums, then outputs."""
    trace, known, mark = here.trace, here.known, here.frame.mark
    working = here.place.working and here.frame.phase == "forward"
    summing = working and mark is not None and mark.term is not None
    sums = here.per_sample(
        Z, "sums", None if trace is None else trace.sums[here.layer], known.sums[here.layer], partial(_sum, here))
    focus = here.focus_on_sample()
    first = Equation((sums, "=", here.weights(), "·", here.entering(), "+", here.biases()), focus, summing)
    outputs = here.outputs(partial(_output, here))
    second = Equation((outputs, f"= {function(here)}(<i>Z</i>)", *_dropped(here)), focus, working and not summing)
    return first, second


def function(here: LayerMatrices) -> str:
    """The activation's name."""
    return ACTIVATIONS[here.frame.network.activations[here.layer]].title


def _dropped(here: LayerMatrices) -> tuple[Grid | str, ...]:
    """A ∘ M, what the layer after this one is fed; nothing without dropout."""
    trace = here.trace
    mask = None if trace is None else trace.masks[here.layer]
    if trace is None or mask is None:
        return ()
    done = here.known.outputs[here.layer]

    def arithmetic(row: int, column: int) -> str:
        write = here.rounding.fixed
        return f"{guarded(write(float(trace.outputs[here.layer][row, column])))}·{write(float(mask[row, column]), False)}"

    passed = Symbol("<i>A</i>′", "A′", "A'")
    return (
        ",",
        here.per_sample(passed, "what goes on", trace.passed[here.layer], done, arithmetic),
        "= <i>A</i> ∘",
        here.per_sample(Symbol("<i>M</i>", "M", "M"), "dropout's mask", mask, done, given),
    )


def _sum(here: LayerMatrices, row: int, column: int) -> str:
    assert here.trace is not None
    weights = here.frame.network.layers(here.trace.before)[here.layer][:, row]
    arriving = entering(here.frame, here.trace, here.layer)[:, column]

    def write(value: float) -> str:
        return here.rounding.fixed(value, False)

    return f"{products(weights[:-1], arriving, write, write)} + {guarded(write(float(weights[-1])))}"


def _output(here: LayerMatrices, row: int, column: int) -> str:
    assert here.trace is not None
    sums, write = here.trace.sums[here.layer][:, column], here.rounding.fixed
    z = write(float(sums[row]), False)
    if here.frame.network.activations[here.layer] != "softmax":
        return f"{function(here)}({z})"
    # the largest sum is taken off each exponent, as the softmax itself does
    top = float(sums.max())
    with np.errstate(all="ignore"):
        share, total = float(np.exp(sums[row] - top)), float(np.exp(sums - top).sum())
    return f"e^({z} − {guarded(write(top, False))}) / Σ = {write(share, False)} / {write(total, False)}"
