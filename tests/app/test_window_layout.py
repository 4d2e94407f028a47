"""How the window looks and where its panels stand: themes switch live, layouts are remembered, closing leaves nothing behind."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys import Journey, journey
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDockWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nnsim.app.docks import NARROW_PX
from nnsim.engine.moments import Moment
from nnsim.picture.palette import THEMES

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)
COLUMN = ("experiment", "loss", "output", "inspector")
TASKS = Path("/proc/self/task")


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made


def dock(made: Journey, name: str) -> QDockWidget:
    found = made.window.findChild(QDockWidget, f"dock-{name}")
    assert isinstance(found, QDockWidget)
    return found


def threads_of_this_process() -> int:
    """How many threads this process has, where the system says so."""
    return sum(1 for _ in TASKS.iterdir()) if TASKS.is_dir() else threading.active_count()


def ground_of(widget: QWidget) -> QColor:
    return widget.grab().toImage().pixelColor(2, widget.height() - 3)


@pytest.mark.parametrize("playing", [False, True], ids=["paused", "playing"])
def test_themes_switch_live(ring: Journey, playing: bool) -> None:
    ring.show()
    if playing:
        ring.play_fast()
    for name in ("dark", "high-contrast", "light", "dark"):
        ring.act(f"view-theme-{name}")
        theme = THEMES[name]
        assert ring.window.display.theme == theme and ring.window.palette().window().color() == QColor(theme.panel)
        assert ground_of(ring.window.display.network) == QColor(theme.base)
        assert ring.window.actions_by_id[f"view-theme-{name}"].isChecked()
        assert not ring.window.grab().isNull()
    assert ring.is_playing() == playing


def test_the_chosen_theme_and_text_size_are_remembered(
        ring: Journey, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring.show()
    ring.act("view-theme-dark")
    size = ring.window.font().pixelSize()
    ring.act("view-larger-text")
    assert ring.window.font().pixelSize() > size
    with journey(qtbot, tmp_path, monkeypatch) as again:
        again.show()
        assert again.window.display.theme.name == "dark"
        assert again.window.actions_by_id["view-theme-dark"].isChecked()
        assert again.window.actions_by_id["view-larger-text"].isChecked()
        again.act("view-larger-text")
        assert again.window.font().pixelSize() == size
        again.act("view-theme-system")


def test_the_layout_is_remembered(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with journey(qtbot, tmp_path, monkeypatch) as first:
        first.show()
        # as small as it goes, since a window that comes back is fitted to the screen
        first.window.resize(0, 0)
        size = first.window.size()
        dock(first, "loss").hide()
        # when a step has been shown, the layout has settled
        first.act("step-next-batch")
        first.until_finished(1)
        first.window.divide(300, 400)
        sizes = first.window.splitter.sizes()
    with journey(qtbot, tmp_path, monkeypatch) as second:
        second.show()
        assert second.window.size() == size != QSize(1440, 900)
        assert dock(second, "loss").isHidden() and not dock(second, "output").isHidden()
        assert second.window.splitter.sizes()[0] == pytest.approx(sizes[0], abs=4)
        second.act("view-reset-layout")
        assert not dock(second, "loss").isHidden()


def test_a_first_window_has_the_wide_arrangement(ring: Journey) -> None:
    ring.show()
    area = ring.window.dockWidgetArea
    assert (ring.window.width(), ring.window.height()) == (1440, 900)
    assert area(dock(ring, "experiment")) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert area(dock(ring, "loss")) == area(dock(ring, "output")) == Qt.DockWidgetArea.RightDockWidgetArea
    assert area(dock(ring, "time")) == Qt.DockWidgetArea.BottomDockWidgetArea


def test_a_narrow_window_has_all_panels_as_tabs_of_one_column_and_a_wide_one_not(ring: Journey) -> None:
    ring.show()
    ring.window.resize(NARROW_PX - 100, 720)
    ring.until(lambda: len(ring.window.tabifiedDockWidgets(dock(ring, "experiment"))) == 3)
    area = ring.window.dockWidgetArea
    assert {area(dock(ring, name)) for name in COLUMN} == {Qt.DockWidgetArea.RightDockWidgetArea}
    ring.window.resize(1440, 900)
    ring.until(lambda: area(dock(ring, "experiment")) == Qt.DockWidgetArea.LeftDockWidgetArea)
    assert ring.window.tabifiedDockWidgets(dock(ring, "experiment")) == []


def test_the_window_fits_a_small_screen(ring: Journey) -> None:
    ring.window.resize(1024, 700)
    ring.show()
    assert (ring.window.width(), ring.window.height()) == (1024, 700)


def test_full_screen_then_the_projector_then_as_it_was(ring: Journey) -> None:
    ring.show()
    ring.act("view-full-screen")
    assert ring.window.isFullScreen() and not dock(ring, "loss").isHidden()
    size = ring.window.font().pixelSize()
    ring.act("view-full-screen")
    assert dock(ring, "loss").isHidden() and ring.window.menuBar().isHidden() and ring.window.font().pixelSize() > size
    ring.act("view-full-screen")
    shown = not dock(ring, "loss").isHidden()
    assert shown and not ring.window.menuBar().isHidden() and ring.window.font().pixelSize() == size


def test_panels_can_be_hidden_while_training(ring: Journey) -> None:
    ring.show()
    ring.play_fast()
    for name in (*COLUMN, "time"):
        dock(ring, name).hide()
    known = len(ring.shown())
    ring.until(lambda: len(ring.shown()) > known + 3)
    for name in (*COLUMN, "time"):
        dock(ring, name).show()
    ring.until(lambda: len(ring.shown()) > known + 6)
    assert ring.is_playing()


def test_a_panel_that_is_shown_again_shows_the_present(ring: Journey) -> None:
    ring.show()
    output = ring.window.display.output
    dock(ring, "output").hide()
    ring.run_to(40)
    dock(ring, "output").show()
    dock(ring, "output").raise_()
    ring.until(lambda: output.isVisible() and ring.frame.surface is not None)


def test_closing_while_training_leaves_no_thread(
        qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = threads_of_this_process()
    for _ in range(10):
        with journey(qtbot, tmp_path, monkeypatch) as made:
            made.play_fast(50)
            assert threads_of_this_process() > before
    assert threads_of_this_process() == before


def test_closing_on_a_long_way_leaves_no_thread(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = threads_of_this_process()
    with journey(qtbot, tmp_path, monkeypatch) as made:
        made.window.show()
        made.window.seek(Moment(10_000_000, 0))
        # it is under way as soon as the status bar offers to give it up
        made.until(lambda: any(button.text() == "Cancel" and button.isVisible()
                               for button in made.window.statusBar().findChildren(QPushButton)))
    assert threads_of_this_process() == before
