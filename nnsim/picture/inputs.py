"""What stands at the ends of the diagram: the inputs, folded layers, the shares of classes, and the block of the loss.

It is apart from the neurons since none of these has a neuron's states. It refuses to place anything: the layout says where.
"""

import math

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.losses import LOSSES
from nnsim.picture import numbers
from nnsim.picture.layout import BAR_WIDTH, LOSS_HEIGHT, LOSS_WIDTH, Column, Layout
from nnsim.picture.neurons import Drawing, Pixels, fill_tones, paint_values
from nnsim.picture.palette import Theme, ink_on
from nnsim.picture.picture import Cell, Plate, Slab, Words
from nnsim.picture.pixels import empty_pixels, picture_pixels
from nnsim.picture.reading import Reading, largest, map_dot, map_extent
from nnsim.picture.targets import INPUTS, NeuronTarget, Target
from nnsim.picture.word_columns import draw_words, words_read

SMALL_TILE = 46
COUNT_ROOM = 96  # what "1,000 neurons" needs
RAMP = 48  # pixels along an input's map
SYMBOL = 3  # letters up to which the inputs' names, if none is longer, are set as a formula's symbols, left of them


def draw_inputs(drawing: Drawing, column: Column, reading: Reading, theme: Theme) -> None:
    """Add the inputs: a picture of pixels, a block a word, a folded block, or one cell each."""
    if column.form == "picture":
        _draw_pixels(drawing, column, reading, theme)
    elif column.form == "words":
        draw_words(drawing, column, reading, theme)
    elif column.form == "block":
        draw_block(drawing, column, reading, theme)
    else:
        _draw_each(drawing, column, reading, theme)


def _draw_pixels(drawing: Drawing, column: Column, reading: Reading, theme: Theme) -> None:
    dataset, x, y = reading.frame.dataset, column.x, column.ys[0]
    assert dataset.picture is not None
    pixels = empty_pixels(dataset, theme)
    if reading.row is not None:
        pixels = picture_pixels(dataset.inputs[reading.row], dataset, theme)
        probe = reading.frame.probe
        drawn = probe is not None and probe.row is None
        caption = "your picture" if drawn else f"row {reading.row + 1}{_class_named(reading)}"
        drawing.words.append(Words(x, y + column.height / 2 + 14, caption, 13, theme.ink, True, width=column.width + 40))
    facts = () if reading.inputs is None or reading.view.playing else tuple(
        zip(dataset.fed_names, reading.inputs.tolist(), strict=True))
    drawing.cells.append(Cell(x, y, column.width, column.height, 2, theme.base, theme.ink2, 1.4, NeuronTarget(INPUTS, 0),
                              pixels, False, units=len(column.units), channels=dataset.channels, name="pixels", facts=facts))


def _class_named(reading: Reading) -> str:
    """": a 6", the class of the sample on show."""
    dataset = reading.frame.dataset
    if dataset.task != "classes" or reading.row is None:
        return ""
    return f": {dataset.target_names[int(dataset.targets[reading.row].argmax())]}"


def _draw_each(drawing: Drawing, column: Column, reading: Reading, theme: Theme) -> None:
    names, inputs = reading.frame.dataset.fed_names, len(reading.frame.dataset.input_names)
    symbols = all(len(name) <= SYMBOL for name in names)
    values = None if reading.inputs is None or reading.phase == "start" else reading.inputs
    # in the update no sample is at work, and in fast play none can be read
    shown = values is not None and reading.phase != "update" and not reading.view.playing
    axes = (0, 1) if reading.frame.maps is None else reading.frame.maps.axes
    tones = None if values is None else values / (largest(values) or 1.0)
    for place, unit in enumerate(column.units):
        x, y, size = column.x, column.ys[place], column.height
        target = NeuronTarget(INPUTS, unit)
        ramp = _ramp(reading, unit, axes, theme) if column.form == "tile" and (unit in axes or unit >= inputs) else None
        ground = theme.tone(float(tones[unit])) if tones is not None else theme.base
        outline, thickness = _input_outline(target, reading, theme)
        dot = map_dot(reading, theme) if ramp is not None and shown and size >= 22 else None
        facts = () if values is None else ((f"input {names[unit]}", float(values[unit])),)
        drawing.cells.append(Cell(
            x, y, column.width, size, min(10.0, size * 0.24) if column.form == "tile" else size / 2, ground, outline,
            thickness if size >= 14 else 1.2, target, ramp, dot=dot,
            name=names[unit], facts=facts))
        _name_input(drawing, column, place, names[unit], symbols, theme)
        if shown and column.plates and values is not None:
            drawing.plates.append(Plate(x, y + size / 2, numbers.fixed(float(values[unit])), 15 if size >= 50 else 13, theme.ink,
                                        theme.base, theme.ink2))


def _input_outline(target: Target, reading: Reading, theme: Theme) -> tuple[str, float]:
    if reading.view.selected == target:
        return theme.ink, 3
    return (theme.ink, 2) if reading.is_pointed_at(target) else (theme.ink2, 1.6)


