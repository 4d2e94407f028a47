"""The sign between arithmetic and its result tells whether the numbers on show really give it."""

import pytest

from nnsim.picture import numbers
from nnsim.picture.caption_rounding import Rounding
from nnsim.picture.latex_parts import number
from nnsim.picture.shown_arithmetic import ABOUT, EQUAL, relation, sign, worked_out


@pytest.mark.parametrize(("latex", "shown", "expected"), [
    (r"1.000 \cdot 0.094 + 1.000 \cdot 1.179 + 0.000", "+1.272", ABOUT),
    (r"1.000 \cdot 0.094 + 1.000 \cdot 1.179 + 0.000", "+1.273", EQUAL),
    (r"0.050 \cdot 0.150", "+0.00750", EQUAL),
    (r"\frac{0.01}{0.0776 + 0.000001}", "0.1289", EQUAL),
    (r"\frac{0.01}{0.0776 + 0.000001}", "0.1288", ABOUT),
    (r"0.01 \cdot \mathrm{sign}(-0.243)", "−0.01000", EQUAL),
    (r"a_{1} = \tanh(0.085)", "+0.085", EQUAL),
    (r"a_{1} = \tanh(0.085)", "+0.086", ABOUT),
    (r"2\times 10^{-6} \cdot 3", "6.00×10⁻⁶", EQUAL),
    (r"1 \cdot 0.5^{\lfloor 10 / 4 \rfloor}", "0.2500", EQUAL),
    (r"\frac{1}{2} \cdot (1 + \cos(\pi \cdot 10 / 20))", "0.5000", EQUAL),
    (r"\frac{e^{1.0}}{e^{1.0} + e^{1.0}}", "0.500", EQUAL),
    (r"(0,5 - (-0.5))^{2}".replace("0,5", "0{,}5"), "1.000", EQUAL),
    (r"\max(0, -0.3)", "0", EQUAL),
    (r"1\text{, as } 0.3 > 0", "1.00", EQUAL),
    (r"\text{sum over 10 samples}", "+0.3", EQUAL),
    (r"0.1 + \cdots + 0.2", "+9", EQUAL),
])  # fmt: skip
def test_the_sign_is_about_where_the_numbers_on_show_do_not_give_the_result(latex: str, shown: str, expected: str) -> None:
    assert relation(latex, shown) == expected
    assert sign(latex, shown) == ("=" if expected == EQUAL else "≈")


@pytest.mark.parametrize("latex", ["x", r"0.1 + \cdots", r"\frac{1}{0}", "", r"\ln(-1)", "2 +"])
def test_what_cannot_be_worked_out_has_no_value(latex: str) -> None:
    assert worked_out(latex) is None


@pytest.mark.parametrize(("value", "fixed", "product"), [
    (0.0075, "+0.00750", "+0.00750"), (0.0125, "+0.013", "+0.0125"), (0.5, "+0.500", "+0.500"), (0.0, "+0.000", "+0.000"),
    (-0.0041, "−0.00410", "−0.00410")])  # fmt: skip
def test_small_numbers_keep_their_digits(value: float, fixed: str, product: str) -> None:
    assert (Rounding(3).fixed(value), Rounding(3).product(value)) == (fixed, product)


def test_a_decimal_comma_is_set_in_braces_so_that_no_room_follows_it() -> None:
    numbers.write_decimals_with(",")
    try:
        shown = number(Rounding(3).fixed(0.5))
    finally:
        numbers.write_decimals_with(".")
    assert shown == "0{,}500" and worked_out(shown) == 0.5
