"""The canvas: a picture goes in, a hand moves, and what it meant comes out."""

import gc
import sys
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QImage, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.experiment import Data, Experiment, Layer
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.layout import LEGEND, LOSS_WIDTH
from nnsim.picture.network_picture import network_picture
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import DiagramView, Words
from nnsim.picture.targets import EdgeTarget, NeuronTarget, Target
from nnsim.widgets.network_painter import SMALLEST_LETTERS, NetworkPainter
from nnsim.widgets.network_pointing import neighbour, target_facts
from nnsim.widgets.network_view import NetworkView

LIGHT = THEMES["light"]
NO_KEYS = Qt.KeyboardModifier.NoModifier


def frame_of(*widths: int) -> Frame:
    layers = (*(Layer(width=width) for width in widths), Layer(width=1, activation="sigmoid"))
    simulation = Simulation(Experiment(data=Data(source="ring"), layers=layers, seed=10))
    simulation.step("layer", 2)
    return simulation.look(Wants(maps=8))


@pytest.fixture
def view(qtbot: QtBot) -> NetworkView:
    """A view in a font of exactly 13 px, showing 2-3-2-1 after the second layer's sums."""
    view = NetworkView()
    qtbot.addWidget(view)
    font = QFont(view.font())
    font.setPixelSize(13)
    view.setFont(font)
    view.resize(824, 384)
    show(view, frame_of(3, 2))
    view.show()
    qtbot.waitExposed(view)
    return view


def show(view: NetworkView, frame: Frame) -> None:
    view.show_picture(network_picture(frame, DiagramView(*view.view_size), LIGHT))


def in_full(value: float) -> str:
    text = f"{numbers.fixed(value)} (exactly {value!r})".replace("-", "−")
    assert len(text) > 16
    return text


def place_of(view: NetworkView, target: Target) -> QPoint:
    """Where a neuron's middle is on the widget."""
    assert view.picture is not None
    cell = view.picture.cell_of[target]
    return view.to_screen().map(QPointF(cell.x, cell.y)).toPoint()


def edge_place(view: NetworkView, target: EdgeTarget, share: float = 0.3) -> QPoint:
    assert view.picture is not None
    edges = view.picture.edges
    index = next(index for index in range(len(edges)) if edges.target(index) == target)
    line = edges.polylines[index]
    x, y = line[round(share * (len(line) - 1))]
    return view.to_screen().map(QPointF(x, y)).toPoint()


def test_a_click_on_a_neuron_selects_it(view: NetworkView, qtbot: QtBot) -> None:
    for target in (NeuronTarget(1, 0), NeuronTarget(-1, 1), NeuronTarget(2, 0)):
        with qtbot.waitSignal(view.target_selected) as caught:
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, NO_KEYS, place_of(view, target))
        assert caught.args == [target]


def test_a_click_on_an_edge_selects_it_even_some_pixels_beside_a_thin_one(view: NetworkView, qtbot: QtBot) -> None:
    target = EdgeTarget(0, 0, 0)
    for beside in (QPoint(0, 0), QPoint(0, 4), QPoint(0, -4)):
        with qtbot.waitSignal(view.target_selected) as caught:
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, NO_KEYS, edge_place(view, target, 0.1) + beside)
        assert caught.args == [target]


def test_a_click_on_the_small_disc_selects_the_bias(view: NetworkView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.target_selected) as caught:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, NO_KEYS, place_of(view, EdgeTarget(0, 2, 1)))
    assert caught.args == [EdgeTarget(0, 2, 1)]


def test_a_click_on_the_ground_selects_nothing(view: NetworkView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.target_selected) as caught:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(620, 100))
    assert caught.args == [None]


def test_a_double_click_opens(view: NetworkView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.target_opened) as caught:
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, NO_KEYS, place_of(view, NeuronTarget(0, 2)))
    assert caught.args == [NeuronTarget(0, 2)]


def test_the_mouse_over_a_neuron_is_told_once_and_its_leaving_too(view: NetworkView, qtbot: QtBot) -> None:
    told: list[object] = []
    view.target_hovered.connect(told.append)
    at = place_of(view, NeuronTarget(0, 0))
    for position in (QPoint(620, 100), at, at + QPoint(3, 3), QPoint(620, 100)):
        QTest.mouseMove(view, position)
        QApplication.processEvents()
    assert told == [NeuronTarget(0, 0), None]


def test_dragging_moves_the_picture_and_selects_nothing(view: NetworkView, qtbot: QtBot) -> None:
    before = place_of(view, NeuronTarget(1, 0))
    with qtbot.assertNotEmitted(view.target_selected):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(620, 100))
        QTest.mouseMove(view, QPoint(660, 130))
        QTest.mouseMove(view, QPoint(670, 130))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(670, 130))
    assert place_of(view, NeuronTarget(1, 0)) - before == QPoint(50, 30)


