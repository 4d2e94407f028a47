"""Drawing data: every gesture makes the points it should, is an edit with a name, and knows its limits."""

import numpy as np
import pytest

from nnsim.engine.data import load_dataset
from nnsim.engine.examples import example
from nnsim.engine.experiment import MOST_DRAWN, Data, Drawn, ExperimentError
from nnsim.engine.simulation import Simulation
from nnsim.picture import drawn_points
from nnsim.picture.drawn_points import add, beginning, can_be_drawn, drawn_from, edit, erase, move, nearest, spray

TWO = Drawn(points=((0.0, 0.0, 0), (1.0, 1.0, 1)))


def test_any_plane_with_classes_can_be_begun_from() -> None:
    ring = load_dataset(Data(source="ring", samples=30))
    drawn = drawn_from(ring)
    again = load_dataset(Data(source="drawn", drawn=drawn))
    assert np.allclose(again.inputs, ring.inputs, atol=1e-4)
    assert np.array_equal(again.targets, ring.targets)


@pytest.mark.parametrize("source", ["iris", "plane", "digits"])
def test_other_data_cannot_be_drawn_and_drawing_begins_with_a_few_points(source: str) -> None:
    dataset = load_dataset(Data(source=source))
    assert not can_be_drawn(dataset)
    with pytest.raises(ExperimentError, match="two inputs and classes"):
        drawn_from(dataset)
    assert len(beginning(dataset).points) == 40


def test_adding_a_point_of_a_new_class_makes_room_for_the_class() -> None:
    drawn = add(TWO, 0.123456, -0.5, 2)
    assert drawn.points[-1] == (0.1235, -0.5, 2) and drawn.classes == 3
    experiment = edit(example("ring").experiment, 2, drawn).experiment
    assert (experiment.layers[-1].width, experiment.layers[-1].activation) == (3, "softmax")
    Simulation(experiment).run(epochs=1)


def test_a_puff_lies_around_its_place_and_is_the_same_again() -> None:
    puff = spray(TWO, 3.0, -2.0, 1, 0.5)
    assert len(puff.points) == 2 + drawn_points.SPRAYED
    assert all(np.hypot(x - 3, y + 2) <= 0.5001 and number == 1 for x, y, number in puff.points[2:])
    assert spray(TWO, 3.0, -2.0, 1, 0.5) == puff
    assert spray(puff, 3.0, -2.0, 1, 0.5).points[-1] != puff.points[-1]


def test_the_eraser_takes_what_it_reaches_and_no_more() -> None:
    assert erase(TWO, 0.05, 0.0, 0.1).points == ((1.0, 1.0, 1),)
    assert erase(TWO, 0.5, 0.5, 0.1) == TWO


def test_a_moved_point_keeps_its_class_and_its_place_in_the_order() -> None:
    assert move(TWO, 0, -1.0, 2.0).points == ((-1.0, 2.0, 0), (1.0, 1.0, 1))


def test_the_nearest_point_within_reach_is_found() -> None:
    assert nearest(TWO, 0.9, 1.0, 0.2) == 1
    assert nearest(TWO, 0.5, 0.5, 0.2) is None


def test_no_more_points_are_drawn_than_an_experiment_may_hold() -> None:
    full = Drawn(points=tuple((float(number % 90), 0.0, number % 2) for number in range(MOST_DRAWN)))
    with pytest.raises(ExperimentError, match="erase some first"):
        add(full, 0.0, 0.0, 0)


@pytest.mark.parametrize("points, label", [(3, "Draw 1 point"), (4, "Draw 2 points"), (2, "Move a point"), (1, "Erase 1 point")])
def test_a_gesture_has_its_name_in_undo(points: int, label: str) -> None:
    drawn = Drawn(points=tuple((float(number), 0.0, number % 2) for number in range(points)))
    assert edit(example("ring").experiment, 2, drawn).label == label


def test_drawing_on_scaled_data_begins_unscaled_and_keeps_the_hidden_layers() -> None:
    before = example("moons").experiment
    scaled = before.replace(data=before.data.replace(scaling="standardize"))
    after = edit(scaled, 0, TWO).experiment
    assert after.data.scaling == "none" and after.layers[:-1] == before.layers[:-1]
    again = edit(after.replace(data=after.data.replace(scaling="min-max")), 2, TWO).experiment
    assert again.data.scaling == "min-max"
