"""Trying a network with one's own hand: a cat that is drawn, a picture that is dropped, words that are typed."""

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from journeys import Journey, journey
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnsim.engine.frame import Frame
from nnsim.engine.next_word import guess, vocabulary_of
from nnsim.engine.probe import Probe
from nnsim.picture.context_words import typed_inputs
from nnsim.picture.drawn_inputs import drawn_inputs
from nnsim.widgets.drawing_pad import Pad

# what the offscreen platform says of every window with a least size
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

Places = list[tuple[float, float]]
FACE = [(0.5 + 0.34 * math.cos(turn / 20 * math.tau), 0.56 + 0.3 * math.sin(turn / 20 * math.tau)) for turn in range(21)]
CAT: list[Places] = [
    FACE, [(0.22, 0.4), (0.2, 0.1), (0.4, 0.28)], [(0.6, 0.28), (0.8, 0.1), (0.78, 0.4)], [(0.37, 0.48), (0.37, 0.52)],
    [(0.63, 0.48), (0.63, 0.52)], [(0.46, 0.6), (0.54, 0.6), (0.5, 0.65), (0.46, 0.6)], [(0.4, 0.64), (0.1, 0.58)],
    [(0.4, 0.68), (0.1, 0.72)], [(0.6, 0.64), (0.9, 0.58)], [(0.6, 0.68), (0.9, 0.72)],
]


@pytest.fixture
def cats(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "cats") as made:
        show_probe_panel(made)
        yield made


@pytest.fixture
def words(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "next-word") as made:
        show_probe_panel(made)
        yield made


def show_probe_panel(made: Journey) -> None:
    made.show()
    made.window.docks.docks["probe"].show()
    made.window.docks.docks["probe"].raise_()


def draw(pad: Pad, strokes: list[Places]) -> None:
    """Draw strokes with the mouse, in steps of a few pixels."""
    side = min(pad.width(), pad.height()) - 4
    for stroke in strokes:
        places = [stroke[0]]
        for (x, y), (to_x, to_y) in pairwise(stroke):
            steps = max(1, round(math.hypot(to_x - x, to_y - y) * 30))
            places.extend((x + (to_x - x) * step / steps, y + (to_y - y) * step / steps) for step in range(1, steps + 1))
        left, top = (pad.width() - side) / 2, (pad.height() - side) / 2
        pixels = [QPoint(round(left + x * side), round(top + y * side)) for x, y in places]
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pixels[0])
        for pixel in pixels[1:]:
            QTest.mouseMove(pad, pixel)
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pixels[-1])


def probe_on_show(made: Journey) -> Probe | None:
    probed = made.frame.probed
    return None if probed is None else probed.probe


def shown_frame(made: Journey) -> Frame:
    probed = made.frame.probed
    assert probed is not None
    return probed


def until_drawn(made: Journey) -> None:
    """Wait until the frame on show is of what is on the pad."""
    drawing = made.window.display.probe_panel.drawing.pad.drawing
    wanted = Probe(inputs=drawn_inputs(drawing.strokes, "cats", made.frame.dataset))
    made.until(lambda: probe_on_show(made) == wanted)


def test_a_cat_drawn_by_hand_is_recognised_and_is_not_learned_from(cats: Journey) -> None:
    cats.run_to(360)
    theta = cats.frame.theta.tobytes()
    panel = cats.window.display.probe_panel
    draw(panel.drawing.pad, CAT)
    until_drawn(cats)
    assert panel.sentence.text().startswith("The network says cat with ")
    assert [row.text() for row in panel.guesses.rows] == ["no cat", "cat"] and panel.guesses.isVisible()
    trace = shown_frame(cats).trace
    assert trace is not None and trace.outputs[-1][0, 0] > 0.5
    assert cats.window.display.seen is cats.frame.probed and cats.frame.theta.tobytes() == theta
    assert panel.drawing.seen.pixels is not None and len(np.unique(panel.drawing.seen.pixels)) > 1


def test_the_guess_changes_while_drawing_and_the_last_line_is_not_lost(cats: Journey) -> None:
    panel, known = cats.window.display.probe_panel, len(cats.reports)
    draw(panel.drawing.pad, CAT[:2])
    until_drawn(cats)
    first = probe_on_show(cats)
    draw(panel.drawing.pad, CAT[2:])
    until_drawn(cats)
    assert probe_on_show(cats) != first
    moves = sum(len(stroke) for stroke in panel.drawing.pad.drawing.strokes)
    assert len(cats.shown(known)) < moves / 2


def test_clearing_the_pad_follows_training_again(cats: Journey) -> None:
    panel = cats.window.display.probe_panel
    draw(panel.drawing.pad, CAT[:1])
    until_drawn(cats)
    panel.drawing.clear.click()
    cats.until(lambda: probe_on_show(cats) is None)
    assert panel.drawing.pad.drawing.strokes == () and not panel.guesses.isVisible()
    assert panel.name.text().startswith("Training: ")


