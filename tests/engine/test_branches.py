"""Edits branch a run, and undoing one gives the old run back: always to the bit."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from straight_run import StraightRun, assert_same, experiments, learnings

from nnsim.engine.experiment import Data, Experiment, ExperimentError, Layer, Learning
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.engine.run import NEVER, ParameterSet, Run, Tuning
from nnsim.engine.simulation import Simulation

PLACES = st.tuples(st.integers(0, 12), st.floats(0, 1))
TARGETS = st.tuples(st.floats(0, 0.999), st.floats(-3, 3))


def small(**changes: Any) -> Experiment:
    """2-3-1 on ten rows in batches of four, four and two."""
    plain = Experiment(data=Data(samples=10, test_share=0), layers=(Layer(width=3), Layer(activation="sigmoid")), batch_size=4)
    return plain.replace(**changes)


def seek(simulation: Simulation, place: tuple[int, float]) -> None:
    batch, share = place
    simulation.seek(Moment(batch, round(share * simulation.marks(batch).count)))


def edit(simulation: Simulation, data: st.DataObject) -> None:
    """Tune, or set a parameter, at random."""
    if data.draw(st.booleans(), label="tune"):
        simulation.tune(data.draw(learnings(simulation.network.activations, simulation.dataset.task)))
        return
    share, value = data.draw(TARGETS)
    layer = int(share * simulation.network.depth)
    row = int(share * 7919) % (simulation.network.sizes[layer] + 1)
    neuron = int(share * 104729) % simulation.network.widths[layer]
    simulation.set_parameter(layer, row, neuron, value)


@settings(max_examples=80, deadline=None)
@given(experiments(), st.lists(PLACES, min_size=1, max_size=4), st.lists(PLACES, min_size=1, max_size=4), st.data())
def test_a_run_with_edits_is_the_run_that_goes_straight_through_them(
    experiment: Experiment, places: list[tuple[int, float]], visits: list[tuple[int, float]], data: st.DataObject
) -> None:
    simulation = Simulation(experiment)
    for place in places:
        seek(simulation, place)
        edit(simulation, data)
        assert_same(simulation, StraightRun(simulation.run_record))
    straight = StraightRun(simulation.run_record)
    for place in visits:
        seek(simulation, place)
        assert_same(simulation, straight)
    fresh = Simulation(simulation.run_record)
    fresh.seek(simulation.moment)
    assert fresh.moment == simulation.moment
    assert fresh.frame.theta.tobytes() == simulation.frame.theta.tobytes()
    assert fresh.frame.train == simulation.frame.train


@settings(max_examples=80, deadline=None)
@given(experiments(), st.lists(PLACES, min_size=1, max_size=4), st.data())
def test_undo_and_redo_give_both_runs_back(experiment: Experiment, places: list[tuple[int, float]], data: st.DataObject) -> None:
    simulation = Simulation(experiment)
    done: list[tuple[Run, Moment]] = []
    for place in places:
        seek(simulation, place)
        done.append((simulation.run_record, simulation.moment))
        edit(simulation, data)
        done.append((simulation.run_record, simulation.moment))
    for run, moment in [*reversed(done), *done]:
        simulation.become(run, moment)
        assert (simulation.run_record, simulation.moment) == (run, moment)
        assert_same(simulation, StraightRun(run))


@settings(max_examples=40, deadline=None)
@given(experiments(), PLACES, st.data())
def test_epoch_scores_after_an_edit_are_those_of_a_fresh_run(
    experiment: Experiment, place: tuple[int, float], data: st.DataObject
) -> None:
    simulation = Simulation(experiment)
    simulation.run(epochs=5)
    seek(simulation, place)
    edit(simulation, data)
    simulation.run(epochs=3)
    fresh = Simulation(simulation.run_record)
    fresh.seek(simulation.moment)
    expected = fresh.frame.history.epochs.values
    # an edit that changes nothing forgets no future that was visited
    assert simulation.frame.history.epochs.values[: len(expected)].tobytes() == expected.tobytes()
    assert len(expected) == fresh.batches_finished // fresh.batches + 1


# one edit, closely

def test_a_tuning_within_a_batch_takes_hold_of_that_batch() -> None:
    simulation = Simulation(small())
    simulation.seek(Moment(4, 10))
    before = simulation.frame
    simulation.tune(Learning(rate=0.7))
    after = simulation.frame
    assert simulation.run_record.edits == (Tuning(4, Learning(rate=0.7)),)
    assert (after.moment, after.experiment.learning.rate) == (Moment(4, 10), 0.7)
    assert before.trace is not None and after.trace is not None
    assert (before.trace.rate, after.trace.rate) == (0.1, 0.7)
    assert before.trace.before.tobytes() == after.trace.before.tobytes()


def test_a_tuning_at_a_batchs_end_takes_hold_of_the_next() -> None:
    simulation = Simulation(small())
    simulation.run(batches=4)
    kept = simulation.frame.theta.tobytes()
    simulation.tune(Learning(rate=0.7))
    assert simulation.run_record.edits == (Tuning(4, Learning(rate=0.7)),)
    assert simulation.moment == Moment(4, 0)
    assert simulation.learning.rate == 0.7
    assert simulation.frame.theta.tobytes() == kept
    simulation.step("batch", -1)
    assert simulation.learning.rate == 0.1
    assert simulation.frame.theta.tobytes() == kept


def test_a_parameter_set_by_hand_is_seen_at_once_and_learned_from() -> None:
    simulation = Simulation(small())
    simulation.run(batches=4)
    index = simulation.network.index(1, 2, 0)
    simulation.set_parameter(1, 2, 0, 1.25)
    assert simulation.run_record.edits == (ParameterSet(4, index, 1.25),)
    assert simulation.frame.weights[1][2, 0] == 1.25
    simulation.step("batch")
    trace = simulation.frame.trace
    assert trace is not None
    assert trace.before[index] == 1.25
    assert trace.after[index] != 1.25


def test_biases_are_set_by_the_row_after_the_inputs() -> None:
    simulation = Simulation(small())
    simulation.set_parameter(0, 2, 1, -0.5)
    assert simulation.frame.biases[0].tolist() == [0, -0.5, 0]


@pytest.mark.parametrize("grain", [grain for grain in Grain if grain <= Grain.BATCH])
@pytest.mark.parametrize("batch", [4, 6])
def test_a_step_from_an_edit_and_its_reverse_return_to_the_edit(grain: Grain, batch: int) -> None:
    simulation = Simulation(small())
    simulation.run(batches=batch)
    simulation.set_parameter(0, 0, 0, 1.5)
    edited = simulation.frame
    simulation.step(grain)
    simulation.step(grain, -1)
    assert simulation.moment == edited.moment == Moment(batch, 0)
    assert simulation.frame.theta.tobytes() == edited.theta.tobytes()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True), st.integers(-12, 12), st.sampled_from(list(Grain)))
def test_several_steps_at_once_across_edits_are_as_many_single_ones(batches: list[int], count: int, grain: Grain) -> None:
    simulation = Simulation(small())
    for batch in sorted(batches):
        simulation.seek(Moment(batch, 0))
        simulation.set_parameter(0, 0, 0, batch / 10)
    simulation.run(batches=2)
    begun = simulation.moment
    simulation.step(grain, count)
    at_once = simulation.moment
    simulation.seek(begun)
    for _ in range(abs(count)):
        simulation.step(grain, 1 if count > 0 else -1)
    assert simulation.moment == at_once


def test_an_edit_at_the_start_belongs_to_the_start() -> None:
    simulation = Simulation(small())
    simulation.tune(Learning(rate=0.7))
    assert simulation.run_record == Run(small(learning=Learning(rate=0.7)))
    simulation.set_parameter(0, 0, 0, 2.0)
    simulation.run(epochs=2)
    simulation.rewind()
    assert (simulation.moment, simulation.frame.weights[0][0, 0]) == (START, 2.0)


def test_of_two_edits_at_one_place_the_later_stays() -> None:
    simulation = Simulation(small())
    simulation.run(batches=2)
    for rate in (0.3, 0.4):
        simulation.tune(Learning(rate=rate))
    for value in (1.0, 2.0):
        simulation.set_parameter(0, 0, 0, value)
    assert simulation.run_record.edits == (Tuning(2, Learning(rate=0.4)), ParameterSet(2, 0, 2.0))


def test_an_edit_before_others_drops_them() -> None:
    simulation = Simulation(small())
    simulation.run(batches=6)
    simulation.tune(Learning(rate=0.3))
    simulation.seek(Moment(2, 5))
    simulation.tune(Learning(rate=0.4))
    assert simulation.run_record.edits == (Tuning(2, Learning(rate=0.4)),)


def test_another_optimizer_begins_with_an_empty_memory_and_the_same_one_keeps_it() -> None:
    simulation = Simulation(small(learning=Learning(optimizer="adam", rate=0.01)))
    simulation.run(batches=5)
    simulation.tune(Learning(optimizer="adam", rate=0.02))
    simulation.step("batch")
    kept = simulation.frame.trace
    assert kept is not None and kept.step == 6 and kept.memory_before["m"].any()
    simulation.tune(Learning(optimizer="momentum"))
    simulation.step("batch")
    fresh = simulation.frame.trace
    assert fresh is not None and fresh.step == 1 and not fresh.memory_before["velocity"].any()


def test_curves_of_a_frame_are_unmoved_by_a_branch() -> None:
    simulation = Simulation(small())
    simulation.run(epochs=4)
    curves = simulation.frame.history
    before = curves.batch_loss.values.tobytes(), curves.epochs.values.tobytes()
    simulation.seek(Moment(2, 5))
    simulation.tune(Learning(rate=0.9))
    simulation.run(epochs=6)
    assert (curves.batch_loss.values.tobytes(), curves.epochs.values.tobytes()) == before


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_parameter_that_is_not_finite_is_refused(value: float) -> None:
    simulation = Simulation(small())
    with pytest.raises(ExperimentError, match="finite"):
        simulation.set_parameter(0, 0, 0, value)
    assert simulation.run_record.edits == ()


def test_a_parameter_too_large_for_single_precision_is_refused() -> None:
    simulation = Simulation(small(precision="float32"))
    with pytest.raises(ExperimentError, match="float32"):
        simulation.set_parameter(0, 0, 0, 1e39)
    assert simulation.run_record.edits == ()


def test_a_tuning_that_does_not_fit_is_refused() -> None:
    simulation = Simulation(small())
    with pytest.raises(ExperimentError, match="needs softmax outputs"):
        simulation.tune(Learning(loss="cross-entropy"))
    assert simulation.run_record == Run(small())


def test_becoming_a_run_of_another_structure_is_refused() -> None:
    simulation = Simulation(small())
    simulation.run(batches=2)
    with pytest.raises(ValueError, match="differ in structure"):
        simulation.become(Run(small(seed=5)), START)


@pytest.mark.parametrize(("first", "second", "shared"), [
    (Run(small()), Run(small()), NEVER),
    (Run(small()), Run(small(title="another")), NEVER),
    (Run(small()), Run(small(learning=Learning(rate=1))), 0),
    (Run(small()), Run(small(batch_size=5)), None),
    (Run(small()), Run(small(), (Tuning(7, Learning(rate=1)),)), 7),
    (Run(small(), (ParameterSet(3, 0, 1.0), Tuning(7, Learning(rate=1)))), Run(small(), (ParameterSet(3, 0, 1.0),)), 7),
    (Run(small(), (ParameterSet(3, 0, 1.0),)), Run(small(), (ParameterSet(3, 0, 2.0),)), 3),
])
def test_runs_share_the_batches_before_they_part(first: Run, second: Run, shared: int | None) -> None:
    assert first.shared_batches(second) == second.shared_batches(first) == shared
