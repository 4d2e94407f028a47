"""Files that an nnsim of an earlier day wrote open for ever, and go on from where they were.

What stands in the file is read back to the bit on every machine. What is computed from it is held to a tolerance: machines round
differently in the last bits.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnsim
from nnsim.engine.bookmarks import Bookmark
from nnsim.engine.breakpoints import LossBelow, NeuronDeath, PlaceBreakpoint, SignChange
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.files.session import Session
from nnsim.files.snapshot import simulation_from, snapshot_bytes
from nnsim.files.view import View

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*.nnsim"))


def assert_seen(session: Session, expected: dict[str, Any], tolerance: float) -> None:
    frame = session.frame
    assert frame.trace is not None and frame.mark is not None
    assert [list(frame.moment), frame.phase, frame.sample, frame.mark.layer] == [
        expected[name] for name in ("moment", "phase", "sample", "layer")]
    assert frame.trace.step == expected["step"]
    assert set(frame.trace.memory_before) == set(expected["memory"])
    pairs = [*zip(frame.weights, expected["weights"], strict=True), *zip(frame.biases, expected["biases"], strict=True),
             *((frame.trace.memory_before[name], vector) for name, vector in expected["memory"].items()),
             (frame.history.batch_loss.values, expected["batch_loss"]), (frame.history.epochs.values, expected["epochs"])]
    for here, there in pairs:
        np.testing.assert_allclose(here, there, rtol=tolerance, atol=tolerance)
    assert frame.loss == pytest.approx(expected["loss"], rel=1e-6)


def test_there_is_a_golden_file_of_every_format() -> None:
    assert [path.stem for path in FILES] == [f"format-{number}" for number in range(1, len(FILES) + 1)]
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_file_opens_and_shows_what_it_showed(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))["opened"]
    session = nnsim.open(path)
    assert_seen(session, expected, 0)
    assert len(session.run_record.edits) == 2
    assert session.experiment.title == "golden"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_file_goes_on_as_it_would_have(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))["trained_on_by_20_batches"]
    session = nnsim.open(path)
    session.run(batches=20)
    assert_seen(session, expected, 1e-6)
    session.rewind()
    session.run(batches=expected["moment"][0] + 1)
    assert_seen(session, expected, 1e-6)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_file_kept_anew_is_the_same_run(path: Path) -> None:
    session = nnsim.open(path)
    again = simulation_from(snapshot_bytes(session), Session)
    assert again.run_record == session.run_record and again.moment == session.moment
    assert again.frame.theta.tobytes() == session.frame.theta.tobytes()
    assert again.view == session.view


def test_a_golden_file_of_before_views_were_kept_opens_as_a_new_document_is_looked_at() -> None:
    assert nnsim.open(GOLDEN / "format-1.nnsim").view == View()


def test_a_golden_file_brings_bookmarks_breakpoints_and_pace() -> None:
    session = nnsim.open(GOLDEN / "format-2.nnsim")
    run = session.run_record
    assert session.view == View(
        (Bookmark(run, Moment(9, 0), "Adam takes over"), Bookmark(run, Moment(16, 40), "amid a pass")),
        (PlaceBreakpoint("backward", 1), LossBelow(0.25, "batch", False), SignChange(0, 2, 1, biases=True), NeuronDeath(1, 0)),
        Grain.LAYER, 0.5, ("metric", 0.95))
    for bookmark in session.view.bookmarks:
        session.seek(bookmark.moment)
        assert session.moment == bookmark.moment
