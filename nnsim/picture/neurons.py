"""The neurons of the diagram: what fills each, its outline, its number, its flag, by what is known of it at this moment.

It is apart because the states of a neuron are the diagram's own language, a table worth testing alone. It refuses to place
anything: the layout says where.
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnsim.core.activations import ACTIVATIONS, Array
from nnsim.picture import numbers
from nnsim.picture.holding import is_frozen
from nnsim.picture.layout import PLATE, Column
from nnsim.picture.output_picture import striped
from nnsim.picture.palette import Theme, blend, ink_on
from nnsim.picture.picture import Cell, Plate, Words
from nnsim.picture.reading import Reading, largest, map_dot, saturated, stable_scale, to_tones
from nnsim.picture.targets import NeuronTarget, Target

SIGNED = 11
"""The least height of a disc in which a sign can be read."""
FAINT = 0.22
"""How much of a response map shows through where the delta is not known yet."""
AWAY, PLATE_HEIGHT = 17, 20
"""From a small disc's edge to its number's middle, and how high that number's plate is, px."""
LEAST_PITCH, RINGED = 24, 13
"""Of neurons with words beside them; how far the ring of the neuron at work reaches."""
SHORT_FLAGS = ("sat.", "dead", "frozen")
"""Those that have room beside a small neuron."""
_STRUCK = ("dead", "silenced")
"""Flags of neurons that are struck through: nothing of them goes on."""

Pixels = NDArray[np.uint32]


@dataclass
class Drawing:
    """What a column's neurons add to the picture, collected in the order of painting."""

    cells: list[Cell] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    plates: list[Plate] = field(default_factory=list)
    floor: float = math.inf
    """How far down there is room for what belongs to the column in hand, px."""


@dataclass(frozen=True)
class Neuron:
    """What is to be said about one neuron: everything but its place."""

    state: str
    """unknown, working, summed, known, faint, delta, changed, plain or diverged"""
    tone: str | None
    """What fills it where there is no map."""
    plate: str = ""
    below: str = ""
    flag: str = ""


def draw_neurons(drawing: Drawing, column: Column, reading: Reading, theme: Theme) -> None:
    """Add the neurons of a layer with weights that is not folded."""
    layer = column.layer
    tones = fill_tones(reading, layer)
    mapped = column.form == "tile" and reading.neuron_quantity in ("maps", "deltas")
    images = _maps(reading, layer, theme) if mapped else None
    faint = None
    for place, unit in enumerate(column.units):
        neuron = describe(reading, layer, unit, float(tones[unit]), theme)
        if images is not None and reading.frame.maps is not None and not np.isfinite(reading.frame.maps.maps[layer][unit]).all():
            neuron = replace(neuron, flag="not finite here")
        pixels = None
        if images is not None and neuron.state in ("known", "changed", "plain", "working") and neuron.flag not in _STRUCK:
            pixels = images[unit]
        elif neuron.state == "faint" and mapped and reading.frame.maps is not None:
            faint = _maps(reading, layer, theme, FAINT) if faint is None else faint
            pixels = None if faint is None else faint[unit]
        _draw(drawing, column, place, neuron, pixels, reading, theme)
    if column.hidden:
        below = column.ys[-1] + column.pitch / 2 + 10
        drawing.words.append(Words(column.x, below, f"{column.hidden} more", 11, theme.ink3))


def fill_tones(reading: Reading, layer: int) -> Array:
    """(neurons,) from -1 to 1: the sum, or the delta over the largest, where those are shown, else the output; NaN at the start."""
    name = reading.frame.network.activations[layer]
    if not reading.outputs:
        return np.full(reading.frame.network.widths[layer], np.nan)
    outputs, shows = reading.outputs[layer], reading.neuron_quantity
    with np.errstate(all="ignore"):
        if shows == "sums":
            return reading.sums[layer] / reading.sum_scale
        tones = to_tones(outputs, name, stable_scale(largest(reading.frame.trace.outputs[layer])) if reading.frame.trace else 1)
        if name == "softmax" and len(tones) > 3:
            # among many classes nearly all shares are near 0, and that is the neutral thing to be
            tones = outputs
        if shows == "deltas":
            tones = np.where(np.arange(len(tones)) < reading.frame.known.deltas[layer],
                             reading.deltas[layer] / reading.delta_scale, tones)
    return tones


