"""``nnsim predict``: the new table comes out with the prediction behind it, or one line says where it is at fault."""

import csv
import io
import json
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nnsim
from nnsim.cli import main
from nnsim.core.tables import Table, numbers_column, words_column
from nnsim.engine.experiment import Data, TableUse
from nnsim.engine.materials import keep
from nnsim.engine.proposal import propose
from nnsim.files.session import Session

IRIS = "petal width (cm),sepal length (cm),note,sepal width (cm),petal length (cm)\n"
UNTRAINED = "has not been trained yet"


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of trained flowers."""
    session = nnsim.open("iris")
    session.run(epochs=30)
    path = tmp_path_factory.mktemp("trained") / "iris.nnsim"
    session.save(path)
    return path


def written(folder: Path, text: str) -> str:
    path = folder / "new.csv"
    path.write_text(text, "utf-8")
    return str(path)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line that a refusal is, without the note on untrained networks."""
    assert main(["predict", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = [line for line in captured.err.splitlines() if UNTRAINED not in line]
    assert len(lines) == 1
    return lines[0]


def test_the_table_comes_out_with_class_and_probabilities_and_the_rest_is_said(iris: Path, tmp_path: Path,
                                                                             capsys: pytest.CaptureFixture[str]) -> None:
    new = written(tmp_path, IRIS + "0.2,5.1,=a(),3.5,1.4\n2.1,6.9,b,3.1,5.4\n,5.9,c,3.0,5.1\n")
    assert main(["predict", str(iris), "--data", new]) == 0
    captured = capsys.readouterr()
    head, first, second, third = csv.reader(io.StringIO(captured.out))
    assert head == [*IRIS.strip().split(","), "prediction", "P(setosa)", "P(versicolor)", "P(virginica)"]
    assert (first[:6], second[5]) == (["0.2", "5.1", "'=a()", "3.5", "1.4", "setosa"], "virginica")
    assert third == ["", "5.9", "c", "3", "5.1", "", "", "", ""]
    shares = nnsim.open(iris).predict(np.array([[5.1, 3.5, 1.4, 0.2]]))[0]
    assert [float(cell) for cell in first[6:]] == pytest.approx(shares, rel=1e-12)
    assert captured.err.splitlines() == ["nnsim: column 'note' is no input and not used",
                                         "nnsim: 2 rows predicted, 1 left out, since something is missing there"]


def test_a_file_is_written_and_said(iris: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new, out = written(tmp_path, "a,b,c,d\n5.1,3.5,1.4,0.2\n"), tmp_path / "out.csv"
    assert main(["predict", str(iris), "--data", new, "--out", str(out)]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"1 row predicted; written to {out}\n"
    assert "taken in their order" in captured.err
    assert out.read_text("utf-8-sig").startswith("a,b,c,d,prediction,P(setosa)")


def test_json_has_the_same_for_programs(iris: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = written(tmp_path, "a,b,c,d\n5.1,3.5,1.4,0.2\n5.1,,1.4,0.2\n")
    assert main(["predict", str(iris), "--data", new, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["predicted"], found["left_out"]) == (2, 1, 1)
    assert found["columns"][:5] == ["a", "b", "c", "d", "prediction"]
    assert found["predictions"][0][4] == "setosa"
    assert found["predictions"][1] == [5.1, None, 1.4, 0.2, None, None, None, None]


def test_numbers_are_predicted_as_numbers_under_names_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = written(tmp_path, "x1,x2,prediction: y\n1,2,7\n")
    assert main(["predict", "plane", "--data", new]) == 0
    captured = capsys.readouterr()
    head, row = csv.reader(io.StringIO(captured.out))
    assert head == ["x1", "x2", "prediction: y", "prediction: y (2)"]
    assert float(row[3]) == pytest.approx(float(nnsim.open("plane").predict(np.array([[1.0, 2]]))[0, 0]), rel=1e-12)
    assert UNTRAINED in captured.err


def test_many_rows_go_through_in_portions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points = np.random.default_rng(1).uniform(-2, 2, (5000, 2))
    new = written(tmp_path, "a,b\n" + "\n".join(f"{x!r},{y!r}" for x, y in points.tolist()))
    assert main(["predict", "ring", "--data", new, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["predictions"]
    assert [row[4] for row in found] == pytest.approx(nnsim.open("ring").predict(points)[:, 0], rel=1e-12)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of a network that was trained on a table of the user's own."""
    table = Table("houses", (words_column("town", ["Ulm", "Bonn", "Ulm", "Bonn"] * 3), numbers_column("rooms", np.arange(1.0, 13)),
                             numbers_column("price (EUR)", np.arange(1.0, 13) * 1000)))
    data = Data(source="table", material=keep(table), table=TableUse(target="price (EUR)", inputs=("town", "rooms")),
                scaling="standardize")
    session = Session(propose(data))
    session.run(epochs=5)
    path = tmp_path_factory.mktemp("own") / "houses.nnsim"
    session.save(path)
    return path


def test_a_snapshot_of_the_user_s_own_table_predicts_new_rows_of_it(own: Path, tmp_path: Path,
                                                                   capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", str(own), "--data", written(tmp_path, "rooms,town\n3,Bonn\n4,Ulm\n")]) == 0
    head, first, _ = csv.reader(io.StringIO(capsys.readouterr().out))
    assert head == ["rooms", "town", "prediction: price (EUR)"]
    session = nnsim.open(own)
    assert float(first[2]) == pytest.approx(float(session.predict(np.array([[1.0, 3]]))[0, 0]), rel=1e-12)


@pytest.mark.parametrize(("text", "sentence"), [
    ("rooms,town\n3,Bonn\n4,Köln\n", "data row 2, column 'town': the training rows have no 'Köln' there, only 'Ulm', 'Bonn'"),
    ("rooms,town\n3,Bonn\nfour,Ulm\n", "data row 2, column 'rooms': 'four' is no number"),
    ("rooms\n3\n", "column 'town' is missing"),
    ("rooms,town\n3,Bonn\n4\n", "row 3"),
    ("", "empty"),
    ("rooms,town\n", "no row"),
])
def test_a_fault_is_one_line_with_its_place(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str,
                                            sentence: str) -> None:
    assert sentence in refused(capsys, str(own), "--data", written(tmp_path, text))


def test_what_was_done_when_the_table_was_read_is_said_as_well(own: Path, tmp_path: Path,
                                                                  capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", str(own), "--data", written(tmp_path, "rooms,town,note,note\n3,Bonn,a,b\n4,Ulm,c,d\n")]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0] == "rooms,town,note,note (2),prediction: price (EUR)"
    assert "note (2)" in captured.err.splitlines()[0]


def test_pictures_are_predicted_by_their_files_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.png", "b.png"):
        Image.new("L", (8, 8), 255).save(tmp_path / name)
    (tmp_path / "c.png").write_bytes(b"torn")
    assert main(["predict", "digits", "--data", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    head, *rows = csv.reader(io.StringIO(captured.out))
    assert head[:3] == ["picture", "prediction", "P(0)"] and len(head) == 12
    assert [row[0] for row in rows] == ["a.png", "b.png", "c.png"]
    assert [bool(row[1]) for row in rows] == [True, True, False]
    assert "2 rows predicted, 1 left out" in captured.err and "c.png" in captured.err
    assert "no picture" in refused(capsys, "digits", "--data", str(tmp_path / "c.png"))


def test_typed_words_give_the_likeliest_next_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "next-word", "--text", "the cat"]) == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 5
    assert all(line.endswith(" %") for line in captured.out.splitlines())
    assert main(["predict", "next-word", "--text", "the qwertz", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["guesses"]) == 5 and "qwertz" in found["remark"]


@pytest.mark.parametrize(("words", "sentence"), [
    (("iris",), "say what to predict"),
    (("iris", "--data", "a.csv", "--text", "a"), "say what to predict"),
    (("next-word", "--text", "a", "--out", "a.csv"), "--out is for --data"),
    (("iris", "--data", "a.csv", "--out", "a.csv"), "it is the table that is to be read"),
    (("iris", "--data", "a.csv", "--out", "b.txt"), "ends in .csv"),
    (("iris", "--data", "a.csv", "--out", "nowhere/b.csv"), "there is no folder"),
    (("iris", "--text", "the"), "no text"),
    (("nothing", "--data", "a.csv"), "no such file or example"),
    (("iris", "--data", "a.csv"), "No such file"),
    (("next-word", "--data", "here.csv"), "reads words, not a table"),
    (("iris", "--data", "."), "it is a folder"),
])
def test_what_makes_no_sense_is_said_in_one_line(words: tuple[str, ...], sentence: str, tmp_path: Path,
                                                 monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.csv").write_text("a,b\n1,2\n")
    assert sentence in refused(capsys, *words)


def test_a_table_that_was_damaged_anyhow_is_predicted_or_refused_in_one_line(own: Path, tmp_path: Path,
                                                                             capsys: pytest.CaptureFixture[str]) -> None:
    whole, draw, codes = b"rooms,town,note\n3,Bonn,x\n4,Ulm,=y\n-5,Bonn,\n", random.Random(7), set()
    for _ in range(120):
        damaged = bytearray(whole)
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(damaged))
            piece = draw.choice([b"", b",", b"\n", b'"', b"\xff", b"\0", b"NaN", b"1e999", b"-", b"x"])
            damaged[at : at + draw.randrange(2)] = piece
        (tmp_path / "new.csv").write_bytes(damaged)
        code = main(["predict", str(own), "--data", str(tmp_path / "new.csv")])
        captured = capsys.readouterr()
        codes.add(code)
        assert code == 0 or (code == 2 and captured.out == "" and captured.err.count("\n") == 1), bytes(damaged)
        assert "nan" not in captured.out
    assert codes == {0, 2}
