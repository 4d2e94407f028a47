"""Icons: all are there, all take the colour they are asked for, at any density, and pale when disabled."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from pytestqt.qtbot import QtBot

from nnsim.engine.resources import resource
from nnsim.widgets.icons import ICON_NAMES, application_icon, icon, tinted_svg

pytestmark = pytest.mark.usefixtures("qapp")


def drawn(shown: QIcon, size: int = 24, ratio: float = 1.0, mode: QIcon.Mode = QIcon.Mode.Normal,
          state: QIcon.State = QIcon.State.Off) -> QImage:
    return shown.pixmap(QSize(size, size), ratio, mode, state).toImage()


def colours(image: QImage) -> set[str]:
    """Of the pixels that are wholly covered."""
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", ICON_NAMES)
def test_every_icon_is_drawn_in_the_colour_it_is_asked_for(name: str) -> None:
    assert colours(drawn(icon(name, "#bb1763"), 64)) == {"#bb1763"}


def test_every_drawing_has_a_name_and_every_name_a_drawing() -> None:
    files = {path.stem for path in resource("icons").glob("*.svg")}
    assert files == {*ICON_NAMES, "nnsim"}


@pytest.mark.parametrize("name", ICON_NAMES)
def test_every_drawing_is_one_ink_in_a_box_of_24(name: str) -> None:
    text = tinted_svg(name, "#010203").decode()
    assert 'viewBox="0 0 24 24"' in text and 'stroke-width="2"' in text and 'stroke-linecap="round"' in text
    assert "currentColor" not in text and "#010203" in text


@pytest.mark.parametrize("name", ICON_NAMES)
def test_no_icon_is_cut_off_by_its_box(name: str) -> None:
    image = drawn(icon(name, "#000000"), 24, 2.0)
    last = image.width() - 1
    border = [image.pixelColor(x, y).alpha() for i in range(last + 1) for x, y in ((i, 0), (i, last), (0, i), (last, i))]
    assert max(border) == 0


@pytest.mark.parametrize("size", [14, 16, 18, 20, 24, 32])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_usual_sizes_are_drawn_for_the_screen_not_scaled(size: int, ratio: float) -> None:
    image = drawn(icon("dice", "#151920"), size, ratio)
    assert image.width() == image.height() == size * ratio
    assert image.devicePixelRatio() == ratio


def test_a_disabled_icon_is_paler() -> None:
    shown = icon("play", "#151920")
    normal, disabled = (drawn(shown, mode=mode).pixelColor(12, 12) for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled))
    assert normal == QColor("#151920")
    assert 80 < disabled.alpha() < 130


def test_a_checked_icon_takes_its_own_colour() -> None:
    shown = icon("flag", "#151920", "#ffffff")
    assert colours(drawn(shown, state=QIcon.State.Off)) == {"#151920"}
    assert colours(drawn(shown, state=QIcon.State.On)) == {"#ffffff"}


def test_the_same_icon_is_drawn_once() -> None:
    assert icon("save", "#151920").cacheKey() == icon("save", "#151920").cacheKey()
    assert icon("save", "#151920").cacheKey() != icon("save", "#ffffff").cacheKey()


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="there is no icon 'floppy'"):
        icon("floppy", "#000000")


def test_the_application_icon_has_many_colours_and_large_sizes() -> None:
    shown = application_icon()
    assert {16, 32, 48, 256} <= {size.width() for size in shown.availableSizes()}
    assert {"#12151a", "#58a6f2", "#f2953c"} <= colours(drawn(shown, 256))


def test_a_program_that_keeps_icons_ends_quietly(qtbot: QtBot) -> None:
    program = ("from PySide6.QtGui import QGuiApplication; from nnsim.widgets.icons import icon; "
               "app = QGuiApplication([]); icon('pen', '#123456')")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
