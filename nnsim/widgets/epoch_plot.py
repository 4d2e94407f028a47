"""A plot over the epochs whose places can be read and gone to: what gradient norms, histories and counts over time share.

The x axis is finished epochs, up to now. Moving over it reads the nearest place that is known, in the line below the plot; a click
says that somebody wants to go there. Subclasses draw, and put a reading into words. It refuses to move in time.
"""

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from nnsim.core.activations import Array
from nnsim.engine.moments import Moment
from nnsim.picture import numbers
from nnsim.picture.ticks import Tick, linear_ticks
from nnsim.widgets.plot_area import PlotArea

_LEAST_EPOCHS = 1.0
_NOWHERE = np.empty(0)


class EpochPlot(PlotArea):
    """Epochs to the right; what stands upwards is the subclass's."""

    moment_chosen = Signal(object)
    """The ``Moment`` before the batch whose place was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = ""
        """What stands below the plot while nothing is read."""
        self._batches, self._per_epoch = _NOWHERE, 1
        self._read: int | None = None
        self._pointer = QPointF()

    def show_places(self, batches: Array, per_epoch: int) -> None:
        """Take the places that can be read: the batch (points,) that follows each, of so many in an epoch."""
        self._batches, self._per_epoch = batches, per_epoch
        right = max(float(self.epochs.max(initial=0.0)), _LEAST_EPOCHS)
        self.extent = (0.0, right, *self.extent[2:])
        self.axis_names = (self.tr("epoch"), self.axis_names[1])
        if self._read is not None:
            self._read = self._nearest(self._pointer)
        self.update()

    @property
    def epochs(self) -> Array:
        """(points,) finished epochs at the places that can be read."""
        epochs: Array = self._batches / self._per_epoch
        return epochs

    @property
    def caption(self) -> str:
        """The line below the plot: the reading, or else the note."""
        return self.note if self._read is None else f"{self.place_words(self._read)}   {self.words_at(self._read, self._height())}"

    def words_at(self, index: int, height: float) -> str:
        """What is read at the place ``index``; ``height``: the pointer's, in the units of the upward axis."""
        return ""

    def place_words(self, index: int) -> str:
        """Where a place is."""
        epoch, batch = divmod(int(self._batches[index]), self._per_epoch)
        if batch == 0:
            return self.tr("after epoch {epoch}").format(epoch=numbers.whole(epoch))
        return self.tr("epoch {epoch}, before batch {batch}").format(epoch=numbers.whole(epoch + 1), batch=numbers.whole(batch + 1))

    def ticks_right(self, rect: QRectF) -> list[Tick]:
        return linear_ticks(self.extent[0], self.extent[1], max(2, round(rect.width() / (4.5 * self.em()))), whole=True)

    def paint_reading(self, painter: QPainter, rect: QRectF) -> None:
        """A dotted line where something is read."""
        if self._read is not None:
            across = self.point(float(self.epochs[self._read]), self.extent[2]).x()
            painter.setPen(QPen(QColor(self.theme.line2), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(across, rect.top(), across, rect.bottom()))

    def paint_beside(self, painter: QPainter, rect: QRectF) -> None:
        self.paint_caption(painter, rect, self.caption, ringed=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        self._read = self._nearest(event.position())
        self.setToolTip(self.caption)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._read = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._nearest(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if index is not None:
            self.moment_chosen.emit(Moment(int(self._batches[index]), 0))

    def _nearest(self, place: QPointF) -> int | None:
        rect = self.plot_rect()
        if not self._batches.size or not rect.contains(place):
            return None
        epochs = (place.x() - rect.left()) / rect.width() * self.extent[1]
        return int(np.abs(self.epochs - epochs).argmin())

    def _height(self) -> float:
        rect, (_, _, bottom, top) = self.plot_rect(), self.extent
        return bottom + (rect.bottom() - self._pointer.y()) / rect.height() * (top - bottom)
