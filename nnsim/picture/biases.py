"""The biases of the diagram: beside each neuron a small square, filled by the bias's sign and size, that can be pointed at.

It is apart from the neurons since a bias is a parameter like a weight, with a target and a tone of its own, whatever is known of
its neuron. It refuses to show anything but the bias itself: what a gradient or an update makes of it is told by its short edge.
"""

import math

from nnsim.picture.edges import BIAS_ABOVE, BIAS_RADIUS
from nnsim.picture.layout import Column
from nnsim.picture.neurons import LEAST_PITCH, RINGED, Drawing
from nnsim.picture.palette import Theme
from nnsim.picture.picture import Cell, Words
from nnsim.picture.reading import Reading, largest, stable_scale
from nnsim.picture.targets import INPUTS, EdgeTarget

CORNER = 3.0
LEAST, MOST = 3.0, 4.0  # half a side where the square sits on the neuron's own corner
SMALLEST_NEURON, SMALLEST = 10, {"chip": 18}  # pixels; on smaller ones a square would hide them, or their names


def draw_biases(drawing: Drawing, columns: tuple[Column, ...], reading: Reading, theme: Theme) -> None:
    """Add the square of each neuron: above it, at the end of its short edge, with its name; where room is short, at its corner.

    The tone is the bias over the value that the widest weight stands for, so that a bias and a weight of one size look alike.
    Folded layers, and neurons too small for it, have none.
    """
    scale = stable_scale(largest(*reading.frame.weights))
    for column in columns:
        if column.layer == INPUTS or column.form == "block" or column.height < SMALLEST.get(column.form, SMALLEST_NEURON):
            continue
        for place, unit in enumerate(column.units):
            x, y, half = _place(column, place)
            drawing.cells.append(_square(reading, theme, column.layer, unit, (x, y, half), scale))
            _name(drawing, column, place, reading, theme)


def _name(drawing: Drawing, column: Column, place: int, reading: Reading, theme: Theme) -> None:
    """Write a neuron's name right of its square; where that sits on the neuron's corner, right of the neuron's upper end."""
    unit, working = column.units[place], reading.working == (column.layer, column.units[place])
    below_working = place > 0 and reading.working == (column.layer, column.units[place - 1])
    name = f"L{column.layer + 1}·{unit + 1}"
    if column.roomy:
        if not working:
            # else its bias stands there
            x, y, half = _place(column, place)
            drawing.words.append(Words(x + half + 4, y, name, 11, theme.ink3, align="left"))
    elif column.form in ("tile", "disc") and column.pitch >= LEAST_PITCH:
        x, top = column.x + column.width / 2 + (RINGED if working or below_working else 3), column.ys[place] - column.height / 2
        drawing.words.append(Words(x, top + (2 if column.plates else -3), name, 10, theme.ink2, align="left"))


def _place(column: Column, place: int) -> tuple[float, float, float]:
    """x and y of the square's middle, and half its side."""
    x, y, half = column.x, column.ys[place], column.height / 2
    if column.roomy:
        return x, y - half - BIAS_ABOVE, BIAS_RADIUS
    # on the rim of a disc, a little inside of the corner of a tile
    away = half * (math.sqrt(0.5) if column.form in ("disc", "dot") else 0.92)
    return x - away, y - away, min(max(0.3 * half, LEAST), MOST)


def _square(reading: Reading, theme: Theme, layer: int, unit: int, spot: tuple[float, float, float], scale: float) -> Cell:
    x, y, half = spot
    target = EdgeTarget(layer, reading.frame.network.sizes[layer], unit)
    bias = float(reading.frame.biases[layer][unit])
    outline, width = theme.ink2, 1.2
    if reading.view.selected == target:
        outline, width = theme.ink, 2.6
    elif reading.view.hovered == target or reading.working == (layer, unit):
        outline, width = theme.ink, 1.8
    return Cell(x, y, 2 * half, 2 * half, min(CORNER, half / 2), theme.tone(bias / scale), outline, width, target,
                name=f"L{layer + 1}·{unit + 1} bias", facts=(("bias b", bias),))
