"""The icons of nnsim: line drawings of ``resources/icons``, tinted with a colour of the theme, crisp at usual sizes.

They are apart so that no widget knows a file or renders a drawing. This module refuses to choose a colour: the caller
takes it from the theme and asks again when the theme changes. It needs a QGuiApplication, as every QPixmap does.
"""

from collections.abc import Iterable
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from nnsim.engine.resources import resource

ICON_NAMES = (
    "open", "save", "rewind", "previous", "play", "pause", "next", "run-until", "flag", "branch", "new-run", "dice",
    "fit", "zoom-in", "zoom-out", "fold", "unfold", "float", "close", "copy", "plus", "minus", "eye", "check", "search",
    "drop-file", "file", "folder", "clock", "book", "table-view", "arrow-right", "target", "arrow-left", "pen",
    "chevron-down", "chevron-up", "chevron-left", "chevron-right", "more", "cursor", "spray", "eraser", "move",
)

_APPLICATION = "nnsim"
# what buttons, menus and text lines ask for at 100 % and 125 %, and the double of each; sizes between are scaled down
_SIZES_PX = (12, 14, 15, 16, 18, 20, 22, 24, 25, 28, 30, 32, 36, 40, 44, 48, 50, 64)
_APPLICATION_SIZES_PX = (16, 20, 22, 24, 32, 40, 48, 64, 96, 128, 256, 512)
_DISABLED_OPACITY = 0.4


def icon(name: str, colour: str, checked: str | None = None) -> QIcon:
    """The icon ``name`` in ``colour`` ("#rrggbb"), paler when disabled; when checked, in ``checked`` if given.

    Raises KeyError for a name that is not in ``ICON_NAMES``.
    """
    if name not in ICON_NAMES:
        raise KeyError(f"there is no icon {name!r}")
    return _icon(name, colour, checked)


@cache
def application_icon() -> QIcon:
    """The icon of the window and of its files, 16 to 512 px."""
    return _with_sizes(QIcon(), tinted_svg(_APPLICATION, ""), _APPLICATION_SIZES_PX, QIcon.State.Off)


@cache
def tinted_svg(name: str, colour: str) -> bytes:
    """The SVG of an icon in ``colour``, for places that take an image file. Raises FileNotFoundError."""
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour).encode()


@cache
def _icon(name: str, colour: str, checked: str | None) -> QIcon:
    drawn = _with_sizes(QIcon(), tinted_svg(name, colour), _SIZES_PX, QIcon.State.Off)
    return drawn if checked is None else _with_sizes(drawn, tinted_svg(name, checked), _SIZES_PX, QIcon.State.On)


def _with_sizes(drawn: QIcon, svg: bytes, sizes_px: Iterable[int], state: QIcon.State) -> QIcon:
    renderer = QSvgRenderer(QByteArray(svg))
    for size_px in sizes_px:
        drawn.addPixmap(_pixmap(renderer, size_px, 1.0), QIcon.Mode.Normal, state)
        drawn.addPixmap(_pixmap(renderer, size_px, _DISABLED_OPACITY), QIcon.Mode.Disabled, state)
    return drawn


def _pixmap(renderer: QSvgRenderer, size_px: int, opacity: float) -> QPixmap:
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setOpacity(opacity)
        renderer.render(painter, QRectF(0, 0, size_px, size_px))
    return pixmap
