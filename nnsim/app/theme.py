"""A theme put on: the record of colours becomes Qt's palette, one style sheet, the font's size, pyqtgraph's settings.

It is apart because this is the one place where a whole application is painted; everything else takes its colours from
the record it is given. It refuses to define a colour, to remember which theme is on, and to decide when it changes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from nnsim.app.style_sheet import roles, style_sheet
from nnsim.picture.palette import Theme

DESIGN_FONT_PX = 13
"""The font the sizes of the design are given for: 100 %."""

LARGER = 1.25
_OWN_FONT = "nnsim_system_font"


def apply_theme(app: QApplication, theme: Theme, larger: bool = False) -> None:
    """Dress every widget of ``app``, those on show and those to come; ``larger``: text and what follows it, x 1.25.

    Widgets that are made later are dressed too, but those that get names and places of their own only then may have measured
    themselves before: dress again when a window has been put together.
    """
    with _no_widget_collected():
        font = apply_font(app, larger)
        palette = qt_palette(theme)
        app.setPalette(palette)
        app.setStyleSheet(style_sheet(theme, font.pixelSize() / DESIGN_FONT_PX))
    QToolTip.setPalette(palette)
    QToolTip.setFont(font)
    apply_plot_theme(theme)


def apply_font(app: QApplication, larger: bool = False) -> QFont:
    """Give ``app`` its style and font; the font, in pixels.

    It is the system's, at least 13 px high, since captions are smaller than it and have to stay readable.
    """
    with _no_widget_collected():
        if app.property(_OWN_FONT) is None:
            app.setStyle("Fusion")
            app.setProperty(_OWN_FONT, app.font())
        font = QFont(app.property(_OWN_FONT))
        font.setPixelSize(font_size_px(font, larger))
        if app.font() != font:
            app.setFont(font)
    return font


@contextmanager
def _no_widget_collected() -> Iterator[None]:
    """Let Python collect nothing meanwhile.

    Qt lists all widgets and restyles them one by one. Those written in Python answer, and what they allocate may make Python
    collect: a forgotten widget that Qt has still on its list would then be restyled after its end, which is a crash.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def font_size_px(system: QFont, larger: bool) -> int:
    """The height of the application's font: the system's or the design's, whichever is more; x 1.25 if ``larger``."""
    return round(max(QFontInfo(system).pixelSize(), DESIGN_FONT_PX) * (LARGER if larger else 1.0))


def qt_palette(theme: Theme) -> QPalette:
    """The theme as Qt's roles, for all groups. What is disabled is paler; a window in the background looks the same."""
    colours = roles(theme)
    palette = QPalette()
    for role, colour in _ROLES.items():
        palette.setColor(QPalette.ColorGroup.All, role, QColor(colours[colour]))
    for role in _PALER:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours["faint"]))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor(theme.line))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Base, QColor(theme.panel))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Button, QColor(theme.panel))
    return palette


def apply_plot_theme(theme: Theme) -> None:
    """Colours and smoothing of the plots made from now on; a plot on show sets its own when it is shown a theme."""
    pyqtgraph.setConfigOptions(background=theme.base, foreground=theme.ink3, antialias=True)


def system_theme_name(app: QApplication) -> str:
    """The theme that the desktop asks for: "light", "dark" or "high-contrast"; "light" where it does not say."""
    hints = app.styleHints()
    return theme_name_for(hints.colorScheme(), hints.accessibility().contrastPreference())


def theme_name_for(scheme: Qt.ColorScheme, preference: Qt.ContrastPreference) -> str:
    """The theme for a desktop's colour scheme and wish for contrast, of which the latter counts more."""
    if preference is Qt.ContrastPreference.HighContrast:
        return "high-contrast"
    return "dark" if scheme is Qt.ColorScheme.Dark else "light"


_Role = QPalette.ColorRole
_ROLES = {
    _Role.Window: "panel", _Role.WindowText: "ink", _Role.Base: "base", _Role.AlternateBase: "panel", _Role.Text: "ink",
    _Role.PlaceholderText: "ink3", _Role.Button: "control", _Role.ButtonText: "ink", _Role.BrightText: "error",
    _Role.ToolTipBase: "base", _Role.ToolTipText: "ink", _Role.Highlight: "selected",
    _Role.HighlightedText: "on_selected", _Role.Accent: "selected", _Role.Link: "ink", _Role.LinkVisited: "ink2",
    # what bevels are drawn with: flat, so all of them lines
    _Role.Light: "base", _Role.Midlight: "line", _Role.Mid: "line", _Role.Dark: "line2", _Role.Shadow: "line2",
}
_PALER = (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.PlaceholderText, _Role.HighlightedText, _Role.Link)
