"""One batch as a strip of cells: every sample forward, loss and backward, the current one opened to its neurons, then the update.

A cell knows which marks it stands for, so a place on the strip and a place in time turn into each other here, by the same
arithmetic that stepping uses. It is apart so that this can be tested as numbers. It refuses to know a colour or a font: it is
told how wide it is, in pixels, and how large the text is.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain, Marks
from nnsim.engine.moments import Moment
from nnsim.picture import numbers
from nnsim.picture.time_picture import layer_blocks, phase_start, shown_grain

State = Literal["done", "now", "waiting"]
SAMPLE_SHARES = {"forward": 0.4, "loss": 0.2, "backward": 0.4}
FOLDED_SHARES = {"forward": 0.38, "loss": 0.08, "backward": 0.4, "update": 0.14}
ARROWS = {"forward": " →", "backward": " ←", "update": ""}

# widths in pixels at a scale of 1
GAP = 2.0
LEAST_SAMPLE = 20.0
UPDATE = 125.0
TERM, NEURON, LAYER, LOSS, PASS = 22.0, 38.0, 46.0, 84.0, 120.0
LEAST = {TERM: 9.0, NEURON: 13.0, LAYER: 22.0}


class Cell(NamedTuple):
    """Some marks of one phase; of ``repeats`` samples, each ``every`` marks after the one before."""

    left: float
    width: float
    phase: str
    state: State
    first: int
    last: int
    text: str = ""
    repeats: int = 1
    every: int = 0


class Head(NamedTuple):
    """A few words above the cells, ``x`` being their left end, middle or right end."""

    text: str
    x: float
    anchor: Literal["left", "middle", "right"]
    strong: bool = False


@dataclass(frozen=True)
class BatchStrip:
    """The strip, ready to be drawn; places in pixels from its left end."""

    cells: tuple[Cell, ...]
    heads: tuple[Head, ...]
    opened: tuple[float, float] | None
    """Left and right end of what is opened; None where nothing is."""
    folded: bool
    """Whether all samples are one block a phase."""
    cursor: float
    """Where the cursor stands."""

    def mark_at(self, x: float) -> int:
        """The mark to go to for a click at ``x``: the end of what the nearest cell stands for."""
        cells = self.cells
        index = max(0, bisect_right(cells, x, key=lambda cell: cell.left) - 1)
        if index + 1 < len(cells) and cells[index + 1].left - x < x - cells[index].left - cells[index].width:
            index += 1
        cell = cells[index]
        repeat = int((x - cell.left) / cell.width * cell.repeats)
        return cell.last + min(max(repeat, 0), cell.repeats - 1) * cell.every

    def moment_at(self, frame: Frame, x: float) -> Moment:
        """The moment of ``frame``'s batch for a click at ``x``."""
        return Moment(frame.moment.batch, self.mark_at(x))


def batch_strip(frame: Frame, grain: Grain, width: float, scale: float = 1.0, ribbon: bool = False) -> BatchStrip:
    """The strip of the batch ``frame`` stands in. ``scale``: the text's size, 1 at 13 px; a ``ribbon`` opens nothing."""
    builder = _Builder(frame.marks, frame.moment.mark, width, scale)
    shown = shown_grain(frame, grain)
    if shown >= Grain.BATCH:
        builder.lay_folded()
        return builder.finish(None, folded=True)
    current = 0 if frame.mark is None else frame.sample
    if ribbon:
        builder.lay_closed(current or 0)
        return builder.finish(None, folded=False)
    return builder.finish(builder.lay(current, shown == Grain.TERM), folded=False)


class _Block(NamedTuple):
    """A cell before it has a place; ``head`` goes above it."""

    width: float
    phase: str
    first: int
    last: int
    text: str
    head: str = ""


