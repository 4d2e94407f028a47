"""From a frame to the diagram of its network, as plain data: the one place where all its parts come together.

It is a pure function: the same frame, view and theme give the same picture, and nothing is remembered but the layout of a size.
It refuses to paint.
"""

from operator import mul
from typing import Literal

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START
from nnsim.picture import numbers
from nnsim.picture.biases import draw_biases
from nnsim.picture.edges import BUDGET_PLAYING, Edges, lay_edges, signs, strands
from nnsim.picture.inputs import SYMBOL, draw_block, draw_inputs, draw_loss, draw_shares, loss_title
from nnsim.picture.labels import edge_plates
from nnsim.picture.layout import HALF_PLATE, LOW_VIEW, MOST_DOTS, NARROW_VIEW, UNFOLDED, Facts, Layout, layout, note_lines
from nnsim.picture.neurons import Drawing, draw_neurons
from nnsim.picture.palette import Theme
from nnsim.picture.picture import DiagramView, Head, Legend, Picture, Slab, Strand, Words
from nnsim.picture.reading import Reading
from nnsim.picture.targets import INPUTS
from nnsim.picture.word_columns import draw_likeliest, word_count

_FIRST = {
    Grain.TERM: "the first product", Grain.NEURON: "the first neuron", Grain.LAYER: "the first layer",
    Grain.PASS: "the first forward pass", Grain.SAMPLE: "the first sample", Grain.BATCH: "the first batch",
    Grain.EPOCH: "the first epoch"}
"""What the first step computes."""
HINT_HALF, HINT_END = 130, 68
"""Half as wide as the longest hint that the first step is waited for becomes, and where its letters end, px."""


def network_picture(frame: Frame, view: DiagramView, theme: Theme) -> Picture:
    """The diagram of ``frame``, fitted into ``view``."""
    reading = Reading(frame, view)
    plan = layout(_facts(reading), view.width, view.height)
    edges = lay_edges(reading, plan)
    drawing, bars = Drawing(), list[Slab]()
    for column in plan.columns:
        drawing.floor = plan.floor(column.x - HALF_PLATE, column.x + HALF_PLATE)
        if column.layer == INPUTS:
            draw_inputs(drawing, column, reading, theme)
        elif column.form == "block":
            draw_block(drawing, column, reading, theme, plan.step - 8)
            if column is plan.columns[-1] and reading.frame.dataset.task == "classes":
                draw_likeliest(drawing, bars, column, reading, theme)
        else:
            draw_neurons(drawing, column, reading, theme)
            if column.form == "chip":
                draw_shares(drawing, bars, column, reading, theme)
    draw_biases(drawing, plan.columns, reading, theme)
    draw_loss(drawing, plan, reading, theme)
    note = _note(edges, reading)
    if frame.moment == START and _has_room_for_hint(plan):
        drawing.words.append(Words(view.width / 2, 61, f"Press → to compute {_FIRST[view.grain]}", 12, theme.ink2, True))
    drawing.words.extend(_note_words(note, view, theme, frame.moment == START))
    return Picture(
        view.width, view.height, theme.base, theme.focus, theme.ink, (*_tint(plan, reading, theme), *bars),
        strands(edges, reading, theme), _to_loss(plan, reading, theme), signs(edges, reading, theme), tuple(drawing.cells),
        _heads(plan, reading, theme), tuple(drawing.words),
        (*edge_plates(edges, reading, plan, theme), *drawing.plates), _legend(reading, bool(note), theme),
        edges.table, note, sentence(reading), frame.network.sizes, tuple(column.targets for column in plan.columns))


def _has_room_for_hint(plan: Layout) -> bool:
    """Whether what to press first fits below the heads without touching a name; the equations' panel says it as well."""
    near = [column for column in plan.columns[1:] if abs(column.x - plan.width / 2) <= HINT_HALF + 0.5 * column.width + 30]
    return all(column.ys[0] - column.height / 2 - (26 if column.roomy else 8) >= HINT_END for column in near)


def _facts(reading: Reading) -> Facts:
    frame = reading.frame
    network, dataset = frame.network, frame.dataset
    dots = dataset.picture[0] * dataset.picture[1] * dataset.channels if dataset.picture else 0
    picture = dataset.picture if dots == network.inputs else None
    tiles = picture is None and (len(dataset.input_names) == 2 or (frame.maps is not None and bool(frame.maps.maps)))
    unfolded = tuple((layer, _strongest(reading, layer)) for layer in sorted(reading.view.unfolded)
                     if layer < network.depth and network.sizes[layer + 1] > MOST_DOTS)
    long = any(len(name) > SYMBOL for name in dataset.fed_names)
    # while playing fewer are drawn, but nothing shall move
    noted = reading.quantity != "none" and sum(map(mul, network.sizes, network.widths)) > BUDGET_PLAYING
    legend: Literal["none", "edges", "all"] = "none" if reading.quantity == "none" else "all" if _tones(reading) else "edges"
    return Facts(network.sizes, picture, tiles, dataset.task == "classes", long, noted, legend, unfolded,
                 words=word_count(frame))


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
        fold: Literal["folded", "unfolded"] = "folded" if column.form in ("block", "words") else "unfolded"
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
    words = word_count(frame)
    return f"{words} of {frame.network.inputs // words} words" if words else f"{frame.network.inputs}"


