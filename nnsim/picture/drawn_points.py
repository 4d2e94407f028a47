"""Drawing data: points are added, sprayed, moved and erased, each gesture one edit of the experiment with its name in undo.

Any data over two inputs can be begun from: the first gesture turns its rows into drawn points. It refuses to know mouse and pixels:
places come in the data's own units.
"""

import math

import numpy as np

from nnsim.core.datasets import Dataset
from nnsim.core.initializers import generator
from nnsim.engine.data import class_numbers, load_dataset
from nnsim.engine.experiment import MOST_DRAWN, Data, Drawn, Experiment, ExperimentError
from nnsim.engine.proposal import fit_to_data
from nnsim.picture import numbers
from nnsim.picture.edits import Edit

SPRAYED = 6
"""Points that one puff of the spray adds."""
DIGITS = 4

Point = tuple[float, float, int]


def can_be_drawn(dataset: Dataset) -> bool:
    """Whether the data lie in a plane and have classes, few enough for points of a colour each."""
    return len(dataset.input_names) == 2 and dataset.task != "regression" and len(dataset.target_names) <= 6


def drawn_from(dataset: Dataset) -> Drawn:
    """The data's rows as drawn points. Raises ExperimentError when they cannot be drawn, or are too many."""
    if not can_be_drawn(dataset):
        raise ExperimentError("points can be drawn on data with two inputs and classes: choose the ring, say, first")
    if len(dataset.inputs) > MOST_DRAWN:
        raise ExperimentError(f"these data have {numbers.whole(len(dataset.inputs))} points, and "
                              f"{numbers.whole(MOST_DRAWN)} is the most that can be drawn")
    classes = class_numbers(dataset.task, dataset.targets)
    return Drawn(classes=max(2, len(dataset.target_names)), points=tuple(
        _point(x, y, number) for (x, y), number in zip(dataset.inputs.tolist(), classes.tolist(), strict=True)))


def beginning(dataset: Dataset) -> Drawn:
    """Points to begin drawing with: those on show, or where they lie in no plane a few of two clouds. Raises ExperimentError."""
    if can_be_drawn(dataset) and len(dataset.inputs) <= MOST_DRAWN:
        return drawn_from(dataset)
    return drawn_from(load_dataset(Data(source="blobs", samples=40)))


def add(drawn: Drawn, x: float, y: float, number: int) -> Drawn:
    """One more point. Raises ExperimentError beyond the most."""
    return _with(drawn, (*drawn.points, _point(x, y, number)))


def spray(drawn: Drawn, x: float, y: float, number: int, reach: float) -> Drawn:
    """A puff of points around a place, within ``reach``; the same place always gives the same puff. Raises ExperimentError."""
    rng = generator(len(drawn.points), "data", number)
    angles, lengths = rng.uniform(0, 2 * np.pi, SPRAYED), reach * np.sqrt(rng.uniform(0, 1, SPRAYED))
    puff = tuple(_point(x + length * math.cos(angle), y + length * math.sin(angle), number)
                 for angle, length in zip(angles.tolist(), lengths.tolist(), strict=True))
    return _with(drawn, (*drawn.points, *puff))


def erase(drawn: Drawn, x: float, y: float, reach: float) -> Drawn:
    """Without the points within ``reach`` of a place."""
    return _with(drawn, tuple(point for point in drawn.points if math.hypot(point[0] - x, point[1] - y) > reach))


def move(drawn: Drawn, index: int, x: float, y: float) -> Drawn:
    """With one point at another place."""
    points = list(drawn.points)
    points[index] = _point(x, y, points[index][2])
    return _with(drawn, tuple(points))


def nearest(drawn: Drawn, x: float, y: float, reach: float) -> int | None:
    """The index of the point nearest to a place, the later drawn of equals; None where none is within ``reach``."""
    found, least = None, reach
    for index, (there_x, there_y, _) in enumerate(drawn.points):
        away = math.hypot(there_x - x, there_y - y)
        if away <= least:
            found, least = index, away
    return found


def edit(experiment: Experiment, before: int, drawn: Drawn) -> Edit:
    """The experiment on drawn points, its output layer fitted, and the gesture's name; ``before`` points were there."""
    data = experiment.data.replace(source="drawn", material="", table=None, words=None, formula=None, drawn=drawn)
    if experiment.data.source != "drawn":
        data = data.replace(scaling="none")
    now = len(drawn.points)
    if now > before:
        label = f"Draw {numbers.count(now - before, 'point')}"
    else:
        label = f"Erase {numbers.count(before - now, 'point')}" if now < before else "Move a point"
    return Edit(fit_to_data(experiment, data), label)


def _with(drawn: Drawn, points: tuple[Point, ...]) -> Drawn:
    if len(points) > MOST_DRAWN:
        raise ExperimentError(f"{numbers.whole(MOST_DRAWN)} points are the most that can be drawn: erase some first")
    return drawn.replace(points=points, classes=max([drawn.classes, *(number + 1 for *_, number in points)]))


def _point(x: float, y: float, number: int) -> Point:
    """A place rounded to four decimals: no mouse is finer, and the experiment stays readable."""
    return (min(max(round(x, DIGITS), -100.0), 100.0), min(max(round(y, DIGITS), -100.0), 100.0), number)
