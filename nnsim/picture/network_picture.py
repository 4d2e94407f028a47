"""From a frame to the diagram of its network, as plain data: the one place where all its parts come together.

It is a pure function: the same frame, view and theme give the same picture, and nothing is remembered but the layout of a size.
It refuses to paint.
"""

from typing import Literal

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.engine.frame import Frame
from nnsim.engine.moments import START
from nnsim.picture import numbers
from nnsim.picture.biases import draw_biases
from nnsim.picture.edges import Edges, lay_edges, signs, strands
from nnsim.picture.inputs import SYMBOL, draw_block, draw_inputs, draw_loss, draw_shares, loss_title
from nnsim.picture.labels import edge_plates
from nnsim.picture.layout import MOST_DOTS, UNFOLDED, Facts, Layout, layout
from nnsim.picture.neurons import Drawing, draw_neurons
from nnsim.picture.palette import Theme
from nnsim.picture.picture import DiagramView, Head, Legend, Picture, Slab, Strand, Words
from nnsim.picture.reading import Reading
from nnsim.picture.targets import INPUTS

LOW_VIEW = 340  # pixels of height below which the legend has no title


def network_picture(frame: Frame, view: DiagramView, theme: Theme) -> Picture:
    """The diagram of ``frame``, fitted into ``view``."""
    reading = Reading(frame, view)
    plan = layout(_facts(reading), view.width, view.height)
    edges = lay_edges(reading, plan)
    drawing, bars = Drawing(), list[Slab]()
    for column in plan.columns:
        if column.layer == INPUTS:
            draw_inputs(drawing, column, reading, theme)
        elif column.form == "block":
            draw_block(drawing, column, reading, theme)
        else:
            draw_neurons(drawing, column, reading, theme)
            if column.form == "chip":
                draw_shares(drawing, bars, column, reading, theme)
    draw_biases(drawing, plan.columns, reading, theme)
    draw_loss(drawing, plan, reading, theme)
    note = _note(edges, reading)
    if frame.moment == START:
        drawing.words.append(Words(view.width / 2, 61, "Press → to compute the first sum", 12.5, theme.ink2, True))
    if note:
        drawing.words.append(Words(15, view.height - 38, note, 12, theme.ink2, True, "left", max(view.width - 210, 120)))
    return Picture(
        view.width, view.height, theme.base, theme.focus, theme.ink, (*_tint(plan, reading, theme), *bars),
        strands(edges, reading, theme), _to_loss(plan, reading, theme), signs(edges, reading, theme), tuple(drawing.cells),
        _heads(plan, reading, theme), tuple(drawing.words),
        (*edge_plates(edges, reading, plan, theme), *drawing.plates), _legend(reading, bool(note), theme),
        edges.table, note, sentence(reading), frame.network.sizes, tuple(column.targets for column in plan.columns))


def _facts(reading: Reading) -> Facts:
    frame = reading.frame
    network, dataset = frame.network, frame.dataset
    picture = dataset.picture if dataset.picture and dataset.picture[0] * dataset.picture[1] == network.inputs else None
    tiles = picture is None and (network.inputs == 2 or (frame.maps is not None and bool(frame.maps.maps)))
    unfolded = tuple((layer, _strongest(reading, layer)) for layer in sorted(reading.view.unfolded)
                     if layer < network.depth and network.sizes[layer + 1] > MOST_DOTS)
    long = any(len(name) > SYMBOL for name in dataset.input_names)
    return Facts(network.sizes, picture, tiles, dataset.task == "classes", long, unfolded)


def _strongest(reading: Reading, layer: int) -> tuple[int, ...]:
    """The units of a layer with the largest weights, incoming (of the inputs: outgoing), from the first to the last."""
    weights = reading.frame.weights
    strength = np.abs(weights[0]).sum(axis=1) if layer == INPUTS else np.abs(weights[layer]).sum(axis=0)
    return tuple(sorted(np.argsort(-strength, kind="stable")[:UNFOLDED].tolist()))


def _at_work(reading: Reading) -> int | None:
    """The layer at work: the number of layers is the loss. None where nothing is, or frames pass too fast."""
    if reading.view.playing:
        return None
    if reading.phase == "loss":
        return reading.frame.network.depth
    return None if reading.working is None else reading.working[0]


def _tint(plan: Layout, reading: Reading, theme: Theme) -> tuple[Slab, ...]:
    layer = _at_work(reading)
    if layer is None:
        return ()
    loss = layer == reading.frame.network.depth
    x = plan.loss_x if loss else plan.column(layer).x
    width = 109.0 if loss else min(0.66 * plan.step, 123)
    tint = theme.column_tint(reading.phase)
    outline = theme.phase(reading.phase) if tint is None else None
    return (Slab(x - width / 2, 8, width, plan.height - 16, tint, 9, outline),)


