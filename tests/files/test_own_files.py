"""One's own files as sources: each kind is opened, learned, kept in a snapshot or beside it, and found again or not."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnsim.engine import materials
from nnsim.engine.experiment import Data
from nnsim.files import own_files
from nnsim.files.session import Session, SourceError
from nnsim.files.view import View

COLOURS = ("red", "blue", "green")
TABLE = "length;colour;kind\n" + "".join(
    f"{number / 4:.2f};{COLOURS[number % 3]};{'cat' if number % 2 else 'dog'}\n" for number in range(24)).replace(".", ",")


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins like a new process: nothing read is known."""
    forget(monkeypatch)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(materials, "_kept", {})
    monkeypatch.setattr(own_files, "_origins", {})


def table(folder: Path, text: str = TABLE) -> Path:
    path = folder / "animals.csv"
    path.write_text(text, "utf-8")
    return path


def pictures(folder: Path) -> Path:
    for name, value in (("dark", 20), ("bright", 230)):
        (folder / "shades" / name).mkdir(parents=True)
        for number in range(6):
            Image.fromarray(np.full((8, 8), value + number, np.uint8)).save(folder / "shades" / name / f"{number}.png")
    return folder / "shades"


def book(folder: Path) -> Path:
    path = folder / "book.txt"
    path.write_text("the cat sat on the mat. the dog sat on the rug. " * 20, "utf-8")
    return path


def test_a_table_becomes_a_network_that_fits_its_last_column(tmp_path: Path) -> None:
    session = Session.open(table(tmp_path))
    assert session.dataset.input_names == ("length", "colour = red", "colour = blue", "colour = green")
    assert session.dataset.target_names == ("dog", "cat")
    assert session.network.sizes[0] == 4 and session.network.sizes[-1] == 1
    assert session.experiment.data.scaling == "standardize"
    session.run(epochs=2)


def test_another_column_can_be_the_target(tmp_path: Path) -> None:
    session = Session.open(table(tmp_path), "length")
    assert session.dataset.task == "regression" and session.dataset.target_names == ("length",)


def test_a_target_that_is_not_there_is_said_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no column 'size' .* 'length', 'colour', 'kind'"):
        Session.open(table(tmp_path), "size")


@pytest.mark.parametrize("make", [pictures, book])
def test_only_tables_have_a_target(tmp_path: Path, make: object) -> None:
    assert callable(make)
    with pytest.raises(SourceError, match="only a table has a column"):
        Session.open(make(tmp_path), "kind")
    with pytest.raises(SourceError, match="only a table has a column"):
        Session.open("xor", "kind")


def test_a_folder_of_pictures_becomes_classes(tmp_path: Path) -> None:
    session = Session.open(pictures(tmp_path))
    assert set(session.dataset.target_names) == {"dark", "bright"}
    assert session.dataset.picture == (8, 8)
    session.run(epochs=2)


def test_a_text_becomes_the_riddle_of_the_next_word(tmp_path: Path) -> None:
    session = Session.open(book(tmp_path))
    assert {"cat", "dog", "sat"} <= set(session.dataset.target_names)
    session.run(epochs=2)


@pytest.mark.parametrize("make", [table, pictures, book])
@pytest.mark.parametrize("inside", [True, False])
def test_a_snapshot_goes_on_with_the_data_it_holds_or_names(
        tmp_path: Path, make: object, inside: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(make)
    session = Session.open(make(tmp_path))
    session.view = View(data_inside=inside)
    session.run(epochs=1)
    session.step("layer", 2)
    session.save(tmp_path / "kept.nnsim")
    session.run(epochs=2)
    forget(monkeypatch)
    again = Session.open(tmp_path / "kept.nnsim")
    assert again.view.data_inside is inside
    assert again.dataset.input_names == session.dataset.input_names
    again.run(epochs=2)
    assert np.array_equal(again.frame.theta, session.frame.theta)


def test_data_kept_inside_need_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path)
    Session.open(path).save(tmp_path / "kept.nnsim")
    path.unlink()
    forget(monkeypatch)
    assert Session.open(tmp_path / "kept.nnsim").dataset.name == "animals"


