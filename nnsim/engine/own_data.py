"""The user's own data as rows: a table, pictures, a text, drawn points, a formula.

Each kind is one function of the experiment's ``Data``; the table of them stands beside the table of sources that come with nnsim.
It refuses to read files: what was read is kept among the materials.
"""

from collections.abc import Callable

import numpy as np

from nnsim.core import texts
from nnsim.core.datasets import RADIUS, Rows
from nnsim.core.formula import FormulaError, parse_formula
from nnsim.core.initializers import generator
from nnsim.core.pictures import Pictures
from nnsim.core.tables import Table
from nnsim.core.texts import Text
from nnsim.engine.experiment import Data, Drawn, ExperimentError, FormulaUse, WordsUse
from nnsim.engine.materials import material_of
from nnsim.engine.resources import resource
from nnsim.engine.table_rows import numbers_in_a_row, table_rows

MOST_NUMBERS = 16_000_000
"""Rows times inputs, and rows times outputs."""


def own_rows(data: Data) -> Rows | None:
    """The rows of the user's own data; None when the source is not one of these. Raises ExperimentError."""
    make = OWN.get(data.source)
    return make(data) if make else None


def check_numbers(rows: int, entries: int, remedy: str) -> None:
    """Raises ExperimentError, before anything is made, if so many numbers are too many."""
    if rows * entries > MOST_NUMBERS:
        raise ExperimentError(f"data: {rows:,} rows of {entries:,} numbers are more than {MOST_NUMBERS:,} numbers: {remedy}")


def _table(data: Data) -> Rows:
    if data.table is None:
        raise ExperimentError("data.table: it is not said which column is the target")
    table = material_of(data.material, Table)
    check_numbers(table.rows, numbers_in_a_row(table, data.table), "leave out columns of words that have many different ones")
    return table_rows(table, data.table)


def _pictures(data: Data) -> Rows:
    pictures = material_of(data.material, Pictures)
    count, high, wide, channels = pictures.pixels.shape
    check_numbers(count, high * wide * channels, "choose smaller pictures, or fewer of them")
    inputs = pictures.pixels.reshape(count, -1).astype(np.float64)
    dots = [f"row {row} column {column}" for row in range(1, high + 1) for column in range(1, wide + 1)]
    names = tuple(dots) if channels == 1 else tuple(f"{dot} {colour}" for dot in dots for colour in ("red", "green", "blue"))
    binary = len(pictures.classes) == 2
    targets = pictures.labels[:, np.newaxis].astype(np.float64) if binary else np.eye(len(pictures.classes))[pictures.labels]
    return Rows(pictures.name, "binary" if binary else "classes", inputs, targets, names, pictures.classes, (high, wide), channels)


def _text(data: Data) -> Rows:
    if data.material:
        text = material_of(data.material, Text)
    else:
        text = Text("Next word", resource("data", "next-word.txt").read_text("utf-8"))
    words = texts.words_of(text.text)
    use = data.words or WordsUse()
    known = texts.vocabulary(words, use.vocabulary)
    places, answers = texts.stretches(texts.encode(words, known), use.context)
    if not len(answers):
        raise ExperimentError(f"data.words: {text.name!r} has {len(words):,} words, too few for stretches of {use.context}")
    if use.rows:
        places, answers = places[: use.rows], answers[: use.rows]
    check_numbers(len(answers), use.context * len(known), "take a smaller vocabulary, a shorter context or fewer stretches")
    names = tuple(f"{word} (word −{back})" for back in range(use.context, 0, -1) for word in known)
    return Rows(text.name, "classes", texts.one_hot(places, len(known)), np.eye(len(known) - 1)[answers - 1], names, known[1:],
                ordered=True)


def _drawn(data: Data) -> Rows:
    drawn = data.drawn or Drawn()
    if not drawn.points:
        raise ExperimentError("data.drawn: there are no points yet: click into the plane to draw some")
    points = np.array([(x, y) for x, y, _ in drawn.points], np.float64)
    classes = np.array([number for *_, number in drawn.points], np.intp)
    count = max(drawn.classes, int(classes.max()) + 1)
    names = tuple(f"class {number}" for number in range(1, count + 1))
    targets = classes[:, np.newaxis].astype(np.float64) if count == 2 else np.eye(count)[classes]
    return Rows("Drawn points", "binary" if count == 2 else "classes", points, targets, ("x₁", "x₂"), names)


def _formula(data: Data) -> Rows:
    given = data.formula or FormulaUse()
    try:
        formula = parse_formula(given.text, ("x", "y", "x1", "x2"))
    except FormulaError as error:
        raise ExperimentError(f"data.formula: {error}") from error
    if not given.low < given.high:
        raise ExperimentError(f"data.formula: x must run from a smaller number to a larger one, not from {given.low:g} to "
                              f"{given.high:g}")
    two = any(name in formula.variables for name in ("y", "x1", "x2"))
    rng = generator(data.seed, "data")
    inputs = rng.uniform(given.low, given.high, (data.samples, 2 if two else 1))
    first, last = inputs[:, 0], inputs[:, -1]
    heights = formula({"x": first, "x1": first, "y": last, "x2": last})
    wrong = np.flatnonzero(~np.isfinite(heights))
    if len(wrong):
        place = ", ".join(f"{value:.3g}" for value in inputs[wrong[0]])
        raise ExperimentError(f"data.formula: {given.text} is no number at {place}: choose another range, or another formula")
    # the noise is a share of how far the values reach, as it is a share of the picture for points
    reach = float(heights.max() / 2 - heights.min() / 2) or 1.0
    with np.errstate(all="ignore"):
        targets = heights + rng.uniform(-1, 1, data.samples) * (data.noise * reach)
    return Rows(f"y = {given.text}", "regression", inputs, targets[:, np.newaxis], ("x₁", "x₂") if two else ("x",), ("y",))


OWN: dict[str, Callable[[Data], Rows]] = {
    "table": _table, "pictures": _pictures, "text": _text, "drawn": _drawn, "formula": _formula,
}
"""The user's own kinds of data by the name of their source."""
OWN_TITLES = {"table": "A table", "pictures": "Pictures", "text": "A text", "drawn": "Drawn points", "formula": "A formula"}
REACH = RADIUS
"""Half the side of the square in which points are drawn."""
