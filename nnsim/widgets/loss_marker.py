"""The sheet above the loss curves: the flag "now" with its line and point, the word "epoch", and the readout under the pointer.

Apart from the plot because it moves without the curves, and belongs to pixels, not to losses. It lets every click through.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.plot_area import sized


class LossMarker(QWidget):
    """What moves over the curves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme = THEMES["light"]
        self._plot = QRectF()
        self._x = 0.0
        self._y: float | None = None
        self._phase = "start"
        self._reading_x: float | None = None
        self._reading = ""

    @property
    def reading(self) -> str:
        """The readout on show; empty where there is none."""
        return self._reading

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def show_now(self, plot: QRectF, x: float, y: float | None, phase: str) -> None:
        """Put "now" at ``x``, and its point at ``y`` if there is a finite loss; pixels, ``plot`` being where curves lie."""
        self._plot, self._x, self._y, self._phase = plot, x, y, phase
        self.update()

    def show_reading(self, x: float | None, words: str) -> None:
        """Show a readout at ``x`` (pixels); None takes it away."""
        if (x, words) != (self._reading_x, self._reading):
            self._reading_x, self._reading = x, words
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._plot.isEmpty():
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_axis_name(painter)
            if self._reading_x is not None:
                painter.setPen(QPen(QColor(self._theme.line2), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(self._reading_x, self._plot.top()), QPointF(self._reading_x, self._plot.bottom()))
            self._paint_now(painter)
            if self._reading_x is not None:
                self._paint_reading(painter)

    def _em(self) -> float:
        return float(QFontInfo(self.font()).pixelSize())

    def _paint_axis_name(self, painter: QPainter) -> None:
        painter.setFont(sized(self.font(), 11))
        metrics, word = QFontMetricsF(painter.font()), self.tr("epoch")
        painter.setPen(QColor(self._theme.ink3))
        painter.drawText(QPointF(self._plot.right() - metrics.horizontalAdvance(word), self.height() - metrics.descent() - 1), word)

    def _paint_now(self, painter: QPainter) -> None:
        colour, unit = QColor(self._theme.phase(self._phase)), self._em()
        painter.setPen(QPen(colour, 0.15 * unit))
        painter.drawLine(QPointF(self._x, self._plot.top()), QPointF(self._x, self._plot.bottom()))
        if self._y is not None:
            painter.setPen(QPen(QColor(self._theme.base), 0.12 * unit))
            painter.setBrush(QColor(self._theme.loss))
            painter.drawEllipse(QPointF(self._x, self._y), 0.38 * unit, 0.38 * unit)
        flag = self.flag()
        painter.setFont(self._flag_font())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(flag, flag.height() / 2, flag.height() / 2)
        painter.setPen(QColor(self._theme.base))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, self.tr("now"))

    def flag(self) -> QRectF:
        """Where the word "now" stands, in pixels: above its line, and clear of the borders."""
        metrics, unit = QFontMetricsF(self._flag_font()), self._em()
        wide, high = metrics.horizontalAdvance(self.tr("now")) + 1.1 * unit, metrics.height() + 0.1 * unit
        clear = 0.3 * unit
        # left of the plot are the numbers of the axis
        left = min(max(self._x - wide / 2, self._plot.left() - clear), self.width() - wide - clear)
        return QRectF(left, max(self._plot.top() - 0.72 * high, 1.0), wide, high)

    def _flag_font(self) -> QFont:
        return sized(self.font(), 12, bold=True)

    def _paint_reading(self, painter: QPainter) -> None:
        painter.setFont(sized(self.font(), 11.5))
        metrics, unit = QFontMetricsF(painter.font()), self._em()
        aligned = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        # what is wider than the plot goes on in another line
        text = metrics.boundingRect(QRectF(0, 0, self.width() - 1.2 * unit, self.height()), aligned, self._reading)
        wide, high = text.width() + 1.2 * unit, text.height() + 0.5 * unit
        # at the lower border, so that it seldom hides what it reads
        left = min(max((self._reading_x or 0.0) - wide / 2, 0.0), self.width() - wide)
        box = QRectF(left, self._plot.bottom() - high - 0.4 * unit, wide, high)
        painter.setPen(QPen(QColor(self._theme.line2), 1))
        painter.setBrush(QColor(self._theme.control))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(self._theme.ink))
        painter.drawText(box.adjusted(0.5 * unit, 0, -0.5 * unit, 0), aligned, self._reading)
