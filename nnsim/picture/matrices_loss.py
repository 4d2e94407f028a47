"""The matrices of the loss: each sample's loss from its outputs and targets, and after the last sample their mean.

It refuses to tell the mean before every sample has its loss.
"""

from nnsim.core.losses import LOSSES
from nnsim.core.trace import Trace
from nnsim.picture.caption_parts import UNKNOWN
from nnsim.picture.matrices_layer import ONE, LayerMatrices
from nnsim.picture.matrices_parts import Equation, Focus, Grid, Symbol
from nnsim.picture.matrices_words import given


def loss_equations(here: LayerMatrices, trace: Trace) -> tuple[Equation, ...]:
    """Each sample's loss."""
    loss = LOSSES[here.frame.experiment.learning.loss]

    def write(value: float) -> str:
        return here.rounding.small(value, False)

    losses = Grid(
        Symbol("<i>ℓ</i>", "ℓ", r"\ell"), loss.title, ONE, here.of_samples, trace.losses[None, :],
        here.through(1, 1), True, lambda _row, _column: None, write, given)
    mean = write(trace.loss) if here.sample + 1 == trace.samples else UNKNOWN
    parts = (losses, "= loss (", here.outputs(given), ",", here.targets(trace), ")")
    return (
        Equation(parts, Focus({"sample": here.sample}), True),
        Equation((f"<i>L</i> = mean of <i>ℓ</i> = {mean}",), Focus(), False),
    )
