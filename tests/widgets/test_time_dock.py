"""The time dock: a click on the batch or on the history says which moment is meant, and what is painted follows the frame."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QHelpEvent, QImage, QKeySequence, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QMenu, QToolButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.engine.simulation import Simulation
from nnsim.picture.palette import THEMES
from nnsim.widgets.time_dock import TimeDock


@pytest.fixture
def simulation() -> Simulation:
    made = Simulation(example("ring").experiment)
    made.run(epochs=4)
    made.seek(Moment(made.batches, 0))
    made.step("neuron", 4)
    return made


@pytest.fixture
def empty(qtbot: QtBot) -> Iterator[TimeDock]:
    """A dock that has been shown nothing yet."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1440, 140)
    made = TimeDock(host)
    made.resize(1440, 126)
    host.show()
    qtbot.waitExposed(host)
    yield made


@pytest.fixture
def dock(empty: TimeDock, simulation: Simulation) -> TimeDock:
    """A dock after the fourth neuron of the second epoch, four epochs being known."""
    empty.show_frame(simulation.frame, Grain.NEURON)
    return empty


@pytest.fixture
def halfway(dock: TimeDock, simulation: Simulation) -> TimeDock:
    """The dock in the middle of all that is known."""
    show_at(dock, simulation, Moment(50, 0))
    return dock


def show_at(dock: TimeDock, simulation: Simulation, moment: Moment) -> QImage:
    """Go to a moment, and picture the history there."""
    simulation.seek(moment)
    dock.show_frame(simulation.frame, Grain.BATCH)
    return picture(dock.slider)


def place(dock: TimeDock, share: float) -> QPoint:
    """A point on the band of the history."""
    band = dock.slider.band()
    return QPoint(int(band.left() + share * band.width()), int(band.center().y()))


def is_ribbon(dock: TimeDock) -> bool:
    return dock.batch_row.ribbon


