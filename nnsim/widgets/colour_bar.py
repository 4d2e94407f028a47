"""The colour bar beside a surface: which tone stands for which output, with a line where the decision lies.

Apart because it belongs to the scale, not to the data. It refuses to choose a scale.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from nnsim.picture.output_picture import ToneScale
from nnsim.picture.palette import Theme
from nnsim.picture.ticks import Tick, linear_ticks


def bar_ticks(scale: ToneScale) -> list[Tick]:
    """The numbers beside the bar."""
    if (scale.low, scale.high) == (0.0, 1.0):
        return [Tick(0.0, "0"), Tick(0.5, "½"), Tick(1.0, "1")]
    return linear_ticks(scale.low, scale.high, 5)


def paint_colour_bar(painter: QPainter, beside: QRectF, scale: ToneScale, theme: Theme, em: float) -> None:
    """Paint the bar right of the plot ``beside``; the painter has the font of the ticks, ``em`` is the application's font size."""
    bar = QRectF(beside.right() + 0.9 * em, beside.top(), 0.75 * em, beside.height())
    shades = np.ascontiguousarray(theme.pixels(np.linspace(1.0, -1.0, 256)))
    painter.drawImage(bar, QImage(shades.data, 1, 256, 4, QImage.Format.Format_RGB32))
    painter.setPen(QPen(QColor(theme.line2), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    metrics = QFontMetricsF(painter.font())

    def height(value: float) -> float:
        return bar.bottom() - (value - scale.low) / (scale.high - scale.low) * bar.height()

    painter.setPen(QPen(QColor(theme.ink), 0.14 * em))
    painter.drawLine(QPointF(bar.left(), height(scale.level)), QPointF(bar.right(), height(scale.level)))
    painter.setPen(QColor(theme.ink3))
    for tick in bar_ticks(scale):
        baseline = height(tick.value) + metrics.capHeight() / 2
        baseline = min(max(baseline, bar.top() + metrics.capHeight()), bar.bottom())
        painter.drawText(QPointF(bar.right() + 0.4 * em, baseline), tick.text)
