"""The gradient check: that it finds what is wrong, lets pass what is right, and tells a kink from an error."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kernel_bench import ENDINGS, HIDDEN, Array, Problem, problem, train_once

from nnsim.core import gradient_check as module
from nnsim.core.activations import ACTIVATIONS, Operation
from nnsim.core.gradient_check import GradientCheck, gradient_check
from nnsim.core.losses import LOSSES
from nnsim.core.network import Network, join
from nnsim.core.trace import Trace
from nnsim.core.training import Method


def checked(given: Problem, method: Method, trace: Trace, places: Array | None = None) -> GradientCheck:
    """The check of a traced batch, of all parameters unless told."""
    if places is None:
        places = np.arange(given.network.parameter_count)
    running = gradient_check(given.network, method, trace, places)
    while True:
        try:
            next(running)
        except StopIteration as finished:
            check: GradientCheck = finished.value
            return check


def check_of(given: Problem, method: Method, **options: Any) -> GradientCheck:
    return checked(given, method, train_once(given, method, **options))


def spoilt(given: Problem, method: Method, trace: Trace, place: int, factor: float) -> GradientCheck:
    """The check where one entry of the kernel's gradient is wrong."""
    wrong = trace.step_gradient.copy()
    wrong[place] *= factor
    return checked(given, method, replace(trace, step_gradient=wrong))


def chain(weights: list[float], activation: str, inputs: list[float], targets: list[float], loss: str = "mse") -> Problem:
    """One input and single neurons one after the other, biases 0, the last one straight."""
    depth = len(weights)
    network = Network(1, (1,) * depth, (*(activation,) * (depth - 1), "identity"))
    theta = join([(np.array([[weight]]), np.zeros(1)) for weight in weights])
    return Problem(network, theta, np.array([inputs]), np.array([targets]))


def lively(activations: tuple[str, str], loss: str) -> Problem:
    """The first problem in which half of the gradients or more are not 0, as they would be behind dead neurons."""
    for seed in range(100):
        given = problem((3, 2), activations, loss, seed)
        if 2 * np.count_nonzero(train_once(given, Method(loss=loss)).gradient) >= given.network.parameter_count:
            return given
    raise AssertionError("all problems are dead")


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_every_gradient_agrees_behind_every_hidden_activation(output: str, loss: str) -> None:
    for hidden in HIDDEN:
        given = lively((hidden, output), loss)
        check = check_of(given, Method(loss=loss))
        assert check.count("agrees") == len(check.places) == given.network.parameter_count, hidden
        assert check.passed and check.largest_difference <= check.tolerance and not check.blurred.any()


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_a_wrong_gradient_is_found_and_named_behind_every_hidden_activation(output: str, loss: str) -> None:
    rng = np.random.default_rng(5)
    for hidden in HIDDEN:
        given = lively((hidden, output), loss)
        trace = train_once(given, Method(loss=loss))
        sizes = np.abs(trace.gradient)
        place = int(rng.choice(np.flatnonzero(sizes >= np.median(sizes[sizes > 0]))))
        check = spoilt(given, Method(loss=loss), trace, place, 1 + 1e-4)
        assert np.flatnonzero(check.verdicts == "differs").tolist() == [place], hidden
        assert check.places[check.worst] == place and not check.passed
        assert check.largest_difference == pytest.approx(1e-4, rel=1e-2)


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_an_error_of_five_millionths_is_found_in_every_weight_and_bias(hidden: str) -> None:
    given = problem((3, 2), (hidden, "sigmoid"), "bce", seed=2)
    trace = train_once(given, Method(loss="bce"))
    for place in range(given.network.parameter_count):
        check = spoilt(given, Method(loss="bce"), trace, place, 1 + 5e-6)
        assert (check.verdicts == "differs").tolist() == [at == place for at in range(len(check.places))]


