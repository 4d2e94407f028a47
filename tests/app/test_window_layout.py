"""How the window looks and where its panels stand: themes switch live, layouts are remembered, closing leaves nothing behind."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys import Journey, journey
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QDockWidget, QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from nnsim.app.docks import NARROW_PX
from nnsim.app.theme import DESIGN_FONT_PX
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.files.session import Session
from nnsim.picture.palette import THEMES

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)
COLUMN = ("experiment", "loss", "output", "inspector", "probe", "plots", "results")
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


def test_a_wide_layout_and_a_narrow_one_are_remembered_apart(
        qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large, small = (1440, 900), (1024, 700)

    def divided(screen: tuple[int, int], equations: int = 0) -> tuple[QSize, bool, list[int], bool]:
        """How a window stands on a screen, its form's width, and what is hidden; before it closes it is divided anew."""
        with journey(qtbot, tmp_path, monkeypatch, screen=screen) as made:
            made.show()
            made.act("step-next-batch")
            made.until_finished(1)
            together = len(made.window.tabifiedDockWidgets(dock(made, "experiment"))) == len(COLUMN) - 1
            stands = made.window.size(), together, made.window.splitter.sizes(), dock(made, "experiment").width() >= 240
            if equations:
                made.window.splitter.divide(1000, equations)
            return stands

    first = divided(large, equations=300)
    assert first[0].width() == 1440 and not first[1] and first[3]
    below = divided(small)
    assert below[0].width() == 1024 and below[0].height() <= 700 and below[1] and below[3]
    again = divided(large)
    assert again[0] == first[0] and not again[1] and again[2][1] == pytest.approx(300, abs=4) and again[3]
    assert divided(small)[:2] == below[:2]


