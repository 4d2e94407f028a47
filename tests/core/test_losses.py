"""Losses: known values, the stable forms far out, and the scores accuracy and R²."""

import math

import numpy as np
import plain_network
import pytest
from kernel_bench import ENDINGS, Problem, problem, train_once

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.losses import LOSSES, accuracy, determination
from nnsim.core.network import Network, join
from nnsim.core.training import Method

LARGE = 1e4
SMALL = 6.0
"""Sums at which the plain formulas still have all digits."""


def straight(output: str, sums: list[list[float]], targets: list[list[float]]) -> Problem:
    """One layer that passes its inputs on as its sums: ``sums`` and ``targets`` have a row for each neuron."""
    neurons = len(sums)
    network = Network(neurons, (neurons,), (output,))
    return Problem(network, join([(np.eye(neurons), np.zeros(neurons))]), np.array(sums), np.array(targets))


def test_the_table_and_the_plain_network_name_the_same_losses() -> None:
    assert set(LOSSES) == set(plain_network.LOSSES)
    assert all(name == row.name and row.title and row.formula for name, row in LOSSES.items())


@pytest.mark.parametrize(("name", "expected"), [
    ("mse", (0.25 + 4 + 0 + 9) / 4),
    ("mae", (0.5 + 2 + 0 + 3) / 4),
    ("huber", (0.125 + 1.5 + 0 + 2.5) / 4),
    ("hinge", (0.5 + 4 + 0 + 3) / 4),
    ("bce-logits", (math.log(1 + math.exp(0.5)) - 0.5 + math.log(1 + math.exp(3)) + math.log(1 + math.exp(1)) - 1
                    + math.log(1 + math.exp(-2)) + 2) / 4),
])
def test_known_losses_come_out(name: str, expected: float) -> None:
    outputs = np.array([[0.5, 3.0], [1.0, -2.0]])
    targets = np.array([[1.0, 0.0], [1.0, 1.0]])
    if name in ("mse", "mae", "huber"):
        targets = outputs + np.array([[0.5, -2.0], [0.0, 3.0]])
    assert LOSSES[name].value(outputs, outputs, targets) == pytest.approx(expected, rel=1e-14)


def test_cross_entropy_of_even_shares_is_the_logarithm_of_their_number() -> None:
    sums = np.full((5, 3), 0.7)
    targets = np.eye(5)[[0, 2, 4]].T
    assert LOSSES["cross-entropy"].value(sums, ACTIVATIONS["softmax"](sums), targets) == pytest.approx(math.log(5), rel=1e-15)


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_each_terms_mean_is_the_loss(output: str, loss: str) -> None:
    given = problem((3,), (output,), loss, seed=3)
    trace = train_once(given, Method(loss=loss))
    terms = LOSSES[loss].each(trace.sums[-1], trace.outputs[-1], given.targets)
    assert terms.shape == (3, 4)
    assert terms.sum() / LOSSES[loss].count(3, 4) == pytest.approx(trace.loss, rel=1e-14)
    assert LOSSES[loss].value(trace.sums[-1], trace.outputs[-1], given.targets) == pytest.approx(trace.loss, rel=1e-14)


@pytest.mark.parametrize(("output", "loss", "sums", "targets", "expected", "deltas"), [
    # a right answer, sure of it, costs nothing; a wrong one costs its whole sum
    ("sigmoid", "bce", [[LARGE, -LARGE, LARGE, -LARGE]], [[1.0, 0, 0, 1]], [0.0, 0, LARGE, LARGE], [[0.0, 0, 0.25, -0.25]]),
    ("identity", "bce-logits", [[LARGE, -LARGE, LARGE, -LARGE]], [[1.0, 0, 0, 1]], [0.0, 0, LARGE, LARGE], [[0.0, 0, 0.25, -0.25]]),
    ("softmax", "cross-entropy", [[LARGE, -LARGE], [-LARGE, LARGE]], [[1.0, 1], [0, 0]], [0.0, 2 * LARGE], [[0.0, -0.5], [0, 0.5]]),
    ("softplus", "mae", [[LARGE, -LARGE]], [[0.0, 1.0]], [LARGE, 1.0], [[0.5, 0.0]]),
])
def test_stable_forms_are_exact_at_sums_of_ten_thousand(
    output: str, loss: str, sums: list[list[float]], targets: list[list[float]], expected: list[float], deltas: list[list[float]]
) -> None:
    trace = train_once(straight(output, sums, targets), Method(loss=loss))
    assert trace.losses.tolist() == expected
    assert trace.loss == pytest.approx(np.mean(expected), rel=1e-15)
    assert trace.deltas[-1].tolist() == deltas


@pytest.mark.parametrize(("output", "loss"), [("sigmoid", "bce"), ("identity", "bce-logits"), ("softmax", "cross-entropy")])
def test_stable_forms_agree_with_the_plain_ones_where_those_have_digits(output: str, loss: str) -> None:
    sums = np.array([[-SMALL, -1, 0.3, SMALL], [2.0, -SMALL, 0, 1]])
    targets = np.array([[1.0, 0, 1, 0], [0, 1, 0, 1]])
    trace = train_once(straight(output, sums.tolist(), targets.tolist()), Method(loss=loss))
    for sample in range(4):
        outputs = plain_network.ACTIVATIONS[output](sums[:, sample].astype(np.longdouble))
        expected = float(plain_network.LOSSES[loss](outputs, targets[:, sample]))
        assert trace.losses[sample] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_a_loss_says_in_words_what_it_refuses(loss: str) -> None:
    refused = [name for name in ACTIVATIONS if not LOSSES[loss].accepts(name)]
    assert bool(refused) == bool(LOSSES[loss].needs)


# scores

def test_one_output_is_right_when_it_lies_on_its_targets_side() -> None:
    outputs = np.array([[0.4, 0.5, 0.9, 0.1]])
    targets = np.array([[0.0, 1.0, 1.0, 1.0]])
    assert accuracy(outputs, targets, 0.5) == 0.75
    assert accuracy(outputs - 0.5, targets, 0.0) == 0.75


def test_several_outputs_are_right_when_the_largest_is_the_class() -> None:
    outputs = np.array([[0.1, 0.9, 0.3], [0.7, 0.05, 0.3], [0.2, 0.05, 0.4]])
    assert accuracy(outputs, np.eye(3)[[1, 0, 0]].T, 0.5) == pytest.approx(2 / 3)


def test_determination_is_1_for_the_targets_themselves_and_0_for_their_mean() -> None:
    targets = np.array([[1.0, 2, 3, 6]])
    assert determination(targets, targets) == 1
    assert determination(np.full((1, 4), 3.0), targets) == 0
    assert determination(targets + 1, targets) == pytest.approx(1 - 4 / 14)


def test_determination_measures_each_output_from_its_own_mean() -> None:
    targets = np.array([[1.0, 2, 3], [101, 102, 103]])
    assert determination(np.array([[2.0, 2, 2], [102, 102, 102]]), targets) == 0


def test_scores_without_a_meaning_are_not_a_number() -> None:
    assert math.isnan(accuracy(np.empty((1, 0)), np.empty((1, 0)), 0.5))
    assert math.isnan(determination(np.empty((1, 0)), np.empty((1, 0))))
    assert math.isnan(determination(np.array([[1.0, 2]]), np.array([[5.0, 5]])))
