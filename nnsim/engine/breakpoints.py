"""Where a run shall stop by itself: at a place in every batch, or after the first batch that makes a condition true.

Both are values that can be kept and compared. A place's next moment is found by arithmetic on the marks, not by walking. Conditions
are watched by ``engine.watching``, since they ask the numbers. It refuses to move a cursor.

Layers, rows and neurons count from 0; a row that is the layer's number of inputs is the bias. None means any.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from nnsim.engine.marks import Marks, Phase
from nnsim.engine.moments import Moment

Sizes = tuple[int, ...]
"""The inputs, then each layer's neurons."""
LossKind = Literal["batch", "training"]
PHASES: tuple[Phase, ...] = ("forward", "loss", "backward", "update")


@dataclass(frozen=True)
class PlaceBreakpoint:
    """Stop as soon as work begins at a place: at the first mark of a neuron, of a layer, or of a pass."""

    phase: Phase | None = None
    layer: int | None = None
    neuron: int | None = None
    enabled: bool = True

    def sentence(self, sizes: Sizes) -> str:
        """The breakpoint in words."""
        when = {None: "", "forward": " on the way forward", "loss": " at the loss", "backward": " on the way back",
                "update": " in the update"}[self.phase]
        if self.layer is None and self.neuron is None:
            return "Stop at each pass" if self.phase is None else f"Stop{when}"
        return f"Stop at {_neuron(self.layer, self.neuron)}{when}"

    def fits(self, sizes: Sizes) -> bool:
        """Whether a network has such a place."""
        return any(self._starts(sizes))

    def next_mark(self, marks: Marks, after: int) -> int | None:
        """The first mark of such a place after mark ``after`` of a batch; None if the batch has no more."""
        in_sample, in_update = self._starts(marks.sizes)
        if in_sample and after < marks.update_start:
            sample, number = divmod(after, marks.sample_length)
            place = bisect_right(in_sample, number)
            if place < len(in_sample):
                return sample * marks.sample_length + in_sample[place]
            if sample + 1 < marks.samples:
                return (sample + 1) * marks.sample_length + in_sample[0]
        place = bisect_right(in_update, after - marks.update_start)
        return marks.update_start + in_update[place] if place < len(in_update) else None

    def _starts(self, sizes: Sizes) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return _place_starts(self.phase, self.layer, self.neuron, sizes)


@lru_cache(maxsize=64)
def _place_starts(phase: Phase | None, layer: int | None, neuron: int | None,
                  sizes: Sizes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Marks at which work begins at a place: counted from a sample's first, and from the update's first, which are 1."""
    marks = Marks(sizes, 1)
    whole = layer is None and neuron is None

    def begun(before: int, extra: int, order: Iterable[int]) -> Iterable[int]:
        for each in order:
            per_neuron = sizes[each] + extra
            if layer in (None, each) and (neuron is None or 0 <= neuron < sizes[each + 1]):
                yield before + (neuron or 0) * per_neuron + 1
            before += sizes[each + 1] * per_neuron

    def passing(name: Phase, before: int, extra: int, order: Iterable[int]) -> list[int]:
        if phase not in (None, name):
            return []
        return [before + 1] if whole else list(begun(before, extra, order))

    layers = range(len(sizes) - 1)
    loss = [marks.pass_length + 1] if whole and phase in (None, "loss") else []
    in_sample = [*passing("forward", 0, 2, layers), *loss, *passing("backward", marks.pass_length + 1, 2, reversed(layers))]
    return tuple(in_sample), tuple(passing("update", 0, 1, layers))


@dataclass(frozen=True)
class LossBelow:
    """Stop when a loss falls below a value: after the batch whose own loss does, or at the end of the first epoch after which the
    loss over all training rows does. Either must have been at or above the value the time before."""

    value: float
    of: LossKind = "training"
    enabled: bool = True

    def sentence(self, sizes: Sizes) -> str:
        """The breakpoint in words."""
        which = "a batch’s loss falls" if self.of == "batch" else "the training loss at the end of an epoch falls"
        return f"Stop when {which} below {self.value:g}"

    def fits(self, sizes: Sizes) -> bool:
        """Every network has a loss."""
        return True


@dataclass(frozen=True)
class SignChange:
    """Stop after the first batch whose update takes a weight or bias from below 0 to 0 or above, or the other way."""

    layer: int | None = None
    row: int | None = None
    neuron: int | None = None
    enabled: bool = True

    def sentence(self, sizes: Sizes) -> str:
        """The breakpoint in words."""
        if self.layer is None or (self.row is None and self.neuron is None):
            where = "" if self.layer is None else f" of L{self.layer + 1}"
            return f"Stop when any weight or bias{where} changes sign"
        if self.row is None:
            return f"Stop when any weight or bias of {_neuron(self.layer, self.neuron)} changes sign"
        bias = self.layer < len(sizes) - 1 and self.row == sizes[self.layer]
        column = "any" if self.neuron is None else str(self.neuron + 1)
        name = f"b[{column}]" if bias else f"W[{self.row + 1},{column}]"
        return f"Stop when {name} of L{self.layer + 1} changes sign"

    def fits(self, sizes: Sizes) -> bool:
        """Whether a network has such a parameter."""
        return any(self.layer in (None, layer) and (self.row is None or self.row <= before)
                   and (self.neuron is None or self.neuron < here)
                   for layer, (before, here) in enumerate(pairwise(sizes)))


@dataclass(frozen=True)
class NeuronDeath:
    """Stop after the first batch whose update leaves a ReLU neuron at 0 for every training row.

    A neuron that has died counts as alive again once a sample of a batch has moved it.
    """

    layer: int | None = None
    neuron: int | None = None
    enabled: bool = True

    def sentence(self, sizes: Sizes) -> str:
        """The breakpoint in words."""
        if self.neuron is None:
            which = "any ReLU neuron" + ("" if self.layer is None else f" of L{self.layer + 1}")
        else:
            which = _neuron(self.layer, self.neuron)
        return f"Stop when {which} dies: 0 for every training row"

    def fits(self, sizes: Sizes) -> bool:
        """Whether a network has such a neuron."""
        return any(self.layer in (None, layer) and (self.neuron is None or self.neuron < here)
                   for layer, here in enumerate(sizes[1:]))


ConditionBreakpoint = LossBelow | SignChange | NeuronDeath
Breakpoint = PlaceBreakpoint | ConditionBreakpoint


def next_place(breakpoints: Iterable[Breakpoint], moment: Moment, marks_of: Callable[[int], Marks]) -> Moment | None:
    """The first moment after ``moment`` at which an enabled place breakpoint stops; None if none ever does.

    ``marks_of`` gives the walk of a batch, such as ``Simulation.marks``.
    """
    places = [each for each in breakpoints if isinstance(each, PlaceBreakpoint) and each.enabled]
    for batch, after in ((moment.batch, moment.mark), (moment.batch + 1, 0)):
        marks = marks_of(batch)
        found = [number for number in (place.next_mark(marks, after) for place in places) if number is not None]
        if found:
            return Moment(batch, min(found))
    return None


def _neuron(layer: int | None, neuron: int | None) -> str:
    if neuron is None:
        return "any layer" if layer is None else f"L{layer + 1}"
    return f"neuron {neuron + 1} of {'any layer' if layer is None else f'L{layer + 1}'}"
