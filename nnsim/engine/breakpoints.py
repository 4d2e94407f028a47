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
Activations = tuple[str, ...]
"""Each layer's."""
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

    def fits(self, sizes: Sizes, activations: Activations) -> bool:
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

    def fits(self, sizes: Sizes, activations: Activations) -> bool:
        """Every network has a loss."""
        return True


@dataclass(frozen=True)
class SignChange:
    """Stop after the first batch whose update takes a weight from below 0 to above it, or the other way. 0 itself has no sign."""

    layer: int | None = None
    row: int | None = None
    neuron: int | None = None
    enabled: bool = True
    biases: bool = False
    """Whether biases count too where no row is named."""

    def sentence(self, sizes: Sizes) -> str:
        """The breakpoint in words."""
        what = "weight or bias" if self.biases else "weight"
        if self.row is None and self.neuron is None:
            where = "" if self.layer is None else f" of L{self.layer + 1}"
            return f"Stop when any {what}{where} changes sign"
        if self.row is None:
            return f"Stop when any {what} of {_neuron(self.layer, self.neuron)} changes sign"
        return f"Stop when {self._name(sizes)} of {_neuron(self.layer, None)} changes sign"

    def _name(self, sizes: Sizes) -> str:
        """A parameter by its row; where any layer is meant, one layer's weight may be another's bias."""
        assert self.row is not None
        column = "any" if self.neuron is None else str(self.neuron + 1)
        weight, bias = f"W[{self.row + 1},{column}]", f"b[{column}]"
        if self.layer is not None:
            return bias if self.layer < len(sizes) - 1 and self.row == sizes[self.layer] else weight
        names = [weight] if any(self.row < inputs for inputs in sizes[:-1]) else []
        return " or ".join([*names, bias] if self.row in sizes[:-1] else names) or weight

    def fits(self, sizes: Sizes, activations: Activations) -> bool:
        """Whether a network has such a parameter."""
        return any(self.layer in (None, layer) and (self.row is None or self.row <= before)
                   and (self.neuron is None or self.neuron < here)
                   for layer, (before, here) in enumerate(pairwise(sizes)))


@dataclass(frozen=True)
class Flip:
    """A parameter that has changed its sign, and in which batch of the run, all from 0."""

    layer: int
    row: int
    neuron: int
    before: float
    after: float
    batch: int = 0


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

    def fits(self, sizes: Sizes, activations: Activations) -> bool:
        """Whether a network has such a neuron, which only a ReLU can be."""
        return any(name == "relu" and self.layer in (None, layer) and (self.neuron is None or self.neuron < here)
                   for layer, (here, name) in enumerate(zip(sizes[1:], activations, strict=True)))


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
