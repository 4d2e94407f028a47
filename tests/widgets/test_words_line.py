"""The line for words: when it announces them, and that it marks those the network does not know; and the guesses' bars."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.picture.class_shares import ClassShare
from nnsim.picture.context_words import context_typed
from nnsim.picture.palette import THEMES
from nnsim.widgets.guess_bars import GuessBars
from nnsim.widgets.words_line import WordsLine

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
TEXT = example("next-word").experiment.data


@pytest.fixture
def line(qtbot: QtBot) -> WordsLine:
    made = WordsLine()
    qtbot.addWidget(made)
    made.set_theme(THEMES["light"])
    with qtbot.waitExposed(made):
        made.show()
    made.line.setFocus()
    return made


def typed(line: WordsLine) -> list[str]:
    found: list[str] = []
    line.words_typed.connect(found.append)
    return found


def test_a_word_is_announced_when_a_space_or_a_mark_ends_it(line: WordsLine) -> None:
    found = typed(line)
    QTest.keyClicks(line.line, "the cat")
    assert found == ["the "]
    QTest.keyClicks(line.line, ".")
    assert found == ["the ", "the cat."]


def test_a_word_is_announced_when_typing_pauses(qtbot: QtBot, line: WordsLine) -> None:
    found = typed(line)
    with qtbot.waitSignal(line.words_typed):
        QTest.keyClicks(line.line, "cat")
    assert found == ["cat"]


def test_return_announces_at_once_and_nothing_twice(line: WordsLine) -> None:
    found = typed(line)
    QTest.keyClicks(line.line, "cat")
    QTest.keyClick(line.line, Qt.Key.Key_Return)
    QTest.keyClick(line.line, Qt.Key.Key_Return)
    assert found == ["cat"]


def test_a_guess_is_appended_and_announced(line: WordsLine) -> None:
    QTest.keyClicks(line.line, "the ")
    found = typed(line)
    line.go_on_with("cat", "never read")
    line.go_on_with("sat", "never read")
    assert found == ["the cat ", "the cat sat "] and line.text == "the cat sat "


def test_a_guess_goes_on_from_the_rows_words_where_nothing_was_typed(line: WordsLine) -> None:
    line.go_on_with("sat", "the cat")
    assert line.text == "the cat sat "


def test_clearing_the_line_is_announced_and_forgetting_it_is_not(line: WordsLine) -> None:
    QTest.keyClicks(line.line, "the ")
    found = typed(line)
    line.line.clear()
    assert found == [""]
    QTest.keyClicks(line.line, "a ")
    line.forget()
    assert found == ["", "a "] and line.text == ""


def test_an_unknown_word_is_marked_and_said(line: WordsLine) -> None:
    line.show_context(context_typed(TEXT, "the zebra"))
    assert line.remark.isVisible() and "'zebra' is not a word it knows" in line.remark.text()
    known = line.strip.grab().toImage()
    line.show_context(context_typed(TEXT, "the cat"))
    assert not line.remark.isVisible() and line.strip.grab().toImage() != known
    assert line.strip.accessibleName() == "The network reads word −2: the, word −1: cat"


@pytest.fixture
def bars(qtbot: QtBot) -> GuessBars:
    made = GuessBars()
    qtbot.addWidget(made)
    made.set_theme(THEMES["dark"])
    made.resize(320, 130)
    with qtbot.waitExposed(made):
        made.show()
    return made


GUESSES = (ClassShare("cat", 0.625, True), ClassShare("dog", 0.25, False, True))


def test_a_bar_is_as_long_as_its_share(bars: GuessBars) -> None:
    bars.show_guesses((ClassShare("a", 0.25, False), ClassShare("b", 0.75, True)))
    blue = []
    for row in bars.rows:
        shown = row.grab().toImage()
        middle = shown.height() // 2
        blue.append(sum(shown.pixelColor(x, middle).name() == THEMES["dark"].pos for x in range(shown.width())))
    assert blue[0] > 10 and blue[1] == pytest.approx(3 * blue[0], abs=4)


def test_the_exact_number_is_one_hover_away(bars: GuessBars) -> None:
    bars.show_guesses(GUESSES)
    assert bars.rows[0].accessibleName() == "cat: 62.5 %" and "probability 0.625" in bars.rows[0].toolTip()


def test_a_word_can_be_chosen_by_click_and_key_and_a_class_cannot(bars: GuessBars) -> None:
    found: list[str] = []
    bars.name_chosen.connect(found.append)
    bars.show_guesses(GUESSES)
    QTest.mouseClick(bars.rows[1], Qt.MouseButton.LeftButton)
    assert found == [] and bars.rows[1].focusPolicy() == Qt.FocusPolicy.NoFocus
    bars.show_guesses(GUESSES, choosable=True)
    QTest.mouseClick(bars.rows[1], Qt.MouseButton.LeftButton)
    QTest.keyClick(bars.rows[0], Qt.Key.Key_Space)
    assert found == ["dog", "cat"]


def test_fewer_guesses_leave_no_row_behind(bars: GuessBars) -> None:
    bars.show_guesses(GUESSES)
    bars.show_guesses(GUESSES[:1])
    assert [row.isVisible() for row in bars.rows] == [True, False]
    bars.show_guesses(())
    assert not bars.isVisible()
