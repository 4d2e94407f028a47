"""Histograms, gradient norms, a parameter's history and the loss landscape as data: every number is the run's own."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnsim.core.activations import Array
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.loss_surface import LossSurface, ParameterPlane, RandomPlane, loss_surface
from nnsim.engine.past import past
from nnsim.engine.simulation import Simulation
from nnsim.picture.gradient_norms import gradient_norms, separated
from nnsim.picture.histograms import MOST_BINS, QUANTITIES, Quantity, bin_edges, counts_over_time, histogram_now
from nnsim.picture.loss_landscape import landscape, loss_scale, reading
from nnsim.picture.targets import EdgeTarget, NeuronTarget
from nnsim.picture.weight_history import parameter_history

RING = Experiment(data=Data(source="ring", samples=80), layers=(Layer(width=3), Layer(width=1, activation="sigmoid")),
                  learning=Learning(rate=0.3))
NUMBERS = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6))


def trained(batches: int = 60) -> Simulation:
    simulation = Simulation(RING)
    simulation.run(batches=batches)
    return simulation


# histograms

@given(NUMBERS)
def test_every_number_has_a_bin_and_no_bin_straddles_zero(numbers: Array) -> None:
    edges = bin_edges(numbers)
    assert np.histogram(numbers, edges)[0].sum() == len(numbers)
    assert (np.diff(edges) > 0).all()
    assert len(edges) <= MOST_BINS + 2
    if numbers.min() < 0 < numbers.max() and np.ptp(numbers) > 1e-300:
        assert 0.0 in edges


def test_no_number_has_empty_bins() -> None:
    assert np.histogram([], bin_edges(np.empty(0)))[0].tolist() == [0, 0]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_present_is_counted_from_the_batch_under_the_cursor(quantity: Quantity) -> None:
    frame = trained().frame
    assert frame.trace is not None
    numbers = {"weights": frame.weights[0], "gradients": frame.network.weights(frame.trace.gradient)[0],
               "outputs": frame.trace.outputs[0]}[quantity]
    counted = histogram_now(frame, 0, quantity)
    assert counted is not None
    assert counted.counts.tolist() == np.histogram(numbers, counted.edges)[0].tolist()
    assert (counted.total, counted.left_out) == (numbers.size, 0)


def test_what_the_batch_has_not_computed_yet_is_not_counted() -> None:
    simulation = trained()
    simulation.step("neuron")
    assert histogram_now(simulation.frame, 0, "outputs") is None
    assert histogram_now(simulation.frame, 0, "gradients") is None
    assert histogram_now(simulation.frame, 0, "weights") is not None
    while simulation.frame.phase != "backward":
        simulation.step("pass")
    assert simulation.frame.sample == 0
    assert histogram_now(simulation.frame, 0, "outputs") is None
    while simulation.frame.sample != 9 or simulation.frame.phase != "loss":
        simulation.step("pass")
    assert histogram_now(simulation.frame, 0, "outputs") is not None
    assert histogram_now(simulation.frame, 0, "gradients") is None
    simulation.step("batch")
    assert histogram_now(simulation.frame, 0, "gradients") is not None


def test_an_untouched_network_has_weights_only() -> None:
    frame = Simulation(RING).frame
    assert histogram_now(frame, 0, "weights") is not None
    assert histogram_now(frame, 0, "outputs") is None
    assert histogram_now(frame, 0, "gradients") is None


def test_numbers_that_are_not_finite_are_counted_apart() -> None:
    frame = trained().frame
    theta = frame.theta.copy()
    theta[:2] = math.inf, math.nan
    counted = histogram_now(replace(frame, theta=theta), 0, "weights")
    assert counted is not None
    assert (counted.total, counted.left_out) == (4, 2)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_counts_over_time_count_every_point(quantity: Quantity) -> None:
    told = past(trained())
    counted = counts_over_time(told, 1, quantity)
    assert counted is not None
    assert counted.batches.tolist() == [point.batch for point in told.points]
    for point, counts in zip(told.points, counted.counts, strict=True):
        assert point.look is not None
        numbers = {"weights": told.network.weights(point.theta)[1], "gradients": told.network.weights(point.look.gradient)[1],
                   "outputs": point.look.outputs[1]}[quantity]
        assert counts.tolist() == np.histogram(numbers, counted.edges)[0].tolist()
    assert counted.shares.max(axis=1).tolist() == [1.0] * len(told.points)
    assert counted.counted == counted.in_all


def test_without_looks_only_the_weights_have_a_past() -> None:
    told = past(trained(), looks=False)
    assert counts_over_time(told, 0, "weights") is not None
    assert counts_over_time(told, 0, "gradients") is None
    assert counts_over_time(told, 0, "outputs") is None


# gradient norms

def test_a_norm_is_the_length_of_the_layers_gradient() -> None:
    told = past(trained())
    norms = gradient_norms(told)
    assert norms is not None
    assert norms.norms.shape == (2, len(told.points))
    look = told.points[3].look
    assert look is not None
    first, second = told.network.layers(look.gradient)
    assert norms.norms[:, 3].tolist() == pytest.approx([math.sqrt((first**2).sum()), math.sqrt((second**2).sum())])
    low, high = norms.span
    assert 0 < low < norms.norms.min() <= norms.norms.max() < high


def test_norms_of_zero_and_beyond_all_numbers_have_no_place_on_the_axis() -> None:
    norms = gradient_norms(past(trained()))
    assert norms is not None
    broken = norms.norms.copy()
    broken[0, :3] = 0.0, math.inf, math.nan
    other = replace(norms, norms=broken)
    assert (~other.drawn).sum() == 3
    assert np.isfinite(other.span).all()
    assert replace(norms, norms=np.zeros((2, 4))).span == (0.1, 1.0)


def test_no_gradient_has_no_norms() -> None:
    assert gradient_norms(past(trained(), looks=False)) is None


@given(st.lists(st.floats(0, 100), min_size=1, max_size=9))
def test_labels_stand_apart_and_within_their_space(heights: list[float]) -> None:
    placed = separated(heights, 10, 0, 100)
    assert all(after - before >= 10 - 1e-9 for before, after in zip(sorted(placed), sorted(placed)[1:], strict=False))
    assert min(placed) >= -1e-9
    assert max(placed) <= 100


def test_labels_that_do_not_meet_stay_where_their_lines_end() -> None:
    assert separated([50.0, 10.0, 90.0], 10, 0, 100) == [50.0, 10.0, 90.0]


# one parameter

def test_a_history_has_the_weights_values_and_gradients() -> None:
    told = past(trained())
    history = parameter_history(told, EdgeTarget(0, 1, 2))
    assert history is not None
    assert history.name == "W[2,3] of L1"
    assert history.values.tolist() == [told.network.weights(point.theta)[0][1, 2] for point in told.points]
    assert history.gradients.tolist() == [
        told.network.weights(point.look.gradient)[0][1, 2] for point in told.points if point.look is not None]
    assert history.epochs.tolist() == (history.batches / told.batches).tolist()


@pytest.mark.parametrize("target", [EdgeTarget(1, 3, 0), NeuronTarget(1, 0)])
def test_a_neurons_history_is_that_of_its_bias(target: EdgeTarget | NeuronTarget) -> None:
    told = past(trained())
    history = parameter_history(told, target)
    assert history is not None
    assert history.name == "b[1] of L2"
    assert history.values.tolist() == [told.network.biases(point.theta)[1][0] for point in told.points]


def test_a_gradient_that_is_not_known_yet_is_no_number() -> None:
    history = parameter_history(past(trained(), looks=False), EdgeTarget(0, 0, 0))
    assert history is not None
    assert np.isnan(history.gradients).all()
    assert np.isfinite(history.values).all()


@pytest.mark.parametrize("target", [NeuronTarget(-1, 0), EdgeTarget(5, 0, 0), EdgeTarget(0, 9, 0), NeuronTarget(0, 7)])
def test_an_input_and_what_is_not_there_have_no_history(target: EdgeTarget | NeuronTarget) -> None:
    assert parameter_history(past(trained()), target) is None


# the loss landscape

def surface_of(simulation: Simulation, plane: ParameterPlane | RandomPlane, rows: int = 9) -> LossSurface:
    return list(loss_surface(simulation.frame, plane, points=9))[rows - 1]


@pytest.mark.parametrize("logarithmic", [True, False])
def test_tones_run_from_the_least_loss_to_the_greatest_and_back(logarithmic: bool) -> None:
    surface = surface_of(trained(), RandomPlane())
    made = landscape(surface, logarithmic)
    assert (made.tones.min(), made.tones.max()) == (0, 1)
    assert np.allclose(made.scale.losses(made.tones), surface.losses)
    order = np.argsort(surface.losses.ravel())
    assert (np.diff(made.tones.ravel()[order]) >= 0).all()


def test_equal_ratios_are_equal_steps_of_a_logarithmic_scale() -> None:
    scale = loss_scale(np.array([0.01, 0.1, 1.0]), True)
    assert scale.tones(np.array([0.01, 0.1, 1.0])).tolist() == pytest.approx([0, 0.5, 1])


@pytest.mark.parametrize("losses", [[0.0, 0.0], [math.nan], [], [math.inf, 2.0], [3.0, 3.0], [0.0, 1.0]])
@pytest.mark.parametrize("logarithmic", [True, False])
def test_any_losses_have_a_scale(losses: list[float], logarithmic: bool) -> None:
    scale = loss_scale(np.array(losses), logarithmic)
    assert math.isfinite(scale.low) and scale.low < scale.high < math.inf
    finite = np.array([loss for loss in losses if math.isfinite(loss)])
    assert ((scale.tones(finite) >= 0) & (scale.tones(finite) <= 1)).all()
    assert scale.ticks(5)


def test_an_infinite_loss_has_the_strongest_tone_and_no_number_has_none() -> None:
    tones = loss_scale(np.array([1.0, 2.0]), True).tones(np.array([math.inf, math.nan]))
    assert tones[0] == 1
    assert np.isnan(tones[1])


def test_axes_are_named_after_what_they_measure() -> None:
    simulation = trained()
    assert landscape(surface_of(simulation, RandomPlane()), True).axis_names == ("direction 1", "direction 2")
    plane = ParameterPlane((0, 0, 1), (1, 3, 0))
    assert landscape(surface_of(simulation, plane), True).axis_names == ("W[1,2] of L1", "b[1] of L2")


def test_what_is_read_is_the_nearest_loss_of_the_grid() -> None:
    surface = surface_of(trained(), ParameterPlane((0, 0, 1), (1, 3, 0)))
    found = reading(surface, float(surface.across[2]) + 0.01, float(surface.up[7]) - 0.01)
    assert found is not None
    assert (found.across, found.up, found.loss) == (surface.across[2], surface.up[7], surface.losses[7, 2])


def test_what_is_not_computed_yet_is_not_read_and_not_drawn() -> None:
    surface = surface_of(trained(), RandomPlane(), rows=3)
    assert reading(surface, 0.0, float(surface.up[0])) is None
    assert reading(surface, 0.0, 0.0) is not None
    made = landscape(surface, True)
    assert np.isnan(made.tones[[0, 1, 2, 6, 7, 8]]).all()
    assert made.contours.size
    assert made.contours[:, [1, 3]].min() >= 3 / 8
    assert made.contours[:, [1, 3]].max() <= 5 / 8
