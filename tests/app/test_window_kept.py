"""What was set on the way is kept with the document: flags, breakpoints, grain, speed and end come back, or are asked about."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys import Button, Journey, journey
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

import nnsim
from nnsim.app import messages as m
from nnsim.engine.breakpoints import Breakpoint, LossBelow, PlaceBreakpoint, SignChange
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session
from nnsim.files.view import MOST_BOOKMARKS, MOST_BREAKPOINTS, View
from nnsim.picture.time_picture import RunUntil

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

Namer = dict[str, str]


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Namer:
    """What will be typed when a name is asked for; "proposed" is what stood there. Without a name it is cancelled."""
    typed: Namer = {}

    def ask(*_: object, text: str = "", **__: object) -> tuple[str, bool]:
        typed["proposed"] = text
        return typed.get("name", ""), "name" in typed

    monkeypatch.setattr("nnsim.app.travel.QInputDialog.getText", ask)
    return typed


def bookmark(made: Journey, typed: Namer, batch: int, name: str) -> Moment:
    """Put a flag at the end of so many batches."""
    there = made.run_to(batch)
    typed["name"] = name
    made.act("time-bookmark")
    return there


def breakpoints(made: Journey) -> list[Breakpoint]:
    """What the panel lists."""
    return list(made.window.display.breakpoints.breakpoints)


def flags(made: Journey) -> list[str]:
    """The names of the flags on the time slider."""
    return [name for _, name in made.window.display.time.slider.bookmarks]


def save_as(made: Journey, path: Path) -> Path:
    made.file_name = str(path)
    made.wait_report(m.Saved, lambda: made.act("file-save-as"))
    return path


def open_file(made: Journey, path: Path) -> None:
    made.file_name = str(path)
    made.wait_report(m.Opened, lambda: made.act("file-open"))


def set_breakpoints(made: Journey, *wanted: Breakpoint) -> None:
    panel = made.window.display.breakpoints
    panel.show_breakpoints(wanted)
    panel.breakpoints_changed.emit(wanted)


def is_dirty(made: Journey) -> bool:
    """Whether closing would lose something, as the title says too."""
    assert made.window.is_dirty == made.window.isWindowModified()
    return made.window.is_dirty


def change_rate(made: Journey, rate: float) -> None:
    made.type_setting("learning.rate", str(rate))
    made.until(lambda: made.frame.experiment.learning.rate == rate)


def test_everything_set_on_the_way_comes_back_in_another_window(
        ring: Journey, typed: Namer, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    late, early = bookmark(ring, typed, 60, "it closes"), bookmark(ring, typed, 30, "Ω bends")
    set_breakpoints(ring, LossBelow(0.01, "batch"), PlaceBreakpoint("update", enabled=False))
    ring.window.playing.choose_grain(Grain.LAYER)
    ring.choose_speed(2.0)
    ring.choose_until(RunUntil("metric", 0.98))
    path = save_as(ring, tmp_path / "mine.nnsim")
    with journey(qtbot, tmp_path, monkeypatch, str(path)) as again:
        window = again.window
        assert window.display.time.slider.bookmarks == ((early, "Ω bends"), (late, "it closes"))
        assert window.display.breakpoints.breakpoints == (LossBelow(0.01, "batch"), PlaceBreakpoint("update", enabled=False))
        assert (again.grain(), window.playing.speed, window.playing.until) == (Grain.LAYER, 2.0, RunUntil("metric", 0.98))
        assert not is_dirty(again)
        said = again.wait_report(m.Saved, lambda: again.act("file-save"))
        assert isinstance(said, m.Saved) and said.view.grain == Grain.LAYER


def test_opening_in_the_same_window_puts_back_what_was_kept_and_a_new_document_begins_plainly(
        ring: Journey, typed: Namer, tmp_path: Path) -> None:
    ring.run_to(30)
    ring.act("step-next-neuron")
    ring.until(lambda: ring.frame.phase == "forward")
    ring.window.playing.choose_grain(Grain.LAYER)
    ring.choose_speed(math.inf)
    ring.choose_until(RunUntil("epochs", 10))
    bookmark(ring, typed, 40, "here")
    set_breakpoints(ring, SignChange(0))
    path = save_as(ring, tmp_path / "mine.nnsim")
    ring.wait_report(m.Opened, lambda: ring.act("file-new"))
    window = ring.window
    assert (ring.grain(), window.playing.speed, window.playing.until) == (Grain.BATCH, View().speed, RunUntil())
    assert flags(ring) == [] and breakpoints(ring) == [] and not is_dirty(ring)
    open_file(ring, path)
    assert (ring.grain(), window.playing.speed, window.playing.until) == (Grain.LAYER, math.inf, RunUntil("epochs", 10))
    assert flags(ring) == ["here"] and breakpoints(ring) == [SignChange(0)] and not is_dirty(ring)


def test_breakpoints_that_were_opened_stop_the_run(ring: Journey, tmp_path: Path) -> None:
    session = Session.open("ring")
    session.view = View(breakpoints=(PlaceBreakpoint("backward", 1, 0),))
    session.save(tmp_path / "x.nnsim")
    open_file(ring, tmp_path / "x.nnsim")
    ring.choose_speed(math.inf)
    known = len(ring.reports)
    ring.act("train-play")
    ring.until_still(known)
    assert ring.frame.phase == "backward" and ring.frame.batch == 0


def test_a_file_that_keeps_no_view_opens_as_finely_as_its_moment_stands(ring: Journey, tmp_path: Path) -> None:
    session = Session.open("ring")
    session.step("layer", 3)
    session.save(tmp_path / "script.nnsim")
    open_file(ring, tmp_path / "script.nnsim")
    mark = session.frame.mark
    assert mark is not None and ring.grain() == mark.closes < Grain.BATCH


def test_an_end_that_the_data_do_not_offer_is_not_taken(ring: Journey, tmp_path: Path) -> None:
    session = Session.open("plane")
    session.view = View(until=("loss", 0.0123), speed=3.3)
    session.save(tmp_path / "x.nnsim")
    open_file(ring, tmp_path / "x.nnsim")
    assert ring.window.playing.until == RunUntil() and ring.window.playing.speed == 4.0
    ring.act("train-faster")
    assert ring.window.playing.speed == 8.0


def test_a_flag_put_since_saving_is_asked_about(ring: Journey, typed: Namer, tmp_path: Path) -> None:
    bookmark(ring, typed, 5, "one")
    assert is_dirty(ring)
    save_as(ring, tmp_path / "x.nnsim")
    assert not is_dirty(ring)
    bookmark(ring, typed, 3, "two")
    assert is_dirty(ring)
    ring.answers = [Button.Cancel]
    ring.window.close()
    ring.until(lambda: ring.answers == [] and ring.window.findChild(QMessageBox, "unsaved-question") is None)
    assert ring.questions == ["Save the changes to x.nnsim?"]
    ring.wait_report(m.Saved, lambda: ring.act("file-save"))
    assert not is_dirty(ring)
    ring.window.display.time.removal_requested.emit(ring.frame.moment)
    assert flags(ring) == ["one"] and is_dirty(ring)
    ring.act("edit-undo")
    assert flags(ring) == ["two", "one"] and not is_dirty(ring)


def test_breakpoints_are_asked_about_and_pace_is_not_but_is_saved_with_the_rest(ring: Journey, tmp_path: Path) -> None:
    path = save_as(ring, tmp_path / "x.nnsim")
    ring.window.playing.choose_grain(Grain.NEURON)
    ring.choose_speed(0.5)
    ring.choose_until(RunUntil("epochs", 1))
    assert not is_dirty(ring)
    set_breakpoints(ring, LossBelow(0.5))
    assert is_dirty(ring)
    ring.wait_report(m.Saved, lambda: ring.act("file-save"))
    assert not is_dirty(ring)
    view = nnsim.open(path).view
    assert view == View((), (LossBelow(0.5),), Grain.NEURON, 0.5, ("epochs", 1.0))
    set_breakpoints(ring)
    assert is_dirty(ring)


def test_flags_are_undone_and_made_again_in_their_turn_with_edits(ring: Journey, typed: Namer) -> None:
    bookmark(ring, typed, 5, "one")
    change_rate(ring, 0.03)
    bookmark(ring, typed, 8, "two")
    undo = ring.window.actions_by_id["edit-undo"]
    assert isinstance(undo, QAction) and undo.text() == "Undo Bookmark “two”"
    ring.act("edit-undo")
    assert flags(ring) == ["one"] and ring.frame.experiment.learning.rate == 0.03
    ring.act("edit-undo")
    ring.until(lambda: ring.frame.experiment.learning.rate != 0.03)
    assert flags(ring) == ["one"]
    ring.act("edit-undo")
    assert flags(ring) == [] and ring.edits() == (False, True)
    ring.act("edit-redo")
    ring.act("edit-redo")
    ring.until(lambda: ring.frame.experiment.learning.rate == 0.03)
    ring.act("edit-redo")
    assert flags(ring) == ["one", "two"]


def test_a_flag_that_a_branch_cuts_off_is_out_of_sight_and_comes_back_with_undo(
        ring: Journey, typed: Namer, tmp_path: Path) -> None:
    bookmark(ring, typed, 20, "before")
    cut = bookmark(ring, typed, 60, "loss 0.03 here")
    ring.run_to(40)
    change_rate(ring, 0.03)
    assert flags(ring) == ["before"]
    assert ring.said == "A bookmark was on the way that this edit leaves. Undo brings it back."
    path = save_as(ring, tmp_path / "branch.nnsim")
    assert [each.name for each in nnsim.open(path).view.bookmarks] == ["before"]
    ring.act("edit-undo")
    ring.until(lambda: flags(ring) == ["before", "loss 0.03 here"])
    ring.window.travel.seek(cut)
    ring.until_at(cut)
    reference = Session.open("ring")
    reference.seek(cut)
    assert ring.frame.theta.tobytes() == reference.frame.theta.tobytes()


def test_a_new_run_has_no_flags_of_the_old_one_and_undo_brings_them_back(ring: Journey, typed: Namer) -> None:
    bookmark(ring, typed, 5, "one")
    bookmark(ring, typed, 9, "two")
    ring.wait_report(m.Edited, lambda: ring.act("network-new-seed"))
    assert flags(ring) == []
    assert ring.said == "2 bookmarks were on the way that this edit leaves. Undo brings them back."
    ring.act("edit-undo")
    ring.until(lambda: flags(ring) == ["one", "two"])
    ring.until(lambda: ring.said == "")


def test_what_is_proposed_as_a_name_tells_the_moment_on_show(ring: Journey, typed: Namer) -> None:
    ring.run_to(30)
    ring.act("time-bookmark")
    assert typed["proposed"] == "epoch 2 › batch 5 of 25" and flags(ring) == []


def test_a_flag_put_while_playing_stands_where_its_name_says(ring: Journey, typed: Namer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsim.app.travel.QInputDialog.getText", lambda *_, text="", **__: (text, True))
    ring.play_fast()
    ring.act("time-bookmark")
    assert not ring.is_playing()
    [(moment, name)] = ring.window.display.time.slider.bookmarks
    assert name == f"epoch {moment.batch // 25 + 1:,} › batch {moment.batch % 25 + 1} of 25"


def test_a_flag_where_one_stands_gets_another_name_and_without_a_name_it_goes(ring: Journey, typed: Namer) -> None:
    bookmark(ring, typed, 5, "one")
    typed["name"] = "  two\n"
    ring.act("time-bookmark")
    assert typed["proposed"] == "one" and flags(ring) == ["two"]
    typed["name"] = "three"
    ring.window.display.time.renaming_requested.emit(ring.frame.moment)
    assert typed["proposed"] == "two" and flags(ring) == ["three"]
    typed["name"] = " "
    ring.act("time-bookmark")
    assert flags(ring) == []
    ring.act("edit-undo")
    ring.act("edit-undo")
    assert flags(ring) == ["two"]


def test_what_a_name_may_not_hold_is_left_out_so_that_it_can_be_saved(ring: Journey, typed: Namer, tmp_path: Path) -> None:
    bookmark(ring, typed, 5, "a\x1b[31m\u202e" + "b" * 200)
    path = save_as(ring, tmp_path / "x.nnsim")
    assert [each.name for each in nnsim.open(path).view.bookmarks] == flags(ring) == ["a [31m " + "b" * 73]


def test_no_more_flags_and_breakpoints_are_taken_than_a_file_keeps(ring: Journey, typed: Namer, tmp_path: Path) -> None:
    document = ring.window.document
    for number in range(MOST_BOOKMARKS):
        document.put_bookmark(Moment(1, number + 1), "x", "x")
    bookmark(ring, typed, 5, "one too many")
    assert "one too many" not in flags(ring) and ring.said == "There are 100 bookmarks already: remove one first."
    set_breakpoints(ring, *(LossBelow(1 / (number + 1)) for number in range(MOST_BREAKPOINTS + 1)))
    assert ring.said == "There are 100 breakpoints already: remove one first."
    assert len(ring.window.display.breakpoints.breakpoints) == len(document.breakpoints) == MOST_BREAKPOINTS
    view = nnsim.open(save_as(ring, tmp_path / "x.nnsim")).view
    assert (len(view.bookmarks), len(view.breakpoints)) == (MOST_BOOKMARKS, MOST_BREAKPOINTS)


def test_flags_out_of_sight_leave_room_for_others(ring: Journey, typed: Namer, tmp_path: Path) -> None:
    ring.run_to(40)
    ring.run_to(20)
    for number in range(MOST_BOOKMARKS):
        ring.window.document.put_bookmark(Moment(30, number + 1), "x", "x")
    change_rate(ring, 0.03)
    assert flags(ring) == []
    bookmark(ring, typed, 25, "one more")
    assert flags(ring) == ["one more"]
    assert [each.name for each in nnsim.open(save_as(ring, tmp_path / "x.nnsim")).view.bookmarks] == ["one more"]


def test_another_task_of_the_data_ends_a_run_no_longer_by_what_it_cannot_reach(ring: Journey) -> None:
    ring.choose_until(RunUntil("metric", 0.98))
    ring.window.editing.edit_experiment(Session.open("plane").experiment, "Data plane")
    ring.until(lambda: ring.frame.dataset.task == "regression" and ring.frame.moment == START)
    assert ring.window.playing.until == RunUntil()
