"""Activations: their values and slopes against the plain formulas, and what they do far out."""

import math
from typing import Any

import numpy as np
import plain_network
import pytest
from numpy.typing import NDArray

from nnsim.core.activations import ACTIVATIONS

Array = NDArray[Any]
ELEMENTWISE = tuple(name for name, row in ACTIVATIONS.items() if row.elementwise)
SMOOTH_AT_0 = tuple(name for name in ELEMENTWISE if 0 not in ACTIVATIONS[name].kinks)
NEAR = np.linspace(-4, 4, 81) + 0.0013
FAR = np.array([-1e308, -1e4, -800.0, -40.0, 40.0, 800.0, 1e4, 1e308])
BELL = math.exp(-0.5) / math.sqrt(2 * math.pi)


def test_the_table_and_the_plain_network_name_the_same_activations() -> None:
    assert set(ACTIVATIONS) == set(plain_network.ACTIVATIONS)
    assert all(name == row.name and row.title and row.formula and row.hint for name, row in ACTIVATIONS.items())


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_values_match_the_plain_formula(name: str) -> None:
    expected = plain_network.ACTIVATIONS[name](NEAR.astype(np.longdouble)).astype(float)
    assert np.allclose(ACTIVATIONS[name](NEAR), expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_slopes_match_the_complex_step(name: str) -> None:
    step = plain_network.COMPLEX_STEP
    expected = plain_network.ACTIVATIONS[name](NEAR + 1j * step).imag / step
    assert np.allclose(ACTIVATIONS[name].derivative(NEAR), expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("name", SMOOTH_AT_0)
def test_slopes_at_0_are_those_of_both_sides(name: str) -> None:
    sides = ACTIVATIONS[name].derivative(np.array([-1e-9, 0, 1e-9]))
    assert np.allclose(sides, sides[1], atol=1e-8)


@pytest.mark.parametrize(("name", "slope"), [
    ("relu", 0.0), ("leaky-relu", 0.01), ("selu", plain_network.SELU_SCALE * plain_network.SELU_ALPHA), ("step", 0.0)])
def test_slopes_at_a_kink_are_those_from_the_left(name: str, slope: float) -> None:
    assert ACTIVATIONS[name].derivative(np.zeros(1))[0] == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize(("name", "z", "value", "slope"), [
    ("sigmoid", 0.0, 0.5, 0.25),
    ("tanh", 0.0, 0.0, 1.0),
    ("tanh", math.log(2), 0.6, 0.64),
    ("elu", -math.log(2), -0.5, 0.5),
    ("softplus", 0.0, math.log(2), 0.5),
    ("swish", 0.0, 0.0, 0.5),
    ("gelu", 1.0, 0.8413447460685429, 0.8413447460685429 + BELL),
    ("sine", math.pi / 6, 0.5, math.sqrt(3) / 2),
    ("leaky-relu", -3.0, -0.03, 0.01),
    ("step", 0.0, 1.0, 0.0),
    ("sigmoid", 1e4, 1.0, 0.0),
    ("sigmoid", -1e4, 0.0, 0.0),
    ("softplus", 1e4, 1e4, 1.0),
    ("softplus", -1e4, 0.0, 0.0),
    ("swish", 1e4, 1e4, 1.0),
    ("swish", -1e4, 0.0, 0.0),
])
def test_known_values_come_out(name: str, z: float, value: float, slope: float) -> None:
    assert ACTIVATIONS[name](np.array([z]))[0] == pytest.approx(value, rel=1e-15, abs=1e-16)
    assert ACTIVATIONS[name].derivative(np.array([z]))[0] == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_values_and_slopes_stay_finite_far_out(name: str, dtype: Any) -> None:
    z = FAR.clip(-3e38, 3e38).astype(dtype) if dtype is np.float32 else FAR
    values, slopes = ACTIVATIONS[name](z), ACTIVATIONS[name].derivative(z)
    assert values.dtype == slopes.dtype == dtype
    growing = name in ("swish", "gelu", "identity", "relu", "leaky-relu", "elu", "selu", "softplus")
    assert np.isfinite(slopes).all()
    assert np.isfinite(values[1:-1]).all()
    assert growing or np.isfinite(values).all()


@pytest.mark.parametrize("name", [name for name in ELEMENTWISE if name not in ("gelu", "swish")])
def test_values_keep_to_the_range_that_the_table_names(name: str) -> None:
    low, high = ACTIVATIONS[name].output_range
    values = ACTIVATIONS[name](np.concatenate([NEAR, FAR[1:-1]]))
    rounding = 1e-15
    assert values.min() >= low - rounding and values.max() <= high + rounding


@pytest.mark.parametrize(("name", "depth"), [("gelu", -0.169971), ("swish", -0.278465)])
def test_the_dip_below_0_is_as_deep_as_the_table_names(name: str, depth: float) -> None:
    lowest = ACTIVATIONS[name](np.linspace(-3, 0, 30_001)).min()
    assert lowest == pytest.approx(depth, abs=1e-6)
    assert ACTIVATIONS[name].output_range[0] == pytest.approx(depth, abs=0.005)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_any_shape_is_computed_and_the_sums_are_left_alone(name: str) -> None:
    sums = np.linspace(-2, 2, 24).reshape(2, 3, 4)
    kept = sums.copy()
    values = ACTIVATIONS[name](sums.transpose(2, 0, 1))
    assert values.shape == (4, 2, 3)
    assert np.array_equal(values.transpose(1, 2, 0), ACTIVATIONS[name](sums))
    assert np.array_equal(sums, kept)


def test_softmax_shares_1_among_the_neurons_of_each_sample() -> None:
    sums = np.random.default_rng(0).normal(size=(4, 6)) * 5
    shares = ACTIVATIONS["softmax"](sums)
    assert np.allclose(shares.sum(axis=0), 1, rtol=1e-15)
    for sample in range(6):
        assert np.allclose(shares[:, sample], plain_network.softmax(sums[:, sample]), rtol=1e-14)


def test_softmax_depends_on_differences_of_sums_only() -> None:
    sums = np.array([[1.0, -3.0], [2.0, 0.5], [0.25, 7.0]])
    assert np.array_equal(ACTIVATIONS["softmax"](sums + 1e4).round(12), ACTIVATIONS["softmax"](sums).round(12))
    assert ACTIVATIONS["softmax"](np.array([[1e4], [-1e4]])).ravel().tolist() == [1, 0]


def test_softmax_has_no_slope_of_its_own() -> None:
    with pytest.raises(ValueError, match="no slope of its own"):
        ACTIVATIONS["softmax"].derivative(np.zeros((2, 1)))