class _Builder:
    """Lays cells from left to right."""

    def __init__(self, marks: Marks, here: int, width: float, scale: float) -> None:
        self.marks, self.here, self.width, self.scale = marks, here, width, scale
        self.cells: list[Cell] = []
        self.heads: list[Head] = []
        self.x = 0.0

    def finish(self, opened: tuple[float, float] | None, folded: bool) -> BatchStrip:
        return BatchStrip(tuple(self.cells), tuple(self.heads), opened, folded, self._cursor())

    def _cursor(self) -> float:
        reached = 0.0
        for cell in self.cells:
            if cell.first > self.here:
                break
            last = cell.last + (cell.repeats - 1) * cell.every
            reached = cell.left + cell.width * min(1.0, (self.here - cell.first + 1) / (last - cell.first + 1))
        return reached

    def _add(self, width: float, phase: str, first: int, last: int, text: str = "", repeats: int = 1) -> None:
        every = self.marks.sample_length if repeats > 1 else 0
        done = self.here > last + (repeats - 1) * every
        state: State = "waiting" if first > self.here else "done" if done else "now"
        self.cells.append(Cell(self.x, max(width - GAP * self.scale, 0.5), phase, state, first, last, text, repeats, every))
        self.x += width

    def lay_folded(self) -> None:
        """Four blocks: all samples together."""
        for phase, share in FOLDED_SHARES.items():
            first = phase_start(self.marks, 0, phase)
            last = self.marks.block(first, Grain.PASS)[1]
            self._add(self.width * share, phase, first, last, phase, 1 if phase == "update" else self.marks.samples)

    def lay_closed(self, current: int) -> None:
        """All samples closed, then the update."""
        update = 0.066 * self.width
        groups = self._groups(current, self.width - update)
        self._lay_groups(groups, None, [], self.width - update)
        self._add(update, "update", self.marks.update_start + 1, self.marks.count)

    def lay(self, current: int | None, terms: bool) -> tuple[float, float]:
        """All samples and the update, with sample ``current`` opened; None opens the update. Returns what is opened."""
        update = min(UPDATE * self.scale, 0.12 * self.width) if current is not None else 0.0
        most = 0.46 * self.width if self.marks.samples > 1 or current is None else self.width - update - 12 * self.scale
        start = phase_start(self.marks, current or 0, "update" if current is None else "forward")
        blocks = self._blocks(start, most, terms)
        natural = sum(block.width for block in blocks)
        stretch = most / natural if natural > most or self.marks.samples == 1 else 1.0
        blocks = [block._replace(width=block.width * stretch) for block in blocks]
        opened = natural * stretch
        groups = self._groups(current, self.width - opened - update)
        if current is not None:
            box = self._lay_groups(groups, current, blocks, self.width - opened - update)
            self._add(update, "update", self.marks.update_start + 1, self.marks.count, "update")
            return box
        self._lay_groups(groups, None, [], self.width - opened)
        return self._open(blocks)

    def _groups(self, current: int | None, room: float) -> list[tuple[int, int]]:
        """Samples as (first, how many): each for itself where there is room, else those before and after the current one."""
        samples = self.marks.samples
        if room / samples >= LEAST_SAMPLE * self.scale:
            return [(sample, 1) for sample in range(samples)]
        if current is None:
            return [(0, samples)]
        parts = [(0, current), (current, 1), (current + 1, samples - current - 1)]
        return [(start, count) for start, count in parts if count]

    def _lay_groups(
        self, groups: list[tuple[int, int]], opened: int | None, blocks: list[_Block], room: float
    ) -> tuple[float, float]:
        # a hundred samples in one group get more room than one, but not a hundred times as much
        weights = {start: math.sqrt(count) for start, count in groups if start != opened}
        gap = min(12.0 * self.scale, max(4.0 * self.scale, 0.15 * room / len(groups)))
        unit = max(0.0, room - gap * len(groups)) / (sum(weights.values()) or 1.0)
        box = (0.0, 0.0)
        for start, count in groups:
            if start == opened:
                box = self._open(blocks)
                self.heads.append(Head(f"sample {numbers.whole(start + 1)}", box[1], "right", strong=True))
            else:
                self._close(start, count, unit * weights[start])
            self.x += gap
        return box

    def _close(self, sample: int, count: int, width: float) -> None:
        name = numbers.whole(sample + 1) if count == 1 else f"{numbers.whole(sample + 1)}–{numbers.whole(sample + count)}"
        self.heads.append(Head(name, self.x + (width - GAP * self.scale) / 2, "middle"))
        for phase, share in SAMPLE_SHARES.items():
            first = phase_start(self.marks, sample, phase)
            self._add(width * share, phase, first, self.marks.block(first, Grain.PASS)[1], repeats=count)

    def _open(self, blocks: list[_Block]) -> tuple[float, float]:
        left = self.x
        for block in blocks:
            if block.head:
                self.heads.append(Head(block.head, self.x, "left"))
            self._add(block.width, block.phase, block.first, block.last, block.text)
        return left, self.x - GAP * self.scale

    def _blocks(self, start: int, most: float, terms: bool) -> list[_Block]:
        """What is opened, as finely as fits into ``most`` pixels: to terms (of the update), neurons, layers, or passes."""
        sizes = self.marks.sizes
        updating = start > self.marks.update_start
        counts = {TERM: sum((before + 1) * here for before, here in pairwise(sizes)),
                  NEURON: sum(sizes[1:]), LAYER: len(sizes) - 1}
        passes = 1 if updating else 2
        fitting = [level for level, count in counts.items() if (level != TERM or (terms and updating))
                   and (count * passes + 2 * (passes - 1)) * LEAST[level] * self.scale <= most]
        level = fitting[0] if fitting else PASS
        blocks = list(self._pass_blocks(start, level))
        if updating:
            return blocks
        loss = start + self.marks.pass_length
        blocks.append(_Block(LOSS * self.scale, "loss", loss, loss, "loss"))
        return [*blocks, *self._pass_blocks(loss + 1, level)]

    def _pass_blocks(self, start: int, level: float) -> Iterator[_Block]:
        phase = self.marks.at(start).phase
        width = level * self.scale
        if level == PASS:
            yield _Block(width, phase, *self.marks.block(start, Grain.PASS), phase)
            return
        for layer, (first, last) in layer_blocks(self.marks, start).items():
            name = f"L{layer + 1}{ARROWS[phase]}"
            if level == LAYER:
                yield _Block(width, phase, first, last, name)
                continue
            step = 1 if level == TERM else (last - first + 1) // self.marks.sizes[layer + 1]
            for place, mark in enumerate(range(first, last + 1, step)):
                yield _Block(width, phase, mark, mark + step - 1, "" if level == TERM else f"{place + 1}", "" if place else name)
