"""The transport bar: what it says when it is used, what it shows of a frame, and how it folds."""

import math
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.marks import Grain
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.palette import THEMES
from nnsim.picture.time_picture import RunUntil
from nnsim.widgets.icons import icon
from nnsim.widgets.readout import Readout
from nnsim.widgets.run_until_menu import RunUntilMenu
from nnsim.widgets.speed import SPEEDS, SpeedChooser, nearest_speed
from nnsim.widgets.transport_bar import FILE_ACTIONS, TIME_ACTIONS, TransportBar


@pytest.fixture
def actions() -> dict[str, QAction]:
    made = {}
    for name in (*FILE_ACTIONS, *TIME_ACTIONS):
        made[name] = QAction(name)
        made[name].setObjectName(name)
    made["train-play"].setText("&Play")
    made["train-play"].setIcon(icon("play", "#123456"))
    return made


@pytest.fixture
def bar(qtbot: QtBot, actions: dict[str, QAction]) -> Iterator[TransportBar]:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1600, 60)
    made = TransportBar(actions, host)
    made.resize(1600, 48)
    host.show()
    qtbot.waitExposed(host)
    yield made


def button(bar: QWidget, name: str) -> QToolButton:
    found = bar.findChild(QToolButton, name)
    assert isinstance(found, QToolButton)
    return found


def segment(bar: TransportBar, grain: Grain) -> QPushButton:
    found = bar.findChild(QPushButton, f"grain-{grain.name.lower()}")
    assert isinstance(found, QPushButton)
    return found


def readings(bar: QWidget) -> str:
    return " | ".join(child.accessibleName() for child in bar.findChildren(QWidget) if type(child).__name__ == "Readout")


def test_its_buttons_are_the_windows_actions(qtbot: QtBot, bar: TransportBar, actions: dict[str, QAction]) -> None:
    for name in (*FILE_ACTIONS, *TIME_ACTIONS):
        with qtbot.waitSignal(actions[name].triggered):
            QTest.mouseClick(button(bar, f"button-{name}"), Qt.MouseButton.LeftButton)


def test_play_follows_its_action_in_word_and_picture(bar: TransportBar, actions: dict[str, QAction]) -> None:
    play = button(bar, "button-train-play")
    assert play.text() == "Play"
    before = play.icon().pixmap(20, 20).toImage()
    actions["train-play"].setText("Pause")
    actions["train-play"].setIcon(icon("pause", "#123456"))
    assert play.text() == "Pause"
    after = play.icon().pixmap(20, 20).toImage()
    assert after != before
    pixels = [after.pixelColor(x, y) for x in range(after.width()) for y in range(after.height())]
    colours = {pixel.name() for pixel in pixels if pixel.alpha() == 255}
    assert colours == {THEMES["light"].on_selected}


def test_clicking_a_segment_chooses_its_grain(qtbot: QtBot, bar: TransportBar) -> None:
    with qtbot.waitSignal(bar.grain_chosen) as caught:
        QTest.mouseClick(segment(bar, Grain.NEURON), Qt.MouseButton.LeftButton)
    assert caught.args == [Grain.NEURON]


def test_arrow_keys_choose_a_grain_even_where_they_are_a_shortcut(qtbot: QtBot, bar: TransportBar) -> None:
    window = bar.window()
    step = QAction("step", window)
    step.setShortcut(QKeySequence(Qt.Key.Key_Right))
    window.addAction(step)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    stepped = QSignalSpy(step.triggered)
    bar.set_grain(Grain.LAYER)
    segment(bar, Grain.LAYER).setFocus()
    with qtbot.waitSignal(bar.grain_chosen) as caught:
        QTest.keyClick(segment(bar, Grain.LAYER), Qt.Key.Key_Right)
    assert caught.args == [Grain.PASS]
    assert stepped.count() == 0
    QTest.keyClick(button(bar, "button-step-next"), Qt.Key.Key_Right)
    assert stepped.count() == 1


def test_enter_presses_the_button_that_has_the_keyboard(qtbot: QtBot, bar: TransportBar, actions: dict[str, QAction]) -> None:
    bar.window().activateWindow()
    qtbot.waitUntil(bar.window().isActiveWindow)
    following = button(bar, "button-step-next")
    following.setFocus()
    with qtbot.waitSignal(actions["step-next"].triggered):
        QTest.keyClick(following, Qt.Key.Key_Return)