def describe(reading: Reading, layer: int, unit: int, tone: float, theme: Theme) -> Neuron:
    """The state of one neuron, and what it says."""
    if not reading.outputs:
        untouched = reading.frame.maps is not None and bool(reading.frame.maps.maps)
        return Neuron("plain" if untouched else "unknown", None, "?" if untouched else "")
    if reading.neuron_quantity == "sums":
        return _summed(reading, layer, unit, theme.tone(tone))
    output = float(reading.outputs[layer][unit])
    if reading.neuron_quantity == "deltas":
        return _with_delta(reading, layer, unit, output, theme.tone(tone), theme)
    known, phase = reading.frame.known, reading.phase
    colour, flag = theme.tone(tone), _flag(reading, layer, unit, output)
    working = reading.working == (layer, unit)
    if phase == "forward":
        if unit < known.outputs[layer]:
            if not math.isfinite(output):
                return Neuron("diverged", None)
            return Neuron("working" if working else "known", colour, _sent_on(output, flag), "", flag)
        if unit < known.sums[layer]:
            return Neuron("summed", None, f"z {numbers.fixed(float(reading.sums[layer][unit]))}")
        return Neuron("unknown", None, "?" if working else "")
    if not math.isfinite(output):
        return Neuron("diverged", None)
    if phase == "update" or reading.view.playing:
        # without a map, only the number tells the sign to whoever sees no colours
        chosen = reading.view.neurons != "auto" or (reading.shows_before and not reading.view.playing)
        return Neuron("changed", colour, numbers.fixed(output) if chosen else "", "", flag if flag in ("dead", "frozen") else "")
    return Neuron("known", colour, _sent_on(output, flag), "", flag)


def _sent_on(output: float, flag: str) -> str:
    """An output as it goes on: nothing of it from a neuron that dropout silenced."""
    return f"{numbers.fixed(output)} → 0" if flag == "silenced" else numbers.fixed(output)


def _summed(reading: Reading, layer: int, unit: int, colour: str) -> Neuron:
    """A neuron that shows its sum."""
    total = float(reading.sums[layer][unit])
    if unit >= reading.frame.known.sums[layer]:
        return Neuron("unknown", None, "?" if reading.working == (layer, unit) else "")
    if not math.isfinite(total):
        return Neuron("diverged", None)
    flag = _flag(reading, layer, unit, float(reading.outputs[layer][unit]))
    return Neuron("known", colour, f"z {numbers.fixed(total)}", "", flag)


def _with_delta(reading: Reading, layer: int, unit: int, output: float, colour: str, theme: Theme) -> Neuron:
    """A neuron that shows its delta, with its output small below."""
    known = reading.frame.known
    if unit >= known.outputs[layer]:
        return Neuron("unknown", None, "?" if reading.working == (layer, unit) else "")
    if not math.isfinite(output):
        return Neuron("diverged", None)
    below = f"a {numbers.fixed(output)}"
    if unit < known.deltas[layer]:
        delta = float(reading.deltas[layer][unit])
        if not math.isfinite(delta):
            return Neuron("diverged", None, "", below)
        silenced = "silenced" if reading.is_silenced(layer, unit) else ""
        return Neuron("delta", colour, numbers.significant(delta), below, silenced)
    return Neuron("faint", blend(theme.base, colour, FAINT), "", below, _flag(reading, layer, unit, output))


def _flag(reading: Reading, layer: int, unit: int, output: float) -> str:
    if reading.is_silenced(layer, unit):
        return "silenced"
    if unit in reading.dead[layer]:
        return "dead"
    if is_frozen(reading.frame.experiment.learning, layer, unit):
        return "frozen"
    return "sat." if saturated(output, reading.frame.network.activations[layer]) else ""


def _maps(reading: Reading, layer: int, theme: Theme, share: float = 1) -> Pixels | None:
    """(neurons, rows, columns) the response maps as pixels, the first row on top; None where the frame has none."""
    maps = reading.frame.maps
    if maps is None or not maps.maps:
        return None
    values = maps.maps[layer][:, ::-1]
    name = reading.frame.network.activations[layer]
    bounded = ACTIVATIONS[name].output_range in ((0, 1), (-1, 1))
    tones = to_tones(values, name, 1 if bounded else stable_scale(largest(values)))
    return striped(paint_values(tones, theme, share), values, theme)


