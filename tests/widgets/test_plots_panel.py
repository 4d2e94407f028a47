"""The further plots: what they show of a frame and a past, what they read out, what they ask for, and where a click leads."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.loss_surface import LossSurface, ParameterPlane, Plane, RandomPlane, WayPlane, loss_surface
from nnsim.engine.moments import Moment
from nnsim.engine.past import past
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.palette import THEMES
from nnsim.picture.targets import EdgeTarget, NeuronTarget
from nnsim.widgets.epoch_plot import EpochPlot
from nnsim.widgets.history_plot import HistoryPlot
from nnsim.widgets.plots_panel import HISTOGRAMS, NORMS, SURFACE, PlotsPanel, PlotWants

RING = Experiment(data=Data(source="ring", samples=80), layers=(Layer(width=3), Layer(width=1, activation="sigmoid")),
                  learning=Learning(rate=0.3))


def trained(batches: int = 60, experiment: Experiment = RING) -> Simulation:
    simulation = Simulation(experiment)
    simulation.run(batches=batches)
    return simulation


def on_random_plane(panel: PlotsPanel, simulation: Simulation) -> None:
    panel.show_plot(SURFACE)
    panel.show_frame(simulation.frame)
    panel.surface.choose_kind("random")


def surfaces(simulation: Simulation, plane: Plane | None) -> list[LossSurface]:
    assert plane is not None
    return list(loss_surface(simulation.frame, plane, points=7, reach=(1.0, 1.0)))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    """A plain window: one with a least size would ask the offscreen platform for what it does not have."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(347, 440)
    with qtbot.waitExposed(window):
        window.show()
    yield window


@pytest.fixture
def panel(window: QWidget) -> PlotsPanel:
    panel = PlotsPanel(window)
    panel.resize(window.size())
    panel.show()
    return panel


@pytest.fixture
def history(window: QWidget) -> HistoryPlot:
    history = HistoryPlot(window)
    history.resize(window.size())
    history.show()
    return history


def move_to(plot: QWidget, place: QPointF) -> None:
    event = QMouseEvent(QEvent.Type.MouseMove, place, plot.mapToGlobal(place), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(plot, event)


def click(plot: QWidget, place: QPointF) -> None:
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place.toPoint())


# what is asked for

def test_a_hidden_panel_wants_nothing(qtbot: QtBot) -> None:
    panel = PlotsPanel()
    qtbot.addWidget(panel)
    assert panel.wants == PlotWants()


def test_each_plot_wants_what_it_shows(panel: PlotsPanel) -> None:
    panel.show_frame(trained().frame)
    assert panel.plot == HISTOGRAMS
    assert panel.wants == PlotWants(past=True, looks=True)
    panel.show_plot(NORMS)
    assert panel.wants == PlotWants(past=True, looks=True)
    panel.show_plot(SURFACE)
    assert panel.wants == PlotWants(past=True, plane=WayPlane())
    panel.surface.choose_kind("random")
    assert panel.wants == PlotWants(past=True, plane=RandomPlane(0))
    panel.surface.choose_kind("weights")
    assert panel.wants == PlotWants(past=True, plane=ParameterPlane((0, 0, 0), (0, 1, 0)))


def test_every_change_of_wants_is_told_once(panel: PlotsPanel) -> None:
    told: list[PlotWants] = []
    panel.wants_changed.connect(told.append)
    frame = trained().frame
    panel.show_frame(frame)
    panel.show_plot(SURFACE)
    panel.show_frame(frame)
    panel.surface.choose_kind("random")
    panel.surface.new_directions.click()
    panel.hide()
    panel.show()
    wanted = [PlotWants(past=True, plane=plane) for plane in (WayPlane(), RandomPlane(0), RandomPlane(1))]
    assert told == [*wanted, PlotWants(), wanted[-1]]


def test_a_plot_that_is_shown_later_has_the_last_frame_and_past(panel: PlotsPanel) -> None:
    simulation = trained()
    panel.show_frame(simulation.frame)
    panel.show_past(past(simulation))
    assert panel.norms.norms is None
    panel.show_plot(NORMS)
    assert panel.norms.norms is not None


