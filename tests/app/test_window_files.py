"""Keeping and opening in the window: what comes back has the same bits, and nothing is lost without a question."""

import errno
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys import Button, Journey, journey, same_bits
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from nnsim.app import messages as m
from nnsim.app.main import create_window
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START
from nnsim.files.session import Session, SourceError

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made


def save_as(made: Journey, path: Path) -> m.Saved:
    """Save under a name that is chosen, and wait until it is written."""
    made.file_name = str(path)
    report = made.wait_report(m.Saved, lambda: made.act("file-save-as"))
    assert isinstance(report, m.Saved)
    return report


def open_file(made: Journey, path: Path) -> None:
    """Open a file that is chosen, and wait until it is there."""
    made.file_name = str(path)
    made.wait_report(m.Opened, lambda: made.act("file-open"))


def test_a_run_is_saved_in_the_middle_of_a_pass_and_opens_there_with_the_same_bits(ring: Journey, tmp_path: Path) -> None:
    ring.run_to(40)
    for _ in range(3):
        ring.act("step-next-neuron")
    ring.until(lambda: ring.frame.phase == "forward" and ring.frame.known.outputs[0] == 3)
    before, path = ring.frame, tmp_path / "mine.nnsim"
    save_as(ring, path)
    assert ring.window.windowTitle().startswith("mine.nnsim")
    ring.act("file-new")
    ring.until_at(START)
    open_file(ring, path)
    ring.until(lambda: same_bits(ring.frame, before))
    assert ring.frame.experiment == before.experiment and ring.frame.extent == before.extent
    ring.act("step-next-epoch")
    reference = Session.open("ring")
    reference.seek(before.moment)
    reference.step(Grain.EPOCH)
    ring.until(lambda: same_bits(ring.frame, reference.frame))


