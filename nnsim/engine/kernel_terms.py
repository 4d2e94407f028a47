"""An experiment in the kernel's terms: the method that it learns by, and the parameters that it begins with.

It is apart from the replay because whatever runs a batch aside (a probe, a check, a look at the past) needs the same. It refuses to
compute a batch.
"""

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.initializers import initial_parameters
from nnsim.core.network import Network, join
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.training import Method
from nnsim.engine.experiment import Experiment, ExperimentError, Learning


def method(learning: Learning) -> Method:
    """What the kernel needs to know of a learning: all but the rate."""
    settings = {name: learning.setting(name) for name in OPTIMIZERS[learning.optimizer].settings}
    return Method(learning.loss, learning.optimizer, settings, learning.l1, learning.l2, learning.dropout, learning.clip_norm,
                  learning.frozen, learning.cut, learning.biases_learn)


def initial_theta(experiment: Experiment, network: Network) -> Array:
    """The untouched parameters: those given outright, or drawn from the seed. Raises ExperimentError if they do not fit."""
    start = experiment.start
    if start is None:
        return initial_parameters(network, experiment.initializer, experiment.initial_scale, experiment.seed)
    shapes = [(inputs, width) for inputs, width in zip(network.sizes, network.widths, strict=False)]
    rows = [[len(row) for row in weights] for weights in start.weights]
    if rows != [[width] * inputs for inputs, width in shapes] or [len(b) for b in start.biases] != list(network.widths):
        raise ExperimentError(f"start: the given weights must have the shapes {shapes} (inputs, neurons), and as many biases")
    theta = join([(np.array(weights), np.array(biases)) for weights, biases in zip(start.weights, start.biases, strict=True)])
    if np.abs(theta).max() > float(np.finfo(experiment.precision).max):
        raise ExperimentError(f"start: a given weight or bias is larger than {experiment.precision} can hold")
    return theta
