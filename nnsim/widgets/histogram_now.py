"""A layer's numbers now as bars: how many lie where, orange below zero and blue above.

It is apart from the counts over time because its axis is the present's own. It refuses to show numbers of a batch that are not
computed yet.
"""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from nnsim.core.activations import Array
from nnsim.picture import numbers
from nnsim.picture.histograms import Histogram
from nnsim.picture.ticks import Tick, linear_ticks
from nnsim.widgets.plot_area import PlotArea


class HistogramNow(PlotArea):
    """The bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = ""
        self._histogram: Histogram | None = None
        self._read: int | None = None

    def sizeHint(self) -> QSize:
        return QSize(round(27 * self.em()), round(13 * self.em()))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(14 * self.em()), round(10 * self.em()))

    def show_histogram(self, histogram: Histogram | None, name: str, note: str) -> None:
        """Show bars over values called ``name``; None: there is nothing to count. ``note`` is the line below."""
        self._histogram, self.note, self._read = histogram, note, None
        self.axis_names = (name, "")
        if histogram is not None:
            self.extent = (float(histogram.edges[0]), float(histogram.edges[-1]), 0.0, 1.05 * max(float(histogram.counts.max()), 1))
        self.update()

    @property
    def histogram(self) -> Histogram | None:
        """What is on show."""
        return self._histogram

    @property
    def caption(self) -> str:
        """The line below the plot: a bin that is pointed at, or else the note."""
        if self._histogram is None or self._read is None:
            return self.note
        return bin_words(self._histogram.edges, self._read) + f": {numbers.whole(int(self._histogram.counts[self._read]))}"

    def _ticks_up(self, most: int) -> list[Tick]:
        return [] if self._histogram is None else linear_ticks(self.extent[2], self.extent[3], most, whole=True)

    def ticks_right(self, rect: QRectF) -> list[Tick]:
        if self._histogram is None:
            return []
        metrics, most = QFontMetricsF(self.tick_font()), max(2, round(rect.width() / (2.5 * self.em())))
        ticks = linear_ticks(self.extent[0], self.extent[1], most)
        # small numbers are long words
        while most > 2 and sum(metrics.horizontalAdvance(tick.text) + self.em() for tick in ticks) > rect.width():
            most -= 1
            ticks = linear_ticks(self.extent[0], self.extent[1], most)
        return ticks

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        histogram = self._histogram
        if histogram is None:
            painter.setPen(QPen(QColor(self.theme.line2), 0.14 * self.em(), Qt.PenStyle.DotLine))
            painter.drawRect(rect.adjusted(self.em(), self.em(), -self.em(), -self.em()))
            painter.setPen(QColor(self.theme.ink3))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "?")
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        edges = self.to_pixels(np.stack([histogram.edges, np.zeros(len(histogram.edges))], axis=1))
        tops = self.to_pixels(np.stack([histogram.edges[:-1], histogram.counts], axis=1))
        centres = (histogram.edges[:-1] + histogram.edges[1:]) / 2
        for index, centre in enumerate(centres.tolist()):
            (left, floor), right, top = edges[index].tolist(), float(edges[index + 1, 0]), float(tops[index, 1])
            bar = QRectF(left, top, max(right - left - 1, 1.0), floor - top)
            painter.fillRect(bar, QColor(self.theme.sign(centre)))
            if index == self._read:
                painter.setPen(QPen(QColor(self.theme.ink), 0.14 * self.em()))
                painter.drawRect(QRectF(bar.left(), rect.top(), bar.width(), rect.height()))

    def paint_beside(self, painter: QPainter, rect: QRectF) -> None:
        self.paint_caption(painter, rect, self.caption, ringed=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._read, rect = None, self.plot_rect()
        if self._histogram is not None and rect.contains(event.position()):
            bins = len(self._histogram.counts)
            self._read = min(int((event.position().x() - rect.left()) / rect.width() * bins), bins - 1)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._read = None
        self.update()


def bin_words(edges: Array, index: int) -> str:
    """Where a bin lies: ``+0.100 … +0.150``."""
    return f"{numbers.significant(float(edges[index]))} … {numbers.significant(float(edges[index + 1]))}"
