"""The gradient check of a simulation: of the right batch, at any moment, and without a trace of having been there."""

from typing import Any

import numpy as np
import pytest

from nnsim.core.gradient_check import GradientCheck
from nnsim.core.network import Network
from nnsim.engine.checking import ALL_UP_TO, CHOSEN, NoGradientError, check_gradients, checking, choice
from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.moments import START, Moment
from nnsim.engine.simulation import Simulation


def ring(**learning: float) -> Simulation:
    return Simulation(example("ring").experiment.replace(learning=Learning(rate=1.0, **learning)))


def same(one: GradientCheck, other: GradientCheck) -> bool:
    return np.array_equal(one.measured, other.measured) and np.array_equal(one.gradients, other.gradients)


@pytest.mark.parametrize("name", [name for name in example_names() if name != "perceptron"])
def test_the_gradients_of_every_example_agree(name: str) -> None:
    simulation = Simulation(example(name).experiment)
    for batch in (0, 3, 40):
        simulation.seek((batch, 1))
        check = check_gradients(simulation)
        assert check.passed and check.count("agrees") > 0.8 * len(check.places)
        count = simulation.network.parameter_count
        assert len(check.places) == (count if count <= ALL_UP_TO else CHOSEN)


def test_every_moment_of_a_batch_has_the_same_check() -> None:
    simulation = ring()
    marks = simulation.marks(7)
    simulation.seek((7, marks.count))
    expected = check_gradients(simulation)
    for mark in (1, 5, marks.sample_length, marks.update_start, marks.update_start + 3):
        simulation.seek((7, mark))
        assert same(check_gradients(simulation), expected)
        assert simulation.moment == Moment(7, mark)
    simulation.seek((8, 1))
    assert not same(check_gradients(simulation), expected)


def test_at_the_start_it_is_the_first_batch_that_is_checked() -> None:
    simulation = ring()
    at_start = check_gradients(simulation)
    assert simulation.moment == START
    simulation.step("batch")
    assert same(check_gradients(simulation), at_start)
    trace = simulation.frame.trace
    assert trace is not None
    assert (at_start.loss, at_start.samples) == (trace.loss, 10)
    assert np.array_equal(at_start.gradients, trace.gradient)


def test_checking_changes_nothing_in_the_run() -> None:
    looked, alone = ring(dropout=0.3), ring(dropout=0.3)
    for moment in (START, Moment(3, 20), Moment(30, 1)):
        looked.seek(moment)
        before = looked.frame
        check_gradients(looked)
        after = looked.frame
        assert np.array_equal(after.theta, before.theta) and (after.mark, after.moment) == (before.mark, before.moment)
    looked.seek((60, 1))
    alone.seek((60, 1))
    assert np.array_equal(looked.frame.theta, alone.frame.theta)
    assert np.array_equal(looked.history.curves().batch_loss.values, alone.history.curves().batch_loss.values)


def test_the_dropout_masks_are_those_of_that_very_batch() -> None:
    simulation = ring(dropout=0.5)
    for batch in (0, 1, 2, 60):
        simulation.seek((batch, 1))
        assert check_gradients(simulation).passed


def test_learning_is_that_of_the_moment() -> None:
    simulation = ring()
    simulation.step("batch", 5)
    simulation.tune(simulation.learning.replace(l2=0.5, clip_norm=0.01))
    # the edit stands before the next batch, which is the one to be checked
    later = check_gradients(simulation)
    assert (later.method.l2, later.passed) == (0.5, True) and later.clip_factor < 1
    simulation.seek((4, 1))
    earlier = check_gradients(simulation)
    assert (earlier.method.l2, earlier.passed, earlier.clip_factor) == (0, True, 1)


def test_a_weight_set_by_hand_is_the_one_that_is_moved() -> None:
    simulation = ring()
    simulation.set_parameter(0, 0, 0, 2.5)
    with_edit = check_gradients(simulation)
    assert with_edit.passed
    assert not same(with_edit, check_gradients(ring()))


def test_the_perceptron_rule_has_no_gradient_to_check() -> None:
    with pytest.raises(NoGradientError, match="not gradient descent"):
        checking(Simulation(example("perceptron").experiment))


def test_a_batch_that_diverged_is_refused_and_the_one_before_it_is_no_false_alarm() -> None:
    steep = Experiment(data=Data(source="plane", samples=12, test_share=0.25), batch_size=4, learning=Learning(rate=1e6),
                       layers=(Layer(width=3, activation="identity"), Layer(activation="identity")))
    simulation = Simulation(steep)
    simulation.run(batches=3000)
    assert simulation.divergence is not None
    broken = simulation.divergence.batch
    simulation.seek((broken, 1))
    with pytest.raises(NoGradientError, match="not finite"):
        checking(simulation)
    simulation.seek((broken - 3, 1))
    assert check_gradients(simulation).passed


def test_a_large_network_has_a_choice_checked_that_comes_back() -> None:
    wide = example("digits").experiment
    simulation = Simulation(wide.replace(layers=(Layer(width=400), *wide.layers[1:])))
    simulation.step("batch")
    assert simulation.network.parameter_count > 20_000
    check = check_gradients(simulation)
    assert len(check.places) == CHOSEN and check.passed
    assert np.array_equal(check_gradients(simulation).places, check.places)
    simulation.step("batch")
    assert not np.array_equal(check_gradients(simulation).places, check.places)
    assert len(check_gradients(simulation, most=30).places) == 30


@pytest.mark.parametrize(("most", "shares"), [
    (1, [1, 0, 0]), (3, [1, 1, 1]), (10, [4, 4, 2]), (40, [27, 11, 2]), (62, [49, 11, 2]), (63, [50, 11, 2]), (1000, [50, 11, 2])])
def test_a_choice_is_shared_out_among_the_layers(most: int, shares: list[int]) -> None:
    network = Network(4, (10, 1, 1), ("tanh",) * 3)
    places = choice(network, most, np.random.default_rng(0))
    assert np.histogram(places, network.offsets)[0].tolist() == shares
    assert np.all(np.diff(places) > 0)


def test_progress_is_told_from_0_to_1() -> None:
    told: list[float] = []
    check_gradients(Simulation(example("digits").experiment), progress=told.append)
    assert (told[0], told[-1]) == (0, 1) and len(told) > 10
    assert told == sorted(told)


def test_a_check_can_be_given_up_and_the_simulation_goes_on_meanwhile() -> None:
    simulation = ring()
    expected = check_gradients(simulation)
    running = checking(simulation)
    next(running)
    simulation.step("epoch", 2)
    with pytest.raises(StopIteration) as finished:
        while True:
            next(running)
    assert same(finished.value.value, expected)
    given_up = checking(simulation)
    next(given_up)
    given_up.close()
    assert simulation.moment.batch == 2 * simulation.batches - 1


@pytest.mark.parametrize("held", [{"frozen": ((0,),)}, {"frozen": ((1, 0),)}, {"cut": ((0, 1, 2),)}, {"biases_learn": False}])
def test_what_is_held_still_has_the_gradient_that_is_measured(held: dict[str, Any]) -> None:
    experiment = example("ring").experiment
    learning = experiment.learning.replace(l2=0.01, clip_norm=0.001, **held)
    simulation = Simulation(experiment.replace(learning=learning))
    simulation.step("batch", 3)
    check = check_gradients(simulation)
    assert check.passed and check.count("agrees") > 0.9 * len(check.places)
    assert np.count_nonzero(check.gradients) > 0.9 * len(check.places) - len(held.get("cut", ()))
