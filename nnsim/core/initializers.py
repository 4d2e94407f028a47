"""The first weights: random, small, and the same for the same seed.

Every generator is addressed by ``(seed, purpose, index)``, so a weight's first value does not depend on what was drawn before
it. Biases begin at 0. Sources: Glorot and Bengio 2010 (xavier), He et al. 2015 (he), LeCun et al. 1998 (lecun).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.network import Network

Purpose = Literal["data", "split", "weights", "shuffle", "dropout", "direction"]
_PURPOSES: dict[Purpose, int] = {"data": 1, "split": 2, "weights": 3, "shuffle": 4, "dropout": 5, "direction": 6}


def generator(seed: int, purpose: Purpose, index: int = 0) -> np.random.Generator:
    """The generator at an address: the same address always gives the same numbers."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, _PURPOSES[purpose], index))))


@dataclass(frozen=True)
class Initializer:
    """``draw(rng, inputs, neurons, scale)`` gives a layer's weights, shape (inputs, neurons)."""

    name: str
    title: str
    formula: str
    draw: Callable[[np.random.Generator, int, int, float], Array]


def _normal(deviation: Callable[[int, int], float]) -> Callable[[np.random.Generator, int, int, float], Array]:
    def draw(rng: np.random.Generator, inputs: int, neurons: int, scale: float) -> Array:
        return rng.standard_normal((inputs, neurons)) * (scale * deviation(inputs, neurons))

    return draw


_INITIALIZERS = (
    Initializer("xavier", "Xavier", r"N(0, 2/(n_{in}+n_{out}))", _normal(lambda i, o: float(np.sqrt(2 / (i + o))))),
    Initializer("he", "He", r"N(0, 2/n_{in})", _normal(lambda i, o: float(np.sqrt(2 / i)))),
    Initializer("lecun", "LeCun", r"N(0, 1/n_{in})", _normal(lambda i, o: float(np.sqrt(1 / i)))),
    Initializer("normal", "normal", r"N(0, s^2)", _normal(lambda i, o: 1.0)),
    Initializer("uniform", "uniform", r"U(-s, s)", lambda rng, i, o, s: rng.uniform(-1, 1, (i, o)) * s),
    Initializer("constant", "constant", "s", lambda rng, i, o, s: np.full((i, o), s)),
    Initializer("zeros", "zeros", "0", lambda rng, i, o, s: np.zeros((i, o))),
)
INITIALIZERS = {initializer.name: initializer for initializer in _INITIALIZERS}
"""Every initializer by name."""


def initial_parameters(network: Network, name: str, scale: float, seed: int) -> Array:
    """Theta of the untouched network, float64, shape (parameters,)."""
    theta = np.zeros(network.parameter_count)
    for layer, weights in enumerate(network.weights(theta)):
        weights[...] = INITIALIZERS[name].draw(generator(seed, "weights", layer), weights.shape[0], weights.shape[1], scale)
    return theta
