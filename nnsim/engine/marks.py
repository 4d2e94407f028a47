"""The walk through one batch: every place where a step may stop, counted, not listed.

``walk`` is the readable specification, in the order of the textbook. ``Marks`` turns a mark number into its place and back by
mixed-radix arithmetic over the layer sizes, since a batch of digits has 180,000 marks and a large network tens of millions. A
step to the next or previous stop of a grain is the end of a block of marks. It refuses to compute a network's numbers.

Marks are numbered from 1; 0 is the place before the batch's first. Samples, layers, neurons and terms count from 0 here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Literal, NamedTuple

Phase = Literal["forward", "loss", "backward", "update"]


class Grain(IntEnum):
    """What a step means, from the finest to the coarsest."""

    TERM = 0
    NEURON = 1
    LAYER = 2
    PASS = 3
    SAMPLE = 4
    BATCH = 5
    EPOCH = 6

    @classmethod
    def named(cls, name: str) -> "Grain":
        """The grain called ``name``. Raises ValueError."""
        try:
            return cls[name.upper()]
        except KeyError:
            raise ValueError(f"there is no grain {name!r}: choose {', '.join(g.name.lower() for g in cls)}") from None


class Mark(NamedTuple):
    """One place in a batch.

    ``term`` r is the product with input r, or the gradient of W[r, neuron], or that weight's update; the bias is the term after
    the last input; None is the neuron's own number: its output going forward, its delta going backward.
    """

    phase: Phase
    sample: int | None
    layer: int | None
    neuron: int | None
    term: int | None
    closes: Grain


def walk(sizes: tuple[int, ...], samples: int) -> Iterator[Mark]:
    """All marks of a batch, in order. ``sizes``: the inputs, then each layer's neurons."""
    layers = range(len(sizes) - 1)

    def closing(layer: int, neuron: int, last_layer: int, of_pass: Grain) -> Grain:
        if neuron < sizes[layer + 1] - 1:
            return Grain.NEURON
        return of_pass if layer == last_layer else Grain.LAYER

    for sample in range(samples):
        for layer in layers:
            for neuron in range(sizes[layer + 1]):
                for term in range(sizes[layer] + 1):
                    yield Mark("forward", sample, layer, neuron, term, Grain.TERM)
                yield Mark("forward", sample, layer, neuron, None, closing(layer, neuron, layers[-1], Grain.PASS))
        yield Mark("loss", sample, None, None, None, Grain.PASS)
        for layer in reversed(layers):
            for neuron in range(sizes[layer + 1]):
                yield Mark("backward", sample, layer, neuron, None, Grain.TERM)
                for term in range(sizes[layer]):
                    yield Mark("backward", sample, layer, neuron, term, Grain.TERM)
                yield Mark("backward", sample, layer, neuron, sizes[layer], closing(layer, neuron, 0, Grain.SAMPLE))
    for layer in layers:
        for neuron in range(sizes[layer + 1]):
            for term in range(sizes[layer]):
                yield Mark("update", None, layer, neuron, term, Grain.TERM)
            yield Mark("update", None, layer, neuron, sizes[layer], closing(layer, neuron, layers[-1], Grain.BATCH))


