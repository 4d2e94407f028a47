"""From the experiment's ``Data`` to a ``Dataset``: made or read, split into training and test rows, measured.

Apart from ``core.datasets`` because bundled numbers are files, and apart from the simulation because forms and
thumbnails want the data without a run. The same ``Data`` gives the very same object, whose arrays cannot be written to.
It refuses to scale: the numbers stay in their own units, and the network is fed through ``Dataset.scaled``.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import SOURCES, Dataset, Rows, Source, variables
from nnsim.core.formula import Formula, FormulaError, parse_formula
from nnsim.core.initializers import generator
from nnsim.core.losses import Task
from nnsim.engine.experiment import Data, ExperimentError, Scaling
from nnsim.engine.own_data import OWN, own_rows
from nnsim.engine.resources import resource


@lru_cache(maxsize=8)
def load_dataset(data: Data) -> Dataset:
    """The data set that ``data`` describes. Raises ExperimentError for an unknown source, and for what is wrong in one's own."""
    rows = load_rows(data)
    train, test = split(rows, 0 if rows.whole else data.test_share, data.seed)
    inputs, filled = _filled(rows, train)
    features = tuple(_feature(text, inputs) for text in data.features)
    # features are measured like inputs: the network cannot tell them apart
    apart = Dataset(rows.name, rows.task, inputs, rows.targets, train, test, rows.input_names, rows.target_names, np.zeros(1),
                    np.ones(1), rows.picture, rows.channels, features, rows.dropped, rows.ordered, filled)
    offset, scale = scaling(apart.entries(inputs[train]), data.scaling, rows.picture is not None)
    _check_finite(apart, offset, scale)
    for array in (inputs, rows.targets, train, test, offset, scale):
        array.setflags(write=False)
    return replace(apart, offset=offset, scale=scale)


def load_rows(data: Data) -> Rows:
    """The rows that ``data`` describes, neither split nor scaled. Raises ExperimentError."""
    source = SOURCES.get(data.source)
    rows = source.rows(*_numbers(source, data)) if source else own_rows(data)
    if rows is None:
        raise ExperimentError(f"data.source: there is no data set {data.source!r}; known are {', '.join((*SOURCES, *OWN))}")
    return rows


def split(rows: Rows, test_share: float, seed: int) -> tuple[Array, Array]:
    """Row numbers of the training and the test rows, each in rising order, every class shared out alike.

    Every class that has a row keeps one for training. Of ordered rows the last ones are for testing.
    """
    count = len(rows.targets)
    if rows.ordered:
        first = count - min(round(count * test_share), count - 1)
        return np.arange(first), np.arange(first, count)
    return _shared_out(rows.task, rows.targets, test_share, seed)


def _shared_out(task: Task, targets: Array, test_share: float, seed: int) -> tuple[Array, Array]:
    rows = len(targets)
    classes = np.zeros(rows, np.intp) if task == "regression" else class_numbers(task, targets)
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


def class_numbers(task: Task, targets: Array) -> Array:
    """The number of each row's class, shape (rows,), for ``targets`` (rows, outputs) of data with classes."""
    numbers: Array = targets[:, 0].astype(np.intp) if task == "binary" else targets.argmax(axis=1)
    return numbers


def _filled(rows: Rows, train: Array) -> tuple[Array, int]:
    """The inputs without gaps, and how many there were: the mean of the training rows stands in them."""
    gaps = np.isnan(rows.inputs)
    count = int(gaps.sum())
    if not count:
        return rows.inputs, 0
    known = rows.inputs[train]
    empty = np.isnan(known).all(axis=0)
    if empty.any():
        name = rows.input_names[int(empty.argmax())]
        raise ExperimentError(f"data.table: column {name!r} has no value in any training row, so there is no mean to fill in: "
                              "leave it out of the inputs")
    return np.where(gaps, np.nanmean(known, axis=0), rows.inputs), count


def _check_finite(dataset: Dataset, offset: Array, scale: Array) -> None:
    """Raises ExperimentError unless targets, and what the network is fed of every row, can be computed with."""
    wrong = np.flatnonzero(~np.isfinite(dataset.targets).all(axis=0))
    if len(wrong):
        column = dataset.targets[:, wrong[0]]
        raise ExperimentError(f"data: the target {dataset.target_names[wrong[0]]!r} is no finite number in row "
                              f"{int((~np.isfinite(column)).argmax()) + 1:,}: choose another target, range or formula")
    entries = dataset.entries(dataset.inputs)
    with np.errstate(all="ignore"):
        # scaling keeps the order, so that the least and the greatest number tell of all others
        least, most = ((ends - offset) / scale for ends in (entries.min(axis=0), entries.max(axis=0)))
        wrong = np.flatnonzero(~(np.isfinite(least) & np.isfinite(most) & np.isfinite(offset) & np.isfinite(scale)))
    if len(wrong):
        column = entries[:, wrong[0]]
        raise ExperimentError(f"data: column {dataset.fed_names[wrong[0]]!r} runs from {column.min():g} to {column.max():g}, which "
                              "is too far to compute with: leave it out, or choose another scaling")


def _feature(text: str, inputs: Array) -> Formula:
    try:
        feature = parse_formula(text, variables(inputs.shape[1]))
    except FormulaError as error:
        raise ExperimentError(f"data.features: {error}") from error
    values = feature(dict(zip(variables(inputs.shape[1]), inputs.T, strict=True)))
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        raise ExperimentError(f"data.features: {text} is no number in row {wrong[0] + 1:,} of the data: choose another formula")
    return feature


def scaling(inputs: Array, kind: Scaling, alike: bool = False) -> tuple[Array, Array]:
    """Offset and scale, each (inputs,), measured on ``inputs`` (rows, inputs).

    Numbers too large for it make them infinite or NaN. Where a column does not vary the scale is 1; or, where all are ``alike`` as
    a picture's pixels are, the largest of the others: ink on a pixel that has been empty so far shall not outweigh all the rest.
    """
    columns = inputs.shape[1]
    if kind == "none":
        return np.zeros(columns), np.ones(columns)
    least, most = inputs.min(axis=0), inputs.max(axis=0)
    varies = most > least
    with np.errstate(all="ignore"):
        # the mean of equal numbers can miss them by a rounding, and dividing by that rounding would make noise of it
        offset = least if kind == "min-max" else np.where(varies, inputs.mean(axis=0), least)
        scale = most - least if kind == "min-max" else inputs.std(axis=0)
    usual = float(scale[varies].max()) if alike and varies.any() else 1.0
    return offset, np.where(varies, scale, usual)


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
