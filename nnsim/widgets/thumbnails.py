"""The tiles that choose a data source: each is painted from the data itself, points in the shapes of their classes or pixels.

They are apart from the form because they paint. They refuse to load data: they are shown sketches.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nnsim.picture.palette import THEMES, Theme, blend, class_shape
from nnsim.picture.sketch import Sketch
from nnsim.widgets.captions import scaled
from nnsim.widgets.icons import icon
from nnsim.widgets.point_marks import mark_path

SQUARE_PX, CELL_PX = 54, 74
"""The side of a picture, and the width that its name has besides."""
_MOST_LINES = 3
"""Of a name: the longest has a word a line where a dock is at its narrowest."""


class Tile(QAbstractButton):
    """A square with a data set or an icon in it, and its name below. Checked means: this is the data now."""

    def __init__(self, icon_name: str = "") -> None:
        super().__init__()
        self.source = ""
        self._icon_name = icon_name
        self._sketch: Sketch | None = None
        self._theme = THEMES["light"]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_sketch(self, source: str, title: str, sketch: Sketch) -> None:
        """Stand for a source."""
        self.source, self._sketch = source, sketch
        self.setText(title)
        self.setAccessibleName(title)
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """The square, its focus outline, and the name, which has more lines where it needs them."""
        wide = scaled(CELL_PX)
        tall = len(self._name_lines(max(wide, self.width()) if self.isVisible() else wide)) or 1
        return QSize(wide, scaled(SQUARE_PX + 8) + tall * QFontMetrics(self._caption_font()).height())

    def minimumSizeHint(self) -> QSize:
        """A dock at its narrowest still holds three."""
        return QSize(scaled(58), self.sizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        """Only now its width is known again: a name may need a line less than it was thought to while hidden."""
        super().showEvent(event)
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A name may need another line."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def name_on_show(self) -> list[str]:
        """The lines of the name as they are painted."""
        return self._name_lines(self.width())

    def _name_lines(self, width: int) -> list[str]:
        # as wide as when chosen, so that a click moves nothing
        font = self._caption_font()
        font.setBold(True)
        return broken(self.text(), QFontMetricsF(font), width, _MOST_LINES)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Square, data, name."""
        theme, side = self._theme, min(scaled(SQUARE_PX), self.width() - scaled(6))
        square = QRectF((self.width() - side) / 2, scaled(4), side, side)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.hasFocus():
                painter.setPen(QPen(QColor(theme.focus), 2))
                painter.drawRect(square.adjusted(-3, -3, 3, 3))
            chosen = self.isChecked()
            edge = theme.selected if chosen else theme.ink2 if self.underMouse() else theme.line2
            painter.setPen(QPen(QColor(edge), 2.4 if chosen else 1))
            painter.setBrush(QColor(theme.base))
            painter.drawRoundedRect(square, scaled(4), scaled(4))
            self._paint_inside(painter, square.adjusted(*(scaled(sign * 7) for sign in (1, 1, -1, -1))))
            self._paint_name(painter, square)

    def _paint_inside(self, painter: QPainter, square: QRectF) -> None:
        if self._sketch is None:
            size = scaled(24)
            place = QRectF(square.center().x() - size / 2, square.center().y() - size / 2, size, size)
            icon(self._icon_name, self._theme.ink2).paint(painter, place.toRect())
        elif self._sketch.picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(square, picture_image(self._sketch.picture, self._theme))
        else:
            self._paint_points(painter, square, self._sketch)

    def _paint_points(self, painter: QPainter, square: QRectF, sketch: Sketch) -> None:
        theme = self._theme
        few = len(sketch.points) < 10
        radius = square.width() * (0.09 if few else 0.038)
        if few:
            inset = 0.15 * square.width()
            square = square.adjusted(inset, inset, -inset, -inset)
        paths = [mark_path("disc" if sketch.values is not None else class_shape(number, sketch.class_count), radius)
                 for number in range(sketch.class_count)]
        painter.setPen(Qt.PenStyle.NoPen)
        if sketch.values is not None:
            # a number near the middle of all, and the only one there is, has the ground's own tone
            painter.setPen(QPen(QColor(theme.ink2 if few else theme.line2), 1.4 if few else 0.6))
        for index, (right, up) in enumerate(sketch.points):
            number = int(sketch.classes[index])
            painter.setBrush(QColor(theme.class_colour(number, sketch.class_count) if sketch.values is None
                                    else theme.tone(float(sketch.values[index]))))
            place = QPointF(square.left() + right * square.width(), square.bottom() - up * square.height())
            painter.drawPath(paths[number].translated(place))

    def _paint_name(self, painter: QPainter, square: QRectF) -> None:
        painter.setFont(self._caption_font())
        painter.setPen(QColor(self._theme.ink if self.isChecked() else self._theme.ink2))
        below = QRectF(0, square.bottom() + scaled(3), self.width(), self.height() - square.bottom() - scaled(3))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, "\n".join(self.name_on_show()))

    def _caption_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(10, scaled(11.5)))
        font.setBold(self.isChecked())
        return font


def broken(text: str, metrics: QFontMetricsF, width: float, most: int) -> list[str]:
    """A text as at most ``most`` lines of whole words, none wider than ``width`` pixels; what does not fit ends in an ellipsis.

    The metrics are not of whole pixels: a text rounded down would be thought to fit, and then be cut off.
    """
    lines: list[str] = []
    words = text.split()
    while words:
        taken = 1 if len(lines) < most - 1 else len(words)
        while taken < len(words) and metrics.horizontalAdvance(" ".join(words[: taken + 1])) <= width:
            taken += 1
        lines.append(metrics.elidedText(" ".join(words[:taken]), Qt.TextElideMode.ElideRight, width))
        words = words[taken:]
    return lines


def picture_image(picture: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", theme: Theme) -> QImage:
    """An image of a picture's pixels, (rows, columns) of 0 ... 1: from the ground to ink."""
    shades = np.clip(np.rint(picture * 32), 0, 32).astype(int)
    table = [int(QColor(blend(theme.base, theme.ink, shade / 32)).rgb()) for shade in range(33)]
    image = QImage(picture.shape[1], picture.shape[0], QImage.Format.Format_RGB32)
    for (row, column), shade in np.ndenumerate(shades):
        image.setPixel(column, row, table[shade])
    return image
