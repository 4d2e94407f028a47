"""A data set as a thumbnail: a handful of its own points, or a few of its pictures, scaled to a square.

It is apart from the form because what a data set looks like at a glance is meaning: which columns, which rows, how far.
It refuses to paint, and it invents nothing: every point is a row of the data.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data

COMMON_SOURCES = ("ring", "xor-blobs", "moons", "spiral", "blobs")
"""The sources that have a tile of their own; the others are in the list."""
MOST_POINTS = 130


@dataclass(frozen=True, eq=False)
class Sketch:
    """What a thumbnail shows: points, or one picture."""

    points: Array
    """(points, 2) in 0 ... 1, right and up; empty where there is a picture."""
    classes: Array
    """(points,) the number of each point's class; zeros for regression."""
    values: Array | None
    """(points,) from -1 to 1, for regression; else None."""
    class_count: int
    picture: Array | None = None
    """(rows, columns) from 0 to 1, row 0 on top; None where the data are no pictures."""


def tile_sources(current: str) -> tuple[str, ...]:
    """The sources of the tiles: the common ones; a current one that is not among them takes the last one's place, in front."""
    return COMMON_SOURCES if current in COMMON_SOURCES else (current, *COMMON_SOURCES[:-1])


@lru_cache(maxsize=32)
def source_sketch(source: str) -> Sketch:
    """The thumbnail of a source in the table, with so little noise that its form is plain. Raises ExperimentError."""
    return sketch(load_dataset(Data(source=source, samples=MOST_POINTS, noise=0.03)))


def sketch(dataset: Dataset) -> Sketch:
    """The thumbnail of any data set. Of more than two inputs it shows the two that tell most of the targets."""
    none = np.zeros((0, 2))
    classes, count = _classes(dataset)
    if dataset.picture is not None:
        # of two classes the second is what is asked for: the cat
        wanted = np.flatnonzero(dataset.targets[dataset.train, 0] == 1) if dataset.task == "binary" else np.zeros(0, np.intp)
        row = int(dataset.train[wanted[0] if wanted.size else 0])
        first = dataset.inputs[row].reshape(*dataset.picture, -1).mean(axis=-1)
        spread = float(first.max() - first.min()) or 1.0
        return Sketch(none, classes[:0], None, count, (first - first.min()) / spread)
    if dataset.ordered:
        return Sketch(none, classes[:0], None, count, _lines_of_text(dataset))
    rows = np.arange(len(dataset.inputs))
    if len(rows) > MOST_POINTS:
        # an even pick, so that rows sorted by class show every class
        rows = np.linspace(0, len(rows) - 1, MOST_POINTS).astype(np.intp)
    inputs = dataset.inputs[rows][:, _telling_inputs(dataset)]
    if dataset.inputs.shape[1] == 1:
        # over a single input the target itself runs up
        inputs = np.column_stack([inputs[:, 0], dataset.targets[rows, 0]])
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    points = np.where(high > low, (inputs - low) / np.where(high > low, high - low, 1), 0.5)
    values = None
    if dataset.task == "regression":
        target = dataset.targets[rows, 0]
        middle, half = (target.max() + target.min()) / 2, float(target.max() - target.min()) / 2 or 1.0
        values = (target - middle) / half
    return Sketch(points, classes[rows], values, count)


def _lines_of_text(dataset: Dataset) -> Array:
    """A page, (rows, columns) from 0 to 1: the first words as strokes of their lengths, a pixel a letter."""
    lines, wide = 7, 24
    page = np.zeros((3 * lines + 1, wide + 2))
    words = (dataset.target_names[number] for number in dataset.targets[: lines * wide].argmax(axis=1))
    line, column = 0, 0
    for word in words:
        length = min(len(word), wide)
        if column + length > wide:
            line, column = line + 1, 0
        if line == lines:
            break
        page[3 * line + 1 : 3 * line + 3, column + 1 : column + 1 + length] = 0.8
        column += length + 1
    return page


def _classes(dataset: Dataset) -> tuple[Array, int]:
    if dataset.task == "regression":
        return np.zeros(len(dataset.targets), np.intp), 1
    if dataset.task == "binary":
        return dataset.targets[:, 0].astype(np.intp), 2
    return dataset.targets.argmax(axis=1), dataset.targets.shape[1]


def _telling_inputs(dataset: Dataset) -> list[int]:
    """Which two inputs run right and up: those that go most with a target, in the data's order."""
    inputs, targets = dataset.inputs, dataset.targets
    if inputs.shape[1] == 1:
        return [0, 0]
    if inputs.shape[1] == 2:
        return [0, 1]
    centred, wanted = inputs - inputs.mean(axis=0), targets - targets.mean(axis=0)
    scales = np.outer(np.linalg.norm(centred, axis=0), np.linalg.norm(wanted, axis=0))
    together = np.abs(centred.T @ wanted) / np.where(scales > 0, scales, np.inf)
    return sorted(int(column) for column in np.argsort(-together.max(axis=1))[:2])
