"""Holding: frozen layers and neurons and cut weights stay to the bit, whatever the optimizer; the rest learns on."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from straight_run import GRADIENT_OPTIMIZERS

from nnsim.core.network import Network
from nnsim.engine.experiment import Data, Experiment, ExperimentError, Layer, Learning, changed, experiment_from
from nnsim.engine.moments import START
from nnsim.engine.simulation import Simulation


def small(**learning: Any) -> Experiment:
    return Experiment(data=Data(samples=24), layers=(Layer(width=3), Layer(width=2), Layer(width=1, activation="sigmoid")),
                      learning=Learning(**{"rate": 0.2, **learning}), batch_size=5)


@pytest.mark.parametrize("optimizer", GRADIENT_OPTIMIZERS)
@pytest.mark.parametrize("extras", [{}, {"l1": 0.01, "l2": 0.1, "dropout": 0.3, "clip_norm": 0.05}])
def test_what_is_held_stays_and_the_rest_learns(optimizer: str, extras: dict[str, float]) -> None:
    simulation = Simulation(small(optimizer=optimizer, **extras))
    simulation.run(batches=7)
    first = simulation.frame.theta
    simulation.tune(simulation.learning.replace(frozen=((0,), (1, 1)), cut=((1, 2, 0), (2, 2, 0))))
    held = simulation.network.held(simulation.learning.frozen, simulation.learning.cut)
    expected = first.copy()
    expected[[simulation.network.index(1, 2, 0), simulation.network.index(2, 2, 0)]] = 0
    assert simulation.frame.theta[held].tobytes() == expected[held].tobytes()
    simulation.run(batches=13)
    theta = simulation.frame.theta
    assert theta[held].tobytes() == expected[held].tobytes()
    moved = np.setdiff1d(np.arange(len(theta)), held)
    assert len(moved) == len(theta) - 3 * 3 - 4 - 2
    assert (theta[moved] != first[moved]).all()


@pytest.mark.parametrize("optimizer", GRADIENT_OPTIMIZERS)
def test_where_biases_do_not_learn_they_stay_to_the_bit_and_all_weights_learn(optimizer: str) -> None:
    simulation = Simulation(small(optimizer=optimizer, l2=0.1))
    simulation.run(batches=7)
    first = simulation.frame.theta
    simulation.tune(simulation.learning.replace(biases_learn=False))
    simulation.run(batches=13)
    theta = simulation.frame.theta
    is_weight = simulation.network.is_weight() == 1
    assert theta[~is_weight].tobytes() == first[~is_weight].tobytes() and first[~is_weight].any()
    assert (theta[is_weight] != first[is_weight]).all()
    simulation.tune(simulation.learning.replace(biases_learn=True))
    simulation.run(batches=1)
    assert (simulation.frame.theta[~is_weight] != first[~is_weight]).all()


def test_a_held_parameter_does_not_count_for_the_length_that_is_clipped() -> None:
    simulation = Simulation(small(clip_norm=1e-3, frozen=((1,), (2,))))
    simulation.step("batch")
    trace = simulation.frame.trace
    assert trace is not None
    here = simulation.network.offsets[1]
    assert np.linalg.norm(trace.gradient[here:]) > 1e-3
    assert np.linalg.norm(trace.step_gradient[:here]) == pytest.approx(1e-3, rel=1e-2)
    assert not trace.step_gradient[here:].any()


@given(st.integers(1, 20), st.integers(0, 30), st.sampled_from(GRADIENT_OPTIMIZERS))
def test_going_back_and_forth_over_a_holding_gives_the_same_bits(batch: int, further: int, optimizer: str) -> None:
    simulation = Simulation(small(optimizer=optimizer))
    simulation.run(batches=batch)
    plain = simulation.run_record
    simulation.tune(simulation.learning.replace(frozen=((1, 0),), cut=((0, 0, 1),)))
    simulation.run(batches=further)
    there, moment = simulation.frame.theta.tobytes(), simulation.moment
    simulation.rewind()
    simulation.seek(moment)
    assert simulation.frame.theta.tobytes() == there
    held = simulation.run_record
    simulation.become(plain, START)
    simulation.become(held, moment)
    assert simulation.frame.theta.tobytes() == there


def test_joining_again_lets_a_cut_weight_learn_from_0() -> None:
    simulation = Simulation(small(cut=((0, 1, 2),)))
    simulation.run(batches=5)
    assert simulation.frame.weights[0][1, 2] == 0
    simulation.tune(simulation.learning.replace(cut=()))
    assert simulation.frame.weights[0][1, 2] == 0
    simulation.step("batch")
    assert simulation.frame.weights[0][1, 2] != 0


def test_a_cut_weight_cannot_be_set_and_a_frozen_one_can() -> None:
    simulation = Simulation(small(cut=((0, 1, 2),), frozen=((0,),)))
    simulation.run(batches=2)
    with pytest.raises(ExperimentError, match="a weight that is cut stays 0"):
        simulation.set_parameter(0, 1, 2, 0.5)
    simulation.set_parameter(0, 0, 2, 0.5)
    simulation.run(batches=2)
    assert simulation.frame.weights[0][0, 2] == 0.5


@pytest.mark.parametrize("held, reason", [
    ({"frozen": [[3]]}, r"no layer \[3\]"), ({"frozen": [[1, 2]]}, r"no neuron \[1, 2\]"), ({"frozen": [[1, 2, 3]]}, "frozen"),
    ({"frozen": [[]]}, "frozen"), ({"cut": [[0, 3, 0]]}, r"no weight \[0, 3, 0\]"), ({"cut": [[2, 0, 1]]}, r"no weight"),
    ({"cut": [[0, 0]]}, "cut"), ({"cut": [[-1, 0, 0]]}, "cut"),
])
def test_what_the_network_does_not_have_cannot_be_held(held: dict[str, Any], reason: str) -> None:
    with pytest.raises(ExperimentError, match=reason):
        Simulation(experiment_from({**small().model_dump(), "learning": held}))


def test_holdings_come_back_from_json() -> None:
    experiment = changed(changed(small(), "learning.frozen", [[0], [1, 1]]), "learning.cut", [[0, 1, 2]])
    assert experiment.learning.frozen == ((0,), (1, 1)) and experiment.learning.cut == ((0, 1, 2),)
    assert experiment_from(experiment.model_dump(mode="json")) == experiment


def test_the_places_held_are_those_of_the_layer_the_neuron_and_the_weight() -> None:
    network = Network(2, (2, 1), ("tanh", "sigmoid"))
    assert network.held(((1,),), ()).tolist() == [6, 7, 8]
    assert network.held(((0, 1),), ((0, 0, 0),)).tolist() == [0, 1, 3, 5]