def _to_loss(plan: Layout, reading: Reading, theme: Theme) -> tuple[Strand, ...]:
    """From each output to the loss, dotted until the outputs are known."""
    last = plan.columns[-1]
    if last.form == "chip" or (last.form == "block" and reading.frame.dataset.task == "classes"):
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
    if reading.quantity == "none" or reading.view.width < NARROW_VIEW:
        return None
    said = {"gradients": "∂L/∂W, whole batch" if reading.whole_batch else "∂L/∂W", "change": "change",
            "contributions": "w·x, sample on show"}
    title = f"edge = {said.get(reading.quantity, 'weight')}" + _tones(reading)
    if noted or reading.view.height < LOW_VIEW:
        title = ""
    number = numbers.significant(reading.scale, 1)
    return Legend(title, numbers.significant(-reading.scale, 1), number, theme.pos, theme.neg, theme.ink3)


def _tones(reading: Reading) -> str:
    """What the neurons' tones stand for, and in the update of which sample they are."""
    shows, frame = reading.neuron_quantity, reading.frame
    of = f" of sample {(reading.sample or 0) + 1}, before the update" if reading.shows_before else ""
    if shows == "sums":
        return f"   neuron = sum z{of}, full tone at ±{numbers.significant(reading.sum_scale, 1, False)}"
    if shows == "deltas":
        return f"   neuron = δ{of}, full tone at ±{numbers.significant(reading.delta_scale, 2, False)}"
    mapped = shows == "maps" and frame.maps is not None and bool(frame.maps.maps)
    return "   neuron = output over two inputs" if mapped else f"   neuron = output a{of}"


def _note(edges: Edges, reading: Reading) -> str:
    """How many weights are not drawn."""
    sizes = np.array(reading.frame.network.sizes)
    drawn = int((edges.table.keys[:, 1] < sizes[edges.table.keys[:, 0]]).sum())
    if reading.quantity == "none" or drawn == edges.total:
        return ""
    return f"{numbers.whole(drawn)} of {numbers.whole(edges.total)} weights drawn: the strongest of each layer"


def _note_words(note: str, view: DiagramView, theme: Theme, at_start: bool) -> list[Words]:
    """The note above the legend; where the controls leave it no room its first part below the heads, unless the start's hint is."""
    lines = note_lines(view.width)
    if not note or (not lines and at_start):
        return []
    parts = [note] if lines == 1 else note.split(": ")
    if not lines:
        return [Words(view.width / 2, 57, parts[0], 11, theme.ink2, True)]
    return [Words(15, view.height - 38 - 16 * place, part, 12, theme.ink2, True, "left") for place, part in enumerate(parts[::-1])]


def sentence(reading: Reading) -> str:
    """The diagram's state in one sentence."""
    frame = reading.frame
    sizes = "-".join(str(size) for size in frame.network.sizes)
    if frame.mark is None or frame.trace is None:
        return f"Network {sizes}, nothing computed yet."
    if reading.working is None:
        where = "the loss of " if frame.phase == "loss" else ""
        sample = "" if frame.sample is None else f"sample {frame.sample + 1} of {frame.trace.samples}"
        return f"Network {sizes}, {frame.phase}: {where}{sample or f'batch loss {numbers.loss(frame.trace.loss)}'}."
    layer, neuron = reading.working
    place = f"layer {layer + 1}, neuron {neuron + 1} of {frame.network.widths[layer]} is at work"
    if frame.phase == "update":
        return f"Network {sizes}, update: {place}; {frame.parameters_updated} of {len(frame.theta)} parameters are new."
    said = f"Network {sizes}, {frame.phase}, sample {(frame.sample or 0) + 1} of {frame.trace.samples}: {place}"
    if frame.phase == "forward" and neuron < frame.known.outputs[layer]:
        return f"{said}; its output is {numbers.fixed(float(reading.outputs[layer][neuron]))}."
    if frame.phase == "backward":
        return f"{said}; its delta is {numbers.significant(float(reading.deltas[layer][neuron]))}."
    return f"{said}."


