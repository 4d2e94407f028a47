"""The user's own material: tables, pictures and texts that were read, each kept under its digest.

An experiment only names its material by the digest, so it stays a small value that can be compared, undone and printed, and the
same material is never mixed up with another. What is kept is immutable and stays for the life of the program, since every step of
undo may come back to it. It refuses to read files.
"""

import hashlib
import json
from typing import Any, TypeVar

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.pictures import Pictures
from nnsim.core.tables import Table
from nnsim.core.texts import Text
from nnsim.engine.experiment import ExperimentError

Material = Table | Pictures | Text
M = TypeVar("M", Table, Pictures, Text)
KINDS: dict[type[Material], str] = {Table: "table", Pictures: "pictures", Text: "text"}

_kept: dict[str, Material] = {}


def keep(material: Material) -> str:
    """Keep a material; its digest, by which experiments name it."""
    name = digest(material)
    _kept.setdefault(name, material)
    return name


def keep_same(material: Material, name: str) -> bool:
    """Keep a material if it is the one of this digest; whether it is."""
    same = digest(material) == name
    if same:
        _kept.setdefault(name, material)
    return same


def is_kept(name: str) -> bool:
    """Whether a material of this digest is at hand."""
    return name in _kept


def material(name: str) -> Material:
    """The material of this digest. Raises ExperimentError when it is not at hand."""
    found = _kept.get(name)
    if found is None:
        raise ExperimentError("data.material: the data of this experiment are not at hand: open their file first, or a snapshot "
                              "that holds them")
    return found


def material_of(name: str, kind: type[M]) -> M:
    """The material of this digest, of the kind that the data say. Raises ExperimentError."""
    found = material(name)
    if not isinstance(found, kind):
        raise ExperimentError(f"data.material: this is not a {KINDS[kind]} but a {KINDS[type(found)]}")
    return found


def digest(material: Material) -> str:
    """SHA-256, as hexadecimal, over what the material says in words and over its arrays, each with its name, type and shape."""
    words, arrays = parts(material)
    text = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    found = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for name in sorted(arrays):
        array = arrays[name]
        found.update(json.dumps([name, str(array.dtype), list(array.shape)]).encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def parts(material: Material) -> tuple[dict[str, Any], dict[str, Array]]:
    """The material as words that JSON can hold, and arrays: what a file has to keep of it."""
    match material:
        case Table():
            columns = [{"name": column.name, "words": None if column.codes is None else list(column.words)}
                       for column in material.columns]
            arrays = {f"columns.{place}": column.numbers if column.codes is None else column.codes
                      for place, column in enumerate(material.columns)}
            return ({"kind": "table", "name": material.name, "columns": columns},
                    {name: array for name, array in arrays.items() if array is not None})
        case Pictures():
            return ({"kind": "pictures", "name": material.name, "classes": list(material.classes)},
                    {"pixels": material.pixels, "labels": material.labels})
        case Text():
            letters = np.frombuffer(material.text.encode("utf-8", "surrogatepass"), np.uint8)
            return {"kind": "text", "name": material.name}, {"text": letters}
