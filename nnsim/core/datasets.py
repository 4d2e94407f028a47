"""Data sets: where rows of inputs and targets come from.

A ``Dataset`` is plain numbers with the names people use for them, split into training and test rows; rows are
samples. A ``Source`` is a row of one table that makes one, either from a seed or from numbers that come along; ``Rows`` are what
any data give, the user's own as well, before they are split and scaled. It refuses to read files: bundled numbers are handed to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.cats import SIDE, cat_pictures
from nnsim.core.formula import Formula
from nnsim.core.losses import Task

Make = Callable[[int, float, np.random.Generator], tuple[Array, Array]]
"""``make(samples, noise, rng)`` gives inputs (samples, inputs) and targets: (samples, outputs)."""

RADIUS = 2.4
"""Half the side of the square that generated points lie in, before they stray."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Inputs and targets as they were made or read, before they are split and scaled.

    Binary targets are one column of 0 and 1; classes are one-hot, a column a class; regression targets are any numbers.
    """

    name: str
    task: Task
    inputs: Array
    """(rows, inputs), NaN where missing values are to be filled"""
    targets: Array
    """(rows, outputs)"""
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    picture: tuple[int, int] | None = None
    channels: int = 1
    whole: bool = False
    """Whether all rows are for training: a truth table without one of its rows says something else."""
    ordered: bool = False
    """Whether neighbouring rows overlap, as stretches of a text do: then the last ones are held out, not any."""
    dropped: int = 0
    """Rows left out because something was missing in them."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs and targets, rows are samples, in the data's own units; arrays are read-only.

    Targets as in ``Rows``. The network is fed the inputs and then the ``features``, which are computed from them, all scaled.
    """

    name: str
    task: Task
    inputs: Array
    """(rows, inputs)"""
    targets: Array
    """(rows, outputs)"""
    train: Array
    """(training rows,) row numbers"""
    test: Array
    """(test rows,) row numbers; may be empty"""
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    """Names of the classes (two for binary), or of the regression targets."""
    offset: Array
    """(inputs + features,) and"""
    scale: Array
    """(inputs + features,): the network is fed (entries - offset) / scale. 0 and 1 where nothing is scaled."""
    picture: tuple[int, int] | None = None
    """(height, width) where the inputs are a picture's pixels."""
    channels: int = 1
    """Numbers a pixel: 1 for grey, 3 for red, green and blue, which lie beside each other."""
    features: tuple[Formula, ...] = ()
    """Further entries of the network, of the inputs x1, x2 ... in their own units."""
    dropped: int = 0
    """Rows left out because something was missing in them."""
    ordered: bool = False
    """Whether the rows are neighbouring stretches of a text."""
    filled: int = 0
    """Missing inputs that were filled with the mean of the training rows."""

    @property
    def fed_names(self) -> tuple[str, ...]:
        """The names of what the network is fed."""
        return (*self.input_names, *(feature.text for feature in self.features))

    @property
    def fed(self) -> int:
        """How many numbers the network is fed for a sample."""
        return len(self.input_names) + len(self.features)

    def entries(self, inputs: Array) -> Array:
        """``inputs`` (n, inputs), and after them the features, (n, inputs + features), nothing scaled."""
        if not self.features:
            return inputs
        columns = {name: inputs[:, place] for place, name in enumerate(variables(inputs.shape[1]))}
        return np.column_stack([inputs, *(feature(columns) for feature in self.features)])

    def scaled(self, inputs: Array) -> Array:
        """What the network is fed, (n, inputs + features), for ``inputs`` (n, inputs) in the data's own units."""
        return (self.entries(inputs) - self.offset) / self.scale


def variables(inputs: int) -> tuple[str, ...]:
    """What inputs are called in a formula: x1, x2 ..."""
    return tuple(f"x{number}" for number in range(1, inputs + 1))


@dataclass(frozen=True)
class Source:
    """How a data set is made; bundled and fixed ones take no notice of samples, noise and seed."""

    name: str
    title: str
    task: Task
    kind: Literal["generated", "fixed", "bundled"]
    summary: str
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    make: Make | None
    """None for bundled sources, whose numbers are in a file."""
    picture: tuple[int, int] | None = None

    def rows(self, inputs: Array, targets: Array) -> Rows:
        """Numbers of this source as rows."""
        return Rows(self.name, self.task, inputs, targets, self.input_names, self.target_names, self.picture,
                    whole=self.kind == "fixed")


def _classes(samples: int) -> Array:
    """0 and 1 in turn, shape (samples,): both classes are equally many, and any stretch of rows is a fair mixture."""
    return np.arange(samples) % 2


def _stray(points: Array, noise: float, rng: np.random.Generator) -> Array:
    """Each coordinate moved by up to ``noise`` of the radius, as TensorFlow Playground moves its points."""
    return points + rng.uniform(-1, 1, points.shape) * (noise * RADIUS)


