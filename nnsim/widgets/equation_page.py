"""The sheet that equations are written on: formulas, ink from the theme, numbers that can be hit.

It is apart so that every part of the panel writes in one hand. It knows no caption and no layout.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.picture.caption_parts import Number
from nnsim.picture.latex_text import rich
from nnsim.picture.palette import Theme, blend
from nnsim.picture.targets import Target
from nnsim.widgets.equation_fonts import Fonts
from nnsim.widgets.formula import formula_extent, formula_width, paint_formula
from nnsim.widgets.formula_typesetting import is_typeset

__all__ = ["Align", "Fonts", "Hit", "Page", "RowHit", "Words"]

Align = Literal["left", "centre", "right"]
TYPESETTING_SECONDS = 0.02
"""So long one painting may typeset new formulas; the rest are written as text until the next one, a moment later."""
_CAPITAL = 0.66
"""How tall a capital of the formulas' font is, to its size."""


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


@dataclass(frozen=True)
class RowHit:
    """A row on show and where: what it belongs to, and which line's parts a click on it opens."""

    rect: QRectF
    target: Target | None
    opens: str


class Page:
    """One painting of the panel. Heights are given by the line's middle; sizes in px at 100 %.

    ``is_hurried``: moments follow each other so quickly that no new formula is typeset.
    """

    def __init__(
        self,
        painter: QPainter,
        fonts: Fonts,
        theme: Theme,
        phase: str,
        words: Words,
        pointed: Number | None = None,
        is_hurried: bool = False,
    ) -> None:
        self.painter, self.fonts, self.theme, self.phase, self.words = painter, fonts, theme, phase, words
        self.phase_colour = theme.phase(phase)
        self.pointed = pointed
        self._is_hurried, self._until = is_hurried, perf_counter() + TYPESETTING_SECONDS
        self.is_provisional = False
        """Whether some formula was written as text, to be typeset when there is time."""
        self.hits: list[Hit] = []
        self.rows: list[RowHit] = []
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

    def formula(self, x: float, y: float, latex: str, size: float, colour: str = "", align: Align = "left") -> float:
        """Write a formula, typeset or, where there is no time for that, as text in a serif; returns its width."""
        width, colour, size_px = self.formula_width(latex, size), colour or self.theme.ink2, self.fonts.formula_px(size)
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        if not self._is_text(latex):
            return paint_formula(self.painter, left, y + _CAPITAL / 2 * size_px, latex, size_px, colour)
        static = self.fonts.html(rich(latex), size)
        self.painter.setFont(self.fonts.font(size, serif=True))
        self.painter.setPen(QColor(colour))
        self.painter.drawStaticText(QPointF(left, y - static.size().height() / 2), static)
        return width

    def formula_width(self, latex: str, size: float) -> float:
        """How wide a formula is, as it will be written."""
        if self._is_text(latex):
            return self.fonts.html_width(rich(latex), size)
        return formula_width(latex, self.fonts.formula_px(size))

    def formula_size(self, latex: str, size: float, room: QSizeF) -> float:
        """The size at which a formula fits: ``size``, or less where it would be wider or taller than ``room``."""
        wide, tall = self.formula_width(latex, size), sum(self._extent(latex, size))
        return size * min(1.0, room.width() / max(wide, 1.0), room.height() / max(tall, 1.0))

    def formula_middle(self, formulas: Sequence[str], size: float, height: float) -> float:
        """The line on which formulas stand so that what reaches above and below it fits best into a height."""
        extents = [self._extent(latex, size) for latex in formulas]
        above, below = (max((extent[side] for extent in extents), default=0.0) for side in (0, 1))
        return (height + above - below - _CAPITAL * self.px(size)) / 2

    def _extent(self, latex: str, size: float) -> tuple[float, float]:
        return (self.px(size), 0.0) if self._is_text(latex) else formula_extent(latex, self.px(size))

    def _is_text(self, latex: str) -> bool:
        """Whether a formula is written as text, since typesetting it would keep the reader waiting."""
        if is_typeset(latex) or not (self._is_hurried or perf_counter() > self._until):
            return False
        self.is_provisional = True
        return True

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

    def badge(self, x: float, y: float, text: str, most: float) -> None:
        """A disc with a row's number in it; ``x`` is its middle, and its radius at most ``most`` pixels."""
        radius, size = min(self.px(9), most), 11.5
        width = max(2 * radius, self.fonts.width(text, size, True) + self.px(8))
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(self.theme.ink))
        self.painter.drawRoundedRect(QRectF(x - width / 2, y - radius, width, 2 * radius), radius, radius)
        self.text(x, y, text, size, self.theme.base, True, "centre")

    @property
    def tint(self) -> str | None:
        """The pale ground of what is at work; None where the theme outlines it instead."""
        return None if self.phase == "start" else self.theme.column_tint(self.phase)