def test_another_networks_past_is_given_up(panel: PlotsPanel) -> None:
    simulation = trained()
    panel.show_frame(simulation.frame)
    panel.show_past(past(simulation))
    deeper = trained(5, RING.replace(layers=(Layer(width=5), Layer(width=4), Layer(width=1, activation="sigmoid"))))
    panel.show_frame(deeper.frame)
    panel.histograms.choose("weights", 2)
    assert panel.histograms.over_time.counts is None
    for plot in (NORMS, SURFACE):
        panel.show_plot(plot)
    assert panel.surface.canvas.landscape is None


# histograms

def test_histograms_follow_the_choice_of_numbers_and_layer(panel: PlotsPanel) -> None:
    simulation = trained()
    frame = simulation.frame
    assert frame.trace is not None
    panel.show_frame(frame)
    panel.show_past(past(simulation))
    panel.histograms.choose("outputs", 1)
    now, over_time = panel.histograms.now, panel.histograms.over_time
    assert now.histogram is not None and over_time.counts is not None
    assert now.histogram.total == frame.trace.outputs[1].size
    assert over_time.counts.counts[-1].sum() == over_time.counts.counted
    assert now.caption == f"now: {frame.trace.outputs[1].size} outputs of L2"


def test_numbers_not_yet_computed_are_said_to_be_so(panel: PlotsPanel) -> None:
    simulation = trained()
    simulation.step("neuron")
    panel.show_frame(simulation.frame)
    panel.histograms.choose("gradients", 0)
    assert panel.histograms.now.histogram is None
    assert panel.histograms.now.caption == "now: not all computed yet in this batch"
    assert not panel.grab().isNull()


def test_a_bin_is_read_where_the_pointer_is(panel: PlotsPanel) -> None:
    panel.show_frame(trained().frame)
    now = panel.histograms.now
    rect = now.plot_rect()
    histogram = now.histogram
    assert histogram is not None
    move_to(now, QPointF(rect.right() - 2, rect.center().y()))
    low, high = (numbers.significant(float(edge)) for edge in histogram.edges[-2:])
    assert now.caption == f"{low} … {high}: {histogram.counts[-1]}"
    QApplication.sendEvent(now, QEvent(QEvent.Type.Leave))
    assert now.caption == "now: 6 weights of L1"


def test_the_ground_of_counts_is_strong_where_numbers_lie(panel: PlotsPanel) -> None:
    simulation = trained()
    panel.show_frame(simulation.frame)
    panel.show_past(past(simulation, most=6))
    plot = panel.histograms.over_time
    counts = plot.counts
    assert counts is not None
    image, rect = plot.grab().toImage(), plot.plot_rect()
    for index, count in enumerate(counts.counts[0].tolist()):
        middle = (counts.edges[index] + counts.edges[index + 1]) / 2
        place = plot.point(0.0, float(middle))
        seen = image.pixelColor(round(rect.left() + 2), round(place.y()))
        assert (seen == QColor(THEMES["light"].tone(0.0))) == (count == 0)


def test_counts_are_read_at_the_nearest_place_and_value(panel: PlotsPanel) -> None:
    simulation = trained()
    panel.show_frame(simulation.frame)
    panel.show_past(past(simulation))
    plot = panel.histograms.over_time
    counts = plot.counts
    assert counts is not None
    row = int(counts.counts[0].argmax())
    middle = float(counts.edges[row] + counts.edges[row + 1]) / 2
    move_to(plot, plot.point(0.001, middle))
    assert plot.caption == (f"after epoch 0   {numbers.significant(float(counts.edges[row]))} … "
                            f"{numbers.significant(float(counts.edges[row + 1]))}: {counts.counts[0, row]}")


# over the epochs

@pytest.mark.parametrize("name", [HISTOGRAMS, NORMS])
def test_a_click_chooses_the_moment_of_the_nearest_place(qtbot: QtBot, panel: PlotsPanel, name: str) -> None:
    simulation = trained()
    panel.show_frame(simulation.frame)
    panel.show_past(past(simulation))
    panel.show_plot(name)
    plot: EpochPlot = panel.histograms.over_time if name == HISTOGRAMS else panel.norms
    place = plot.point(37.2 / simulation.batches, 0.0)
    with qtbot.waitSignal(panel.moment_chosen) as caught:
        click(plot, QPointF(place.x(), plot.plot_rect().center().y()))
    assert caught.args == [Moment(37, 0)]


