"""The fonts that equations are written in, and how wide they write: relative to the application font, shared, measured once.

It is apart from the sheet since what is laid out is measured long before it is painted. It refuses to paint, and to typeset a
formula only to measure it.
"""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QStaticText, QTextOption

from nnsim.picture.latex_text import plain
from nnsim.widgets.formula import formula_width
from nnsim.widgets.formula_typesetting import is_typeset

BASE_PX = 13
"""The size of the application font at which all sizes below are written."""
SMALLEST_PX = 10
_SAMPLE = r"z = 0.123 \cdot (-0.456) + 0.789"

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

    def fitting(self, text: str, size: float, width: float) -> float:
        """The size at which a text is as wide as ``width`` pixels at most: ``size``, or less, but never too small to read."""
        least = min(size, SMALLEST_PX / self.scale)
        return max(least, size * min(1.0, width / max(self.width(text, size), 1.0)))

    def html(self, html: str, size: float, bold: bool = False) -> QStaticText:
        """A formula as rich text, laid out."""
        return _static(html, self.family, self.px(size), bold)

    def html_width(self, html: str, size: float, bold: bool = False) -> float:
        """How wide a formula is as rich text."""
        return self.html(html, size, bold).size().width() if html else 0.0

    def formula_px(self, size: float) -> float:
        """The size of a formula at this scale: never too small to read."""
        return max(SMALLEST_PX, self.px(size))

    def formula_width(self, latex: str, size: float) -> float:
        """How wide a formula is, or about how wide where it has not been typeset yet."""
        if is_typeset(latex):
            return formula_width(latex, self.formula_px(size))
        # text is quick to measure, and typesetting is not done for measuring alone
        share = formula_width(_SAMPLE, self.px(size)) / self.width(plain(_SAMPLE), size, serif=True)
        return self.width(plain(latex), size, serif=True) * share