@dataclass(frozen=True)
class Marks:
    """The same walk by arithmetic. ``sizes``: the inputs, then each layer's neurons; ``samples``: the batch's."""

    sizes: tuple[int, ...]
    samples: int

    def _lengths(self, extra: int) -> tuple[int, ...]:
        return tuple(here * (before + extra) for before, here in zip(self.sizes, self.sizes[1:], strict=False))

    @cached_property
    def _passing(self) -> tuple[int, ...]:
        """Marks of each layer in a forward or backward pass: a neuron has its terms, its bias, and its own number."""
        return self._lengths(2)

    @cached_property
    def _updating(self) -> tuple[int, ...]:
        return self._lengths(1)

    @cached_property
    def pass_length(self) -> int:
        """Marks of one forward pass, and of one backward pass."""
        return sum(self._passing)

    @property
    def sample_length(self) -> int:
        """Marks of one sample: forward, loss, backward."""
        return 2 * self.pass_length + 1

    @property
    def update_start(self) -> int:
        """The last mark before the update."""
        return self.samples * self.sample_length

    @cached_property
    def count(self) -> int:
        """The number of marks in the batch, and so the number of the last."""
        return self.update_start + sum(self._updating)

    def at(self, number: int) -> Mark:
        """The place of mark ``number``, 1 to ``count``. Raises IndexError."""
        mark, _ = self._locate(number)
        return mark

    def block(self, number: int, grain: Grain) -> tuple[int, int]:
        """The numbers of the first and last mark of the ``grain``-sized block that holds mark ``number``."""
        _, blocks = self._locate(number)
        return blocks[min(grain, Grain.BATCH)]

    def next_stop(self, number: int, grain: Grain) -> int | None:
        """The first mark after ``number`` that closes ``grain`` or more; None at the end of the batch."""
        return None if number >= self.count else self.block(number + 1, grain)[1]

    def previous_stop(self, number: int, grain: Grain) -> int:
        """The last mark before ``number`` that closes ``grain`` or more; 0 if the batch has none."""
        return 0 if number <= 0 else self.block(number, grain)[0] - 1

    def _locate(self, number: int) -> tuple[Mark, dict[Grain, tuple[int, int]]]:
        if not 1 <= number <= self.count:
            raise IndexError(f"mark {number} is not among the batch's 1 to {self.count}")
        index = number - 1
        batch = (1, self.count)
        if index >= self.update_start:
            start = self.update_start
            return self._within(index - start, start, "update", None, self._updating, False, {
                Grain.PASS: (start + 1, self.count), Grain.SAMPLE: (start + 1, self.count), Grain.BATCH: batch})
        sample, offset = divmod(index, self.sample_length)
        start = sample * self.sample_length
        blocks = {Grain.SAMPLE: (start + 1, start + self.sample_length), Grain.BATCH: batch}
        if offset < self.pass_length:
            blocks[Grain.PASS] = (start + 1, start + self.pass_length)
            return self._within(offset, start, "forward", sample, self._passing, False, blocks)
        if offset == self.pass_length:
            here = (number, number)
            blocks |= {Grain.TERM: here, Grain.NEURON: here, Grain.LAYER: here, Grain.PASS: here}
            return Mark("loss", sample, None, None, None, Grain.PASS), blocks
        start += self.pass_length + 1
        blocks[Grain.PASS] = (start + 1, start + self.pass_length)
        return self._within(offset - self.pass_length - 1, start, "backward", sample, self._passing, True, blocks)

    def _within(self, offset: int, start: int, phase: Phase, sample: int | None, lengths: tuple[int, ...], leftwards: bool,
                blocks: dict[Grain, tuple[int, int]]) -> tuple[Mark, dict[Grain, tuple[int, int]]]:
        """Find layer, neuron and term ``offset`` marks into a pass whose marks begin after number ``start``."""
        number = start + offset + 1
        order = range(len(lengths) - 1, -1, -1) if leftwards else range(len(lengths))
        for layer in order:
            if offset < lengths[layer]:
                break
            offset -= lengths[layer]
            start += lengths[layer]
        per_neuron = lengths[layer] // self.sizes[layer + 1]
        neuron, place = divmod(offset, per_neuron)
        term: int | None = place
        if phase == "forward" and place == per_neuron - 1:
            term = None
        elif phase == "backward":
            term = place - 1 if place else None
        first = start + neuron * per_neuron + 1
        blocks[Grain.TERM] = (number, number)
        blocks[Grain.NEURON] = (first, first + per_neuron - 1)
        blocks[Grain.LAYER] = (start + 1, start + lengths[layer])
        closes = max((grain for grain, (_, last) in blocks.items() if last == number), default=Grain.TERM)
        return Mark(phase, sample, layer, neuron, term, closes), blocks