def _labelled(points: Array, classes: Array, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    return _stray(points, noise, rng), classes[:, np.newaxis].astype(np.float64)


def _around(angle: Array, radius: Array) -> Array:
    """Points (samples, 2) at polar coordinates."""
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _ring(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    inside = _classes(samples)
    inner, outer = np.where(inside, 0, 0.72), np.where(inside, 0.48, 1)
    # the square root spreads points evenly over the area instead of crowding the middle
    radius = RADIUS * np.sqrt(rng.uniform(inner**2, outer**2))
    return _labelled(_around(rng.uniform(0, 2 * np.pi, samples), radius), inside, noise, rng)


def _xor_blobs(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    # counted round like a clock, neighbouring quadrants differ in class, so the classes come in turn here too
    quadrant = np.arange(samples) % 4
    right, upper = quadrant // 2, (quadrant + quadrant // 2) % 2
    away = rng.uniform(0.1, 1, (samples, 2)) * RADIUS
    return _labelled(away * (2 * np.column_stack([right, upper]) - 1), right ^ upper, noise, rng)


def _blobs(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    classes = _classes(samples)
    centres = (2 * classes - 1)[:, np.newaxis] * 1.2
    return _labelled(centres + 0.5 * rng.standard_normal((samples, 2)), classes, noise, rng)


def _spiral(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    arm = _classes(samples)
    along = rng.uniform(0.05, 1, samples)
    return _labelled(_around(2 * np.pi * 1.75 * along + np.pi * arm, RADIUS * along), arm, noise, rng)


def _moons(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    upper = _classes(samples)
    angle = rng.uniform(0, np.pi, samples)
    # two half circles of radius 1, one turned over and moved to hook into the other; together they span 3 by 1.5
    x = np.where(upper, np.cos(angle), 1 - np.cos(angle))
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle))
    return _labelled(np.column_stack([x - 0.5, y - 0.25]) * (RADIUS / 1.5), upper, noise, rng)


def _surface(height: Callable[[Array], Array]) -> Make:
    """Points all over the square; targets ``height(points)`` (samples,), about -1 to 1, which the noise moves."""

    def make(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
        points = rng.uniform(-RADIUS, RADIUS, (samples, 2))
        return points, (height(points) + rng.uniform(-noise, noise, samples))[:, np.newaxis]

    return make


def _plane(points: Array) -> Array:
    height: Array = points.sum(axis=1) / (2 * RADIUS)
    return height


def _bump(points: Array) -> Array:
    height: Array = 2 * np.exp(-(points**2).sum(axis=1) / 1.5) - 1
    return height


def _fixed(inputs: list[list[float]], targets: list[list[float]]) -> Make:
    def make(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
        return np.array(inputs, np.float64), np.array(targets, np.float64)

    return make


def _gate(*outputs: float) -> Make:
    """A truth table of two inputs, in the order 00, 01, 10, 11."""
    return _fixed([[0, 0], [0, 1], [1, 0], [1, 1]], [[output] for output in outputs])


def _pixels(side: int) -> tuple[str, ...]:
    return tuple(f"row {row} column {column}" for row in range(1, side + 1) for column in range(1, side + 1))


_CELL = ("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
         "symmetry", "fractal dimension")
_NUCLEI = tuple(form.format(name) for form in ("mean {}", "{} error", "worst {}") for name in _CELL)
_IRIS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
_WINE = ("alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids",
         "nonflavanoid phenols", "proanthocyanins", "color intensity", "hue", "OD280/OD315 of diluted wines", "proline")
_PAIR, _LOGIC = ("x₁", "x₂"), ("false", "true")

_SOURCES = (
    Source("ring", "Ring", "binary", "generated", "A disc inside a ring: no straight line parts them.",
           _PAIR, ("ring", "disc"), _ring),
    Source("xor-blobs", "XOR clouds", "binary", "generated", "Four quadrants: 1 where the signs of the inputs differ.",
           _PAIR, ("signs agree", "signs differ"), _xor_blobs),
    Source("moons", "Moons", "binary", "generated", "Two half moons that hook into each other.",
           _PAIR, ("lower moon", "upper moon"), _moons),
    Source("spiral", "Spiral", "binary", "generated", "Two arms wound around each other: the hardest of them.",
           _PAIR, ("first arm", "second arm"), _spiral),
    Source("blobs", "Two clouds", "binary", "generated", "Two round clouds that a straight line parts.",
           _PAIR, ("lower left", "upper right"), _blobs),
    Source("plane", "Plane", "regression", "generated", "Numbers that rise evenly towards the upper right.",
           _PAIR, ("y",), _surface(_plane)),
    Source("bump", "Bump", "regression", "generated", "Numbers that form a hill in the middle.",
           _PAIR, ("y",), _surface(_bump)),
    Source("xor", "XOR", "binary", "fixed", "True where exactly one input is 1: four rows.",
           _PAIR, _LOGIC, _gate(0, 1, 1, 0)),
    Source("and", "AND", "binary", "fixed", "True where both inputs are 1: four rows.",
           _PAIR, _LOGIC, _gate(0, 0, 0, 1)),
    Source("or", "OR", "binary", "fixed", "True where an input is 1: four rows.",
           _PAIR, _LOGIC, _gate(0, 1, 1, 1)),
    Source("textbook", "One worked row", "regression", "fixed", "One row, to be worked through by hand.",
           _PAIR, ("y₁", "y₂"), _fixed([[0.05, 0.10]], [[0.01, 0.99]])),
    Source("iris", "Iris", "classes", "bundled", "150 flowers of three species, by the size of petals and sepals.",
           _IRIS, ("setosa", "versicolor", "virginica"), None),
    Source("wine", "Wine", "classes", "bundled", "178 wines of one Italian region and three cultivars, by chemistry.",
           _WINE, ("cultivar 1", "cultivar 2", "cultivar 3"), None),
    Source("breast-cancer", "Breast cancer", "binary", "bundled", "569 samples, benign or malignant, by their nuclei.",
           _NUCLEI, ("benign", "malignant"), None),
    Source("digits", "Digits", "classes", "bundled", "1,797 handwritten digits, as 8 × 8 pixels of 0 to 16.",
           _pixels(8), tuple("0123456789"), None, (8, 8)),
    Source("cats", "Cats", "binary", "generated", "Cartoons of cats and of other things, as 24 × 24 pixels of 0 to 255.",
           _pixels(SIDE), ("no cat", "cat"), cat_pictures, (SIDE, SIDE)),
)
SOURCES: dict[str, Source] = {source.name: source for source in _SOURCES}
"""Every data set by name."""
