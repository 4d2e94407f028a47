"""Two ways of measuring a slope, on losses whose slopes can be worked out by hand."""

import math

import numpy as np
import pytest

from nnsim.core.loss_slopes import slopes_by_complex_step, slopes_by_differences
from nnsim.core.network import Network, join
from nnsim.core.plain_loss import PlainLoss


def waves(loss: str = "mse") -> PlainLoss:
    """One weight w = 0.7: outputs sin w and sin 3w for targets 0."""
    network = Network(1, (1,), ("sine",))
    return PlainLoss(network, join([(np.array([[0.7]]), np.zeros(1))]), np.array([[1.0, 3.0]]), np.zeros((1, 2)), loss)


SLOPES = [math.sin(0.7) * math.cos(0.7), 3 * math.sin(2.1) * math.cos(2.1)]
"""Of half of sin² w and half of sin² 3w."""


def test_a_complex_step_has_all_digits_of_each_samples_share() -> None:
    assert slopes_by_complex_step(waves(), 0, np.array([0]))[0] == pytest.approx([*SLOPES, 0], rel=2e-15)


@pytest.mark.parametrize("step", [1e-1, 1e-2])
def test_half_a_step_leaves_a_sixteenth_of_the_error(step: float) -> None:
    long, short = (slopes_by_differences(waves(), 0, np.array([0]), np.array([each])) for each in (step, step / 2))
    errors = [float(beside.slopes.sum()) - sum(SLOPES) for beside in (long, short)]
    assert errors[0] / errors[1] == pytest.approx(16, rel=0.1)


def test_a_smooth_loss_has_one_slope_on_both_sides_and_a_kink_two() -> None:
    smooth = slopes_by_differences(waves(), 0, np.array([0]), np.array([1e-4]))
    assert smooth.spread[0] < 1e-6 and smooth.highest[0] - smooth.lowest[0] < 1e-2
    network = Network(1, (1,), ("identity",))
    at_kink = PlainLoss(network, np.zeros(2), np.array([[1.0, 3.0]]), np.array([[0.0, 1.0]]), "mae")
    beside = slopes_by_differences(at_kink, 0, np.array([0, 1]), np.full(2, 1e-4))
    assert beside.spread == pytest.approx([1.0, 1.0])
    assert beside.lowest == pytest.approx([-0.5 - 1.5, -0.5 - 0.5])
    assert beside.highest == pytest.approx([0.5 - 1.5, 0.5 - 0.5])


def test_beyond_a_kink_between_the_steps_the_whole_slope_is_met() -> None:
    network = Network(1, (1,), ("identity",))
    beside_kink = PlainLoss(network, np.array([3e-5, 0.0]), np.array([[1.0]]), np.array([[0.0]]), "mae")
    beside = slopes_by_differences(beside_kink, 0, np.array([0]), np.array([1e-4]))
    assert (beside.lowest[0], beside.highest[0]) == (pytest.approx(-1), pytest.approx(1, rel=0.5))


def test_rounding_grows_as_the_step_shrinks() -> None:
    places, steps = np.array([0, 0]), np.array([1e-3, 1e-6])
    rounding = slopes_by_differences(waves(), 0, places, steps).rounding
    loss = (math.sin(0.7) ** 2 + math.sin(2.1) ** 2) / 2
    assert rounding == pytest.approx(np.finfo(float).eps * loss / steps)
