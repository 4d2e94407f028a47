"""How long each layer's gradient was: a line a layer over the epochs, on a logarithmic axis, each named where it ends.

Where the lines of the first layers lie far below those of the last, their gradients vanish on the way back; where they rise and
rise, they explode. It refuses to know a simulation: it shows the past it is given.
"""

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnsim.engine.past import Past
from nnsim.picture import numbers
from nnsim.picture.gradient_norms import GradientNorms, gradient_norms, separated
from nnsim.picture.palette import blend
from nnsim.picture.ticks import Tick, logarithmic_ticks
from nnsim.widgets.epoch_plot import EpochPlot

_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_FEW_POINTS = 24


class GradientNormPlot(EpochPlot):
    """The lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Length of each layer's gradient over the epochs"))
        self._norms: GradientNorms | None = None
        self.axis_names = ("", "‖∂L/∂θ‖")

    @property
    def norms(self) -> GradientNorms | None:
        """What is drawn."""
        return self._norms

    def sizeHint(self) -> QSize:
        unit = self.em()
        return QSize(round(27 * unit), round(20 * unit))

    def show_past(self, past: Past) -> None:
        """Show the lengths in a past."""
        self._norms = norms = gradient_norms(past)
        if norms is None:
            self.note = self.tr("no gradient has been computed again yet")
            self.update()
            return
        low, high = (math.log10(end) for end in norms.span)
        # the axis's name stands above the lines
        self.extent = (0.0, 1.0, low, high + 0.08 * (high - low))
        self.show_places(norms.batches, norms.per_epoch)
        hidden = int(norms.norms.size - norms.drawn.sum())
        self.note = self.tr("one batch at each of {points} places").format(points=len(norms.batches))
        if hidden:
            self.note += "   " + self.tr("{hidden} of {all} lengths are 0 or not finite: not drawn").format(
                hidden=numbers.whole(hidden), all=numbers.whole(norms.norms.size))
        self.setAccessibleDescription(self.words_at(-1, 0.0))

    def words_at(self, index: int, height: float) -> str:
        if self._norms is None:
            return ""
        lengths = self._norms.norms[:, index].tolist()
        return "   ".join(f"L{layer} {numbers.loss(length)}" for layer, length in enumerate(lengths, 1))

    def layer_colour(self, layer: int) -> str:
        """The colour of a layer's line: from the first to the last further towards ink."""
        count = 1 if self._norms is None else len(self._norms.norms)
        return blend(self.theme.backward, self.theme.ink, 0.75 * layer / max(count - 1, 1))

    def right_margin(self) -> float:
        metrics = QFontMetricsF(self.tick_font())
        count = 1 if self._norms is None else len(self._norms.norms)
        return metrics.horizontalAdvance(f"L{count}") + 0.9 * self.em()

    def _ticks_up(self, most: int) -> list[Tick]:
        low, high = 10 ** self.extent[2], 10 ** self.extent[3]
        return [Tick(math.log10(tick.value), tick.text) for tick in logarithmic_ticks(low, high, most)]

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        norms = self._norms
        if norms is None:
            return
        painter.setPen(QPen(QColor(self.theme.line), 1))
        for tick in self._ticks_up(max(2, math.floor(rect.height() / (2.6 * self.em())))):
            height = self.point(0.0, tick.value).y()
            painter.drawLine(QLineF(rect.left(), height, rect.right(), height))
        for layer, lengths in enumerate(norms.norms):
            drawn = norms.drawn[layer]
            places = self.to_pixels(np.stack([norms.epochs[drawn], np.log10(lengths[drawn])], axis=1))
            points = QPolygonF([QPointF(x, y) for x, y in places.tolist()])
            colour = QColor(self.layer_colour(layer))
            painter.setPen(QPen(colour, 0.15 * self.em(), _STYLES[layer % len(_STYLES)]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(points)
            if len(places) <= _FEW_POINTS:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                for x, y in places.tolist():
                    painter.drawEllipse(QPointF(x, y), 0.2 * self.em(), 0.2 * self.em())
        self.paint_reading(painter, rect)

    def paint_beside(self, painter: QPainter, rect: QRectF) -> None:
        super().paint_beside(painter, rect)
        norms = self._norms
        if norms is None:
            return
        painter.setFont(self.tick_font())
        metrics = QFontMetricsF(painter.font())
        # with very many layers only every n-th has room for its name
        named = range(0, len(norms.norms), max(1, math.ceil(len(norms.norms) * metrics.height() / max(rect.height(), 1))))
        ends = []
        for layer in named:
            lengths = norms.norms[layer][norms.drawn[layer]]
            if lengths.size:
                ends.append((layer, self.point(0.0, math.log10(float(lengths[-1]))).y()))
        heights = separated([height for _, height in ends], metrics.height(), rect.top(), rect.bottom())
        for (layer, _), height in zip(ends, heights, strict=True):
            painter.setPen(QColor(self.layer_colour(layer)))
            painter.drawText(QPointF(rect.right() + 0.4 * self.em(), height + metrics.capHeight() / 2), f"L{layer + 1}")