def test_a_click_on_a_cell_of_the_batch_chooses_its_end(qtbot: QtBot, dock: TimeDock, simulation: Simulation) -> None:
    strip = dock.batch_row.strip
    assert strip is not None
    for cell in strip.cells:
        middle = QPoint(round(cell.left + cell.width / 2 + dock.batch_row.inset()), dock.batch_row.height() // 2)
        with qtbot.waitSignal(dock.moment_chosen) as caught:
            QTest.mouseClick(dock.batch_row, Qt.MouseButton.LeftButton, pos=middle)
        assert caught.args == [Moment(simulation.moment.batch, cell.last)]


def test_a_click_on_the_history_chooses_the_batch_there(qtbot: QtBot, dock: TimeDock, simulation: Simulation) -> None:
    total = 4 * simulation.batches
    for share, batch in ((0.0, 0), (0.5, total // 2), (1.0, total)):
        with qtbot.waitSignal(dock.moment_chosen) as caught:
            QTest.mouseClick(dock.slider, Qt.MouseButton.LeftButton, pos=place(dock, share))
        assert caught.args == [Moment(batch, 0)]
        simulation.seek(caught.args[0])
        assert simulation.batches_finished == batch


def test_dragging_tells_every_moment_once(qtbot: QtBot, dock: TimeDock) -> None:
    told: list[Moment] = []
    dock.moment_chosen.connect(told.append)
    QTest.mousePress(dock.slider, Qt.MouseButton.LeftButton, pos=place(dock, 0.2))
    for step in range(21):
        QTest.mouseMove(dock.slider, place(dock, 0.2 + 0.01 * step))
    QTest.mouseMove(dock.slider, place(dock, 3.0))
    QTest.mouseRelease(dock.slider, Qt.MouseButton.LeftButton, pos=place(dock, 3.0))
    assert told[0].batch == 20
    assert told[-1].batch == 100
    assert len(told) == len(set(told)) > 15
    assert told == sorted(told)


def test_keys_leaf_through_the_history(qtbot: QtBot, halfway: TimeDock) -> None:
    for key, batch in ((Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 100), (Qt.Key.Key_PageUp, 25), (Qt.Key.Key_PageDown, 75)):
        with qtbot.waitSignal(halfway.moment_chosen) as caught:
            QTest.keyClick(halfway.slider, key)
        assert caught.args == [Moment(batch, 0) if batch else START]


def test_the_history_keeps_its_keys_where_they_are_a_shortcut(qtbot: QtBot, dock: TimeDock) -> None:
    window = dock.window()
    rewind = QAction("rewind", window)
    rewind.setShortcut(QKeySequence(Qt.Key.Key_Home))
    window.addAction(rewind)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    rewound = QSignalSpy(rewind.triggered)
    dock.slider.setFocus()
    with qtbot.waitSignal(dock.moment_chosen) as caught:
        QTest.keyClick(dock.slider, Qt.Key.Key_Home)
    assert caught.args == [START]
    assert rewound.count() == 0


def test_arrow_keys_and_the_wheel_are_left_to_the_window(qtbot: QtBot, dock: TimeDock) -> None:
    wheel = QWheelEvent(QPointF(50, 30), QPointF(50, 30), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    before = dock.slider.value()
    with qtbot.assertNotEmitted(dock.moment_chosen):
        QTest.keyClick(dock.slider, Qt.Key.Key_Right)
        QApplication.sendEvent(dock.slider, wheel)
    assert not wheel.isAccepted()
    assert dock.slider.value() == before


def test_a_flag_leads_to_its_very_moment(qtbot: QtBot, dock: TimeDock) -> None:
    flagged = Moment(60, 17)
    dock.show_bookmarks(((flagged, "ring closes"), (Moment(90, 3), "lunch")))
    with qtbot.waitSignal(dock.moment_chosen) as caught:
        QTest.mouseClick(dock.slider, Qt.MouseButton.LeftButton, pos=QPoint(place(dock, 0.6).x() + 4, 4))
    assert caught.args == [flagged]


def open_flag_menu(dock: TimeDock, point: QPoint, reason: QContextMenuEvent.Reason = QContextMenuEvent.Reason.Mouse) -> QMenu:
    QApplication.sendEvent(dock.slider, QContextMenuEvent(reason, point, dock.slider.mapToGlobal(point)))
    menu = dock.findChild(QMenu, "flag-menu")
    assert isinstance(menu, QMenu)
    return menu


# the offscreen platform says so whenever a menu opens
opens_a_menu = pytest.mark.qt_log_ignore("does not support", extend=True)


@opens_a_menu
@pytest.mark.parametrize("title, signal", [("Rename…", "renaming_requested"), ("Remove", "removal_requested")])
def test_a_flags_menu_asks_for_another_name_or_its_removal(qtbot: QtBot, dock: TimeDock, title: str, signal: str) -> None:
    flagged = Moment(60, 17)
    dock.show_bookmarks(((flagged, "ring closes"), (Moment(90, 3), "lunch")))
    menu = open_flag_menu(dock, QPoint(place(dock, 0.6).x() + 4, 4))
    assert menu.isVisible()
    [action] = [action for action in menu.actions() if action.text() == title]
    with qtbot.waitSignal(getattr(dock, signal)) as caught:
        action.trigger()
    assert caught.args == [flagged]
    menu.close()


def test_away_from_flags_there_is_no_menu_of_theirs(dock: TimeDock) -> None:
    dock.show_bookmarks(((Moment(60, 17), "ring closes"),))
    assert not open_flag_menu(dock, QPoint(place(dock, 0.3).x(), 4)).isVisible()
    assert not open_flag_menu(dock, place(dock, 0.6)).isVisible()


@opens_a_menu
def test_by_key_the_menu_is_that_of_the_flag_where_the_cursor_stands(
        qtbot: QtBot, dock: TimeDock, simulation: Simulation) -> None:
    by_key = QContextMenuEvent.Reason.Keyboard
    dock.show_bookmarks(((simulation.moment, "here"), (Moment(60, 17), "there")))
    menu = open_flag_menu(dock, QPoint(), by_key)
    assert menu.isVisible()
    with qtbot.waitSignal(dock.removal_requested) as caught:
        menu.actions()[1].trigger()
    assert caught.args == [simulation.moment]
    menu.close()


def test_the_flag_button_asks_for_a_bookmark(qtbot: QtBot, dock: TimeDock) -> None:
    button = dock.findChild(QToolButton, "bookmark")
    assert isinstance(button, QToolButton)
    with qtbot.waitSignal(dock.bookmark_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_slider_reads_as_one(dock: TimeDock, simulation: Simulation) -> None:
    assert dock.findChild(QWidget, "time-slider") is dock.slider
    assert (dock.slider.minimum(), dock.slider.maximum()) == (0, 100)
    assert dock.slider.value() == simulation.batches_finished == 25
    assert dock.slider.words_at(place(dock, 0.0).x()) == "start: the untouched network"
    assert dock.slider.words_at(place(dock, 1.0).x()) == "after epoch 4, batch 25 of 25"


def test_the_batch_is_a_ribbon_where_the_window_is_narrow(dock: TimeDock) -> None:
    assert not is_ribbon(dock)
    tall = dock.batch_row.height()
    dock.resize(900, 126)
    assert is_ribbon(dock)
    assert dock.batch_row.height() < tall / 2
    dock.resize(1440, 126)
    assert not is_ribbon(dock)


# the offscreen platform says so whenever a window with a least size is shown
@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_the_batch_is_a_ribbon_where_the_window_is_low(qtbot: QtBot, simulation: Simulation) -> None:
    window, holder, dock = QMainWindow(), QDockWidget(), TimeDock()
    holder.setWidget(dock)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, holder)
    window.setCentralWidget(QWidget())
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    assert not is_ribbon(dock)
    window.resize(1440, 700)
    qtbot.waitUntil(lambda: is_ribbon(dock))
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: not is_ribbon(dock))


def test_a_click_on_the_ribbon_chooses_a_moment_too(qtbot: QtBot, dock: TimeDock, simulation: Simulation) -> None:
    dock.resize(900, 126)
    QApplication.processEvents()
    last = QPoint(dock.batch_row.width() - 12, dock.batch_row.height() // 2)
    with qtbot.waitSignal(dock.moment_chosen) as caught:
        QTest.mouseClick(dock.batch_row, Qt.MouseButton.LeftButton, pos=last)
    assert caught.args == [Moment(simulation.moment.batch, simulation.frame.marks.count)]


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize("theme", THEMES)
def test_now_is_marked_in_the_colour_of_the_phase(dock: TimeDock, simulation: Simulation, theme: str) -> None:
    dock.set_theme(THEMES[theme])
    for phase in ("forward", "loss", "backward"):
        while simulation.frame.phase != phase:
            simulation.step("layer")
        dock.show_frame(simulation.frame, Grain.LAYER)
        frame = simulation.frame
        share = (frame.moment.batch + frame.moment.mark / frame.marks.count) / 100
        assert picture(dock.slider).pixelColor(place(dock, share)).name() == THEMES[theme].phase(phase)


def test_what_was_visited_but_lies_ahead_is_paler(halfway: TimeDock) -> None:
    image, row = picture(halfway.slider), int(halfway.slider.band().bottom()) - 2
    past, ahead = (image.pixelColor(place(halfway, share).x(), row) for share in (0.3, 0.8))
    assert past.lightness() < ahead.lightness() < 255


@pytest.mark.parametrize("at_flag", [True, False])
def test_a_flag_and_its_name_are_not_painted_over_by_now(dock: TimeDock, simulation: Simulation, at_flag: bool) -> None:
    frames = [show_at(dock, simulation, moment) for moment in (START, Moment(50, 0))]
    # the row of the flags, over the start's own
    band = dock.slider.band()
    row = QRect(0, 0, 60, int(band.top()) - 1) if at_flag else QRect(place(dock, 0.5).x() - 9, 0, 18, int(band.top()) - 1)
    assert (frames[0].copy(row) == frames[1].copy(row)) == at_flag


def test_the_name_of_a_flag_at_the_right_end_stands_left_of_it(halfway: TimeDock) -> None:
    band, named = halfway.slider.band(), []
    for name in ("before lunch", "after the talk"):
        halfway.show_bookmarks(((Moment(100, 0), name),))
        named.append(picture(halfway.slider).copy(QRect(int(band.right()) - 60, 0, 56, int(band.top()) - 1)))
    assert named[0] != named[1]


def test_pointing_at_a_flag_tells_its_whole_name(halfway: TimeDock, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: said.append(text))
    halfway.show_bookmarks(((Moment(100, 0), "before lunch"),))
    at = QPoint(int(halfway.slider.band().right()) + 3, 5)
    QApplication.sendEvent(halfway.slider, QHelpEvent(QEvent.Type.ToolTip, at, halfway.slider.mapToGlobal(at)))
    assert said == ["before lunch"]


def test_a_dock_without_a_frame_paints_and_takes_clicks(qtbot: QtBot, empty: TimeDock) -> None:
    with qtbot.assertNotEmitted(empty.moment_chosen):
        QTest.mouseClick(empty.slider, Qt.MouseButton.LeftButton)
        QTest.mouseClick(empty.batch_row, Qt.MouseButton.LeftButton)
        QTest.keyClick(empty.slider, Qt.Key.Key_End)
    assert not picture(empty).isNull()