def test_the_control_that_has_the_keyboard_is_ringed(qtbot: QtBot, bar: TransportBar) -> None:
    bar.window().activateWindow()
    qtbot.waitUntil(bar.window().isActiveWindow)
    following = button(bar, "button-step-next")
    outside = following.geometry().center() + QPoint(0, following.height() // 2 + 3)
    following.setFocus()
    assert bar.grab().toImage().pixelColor(outside).name() == THEMES["light"].focus
    following.clearFocus()
    assert bar.grab().toImage().pixelColor(outside).name() == THEMES["light"].panel


def test_setting_a_grain_or_a_speed_says_nothing(qtbot: QtBot, bar: TransportBar) -> None:
    with qtbot.assertNotEmitted(bar.grain_chosen), qtbot.assertNotEmitted(bar.speed_chosen):
        bar.set_grain(Grain.EPOCH)
        bar.set_speed(math.inf)
    assert segment(bar, Grain.EPOCH).isChecked()


def test_the_segments_are_one_stop_of_the_tab_key(bar: TransportBar) -> None:
    bar.set_grain(Grain.SAMPLE)
    stops = [grain for grain in Grain if segment(bar, grain).focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [Grain.SAMPLE]


def test_the_slider_chooses_a_speed_and_says_it_in_words(qtbot: QtBot, bar: TransportBar) -> None:
    slider, chooser = bar.findChild(QSlider), bar.findChild(SpeedChooser)
    assert isinstance(slider, QSlider) and isinstance(chooser, SpeedChooser)
    said = []
    for place, speed in enumerate(SPEEDS):
        if slider.value() != place:
            with qtbot.waitSignal(bar.speed_chosen) as caught:
                slider.setValue(place)
            assert caught.args == [speed]
        said.append(chooser.words)
    assert said == ["0.5 steps/s", "1 step/s", "2 steps/s", "4 steps/s", "8 steps/s", "15 steps/s", "30 steps/s", "60 steps/s",
                    "fastest"]


def test_a_speed_that_is_not_on_the_slider_takes_the_nearest_place() -> None:
    assert SPEEDS[nearest_speed(5)] == 4
    assert SPEEDS[nearest_speed(7)] == 8
    assert SPEEDS[nearest_speed(1e9)] == 60
    with pytest.raises(ValueError, match="positive"):
        nearest_speed(0)


def test_readouts_show_the_frames_own_numbers(bar: TransportBar) -> None:
    simulation = Simulation(example("ring").experiment)
    simulation.run(epochs=3)
    frame = simulation.frame
    assert frame.test is not None
    bar.show_frame(frame)
    assert readings(bar) == (f"train loss {numbers.loss(frame.train.loss)} | test loss {numbers.loss(frame.test.loss)} | "
                             f"test accuracy {numbers.percent(frame.test.metric)}")


def test_regression_is_measured_by_r_squared(bar: TransportBar) -> None:
    frame = Simulation(example("plane").experiment).frame
    bar.show_frame(frame)
    score = frame.test or frame.train
    assert f"R² {numbers.fixed(score.metric, 3, signed=False)}" in readings(bar)
    menu = bar.findChild(RunUntilMenu)
    assert isinstance(menu, RunUntilMenu)
    assert any("R²" in action.text() for action in menu.actions())
    assert not any("accuracy" in action.text() for action in menu.actions())


def test_without_test_rows_the_training_rows_are_measured(bar: TransportBar) -> None:
    bar.show_frame(Simulation(example("xor").experiment).frame)
    assert "test loss –" in readings(bar)
    assert "train accuracy" in readings(bar)


@pytest.mark.parametrize(("name", "which"), [("ring", "test"), ("xor", "train")])
def test_a_loss_to_stop_at_says_whose_it_is(bar: TransportBar, name: str, which: str) -> None:
    frame = Simulation(example(name).experiment).frame
    assert (frame.test is not None) == (which == "test")
    bar.show_frame(frame)
    menu = bar.findChild(RunUntilMenu)
    assert isinstance(menu, RunUntilMenu)
    assert [action.text() for action in menu.actions() if "loss" in action.text()] == [
        f"{which} loss ≤ {value}" for value in ("0.1", "0.05", "0.02", "0.01")]


def test_choosing_when_to_stop_says_it_and_writes_it_on_the_button(qtbot: QtBot, bar: TransportBar) -> None:
    bar.show_frame(Simulation(example("ring").experiment).frame)
    menu = bar.findChild(RunUntilMenu)
    assert isinstance(menu, RunUntilMenu)
    assert button(bar, "run-until").text() == "Run until…"
    [action] = [action for action in menu.actions() if action.text() == "accuracy ≥ 98 %"]
    with qtbot.waitSignal(bar.run_until_chosen) as caught:
        action.trigger()
    assert caught.args == [RunUntil("metric", 0.98)]
    assert button(bar, "run-until").text() == "acc. ≥ 98 %"
    with qtbot.assertNotEmitted(bar.run_until_chosen):
        bar.set_run_until(RunUntil())
    assert button(bar, "run-until").text() == "Run until…"


def test_a_choice_that_does_not_fit_new_data_is_dropped_and_that_is_said(qtbot: QtBot, bar: TransportBar) -> None:
    bar.show_frame(Simulation(example("ring").experiment).frame)
    bar.set_run_until(RunUntil("metric", 0.98))
    assert bar.run_until_choices.count(RunUntil("metric", 0.98)) == 1
    with qtbot.waitSignal(bar.run_until_chosen) as caught:
        bar.show_frame(Simulation(example("plane").experiment).frame)
    assert caught.args == [RunUntil()]
    assert RunUntil("metric", 0.98) not in bar.run_until_choices
    assert button(bar, "run-until").text() == "Run until…"


def test_a_narrow_bar_folds_and_its_overflow_has_the_rest(qtbot: QtBot, bar: TransportBar) -> None:
    frame = Simulation(example("ring").experiment).frame
    bar.show_frame(frame)
    grains = bar.findChild(QComboBox)
    assert isinstance(grains, QComboBox)
    assert frame.test is not None
    assert not grains.isVisible() and not button(bar, "overflow").isVisible()
    bar.resize(bar.sizeHint().width() - 1, 48)
    assert grains.isVisible() and button(bar, "run-until").isVisible()
    bar.resize(bar.minimumSizeHint().width() + 90, 48)
    assert button(bar, "overflow").isVisible() and not button(bar, "run-until").isVisible()
    with qtbot.waitSignal(bar.grain_chosen) as caught:
        grains.activated.emit(Grain.TERM.value)
    assert caught.args == [Grain.TERM]
    menu = button(bar, "overflow").menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert f"test loss  {numbers.loss(frame.test.loss)}" in texts
    assert "Run until" in texts


def test_a_window_of_the_usual_width_has_the_segments(bar: TransportBar) -> None:
    bar.resize(1440, 48)
    assert segment(bar, Grain.TERM).isVisible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [1600, 1440, 1024, 640])
def test_nothing_is_cut_off_at_any_width(bar: TransportBar, theme: str, width: int) -> None:
    bar.set_theme(THEMES[theme])
    bar.resize(width, 48)
    layout = bar.layout()
    assert layout is not None
    layout.activate()
    shown = sorted((child for child in bar.children() if isinstance(child, QWidget) and child.isVisible()), key=QWidget.x)
    for left, right in pairwise(shown):
        assert left.geometry().right() < right.geometry().left()
        assert left.mapTo(bar, QPoint(0, 0)).y() >= 0
    assert shown[-1].geometry().right() < width


@pytest.mark.parametrize("number", ["0.0123", "7.77×10¹⁷⁵", "2.22×10⁻³⁰⁸"])
def test_a_readout_shows_the_whole_number_however_long_it_is_and_keeps_its_width(qtbot: QtBot, number: str) -> None:
    readout = Readout()
    qtbot.addWidget(readout)
    readout.dress(THEMES["light"], "#000000", ["train loss"])
    width = readout.minimumSizeHint().width()
    for text in (number, "0.5"):
        readout.show_number("train loss", text)
        readout.resize(readout.sizeHint())
        readout.ensurePolished()
        assert QFontMetrics(readout.value.font()).horizontalAdvance(text) <= readout.contentsRect().width()
        assert max(readout.minimumSizeHint().width(), readout.minimumWidth()) == max(width, readout.minimumWidth())
    assert readout.value.font().pixelSize() == 15
