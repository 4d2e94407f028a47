"""Formulas that users type: what they may hold, what they give, and that nothing else is ever run."""

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.core.activations import Array
from nnsim.core.formula import CONSTANTS, FUNCTIONS, LONGEST, FormulaError, parse_formula

X, Y = np.array([-2.0, 0.0, 0.5, 3.0]), np.array([1.0, 2.0, -1.0, 4.0])


def value(text: str) -> Array:
    """The formula's values for x and y above."""
    return parse_formula(text, ("x", "y", "x1"))({"x": X, "y": Y, "x1": X})


@pytest.mark.parametrize(("text", "expected"), [
    ("x", X), (" x + y ", X + Y), ("x - y", X - Y), ("x*y", X * Y), ("x/y", X / Y), ("x**2", X**2), ("x % y", X % Y),
    ("x^2", X**2), ("x²", X**2), ("x³", X**3), ("x¹⁰", X**10), ("y⁻¹", 1 / Y),
    ("2^y⁻²", 2.0 ** Y**-2.0),
    ("-x²", -(X**2)), ("2^-1", 0.5), ("x₁·2", 2 * X), ("x × y", X * Y), ("3 − x", 3 - X), ("+x", X), ("2*(x + 1)", 2 * (X + 1)),
    ("sin(3*x) + x**2", np.sin(3 * X) + X**2), ("pi", np.pi), ("π*e", np.pi * np.e), ("1.5e1", 15), ("abs(x)", abs(X)),
    ("round(x)", [-2, 0, 0, 3]), ("sign(x)", [-1, 0, 1, 1]),
])
def test_formulas_mean_what_people_write(text: str, expected: Array) -> None:
    assert np.allclose(value(text), np.broadcast_to(expected, X.shape))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_takes_one_number(name: str) -> None:
    with np.errstate(all="ignore"):
        assert np.array_equal(value(f"{name}(x)"), FUNCTIONS[name](X), equal_nan=True)


@pytest.mark.parametrize("name", CONSTANTS)
def test_every_constant_is_known(name: str) -> None:
    assert value(name).tolist() == [CONSTANTS[name]] * len(X)


def test_where_a_formula_is_not_defined_it_says_so_by_its_values() -> None:
    assert np.isnan(value("sqrt(x)")[0])
    assert np.isneginf(value("log(x)")[1])
    assert np.isinf(value("9**9**9")).all()


def test_a_formula_knows_its_variables_in_the_order_they_are_allowed_in() -> None:
    assert parse_formula("y*x + y", ("x", "y", "z")).variables == ("x", "y")
    assert parse_formula(" 2 ", ("x",)).variables == ()
    assert parse_formula(" x² ", ("x",)).text == "x²"


def test_values_are_a_new_array() -> None:
    assert not np.shares_memory(value("x"), X)


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "there is no formula"),
    ("   ", "there is no formula"),
    ("x" * (LONGEST + 1), "the formula has 201 characters, and 200 is the most"),
    ("x +", "'x +' is not a formula"),
    ("x y", "'x y' is not a formula"),
    ("x + * y", "'x + * y' is not a formula at character 5"),
    ("x² + *", "'x² + *' is not a formula: write"),
    ("2x", "since a product is written with *, as in 2*x"),
    ("3sin(x)", "since a product is written with *"),
    ("(x+1)x", "since a product is written with *"),
    ("x # y", "# may not stand in a formula"),
    ("x\0", "is not a formula"),
    ("\ud800", "is not a formula"),
    ("(" * 150, "is not a formula"),
    ("-" * 150 + "x", "too many brackets within brackets"),
    ("z", "'z' means nothing here: the variables are x, y, x1"),
    ("sin", "sin needs brackets: write sin(x)"),
    ("x(2)", "x is no function: write x*( … ) to multiply"),
    ("max(x)", "there is no function 'max' of one number"),
    ("sin(x, y)", "there is no function 'sin' of one number"),
    ("sin(x=1)", "there is no function 'sin' of one number"),
    ("sin(*x)", "may not stand in a formula"),
    ("1e999", "a number in the formula is too large"),
    ("True", "'True' may not stand in a formula"),
    ("1j", "'1j' may not stand in a formula"),
    ("x < 1", "'x < 1' may not stand in a formula"),
    ("x if x else y", "may not stand in a formula"),
    ("x.real", "'x.real' may not stand in a formula"),
    ("x[0]", "may not stand in a formula"),
    ("lambda: x", "may not stand in a formula"),
    ("[x for x in y]", "may not stand in a formula"),
    ("(x := 1)", "may not stand in a formula"),
    ("__import__('os')", "there is no function '__import__'"),
    ("().__class__", "may not stand in a formula"),
    ("f'{x}'", "may not stand in a formula"),
    ("x // 2", "may not stand in a formula"),
    ("~x", "may not stand in a formula"),
])
def test_everything_else_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FormulaError) as caught:
        value(text)
    assert sentence in str(caught.value)


@given(st.text(st.sampled_from(string.digits + "xyesinpabto+-*/^%().,²³⁻₁π _'\"[]{}:=<>!~@\\\n"), max_size=40))
def test_any_text_is_a_formula_or_is_refused(text: str) -> None:
    try:
        assert value(text).shape == X.shape
    except FormulaError as error:
        assert str(error)


@pytest.mark.parametrize("text", ["x²3", "x²y", "x² y", "x²(y)", "2(x)", "(x+1)(x-1)", "x⁻¹2", "3²x"])
def test_a_product_without_its_sign_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(FormulaError, match=r"a product is written with \*"):
        value(text)
