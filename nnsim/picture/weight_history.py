"""One weight or bias over the epochs: its value and its gradient at every remembered place.

Plain data for the plot beside the inspector; apart because it can be tested so. It refuses to draw, and to fill in what is not
known.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.network import Network
from nnsim.engine.past import Past
from nnsim.picture.targets import INPUTS, EdgeTarget, Target


@dataclass(frozen=True, eq=False)
class ParameterHistory:
    """A parameter's past."""

    name: str
    """``W[1,2] of L1`` or ``b[2] of L1``, counted from 1 as on the diagram"""
    batches: Array
    """(points,)"""
    per_epoch: int
    """Batches in an epoch."""
    values: Array
    """(points,) before that batch"""
    gradients: Array
    """(points,) ∂L/∂w of that batch; NaN where it is not known yet"""

    @property
    def epochs(self) -> Array:
        """(points,) finished epochs"""
        return self.batches / self.per_epoch


def parameter_history(past: Past, target: Target) -> ParameterHistory | None:
    """The past of an edge's weight, or of a neuron's bias; None for an input, which has neither, and for what is not there."""
    network, layer = past.network, target.layer
    if not INPUTS < layer < network.depth:
        return None
    inputs = network.sizes[layer]
    edge = target if isinstance(target, EdgeTarget) else EdgeTarget(layer, inputs, target.neuron)
    if edge.row > inputs or edge.neuron >= network.widths[layer]:
        return None
    index = network.index(*edge)
    batches = np.array([point.batch for point in past.points])
    gradients = np.array([np.nan if point.look is None else point.look.gradient[index] for point in past.points], float)
    values = past.thetas[:, index].astype(float)
    return ParameterHistory(parameter_name(network, edge), batches, past.batches, values, gradients)


def parameter_name(network: Network, edge: EdgeTarget) -> str:
    """How a parameter is called on axes and heads."""
    if edge.row == network.sizes[edge.layer]:
        return f"b[{edge.neuron + 1}] of L{edge.layer + 1}"
    return f"W[{edge.row + 1},{edge.neuron + 1}] of L{edge.layer + 1}"
