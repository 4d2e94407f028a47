"""The loss plot: what it draws of a frame, what it reads out, and where a click leads."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.palette import THEMES
from nnsim.widgets.loss_canvas import LINES
from nnsim.widgets.loss_plot import LossPlot
from nnsim.widgets.plot_area import sized


def ring(test_share: float = 0.25) -> Simulation:
    return Simulation(Experiment(
        data=Data(source="ring", samples=80, test_share=test_share),
        layers=(Layer(width=3), Layer(width=1, activation="sigmoid")), learning=Learning(rate=0.3)))


@pytest.fixture
def plot(qtbot: QtBot) -> Iterator[LossPlot]:
    window = QWidget()
    qtbot.addWidget(window)
    plot = LossPlot(window)
    plot.resize(347, 290)
    window.resize(plot.size())
    with qtbot.waitExposed(window):
        window.show()
    yield plot


@pytest.fixture
def trained(plot: LossPlot) -> LossPlot:
    """The plot of ten epochs."""
    simulation = ring()
    simulation.run(epochs=10)
    plot.show_frame(simulation.frame)
    return plot


def click(widget: QWidget, place: QPoint) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def move_to(plot: LossPlot, x: float, pressed: bool = False) -> None:
    """Move the pointer over the plot at ``x`` (pixels), as a hand does."""
    place = QPointF(x, plot.canvas.plot_rect().center().y())
    buttons = Qt.MouseButton.LeftButton if pressed else Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, place, plot.canvas.surface.mapToGlobal(place), Qt.MouseButton.NoButton, buttons,
                        Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(plot.canvas.surface, event)


def test_an_empty_plot_draws_nothing_and_takes_no_click(plot: LossPlot) -> None:
    chosen: list[float] = []
    plot.epoch_chosen.connect(chosen.append)
    click(plot.canvas.surface, QPoint(150, 100))
    assert plot.curves is None
    assert chosen == []


def test_the_curves_are_drawn_at_the_logarithms_of_the_losses(plot: LossPlot) -> None:
    simulation = ring()
    simulation.run(epochs=5)
    plot.show_frame(simulation.frame)
    x, y = plot.canvas.drawn_points("train")
    assert plot.curves is not None
    assert np.allclose(10**y, plot.curves.train.y)
    assert x.tolist() == plot.curves.train.x.tolist()
    plot.log_scale.setChecked(False)
    assert np.allclose(plot.canvas.drawn_points("train")[1], plot.curves.train.y)


def test_the_same_curves_take_the_numbers_of_every_frame(plot: LossPlot) -> None:
    simulation = ring()
    view = plot.canvas.findChild(QGraphicsView)
    assert isinstance(view, QGraphicsView)
    items = set(view.scene().items())
    for _ in range(3):
        simulation.run(epochs=2)
        plot.show_frame(simulation.frame)
    assert set(view.scene().items()) == items
    assert plot.canvas.drawn_points("train")[0].max() == 6


@pytest.mark.parametrize("log_scale", [True, False])
def test_everything_visited_lies_within_the_axes(plot: LossPlot, log_scale: bool) -> None:
    simulation = ring()
    simulation.run(epochs=12)
    simulation.step("epoch", -5)
    plot.log_scale.setChecked(log_scale)
    plot.show_frame(simulation.frame)
    left, right, bottom, top = plot.canvas.drawn_range
    for name in LINES:
        x, y = plot.canvas.drawn_points(name)
        assert x.size
        assert left <= x.min() <= x.max() <= right
        assert bottom <= y.min() <= y.max() <= top


@pytest.mark.parametrize("log_scale", [True, False])
def test_a_diverged_run_keeps_finite_axes(plot: LossPlot, log_scale: bool) -> None:
    simulation = Simulation(Experiment(
        data=Data(source="plane", samples=40), layers=(Layer(width=8, activation="relu"), Layer(width=1, activation="identity")),
        learning=Learning(rate=1000)))
    simulation.step("epoch", 5)
    assert simulation.frame.divergence is not None
    plot.log_scale.setChecked(log_scale)
    plot.show_frame(simulation.frame)
    assert np.isfinite(plot.canvas.drawn_range).all()
    assert not plot.grab().isNull()


def test_the_ticks_of_a_logarithmic_axis_are_plain_losses(plot: LossPlot) -> None:
    simulation = ring()
    simulation.run(epochs=300)
    plot.show_frame(simulation.frame)
    labels = plot.canvas.tick_labels("left")
    assert len(labels) >= 2
    assert set(labels) <= {"1", "0.5", "0.2", "0.1", "0.05", "0.02", "0.01", "0.005"}
    assert plot.canvas.tick_labels("bottom") == ["0", "100", "200", "300"]


def test_a_click_chooses_the_epochs_under_it(qtbot: QtBot, trained: LossPlot) -> None:
    middle = trained.canvas.plot_rect().center().toPoint()
    with qtbot.waitSignal(trained.epoch_chosen) as caught:
        click(trained.canvas.surface, middle)
    assert caught.args == [pytest.approx(5, abs=0.1)]


def test_a_drag_goes_on_choosing_and_stays_within_what_was_visited(trained: LossPlot) -> None:
    chosen: list[float] = []
    trained.epoch_chosen.connect(chosen.append)
    rect = trained.canvas.plot_rect()
    QTest.mousePress(trained.canvas.surface, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rect.center().toPoint())
    move_to(trained, rect.left() + 0.8 * rect.width(), pressed=True)
    move_to(trained, rect.right() + 500, pressed=True)
    move_to(trained, rect.left() - 500, pressed=True)
    assert chosen == [pytest.approx(5, abs=0.1), pytest.approx(8), 10, 0]


def test_a_plot_of_less_than_an_epoch_cannot_choose_the_future(qtbot: QtBot, plot: LossPlot) -> None:
    simulation = ring()
    simulation.run(batches=2)
    plot.show_frame(simulation.frame)
    with qtbot.waitSignal(plot.epoch_chosen) as caught:
        click(plot.canvas.surface, plot.canvas.plot_rect().center().toPoint())
    assert caught.args == [2 / simulation.batches]


def test_hovering_reads_batch_train_and_test_loss_and_leaving_stops_it(plot: LossPlot) -> None:
    simulation = ring()
    simulation.run(epochs=10)
    frame = simulation.frame
    plot.show_frame(frame)
    move_to(plot, plot.canvas.to_pixels(4, 1).x())
    history = frame.history
    assert plot.marker.reading.splitlines() == [
        f"epoch 4 › batch {frame.batches}: its loss {numbers.loss(history.batch_loss.column(0)[4 * frame.batches - 1])}",
        f"after epoch 4: train {numbers.loss(history.epochs.column(0)[4])}   test {numbers.loss(history.epochs.column(1)[4])}"]
    move_to(plot, plot.canvas.to_pixels(0.04, 1).x())
    assert plot.marker.reading.splitlines()[-1].startswith("at the start: train ")
    QApplication.sendEvent(plot.canvas.surface, QEvent(QEvent.Type.Leave))
    assert plot.marker.reading == ""


def test_hovering_over_many_epochs_reads_an_epoch(plot: LossPlot) -> None:
    simulation = ring(test_share=0)
    simulation.run(epochs=60)
    plot.show_frame(simulation.frame)
    move_to(plot, plot.canvas.to_pixels(30, 1).x())
    assert plot.marker.reading == f"after epoch 30: train {numbers.loss(simulation.frame.history.epochs.column(0)[30])}"


def test_the_legend_says_whether_there_are_batches_and_test_rows(plot: LossPlot) -> None:
    simulation = ring()
    simulation.run(epochs=3)
    plot.show_frame(simulation.frame)
    assert [entry.word for entry in plot.legend.entries(full=True)] == ["train", "batches", "test"]
    assert [entry.word for entry in plot.legend.entries(full=False)] == ["train", "test"]
    alone = ring(test_share=0)
    alone.run(epochs=60)
    plot.show_frame(alone.frame)
    assert [entry.word for entry in plot.legend.entries(full=True)] == ["train", "no test rows"]
    assert "no test rows" in plot.legend.toolTip()


def test_the_flag_has_the_colour_of_the_phase_and_stands_at_now(plot: LossPlot) -> None:
    simulation = ring()
    simulation.run(epochs=10)
    simulation.step("epoch", -5)
    simulation.step("neuron")
    plot.show_frame(simulation.frame)
    place = plot.canvas.to_pixels(5, 1).x()
    image = plot.canvas.grab().toImage()
    row = round(plot.canvas.plot_rect().bottom() - 4)
    # the line's border may fall within the pixel, so it is the colour but for a little of the ground
    seen, meant = image.pixelColor(int(place), row), QColor(THEMES["light"].forward)
    differences = (seen.red() - meant.red(), seen.green() - meant.green(), seen.blue() - meant.blue())
    assert max(abs(difference) for difference in differences) < 24


@pytest.mark.parametrize("epochs", [0, 3])
@pytest.mark.parametrize("width", [234, 347])
def test_the_word_now_is_whole_at_both_ends(plot: LossPlot, epochs: int, width: int) -> None:
    simulation = ring()
    simulation.run(epochs=epochs)
    plot.resize(width, 300)
    plot.show_frame(simulation.frame)
    QApplication.processEvents()
    flag, whole = plot.marker.flag(), QRectF(plot.marker.rect())
    assert whole.adjusted(2, 1, -2, -1).contains(flag)
    words = QFontMetricsF(sized(plot.marker.font(), 12, bold=True)).horizontalAdvance("now")
    assert flag.width() > words and flag.left() <= plot.canvas.to_pixels(epochs, 1).x() <= flag.right()


@pytest.mark.parametrize("name", list(THEMES))
def test_every_theme_colours_the_ground_of_the_plot(plot: LossPlot, name: str) -> None:
    simulation = ring()
    simulation.run(epochs=3)
    plot.set_theme(THEMES[name])
    plot.show_frame(simulation.frame)
    image = plot.canvas.grab().toImage()
    assert image.pixelColor(1, 1) == QColor(THEMES[name].panel)
    corner = plot.canvas.plot_rect().bottomLeft().toPoint() + QPoint(4, -4)
    assert image.pixelColor(corner) == QColor(THEMES[name].base)


def test_the_copy_button_puts_a_picture_on_the_clipboard(plot: LossPlot) -> None:
    simulation = ring()
    simulation.run(epochs=3)
    plot.show_frame(simulation.frame)
    QGuiApplication.clipboard().clear()
    QTest.mouseClick(plot.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().pixmap().size() == plot.size()


def test_a_narrow_plot_keeps_its_axes(plot: LossPlot) -> None:
    simulation = ring()
    simulation.run(epochs=3)
    plot.show_frame(simulation.frame)
    plot.resize(plot.minimumSizeHint())
    QApplication.processEvents()
    assert plot.canvas.plot_rect().width() > 100
    assert len(plot.canvas.tick_labels("left")) >= 2
