"""Where ticks stand, and what is written at them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nnsim.picture.ticks import linear_ticks, logarithmic_ticks


def test_linear_ticks_are_round_numbers_with_as_many_decimals_as_they_need() -> None:
    assert [tick.text for tick in linear_ticks(-2.6, 2.6, 6)] == ["−2", "−1", "0", "1", "2"]
    assert [tick.text for tick in linear_ticks(0, 0.47, 5)] == ["0.0", "0.1", "0.2", "0.3", "0.4"]
    assert [tick.text for tick in linear_ticks(0, 18.7, 5)] == ["0", "5", "10", "15"]


def test_whole_ticks_never_stand_between_epochs() -> None:
    assert [tick.value for tick in linear_ticks(0, 1, 8, whole=True)] == [0, 1]


def test_a_logarithmic_axis_shows_one_two_five_where_there_is_room() -> None:
    assert [tick.text for tick in logarithmic_ticks(0.004, 0.3, 8)] == ["0.005", "0.01", "0.02", "0.05", "0.1", "0.2"]


def test_a_logarithmic_axis_of_many_decades_shows_powers_of_ten_only() -> None:
    texts = [tick.text for tick in logarithmic_ticks(1e-6, 3, 8)]
    assert texts == ["1×10⁻⁶", "0.00001", "0.0001", "0.001", "0.01", "0.1", "1"]


def test_a_logarithmic_axis_within_one_decade_falls_back_to_even_steps() -> None:
    assert [tick.text for tick in logarithmic_ticks(0.22, 0.37, 4)] == ["0.25", "0.30", "0.35"]


def test_an_axis_without_length_has_one_tick() -> None:
    assert [tick.text for tick in linear_ticks(0.5, 0.5, 5)] == ["0.500"]


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 12))
def test_linear_ticks_lie_inside_and_are_not_too_many(low: float, span: float, most: int) -> None:
    high = low + span
    # a span of a few last bits has no places between its ends
    assume(span > 1e-9 * abs(low))
    ticks = linear_ticks(low, high, most)
    assert len(ticks) <= most
    assert all(low - 1e-6 * span <= tick.value <= high + 1e-6 * span for tick in ticks)


@given(st.floats(1e-200, 1e200), st.floats(1.2, 1e50), st.integers(2, 12))
def test_logarithmic_ticks_lie_inside_and_are_not_too_many(low: float, factor: float, most: int) -> None:
    ticks = logarithmic_ticks(low, low * factor, most)
    assert len(ticks) <= most
    assert all(low == pytest.approx(tick.value) or low <= tick.value for tick in ticks)
    assert all(tick.value <= low * factor * (1 + 1e-6) for tick in ticks)


def test_a_logarithmic_axis_of_hundreds_of_decades_has_few_ticks_at_round_powers() -> None:
    texts = [tick.text for tick in logarithmic_ticks(0.01, 1e304, 5)]
    assert texts == ["1", "1×10¹⁰⁰", "1×10²⁰⁰", "1×10³⁰⁰"]
    assert [tick.value for tick in logarithmic_ticks(1e-13, 1.79e308, 8)] == [1e0, 1e50, 1e100, 1e150, 1e200, 1e250, 1e300]
