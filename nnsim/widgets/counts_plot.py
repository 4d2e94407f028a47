"""A layer's numbers over the epochs as a ground: strong where many of them lie, orange below zero and blue above.

Each column of the ground is the nearest place that is remembered, not a blend of two. It refuses to count: the counts come to it.
"""

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from nnsim.picture import numbers
from nnsim.picture.histograms import CountsOverTime
from nnsim.picture.palette import Theme
from nnsim.widgets.epoch_plot import EpochPlot
from nnsim.widgets.histogram_now import bin_words

_COLUMNS = 512
_LEAST_TONE = 0.15  # a single number among many is still to be seen


class CountsPlot(EpochPlot):
    """The ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: CountsOverTime | None = None
        self._ground = QImage()

    def sizeHint(self) -> QSize:
        return QSize(round(27 * self.em()), round(15 * self.em()))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(14 * self.em()), round(10 * self.em()))

    @property
    def counts(self) -> CountsOverTime | None:
        """What is on show."""
        return self._counts

    def show_counts(self, counts: CountsOverTime | None, name: str, note: str) -> None:
        """Show counts of values called ``name``; None: nothing is known yet. ``note`` is the line below."""
        self._counts, self.note = counts, note
        self.axis_names = ("", name)
        if counts is None:
            self.show_places(np.empty(0), 1)
        else:
            self.extent = (0.0, 1.0, float(counts.edges[0]), float(counts.edges[-1]))
            self.show_places(counts.batches, counts.per_epoch)
        self._make_ground()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._make_ground()

    def words_at(self, index: int, height: float) -> str:
        counts = self._counts
        if counts is None:
            return ""
        row = int(np.clip(np.searchsorted(counts.edges, height) - 1, 0, len(counts.edges) - 2))
        return f"{bin_words(counts.edges, row)}: {numbers.whole(int(counts.counts[index, row]))}"

    def _make_ground(self) -> None:
        counts = self._counts
        if counts is None:
            self._ground = QImage()
            return
        centres = (counts.edges[:-1] + counts.edges[1:]) / 2
        signs = np.where(centres < 0, -1.0, 1.0)
        tones = np.where(counts.counts > 0, _LEAST_TONE + (1 - _LEAST_TONE) * counts.shares, 0.0) * signs
        epochs = (np.arange(_COLUMNS) + 0.5) / _COLUMNS * self.extent[1]
        middles = (counts.epochs[1:] + counts.epochs[:-1]) / 2
        columns = tones[np.searchsorted(middles, epochs)]
        # less than an epoch does not fill the axis
        columns[epochs > float(counts.epochs[-1])] = np.nan
        pixels = np.ascontiguousarray(self.theme.pixels(columns.T[::-1]))
        height, width = pixels.shape
        # a copy, since the image must not outlive the array it borrows from
        self._ground = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
        self.update()

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        if not self._ground.isNull():
            painter.drawImage(rect, self._ground)
        self.paint_reading(painter, rect)
