"""What a network answers, as plain data to draw."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.core import datasets
from nnsim.core.activations import Array
from nnsim.core.datasets import Source
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture.contours import certainty, contour, region_borders
from nnsim.picture.output_picture import (
    PAUSED_POINTS,
    PLAYING_POINTS,
    Kind,
    answers,
    classes_of,
    confusion,
    nearest,
    output_kind,
    padded_span,
    tone_scale,
    wanted,
)


def frame_of(name: str, epochs: int = 1) -> Frame:
    simulation = Simulation(example(name).experiment)
    simulation.run(epochs=epochs)
    return simulation.look(Wants(predictions=True))


@pytest.mark.parametrize(("name", "kind"), [
    ("ring", "surface"), ("xor", "surface"), ("bump", "surface"), ("perceptron", "surface"),
    ("digits", "confusion"), ("iris", "confusion"), ("breast-cancer", "confusion"), ("textbook-2-2-2", "scatter")])
def test_every_example_gets_the_picture_that_fits(name: str, kind: Kind) -> None:
    frame = frame_of(name)
    assert output_kind(frame.dataset, frame.network.widths[-1]) == kind


def test_one_input_is_a_curve_and_three_classes_over_two_inputs_are_regions() -> None:
    iris = frame_of("iris").dataset
    assert output_kind(replace(iris, inputs=iris.inputs[:, :2]), 3) == "regions"
    assert output_kind(replace(iris, inputs=iris.inputs[:, :1], targets=iris.inputs[:, 1:2], task="regression"), 1) == "curve"


def test_surfaces_are_coarser_while_playing_and_tables_need_predictions() -> None:
    assert wanted("surface", playing=False) == Wants(surface=PAUSED_POINTS)
    assert wanted("regions", playing=True) == Wants(surface=PLAYING_POINTS)
    assert wanted("confusion", playing=True) == wanted("scatter", playing=False) == Wants(predictions=True)


@pytest.mark.parametrize("name", ["digits", "iris", "breast-cancer"])
def test_the_share_of_right_rows_is_the_frame_s_own_accuracy(name: str) -> None:
    frame = frame_of(name)
    counted = confusion(frame)
    assert counted is not None
    assert frame.test is not None
    assert counted.part == "test"
    assert counted.total == len(frame.dataset.test)
    assert counted.right / counted.total == pytest.approx(frame.test.metric)


def test_the_wrong_rows_are_those_off_the_diagonal() -> None:
    frame = frame_of("digits")
    counted = confusion(frame)
    assert counted is not None
    assert frame.test_outputs is not None
    assert len(counted.wrong) == counted.total - counted.right > 0
    for row, true, predicted in counted.wrong[:5].tolist():
        place = frame.dataset.test.tolist().index(row)
        assert frame.dataset.targets[row].argmax() == true
        assert frame.test_outputs[place].argmax() == predicted
    again = np.zeros_like(counted.counts)
    np.add.at(again, (counted.wrong[:, 1], counted.wrong[:, 2]), 1)
    assert np.array_equal(again, counted.counts - np.diag(counted.counts.diagonal()))


def test_without_test_rows_the_training_rows_are_counted() -> None:
    simulation = Simulation(Experiment(
        data=Data(source="iris", test_share=0, scaling="standardize"), layers=(Layer(width=3, activation="softmax"),),
        learning=Learning(loss="cross-entropy")))
    simulation.run(epochs=2)
    frame = simulation.look(Wants(predictions=True))
    counted = confusion(frame)
    assert counted is not None
    assert counted.part == "train"
    assert counted.right / counted.total == pytest.approx(frame.train.metric)


def test_a_frame_without_predictions_is_not_counted() -> None:
    assert confusion(Simulation(example("iris").experiment).frame) is None
    assert answers(Simulation(example("iris").experiment).frame) is None


def test_a_hinge_loss_decides_at_zero_and_a_squared_error_at_a_half() -> None:
    layers = (Layer(width=2), Layer(width=1))
    hinge = Simulation(Experiment(layers=layers, learning=Learning(loss="hinge"))).frame
    squared = Simulation(Experiment(layers=layers)).frame
    assert (tone_scale(hinge).level, tone_scale(squared).level) == (0, 0.5)
    assert tone_scale(hinge).tones(np.array([-1.0, 0.0, 1.0])).tolist() == [-1, 0, 1]
    assert tone_scale(squared).tones(np.array([0.0, 0.5, 1.0])).tolist() == [-1, 0, 1]
    assert classes_of(np.array([[-0.1], [0.0]]), 0).tolist() == [0, 1]


def test_the_tone_of_a_regression_has_the_sign_of_the_output() -> None:
    scale = tone_scale(frame_of("bump"))
    assert scale.level == 0
    assert scale.low == -scale.high
    assert np.sign(scale.tones(np.array([-0.3, 0.0, 0.3]))).tolist() == [-1, 0, 1]


def test_answers_hold_every_row_once_with_its_target_and_say_which_are_test_rows() -> None:
    frame = frame_of("iris")
    found = answers(frame)
    assert found is not None
    assert sorted(found.rows.tolist()) == list(range(len(frame.dataset.inputs)))
    assert np.array_equal(found.targets, frame.dataset.targets[found.rows])
    assert set(found.rows[found.is_test].tolist()) == set(frame.dataset.test.tolist())


def test_very_many_answers_are_thinned_evenly() -> None:
    found = answers(frame_of("iris"), most=40)
    assert found is not None
    assert len(found.rows) == len(found.outputs) == len(found.is_test) == 38


def grid(points: int) -> tuple[Array, Array]:
    across = np.linspace(-2, 2, points)
    x, y = np.meshgrid(across, across)
    return x, y


def test_the_contour_of_a_circle_lies_on_it_all_around() -> None:
    x, y = grid(81)
    pieces = contour(x**2 + y**2, 1.0)
    ends = pieces.reshape(-1, 2) * 4 - 2
    assert np.abs(np.hypot(ends[:, 0], ends[:, 1]) - 1).max() < 2e-3
    length = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]).sum() * 4
    assert length == pytest.approx(2 * np.pi, rel=2e-3)


def test_the_contour_of_a_circle_is_closed() -> None:
    x, y = grid(31)
    pieces = contour(x**2 + y**2, 1.0)
    ends = [tuple(end) for end in np.round(pieces.reshape(-1, 2), 9).tolist()]
    assert {ends.count(end) for end in ends} == {2}


def test_row_0_of_the_grid_is_the_bottom() -> None:
    values = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 1.0]])
    pieces = contour(values, 0.5)
    assert pieces[:, [1, 3]].tolist() == [[0.75, 0.75]]


def test_the_middle_of_a_saddle_belongs_to_the_side_of_its_mean() -> None:
    def cut_corners(level: float) -> set[tuple[float, float]]:
        pieces = contour(np.array([[1.0, 0.0], [0.0, 1.0]]), level)
        return {tuple(np.sign([x0 + x1 - 1, y0 + y1 - 1]).tolist()) for x0, y0, x1, y1 in pieces.tolist()}

    # below the mean the high corners are joined, so the low ones (bottom right, top left) are cut off
    assert cut_corners(0.4) == {(1.0, -1.0), (-1.0, 1.0)}
    assert cut_corners(0.6) == {(-1.0, -1.0), (1.0, 1.0)}


def test_cells_with_a_number_that_is_not_finite_have_no_contour() -> None:
    x, _ = grid(5)
    values = x.copy() + 0.1
    values[2, 2] = np.nan
    whole, holed = contour(x + 0.1, 0.0), contour(values, 0.0)
    assert 0 < len(holed) < len(whole)
    assert np.isfinite(holed).all()


def test_a_surface_on_one_side_has_no_contour() -> None:
    assert contour(np.ones((10, 10)), 0.5).shape == (0, 4)
    assert contour(np.ones((1, 1)), 0.5).shape == (0, 4)


def test_borders_run_where_the_leading_class_changes() -> None:
    x, _ = grid(41)
    shares = np.stack([np.clip(0.5 - x / 4, 0, 1), np.clip(0.5 + x / 4, 0, 1)])
    winner, lead = certainty(shares)
    pieces = region_borders(shares)
    assert np.array_equal(winner, (x > 0).astype(int))
    assert lead[0, 0] == pytest.approx(1)
    assert lead[0, 20] == 0
    assert np.abs(pieces[:, [0, 2]] - 0.5).max() < 1e-9


def test_only_a_point_within_reach_is_nearest() -> None:
    points = np.array([[0.0, 0.0], [10.0, 0.0], [np.nan, 5.0]])
    assert nearest(points, 8.0, 1.0, 5.0) == 1
    assert nearest(points, 5.0, 50.0, 5.0) is None
    assert nearest(np.empty((0, 2)), 0.0, 0.0, 5.0) is None


def test_a_padded_span_is_never_empty() -> None:
    for low, high in (padded_span(np.array([2.0])), padded_span(np.array([np.nan, np.inf])), padded_span(np.empty(0))):
        assert low < high
    low, high = padded_span(np.array([0.0, 10.0]), np.array([np.inf]))
    assert low < 0
    assert high > 10


def test_the_half_contour_of_a_real_surface_parts_the_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    def halves(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
        inputs = rng.uniform(-1, 1, (samples, 2))
        return inputs, (inputs[:, :1] > 0).astype(float)

    monkeypatch.setitem(datasets.SOURCES, "halves", Source(
        "halves", "Halves", "binary", "generated", "", ("x₁", "x₂"), ("left", "right"), halves))
    simulation = Simulation(Experiment(
        data=Data(source="halves"), layers=(Layer(width=1, activation="sigmoid"),), learning=Learning(loss="bce", rate=1)))
    simulation.run(epochs=30)
    surface = simulation.look(Wants(surface=50)).surface
    assert surface is not None
    pieces = contour(surface.outputs[0], 0.5)
    left, right, _, _ = surface.extent
    places = left + pieces[:, [0, 2]] * (right - left)
    assert np.abs(places).max() < 0.15
    # it runs from the lower border to the upper one
    assert (pieces[:, [1, 3]].min(), pieces[:, [1, 3]].max()) == (0, 1)
