"""Own losses: their mean is the loss that training measures, however far outputs are from their targets."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.activations import Array
from nnsim.core.network import join
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.own_losses import own_losses
from nnsim.engine.simulation import Simulation

BINARY = [("sigmoid", "mse"), ("sigmoid", "bce"), ("identity", "bce-logits"), ("tanh", "hinge"), ("tanh", "huber"), ("relu", "mae")]


def frame_of(source: str, activation: str, loss: str, width: int, precision: str = "float64") -> Frame:
    experiment = Experiment(data=Data(source=source, samples=60), precision=precision, learning=Learning(loss=loss, rate=0.05),
                            layers=(Layer(width=4), Layer(width=width, activation=activation)))
    simulation = Simulation(experiment)
    simulation.run(epochs=2)
    return simulation.look(Wants(predictions=True))


def train_losses(frame: Frame) -> Array:
    assert frame.train_outputs is not None
    return own_losses(frame, frame.dataset.train, frame.train_outputs)


@pytest.mark.parametrize(("activation", "loss"), BINARY)
def test_their_mean_is_the_loss_of_two_classes(activation: str, loss: str) -> None:
    frame = frame_of("ring", activation, loss, 1)
    assert train_losses(frame).mean() == pytest.approx(frame.train.loss, rel=1e-12)


@pytest.mark.parametrize(("activation", "loss"), [("softmax", "cross-entropy"), ("sigmoid", "bce"), ("softmax", "mse")])
def test_their_mean_is_the_loss_of_many_classes_also_on_test_rows(activation: str, loss: str) -> None:
    frame = frame_of("iris", activation, loss, 3)
    assert frame.test_outputs is not None and frame.test is not None
    assert train_losses(frame).mean() == pytest.approx(frame.train.loss, rel=1e-12)
    assert own_losses(frame, frame.dataset.test, frame.test_outputs).mean() == pytest.approx(frame.test.loss, rel=1e-12)


def test_their_mean_is_the_loss_of_several_numbers() -> None:
    frame = frame_of("textbook", "identity", "mse", 2)
    assert train_losses(frame).mean() == pytest.approx(frame.train.loss, rel=1e-12)


def sure(activation: str, loss: str, width: int, precision: str = "float64") -> Frame:
    """A frame of a network of one layer whose outputs lie at 0 and 1 to the last bit, and are wrong half of the time."""
    experiment = Experiment(data=Data(source="xor-blobs" if width == 1 else "iris", samples=40), precision=precision,
                            learning=Learning(loss=loss), layers=(Layer(width=width, activation=activation),))
    simulation = Simulation(experiment)
    inputs = simulation.network.inputs
    weights = 300 * np.arange(1, inputs * width + 1).reshape(inputs, width) % 71
    theta = join([(weights.astype(float), np.zeros(width))]).astype(precision)
    replay_part = simulation.replay.train
    outputs = replay_part.outputs(theta).T.copy()
    return replace(simulation.frame, theta=theta, train_outputs=outputs, train=replay_part.score(theta, loss))


@pytest.mark.parametrize(("activation", "loss", "width"), [("sigmoid", "bce", 1), ("softmax", "cross-entropy", 3)])
def test_an_output_that_is_wrong_to_the_last_bit_has_a_loss_all_the_same(activation: str, loss: str, width: int) -> None:
    frame = sure(activation, loss, width)
    losses = train_losses(frame)
    assert frame.train_outputs is not None and np.isin(frame.train_outputs, (0, 1)).any()
    assert np.isfinite(losses).all() and losses.max() > 40
    assert losses.mean() == pytest.approx(frame.train.loss, rel=1e-12)


def test_single_precision_is_as_near_as_it_can_be() -> None:
    frame = sure("sigmoid", "bce", 1, "float32")
    assert train_losses(frame).mean() == pytest.approx(frame.train.loss, rel=1e-5)


def test_an_output_that_is_not_finite_has_no_finite_loss() -> None:
    frame = frame_of("plane", "identity", "mse", 1)
    assert frame.train_outputs is not None
    outputs = frame.train_outputs.copy()
    outputs[:2, 0] = np.nan, np.inf
    losses = own_losses(frame, frame.dataset.train, outputs)
    assert np.isnan(losses[0]) and np.isposinf(losses[1]) and np.isfinite(losses[2:]).all()