def test_gradient_norms_read_every_layer(panel: PlotsPanel) -> None:
    simulation = trained()
    told = past(simulation)
    panel.show_plot(NORMS)
    panel.show_past(told)
    drawn = panel.norms.norms
    assert drawn is not None
    rect = panel.norms.plot_rect()
    move_to(panel.norms, QPointF(rect.right() - 1, rect.center().y()))
    first, last = (numbers.loss(float(length)) for length in drawn.norms[:, -1])
    assert panel.norms.caption == f"after epoch 10   L1 {first}   L2 {last}"


def test_the_lines_of_the_layers_are_drawn_in_their_colours(panel: PlotsPanel) -> None:
    simulation = trained()
    panel.show_plot(NORMS)
    panel.show_past(past(simulation))
    image = panel.norms.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {panel.norms.layer_colour(0), panel.norms.layer_colour(1)} <= seen


def test_an_empty_past_can_be_shown_and_clicked(panel: PlotsPanel) -> None:
    chosen: list[Moment] = []
    panel.moment_chosen.connect(chosen.append)
    for name in (HISTOGRAMS, NORMS, SURFACE):
        panel.show_plot(name)
        assert not panel.grab().isNull()
    click(panel.norms, QPointF(100, 100))
    click(panel.surface.canvas, QPointF(100, 100))
    assert chosen == []


def test_an_untouched_network_can_be_shown(panel: PlotsPanel) -> None:
    simulation = Simulation(RING)
    panel.show_frame(simulation.frame)
    panel.show_past(past(simulation))
    for name in (HISTOGRAMS, NORMS, SURFACE):
        panel.show_plot(name)
    panel.show_surface(surfaces(simulation, panel.surface.plane)[-1])
    assert panel.surface.canvas.landscape is not None
    assert not panel.grab().isNull()


# the history of one parameter

def test_a_history_draws_values_and_gradients(history: HistoryPlot) -> None:
    simulation = trained()
    told = past(simulation)
    history.show_history(told, EdgeTarget(0, 1, 2), THEMES["dark"])
    assert history.history is not None
    assert history.value.drawn.tolist() == np.stack([told.epochs, history.history.values], axis=1).tolist()
    assert history.gradient.drawn[:, 1].tolist() == history.history.gradients.tolist()
    assert history.value.axis_names == ("epoch", "W[2,3]")
    assert history.gradient.axis_names == ("epoch", "∂L/∂W[2,3]")
    assert history.accessibleName() == "W[2,3] of L1 over the epochs"


def test_a_history_reads_the_value_and_leads_to_its_moment(qtbot: QtBot, history: HistoryPlot) -> None:
    simulation = trained()
    told = past(simulation)
    history.show_history(told, NeuronTarget(0, 1), THEMES["light"])
    assert history.history is not None
    place = history.value.point(41 / simulation.batches, 0.0)
    middle = QPointF(place.x(), history.value.plot_rect().center().y())
    move_to(history.value, middle)
    index = history.history.batches.tolist().index(41)
    assert history.value.caption == f"epoch 7, before batch 6   {numbers.fixed(float(history.history.values[index]), 4)}"
    with qtbot.waitSignal(history.moment_chosen) as caught:
        click(history.value, middle)
    assert caught.args == [Moment(41, 0)]


def test_gradients_that_are_not_known_are_left_out_of_a_history(history: HistoryPlot) -> None:
    simulation = trained()
    history.show_history(past(simulation, looks=False), EdgeTarget(0, 0, 0), THEMES["light"])
    assert len(history.gradient.drawn) == 0
    assert len(history.value.drawn) > 10
    assert "at 0 of" in history.gradient.caption
    assert not history.grab().isNull()


def test_an_input_has_no_history(history: HistoryPlot) -> None:
    simulation = trained()
    history.show_history(past(simulation), EdgeTarget(0, 0, 0), THEMES["light"])
    history.show_history(past(simulation), NeuronTarget(-1, 0), THEMES["light"])
    assert history.history is None
    assert len(history.value.drawn) == 0


# the loss surface

