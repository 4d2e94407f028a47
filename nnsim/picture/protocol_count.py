"""Rows of a batch's protocol and marks of its walk, turned into each other by arithmetic.

It is apart because a batch of digits has 180,000 marks: its rows are counted and found by bisection, never listed. A row is a block
of marks of one grain, and stands for the block's last mark, at which its numbers are known. It refuses to know what a row says.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from nnsim.engine.marks import Grain, Marks


@dataclass(frozen=True)
class RowCount:
    """The rows of a batch at one grain, numbered from 0."""

    marks: Marks
    grain: Grain

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.marks.samples * self._per_sample + self._per_update

    def mark_of(self, row: int) -> int:
        """The number of the mark that row ``row`` stands for. Raises IndexError."""
        if not 0 <= row < self.count:
            raise IndexError(f"row {row} is not among the protocol's 0 to {self.count - 1}")
        marks = self.marks
        if self.grain == Grain.TERM:
            return row + 1
        if self.grain >= Grain.BATCH:
            return marks.count
        sample, place = divmod(row, self._per_sample)
        if sample >= marks.samples:
            inside = marks.update_start + self._before(row - marks.samples * self._per_sample, self._update)
        elif self.grain == Grain.SAMPLE:
            inside = sample * marks.sample_length
        else:
            inside = sample * marks.sample_length + self._offset(place)
        return marks.block(inside + 1, self.grain)[1]

    def row_of(self, mark: int) -> int | None:
        """The row that holds mark ``mark``; None for 0, the place before the batch's first."""
        if mark <= 0:
            return None
        marks, grain = self.marks, self.grain
        if grain == Grain.TERM:
            return mark - 1
        if grain >= Grain.BATCH:
            return 0
        sample, offset = divmod(mark - 1, marks.sample_length)
        if sample >= marks.samples:
            inside = mark - 1 - marks.update_start
            return marks.samples * self._per_sample + self._place(inside, self._update)
        if grain == Grain.SAMPLE:
            return sample
        first = sample * self._per_sample
        if offset < marks.pass_length:
            return first + self._place(offset, self._forward)
        if offset == marks.pass_length:
            return first + self._per_pass
        return first + self._per_pass + 1 + self._place(offset - marks.pass_length - 1, self._backward)

    def _offset(self, place: int) -> int:
        """How many marks of its sample lie before the ``place``-th of the sample's rows."""
        if place < self._per_pass:
            return self._before(place, self._forward)
        if place == self._per_pass:
            return self.marks.pass_length
        return self.marks.pass_length + 1 + self._before(place - self._per_pass - 1, self._backward)

    @cached_property
    def _per_pass(self) -> int:
        """Rows of one forward pass, of one backward pass, or of the update."""
        if self.grain == Grain.TERM:
            return self.marks.pass_length
        if self.grain == Grain.NEURON:
            return sum(self.marks.sizes[1:])
        return len(self.marks.sizes) - 1 if self.grain == Grain.LAYER else 1

    @cached_property
    def _per_sample(self) -> int:
        if self.grain >= Grain.BATCH:
            return 0
        return 1 if self.grain == Grain.SAMPLE else 2 * self._per_pass + 1

    @cached_property
    def _per_update(self) -> int:
        if self.grain == Grain.TERM:
            return self.marks.count - self.marks.update_start
        return 1 if self.grain >= Grain.PASS else self._per_pass

    # each: rows before every layer in the order of the pass, marks before it, and marks of one of its rows

    @cached_property
    def _forward(self) -> "_Order":
        return self._order(2, False)

    @cached_property
    def _backward(self) -> "_Order":
        return self._order(2, True)

    @cached_property
    def _update(self) -> "_Order":
        return self._order(1, False)

    def _order(self, extra: int, leftwards: bool) -> "_Order":
        pairs = list(zip(self.marks.sizes, self.marks.sizes[1:], strict=False))
        if leftwards:
            pairs.reverse()
        if self.grain >= Grain.PASS:
            whole = sum(here * (before + extra) for before, here in pairs)
            return _Order((0,), (0,), (whole,))
        rows = [here if self.grain == Grain.NEURON else 1 for _, here in pairs]
        lengths = [here * (before + extra) for before, here in pairs]
        each = tuple(length // count for length, count in zip(lengths, rows, strict=True))
        return _Order(tuple(accumulate(rows[:-1], initial=0)), tuple(accumulate(lengths[:-1], initial=0)), each)

    def _before(self, row: int, order: "_Order") -> int:
        """How many marks of a pass lie before its row ``row``."""
        layer = bisect_right(order.rows, row) - 1
        return order.marks[layer] + (row - order.rows[layer]) * order.each[layer]

    def _place(self, offset: int, order: "_Order") -> int:
        """The row of a pass that holds the mark ``offset`` places after the pass's first."""
        layer = bisect_right(order.marks, offset) - 1
        return order.rows[layer] + (offset - order.marks[layer]) // order.each[layer]


@dataclass(frozen=True)
class _Order:
    """A pass's layers in its own order: rows and marks before each, and how many marks one of its rows has."""

    rows: tuple[int, ...]
    marks: tuple[int, ...]
    each: tuple[int, ...]
