"""A loss surface painted: the ground of losses with contours, the way that training took over it, and where it stands.

The stronger the tone, the greater the loss; the colour bar says how great. Apart from the choices above it because it only draws
and reads out. It refuses to compute losses, and to read out any that is not on the grid.
"""

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnsim.core.activations import Array
from nnsim.engine.loss_surface import Walk
from nnsim.engine.moments import Moment
from nnsim.picture import numbers
from nnsim.picture.loss_landscape import GridReading, Landscape, reading
from nnsim.picture.output_picture import nearest
from nnsim.picture.palette import Theme, blend
from nnsim.picture.ticks import Tick
from nnsim.widgets.plot_area import PlotArea

_SHADES = 128


class SurfaceCanvas(PlotArea):
    """The ground, and what lies on it."""

    moment_chosen = Signal(object)
    """The ``Moment`` of a place on the way that was clicked."""

    square = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = ""
        """What stands below the plot while nothing is read."""
        self._landscape: Landscape | None = None
        self._walk: Walk | None = None
        self._now: tuple[float, float] | None = None
        self._reading: GridReading | None = None
        self._ground = QImage()

    def sizeHint(self) -> QSize:
        return QSize(round(27 * self.em()), round(26 * self.em()))

    @property
    def landscape(self) -> Landscape | None:
        """What is on show."""
        return self._landscape

    @property
    def walk(self) -> Walk | None:
        """The way on show."""
        return self._walk

    @property
    def caption(self) -> str:
        """The line below the plot: the reading, or else the note."""
        found = self._reading
        if found is None or self._landscape is None:
            return self.note
        right, up = self._landscape.axis_names
        return self.tr("{right} {across}   {up} {height}   loss {loss}").format(
            right=right, across=numbers.significant(found.across), up=up, height=numbers.significant(found.up),
            loss=numbers.loss(found.loss))

    def show_landscape(self, landscape: Landscape | None) -> None:
        """Show another ground, bare; None: there is none."""
        self._landscape, self._walk, self._now, self._reading = landscape, None, None, None
        self.axis_names = ("", "")
        if landscape is not None:
            self.extent, self.axis_names = landscape.extent, landscape.axis_names
        self._make_ground()

    def show_way(self, walk: Walk | None, now: tuple[float, float] | None) -> None:
        """Show a way over the ground, and the place where training stands now; None: there is none."""
        self._walk, self._now = walk, now
        self.update()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._make_ground()

    def shades(self) -> "np.ndarray[tuple[int], np.dtype[np.uint32]]":
        """0xffRRGGBB of the tones 0 to 1, and at the end that of no loss at all."""
        theme = self.theme
        colours = [blend(theme.base, theme.loss, index / (_SHADES - 1)) for index in range(_SHADES)]
        return np.array([0xFF000000 | int(colour[1:], 16) for colour in (*colours, theme.panel)], np.uint32)

    def _make_ground(self) -> None:
        if self._landscape is None:
            self._ground = QImage()
        else:
            tones = self._landscape.tones
            shades = np.where(np.isnan(tones), _SHADES, np.nan_to_num(tones) * (_SHADES - 1)).astype(np.intp)
            pixels = np.ascontiguousarray(self.shades()[shades][::-1])
            height, width = pixels.shape
            # a copy, since the image must not outlive the array it borrows from
            self._ground = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
        self.update()

    def ticks_right(self, rect: QRectF) -> list[Tick]:
        return super().ticks_right(rect) if self._landscape else []

    def _ticks_up(self, most: int) -> list[Tick]:
        return super()._ticks_up(most) if self._landscape else []

    def right_margin(self) -> float:
        metrics = QFontMetricsF(self.tick_font())
        texts = [tick.text for tick in self._landscape.scale.ticks(7)] if self._landscape else []
        return 2.6 * self.em() + max((metrics.horizontalAdvance(text) for text in (*texts, self.tr("loss"))), default=0.0)

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        if self._landscape is None:
            return
        # the outermost losses stand on the plot's border, so half a cell of each side lies outside of it
        half = rect.width() / (2 * (self._ground.width() - 1))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._landscape.surface.complete)
        painter.drawImage(rect.adjusted(-half, -half, half, half), self._ground)
        size = np.array([rect.width(), -rect.height()] * 2)
        ends = self._landscape.contours * size + np.array([rect.left(), rect.bottom()] * 2)
        # pieces that overlap at their ends would look like dots
        painter.setPen(QPen(QColor(blend(self.theme.loss, self.theme.ink, 0.3)), 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines([QLineF(*piece) for piece in ends.tolist()])
        if self._walk is not None:
            self._paint_walk(painter, self._walk)
        if self._now is not None:
            self.paint_ring(painter, self.point(*self._now), 0.55 * self.em())
        if self._reading is not None:
            place, arm = self.point(self._reading.across, self._reading.up), 0.5 * self.em()
            painter.setPen(QPen(QColor(self.theme.ink), 0.12 * self.em()))
            painter.drawLine(place - QPointF(arm, 0), place + QPointF(arm, 0))
            painter.drawLine(place - QPointF(0, arm), place + QPointF(0, arm))

    def _paint_walk(self, painter: QPainter, walk: Walk) -> None:
        unit, theme = self.em(), self.theme
        places = [QPointF(x, y) for x, y in self.to_pixels(walk.places).tolist()]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.base, 0.42), (theme.ink, 0.16)):
            painter.setPen(QPen(QColor(colour), width * unit, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                                Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(QPolygonF(places))
        painter.setPen(QPen(QColor(theme.ink), 0.14 * unit))
        for index, place in enumerate(places):
            # the start is hollow
            painter.setBrush(QColor(theme.ink if index else theme.base))
            radius = 0.11 * unit if index else 0.36 * unit
            painter.drawEllipse(place, radius, radius)

    def paint_beside(self, painter: QPainter, rect: QRectF) -> None:
        if self._landscape is not None:
            self._paint_bar(painter, rect, self._landscape)
        self.paint_caption(painter, rect, self.caption, ringed=False)

    def _paint_bar(self, painter: QPainter, rect: QRectF, landscape: Landscape) -> None:
        painter.setFont(self.tick_font())
        metrics, unit = QFontMetricsF(painter.font()), self.em()
        head = metrics.height() + 0.2 * unit
        bar = QRectF(rect.right() + 0.9 * unit, rect.top() + head, 0.75 * unit, max(rect.height() - head, 8.0))
        pixels = np.ascontiguousarray(self.shades()[:_SHADES][::-1, None])
        painter.drawImage(bar, QImage(pixels.data, 1, _SHADES, 4, QImage.Format.Format_RGB32))
        painter.setPen(QPen(QColor(self.theme.line2), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        painter.setPen(QColor(self.theme.ink2))
        painter.drawText(QPointF(bar.left(), rect.top() + metrics.ascent()), self.tr("loss"))
        painter.setPen(QColor(self.theme.ink3))
        for tick in landscape.scale.ticks(max(2, round(bar.height() / (2.2 * unit)))):
            height = bar.bottom() - float(landscape.scale.tones(np.array([tick.value]))[0]) * bar.height()
            painter.drawText(QPointF(bar.right() + 0.4 * unit, height + metrics.capHeight() / 2), tick.text)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._reading = None
        if self._landscape is not None and self.plot_rect().contains(event.position()):
            self._reading = reading(self._landscape.surface, *self._data(event.position()))
        self.setToolTip(self.caption)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._reading = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._walk is None or event.button() != Qt.MouseButton.LeftButton:
            return
        place = event.position()
        index = nearest(self.to_pixels(self._walk.places), place.x(), place.y(), 0.9 * self.em())
        if index is not None:
            self.moment_chosen.emit(Moment(int(self._walk.batches[index]), 0))

    def _data(self, place: QPointF) -> tuple[float, float]:
        rect, (left, right, bottom, top) = self.plot_rect(), self.extent
        share: Array = np.array([(place.x() - rect.left()) / rect.width(), (rect.bottom() - place.y()) / rect.height()])
        across, up = (np.array([left, bottom]) + share * np.array([right - left, top - bottom])).tolist()
        return across, up
