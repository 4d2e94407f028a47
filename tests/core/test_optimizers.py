"""Optimizers: the table's sense, and each first step worked out by hand."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnsim.core.network import Network
from nnsim.core.optimizers import OPTIMIZERS, Stage
from nnsim.core.training import Method, State, Trainer

Array = NDArray[Any]
THETA, GRADIENT, RATE = np.array([1.0, -2.0, 0.5]), np.array([0.1, 0.0, -4.0]), 0.01


def settings_of(name: str) -> dict[str, float]:
    return {key: setting.default for key, setting in OPTIMIZERS[name].settings.items()}


def steps_of(name: str, count: int, **settings: float) -> tuple[Array, dict[str, Array]]:
    """Theta and memory after ``count`` steps along the same gradient."""
    memory = {key: np.zeros(3) for key in OPTIMIZERS[name].memory}
    stage = Stage(THETA.copy(), GRADIENT.copy(), np.array(RATE), memory, settings_of(name) | settings)
    operations = list(OPTIMIZERS[name].update(stage))
    for _ in range(count):
        stage.steps += 1
        for function, *arguments in operations:
            function(*arguments)
    return stage.theta, memory


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_defaults_lie_within_their_limits_and_everything_is_named(name: str) -> None:
    optimizer = OPTIMIZERS[name]
    assert name == optimizer.name and optimizer.title and optimizer.formula and optimizer.hint
    for key, setting in optimizer.settings.items():
        low, high = setting.limits
        assert low < high and low <= setting.default <= high, key
        assert setting.title and setting.description.endswith(".")


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_every_memory_that_is_named_is_used(name: str) -> None:
    _, memory = steps_of(name, 2)
    assert all(vector.any() for vector in memory.values())


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_a_gradient_of_0_moves_nothing_but_by_weight_decay(name: str) -> None:
    theta, _ = steps_of(name, 3)
    decay = (1 - RATE * 0.01) ** 3 if name == "adamw" else 1
    assert theta[1] == pytest.approx(THETA[1] * decay, rel=1e-15)


@pytest.mark.parametrize(("name", "expected"), [
    ("gradient-descent", THETA - RATE * GRADIENT),
    ("perceptron", THETA - RATE * GRADIENT),
    ("momentum", THETA - RATE * GRADIENT),
    ("nesterov", THETA - RATE * (GRADIENT + 0.9 * GRADIENT)),
    ("adagrad", THETA - RATE * GRADIENT / (np.abs(GRADIENT) + 1e-10)),
    ("rmsprop", THETA - RATE * GRADIENT / (0.1 * np.abs(GRADIENT) + 1e-8)),
    ("adam", THETA - RATE * GRADIENT / (np.abs(GRADIENT) + 1e-8)),
    ("adamw", THETA * (1 - RATE * 0.01) - RATE * GRADIENT / (np.abs(GRADIENT) + 1e-8)),
])
def test_the_first_step_is_that_of_the_formula(name: str, expected: Array) -> None:
    assert np.allclose(steps_of(name, 1)[0], expected, rtol=1e-13, atol=0)


def test_momentum_builds_up_to_its_limit() -> None:
    theta, memory = steps_of("momentum", 200, momentum=0.5)
    assert np.allclose(memory["velocity"], GRADIENT / (1 - 0.5), rtol=1e-15)
    assert np.allclose(theta, THETA - RATE * GRADIENT * (2 * 200 - 2), rtol=1e-12)


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_without_momentum_it_is_plain_gradient_descent(name: str) -> None:
    assert np.array_equal(steps_of(name, 5, momentum=0)[0], steps_of("gradient-descent", 5)[0])


def test_adamw_without_decay_is_adam() -> None:
    assert np.array_equal(steps_of("adamw", 5, weight_decay=0)[0], steps_of("adam", 5)[0])


def test_adam_keeps_its_pace_along_a_steady_gradient() -> None:
    theta, _ = steps_of("adam", 50)
    assert theta[0] == pytest.approx(THETA[0] - 50 * RATE, rel=1e-6)
    assert theta[2] == pytest.approx(THETA[2] + 50 * RATE, rel=1e-6)


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_memory_of_another_optimizer_starts_from_0(name: str) -> None:
    network = Network(1, (1,), ("step" if name == "perceptron" else "tanh",))
    trainer = Trainer(network, Method(optimizer=name, settings=settings_of(name)))
    trainer.load(State(np.ones(2), {"another": np.ones(2)}, 17))
    state = trainer.state()
    assert state.theta.tolist() == [1, 1]
    assert all(not vector.any() for vector in state.memory.values())
    assert state.steps == 0


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_a_state_taken_and_loaded_goes_on_to_the_same_bits(name: str) -> None:
    network = Network(2, (3,), ("step" if name == "perceptron" else "tanh",))
    method = Method(optimizer=name, settings=settings_of(name))
    inputs, targets = np.vstack([np.random.default_rng(0).normal(size=(2, 5)), np.ones(5)]), np.ones((3, 5))
    first, second = Trainer(network, method), Trainer(network, method)
    first.load(State(np.linspace(-1, 1, 9), {}, 0))
    for trainer in (first, second):
        trainer.stage.rate[()] = 0.1
    first.workspace(5).run(inputs, targets)
    second.load(first.state())
    for trainer in (first, second):
        trainer.workspace(5).run(inputs, targets)
    assert first.state().theta.tobytes() == second.state().theta.tobytes()
    assert {key: vector.tobytes() for key, vector in first.state().memory.items()} == {
        key: vector.tobytes() for key, vector in second.state().memory.items()}
    assert first.state().steps == second.state().steps == 2


def test_a_parameter_that_is_not_finite_is_noticed() -> None:
    trainer = Trainer(Network(1, (1,), ("tanh",)), Method())
    for value, finite in ((1e308, True), (math.inf, False), (-math.inf, False), (math.nan, False)):
        trainer.theta[1] = value
        with np.errstate(all="ignore"):
            assert trainer.is_finite == finite
