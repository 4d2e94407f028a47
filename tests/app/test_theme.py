"""A theme put on: Qt's palette, the style sheet and pyqtgraph's settings are the theme's own colours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyqtgraph
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QImage, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QRadioButton,
    QTabBar,
    QToolButton,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nnsim.app.style_sheet import roles, style_sheet
from nnsim.app.theme import apply_plot_theme, apply_theme, font_size_px, qt_palette, system_theme_name, theme_name_for
from nnsim.picture.palette import THEMES, Theme, contrast

# the offscreen platform complains about every window that has a least size
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture(params=THEMES.values(), ids=list(THEMES))
def theme(request: pytest.FixtureRequest) -> Theme:
    chosen = request.param
    assert isinstance(chosen, Theme)
    return chosen


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application, undressed again afterwards."""
    font, palette, plots = qapp.font(), qapp.palette(), dict(pyqtgraph.CONFIG_OPTIONS)
    yield qapp
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)
    pyqtgraph.setConfigOptions(**plots)


def painted(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def test_all_groups_of_the_palette_are_the_themes(theme: Theme) -> None:
    palette = qt_palette(theme)
    role = QPalette.ColorRole
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        found = [palette.color(group, one).name() for one in (role.Window, role.Base, role.Text, role.Highlight,
                                                             role.HighlightedText, role.Button, role.PlaceholderText)]
        assert found == [theme.panel, theme.base, theme.ink, theme.selected, theme.on_selected, theme.control, theme.ink3]


def test_what_is_disabled_is_paler_than_third_text_and_still_seen(theme: Theme) -> None:
    faint = qt_palette(theme).color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText).name()
    assert 2 <= contrast(faint, theme.panel) < contrast(theme.ink3, theme.panel)


