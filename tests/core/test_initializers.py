"""First weights: their moments, and that each is decided by its address alone."""

import math

import numpy as np
import pytest

from nnsim.core.initializers import INITIALIZERS, Purpose, generator, initial_parameters
from nnsim.core.network import Network

INPUTS, NEURONS, SCALE = 200, 300, 1.5


@pytest.mark.parametrize(("name", "deviation"), [
    ("xavier", SCALE * math.sqrt(2 / (INPUTS + NEURONS))),
    ("he", SCALE * math.sqrt(2 / INPUTS)),
    ("lecun", SCALE * math.sqrt(1 / INPUTS)),
    ("normal", SCALE),
    ("uniform", SCALE / math.sqrt(3)),
])
def test_random_weights_have_the_moments_of_their_formula(name: str, deviation: float) -> None:
    weights = INITIALIZERS[name].draw(generator(0, "weights"), INPUTS, NEURONS, SCALE)
    count = weights.size
    assert weights.shape == (INPUTS, NEURONS)
    # five standard errors of the mean and of the deviation
    assert abs(weights.mean()) < 5 * deviation / math.sqrt(count)
    assert weights.std() == pytest.approx(deviation, abs=5 * deviation / math.sqrt(2 * count))
    kurtosis = float(((weights / weights.std()) ** 4).mean())
    assert kurtosis == pytest.approx(1.8 if name == "uniform" else 3, abs=0.15)


def test_uniform_weights_keep_within_the_scale() -> None:
    weights = INITIALIZERS["uniform"].draw(generator(0, "weights"), INPUTS, NEURONS, SCALE)
    assert 0.99 * SCALE < np.abs(weights).max() <= SCALE


def test_constant_weights_are_the_scale_and_zeros_are_0() -> None:
    assert set(INITIALIZERS["constant"].draw(generator(0, "weights"), 3, 4, SCALE).ravel()) == {SCALE}
    assert not INITIALIZERS["zeros"].draw(generator(0, "weights"), 3, 4, SCALE).any()


@pytest.mark.parametrize("name", sorted(INITIALIZERS))
def test_biases_begin_at_0(name: str) -> None:
    network = Network(3, (4, 2), ("tanh", "sigmoid"))
    theta = initial_parameters(network, name, 1.0, seed=5)
    assert theta.shape == (network.parameter_count,)
    assert not any(biases.any() for biases in network.biases(theta))


def test_the_same_address_gives_the_same_numbers_and_any_other_gives_others() -> None:
    addresses: list[tuple[int, Purpose, int]] = [
        (1, "weights", 0), (1, "weights", 1), (2, "weights", 0), (1, "shuffle", 0), (1, "dropout", 0), (1, "data", 0)]
    drawn = [generator(*address).random(4).tolist() for address in addresses]
    assert generator(1, "weights", 0).random(4).tolist() == drawn[0]
    assert len({tuple(numbers) for numbers in drawn}) == len(drawn)


def test_a_layers_first_weights_do_not_depend_on_the_other_layers() -> None:
    small, large = Network(3, (4, 2), ("tanh", "sigmoid")), Network(3, (4, 5, 2), ("tanh", "tanh", "sigmoid"))
    first = [network.weights(initial_parameters(network, "he", 1.0, seed=9))[0] for network in (small, large)]
    assert np.array_equal(first[0], first[1])


def test_addressed_numbers_are_the_same_on_every_machine() -> None:
    # PCG64 and SeedSequence are fixed by NumPy's compatibility policy: a run of long ago must come out again
    assert generator(0, "weights", 0).integers(0, 1 << 30, 4).tolist() == [
        540996839, 960969663, 1025011971, 923862966]
