"""The user's own material as tensors of a snapshot, and back: ``data.description``, its words as JSON, and its arrays beside it.

It is apart from the manifest because a table's words can be many, and nothing of them is needed to know the run. Nothing read is
believed: shapes, types and codes are checked against each other, and whoever reads compares the digest with the experiment's. It
refuses to keep anything: that is the reader's to decide.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from nnsim.core.activations import Array
from nnsim.core.pictures import Pictures
from nnsim.core.tables import MISSING, MOST_COLUMNS, Column, Table
from nnsim.core.texts import Text
from nnsim.engine.experiment import explain
from nnsim.engine.materials import Material, parts
from nnsim.files.entries import Entry
from nnsim.files.strict_json import canonical, parse
from nnsim.files.table_choices import LONGEST_CELL

PREFIX = "data."
DESCRIPTION = f"{PREFIX}description"
LARGEST_SIDE = 256

Word = Annotated[str, Field(max_length=LONGEST_CELL)]


class MaterialError(ValueError):
    """Why tensors are no material, in words."""


class ColumnEntry(Entry):
    """A column of a table: its words, or None for numbers."""

    name: Word
    words: tuple[Word, ...] | None


class TableEntry(Entry):
    """A ``Table``."""

    kind: Literal["table"]
    name: Word
    columns: tuple[ColumnEntry, ...] = Field(min_length=1, max_length=MOST_COLUMNS)


class PicturesEntry(Entry):
    """``Pictures``."""

    kind: Literal["pictures"]
    name: Word
    classes: tuple[Word, ...] = Field(min_length=1, max_length=1000)


class TextEntry(Entry):
    """A ``Text``."""

    kind: Literal["text"]
    name: Word


_ENTRY: TypeAdapter[TableEntry | PicturesEntry | TextEntry] = TypeAdapter(
    Annotated[TableEntry | PicturesEntry | TextEntry, Field(discriminator="kind")])


def material_tensors(material: Material) -> dict[str, Array]:
    """The material as tensors, each name beginning with ``data.``."""
    words, arrays = parts(material)
    letters = np.frombuffer(canonical(words).encode("utf-8", "surrogatepass"), np.uint8)
    return {DESCRIPTION: letters, **{f"{PREFIX}{name}": np.ascontiguousarray(array) for name, array in arrays.items()}}


def material_from(tensors: Mapping[str, Array]) -> Material | None:
    """The material among the tensors; None where there is none. Raises MaterialError."""
    given = {name.removeprefix(PREFIX): array for name, array in tensors.items() if name.startswith(PREFIX)}
    if not given:
        return None
    description = given.pop("description", None)
    if description is None:
        raise MaterialError("its data have no description")
    try:
        text = _letters(description)
        parse(text)
        entry = _ENTRY.validate_json(text, strict=True)
    except ValidationError as error:
        raise MaterialError(f"its data's description is not one that nnsim writes: {explain(error)}") from error
    except ValueError as error:
        raise MaterialError("its data's description is not JSON") from error
    wanted = _wanted(entry)
    if given.keys() != wanted.keys():
        raise MaterialError("its data are not what their description says")
    for name, (dtype, rank) in wanted.items():
        if given[name].dtype != dtype or given[name].ndim != rank:
            raise MaterialError(f"data.{name} is of another type than its description says")
        given[name] = _fixed(given[name])
    match entry:
        case TableEntry():
            return _table(entry, given)
        case PicturesEntry():
            return _pictures(entry, given)
        case TextEntry():
            return Text(entry.name, _letters(given["text"]))


def _wanted(entry: TableEntry | PicturesEntry | TextEntry) -> dict[str, tuple[np.dtype[np.generic], int]]:
    """Type and rank of every array besides the description."""
    match entry:
        case TableEntry():
            return {f"columns.{place}": (np.dtype(np.float64 if column.words is None else np.int32), 1)
                    for place, column in enumerate(entry.columns)}
        case PicturesEntry():
            return {"pixels": (np.dtype(np.uint8), 4), "labels": (np.dtype(np.int32), 1)}
        case TextEntry():
            return {"text": (np.dtype(np.uint8), 1)}


def _table(entry: TableEntry, given: dict[str, Array]) -> Table:
    columns = []
    rows = {len(array) for array in given.values()}
    if len(rows) != 1 or len({column.name for column in entry.columns}) != len(entry.columns):
        raise MaterialError("its table has columns of different lengths, or two of one name")
    for place, column in enumerate(entry.columns):
        values = given[f"columns.{place}"]
        if column.words is None:
            if np.isinf(values).any():
                raise MaterialError(f"column {column.name!r} of its table holds a number that is not finite")
            columns.append(Column(column.name, values))
        else:
            if len(set(column.words)) != len(column.words) or "" in column.words:
                raise MaterialError(f"column {column.name!r} of its table has a word twice, or an empty one")
            if values.size and not MISSING <= int(values.min()) <= int(values.max()) < len(column.words):
                raise MaterialError(f"column {column.name!r} of its table holds words that it does not have")
            columns.append(Column(column.name, None, values, column.words))
    return Table(entry.name, tuple(columns))


def _pictures(entry: PicturesEntry, given: dict[str, Array]) -> Pictures:
    pixels, labels = given["pixels"], given["labels"]
    count, high, wide, channels = pixels.shape
    if count != len(labels) or not count or channels not in (1, 3) or not (0 < high <= LARGEST_SIDE and 0 < wide <= LARGEST_SIDE):
        raise MaterialError("its pictures have a shape that nnsim never writes")
    if not 0 <= int(labels.min()) <= int(labels.max()) < len(entry.classes) or len(set(entry.classes)) != len(entry.classes):
        raise MaterialError("its pictures are of classes that they do not have")
    return Pictures(entry.name, pixels, labels, entry.classes)


def _letters(array: Array) -> str:
    if array.dtype != np.uint8 or array.ndim != 1:
        raise MaterialError("its data hold a text that is none")
    try:
        return array.tobytes().decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise MaterialError("its data hold a text that is not UTF-8") from error


def _fixed(array: Array) -> Array:
    array.flags.writeable = False
    return array
