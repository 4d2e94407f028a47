"""Drawing data in the window: a gesture is an edit like any other, and so is typing a function or a feature."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys import Journey, journey
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnsim.app import messages as m
from nnsim.files.session import Session
from nnsim.files.view import View

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made


def source(made: Journey) -> str:
    return made.frame.experiment.data.source


def click(made: Journey, x: float, y: float) -> None:
    drawing, plane = made.window.display.output.drawing, made.window.display.output.plane
    QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, plane.point(x, y).toPoint())


def test_points_are_added_to_the_rows_on_show_and_undo_takes_them_away(ring: Journey) -> None:
    ring.show()
    rows, tools = len(ring.frame.dataset.inputs), ring.window.display.output.tools
    QTest.mouseClick(tools.classes[1], Qt.MouseButton.LeftButton)
    click(ring, 0.5, -0.5)
    ring.until(lambda: source(ring) == "drawn")
    assert len(ring.frame.dataset.inputs) == rows + 1
    click(ring, 0.6, -0.5)
    ring.until(lambda: len(ring.frame.dataset.inputs) == rows + 2)
    ring.act("edit-undo")
    ring.until(lambda: len(ring.frame.dataset.inputs) == rows + 1)
    ring.act("edit-undo")
    ring.until(lambda: source(ring) == "ring")


def test_drawn_points_are_learned_and_come_back_with_their_file(ring: Journey, tmp_path: Path) -> None:
    ring.show()
    QTest.mouseClick(ring.window.display.output.tools.classes[0], Qt.MouseButton.LeftButton)
    click(ring, 2.0, 2.0)
    ring.until(lambda: source(ring) == "drawn")
    points = ring.frame.experiment.data.drawn
    ring.act("step-next-epoch")
    ring.until_finished(ring.frame.batches)
    ring.wait_report(m.Saved, lambda: ring.window.thread_handle.send(m.Save(tmp_path / "drawn.nnsim", View())))
    assert Session.open(tmp_path / "drawn.nnsim").experiment.data.drawn == points


def test_a_function_is_chosen_and_typed(ring: Journey) -> None:
    ring.window.display.form.source_chosen.emit("formula")
    ring.until(lambda: source(ring) == "formula")
    ring.window.display.form.fields["data.formula.text"].value_entered.emit("data.formula.text", "x1*x2")
    ring.until(lambda: ring.frame.dataset.input_names == ("x₁", "x₂"))
    assert ring.window.display.output.kind == "surface"


def test_a_function_that_is_none_is_said_under_its_field_and_the_old_one_stays(ring: Journey) -> None:
    ring.window.display.form.source_chosen.emit("formula")
    ring.until(lambda: source(ring) == "formula")
    field = ring.window.display.form.fields["data.formula.text"]
    field.value_entered.emit("data.formula.text", "import os")
    assert "is not a formula" in field.message.text()
    assert ring.frame.experiment.data.formula is not None and ring.frame.experiment.data.formula.text == "sin(x)"


def test_features_become_inputs_of_the_network_and_undo_takes_them_away(ring: Journey) -> None:
    sizes = ring.frame.network.sizes
    ring.window.display.form.fields["data.features"].value_entered.emit("data.features", "x1*x2, sin(x1)")
    ring.until(lambda: ring.frame.network.inputs == 4)
    assert ring.frame.dataset.fed_names[2:] == ("x1*x2", "sin(x1)")
    ring.act("edit-undo")
    ring.until(lambda: ring.frame.network.sizes == sizes)
