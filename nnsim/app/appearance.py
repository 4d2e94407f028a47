"""How the window looks and where its panels stand: theme, text size, full screen, layout, and remembering them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMargins, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QStyle

from nnsim.app.docks import LEFT_PX, NARROW_PX
from nnsim.app.full_screen import FullScreen
from nnsim.app.preferences import Layout
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
        self._show_digits()
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
        self._widen_form(self._window.docks.docks["experiment"].width())

    def write_decimal_comma(self, comma: bool) -> None:
        """Write numbers with a comma, or with a point."""
        self._window.preferences.decimal_comma = comma
        self.apply()
        self._window.display.refresh_form()

    def choose_digits(self, digits: int | None) -> None:
        """Write so many decimals in equations and matrices; None: all that the numbers have."""
        self._window.preferences.digits = digits
        self._show_digits()

    def _show_digits(self) -> None:
        digits = self._window.preferences.digits
        self._window.actions_by_id[f"view-digits-{'all' if digits is None else digits}"].setChecked(True)
        for widget in (self._window.display.equations, self._window.display.matrices):
            widget.set_digits(digits)

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
        self._window.splitter.share()
        self._widen_form(LEFT_PX)

    def _widen_form(self, present: int) -> None:
        """Where a larger text needs it, give the form, ``present`` pixels wide, the width at which nothing in it is cut off."""
        window = self._window
        dock, form = window.docks.docks["experiment"], window.display.form
        needed = form.minimumWidth() + form.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        if not window.docks.is_narrow and present < needed:
            window.resizeDocks([dock], [needed], Qt.Orientation.Horizontal)

    def fit_width(self, width: int) -> None:
        """Rearrange the panels when the window became narrow or wide."""
        narrow = width < NARROW_PX
        if not self.full_screen.puts_back() and narrow != self._window.docks.is_narrow and not self._projecting:
            self._window.docks.arrange(narrow)
            self._widen_form(LEFT_PX)

    def restore_layout(self) -> None:
        """Everything as it stood when the window was closed last, as far as this screen has room for it."""
        window, preferences = self._window, self._window.preferences
        # what the desktop leaves free, less the frame that it puts round a window
        free = window.screen().availableSize().shrunkBy(QMargins(0, 0, 0, FRAME_PX))
        narrow = free.width() < NARROW_PX or preferences.narrow
        kept = preferences.layout(narrow)
        if kept is None:
            window.resize(QSize(1440, 900).boundedTo(free))
            self.reset_layout()
            return
        window.restoreGeometry(kept.geometry)
        if not window.isMaximized():
            # Qt makes a window that was larger than this screen smaller than it has to be
            window.resize(kept.size.boundedTo(free))
        window.docks.arrange(narrow)
        window.docks.restore(kept.panels, narrow)
        window.splitter.restoreState(kept.middle)

    def save_layout(self) -> None:
        """Remember how everything stands."""
        if self.full_screen.is_on:
            return
        window, narrow = self._window, self._window.docks.is_narrow
        size = window.normalGeometry().size() if window.isMaximized() else window.size()
        window.preferences.save_layout(narrow, Layout(size, window.saveGeometry(), window.saveState(), window.splitter.saveState()))
        if window.screen().availableSize().width() >= NARROW_PX:
            window.preferences.narrow = narrow

    def _follow_system(self) -> None:
        if self._name == "system":
            self.apply()


def application() -> QApplication:
    """The one application."""
    instance = QApplication.instance()
    assert isinstance(instance, QApplication)
    return instance