def paint_values(values: Array, theme: Theme, share: float = 1) -> Pixels:
    """Pixels of values from -1 to 1 in the diverging map, ``share`` of it over the base."""
    pixels = theme.pixels(values)
    return pixels if share == 1 else _faded(pixels, theme.base, share)


def _faded(pixels: Pixels, base: str, share: float) -> Pixels:
    # in whole numbers, two channels at a time: red with blue, then green
    ground, part = int(base[1:], 16), round(256 * share)
    both, middle = np.uint32(0xFF00FF), np.uint32(0x00FF00)
    offsets = [np.uint32((ground & int(mask)) * (256 - part)) for mask in (both, middle)]
    red_blue = ((pixels & both) * np.uint32(part) + offsets[0]) >> np.uint32(8)
    green = ((pixels & middle) * np.uint32(part) + offsets[1]) >> np.uint32(8)
    return np.asarray(np.uint32(0xFF000000) | (red_blue & both) | (green & middle), np.uint32)


def _draw(drawing: Drawing, column: Column, place: int, neuron: Neuron, pixels: Pixels | None, reading: Reading,
          theme: Theme) -> None:
    unit, x, y = column.units[place], column.x, column.ys[place]
    target, size = NeuronTarget(column.layer, unit), column.height
    working = reading.working == (column.layer, unit)
    phase = theme.phase(reading.phase)
    outline, thickness, dotted = _outline(neuron, target, reading, theme)
    thickness = thickness if size >= 14 else min(thickness, 1.2 if outline == theme.ink2 else thickness)
    dead = neuron.flag in _STRUCK
    ground = theme.panel if dead else neuron.tone or theme.base
    dot = map_dot(reading, theme) if pixels is not None and size >= 22 and neuron.state in ("known", "working") else None
    drawing.cells.append(Cell(
        x, y, column.width, size, min(10.0, size * 0.24) if column.form in ("tile", "chip") else size / 2, ground, outline,
        thickness, target, pixels, True, dotted, phase if working else None, theme.line2 if dead else None, dot, 1,
        f"L{column.layer + 1}·{unit + 1}", _facts(reading, column.layer, unit)))
    _inscribe(drawing, column, place, neuron, ground, reading, theme)
    if pixels is None and neuron.state in ("known", "changed", "delta"):
        _sign(drawing, column, place, ground, reading, theme)
    if neuron.flag and column.roomy:
        left, top = x - column.width / 2 - 1, y - size / 2 + (6 if size >= 50 else 0)
        ink, ground = (theme.ink2, theme.panel) if neuron.flag in ("frozen", "silenced") else (theme.warn, theme.warn_bg)
        if neuron.flag == "silenced":
            # a long word, for which there is room where no map is
            drawing.plates.append(Plate(x, y - 4, neuron.flag, 10.5, ink, ground, ink, 3, True, "centre"))
        else:
            drawing.plates.append(Plate(left, top, neuron.flag, 10.5, ink, ground, ink, 3, True, "left"))
    elif neuron.flag in SHORT_FLAGS and column.form in ("tile", "disc") and column.pitch >= LEAST_PITCH:
        # below the name, which stands right of the neuron's upper end
        left, top = x + column.width / 2 + (RINGED if working else 3), y - size / 2
        ink = theme.ink2 if neuron.flag == "frozen" else theme.warn
        drawing.words.append(Words(left, top + 9 + (5 if column.plates else 0), neuron.flag, 10, ink, True, "left"))
    if neuron.plate and (column.plates or working) and column.form != "chip":
        _add_plate(drawing, column, place, neuron, working, reading, theme)
    if neuron.below and column.roomy:
        _write_below(drawing, column, y + size / 2, neuron, theme)


def _write_below(drawing: Drawing, column: Column, bottom: float, neuron: Neuron, theme: Theme) -> None:
    room = column.pitch - column.height
    if not neuron.plate and room >= PLATE - 2:
        drawing.words.append(Words(column.x, bottom + 11, neuron.below, 12, theme.ink3))
    elif bottom + 21 + 6 > drawing.floor:
        # what lies at the view's lower corners would cover it
        return
    elif neuron.plate and room >= PLATE + 16:
        drawing.words.append(Words(column.x, bottom + 21, neuron.below, 12, theme.ink3))
    elif room >= PLATE - 2:
        # between the plate and the next neuron's bias there is room only beside the latter
        drawing.words.append(Words(column.x - 11, bottom + 21, neuron.below, 12, theme.ink3, align="right"))


