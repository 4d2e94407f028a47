"""Whether an experiment fits its data: what only the data can tell, before anything is computed.

It is apart from the experiment, which knows no data, and from the simulation, which shall not begin what makes no sense. It refuses
to mend anything.
"""

from nnsim.core.datasets import Dataset
from nnsim.core.losses import LOSSES
from nnsim.core.network import Network
from nnsim.engine.experiment import Experiment, ExperimentError, Learning
from nnsim.engine.run import Run, Tuning


def check_run(run: Run, network: Network, dataset: Dataset) -> None:
    """The run's experiment, with the learning of every one of its edits. Raises ExperimentError."""
    check_fits(run.experiment, network, dataset)
    for edit in run.edits:
        if isinstance(edit, Tuning):
            check_fits(run.experiment.replace(learning=edit.learning), network, dataset)


def check_fits(experiment: Experiment, network: Network, dataset: Dataset) -> None:
    """Whether the loss has a meaning for the data, whether memory will do, and whether what is held is there.

    Raises ExperimentError.
    """
    loss = LOSSES[experiment.learning.loss]
    if loss.for_classes and dataset.task == "regression":
        raise ExperimentError(f"learning.loss: {loss.title} is for classes, but the data set {dataset.name!r} has numbers "
                              f"to predict: choose mse, mae or huber")
    experiment.check_size(network, len(dataset.train))
    _check_held(experiment.learning, network)


def _check_held(learning: Learning, network: Network) -> None:
    widths, sizes = network.widths, network.sizes
    for layer, *neurons in learning.frozen:
        if layer >= len(widths) or any(neuron >= widths[layer] for neuron in neurons):
            raise ExperimentError(f"learning.frozen: the network has no {'neuron' if neurons else 'layer'} "
                                  f"{[layer, *neurons]} (counted from 0)")
    for layer, row, neuron in learning.cut:
        if layer >= len(widths) or row > sizes[layer] or neuron >= widths[layer]:
            raise ExperimentError(f"learning.cut: the network has no weight {[layer, row, neuron]} (counted from 0)")
