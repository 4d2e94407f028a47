"""Rows of a protocol are counted, and agree with the walk that lists them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.engine.marks import Grain, Marks, walk
from nnsim.picture.protocol_count import RowCount

SIZES = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple)


@given(SIZES, st.integers(1, 3), st.sampled_from(list(Grain)))
def test_each_stop_of_the_walk_is_one_row(sizes: tuple[int, ...], samples: int, grain: Grain) -> None:
    rows = RowCount(Marks(sizes, samples), grain)
    stops = [number for number, mark in enumerate(walk(sizes, samples), 1) if mark.closes >= min(grain, Grain.BATCH)]
    assert [rows.mark_of(row) for row in range(rows.count)] == stops


@given(SIZES, st.integers(1, 3), st.sampled_from(list(Grain)))
def test_each_mark_lies_in_the_row_that_ends_at_the_next_stop(sizes: tuple[int, ...], samples: int, grain: Grain) -> None:
    marks = Marks(sizes, samples)
    rows = RowCount(marks, grain)
    assert rows.row_of(0) is None
    for mark in range(1, marks.count + 1):
        row = rows.row_of(mark)
        assert row is not None
        assert rows.mark_of(row) == marks.next_stop(mark - 1, grain)


def test_a_row_that_is_not_there_is_refused() -> None:
    rows = RowCount(Marks((2, 3, 1), 2), Grain.NEURON)
    for row in (-1, rows.count):
        with pytest.raises(IndexError, match="not among"):
            rows.mark_of(row)