@pytest.mark.parametrize("output", ["identity", "relu"])
def test_a_gradient_that_is_0_and_should_not_be_is_found(output: str) -> None:
    given = lively(("tanh", output), "mse")
    trace = train_once(given, Method())
    place = int(np.where(trace.gradient == 0, np.inf, np.abs(trace.gradient)).argmin())
    check = spoilt(given, Method(), trace, place, 0.0)
    assert (check.places[check.worst], check.largest_difference) == (place, 1)


def wrong_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield np.subtract, np.asarray(1.0), a, s


def test_a_wrong_slope_in_the_kernel_is_found_in_all_that_it_enters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "tanh", replace(ACTIVATIONS["tanh"], slope=wrong_slope))
    given = problem((3, 2), ("tanh", "identity"), "mse", seed=2)
    check = check_of(given, Method())
    first, second = np.split(check.verdicts, [given.network.offsets[1]])
    assert set(first) == {"differs"} and set(second) == {"agrees"}


def test_a_wrong_function_in_the_kernel_is_found_though_its_slope_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    # twice the slope and twice the function: back-propagation is right about a function that is no tanh
    def twice(z: Array, a: Array) -> Iterator[Operation]:
        yield np.tanh, z, a
        yield np.multiply, a, np.asarray(2.0), a

    def its_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
        yield np.multiply, a, a, s
        yield np.multiply, s, np.asarray(-0.5), s
        yield np.add, s, np.asarray(2.0), s

    monkeypatch.setitem(ACTIVATIONS, "tanh", replace(ACTIVATIONS["tanh"], forward=twice, slope=its_slope))
    assert check_of(problem((3, 2), ("tanh", "identity"), "mse", seed=2), Method()).count("agrees") == 0


