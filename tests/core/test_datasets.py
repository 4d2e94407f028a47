"""The table of data sets, and the generators: shapes, seeds, noise, and what each one promises about its points."""

import numpy as np
import pytest

from nnsim.core.activations import Array
from nnsim.core.datasets import RADIUS, SOURCES, Dataset, Source
from nnsim.core.initializers import generator

GENERATED = [source for source in SOURCES.values() if source.kind == "generated"]
CLASSED = [source for source in GENERATED if source.task == "binary"]
POINTS = [source for source in GENERATED if source.picture is None]
FIXED = [source for source in SOURCES.values() if source.kind == "fixed"]


def made(name: str, samples: int = 400, noise: float = 0.0, seed: int = 1) -> tuple[Array, Array]:
    make = SOURCES[name].make
    assert make is not None
    return make(samples, noise, generator(seed, "data"))


def names(sources: list[Source]) -> list[str]:
    return [source.name for source in sources]


def test_the_table_names_every_promised_source() -> None:
    assert set(SOURCES) == {"ring", "xor-blobs", "blobs", "spiral", "moons", "plane", "bump", "xor", "and", "or", "textbook",
                            "iris", "wine", "breast-cancer", "digits", "cats"}
    assert all(name == source.name for name, source in SOURCES.items())


def test_only_bundled_sources_have_no_generator() -> None:
    assert {source.name for source in SOURCES.values() if source.make is None} == {
        source.name for source in SOURCES.values() if source.kind == "bundled"}


def test_binary_sources_name_two_classes() -> None:
    assert all(len(source.target_names) == 2 for source in SOURCES.values() if source.task == "binary")


@pytest.mark.parametrize("name", names(GENERATED + FIXED))
@pytest.mark.parametrize("samples", [4, 7, 350])
def test_shapes_fit_the_names(name: str, samples: int) -> None:
    inputs, targets = made(name, samples, 0.1)
    source = SOURCES[name]
    assert inputs.shape[1] == len(source.input_names)
    assert targets.shape == (len(inputs), 1 if source.task == "binary" else len(source.target_names))
    assert inputs.dtype == targets.dtype == np.float64
    assert len(inputs) == samples or source.kind == "fixed"


@pytest.mark.parametrize("name", names(GENERATED))
def test_the_same_seed_draws_the_same_points_and_another_seed_others(name: str) -> None:
    first, again, other = made(name, seed=1), made(name, seed=1), made(name, seed=2)
    assert np.array_equal(first[0], again[0]) and np.array_equal(first[1], again[1])
    assert not np.any(np.all(first[0] == other[0], axis=1))


@pytest.mark.parametrize("name", names(CLASSED))
@pytest.mark.parametrize("samples", [4, 101, 350])
def test_classes_are_balanced_in_the_whole_and_in_every_stretch(name: str, samples: int) -> None:
    targets = made(name, samples, 0.2)[1][:, 0]
    assert set(targets) == {0.0, 1.0}
    assert abs(int((targets == 1).sum()) - int((targets == 0).sum())) <= 1
    assert all(abs(targets[:stop].sum() - stop / 2) <= 0.5 for stop in range(1, samples))


@pytest.mark.parametrize("name", [source.name for source in POINTS if source.task == "binary"])
def test_noise_moves_each_coordinate_by_at_most_its_share_of_the_radius(name: str) -> None:
    still, noisy = made(name, noise=0.0), made(name, noise=0.25)
    distance = np.abs(noisy[0] - still[0])
    assert distance.max() <= 0.25 * RADIUS + 1e-12
    assert distance.max() > 0.2 * RADIUS
    assert np.array_equal(still[1], noisy[1])


@pytest.mark.parametrize("name", ["plane", "bump"])
def test_noise_moves_the_targets_of_regression_and_leaves_the_inputs(name: str) -> None:
    still, noisy = made(name, noise=0.0), made(name, noise=0.25)
    assert np.array_equal(still[0], noisy[0])
    distance = np.abs(noisy[1] - still[1])
    assert 0.2 < distance.max() <= 0.25
    assert np.abs(still[1]).max() <= 1


