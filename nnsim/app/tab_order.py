"""Where the Tab key leads: toolbar, position, diagram, arithmetic, the docks on the right, the experiment, time, each as one reads.

Qt's own order is the one in which widgets were made, and rows come and go while the window lives; so the order is found anew for
every press. What shows no focus of its own, or lies behind another tab, is no stop. It refuses to give the keyboard to anything.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDockWidget, QScrollArea, QWidget

if TYPE_CHECKING:
    from nnsim.app.main_window import MainWindow

ROW_PX = 12
"""Widgets whose middles are at most so far apart in height stand in one row."""


def following(window: "MainWindow", onward: bool) -> QWidget | None:
    """The stop after the widget that has the keyboard, or with ``onward`` false before it; None if there is no stop."""
    here = window.focusWidget()
    stops = in_order(window)
    if not stops:
        return None
    if here not in stops:
        return stops[0 if onward else -1]
    return stops[(stops.index(here) + (1 if onward else -1)) % len(stops)]


def scroll_to(widget: QWidget) -> None:
    """Bring a stop into sight, where it lies in what can be scrolled."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()


def in_order(window: "MainWindow") -> list[QWidget]:
    """All stops of the window that can be seen, or scrolled to, now."""
    parts: dict[int, list[QWidget]] = {}
    for widget in window.findChildren(QWidget):
        if _is_stop(widget, window):
            parts.setdefault(_rank(widget, window), []).append(widget)
    return [widget for rank in sorted(parts) for widget in _as_read(parts[rank], window)]


def _is_stop(widget: QWidget, window: "MainWindow") -> bool:
    if not (widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.isVisible()):
        return False
    # a dock that floats is a window, with an order of its own; a scroll area shows nothing of having the keyboard
    if widget.window() is not window or widget.focusProxy() is not None or isinstance(widget, QScrollArea):
        return False
    dock = _dock_of(widget)
    return dock is None or not dock.visibleRegion().isEmpty()


def _rank(widget: QWidget, window: "MainWindow") -> int:
    display, docks = window.display, window.docks
    parts: list[QWidget] = [window.tool_bar, display.position, window.band, display.network, display.lower]
    for rank, part in enumerate(parts):
        if part is widget or part.isAncestorOf(widget):
            return rank
    left = docks.docks["experiment"], docks.docks["time"]
    dock = _dock_of(widget)
    # in the narrow arrangement the form is one of the tabs on the right
    if dock is left[0] and not docks.is_narrow:
        return len(parts) + 1
    return len(parts) + (2 if dock is left[1] else 0)


def _as_read(widgets: list[QWidget], window: "MainWindow") -> list[QWidget]:
    """From top to bottom, and in a row from left to right."""
    rows: list[list[tuple[QPoint, QWidget]]] = []
    for middle, widget in sorted(((each.mapTo(window, each.rect().center()), each) for each in widgets), key=_height):
        if not rows or middle.y() - rows[-1][0][0].y() > ROW_PX:
            rows.append([])
        rows[-1].append((middle, widget))
    return [widget for row in rows for _, widget in sorted(row, key=_from_left)]


def _height(place: tuple[QPoint, QWidget]) -> int:
    return place[0].y()


def _from_left(place: tuple[QPoint, QWidget]) -> int:
    return place[0].x()


def _dock_of(widget: QWidget) -> QDockWidget | None:
    above: QWidget | None = widget
    while above is not None and not isinstance(above, QDockWidget):
        above = above.parentWidget()
    return above
