"""The output over a plane of two inputs: the network's answer as ground, its decision as a line, the data as points.

The ground is one small image stretched smoothly; the points, which stay the same from frame to frame, are a layer drawn once and
kept. It refuses to know a simulation: it shows the frames it is given and tells which row was clicked.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame
from nnsim.engine.looking import data_extent
from nnsim.picture import numbers
from nnsim.picture.contours import certainty, contour, region_borders
from nnsim.picture.output_picture import ToneScale, classes_of, nearest, striped, tone_scale
from nnsim.picture.palette import Theme, class_shape
from nnsim.widgets.colour_bar import bar_ticks, paint_colour_bar
from nnsim.widgets.output_words import row_words, sample_words
from nnsim.widgets.plot_area import PlotArea
from nnsim.widgets.point_marks import draw_mark, mark_path

_MOST_POINTS = 3000


class OutputPlane(PlotArea):
    """A decision surface or class regions under the data points, with the current sample ringed."""

    square = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._scale = ToneScale(0.0, 1.0, 0.5)
        self._ground = QImage()
        self._pieces: Array = np.empty((0, 4))
        self._points: QPixmap | None = None
        self._shows_points = True
        self._points_key: tuple[object, ...] = ()

    def show_frame(self, frame: Frame) -> None:
        """Show a frame of data with two inputs; without ``frame.surface`` the points alone."""
        self._frame = frame
        self.extent = frame.surface.extent if frame.surface else data_extent(frame.dataset, (0, 1))
        self.axis_names = (frame.dataset.input_names[0], frame.dataset.input_names[1])
        self._scale = tone_scale(frame)
        self._make_ground()
        self.update()

    def show_points(self, visible: bool) -> None:
        """Whether the data's points are drawn: not while somebody draws others over them."""
        self._shows_points = visible
        self.update()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        if self._frame:
            self._make_ground()

    def _make_ground(self) -> None:
        surface = self._frame.surface if self._frame else None
        if surface is None:
            self._ground, self._pieces = QImage(), np.empty((0, 4))
            return
        if len(surface.outputs) == 1:
            pixels = striped(self.theme.pixels(self._scale.tones(surface.outputs[0])), surface.outputs[0], self.theme)
            self._pieces = contour(surface.outputs[0], self._scale.level)
        else:
            pixels = region_pixels(surface.outputs, self.theme)
            self._pieces = region_borders(surface.outputs)
        upright = np.ascontiguousarray(pixels[::-1])
        height, width = upright.shape
        # a copy, since the image must not outlive the array it borrows from
        self._ground = QImage(upright.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()

    @property
    def _has_bar(self) -> bool:
        return self._frame is None or self._frame.network.widths[-1] == 1

    def right_margin(self) -> float:
        if not self._has_bar:
            return self.em()
        metrics = QFontMetricsF(self.tick_font())
        return 2.6 * self.em() + max(metrics.horizontalAdvance(tick.text) for tick in bar_ticks(self._scale))

    def margins(self) -> tuple[float, float, float, float]:
        left, top, right, bottom = super().margins()
        return left, top, right, bottom + (0.0 if self._has_bar else 1.7 * self.em())

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        if self._frame is None:
            return
        if not self._ground.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            # the outermost numbers stand on the plot's border, so half a cell of each side lies outside of it
            half_x = rect.width() / (2 * (self._ground.width() - 1))
            half_y = rect.height() / (2 * (self._ground.height() - 1))
            painter.drawImage(rect.adjusted(-half_x, -half_y, half_x, half_y), self._ground)
        if len(self._pieces):
            size = np.array([rect.width(), -rect.height()] * 2)
            ends = self._pieces * size + np.array([rect.left(), rect.bottom()] * 2)
            painter.setPen(QPen(QColor(self.theme.ink), 0.14 * self.em(), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLines([QLineF(*piece) for piece in ends.tolist()])
        if self._shows_points:
            painter.drawPixmap(rect.topLeft(), self._point_layer(self._frame, rect))
            self._paint_current(painter, rect)

    def _rows(self, frame: Frame) -> Array:
        """The rows drawn, an even choice where there are very many: test rows first, so that training rows lie on top."""
        rows = np.concatenate([frame.dataset.test, frame.dataset.train])
        chosen: Array = rows[:: max(-(-len(rows) // _MOST_POINTS), 1)]
        return chosen

    def _point_layer(self, frame: Frame, rect: QRectF) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (frame.dataset, rect.size(), ratio, self.theme.name, self.extent, self._scale, self.em())
        if self._points is None or key != self._points_key:
            layer = QPixmap((rect.size() * ratio).toSize())
            layer.setDevicePixelRatio(ratio)
            layer.fill(Qt.GlobalColor.transparent)
            with QPainter(layer) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._draw_points(painter, frame, rect)
            self._points, self._points_key = layer, key
        return self._points

    def _draw_points(self, painter: QPainter, frame: Frame, rect: QRectF) -> None:
        dataset, theme = frame.dataset, self.theme
        rows = self._rows(frame)
        radius = self.em() * (0.45 if len(rows) <= 20 else 0.29 if len(rows) <= 1000 else 0.2)
        places = self.to_pixels(dataset.inputs[rows], QRectF(0, 0, rect.width(), rect.height()))
        is_test = np.isin(rows, dataset.test)
        if dataset.task == "regression":
            self._draw_numbers(painter, dataset.targets[rows, 0], places, is_test, radius)
            return
        count = len(dataset.target_names)
        classes = classes_of(dataset.targets[rows], 0.5).tolist()
        looks = [(mark_path(class_shape(index, count), radius), theme.class_colour(index, count)) for index in range(count)]
        for (x, y), index, test in zip(places.tolist(), classes, is_test.tolist(), strict=True):
            path, colour = looks[index]
            draw_mark(painter, path, QPointF(x, y), colour, theme.base, filled=not test)

    def _draw_numbers(self, painter: QPainter, targets: Array, places: Array, is_test: Array, radius: float) -> None:
        """Points whose tone is their target. They are rimmed with ink, since near zero they look like the ground."""
        disc, theme = mark_path("disc", radius), self.theme
        tones = self._scale.tones(targets).tolist()
        for (x, y), tone, test in zip(places.tolist(), tones, is_test.tolist(), strict=True):
            if test:
                draw_mark(painter, disc, QPointF(x, y), theme.sign(tone), theme.base, filled=False)
            else:
                draw_mark(painter, disc, QPointF(x, y), theme.tone(tone), theme.ink2, filled=True)

    def _paint_current(self, painter: QPainter, rect: QRectF) -> None:
        frame = self._frame
        if frame is None or frame.row is None:
            return
        place = self.point(*frame.dataset.inputs[frame.row][:2].tolist())
        ring = 0.62 * self.em()
        painter.setPen(QPen(QColor(self.theme.ink), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(rect.left(), place.y()), QPointF(place.x() - ring, place.y()))
        painter.drawLine(QPointF(place.x(), rect.top()), QPointF(place.x(), place.y() - ring))
        self.paint_ring(painter, place, ring)

    def paint_beside(self, painter: QPainter, rect: QRectF) -> None:
        if self._frame is None:
            return
        painter.setFont(self.tick_font())
        if self._has_bar:
            paint_colour_bar(painter, rect, self._scale, self.theme, self.em())
        else:
            self._paint_classes(painter, self.caption_line(rect) + 1.7 * self.em())
        words = sample_words(self._frame)
        self.paint_caption(painter, rect, words or self._note(self._frame), ringed=bool(words))

    def _note(self, frame: Frame) -> str:
        if frame.surface is not None and not np.isfinite(frame.surface.outputs).all():
            return self.tr("striped: not finite here")
        drawn, rows = len(self._rows(frame)), len(frame.dataset.inputs)
        if drawn < rows:
            return self.tr("{drawn} of {rows} points drawn").format(drawn=numbers.whole(drawn), rows=numbers.whole(rows))
        if len(frame.dataset.test):
            return self.tr("filled: training rows   hollow: test rows")
        return self.tr("training rows; no test rows")

    def _paint_classes(self, painter: QPainter, line: float) -> None:
        assert self._frame is not None
        names, unit = self._frame.dataset.target_names, self.em()
        metrics = QFontMetricsF(painter.font())
        room = (self.width() - 1.4 * unit) / len(names)
        for index, name in enumerate(names):
            left = 0.7 * unit + index * room
            path = mark_path(class_shape(index, len(names)), 0.35 * unit)
            colour = self.theme.class_colour(index, len(names))
            draw_mark(painter, path, QPointF(left + 0.4 * unit, line - metrics.capHeight() / 2), colour, self.theme.base, True)
            painter.setPen(QColor(self.theme.ink2))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room - 1.4 * unit)
            painter.drawText(QPointF(left + 1.1 * unit, line), shown)

    def row_at(self, place: QPointF) -> int | None:
        if self._frame is None or not self.plot_rect().contains(place):
            return None
        rows = self._rows(self._frame)
        index = nearest(self.to_pixels(self._frame.dataset.inputs[rows]), place.x(), place.y(), 0.9 * self.em())
        return None if index is None else int(rows[index])

    def row_words(self, row: int) -> str:
        return "" if self._frame is None else row_words(self._frame.dataset, row)


def region_pixels(shares: Array, theme: Theme) -> NDArray[np.uint32]:
    """0xffRRGGBB, (rows, columns): the winning class's colour over ``base``, the stronger the clearer it leads.

    ``shares``: (classes, rows, columns).
    """
    winner, lead = certainty(shares)
    colours = np.array([_channels(theme.class_colour(index, len(shares))) for index in range(len(shares))])
    share = (0.2 + 0.45 * lead)[..., None]
    mixed = np.rint(_channels(theme.base) * (1 - share) + colours[winner] * share).astype(np.uint32)
    pixels: NDArray[Any] = np.uint32(0xFF000000) | mixed[..., 0] << 16 | mixed[..., 1] << 8 | mixed[..., 2]
    return pixels


def _channels(colour: str) -> Array:
    value = QColor(colour)
    return np.array([value.red(), value.green(), value.blue()], float)
