"""Small problems for the kernel: a network, parameters and a batch, and one call that trains on it and keeps the trace.

Apart because several tests need the very same problems. It refuses to compute what is tested.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.forward import with_ones
from nnsim.core.losses import LOSSES
from nnsim.core.network import Network
from nnsim.core.trace import Trace
from nnsim.core.training import Method, State, Trainer

Array = NDArray[Any]
TRAINABLE = tuple(name for name in ACTIVATIONS if name != "step")
HIDDEN = tuple(name for name in TRAINABLE if name != "softmax")
ENDINGS = tuple((output, loss) for output in TRAINABLE for loss in LOSSES if LOSSES[loss].accepts(output))
"""Every output activation with every loss that accepts it."""


@dataclass(frozen=True)
class Problem:
    """Parameters and one batch; columns are samples."""

    network: Network
    theta: Array
    inputs: Array
    targets: Array


def problem(widths: tuple[int, ...], activations: tuple[str, ...], loss: str, seed: int, samples: int = 4,
            inputs: int = 3) -> Problem:
    """A problem drawn from ``seed``, with targets that ``loss`` has a meaning for."""
    network = Network(inputs, widths, activations)
    rng = np.random.default_rng(seed)
    theta = rng.uniform(-0.9, 0.9, network.parameter_count)
    outputs = widths[-1]
    if loss == "cross-entropy":
        targets = np.eye(outputs)[rng.integers(0, outputs, samples)].T
    elif loss in ("bce", "bce-logits", "hinge"):
        targets = rng.integers(0, 2, (outputs, samples)).astype(float)
    else:
        targets = rng.uniform(-2, 2, (outputs, samples))
    return Problem(network, theta, rng.uniform(-1.2, 1.2, (inputs, samples)), np.ascontiguousarray(targets))


def train_once(given: Problem, method: Method, rate: float = 0.1, masks: tuple[Array, ...] = (), dtype: Any = np.float64) -> Trace:
    """One batch by the kernel, and all it computed."""
    trainer = Trainer(given.network, method, dtype)
    trainer.load(State(given.theta.astype(dtype), {}, 0))
    trainer.stage.rate[()] = rate
    samples = given.inputs.shape[1]
    space = trainer.workspace(samples)
    for buffer, mask in zip(space.masks or (), masks, strict=True):
        np.copyto(buffer, mask)
    inputs = with_ones(given.inputs.T, np.dtype(dtype)).T
    before = trainer.state()
    with np.errstate(all="ignore"):
        loss = space.run(inputs, given.targets.astype(dtype))
    return space.trace(np.arange(samples), inputs, loss, before)
