"""The scores of guessed words, stretches that can be chosen, and confusions among many classes."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from nnsim.core.pictures import Pictures
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.materials import keep
from nnsim.engine.simulation import Simulation
from nnsim.engine.words_study import WordsStudy, words_study
from nnsim.picture.output_picture import confusion, largest_confusions
from nnsim.picture.palette import THEMES
from nnsim.picture.word_scores import score_table
from nnsim.widgets.output_view import OutputView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MANY = 30


@pytest.fixture
def view(qtbot: QtBot) -> OutputView:
    made = OutputView()
    qtbot.addWidget(made)
    made.resize(347, 420)
    made.set_theme(THEMES["light"])
    with qtbot.waitExposed(made):
        made.show()
    return made


def study_of(frame: Frame) -> WordsStudy:
    study = words_study(frame)
    while True:
        try:
            next(study)
        except StopIteration as end:
            found: WordsStudy = end.value
            return found


@pytest.fixture(scope="module")
def frame() -> Frame:
    simulation = Simulation(example("next-word").experiment)
    simulation.run(epochs=2)
    return simulation.frame


@pytest.fixture(scope="module")
def study(frame: Frame) -> WordsStudy:
    return study_of(frame)


def test_a_text_needs_no_predictions_and_asks_for_scores_while_it_is_seen(view: OutputView, frame: Frame) -> None:
    view.show_frame(frame, False)
    seen = [view.wants_words]
    view.hide()
    seen.append(view.wants_words)
    assert (view.kind, view.wants, seen) == ("words", Wants(), [True, False])


def test_other_classes_are_counted_in_a_table(view: OutputView, frame: Frame) -> None:
    view.show_frame(frame, False)
    view.show_frame(Simulation(example("digits").experiment).frame, False)
    assert view.kind == "confusion"


def test_the_scores_stand_beside_those_of_guessing_without_a_network(view: OutputView, frame: Frame, study: WordsStudy) -> None:
    view.show_frame(frame, False)
    view.show_words(study)
    table = score_table(study)
    shown = [[caption.text() for caption in line] for line in view.words.cells]
    assert [line[:2] for line in shown] == [["held out", "top 1"], ["", "top 5"], ["", "perplexity"],
                                            ["training", "top 1"], ["", "top 5"], ["", "perplexity"]]
    assert [tuple(line[2:]) for line in shown] == [row.texts for row in table.rows]
    assert "After 2.00 epochs, on 765 held-out and" in view.words.caption.text()


def test_the_best_of_three_is_marked_and_least_perplexity_is_best(study: WordsStudy) -> None:
    assert study.scores is not None and study.scores.test is not None
    test = study.scores.test
    top, perplexity = (score_table(study).rows[place] for place in (0, 2))
    ways = (test.network, test.frequency, test.pairs)
    assert top.best == int(np.argmax([way.top_1 for way in ways]))
    assert perplexity.best == int(np.argmin([way.perplexity for way in ways]))


def test_a_clicked_stretch_is_announced_as_its_row(view: OutputView, frame: Frame, study: WordsStudy) -> None:
    view.show_frame(frame, False)
    view.show_words(study)
    found: list[int] = []
    view.row_chosen.connect(found.append)
    QTest.mouseClick(view.words.rows[2], Qt.MouseButton.LeftButton)
    QTest.keyClick(view.words.rows[3], Qt.Key.Key_Space)
    assert found == [study.examples[2].row, study.examples[3].row]
    assert study.examples[2].answer in view.words.rows[2].accessibleName()


def test_scores_of_another_network_are_put_away(view: OutputView, frame: Frame, study: WordsStudy) -> None:
    view.show_frame(frame, False)
    view.show_words(study)
    words = example("next-word").experiment
    other = Simulation(words.replace(layers=(words.layers[0].replace(width=5), words.layers[1]))).frame
    view.show_frame(other, False)
    assert view.words.study is None and "being computed" in view.words.caption.text()
    assert not any(row.isVisible() for row in view.words.rows)


def many_classes() -> Frame:
    """Pictures of thirty classes, to which a network without training says what it likes."""
    rng = np.random.default_rng(0)
    labels = np.arange(10 * MANY, dtype=np.int32) % MANY
    material = keep(Pictures("many", rng.integers(0, 256, (len(labels), 4, 4, 1), np.uint8), labels,
                             tuple(f"class {number}" for number in range(MANY))))
    experiment = Experiment(data=Data(source="pictures", material=material, test_share=0), learning=Learning(loss="cross-entropy"),
                            layers=(Layer(width=6), Layer(width=MANY, activation="softmax")))
    return Simulation(experiment).look(Wants(predictions=True))


def test_a_table_of_many_classes_is_scrolled_and_its_largest_errors_are_listed(view: OutputView) -> None:
    frame = many_classes()
    view.show_frame(frame, False)
    view.grab()
    area = next(area for area in view.findChildren(QScrollArea) if area.widget() is view.table)
    assert area.verticalScrollBar().maximum() > 0 and view.table.cell(0, 0).height() >= 20
    counted = confusion(frame)
    assert counted is not None
    largest = largest_confusions(counted, 3)
    assert largest[0][0] == max(counted.counts[true, said] for true in range(MANY) for said in range(MANY) if true != said)
    count, true, said = largest[0]
    assert view.confusions.item(0).text() == f"{count} × class {true} taken for class {said}"
    found: list[tuple[int, int]] = []
    view.cell_chosen.connect(lambda true, said: found.append((true, said)))
    QTest.mouseClick(view.confusions.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     view.confusions.visualItemRect(view.confusions.item(0)).center())
    assert found == [(true, said)]


def test_few_classes_have_no_list_and_no_scrolling(view: OutputView) -> None:
    view.show_frame(Simulation(example("digits").experiment).look(Wants(predictions=True)), False)
    view.grab()
    area = next(area for area in view.findChildren(QScrollArea) if area.widget() is view.table)
    assert not view.confusions.isVisible() and area.verticalScrollBar().maximum() == 0