def _name_input(drawing: Drawing, column: Column, place: int, name: str, symbol: bool, theme: Theme) -> None:
    x, y, size = column.x, column.ys[place], column.height
    if symbol:
        # beside a small tile the number below it is wider than that
        above = 4 if column.plates and size < SMALL_TILE else 0
        drawing.words.append(Words(x - column.width / 2 - 7, y - above, name, 19 if size >= 30 else 13, theme.ink2, False, "right",
                                   formula=True))
    elif column.plates:
        drawing.words.append(Words(x, y - size / 2 - 9, name, 11, theme.ink2, width=2 * x - 8))
    elif column.pitch >= 11:
        drawing.words.append(Words(x - column.width / 2 - 6, y, name, 10.5, theme.ink2, False, "right",
                                   x - column.width / 2 - 12))


def _ramp(reading: Reading, unit: int, axes: tuple[int, int], theme: Theme) -> Pixels:
    """An input's map: the input itself, rising along its axis, as the network is fed it; and a feature's over both."""
    dataset = reading.frame.dataset
    left, right, bottom, top = map_extent(reading)
    if unit >= len(dataset.input_names):
        grid = np.tile(dataset.inputs[dataset.train].mean(axis=0), (RAMP * RAMP, 1))
        grid[:, axes[0]] = np.tile(np.linspace(left, right, RAMP), RAMP)
        grid[:, axes[1]] = np.repeat(np.linspace(top, bottom, RAMP), RAMP)
        with np.errstate(all="ignore"):
            heights: Array = np.nan_to_num(dataset.scaled(grid)[:, unit]).reshape(RAMP, RAMP)
        return paint_values(heights / (largest(heights) or 1.0), theme)
    along = unit == axes[0]
    low, high = (left, right) if along else (bottom, top)
    fed = (np.array((low, high)) - dataset.offset[unit]) / dataset.scale[unit]
    values: Array = np.linspace(fed[0], fed[1], RAMP) / (largest(fed) or 1.0)
    pixels = paint_values(values, theme)
    return np.tile(pixels, (RAMP, 1)) if along else np.repeat(pixels[::-1, np.newaxis], RAMP, axis=1)