@pytest.mark.parametrize("name", [name for name in names(POINTS) if name != "blobs"])
def test_points_fill_the_square_and_stay_inside(name: str) -> None:
    inputs = made(name, 2000)[0]
    assert np.abs(inputs).max() <= RADIUS + 1e-12
    assert np.abs(inputs).max() > 0.95 * RADIUS


def test_the_ring_surrounds_the_disc_with_a_gap_between() -> None:
    inputs, targets = made("ring", 2000)
    radius, inside = np.hypot(inputs[:, 0], inputs[:, 1]), targets[:, 0] == 1
    assert radius[inside].max() + 0.4 < radius[~inside].min()
    # evenly over the area, a quarter of the disc's points lie within half its radius
    assert np.mean(radius[inside] < radius[inside].max() / 2) == pytest.approx(0.25, abs=0.03)


def test_xor_clouds_are_true_where_the_signs_differ() -> None:
    inputs, targets = made("xor-blobs")
    assert np.array_equal(targets[:, 0] == 1, inputs[:, 0] * inputs[:, 1] < 0)
    quadrants = np.unique(inputs > 0, axis=0, return_counts=True)[1]
    assert quadrants.tolist() == [100, 100, 100, 100]


def test_the_blobs_are_parted_by_a_line_but_for_a_few_points() -> None:
    inputs, targets = made("blobs", 2000)
    assert np.mean((inputs.sum(axis=1) > 0) == (targets[:, 0] == 1)) > 0.99


def test_the_spirals_second_arm_is_the_first_turned_by_half_a_circle() -> None:
    inputs, targets = made("spiral")
    radius = np.hypot(inputs[:, 0], inputs[:, 1])
    turned = np.arctan2(inputs[:, 1], inputs[:, 0]) - 2 * np.pi * 1.75 * radius / RADIUS - np.pi * targets[:, 0]
    assert np.allclose(np.cos(turned), 1)


def test_no_straight_line_parts_the_moons_but_each_lies_on_its_own_half_circle() -> None:
    inputs, targets = made("moons")
    upper = targets[:, 0] == 1
    points = inputs * (1.5 / RADIUS) + np.array([0.5, 0.25])
    assert np.allclose(np.hypot(*points[upper].T), 1)
    assert np.allclose(np.hypot(*(points[~upper] - np.array([1, 0.5])).T), 1)
    with_one = np.column_stack([inputs, np.ones(len(inputs))])
    line = np.linalg.lstsq(with_one, 2 * targets[:, 0] - 1, rcond=None)[0]
    assert np.mean((with_one @ line > 0) == upper) < 0.95


def test_the_plane_rises_evenly_and_the_bump_is_highest_in_the_middle() -> None:
    inputs, targets = made("plane")
    assert np.allclose(targets[:, 0], inputs.sum(axis=1) / (2 * RADIUS))
    inputs, targets = made("bump")
    order = np.argsort(np.hypot(inputs[:, 0], inputs[:, 1]))
    assert np.all(np.diff(targets[order, 0]) <= 0)
    assert targets.min() < -0.9 < 0.8 < targets.max()


@pytest.mark.parametrize(("name", "table"), [("xor", [0, 1, 1, 0]), ("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1])])
def test_truth_tables_are_true_to_their_names(name: str, table: list[float]) -> None:
    inputs, targets = made(name)
    assert inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert targets[:, 0].tolist() == table


def test_the_textbook_row_is_the_worked_examples() -> None:
    inputs, targets = made("textbook")
    assert inputs.tolist() == [[0.05, 0.10]]
    assert targets.tolist() == [[0.01, 0.99]]


@pytest.mark.parametrize("name", names(FIXED))
def test_fixed_sources_take_no_notice_of_samples_noise_and_seed(name: str) -> None:
    first, other = made(name), made(name, 10, 0.9, 7)
    assert np.array_equal(first[0], other[0]) and np.array_equal(first[1], other[1])


def test_a_dataset_scales_with_its_own_offset_and_scale() -> None:
    rows = np.arange(2)
    data = Dataset("two", "regression", np.zeros((2, 2)), np.zeros((2, 1)), rows, rows[:0], ("a", "b"), ("y",),
                   np.array([1.0, 10.0]), np.array([2.0, 5.0]))
    assert data.scaled(np.array([[3.0, 0.0]])).tolist() == [[1.0, -2.0]]