def test_a_surface_shows_the_way_the_present_and_how_much_of_it(panel: PlotsPanel) -> None:
    simulation = trained()
    on_random_plane(panel, simulation)
    panel.show_past(past(simulation))
    panel.show_surface(surfaces(simulation, panel.surface.plane)[-1])
    canvas = panel.surface.canvas
    assert canvas.landscape is not None and canvas.walk is not None
    assert canvas.caption == f"shows {numbers.percent(canvas.walk.share)} of the way's distance"
    now = canvas.point(0.0, 0.0)
    image = canvas.grab().toImage()
    ring = {image.pixelColor(round(now.x()) + dx, round(now.y())).name() for dx in range(12)}
    assert THEMES["light"].ink in ring


@pytest.mark.parametrize("name", list(THEMES))
def test_the_ground_is_strongest_where_the_loss_is_greatest(panel: PlotsPanel, name: str) -> None:
    simulation = trained()
    on_random_plane(panel, simulation)
    panel.set_theme(THEMES[name])
    surface = surfaces(simulation, panel.surface.plane)[-1]
    panel.show_surface(surface)
    canvas = panel.surface.canvas
    image = canvas.grab().toImage()
    for place, meant in ((int(surface.losses.argmax()), THEMES[name].loss), (int(surface.losses.argmin()), THEMES[name].base)):
        row, column = divmod(place, len(surface.across))
        pixel = canvas.point(float(surface.across[column]), float(surface.up[row]))
        inside = canvas.plot_rect().adjusted(2, 2, -4, -4)
        x, y = min(max(pixel.x(), inside.left()), inside.right()), min(max(pixel.y(), inside.top()), inside.bottom())
        seen, wanted = image.pixelColor(round(x), round(y)), QColor(meant)
        assert max(abs(seen.red() - wanted.red()), abs(seen.green() - wanted.green()), abs(seen.blue() - wanted.blue())) < 24


def test_a_surface_in_the_making_says_how_far_it_is(panel: PlotsPanel) -> None:
    simulation = trained()
    on_random_plane(panel, simulation)
    made = surfaces(simulation, panel.surface.plane)
    assert panel.surface.canvas.caption == "not computed yet"
    panel.show_surface(made[2])
    assert panel.surface.canvas.caption == "3 of 7 rows computed"
    canvas = panel.surface.canvas
    image = canvas.grab().toImage()
    # rows are computed from the middle outwards; the lowest is far from all words
    missing, known = (image.pixelColor(canvas.point(0.5, up).toPoint()).name() for up in (-0.9, 0.15))
    assert missing == THEMES["light"].panel
    assert known not in (THEMES["light"].panel, THEMES["light"].base)


def test_a_surface_of_another_moment_says_so(panel: PlotsPanel) -> None:
    simulation = trained()
    on_random_plane(panel, simulation)
    panel.show_surface(surfaces(simulation, panel.surface.plane)[-1])
    simulation.run(batches=1)
    panel.show_frame(simulation.frame)
    assert panel.surface.canvas.caption == "ground: of another moment"


def test_a_surface_that_is_no_longer_wanted_is_let_go(panel: PlotsPanel) -> None:
    simulation = trained()
    on_random_plane(panel, simulation)
    late = surfaces(simulation, panel.surface.plane)[-1]
    panel.surface.new_directions.click()
    panel.show_surface(late)
    assert panel.surface.surface is None


def test_two_weights_are_chosen_by_their_numbers(qtbot: QtBot, panel: PlotsPanel) -> None:
    panel.show_plot(SURFACE)
    panel.show_frame(trained().frame)
    chooser = panel.surface
    with qtbot.waitSignal(chooser.plane_chosen) as caught:
        chooser.choose_weights(EdgeTarget(0, 1, 2), EdgeTarget(1, 3, 0))
    assert caught.args == [ParameterPlane((0, 1, 2), (1, 3, 0))]
    assert (chooser.first.row_field.text(), chooser.first.neuron_field.text()) == ("2", "3")
    assert chooser.second.row_field.text() == "b"
    with qtbot.waitSignal(chooser.plane_chosen) as caught:
        chooser.first.neuron_field.setValue(1)
    assert caught.args == [ParameterPlane((0, 1, 0), (1, 3, 0))]
    with qtbot.waitSignal(chooser.plane_chosen) as caught:
        chooser.second.row_field.setValue(2)
    assert caught.args == [ParameterPlane((0, 1, 0), (1, 1, 0))]


