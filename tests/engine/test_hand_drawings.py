"""What a person draws on the pad is recognised by the examples: cats, other things, and digits, by other hands than the data's."""

from functools import cache

import numpy as np
import pytest
from hand_drawings import CATS, DIGITS, OTHERS

from nnsim.core.activations import Array
from nnsim.core.drawing import PAPERS, Paper, Stroke, fit_picture, rasterise
from nnsim.engine.examples import example
from nnsim.engine.frame import Frame
from nnsim.engine.simulation import Simulation

BOARD = Paper((200, 200), (140, 140), (9, 9), 0, 255, 20)
"""A photographed sheet: dark ink on white."""


@cache
def trained(name: str, epochs: int) -> Frame:
    simulation = Simulation(example(name).experiment)
    simulation.run(epochs=epochs)
    return simulation.frame


def guesses(frame: Frame, pictures: list[Array]) -> Array:
    """What the network says of the pictures, (pictures, outputs)."""
    outputs = frame.dataset.scaled(np.array(pictures).reshape(len(pictures), -1)).T
    for layer, weights, biases in zip(frame.experiment.layers, frame.weights, frame.biases, strict=True):
        sums = weights.T @ outputs + biases[:, np.newaxis]
        outputs = np.maximum(sums, 0) if layer.activation == "relu" else 1 / (1 + np.exp(-sums)) if len(sums) == 1 else sums
    return outputs.T


def cat_probability(drawings: dict[str, list[Stroke]]) -> dict[str, float]:
    pictures = [rasterise(strokes, PAPERS["cats"]) for strokes in drawings.values()]
    return dict(zip(drawings, guesses(trained("cats", 50), pictures)[:, 0].tolist(), strict=True))


def test_cats_drawn_by_hand_are_recognised() -> None:
    found = cat_probability(CATS)
    assert len(found) >= 6
    missed = [name for name, probability in found.items() if probability < 0.5]
    assert len(missed) <= 1, missed


def test_other_things_drawn_by_hand_are_no_cats() -> None:
    found = cat_probability(OTHERS)
    assert len(found) >= 6
    mistaken = [name for name, probability in found.items() if probability >= 0.5]
    assert len(mistaken) <= 1, mistaken


def test_an_empty_pad_is_no_cat() -> None:
    assert cat_probability({"nothing": []})["nothing"] < 0.5


def test_ears_are_what_makes_a_cat_of_a_face() -> None:
    face, left, right, *rest = CATS["round face, two triangles, whiskers"]
    eyes_nose = rest[:3]
    found = cat_probability({"face": [face, *eyes_nose], "cat": [face, left, right, *eyes_nose]})
    assert found["face"] < 0.5 < found["cat"]


def digits_recognised(pictures: list[Array]) -> int:
    return int((guesses(trained("digits", 30), pictures).argmax(axis=1) == list(DIGITS)).sum())


def test_digits_drawn_by_hand_are_recognised() -> None:
    assert digits_recognised([rasterise(strokes, PAPERS["digits"]) for strokes in DIGITS.values()]) >= 9


@pytest.mark.parametrize("pen", [6, 9, 16])
def test_digits_on_a_dropped_picture_are_recognised(pen: float) -> None:
    board = Paper(BOARD.size, BOARD.box, (pen, pen), 0, BOARD.ground, BOARD.ink)
    assert digits_recognised([fit_picture(rasterise(strokes, board), PAPERS["digits"]) for strokes in DIGITS.values()]) >= 8


def test_cats_on_a_dropped_picture_are_recognised_as_on_the_pad() -> None:
    dropped = [fit_picture(rasterise(strokes, BOARD), PAPERS["cats"]) for strokes in (*CATS.values(), *OTHERS.values())]
    said = guesses(trained("cats", 50), dropped)[:, 0] > 0.5
    assert np.count_nonzero(said != np.repeat([True, False], [len(CATS), len(OTHERS)])) <= 3
