"""The dialogs before one's own data are trained on: filled in as proposed, silent when shown, each click an intent."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from nnsim.core.texts import Text
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import WordsUse
from nnsim.files.own_files import experiment_on
from nnsim.files.picture_folder import BadPicture, FolderContents
from nnsim.files.picture_reading import PictureChoices
from nnsim.files.tables import Preview, Reading, read_pasted
from nnsim.files.text_file import TextReading
from nnsim.picture.palette import THEMES
from nnsim.picture.table_plan import TablePlan, column_figures, plan_figures, proposed_plan
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.import_columns import CATEGORIES, NAME
from nnsim.widgets.import_fields import PARTS
from nnsim.widgets.import_samples import ClassSamples
from nnsim.widgets.own_data_line import OwnDataLine, ScalingTable
from nnsim.widgets.picture_import import PictureImport
from nnsim.widgets.table_import import TableImport
from nnsim.widgets.text_import import TextImport

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

ROWS = "width;height;colour;kind\n" + "".join(
    f"{row},5;{'' if row == 4 else row * 2};{('red', 'blue', 'green')[row % 3]};{'ab'[row % 2]}\n" for row in range(30))


@pytest.fixture
def preview() -> Preview:
    return read_pasted(ROWS, "flowers")


@pytest.fixture
def table(qtbot: QtBot, preview: Preview) -> TableImport:
    widget = TableImport("flowers.csv")
    widget.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(widget)
    widget.set_theme(THEMES["light"])
    plan = proposed_plan(preview.table)
    show(widget, preview)
    widget.show_figures(plan_figures(preview.table, plan))
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def show(dialog: TableImport, preview: Preview) -> None:
    columns = [column_figures(column) for column in preview.table.columns]
    dialog.show_preview(preview, columns, proposed_plan(preview.table), frozenset(PARTS))


def choose(field: ChoiceField, name: str) -> None:
    index = field.findData(name)
    assert index >= 0
    field.setCurrentIndex(index)
    field.activated.emit(index)


def last_plan(spy: QSignalSpy) -> TablePlan:
    plan = spy.at(spy.count() - 1)[0]
    assert isinstance(plan, TablePlan)
    return plan


def test_showing_announces_nothing_and_enter_trains_on_what_is_proposed(table: TableImport, preview: Preview) -> None:
    trained, read, counted = (QSignalSpy(signal) for signal in (table.train_requested, table.reading_chosen, table.plan_changed))
    show(table, preview)
    assert [spy.count() for spy in (trained, read, counted)] == [0, 0, 0]
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert trained.count() == 1 and last_plan(trained) == proposed_plan(preview.table)


def test_the_first_rows_stand_under_name_kind_and_missing_count(table: TableImport) -> None:
    rows = table.rows.rows
    assert [rows.headerData(column, Qt.Orientation.Horizontal) for column in range(4)] == [
        "width\nnumbers", "height\nnumbers, 1 missing", "colour\nwords", "kind\nwords"]
    assert rows.index(1, 0).data() == "1,5" and rows.index(4, 1).data() == ""
    assert table.summary.text() == "30 rows · 4 columns"


def test_another_reading_is_asked_for_by_a_choice(table: TableImport) -> None:
    read = QSignalSpy(table.reading_chosen)
    choose(table.reading.fields["decimal"], ".")
    chosen = read.at(0)[0]
    assert isinstance(chosen, Reading) and chosen.decimal == "." and chosen.delimiter == ";" and chosen.found.decimal == ""
    choose(table.reading.fields["header"], "values")
    assert read.at(1)[0].header is False and read.at(1)[0].decimal == "."


def test_another_target_takes_the_old_one_among_the_inputs(table: TableImport) -> None:
    counted = QSignalSpy(table.plan_changed)
    choose(table.target, "width")
    use = last_plan(counted).use
    assert (use.target, use.inputs, use.task) == ("width", ("height", "colour", "kind"), "regression")
    assert table.is_busy and not table.train_button.isEnabled()


def test_boxes_choose_inputs_and_categories(table: TableImport) -> None:
    counted = QSignalSpy(table.plan_changed)
    table.columns.item("colour").setCheckState(NAME, Qt.CheckState.Unchecked)
    assert last_plan(counted).use.inputs == ("width", "height")
    table.columns.item("width").setCheckState(CATEGORIES, Qt.CheckState.Checked)
    assert last_plan(counted).use.categories == ("width",)
    table.columns.none_button.click()
    assert last_plan(counted).use.inputs == ()
    table.columns.all_button.click()
    assert last_plan(counted).use.inputs == ("width", "height", "colour")


def test_a_box_is_checked_by_the_mouse(table: TableImport, qtbot: QtBot) -> None:
    counted = QSignalSpy(table.plan_changed)
    tree = table.columns.tree
    place = tree.visualItemRect(table.columns.item("height"))
    point = place.center()
    point.setX(place.left() + 12)
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    assert counted.count() == 1 and last_plan(counted).use.inputs == ("width", "colour")


def test_missing_scaling_share_and_seed_are_part_of_the_plan(table: TableImport) -> None:
    counted = QSignalSpy(table.plan_changed)
    choose(table.missing, "mean")
    choose(table.scaling, "min-max")
    table.test_share.number_entered.emit(0.5)
    table.seed.number_entered.emit(9.0)
    plan = last_plan(counted)
    assert (plan.use.missing, plan.scaling, plan.test_share, plan.seed) == ("mean", "min-max", 0.5, 9)
    table.test_share.number_entered.emit(0.95)
    assert counted.count() == 4 and "Test share" in table.message.text() and table.test_share.value == 0.5


def test_words_cannot_be_predicted_as_numbers(table: TableImport) -> None:
    assert table.task.findData("regression") == -1
    choose(table.target, "height")
    assert table.task.findData("regression") >= 0


def test_a_failure_is_said_and_cannot_be_trained_on(table: TableImport) -> None:
    trained = QSignalSpy(table.train_requested)
    table.show_failure("Row 3: too many cells.")
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert trained.count() == 0 and table.message.text() == "Row 3: too many cells." and table.figures.text() == ""


def test_escape_closes_the_dialog(table: TableImport) -> None:
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert not table.isVisible()


def test_after_counting_the_keyboard_is_at_the_button_again(table: TableImport, preview: Preview) -> None:
    table.train_button.setFocus()
    figures = plan_figures(preview.table, table.plan())
    table.show_busy("Counting…")
    assert table.focusWidget() is not table.train_button
    table.show_figures(figures)
    assert table.focusWidget() is table.train_button
    table.target.setFocus()
    table.show_busy("Counting…")
    table.show_figures(figures)
    assert table.focusWidget() is table.target


@pytest.fixture
def folder() -> FolderContents:
    files = ((Path("pets/cat/1.png"),) * 3, (Path("pets/dog/1.png"),) * 2)
    return FolderContents(Path("pets"), ("cat", "dog"), files, (Path("x"),))


def samples() -> tuple[ClassSamples, ...]:
    grey, colour = np.full((8, 8, 1), 255, np.uint8), np.zeros((8, 8, 3), np.uint8)
    return ClassSamples("cat", 3, (grey, grey)), ClassSamples("dog", 2, (colour,))


def test_classes_are_shown_with_their_pictures_and_every_change_reads_anew(qtbot: QtBot, folder: FolderContents) -> None:
    widget = PictureImport("pets")
    qtbot.addWidget(widget)
    widget.set_theme(THEMES["dark"])
    widget.show_samples(folder, PictureChoices(size=(16, 16)), samples())
    assert widget.summary.text() == "5 pictures · 2 classes, 1 other file passed over" and len(widget.strips.pictures) == 3
    assert widget.strips.pictures[0].pixmap().toImage().pixelColor(3, 3).lightness() == 255
    read = QSignalSpy(widget.reading_chosen)
    choose(widget.colour, "colour")
    choose(widget.size_field, "32x32")
    choose(widget.fit, "crop")
    widget.inverted.click()
    assert read.at(3)[0] == PictureChoices((32, 32), True, "crop", True)
    widget.show_read(4, [BadPicture(Path("pets/cat/1.png"), '"pets/cat/1.png" cannot be read: it is empty')])
    assert widget.bad.text() == "1 picture cannot be read and is left out; 4 stay:" and widget.bad_list.count() == 1
    widget.show()
    qtbot.waitExposed(widget)
    trained = QSignalSpy(widget.train_requested)
    QTest.keyClick(widget, Qt.Key.Key_Return)
    assert trained.at(0)[0] == widget.plan()


def test_progress_is_shown_and_cancel_ends_it(qtbot: QtBot) -> None:
    widget = PictureImport("pets")
    widget.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(widget)
    widget.show_busy("Reading picture 5 of 10…", 0.5)
    assert widget.progress.value() / widget.progress.maximum() == 0.5 and not widget.train_button.isEnabled()
    ended = QSignalSpy(widget.finished)
    widget.open()
    widget.cancel_button.click()
    assert ended.at(0)[0] == QDialog.DialogCode.Rejected.value


def test_a_texts_numbers_are_checked_and_counted_anew(qtbot: QtBot) -> None:
    widget = TextImport("book.txt")
    qtbot.addWidget(widget)
    widget.set_theme(THEMES["light"])
    widget.show_text(TextReading("utf-8", "every byte fits", 1200, 300), WordsUse(vocabulary=100, context=2))
    widget.show_described("The 100 most frequent.", [("the cat", "sat"), ("sat on", "the")])
    assert widget.examples.count() == 4 and widget.train_button.isEnabled()
    counted, read = QSignalSpy(widget.plan_changed), QSignalSpy(widget.reading_chosen)
    widget.numbers["context"].number_entered.emit(3.0)
    assert counted.at(0)[0] == WordsUse(vocabulary=100, context=3) and widget.is_busy
    widget.numbers["context"].number_entered.emit(30.0)
    assert counted.count() == 1 and "Context" in widget.message.text() and widget.numbers["context"].value == 3
    choose(widget.encoding, "windows-1252")
    assert read.at(0)[0] == "windows-1252"


def test_the_forms_line_tells_of_ones_own_data_only(qtbot: QtBot, preview: Preview) -> None:
    line = OwnDataLine()
    qtbot.addWidget(line)
    line.set_theme(THEMES["light"])
    data = experiment_on(preview.table).data
    line.show_data(data, load_dataset(data))
    assert not line.isHidden() and line.gaps.text() == "1 row left out." and not line.scaling_button.isHidden()
    asked = QSignalSpy(line.reading_requested)
    line.button.click()
    assert asked.count() == 1
    line.scaling_button.click()
    shown = line.findChild(ScalingTable)
    assert isinstance(shown, ScalingTable) and shown.model.index(0, 0).data() == "width"
    dataset = load_dataset(data)
    assert float(str(shown.model.index(0, 1).data())) == pytest.approx(float(dataset.offset[0]), abs=0.01)
    shown.reject()
    text = experiment_on(Text("t", "The cat sat on the mat. " * 10)).data
    line.show_data(text, load_dataset(text))
    assert line.scaling_button.isHidden()
