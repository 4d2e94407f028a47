"""The whole history of a run as one band to click and drag on: the loss as its ground, the flags, and the place of now.

It is apart from the time dock because it is a slider in its own right: it takes the keyboard, and a screen reader reads it as one.
Where a moment lies was worked out by ``picture.all_time``. It refuses to go anywhere: it says which moment was chosen.
"""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.moments import START, Moment
from nnsim.picture import numbers
from nnsim.picture.all_time import AllTime, ground
from nnsim.picture.palette import THEMES, Theme, blend
from nnsim.picture.time_picture import finished_batches
from nnsim.widgets.bar import scale_of, sized

FLAGS_PX, BAND_PX, AXIS_PX = 17, 34, 17
KEYS = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
COLUMN_PX = 8
"""The ground is as fine as this: the mean over a column is calmer than every batch for itself."""


class TimeSlider(QAbstractSlider):
    """Row 2 of the time dock; its value is the number of finished batches."""

    moment_chosen = Signal(object)
    """The ``Moment`` that was clicked, dragged to, or reached by a key."""
    flag_menu_requested = Signal(object, object)
    """The ``Moment`` of a flag, and the ``QPoint`` on the screen where its menu shall open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("time-slider")
        self.setAccessibleName(self.tr("All time"))
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.theme: Theme = THEMES["light"]
        self.bookmarks: tuple[tuple[Moment, str], ...] = ()
        self._taken: list[tuple[float, float]] = []
        self._frame: Frame | None = None
        self._time: AllTime | None = None
        self._chosen: Moment | None = None
        self.set_theme(self.theme)

    def show_frame(self, frame: Frame) -> None:
        """Show the run as a frame knows it."""
        self._frame, self._time = frame, AllTime.of(frame)
        with QSignalBlocker(self):
            self.setRange(0, self._time.computed)
            self.setValue(finished_batches(frame))
        self.update()

    def show_bookmarks(self, bookmarks: tuple[tuple[Moment, str], ...]) -> None:
        """Show flags with names."""
        self.bookmarks = bookmarks
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, and the sizes of the present font."""
        self.theme = theme
        self.setFixedHeight(round((FLAGS_PX + BAND_PX + AXIS_PX) * scale_of(self)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(600 * scale_of(self)), self.height())

    # chosen

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._time is None:
            return
        self._chosen = None
        flag = self._flag_at(event.position())
        self._choose(flag if flag is not None else self._moment_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._time is not None:
            self._choose(self._moment_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        goals = {Qt.Key.Key_Home: self.minimum(), Qt.Key.Key_End: self.maximum()}
        if self._time is not None:
            page = self._time.page()
            goals |= {Qt.Key.Key_PageUp: self.value() - page, Qt.Key.Key_PageDown: self.value() + page}
        goal = goals.get(Qt.Key(event.key()))
        if goal is None or self._time is None:
            event.ignore()
            return
        self._chosen = None
        self._choose(self._time.after(goal))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point, flag = event.globalPos(), self._flag_at(QPointF(event.pos()))
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self._frame is not None:
            # without a pointer, the flag where the cursor stands is meant
            here = self._frame.moment
            flag = here if any(moment == here for moment, _ in self.bookmarks) else None
            point = self.mapToGlobal(QPoint(round(self._x(here)), 0))
        if flag is None:
            event.ignore()
        else:
            self.flag_menu_requested.emit(flag, point)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # a wheel that turns above the band by accident must not move time
        event.ignore()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in KEYS:
            # while the band has the keyboard these are its own, whatever they are elsewhere
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._time is not None:
            flagged = self._flag_at(QPointF(event.pos()))
            names = [name for moment, name in self.bookmarks if moment == flagged]
            QToolTip.showText(event.globalPos(), "\n".join(names) or self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def words_at(self, x: float) -> str:
        """What a click at ``x`` would go to, in words."""
        if self._time is None:
            return ""
        moment = self._moment_at(x)
        if moment == START:
            return self.tr("start: the untouched network")
        epoch, batch = divmod(moment.batch - 1, self._time.batches)
        pattern = self.tr("after epoch {epoch}, batch {batch} of {batches}")
        return pattern.format(epoch=numbers.whole(epoch + 1), batch=numbers.whole(batch + 1),
                              batches=numbers.whole(self._time.batches))

    def _choose(self, moment: Moment) -> None:
        if moment != self._chosen:
            self._chosen = moment
            self.moment_chosen.emit(moment)

    def _moment_at(self, x: float) -> Moment:
        assert self._time is not None
        band = self.band()
        return self._time.moment(min(1.0, max(0.0, (x - band.left()) / band.width())))

    def _flag_at(self, point: QPointF) -> Moment | None:
        if self._time is None or point.y() > self.band().top():
            return None
        reach = 12 * scale_of(self)
        near = [(abs(self._x(moment) + reach / 2 - point.x()), moment) for moment, _ in self.bookmarks]
        return min(near)[1] if near and min(near)[0] <= reach else None

    # painting

    def band(self) -> QRectF:
        """Where the history is drawn: its left end is the start, its right end all that has been computed."""
        scale = scale_of(self)
        inset = 8 * scale
        return QRectF(inset, FLAGS_PX * scale, max(1.0, self.width() - 2 * inset), BAND_PX * scale)

    def _x(self, moment: Moment) -> float:
        assert self._time is not None
        band = self.band()
        return band.left() + self._time.share(moment) * band.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._frame is None or self._time is None:
            return
        band, theme = self.band(), self.theme
        with QPainter(self) as painter:
            painter.fillRect(band, QColor(theme.base))
            self._paint_ground(painter, band)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(band.adjusted(0, 0, -1, -1))
            self._paint_axis(painter, band)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_flags(painter, band)
            self._paint_now(painter, band)

    def _paint_ground(self, painter: QPainter, band: QRectF) -> None:
        assert self._frame is not None
        theme, now = self.theme, self._x(self._frame.moment)
        shares, heights = ground(self._frame, max(2, int(band.width() / COLUMN_PX)))
        if not len(shares):
            return
        end = max(now, band.left() + band.width() * min(1.0, max(self.maximum(), 1) / max(self._span(), 1)))
        xs = np.append(band.left() + shares * band.width(), end)
        ys = band.bottom() - np.append(heights, heights[-1]) * band.height()
        for left, right, fill, line in ((now, end, 0.09, 0.45), (band.left(), now, 0.24, 0.75)):
            inside = (xs > left) & (xs < right)
            edge_x = np.concatenate([[left], xs[inside], [right]])
            edge_y = np.interp(edge_x, xs, ys)
            if right - left < 0.5:
                continue
            curve = [QPointF(x, y) for x, y in zip(edge_x.tolist(), edge_y.tolist(), strict=True)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(blend(theme.base, theme.loss, fill)))
            painter.drawPolygon(QPolygonF([QPointF(left, band.bottom()), *curve, QPointF(right, band.bottom())]))
            painter.setPen(QPen(QColor(blend(theme.base, theme.loss, line)), 1))
            painter.drawPolyline(QPolygonF(curve))

    def _span(self) -> int:
        return self._time.span if self._time else 1

    def _paint_axis(self, painter: QPainter, band: QRectF) -> None:
        assert self._time is not None
        painter.setFont(sized(self, 11))
        metrics = QFontMetricsF(painter.font())
        least = max(60 * scale_of(self), 1.6 * metrics.horizontalAdvance(numbers.whole(self._time.epochs)))
        for tick in self._time.ticks(band.width(), least):
            x = band.left() + tick.share * band.width()
            painter.setPen(QColor(self.theme.line2))
            painter.drawLine(QPointF(x, band.bottom()), QPointF(x, band.bottom() + 3))
            width = metrics.horizontalAdvance(tick.text)
            painter.setPen(QColor(self.theme.ink3))
            left = min(max(0.0, x - width / 2), self.width() - width)
            painter.drawText(QPointF(left, band.bottom() + 3 + metrics.ascent()), tick.text)

    def _paint_flags(self, painter: QPainter, band: QRectF) -> None:
        painter.setFont(sized(self, 11))
        metrics, scale, top = QFontMetricsF(painter.font()), scale_of(self), band.top() - 13 * scale_of(self)
        self._taken = []
        flags = sorted([(self._x(START), self.tr("start")), *((self._x(moment), name) for moment, name in self.bookmarks)])
        for place, (x, _) in enumerate(flags):
            painter.setPen(QPen(QColor(self.theme.ink2), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, band.top()), QPointF(x, band.bottom()))
            painter.setPen(QPen(QColor(self.theme.ink2), 1.5))
            painter.drawLine(QPointF(x, top), QPointF(x, band.top()))
            painter.setBrush(QColor(self.theme.ink2))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x + 8 * scale, top), QPointF(x + 6 * scale, top + 3.5 * scale),
                                           QPointF(x + 8 * scale, top + 7 * scale), QPointF(x, top + 7 * scale)]))
            painter.setPen(QColor(self.theme.ink2))
            left, words = self._beside(metrics, flags, place)
            self._taken.append((min(x, left), max(x + 9 * scale, left + metrics.horizontalAdvance(words))))
            painter.drawText(QPointF(left, top + metrics.ascent() - 2), words)

    def _beside(self, metrics: QFontMetricsF, flags: list[tuple[float, str]], place: int) -> tuple[float, str]:
        """Where a flag's name begins, and as much of it as there is room for: right of its pole, or left of it if that is more."""
        (x, name), scale = flags[place], scale_of(self)
        right = (flags[place + 1][0] if place + 1 < len(flags) else self.width()) - x - 16 * scale
        left = x - 8 * scale - max((end for _, end in self._taken), default=0.0)
        side = right if right >= min(left, metrics.horizontalAdvance(name)) else left
        words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(0.0, side))
        if words != name and len(words) < 2:
            return x, ""
        return (x + 12 * scale if side == right else x - 4 * scale - metrics.horizontalAdvance(words)), words

    def _paint_now(self, painter: QPainter, band: QRectF) -> None:
        assert self._frame is not None
        x, scale = self._x(self._frame.moment), scale_of(self)
        colour = QColor(self.theme.phase(self._frame.phase))
        # a line that ends where it is told to: the row above belongs to the flags
        painter.setPen(QPen(colour, 2.5 * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(x, band.top()), QPointF(x, band.bottom() + 2))
        painter.setPen(QPen(QColor(self.theme.panel), 1))
        painter.setBrush(colour)
        side = 7 * scale
        # where a flag stands, it keeps the row above the band, and the marker hangs in the band
        crowded = any(left < x + side and x - side < right for left, right in self._taken)
        top = band.top() + (1 if crowded else -9 * scale)
        painter.drawPolygon(QPolygonF([QPointF(x - side, top), QPointF(x + side, top), QPointF(x + side, top + 7 * scale),
                                       QPointF(x, top + 14 * scale), QPointF(x - side, top + 7 * scale)]))
