"""Holding parts of a network still: cutting a weight, freezing a neuron or a layer, and letting go again.

Each is an edit of how the network learns, so it branches a run and can be undone like any other. It is apart from the other
edits because it is made on the diagram, at a place, and not in the form. It refuses to know a widget.
"""

from nnsim.core.network import Network
from nnsim.engine.experiment import Learning
from nnsim.picture.targets import EdgeTarget, NeuronTarget


def is_cut(learning: Learning, target: EdgeTarget) -> bool:
    """Whether a weight or bias is cut: held at 0."""
    return tuple(target) in learning.cut


def is_frozen(learning: Learning, layer: int, neuron: int | None = None) -> bool:
    """Whether a layer, or a neuron of it on its own or with its layer, learns nothing. All from 0."""
    return (layer,) in learning.frozen or (neuron is not None and (layer, neuron) in learning.frozen)


def holds(learning: Learning, target: EdgeTarget, is_bias: bool) -> bool:
    """Whether a weight or bias stays where it is: cut, frozen with its neuron, or a bias where none learns."""
    return is_cut(learning, target) or is_frozen(learning, target.layer, target.neuron) or (is_bias and not learning.biases_learn)


def cut(learning: Learning, target: EdgeTarget, network: Network) -> tuple[Learning, str]:
    """The learning with a weight or bias cut, or joined again if it is; and the edit's name in undo."""
    place = (target.layer, target.row, target.neuron)
    was = place in learning.cut
    name = f"bias of L{target.layer + 1}·{target.neuron + 1}"
    if target.row < network.sizes[target.layer]:
        name = f"L{target.layer + 1} W[{target.row + 1},{target.neuron + 1}]"
    kept = tuple(each for each in learning.cut if each != place)
    return learning.replace(cut=kept if was else (*kept, place)), f"{'Join' if was else 'Cut'} {name}"


def freeze(learning: Learning, target: NeuronTarget) -> tuple[Learning, str]:
    """The learning with a neuron frozen, or learning again if it is; and the edit's name in undo.

    A neuron of a frozen layer is let go by freezing its layer's other neurons one by one: that is not guessed, so the whole
    layer learns again.
    """
    if (target.layer,) in learning.frozen:
        return freeze_layer(learning, target.layer)
    return _toggled(learning, (target.layer, target.neuron), f"L{target.layer + 1}·{target.neuron + 1}")


def freeze_layer(learning: Learning, layer: int) -> tuple[Learning, str]:
    """The learning with a whole layer frozen, or learning again if it is; and the edit's name in undo."""
    # its neurons need no freezing of their own any more, and none shall stay behind when the layer is let go
    rest = learning.replace(frozen=tuple(place for place in learning.frozen if place[0] != layer or len(place) == 1))
    return _toggled(rest, (layer,), f"L{layer + 1}")


def released(learning: Learning) -> Learning:
    """The learning with nothing held: for a network of another shape, in which the places mean something else."""
    return learning.replace(frozen=(), cut=())


def _toggled(learning: Learning, place: tuple[int] | tuple[int, int], name: str) -> tuple[Learning, str]:
    was = place in learning.frozen
    kept = tuple(each for each in learning.frozen if each != place)
    return learning.replace(frozen=kept if was else (*kept, place)), f"Let {name} learn" if was else f"Freeze {name}"
