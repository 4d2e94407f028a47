"""All weights at a glance are the frame's own weights, only scaled."""

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.simulation import Simulation
from nnsim.picture.weight_images import weight_images


def test_neurons_that_see_a_picture_become_pictures() -> None:
    frame = Simulation(example("digits").experiment).frame
    first, *others = weight_images(frame).layers
    assert first.images is not None and first.images.shape == (frame.network.widths[0], 8, 8)
    weights = frame.weights[0]
    assert np.array_equal(first.images[3].ravel(), weights[:, 3] / np.abs(weights).max())
    assert all(layer.images is None and layer.matrix is not None for layer in others)


def test_other_layers_become_matrices_with_a_row_a_neuron() -> None:
    frame = Simulation(example("ring").experiment).frame
    for layer, weights in zip(weight_images(frame).layers, frame.weights, strict=True):
        assert layer.matrix is not None and layer.matrix.shape == weights.T.shape
        assert np.abs(layer.matrix).max() == pytest.approx(1)


def test_the_distribution_is_symmetric_around_zero_and_reaches_the_largest_weight() -> None:
    frame = Simulation(example("ring").experiment).frame
    picture = weight_images(frame)
    middles = [middle for middle, _ in picture.distribution]
    assert picture.reach == max(np.abs(weights).max() for weights in frame.weights)
    assert middles == pytest.approx([-middle for middle in reversed(middles)])
    assert max(height for _, height in picture.distribution) == 1


def test_weights_of_zero_have_no_distribution() -> None:
    frame = Simulation(example("ring").experiment.replace(initializer="zeros")).frame
    assert weight_images(frame).distribution == ()
