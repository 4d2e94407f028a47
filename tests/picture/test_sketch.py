"""Thumbnails of data sets: their own rows, in a square."""

import numpy as np
import pytest

from nnsim.core.datasets import SOURCES
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data
from nnsim.picture.sketch import COMMON_SOURCES, MOST_POINTS, sketch, source_sketch, tile_sources


@pytest.mark.parametrize("source", list(SOURCES))
def test_every_source_has_a_thumbnail_within_its_square(source: str) -> None:
    drawn = source_sketch(source)
    if drawn.picture is not None:
        assert drawn.picture.shape == SOURCES[source].picture
        assert drawn.picture.min() == 0 and drawn.picture.max() == 1
        return
    assert 0 < len(drawn.points) <= MOST_POINTS
    assert drawn.points.min() >= 0 and drawn.points.max() <= 1
    assert set(drawn.classes) == set(range(drawn.class_count))


def test_points_are_rows_of_the_data() -> None:
    dataset = load_dataset(Data(source="xor"))
    assert np.array_equal(sketch(dataset).points, dataset.inputs)


def test_of_many_inputs_the_two_that_tell_most_are_shown() -> None:
    dataset = load_dataset(Data(source="iris"))
    petals = dataset.inputs[np.linspace(0, 149, MOST_POINTS).astype(int)][:, 2:]
    shown = sketch(dataset).points
    assert np.allclose(shown, (petals - petals.min(axis=0)) / (petals.max(axis=0) - petals.min(axis=0)))


def test_a_source_without_a_tile_gets_the_first() -> None:
    assert tile_sources("ring") == COMMON_SOURCES
    assert tile_sources("iris") == ("iris", *COMMON_SOURCES[:-1])
