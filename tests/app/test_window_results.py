"""Results in the window: figures while they are seen, a row to the probe, the table as a file, and rows that nobody has seen."""

import csv
import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from journeys import Journey, journey
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QFileDialog, QMainWindow, QTabBar
from pytestqt.qtbot import QtBot

from nnsim.app.display import RESULTS_SECONDS
from nnsim.core.forward import predict
from nnsim.files import predictions
from nnsim.picture import numbers
from nnsim.picture.results import Results, results
from nnsim.widgets.new_rows_dialog import NewRowsDialog
from nnsim.widgets.results_panel import ALL, CLASSES, WORST, ResultsPanel

pytestmark = pytest.mark.qt_log_ignore("does not support (propagateSizeHints|raise)", extend=True)
Side = Qt.DockWidgetArea
NAMES = "petal width (cm),sepal length (cm),note,sepal width (cm),petal length (cm)\n"


@pytest.fixture
def iris(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "iris") as made:
        made.show()
        made.run_to(120)
        yield made


@pytest.fixture
def digits(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "digits") as made:
        made.show()
        yield made


def dock(made: Journey, name: str) -> QDockWidget:
    return made.window.docks.docks[name]


def panel(made: Journey) -> ResultsPanel:
    """The panel, brought into sight and filled."""
    shown = made.window.display.results
    dock(made, "results").raise_()
    made.until(lambda: shown.results is not None and shown.results.predictions.frame is made.frame)
    return shown


def dialog(made: Journey) -> NewRowsDialog:
    """The dialog of new rows, when it has nothing more to do."""
    made.until(lambda: made.window.results.dialog is not None and not made.window.results.dialog.is_busy)
    assert made.window.results.dialog is not None
    return made.window.results.dialog


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def file_of(folder: Path, text: str) -> str:
    path = folder / "new.csv"
    path.write_text(text, "utf-8")
    return str(path)


def status(made: Journey) -> str:
    return made.window.statusBar().currentMessage()


def tabs_beside(made: Journey, name: str) -> set[str]:
    return {each.objectName().removeprefix("dock-") for each in made.window.tabifiedDockWidgets(dock(made, name))}


def test_the_figures_are_those_of_the_frame_and_only_while_they_are_seen(iris: Journey) -> None:
    assert not iris.window.display.results.wants.predictions
    assert iris.window.display.results.results is None
    shown = panel(iris)
    assert iris.frame.test_outputs is not None and iris.frame.test is not None
    dataset = iris.frame.dataset
    right = iris.frame.test_outputs.argmax(1) == dataset.targets[dataset.test].argmax(1)
    assert shown.sentence.text().startswith(f"{right.sum()} of {len(right)} test rows are right: {numbers.percent(right.mean())}")
    iris.run_to(140)
    iris.until(lambda: shown.results is not None and shown.results.predictions.frame is iris.frame)
    dock(iris, "plots").raise_()
    iris.until(lambda: iris.frame.train_outputs is None)


def test_a_panel_that_comes_back_shows_the_present_even_if_another_had_the_predictions_all_along(digits: Journey) -> None:
    digits.until(lambda: digits.frame.train_outputs is not None)
    panel(digits)
    dock(digits, "output").raise_()
    digits.run_to(3)
    digits.until(lambda: digits.frame.train_outputs is not None)
    panel(digits)


def test_a_worst_row_that_is_clicked_is_the_probe(iris: Journey) -> None:
    shown = panel(iris)
    shown.show_page(WORST)
    assert shown.results is not None
    row = shown.results.worst()[1].row
    index = shown.worst.model().index(1, 0)
    QTest.mouseClick(shown.worst.viewport(), Qt.MouseButton.LeftButton, pos=shown.worst.visualRect(index).center())
    iris.until(lambda: iris.frame.probed is not None and iris.frame.probed.row == row)


