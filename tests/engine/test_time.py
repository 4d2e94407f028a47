"""Moving in time: whatever way the cursor goes, each moment is the same to the bit."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example as hypothesis_example
from hypothesis import given, settings
from hypothesis import strategies as st
from straight_run import GRADIENT_OPTIMIZERS, StraightRun, assert_same, experiments

from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.engine.run import Run
from nnsim.engine.simulation import Simulation

FARTHEST = 40
"""The last batch that walks in these tests go to."""
STEPS = st.tuples(st.just("step"), st.sampled_from(list(Grain)), st.sampled_from([-7, -2, -1, 1, 2, 7]))
SEEKS = st.tuples(st.just("seek"), st.integers(0, FARTHEST), st.floats(0, 1))
RUNS = st.tuples(st.sampled_from(["batches", "epochs"]), st.integers(0, 3), st.just(0))
MOVES = st.lists(st.one_of(STEPS, SEEKS, RUNS, st.just(("rewind", 0, 0))), min_size=1, max_size=8)


def move(simulation: Simulation, name: str, first: int, second: float) -> None:
    """Make one move, but none that leads far away."""
    if name == "rewind" or simulation.moment.batch > FARTHEST:
        simulation.rewind()
    elif name == "step":
        simulation.step(Grain(first), int(second))
    elif name == "seek":
        simulation.seek(Moment(first, round(second * simulation.marks(first).count)))
    else:
        simulation.run(**{name: first})


def small(**changes: object) -> Experiment:
    """2-3-1 on ten rows in batches of four, four and two."""
    plain = Experiment(data=Data(samples=10, test_share=0), layers=(Layer(width=3), Layer(activation="sigmoid")), batch_size=4)
    return plain.replace(**changes)


@settings(max_examples=120, deadline=None)
@given(experiments(), MOVES)
def test_every_way_to_a_moment_gives_the_same_bits(experiment: Experiment, moves: list[tuple[str, int, float]]) -> None:
    simulation, straight = Simulation(experiment), StraightRun(Run(experiment))
    assert_same(simulation, straight)
    for name, first, second in moves:
        move(simulation, name, first, second)
        assert_same(simulation, straight)


@pytest.mark.parametrize("optimizer", GRADIENT_OPTIMIZERS)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_every_optimizer_rewinds_and_retraces_its_moments(optimizer: str, precision: str) -> None:
    learning = Learning(optimizer=optimizer, rate=0.05, dropout=0.3, l1=0.001, l2=0.01, clip_norm=0.5, schedule="exponential",
                        schedule_factor=0.9)
    experiment = small(learning=learning, precision=precision)
    simulation, straight = Simulation(experiment), StraightRun(Run(experiment))
    simulation.run(epochs=4)
    seen = {}
    while simulation.moment != START:
        assert_same(simulation, straight)
        seen[simulation.moment] = simulation.frame.theta.tobytes()
        simulation.step("sample", -1)
    assert_same(simulation, straight)
    for moment, theta in reversed(seen.items()):
        simulation.step("sample")
        assert (simulation.moment, simulation.frame.theta.tobytes()) == (moment, theta)


def test_the_perceptron_rule_retraces_its_moments() -> None:
    experiment = Experiment(data=Data(source="and", test_share=0), layers=(Layer(activation="step"),), batch_size=1,
                            learning=Learning(optimizer="perceptron", rate=1), initializer="zeros")
    simulation, straight = Simulation(experiment), StraightRun(Run(experiment))
    simulation.run(epochs=10)
    frame = assert_same(simulation, straight)
    assert frame.train.metric == 1
    for grain in ("batch", "epoch", "sample", "term"):
        simulation.step(grain, -3)
        assert_same(simulation, straight)


# stops

@lru_cache(maxsize=2)
def all_stops(batch_size: int, batches: int) -> tuple[Simulation, list[tuple[Moment, Grain]]]:
    """A simulation, and what each moment of its first batches closes, by walking: the end of an epoch closes the epoch."""
    simulation = Simulation(small(batch_size=batch_size))
    found = []
    for batch in range(batches):
        marks = simulation.marks(batch)
        for number in range(1, marks.count + 1):
            ends_epoch = number == marks.count and (batch + 1) % simulation.batches == 0
            found.append((Moment(batch, number), Grain.EPOCH if ends_epoch else marks.at(number).closes))
    return simulation, found


@pytest.mark.parametrize("batch_size", [4, 1])
@pytest.mark.parametrize("grain", list(Grain))
def test_next_and_previous_stops_are_the_nearest_that_close_the_grain(batch_size: int, grain: Grain) -> None:
    batches = 14 if batch_size == 1 else 7
    simulation, places = all_stops(batch_size, batches)
    stops = [START, *(moment for moment, closes in places if closes >= grain)]
    for before, after in pairwise(stops):
        assert simulation.next_stop(before, grain) == after
        assert simulation.previous_stop(after, grain) == before
    reached = 0
    for moment, _ in places:
        if moment < stops[-1]:
            reached += stops[reached + 1] <= moment
            assert simulation.next_stop(moment, grain) == stops[reached + 1]
            assert simulation.previous_stop(moment, grain) == stops[reached - (stops[reached] == moment)]
    assert simulation.previous_stop(START, grain) == START


@settings(max_examples=60, deadline=None)
@given(experiments(), st.integers(0, 20), st.floats(0, 1), st.sampled_from(list(Grain)))
def test_a_step_and_its_reverse_return_to_a_stop(experiment: Experiment, batch: int, share: float, grain: Grain) -> None:
    simulation = Simulation(experiment)
    simulation.seek(Moment(batch, round(share * simulation.marks(batch).count)))
    simulation.step(grain)
    stop, theta = simulation.moment, simulation.frame.theta.tobytes()
    simulation.step(grain)
    simulation.step(grain, -1)
    assert (simulation.moment, simulation.frame.theta.tobytes()) == (stop, theta)
    simulation.step(grain, -1)
    simulation.step(grain)
    assert (simulation.moment, simulation.frame.theta.tobytes()) == (stop, theta)


@settings(max_examples=60, deadline=None)
@given(experiments(), st.integers(0, 12), st.floats(0, 1), st.sampled_from(list(Grain)), st.integers(-6, 6))
def test_several_steps_at_once_are_as_many_single_ones(
    experiment: Experiment, batch: int, share: float, grain: Grain, count: int
) -> None:
    at_once, singly = Simulation(experiment), Simulation(experiment)
    moment = Moment(batch, round(share * at_once.marks(batch).count))
    at_once.seek(moment)
    singly.seek(moment)
    at_once.step(grain, count)
    for _ in range(abs(count)):
        singly.step(grain, 1 if count > 0 else -1)
    assert at_once.moment == singly.moment
    assert at_once.frame.theta.tobytes() == singly.frame.theta.tobytes()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3), st.lists(st.integers(1, 8), max_size=4), st.sampled_from(list(Grain)), st.integers(-7, 7))
@hypothesis_example(1, [5, 6], Grain.EPOCH, -3)
@hypothesis_example(2, [4, 5], Grain.EPOCH, -4)
@hypothesis_example(2, [4, 5], Grain.BATCH, -4)
def test_where_edits_stand_on_the_way_back_is_a_stop_of_what_closes_before_them_and_else_nothing_changes(
    epoch: int, edits: list[int], grain: Grain, count: int
) -> None:
    simulation = Simulation(small(batch_size=4, data=Data(samples=4 * epoch, test_share=0)))
    for batch in sorted(edits):
        simulation.seek(Moment(batch - 1, simulation.marks(batch - 1).count))
        simulation.set_parameter(0, 0, 0, 0.1 * batch)
    assert simulation.batches == epoch
    places = [(START, Grain.EPOCH)]
    for batch in range(10):
        closes = Grain.EPOCH if batch % epoch == 0 else Grain.BATCH
        places += [(Moment(batch, 0), closes)] * (batch in edits)
        marks = simulation.marks(batch)
        places += [(Moment(batch, number), marks.at(number).closes) for number in range(1, marks.count)]
        places += [(Moment(batch, marks.count), Grain.EPOCH if (batch + 1) % epoch == 0 else Grain.BATCH)]
    last = START
    for moment, closes in places[1:]:
        assert simulation.previous_stop(moment, grain) == last
        last = moment if closes >= grain else last
    assert simulation.previous_stop(START, grain) == START
    end = Moment(6, simulation.marks(6).count)
    simulation.seek(end)
    simulation.step(grain, count)
    at_once = simulation.moment
    simulation.seek(end)
    for _ in range(abs(count)):
        simulation.step(grain, 1 if count > 0 else -1)
    assert simulation.moment == at_once


def test_every_stop_on_the_way_is_shown_with_its_own_place() -> None:
    simulation = Simulation(small())

    def shown_after(grain: str, count: int = 1) -> Frame:
        simulation.step(grain, count)
        return simulation.frame

    frame = shown_after("layer")
    assert (frame.phase, frame.known.outputs) == ("forward", (3, 0))
    frame = shown_after("pass", 2)
    assert (frame.phase, frame.known.loss) == ("loss", True)
    frame = shown_after("sample")
    assert (frame.phase, frame.sample, frame.known.gradients) == ("backward", 0, (3, 1))
    frame = shown_after("batch")
    assert (frame.phase, frame.sample, frame.known.updated) == ("update", None, (3, 1))
    assert frame.mark is not None and frame.mark.closes == Grain.BATCH
    frame = shown_after("epoch")
    assert frame.mark is not None and frame.mark.closes == Grain.EPOCH
    assert (frame.moment.batch, frame.epochs_done) == (2, 1.0)


def test_a_sample_knows_its_row_of_the_training_data() -> None:
    simulation = Simulation(small(shuffle=True))
    order = []
    for _ in range(3):
        for _ in range(simulation.marks(simulation.batches_finished).samples):
            simulation.step("sample")
            frame = simulation.frame
            assert frame.trace is not None and frame.sample is not None and frame.row is not None
            assert np.array_equal(frame.trace.inputs[:, frame.sample], frame.dataset.inputs[frame.row])
            order.append(frame.row)
        simulation.step("batch")
    assert sorted(order) == simulation.dataset.train.tolist()
    assert order != sorted(order)


# the start, and looking

@settings(max_examples=30, deadline=None)
@given(experiments(), MOVES)
def test_the_start_is_the_same_initial_network_after_any_moves(experiment: Experiment, moves: list[tuple[str, int, float]]) -> None:
    simulation = Simulation(experiment)
    untouched = simulation.frame
    assert (untouched.moment, untouched.phase, untouched.trace) == (START, "start", None)
    for name, first, second in moves:
        move(simulation, name, first, second)
    simulation.rewind()
    assert simulation.moment == Moment(0, 0)
    assert simulation.frame.theta.tobytes() == untouched.theta.tobytes()
    assert simulation.frame.train == untouched.train


@settings(max_examples=25, deadline=None)
@given(experiments(), MOVES)
def test_looking_disturbs_nothing(experiment: Experiment, moves: list[tuple[str, int, float]]) -> None:
    looked_at, unseen = Simulation(experiment), Simulation(experiment)
    for name, first, second in moves:
        move(looked_at, name, first, second)
        looked_at.look(Wants(surface=5, maps=5, predictions=True))
        looked_at.predict(np.ones((3, 2)))
        move(unseen, name, first, second)
    first_frame, second_frame = looked_at.frame, unseen.frame
    assert first_frame.moment == second_frame.moment
    assert first_frame.theta.tobytes() == second_frame.theta.tobytes()
    assert first_frame.history.batch_loss.values.tobytes() == second_frame.history.batch_loss.values.tobytes()


def test_what_a_frame_carries_cannot_be_written_to_and_never_changes() -> None:
    simulation = Simulation(small(data=Data(samples=10)))
    simulation.seek(Moment(3, simulation.marks(3).update_start + 2))
    frame = simulation.look(Wants(surface=4, maps=4, predictions=True))
    assert frame.trace is not None and frame.surface is not None and frame.maps is not None
    assert frame.train_outputs is not None and frame.test_outputs is not None
    kept = [frame.theta, frame.train_outputs, frame.test_outputs,
            frame.trace.after, *frame.trace.sums, frame.surface.outputs, *frame.maps.maps,
            frame.history.batch_loss.values, frame.history.epochs.values]
    before = [array.tobytes() for array in kept]
    assert not any(array.flags.writeable for array in kept)
    simulation.run(epochs=5)
    simulation.look(Wants(surface=4, maps=4, predictions=True))
    simulation.rewind()
    assert [array.tobytes() for array in kept] == before


@pytest.mark.parametrize("mark", [5, -1])
def test_predictions_and_surface_are_those_of_the_moments_parameters(mark: int) -> None:
    simulation = Simulation(small(data=Data(samples=12, scaling="standardize")))
    marks = simulation.marks(2)
    simulation.seek(Moment(2, mark if mark > 0 else marks.count))
    frame = simulation.look(Wants(surface=6, predictions=True))
    train, test = frame.dataset.train, frame.dataset.test
    assert frame.train_outputs is not None and frame.test_outputs is not None and frame.surface is not None
    assert np.array_equal(frame.train_outputs, simulation.predict(frame.dataset.inputs[train]))
    assert np.array_equal(frame.test_outputs, simulation.predict(frame.dataset.inputs[test]))
    left, right, bottom, top = frame.surface.extent
    corners = simulation.predict(np.array([[left, bottom], [right, bottom], [left, top], [right, top]]))
    shown = frame.surface.outputs[0][[0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.allclose(shown, corners[:, 0], rtol=1e-5)


def test_while_an_update_is_half_done_what_was_before_it_is_scored_and_the_surface_is_of_the_parameters_as_they_stand() -> None:
    simulation = Simulation(small(data=Data(samples=12, scaling="standardize")))
    marks = simulation.marks(2)
    simulation.seek(Moment(2, marks.update_start))
    before = simulation.look(Wants(surface=6, predictions=True))
    simulation.seek(Moment(2, marks.update_start + 5))
    within = simulation.look(Wants(surface=6, predictions=True))
    assert (within.train, within.test) == (before.train, before.test)
    assert within.train_outputs is not None and before.train_outputs is not None
    assert np.array_equal(within.train_outputs, before.train_outputs)
    assert not np.array_equal(within.theta, before.theta)
    assert within.surface is not None
    left, right, bottom, top = within.surface.extent
    corners = simulation.predict(np.array([[left, bottom], [right, bottom], [left, top], [right, top]]))
    assert np.allclose(within.surface.outputs[0][[0, 0, -1, -1], [0, -1, 0, -1]], corners[:, 0], rtol=1e-5)


# history

@settings(max_examples=30, deadline=None)
@given(experiments(), MOVES)
def test_epoch_scores_do_not_depend_on_the_way(experiment: Experiment, moves: list[tuple[str, int, float]]) -> None:
    simulation = Simulation(experiment)
    for name, first, second in moves:
        move(simulation, name, first, second)
    walked = simulation.frame.history.epochs.values
    straight = Simulation(experiment)
    straight.run(epochs=len(walked) - 1)
    assert straight.frame.history.epochs.values.tobytes() == walked.tobytes()
    assert walked[-1, 0] == straight.frame.train.loss


def test_going_back_forgets_no_future_that_was_visited() -> None:
    simulation = Simulation(small())
    simulation.run(epochs=5)
    simulation.rewind()
    assert simulation.frame.extent == (15, 5)
    assert len(simulation.frame.history.epochs.values) == 6


# what makes no sense

@pytest.mark.parametrize("moment", [Moment(-1, 0), Moment(0, -1), Moment(0, 10**6)])
def test_seeking_no_place_is_a_value_error_and_moves_nothing(moment: Moment) -> None:
    simulation = Simulation(small())
    simulation.step("batch")
    stood = simulation.moment
    with pytest.raises(ValueError, match="there is no moment"):
        simulation.seek(moment)
    assert simulation.moment == stood


def test_running_needs_to_be_told_how_far() -> None:
    simulation = Simulation(small())
    with pytest.raises(ValueError, match="say how far"):
        simulation.run()
    with pytest.raises(ValueError, match="say how far"):
        simulation.run(epochs=1, batches=1)
    with pytest.raises(ValueError, match="no grain"):
        simulation.step("fortnight")


def test_predicting_rows_of_another_width_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="takes 2 inputs a row"):
        Simulation(small()).predict(np.ones((4, 3)))
