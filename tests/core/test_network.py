"""Parameters as one vector: where each weight and bias lies."""

import numpy as np

from nnsim.core.forward import predict
from nnsim.core.network import Network, join

NETWORK = Network(3, (4, 2), ("tanh", "identity"))


def test_every_parameter_has_one_place() -> None:
    places = [NETWORK.index(layer, row, neuron)
              for layer, (inputs, width) in enumerate(zip(NETWORK.sizes, NETWORK.widths, strict=False))
              for row in range(inputs + 1) for neuron in range(width)]
    assert places == list(range(NETWORK.parameter_count)) == list(range(4 * 4 + 5 * 2))


def test_layers_weights_and_biases_are_views_of_theta() -> None:
    theta = np.arange(NETWORK.parameter_count, dtype=float)
    weights, biases = NETWORK.weights(theta), NETWORK.biases(theta)
    assert [array.shape for array in weights] == [(3, 4), (4, 2)]
    assert [array.shape for array in biases] == [(4,), (2,)]
    weights[1][2, 1] = -7
    biases[0][3] = -8
    assert theta[NETWORK.index(1, 2, 1)] == -7
    assert theta[NETWORK.index(0, 3, 3)] == -8


def test_joining_the_layers_gives_theta_back() -> None:
    theta = np.arange(NETWORK.parameter_count, dtype=float)
    joined = join(list(zip(NETWORK.weights(theta), NETWORK.biases(theta), strict=True)))
    assert np.array_equal(joined, theta)
    assert not np.shares_memory(joined, theta)


def test_weights_are_marked_apart_from_biases() -> None:
    mask = NETWORK.is_weight()
    assert all((weights == 1).all() for weights in NETWORK.weights(mask))
    assert all((biases == 0).all() for biases in NETWORK.biases(mask))


def test_predictions_are_the_formula_row_by_row() -> None:
    theta = np.linspace(-1, 1, NETWORK.parameter_count)
    rows = np.array([[0.5, -1, 2], [1, 1, 1]])
    (first, second), (b1, b2) = NETWORK.weights(theta), NETWORK.biases(theta)
    expected = np.tanh(rows @ first + b1) @ second + b2
    assert np.allclose(predict(NETWORK, theta, rows), expected, rtol=1e-14)
    assert predict(NETWORK, theta, rows[:0]).shape == (0, 2)
