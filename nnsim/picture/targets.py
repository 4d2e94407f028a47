"""What on the diagram can be pointed at: a neuron, or an edge. Everything counts from 0; layer -1 is the inputs."""

from typing import NamedTuple

from nnsim.core.network import Network

INPUTS = -1


class NeuronTarget(NamedTuple):
    """A neuron, or with layer -1 an input."""

    layer: int
    neuron: int


class EdgeTarget(NamedTuple):
    """The weight W[row, neuron] of a layer; ``row`` = the layer's number of inputs is the bias."""

    layer: int
    row: int
    neuron: int


Target = NeuronTarget | EdgeTarget


def is_there(target: Target, network: Network) -> bool:
    """Whether a network has such a place."""
    if not INPUTS <= target.layer < network.depth or target.neuron >= network.sizes[target.layer + 1]:
        return False
    return isinstance(target, NeuronTarget) or (target.layer > INPUTS and target.row <= network.sizes[target.layer])
