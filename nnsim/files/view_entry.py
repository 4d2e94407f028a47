"""A view as a snapshot's manifest spells it: a closed vocabulary, strictly checked, of limited size.

It is apart from the view because the window and scripts use that without knowing how it is written. It refuses names that could
upset a screen or a terminal, and lists longer than anybody makes by hand.
"""

import math
from dataclasses import asdict
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from nnsim.engine.bookmarks import LONGEST_NAME, Bookmark, clean_name, holding
from nnsim.engine.breakpoints import Breakpoint, LossBelow, LossKind, NeuronDeath, PlaceBreakpoint, SignChange
from nnsim.engine.marks import Grain, Phase
from nnsim.engine.run import Run
from nnsim.files.entries import Count, Entry, MomentEntry
from nnsim.files.view import FASTEST, MOST_BOOKMARKS, MOST_BREAKPOINTS, End, View

GrainName = Literal["term", "neuron", "layer", "pass", "sample", "batch", "epoch"]


class BookmarkEntry(Entry):
    """A ``Bookmark`` of the snapshot's run."""

    moment: MomentEntry
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]

    @model_validator(mode="after")
    def _is_one_line(self) -> Self:
        if self.name != clean_name(self.name):
            raise ValueError("a name is one line of printable characters")
        return self


class PlaceEntry(Entry):
    """A ``PlaceBreakpoint``."""

    kind: Literal["place"] = "place"
    phase: Phase | None
    layer: Count | None
    neuron: Count | None
    enabled: bool


class LossEntry(Entry):
    """A ``LossBelow``."""

    kind: Literal["loss"] = "loss"
    value: float
    of: LossKind
    enabled: bool


class SignEntry(Entry):
    """A ``SignChange``."""

    kind: Literal["sign"] = "sign"
    layer: Count | None
    row: Count | None
    neuron: Count | None
    enabled: bool
    biases: bool = True
    """Older files do not say, and counted them."""


class DeathEntry(Entry):
    """A ``NeuronDeath``."""

    kind: Literal["death"] = "death"
    layer: Count | None
    neuron: Count | None
    enabled: bool


BreakpointEntry = PlaceEntry | LossEntry | SignEntry | DeathEntry
_ENTRIES: dict[type[Breakpoint], type[BreakpointEntry]] = {
    PlaceBreakpoint: PlaceEntry, LossBelow: LossEntry, SignChange: SignEntry, NeuronDeath: DeathEntry}
_BREAKPOINTS = {entry: breakpoint for breakpoint, entry in _ENTRIES.items()}


class UntilEntry(Entry):
    """What ends playing."""

    kind: End
    value: Annotated[float, Field(ge=0, le=1e9)]


class ViewEntry(Entry):
    """A ``View``. Bookmarks stand in the order of their moments, one at a moment."""

    bookmarks: Annotated[tuple[BookmarkEntry, ...], Field(max_length=MOST_BOOKMARKS)]
    breakpoints: Annotated[tuple[Annotated[BreakpointEntry, Field(discriminator="kind")], ...],
                           Field(max_length=MOST_BREAKPOINTS)]
    grain: GrainName | None
    speed: Literal["fastest"] | Annotated[float, Field(gt=0, le=1e6)]
    until: UntilEntry

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if any(here.moment.moment() >= there.moment.moment() for here, there in pairwise(self.bookmarks)):
            raise ValueError("bookmarks are out of order")
        return self

    @classmethod
    def of(cls, view: View, run: Run) -> "ViewEntry":
        """A view of a run, with the bookmarks that hold there. Raises ValueError for more than a file may have."""
        names = {each.moment: each.name for each in holding(view.bookmarks, run)}
        kind, value = view.until
        return cls.model_validate({
            "bookmarks": tuple(BookmarkEntry(moment=MomentEntry(batch=moment.batch, mark=moment.mark), name=name)
                               for moment, name in names.items()),
            "breakpoints": tuple(_ENTRIES[type(each)].model_validate(asdict(each)) for each in view.breakpoints),
            "grain": None if view.grain is None else view.grain.name.lower(),
            "speed": "fastest" if math.isinf(view.speed) else view.speed,
            "until": UntilEntry(kind=kind, value=value),
        })

    def view(self, run: Run, data_inside: bool) -> View:
        """As the window and scripts have it, of the run that the snapshot holds."""
        return View(
            data_inside=data_inside,
            bookmarks=tuple(Bookmark(run, each.moment.moment(), each.name) for each in self.bookmarks),
            breakpoints=tuple(_BREAKPOINTS[type(each)](**each.model_dump(exclude={"kind"})) for each in self.breakpoints),
            grain=None if self.grain is None else Grain.named(self.grain),
            speed=FASTEST if isinstance(self.speed, str) else self.speed,
            until=(self.until.kind, self.until.value))