def test_b_can_be_typed_for_the_bias(panel: PlotsPanel) -> None:
    panel.show_plot(SURFACE)
    panel.show_frame(trained().frame)
    panel.surface.choose_weights(EdgeTarget(0, 1, 2), EdgeTarget(1, 0, 0))
    field = panel.surface.second.row_field
    field.selectAll()
    QTest.keyClicks(field, "b")
    assert panel.surface.plane == ParameterPlane((0, 1, 2), (1, 3, 0))


def test_twice_the_same_weight_is_no_plane(panel: PlotsPanel) -> None:
    panel.show_plot(SURFACE)
    panel.show_frame(trained().frame)
    panel.surface.choose_weights(EdgeTarget(0, 1, 2), EdgeTarget(0, 1, 2))
    assert panel.surface.plane is None
    assert panel.surface.canvas.caption == "choose two different weights"
    assert panel.wants == PlotWants(past=True)


def test_pointing_at_the_surface_reads_a_loss_of_the_grid(panel: PlotsPanel) -> None:
    simulation = trained()
    panel.show_plot(SURFACE)
    panel.show_frame(simulation.frame)
    panel.surface.choose_weights(EdgeTarget(0, 1, 2), EdgeTarget(1, 3, 0))
    surface = surfaces(simulation, panel.surface.plane)[-1]
    panel.show_surface(surface)
    canvas = panel.surface.canvas
    across, up = float(surface.across[5]), float(surface.up[1])
    move_to(canvas, canvas.point(across, up) + QPointF(1, 1))
    assert canvas.caption == (f"W[2,3] of L1 {numbers.significant(across)}   b[1] of L2 {numbers.significant(up)}   "
                              f"loss {numbers.loss(float(surface.losses[1, 5]))}")


def test_a_click_on_the_way_chooses_its_moment(qtbot: QtBot, panel: PlotsPanel) -> None:
    simulation = trained(600)
    told = past(simulation)
    panel.show_plot(SURFACE)
    panel.show_frame(simulation.frame)
    panel.show_past(told)
    panel.surface.choose_weights(EdgeTarget(0, 1, 2), EdgeTarget(1, 3, 0))
    surface = list(loss_surface(simulation.frame, ParameterPlane((0, 1, 2), (1, 3, 0)), told, points=5))[-1]
    panel.show_surface(surface)
    canvas = panel.surface.canvas
    assert canvas.walk is not None
    start = canvas.point(*canvas.walk.places[0].tolist())
    with qtbot.waitSignal(panel.moment_chosen) as caught:
        click(canvas, start)
    assert caught.args is not None
    nearest = np.hypot(*(canvas.to_pixels(canvas.walk.places) - (start.toPoint().x(), start.toPoint().y())).T).argmin()
    assert caught.args == [Moment(int(canvas.walk.batches[nearest]), 0)]


@pytest.mark.parametrize("name", list(THEMES))
def test_every_theme_colours_every_plot(panel: PlotsPanel, name: str) -> None:
    simulation = trained()
    panel.show_frame(simulation.frame)
    panel.show_past(past(simulation))
    panel.set_theme(THEMES[name])
    for chosen, plot in ((HISTOGRAMS, panel.histograms.now), (HISTOGRAMS, panel.histograms.over_time), (NORMS, panel.norms),
                         (SURFACE, panel.surface.canvas)):
        panel.show_plot(chosen)
        assert plot.grab().toImage().pixelColor(QPoint(0, 0)) == QColor(THEMES[name].panel)


def test_a_small_panel_keeps_its_plots(panel: PlotsPanel) -> None:
    simulation = trained()
    panel.show_frame(simulation.frame)
    panel.show_past(past(simulation))
    panel.resize(panel.minimumSizeHint())
    QApplication.processEvents()
    for name, plot in ((HISTOGRAMS, panel.histograms.over_time), (NORMS, panel.norms), (SURFACE, panel.surface.canvas)):
        panel.show_plot(name)
        assert plot.plot_rect().width() > 60
        assert plot.plot_rect().height() > 20
    panel.surface.choose_kind("weights")
    assert panel.minimumSizeHint().width() <= 280
