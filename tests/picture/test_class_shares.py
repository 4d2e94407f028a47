"""Classes as shares of a probe, pictures as pixels, words of a context: what is told of a sample that somebody made."""

from dataclasses import replace

import numpy as np
import pytest
from coloured import colours

from nnsim.core.activations import Array
from nnsim.core.texts import OTHER
from nnsim.engine.data import load_dataset
from nnsim.engine.examples import example
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.probe import Probe
from nnsim.engine.simulation import Simulation
from nnsim.picture.class_shares import class_shares
from nnsim.picture.context_words import context_read, context_typed, text_of, typed_inputs, words_of_inputs
from nnsim.picture.drawn_inputs import drawn_inputs
from nnsim.picture.palette import THEMES
from nnsim.picture.pixels import empty_pixels, picture_pixels
from nnsim.picture.probe_picture import probe_picture

TEXT = example("next-word").experiment.data


def frame_of(name: str) -> Frame:
    return Simulation(example(name).experiment).frame


def test_two_classes_of_one_output_have_both_their_shares() -> None:
    found = class_shares(frame_of("cats"), np.array([0.75]), np.array([0.0]))
    assert [(each.name, each.share, each.best, each.true) for each in found] == [
        ("no cat", 0.25, False, True), ("cat", 0.75, True, False)]


def test_a_few_classes_keep_their_order_and_of_many_the_five_likeliest_are_told() -> None:
    ten = class_shares(frame_of("digits"), np.linspace(0, 0.2, 10))
    assert [each.name for each in ten] == list("0123456789") and ten[9].best
    shares: Array = np.zeros(198)
    shares[[7, 3, 100, 50, 20, 9]] = (0.1, 0.3, 0.2, 0.2, 0.15, 0.05)
    frame = frame_of("next-word")
    found = class_shares(frame, shares)
    assert [each.share for each in found] == [0.3, 0.2, 0.2, 0.15, 0.1]
    assert found[0].name == frame.dataset.target_names[3] and found[0].best


@pytest.mark.parametrize("outputs", [[np.nan], [np.inf]])
def test_numbers_that_are_no_probabilities_have_no_shares(outputs: list[float]) -> None:
    assert class_shares(frame_of("cats"), np.array(outputs)) == ()
    assert class_shares(frame_of("plane"), np.array([0.5])) == ()


def test_a_probe_tells_its_shares_and_says_whether_they_are_right() -> None:
    simulation = Simulation(example("digits").experiment)
    simulation.run(epochs=10)
    found = probe_picture(simulation.look(Wants(probe=Probe(3))))
    assert len(found.shares) == 10 and sum(each.share for each in found.shares) == pytest.approx(1)
    assert [each.true for each in found.shares] == (simulation.dataset.targets[3] == 1).tolist()
    assert found.sentence.startswith(f"The network says {next(each.name for each in found.shares if each.best)} with ")
    drawn = probe_picture(simulation.look(Wants(probe=Probe(inputs=(0.0,) * 64))))
    assert drawn.name == "your picture" and not any(each.true for each in drawn.shares) and "It is" not in drawn.sentence


def test_grey_pictures_run_from_the_themes_base_to_its_ink() -> None:
    dataset, theme = load_dataset(example("cats").experiment.data), THEMES["dark"]
    values = np.linspace(0, 255, 576)
    pixels = picture_pixels(values, dataset, theme)
    assert pixels.shape == (24, 24) and f"#{pixels[-1, -1] & 0xFFFFFF:06x}" == theme.ink
    assert np.array_equal(pixels[0, :3], empty_pixels(dataset, theme)[0, :3])


def test_colours_are_painted_as_they_are() -> None:
    dataset = load_dataset(colours().data)
    pixels = picture_pixels(dataset.inputs[0], dataset, THEMES["light"])
    assert pixels.shape == (5, 4) and pixels[0, :2].tolist() == [0xFF000000, 0xFFFF8000]


def test_a_drawing_for_data_with_colours_is_grey_in_all_channels() -> None:
    dataset = load_dataset(colours().data)
    inputs = np.array(drawn_inputs([((0.2, 0.2), (0.8, 0.8))], "pictures", dataset)).reshape(5, 4, 3)
    assert np.ptp(inputs, axis=2).max() == 0 and np.ptp(inputs) > 100


def test_a_drawing_is_brought_into_the_manner_of_the_digits() -> None:
    dataset = load_dataset(example("digits").experiment.data)
    small, large = (drawn_inputs([((middle, 0.5 - size), (middle, 0.5 + size))], "digits", dataset)
                    for middle, size in ((0.3, 0.2), (0.6, 0.4)))
    assert small == large and max(small) == 16 and len(small) == 64


def test_typed_words_are_fed_as_the_data_sets_own_rows_are() -> None:
    dataset = load_dataset(TEXT)
    row = dataset.inputs[17]
    words = words_of_inputs(TEXT, row)
    assert OTHER not in words and typed_inputs(TEXT, " ".join(("once", *words))) == tuple(row.tolist())
    assert [word.read for word in context_read(TEXT, row).words] == list(words)


def test_a_context_tells_what_it_does_not_know_and_what_is_missing() -> None:
    found = context_typed(TEXT, "the zebra")
    assert [(word.place, word.read, word.typed) for word in found.words] == [
        ("word −2", "the", ""), ("word −1", OTHER, "zebra")]
    assert found.remark == f"'zebra' is not a word it knows: read as {OTHER}."
    alone = context_typed(TEXT, "the")
    assert [word.is_known for word in alone.words] == [True, True] and alone.remark.startswith("1 more word is read")


def test_words_nobody_knows_are_not_gone_on_with() -> None:
    assert text_of((OTHER, "the", "cat")) == "the cat"


def test_a_probe_of_a_text_is_told_in_words() -> None:
    simulation = Simulation(example("next-word").experiment)
    frame = simulation.look(Wants(probe=Probe(inputs=typed_inputs(TEXT, "the cat"))))
    found = probe_picture(frame)
    assert (found.kind, found.name, len(found.shares)) == ("words", "typed words", 5)
    assert replace(found, kind="numbers") != found
