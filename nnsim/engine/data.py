"""From the experiment's ``Data`` to a ``Dataset``: made or read, split into training and test rows, measured.

Apart from ``core.datasets`` because bundled numbers are files, and apart from the simulation because forms and
thumbnails want the data without a run. The same ``Data`` gives the very same object, whose arrays cannot be written to.
It refuses to scale: the numbers stay in their own units, and the network is fed through ``Dataset.scaled``.
"""

from functools import lru_cache

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import SOURCES, Dataset, Source
from nnsim.core.initializers import generator
from nnsim.engine.experiment import Data, ExperimentError, Scaling
from nnsim.engine.resources import resource


@lru_cache(maxsize=16)
def load_dataset(data: Data) -> Dataset:
    """The data set that ``data`` describes. Raises ExperimentError for an unknown source."""
    source = SOURCES.get(data.source)
    if source is None:
        raise ExperimentError(f"data.source: there is no data set {data.source!r}; known are {', '.join(SOURCES)}")
    inputs, targets = _numbers(source, data)
    # fixed sources are whole: a truth table without one of its rows says something else
    train, test = split(source, targets, 0 if source.kind == "fixed" else data.test_share, data.seed)
    offset, scale = scaling(inputs[train], data.scaling)
    for array in (inputs, targets, train, test, offset, scale):
        array.setflags(write=False)
    return Dataset(source.name, source.task, inputs, targets, train, test, source.input_names, source.target_names,
                   offset, scale, source.picture)


def split(source: Source, targets: Array, test_share: float, seed: int) -> tuple[Array, Array]:
    """Row numbers of the training and the test rows, each in rising order, every class shared out alike.

    ``targets`` (rows, outputs). Every class that has a row keeps one for training.
    """
    rows = len(targets)
    classes = np.zeros(rows, np.intp) if source.task == "regression" else class_numbers(source, targets)
    counts = np.bincount(classes)
    quotas = counts * test_share
    takes = np.floor(quotas).astype(np.intp)
    # rows left over by rounding go to the classes that lost the largest part of a row, the first of equals first
    missing = round(rows * test_share) - int(takes.sum())
    takes[np.argsort(takes - quotas, kind="stable")[:missing]] += 1
    takes = np.minimum(takes, np.maximum(counts - 1, 0))
    rng = generator(seed, "split")
    held_out = np.zeros(rows, np.bool_)
    for number, take in enumerate(takes):
        held_out[rng.permutation(np.flatnonzero(classes == number))[:take]] = True
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def class_numbers(source: Source, targets: Array) -> Array:
    """The number of each row's class, shape (rows,), for ``targets`` (rows, outputs) of a source with classes."""
    numbers: Array = targets[:, 0].astype(np.intp) if source.task == "binary" else targets.argmax(axis=1)
    return numbers


def scaling(inputs: Array, kind: Scaling) -> tuple[Array, Array]:
    """Offset and scale, each (inputs,), measured on ``inputs`` (rows, inputs); 1 where a column does not vary."""
    columns = inputs.shape[1]
    if kind == "none":
        return np.zeros(columns), np.ones(columns)
    least, most = inputs.min(axis=0), inputs.max(axis=0)
    varies = most > least
    if kind == "min-max":
        return least, np.where(varies, most - least, 1)
    # the mean of equal numbers can miss them by a rounding, and dividing by that rounding would make noise of it
    return np.where(varies, inputs.mean(axis=0), least), np.where(varies, inputs.std(axis=0), 1)


def _numbers(source: Source, data: Data) -> tuple[Array, Array]:
    if source.make is None:
        return bundled_numbers(source.name)
    return source.make(data.samples, data.noise, generator(data.seed, "data"))


@lru_cache(maxsize=4)
def bundled_numbers(name: str) -> tuple[Array, Array]:
    """Inputs (rows, inputs) and targets (rows, outputs) of a bundled source, read from its file.

    A file is a header line, then rows of numbers that end in the name of a class.
    """
    source = SOURCES[name]
    lines = resource("data", f"{name}.csv").read_text("utf-8").splitlines()[1:]
    rows, labels = zip(*(line.rsplit(",", 1) for line in lines), strict=True)
    inputs = np.loadtxt(rows, delimiter=",", ndmin=2)
    classes = np.array([source.target_names.index(label) for label in labels])
    if source.task == "binary":
        return inputs, classes[:, np.newaxis].astype(np.float64)
    return inputs, np.eye(len(source.target_names))[classes]
