"""The ends of the diagram for words: a block of inputs for each word that is read, and the likeliest of many classes by name.

It is apart from the other inputs and outputs because hundreds of numbers, all but a few of them 0, are told by words. It refuses to
place anything: the layout says where.
"""

import math
from functools import lru_cache

import numpy as np

from nnsim.engine.experiment import Data
from nnsim.engine.frame import Frame
from nnsim.engine.next_word import vocabulary_of
from nnsim.picture import numbers
from nnsim.picture.class_shares import LIKELIEST
from nnsim.picture.context_words import is_text, words_of_inputs
from nnsim.picture.layout import BAR_WIDTH, BROAD_GUESSES, Column
from nnsim.picture.neurons import Drawing, paint_values
from nnsim.picture.palette import Theme
from nnsim.picture.picture import Cell, Plate, Slab, Words
from nnsim.picture.reading import Reading
from nnsim.picture.targets import INPUTS, NeuronTarget

PITCH = 38  # from one guess to the next, with its bar below it


def word_count(frame: Frame) -> int:
    """How many words the inputs are; 0 where they are none, or not only words."""
    words = _words(frame.experiment.data)
    return words if words and frame.network.inputs == len(frame.dataset.input_names) else 0


@lru_cache(maxsize=8)
def _words(data: Data) -> int:
    return vocabulary_of(data).context if is_text(data) else 0


def words_read(reading: Reading) -> str:
    """The words of the sample on show, where the inputs are words; else empty."""
    if reading.row is None or not word_count(reading.frame):
        return ""
    return " ".join(words_of_inputs(reading.frame.experiment.data, reading.frame.dataset.inputs[reading.row]))


def draw_words(drawing: Drawing, column: Column, reading: Reading, theme: Theme) -> None:
    """Add a block of inputs for each word, its one input that is 1 lit, and the word below it."""
    frame, blocks = reading.frame, len(column.ys)
    size = len(column.units) // blocks
    read: tuple[str, ...] = ()
    tones = np.full((blocks, size), np.nan)
    if reading.inputs is not None and reading.row is not None:
        row = frame.dataset.inputs[reading.row]
        read, tones = words_of_inputs(frame.experiment.data, row), row.reshape(blocks, size)
    facts: tuple[tuple[str, float], ...] = ()
    if reading.inputs is not None and not reading.view.playing:
        facts = tuple(zip(frame.dataset.fed_names, reading.inputs.tolist(), strict=True))
    wide = max(1, round(math.sqrt(size * column.width / column.height)))
    high = -(-size // wide)
    for place, y in enumerate(column.ys):
        filled = np.full(wide * high, np.nan)
        filled[:size] = tones[place]
        drawing.cells.append(Cell(
            column.x, y, column.width, column.height, 4, theme.base, theme.ink2, 1.6, NeuronTarget(INPUTS, place * size),
            paint_values(filled.reshape(high, wide), theme), False, not read, units=size, name=f"word −{blocks - place}",
            facts=facts[place * size : (place + 1) * size]))
        drawing.words.append(Words(column.x, y - column.height / 2 - 9, f"word −{blocks - place}", 11, theme.ink3))
        word = read[place] if read else "?"
        drawing.plates.append(Plate(column.x, y + column.height / 2 + 4, word, 13, theme.ink if read else theme.ink3, theme.base,
                                    theme.ink2 if read else theme.line2))


def draw_likeliest(drawing: Drawing, slabs: list[Slab], column: Column, reading: Reading, theme: Theme) -> None:
    """Add to a folded column of classes its likeliest ones: names, bars and percentages, as far as they are known."""
    outputs = reading.outputs[-1] if reading.outputs else None
    is_known = outputs is not None and reading.frame.known.outputs[-1] == len(column.units)
    if outputs is None or not is_known or not np.isfinite(outputs).all():
        return
    if reading.view.width < BROAD_GUESSES or reading.frame.network.activations[-1] != "softmax":
        return
    names, left = reading.frame.dataset.target_names, column.right + 16
    count = min(LIKELIEST, max(1, int((column.height + 20) / PITCH)))
    top = column.ys[0] - (count - 1) / 2 * PITCH
    for place, unit in enumerate(np.argsort(-outputs, kind="stable")[:count].tolist()):
        y, share, best = top + place * PITCH, float(outputs[unit]), place == 0
        drawing.words.append(Words(left, y - 8, names[unit], 14 if best else 13, theme.ink if best else theme.ink2, best, "left",
                                   BAR_WIDTH + 44))
        slabs.append(Slab(left, y + 3, BAR_WIDTH, 8, theme.control if theme.name != "light" else theme.window, 2, theme.line))
        if share * BAR_WIDTH >= 0.5:
            slabs.append(Slab(left, y + 3, BAR_WIDTH * min(share, 1), 8, theme.pos, 2))
        drawing.words.append(Words(left + BAR_WIDTH + 5, y + 7, numbers.percent(round(share, 2)), 11.5,
                                   theme.ink if best else theme.ink2, best, "left"))
