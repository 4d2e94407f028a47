"""The dock of results: what it shows of a frame, what it asks for, which row is chosen, and what it announces."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture.palette import THEMES
from nnsim.picture.results import results
from nnsim.widgets import results_panel
from nnsim.widgets.results_panel import ALL, CLASSES, RESIDUALS, WORST, ResultsPanel
from nnsim.widgets.rows_table import RowsTable


def frame_of(name: str, epochs: int = 10) -> Frame:
    simulation = Simulation(example(name).experiment)
    simulation.run(epochs=epochs)
    return simulation.look(Wants(predictions=True))


@pytest.fixture(scope="module")
def iris() -> Frame:
    return frame_of("iris")


@pytest.fixture(scope="module")
def plane() -> Frame:
    return frame_of("plane")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    """A plain window: one with a least size would ask the offscreen platform for what it does not have."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(347, 560)
    with qtbot.waitExposed(window):
        window.show()
    yield window


@pytest.fixture
def panel(window: QWidget) -> ResultsPanel:
    panel = ResultsPanel(window)
    panel.resize(window.size())
    panel.show()
    return panel


def column(panel: ResultsPanel, name: str) -> int:
    return [heading.name for heading in panel.all.table.lines.headings].index(name)


def click(table: RowsTable, row: int, section: int = 0) -> None:
    place = table.visualRect(table.model().index(row, section)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def click_head(panel: ResultsPanel, name: str) -> None:
    header = panel.all.table.horizontalHeader()
    section = column(panel, name)
    place = QPoint(header.sectionViewportPosition(section) + 8, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_it_wants_predictions_only_while_it_is_seen(window: QWidget, qtbot: QtBot) -> None:
    panel = ResultsPanel(window)
    told: list[Wants] = []
    panel.wants_changed.connect(told.append)
    assert panel.wants == Wants()
    panel.show()
    panel.hide()
    assert told == [Wants(predictions=True), Wants()]
    # a panel behind another tab is visible, but moved away
    panel.show()
    panel.move(-1000, 0)
    assert panel.wants == Wants()


def test_what_is_not_seen_is_not_worked_out(window: QWidget, iris: Frame) -> None:
    panel = ResultsPanel(window)
    panel.show_frame(iris)
    assert panel.results is None


def test_figures_stand_beside_each_other_with_their_meanings(panel: ResultsPanel, iris: Frame) -> None:
    panel.show_frame(iris)
    found = results(iris)
    assert found is not None
    assert panel.sentence.text() == found.sentence
    line = found.lines[0]
    assert f"accuracy: training {line.train}, test {line.test}, baseline {line.baseline}" in panel.figures.accessibleDescription()
    assert line.meaning in {label.toolTip() for label in panel.figures.findChildren(QWidget)}


def test_classes_have_a_table_and_numbers_their_errors(panel: ResultsPanel, iris: Frame, plane: Frame) -> None:
    panel.show_frame(iris)
    assert panel.page == CLASSES and panel.classes.isVisible()
    rows = panel.classes.model()
    assert [rows.index(0, place).data() for place in (0, 4)] == ["setosa", "10"]
    panel.show_frame(plane)
    assert panel.page == RESIDUALS and panel.residuals.isVisible() and not panel.classes.isVisible()
    panel.show_page(ALL)
    assert panel.all.only_wrong.isHidden()


def test_the_page_stays_where_both_tasks_have_it(panel: ResultsPanel, iris: Frame, plane: Frame) -> None:
    panel.show_frame(iris)
    panel.show_page(WORST)
    panel.show_frame(plane)
    assert panel.page == WORST and panel.worst.isVisible()


def test_a_worst_row_that_is_clicked_is_chosen(panel: ResultsPanel, iris: Frame, qtbot: QtBot) -> None:
    panel.show_frame(iris)
    panel.show_page(WORST)
    assert panel.results is not None
    second = panel.results.worst()[1]
    with qtbot.waitSignal(panel.row_chosen) as chosen:
        click(panel.worst, 1)
    assert chosen.args == [second.row]
    assert panel.worst.model().index(1, 0).data() == second.words[0]


def test_enter_chooses_and_time_s_keys_are_left_to_time(panel: ResultsPanel, iris: Frame, qtbot: QtBot) -> None:
    panel.show_frame(iris)
    panel.show_page(WORST)
    assert panel.results is not None
    panel.worst.setCurrentIndex(panel.worst.model().index(2, 0))
    with qtbot.waitSignal(panel.row_chosen) as chosen:
        QTest.keyClick(panel.worst, Qt.Key.Key_Return)
    assert chosen.args == [panel.results.worst()[2].row]
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(panel.worst, event)
        assert not event.isAccepted()


def test_all_predictions_are_a_line_a_row_with_the_answer_before_the_inputs(panel: ResultsPanel, iris: Frame) -> None:
    panel.show_frame(iris)
    panel.show_page(ALL)
    table = panel.all.table
    assert table.lines.rowCount() == 150 and panel.all.shown.text() == "150 rows"
    header = table.horizontalHeader()
    seen = [table.lines.headings[header.logicalIndex(place)].name for place in range(6)]
    assert seen == ["row", "target", "prediction", "own loss", "right", "probability"]
    names = [heading.name for heading in table.lines.headings]
    assert names[2] == "sepal length (cm)"
    assert table.lines.index(0, column(panel, "target")).data() == "setosa"


def test_a_click_on_own_loss_brings_the_worst_first_and_another_the_best(panel: ResultsPanel, iris: Frame, qtbot: QtBot) -> None:
    panel.show_frame(iris)
    panel.show_page(ALL)
    assert panel.results is not None
    click_head(panel, "own loss")
    worst = panel.results.worst()[0].row
    assert panel.all.table.lines.data_row(0) == worst
    assert panel.all.table.lines.headerData(column(panel, "own loss"), Qt.Orientation.Horizontal) == "own loss ▾"
    with qtbot.waitSignal(panel.row_chosen) as chosen:
        click(panel.all.table, 0, column(panel, "target"))
    assert chosen.args == [worst]
    click_head(panel, "own loss")
    assert panel.all.table.lines.data_row(149) == worst
    click_head(panel, "row")
    assert panel.all.table.lines.data_row(0) == 0


def test_a_click_on_another_head_changes_no_order(panel: ResultsPanel, iris: Frame) -> None:
    panel.show_frame(iris)
    panel.show_page(ALL)
    click_head(panel, "target")
    assert [panel.all.table.lines.data_row(place) for place in (0, 1, 149)] == [0, 1, 149]


def test_only_wrong_rows_are_left_and_counted(panel: ResultsPanel, iris: Frame) -> None:
    panel.show_frame(iris)
    panel.show_page(ALL)
    assert panel.results is not None and panel.results.predictions.wrong is not None
    wrong = int(panel.results.predictions.wrong.sum())
    panel.all.only_wrong.click()
    assert panel.all.table.lines.rowCount() == wrong > 0
    assert panel.all.shown.text() == f"{wrong} of 150 rows"
    right = column(panel, "right")
    assert {panel.all.table.lines.index(place, right).data() for place in range(wrong)} == {"wrong"}
    assert panel.all.table.lines.index(0, right).data(Qt.ItemDataRole.ForegroundRole) == QColor(THEMES["light"].neg_ink)
    panel.all.only_wrong.click()
    assert panel.all.table.lines.rowCount() == 150


def test_a_hundred_thousand_rows_are_worked_out_only_where_they_are_seen(panel: ResultsPanel) -> None:
    data = Data(source="plane", samples=100_000, noise=0)
    simulation = Simulation(Experiment(data=data, layers=(Layer(width=1, activation="identity"),), learning=Learning(),
                                       batch_size=10_000))
    panel.show_frame(simulation.look(Wants(predictions=True)))
    panel.show_page(ALL)
    panel.grab()
    assert panel.all.table.lines.rowCount() == 100_000
    assert 0 < len(panel.all.table.lines._cells) < 400
    last = panel.all.table.lines.index(99_999, 0)
    panel.all.table.scrollTo(last)
    assert last.data() == "100,000"


def test_the_models_keep_qt_s_rules(panel: ResultsPanel, iris: Frame, plane: Frame, qtbot: QtBot) -> None:
    testers = [QAbstractItemModelTester(table.model(), QAbstractItemModelTester.FailureReportingMode.Fatal, panel)
               for table in (panel.all.table, panel.worst, panel.classes)]
    for frame in (iris, plane, iris):
        panel.show_frame(frame)
        for page in (ALL, WORST):
            panel.show_page(page)
        panel.all.only_wrong.toggle()
    assert all(tester.model().rowCount(QModelIndex()) for tester in testers)


def test_a_frame_without_predictions_leaves_nothing_of_an_older_one(panel: ResultsPanel, iris: Frame) -> None:
    panel.show_frame(iris)
    panel.show_page(ALL)
    panel.show_frame(replace(iris, train_outputs=None, test_outputs=None))
    assert panel.results is None
    assert panel.sentence.text() == "" and panel.all.table.lines.rowCount() == 0 and not panel.export.isEnabled()


def test_while_time_runs_single_rows_of_many_are_not_shown(panel: ResultsPanel, iris: Frame,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results_panel, "MOST_LIVE", 100)
    panel.show_frame(iris)
    panel.show_page(ALL)
    panel.show_frame(iris, playing=True)
    assert panel.all.table.lines.rowCount() == 0 and "stands still" in panel.all.shown.text()
    assert panel.sentence.text()
    panel.show_frame(iris, playing=False)
    assert panel.all.table.lines.rowCount() == 150


def test_export_and_new_rows_are_asked_for(panel: ResultsPanel, iris: Frame, qtbot: QtBot) -> None:
    assert not panel.export.isEnabled()
    panel.show_frame(iris)
    with qtbot.waitSignal(panel.export_requested):
        panel.export.click()
    with qtbot.waitSignal(panel.predict_requested):
        panel.predict.click()


def test_a_residual_that_is_clicked_is_chosen_and_0_is_in_the_middle(panel: ResultsPanel, plane: Frame, qtbot: QtBot) -> None:
    panel.show_frame(plane)
    plot = panel.residuals
    assert plot.extent[2] == -plot.extent[3]
    assert panel.results is not None
    residuals = panel.results.residuals()
    assert residuals is not None
    at = int(np.abs(residuals.errors).argmax())
    place = plot.point(float(residuals.predictions[at]), float(residuals.errors[at])).toPoint()
    with qtbot.waitSignal(panel.row_chosen) as chosen:
        QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [int(residuals.rows[at])]
    assert f"row {int(residuals.rows[at]) + 1}" in plot.row_words(int(residuals.rows[at]))


def test_it_is_painted_in_every_theme_and_narrow(panel: ResultsPanel, iris: Frame, plane: Frame) -> None:
    for theme in THEMES.values():
        panel.set_theme(theme)
        for frame, pages in ((iris, (CLASSES, WORST, ALL)), (plane, (RESIDUALS, WORST, ALL))):
            panel.show_frame(frame)
            for page in pages:
                panel.show_page(page)
                panel.resize(300, 420)
                assert not panel.grab().isNull()


def test_everything_has_room_in_the_narrow_column(panel: ResultsPanel, plane: Frame) -> None:
    panel.show_frame(plane)
    assert panel.minimumSizeHint().width() <= 300
