"""The numbers on edges: as many as have room, and none over another."""

import itertools

import pytest

from nnsim.engine.examples import example
from nnsim.engine.frame import Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture.network_picture import network_picture
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import DiagramView


@pytest.mark.parametrize(("width", "height"), [(720, 283), (824, 384), (824, 352), (1600, 900)])
@pytest.mark.parametrize("name", ["wine", "breast-cancer", "spiral", "iris"])
def test_numbers_on_the_edges_at_work_do_not_cover_each_other(name: str, width: float, height: float) -> None:
    simulation = Simulation(example(name).experiment)
    simulation.step("neuron", 4)
    picture = network_picture(simulation.look(Wants()), DiagramView(width, height), THEMES["light"])
    weights = [plate for plate in picture.plates if plate.badge and plate.badge != "b"]
    assert weights
    # a plate of this size is 20 px high
    for one, other in itertools.combinations(weights, 2):
        assert abs(one.x - other.x) > 90 or abs(one.y - other.y) >= 20
