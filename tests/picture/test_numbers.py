"""Numbers in words: rounded as people read them, and with all their digits where these are asked for."""

import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.picture import numbers
from nnsim.picture.caption_rounding import Rounding

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE)
def test_an_exact_number_reads_back_as_itself(value: float) -> None:
    text = numbers.exact(value)
    assert float(text.replace("−", "-")) == value
    assert not text.startswith("-")


@pytest.mark.parametrize(("value", "text"), [
    (10.0, "10"), (-3.0, "−3"), (0.2857, "0.2857"), (-1e-10, "−1e-10"), (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "NaN"),
])
def test_an_exact_number_is_as_short_as_it_can_be_typed(value: float, text: str) -> None:
    assert numbers.exact(value) == text


@pytest.mark.parametrize(("value", "text"), [
    (-0.13092387, "−0.131 (exactly −0.13092387)"), (0.5, "+0.500"), (-2.0, "−2.000"), (1.0, "+1.000"), (0.0, "+0.000"),
    (1 / 3, "+0.333 (exactly 0.3333333333333333)"), (math.nan, "NaN"), (-math.inf, "−∞"),
])
def test_in_full_the_rounded_number_stands_first_and_all_digits_only_where_there_are_more(value: float, text: str) -> None:
    assert numbers.in_full(numbers.fixed(value), value) == text


def test_in_full_a_whole_number_keeps_its_noughts() -> None:
    assert numbers.in_full("10", 10.0) == "10"
    assert numbers.in_full("+100", 99.6) == "+100 (exactly 99.6)"


@pytest.fixture
def _decimal_comma() -> Iterator[None]:
    numbers.write_decimals_with(",")
    yield
    numbers.write_decimals_with(".")


@pytest.mark.usefixtures("_decimal_comma")
def test_a_decimal_comma_is_written_in_every_kind_of_number() -> None:
    assert numbers.fixed(-1.0416) == "−1,042" and numbers.significant(0.00412, signed=False) == "0,00412"
    assert numbers.significant(-4.12e-7) == "−4,12×10⁻⁷" and numbers.percent(0.951) == "95,1 %"
    assert numbers.exact(-0.2857) == "−0,2857" and numbers.exact(10.0) == "10" and numbers.exact(1.5e-10) == "1,5e-10"
    assert numbers.in_full("0,500", 0.5) == "0,500" and numbers.in_full("−0,131", -0.13092) == "−0,131 (exactly −0,13092)"
    assert Rounding(None).fixed(0.25) == "+0,25"


@pytest.mark.usefixtures("_decimal_comma")
def test_with_a_decimal_comma_thousands_are_grouped_by_a_narrow_space_and_lists_by_semicolons() -> None:
    assert numbers.whole(1234567) == "1\u202f234\u202f567" and numbers.count(2720, "weight") == "2\u202f720 weights"
    assert numbers.listed(("0,01", "0,99")) == "0,01; 0,99"


def test_with_a_decimal_point_thousands_are_grouped_by_commas() -> None:
    assert numbers.whole(1234567) == "1,234,567" and numbers.whole(999) == "999"
    assert numbers.listed(("0.01", "0.99")) == "0.01, 0.99"


def test_no_other_sign_can_be_chosen() -> None:
    with pytest.raises(ValueError, match="a decimal sign is one of"):
        numbers.write_decimals_with(";")
    assert numbers.decimal_sign() == "." and numbers.fixed(0.5) == "+0.500"
