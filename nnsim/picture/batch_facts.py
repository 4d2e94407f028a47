"""What every list of a batch's steps says first: which batch it is, and of which network that learns how.

It is apart because the protocol and the worksheet begin alike. It refuses to know the steps.
"""

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.frame import Frame
from nnsim.picture import numbers


def batch_title(frame: Frame) -> str:
    """Which batch of which experiment."""
    name = frame.experiment.title or frame.dataset.name
    return f"{name}: epoch {frame.epoch + 1}, batch {frame.batch + 1} of {frame.batches}"


def network_facts(frame: Frame) -> tuple[str, str]:
    """The network's shape, and how it learns, a sentence each."""
    learning, network = frame.experiment.learning, frame.network
    shape = "-".join(str(size) for size in network.sizes)
    names = ", ".join(ACTIVATIONS[name].title for name in network.activations)
    rate = f"rate {numbers.exact(learning.rate if frame.trace is None else frame.trace.rate)}"
    return (f"Network {shape} with {numbers.count(network.parameter_count, 'parameter')}; layer by layer: {names}.",
            f"Loss: {LOSSES[learning.loss].title}. Optimizer: {OPTIMIZERS[learning.optimizer].title}, {rate}.")