def test_a_wrong_gradient_of_the_loss_is_found_in_every_weight_and_bias(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgets_the_2(a: Array, y: Array, out: Array, share: Array) -> Iterator[Operation]:
        yield np.subtract, a, y, out
        yield np.multiply, out, share, out

    monkeypatch.setitem(LOSSES, "mse", replace(LOSSES["mse"], gradient=forgets_the_2))
    check = check_of(problem((3, 2), ("tanh", "identity"), "mse", seed=2), Method())
    assert set(check.verdicts) == {"differs"}
    assert check.measured == pytest.approx(2 * check.gradients)
    assert check.differences == pytest.approx(0.5)


@pytest.mark.parametrize("hidden", ["swish", "relu"])
def test_penalties_and_the_mask_count_and_clipping_does_not(hidden: str) -> None:
    given = problem((4, 3, 2), (hidden, hidden, "sigmoid"), "bce", seed=6)
    rng = np.random.default_rng(5)
    masks = tuple((rng.random((width, 4)) >= 0.4) / 0.6 for width in (4, 3))
    method = Method(loss="bce", l1=0.02, l2=0.3, dropout=0.4, clip_norm=0.05)
    trace = train_once(given, method, masks=masks)
    check = checked(given, method, trace)
    assert trace.clip_factor < 0.5 and check.clip_factor == trace.clip_factor
    assert check.count("agrees") == len(check.places)
    penalties = given.network.is_weight() * (0.02 * np.sign(given.theta) + 0.3 * given.theta)
    assert check.gradients == pytest.approx(trace.gradient + penalties, rel=1e-12)
    # another mask is another loss
    others = tuple(None if mask is None else mask[:, ::-1] for mask in trace.masks)
    assert not checked(given, method, replace(trace, masks=others)).passed


@pytest.mark.parametrize("method", [Method(l1=0.02), Method(l2=0.3)])
def test_a_forgotten_penalty_is_found_in_the_weights(method: Method) -> None:
    given = problem((3, 2), ("tanh", "identity"), "mse", seed=2)
    check = checked(given, method, train_once(given, Method()))
    assert np.array_equal(check.verdicts == "differs", given.network.is_weight() == 1)


@pytest.mark.parametrize("activation", ["relu", "leaky-relu", "selu"])
def test_a_sum_of_0_before_a_bent_activation_is_a_kink_of_its_bias(activation: str) -> None:
    given = chain([1.5, 0.7], activation, [0.0, 1.0], [0.4, 2.0])
    check = check_of(given, Method())
    # of the first layer, the weight meets an input of 0, but the bias moves the sum off the kink
    assert check.verdicts.tolist() == ["agrees", "kink", "agrees", "agrees"]
    assert check.passed
    low, high, gradient = check.lowest[1], check.highest[1], check.gradients[1]
    below, above = (ACTIVATIONS[activation].derivative(np.array([[z]])).item() for z in (-1e-9, 1e-9))
    # sample 1 has an error of -0.4 and its share of the mean is (a - y) · 0.7 · f'; sample 2 goes on as ever
    jump = -0.4 * 0.7 * (above - below)
    assert high - low == pytest.approx(abs(jump), rel=1e-5)
    assert gradient == pytest.approx(high if jump < 0 else low, abs=1e-6)
    assert check.lowest[0] == check.highest[0] == check.measured[0]


@pytest.mark.parametrize(("beyond", "verdict"), [(-0.1, "kink"), (0.01, "differs"), (-0.3, "differs")])
def test_a_wrong_gradient_at_a_kink_differs_where_no_slope_beside_it_is_such(beyond: float, verdict: str) -> None:
    given = chain([1.5, 0.7], "relu", [0.0, 1.0], [0.4, 2.0])
    trace = train_once(given, Method())
    wrong = trace.step_gradient.copy()
    wrong[1] += beyond  # right is the end of the kink above, and 0.28 below it is the other one
    assert checked(given, Method(), replace(trace, step_gradient=wrong)).verdicts[1] == verdict


def test_kinks_of_two_samples_that_make_up_for_each_other_are_kinks() -> None:
    # the weight of 0 keeps both sums at 0; moved, one sample begins as the other ends, and the slope is 1 on both sides
    given = chain([0.0, 1.0], "relu", [1.0, -1.0], [-1.0, 1.0])
    check = check_of(given, Method())
    assert check.measured[0] == pytest.approx(1)
    assert check.gradients[0] == 0
    assert check.verdicts[0] == "kink"


def test_an_error_of_exactly_0_is_a_kink_of_the_absolute_error() -> None:
    given = chain([2.0], "identity", [3.0, 1.0], [6.0, 0.0])
    check = check_of(given, Method(loss="mae"))
    assert set(check.verdicts) == {"kink"}
    assert check.lowest == pytest.approx([(1 - 3) / 2, 0], abs=1e-6)
    assert check.highest == pytest.approx([(1 + 3) / 2, 1], abs=1e-6)


def test_a_margin_of_exactly_1_is_a_kink_of_the_hinge() -> None:
    given = chain([0.5], "identity", [2.0, -1.0], [1.0, 1.0])
    check = check_of(given, Method(loss="hinge"))
    assert set(check.verdicts) == {"kink"}
    assert check.lowest == pytest.approx([(-2 + 1) / 2, -1], abs=1e-6)
    assert check.highest == pytest.approx([1 / 2, -1 / 2], abs=1e-6)


def test_a_weight_of_0_is_a_kink_of_its_l1_penalty_and_a_bias_of_0_is_none() -> None:
    given = chain([0.0, 0.7], "tanh", [0.5, 1.0], [0.4, 2.0])
    check = check_of(given, Method(l1=0.01))
    assert check.verdicts.tolist() == ["kink", "agrees", "agrees", "agrees"]
    assert check.highest[0] - check.lowest[0] == pytest.approx(0.02, rel=1e-4)


@pytest.mark.parametrize("precision", [np.float64, np.float32])
@pytest.mark.parametrize("distance", [1e-2, 1e-4, 1e-6, -1e-6])
def test_a_kink_that_is_merely_near_is_none(distance: float, precision: type) -> None:
    given = chain([1.5, 0.7], "relu", [distance, 1.0], [0.4, 2.0])
    assert set(check_of(given, Method(), dtype=precision).verdicts) == {"agrees"}


def test_two_kinks_that_lie_like_mirror_images_do_not_hide_each_other() -> None:
    # the middle neurons wake up on either side of 0, one with a weight of 1 and one of -1: both sides have the same slope
    network = Network(1, (1, 2, 1), ("identity", "relu", "identity"))
    theta = join([(np.zeros((1, 1)), np.zeros(1)), (np.array([[1.0, -1.0]]), np.full(2, -1e-5)),
                  (np.array([[1.0], [-1.0]]), np.zeros(1))])
    given = Problem(network, theta, np.ones((1, 1)), np.ones((1, 1)))
    check = check_of(given, Method(loss="mae"))
    assert check.gradients[0] == check.measured[0] == 0
    assert set(check.verdicts) == {"agrees"}


def test_in_single_precision_a_sum_on_the_wrong_side_of_a_kink_is_no_error() -> None:
    network = Network(6, (1, 1), ("relu", "identity"))
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        weights, inputs = (rng.uniform(-5, 5, 6).astype(np.float32).astype(np.float64) for _ in range(2))
        bias = float(np.float32(-(weights @ inputs)))
        theta = join([(weights[:, np.newaxis], np.array([bias])), (np.ones((1, 1)), np.zeros(1))])
        given = Problem(network, theta, np.column_stack([inputs, np.ones(6)]), np.full((1, 2), 2.0))
        trace = train_once(given, Method(), dtype=np.float32)
        exact = weights @ inputs + bias
        if abs(exact) > 4e-7 and (trace.sums[0][0, 0] > 0) != (exact > 0):
            break
    else:
        raise AssertionError("no sum was rounded across 0")
    check = checked(given, Method(), trace)
    assert check.passed and check.count("kink") > 0


@pytest.mark.parametrize(("hidden", "loss"), [("elu", "mse"), ("tanh", "huber")])
def test_where_a_slope_only_bends_there_is_no_kink(hidden: str, loss: str) -> None:
    given = chain([1.5, 0.7], hidden, [0.0, 1.0], [1.0, 2.0])
    check = check_of(given, Method(loss=loss))
    assert set(check.verdicts) == {"agrees"} and check.way == "complex step"


@pytest.mark.parametrize(("activations", "method", "way"), [
    (("tanh", "softmax"), Method(loss="cross-entropy", l2=0.1), "complex step"),
    (("gelu", "identity"), Method(loss="huber"), "complex step"),
    (("tanh", "relu"), Method(), "differences"),
    (("tanh", "identity"), Method(loss="mae"), "differences"),
    (("tanh", "identity"), Method(loss="hinge"), "differences"),
    (("tanh", "identity"), Method(l1=0.1), "differences"),
])
def test_differences_are_taken_where_a_slope_may_jump(activations: tuple[str, str], method: Method, way: str) -> None:
    check = check_of(problem((3, 2), activations, method.loss, seed=2), method)
    assert check.way == way and check.passed


@pytest.mark.parametrize(("output", "loss"), ENDINGS)
def test_single_precision_is_judged_by_its_own_measure(output: str, loss: str) -> None:
    for hidden in HIDDEN:
        given = lively((hidden, output), loss)
        trace = train_once(given, Method(loss=loss), dtype=np.float32)
        check = checked(given, Method(loss=loss), trace)
        assert check.passed and check.count("agrees") > 0, hidden
        assert check.gradients.dtype == check.measured.dtype == np.float64
        place = int(np.abs(trace.gradient).argmax())
        check = spoilt(given, Method(loss=loss), trace, place, 1.01)
        assert np.flatnonzero(check.verdicts == "differs").tolist() == [place], hidden


@pytest.mark.parametrize("size", [1e3, 1e6])
def test_inputs_in_the_thousands_and_millions_are_moved_by_shorter_steps(size: float) -> None:
    given = chain([1.5 / size, 0.7], "tanh", [0.3 * size, -0.8 * size], [0.4, 2.0], "mae")
    check = check_of(given, Method(loss="mae"))
    assert check.way == "differences" and set(check.verdicts) == {"agrees"}
    assert check.largest_difference < 1e-8


def test_a_sum_that_has_lost_its_digits_is_neither_an_error_nor_a_kink() -> None:
    # two terms of 10⁸ that cancel to 1 leave eight digits, of which differences take some more
    network = Network(2, (1,), ("identity",))
    rng = np.random.default_rng(1)
    for _ in range(20):
        first = rng.uniform(1, 2)
        given = Problem(network, np.array([first, first + 1e-8 * rng.uniform(), 0.1]), np.array([[1e8], [-1e8]]), np.array([[3.0]]))
        assert set(check_of(given, Method(loss="mae")).verdicts) == {"agrees"}


@pytest.mark.parametrize("hidden", ["tanh", "gelu", "relu", "selu"])
@pytest.mark.parametrize("scale", [1e-3, 10])
def test_weights_out_of_all_proportion_are_neither_errors_nor_kinks(hidden: str, scale: float) -> None:
    for loss, output in (("mse", "tanh"), ("mae", "identity"), ("bce", "sigmoid"), ("hinge", "sine")):
        given = problem((8, 8, 8, 8, 2), (hidden, hidden, hidden, hidden, output), loss, seed=8)
        wild = Problem(given.network, given.theta * scale, given.inputs, given.targets)
        assert set(check_of(wild, Method(loss=loss)).verdicts) == {"agrees"}


def test_gradients_that_rounding_has_eaten_are_counted_as_such() -> None:
    given = problem((5, 2), ("tanh", "tanh"), "mse", seed=8)
    assert not check_of(given, Method()).blurred.any()
    wild = check_of(Problem(given.network, given.theta * 1000, given.inputs, given.targets), Method())
    assert wild.blurred.sum() > len(wild.places) // 2
    assert not wild.blurred[wild.worst] and wild.largest_difference <= wild.tolerance


def test_gradients_of_exactly_0_agree_in_all_digits_and_are_not_blurred() -> None:
    given = chain([-1.0, 0.7], "relu", [1.0, 2.0], [0.4, 2.0])
    check = check_of(given, Method())
    assert check.gradients[:3].tolist() == check.measured[:3].tolist() == [0, 0, 0]
    assert check.differences[:3].tolist() == [0, 0, 0]
    assert set(check.verdicts) == {"agrees"} and not check.blurred.any()


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_only_the_chosen_places_are_checked(hidden: str) -> None:
    given = problem((3, 2), (hidden, "identity"), "mse", seed=2)
    trace, places = train_once(given, Method()), np.array([1, 7, 12, 18])
    some, everything = checked(given, Method(), trace, places), checked(given, Method(), trace)
    assert np.array_equal(some.places, places)
    assert np.array_equal(some.gradients, everything.gradients[places])
    assert some.measured == pytest.approx(everything.measured[places], rel=1e-8)


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_how_many_are_computed_together_does_not_matter(hidden: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = problem((3, 2), (hidden, "identity"), "mse", seed=2)
    together = check_of(given, Method())
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", 1)
    trace = train_once(given, Method())
    shares = list(gradient_check(given.network, Method(), trace, np.arange(20)))
    assert shares == pytest.approx(np.arange(21) / 20)
    one_by_one = checked(given, Method(), trace)
    assert np.array_equal(one_by_one.verdicts, together.verdicts)
    assert one_by_one.measured == pytest.approx(together.measured, rel=1e-8)


def test_the_worst_is_no_kink_unless_all_are() -> None:
    given = chain([1.5, 0.7], "relu", [0.0, 1.0], [0.4, 2.0])
    some = check_of(given, Method())
    assert some.differences[1] > 0.1 > some.largest_difference
    assert some.verdicts[some.worst] == "agrees"
    kink = checked(given, Method(), train_once(given, Method()), np.array([1]))
    assert (kink.worst, kink.largest_difference, kink.passed) == (0, 0.0, True)


def test_the_result_cannot_be_written_to() -> None:
    check = check_of(problem((3, 2), ("relu", "identity"), "mse", seed=2), Method())
    arrays = (check.places, check.gradients, check.measured, check.lowest, check.highest, check.differences, check.doubts,
              check.verdicts)
    assert not any(array.flags.writeable for array in arrays)