def outside(folder: Path) -> Path:
    session = Session.open(table(folder))
    session.view = View(data_inside=False)
    session.save(folder / "kept.nnsim")
    return folder / "kept.nnsim"


def test_a_file_of_data_may_move_with_its_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = outside(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    for path in (snapshot, tmp_path / "animals.csv"):
        path.rename(tmp_path / "elsewhere" / path.name)
    forget(monkeypatch)
    assert Session.open(tmp_path / "elsewhere" / "kept.nnsim").dataset.name == "animals"


def test_a_missing_file_of_data_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = outside(tmp_path)
    (tmp_path / "animals.csv").unlink()
    forget(monkeypatch)
    with pytest.raises(SourceError, match=r"its data are in .*animals\.csv.*, which is not there"):
        Session.open(snapshot)


@pytest.mark.parametrize("text", [TABLE.replace("red", "pink"), TABLE + "1,00;red;cat\n", "\x00\x01", ""])
def test_a_changed_file_of_data_is_named_and_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    snapshot = outside(tmp_path)
    table(tmp_path, text)
    forget(monkeypatch)
    with pytest.raises(SourceError, match=r"animals\.csv.*, which (has changed since|cannot be read any more)"):
        Session.open(snapshot)


def test_pasted_data_travel_inside_whatever_was_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nnsim.files.tables import read_pasted

    session = Session(own_files.experiment_on(read_pasted("a\tb\n1\t2\n3\t4\n5\t7\n8\t1\n").table))
    session.view = View(data_inside=False)
    session.save(tmp_path / "kept.nnsim")
    forget(monkeypatch)
    again = Session.open(tmp_path / "kept.nnsim")
    assert again.view.data_inside and again.dataset.input_names == ("a",)


def test_an_experiment_without_its_data_says_what_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = Session.open(table(tmp_path)).experiment
    forget(monkeypatch)
    from nnsim.engine.data import load_dataset

    load_dataset.cache_clear()
    with pytest.raises(SourceError, match="not at hand: open their file first"):
        Session.open(experiment)
    assert experiment.data != Data()


def test_the_widest_table_can_be_opened_saved_and_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = 4300
    rows = [",".join(f"{(row * 7 + place) % 11}.5" for place in range(wide)) for row in range(4)]
    session = Session.open(table(tmp_path, "\n".join([",".join(f"c{place}" for place in range(wide)), *rows])))
    assert session.network.inputs == wide - 1
    session.save(tmp_path / "kept.nnsim")
    forget(monkeypatch)
    assert Session.open(tmp_path / "kept.nnsim").network.inputs == wide - 1


def test_a_snapshot_that_names_its_file_goes_on_naming_it_where_the_data_are_at_hand(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session.open(table(tmp_path))
    session.save(tmp_path / "inside.nnsim")
    session.view = View(data_inside=False)
    session.save(tmp_path / "named.nnsim")
    forget(monkeypatch)
    Session.open(tmp_path / "inside.nnsim")
    named = Session.open(tmp_path / "named.nnsim")
    assert not named.view.data_inside
    named.save(tmp_path / "again.nnsim")
    assert b"data.description" not in (tmp_path / "again.nnsim").read_bytes()
    found = own_files.origin_of(named.experiment.data.material)
    assert found is not None and found.path == tmp_path / "animals.csv"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_text_is_opened_and_its_data_travel_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 1.csv"))
    path.write_text(TABLE, "utf-8")
    session = Session.open(path)
    assert session.dataset.name == "caf 1" and session.experiment.title == "caf 1"
    session.view = View(data_inside=False)
    session.save(tmp_path / "kept.nnsim")
    forget(monkeypatch)
    assert Session.open(tmp_path / "kept.nnsim").dataset.name == "caf 1"


def test_a_material_is_told_by_its_digest_only_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[materials.Material] = []
    digest = materials.digest

    def count(material: materials.Material) -> str:
        counted.append(material)
        return digest(material)

    monkeypatch.setattr(materials, "digest", count)
    session = Session.open(table(tmp_path))
    assert len(counted) == 1
    session.view = View(data_inside=False)
    session.save(tmp_path / "kept.nnsim")
    forget(monkeypatch)
    counted.clear()
    Session.open(tmp_path / "kept.nnsim")
    assert len(counted) == 1
