"""``nnsim info``, ``examples`` and ``check``: that they tell what is there, and refuse what is not in one line."""

import json
from pathlib import Path

import numpy as np
import pytest

import nnsim
from nnsim.cli import main
from nnsim.engine.bookmarks import Bookmark
from nnsim.engine.breakpoints import LossBelow
from nnsim.engine.examples import example_names
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session
from nnsim.files.view import View


def test_info_prints_weights_as_lists_inputs_by_neurons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "textbook-2-2-2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["weights"] == [[[0.15, 0.25], [0.2, 0.3]], [[0.4, 0.5], [0.45, 0.55]]]
    assert told["biases"] == [[0.35, 0.35], [0.6, 0.6]]
    assert (told["network"]["sizes"], told["parameters"]) == ([2, 2, 2], 12)
    assert told["moment"] == {"epoch": 0, "batch": 0, "mark": 0}
    assert told["scores"]["train"]["loss"] == pytest.approx(0.298371109, abs=5e-10)
    assert told["scores"]["test"] is None


def test_info_of_a_snapshot_is_in_the_middle_of_its_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = nnsim.open("ring")
    session.run(epochs=2)
    session.step("neuron", 3)
    session.save(tmp_path / "a.nnsim")
    assert main(["info", str(tmp_path / "a.nnsim"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["moment"]["batch"], told["moment"]["mark"]) == session.moment
    assert told["phase"] == "forward"
    assert np.array_equal(told["weights"][0], session.frame.weights[0])
    assert main(["info", str(tmp_path / "a.nnsim")]) == 0
    assert "epoch 3, batch 1 of 25, sample 1, forward" in capsys.readouterr().out


def test_info_of_a_snapshot_names_its_bookmarks_and_where_they_stand(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = nnsim.open("ring")
    marks = session.marks(0)
    session.view = View(
        tuple(Bookmark(session.run_record, moment, name) for moment, name in (
            (START, "zero"), (Moment(30, marks.count), "it bends"), (Moment(31, 2), "amid"), (Moment(40, 0), "edit here"))),
        (LossBelow(0.25),))
    session.save(tmp_path / "a.nnsim")
    assert main(["info", str(tmp_path / "a.nnsim")]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("bookmark")]
    assert lines == [
        "bookmark the untouched network: zero", "bookmark epoch 2, batch 6 of 25: it bends",
        "bookmark epoch 2, batch 7 of 25, forward, mark 2: amid", "bookmark before epoch 2, batch 16 of 25: edit here"]
    assert main(["info", str(tmp_path / "a.nnsim"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bookmarks"][1] == {"name": "it bends", "epoch": 1, "batch": 30, "mark": marks.count}
    assert told["breakpoints"] == ["Stop when the training loss at the end of an epoch falls below 0.25"]


@pytest.mark.parametrize("name", example_names())
def test_what_info_prints_is_a_source_for_the_same_network(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", name, "--json"]) == 0
    file = tmp_path / "printed.json"
    file.write_text(capsys.readouterr().out, "utf-8")
    assert nnsim.open(file).experiment == nnsim.open(name).experiment
    assert main(["info", str(file)]) == 0


def test_examples_lists_every_example_with_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["examples"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(example_names())
    assert main(["examples", "--json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == list(example_names())


def test_check_is_content_with_a_snapshot_and_an_experiment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = nnsim.open("xor")
    session.save(tmp_path / "a.nnsim")
    (tmp_path / "b.json").write_text(session.experiment.model_dump_json(), "utf-8")
    for name in ("a.nnsim", "b.json"):
        assert main(["check", str(tmp_path / name)]) == 0
        assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("name", "content"), [
    ("missing.nnsim", None),
    ("empty.nnsim", b""),
    ("noise.nnsim", bytes(range(256)) * 40),
    ("huge-header.nnsim", b"\xff" * 4096),
    ("pickle.nnsim", b"\x80\x04\x95" + b"c" * 200),
    ("text.json", b"not json"),
    ("deep.json", b"[" * 100_000),
    ("deep-object.json", b'{"a":' * 50_000),
    ("nan.json", b'{"seed": NaN}'),
    ("wrong.json", b'{"experiment": {"layers": [{"width": -1}]}}'),
    ("other.txt", b"hello"),
    ("new\nline.nnsim", b"x"),
    ("l" * 200 + ".nnsim", b"x"),
])
def test_check_refuses_in_exactly_one_short_line(name: str, content: bytes | None, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert main(["check", str(file)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1 and len(captured.err) <= 301
    assert captured.err.startswith('nnsim: cannot open "')


def test_check_refuses_a_snapshot_with_any_byte_cut_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = tmp_path / "a.nnsim"
    nnsim.open("xor").save(whole)
    content = whole.read_bytes()
    for length in range(0, len(content), 97):
        whole.write_bytes(content[:length])
        assert main(["check", str(whole)]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_check_tells_programs_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "none.nnsim"), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["opens"] is False
    assert "there is no such file" in told["reason"]


def test_a_hole_in_a_reader_is_a_refusal_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fails(source: object) -> Session:
        raise ZeroDivisionError

    monkeypatch.setattr(Session, "open", fails)
    assert main(["check", "a.nnsim"]) == 2
    assert capsys.readouterr().err == 'nnsim: cannot open "a.nnsim": it cannot be read (ZeroDivisionError)\n'