def test_the_wheel_zooms_about_the_mouse_and_fit_brings_all_back(view: NetworkView, qtbot: QtBot) -> None:
    at = place_of(view, NeuronTarget(1, 0))
    far = place_of(view, NeuronTarget(-1, 0))
    wheel = QWheelEvent(QPointF(at), view.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view, wheel)
    assert view.zoom == pytest.approx(1.25**2)
    # two roundings to whole pixels
    assert (place_of(view, NeuronTarget(1, 0)) - at).manhattanLength() <= 2
    assert place_of(view, NeuronTarget(-1, 0)).x() < far.x()
    with qtbot.waitSignal(view.target_selected) as caught:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, NO_KEYS, place_of(view, NeuronTarget(1, 0)))
    assert caught.args == [NeuronTarget(1, 0)]
    view.fit()
    assert place_of(view, NeuronTarget(-1, 0)) == far


def test_zooming_in_and_out_ends_where_it_began_and_has_limits(view: NetworkView) -> None:
    at = place_of(view, NeuronTarget(0, 0))
    view.zoom_in()
    assert view.zoom > 1
    view.zoom_out()
    assert (place_of(view, NeuronTarget(0, 0)) - at).manhattanLength() <= 1
    for _ in range(30):
        view.zoom_in()
    assert view.zoom == 8
    for _ in range(60):
        view.zoom_out()
    assert view.zoom == 0.5


def test_the_fit_button_fits(view: NetworkView, qtbot: QtBot) -> None:
    view.zoom_in()
    button = view.findChild(QWidget, "network-fit")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, NO_KEYS)
    assert view.zoom == 1


def test_the_choice_of_edges_is_told_and_can_be_set_silently(view: NetworkView, qtbot: QtBot) -> None:
    combo = view.findChild(QComboBox, "network-edges")
    assert combo is not None
    with qtbot.assertNotEmitted(view.edges_chosen):
        view.set_edges("change")
    assert combo.currentData() == "change"
    combo.setFocus()
    with qtbot.waitSignal(view.edges_chosen) as caught:
        QTest.keyClick(combo, Qt.Key.Key_Up)
    assert caught.args == ["gradients"]


def test_plain_arrows_and_space_pass_through(view: NetworkView) -> None:
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Space):
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier)
            event.ignore()
            QApplication.sendEvent(view, event)
            assert not event.isAccepted(), (key, kind)


def test_alt_and_arrows_walk_the_neurons_along_the_strongest_edges(view: NetworkView, qtbot: QtBot) -> None:
    told: list[object] = []
    view.target_hovered.connect(told.append)
    view.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(view, key, Qt.KeyboardModifier.AltModifier)
    # in at the neuron at work, down at the rim stays, then up to the rim
    assert told == [NeuronTarget(1, 1), NeuronTarget(1, 0)]
    frame = frame_of(3, 2)
    strongest = int(np.abs(frame.weights[1][:, 0]).argmax())
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert told[-1] == NeuronTarget(0, strongest)
    with qtbot.waitSignal(view.target_opened) as caught:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert caught.args == [NeuronTarget(0, strongest)]
    bias = numbers.fixed(float(frame.biases[0][strongest]))
    assert view.accessibleDescription().startswith(f"L1·{strongest + 1}\nbias = {bias}\n")


def test_walking_stops_at_the_outer_columns(view: NetworkView) -> None:
    assert view.picture is not None
    assert neighbour(view.picture, NeuronTarget(-1, 0), -1, 0) == NeuronTarget(-1, 0)
    assert neighbour(view.picture, NeuronTarget(2, 0), 1, 0) == NeuronTarget(2, 0)
    assert neighbour(view.picture, NeuronTarget(0, 1), 0, 1) == NeuronTarget(0, 2)


def test_tab_enters_once_and_escape_leaves(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, view = QLineEdit(window), NetworkView(window)
    view.setGeometry(100, 0, 824, 384)
    window.resize(930, 390)
    window.show()
    qtbot.waitExposed(window)
    show(view, frame_of(3, 2))
    window.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert view.hasFocus()
    plain = view.grab().toImage()
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert view.grab().toImage() != plain
    with qtbot.waitSignal(view.target_selected) as caught:
        QTest.keyClick(view, Qt.Key.Key_Escape)
    assert caught.args == [None]
    assert not view.hasFocus()


def test_a_click_on_a_foldable_head_toggles_the_fold(view: NetworkView, qtbot: QtBot) -> None:
    show(view, frame_of(50))
    assert view.picture is not None
    head = next(head for head in view.picture.heads if head.layer == 0)
    with qtbot.waitSignal(view.fold_toggled) as caught, qtbot.assertNotEmitted(view.target_selected):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(round(head.x), 25))
    assert caught.args == [0]


def test_the_tooltip_gives_rounded_numbers_and_then_every_digit(view: NetworkView, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: said.append(text))
    frame = frame_of(3, 2)
    at = edge_place(view, EdgeTarget(0, 1, 2), 0.1)
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    assert said[-1] == f"x₂ → L1·3\nweight W[2,3] = {in_full(float(frame.weights[0][1, 2]))}"
    assert frame.trace is not None
    at = place_of(view, NeuronTarget(0, 0))
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    assert f"output a = {in_full(float(frame.trace.outputs[0][0, 0]))}" in said[-1]


