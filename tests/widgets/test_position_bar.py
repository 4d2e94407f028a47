"""The position bar: what it says of a frame, where its menus lead, and how it shortens itself."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSpinBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.simulation import Simulation
from nnsim.picture.palette import THEMES
from nnsim.widgets.jump_menu import JumpMenu
from nnsim.widgets.position_bar import PositionBar

# the offscreen platform says so whenever a menu pops up
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def simulation() -> Simulation:
    """At epoch 2, batch 3 of 25, sample 4 of 10, forward, layer 2, neuron 1."""
    made = Simulation(example("ring").experiment)
    made.run(epochs=3)
    made.seek(Moment(made.batches + 2, 0))
    made.seek(Moment(made.batches + 1, made.marks(0).count))
    made.step("sample", 3)
    made.step("neuron", 4)
    return made


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[PositionBar]:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1000, 60)
    made = PositionBar(host)
    made.resize(1000, 40)
    host.show()
    qtbot.waitExposed(host)
    yield made


def open_menu(qtbot: QtBot, bar: PositionBar, part: str) -> JumpMenu:
    crumb = bar.findChild(QToolButton, f"crumb-{part}")
    assert isinstance(crumb, QToolButton)
    QTest.mouseClick(crumb, Qt.MouseButton.LeftButton)
    menus = [menu for menu in bar.findChildren(JumpMenu) if menu.isVisible()]
    assert len(menus) == 1
    return menus[0]


def entry(menu: JumpMenu, text: str) -> QAction:
    [found] = [action for action in menu.actions() if action.text() == text]
    return found


def test_it_says_where_the_frame_stands(bar: PositionBar, simulation: Simulation) -> None:
    bar.show_frame(simulation.frame, Grain.NEURON)
    assert bar.words == "epoch 2 › batch 3 of 25 › sample 4 of 10 › forward › layer 2 › neuron 1"
    simulation.step("batch")
    bar.show_frame(simulation.frame, Grain.BATCH)
    assert bar.words == "epoch 2 › batch 3 of 25"


def test_going_on_a_batch_from_a_crumb_keeps_the_place_in_it(qtbot: QtBot, bar: PositionBar, simulation: Simulation) -> None:
    bar.show_frame(simulation.frame, Grain.NEURON)
    menu = open_menu(qtbot, bar, "batch")
    with qtbot.waitSignal(bar.moment_chosen) as caught:
        entry(menu, "Next").trigger()
    assert caught.args == [Moment(simulation.moment.batch + 1, simulation.moment.mark)]
    menu.close()


def test_a_number_is_typed_in_the_menu(qtbot: QtBot, bar: PositionBar, simulation: Simulation) -> None:
    bar.show_frame(simulation.frame, Grain.NEURON)
    menu = open_menu(qtbot, bar, "sample")
    number = menu.findChild(QSpinBox, "jump-number")
    assert isinstance(number, QSpinBox)
    number.selectAll()
    QTest.keyClicks(number, "9")
    with qtbot.waitSignal(bar.moment_chosen) as caught:
        QTest.keyClick(number, Qt.Key.Key_Return)
    simulation.seek(caught.args[0])
    bar.show_frame(simulation.frame, Grain.NEURON)
    assert bar.words == "epoch 2 › batch 3 of 25 › sample 9 of 10 › forward › layer 2 › neuron 1"


def test_the_chip_leads_to_the_other_phases(qtbot: QtBot, bar: PositionBar, simulation: Simulation) -> None:
    bar.show_frame(simulation.frame, Grain.NEURON)
    menu = open_menu(qtbot, bar, "phase")
    assert entry(menu, "forward").isChecked()
    with qtbot.waitSignal(bar.moment_chosen) as caught:
        entry(menu, "backward").trigger()
    menu.close()
    simulation.seek(caught.args[0])
    bar.show_frame(simulation.frame, Grain.NEURON)
    assert bar.words == "epoch 2 › batch 3 of 25 › sample 4 of 10 › backward › layer 3 › neuron 1"


def test_enter_opens_the_menu_of_the_crumb_that_has_the_keyboard(qtbot: QtBot, bar: PositionBar, simulation: Simulation) -> None:
    bar.show_frame(simulation.frame, Grain.NEURON)
    bar.window().activateWindow()
    qtbot.waitUntil(bar.window().isActiveWindow)
    crumb = bar.findChild(QToolButton, "crumb-layer")
    assert isinstance(crumb, QToolButton)
    crumb.setFocus()
    QTest.keyClick(crumb, Qt.Key.Key_Return)
    [menu] = [menu for menu in bar.findChildren(JumpMenu) if menu.isVisible()]
    with qtbot.waitSignal(bar.moment_chosen) as caught:
        entry(menu, "Last").trigger()
    menu.close()
    simulation.seek(caught.args[0])
    bar.show_frame(simulation.frame, Grain.NEURON)
    assert bar.words.endswith("forward › layer 3 › neuron 1")


def test_there_is_nothing_before_the_first(qtbot: QtBot, bar: PositionBar, simulation: Simulation) -> None:
    simulation.rewind()
    simulation.step("neuron")
    bar.show_frame(simulation.frame, Grain.NEURON)
    menu = open_menu(qtbot, bar, "epoch")
    assert not entry(menu, "First").isEnabled() and not entry(menu, "Previous").isEnabled()
    assert entry(menu, "Next").isEnabled() and entry(menu, "Last").isEnabled()
    menu.close()


def test_a_narrow_bar_hides_the_beginning_of_the_way(qtbot: QtBot, bar: PositionBar, simulation: Simulation) -> None:
    bar.show_frame(simulation.frame, Grain.NEURON)
    full = sum(len(part) for part in bar.words)
    for width in range(900, 200, -20):
        bar.resize(width, 40)
        crumbs = [child for child in bar.findChildren(QToolButton) if child.isVisible()]
        assert max(child.geometry().right() for child in crumbs) < width
        assert bar.words.endswith("neuron 1")
    assert len(bar.words) < full
    hidden = bar.findChild(QToolButton, "crumb-hidden")
    assert isinstance(hidden, QToolButton)
    QTest.mouseClick(hidden, Qt.MouseButton.LeftButton)
    [epoch] = [menu for menu in bar.findChildren(JumpMenu) if menu.title() == "epoch 2"]
    with qtbot.waitSignal(bar.moment_chosen) as caught:
        entry(epoch, "First").trigger()
    assert caught.args[0].batch == 2


def test_it_says_how_much_is_drawn_only_while_something_is_left_out(bar: PositionBar, simulation: Simulation) -> None:
    bar.show_frame(simulation.frame, Grain.BATCH)
    bar.show_rate(30, 1913)
    assert bar.rate_words == "drawing 30 of 1,900 batches a second"
    bar.show_rate(30, 30)
    assert bar.rate_words == ""
    bar.show_rate(30, 1913)
    bar.show_rate(0, 0)
    assert bar.rate_words == ""


@pytest.mark.parametrize("theme", THEMES)
def test_the_chip_has_the_colour_of_the_phase(bar: PositionBar, simulation: Simulation, theme: str) -> None:
    bar.set_theme(THEMES[theme])
    for phase, steps in (("forward", 0), ("loss", 3), ("backward", 1)):
        simulation.step("layer", steps)
        bar.show_frame(simulation.frame, Grain.LAYER)
        chip = bar.findChild(QToolButton, "crumb-phase")
        assert isinstance(chip, QToolButton)
        image = chip.grab().toImage()
        assert simulation.frame.phase == phase
        assert image.pixelColor(image.width() // 2, 2).name() == THEMES[theme].phase(phase)


def test_showing_the_same_place_again_moves_nothing(bar: PositionBar, simulation: Simulation) -> None:
    bar.show_frame(simulation.frame, Grain.NEURON)
    before = [(child.objectName(), child.geometry()) for child in bar.findChildren(QToolButton)]
    bar.show_frame(simulation.frame, Grain.NEURON)
    assert [(child.objectName(), child.geometry()) for child in bar.findChildren(QToolButton)] == before