def test_while_playing_results_are_summed_up_at_most_four_times_a_second(digits: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [perf_counter()]
    monkeypatch.setattr("nnsim.app.display.perf_counter", lambda: clock[0])
    shown = panel(digits)
    digits.play_fast(30)
    summed = shown.results
    known = len(digits.shown())
    digits.until(lambda: len(digits.shown()) > known + 5)
    assert shown.results is summed
    clock[0] += RESULTS_SECONDS
    digits.until(lambda: shown.results is not summed)
    digits.pause()
    digits.until(lambda: shown.results is not None and shown.results.predictions.frame is digits.frame)


def test_the_table_of_predictions_is_exported_and_reads_back(iris: Journey, tmp_path: Path) -> None:
    shown, out = panel(iris), tmp_path / "predictions.csv"
    iris.file_name = str(out.with_suffix(""))
    QTest.mouseClick(shown.export, Qt.MouseButton.LeftButton)
    iris.until(lambda: "written" in status(iris))
    assert status(iris) == f"150 rows written to {out}"
    found = results(iris.frame)
    assert found is not None
    head, *rows = read(out)
    assert head == list(found.predictions.names)
    for place in (0, 77, 149):
        assert rows[place] == [predictions.written(value) for value in found.predictions.values(place)]


def test_exporting_can_be_given_up(iris: Journey) -> None:
    shown = panel(iris)
    QTest.mouseClick(shown.export, Qt.MouseButton.LeftButton)
    assert iris.files_asked == 1 and "riting" not in status(iris)


@pytest.mark.parametrize(("error", "sentence"), [
    (PermissionError(13, "Permission denied"), '"p.csv" could not be written: Permission denied. Choose another folder.'),
    (OSError(28, "No space left on device"), '"p.csv" could not be written: No space left on device. Choose another folder.'),
], ids=["read-only", "full"])
def test_a_table_that_cannot_be_written_is_said(iris: Journey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError,
                                               sentence: str) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(predictions, "write_atomically", refuse)
    shown = panel(iris)
    iris.file_name = str(tmp_path / "p.csv")
    QTest.mouseClick(shown.export, Qt.MouseButton.LeftButton)
    iris.until(lambda: iris.said == sentence)
    assert not (tmp_path / "p.csv").exists()


def test_a_folder_that_is_not_there_is_said(iris: Journey, tmp_path: Path) -> None:
    shown = panel(iris)
    iris.file_name = str(tmp_path / "nowhere" / "p.csv")
    QTest.mouseClick(shown.export, Qt.MouseButton.LeftButton)
    iris.until(lambda: iris.said == '"p.csv" could not be written: No such file or directory. Choose another folder.')


def test_a_long_table_tells_how_far_it_is_and_is_whole_when_the_window_closes(iris: Journey, tmp_path: Path,
                                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsim.app.exporting.LONG_ROWS", 100)
    shown, out = panel(iris), tmp_path / "p.csv"
    said: list[str] = []
    iris.window.statusBar().messageChanged.connect(said.append)
    iris.file_name = str(out)
    QTest.mouseClick(shown.export, Qt.MouseButton.LeftButton)
    iris.until(lambda: any(each.startswith("Writing p.csv: row ") for each in said))
    iris.until(lambda: " written to " in status(iris))
    out.unlink()
    QTest.mouseClick(shown.export, Qt.MouseButton.LeftButton)
    iris.close()
    assert len(read(out)) == 151


def test_new_rows_are_predicted_and_saved(iris: Journey, tmp_path: Path) -> None:
    shown, out = panel(iris), tmp_path / "answers.csv"
    iris.file_name = file_of(tmp_path, NAMES + "0.2,5.1,a,3.5,1.4\n2.1,6.9,b,3.1,5.4\n,5.9,c,3.0,5.1\n")
    QTest.mouseClick(shown.predict, Qt.MouseButton.LeftButton)
    made = dialog(iris)
    assert (made.name.text(), made.summary.text()) == ("new.csv", "2 rows predicted, 1 left out, since something is missing there")
    assert made.notes.text() == ("Column 'note' is no input and not used.\n"
                                 "Left out, since something is missing there: row 3.")
    dataset, frame = iris.frame.dataset, iris.frame
    outputs = predict(frame.network, frame.theta, dataset.scaled(np.array([[5.1, 3.5, 1.4, 0.2], [6.9, 3.1, 5.4, 2.1]])))
    said = [dataset.target_names[place] for place in outputs.argmax(1)]
    lines = made.lines
    assert [lines.index(row, 6).data() for row in range(3)] == [*said, "left out"]
    assert made.table.horizontalHeader().visualIndex(6) == 1
    iris.file_name = str(out)
    QTest.mouseClick(made.save_button, Qt.MouseButton.LeftButton)
    iris.until(lambda: made.summary.text() == f"3 rows written to {out}")
    head, first, _, third = read(out)
    assert head == [*NAMES.strip().split(","), "prediction", "P(setosa)", "P(versicolor)", "P(virginica)"]
    assert first[5] == said[0] and [float(cell) for cell in first[6:]] == pytest.approx(outputs[0], rel=1e-12)
    assert third[5:] == ["", "", "", ""]
    made.close_button.click()
    assert iris.window.results.dialog is None


@pytest.mark.parametrize(("text", "sentence"), [
    ("sepal length (cm),sepal width (cm),petal length (cm)\n5.1,3.5,1.4\n",
     "Column 'petal width (cm)' is missing, and the table has 3 columns, not 4, so that they cannot be taken in their order "
     "either."),
    (NAMES + "0.2,5.1,a,3.5,1.4\n2.1,many,b,3.1,5.4\n",
     "Data row 2, column 'sepal length (cm)': 'many' is no number, and the network was trained with numbers there."),
], ids=["missing-column", "word"])
def test_rows_that_do_not_fit_are_said_with_row_and_column(iris: Journey, tmp_path: Path, text: str, sentence: str) -> None:
    shown = panel(iris)
    iris.file_name = file_of(tmp_path, text)
    QTest.mouseClick(shown.predict, Qt.MouseButton.LeftButton)
    made = dialog(iris)
    assert made.message.text() == sentence and not made.message.isHidden()
    assert not made.save_button.isEnabled() and made.lines.rowCount() == 0
    # another file, from where it stands
    iris.file_name = file_of(tmp_path, NAMES + "0.2,5.1,a,3.5,1.4\n")
    QTest.mouseClick(made.file_button, Qt.MouseButton.LeftButton)
    iris.until(lambda: made.lines.rowCount() == 1)
    assert made.message.isHidden() and made.save_button.isEnabled()


def test_new_rows_that_cannot_be_saved_are_said_in_their_dialog(iris: Journey, tmp_path: Path) -> None:
    shown = panel(iris)
    iris.file_name = file_of(tmp_path, NAMES + "0.2,5.1,a,3.5,1.4\n")
    QTest.mouseClick(shown.predict, Qt.MouseButton.LeftButton)
    made = dialog(iris)
    iris.file_name = str(tmp_path / "nowhere" / "p.csv")
    QTest.mouseClick(made.save_button, Qt.MouseButton.LeftButton)
    iris.until(lambda: made.message.text() == '"p.csv" could not be written: No such file or directory. Choose another folder.')
    assert made.lines.rowCount() == 1


def test_asking_for_new_rows_can_be_given_up(iris: Journey) -> None:
    QTest.mouseClick(panel(iris).predict, Qt.MouseButton.LeftButton)
    assert iris.files_asked == 1 and iris.window.results.dialog is None


def test_pictures_are_predicted_by_file_and_by_folder(digits: Journey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, shade in (("a.png", 0), ("b.png", 255)):
        Image.new("L", (16, 16), shade).save(folder / name)
    (folder / "c.png").write_text("no picture", "utf-8")
    QTest.mouseClick(panel(digits).predict, Qt.MouseButton.LeftButton)
    made = dialog(digits)
    assert digits.files_asked == 0 and "8 × 8" in made.notes.text()
    digits.file_name = str(folder / "a.png")
    QTest.mouseClick(made.file_button, Qt.MouseButton.LeftButton)
    digits.until(lambda: made.lines.rowCount() == 1)
    assert made.notes.text() == "The network has not been trained yet, so its predictions mean nothing."
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    QTest.mouseClick(made.folder_button, Qt.MouseButton.LeftButton)
    digits.until(lambda: made.lines.rowCount() == 3)
    assert made.summary.text() == "2 rows predicted, 1 left out, since it cannot be read"
    assert "c.png" in made.notes.text()
    digits.file_name = str(folder / "c.png")
    QTest.mouseClick(made.file_button, Qt.MouseButton.LeftButton)
    digits.until(lambda: not made.message.isHidden())
    assert "c.png" in made.message.text()


def test_words_are_typed_in_the_probe_panel(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with journey(qtbot, tmp_path, monkeypatch, "next-word") as words:
        words.show()
        shown = panel(words)
        QTest.mouseClick(shown.predict, Qt.MouseButton.LeftButton)
        assert "Probe panel" in status(words) and words.files_asked == 0
        words.until(lambda: not dock(words, "probe").visibleRegion().isEmpty())


def test_the_window_that_closes_while_rows_are_read_leaves_no_thread(iris: Journey, tmp_path: Path) -> None:
    rows = "".join(f"{place % 3},{place % 7},a,{place % 4},{place % 6}\n" for place in range(20_000))
    iris.file_name = file_of(tmp_path, NAMES + rows)
    QTest.mouseClick(panel(iris).predict, Qt.MouseButton.LeftButton)
    assert iris.window.results.dialog is not None and iris.window.results.dialog.is_busy
    iris.close()


def test_a_layout_from_before_the_results_puts_them_beside_the_plots(
        qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = QMainWindow()
    docks = {name: QDockWidget(name, before) for name in ("experiment", "time", "loss", "output", "inspector", "probe", "plots")}
    for name, each in docks.items():
        each.setObjectName(f"dock-{name}")
        before.addDockWidget({"experiment": Side.LeftDockWidgetArea, "time": Side.BottomDockWidgetArea}.get(
            name, Side.RightDockWidgetArea), each)
    for name in ("inspector", "probe", "plots"):
        before.tabifyDockWidget(docks["output"], docks[name])
    docks["plots"].hide()
    with journey(qtbot, tmp_path, monkeypatch) as first:
        # what it remembers as it closes is how the older window stood
        monkeypatch.setattr(first.window, "saveState", before.saveState)
    with journey(qtbot, tmp_path, monkeypatch) as second:
        second.show()
        assert tabs_beside(second, "results") == {"output", "inspector", "probe"}
        assert not dock(second, "results").isHidden() and dock(second, "plots").isHidden()


def test_a_window_closes_with_panels_that_float(iris: Journey) -> None:
    for name in ("output", "inspector", "plots", "results"):
        dock(iris, name).setFloating(True)
    iris.run_to(125)
    iris.close()


def test_all_tabs_of_the_right_column_are_seen_in_a_wide_window(iris: Journey) -> None:
    titles = ["Output", "Inspector", "Probe", "Plots", "Results"]
    bars = iris.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    bar = next(each for each in bars if each.count() == len(titles))
    assert [bar.tabText(place) for place in range(bar.count())] == titles
    assert bar.tabRect(len(titles) - 1).right() <= bar.width()
    shown = panel(iris)
    for page in (CLASSES, WORST, ALL):
        shown.show_page(page)
        assert shown.page == page


def test_playing_goes_on_behind_every_page(digits: Journey) -> None:
    shown = panel(digits)
    digits.choose_speed(math.inf)
    digits.act("train-play")
    for page in (CLASSES, WORST, ALL):
        shown.show_page(page)
        before = shown.results
        digits.until(partial(_is_fresh, shown, before))
        assert digits.is_playing()


def _is_fresh(shown: ResultsPanel, before: Results | None) -> bool:
    return shown.results is not before
