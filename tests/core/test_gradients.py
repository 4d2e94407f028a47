"""The kernel's gradients against the plain network's, for everything that goes together, to twelve digits."""

import numpy as np
import pytest
from kernel_bench import ENDINGS, HIDDEN, Array, Problem, problem, train_once
from plain_network import DIFFERENCE_STEP, PlainNetwork

from nnsim.core.trace import Trace
from nnsim.core.training import CLIP_GUARD, Method

TOLERANCE = 1e-12
DIFFERENCE_TOLERANCE = max(TOLERANCE, 10 * float(np.finfo(np.longdouble).eps) / DIFFERENCE_STEP)
LEAST_KINK_DISTANCE = 1e-3


def difference(found: Array, expected: Array) -> float:
    """The distance of two vectors as a share of the second's length."""
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def smooth_problem(widths: tuple[int, ...], activations: tuple[str, ...], loss: str) -> tuple[Problem, PlainNetwork]:
    """The first problem that lies away from all kinks and has an output that is not 0, and the plain network for it."""
    for seed in range(1000):
        given = problem(widths, activations, loss, seed)
        plain = PlainNetwork(given.network.sizes, activations, loss)
        last = [plain.forward(given.theta, x, 0)[1][-1] for x in given.inputs.T]
        if np.any(last) and plain.kink_distance(given.theta, given.inputs, given.targets) > LEAST_KINK_DISTANCE:
            return given, plain
    raise AssertionError("no problem lies away from all kinks")


def with_everything(output: str, loss: str) -> tuple[Problem, Trace, PlainNetwork]:
    """Three layers with penalties and dropout: the trace, and the plain network with the trace's own masks."""
    given, _ = smooth_problem((4, 3, 2), ("swish", "tanh", output), loss)
    rng = np.random.default_rng(5)
    drawn = tuple((rng.random((width, given.inputs.shape[1])) >= 0.4) / 0.6 for width in (4, 3))
    trace = train_once(given, Method(loss=loss, l1=0.02, l2=0.3, dropout=0.4), masks=drawn)
    masks = [mask for mask in trace.masks if mask is not None]
    assert len(masks) == 2
    plain = PlainNetwork(given.network.sizes, given.network.activations, loss, 0.02, 0.3, masks)
    return given, trace, plain


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_gradients_match_the_complex_step_behind_every_hidden_activation(output: str, loss: str) -> None:
    worst = {}
    for hidden in HIDDEN:
        given, plain = smooth_problem((3, 2), (hidden, output), loss)
        trace = train_once(given, Method(loss=loss))
        worst[hidden] = difference(trace.gradient, plain.complex_step(given.theta, given.inputs, given.targets))
    assert {hidden: error for hidden, error in worst.items() if not error <= TOLERANCE} == {}


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_losses_match_the_plain_loss(output: str, loss: str) -> None:
    given, plain = smooth_problem((3, 2), ("tanh", output), loss)
    trace = train_once(given, Method(loss=loss))
    expected = float(plain.mean_loss(given.theta, given.inputs, given.targets))
    assert trace.loss == pytest.approx(expected, rel=1e-13)
    assert float(trace.losses.mean()) == pytest.approx(trace.loss, rel=1e-14)


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_gradients_with_penalties_and_dropout_match_the_complex_step(output: str, loss: str) -> None:
    given, trace, plain = with_everything(output, loss)
    expected = plain.complex_step(given.theta, given.inputs, given.targets)
    assert difference(trace.step_gradient, expected) <= TOLERANCE
    assert difference(trace.step_gradient, trace.gradient) > 1e-3  # the penalties are no part of the loss's own gradient


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_gradients_match_differences_in_extended_precision(output: str, loss: str) -> None:
    given, plain = smooth_problem((3, 2), ("swish", output), loss)
    trace = train_once(given, Method(loss=loss))
    assert difference(trace.gradient, plain.differences(given.theta, given.inputs, given.targets)) <= DIFFERENCE_TOLERANCE


@pytest.mark.parametrize("hidden", HIDDEN)
def test_both_oracles_agree_with_each_other_for_every_activation(hidden: str) -> None:
    given, plain = smooth_problem((3, 2), (hidden, "identity"), "mse")
    by_step = plain.complex_step(given.theta, given.inputs, given.targets)
    by_difference = plain.differences(given.theta, given.inputs, given.targets)
    assert difference(by_difference, by_step) <= DIFFERENCE_TOLERANCE


