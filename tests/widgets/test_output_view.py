"""The output: which picture is chosen, what it asks for, what is painted, and what a click tells."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from nnsim.core import datasets
from nnsim.core.activations import Array
from nnsim.core.datasets import Source
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.output_picture import confusion
from nnsim.picture.palette import THEMES
from nnsim.widgets.output_plane import region_pixels
from nnsim.widgets.output_view import OutputView
from nnsim.widgets.output_words import row_words


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[OutputView]:
    window = QWidget()
    qtbot.addWidget(window)
    view = OutputView(window)
    view.resize(347, 400)
    window.resize(view.size())
    with qtbot.waitExposed(window):
        window.show()
    yield view


def show(view: OutputView, simulation: Simulation, playing: bool = False) -> Frame:
    """Show a simulation as the window does: a first frame, then one that carries what the view wants."""
    view.show_frame(simulation.frame, playing)
    frame = simulation.look(view.wants)
    view.show_frame(frame, playing)
    return frame


def click(widget: QWidget, place: QPoint) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def trained(name: str, epochs: int = 3) -> Simulation:
    simulation = Simulation(example(name).experiment)
    simulation.run(epochs=epochs)
    return simulation


def three_clouds(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    classes = np.arange(samples) % 3
    centres = np.array([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]])
    return centres[classes] + noise * rng.normal(size=(samples, 2)), np.eye(3)[classes]


def wave(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    inputs = rng.uniform(-3, 3, (samples, 1))
    return inputs, np.sin(inputs)


def clouds(monkeypatch: pytest.MonkeyPatch) -> Simulation:
    monkeypatch.setitem(datasets.SOURCES, "clouds", Source(
        "clouds", "Clouds", "classes", "generated", "", ("x₁", "x₂"), ("red", "white", "rosé"), three_clouds))
    simulation = Simulation(Experiment(
        data=Data(source="clouds", samples=90, noise=0.3), layers=(Layer(width=3, activation="softmax"),),
        learning=Learning(loss="cross-entropy", rate=0.5)))
    simulation.run(epochs=10)
    return simulation


def waves(monkeypatch: pytest.MonkeyPatch) -> Simulation:
    monkeypatch.setitem(datasets.SOURCES, "wave", Source(
        "wave", "Wave", "regression", "generated", "", ("time",), ("height",), wave))
    simulation = Simulation(Experiment(
        data=Data(source="wave", samples=60), layers=(Layer(width=6), Layer(width=1, activation="identity"))))
    simulation.run(epochs=3)
    return simulation


def test_before_a_frame_nothing_is_wanted(view: OutputView) -> None:
    assert view.kind is None
    assert view.wants == Wants()


def test_a_surface_is_wanted_finely_when_paused_and_coarsely_when_playing(view: OutputView) -> None:
    simulation = trained("ring")
    view.show_frame(simulation.frame, False)
    assert (view.kind, view.wants) == ("surface", Wants(surface=100))
    view.show_frame(simulation.frame, True)
    assert view.wants == Wants(surface=40)


@pytest.mark.parametrize("name", list(THEMES))
def test_the_ground_has_the_tone_of_the_network_s_answer(view: OutputView, name: str) -> None:
    view.set_theme(THEMES[name])
    frame = show(view, trained("one-neuron", 20))
    assert frame.surface is not None
    image = view.plane.grab().toImage()
    rect = view.plane.plot_rect()
    # three corners of the plot, where this data has no points
    for share_x, share_y in ((0.02, 0.02), (0.98, 0.98), (0.98, 0.5)):
        row, column = round(99 * (1 - share_y)), round(99 * share_x)
        expected = QColor(THEMES[name].tone(2 * float(frame.surface.outputs[0, row, column]) - 1))
        painted = image.pixelColor(round(rect.left() + share_x * rect.width()), round(rect.top() + share_y * rect.height()))
        assert abs(painted.red() - expected.red()) + abs(painted.blue() - expected.blue()) < 24


def test_without_a_surface_the_ground_is_bare_and_not_that_of_an_older_frame(view: OutputView) -> None:
    simulation = trained("one-neuron", 20)
    show(view, simulation)
    view.show_frame(simulation.frame, False)
    corner = view.plane.plot_rect().topLeft().toPoint() + QPoint(5, 40)
    assert view.plane.grab().toImage().pixelColor(corner) == QColor(THEMES["light"].base)


def test_a_click_on_a_point_tells_its_row_in_the_data_set(qtbot: QtBot, view: OutputView) -> None:
    frame = show(view, trained("xor"))
    for row in range(4):
        place = view.plane.point(*frame.dataset.inputs[row].tolist()).toPoint()
        with qtbot.waitSignal(view.row_chosen) as caught:
            click(view.plane, place)
        assert caught.args == [row]


def test_pointing_at_a_point_of_a_plane_or_a_curve_tells_its_row(view: OutputView, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: said.append(text))
    for simulation, plot in ((trained("ring"), view.plane), (waves(monkeypatch), view.line)):
        dataset = show(view, simulation).dataset
        row = int(dataset.train[0])
        values = dataset.inputs[row].tolist() if plot is view.plane else [dataset.inputs[row, 0], dataset.targets[row, 0]]
        at = plot.point(*values).toPoint()
        said.clear()
        QApplication.sendEvent(plot, QHelpEvent(QEvent.Type.ToolTip, at, plot.mapToGlobal(at)))
        assert said == [row_words(dataset, plot.row_at(QPointF(at)) or 0)]
        first = numbers.fixed(float(values[0]), 3, signed=False)
        assert f"{dataset.input_names[0]} = {first}" in said[0]


def test_a_click_beside_all_points_tells_nothing(view: OutputView) -> None:
    show(view, trained("xor"))
    chosen: list[int] = []
    view.row_chosen.connect(chosen.append)
    click(view.plane, view.plane.plot_rect().center().toPoint())
    click(view.plane, QPoint(1, 1))
    assert chosen == []


def test_the_current_sample_is_said_and_ringed(view: OutputView) -> None:
    simulation = trained("xor")
    simulation.step("term")
    frame = show(view, simulation)
    assert frame.row is not None
    x1, x2 = frame.dataset.inputs[frame.row].tolist()
    target = int(frame.dataset.targets[frame.row, 0])
    inputs = f"({numbers.fixed(x1, 2, signed=False)}, {numbers.fixed(x2, 2, signed=False)})"
    assert view.accessibleDescription() == f"this sample  x = {inputs}   target {target}"
    place = view.plane.point(x1, x2)
    ringed = view.plane.grab().toImage().pixelColor(round(place.x() + 0.62 * view.plane.em()), round(place.y()))
    assert ringed == QColor(THEMES["light"].ink)


def test_where_no_sample_is_current_none_is_said(view: OutputView) -> None:
    frame = show(view, trained("ring"))
    assert frame.row is None
    assert view.accessibleDescription() == ""


def test_class_regions_have_the_colour_of_the_leading_class(view: OutputView, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = show(view, clouds(monkeypatch))
    assert view.kind == "regions"
    assert frame.surface is not None
    theme = THEMES["light"]
    pixels = region_pixels(frame.surface.outputs, theme)
    winner = frame.surface.outputs.argmax(axis=0)
    for index in range(3):
        sure = np.argmax(np.where(winner == index, frame.surface.outputs[index], -1))
        painted, colour = QColor(int(pixels.ravel()[sure])), QColor(theme.class_colour(index, 3))
        assert painted.alpha() == 255
        assert abs(painted.hue() - colour.hue()) <= 12
    assert not view.plane.grab().isNull()


def test_one_input_is_a_curve_whose_points_can_be_clicked(
        qtbot: QtBot, view: OutputView, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = show(view, waves(monkeypatch))
    assert (view.kind, view.wants) == ("curve", Wants(predictions=True))
    row = int(np.argmax(frame.dataset.targets[:, 0]))
    place = view.line.point(float(frame.dataset.inputs[row, 0]), float(frame.dataset.targets[row, 0]))
    with qtbot.waitSignal(view.row_chosen) as caught:
        click(view.line, place.toPoint())
    chosen = caught.args[0] if caught.args else -1
    assert abs(frame.dataset.inputs[chosen, 0] - frame.dataset.inputs[row, 0]) < 0.1


def test_the_curve_goes_through_the_network_s_predictions(view: OutputView, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = show(view, waves(monkeypatch))
    assert frame.train_outputs is not None
    image, ink = view.line.grab().toImage(), QColor(THEMES["light"].ink)
    for index in (0, 10, 20):
        place = view.line.point(float(frame.dataset.inputs[frame.dataset.train[index], 0]), float(frame.train_outputs[index, 0]))
        around = [image.pixelColor(round(place.x()), round(place.y()) + step) for step in (-1, 0, 1)]
        assert min(colour.lightness() for colour in around) < ink.lightness() + 60


def test_other_numbers_are_predicted_against_true(qtbot: QtBot, view: OutputView) -> None:
    frame = show(view, trained("textbook-2-2-2"))
    assert view.kind == "scatter"
    assert frame.train_outputs is not None
    place = view.line.point(float(frame.dataset.targets[0, 1]), float(frame.train_outputs[0, 1]))
    with qtbot.waitSignal(view.row_chosen) as caught:
        click(view.line, place.toPoint())
    assert caught.args == [0]


def labels(view: OutputView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view)]


def test_classes_of_many_inputs_are_counted(view: OutputView) -> None:
    frame = show(view, trained("digits"))
    assert view.kind == "confusion"
    assert frame.test is not None
    right = round(frame.test.metric * len(frame.dataset.test))
    assert labels(view) == [numbers.percent(frame.test.metric), f"{right} of {len(frame.dataset.test)}", "test digits right"]


def test_rows_that_are_no_digits_are_called_rows(view: OutputView) -> None:
    show(view, trained("iris"))
    assert labels(view)[2] == "test rows right"
    assert view.wrong.isHidden()


def test_a_frame_without_predictions_empties_the_counts(view: OutputView) -> None:
    simulation = trained("digits")
    show(view, simulation)
    view.show_frame(simulation.frame, False)
    assert labels(view)[0] == "–"


def test_a_click_on_a_cell_tells_its_classes(qtbot: QtBot, view: OutputView) -> None:
    show(view, trained("digits"))
    with qtbot.waitSignal(view.cell_chosen) as caught:
        click(view.table, view.table.cell(3, 8).center().toPoint())
    assert caught.args == [3, 8]


def test_cells_off_the_diagonal_are_orange_and_say_what_was_taken_for_what(view: OutputView) -> None:
    frame = show(view, trained("digits", 1))
    counted = confusion(frame)
    assert counted is not None
    _, true, predicted = counted.wrong[0].tolist()
    image = view.table.grab().toImage()

    def ground(place: QRectF) -> QColor:
        return image.pixelColor((place.topLeft() + QPointF(5, 5)).toPoint())

    assert ground(view.table.cell(true, predicted)).red() > ground(view.table.cell(true, predicted)).blue()
    assert ground(view.table.cell(0, 0)).blue() > ground(view.table.cell(0, 0)).red()
    count = int(counted.counts[true, predicted])
    rows = "row" if count == 1 else "rows"
    assert view.table.cell_words(true, predicted) == f"{count} {rows} of class {true}, taken for {predicted}"


def test_the_wrong_pictures_can_be_clicked(qtbot: QtBot, view: OutputView) -> None:
    frame = show(view, trained("digits", 1))
    counted = confusion(frame)
    assert counted is not None
    places = view.wrong.places()
    assert len(places) >= 3
    assert [row for row, _ in places] == counted.wrong[: len(places), 0].tolist()
    row, place = places[1]
    with qtbot.waitSignal(view.row_chosen) as caught:
        click(view.wrong, place.center().toPoint())
    assert caught.args == [row]


def test_a_network_near_its_divergence_has_a_surface_as_finite_as_its_parameters(view: OutputView) -> None:
    simulation = Simulation(Experiment(
        data=Data(source="plane", samples=40), layers=(Layer(width=8, activation="relu"), Layer(width=1, activation="identity")),
        learning=Learning(rate=1000)))
    simulation.step("epoch", 5)
    frame = show(view, simulation)
    assert frame.surface is not None
    assert np.isfinite(frame.theta).all() and np.abs(frame.theta).max() > np.finfo(np.float32).max
    assert np.isfinite(frame.surface.outputs).all()
    assert not view.grab().isNull()


@pytest.mark.parametrize("name", ["ring", "digits", "iris", "textbook-2-2-2"])
def test_the_least_size_and_another_theme_are_painted(view: OutputView, name: str) -> None:
    show(view, trained(name, 1))
    view.resize(view.minimumSizeHint())
    view.set_theme(THEMES["dark"])
    corner = view.grab().toImage().pixelColor(view.width() - 1, 1)
    assert corner == QColor(THEMES["dark"].panel)