def test_choosing_a_row_takes_the_drawing_away(cats: Journey) -> None:
    panel = cats.window.display.probe_panel
    draw(panel.drawing.pad, CAT[:1])
    until_drawn(cats)
    cats.window.display.output.row_chosen.emit(4)
    cats.until(lambda: probe_on_show(cats) == Probe(4))
    assert panel.drawing.pad.drawing.strokes == ()


def test_a_drawing_goes_on_being_shown_while_training_plays(cats: Journey) -> None:
    panel = cats.window.display.probe_panel
    draw(panel.drawing.pad, CAT)
    until_drawn(cats)
    wanted = probe_on_show(cats)
    cats.play_fast(20)
    cats.pause()
    assert probe_on_show(cats) == wanted


def test_a_dropped_picture_is_seen_as_the_data_sets_own_are(cats: Journey, tmp_path: Path) -> None:
    path = tmp_path / "dark on bright.png"
    image = QImage(120, 90, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for x in range(30, 90):
        for y in (*range(20, 26), *range(60, 66)):
            image.setPixelColor(x, y, Qt.GlobalColor.black)
    assert image.save(str(path))
    panel = cats.window.display.probe_panel
    panel.drawing.pad.file_given.emit(str(path))
    cats.until(lambda: probe_on_show(cats) is not None)
    inputs = np.array(shown_frame(cats).dataset.inputs[-1]).reshape(24, 24)
    assert inputs[0].max() == 0 and inputs.max() == 255 and "dark on bright.png" in cats.window.statusBar().currentMessage()
    panel.drawing.pad.picture_given.emit(image)
    cats.until(lambda: "pasted" in cats.window.statusBar().currentMessage())
    assert np.array_equal(np.array(shown_frame(cats).dataset.inputs[-1]).reshape(24, 24), inputs)


def test_what_is_no_picture_is_said_and_changes_nothing(cats: Journey, tmp_path: Path) -> None:
    path = tmp_path / "note.png"
    path.write_text("no picture")
    cats.window.display.probe_panel.file_given.emit(str(path))
    assert "note.png" in cats.window.statusBar().currentMessage() and "no picture" in cats.window.statusBar().currentMessage()
    assert probe_on_show(cats) is None and cats.window.display.probe is None


def test_typed_words_have_five_likeliest_next_ones_and_a_click_goes_on(words: Journey) -> None:
    words.run_to(272)
    panel, data = words.window.display.probe_panel, words.frame.experiment.data
    panel.words.line.setFocus()
    QTest.keyClicks(panel.words.line, "once the ")
    words.until(lambda: probe_on_show(words) == Probe(inputs=typed_inputs(data, "once the")))
    frame = words.frame
    expected = guess(frame.network, frame.theta, frame.dataset, vocabulary_of(data), "once the")
    assert [row.text() for row in panel.guesses.rows] == [each.word for each in expected.guesses]
    assert panel.words.remark.text() == "" or "once" in panel.words.remark.text()
    chosen = panel.guesses.rows[1].text()
    QTest.mouseClick(panel.guesses.rows[1], Qt.MouseButton.LeftButton)
    assert panel.words.text == f"once the {chosen} "
    words.until(lambda: probe_on_show(words) == Probe(inputs=typed_inputs(data, f"the {chosen}")))
    assert f"word −1: {chosen}" in panel.words.strip.accessibleName()
    assert not panel.inputs.isVisible()


def test_emptying_the_line_follows_training_again(words: Journey) -> None:
    panel = words.window.display.probe_panel
    QTest.keyClicks(panel.words.line, "the ")
    words.until(lambda: probe_on_show(words) is not None)
    panel.words.line.clear()
    words.until(lambda: probe_on_show(words) is None)


def test_a_guess_for_a_row_goes_on_from_the_rows_own_words(words: Journey) -> None:
    panel, data = words.window.display.probe_panel, words.frame.experiment.data
    panel.row.setValue(30)
    words.until(lambda: probe_on_show(words) == Probe(29))
    before = [word.split(": ")[1] for word in panel.words.strip.accessibleName().removeprefix("The network reads ").split(", ")]
    chosen = panel.guesses.rows[0].text()
    QTest.mouseClick(panel.guesses.rows[0], Qt.MouseButton.LeftButton)
    words.until(lambda: probe_on_show(words) == Probe(inputs=typed_inputs(data, " ".join((*before, chosen)))))


def test_scores_of_words_come_when_the_output_is_seen_and_follow_training(words: Journey) -> None:
    output = words.window.display.output
    words.window.docks.docks["output"].raise_()
    words.until(lambda: output.words.study is not None and output.words.study.epochs == 0)
    words.run_to(136)
    words.until(lambda: output.words.study is not None and output.words.study.epochs == 1)
    study = output.words.study
    assert study is not None and study.scores is not None and study.scores.test is not None
    assert study.scores.test.network.top_5 > 0.2
    output.words.rows[0].click()
    words.until(lambda: probe_on_show(words) == Probe(study.examples[0].row))
