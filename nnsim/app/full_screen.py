"""The whole screen, and the projector: diagram, position and equations only. Then everything as it stood before.

It is apart from the rest of the looks because it has to remember: larger text and hidden panels move every splitter, and a desktop
gives a window its size back only some time after it was asked. It refuses to know themes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from nnsim.app.main_window import MainWindow

PROJECTOR = 2
"""The stages: 0 is the window, 1 the full screen, 2 the projector."""
SETTLED_MS = 1000
"""How long the desktop may take to give the window its size back."""


@dataclass(frozen=True)
class _Standing:
    """How a window stood."""

    size: QSize
    panels: QByteArray
    middle: QByteArray
    narrow: bool


class FullScreen(QObject):
    """The stages of one window."""

    def __init__(self, window: "MainWindow", project: Callable[[bool], None]) -> None:
        """``project`` makes the text larger, or as it was."""
        super().__init__(window)
        self._window, self._project = window, project
        self._stage = 0
        self._before: _Standing | None = None
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        # only there: in the window Escape is for what has the keyboard
        self._leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), window, self.leave)
        self._leave.setEnabled(False)

    @property
    def is_on(self) -> bool:
        """Whether the window has the whole screen."""
        return self._stage > 0

    def cycle(self) -> None:
        """The next stage; after the last one the window as it was."""
        self._enter((self._stage + 1) % (PROJECTOR + 1))

    def leave(self) -> None:
        """The window as it was."""
        self._enter(0)

    def puts_back(self) -> bool:
        """Put everything back if the window has just got its old size back; whether that was so."""
        before = self._before
        if before is None or self.is_on or not self._settled.isActive() or self._window.size() != before.size:
            return False
        self._put_back()
        return True

    def _enter(self, stage: int) -> None:
        window = self._window
        if not self.is_on:
            self._before = _Standing(window.size(), window.saveState(), window.splitter.saveState(), window.docks.is_narrow)
        last, self._stage = self._stage, stage
        self._leave.setEnabled(stage == PROJECTOR)
        if stage == PROJECTOR:
            self._begin_projecting()
        elif last == PROJECTOR:
            # first of all, since with a larger text the window may not be as small as it was
            self._project(False)
            self._show_furniture(True)
        state, full = window.windowState(), Qt.WindowState.WindowFullScreen
        if stage:
            window.setWindowState(state | full)
        else:
            self._settled.start()
            window.setWindowState(state & ~full)
            self._put_back()

    def _begin_projecting(self) -> None:
        self._window.docks.hide()
        self._show_furniture(False)
        # the actions of menus and buttons are still heard by their keys
        self._window.display.network.setFocus()
        self._project(True)

    def _show_furniture(self, visible: bool) -> None:
        for furniture in (self._window.menuBar(), self._window.tool_bar, self._window.statusBar()):
            furniture.setVisible(visible)
        self._window.display.lower.show_tabs(visible)

    def _put_back(self) -> None:
        if self._before is not None:
            self._window.docks.restore(self._before.panels, self._before.narrow)
            self._window.splitter.restoreState(self._before.middle)
