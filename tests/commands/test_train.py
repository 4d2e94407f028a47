"""``nnsim train``: that it goes on, branches, begins anew, and always leaves a whole file or none."""

import io
import json
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import nnsim
from nnsim.cli import main
from nnsim.commands import train as train_command
from nnsim.files.session import Session


def train(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> tuple[dict[str, object], str]:
    """The JSON and the notes of ``nnsim train``."""
    assert main(["train", *words, "--json"]) == code
    captured = capsys.readouterr()
    return json.loads(captured.out), captured.err


def test_xor_is_solved_with_its_default_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "xor", "--epochs", "2000", "--seed", "1"]) == 0
    captured = capsys.readouterr()
    assert "trained 2,000 epochs" in captured.out
    assert "accuracy 100 %" in captured.out
    assert captured.err == ""


def test_training_on_from_a_snapshot_gives_the_bits_of_never_having_stopped(tmp_path: Path,
                                                                            capsys: pytest.CaptureFixture[str]) -> None:
    first, second = str(tmp_path / "a.nnsim"), str(tmp_path / "b.nnsim")
    train(capsys, "ring", "--epochs", "3", "--out", first)
    result, _ = train(capsys, first, "--epochs", "4", "--out", second)
    straight = nnsim.open("ring")
    straight.run(epochs=7)
    resumed = nnsim.open(second)
    assert (result["epochs"], result["epochs_trained"]) == (7, 4)
    assert resumed.moment == straight.moment
    assert resumed.frame.theta.tobytes() == straight.frame.theta.tobytes()


def test_no_epochs_keeps_the_very_moment_of_a_snapshot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = nnsim.open("ring")
    session.step("neuron", 7)
    session.save(tmp_path / "a.nnsim")
    train(capsys, str(tmp_path / "a.nnsim"), "--epochs", "0", "--out", str(tmp_path / "b.nnsim"))
    assert nnsim.open(tmp_path / "b.nnsim").moment == session.moment


def test_a_learning_setting_branches_the_run_of_a_snapshot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = str(tmp_path / "a.nnsim"), str(tmp_path / "b.nnsim")
    train(capsys, "ring", "--epochs", "2", "--out", first)
    result, notes = train(capsys, first, "--epochs", "1", "--set", "learning.rate=0.25", "--out", second)
    assert (result["epochs"], notes) == (3, "")
    session = nnsim.open(second)
    assert session.learning.rate == 0.25
    session.rewind()
    assert session.learning.rate == 1.0


@pytest.mark.parametrize("words", [("--seed", "5"), ("--set", "batch_size=25"), ("--set", "layers.0.width=4")])
def test_a_structural_setting_begins_a_new_run_and_says_so(words: tuple[str, str], tmp_path: Path,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    first = str(tmp_path / "a.nnsim")
    train(capsys, "ring", "--epochs", "2", "--out", first)
    result, notes = train(capsys, first, "--epochs", "1", *words)
    assert result["epochs"] == 1
    assert notes.startswith("nnsim: another ") and notes.count("\n") == 1
    assert "starts a new run" in notes


def test_a_structural_setting_of_an_untouched_example_needs_no_note(capsys: pytest.CaptureFixture[str]) -> None:
    _, notes = train(capsys, "ring", "--epochs", "1", "--seed", "5")
    assert notes == ""


def test_settings_that_go_only_together_may_come_in_any_order(capsys: pytest.CaptureFixture[str]) -> None:
    settings = ["learning.loss=cross-entropy", "layers.1.activation=softmax", "layers.1.width=3", "data.source=iris"]
    for order in (settings, settings[::-1]):
        result, _ = train(capsys, "xor", "--epochs", "1", *(word for pair in order for word in ("--set", pair)))
        assert result["epochs"] == 1


def test_a_new_title_leaves_the_run_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = str(tmp_path / "a.nnsim"), str(tmp_path / "b.nnsim")
    train(capsys, "ring", "--epochs", "2", "--out", first)
    result, notes = train(capsys, first, "--epochs", "0", "--set", "title=Mine", "--out", second)
    assert (result["epochs"], notes) == (2, "")
    assert nnsim.open(second).experiment.title == "Mine"


def test_a_divergence_is_a_sentence_and_the_last_finite_moment_is_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "a.nnsim"
    result, notes = train(capsys, "plane", "--epochs", "50", "--set", "learning.rate=1e6", "--out", str(out), code=2)
    assert notes.startswith("nnsim: Diverged at epoch ") and notes.count("\n") == 1
    assert str(result["divergence"]) in notes
    kept = nnsim.open(out)
    assert kept.moment.batch > 0
    assert np.isfinite(kept.frame.theta).all()


def test_regression_is_scored_by_r2(capsys: pytest.CaptureFixture[str]) -> None:
    result, _ = train(capsys, "plane", "--epochs", "20")
    assert isinstance(result["test"], dict)
    assert result["test"]["r2"] > 0.9


@pytest.mark.parametrize(("out", "reason"), [
    ("missing/a.nnsim", "there is no folder"), (".", "ends in .nnsim"), ("a.txt", "ends in .nnsim"),
    ("folder.nnsim", "it is a folder"),
])
def test_a_file_that_cannot_be_written_is_refused_before_training(out: str, reason: str, tmp_path: Path,
                                                                  capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder.nnsim").mkdir()
    assert main(["train", "ring", "--epochs", "999999999", "--out", str(tmp_path / out)]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("nnsim: cannot write ") and reason in captured.err
    assert captured.err.count("\n") == 1


def test_ctrl_c_stops_between_batches_and_still_saves(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "a.nnsim"
    read_loss = train_command._latest_loss
    stretches: list[float] = []

    def press_after_three_stretches(session: Session) -> float:
        stretches.append(0)
        if len(stretches) == 3:
            signal.raise_signal(signal.SIGINT)
        return read_loss(session)

    monkeypatch.setattr(train_command, "_latest_loss", press_after_three_stretches)
    result, notes = train(capsys, "ring", "--epochs", "999999999", "--out", str(out), code=130)
    assert notes.startswith("nnsim: interrupted after ") and notes.count("\n") == 1
    kept = nnsim.open(out)
    straight = nnsim.open("ring")
    straight.run(batches=kept.batches_finished)
    assert result["epochs"] == kept.batches_finished / kept.batches > 0
    assert kept.frame.theta.tobytes() == straight.frame.theta.tobytes()


def test_ctrl_c_does_what_it_did_once_training_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    train(capsys, "xor", "--epochs", "5")
    assert signal.getsignal(signal.SIGINT) is before


def test_training_works_on_another_thread(capsys: pytest.CaptureFixture[str]) -> None:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(main(["train", "xor", "--epochs", "5"])))
    thread.start()
    thread.join()
    assert codes == [0]
    assert "trained 5 epochs" in capsys.readouterr().out


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_with_the_pace_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["train", "xor", "--epochs", "300"]) == 0
    last = terminal.getvalue().split("\r")[-1]
    assert "epoch 300 of 300" in last and "epochs/s" in last and "left" in last and "loss" in last


def test_no_bar_appears_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "xor", "--epochs", "300"]) == 0
    assert capsys.readouterr().err == ""
