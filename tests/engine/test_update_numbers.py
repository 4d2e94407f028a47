"""The numbers between gradient and step end, to the last bit or two, where the kernel ended."""

import numpy as np
import pytest

from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.simulation import Simulation
from nnsim.engine.update_numbers import update_numbers

SQUARED = {"adagrad": "squares", "rmsprop": "squares", "adam": "v_hat", "adamw": "v_hat"}


def simulation_of(optimizer: str, precision: str = "float64", **learning: float) -> Simulation:
    step = optimizer == "perceptron"
    layers = (Layer(width=1, activation="step"),) if step else (Layer(width=3), Layer(width=1, activation="sigmoid"))
    simulation = Simulation(Experiment.model_validate({
        "data": Data(samples=30), "layers": layers, "learning": Learning(optimizer=optimizer, rate=0.05, schedule="step",
                                                                         schedule_epochs=1, **learning),
        "precision": precision}))
    simulation.run(batches=6)
    return simulation


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_old_parameters_less_their_steps_are_the_new_ones(optimizer: str, precision: str) -> None:
    simulation = simulation_of(optimizer, precision)
    trace, network = simulation.frame.trace, simulation.network
    assert trace is not None
    everything = np.arange(network.parameter_count)
    numbers = update_numbers(trace, simulation.learning, everything, network.is_weight())
    start = numbers.get("decayed", trace.before)
    assert (trace.after != trace.before).any()
    np.testing.assert_allclose(start - numbers["step"], trace.after, rtol=4 * float(np.finfo(precision).eps))
    for index in (0, network.parameter_count - 1):
        alone = update_numbers(trace, simulation.learning, index, network.is_weight()[index])
        assert alone.keys() == numbers.keys()
        assert all(float(alone[name]) == float(values[index]) for name, values in numbers.items())


def test_penalties_add_up_to_what_the_optimizer_was_given() -> None:
    simulation = simulation_of("momentum", l1=0.02, l2=0.3)
    trace, network = simulation.frame.trace, simulation.network
    assert trace is not None
    numbers = update_numbers(trace, simulation.learning, np.arange(network.parameter_count), network.is_weight())
    given = trace.gradient + numbers["l1_penalty"] + numbers["l2_penalty"]
    np.testing.assert_allclose(given, trace.step_gradient, rtol=1e-14)
    assert not any(biases.any() for biases in network.biases(numbers["l1_penalty"] + numbers["l2_penalty"]))


@pytest.mark.parametrize("optimizer", SQUARED)
def test_the_root_is_that_of_the_squares_with_epsilon(optimizer: str) -> None:
    simulation = simulation_of(optimizer)
    trace = simulation.frame.trace
    assert trace is not None
    numbers = update_numbers(trace, simulation.learning, 2, np.array(1.0))
    name = SQUARED[optimizer]
    squares = numbers[name] if name in numbers else trace.memory_after[name][2]
    assert float(numbers["root"]) == pytest.approx(float(squares) ** 0.5 + simulation.learning.setting("epsilon"), rel=1e-14)
