"""The doubt in gradients that comes of rounding: seen by training once in single and once in double precision."""

import numpy as np
import pytest
from kernel_bench import ENDINGS, HIDDEN, Problem, problem, train_once

from nnsim.core.gradient_check import ROUNDINGS
from nnsim.core.gradient_rounding import rounding
from nnsim.core.training import Method

KINKED = ("relu", "leaky-relu", "selu")


def in_single(given: Problem, scale: float = 1.0) -> Problem:
    """The same problem with numbers that single precision can hold."""
    theta, inputs, targets = (numbers.astype(np.float32).astype(np.float64)
                              for numbers in (given.theta * scale, given.inputs, given.targets))
    return Problem(given.network, theta, inputs, targets)


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_single_precision_strays_no_farther_than_its_doubts(output: str, loss: str) -> None:
    for hidden in HIDDEN:
        for scale in (0.1, 1, 5):
            given = in_single(problem((6, 5, 2), (hidden, hidden, output), loss, seed=7), scale)
            single, double = (train_once(given, Method(loss=loss, l2=0.1), dtype=kind) for kind in (np.float32, np.float64))
            found = rounding(given.network, Method(loss=loss, l2=0.1), single)
            assert found.unit == np.finfo(np.float32).eps
            assert np.all(np.abs(single.step_gradient - double.step_gradient) <= ROUNDINGS * found.gradients), (hidden, scale)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_the_doubts_of_an_ordinary_network_leave_twelve_digits(hidden: str) -> None:
    given = problem((6, 5, 2), (hidden, hidden, "sigmoid"), "mse", seed=7)
    trace = train_once(given, Method())
    doubts = rounding(given.network, Method(), trace).gradients
    alive = np.abs(trace.gradient) > 1e-3 * np.abs(trace.gradient).max()
    assert alive.sum() > len(alive) // 3
    assert np.median(doubts[alive] / np.abs(trace.gradient[alive])) < 1e-12


def test_a_saturated_network_is_in_doubt_as_a_whole() -> None:
    given = problem((6, 5, 2), ("tanh", "tanh", "tanh"), "mse", seed=7)
    wild = Problem(given.network, given.theta * 100, given.inputs, given.targets)
    trace = train_once(wild, Method())
    assert np.median(rounding(wild.network, Method(), trace).gradients) > np.median(np.abs(trace.gradient))


def test_a_network_that_fits_its_data_is_in_doubt_by_what_its_errors_have_lost() -> None:
    given = problem((3, 1), ("tanh", "identity"), "mse", seed=7)
    outputs = train_once(given, Method()).outputs[-1]
    shares = []
    for error in (1e-3, 1e-12):
        near = Problem(given.network, given.theta, given.inputs, outputs - error)
        trace = train_once(near, Method())
        shares.append(np.median(rounding(near.network, Method(), trace).gradients / np.abs(trace.gradient)))
    assert shares[1] / shares[0] == pytest.approx(1e9, rel=0.5)


def test_a_linear_network_has_no_doubt_about_its_slopes() -> None:
    # of two equally large sums, only the one behind a bend makes its delta uncertain
    bent, straight = (problem((4, 4, 1), (hidden, hidden, "identity"), "mse", seed=3) for hidden in ("swish", "identity"))
    far = [Problem(each.network, each.theta, each.inputs * 1e6, each.targets) for each in (bent, straight)]
    doubts = [rounding(each.network, Method(), trace).gradients / np.abs(trace.gradient).max()
              for each, trace in ((each, train_once(each, Method())) for each in far)]
    assert np.median(doubts[1]) < 1e-3 * np.median(doubts[0])


def test_a_neuron_that_is_silenced_throughout_leaves_its_weights_in_no_doubt() -> None:
    given = problem((3, 2), ("tanh", "identity"), "mse", seed=7)
    mask = np.ones((3, 4)) * 2
    mask[1] = 0
    trace = train_once(given, Method(dropout=0.5), masks=(mask,))
    (first, second) = given.network.layers(rounding(given.network, Method(dropout=0.5), trace).gradients)
    assert np.all(first[:, 1] == 0) and np.all(first[:, [0, 2]] > 0)
    assert np.all(second[1] < second[[0, 2]].min())
