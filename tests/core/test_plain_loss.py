"""The formulas that gradients are checked by: the same functions as the kernel's, written apart from it."""

import ast
from pathlib import Path

import numpy as np
import pytest
from kernel_bench import ENDINGS, TRAINABLE, Array, problem, train_once

from nnsim.core import activations, losses, plain_loss
from nnsim.core.network import Network, join
from nnsim.core.plain_loss import PlainLoss
from nnsim.core.training import Method

SUMS = np.array([[-700.0, -30, -6, -1, -1e-9, 0, 1e-9, 0.3, 2, 9, 40, 700]])


def test_it_knows_every_activation_that_has_a_slope_and_every_loss() -> None:
    assert set(plain_loss.ACTIVATIONS) == set(TRAINABLE)
    assert set(plain_loss.LOSSES) == set(losses.LOSSES)


def test_it_takes_no_formula_from_the_kernel() -> None:
    tree = ast.parse(Path(plain_loss.__file__).read_text("utf-8"))
    imported = {f"{node.module}.{name.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names}
    assert {name for name in imported if name.startswith("nnsim.")} == {"nnsim.core.activations.Array",
                                                                        "nnsim.core.network.Network"}


@pytest.mark.parametrize("name", TRAINABLE)
def test_an_activation_is_the_kernels_near_and_far_and_warns_of_nothing(name: str) -> None:
    sums = np.vstack([SUMS, SUMS[:, ::-1]])
    with np.errstate(all="raise", under="ignore"):
        real, complex_ = plain_loss.ACTIVATIONS[name](sums), plain_loss.ACTIVATIONS[name](sums + 1e-20j)
    assert real == pytest.approx(activations.ACTIVATIONS[name](sums), rel=1e-13, abs=3e-14)
    assert complex_.real == pytest.approx(real, rel=1e-13, abs=3e-14)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "elu", "selu", "softplus", "swish", "sine"])
def test_an_output_near_0_keeps_its_digits(name: str) -> None:
    sums = np.array([[-40.0, -1e-9, 1e-9]])
    expected = activations.ACTIVATIONS[name](sums)
    assert plain_loss.ACTIVATIONS[name](sums + 1e-20j).real == pytest.approx(expected, rel=1e-14, abs=0)


@pytest.mark.parametrize("name", [name for name in TRAINABLE if name != "softmax"])
def test_an_imaginary_step_gives_the_activations_slope(name: str) -> None:
    sums = SUMS[np.abs(SUMS) > 1e-8]
    slope = plain_loss.ACTIVATIONS[name](sums + 1e-20j).imag / 1e-20
    assert slope == pytest.approx(activations.ACTIVATIONS[name].derivative(sums), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_the_samples_shares_sum_to_the_kernels_loss(output: str, loss: str) -> None:
    given = problem((3, 2), ("tanh", output), loss, seed=4)
    plain = PlainLoss(given.network, given.theta, given.inputs, given.targets, loss)
    shares = plain.shares(1, np.array([given.network.index(1, 2, 0)]), np.zeros(1))
    assert shares.shape == (1, 5)
    assert shares.sum() == pytest.approx(train_once(given, Method(loss=loss)).loss, rel=1e-13)


def linear(weights: list[list[float]], second: list[list[float]]) -> tuple[Network, Array]:
    """Two layers without a bend, biases 0."""
    network = Network(len(weights), (len(second), len(second[0])), ("identity", "identity"))
    return network, join([(np.array(weights), np.zeros(len(second))), (np.array(second), np.zeros(len(second[0])))])


def test_a_moved_weight_moves_the_loss_and_its_own_penalty_as_by_hand() -> None:
    network, theta = linear([[2.0], [3.0]], [[0.5]])
    plain = PlainLoss(network, theta, np.array([[1.0, 0.0], [0.0, 4.0]]), np.array([[0.0, 1.0]]), "mse", (), l1=0.1, l2=0.2)
    # outputs 1 and 6; with W[2,1] = 3.5 they are 1 and 7
    still, moved = plain.shares(0, np.array([1, 1]), np.array([0.0, 0.5]))
    assert still.tolist() == pytest.approx([1 / 2, 25 / 2, 0.1 * 3 + 0.1 * 9])
    assert moved.tolist() == pytest.approx([1 / 2, 36 / 2, 0.1 * 3.5 + 0.1 * 3.5**2])


def test_a_bias_has_no_penalty() -> None:
    network, theta = linear([[2.0], [3.0]], [[0.5]])
    plain = PlainLoss(network, theta, np.array([[1.0], [0.0]]), np.array([[0.0]]), "mse", (), l1=0.1, l2=0.2)
    assert plain.shares(0, np.array([2]), np.array([5.0]))[0, -1] == 0


def test_a_mask_stops_what_a_silenced_neuron_would_pass_on() -> None:
    network, theta = linear([[2.0, 1.0]], [[0.5], [3.0]])
    masks = (np.array([[0.0, 2.0], [2.0, 0.0]]), None)
    plain = PlainLoss(network, theta, np.array([[1.0, 1.0]]), np.zeros((1, 2)), "mae", masks)
    place = np.array([network.index(0, 0, 1)])
    assert plain.shares(0, place, np.zeros(1))[0].tolist() == [6 / 2, 2 / 2, 0]
    assert plain.shares(0, place, np.ones(1))[0].tolist() == [12 / 2, 2 / 2, 0]


def test_reach_is_how_far_the_farthest_sum_moves() -> None:
    network, theta = linear([[2.0], [3.0]], [[-50.0]])
    plain = PlainLoss(network, theta, np.array([[1.0, -4.0], [0.0, 0.1]]), np.zeros((1, 2)), "mse")
    steps = np.full(2, 0.01)
    # W[1,1] carries -4 into a weight of -50, W[2,1] carries 0.1 there
    assert plain.reach(0, np.array([0, 1]), steps) == pytest.approx([0.01 * 4 * 50, 0.01 * 0.1 * 50])
    assert plain.reach(1, network.offsets[1] + np.arange(2), steps) == pytest.approx([0.01 * 7.7, 0.01])
