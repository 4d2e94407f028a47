"""Networks that fit data: an output layer and a loss for the task, and for data just opened a whole experiment to begin with.

Apart from the experiment, which knows no data, and above it because to propose is to judge. It refuses to change the hidden layers
of an experiment that is there already, and of how that learns all but what would make no sense.
"""

from typing import Any

from nnsim.core.datasets import SOURCES, Dataset
from nnsim.core.losses import LOSSES, Task
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data, Experiment, ExperimentError, FormulaUse, Layer, Learning, Scaling

LOSSES_OF: dict[Task, tuple[str, ...]] = {
    "regression": tuple(name for name, loss in LOSSES.items() if not loss.for_classes),
    "binary": ("mse", "mae", "huber", "bce", "bce-logits", "hinge"),
    "classes": ("cross-entropy", "mse", "mae", "huber", "bce", "bce-logits", "hinge"),
}
"""The losses that have a meaning for a task; the usual one first."""
_USUAL_OUTPUT: dict[Task, tuple[str, str]] = {
    "regression": ("identity", "mse"), "binary": ("sigmoid", "mse"), "classes": ("softmax", "cross-entropy"),
}


def usual_scaling(data: Data) -> Scaling:
    """How such data are usually scaled: drawn points and truth tables not, pixels to 0 ... 1, measured columns to deviation 1."""
    source = SOURCES.get(data.source)
    if data.source == "pictures" or (source and source.picture):
        return "min-max"
    return "standardize" if data.source == "table" or (source and source.kind == "bundled") else "none"


def fit_to_data(experiment: Experiment, data: Data) -> Experiment:
    """The experiment on other data, with an output layer and a loss that fit them; hidden layers stay.

    Two classes: one sigmoid, mean squared error. More classes: a softmax over them, cross-entropy. Regression: identity, mean
    squared error. An output layer and loss that fit the new data as well stay. Raises ExperimentError if the data make no sense.
    """
    dataset = load_dataset(data)
    learning = experiment.learning.replace(frozen=(), cut=())
    moved = experiment.replace(data=data, start=None, learning=learning)
    return fit_outputs(moved, dataset.task, dataset.targets.shape[1])


def fit_outputs(experiment: Experiment, task: Task, outputs: int) -> Experiment:
    """The experiment with an output layer of so many neurons, and an activation and a loss that fit the task."""
    last, learning = experiment.layers[-1], experiment.learning
    stays = last.width == outputs and _fits(last.activation, learning.loss, task)
    activation, loss = (last.activation, learning.loss) if stays else _USUAL_OUTPUT[task]
    changes: dict[str, Any] = {"loss": loss}
    if learning.optimizer == "perceptron" and activation != "step":
        changes["optimizer"] = "gradient-descent"
    layers = (*experiment.layers[:-1], Layer(width=outputs, activation=activation))
    start = experiment.start if last.width == outputs else None
    return experiment.replace(layers=layers, start=start, learning=learning.replace(**changes))


def propose(data: Data) -> Experiment:
    """An experiment that learns data never seen before well enough to begin with. Raises ExperimentError."""
    dataset = load_dataset(data)
    hidden, learning, batch_size, initializer = _beginning(data, dataset)
    proposal = Experiment(title=dataset.name[:200], data=data, layers=(*hidden, Layer(width=1, activation="sigmoid")),
                          learning=learning, batch_size=batch_size, initializer=initializer, seed=1)
    if dataset.task == "binary":
        # a probability, and steep where it is wrong: two classes of real data are rarely balanced
        return fit_outputs(proposal.replace(learning=learning.replace(loss="bce")), "binary", 1)
    return fit_outputs(proposal, dataset.task, dataset.targets.shape[1])


def _beginning(data: Data, dataset: Dataset) -> tuple[tuple[Layer, ...], Learning, int, str]:
    """Hidden layers, how to learn, the batch size and the first weights."""
    adam = Learning(optimizer="adam", rate=0.01)
    match data.source:
        case "pictures":
            return (Layer(width=32, activation="relu"), Layer(width=16, activation="relu")), adam.replace(rate=0.003), 32, "he"
        case "text":
            return (Layer(width=24, activation="tanh"),), adam, 32, "xavier"
        case "drawn":
            return (Layer(width=6), Layer(width=4)), adam, 10, "xavier"
        case "formula":
            return (Layer(width=12), Layer(width=8)), adam, 20, "xavier"
    width = 8 if dataset.fed <= 8 else 16
    # few rows need small batches to take enough steps, many rows larger ones to be quick
    return (Layer(width=width, activation="relu"),), adam, 10 if len(dataset.train) < 1000 else 32, "he"


def _fits(activation: str, loss: str, task: Task) -> bool:
    """Whether such outputs can reach the task's targets at all: 0 and 1, or any number."""
    if loss not in LOSSES_OF[task] or not LOSSES[loss].accepts(activation):
        return False
    if task == "regression":
        return activation in ("identity", "leaky-relu")
    return activation in ("step", "sigmoid", "tanh", "softmax") or loss in ("bce-logits", "hinge")


def of_source(experiment: Experiment, source: str) -> Experiment:
    """The experiment on a source that comes with nnsim, scaled as its kind usually is; or on a formula to begin with.

    Raises ExperimentError.
    """
    if source == "formula":
        return fit_to_data(experiment, Data(source="formula", formula=FormulaUse(), samples=200, noise=0.05))
    if source not in SOURCES:
        raise ExperimentError(f"there is no data source {source!r}; here are: {', '.join(SOURCES)}")
    before, after = SOURCES.get(experiment.data.source), SOURCES[source]
    data = experiment.data.replace(source=source, material="", table=None, words=None, drawn=None, formula=None, features=())
    if before is None or before.kind != after.kind:
        data = data.replace(scaling=usual_scaling(data))
    return fit_to_data(experiment, data)