def test_the_keyboards_square_goes_around_a_neurons_number_not_through_it(view: NetworkView) -> None:
    show(view, frame_of(2, 1))
    assert view.picture is not None
    painter = NetworkPainter(QFont())
    for neuron in range(2):
        cell = view.picture.cell_of[NeuronTarget(0, neuron)]
        around = painter.around(cell, view.picture)
        plates = [plate for plate in view.picture.plates if plate.x == cell.x and abs(plate.y - cell.y - cell.height / 2) < 2]
        assert plates
        for plate in plates:
            assert around.contains(painter.plate_box(plate))
        assert around.bottom() > cell.y + cell.height / 2 + 5


def test_the_tooltip_of_a_cut_edge_says_so(view: NetworkView) -> None:
    frame = frame_of(2, 1)
    learning = frame.experiment.learning.replace(cut=((0, 1, 0),))
    show(view, replace(frame, experiment=frame.experiment.replace(learning=learning)))
    assert view.picture is not None
    assert target_facts(view.picture, EdgeTarget(0, 1, 0))[0].endswith("cut: held at 0")
    assert "cut" not in target_facts(view.picture, EdgeTarget(0, 0, 0))[0]


def test_without_a_picture_the_empty_message_stands_in_its_place(view: NetworkView) -> None:
    view.empty_message = "No network yet"
    with_picture = view.grab().toImage()
    view.show_picture(None)
    assert view.accessibleDescription() == "No network yet"
    said = view.grab().toImage()
    view.empty_message = ""
    assert said != view.grab().toImage() and said != with_picture


def test_a_new_size_or_font_asks_for_a_new_picture(view: NetworkView, qtbot: QtBot) -> None:
    font = QFont(view.font())
    font.setPixelSize(26)
    sizes = []
    with qtbot.waitSignal(view.resized):
        view.resize(1000, 500)
    sizes.append(view.view_size)
    with qtbot.waitSignal(view.resized):
        view.setFont(font)
    sizes.append(view.view_size)
    assert sizes == [(1000, 500), (500, 250)]


def test_the_state_is_said_to_screen_readers(view: NetworkView) -> None:
    assert view.objectName() == "network-view" and view.accessibleName()
    assert view.picture is not None
    assert view.accessibleDescription() == view.picture.sentence


def colours_of(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


@pytest.mark.parametrize("name", list(THEMES))
def test_the_picture_is_painted_in_the_themes_own_colours(view: NetworkView, name: str) -> None:
    theme = THEMES[name]
    view.set_theme(theme)
    view.show_picture(network_picture(frame_of(3, 2), DiagramView(*view.view_size), theme))
    seen = colours_of(view.grab().toImage())
    assert {QColor(colour).name() for colour in (theme.base, theme.forward)} <= seen
    assert theme.pos in seen or theme.neg in seen


def test_repainting_loses_no_reference_to_none(view: NetworkView) -> None:
    view.grab()
    gc.collect()
    before = sys.getrefcount(None)
    for _ in range(200):
        view.repaint()
    gc.collect()
    assert abs(sys.getrefcount(None) - before) < 150


@pytest.mark.parametrize("value", [0.0582, 0.000582, 3.3e-7, 3.3e6, -1.5e12, 1e300, 0.00000512])
def test_a_number_of_the_loss_is_set_smaller_rather_than_cut(view: NetworkView, value: float) -> None:
    painter, text = NetworkPainter(view.font()), numbers.loss(value)
    words = Words(0, 0, text, 15, LIGHT.ink, True, width=LOSS_WIDTH - 8, shrinks=True)
    shown, size, width = painter.lettering(words)
    assert shown == text and SMALLEST_LETTERS <= size <= 15 and width <= words.width
    assert painter.lettering(replace(words, width=200))[1] == 15


def test_every_number_in_the_loss_may_be_set_smaller(view: NetworkView) -> None:
    assert view.picture is not None
    inside = [words for words in view.picture.words if abs(words.x - view.picture.width + LOSS_WIDTH / 2 + 12) < 1 and words.bold]
    assert inside and all(words.shrinks for words in inside)


@pytest.mark.parametrize("ends", [("−0.00002", "+0.00002"), ("−2", "+2"), ("−2×10⁻⁷", "+2×10⁻⁷")])
def test_the_legend_stays_in_the_corner_that_everything_keeps_clear(ends: tuple[str, str]) -> None:
    font = QFont()
    font.setPixelSize(13)
    frame = frame_of(3, 2)
    legend = network_picture(frame, DiagramView(824, 384), LIGHT).legend
    assert legend is not None
    image = QImage(824, 60, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.base))
    with QPainter(image) as painter:
        NetworkPainter(font)._draw_legend(painter, replace(legend, title="", low=ends[0], high=ends[1]), 60)
    drawn = [x for x in range(824) if any(image.pixelColor(x, y) != QColor(LIGHT.base) for y in range(60))]
    assert len(drawn) > 90 and max(drawn) <= LEGEND[0]
