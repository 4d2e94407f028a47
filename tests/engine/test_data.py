"""From ``Data`` to a ``Dataset``: bundled numbers, splitting, scaling, and that nothing can be written to."""

import time
from pathlib import Path

import numpy as np
import pytest

from nnsim.core.datasets import SOURCES
from nnsim.engine import resources
from nnsim.engine.data import bundled_numbers, class_numbers, load_dataset, scaling, split
from nnsim.engine.experiment import Data, ExperimentError, Scaling
from nnsim.engine.resources import resource

BUNDLED = [source.name for source in SOURCES.values() if source.kind == "bundled"]
FIXED = [source.name for source in SOURCES.values() if source.kind == "fixed"]
SPLIT = [name for name in SOURCES if name not in FIXED]


def counts(name: str) -> list[int]:
    """How many rows each class has."""
    return [int(count) for count in np.bincount(class_numbers(SOURCES[name].task, load_dataset(Data(source=name)).targets))]


# bundled numbers

@pytest.mark.parametrize(("name", "shape", "per_class"), [
    ("iris", (150, 4), [50, 50, 50]),
    ("wine", (178, 13), [59, 71, 48]),
    ("breast-cancer", (569, 30), [357, 212]),
    ("digits", (1797, 64), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
])
def test_bundled_sets_have_their_published_rows_and_classes(name: str, shape: tuple[int, int], per_class: list[int]) -> None:
    assert load_dataset(Data(source=name)).inputs.shape == shape
    assert counts(name) == per_class


@pytest.mark.parametrize("name", BUNDLED)
def test_header_lines_carry_the_names_the_table_gives(name: str) -> None:
    header = resource("data", f"{name}.csv").read_text("utf-8").splitlines()[0]
    assert tuple(header.split(",")[:-1]) == SOURCES[name].input_names


def test_iris_has_fishers_means_and_his_35th_and_38th_flower() -> None:
    inputs = load_dataset(Data(source="iris")).inputs
    assert inputs.mean(axis=0).round(3).tolist() == [5.843, 3.057, 3.758, 1.199]
    assert inputs[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert inputs[37].tolist() == [4.9, 3.6, 1.4, 0.1]


def test_iris_targets_are_one_hot_in_the_order_of_the_species() -> None:
    targets = load_dataset(Data(source="iris")).targets
    assert targets[[0, 50, 100]].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_wine_and_cell_nuclei_have_their_published_extremes() -> None:
    wine = load_dataset(Data(source="wine")).inputs
    assert (wine[:, 12].min(), wine[:, 12].max()) == (278, 1680)
    nuclei = load_dataset(Data(source="breast-cancer")).inputs
    assert (nuclei[:, 0].min(), nuclei[:, 0].max()) == (6.981, 28.11)
    assert (nuclei[:, 23].min(), nuclei[:, 23].max()) == (185.2, 4254)


def test_malignant_is_the_class_that_the_output_1_stands_for() -> None:
    data = load_dataset(Data(source="breast-cancer"))
    assert data.target_names[1] == "malignant"
    malignant = data.targets[:, 0] == 1
    assert data.inputs[malignant, 0].mean() > data.inputs[~malignant, 0].mean()


def test_digits_are_pictures_of_whole_numbers_from_0_to_16() -> None:
    data = load_dataset(Data(source="digits"))
    assert data.picture == (8, 8)
    assert (data.inputs.min(), data.inputs.max()) == (0, 16)
    assert np.array_equal(data.inputs, data.inputs.round())
    zero = data.inputs[data.targets[:, 0] == 1].mean(axis=0).reshape(8, 8)
    assert zero[3:5, 3:5].max() < 4 < zero[3:5, 1:3].max()  # a nought is hollow


def test_reading_the_digits_takes_less_than_60_ms() -> None:
    resource("data", "digits.csv").read_bytes()  # the disk is not what is measured
    load_dataset.cache_clear()
    took = []
    for seed in range(3):
        bundled_numbers.cache_clear()
        start = time.perf_counter()
        load_dataset(Data(source="digits", seed=seed))
        took.append(time.perf_counter() - start)
    assert min(took) < 0.060


@pytest.mark.parametrize("name", BUNDLED)
def test_the_licence_page_gives_source_licence_and_citation_of_each_file(name: str) -> None:
    page = resource("data", "README.md").read_text("utf-8")
    section = page.split(f"## {name}.csv\n")[1].split("\n## ")[0]
    assert "https://archive.ics.uci.edu/dataset/" in section
    assert "CC BY 4.0" in section
    assert "https://doi.org/10.24432/" in section


def test_every_file_with_data_is_on_the_licence_page() -> None:
    page = resource("data", "README.md").read_text("utf-8")
    files = {path.name for path in resource("data").iterdir()} - {"README.md"}
    assert files == {*(f"{name}.csv" for name in BUNDLED), "next-word.txt"}
    assert all(f"## {name}\n" in page for name in files)


# the whole

@pytest.mark.parametrize("name", SOURCES)
def test_every_source_loads_with_finite_numbers_that_cannot_be_written_to(name: str) -> None:
    data = load_dataset(Data(source=name, scaling="standardize"))
    assert np.isfinite(data.inputs).all() and np.isfinite(data.targets).all()
    for array in (data.inputs, data.targets, data.train, data.test, data.offset, data.scale):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_same_data_is_the_same_object_and_other_data_another() -> None:
    first = load_dataset(Data(source="moons", seed=4))
    assert load_dataset(Data(source="moons", seed=4)) is first
    assert not np.array_equal(load_dataset(Data(source="moons", seed=5)).inputs, first.inputs)


def test_an_unknown_source_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ExperimentError, match=r"'rings'.*ring, xor-blobs"):
        load_dataset(Data(source="rings"))


# splitting

@pytest.mark.parametrize("name", SPLIT)
@pytest.mark.parametrize("share", [0, 0.2857, 0.9])
def test_a_split_gives_every_row_to_one_side_in_rising_order(name: str, share: float) -> None:
    data = load_dataset(Data(source=name, test_share=share))
    assert np.all(np.diff(data.train) > 0) and np.all(np.diff(data.test) > 0)
    assert sorted([*data.train, *data.test]) == list(range(len(data.inputs)))
    assert len(data.test) == round(share * len(data.inputs))


@pytest.mark.parametrize("name", [name for name in SPLIT if SOURCES[name].task != "regression"])
def test_a_split_shares_every_class_out_alike(name: str) -> None:
    data = load_dataset(Data(source=name, test_share=0.3))
    every = np.array(counts(name))
    taken = np.bincount(class_numbers(SOURCES[name].task, data.targets[data.test]), minlength=len(every))
    assert np.abs(taken - 0.3 * every).max() <= 1


def test_the_default_ring_has_250_training_and_100_test_rows() -> None:
    data = load_dataset(Data(source="ring"))
    assert (len(data.train), len(data.test)) == (250, 100)
    assert data.targets[data.test].sum() == 50


def test_another_seed_splits_bundled_rows_anew_and_the_same_seed_alike() -> None:
    first, other = load_dataset(Data(source="iris", seed=1)), load_dataset(Data(source="iris", seed=2))
    assert np.array_equal(first.inputs, other.inputs)
    assert not np.array_equal(first.test, other.test)
    again = split(SOURCES["iris"].rows(first.inputs, first.targets), 0.2857, 1)
    assert np.array_equal(again[1], first.test)


def test_every_class_keeps_a_training_row_however_large_the_test_share() -> None:
    data = load_dataset(Data(source="moons", samples=4, test_share=0.9))
    assert sorted(data.targets[data.train, 0]) == [0, 1]
    assert len(load_dataset(Data(source="plane", samples=4, test_share=0.9)).train) == 1


@pytest.mark.parametrize("name", FIXED)
def test_fixed_sources_are_never_split(name: str) -> None:
    data = load_dataset(Data(source=name, test_share=0.5))
    assert data.train.tolist() == list(range(len(data.inputs)))
    assert data.test.size == 0


# scaling

def test_without_scaling_the_network_is_fed_the_numbers_themselves() -> None:
    data = load_dataset(Data(source="wine"))
    assert np.array_equal(data.scaled(data.inputs), data.inputs)


def test_standardizing_gives_training_rows_mean_0_and_deviation_1() -> None:
    data = load_dataset(Data(source="wine", scaling="standardize"))
    fed = data.scaled(data.inputs[data.train])
    assert np.allclose(fed.mean(axis=0), 0) and np.allclose(fed.std(axis=0), 1)
    assert not np.allclose(data.scaled(data.inputs[data.test]).mean(axis=0), 0, atol=1e-3)


def test_min_max_brings_training_rows_to_0_and_1() -> None:
    data = load_dataset(Data(source="wine", scaling="min-max"))
    fed = data.scaled(data.inputs[data.train])
    assert np.allclose(fed.min(axis=0), 0) and np.allclose(fed.max(axis=0), 1)


@pytest.mark.parametrize("kind", ["standardize", "min-max"])
def test_a_column_that_does_not_vary_is_shifted_to_0_and_not_divided(kind: Scaling) -> None:
    # the mean of equal tenths is not a tenth, and their computed deviation is not 0
    inputs = np.column_stack([np.full(150, 0.1), np.arange(150.0)])
    assert inputs[:, 0].std() > 0
    offset, scale = scaling(inputs, kind)
    assert (offset[0], scale[0]) == (0.1, 1)


def test_digit_pixels_that_are_always_blank_are_fed_as_0() -> None:
    data = load_dataset(Data(source="digits", scaling="min-max"))
    blank = data.inputs[data.train].max(axis=0) == 0
    assert blank.any()
    # and ink on one of them is scaled as ink on any other
    assert np.all(data.scale[blank] == 16) and not data.scaled(data.inputs[data.train])[:, blank].any()


# the files that come along

def test_a_missing_file_is_an_error_that_names_it() -> None:
    with pytest.raises(FileNotFoundError, match=r"data/no-such\.csv is missing"):
        resource("data", "no-such.csv")


def test_files_of_the_installed_package_come_before_the_checkouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed, checkout = tmp_path / "package", tmp_path / "checkout"
    for root in (installed, checkout):
        (root / "data").mkdir(parents=True)
        (root / "data" / "both.csv").touch()
    (checkout / "data" / "one.csv").touch()
    monkeypatch.setattr(resources, "_ROOTS", (installed, checkout))
    assert resource("data", "both.csv") == installed / "data" / "both.csv"
    assert resource("data", "one.csv") == checkout / "data" / "one.csv"
