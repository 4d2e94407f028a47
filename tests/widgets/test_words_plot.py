"""The words' embedding as a plot: names that cover no other, the neighbours of a clicked word, an extent that holds."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.simulation import Simulation
from nnsim.picture.embedding import embedding
from nnsim.widgets.plots_panel import HISTOGRAMS, WORDS, PlotsPanel, PlotWants


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[PlotsPanel]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(347, 520)
    made = PlotsPanel(window)
    made.resize(window.size())
    with qtbot.waitExposed(window):
        window.show()
    yield made


@pytest.fixture(scope="module")
def trained() -> Simulation:
    simulation = Simulation(example("next-word").experiment)
    simulation.run(epochs=4)
    return simulation


@pytest.fixture
def shown(panel: PlotsPanel, trained: Simulation) -> PlotsPanel:
    panel.show_frame(trained.frame)
    panel.show_plot(WORDS)
    panel.words.canvas.grab()
    return panel


def test_words_are_offered_for_texts_only(panel: PlotsPanel, trained: Simulation) -> None:
    assert panel.chooser.findData(WORDS) < 0
    panel.show_frame(trained.frame)
    assert panel.chooser.findData(WORDS) >= 0
    panel.show_plot(WORDS)
    assert panel.words.isVisible() and panel.wants == PlotWants()
    panel.show_frame(Simulation(example("ring").experiment).frame)
    assert panel.plot == HISTOGRAMS and panel.histograms.isVisible() and panel.chooser.findData(WORDS) < 0


def test_names_cover_no_other_and_the_most_frequent_words_have_one(shown: PlotsPanel) -> None:
    canvas = shown.words.canvas
    rooms = [room for _, room in canvas.names]
    assert len(rooms) > 20 and all(canvas.plot_rect().contains(room) for room in rooms)
    assert not any(room.intersects(other) for place, room in enumerate(rooms) for other in rooms[:place])
    assert canvas.shown is not None and canvas.names[0][0] == canvas.shown.words[1]


def test_a_clicked_word_lists_its_neighbours_and_a_click_beside_all_lists_none(shown: PlotsPanel, trained: Simulation) -> None:
    plot = shown.words
    word, room = plot.canvas.names[3]
    QTest.mouseClick(plot.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, room.center().toPoint())
    expected = embedding(trained.frame, 1).nearest(word)
    assert plot.chosen == word and word in plot.near.text()
    assert [name.text() for name, _ in plot.neighbours] == [each.word for each in expected]
    plot.canvas.grab()
    assert plot.canvas.names[0][0] == word
    QTest.mouseClick(plot.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(2, 2))
    assert plot.chosen == "" and not plot.neighbours[0][0].isVisible()


def test_another_place_of_the_context_shows_other_vectors(shown: PlotsPanel, trained: Simulation) -> None:
    plot = shown.words
    assert plot.canvas.shown is not None and plot.canvas.shown.title == embedding(trained.frame, 1).title
    plot.place.setCurrentIndex(0)
    plot.place.name_chosen.emit("0")
    assert plot.canvas.shown.title == embedding(trained.frame, 0).title
    assert "of their variance over 24 neurons" in plot.caption.text()


def test_the_extent_holds_while_a_little_is_learned(shown: PlotsPanel) -> None:
    simulation = Simulation(example("next-word").experiment)
    simulation.run(epochs=4)
    shown.show_frame(simulation.frame)
    extent = shown.words.canvas.extent
    simulation.run(batches=3)
    shown.show_frame(simulation.frame)
    assert shown.words.canvas.extent == extent
    left, right, bottom, top = extent
    assert shown.words.canvas.shown is not None
    assert all(left < point.x < right and bottom < point.y < top for point in shown.words.canvas.shown.points)