def test_the_style_sheet_leaves_no_blank_and_names_only_colours_of_the_theme(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    assert re.search(r"\d+u\b", re.sub(r"url\(.*?\)", "", sheet)) is None
    assert set(re.findall(r"#[0-9a-f]{6}\b", sheet)) <= set(roles(theme).values())


def test_the_pictures_a_style_sheet_names_exist_and_can_be_read(app: QApplication, theme: Theme) -> None:
    paths = re.findall(r'url\("(.*?)"\)', style_sheet(theme))
    assert len(set(paths)) > 5
    for path in paths:
        assert Path(path).is_file()
        assert not QImage(path).isNull()


def test_lengths_of_the_style_sheet_follow_the_font(theme: Theme) -> None:
    usual, larger = style_sheet(theme, 1.0), style_sheet(theme, 1.25)
    assert "border-radius: 4px" in usual and "border-radius: 5px" in larger
    assert "font-size: 12px" in usual and "font-size: 15px" in larger
    assert "border: 2px solid" in larger


def test_no_text_of_the_style_sheet_is_smaller_than_ten_pixels(theme: Theme) -> None:
    assert min(map(int, re.findall(r"font-size: (\d+)px", style_sheet(theme, 0.6)))) == 10


def test_the_font_is_the_systems_unless_that_is_smaller_than_the_design(app: QApplication) -> None:
    font = QFont(app.font())
    sizes = []
    for size_px in (9, 13, 16):
        font.setPixelSize(size_px)
        sizes.append((font_size_px(font, False), font_size_px(font, True)))
    assert sizes == [(13, 16), (13, 16), (16, 20)]


def test_larger_text_can_be_put_on_and_taken_off(app: QApplication, theme: Theme) -> None:
    apply_theme(app, theme)
    usual = QFontInfo(app.font()).pixelSize()
    for _ in range(2):
        apply_theme(app, theme, larger=True)
        assert QFontInfo(app.font()).pixelSize() == round(1.25 * usual)
    apply_theme(app, theme)
    assert QFontInfo(app.font()).pixelSize() == usual


def test_widgets_on_show_change_with_the_theme(app: QApplication, qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.resize(120, 26)
    seen = []
    for theme in THEMES.values():
        apply_theme(app, theme)
        seen.append(painted(field).pixelColor(90, 13).name())
    assert seen == [theme.control for theme in THEMES.values()]
    assert QToolTip.palette().color(QPalette.ColorRole.ToolTipBase).name() == THEMES["high-contrast"].base


def test_a_primary_button_and_a_chosen_segment_have_the_colour_of_what_is_selected(
        app: QApplication, qtbot: QtBot, theme: Theme) -> None:
    apply_theme(app, theme)
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    play, chosen, other = QPushButton("Play"), QToolButton(), QToolButton()
    play.setProperty("primary", True)
    for place, segment in (("first", chosen), ("last", other)):
        segment.setText("neuron")
        segment.setCheckable(True)
        segment.setProperty("segment", place)
    chosen.setChecked(True)
    for button in (play, chosen, other):
        row.addWidget(button)
    window.ensurePolished()
    assert [painted(button).pixelColor(5, button.height() // 2).name() for button in (play, chosen, other)] == [
        theme.selected, theme.selected, theme.control]


def test_keyboard_focus_is_an_outline_of_two_pixels(app: QApplication, qtbot: QtBot, theme: Theme) -> None:
    apply_theme(app, theme)
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    widgets = [QPushButton("Check"), QLineEdit("1"), QComboBox(), QDoubleSpinBox()]
    for widget in widgets:
        row.addWidget(widget)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for widget in widgets:
        before = widget.sizeHint()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        edge = painted(widget)
        middle = widget.height() // 2
        assert [edge.pixelColor(x, middle).name() for x in (0, 1)] == [theme.focus, theme.focus]
        assert widget.sizeHint() == before


@pytest.mark.parametrize("larger", [False, True])
def test_fields_are_26_high_at_the_usual_font_and_follow_it(app: QApplication, qtbot: QtBot, larger: bool) -> None:
    apply_theme(app, THEMES["light"], larger)
    scale = QFontInfo(app.font()).pixelSize() / 13
    for field in (QLineEdit(), QComboBox(), QDoubleSpinBox(), QPushButton("add a layer")):
        qtbot.addWidget(field)
        field.ensurePolished()
        # the height of a line of text is the font's own affair, within a pixel or two
        assert field.sizeHint().height() == pytest.approx(26 * scale, abs=2)


def test_the_style_sheet_respects_a_size_that_a_button_has_fixed(app: QApplication, qtbot: QtBot) -> None:
    apply_theme(app, THEMES["light"])
    for button in (QToolButton(), QPushButton("+")):
        qtbot.addWidget(button)
        button.setFixedSize(20, 18)
        button.show()
        assert (button.width(), button.height(), button.minimumHeight()) == (20, 18, 18)


@pytest.mark.parametrize("larger", [False, True])
def test_checks_and_radio_buttons_show_their_state(app: QApplication, qtbot: QtBot, theme: Theme, larger: bool) -> None:
    apply_theme(app, theme, larger)
    for button in (QCheckBox("log scale"), QRadioButton("chosen")):
        qtbot.addWidget(button)
        off = painted(button)
        button.setChecked(True)
        on = painted(button)
        assert off != on
        selected = QColor(theme.selected).rgb()
        marked = [on.pixel(x, y) == selected for x in range(20) for y in range(on.height())]
        assert sum(marked) > 20


def test_dock_titles_have_buttons_large_enough_to_hit(app: QApplication, qtbot: QtBot, theme: Theme) -> None:
    apply_theme(app, theme)
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = QDockWidget("Loss")
    dock.setWidget(QLabel("plot"))
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.resize(500, 300)
    window.show()
    for name in ("qt_dockwidget_closebutton", "qt_dockwidget_floatbutton"):
        button = dock.findChild(QWidget, name)
        assert isinstance(button, QWidget)
        assert button.width() >= 24 and button.height() >= 24
        image = painted(button)
        seen = {image.pixelColor(x, y).name() for x in range(24) for y in range(24)}
        assert max(contrast(colour, theme.panel) for colour in seen) > 4


def test_a_chosen_tab_is_wide_enough_for_its_bold_title(app: QApplication, qtbot: QtBot) -> None:
    apply_theme(app, THEMES["light"])
    tabs = QTabBar()
    qtbot.addWidget(tabs)
    for title in ("Experiment", "Inspector"):
        tabs.addTab(title)
    tabs.ensurePolished()
    bold = QFont(app.font())
    bold.setBold(True)
    needed = QLabel("Experiment")
    qtbot.addWidget(needed)
    needed.setFont(bold)
    assert tabs.tabRect(0).width() >= needed.sizeHint().width() + 2 * 8


def test_plots_made_from_now_on_have_the_themes_colours(app: QApplication, theme: Theme) -> None:
    apply_plot_theme(theme)
    options = pyqtgraph.CONFIG_OPTIONS
    assert (options["background"], options["foreground"], options["antialias"]) == (theme.base, theme.ink3, True)


def test_the_system_theme_follows_the_desktop_and_contrast_comes_first() -> None:
    scheme, preference = Qt.ColorScheme, Qt.ContrastPreference
    asked = [(scheme.Light, preference.NoPreference), (scheme.Dark, preference.NoPreference),
             (scheme.Unknown, preference.NoPreference), (scheme.Light, preference.HighContrast),
             (scheme.Dark, preference.HighContrast)]
    assert [theme_name_for(*pair) for pair in asked] == ["light", "dark", "light", "high-contrast", "high-contrast"]


def test_the_system_theme_is_one_of_the_themes(app: QApplication) -> None:
    assert system_theme_name(app) in THEMES
