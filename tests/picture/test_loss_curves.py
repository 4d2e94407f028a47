"""The history of a run as lines to draw."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.simulation import Simulation
from nnsim.picture.loss_curves import FEW_EPOCHS, LossCurves, Polyline, loss_curves, reading_at, thinned
from nnsim.picture.time_picture import crumbs

_NONE = Polyline(np.empty(0), np.empty(0))


def ring(rate: float = 0.3, test_share: float = 0.25, batch_size: int = 10) -> Simulation:
    return Simulation(Experiment(
        data=Data(source="ring", samples=80, test_share=test_share),
        layers=(Layer(width=3), Layer(width=1, activation="sigmoid")),
        learning=Learning(rate=rate), batch_size=batch_size))


def test_the_training_line_goes_through_the_losses_at_whole_epochs() -> None:
    simulation = ring()
    simulation.run(epochs=5)
    curves = loss_curves(simulation.frame)
    assert curves.train.x.tolist() == [0, 1, 2, 3, 4, 5, 5]
    assert curves.train.y[-1] == simulation.frame.loss
    assert curves.train.y[:-1].tolist() == simulation.frame.history.epochs.column(0).tolist()


def test_now_within_an_epoch_ends_the_line_with_the_loss_of_the_parameters_as_they_stand() -> None:
    simulation = ring()
    simulation.run(batches=8)
    simulation.step("neuron", 3)
    frame = simulation.frame
    curves = loss_curves(frame)
    assert curves.now == pytest.approx(8 / frame.batches)
    assert (curves.train.x[-1], curves.train.y[-1]) == (curves.now, frame.train.loss)
    assert frame.test is not None
    assert (curves.test.x[-1], curves.test.y[-1]) == (curves.now, frame.test.loss)


@pytest.mark.parametrize("batch_size", [10, 60])
def test_within_an_update_now_stands_on_the_curve_and_its_past_does_not_move(batch_size: int) -> None:
    simulation = ring(rate=8.0, batch_size=batch_size)
    simulation.run(batches=8)
    simulation.step("pass")
    settled = loss_curves(simulation.frame)
    while simulation.frame.phase != "update":
        simulation.step("pass" if simulation.marks(simulation.moment.batch).update_start > simulation.moment.mark else "neuron")
    curves = loss_curves(simulation.frame)
    assert simulation.frame.loss == settled.now_loss and 0 < simulation.frame.parameters_updated < len(simulation.frame.theta)
    assert (curves.now, curves.now_loss, curves.train.y[-1]) == (settled.now, settled.now_loss, settled.now_loss)
    for name in ("train", "test"):
        assert getattr(curves, name).y.tolist() == getattr(settled, name).y.tolist()


def test_going_back_leaves_the_visited_future_as_lines_of_its_own_that_start_at_now() -> None:
    simulation = ring()
    simulation.run(epochs=10)
    simulation.step("epoch", -6)
    curves = loss_curves(simulation.frame)
    assert curves.now == 4
    assert curves.end == 10
    assert curves.train.x.max() == 4
    assert curves.train_ahead.x[0] == 4
    assert curves.train_ahead.x[-1] == 10
    assert curves.test_ahead.x.tolist() == curves.train_ahead.x.tolist()
    assert curves.batches.x.max() <= 4 <= curves.batches_ahead.x[1]


def test_at_the_end_of_what_was_visited_nothing_lies_ahead() -> None:
    simulation = ring()
    simulation.run(epochs=3)
    curves = loss_curves(simulation.frame)
    assert not curves.train_ahead.x.size
    assert not curves.batches_ahead.x.size


def test_batches_are_shown_in_the_first_epochs_only() -> None:
    simulation = ring()
    simulation.run(epochs=2)
    few = loss_curves(simulation.frame)
    assert few.each_batch
    assert few.batches.y.tolist() == simulation.frame.history.batch_loss.column(0).tolist()
    simulation.run(epochs=FEW_EPOCHS)
    assert not loss_curves(simulation.frame).each_batch


def test_a_batch_that_is_the_whole_epoch_gets_no_line_of_its_own() -> None:
    simulation = ring(batch_size=1000)
    simulation.run(epochs=3)
    assert not loss_curves(simulation.frame).each_batch


def test_without_test_rows_there_is_no_test_line() -> None:
    simulation = ring(test_share=0)
    simulation.run(epochs=3)
    curves = loss_curves(simulation.frame)
    assert not curves.has_test
    assert not curves.test.x.size


def test_an_untouched_network_is_a_single_point() -> None:
    curves = loss_curves(ring().frame)
    assert curves.now == curves.end == 0
    assert set(curves.train.y.tolist()) == {curves.now_loss}


@pytest.mark.parametrize("logarithmic", [True, False])
def test_every_loss_lies_within_the_span(logarithmic: bool) -> None:
    simulation = ring()
    simulation.run(epochs=5)
    curves = loss_curves(simulation.frame)
    low, high = curves.span(logarithmic)
    for line in (curves.train, curves.test, curves.batches):
        assert low <= line.y.min()
        assert line.y.max() <= high


@pytest.mark.parametrize("logarithmic", [True, False])
def test_a_diverged_run_still_has_a_finite_span(logarithmic: bool) -> None:
    simulation = Simulation(Experiment(
        data=Data(source="plane", samples=40), layers=(Layer(width=8, activation="relu"), Layer(width=1, activation="identity")),
        learning=Learning(rate=1000)))
    simulation.step("epoch", 5)
    assert simulation.frame.divergence is not None
    curves = loss_curves(simulation.frame)
    low, high = curves.span(logarithmic)
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low < high
    assert all(np.isfinite(line.y).all() for line in (curves.train, curves.test, curves.batches))


def test_a_loss_of_zero_leaves_room_at_the_bottom_of_a_logarithmic_axis() -> None:
    simulation = Simulation(Experiment(
        data=Data(source="and"), layers=(Layer(width=1, activation="step"),),
        learning=Learning(optimizer="perceptron", rate=1), batch_size=1))
    simulation.run(epochs=60)
    curves = loss_curves(simulation.frame)
    assert curves.now_loss == 0
    low, high = curves.span(logarithmic=True)
    assert 0 < low < curves.train.y[curves.train.y > 0].min() / 10 < high


def test_a_reading_names_the_batch_and_the_losses_after_the_epochs_before_it() -> None:
    simulation = ring()
    simulation.run(epochs=5)
    frame = simulation.frame
    reading = reading_at(frame, 2 + 3.1 / frame.batches)
    assert reading is not None
    assert reading.epochs == 2 and reading.at == 2 + 3 / frame.batches
    # three batches are done: it is the third that ends there
    assert reading.batch == (2, frame.history.batch_loss.column(0)[2 * frame.batches + 2])
    assert reading.train == frame.history.epochs.column(0)[2]
    assert reading.test == frame.history.epochs.column(1)[2]


def test_a_reading_has_the_name_of_the_position_that_a_click_leads_to() -> None:
    simulation = ring()
    simulation.run(epochs=3)
    for done in (0, 1, simulation.batches - 1, simulation.batches, simulation.batches + 4, 3 * simulation.batches):
        simulation.seek(Moment(done, 0))
        reading = reading_at(simulation.frame, done / simulation.batches)
        assert reading is not None and reading.at == done / simulation.batches
        epoch, batch, *_ = crumbs(simulation.frame, Grain.BATCH)
        if done == 0:
            assert reading.batch is None
            continue
        assert reading.batch is not None
        assert (reading.epochs + 1, reading.batch[0] + 1) == (epoch.number, batch.number)
        assert reading.measured == done // simulation.batches
        assert simulation.frame.trace is not None and reading.batch[1] == simulation.frame.trace.loss


def test_a_logarithmic_axis_holds_all_of_a_run_away_from_its_first_loss_to_its_last() -> None:
    simulation = Simulation(Experiment(
        data=Data(source="plane", samples=40), layers=(Layer(width=8, activation="relu"), Layer(width=1, activation="identity")),
        learning=Learning(rate=1000)))
    simulation.step("epoch", 5)
    curves = loss_curves(simulation.frame)
    low, high = curves.span(logarithmic=True)
    for line in (curves.train, curves.batches):
        assert low <= line.y.min() and line.y.max() <= high
    assert low < curves.train.y[0] < 1e-12 * high
    # a loss that falls for ever does not stretch it likewise
    fallen = Polyline(np.arange(3.0), np.array([0.5, 0.1, 1e-40]))
    assert 1e-14 < LossCurves(fallen, _NONE, _NONE, _NONE, _NONE, _NONE, False, 2, 1e-40, 2).span(logarithmic=True)[0] < 1e-12


@pytest.mark.parametrize("logarithmic", [True, False])
def test_a_span_up_to_the_largest_number_stays_finite(logarithmic: bool) -> None:
    line = Polyline(np.arange(3.0), np.array([0.17, 1e200, 1.79e308]))
    low, high = LossCurves(line, _NONE, _NONE, _NONE, _NONE, _NONE, False, 2, 1.79e308, 2).span(logarithmic)
    assert math.isfinite(high) and low <= 0.17 and high >= 1.79e308


def test_a_reading_of_many_epochs_is_that_of_the_nearest_epoch() -> None:
    simulation = ring()
    simulation.run(epochs=FEW_EPOCHS + 5)
    reading = reading_at(simulation.frame, 11.4)
    assert reading is not None
    assert (reading.epochs, reading.batch) == (11, None)


def test_a_reading_beyond_either_end_is_that_of_the_end() -> None:
    simulation = ring()
    simulation.run(epochs=FEW_EPOCHS)
    first, last = reading_at(simulation.frame, -3), reading_at(simulation.frame, 1e9)
    assert first is not None
    assert last is not None
    assert (first.epochs, last.epochs) == (0, FEW_EPOCHS)


def test_thinning_keeps_every_peak() -> None:
    y = np.ones(100_000)
    y[77_777], y[123] = 50, -50
    line = thinned(np.arange(y.size, dtype=float), y, 2000)
    assert line.x.size <= 2002
    assert {123.0, 77_777.0} <= set(line.x.tolist())


@given(st.integers(0, 5000), st.integers(10, 500), st.integers(0, 2**32 - 1))
def test_thinning_keeps_ends_order_and_extremes(size: int, most: int, seed: int) -> None:
    x = np.arange(size, dtype=float)
    y = np.random.default_rng(seed).normal(size=size)
    line = thinned(x, y, most)
    assert line.x.size <= most + 3
    assert (np.diff(line.x) > 0).all()
    if size:
        assert (line.x[0], line.x[-1]) == (0, size - 1)
        assert (line.y.min(), line.y.max()) == (y.min(), y.max())
        assert np.array_equal(y[line.x.astype(int)], line.y)


def test_numbers_that_are_not_finite_are_left_out() -> None:
    line = thinned(np.arange(4.0), np.array([1, np.nan, np.inf, 2]))
    assert line.x.tolist() == [0, 3]
