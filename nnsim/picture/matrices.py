"""A whole layer's arithmetic at one moment, as matrices: a column for every sample of the batch, and what is at work marked.

Start here: ``matrices`` finds the layer on show (the chosen one, else the one at work) and has the phase arrange its equations.
It refuses to compute the network, and to tell anything that the moment does not know.
"""

from nnsim.engine.frame import Frame
from nnsim.picture.caption_place import Place, place
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.matrices_backward import backward_equations
from nnsim.picture.matrices_forward import forward_equations
from nnsim.picture.matrices_layer import LayerMatrices
from nnsim.picture.matrices_loss import loss_equations
from nnsim.picture.matrices_parts import Equation, MatrixPicture
from nnsim.picture.matrices_update import step_rule, update_equations
from nnsim.picture.targets import Target

NOWHERE = -1
"""In place of a neuron where none is at work or chosen."""


def matrices(frame: Frame, selected: Target | None = None, digits: int | None = 3) -> MatrixPicture:
    """The layer of ``selected`` if given, else the one at work, with so many decimals; None: all digits."""
    spot = place(frame, selected)
    on_loss = frame.phase == "loss" and spot is None
    if spot is None:
        spot = Place(frame.network.depth - 1 if on_loss else 0, NOWHERE, None, False)
    here = LayerMatrices(frame, spot, Rounding(digits))
    return MatrixPicture(frame.phase, spot.layer, _title(here, on_loss), _sentence(here, on_loss), _equations(here, on_loss))


def _equations(here: LayerMatrices, on_loss: bool) -> tuple[Equation, ...]:
    trace, phase = here.trace, here.frame.phase
    if trace is not None and on_loss:
        return loss_equations(here, trace)
    if trace is not None and phase == "backward":
        return backward_equations(here, trace)
    if trace is not None and phase == "update":
        return update_equations(here, trace)
    return forward_equations(here)


def _title(here: LayerMatrices, on_loss: bool) -> str:
    back = "errors and corrections" if here.is_perceptron else "deltas and gradients"
    what = {"backward": back, "update": "update"}.get(here.frame.phase, "sums and outputs")
    of = "batch" if here.frame.probe is None else "probe"
    return f"Loss of the {of}" if on_loss else f"L{here.layer + 1}: {what} of the {of}"


def _sentence(here: LayerMatrices, on_loss: bool) -> str:
    """What is at work, in words."""
    sample = f"sample {here.sample + 1} of {here.samples}"
    if here.frame.phase == "start":
        return "Nothing is computed yet: the weights are known, and the data come with the first step."
    if on_loss:
        return f"{sample[0].upper()}{sample[1:]}: its outputs and its targets make its loss."
    if not here.is_placed:
        return sample
    name = f"L{here.layer + 1}·{here.place.neuron + 1}"
    if here.frame.phase == "update":
        assert here.trace is not None
        return f"{name}: each parameter is its old value less its step, S = {step_rule(here, here.trace)}."
    if here.frame.phase == "backward":
        what = "corrections" if here.is_perceptron else "gradients"
        return f"{name}, {sample}: {what} are rows of X times columns of δᵀ, summed over the samples."
    return f"{name}, {sample}: its row of Wᵀ times the sample’s column of X, plus its bias."