def test_a_run_is_saved_while_it_trains_at_full_speed_and_goes_on(
        ring: Journey, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "running.nnsim"
    save_as(ring, path)
    ring.play_fast()
    saved = ring.wait_report(m.Saved, lambda: ring.act("file-save"))
    assert isinstance(saved, m.Saved) and saved.moment > START and ring.is_playing()
    ring.until_finished(saved.moment.batch + 500)
    ring.pause()
    with journey(qtbot, tmp_path, monkeypatch, str(path)) as again:
        assert again.frame.moment == saved.moment
        reference = Session.open("ring")
        reference.seek(saved.moment)
        assert same_bits(again.frame, reference.frame)
        again.window.travel.seek(ring.frame.moment)
        again.until(lambda: same_bits(again.frame, ring.frame))


def test_an_edited_run_comes_back_with_its_edits(ring: Journey, tmp_path: Path) -> None:
    ring.run_to(20)
    ring.type_setting("learning.rate", "0.03")
    ring.until(lambda: ring.frame.experiment.learning.rate == 0.03)
    ring.run_to(60)
    before = ring.frame
    save_as(ring, tmp_path / "edited.nnsim")
    ring.act("file-new")
    ring.until(lambda: ring.window.document.title == "ring")
    open_file(ring, tmp_path / "edited.nnsim")
    ring.until(lambda: same_bits(ring.frame, before))
    assert ring.edits() == (False, False)
    ring.act("time-rewind")
    ring.until_at(START)
    assert ring.frame.experiment.learning.rate != 0.03


def test_saving_again_asks_for_no_name_and_adds_the_ending_that_was_left_out(ring: Journey, tmp_path: Path) -> None:
    save_as(ring, tmp_path / "plain")
    written = tmp_path / "plain.nnsim"
    first = written.read_bytes()
    ring.run_to(30)
    ring.file_name = ""
    ring.wait_report(m.Saved, lambda: ring.act("file-save"))
    assert written.read_bytes() != first
    assert not ring.window.is_dirty


def test_saving_is_given_up_when_no_name_is_chosen(ring: Journey) -> None:
    known = len(ring.reports)
    ring.act("file-save")
    ring.act("step-next-batch")
    ring.until_finished(1)
    assert not any(isinstance(report, m.Saved | m.Failed) for report in ring.reports[known:])


def test_what_cannot_be_written_is_said_with_a_way_out(ring: Journey, tmp_path: Path) -> None:
    ring.show()
    ring.file_name = str(tmp_path / "no such folder" / "x.nnsim")
    ring.wait_report(m.Failed, lambda: ring.act("file-save-as"))
    assert "x.nnsim could not be saved" in ring.said
    ring.file_name = str(tmp_path / "x.nnsim")
    button = next(each for each in ring.window.band.findChildren(QPushButton) if each.text() == "Save as…")
    ring.wait_report(m.Saved, button.click)
    assert (tmp_path / "x.nnsim").is_file()


def test_a_run_too_large_for_a_snapshot_is_said_without_advice_that_cannot_help(
        ring: Journey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EFBIG, "this run takes 70,000,000 bytes, and 64,000,000 is the most")

    ring.show()
    monkeypatch.setattr("nnsim.app.simulation_worker.Session.save", refuse)
    ring.file_name = str(tmp_path / "x.nnsim")
    ring.wait_report(m.Failed, lambda: ring.act("file-save-as"))
    assert ring.said == "x.nnsim could not be saved: this run takes 70,000,000 bytes, and 64,000,000 is the most."
    titles = [each.text() for each in ring.window.band.findChildren(QPushButton)]
    assert "Save as…" not in titles and "Copy details" in titles


def damaged(path: Path) -> Path:
    Session.open("xor").save(path)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("make", [
    damaged, lambda path: path.write_bytes(b"") or path, lambda path: path.write_text("{", "utf-8") and path, lambda path: path,
], ids=["damaged", "empty", "foreign", "missing"])
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence_and_the_open_document_stays(
        ring: Journey, tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = make(tmp_path / "other.nnsim")
    ring.run_to(20)
    before = ring.frame
    ring.file_name = str(path)
    ring.wait_report(m.Failed, lambda: ring.act("file-open"))
    assert ring.said.startswith("Cannot open") and "other.nnsim" in ring.said and "\n" not in ring.said
    assert same_bits(ring.frame, before) and ring.window.document.title == "ring"
    assert ring.window.preferences.recent == []
    ring.act("step-next-batch")
    ring.until_finished(21)


def test_a_window_is_not_made_on_what_cannot_be_opened(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot open"):
        create_window(str(damaged(tmp_path / "x.nnsim")))
    with pytest.raises(SourceError, match="xor"):
        create_window("xorr")


def make_unsaved(made: Journey) -> None:
    made.type_setting("learning.rate", "0.03")
    made.until(lambda: made.window.is_dirty)


def test_what_was_only_looked_at_is_not_asked_about(ring: Journey) -> None:
    ring.run_to(ring.frame.batches - 1)
    ring.act("time-rewind")
    ring.until_at(START)
    assert not ring.window.is_dirty
    ring.wait_report(m.Opened, lambda: ring.act("file-new"))
    assert ring.questions == []


def test_an_epoch_of_training_that_was_never_saved_is_asked_about_even_from_its_start(ring: Journey) -> None:
    ring.run_to(ring.frame.batches - 1)
    assert not ring.window.isWindowModified()
    ring.run_to(ring.frame.batches)
    assert ring.window.isWindowModified()
    ring.act("time-rewind")
    ring.until_at(START)
    assert ring.window.isWindowModified()
    for ask in (lambda: ring.act("file-new"), ring.window.close):
        ring.answers = [Button.Cancel]
        ask()
        ring.until(lambda: ring.answers == [] and ring.window.findChild(QMessageBox, "unsaved-question") is None)
    assert ring.questions == ["Save the changes to ring?"] * 2
    ring.answers = [Button.Discard]
    ring.wait_report(m.Opened, lambda: ring.act("file-new"))
    assert not ring.window.is_dirty and not ring.window.isWindowModified()


def test_saving_makes_clean_what_was_trained_and_what_was_edited(ring: Journey, tmp_path: Path) -> None:
    ring.run_to(2 * ring.frame.batches)
    save_as(ring, tmp_path / "x.nnsim")
    assert not ring.window.is_dirty
    make_unsaved(ring)
    ring.wait_report(m.Saved, lambda: ring.act("file-save"))
    assert not ring.window.is_dirty
    ring.act("edit-undo")
    ring.until(lambda: ring.window.is_dirty)


def test_what_was_trained_on_a_branch_does_not_count_for_the_run_that_undo_brings_back(ring: Journey) -> None:
    make_unsaved(ring)
    ring.run_to(2 * ring.frame.batches)
    ring.act("edit-undo")
    ring.until_at(START)
    assert not ring.window.is_dirty


def test_training_on_after_saving_is_unsaved(ring: Journey, tmp_path: Path) -> None:
    ring.run_to(30)
    save_as(ring, tmp_path / "x.nnsim")
    assert not ring.window.isWindowModified()
    ring.run_to(29)
    assert not ring.window.isWindowModified()
    ring.run_to(31)
    assert ring.window.isWindowModified() and ring.window.is_dirty
    ring.run_to(29)
    assert ring.window.isWindowModified() and ring.window.is_dirty


def test_moving_within_the_batch_is_not_unsaved_neither_after_saving_nor_after_opening(
        ring: Journey, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def moved_on(made: Journey) -> list[bool]:
        """Whether it is unsaved after a neuron, and after a whole batch."""
        unsaved = []
        for grain in ("neuron", "batch"):
            stood = made.frame.moment
            made.act(f"step-next-{grain}")
            made.until(lambda: made.frame.moment != stood)  # noqa: B023
            unsaved.append(made.window.is_dirty)
        return unsaved

    ring.run_to(30)
    ring.act("step-next-neuron")
    ring.until(lambda: ring.frame.moment.mark > 0 and ring.frame.moment.batch == 30)
    save_as(ring, tmp_path / "x.nnsim")
    assert moved_on(ring) == [False, True]
    with journey(qtbot, tmp_path, monkeypatch, str(tmp_path / "x.nnsim")) as opened:
        assert moved_on(opened) == [False, True]


def test_undoing_back_to_what_was_saved_is_saved(ring: Journey) -> None:
    make_unsaved(ring)
    ring.act("edit-undo")
    ring.until(lambda: not ring.window.isWindowModified())
    assert not ring.window.is_dirty


def test_cancelling_the_question_keeps_everything(ring: Journey) -> None:
    ring.show()
    make_unsaved(ring)
    for ask in (lambda: ring.act("file-new"), ring.window.close):
        ring.answers = [Button.Cancel]
        ask()
        ring.until(lambda: ring.answers == [] and ring.window.findChild(QMessageBox, "unsaved-question") is None)
    assert len(ring.questions) == 2 and "ring" in ring.questions[0]
    assert ring.window.isVisible() and ring.frame.experiment.learning.rate == 0.03
    ring.act("step-next-batch")
    ring.until_finished(1)


def test_nobody_is_asked_to_save_for_a_file_that_cannot_be_opened(ring: Journey, tmp_path: Path) -> None:
    make_unsaved(ring)
    ring.window.files.take(str(damaged(tmp_path / "x.nnsim")))
    ring.until(lambda: "x.nnsim" in ring.said)
    assert ring.questions == [] and ring.window.is_dirty and ring.frame.experiment.learning.rate == 0.03
    Session.open("xor").save(tmp_path / "good.nnsim")
    ring.answers = [Button.Discard]
    ring.wait_report(m.Opened, lambda: ring.window.files.take(str(tmp_path / "good.nnsim")))
    assert len(ring.questions) == 1 and ring.window.document.title == "good.nnsim"


def test_discarding_opens_the_other_document(ring: Journey) -> None:
    make_unsaved(ring)
    ring.answers = [Button.Discard]
    ring.wait_report(m.Opened, lambda: ring.act("file-new"))
    ring.until(lambda: ring.frame.experiment.learning.rate != 0.03)
    assert not ring.window.is_dirty and ring.edits() == (False, False)


def test_saving_first_writes_and_then_opens_the_other_document(ring: Journey, tmp_path: Path) -> None:
    make_unsaved(ring)
    ring.answers = [Button.Save]
    ring.file_name = str(tmp_path / "kept.nnsim")
    ring.wait_report(m.Opened, lambda: ring.act("file-new"))
    assert Session.open(tmp_path / "kept.nnsim").experiment.learning.rate == 0.03
    assert ring.frame.experiment.learning.rate != 0.03


def test_saving_first_without_a_name_keeps_the_document_for_good(ring: Journey, tmp_path: Path) -> None:
    make_unsaved(ring)
    ring.answers = [Button.Save]
    ring.act("file-new")
    ring.until(lambda: ring.files_asked == 1)
    # saving was given up, so a later save is only a save
    save_as(ring, tmp_path / "later.nnsim")
    ring.act("step-next-batch")
    ring.until_finished(1)
    assert ring.frame.experiment.learning.rate == 0.03
    assert not any(isinstance(report, m.Opened) for report in ring.reports)


def test_closing_with_saving_writes_and_closes_even_while_training(ring: Journey, tmp_path: Path, qtbot: QtBot) -> None:
    ring.show()
    make_unsaved(ring)
    ring.play_fast()
    ring.answers = [Button.Save]
    ring.file_name = str(tmp_path / "closed.nnsim")
    with qtbot.waitSignal(ring.window.destroyed):
        ring.window.close()
    assert Session.open(tmp_path / "closed.nnsim").moment > START


def test_recent_files_are_offered_latest_first_and_open(ring: Journey, tmp_path: Path) -> None:
    for name in ("a", "b", "a"):
        save_as(ring, tmp_path / f"{name}.nnsim")
    assert [path.name for path in ring.window.preferences.recent] == ["a.nnsim", "b.nnsim"]
    menu = next(each for each in ring.window.findChildren(QMenu) if each.title() == "Open recent")
    menu.aboutToShow.emit()
    entries = menu.actions()
    assert [entry.text() for entry in entries] == ["a.nnsim", "b.nnsim"]
    ring.wait_report(m.Opened, entries[1].trigger)
    assert ring.window.document.path == tmp_path / "b.nnsim"
    (tmp_path / "a.nnsim").unlink()
    menu.aboutToShow.emit()
    assert [(entry.text(), entry.isEnabled()) for entry in menu.actions()] == [("b.nnsim", True), ("a.nnsim", False)]


def test_without_recent_files_the_menu_says_so(ring: Journey) -> None:
    menu = next(each for each in ring.window.findChildren(QMenu) if each.title() == "Open recent")
    menu.aboutToShow.emit()
    entries: list[QAction] = menu.actions()
    assert [entry.isEnabled() for entry in entries] == [False]


# Qt 6.12 deprecates the only way to make this event that 6.10 and 6.11 have
@pytest.mark.filterwarnings("ignore:.*QDragEnterEvent:DeprecationWarning")
def test_a_dropped_file_is_opened(ring: Journey, tmp_path: Path) -> None:
    path = tmp_path / "dropped.nnsim"
    Session.open("xor").save(path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(200, 200), copy, mime, left, plain)
    QApplication.sendEvent(ring.window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(200, 200), copy, mime, left, plain)
    ring.wait_report(m.Opened, lambda: QApplication.sendEvent(ring.window, drop))
    ring.until(lambda: ring.frame.dataset.name == "xor")
    assert ring.window.document.title == "dropped.nnsim"


def test_the_diagram_is_saved_and_copied_at_twice_its_size(ring: Journey, tmp_path: Path) -> None:
    ring.show()
    size = ring.window.display.network.size() * 2
    ring.file_name = str(tmp_path / "diagram.png")
    ring.act("file-save-picture")
    assert QImage(ring.file_name).size() == size
    ring.act("edit-copy-diagram")
    assert QGuiApplication.clipboard().pixmap().size() == size
    ring.file_name = str(tmp_path / "no such folder" / "diagram.png")
    ring.act("file-save-picture")
    assert "could not be written" in ring.said


def test_opening_while_training_stops_and_shows_the_other_document(ring: Journey) -> None:
    ring.play_fast()
    ring.answers = [Button.Discard]
    ring.wait_report(m.Opened, lambda: ring.act("file-new"))
    ring.until_at(START)
    assert not ring.is_playing()
    assert not math.isnan(ring.frame.loss)