def _outline(neuron: Neuron, target: Target, reading: Reading, theme: Theme) -> tuple[str, float, bool]:
    if reading.view.selected == target:
        return theme.ink, 3, False
    if reading.is_pointed_at(target):
        return theme.ink, 2, False
    if neuron.state == "diverged":
        return theme.error, 3, False
    if neuron.flag in _STRUCK:
        return theme.line2, 1.6, False
    if reading.working == (target.layer, target.neuron if isinstance(target, NeuronTarget) else -1):
        return theme.ink2, 1.6, False
    if neuron.state in ("unknown", "faint"):
        return theme.line2, 1.8, True
    return theme.ink2, 1.6, False


def _inscribe(drawing: Drawing, column: Column, place: int, neuron: Neuron, ground: str, reading: Reading, theme: Theme) -> None:
    """The mark in the middle of a cell: ?, δ, ∞."""
    x, y, size = column.x, column.ys[place], column.height
    if column.form in ("dot", "chip") or size < 22:
        return
    large = min(max(size * 0.3, 13), 24)
    if neuron.state == "unknown" and not neuron.plate:
        drawing.words.append(Words(x, y, "?", large, theme.ink3, True))
    elif neuron.state == "faint":
        drawing.words.append(Words(x, y, "δ ?", large * 0.85, theme.ink2, True))
    elif neuron.state == "delta" and (column.plates or reading.view.playing):
        # where there is no number its sign stands here
        drawing.words.append(Words(x, y - 2, "δ", large * 1.25, ink_on(ground, theme), False, formula=True))
    elif neuron.state == "diverged":
        unit = column.units[place]
        number = float(reading.outputs[column.layer][unit])
        if math.isfinite(number) and reading.deltas:
            number = float(reading.deltas[column.layer][unit])
        drawing.words.append(Words(x, y, numbers.fixed(number), large, theme.error, True))


def _sign(drawing: Drawing, column: Column, place: int, ground: str, reading: Reading, theme: Theme) -> None:
    """Where there is no room for a number, its sign, so that the tone does not tell it alone; a map has its own pattern."""
    if column.plates or column.form == "chip" or reading.view.playing:
        return
    unit, quantity = column.units[place], reading.neuron_quantity
    shown = {"sums": reading.sums, "deltas": reading.deltas}.get(quantity, reading.outputs)
    value = float(shown[column.layer][unit])
    low, _ = ACTIVATIONS[reading.frame.network.activations[column.layer]].output_range
    if column.height < SIGNED or value == 0 or not math.isfinite(value) or (shown is reading.outputs and low == 0):
        return
    sign = "+" if value > 0 else numbers.MINUS
    drawing.words.append(Words(column.x, column.ys[place], sign, min(column.height * 0.8, 14), ink_on(ground, theme), True))


def _add_plate(drawing: Drawing, column: Column, place: int, neuron: Neuron, working: bool, reading: Reading,
               theme: Theme) -> None:
    x, y = column.x, column.ys[place] + column.height / 2
    if column.form == "dot":
        # below a small disc, so as not to hide it, or above the last ones
        y += AWAY if y + AWAY + PLATE_HEIGHT / 2 <= drawing.floor else -AWAY - column.height
    small = 15.0 if column.height >= 50 else 13.0 if column.roomy else 12.0
    phase = theme.phase(reading.phase)
    ink = theme.ink
    if neuron.state == "delta":
        ink = theme.sign_ink(float(reading.deltas[column.layer][column.units[place]]))
    if working:
        drawing.plates.append(Plate(x, y, neuron.plate, small, theme.base, phase, phase))
    else:
        ink = theme.ink3 if neuron.plate == "?" else ink
        drawing.plates.append(Plate(x, y, neuron.plate, small, ink, theme.base, theme.ink2))


def _facts(reading: Reading, layer: int, unit: int) -> tuple[tuple[str, float], ...]:
    known = reading.frame.known
    facts: list[tuple[str, float]] = [("bias", float(reading.frame.biases[layer][unit]))]
    if reading.outputs:
        if unit < known.sums[layer]:
            facts.append(("sum z", float(reading.sums[layer][unit])))
        if unit < known.outputs[layer]:
            facts.append(("output a", float(reading.outputs[layer][unit])))
        if unit < known.deltas[layer]:
            facts.append(("delta δ", float(reading.deltas[layer][unit])))
    return tuple(facts)
