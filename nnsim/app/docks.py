"""Where the panels stand: the wide arrangement, the narrow one, and the projector's.

Wide: the experiment on the left, loss over output on the right with the inspector behind it, time along the bottom. Narrow: all
panels are tabs of one column on the right. It refuses to know what is in them.
"""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

NARROW_PX = 1180
"""Below this width the panels share one column."""
LEFT_PX, RIGHT_PX, COLUMN_PX = 284, 347, 300


class Docks:
    """The dock widgets by id, and their arrangement."""

    def __init__(self, window: QMainWindow, panels: Mapping[str, tuple[str, QWidget]]) -> None:
        """``panels``: id -> (title, widget)."""
        self._window = window
        self.docks: dict[str, QDockWidget] = {}
        self.is_narrow = False
        window.setDockNestingEnabled(True)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for name, (title, widget) in panels.items():
            dock = QDockWidget(title, window)
            dock.setObjectName(f"dock-{name}")
            dock.setWidget(widget)
            self.docks[name] = dock
        time = self.docks["time"]
        time.setTitleBarWidget(QWidget(time))
        time.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)

    def arrange(self, narrow: bool) -> None:
        """Put all panels to their places."""
        self.is_narrow = narrow
        window, docks = self._window, self.docks
        for dock in docks.values():
            window.removeDockWidget(dock)
            dock.setFloating(False)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks["time"])
        right = Qt.DockWidgetArea.RightDockWidgetArea
        if narrow:
            first, *others = (docks[name] for name in ("experiment", "loss", "output", "inspector", "probe", "plots", "results"))
            window.addDockWidget(right, first)
            for dock in others:
                window.tabifyDockWidget(first, dock)
        else:
            window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["experiment"])
            window.addDockWidget(right, docks["loss"])
            window.splitDockWidget(docks["loss"], docks["output"], Qt.Orientation.Vertical)
            for name, other in (("output", "inspector"), ("inspector", "probe"), ("probe", "plots"), ("plots", "results")):
                window.tabifyDockWidget(docks[name], docks[other])
        for dock in docks.values():
            dock.show()
        self._size(narrow)
        self.spell_out_tabs()
        # Qt lays tabs out when it is back in its loop, and raises the last one added
        QTimer.singleShot(0, docks["output"], docks["output"].raise_)

    def restore(self, state: QByteArray, narrow: bool) -> None:
        """Put all panels where they stood when the window's ``state`` was saved, in the ``narrow`` arrangement or the wide one."""
        self.is_narrow = narrow
        self._window.restoreState(state)
        for name, dock in self.docks.items():
            # Qt writes names as UTF-16
            if not state.contains(dock.objectName().encode("utf-16-be")):
                self._place_beside_others(name)
        self.spell_out_tabs()

    def _place_beside_others(self, name: str) -> None:
        """Make a panel that a saved state does not know a tab of the right column, behind whichever panel stands there."""
        dock, right = self.docks[name], Qt.DockWidgetArea.RightDockWidgetArea
        for other in reversed([each for key, each in self.docks.items() if key != name]):
            if not (other.isFloating() or other.isHidden()) and self._window.dockWidgetArea(other) == right:
                self._window.tabifyDockWidget(other, dock)
                return

    def spell_out_tabs(self) -> None:
        """Have Qt's tab bars show whole titles; it makes new ones with every arrangement."""
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setExpanding(False)

    def hide(self) -> None:
        """Hide all panels: the projector shows none. The window's saved state brings them back."""
        for dock in self.docks.values():
            dock.hide()

    def _size(self, narrow: bool) -> None:
        docks = self.docks
        if narrow:
            self._window.resizeDocks([docks["experiment"]], [COLUMN_PX], Qt.Orientation.Horizontal)
            return
        self._window.resizeDocks([docks["experiment"], docks["loss"]], [LEFT_PX, RIGHT_PX], Qt.Orientation.Horizontal)
        self._window.resizeDocks([docks["loss"], docks["output"]], [300, 370], Qt.Orientation.Vertical)
