"""What on the diagram can be pointed at: a neuron, or an edge. Everything counts from 0; layer -1 is the inputs."""

from typing import NamedTuple

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
