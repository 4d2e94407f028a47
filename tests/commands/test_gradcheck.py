"""``nnsim gradcheck``: what it prints and how it ends."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnsim
from nnsim.cli import main
from nnsim.core.activations import ACTIVATIONS, Array, Operation


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What was printed, as a strict parser reads it."""
    found: dict[str, Any] = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    return found


def wrong_slope(z: Array, a: Array, s: Array) -> Iterator[Operation]:
    yield np.subtract, np.asarray(1.0), a, s


def test_agreement_ends_with_0_and_lists_every_weight_and_bias(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gradcheck", "xor", "--json"]) == 0
    found = told(capsys)
    assert found["passed"] is True and found["sentence"].startswith("All 17 gradients agree within ")
    assert (found["parameters"], found["checked"], found["agree"], found["kinks"], found["differ"]) == (17, 17, 17, 0, 0)
    assert found["moment"] == {"epoch": 0, "batch": 0, "mark": 0}
    assert found["method"] == "complex step" and found["largest_difference"] <= found["tolerance"]
    places = [(each["layer"], each["term"], each["neuron"]) for each in found["gradients"]]
    assert places[:5] == [(1, 1, 1), (1, 1, 2), (1, 1, 3), (1, 1, 4), (1, 2, 1)]
    assert places[-1] == (2, "bias", 1) and len(set(places)) == 17
    assert found["worst"] in found["gradients"]


def test_the_gradients_are_the_traces_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gradcheck", "ring", "--at", "2:3", "--json"]) == 0
    found = told(capsys)
    session = nnsim.open("ring")
    session.step("batch", 28)
    trace = session.frame.trace
    assert trace is not None
    assert found["moment"] == {"epoch": 1, "batch": 27, "mark": session.moment.mark}
    assert (found["loss"], found["samples"]) == (trace.loss, 10)
    assert [each["gradient"] for each in found["gradients"]] == trace.gradient.tolist()
    assert [each["measured"] for each in found["gradients"]] == pytest.approx(trace.gradient, rel=1e-12)


def test_a_difference_ends_with_1_and_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(ACTIVATIONS, "tanh", replace(ACTIVATIONS["tanh"], slope=wrong_slope))
    assert main(["gradcheck", "xor", "--json"]) == 1
    found = told(capsys)
    assert (found["passed"], found["differ"], found["agree"]) == (False, 12, 5)
    assert found["worst"]["verdict"] == "differs" and found["worst"]["layer"] == 1
    assert main(["gradcheck", "xor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("12 of 17 gradients differ, most of all L1 ")
    assert sum(line.endswith("  differs") for line in lines) == 5


def test_a_kink_ends_with_0_and_has_its_two_slopes(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["gradcheck", "xor", "--set", "layers.0.activation=relu"]
    assert main([*words, "--json"]) == 0
    found = told(capsys)
    assert (found["kinks"], found["differ"], found["method"]) == (4, 0, "differences")
    kinks = [each for each in found["gradients"] if each["verdict"] == "kink"]
    assert {each["term"] for each in kinks} == {"bias"}
    assert all(each["between"][0] <= each["gradient"] <= each["between"][1] for each in kinks)
    assert all("between" not in each for each in found["gradients"] if each["verdict"] == "agrees")
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("  kink: from " in line for line in lines) == 4


def test_people_are_told_the_place_the_verdict_and_the_least_certain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gradcheck", "ring", "--at", "2:3", "--set", "learning.l2=0.1", "--set", "learning.clip_norm=0.01"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("epoch 2, batch 3 of 25: 10 samples, loss ")
    assert lines[1].startswith("All 20 gradients agree within ")
    assert "with the L2 penalty, before clipping, which multiplies it by 0.0" in lines[3]
    assert lines[5].split() == ["gradient", "measured", "difference", "verdict"]
    assert sum(line.endswith("  agrees") for line in lines) == 5
    assert lines[-1] == "and 15 more, which --json tells"


def test_a_snapshot_is_checked_where_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = nnsim.open("ring")
    session.seek((30, 17))
    session.save(tmp_path / "a.nnsim")
    assert main(["gradcheck", str(tmp_path / "a.nnsim"), "--json"]) == 0
    assert told(capsys)["moment"] == {"epoch": 1, "batch": 30, "mark": 17}


def test_it_needs_no_qt() -> None:
    code = ("import sys\nfor name in ('PySide6', 'shiboken6', 'pyqtgraph'): sys.modules[name] = None\n"
            "from nnsim.cli import main\nsys.exit(main(['gradcheck', 'xor']))")
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "All 17 gradients agree within " in done.stdout


def test_at_most_so_many_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gradcheck", "digits", "--most", "50", "--json"]) == 0
    found = told(capsys)
    assert (found["checked"], len(found["gradients"])) == (50, 50)
    assert found["sentence"].startswith("50 of 2,778 checked: ")


@pytest.mark.parametrize(("words", "reason"), [
    (["perceptron"], "not gradient descent"),
    (["xor", "--at", "1:2"], "an epoch has 1 batch here"),
    (["xor", "--at", "0:1"], "counted from 1"),
    (["xor", "--at", "3"], "counted from 1"),
    (["xor", "--at", "1:1:1"], "counted from 1"),
    (["xor", "--at", "1:x"], "counted from 1"),
    (["xor", "--most", "0"], "1 is the least"),
    (["plane", "--set", "learning.rate=1e6", "--at", "900:1"], "Diverged at epoch "),
    (["xorr"], "no such file or example"),
])
def test_what_cannot_be_checked_is_refused_in_one_line(words: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gradcheck", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("nnsim: ") and reason in captured.err and captured.err.count("\n") == 1


def test_a_batch_that_diverges_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    settings = ["--set", "learning.rate=1e6"]
    session = nnsim.open("plane")
    session.tune(session.learning.replace(rate=1e6))
    session.run(batches=900)
    assert session.divergence is not None
    epoch, batch = divmod(session.divergence.batch, session.batches)
    assert main(["gradcheck", "plane", *settings, "--at", f"{epoch + 1}:{batch + 1}"]) == 2
    assert "not finite" in capsys.readouterr().err
