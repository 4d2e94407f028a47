"""The diagram of pictures in colour and of texts: blocks of words, the likeliest classes by name, all weights as pictures."""

from itertools import pairwise

import numpy as np
import pytest
from coloured import colours

from nnsim.core.texts import OTHER
from nnsim.engine.examples import example
from nnsim.engine.experiment import WordsUse
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.probe import Probe
from nnsim.engine.simulation import Simulation
from nnsim.picture.context_words import typed_inputs, words_of_inputs
from nnsim.picture.network_picture import network_picture
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import DiagramView, Picture
from nnsim.picture.sketch import sketch
from nnsim.picture.targets import INPUTS, NeuronTarget
from nnsim.picture.weight_images import weight_images

THEME = THEMES["light"]
WORDS = example("next-word").experiment


def drawn(frame: Frame, width: float = 800, height: float = 400) -> Picture:
    return network_picture(frame, DiagramView(width, height), THEME)


def probed(words: str) -> Frame:
    simulation = Simulation(WORDS)
    simulation.run(epochs=1)
    found = simulation.look(Wants(probe=Probe(inputs=typed_inputs(WORDS.data, words)))).probed
    assert found is not None
    return found


def test_the_inputs_of_a_text_are_a_block_a_word_with_the_word_below() -> None:
    picture = drawn(probed("the cat"))
    blocks = [cell for cell in picture.cells if isinstance(cell.target, NeuronTarget) and cell.target.layer == INPUTS]
    assert [(cell.name, cell.units, cell.target) for cell in blocks] == [
        ("word −2", 199, NeuronTarget(INPUTS, 0)), ("word −1", 199, NeuronTarget(INPUTS, 199))]
    texts = [plate.text for plate in picture.plates]
    assert "the" in texts and "cat" in texts
    # exactly one pixel of a block is lit
    assert all(cell.pixels is not None and (cell.pixels == THEME.pixels(np.ones(1))[0]).sum() == 1 for cell in blocks)


def test_what_is_pointed_at_in_a_block_is_the_words_own_input() -> None:
    frame = probed("the cat")
    picture = drawn(frame)
    second = next(cell for cell in picture.cells if cell.target == NeuronTarget(INPUTS, 199))
    place = frame.dataset.input_names.index("cat (word −1)")
    assert second.target_at(second.x - second.width / 2 + 1, second.y - second.height / 2 + 1) == NeuronTarget(INPUTS, 199)
    assert second.facts[place - 199] == ("cat (word −1)", 1.0)
    assert picture.holding(NeuronTarget(INPUTS, place)) is second


def test_edges_of_a_words_inputs_leave_from_its_own_block() -> None:
    picture = drawn(probed("the cat"))
    first, second = (cell for cell in picture.cells if isinstance(cell.target, NeuronTarget) and cell.target.layer == INPUTS)
    rows, tops = picture.edges.keys[:, 1][picture.edges.keys[:, 0] == 0], picture.edges.ends[:, 1][picture.edges.keys[:, 0] == 0]
    weights = rows < 398
    for cell, own in ((first, rows < 199), (second, (rows >= 199) & weights)):
        assert own.any() and (np.abs(tops[own] - cell.y) <= cell.height / 2).all()


def test_before_the_first_step_no_word_is_named() -> None:
    picture = drawn(Simulation(WORDS).frame)
    assert [plate.text for plate in picture.plates] == ["?", "?"]
    assert "2 of 199 words" in [head.subtitle for head in picture.heads]


@pytest.mark.parametrize(("context", "height"), [(2, 250), (6, 420)])
def test_where_blocks_have_no_room_the_words_stand_below_one(context: int, height: float) -> None:
    simulation = Simulation(WORDS.replace(data=WORDS.data.replace(words=WordsUse(vocabulary=60, context=context)),
                                          layers=(WORDS.layers[0], WORDS.layers[1].replace(width=60))))
    simulation.step("batch")
    picture = drawn(simulation.frame, height=height)
    (block,) = [cell for cell in picture.cells if isinstance(cell.target, NeuronTarget) and cell.target.layer == INPUTS]
    frame = simulation.frame
    assert frame.trace is not None and block.units == len(frame.dataset.input_names)
    read = words_of_inputs(frame.experiment.data, frame.dataset.inputs[int(frame.trace.rows[-1])])
    assert " ".join(read) in {words.text for words in picture.words}


def test_of_many_classes_the_five_likeliest_are_named_beside_their_block() -> None:
    frame = probed("the cat")
    assert frame.trace is not None
    outputs = frame.trace.outputs[-1][:, 0]
    best = [frame.dataset.target_names[place] for place in np.argsort(-outputs, kind="stable")[:5]]
    picture = drawn(frame)
    beside = [words for words in picture.words if words.text in best and words.align == "left"]
    assert [words.text for words in beside] == best and [words.bold for words in beside] == [True] + [False] * 4
    assert len({words.x for words in beside}) == 1 and not picture.rules


def test_classes_are_not_named_before_their_shares_are_known() -> None:
    simulation = Simulation(WORDS)
    simulation.step("neuron")
    assert not [words for words in drawn(simulation.frame).words if words.align == "left" and "drawn" not in words.text]


def test_a_picture_in_colour_is_one_picture_whose_pixels_are_three_inputs_each() -> None:
    simulation = Simulation(colours())
    simulation.step("neuron")
    picture = drawn(simulation.frame)
    (cell,) = [cell for cell in picture.cells if isinstance(cell.target, NeuronTarget) and cell.target.layer == INPUTS]
    assert cell.pixels is not None and cell.pixels.shape == (5, 4) and cell.units == 60
    assert cell.target_at(cell.x + cell.width / 2 - 1, cell.y + cell.height / 2 - 1) == NeuronTarget(INPUTS, 57)
    assert cell.facts[58][0] == "row 5 column 4 green"


def test_weights_to_a_picture_in_colour_are_three_pictures_side_by_side() -> None:
    frame = Simulation(colours()).frame
    first = weight_images(frame).layers[0]
    assert first.images is not None and first.images.shape == (3, 5, 12) and "its red, its green and its blue" in first.title
    weights = frame.weights[0] / np.abs(frame.weights[0]).max()
    for channel in range(3):
        assert np.array_equal(first.images[1][:, 4 * channel : 4 * channel + 4], weights[channel::3, 1].reshape(5, 4))


def test_data_in_colour_have_a_thumbnail() -> None:
    found = sketch(Simulation(colours()).dataset)
    assert found.picture is not None and found.picture.shape == (5, 4)


def test_an_unknown_word_is_named_as_what_is_read() -> None:
    assert OTHER in [plate.text for plate in drawn(probed("the zebra")).plates]


def test_in_a_narrow_view_the_columns_keep_their_room_and_no_class_is_named() -> None:
    frame = probed("the cat")
    assert frame.trace is not None
    picture = drawn(frame, width=415)
    best = frame.dataset.target_names[int(frame.trace.outputs[-1][:, 0].argmax())]
    assert not [words for words in picture.words if words.text == best and words.align == "left"]
    xs = [head.x for head in picture.heads]
    assert min(after - before for before, after in pairwise(xs)) > 70
