"""How the window looks and where its panels stand: theme, text size, full screen, layout, and remembering them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMargins, QObject
from PySide6.QtWidgets import QApplication

from nnsim.app.docks import NARROW_PX
from nnsim.app.full_screen import FullScreen
from nnsim.app.theme import apply_theme, system_theme_name
from nnsim.picture.numbers import write_decimals_with
from nnsim.picture.palette import THEMES, Theme

if TYPE_CHECKING:
    from nnsim.app.main_window import MainWindow


FRAME_PX = 32


class Appearance(QObject):
    """Theme and layout of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._name = window.preferences.theme
        self._larger = window.preferences.larger_text
        self._projecting = False
        self.full_screen = FullScreen(window, self.project)
        application().styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        name = system_theme_name(application()) if self._name == "system" else self._name
        return THEMES.get(name, THEMES["light"])

    def apply(self) -> None:
        """Dress everything."""
        write_decimals_with("," if self._window.preferences.decimal_comma else ".")
        self._window.actions_by_id["view-decimal-comma"].setChecked(self._window.preferences.decimal_comma)
        apply_theme(application(), self.theme, self._larger or self._projecting)
        self._window.display.set_theme(self.theme)
        self._window.set_theme(self.theme)
        chosen = self._window.actions_by_id.get(f"view-theme-{self._name}")
        if chosen:
            chosen.setChecked(True)
        self._window.actions_by_id["view-larger-text"].setChecked(self._larger)

    def choose_theme(self, name: str, remember: bool = True) -> None:
        """Take a theme: "system", or a name in THEMES."""
        self._name = name
        if remember:
            self._window.preferences.theme = name
        self.apply()

    def show_larger_text(self, larger: bool) -> None:
        """All text a quarter larger, or not."""
        self._larger = larger
        self._window.preferences.larger_text = larger
        self.apply()

    def write_decimal_comma(self, comma: bool) -> None:
        """Write numbers with a comma, or with a point."""
        self._window.preferences.decimal_comma = comma
        self.apply()

    def cycle_full_screen(self) -> None:
        """Full screen, then the projector (diagram and equations only, larger), then as it was."""
        self.full_screen.cycle()

    def project(self, projecting: bool) -> None:
        """All text larger for a projector, whatever else is chosen, or not."""
        self._projecting = projecting
        self.apply()

    def reset_layout(self) -> None:
        """All panels back to the places for this width."""
        self._window.docks.arrange(self._window.width() < NARROW_PX)
        self._window.divide(640, 250)

    def fit_width(self, width: int) -> None:
        """Rearrange the panels when the window became narrow or wide."""
        narrow = width < NARROW_PX
        if not self.full_screen.puts_back() and narrow != self._window.docks.is_narrow and not self._projecting:
            self._window.docks.arrange(narrow)

    def restore_layout(self) -> None:
        """Everything as it stood when the window was closed last."""
        kept = self._window.preferences.layout()
        if kept is None:
            # what the desktop leaves free, less the frame that it puts round a window
            free = self._window.screen().availableSize()
            self._window.resize(min(1440, free.width()), min(900, free.height() - FRAME_PX))
            self.reset_layout()
            return
        geometry, state, splitter = kept
        self._window.restoreGeometry(geometry)
        free = self._window.screen().availableSize()
        self._window.resize(self._window.size().boundedTo(free.shrunkBy(QMargins(0, 0, 0, FRAME_PX))))
        narrow = self._window.width() < NARROW_PX
        self._window.docks.arrange(narrow)
        self._window.docks.restore(state, narrow)
        self._window.splitter.restoreState(splitter)

    def save_layout(self) -> None:
        """Remember how everything stands."""
        if not self.full_screen.is_on:
            window = self._window
            window.preferences.save_layout(window.saveGeometry(), window.saveState(), window.splitter.saveState())

    def _follow_system(self) -> None:
        if self._name == "system":
            self.apply()


def application() -> QApplication:
    """The one application."""
    instance = QApplication.instance()
    assert isinstance(instance, QApplication)
    return instance
