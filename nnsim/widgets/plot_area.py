"""A plot area: a rectangle with ticks and axis names around it, and the mapping between data and pixels.

What the pictures of the output share. A subclass says what lies inside by ``paint_inside``, and which row of the data a point is by
``row_at``. It is painted by hand because the drawing inside is an image, a cached layer of points and a few lines, which needs no
scene. It refuses to know frames.
"""

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnsim.core.activations import Array
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.ticks import Tick, linear_ticks

Extent = tuple[float, float, float, float]
"""left, right, bottom, top, in the data's own units"""


def sized(font: QFont, pixels: float, bold: bool = False, italic: bool = False) -> QFont:
    """``font`` in the size that is ``pixels`` where the application's font is 13."""
    other = QFont(font)
    other.setPixelSize(max(round(QFontInfo(font).pixelSize() * pixels / 13), 1))
    other.setBold(bold)
    other.setItalic(italic)
    return other


class PlotArea(QWidget):
    """A square or free rectangle with ticks; everything in it is drawn by ``paint_inside``."""

    row_chosen = Signal(int)
    """The row number, in the data set, of a point that was clicked."""

    square = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = THEMES["light"]
        self.extent: Extent = (-1.0, 1.0, -1.0, 1.0)
        self.axis_names = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        unit = self.em()
        return QSize(round(24 * unit), round(24 * unit))

    def minimumSizeHint(self) -> QSize:
        unit = self.em()
        return QSize(round(14 * unit), round(9 * unit))

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self.theme = theme
        self.update()

    def em(self) -> float:
        """The pixel size of the application's font: 13 at 100 %."""
        return float(QFontInfo(self.font()).pixelSize())

    def tick_font(self) -> QFont:
        """The font of ticks and captions."""
        return sized(self.font(), 11)

    def margins(self) -> tuple[float, float, float, float]:
        """Space left, above, right of and below the plot, in pixels."""
        metrics = QFontMetricsF(self.tick_font())
        unit = self.em()
        widest = max((metrics.horizontalAdvance(tick.text) for tick in self._ticks_up(6)), default=0.0)
        name = QFontMetricsF(sized(self.font(), 13, italic=True)).horizontalAdvance(self.axis_names[1][:2])
        return max(widest, name) + unit, 0.8 * unit, self.right_margin(), 1.3 * metrics.height() + 3.3 * unit

    def right_margin(self) -> float:
        """Space right of the plot, in pixels; a subclass that has a colour bar wants more."""
        return self.em()

    def plot_rect(self) -> QRectF:
        """Where the plot lies, in pixels."""
        left, top, right, bottom = self.margins()
        width, height = max(self.width() - left - right, 8.0), max(self.height() - top - bottom, 8.0)
        if self.square:
            width = height = min(width, height)
        return QRectF(round(left), round(top), round(width), round(height))

    def to_pixels(self, points: Array, rect: QRectF | None = None) -> Array:
        """Data points (n, 2) as pixels (n, 2)."""
        area = rect or self.plot_rect()
        left, right, bottom, top = self.extent
        scaled: Array = (np.asarray(points, float) - (left, bottom)) / (right - left, top - bottom)
        pixels: Array = scaled * (area.width(), -area.height()) + (area.left(), area.bottom())
        return pixels

    def place(self, pixel: QPointF) -> tuple[float, float]:
        """A pixel in the data's own units."""
        area = self.plot_rect()
        left, right, bottom, top = self.extent
        return (left + (pixel.x() - area.left()) / area.width() * (right - left),
                bottom + (area.bottom() - pixel.y()) / area.height() * (top - bottom))

    def point(self, x: float, y: float) -> QPointF:
        """One data point in pixels."""
        pixel = self.to_pixels(np.array([[x, y]]))[0]
        return QPointF(float(pixel[0]), float(pixel[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(self.theme.panel))
            rect = self.plot_rect()
            painter.fillRect(rect, QColor(self.theme.base))
            painter.save()
            painter.setClipRect(rect)
            self.paint_inside(painter, rect)
            painter.restore()
            painter.setPen(QPen(QColor(self.theme.line2), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5))
            self._paint_ticks(painter, rect)
            self.paint_beside(painter, rect)

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        """Draw what the plot shows; the painter is clipped to ``rect``."""

    def paint_beside(self, painter: QPainter, rect: QRectF) -> None:
        """Draw what stands outside of the plot besides the ticks."""

    def row_at(self, place: QPointF) -> int | None:
        """The row number of the point under ``place`` (pixels), or None."""
        return None

    def row_words(self, row: int) -> str:
        """What is told of a row that is pointed at."""
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if row is None:
            super().mousePressEvent(event)
        else:
            self.row_chosen.emit(row)

    def event(self, event: QEvent) -> bool:
        row = self.row_at(QPointF(event.pos())) if isinstance(event, QHelpEvent) else None
        if not isinstance(event, QHelpEvent) or row is None:
            return super().event(event)
        QToolTip.showText(event.globalPos(), self.row_words(row), self)
        return True

    def caption_line(self, rect: QRectF) -> float:
        """The base line of the caption, in pixels."""
        return rect.bottom() + 1.5 * self.em() + 2 * QFontMetricsF(self.tick_font()).height()

    def paint_caption(self, painter: QPainter, rect: QRectF, words: str, ringed: bool) -> None:
        """The line below the plot, with the ring of the current sample before it if it speaks of that."""
        unit, line = self.em(), self.caption_line(rect)
        painter.setFont(sized(self.font(), 12))
        metrics, start = QFontMetricsF(painter.font()), 0.7 * unit
        if ringed:
            self.paint_ring(painter, QPointF(start + 0.45 * unit, line - metrics.capHeight() / 2), 0.4 * unit)
            start += 1.5 * unit
        painter.setPen(QColor(self.theme.ink2))
        painter.drawText(QPointF(start, line), metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width() - start))

    def paint_ring(self, painter: QPainter, place: QPointF, radius: float) -> None:
        """The ring of the current sample, seen on any ground."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self.theme.base, 0.36), (self.theme.ink, 0.2)):
            painter.setPen(QPen(QColor(colour), width * self.em()))
            painter.drawEllipse(place, radius, radius)

    def ticks_right(self, rect: QRectF) -> list[Tick]:
        """The ticks of the lower axis."""
        return linear_ticks(self.extent[0], self.extent[1], max(2, round(rect.width() / (3.5 * self.em()))))

    def _ticks_up(self, most: int) -> list[Tick]:
        return linear_ticks(self.extent[2], self.extent[3], most)

    def _paint_ticks(self, painter: QPainter, rect: QRectF) -> None:
        font = self.tick_font()
        metrics, unit = QFontMetricsF(font), self.em()
        painter.setFont(font)
        painter.setPen(QColor(self.theme.ink3))
        left, right, bottom, top = self.extent
        for tick in self.ticks_right(rect):
            place = rect.left() + (tick.value - left) / (right - left) * rect.width()
            wide = metrics.horizontalAdvance(tick.text)
            painter.drawText(QPointF(place - wide / 2, rect.bottom() + 0.35 * unit + metrics.ascent()), tick.text)
        name_font = sized(self.font(), 13, italic=True)
        name_metrics = QFontMetricsF(name_font)
        name_bottom = rect.top() + name_metrics.height()
        for tick in self._ticks_up(max(2, math.floor(rect.height() / (2.6 * unit)))):
            place = rect.bottom() - (tick.value - bottom) / (top - bottom) * rect.height()
            baseline = place + metrics.capHeight() / 2
            if self.axis_names[1] and baseline - metrics.ascent() < name_bottom:
                continue  # the axis's name stands there
            wide = metrics.horizontalAdvance(tick.text)
            painter.drawText(QPointF(rect.left() - 0.5 * unit - wide, baseline), tick.text)
        painter.setFont(name_font)
        painter.setPen(QColor(self.theme.ink2))
        right_name = name_metrics.elidedText(self.axis_names[0], Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QPointF(rect.right() - name_metrics.horizontalAdvance(right_name),
                                 rect.bottom() + 0.2 * unit + metrics.height() + name_metrics.ascent()), right_name)
        self._paint_upward_name(painter, rect, name_metrics)

    def _paint_upward_name(self, painter: QPainter, rect: QRectF, metrics: QFontMetricsF) -> None:
        name, unit = self.axis_names[1], self.em()
        wide = metrics.horizontalAdvance(name)
        if wide <= rect.left() - 0.5 * unit:
            painter.drawText(QPointF(rect.left() - 0.5 * unit - wide, rect.top() + metrics.ascent()), name)
            return
        # a long name stands inside, on a ground of its own
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width() - unit)
        ground = QRectF(rect.left() + 2, rect.top() + 2, metrics.horizontalAdvance(shown) + 0.6 * unit, metrics.height())
        painter.fillRect(ground, QColor(self.theme.panel))
        painter.drawText(QPointF(ground.left() + 0.3 * unit, ground.top() + metrics.ascent()), shown)
