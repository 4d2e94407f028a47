"""Where a frame stands, in words, and where a jump from there leads.

The position bar's crumbs, the jump behind each of them, and the condition that ends a run are plain values here, counted from
1 as people count, so that they can be tested without a window. It refuses to draw, and to go anywhere: a jump is a ``Moment``
that somebody else seeks.
"""

from dataclasses import dataclass
from typing import Literal

from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain, Marks
from nnsim.engine.moments import Moment
from nnsim.picture import numbers

Part = Literal["epoch", "batch", "sample", "phase", "layer", "neuron", "term"]
PHASES = ("forward", "loss", "backward", "update")


@dataclass(frozen=True)
class Crumb:
    """One step of the way to where the cursor stands."""

    part: Part
    text: str
    """As written where there is room: ``batch 3 of 25``."""
    short: str
    """As written where there is none: ``batch 3``."""
    number: int
    """From 1; of a phase, its place among ``PHASES``; 0 at the start, which is in no phase yet."""
    count: int
    """How many there are to jump among; of epochs, those the run has been in."""


@dataclass(frozen=True)
class RunUntil:
    """When playing shall stop by itself. ``value``: more epochs to finish, the loss to fall to, or the metric to reach."""

    kind: Literal["never", "epochs", "loss", "metric"] = "never"
    value: float = 0.0

    def reached(self, frame: Frame, since: Moment) -> bool:
        """Whether a run that began at ``since`` has come far enough; loss and metric are the test rows', where there are any."""
        if self.kind == "epochs":
            return finished_batches(frame) >= (since.batch // frame.batches + round(self.value)) * frame.batches
        score = frame.test or frame.train
        if self.kind == "loss":
            return score.loss <= self.value
        return self.kind == "metric" and score.metric >= self.value


def finished_batches(frame: Frame) -> int:
    """How many batches of the run lie behind the cursor, the present one included at its last mark."""
    return frame.moment.batch + (frame.mark is not None and frame.moment.mark == frame.marks.count)


def shown_grain(frame: Frame, grain: Grain) -> Grain:
    """How finely to tell the position: as ``grain`` steps, but never more coarsely than the cursor stands.

    Somebody who walked into the middle of a batch and then chose the grain BATCH is still in its middle.
    """
    if frame.mark is None:
        return grain
    closes = frame.mark.closes
    if closes == Grain.BATCH and frame.batch == frame.batches - 1:
        closes = Grain.EPOCH
    return min(grain, closes)


def crumbs(frame: Frame, grain: Grain) -> tuple[Crumb, ...]:
    """The way from the epoch down to where the cursor stands, folded to what a step of ``grain`` can change."""
    shown, mark = shown_grain(frame, grain), frame.mark
    found = [_counted("epoch", frame.epoch, visited_epochs(frame), told=False)]
    if shown < Grain.EPOCH or mark is None:
        found.append(_counted("batch", frame.batch, frame.batches))
    if mark is None:
        found.append(Crumb("phase", "start", "start", 0, len(PHASES)))
        return tuple(found)
    if shown >= Grain.BATCH:
        return tuple(found)
    if mark.sample is not None:
        found.append(_counted("sample", mark.sample, frame.marks.samples))
    found.append(Crumb("phase", mark.phase, mark.phase, PHASES.index(mark.phase) + 1, len(PHASES)))
    if mark.layer is None or mark.neuron is None:
        return tuple(found)
    if shown <= Grain.LAYER:
        found.append(_counted("layer", mark.layer, frame.network.depth, told=False))
    if shown <= Grain.NEURON:
        found.append(_counted("neuron", mark.neuron, frame.network.widths[mark.layer], told=False))
    if shown == Grain.TERM:
        names = term_names(frame)
        place = frame.moment.mark - frame.marks.block(frame.moment.mark, Grain.NEURON)[0]
        found.append(Crumb("term", names[place], names[place], place + 1, len(names)))
    return tuple(found)


def _counted(part: Part, index: int, count: int, told: bool = True) -> Crumb:
    short = f"{part} {numbers.whole(index + 1)}"
    return Crumb(part, f"{short} of {numbers.whole(count)}" if told else short, short, index + 1, count)


def visited_epochs(frame: Frame) -> int:
    """How many epochs the run has been in, the present one included."""
    return max(frame.epoch + 1, -(-frame.extent[0] // frame.batches))


def term_names(frame: Frame) -> tuple[str, ...]:
    """What the terms of the neuron at work are called, in the order they are walked. Raises ValueError where none is at work."""
    mark = frame.mark
    if mark is None or mark.layer is None:
        raise ValueError("no neuron is at work here, so there are no terms")
    weights = tuple(f"weight {numbers.whole(row + 1)}" for row in range(frame.network.sizes[mark.layer]))
    if mark.phase == "forward":
        return (*weights, "bias", "output")
    return ("delta", *weights, "bias") if mark.phase == "backward" else (*weights, "bias")


def jump(frame: Frame, part: Part, number: int, grain: Grain) -> Moment:
    """The moment that is like this one in all but ``part``, which becomes ``number`` (from 1; of a phase, among ``PHASES``).

    Raises ValueError for a number that does not exist, and for a part that has no meaning where the cursor stands.
    """
    present = {crumb.part: crumb for crumb in crumbs(frame, Grain.TERM)}
    if part not in present:
        raise ValueError(f"there is no {part} to jump among here")
    if number < 1 or (part != "epoch" and number > present[part].count):
        raise ValueError(f"there is no {part} {number}: choose 1 to {present[part].count}")
    index = number - 1
    if part == "epoch":
        return _same_place(frame, index * frame.batches + frame.batch, grain)
    if part == "batch":
        return _same_place(frame, frame.epoch * frame.batches + index, grain)
    return Moment(frame.moment.batch, _jump_within(frame, part, index, grain))


def _jump_within(frame: Frame, part: Part, index: int, grain: Grain) -> int:
    marks, here, mark, shown = frame.marks, frame.moment.mark, frame.mark, shown_grain(frame, grain)
    if part == "phase":
        sample = marks.samples - 1 if mark is None or mark.sample is None else mark.sample
        sample = 0 if mark is None else sample
        return marks.block(phase_start(marks, sample, PHASES[index]), min(grain, Grain.PASS))[1]
    assert mark is not None
    if part == "sample":
        assert mark.sample is not None
        return here + (index - mark.sample) * marks.sample_length
    assert mark.layer is not None and mark.neuron is not None
    neuron_first, _ = marks.block(here, Grain.NEURON)
    if part == "term":
        return neuron_first + index
    layer, neuron = (index, mark.neuron) if part == "layer" else (mark.layer, index)
    first, last = layer_blocks(marks, here)[layer]
    if shown >= Grain.LAYER:
        return last
    width = marks.sizes[layer + 1]
    per_neuron = (last - first + 1) // width
    start = first + min(neuron, width - 1) * per_neuron
    return start + (per_neuron - 1 if shown == Grain.NEURON else min(here - neuron_first, per_neuron - 1))


def phase_start(marks: Marks, sample: int, phase: str) -> int:
    """The first mark of a phase, of ``sample`` (from 0) where the phase belongs to one."""
    start = sample * marks.sample_length + 1
    return {"forward": start, "loss": start + marks.pass_length, "backward": start + marks.pass_length + 1,
            "update": marks.update_start + 1}[phase]


def layer_blocks(marks: Marks, number: int) -> dict[int, tuple[int, int]]:
    """First and last mark of every layer (from 0) in the pass that holds mark ``number``, in the order they are walked."""
    first, last = marks.block(number, Grain.PASS)
    blocks: dict[int, tuple[int, int]] = {}
    while first <= last:
        layer = marks.at(first).layer
        if layer is None:
            break
        blocks[layer] = marks.block(first, Grain.LAYER)
        first = blocks[layer][1] + 1
    return blocks


def _same_place(frame: Frame, batch: int, grain: Grain) -> Moment:
    """The present place in another batch, which may have fewer samples if it is an epoch's last."""
    if batch == frame.moment.batch:
        return frame.moment
    marks, here, mark = frame.marks, frame.moment.mark, frame.mark
    rows, size = len(frame.dataset.train), frame.experiment.batch_size
    other = Marks(marks.sizes, min(size, rows - batch % frame.batches * size))
    if mark is None:
        return Moment(batch, other.next_stop(0, grain) or 0)
    if mark.sample is None:
        return Moment(batch, other.update_start + here - marks.update_start)
    lost = max(0, mark.sample - other.samples + 1)
    return Moment(batch, here - lost * marks.sample_length)
