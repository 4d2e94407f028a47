"""The dialog of new rows: answers beside the rows' numbers, why rows are left out, and what it asks for."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

import nnsim
from nnsim.core.tables import Table, numbers_column
from nnsim.engine.frame import Frame
from nnsim.picture.answered_rows import AnsweredRows, answered_rows, table_cells, table_headings
from nnsim.picture.palette import THEMES
from nnsim.widgets.new_rows_dialog import NewRowsDialog

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture(scope="module")
def iris() -> Frame:
    session = nnsim.open("iris")
    session.run(epochs=10)
    return session.frame


@pytest.fixture
def dialog(qtbot: QtBot) -> NewRowsDialog:
    made = NewRowsDialog(False)
    # the test's own
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.set_theme(THEMES["dark"])
    made.show()
    return made


def answers_of(frame: Frame, rows: int = 3, lacking: tuple[int, ...] = (1,)) -> AnsweredRows:
    inputs = frame.dataset.inputs[:rows].copy()
    complete = np.ones(rows, np.bool_)
    for place in lacking:
        inputs[place, 0], complete[place] = np.nan, False
    table = Table("new", tuple(numbers_column(name, inputs[:, place]) for place, name in enumerate("abcd")))
    return answered_rows(frame, table_headings(table), table_cells(table), inputs, complete, ("a note",))


def shown(dialog: NewRowsDialog) -> list[str]:
    """The heads from left to right."""
    header = dialog.table.horizontalHeader()
    places = [header.logicalIndex(place) for place in range(header.count())]
    return [str(dialog.lines.headerData(place, Qt.Orientation.Horizontal)) for place in places]


def test_what_the_network_says_stands_beside_the_row_s_number(dialog: NewRowsDialog, iris: Frame) -> None:
    dialog.show_rows("new.csv", answers_of(iris))
    assert shown(dialog) == ["row", "prediction", "P(setosa)", "P(versicolor)", "P(virginica)", "a", "b", "c", "d"]
    assert dialog.lines.index(0, 5).data() == "setosa" and dialog.lines.index(2, 0).data() == "3"
    assert dialog.lines.index(0, 1).data() == "5.1"
    assert dialog.summary.text() == "2 rows predicted, 1 left out, since something is missing there"
    assert dialog.notes.text() == "A note.\nLeft out, since something is missing there: row 2."


def test_a_row_without_an_answer_says_so_and_why(dialog: NewRowsDialog, iris: Frame) -> None:
    dialog.show_rows("new.csv", answers_of(iris))
    assert [dialog.lines.index(1, column).data() for column in (1, 5, 6)] == ["", "left out", ""]
    tip = dialog.lines.index(1, 5).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "The network cannot be fed this row: something is missing there"
    inks = [dialog.lines.index(row, 5).data(Qt.ItemDataRole.ForegroundRole) for row in (0, 1)]
    assert inks == [QColor(THEMES["dark"].ink), QColor(THEMES["dark"].ink2)]


def test_pointing_tells_all_digits(dialog: NewRowsDialog, iris: Frame) -> None:
    answers = answers_of(iris)
    dialog.show_rows("new.csv", answers)
    assert dialog.lines.index(0, 6).data(Qt.ItemDataRole.ToolTipRole) == repr(answers.values(0)[5])


def test_of_many_rows_that_are_left_out_the_first_are_named(iris: Frame) -> None:
    assert answers_of(iris, 9, (1, 2, 3, 5, 6, 7, 8)).left_out.endswith("rows 2, 3, 4, 6, 7 and 2 more")
    assert answers_of(iris, 2, ()).left_out == ""


def test_other_rows_have_other_columns(dialog: NewRowsDialog, iris: Frame) -> None:
    dialog.show_rows("one.csv", answers_of(iris))
    plain = answered_rows(iris, (), [[]], iris.dataset.inputs[:1], np.ones(1, np.bool_), ())
    dialog.show_rows("two.csv", plain)
    assert shown(dialog) == ["row", "prediction", "P(setosa)", "P(versicolor)", "P(virginica)"]
    dialog.show_rows("one.csv", answers_of(iris))
    assert shown(dialog)[:2] == ["row", "prediction"] and shown(dialog)[-1] == "d"


def test_a_failure_takes_the_rows_away_and_offers_another_file(dialog: NewRowsDialog, iris: Frame) -> None:
    dialog.show_rows("new.csv", answers_of(iris))
    dialog.show_busy("Reading bad.csv…")
    assert [dialog.is_busy, dialog.file_button.isEnabled()] == [True, False]
    dialog.show_failure("bad.csv", "Row 3: no.")
    assert dialog.busy_line.isHidden() and dialog.message.text() == "Row 3: no." and dialog.lines.rowCount() == 0
    assert dialog.file_button.isEnabled() and dialog.file_button.isDefault() and not dialog.save_button.isEnabled()


def test_saving_is_told_or_its_failure_and_the_rows_stay(dialog: NewRowsDialog, iris: Frame) -> None:
    dialog.show_rows("new.csv", answers_of(iris))
    dialog.show_unwritten("No space.")
    assert dialog.message.text() == "No space." and dialog.lines.rowCount() == 3
    dialog.show_written("3 rows written to x.csv")
    assert dialog.message.isHidden() and dialog.summary.text() == "3 rows written to x.csv"


@pytest.mark.parametrize("button", ["file", "folder", "save"])
def test_each_button_asks_for_its_own(qtbot: QtBot, iris: Frame, button: str) -> None:
    dialog = NewRowsDialog(True)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_rows("new.csv", answers_of(iris))
    asks = {"file": (dialog.file_button, dialog.file_requested), "folder": (dialog.folder_button, dialog.folder_requested),
            "save": (dialog.save_button, dialog.save_requested)}
    pushed, asked = asks[button]
    assert isinstance(pushed, QPushButton)
    with qtbot.waitSignal(asked):
        QTest.mouseClick(pushed, Qt.MouseButton.LeftButton)


def test_only_for_pictures_a_folder_can_be_chosen(dialog: NewRowsDialog) -> None:
    assert dialog.folder_button.isHidden()
