"""The first rows that got a wrong class, as their own small pictures: above the true class, below what it was taken for.

Only for data whose inputs are pictures. It refuses to judge: the rows come as a ``Confusion``.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnsim.core.datasets import Dataset
from nnsim.picture import numbers
from nnsim.picture.output_picture import Confusion
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.pixels import picture_pixels
from nnsim.widgets.plot_area import sized


def row_picture(dataset: Dataset, row: int, theme: Theme) -> QImage:
    """A row's inputs as a picture."""
    pixels = np.ascontiguousarray(picture_pixels(dataset.inputs[row], dataset, theme))
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


class WrongPictures(QWidget):
    """A strip of as many wrong rows as there is room for."""

    row_chosen = Signal(int)
    """The row number, in the data set, of a picture that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = THEMES["light"]
        self._dataset: Dataset | None = None
        self._wrong = np.zeros((0, 3), np.intp)
        self._images: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(20 * self._em()), round(3.4 * self._em()))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(10 * self._em()), round(3.4 * self._em()))

    def _em(self) -> float:
        return float(QFontInfo(self.font()).pixelSize())

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme, self._images = theme, []
        self.update()

    def show_confusion(self, confusion: Confusion, dataset: Dataset) -> None:
        """Show the first wrong rows of a data set of pictures."""
        if dataset is not self._dataset or not np.array_equal(confusion.wrong, self._wrong):
            self._dataset, self._wrong, self._images = dataset, confusion.wrong, []
            self.update()

    def places(self) -> list[tuple[int, QRectF]]:
        """Row numbers, and where their pictures lie, in pixels."""
        if self._dataset is None:
            return []
        unit = self._em()
        left, side = self._start(), 2.4 * unit
        step = side + self._names_width() + 0.6 * unit
        room = max(int((self.width() - left - 0.5 * unit) / step), 0)
        return [(int(row), QRectF(left + index * step, 0.4 * unit, side, side))
                for index, row in enumerate(self._wrong[:room, 0])]

    def _names_width(self) -> float:
        """Room for the names of classes beside each picture: short ones whole."""
        assert self._dataset is not None
        metrics = QFontMetricsF(sized(self.font(), 11, bold=True))
        widest = max(metrics.horizontalAdvance(name) for name in self._dataset.target_names)
        return min(widest + 0.2 * self._em(), 4 * self._em())

    def _words(self) -> str:
        count = len(self._wrong)
        return self.tr("{count} wrong:").format(count=numbers.whole(count)) if count else self.tr("none wrong")

    def _start(self) -> float:
        metrics = QFontMetricsF(sized(self.font(), 12, bold=True))
        return metrics.horizontalAdvance(self._words()) + 1.4 * self._em()

    def _images_for(self, rows: list[int]) -> list[QImage]:
        assert self._dataset is not None
        if len(self._images) != len(rows):
            self._images = [row_picture(self._dataset, row, self._theme) for row in rows]
        return self._images

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._dataset is None:
            return
        unit, theme, places = self._em(), self._theme, self.places()
        images = self._images_for([row for row, _ in places])
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.panel))
            painter.setFont(sized(self.font(), 12, bold=True))
            painter.setPen(QColor(theme.ink2))
            line = QRectF(0.7 * unit, 0.4 * unit, self.width(), 2.4 * unit)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self._words())
            for (_, place), image, (_, true, predicted) in zip(places, images, self._wrong, strict=False):
                painter.drawImage(place, image)
                painter.setPen(QPen(QColor(theme.neg), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(place)
                self._paint_names(painter, place, int(true), int(predicted))

    def _paint_names(self, painter: QPainter, place: QRectF, true: int, predicted: int) -> None:
        assert self._dataset is not None
        unit = self._em()
        for index, colour, bold, height in ((true, self._theme.ink2, False, 0.45), (predicted, self._theme.neg_ink, True, 0.95)):
            painter.setFont(sized(self.font(), 11, bold=bold))
            metrics = QFontMetricsF(painter.font())
            name = metrics.elidedText(self._dataset.target_names[index], Qt.TextElideMode.ElideRight, self._names_width())
            painter.setPen(QColor(colour))
            painter.drawText(QPointF(place.right() + 0.3 * unit, place.top() + height * place.height()), name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            for row, place in self.places():
                if place.contains(event.position()):
                    self.row_chosen.emit(row)
                    return
