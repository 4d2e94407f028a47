"""The past that remembered states tell: the very numbers that stepping there shows, at no cost to the run."""

import numpy as np
import pytest

from nnsim.core.activations import Array
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning, changed
from nnsim.engine.moments import Moment
from nnsim.engine.past import MOST_OUTPUTS, Past, past
from nnsim.engine.simulation import Simulation

RING = Experiment(data=Data(source="ring", samples=80), layers=(Layer(width=3), Layer(width=1, activation="sigmoid")),
                  learning=Learning(rate=0.3))
WILD = RING.replace(learning=Learning(rate=0.05, optimizer="adam", schedule="cosine", dropout=0.3, l2=0.01, clip_norm=0.2))


def digits() -> Experiment:
    return example("digits").experiment


@pytest.mark.parametrize("experiment", [RING, WILD, digits()], ids=["plain", "everything", "digits"])
def test_every_point_has_the_numbers_that_stepping_there_shows(experiment: Experiment) -> None:
    simulation = Simulation(experiment)
    simulation.run(batches=150)
    told = past(simulation, most=12)
    walker = Simulation(experiment)
    assert told.complete
    assert len(told.points) >= 6
    for point in told.points:
        walker.seek(Moment(point.batch, 1))
        trace = walker.frame.trace
        assert trace is not None and point.look is not None
        assert np.array_equal(point.theta, trace.before)
        assert np.array_equal(point.look.gradient, trace.gradient)
        for kept, outputs in zip(point.look.outputs, trace.outputs, strict=True):
            assert np.array_equal(kept, outputs.T.ravel()[:: max(1, -(-outputs.size // MOST_OUTPUTS))])


def test_the_run_its_cursor_and_its_memory_are_undisturbed() -> None:
    simulation = Simulation(WILD)
    simulation.run(batches=500)
    simulation.seek(Moment(300, 7))
    before = simulation.frame
    remembered = len(simulation.replay.timeline), simulation.history.batch_loss.end
    past(simulation)
    assert simulation.moment == Moment(300, 7)
    assert (len(simulation.replay.timeline), simulation.history.batch_loss.end) == remembered
    assert np.array_equal(simulation.frame.theta, before.theta)
    simulation.run(batches=20)
    straight = Simulation(WILD)
    straight.run(batches=simulation.batches_finished)
    assert np.array_equal(simulation.frame.theta, straight.frame.theta)


def test_points_are_well_spread_from_the_start_to_now() -> None:
    simulation = Simulation(RING)
    simulation.run(batches=1000)
    told = past(simulation, most=64)
    batches = np.array([point.batch for point in told.points])
    assert (batches[0], batches[-1]) == (0, 1000)
    assert 32 <= len(batches) <= 64
    assert np.diff(batches).max() <= 64
    assert np.array_equal(told.epochs, batches / simulation.batches)


def test_a_larger_network_leaves_no_gaps_either() -> None:
    simulation = Simulation(digits())
    simulation.run(batches=135)
    assert np.diff([point.batch for point in past(simulation).points]).max() <= 8


def test_what_is_too_far_from_all_that_is_remembered_is_left_out() -> None:
    simulation = Simulation(RING)
    simulation.run(batches=4000)
    simulation.replay.timeline.shrink(0)
    told = past(simulation)
    assert told.complete
    assert 4 <= len(told.points) < 64
    assert (told.points[0].batch, told.points[-1].batch) == (0, 4000)


def test_a_past_before_now_forgets_the_future() -> None:
    simulation = Simulation(RING)
    simulation.run(batches=400)
    simulation.seek(Moment(30, 3))
    told = past(simulation)
    assert told.points[-1].batch == told.finished == 30
    assert np.array_equal(told.points[-1].theta, simulation.frame.theta)


def test_an_untouched_network_has_one_point() -> None:
    told = past(Simulation(RING))
    assert [point.batch for point in told.points] == [0]
    assert told.thetas.shape == (1, told.network.parameter_count)


def test_a_past_cut_short_goes_on_and_becomes_the_same() -> None:
    simulation = Simulation(RING)
    simulation.run(batches=900)
    whole, parts = past(simulation), [past(simulation, budget_ms=0)]
    assert [point.batch for point in parts[0].points] == [900]
    while not parts[-1].complete:
        parts.append(past(simulation, budget_ms=0, earlier=parts[-1]))
    assert len(parts) == len(whole.points)
    assert same(parts[-1], whole)


def test_what_is_known_is_not_computed_again() -> None:
    simulation = Simulation(RING)
    simulation.run(batches=900)
    first = past(simulation)
    again = past(simulation, earlier=first)
    assert all(one is other for one, other in zip(first.points, again.points, strict=True))


def test_a_branch_keeps_only_the_points_that_both_runs_share() -> None:
    simulation = Simulation(RING)
    simulation.run(batches=120)
    simulation.seek(Moment(60, 0))
    simulation.set_parameter(0, 1, 2, 5.0)
    simulation.run(batches=20)
    simulation.tune(RING.learning.model_copy(update={"rate": 0.01, "optimizer": "momentum"}))
    simulation.run(batches=40)
    old = Simulation(RING)
    old.run(batches=120)
    told = past(simulation, earlier=past(old))
    assert same(told, past(simulation))
    walker = Simulation(simulation.run_record)
    for point in told.points:
        walker.seek(Moment(point.batch, 1))
        trace = walker.frame.trace
        assert trace is not None and point.look is not None
        assert np.array_equal(point.theta, trace.before)
        assert np.array_equal(point.look.gradient, trace.gradient)


def test_the_past_of_a_run_that_diverged_ends_before_it() -> None:
    simulation = Simulation(Experiment(
        data=Data(source="plane", samples=40), layers=(Layer(width=8, activation="relu"), Layer(width=1, activation="identity")),
        learning=Learning(rate=1000)))
    simulation.step("epoch", 5)
    simulation.step("batch")
    told = past(simulation)
    assert simulation.divergence is not None
    assert told.points[-1].batch == simulation.divergence.batch
    assert all(np.isfinite(point.theta).all() for point in told.points)


def test_parameters_alone_are_told_without_running_the_batches() -> None:
    simulation = Simulation(RING)
    simulation.run(batches=100)
    told = past(simulation, looks=False)
    assert told.complete
    assert told.looked == ()
    assert len(told.points) > 20


def test_of_many_outputs_an_even_choice_is_kept_and_their_number_told() -> None:
    simulation = Simulation(RING.replace(batch_size=1000, data=Data(source="ring", samples=3000),
                                         layers=(Layer(width=7), Layer(width=1, activation="sigmoid"))))
    simulation.run(batches=1)
    look = past(simulation).points[-1].look
    assert look is not None
    assert look.output_counts == (7000, 1000)
    assert [len(kept) for kept in look.outputs] == [1750, 1000]


def same(one: Past, other: Past) -> bool:
    def numbers(told: Past) -> list[tuple[int, Array, Array]]:
        return [(point.batch, point.theta, point.look.gradient) for point in told.points if point.look is not None]

    return len(one.points) == len(other.points) == len(numbers(other)) and all(
        a == b and np.array_equal(c, d) and np.array_equal(e, f)
        for (a, c, e), (b, d, f) in zip(numbers(one), numbers(other), strict=True))


def test_a_past_with_weights_cut_and_layers_frozen_is_that_of_the_run() -> None:
    simulation = Simulation(changed(example("ring").experiment, "learning.optimizer", "adam"))
    simulation.run(batches=40)
    simulation.tune(simulation.learning.replace(cut=((0, 1, 2),), frozen=((1,),)))
    simulation.run(batches=60)
    told = past(simulation)
    assert any(point.batch >= 40 for point in told.points[:-1])
    for point in told.points:
        simulation.seek(Moment(point.batch, 0))
        assert point.theta.tobytes() == simulation.frame.theta.tobytes()
        simulation.step("term")
        trace = simulation.frame.trace
        assert trace is not None and point.look is not None and point.look.gradient.tobytes() == trace.gradient.tobytes()
