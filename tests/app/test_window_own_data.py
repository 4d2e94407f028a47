"""The user's own data in the window: from a drop, a paste or the command line to a network that learns them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys import Button, Journey, journey
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from nnsim.app import messages as m
from nnsim.engine.experiment import Experiment
from nnsim.engine.moments import START
from nnsim.files.own_files import origin_of
from nnsim.files.session import Session
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.import_dialog import ImportDialog
from nnsim.widgets.picture_import import PictureImport
from nnsim.widgets.table_import import TableImport
from nnsim.widgets.text_import import TextImport

pytestmark = [
    pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True),
    # Qt 6.12 deprecates the only way to make this event that 6.10 and 6.11 have
    pytest.mark.filterwarnings("ignore:.*QDragEnterEvent:DeprecationWarning"),
]

SEMICOLONS = "Länge;Breite;Farbe;Art\n" + "".join(
    f"{1 + row % 3 * 2},{row % 10};{'' if row == 7 else f'0,{row % 10}'};{('rot', 'weiß')[row % 2]};"
    f"{('Rose', 'Veilchen', 'Tulpe')[row % 3]}\n" for row in range(60))


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    path = tmp_path / "flowers.csv"
    path.write_bytes(SEMICOLONS.encode("windows-1252"))
    return path


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    for name, grey in (("dark", 30), ("bright", 220)):
        folder = tmp_path / "shapes" / name
        folder.mkdir(parents=True)
        for number in range(6):
            Image.new("L", (20, 16), grey + number).save(folder / f"{number}.png")
    (tmp_path / "shapes" / "dark" / "torn.png").write_bytes(b"\x89PNG no picture")
    return tmp_path / "shapes"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.txt"
    path.write_text("The cat sat on the mat. The dog sat on the rug. " * 20, "utf-8")
    return path


def drop(made: Journey, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(made.window, QDragEnterEvent(QPoint(200, 200), copy, mime, left, plain))
    QApplication.sendEvent(made.window, QDropEvent(QPointF(200, 200), copy, mime, left, plain))


def dialog(made: Journey) -> ImportDialog:
    flow = made.window.importing.flow
    assert flow is not None
    return flow.dialog


def table_dialog(made: Journey) -> TableImport:
    found = dialog(made)
    assert isinstance(found, TableImport)
    return found


def until_ready(made: Journey) -> None:
    made.until(dialog(made).train_button.isEnabled)


def choose(field: ChoiceField, name: str) -> None:
    index = field.findData(name)
    assert index >= 0
    field.setCurrentIndex(index)
    field.activated.emit(index)


def train(made: Journey) -> m.Opened:
    """Press Enter in the dialog, and wait for the document."""
    opened = made.wait_report(m.Opened, lambda: QTest.keyClick(dialog(made), Qt.Key.Key_Return))
    assert isinstance(opened, m.Opened)
    until_trained_on(made, opened.frame.experiment)
    return opened


def until_trained_on(made: Journey, experiment: Experiment) -> None:
    made.until(lambda: made.frame.experiment == experiment)


def band_button(made: Journey, text: str) -> QPushButton:
    return next(each for each in made.window.band.findChildren(QPushButton) if each.text() == text)


def test_a_table_never_seen_before_goes_from_drop_to_a_trained_network_by_one_key(ring: Journey, flowers: Path) -> None:
    drop(ring, flowers)
    until_ready(ring)
    shown = table_dialog(ring)
    chosen = {part: field.currentData() for part, field in shown.reading.fields.items()}
    assert chosen == {"encoding": "windows-1252", "delimiter": ";", "decimal": ",", "header": "names"}
    assert all(reason.text() for reason in shown.reading.reasons.values())
    assert shown.missing.currentText() == "Drop rows: 1 of 60 rows goes" and "1 row left out" in shown.figures.text()
    train(ring)
    assert ring.window.importing.flow is None and ring.window.document.title == "flowers.csv" and not ring.window.is_dirty
    data, dataset = ring.frame.experiment.data, ring.frame.dataset
    assert data.table is not None and data.table.target == "Art" and dataset.target_names == ("Rose", "Veilchen", "Tulpe")
    assert len(dataset.inputs) == 59 and dataset.dropped == 1
    ring.play_fast(400)
    ring.pause()
    assert ring.frame.loss < 0.2
    assert flowers in ring.window.preferences.recent


def test_the_form_says_what_became_of_the_rows_and_how_they_are_scaled(ring: Journey, flowers: Path) -> None:
    drop(ring, flowers)
    until_ready(ring)
    train(ring)
    line = ring.window.display.form.own_data
    assert not line.isHidden() and line.gaps.text() == "1 row left out."
    ring.wait_report(m.Opened, lambda: ring.act("file-new"))
    ring.until(line.isHidden)


def test_a_copied_table_is_pasted_and_trained_on(ring: Journey) -> None:
    QGuiApplication.clipboard().setText("x\ty\n" + "".join(f"{row}\t{2 * row + 0.5}\n" for row in range(40)))
    ring.show()
    ring.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    until_ready(ring)
    shown = table_dialog(ring)
    assert shown.task.currentText() == "numbers" and shown.reading.fields["delimiter"].currentData() == "\t"
    train(ring)
    assert ring.window.document.title == "Pasted table" and ring.frame.dataset.task == "regression"
    assert not any("Pasted" in path.name for path in ring.window.preferences.recent)
    ring.window.display.form.own_data.button.click()
    until_ready(ring)
    assert table_dialog(ring).reading.fields["delimiter"].isEnabled()
    choose(table_dialog(ring).reading.fields["header"], "values")
    ring.until(lambda: table_dialog(ring).summary.text() == "41 rows · 2 columns")
    until_ready(ring)
    ring.wait_report(m.Edited, lambda: QTest.keyClick(dialog(ring), Qt.Key.Key_Return))
    ring.until(lambda: len(ring.frame.dataset.inputs) == 41)
    ring.window.display.form.own_data.button.click()
    until_ready(ring)
    assert table_dialog(ring).reading.fields["header"].currentData() == "values"


def test_text_is_pasted_into_a_field_that_has_the_keyboard(ring: Journey) -> None:
    QGuiApplication.clipboard().setText("0.07")
    ring.show()
    editor = ring.window.display.form.fields["learning.rate"].editor
    editor.setFocus()
    ring.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    ring.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert ring.window.importing.flow is None
    ring.press(Qt.Key.Key_Return)
    ring.until(lambda: ring.frame.experiment.learning.rate == 0.07)


def test_an_empty_clipboard_is_said(ring: Journey) -> None:
    QGuiApplication.clipboard().clear()
    ring.act("edit-paste-data")
    assert ring.window.importing.flow is None
    assert "no table on the clipboard" in ring.window.statusBar().currentMessage()


def test_a_folder_with_bad_files_is_read_with_these_named(ring: Journey, shapes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(shapes))
    ring.act("file-open-folder")
    until_ready(ring)
    shown = dialog(ring)
    assert isinstance(shown, PictureImport)
    assert shown.bad.text() == "1 picture cannot be read and is left out; 12 stay:"
    item = shown.bad_list.item(0)
    assert item is not None and "dark/torn.png" in item.text() and len(shown.strips.pictures) == 12
    choose(shown.size_field, "8x8")
    until_ready(ring)
    train(ring)
    assert ring.frame.dataset.picture == (8, 8) and len(ring.frame.dataset.inputs) == 12
    ring.act("step-next-epoch")
    ring.until(lambda: ring.frame.moment > START)


def test_a_text_becomes_the_next_words_riddle(ring: Journey, book: Path) -> None:
    drop(ring, book)
    until_ready(ring)
    shown = dialog(ring)
    assert isinstance(shown, TextImport) and shown.described.text().startswith("All 8 different words are known")
    assert shown.examples.count() > 4
    train(ring)
    assert ring.frame.experiment.data.source == "text" and ring.window.document.title == "book.txt"


def test_a_text_that_holds_a_table_is_read_as_one_when_that_is_said(ring: Journey, tmp_path: Path) -> None:
    path = tmp_path / "table.txt"
    path.write_text("width,height,kind\n" + "".join(f"{row}.5,{row * 2}.25,{'ab'[row % 2]}\n" for row in range(30)))
    drop(ring, path)
    ring.until(lambda: not dialog(ring).is_busy)
    shown = dialog(ring)
    assert isinstance(shown, TextImport)
    shown.table_button.click()
    until_ready(ring)
    assert table_dialog(ring).summary.text() == "30 rows · 3 columns"
    train(ring)
    assert ring.frame.dataset.target_names == ("a", "b")


def test_a_table_that_cannot_be_read_is_said_with_its_place_and_can_be_read_otherwise(ring: Journey, tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b\n1,2\n3,4,5\n")
    drop(ring, path)
    ring.until(lambda: bool(dialog(ring).message.text()))
    assert "Row 3" in dialog(ring).message.text() and "Choose above" in dialog(ring).message.text()
    assert not dialog(ring).train_button.isEnabled() and not dialog(ring).is_busy
    dialog(ring).reject()
    assert ring.window.importing.flow is None


def test_nothing_to_learn_is_said_and_another_delimiter_mends_it(ring: Journey, tmp_path: Path) -> None:
    path = tmp_path / "bars.csv"
    path.write_text("a|b\n" + "".join(f"{row}.5|{row}.25\n" for row in range(20)))
    drop(ring, path)
    until_ready(ring)
    shown = table_dialog(ring)
    choose(shown.reading.fields["delimiter"], ";")
    ring.until(lambda: "two columns" in shown.message.text())
    assert not shown.train_button.isEnabled()
    choose(shown.reading.fields["delimiter"], "|")
    until_ready(ring)
    assert shown.message.text() == ""


@pytest.mark.parametrize(("name", "content", "said"), [
    ("none.csv", None, "is not there"), ("picture.csv", b"\x89PNG\r\n\x1a\n", "PNG"),
    ("short.txt", b"two words", "20 are the least"), ("nothing", {}, "two folders or more are needed"),
])
def test_what_cannot_be_read_at_all_is_a_sentence_in_the_dialog(
        ring: Journey, tmp_path: Path, name: str, content: bytes | dict[str, bytes] | None, said: str) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.mkdir()
    drop(ring, path)
    ring.until(lambda: bool(dialog(ring).message.text()))
    assert said in dialog(ring).message.text() and not dialog(ring).train_button.isEnabled()


def test_the_question_about_unsaved_changes_comes_before_and_cancelling_it_keeps_the_dialog(ring: Journey, flowers: Path) -> None:
    ring.type_setting("learning.rate", "0.03")
    ring.until(lambda: ring.window.is_dirty)
    drop(ring, flowers)
    until_ready(ring)
    ring.answers = [Button.Cancel]
    QTest.keyClick(dialog(ring), Qt.Key.Key_Return)
    ring.until(lambda: len(ring.questions) == 1)
    ring.until(lambda: ring.window.findChild(QMessageBox, "unsaved-question") is None)
    assert ring.window.importing.flow is not None and ring.frame.experiment.learning.rate == 0.03
    ring.answers = [Button.Discard]
    train(ring)
    assert ring.frame.experiment.data.source == "table"


def test_a_table_on_the_command_line_opens_at_once_and_the_band_leads_to_how_it_is_read(
        qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flowers: Path) -> None:
    with journey(qtbot, tmp_path, monkeypatch, str(flowers)) as made:
        assert made.said.startswith("Read 59 rows of flowers.csv: Art (Rose, Veilchen, Tulpe) is predicted from 3 columns.")
        assert "1 row left out" in made.said
        band_button(made, "Change how it is read…").click()
        until_ready(made)
        choose(table_dialog(made).missing, "mean")
        until_ready(made)
        assert "1 value filled in" in table_dialog(made).figures.text()
        width = made.frame.experiment.layers[0].width
        made.wait_report(m.Edited, lambda: QTest.keyClick(dialog(made), Qt.Key.Key_Return))
        made.until(lambda: made.frame.dataset.filled == 1)
        assert made.frame.experiment.layers[0].width == width and made.edits() == (True, False)
        made.act("edit-undo")
        made.until(lambda: made.frame.dataset.dropped == 1)


def test_what_was_left_out_unasked_is_said_also_where_no_dialog_was_seen(
        qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shapes: Path, ring: Journey) -> None:
    with journey(qtbot, tmp_path, monkeypatch, str(shapes)) as made:
        made.until(lambda: made.said.endswith("1 picture cannot be read and is left out."))
        assert made.said.startswith("Read 12 pictures of bright, dark in shapes, as")
    path = tmp_path / "odd.csv"
    path.write_text("x,y\n" + "".join(f"{'NA' if row == 3 else row},{row * 2}.5\n" for row in range(30)))
    ring.window.files.open(str(path))
    ring.until(lambda: "'NA' in 1 cell." in ring.said)


def test_a_recent_table_opens_at_once_with_the_band(ring: Journey, flowers: Path) -> None:
    ring.wait_report(m.Opened, lambda: ring.window.files.open(str(flowers)))
    ring.until(lambda: ring.said.startswith("Read 59 rows"))
    assert ring.window.importing.flow is None
    flowers.unlink()
    ring.window.files.open(str(flowers))
    ring.until(lambda: "is not there" in ring.said)
    assert flowers not in ring.window.preferences.recent


def test_a_snapshot_holds_the_data_or_names_their_file_as_is_chosen(ring: Journey, flowers: Path, tmp_path: Path) -> None:
    keep = ring.window.actions_by_id["file-keep-data"]
    assert not keep.isEnabled() and keep.isChecked()
    drop(ring, flowers)
    until_ready(ring)
    train(ring)
    assert origin_of(ring.frame.experiment.data.material) is not None
    assert keep.isEnabled() and keep.isChecked()
    ring.file_name = str(tmp_path / "inside.nnsim")
    ring.wait_report(m.Saved, lambda: ring.act("file-save-as"))
    assert "data inside" in ring.window.statusBar().currentMessage()
    keep.trigger()
    ring.file_name = str(tmp_path / "named.nnsim")
    ring.wait_report(m.Saved, lambda: ring.act("file-save-as"))
    assert str(flowers) in ring.window.statusBar().currentMessage()
    inside, named = (Session.open(tmp_path / name) for name in ("inside.nnsim", "named.nnsim"))
    assert (inside.view.data_inside, named.view.data_inside) == (True, False)
    ring.wait_report(m.Opened, lambda: ring.window.files.open(str(tmp_path / "inside.nnsim")))
    assert keep.isChecked()
    ring.wait_report(m.Opened, lambda: ring.window.files.open(str(tmp_path / "named.nnsim")))
    assert keep.isEnabled() and not keep.isChecked()


def test_closing_the_dialog_while_pictures_are_read_ends_the_reading(ring: Journey, shapes: Path) -> None:
    drop(ring, shapes)
    assert dialog(ring).is_busy
    dialog(ring).cancel_button.click()
    assert ring.window.importing.flow is None
    drop(ring, shapes)
    until_ready(ring)


def test_a_table_whose_file_is_unknown_can_be_used_otherwise_but_not_read_otherwise(
        ring: Journey, flowers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(ring, flowers)
    until_ready(ring)
    train(ring)
    monkeypatch.setattr("nnsim.app.importing.origin_of", lambda _: None)
    ring.window.display.form.own_data.button.click()
    until_ready(ring)
    shown = table_dialog(ring)
    assert shown.reading.isHidden() and shown.rows.rows.index(0, 0).data() == "1.0" and shown.target.currentText() == "Art"
    choose(shown.target, "Farbe")
    until_ready(ring)
    ring.wait_report(m.Edited, lambda: QTest.keyClick(dialog(ring), Qt.Key.Key_Return))
    ring.until(lambda: ring.frame.dataset.target_names == ("rot", "weiß"))
    assert ring.frame.experiment.layers[-1].width == 1 and "How flowers is read" in ring.window.document.stack.undoText()


def test_pictures_whose_folder_is_unknown_are_said_to_be_so(
        ring: Journey, shapes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(ring, shapes)
    until_ready(ring)
    train(ring)
    monkeypatch.setattr("nnsim.app.importing.origin_of", lambda _: None)
    ring.window.display.form.own_data.button.click()
    assert ring.window.importing.flow is None and "open their folder" in ring.said


def test_pictures_and_texts_are_read_otherwise_in_the_same_document(ring: Journey, shapes: Path, book: Path) -> None:
    for path, change in ((shapes, smaller), (book, longer)):
        drop(ring, path)
        until_ready(ring)
        ring.answers = [Button.Discard]
        train(ring)
        hidden = ring.frame.experiment.layers[:-1]
        ring.window.display.form.own_data.button.click()
        until_ready(ring)
        change(dialog(ring))
        until_ready(ring)
        inputs = ring.frame.network.inputs
        edited = ring.wait_report(m.Edited, lambda: QTest.keyClick(dialog(ring), Qt.Key.Key_Return))
        assert isinstance(edited, m.Edited)
        until_trained_on(ring, edited.after.run.experiment)
        assert ring.frame.network.inputs != inputs
        assert ring.frame.experiment.layers[:-1] == hidden and ring.edits() == (True, False)


def smaller(shown: ImportDialog) -> None:
    assert isinstance(shown, PictureImport)
    choose(shown.size_field, "8x8")


def longer(shown: ImportDialog) -> None:
    assert isinstance(shown, TextImport)
    shown.numbers["context"].number_entered.emit(4.0)


def test_reading_at_once_can_be_given_up(ring: Journey, flowers: Path) -> None:
    ring.window.files.open(str(flowers))
    assert ring.said == "Reading flowers.csv…"
    band_button(ring, "Cancel").click()
    assert ring.said == ""
    ring.act("step-next-batch")
    ring.until_finished(1)
    assert ring.frame.experiment.data.source == "ring"


def test_the_window_closes_while_something_is_read(
        qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shapes: Path) -> None:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        drop(made, shapes)
        assert dialog(made).is_busy
