"""What the files of a batch's protocol are written from, and how many steps a file takes.

It is apart because every format reads the same steps. Files may not know pictures, so it only says which shape they must have: a
``Protocol`` of the picture room has it. It refuses to choose a format.
"""

from collections.abc import Iterator
from typing import Protocol

MOST_ROWS = 20_000
"""Rows of a CSV or JSON file."""
MOST_PRINTED_ROWS = 2_500
"""Steps of a worksheet: some eighty pages."""


class TooManyStepsError(ValueError):
    """A protocol that is too long for a file, with one sentence to show."""


class Shown(Protocol):
    """A number as it is shown."""

    @property
    def text(self) -> str: ...


class Step(Protocol):
    """One step of a batch."""

    @property
    def number(self) -> int: ...
    @property
    def phase(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def given(self) -> str: ...
    @property
    def between(self) -> str: ...
    @property
    def result(self) -> Shown: ...
    @property
    def value(self) -> float | None: ...
    @property
    def relation(self) -> str: ...


class Steps(Protocol):
    """The steps of a batch, with their title and what there is to say about the network."""

    @property
    def title(self) -> str: ...
    @property
    def facts(self) -> tuple[str, ...]: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Step]: ...


def check_length(steps: Steps, most: int) -> None:
    """Raises TooManyStepsError if there are more than ``most`` steps."""
    if len(steps) > most:
        raise TooManyStepsError(f"This batch has {len(steps):,} steps; such a file takes {most:,}. Choose a smaller batch, or "
                                "write a single layer.")


def arithmetic(step: Step, answers: bool) -> str:
    """The way to a step's result; without answers only what is given."""
    return step.given + step.between if answers else step.given
