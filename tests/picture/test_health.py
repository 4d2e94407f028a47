"""Warnings: each is found where its cause was built in, and nowhere else."""

import numpy as np
import pytest

from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Data, Experiment, Layer, Start
from nnsim.engine.frame import Wants
from nnsim.engine.probe import Probe
from nnsim.engine.simulation import Simulation
from nnsim.picture.health import warnings_on
from nnsim.picture.targets import INPUTS, EdgeTarget, NeuronTarget


def given(activation: str, weights: list[list[float]], biases: list[float], out: float = 1.0) -> Simulation:
    """Two hidden neurons with given weights, then a sum of both, the first taken ``out`` times."""
    start = Start(weights=(tuple(map(tuple, weights)), ((out,), (-0.5,))), biases=(tuple(biases), (0.1,)))
    experiment = Experiment(data=Data(source="plane", samples=12, test_share=0), batch_size=6, start=start,
                            layers=(Layer(width=2, activation=activation), Layer(activation="identity")))
    return Simulation(experiment)


def kinds(simulation: Simulation, layer: int, neuron: int) -> list[str]:
    return [warning.kind for warning in warnings_on(simulation.frame, NeuronTarget(layer, neuron))]


def test_a_neuron_that_is_0_for_all_samples_is_dead_and_its_neighbour_is_not() -> None:
    simulation = given("relu", [[1.0, 0.3], [1.0, -0.2]], [-50.0, 0.1])
    assert kinds(simulation, 0, 0) == []
    simulation.step("neuron")
    assert kinds(simulation, 0, 0) == ["dead"] and "1 sample of this batch so far" in sentence(simulation, 0, 0)
    assert kinds(simulation, 0, 1) == []
    simulation.step("batch")
    assert "dead" in kinds(simulation, 0, 0) and "dead" not in kinds(simulation, 0, 1)
    assert "the 6 samples of this batch:" in sentence(simulation, 0, 0)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@pytest.mark.parametrize("bias", [-40.0, 40.0])
def test_a_neuron_at_the_end_of_its_range_is_saturated(activation: str, bias: float) -> None:
    simulation = given(activation, [[0.1, 0.3], [0.1, -0.2]], [bias, 0.1])
    simulation.step("batch")
    assert "saturated" in kinds(simulation, 0, 0) and kinds(simulation, 0, 1) == []
    assert f"For 6 of the 6 samples of this batch its output lies within 0.005 of an end of {activation}'s range" in (
        sentence(simulation, 0, 0))


def sentence(simulation: Simulation, layer: int, neuron: int) -> str:
    return warnings_on(simulation.frame, NeuronTarget(layer, neuron))[0].sentence


def deep(scale: float) -> Simulation:
    layers = (*(Layer(width=4, activation="sigmoid"),) * 8, Layer(activation="identity"))
    return Simulation(Experiment(data=Data(source="plane", samples=20), layers=layers, initial_scale=scale))


def test_gradients_that_vanish_on_the_way_back_are_measured_in_the_update() -> None:
    simulation = deep(1)
    simulation.step("batch")
    trace = simulation.frame.trace
    assert trace is not None
    first, last = (float(np.sqrt((trace.deltas[layer] ** 2).mean())) for layer in (0, 8))
    assert first * 1000 < last
    assert kinds(simulation, 0, 0) == ["vanishing"] and kinds(simulation, 8, 0) == []
    simulation.step("sample", 1)
    assert kinds(simulation, 0, 0) == []


def test_gradients_that_explode_on_the_way_back_are_measured_in_the_update() -> None:
    steep, even = (given("identity", [[0.4, -0.4], [0.2, 0.1]], [0.0, 0.0], out) for out in (3000.0, 1.0))
    for simulation in (steep, even):
        simulation.step("batch")
    assert kinds(steep, 0, 0) == ["exploding"] and "explodes on the way back: the root mean square" in sentence(steep, 0, 0)
    assert kinds(even, 0, 0) == []


def test_neurons_that_began_alike_are_found_until_something_tells_them_apart() -> None:
    simulation = Simulation(Experiment(initializer="constant", initial_scale=0.3))
    assert kinds(simulation, 0, 0) == ["symmetric"]
    assert "are the very same as those of L1·2, L1·3: they get" in sentence(simulation, 0, 0)
    simulation.run(epochs=2)
    assert "symmetric" in kinds(simulation, 0, 1)
    simulation.set_parameter(0, 0, 1, 0.7)
    assert "symmetric" not in kinds(simulation, 0, 1) and "those of L1·3:" in sentence(simulation, 0, 0)


@pytest.mark.parametrize("name", example_names())
def test_no_warning_at_the_start_of_an_example_and_none_for_inputs(name: str) -> None:
    simulation = Simulation(example(name).experiment)
    for layer, width in enumerate(simulation.network.widths):
        for neuron in range(min(width, 4)):
            expected = "constant" in simulation.experiment.initializer or simulation.experiment.initializer == "zeros"
            found = warnings_on(simulation.frame, EdgeTarget(layer, 0, neuron))
            assert expected or found == ()
    assert warnings_on(simulation.frame, NeuronTarget(INPUTS, 0)) == () == warnings_on(simulation.frame, None)


def test_a_probe_is_no_batch_to_judge_a_neuron_by() -> None:
    simulation = given("relu", [[1.0, 0.3], [1.0, -0.2]], [-50.0, 0.1])
    probed = simulation.look(Wants(probe=Probe(0))).probed
    assert probed is not None and probed.trace is not None and probed.trace.outputs[0][0, 0] == 0
    assert warnings_on(probed, NeuronTarget(0, 0)) == ()
