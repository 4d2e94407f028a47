"""Series and history: bounded, gapless, and never moved under a frame's feet."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.engine.history import EPOCH_COLUMNS, Curve, History, Series

PIECES = st.lists(st.integers(0, 40), min_size=1, max_size=12)


def filled(pieces: list[int], limit: int) -> Series:
    """A series of its own place numbers, recorded piece by piece."""
    series, place = Series(1, limit), 0
    for piece in pieces:
        series.record(place, [float(number) for number in range(place, place + piece)])
        place += piece
    return series


def shown(curve: Curve) -> tuple[list[float], list[float]]:
    return [float(place) for place in curve.places], [float(value) for value in curve.column(0)]


@given(PIECES, st.integers(1, 40))
def test_a_series_keeps_every_stride_th_number_within_its_limit(pieces: list[int], limit: int) -> None:
    series = filled(pieces, limit)
    places, values = shown(series.curve())
    assert places == values == [float(place) for place in range(0, sum(pieces), series.stride)]
    assert series.end == sum(pieces)
    assert len(places) <= limit
    assert series.stride & (series.stride - 1) == 0


@given(PIECES, st.integers(1, 40))
def test_a_series_does_not_depend_on_the_pieces_it_was_recorded_in(pieces: list[int], limit: int) -> None:
    whole = filled([*pieces, 1], limit)
    other = filled([sum(pieces) + 1], limit)
    assert (whole.stride, whole.end) == (other.stride, other.end)
    assert shown(whole.curve()) == shown(other.curve())


@given(PIECES, PIECES, st.integers(4, 40))
def test_curves_are_unmoved_by_later_records_and_branches(pieces: list[int], later: list[int], limit: int) -> None:
    series = filled(pieces, limit)
    curve = series.curve()
    before = shown(curve)
    series.record(series.end, [-1.0] * sum(later))
    assert shown(curve) == before
    whole = shown(series.curve())
    branch = series.until(sum(pieces) // 2)
    branch.record(branch.end, [-2.0] * (sum(later) + 5))
    assert shown(curve) == before and shown(series.curve()) == whole


@given(PIECES, st.integers(4, 40), st.data())
def test_a_replay_changes_nothing_and_a_branch_goes_on_from_its_place(pieces: list[int], limit: int, data: st.DataObject) -> None:
    series = filled(pieces, limit)
    before = shown(series.curve())
    start = data.draw(st.integers(0, series.end))
    series.record(start, [-5.0] * (series.end - start))
    assert shown(series.curve()) == before
    series = series.until(start)
    series.record(start, [float(number) for number in range(start, start + 60)])
    places, values = shown(series.curve())
    assert places == values == [float(place) for place in range(0, max(start + 60, start), series.stride)]


def test_a_gap_is_refused() -> None:
    series = filled([3], 10)
    with pytest.raises(ValueError, match="place 4 would leave a gap after 2"):
        series.record(4, [1.0])


def test_a_record_that_reaches_beyond_the_end_adds_only_what_is_new() -> None:
    series = filled([5], 10)
    series.record(3, [-1.0, -1.0, 5.0, 6.0])
    assert shown(series.curve())[1] == [0, 1, 2, 3, 4, 5, 6]


def test_curves_cannot_be_written_to() -> None:
    curve = filled([5], 10).curve()
    with pytest.raises(ValueError, match="read-only"):
        curve.values[0] = 7


def test_a_restored_series_goes_on_as_the_first_would() -> None:
    first, second = filled([50], 20), Series(1, 20)
    second.restore(first.curve(), first.end)
    for series in (first, second):
        series.record(50, [float(number) for number in range(50, 90)])
    assert shown(first.curve()) == shown(second.curve())


def test_a_branch_has_the_epoch_that_ends_where_it_begins_but_not_the_start_of_all() -> None:
    history = History()
    history.batch_loss.record(0, [1.0] * 12)
    history.epochs.record(0, np.repeat(np.arange(4.0), len(EPOCH_COLUMNS)).reshape(4, -1))
    curves = history.until(8, batches=4).curves()
    assert len(curves.batch_loss.values) == 8
    assert [float(value) for value in curves.epochs.column(0)] == [0, 1, 2]
    fresh = history.until(0, batches=4)
    assert (fresh.batch_loss.end, fresh.epochs.end) == (0, 0)
    assert (history.batch_loss.end, history.epochs.end) == (12, 4)


def test_many_columns_are_kept_together() -> None:
    series = Series(3, 8)
    series.record(0, np.arange(60, dtype=float).reshape(20, 3))
    curve = series.curve()
    assert curve.stride == 4
    assert [float(value) for value in curve.column(2)] == [2, 14, 26, 38, 50]
    assert math.isclose(float(curve.values[1, 0]), 12)
