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


@pytest.mark.parametrize("size", [(722, 251), (644, 251), (800, 350)])
@pytest.mark.parametrize("name", ["xor", "ring", "textbook-2-2-2", "iris"])
def test_every_neuron_that_can_be_told_apart_has_its_name_beside_it(name: str, size: tuple[float, float]) -> None:
    simulation = Simulation(example(name).experiment)
    picture = network_picture(simulation.look(Wants(maps=8)), DiagramView(*size), THEMES["light"])
    written = {words.text for words in picture.words}
    wanted = {cell.name for cell in picture.cells if cell.name[:1] == "L" and "·" in cell.name and " " not in cell.name
              and cell.width >= 24}
    assert wanted and wanted <= written


@pytest.mark.parametrize("width", [720, 800, 1100])
def test_a_bias_before_the_loss_covers_neither_the_loss_nor_the_neuron_above(width: float) -> None:
    simulation = Simulation(example("textbook-2-2-2").experiment)
    simulation.step("neuron", 7)
    picture = network_picture(simulation.look(Wants(maps=8)), DiagramView(width, 350), THEMES["light"])
    plate = next(plate for plate in picture.plates if plate.badge == "b")
    loss = next(cell for cell in picture.cells if cell.target is None)
    above = next(cell for cell in picture.cells if cell.name == "L2·1")
    # a gradient in small letters is at most so wide
    wide = 92
    left = plate.x - {"left": 0, "centre": wide / 2, "right": wide}[plate.align]
    assert left + wide <= loss.x - loss.width / 2 or plate.y < loss.y - loss.height / 2
    assert plate.y - 10 >= above.y + above.height / 2 + 10 or plate.align != "centre"


def test_a_digit_s_caption_and_the_note_on_the_weights_keep_apart() -> None:
    simulation = Simulation(example("digits").experiment)
    simulation.step("batch", 1)
    for size in ((800, 350), (722, 251), (640, 251)):
        picture = network_picture(simulation.look(Wants()), DiagramView(*size), THEMES["light"])
        caption = next(words for words in picture.words if words.text.startswith("row "))
        notes = [words for words in picture.words if "weights drawn" in words.text]
        assert notes and all(words.y - caption.y >= 14 for words in notes)


def test_where_controls_leave_no_room_the_note_stands_below_the_heads() -> None:
    simulation = Simulation(example("digits").experiment)
    simulation.step("batch", 1)
    picture = network_picture(simulation.look(Wants()), DiagramView(480, 251), THEMES["light"])
    assert any(words.text.endswith("weights drawn") and words.y < 60 for words in picture.words) and picture.legend is None
