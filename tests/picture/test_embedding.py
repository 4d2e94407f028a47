"""The words' embedding: rows of the first layer's weights, their axes, how much these tell, and nearest words."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.activations import Array
from nnsim.core.texts import OTHER, Text
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, ExperimentError, Layer, Learning, Scaling, Start, WordsUse
from nnsim.engine.frame import Frame
from nnsim.engine.materials import keep
from nnsim.engine.simulation import Simulation
from nnsim.picture.embedding import Embedding, Neighbour, WordPoint, aligned, embedding


def frame(first: list[list[float]], context: int = 1, scaling: Scaling = "none") -> Frame:
    """A network over the words ‹other›, a, b, c whose first layer has these weights, inputs x neurons."""
    neurons = len(first[0])
    data = Data(source="text", material=keep(Text("letters", "a b a b a c a b a c a b")), test_share=0, scaling=scaling,
                words=WordsUse(context=context))
    start = Start(weights=(tuple(map(tuple, first)), ((0.0,) * 3,) * neurons), biases=((0.0,) * neurons, (0.0,) * 3))
    layers = (Layer(width=neurons), Layer(width=3, activation="softmax"))
    return Simulation(Experiment(data=data, layers=layers, start=start, learning=Learning(loss="cross-entropy"))).frame


def points(found: Embedding) -> list[list[float]]:
    return [[point.x, point.y] for point in found.points]


THREE: list[list[float]] = [[0, 0, 5], [4, 0, 5], [0, 2, 5], [4, 2, 5]]


def test_a_words_vector_is_its_row_of_the_weights() -> None:
    found = embedding(frame(THREE), 0)
    assert found.words == (OTHER, "a", "b", "c")
    assert found.vectors.tolist() == THREE
    assert [point.word for point in found.points] == list(found.words)


def test_each_place_of_the_context_has_vectors_of_its_own() -> None:
    rows = [[float(number), 0, 0] for number in range(8)]
    shown = frame(rows, context=2)
    assert embedding(shown, 0).vectors.tolist() == rows[:4]
    assert embedding(shown, 1).vectors.tolist() == rows[4:]
    assert (embedding(shown, 0).title, embedding(shown, 1).title) == ("Word −2", "Word −1, the last one read")


@pytest.mark.parametrize("position", [-1, 1])
def test_there_is_no_other_place(position: int) -> None:
    with pytest.raises(IndexError, match=f"no place {position}"):
        embedding(frame(THREE), position)


def test_data_that_are_no_text_have_no_embedding() -> None:
    with pytest.raises(ExperimentError, match="'xor' is no text"):
        embedding(Simulation(example("xor").experiment).frame, 0)


def test_the_first_axis_is_the_one_along_which_words_differ_most() -> None:
    # the corners of a rectangle 4 by 2 in a plane of the three neurons' space: variances 4 and 1
    found = embedding(frame(THREE), 0)
    assert np.allclose(points(found), [[-2, -1], [2, -1], [-2, 1], [2, 1]])
    assert found.shares == pytest.approx((0.8, 0.2))
    assert found.axes == ("first axis, 80 %", "second axis, 20 %")
    assert found.caption == "The two directions in which the words differ most: 100 % of their variance over 3 neurons."


def test_what_the_plane_leaves_out_is_said() -> None:
    # corners of a box 6 by 4 by 2, so that the variances are 9, 4 and 1
    found = embedding(frame([[3, 2, 1], [3, -2, -1], [-3, 2, -1], [-3, -2, 1]]), 0)
    assert found.shares == pytest.approx((9 / 14, 4 / 14))
    assert found.caption == "The two directions in which the words differ most: 92.9 % of their variance over 3 neurons."


def test_distances_in_the_plane_are_those_of_the_vectors_where_nothing_is_left_out() -> None:
    rng = np.random.default_rng(5)
    vectors: Array = rng.normal(size=(4, 2)) @ rng.normal(size=(2, 6))
    found = embedding(frame(vectors.tolist()), 0)
    plane = np.array(points(found))
    assert np.allclose(np.linalg.norm(plane[:, None] - plane, axis=2), np.linalg.norm(vectors[:, None] - vectors, axis=2))


def test_an_axis_points_to_where_its_largest_part_is_positive() -> None:
    # mirrored vectors have mirrored points: the axes themselves stay
    mirrored = [[-value for value in row] for row in THREE]
    assert np.allclose(points(embedding(frame(mirrored), 0)), -np.array(points(embedding(frame(THREE), 0))))


def test_a_little_learning_does_not_turn_the_picture_over() -> None:
    rng = np.random.default_rng(3)
    vectors: Array = rng.normal(size=(4, 5))
    before = np.array(points(embedding(frame(vectors.tolist()), 0)))
    for _ in range(20):
        after = np.array(points(embedding(frame((vectors + rng.normal(size=(4, 5)) * 1e-3).tolist()), 0)))
        assert np.abs(after - before).max() < 0.05


def test_two_neurons_are_the_axes_themselves() -> None:
    found = embedding(frame([[1, 2], [3, -4], [5, 6], [7, 8]]), 0)
    assert found.points == (WordPoint(OTHER, 1, 2), WordPoint("a", 3, -4), WordPoint("b", 5, 6), WordPoint("c", 7, 8))
    assert found.axes == ("weight to L1·1", "weight to L1·2")
    assert sum(found.shares) == pytest.approx(1)
    assert found.caption == "All of the 2 neurons: nothing is left out."


def test_one_neuron_is_one_axis() -> None:
    found = embedding(frame([[1], [2], [3], [4]]), 0)
    assert points(found) == [[1, 0], [2, 0], [3, 0], [4, 0]]
    assert (found.axes, found.shares) == (("weight to L1·1", ""), (1, 0))


def test_equal_vectors_are_one_point_and_tell_nothing() -> None:
    found = embedding(frame([[1, 2, 3]] * 4), 0)
    assert points(found) == [[0, 0]] * 4
    assert found.shares == (0, 0)


def test_roundings_make_no_axes() -> None:
    data = Data(source="text", material=keep(Text("letters", "a b c d e f a b c d e f")), test_share=0, words=WordsUse(context=1))
    layers = (Layer(width=3), Layer(width=6, activation="softmax"))
    shown = Simulation(Experiment(data=data, layers=layers, learning=Learning(loss="cross-entropy"))).frame
    equal = np.full_like(shown.theta, 0.1)
    rows = shown.network.weights(equal)[0]
    # the mean of these seven equal numbers is another one
    assert (rows.mean(axis=0) != rows).all()
    assert embedding(replace(shown, theta=equal), 0).shares == (0, 0)


def test_scaled_inputs_make_no_difference_to_what_a_word_adds() -> None:
    shown = frame(THREE, scaling="standardize")
    a = shown.dataset.scaled(np.array([[0.0, 1, 0, 0]])) @ shown.weights[0]
    nothing = shown.dataset.scaled(np.zeros((1, 4))) @ shown.weights[0]
    assert np.allclose(embedding(shown, 0).vectors[1], (a - nothing)[0])


def test_weights_that_are_not_finite_are_said_and_not_drawn() -> None:
    shown = frame(THREE)
    theta = shown.theta.copy()
    theta[0] = np.nan
    found = embedding(replace(shown, theta=theta), 0)
    assert found.points == ()
    assert found.caption == "The weights are not finite numbers, so there is nothing to draw."
    assert [near.word for near in found.nearest("a")] == ["c", "b"]


def test_huge_and_tiny_weights_are_drawn_without_overflow() -> None:
    for size in (1e300, 1e-300):
        found = embedding(frame([[value * size for value in row] for row in THREE]), 0)
        assert np.allclose(np.array(points(found)) / size, [[-2, -1], [2, -1], [-2, 1], [2, 1]])
        assert found.shares == pytest.approx((0.8, 0.2))
        assert found.nearest("a", 1)[0].cosine == pytest.approx(math.sqrt(41 / 45))


# nearest words

def test_the_nearest_words_are_those_in_the_same_direction_however_long() -> None:
    found = embedding(frame([[9, 9, 0], [3, 4, 0], [30, 40, 0], [-3, -4, 0]]), 0)
    near = found.nearest("a")
    assert [other.word for other in near] == ["b", "c"]
    assert [other.cosine for other in near] == pytest.approx([1, -1])


def test_a_cosine_is_that_of_the_angle_between_the_vectors() -> None:
    found = embedding(frame([[0, 0], [1, 0], [1, 1], [0, 5]]), 0)
    assert found.nearest("a", 1)[0].cosine == pytest.approx(math.sqrt(0.5))
    assert found.nearest("a")[1] == Neighbour("c", 0.0)


def test_other_is_nobodys_neighbour_but_has_neighbours() -> None:
    found = embedding(frame([[1, 1], [1, 1], [1, 0], [0, 1]]), 0)
    assert OTHER not in {other.word for other in found.nearest("a")}
    assert found.nearest(OTHER)[0].word == "a"


def test_a_word_without_direction_and_an_unknown_word_have_no_neighbours() -> None:
    found = embedding(frame([[1, 1], [0, 0], [1, 0], [0, 1]]), 0)
    assert found.nearest("a") == ()
    assert found.nearest("zebra") == ()
    assert [other.word for other in found.nearest("b")] == ["c"]


def test_in_the_story_book_words_that_are_used_alike_become_neighbours() -> None:
    simulation = Simulation(example("next-word").experiment)
    simulation.run(epochs=10)
    last = embedding(simulation.frame, 1)
    assert last.nearest("anna", 1)[0].word == "ben"
    assert {other.word for other in last.nearest("under", 4)} == {"on", "by", "into", "over"}
    assert "green" in {other.word for other in last.nearest("red", 2)}
    assert "house" in {other.word for other in last.nearest("garden", 3)}


def turned(found: Embedding, flip: tuple[float, float], crossed: bool) -> Embedding:
    """The same plane with its axes turned over or exchanged."""
    plane = [(point.x * flip[0], point.y * flip[1]) for point in found.points]
    if crossed:
        plane = [(y, x) for x, y in plane]
    other = tuple(WordPoint(point.word, x, y) for point, (x, y) in zip(found.points, plane, strict=True))
    return replace(found, points=other, axes=found.axes[::-1] if crossed else found.axes,
                   shares=found.shares[::-1] if crossed else found.shares)


@pytest.mark.parametrize("crossed", [False, True])
@pytest.mark.parametrize("flip", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_axes_that_turned_over_or_changed_places_are_turned_back(flip: tuple[float, float], crossed: bool) -> None:
    earlier = embedding(frame([[3, 2, 1], [3, -2, -1], [-3, 2, -1], [-3, -2, 4]]), 0)
    found = aligned(turned(earlier, flip, crossed), earlier)
    assert np.allclose(points(found), points(earlier)) and found.axes == earlier.axes and found.shares == earlier.shares


def test_the_planes_of_two_neurons_or_of_two_places_are_left_alone() -> None:
    two = embedding(frame([[1, 2], [3, -4], [5, 6], [7, 8]]), 0)
    assert aligned(two, turned(two, (-1, -1), False)) is two
    rows = [[float(number % 3), float(number % 5), 1] for number in range(8)]
    first, second = (embedding(frame(rows, context=2), place) for place in (0, 1))
    assert aligned(second, first) is second
