"""Reading a table on the reading thread: from a file, from what was pasted, or from what is at hand, with a plan to learn from it.

It is apart from the other readings because a table that cannot be read as it is chosen, or from which nothing can be learned, is
still shown, to be read otherwise. It refuses to keep a table.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnsim.core.tables import Column, Table
from nnsim.engine.experiment import ExperimentError
from nnsim.engine.materials import Material
from nnsim.files.picture_reading import PictureChoices
from nnsim.files.reading import UnfitFileError, read_file
from nnsim.files.table_choices import LARGEST
from nnsim.files.tables import ROWS_SHOWN, Preview, Reading, TableError, detect, preview, preview_file, read_pasted
from nnsim.picture.table_plan import (
    ColumnFigures,
    PlanFigures,
    TablePlan,
    column_figures,
    fitting_plan,
    plan_figures,
    proposed_plan,
)


@dataclass(frozen=True, eq=False)
class Source:
    """What is to be read: a file or folder, what was pasted, or a material that is already at hand."""

    name: str
    path: Path | None = None
    pasted: str = ""
    material: Material | None = None
    choices: Reading | PictureChoices | str | None = None


@dataclass(frozen=True, eq=False)
class TableRead:
    """A table, and a plan for it; or why nothing can be learned from it, or why it cannot be read as it was chosen."""

    preview: Preview | None
    plan: TablePlan | None
    reading: Reading
    sentence: str = ""
    columns: tuple[ColumnFigures, ...] = ()


def read_table(source: Source, reading: Reading | None, plan: TablePlan | None) -> TableRead:
    """The table as it is chosen, or else found, to be read. Raises TableError where not even that can be said, OSError."""
    try:
        seen = _preview(source, reading)
    except TableError as error:
        found = reading or _detected(source)
        if found is None:
            raise
        return TableRead(None, None, found, str(error))
    columns = tuple(map(column_figures, seen.table.columns))
    try:
        wanted = fitting_plan(seen.table, plan) if plan else proposed_plan(seen.table)
        return TableRead(seen, wanted, seen.reading, columns=columns)
    except ExperimentError as error:
        return TableRead(seen, None, seen.reading, str(error), columns)


def figures_of(table: Table, plan: TablePlan) -> PlanFigures:
    """What a plan comes to. Raises ExperimentError."""
    return plan_figures(table, plan)


def _preview(source: Source, reading: Reading | None) -> Preview:
    if source.path is not None:
        return preview_file(source.path, reading)
    if isinstance(source.material, Table):
        return _preview_kept(source.material)
    if reading is not None:
        return preview(source.pasted.encode("utf-8", "replace"), reading, name=source.name)
    return read_pasted(source.pasted, source.name)


def _preview_kept(table: Table) -> Preview:
    """A table of which no file is known: its own values stand for cells."""
    columns = [_cells(column) for column in table.columns]
    return Preview(table, Reading(), tuple(zip(*columns, strict=True)), ())


def _cells(column: Column) -> tuple[str, ...]:
    if column.codes is not None:
        return tuple(column.words[code] if code >= 0 else "" for code in column.codes[:ROWS_SHOWN])
    assert column.numbers is not None
    return tuple("" if np.isnan(number) else repr(float(number)) for number in column.numbers[:ROWS_SHOWN])


def _detected(source: Source) -> Reading | None:
    """How a table that cannot be read was found to be read; None where that is not known or not to be chosen."""
    try:
        content = source.pasted.encode("utf-8", "replace") if source.path is None else read_file(source.path, LARGEST)
        return detect(content)
    except (TableError, UnfitFileError):
        return None
