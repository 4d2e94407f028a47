"""How the diagram and the arithmetic share the middle's height."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nnsim.app.middle import LOWER_PX, USUAL_PX, Middle

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def middle(qtbot: QtBot, height: int) -> Middle:
    made = Middle()
    qtbot.addWidget(made)
    for at, stretch in enumerate((1, 0)):
        made.addWidget(QWidget())
        made.setStretchFactor(at, stretch)
    made.share()
    made.show()
    QApplication.processEvents()
    # only now is the style's handle as wide as it will be
    made.resize(600, height + made.handleWidth())
    return made


def test_of_a_higher_window_both_get_more_and_of_a_lower_one_the_arithmetic_keeps_its_height(qtbot: QtBot) -> None:
    made = middle(qtbot, USUAL_PX)
    usual = made.sizes()
    assert usual == [USUAL_PX - LOWER_PX, LOWER_PX]
    made.resize(600, made.height() + 200)
    assert made.sizes() == [usual[0] + 110, usual[1] + 90]
    made.resize(600, made.height() - 300)
    assert made.sizes() == [usual[0] - 100, usual[1]]


def test_a_share_that_was_chosen_is_kept_until_the_usual_one_is_asked_for(qtbot: QtBot) -> None:
    made = middle(qtbot, USUAL_PX)
    made.divide(500, 150)
    made.resize(600, made.height() + 200)
    assert made.sizes() == [700, 150]
    made.share()
    assert made.sizes() == [USUAL_PX - LOWER_PX + 110, LOWER_PX + 90]


@pytest.mark.parametrize("chosen", [False, True])
def test_what_comes_back_follows_the_height_only_where_it_did_before(qtbot: QtBot, chosen: bool) -> None:
    made = middle(qtbot, USUAL_PX)
    if chosen:
        made.divide(500, 150)
    again = middle(qtbot, USUAL_PX)
    again.restoreState(made.saveState())
    assert again.sizes() == made.sizes()
    again.resize(600, again.height() + 200)
    assert again.sizes()[1] == (150 if chosen else LOWER_PX + 90)
