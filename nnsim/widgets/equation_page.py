"""The sheet that equations are written on: sizes relative to the application font, ink from the theme, numbers that can be hit.

It is apart so that every part of the panel writes in one hand. It knows no caption and no layout.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPen, QStaticText, QTextOption

from nnsim.picture.caption_parts import Number
from nnsim.picture.palette import Theme, blend

Align = Literal["left", "centre", "right"]
BASE_PX = 13
"""The size of the application font at which all sizes below are written."""
SMALLEST_PX = 10


_UNBROKEN = QTextOption()
_UNBROKEN.setWrapMode(QTextOption.WrapMode.NoWrap)


@lru_cache(maxsize=256)
def _font(family: str, size: float, bold: bool, serif: bool) -> QFont:
    font = QFont(family)
    if serif:
        font = QFont("serif")
        font.setStyleHint(QFont.StyleHint.Serif)
    font.setPixelSize(max(SMALLEST_PX, round(size)))
    font.setBold(bold)
    return font


@lru_cache(maxsize=256)
def _metrics(family: str, size: float, bold: bool, serif: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(family, size, bold, serif))


@lru_cache(maxsize=512)
def _static(html: str, family: str, size: float, bold: bool) -> QStaticText:
    text = QStaticText(html)
    text.setTextFormat(Qt.TextFormat.RichText)
    # a formula is never broken into lines
    text.setTextOption(_UNBROKEN)
    text.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    text.prepare(font=_font(family, size, bold, True))
    return text


class Fonts:
    """Fonts and measures at one application font; sizes are given in px at 100 %."""

    def __init__(self, application: QFont) -> None:
        self.family = application.family()
        self.scale = QFontInfo(application).pixelSize() / BASE_PX

    def px(self, size: float) -> float:
        """A length at this scale."""
        return size * self.scale

    def font(self, size: float, bold: bool = False, serif: bool = False) -> QFont:
        """A font; shared, so not to be changed."""
        return _font(self.family, self.px(size), bold, serif)

    def width(self, text: str, size: float, bold: bool = False, serif: bool = False) -> float:
        """How wide a plain text is."""
        return _metrics(self.family, self.px(size), bold, serif).horizontalAdvance(text)

    def cap_height(self, size: float, bold: bool = False) -> float:
        """The height of capitals and digits."""
        return _metrics(self.family, self.px(size), bold, False).capHeight()

    def elided(self, text: str, size: float, bold: bool, width: float) -> str:
        """The text, or as much of it as fits with an ellipsis."""
        return _metrics(self.family, self.px(size), bold, False).elidedText(
            text, Qt.TextElideMode.ElideRight, max(width, 0)
        )

    def html(self, html: str, size: float, bold: bool = False) -> QStaticText:
        """A formula, laid out."""
        return _static(html, self.family, self.px(size), bold)

    def html_width(self, html: str, size: float, bold: bool = False) -> float:
        """How wide a formula is."""
        return self.html(html, size, bold).size().width() if html else 0.0


@dataclass(frozen=True)
class Words:
    """The few words of the panel that no caption brings, in the user's language."""

    running_sum: str
    slope: str
    """With a place for the number."""
    move: str
    old: str
    new: str
    plain: str
    losses: str
    weights: str
    equations_return: str
    distribution: str


@dataclass(frozen=True)
class Hit:
    """A number on show and where."""

    rect: QRectF
    number: Number


class Page:
    """One painting of the panel. Heights are given by the line's middle; sizes in px at 100 %."""

    def __init__(
        self, painter: QPainter, fonts: Fonts, theme: Theme, phase: str, words: Words, pointed: Number | None = None
    ) -> None:
        self.painter, self.fonts, self.theme, self.phase, self.words = painter, fonts, theme, phase, words
        self.phase_colour = theme.phase(phase)
        self.pointed = pointed
        self.hits: list[Hit] = []
        self.tips: list[tuple[QRectF, str]] = []
        """Places where more is to be told than has room, and what."""

    def px(self, size: float) -> float:
        """A length at this scale."""
        return self.fonts.px(size)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 13,
        colour: str = "",
        bold: bool = False,
        align: Align = "left",
    ) -> QRectF:
        """Write plain text; returns where it stands."""
        width, cap = self.fonts.width(text, size, bold), self.fonts.cap_height(size, bold)
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        self.painter.setFont(self.fonts.font(size, bold))
        self.painter.setPen(QColor(colour or self.theme.ink))
        self.painter.drawText(QPointF(left, y + cap / 2), text)
        return QRectF(left, y - cap, width, 2 * cap)

    def html(
        self, x: float, y: float, html: str, size: float, colour: str = "", bold: bool = False, align: Align = "left"
    ) -> float:
        """Write a formula in a serif; returns its width."""
        static = self.fonts.html(html, size, bold)
        width = static.size().width()
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        self.painter.setFont(self.fonts.font(size, bold, serif=True))
        self.painter.setPen(QColor(colour or self.theme.ink2))
        self.painter.drawStaticText(QPointF(left, y - static.size().height() / 2), static)
        return width

    def number(
        self,
        x: float,
        y: float,
        number: Number,
        size: float,
        colour: str = "",
        bold: bool = False,
        align: Align = "right",
    ) -> QRectF:
        """Write a number that can be pointed at."""
        rect = self.text(x, y, number.text, size, (colour if number.known else "") or self._plain(number), bold, align)
        self.hit(rect.adjusted(-self.px(4), -self.px(4), self.px(4), self.px(4)), number)
        return rect

    def hit(self, rect: QRectF, number: Number) -> None:
        """Make a place lead to a number; the number pointed at gets an outline."""
        self.hits.append(Hit(rect, number))
        if self.pointed is not None and number is self.pointed:
            self.outline(rect, self.theme.focus, 2)

    def _plain(self, number: Number) -> str:
        return self.theme.ink if number.known else self.theme.ink3

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str,
        width: float = 1,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
    ) -> None:
        """A straight line."""
        self.painter.setPen(QPen(QColor(colour), self.px(width), style))
        self.painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))

    def outline(self, rect: QRectF, colour: str, width: float = 1, fill: str | None = None, radius: float = 4) -> None:
        """A rounded rectangle."""
        self.painter.setPen(QPen(QColor(colour), self.px(width)))
        self.painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(rect, self.px(radius), self.px(radius))

    def fill(self, rect: QRectF, colour: str) -> None:
        """A plain rectangle."""
        self.painter.fillRect(rect, QColor(colour))

    def bar(self, rect: QRectF, value: float) -> None:
        """A bar whose sign shows in its colour and, below 0, in stripes."""
        colour = self.theme.sign(value)
        self.fill(rect, colour)
        if value >= 0:
            return
        stripe, gap = self.px(2.5), self.px(9)
        x = rect.left() + gap
        pale = blend(self.theme.base, colour, 0.15)
        while x < rect.right():
            self.fill(QRectF(x, rect.top(), min(stripe, rect.right() - x), rect.height()), pale)
            x += gap

    def badge(self, x: float, y: float, text: str) -> None:
        """A disc with a row's number in it; ``x`` is its middle."""
        radius, size = self.px(9), 11.5
        width = max(2 * radius, self.fonts.width(text, size, True) + self.px(8))
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(self.theme.ink))
        self.painter.drawRoundedRect(QRectF(x - width / 2, y - radius, width, 2 * radius), radius, radius)
        self.text(x, y, text, size, self.theme.base, True, "centre")

    @property
    def tint(self) -> str | None:
        """The pale ground of what is at work; None where the theme outlines it instead."""
        return None if self.phase == "start" else self.theme.column_tint(self.phase)