def _heads(plan: Layout, reading: Reading, theme: Theme) -> tuple[Head, ...]:
    frame, at_work = reading.frame, _at_work(reading)
    phase = theme.phase(reading.phase)
    # the loss stands nearer than a step where that is wide
    width = plan.step - 6
    heads = []
    for column in plan.columns:
        layer = column.layer
        if layer == INPUTS:
            title, subtitle = "Inputs", _inputs_subtitle(reading)
            wide = max(width, 96.0)
        else:
            title, wide = f"L{layer + 1}", max(width, 100.0) if column is plan.columns[-1] else width
            subtitle = f"{frame.network.widths[layer]} · {ACTIVATIONS[frame.network.activations[layer]].title}"
        foldable = frame.network.sizes[layer + 1] > MOST_DOTS and column.form != "picture"
        fold: Literal["folded", "unfolded"] = "folded" if column.form == "block" else "unfolded"
        colour = phase if layer == at_work else theme.ink
        heads.append(Head(layer, column.x, title, subtitle, colour, theme.ink2, wide, fold if foldable else None))
    colour = phase if at_work == frame.network.depth else theme.ink
    heads.append(Head(frame.network.depth, plan.loss_x, "Loss", loss_title(reading), colour, theme.ink2, 108))
    return tuple(heads)


def _inputs_subtitle(reading: Reading) -> str:
    frame = reading.frame
    if frame.probe is not None:
        return "the probe"
    if frame.sample is not None and not reading.view.playing:
        return f"sample {frame.sample + 1}"
    if frame.dataset.picture:
        high, wide = frame.dataset.picture
        return f"{wide} × {high} pixels"
    return f"{frame.network.inputs}"


def _to_loss(plan: Layout, reading: Reading, theme: Theme) -> tuple[Strand, ...]:
    """From each output to the loss, dotted until the outputs are known."""
    last = plan.columns[-1]
    if last.form == "chip":
        return ()
    arrive = plan.loss_x - 109 / 2
    leave = last.x + last.width / 2 + 6
    if last.form == "block":
        ends = np.array([(leave, last.ys[0], arrive, plan.loss_y)])
    else:
        squeeze = min(1.0, 60 / max(last.ys[-1] - last.ys[0], 1))
        ends = np.array([(leave, y, arrive, plan.loss_y + (y - plan.loss_y) * squeeze) for y in last.ys])
    known = reading.frame.known.outputs[-1] == reading.frame.network.widths[-1]
    curved = bool(np.abs(ends[:, 1] - ends[:, 3]).max() > 3)
    colour = theme.ink2 if known else theme.line2
    return (Strand(ends, colour, 1.6, "solid" if known else "dotted", curved),)


def _legend(reading: Reading, noted: bool, theme: Theme) -> Legend | None:
    if reading.quantity == "none":
        return None
    said = {"gradients": "∂L/∂W, whole batch" if reading.whole_batch else "∂L/∂W", "change": "change",
            "contributions": "w·x, sample on show"}
    title = f"edge = {said.get(reading.quantity, 'weight')}" + _tones(reading)
    if noted or reading.view.height < LOW_VIEW:
        title = ""
    number = numbers.significant(reading.scale, 1)
    return Legend(title, numbers.significant(-reading.scale, 1), number, theme.pos, theme.neg, theme.ink3)


def _tones(reading: Reading) -> str:
    """What the neurons' tones stand for, where somebody has chosen it."""
    shows = reading.view.neurons
    if shows == "sums":
        return f"   neuron = sum z, full tone at ±{numbers.significant(reading.sum_scale, 1, False)}"
    if shows == "deltas":
        return f"   neuron = δ, full tone at ±{numbers.significant(reading.delta_scale, 2, False)}"
    return {"outputs": "   neuron = output a", "maps": "   neuron = output over two inputs"}.get(shows, "")


def _note(edges: Edges, reading: Reading) -> str:
    """How many weights are not drawn."""
    sizes = np.array(reading.frame.network.sizes)
    drawn = int((edges.table.keys[:, 1] < sizes[edges.table.keys[:, 0]]).sum())
    if reading.quantity == "none" or drawn == edges.total:
        return ""
    return f"{drawn:,} of {edges.total:,} weights drawn: the strongest of each layer"


def sentence(reading: Reading) -> str:
    """The diagram's state in one sentence."""
    frame = reading.frame
    sizes = "-".join(str(size) for size in frame.network.sizes)
    if frame.mark is None or frame.trace is None:
        return f"Network {sizes}, nothing computed yet."
    if reading.view.playing or frame.known.working is None:
        where = "the loss of " if frame.phase == "loss" else ""
        sample = "" if frame.sample is None else f"sample {frame.sample + 1} of {frame.trace.samples}"
        return f"Network {sizes}, {frame.phase}: {where}{sample or f'batch loss {numbers.loss(frame.trace.loss)}'}."
    layer, neuron = frame.known.working
    place = f"layer {layer + 1}, neuron {neuron + 1} of {frame.network.widths[layer]} is at work"
    if frame.phase == "update":
        return f"Network {sizes}, update: {place}; {frame.parameters_updated} of {len(frame.theta)} parameters are new."
    said = f"Network {sizes}, {frame.phase}, sample {(frame.sample or 0) + 1} of {frame.trace.samples}: {place}"
    if frame.phase == "forward" and neuron < frame.known.outputs[layer]:
        return f"{said}; its output is {numbers.fixed(float(reading.outputs[layer][neuron]))}."
    if frame.phase == "backward":
        return f"{said}; its delta is {numbers.significant(float(reading.deltas[layer][neuron]))}."
    return f"{said}."


