"""The loss over a plane: the same losses as anywhere else, directions as the paper makes them, and an honest projection."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.activations import Array
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.loss_surface import (
    MOST_ROWS,
    LossSurface,
    ParameterPlane,
    Plane,
    RandomPlane,
    WayPlane,
    directions,
    loss_surface,
    walk,
)
from nnsim.engine.past import past
from nnsim.engine.simulation import Simulation

RING = Experiment(data=Data(source="ring", samples=80), layers=(Layer(width=3), Layer(width=1, activation="sigmoid")),
                  learning=Learning(rate=0.3))
TWO_WEIGHTS = ParameterPlane((0, 1, 2), (1, 3, 0))
"""W[2,3] of L1 and the bias of L2."""


def trained(batches: int = 60, experiment: Experiment = RING) -> Simulation:
    simulation = Simulation(experiment)
    simulation.run(batches=batches)
    return simulation


def whole(simulation: Simulation, plane: Plane, points: int = 5, reach: tuple[float, float] | None = (1.0, 1.0)) -> LossSurface:
    return list(loss_surface(simulation.frame, plane, past(simulation), points, reach))[-1]


@pytest.mark.parametrize("plane", [TWO_WEIGHTS, RandomPlane(), RandomPlane(3), WayPlane()])
def test_in_the_middle_is_the_loss_of_the_present(plane: Plane) -> None:
    simulation = trained()
    assert whole(simulation, plane).losses[2, 2] == simulation.frame.loss


def test_a_place_off_the_middle_has_the_loss_of_parameters_set_there() -> None:
    simulation = trained()
    surface = whole(simulation, TWO_WEIGHTS, reach=(0.5, 2.0))
    right, up = float(surface.across[3]), float(surface.up[0])
    simulation.set_parameter(0, 1, 2, right)
    simulation.set_parameter(1, 3, 0, up)
    assert surface.losses[0, 3] == pytest.approx(simulation.frame.loss, rel=1e-12)


def test_the_places_of_two_parameters_are_their_values() -> None:
    simulation = trained()
    surface = whole(simulation, TWO_WEIGHTS, reach=(0.5, 2.0))
    weight, bias = float(simulation.frame.weights[0][1, 2]), float(simulation.frame.biases[1][0])
    assert surface.here == (weight, bias)
    assert np.allclose(surface.across, weight + np.array([-0.5, -0.25, 0, 0.25, 0.5]))
    assert np.allclose(surface.up, bias + np.array([-2, -1, 0, 1, 2]))


def test_a_surface_comes_row_by_row_from_the_middle_and_invents_nothing() -> None:
    simulation = trained()
    surfaces = list(loss_surface(simulation.frame, RandomPlane(), points=7))
    assert len(surfaces) == 7
    for done, surface in enumerate(surfaces, 1):
        known = np.isfinite(surface.losses)
        assert (surface.finished_rows, surface.complete) == (done, done == 7)
        assert sorted(known.sum(axis=1).tolist()) == [0] * (7 - done) + [7] * done
        assert known[3].all()


def test_looking_at_a_surface_moves_no_parameter() -> None:
    simulation = trained()
    before = simulation.frame.theta.copy()
    whole(simulation, RandomPlane())
    assert np.array_equal(simulation.frame.theta, before)


def test_random_directions_are_as_long_as_each_neurons_own_weights() -> None:
    simulation = trained()
    theta, network = simulation.frame.theta, simulation.network
    for direction in directions(network, theta, RandomPlane(), seed=4):
        for drawn, own in zip(network.layers(direction), network.layers(theta), strict=True):
            assert np.allclose(np.linalg.norm(drawn, axis=0), np.linalg.norm(own, axis=0))


def test_random_directions_are_the_same_for_the_same_draw_and_seed_only() -> None:
    simulation = trained()

    def drawn(draw: int, seed: int) -> Array:
        return directions(simulation.network, simulation.frame.theta, RandomPlane(draw), seed)

    assert np.array_equal(drawn(1, 7), drawn(1, 7))
    others = [drawn(1, 7)[0], drawn(1, 7)[1], drawn(2, 7)[0], drawn(2, 7)[1], drawn(1, 8)[0]]
    assert len({other.tobytes() for other in others}) == 5


def test_of_many_rows_a_choice_is_taken_and_told() -> None:
    simulation = Simulation(RING.replace(data=Data(source="ring", samples=4000, test_share=0.25)))
    surface = whole(simulation, RandomPlane(), points=3)
    assert (surface.rows, surface.rows_in_all) == (MOST_ROWS, 3000)
    assert surface.losses[1, 1] == pytest.approx(simulation.frame.loss, rel=0.1)
    assert np.array_equal(surface.losses, whole(simulation, RandomPlane(), points=3).losses)


def test_the_way_of_two_parameters_is_their_values_and_ends_here() -> None:
    simulation = trained(100)
    told = past(simulation)
    surface = whole(simulation, TWO_WEIGHTS)
    taken = walk(surface, told)
    network = simulation.network
    assert np.allclose(taken.places[:, 0], told.thetas[:, network.index(0, 1, 2)])
    assert np.allclose(taken.places[:, 1], told.thetas[:, network.index(1, 3, 0)])
    assert np.allclose(taken.places[-1], surface.here)
    assert 0 < taken.share < 1


@pytest.mark.parametrize("plane", [TWO_WEIGHTS, RandomPlane()])
def test_a_way_that_lies_on_the_plane_is_shown_whole(plane: Plane) -> None:
    simulation = trained()
    surface = whole(simulation, plane)
    right, up = surface.directions
    told = past(simulation)
    moved = replace(told.points[0], theta=surface.centre + 0.3 * right - 0.2 * up)
    taken = walk(surface, replace(told, points=(moved, told.points[-1])))
    assert np.allclose(taken.places - np.array(surface.here), np.array([[0.3, -0.2], [0, 0]]))
    assert taken.share == pytest.approx(1)


def test_the_share_is_that_of_the_distance_a_plane_can_show() -> None:
    simulation = trained(100)
    told = past(simulation)
    moved = told.thetas - simulation.frame.theta
    indexes = [simulation.network.index(0, 1, 2), simulation.network.index(1, 3, 0)]
    true = math.sqrt((moved**2).sum())
    assert walk(whole(simulation, TWO_WEIGHTS), told).share == pytest.approx(math.sqrt((moved[:, indexes] ** 2).sum()) / true)


def test_an_untouched_network_has_no_way_and_no_share() -> None:
    simulation = Simulation(RING)
    taken = walk(whole(simulation, RandomPlane()), past(simulation))
    assert np.allclose(taken.places, 0)
    assert math.isnan(taken.share)


@pytest.mark.parametrize("plane", [TWO_WEIGHTS, WayPlane()])
def test_the_reach_holds_the_way(plane: Plane) -> None:
    simulation = trained(200)
    # back to where they were long before: the way is far longer than the weights are large
    simulation.set_parameter(0, 1, 2, 30.0)
    simulation.set_parameter(1, 3, 0, -20.0)
    simulation.run(batches=20)
    simulation.set_parameter(0, 1, 2, 0.1)
    simulation.set_parameter(1, 3, 0, 0.1)
    simulation.run(batches=1)
    surface = whole(simulation, plane, reach=None)
    places = walk(surface, past(simulation)).places
    assert surface.across[0] <= places[:, 0].min() <= places[:, 0].max() <= surface.across[-1]
    assert surface.up[0] <= places[:, 1].min() <= places[:, 1].max() <= surface.up[-1]


def test_two_parameters_are_seen_as_far_as_their_own_size_and_random_directions_once_their_length() -> None:
    simulation = trained()
    simulation.set_parameter(0, 1, 2, -7.0)
    surface = whole(simulation, TWO_WEIGHTS, reach=None)
    assert surface.across[-1] >= 0
    assert surface.up[-1] - surface.up[0] >= 2
    surface = whole(simulation, RandomPlane(), reach=None)
    assert (surface.across[0], surface.across[-1], surface.up[0], surface.up[-1]) == (-1, 1, -1, 1)


def test_the_ways_own_plane_shows_more_of_it_than_any_other() -> None:
    simulation = trained(300)
    told = past(simulation)
    best = walk(whole(simulation, WayPlane()), told).share
    planes: list[Plane] = [TWO_WEIGHTS, *(RandomPlane(draw) for draw in range(20))]
    others = [walk(whole(simulation, plane, points=3), told).share for plane in planes]
    assert max(others) < best <= 1
    first, second = whole(simulation, WayPlane(), points=3).directions
    assert (first @ first, second @ second, first @ second) == pytest.approx((1, 1, 0))
    assert (walk(whole(simulation, WayPlane(), points=3), told).places[0] <= 0).all()


def test_an_untouched_network_has_no_plane_of_its_way_but_a_surface() -> None:
    simulation = Simulation(RING)
    surface = whole(simulation, WayPlane(), reach=None)
    assert surface.losses[2, 2] == simulation.frame.loss
    assert np.isfinite(surface.losses).all()


@pytest.mark.parametrize(("plane", "points"), [(ParameterPlane((0, 0, 0), (0, 0, 0)), 5), (RandomPlane(), 4), (RandomPlane(), 1)])
def test_what_is_no_surface_is_refused(plane: Plane, points: int) -> None:
    with pytest.raises(ValueError, match=r"a plane needs two different|an odd number"):
        whole(trained(), plane, points)
