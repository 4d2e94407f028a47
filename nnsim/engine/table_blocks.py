"""Which inputs of the network a table's columns became: a number its own, a category one for each of its words.

Apart from encoding a table since it is asked the other way round: to show a row in the table's own words, and to encode new rows
exactly as the training rows were. It refuses other data than tables.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.tables import Column, Table
from nnsim.engine.experiment import Data, ExperimentError
from nnsim.engine.materials import material_of


@dataclass(frozen=True, eq=False)
class Block:
    """The inputs of one column."""

    column: Column
    """As it was in training."""
    start: int
    """The first of its inputs."""
    categories: tuple[str | float, ...] | None
    """What it may hold, in the order of its inputs; None: any number."""

    @property
    def inputs(self) -> int:
        """How many inputs it has: two categories are told apart by one, which is 1 for the second."""
        return 1 if self.categories is None or len(self.categories) == 2 else len(self.categories)


def blocks(data: Data) -> tuple[Block, ...]:
    """The blocks of a table's inputs, in their order. Raises ExperimentError."""
    if data.table is None:
        raise ExperimentError("data.table: it is not said which column is the target")
    table, found, start = material_of(data.material, Table), [], 0
    for name in data.table.inputs:
        column = table.column(name)
        if column is None:
            raise ExperimentError(f"data.table: {table.name!r} has no column {name!r} for an input")
        block = Block(column, start, categories_of(column, name in data.table.categories))
        found.append(block)
        start += block.inputs
    return tuple(found)


def categories_of(column: Column, categorical: bool) -> tuple[str | float, ...] | None:
    """What a column may hold where it is of words, or of numbers that count as categories; None: any number."""
    if column.numbers is None:
        return column.words
    return tuple(np.unique(column.numbers[~column.missing]).tolist()) if categorical else None
