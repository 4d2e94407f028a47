"""The loss's block and its head: names that have room, numbers that stay large."""

import pytest

from nnsim.engine.examples import example
from nnsim.engine.frame import Wants
from nnsim.engine.probe import Probe
from nnsim.engine.simulation import Simulation
from nnsim.picture.inputs import draw_loss, loss_title
from nnsim.picture.layout import Facts, layout
from nnsim.picture.network_picture import network_picture
from nnsim.picture.neurons import Drawing
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import DiagramView
from nnsim.picture.reading import Reading


def reading_of(name: str) -> Reading:
    simulation = Simulation(example(name).experiment)
    simulation.step("pass", 2)
    return Reading(simulation.look(Wants()), DiagramView(824, 384))


def sizes_in_block(reading: Reading) -> dict[str, float]:
    """The size of each text in the loss's block."""
    drawing = Drawing()
    draw_loss(drawing, layout(Facts(reading.frame.network.sizes), 824, 384), reading, THEMES["light"])
    return {words.text: words.size for words in drawing.words}


def test_typed_inputs_have_no_target_and_no_loss() -> None:
    simulation = Simulation(example("xor").experiment)
    simulation.step("pass", 2)
    for probe, words in ((Probe(0), "0"), (Probe(inputs=(-0.5, 0.0)), "no target")):
        probed = simulation.look(Wants(probe=probe)).probed
        assert probed is not None
        shown = list(sizes_in_block(Reading(probed, DiagramView(824, 384))))
        assert shown[:2] == ["target y", words] and "?" not in shown
        assert ("–" in shown) == (probe.row is None)


def test_a_typed_picture_is_no_row_and_of_no_class() -> None:
    simulation = Simulation(example("digits").experiment)
    probed = simulation.look(Wants(probe=Probe(inputs=(0.0,) * simulation.network.inputs))).probed
    assert probed is not None
    texts = {words.text for words in network_picture(probed, DiagramView(824, 384), THEMES["light"]).words}
    assert "your picture" in texts and not any(text.startswith("row ") for text in texts)


@pytest.mark.parametrize(("name", "title"), [
    ("spiral", "cross-entropy"), ("wine", "cross-entropy"), ("ring", "squared error"), ("digits", "cross-entropy")])
def test_the_head_names_the_loss_in_few_words(name: str, title: str) -> None:
    assert loss_title(reading_of(name)) == title


def test_a_class_s_name_is_smaller_than_a_number_and_a_short_one_is_not() -> None:
    wine, digits, ring = (sizes_in_block(reading_of(name)) for name in ("wine", "digits", "ring"))
    assert {size for text, size in wine.items() if text.startswith("cultivar")} == {12}
    assert {size for text, size in digits.items() if text.isdigit()} == {15}
    assert {size for text, size in ring.items() if text[0].isdigit()} == {15}