def test_a_window_left_narrow_on_a_large_screen_comes_back_narrow(
        qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with journey(qtbot, tmp_path, monkeypatch) as first:
        first.show()
        first.window.resize(NARROW_PX - 100, 720)
        first.until(lambda: first.window.docks.is_narrow)
    with journey(qtbot, tmp_path, monkeypatch) as second:
        second.show()
        assert second.window.width() == NARROW_PX - 100 and second.window.docks.is_narrow


def test_a_first_window_has_the_wide_arrangement(ring: Journey) -> None:
    ring.show()
    area = ring.window.dockWidgetArea
    assert (ring.window.width(), ring.window.height()) == (1440, 900)
    assert area(dock(ring, "experiment")) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert area(dock(ring, "loss")) == area(dock(ring, "output")) == Qt.DockWidgetArea.RightDockWidgetArea
    assert area(dock(ring, "time")) == Qt.DockWidgetArea.BottomDockWidgetArea


@pytest.mark.parametrize("name", ["spiral", "digits"])
def test_all_that_is_not_folded_away_in_the_form_is_in_sight_in_a_first_window(
        qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with journey(qtbot, tmp_path, monkeypatch, name) as made:
        made.show()
        made.act("step-next-batch")
        made.until_finished(1)
        form = made.window.display.form
        for path in ("learning.rate", "learning.penalty", "batch_size", "seed"):
            field = form.fields[path]
            assert field.isVisible() and field.visibleRegion().boundingRect() == field.rect(), path


def test_a_narrow_window_has_all_panels_as_tabs_of_one_column_and_a_wide_one_not(ring: Journey) -> None:
    ring.show()
    ring.window.resize(NARROW_PX - 100, 720)
    ring.until(lambda: len(ring.window.tabifiedDockWidgets(dock(ring, "experiment"))) == len(COLUMN) - 1)
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


def standing(made: Journey) -> dict[str, object]:
    """Where everything stands, in pixels."""
    window = made.window
    return {"window": window.size(), "middle": window.splitter.sizes(), "narrow": window.docks.is_narrow,
            "hidden": [name for name, each in window.docks.docks.items() if each.isHidden()],
            "panels": [dock(made, name).geometry() for name in (*COLUMN, "time") if dock(made, name).isVisible()],
            "furniture": [each.isHidden() for each in (window.menuBar(), window.tool_bar, window.statusBar())]}


@pytest.mark.parametrize("key", [Qt.Key.Key_F11, Qt.Key.Key_Escape], ids=["F11", "Escape"])
@pytest.mark.parametrize("width", [1300, NARROW_PX - 100], ids=["wide", "narrow"])
def test_after_the_projector_everything_stands_as_before(ring: Journey, key: Qt.Key, width: int) -> None:
    ring.window.resize(width, 820)
    ring.show()
    ring.until(lambda: ring.window.docks.is_narrow == (width < NARROW_PX))
    # all but the places that a new window has
    ring.window.resizeDocks([dock(ring, "loss"), dock(ring, "output")], [190, 400], Qt.Orientation.Vertical)
    dock(ring, "inspector").close()
    ring.window.divide(300, 260)
    QApplication.processEvents()
    before = standing(ring)
    for _ in range(2):
        for _ in range(2):
            ring.press(Qt.Key.Key_F11)
        ring.until(lambda: all(dock(ring, name).isHidden() for name in (*COLUMN, "time")))
        ring.press(key)
        assert not ring.window.isFullScreen()
        ring.until(lambda: standing(ring) == before)


def test_a_desktop_that_gives_the_size_back_late_changes_nothing(ring: Journey) -> None:
    ring.window.resize(1300, 820)
    ring.show()
    ring.window.resizeDocks([dock(ring, "loss"), dock(ring, "output")], [190, 400], Qt.Orientation.Vertical)
    QApplication.processEvents()
    before = standing(ring)
    for _ in range(3):
        ring.act("view-full-screen")
    # as some desktops do it: first a size of their own, then the one the window had
    ring.window.resize(NARROW_PX - 50, 700)
    ring.until(lambda: ring.window.docks.is_narrow)
    ring.window.resize(1300, 820)
    ring.until(lambda: standing(ring) == before)


def test_panels_that_are_tabs_have_their_whole_titles_after_full_screen_as_well(ring: Journey) -> None:
    ring.show()
    for _ in range(3):
        ring.act("view-full-screen")
    bars = ring.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert bars and all(bar.elideMode() == Qt.TextElideMode.ElideNone for bar in bars)


def test_in_the_projector_there_is_only_what_is_to_be_seen_and_time_goes_by_the_keys(ring: Journey) -> None:
    ring.show()
    ring.window.display.transport.setFocus()
    ring.act("view-full-screen")
    ring.act("view-full-screen")
    show = ring.window.display
    assert all(each.isVisible() for each in (show.network, show.position, show.equations))
    assert not any(each.isVisible() for each in (show.transport, show.time, show.loss, show.form, ring.window.statusBar()))
    reference = Session.open("ring")
    for key, count in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Left, -1)):
        reference.step(Grain.BATCH, count)
        ring.press(key)
        ring.until_at(reference.moment)
    ring.press(Qt.Key.Key_Space)
    assert ring.is_playing()


def test_escape_is_the_diagrams_own_where_there_is_no_projector(ring: Journey) -> None:
    ring.show()
    ring.act("view-full-screen")
    ring.press(Qt.Key.Key_Escape)
    assert ring.window.isFullScreen()


def test_text_has_its_size_from_the_first(ring: Journey, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = QApplication.font().pixelSize()
    assert plain >= DESIGN_FONT_PX
    ring.window.preferences.larger_text = True
    with journey(qtbot, tmp_path, monkeypatch) as larger:
        parts = (larger.window, larger.window.menuBar(), larger.window.display.equations, larger.window.display.time)
        assert {QFontInfo(each.font()).pixelSize() for each in parts} == {QApplication.font().pixelSize()}
        assert QApplication.font().pixelSize() > plain
        larger.act("view-larger-text")
    assert QApplication.font().pixelSize() == plain


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
        made.window.travel.seek(Moment(10_000_000, 0))
        # it is under way as soon as the status bar offers to give it up
        made.until(lambda: any(button.text() == "Cancel" and button.isVisible()
                               for button in made.window.statusBar().findChildren(QPushButton)))
    assert threads_of_this_process() == before
