"""The gradient check of a simulation: of the batch under the cursor, wherever in it the cursor stands.

Apart because it needs a simulation's batch but no part of a simulation needs it. It neither moves the cursor nor changes a
parameter, and refuses where there is no gradient to check.
"""

from collections.abc import Callable, Generator

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.gradient_check import GradientCheck, gradient_check
from nnsim.core.network import Network
from nnsim.core.trace import Trace
from nnsim.engine.kernel_terms import method
from nnsim.engine.simulation import Simulation

ALL_UP_TO = 20_000
"""Larger networks have a choice of their parameters checked."""
CHOSEN = 2_000
LARGEST = 1e100
"""Beyond it, a loss that lies beside another may be no number any more."""


class NoGradientError(ValueError):
    """Why there is no gradient to check, in one sentence."""


def check_gradients(simulation: Simulation, most: int | None = None,
                    progress: Callable[[float], object] = lambda share: None) -> GradientCheck:
    """Check the gradients of the batch under the cursor, telling ``progress`` the share done. See ``checking``."""
    running = checking(simulation, most)
    while True:
        try:
            progress(next(running))
        except StopIteration as finished:
            check: GradientCheck = finished.value
            return check


def checking(simulation: Simulation, most: int | None = None) -> Generator[float, None, GradientCheck]:
    """The same in slices of some milliseconds: yields the share done, and returns the check. Stop asking, and it is given up.

    The batch under the cursor is the one it stands in; at the start, the first. What is needed is taken here, so the simulation
    may go on between slices. ``most``: how many parameters at most, a choice drawn from the seed and shared out among the layers;
    None: all of up to 20,000, else 2,000. Raises NoGradientError at once.
    """
    batch = simulation.moment.batch
    how = method(simulation.learning)
    if how.is_perceptron:
        raise NoGradientError("the perceptron rule is not gradient descent: there is no gradient to check")
    trace = _trace(simulation, batch)
    sizes = [abs(trace.loss), *(float(np.abs(each).max()) for each in (trace.step_gradient, *trace.sums, *trace.deltas))]
    if not (trace.clip_factor > 0 and all(size < LARGEST for size in sizes)):
        raise NoGradientError("numbers of this batch are not finite, or nearly so: step back to a batch that has a gradient")
    network = simulation.network
    if most is None:
        most = network.parameter_count if network.parameter_count <= ALL_UP_TO else CHOSEN
    # which are looked at is no part of the run, so the choice has an address of its own
    places = choice(network, most, np.random.default_rng((simulation.experiment.seed, batch)))
    return gradient_check(network, how, trace, places)


def choice(network: Network, most: int, generator: np.random.Generator) -> Array:
    """Places in theta, rising: all if there are no more than ``most``, else so many, shared out among the layers."""
    if most >= network.parameter_count:
        return np.arange(network.parameter_count)
    sizes = np.diff(network.offsets)
    chosen: list[Array] = []
    # a small layer that gives less than its share leaves the rest to the larger ones
    for done, layer in enumerate(np.argsort(sizes, kind="stable")):
        share = min(int(sizes[layer]), (most - sum(len(places) for places in chosen)) // (network.depth - done))
        chosen.append(network.offsets[layer] + generator.choice(sizes[layer], share, replace=False))
    return np.sort(np.concatenate(chosen))


def _trace(simulation: Simulation, batch: int) -> Trace:
    # before the first step of a batch there is no trace yet, so the batch is computed ahead
    trace = simulation.frame.trace or simulation.replay.trace(batch)
    # the cursor never stands beyond a divergence
    assert trace is not None
    return trace