def draw_block(drawing: Drawing, column: Column, reading: Reading, theme: Theme, room: float = 200.0) -> None:
    """Add a folded layer: one block of many small values, and below it in ``room`` pixels how many."""
    count = len(column.units)
    wide = max(1, round(math.sqrt(count * column.width / column.height)))
    high = -(-count // wide)
    tones = np.full(wide * high, np.nan)
    if column.layer == INPUTS:
        if reading.inputs is not None:
            tones[:count] = reading.inputs / (largest(reading.inputs) or 1.0)
    else:
        known = reading.frame.known.outputs[column.layer]
        tones[:known] = fill_tones(reading, column.layer)[:known]
    facts: tuple[tuple[str, float], ...] = ()
    if reading.inputs is not None and not reading.view.playing and column.layer == INPUTS:
        facts = tuple(zip(reading.frame.dataset.fed_names, reading.inputs.tolist(), strict=True))
    elif not reading.view.playing and column.layer != INPUTS:
        known = reading.frame.known.outputs[column.layer]
        facts = tuple((f"L{column.layer + 1}·{unit + 1} output a", value)
                      for unit, value in enumerate(reading.outputs[column.layer][:known].tolist())) if known else ()
    words = numbers.count(count, "input" if column.layer == INPUTS else "neuron")
    caption = words if room >= COUNT_ROOM else numbers.whole(count)
    if column.layer == INPUTS:
        caption = words_read(reading) or caption
    target = NeuronTarget(column.layer, 0)
    pixels = paint_values(tones.reshape(high, wide), theme)
    drawing.cells.append(Cell(column.x, column.ys[0], column.width, column.height, 4, theme.base, theme.ink2, 1.6, target, pixels,
                              False, bool(np.isnan(tones[:count]).any()), units=count, name=words, facts=facts))
    drawing.words.append(Words(column.x, column.ys[0] + column.height / 2 + 14, caption, 12, theme.ink2, True,
                               width=room))


def draw_shares(drawing: Drawing, slabs: list[Slab], column: Column, reading: Reading, theme: Theme) -> None:
    """Add to a column of classes their names, and a bar and a percentage each, as far as they are known."""
    names = reading.frame.dataset.target_names
    outputs = reading.outputs[-1] if reading.outputs else None
    known = outputs is not None and reading.frame.known.outputs[-1] == len(column.units)
    best = int(np.argmax(outputs)) if outputs is not None and known else -1
    backward = reading.phase == "backward" and not reading.view.playing
    for place, unit in enumerate(column.units):
        y, left = column.ys[place], column.right + 14
        height = min(column.height * 0.62, 14)
        large = min(max(column.height * 0.6, 8), 16)
        cell = next(cell for cell in drawing.cells if cell.target == NeuronTarget(column.layer, unit))
        drawing.words.append(Words(column.x, y, names[unit], large, ink_on(cell.ground, theme), True, width=column.width - 2))
        if backward and unit < reading.frame.known.deltas[-1]:
            delta = float(reading.deltas[-1][unit])
            drawing.words.append(Words(left, y, f"δ {numbers.significant(delta)}", min(large, 12.5), theme.sign_ink(delta),
                                       unit == (reading.working or (0, -1))[1], "left"))
            continue
        slabs.append(Slab(left, y - height / 2, BAR_WIDTH, height, theme.control if theme.name != "light" else theme.window, 2,
                          theme.line))
        if outputs is None or not known or not math.isfinite(float(outputs[unit])):
            continue
        share = float(outputs[unit])
        if share * BAR_WIDTH >= 0.5:
            slabs.append(Slab(left, y - height / 2, BAR_WIDTH * min(share, 1), height, theme.pos, 2))
        if unit == best or share >= 0.01:
            drawing.words.append(Words(left + BAR_WIDTH + 6, y, numbers.percent(round(share, 2)), min(large, 12.5),
                                       theme.ink if unit == best else theme.ink2, unit == best, "left"))


def draw_loss(drawing: Drawing, layout: Layout, reading: Reading, theme: Theme) -> None:
    """Add the loss: target, output and what their difference costs this sample; in the update the batch's loss."""
    frame, x, y = reading.frame, layout.loss_x, layout.loss_y
    known = frame.trace is not None and (frame.known.loss or reading.phase == "update")
    working = reading.phase == "loss" and not reading.view.playing
    drawing.cells.append(Cell(x, y, LOSS_WIDTH, LOSS_HEIGHT, 9, theme.base, theme.ink2 if known else theme.line2,
                              1.8, None, None, dotted=not known, ring=theme.loss if working else None))
    lines = _loss_lines(reading)
    pitch = 16.2 if len(lines) == 3 else 19.0
    top = y - pitch * (len(lines) - 0.5)
    for place, (label, value) in enumerate(lines):
        colour = theme.ink3 if value == "?" else theme.loss if working and place == len(lines) - 1 else theme.ink
        drawing.words.append(Words(x, top + 2 * place * pitch, label, 11.5, theme.ink3, width=LOSS_WIDTH - 8))
        # the name of a class, or several numbers, take more room than one number
        several = len(lines) == 3 and place < 2 and frame.network.widths[-1] > 1 and len(value) > SYMBOL
        size = 12 if several else 15
        drawing.words.append(Words(x, top + (2 * place + 1) * pitch - 1, value, size, colour, True, width=LOSS_WIDTH - 8,
                                   shrinks=True))


def _loss_lines(reading: Reading) -> tuple[tuple[str, str], ...]:
    frame, trace, sample = reading.frame, reading.frame.trace, reading.sample
    name = frame.experiment.learning.loss
    label = {"mse": "(y − ŷ)²", "mae": "|y − ŷ|"}.get(name, "loss") if frame.network.widths[-1] == 1 else "loss"
    if trace is None or sample is None:
        return ("target y", "?"), ("output ŷ", "?"), (label, "?")
    if reading.phase == "update" or reading.view.playing:
        return ("samples", f"{trace.samples}"), ("batch loss", numbers.loss(trace.loss))
    known = frame.known.outputs[-1] == frame.network.widths[-1]
    if frame.probe is not None and frame.probe.row is None:
        output = _named(reading, trace.outputs[-1][:, sample], 3) if known else "?"
        # nobody knows what the answer to typed inputs should be
        return ("target y", "no target"), ("output ŷ", output), (label, "–")
    return (("target y", _named(reading, trace.targets[:, sample])),
            ("output ŷ", _named(reading, trace.outputs[-1][:, sample], 3) if known else "?"),
            (label, numbers.loss(float(trace.losses[sample])) if frame.known.loss else "?"))


def _named(reading: Reading, values: Array, decimals: int = 0) -> str:
    """One number as itself; the shares of classes as the likeliest class; several numbers as a list."""
    if len(values) == 1:
        value = float(values[0])
        return numbers.fixed(value, decimals, signed=value < 0) if decimals else numbers.exact(float(f"{value:.6g}"))
    if reading.frame.dataset.task == "classes":
        return reading.frame.dataset.target_names[int(np.argmax(values))]
    return numbers.listed(numbers.fixed(float(value), 2, signed=False) for value in values)


def loss_title(reading: Reading) -> str:
    """What the loss is called: for squared and absolute errors, of one sample or as the batch's mean.

    In short: that a cross-entropy is binary, or taken from logits, is seen by the outputs before it.
    """
    title = LOSSES[reading.frame.experiment.learning.loss].title.removeprefix("binary ").removesuffix(" from logits")
    mean = reading.phase in ("update", "start") or reading.view.playing
    return title.removesuffix(" error") if mean else title.removeprefix("mean ")
