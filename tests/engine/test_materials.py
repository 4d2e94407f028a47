"""The user's own material: kept under a digest that says the same for the same content, and another for any other."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.pictures import Pictures
from nnsim.core.tables import Table, numbers_column, words_column
from nnsim.core.texts import Text
from nnsim.engine import materials
from nnsim.engine.experiment import ExperimentError
from nnsim.engine.materials import Material, digest, is_kept, keep, material, material_of, parts


@pytest.fixture(autouse=True)
def nothing_else_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins with no material at hand."""
    monkeypatch.setattr(materials, "_kept", {})
    yield


def pets() -> Table:
    """A table made anew each time."""
    return Table("pets", (numbers_column("size", np.array([1.0, np.nan])), words_column("kind", ["cat", ""])))


def pictures() -> Pictures:
    """Two pictures made anew each time."""
    return Pictures("two", np.arange(8, dtype=np.uint8).reshape(2, 2, 2, 1), np.array([0, 1], np.int32), ("a", "b"))


def test_what_is_kept_is_found_by_its_digest() -> None:
    for thing in (pets(), pictures(), Text("book", "Once upon a time.")):
        name = keep(thing)
        assert len(name) == 64 and set(name) <= set("0123456789abcdef")
        assert is_kept(name)
        assert material(name) is thing


def test_equal_material_is_kept_once() -> None:
    first, again = pets(), pets()
    assert keep(first) == keep(again)
    assert material(keep(again)) is first


def others() -> list[Material]:
    """Materials of which each differs from the one before in one thing."""
    table, shown, text = pets(), pictures(), Text("book", "a b")
    size, kind = table.columns
    return [
        table, replace(table, name="beasts"), Table("pets", (kind, size)), Table("pets", (size,)),
        Table("pets", (replace(size, name="width"), kind)), Table("pets", (numbers_column("size", np.array([1.0, 2.0])), kind)),
        Table("pets", (size, words_column("kind", ["dog", ""]))), Table("pets", (size, words_column("kind", ["", "cat"]))),
        shown, replace(shown, classes=("a", "c")), replace(shown, pixels=shown.pixels.reshape(2, 4, 1, 1)),
        replace(shown, labels=np.array([1, 0], np.int32)), text, Text("book", "a c"), Text("boo", "k a b"), Text("book", "\ud800"),
    ]


def test_any_difference_makes_another_digest() -> None:
    digests = [digest(thing) for thing in others()]
    assert len(set(digests)) == len(digests)


def test_what_is_not_at_hand_is_an_error_that_says_what_to_do() -> None:
    assert not is_kept("0" * 64)
    with pytest.raises(ExperimentError, match="the data of this experiment are not at hand: open their file first"):
        material("0" * 64)


def test_material_can_be_asked_for_by_its_kind() -> None:
    table, shown, text = pets(), pictures(), Text("book", "a b")
    assert material_of(keep(table), Table) is table
    assert material_of(keep(shown), Pictures) is shown
    assert material_of(keep(text), Text) is text


def test_material_of_another_kind_is_an_error() -> None:
    with pytest.raises(ExperimentError, match="this is not a table but a text"):
        material_of(keep(Text("book", "a b")), Table)


def test_parts_hold_everything_a_file_has_to_keep() -> None:
    words, arrays = parts(pets())
    columns = [{"name": "size", "words": None}, {"name": "kind", "words": ["cat"]}]
    assert words == {"kind": "table", "name": "pets", "columns": columns}
    assert list(arrays) == ["columns.0", "columns.1"]
    assert arrays["columns.1"].tolist() == [0, -1]
    assert list(parts(pictures())[1]) == ["pixels", "labels"]
    words, arrays = parts(Text("book", "a ü"))
    assert words == {"kind": "text", "name": "book"}
    assert arrays["text"].tobytes().decode("utf-8") == "a ü"