@pytest.mark.parametrize("oracle", ["complex_step", "differences"])
@pytest.mark.parametrize("place", range(20))
def test_an_error_of_a_billionth_in_any_entry_is_found(oracle: str, place: int) -> None:
    given, plain = smooth_problem((3, 2), ("tanh", "sigmoid"), "bce")
    wrong = train_once(given, Method(loss="bce")).gradient.copy()
    wrong[place] += 1e-9 * np.linalg.norm(wrong)
    expected = getattr(plain, oracle)(given.theta, given.inputs, given.targets)
    assert difference(wrong, expected) > 10 * DIFFERENCE_TOLERANCE


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_a_batch_has_the_mean_of_its_samples_gradients(output: str, loss: str) -> None:
    given, _ = smooth_problem((3, 2), ("tanh", output), loss)
    whole = train_once(given, Method(loss=loss)).gradient
    singly = [
        train_once(Problem(given.network, given.theta, given.inputs[:, [i]], given.targets[:, [i]]), Method(loss=loss)).gradient
        for i in range(given.inputs.shape[1])
    ]
    assert difference(whole, np.mean(singly, axis=0)) < TOLERANCE


def test_the_numbers_of_a_trace_fit_together() -> None:
    _, trace, plain = with_everything("tanh", "mse")
    for layer, (weights, biases) in enumerate(plain.layers(trace.gradient)):
        arriving = trace.inputs if layer == 0 else trace.passed[layer - 1]
        assert np.allclose(weights, arriving @ trace.deltas[layer].T, rtol=1e-13, atol=1e-16)
        assert np.allclose(biases, trace.deltas[layer].sum(axis=1), rtol=1e-13, atol=1e-16)
        gradients, slopes = trace.output_gradients[layer], trace.slopes[layer]
        assert gradients is not None and slopes is not None
        assert np.array_equal(trace.deltas[layer], gradients * slopes)
    for outputs, mask, passed in zip(trace.outputs, trace.masks, trace.passed, strict=True):
        assert np.array_equal(passed, outputs if mask is None else outputs * mask)


def test_arrays_of_a_trace_are_read_only_copies() -> None:
    _, trace, _ = with_everything("tanh", "mse")
    arrays = [trace.inputs, trace.targets, trace.gradient, trace.before, trace.after, *trace.sums, *trace.deltas, *trace.passed]
    assert not any(array.flags.writeable for array in arrays)
    assert all(array.flags.owndata for array in arrays)


@pytest.mark.parametrize("clip_norm", [1e-3, 0.05, 1e3])
def test_clipping_shortens_a_long_gradient_and_leaves_a_short_one(clip_norm: float) -> None:
    given, _ = smooth_problem((3, 2), ("tanh", "sigmoid"), "mse")
    trace = train_once(given, Method(clip_norm=clip_norm))
    length = float(np.linalg.norm(trace.gradient))
    expected = min(1.0, clip_norm / (length + CLIP_GUARD))
    assert trace.clip_factor == pytest.approx(expected, rel=1e-14)
    assert np.allclose(trace.step_gradient, trace.gradient * expected, rtol=1e-14, atol=0)
    assert np.linalg.norm(trace.step_gradient) <= clip_norm or trace.clip_factor == 1


@pytest.mark.parametrize(("dtype", "size"), [(np.float64, 1e200), (np.float32, 1e30)])
def test_clipping_a_gradient_whose_squares_overflow_keeps_its_direction(dtype: type, size: float) -> None:
    given = problem((2,), ("identity",), "mae", seed=0)
    steep = Problem(given.network, given.theta, given.inputs * size, given.targets)
    trace = train_once(steep, Method(loss="mae", clip_norm=0.5), dtype=dtype)
    direction = trace.gradient / np.abs(trace.gradient).max()
    assert np.allclose(trace.step_gradient, 0.5 * direction / np.linalg.norm(direction), rtol=1e-6, atol=1e-9)
    assert 0 < trace.clip_factor < 1e-20


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_single_precision_computes_the_same_to_its_own_digits(output: str, loss: str) -> None:
    given, _ = smooth_problem((3, 2), ("tanh", output), loss)
    double = train_once(given, Method(loss=loss))
    single = train_once(given, Method(loss=loss), dtype=np.float32)
    assert single.gradient.dtype == single.after.dtype == single.sums[0].dtype == np.float32
    assert difference(single.gradient, double.gradient) < 1e-5


# a batch of the perceptron rule

def test_the_perceptron_rule_moves_only_for_mistakes() -> None:
    given = problem((2,), ("step",), "mse", seed=1)
    targets = np.array([[1.0, 0, 1, 0], [0, 1, 1, 0]])
    given = Problem(given.network, given.theta, given.inputs, targets)
    trace = train_once(given, Method(optimizer="perceptron"), rate=0.5)
    errors = targets - trace.outputs[0]
    assert set(errors.ravel()) == {-1.0, 0.0, 1.0}
    moved = (trace.after - trace.before).reshape(4, 2)
    assert np.allclose(moved[:3], 0.5 * given.inputs @ errors.T, rtol=1e-14, atol=1e-15)
    assert np.allclose(moved[3], 0.5 * errors.sum(axis=1), rtol=1e-14, atol=1e-15)
