"""Edits that hold parts of a network: each undoes itself, has a name, and is dropped when the network's shape changes."""

from typing import Any

import pytest

from nnsim.core.network import Network
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Experiment, Layer, Learning
from nnsim.engine.proposal import of_source
from nnsim.engine.simulation import Simulation
from nnsim.picture.caption import caption
from nnsim.picture.edits import edit
from nnsim.picture.holding import cut, freeze, freeze_layer, holds, is_cut, is_frozen
from nnsim.picture.targets import EdgeTarget, NeuronTarget

NETWORK = Network(2, (3, 1), ("tanh", "sigmoid"))


@pytest.mark.parametrize("target, name", [(EdgeTarget(0, 1, 2), "L1 W[2,3]"), (EdgeTarget(1, 3, 0), "bias of L2·1")])
def test_cutting_holds_a_weight_and_cutting_again_joins_it(target: EdgeTarget, name: str) -> None:
    learning, label = cut(Learning(), target, NETWORK)
    assert label == f"Cut {name}" and is_cut(learning, target) and holds(learning, target, False)
    assert not holds(learning, EdgeTarget(0, 0, 0), False)
    again, label = cut(learning, target, NETWORK)
    assert label == f"Join {name}" and again == Learning()


def test_freezing_a_neuron_holds_its_weights_and_bias() -> None:
    learning, label = freeze(Learning(), NeuronTarget(0, 1))
    assert label == "Freeze L1·2" and is_frozen(learning, 0, 1) and not is_frozen(learning, 0) and not is_frozen(learning, 0, 0)
    assert holds(learning, EdgeTarget(0, 2, 1), True) and not holds(learning, EdgeTarget(0, 2, 0), True)
    assert freeze(learning, NeuronTarget(0, 1)) == (Learning(), "Let L1·2 learn")


def test_freezing_a_layer_takes_its_neurons_along_and_lets_all_of_them_go() -> None:
    one = freeze(Learning(), NeuronTarget(0, 1))[0]
    learning, label = freeze_layer(one, 0)
    assert label == "Freeze L1" and learning.frozen == ((0,),) and is_frozen(learning, 0, 2)
    assert freeze(learning, NeuronTarget(0, 2)) == (Learning(), "Let L1 learn")


@pytest.mark.parametrize("change", [("layers.0.width", 2), ("batch_size", 3)])
def test_another_shape_holds_nothing_and_other_changes_keep_what_is_held(change: tuple[str, Any]) -> None:
    held = Learning(frozen=((0, 1),), cut=((0, 0, 0),))
    experiment = Experiment(layers=(Layer(width=3), Layer(width=1, activation="sigmoid")), learning=held)
    path, value = change
    learning = edit(experiment, path, value, load_dataset(experiment.data)).experiment.learning
    assert (learning.frozen, learning.cut) == (((), ()) if path.endswith("width") else (held.frozen, held.cut))
    assert of_source(experiment, "iris").learning.cut == ()


@pytest.mark.parametrize("optimizer", ["gradient-descent", "momentum", "adam", "adamw"])
@pytest.mark.parametrize("held, word", [({"frozen": ((0, 1),)}, "frozen"), ({"cut": ((0, 0, 1),)}, "cut")])
def test_the_update_of_a_held_weight_says_why_it_stays(optimizer: str, held: dict[str, Any], word: str) -> None:
    layers = (Layer(width=3), Layer(width=1, activation="sigmoid"))
    simulation = Simulation(Experiment(layers=layers, learning=Learning(optimizer=optimizer, l2=0.1)))
    simulation.run(batches=3)
    simulation.tune(simulation.learning.replace(**held))
    simulation.step("batch")
    told = caption(simulation.frame, EdgeTarget(0, 0, 1))
    given = next(line for line in told.lines if line.symbol == "g′")
    assert given.number.value == 0 and given.arithmetic == f"0, as it is {word}"
    assert told.lines[-1].arithmetic.endswith(f", as it is {word}")
    assert told.move is not None and told.move.old.value == told.move.new.value == told.lines[-1].number.value
    assert f"The weight is {word} and stays at" in told.sentence
    free = caption(simulation.frame, EdgeTarget(0, 1, 2))
    assert all(line.arithmetic != given.arithmetic for line in free.lines) and word not in free.sentence
