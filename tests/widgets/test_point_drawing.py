"""Drawing with the mouse: tools, gestures, and what is announced when a gesture ends."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.experiment import Data, Drawn, Experiment
from nnsim.engine.proposal import fit_to_data
from nnsim.engine.simulation import Simulation
from nnsim.widgets.output_view import OutputView

NO_KEYS = Qt.KeyboardModifier.NoModifier
POINTS = ((-1.0, -1.0, 0), (1.0, 1.0, 1), (1.0, -1.0, 0), (-1.0, 1.0, 1))


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[OutputView]:
    window = QWidget()
    qtbot.addWidget(window)
    made = OutputView(window)
    made.resize(420, 420)
    window.resize(made.size())
    show(made, Data(source="drawn", drawn=Drawn(points=POINTS), test_share=0))
    with qtbot.waitExposed(window):
        window.show()
    yield made


def show(view: OutputView, data: Data) -> None:
    view.show_frame(Simulation(fit_to_data(Experiment(), data)).frame, playing=False)


def at(view: OutputView, x: float, y: float) -> QPoint:
    return view.plane.point(x, y).toPoint()


def choose(button: QToolButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_click_adds_a_point_of_the_chosen_class(view: OutputView, qtbot: QtBot) -> None:
    choose(view.tools.classes[1])
    with qtbot.waitSignal(view.points_drawn) as caught:
        QTest.mouseClick(view.drawing, Qt.MouseButton.LeftButton, NO_KEYS, at(view, 0.5, 0.25))
    drawn, before = caught.args
    assert before == 4 and drawn.points[:4] == POINTS
    x, y, number = drawn.points[4]
    assert (x, y) == pytest.approx((0.5, 0.25), abs=0.05) and number == 1


def test_dragging_moves_the_point_that_was_grabbed_and_nothing_else(view: OutputView, qtbot: QtBot) -> None:
    choose(view.tools.move_tool)
    with qtbot.waitSignal(view.points_drawn) as caught:
        QTest.mousePress(view.drawing, Qt.MouseButton.LeftButton, NO_KEYS, at(view, 1.0, 1.0))
        QTest.mouseMove(view.drawing, at(view, 0.4, 0.3))
        QTest.mouseMove(view.drawing, at(view, 0.0, 0.0))
        QTest.mouseRelease(view.drawing, Qt.MouseButton.LeftButton, NO_KEYS, at(view, 0.0, 0.0))
    drawn, before = caught.args
    assert (len(drawn.points), before) == (4, 4)
    assert drawn.points[1][:2] == pytest.approx((0.0, 0.0), abs=0.05)
    assert (drawn.points[0], *drawn.points[2:]) == (POINTS[0], *POINTS[2:])


def test_the_eraser_takes_points_on_its_way_in_one_gesture(view: OutputView, qtbot: QtBot) -> None:
    choose(view.tools.erase)
    with qtbot.waitSignal(view.points_drawn) as caught:
        QTest.mousePress(view.drawing, Qt.MouseButton.LeftButton, NO_KEYS, at(view, 1.0, 1.0))
        QTest.mouseMove(view.drawing, at(view, 1.0, -1.0))
        QTest.mouseRelease(view.drawing, Qt.MouseButton.LeftButton, NO_KEYS, at(view, 1.0, -1.0))
    assert caught.args[0].points == (POINTS[0], POINTS[3])


def test_the_spray_leaves_many_points(view: OutputView, qtbot: QtBot) -> None:
    choose(view.tools.spray)
    with qtbot.waitSignal(view.points_drawn) as caught:
        QTest.mouseClick(view.drawing, Qt.MouseButton.LeftButton, NO_KEYS, at(view, 0.0, 0.0))
    assert len(caught.args[0].points) > 6


def test_the_last_point_cannot_be_erased(view: OutputView, qtbot: QtBot) -> None:
    show(view, Data(source="drawn", drawn=Drawn(points=POINTS[:1]), test_share=0))
    choose(view.tools.erase)
    with qtbot.assertNotEmitted(view.points_drawn), qtbot.waitSignal(view.drawing_refused) as caught:
        QTest.mouseClick(view.drawing, Qt.MouseButton.LeftButton, NO_KEYS, at(view, -1.0, -1.0))
    assert "last point stays" in caught.args[0]


def test_without_a_tool_a_click_chooses_a_row(view: OutputView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.points_drawn), qtbot.waitSignal(view.row_chosen) as caught:
        QTest.mouseClick(view.plane, Qt.MouseButton.LeftButton, NO_KEYS, at(view, 1.0, 1.0))
    assert caught.args == [1]
    assert view.drawing.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_tools_are_offered_only_where_data_can_be_drawn(view: OutputView) -> None:
    assert view.tools.isVisible()
    show(view, Data(source="plane"))
    assert not view.tools.isVisible() and view.tools.look.isChecked()


def test_a_generated_ring_is_taken_along_into_the_first_gesture(view: OutputView, qtbot: QtBot) -> None:
    show(view, Data(source="ring", samples=20))
    choose(view.tools.classes[0])
    with qtbot.waitSignal(view.points_drawn) as caught:
        QTest.mouseClick(view.drawing, Qt.MouseButton.LeftButton, NO_KEYS, at(view, 0.0, 0.0))
    assert caught.args[1] == 20 and len(caught.args[0].points) == 21
