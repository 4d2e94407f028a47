"""The table of actions: every row does something, no key is given twice, and the names that scripts rely on are there."""

from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import pytest
from journeys import Journey, journey
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QMenu, QMessageBox, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from nnsim.app.actions import MENUS, ROWS, table
from nnsim.engine.examples import example_names
from nnsim.engine.marks import Grain

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

PROMISED = ("file-new", "file-open", "file-save", "file-save-as", "train-play", "step-next", "step-previous", "time-rewind",
            "edit-undo", "edit-redo", *(f"step-{way}-{grain.name.lower()}" for way in ("next", "previous") for grain in Grain))
WIDGETS = ("network-view", "loss-plot", "output-view", "equation-panel", "inspector", "experiment-form", "transport-bar",
           "time-slider")


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made


def test_every_row_names_a_method_of_the_window(ring: Journey) -> None:
    for row in ROWS:
        assert callable(attrgetter(row.method)(ring.window)), row.id


def test_no_id_and_no_key_is_given_twice() -> None:
    assert [name for name, count in Counter(row.id for row in ROWS).items() if count > 1] == []
    keys = Counter(QKeySequence(key).toString() for row in ROWS for key in row.keys)
    assert [key for key, count in keys.items() if count > 1 or not key] == []


def test_the_actions_that_scripts_rely_on_are_there_under_their_names(ring: Journey) -> None:
    for name in PROMISED:
        assert isinstance(ring.window.findChild(QAction, name), QAction), name


def test_the_widgets_that_scripts_rely_on_are_there_under_their_names(ring: Journey) -> None:
    for name in WIDGETS:
        assert len(ring.window.findChildren(QWidget, name)) == 1, name


def test_every_action_stands_in_its_menu_with_its_keys_and_a_tip(ring: Journey) -> None:
    bar = ring.window.menuBar().actions()
    menus = {action.text().replace("&", ""): action.menu() for action in bar}
    assert tuple(menus) == tuple(MENUS)
    for row in ROWS:
        menu = menus[row.menu]
        assert isinstance(menu, QMenu)
        action = ring.window.actions_by_id[row.id]
        found = menu.findChildren(QMenu) if row.submenu else [menu]
        assert any(action in each.actions() for each in found if isinstance(each, QMenu)), row.id
        assert [key.toString() for key in action.shortcuts()] == [QKeySequence(key).toString() for key in row.keys]
        assert action.statusTip() and action.toolTip()


@pytest.mark.qt_log_ignore("does not support (propagateSizeHints|raise|grabbing)", extend=True)
def test_every_menu_has_a_letter_of_its_own_and_f10_opens_the_first(ring: Journey) -> None:
    bar = ring.window.menuBar()
    letters = [QKeySequence.mnemonic(action.text()).toString() for action in bar.actions()]
    assert all(letters) and len(set(letters)) == len(letters) == len(MENUS)
    assert not set(letters) & {QKeySequence(key).toString() for row in ROWS for key in row.keys}
    ring.show()
    ring.press(Qt.Key.Key_F10)
    ring.until(lambda: bar.activeAction() is bar.actions()[0])
    menu = bar.actions()[0].menu()
    assert isinstance(menu, QMenu) and menu.isVisible()
    menu.close()


def test_every_example_is_offered_and_opens(ring: Journey) -> None:
    for name in ("iris", "textbook-2-2-2", "digits"):
        action = ring.window.findChild(QAction, f"example-{name}")
        assert isinstance(action, QAction)
        action.trigger()
        ring.until(lambda: ring.window.document.title == name)  # noqa: B023
    for name in example_names():
        assert ring.window.findChild(QAction, f"example-{name}") is not None


def test_the_shortcuts_are_shown_in_full(ring: Journey) -> None:
    ring.act("help-shortcuts")
    dialog = ring.window.findChild(QDialog)
    assert isinstance(dialog, QDialog)
    shown = dialog.findChild(QTableWidget)
    assert isinstance(shown, QTableWidget)
    assert shown.rowCount() == sum(bool(row.keys) for row in ROWS)
    dialog.close()


@pytest.mark.parametrize("name", ["help-about", "help-log"])
def test_help_is_a_box_that_closes(ring: Journey, name: str) -> None:
    ring.act(name)
    box = ring.window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.isVisible() and "nnsim" in box.text() + box.informativeText()
    box.close()


def test_the_table_of_actions_lists_every_row() -> None:
    lines = table().splitlines()
    assert len(lines) == 2 + len(ROWS)
    assert all(row.title in line for row, line in zip(ROWS, lines[2:], strict=True))


def test_what_can_be_switched_is_switched_on_and_off(ring: Journey) -> None:
    for expected in (True, False):
        ring.act("view-labels-all")
        ring.act("view-larger-text")
        assert ring.window.display.labels_all == ring.window.preferences.larger_text == expected


@pytest.mark.parametrize("key", [Qt.Key.Key_L, Qt.Key.Key_F, Qt.Key.Key_Plus, Qt.Key.Key_Minus])
def test_keys_of_the_diagram_change_nothing_of_the_run(ring: Journey, key: Qt.Key) -> None:
    ring.show()
    before, known = ring.frame, len(ring.reports)
    ring.press(key)
    ring.press(key)
    ring.act("step-next-batch")
    ring.until_finished(1)
    assert ring.edits() == (False, False) and ring.frame.experiment == before.experiment
    assert len(ring.shown(known)) >= 1
