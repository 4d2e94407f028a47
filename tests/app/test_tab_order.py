"""The Tab key: it leads through the window as one reads, and every place that it stops at shows it."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from journeys import Journey, journey
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nnsim.app.docks import NARROW_PX

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)
PARTS = ("network-view", "lower-pane", "dock-loss", "dock-output", "dock-experiment", "dock-time", "transport", "position-bar")


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        made.show()
        made.act("step-next-batch")
        made.until_finished(1)
        yield made


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def tour(made: Journey, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> list[QWidget]:
    """All places where the keyboard stops on its way round from the diagram."""
    made.window.display.network.setFocus()
    stops = [focused()]
    while True:
        made.press(Qt.Key.Key_Backtab if modifiers else Qt.Key.Key_Tab, modifiers)
        if focused() is stops[0]:
            return stops
        assert focused() not in stops
        stops.append(focused())


def part_of(widget: QWidget) -> str:
    """The part of the window that a widget belongs to."""
    above: QWidget | None = widget
    while above is not None and above.objectName() not in PARTS:
        above = above.parentWidget()
    return above.objectName() if above is not None else "tabs"


def test_tab_goes_from_the_diagram_down_then_right_then_through_the_form_from_its_top(ring: Journey) -> None:
    stops = tour(ring)
    assert [part for part, _ in groupby(map(part_of, stops))] == [
        "network-view", "lower-pane", "dock-loss", "tabs", "dock-output", "dock-experiment", "dock-time", "transport",
        "position-bar"]
    form = ring.window.display.form
    in_form = [widget for widget in stops if part_of(widget) == "dock-experiment"]
    wanted = [form.sources.tiles[0], form.sources.list, form.layers.rows[0].width_field, form.layers.rows[1].width_field,
              form.layers.add_button, form.rate_slider, form.fields["learning.rate"].editor, form.fields["seed"].editor,
              form.seed_button]
    places = [in_form.index(widget) for widget in wanted]
    assert places == sorted(places) and places[0] == 0
    assert tour(ring, Qt.KeyboardModifier.ShiftModifier) == [stops[0], *stops[:0:-1]]


def test_in_a_narrow_window_tab_stops_nowhere_behind_another_tab(ring: Journey) -> None:
    ring.window.resize(NARROW_PX - 100, 720)
    ring.until(lambda: ring.window.docks.is_narrow and not ring.window.docks.docks["output"].visibleRegion().isEmpty())
    assert [part for part, _ in groupby(map(part_of, tour(ring)))] == [
        "network-view", "lower-pane", "tabs", "dock-output", "dock-time", "transport", "position-bar"]


def test_every_stop_shows_that_it_has_the_keyboard(ring: Journey) -> None:
    def seen() -> QImage:
        ring.window.display.network.repaint()
        return ring.window.grab().toImage()

    for stop in tour(ring):
        stop.clearFocus()
        without = seen()
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        assert seen() != without, (type(stop).__name__, stop.objectName(), stop.accessibleName())
