"""A bar for each sample's share of a gradient: who pushed a weight, which way and how hard.

It is apart from the inspector because it paints. It refuses to judge what is known: it is shown it.
"""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnsim.picture import numbers
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.pushes import Pushes
from nnsim.widgets.captions import scaled

_LEAST_BAR_PX = 4


class PushBars(QWidget):
    """The bars, up or down by their sign; the strongest get room first. Hollow and dotted where a share is not known yet."""

    def __init__(self) -> None:
        super().__init__()
        self._pushes: Pushes | None = None
        self._theme = THEMES["light"]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pushes(self, pushes: Pushes) -> None:
        """Show the samples' shares."""
        self._pushes = pushes
        self.setAccessibleDescription(pushes.sentence)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(scaled(240), scaled(124))

    @property
    def left_out(self) -> str:
        """What the bars leave out for want of room, in words; "" where all samples have one."""
        if self._pushes is None:
            return ""
        shown, all_samples = len(self._places(self._pushes)), len(self._pushes.shares)
        return "" if shown == all_samples else self.tr("the {0} strongest of {1}").format(
            shown, numbers.count(all_samples, self.tr("sample")))

    def sample_at(self, x: float) -> int | None:
        """Which sample's bar stands at a place, from 0."""
        if self._pushes is None or x < self._left():
            return None
        places = self._places(self._pushes)
        index = int((x - self._left()) / self._pitch(places)) if len(places) else 0
        return places[index] if index < len(places) else None

    def words_of(self, sample: int) -> str:
        """A sample's share in words, from 0."""
        assert self._pushes is not None
        value = self.tr("not yet computed")
        if sample < self._pushes.known:
            share = float(self._pushes.shares[sample])
            value = numbers.in_full(numbers.significant(share), share)
        return self.tr("sample {0}: {1}").format(sample + 1, value)

    def event(self, event: QEvent) -> bool:
        """Hovering tells a bar's exact number."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._pushes is not None:
            sample = self.sample_at(event.pos().x())
            if sample is not None:
                QToolTip.showText(event.globalPos(), self.words_of(sample), self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Zero line, bars, sample numbers."""
        pushes, theme = self._pushes, self._theme
        if pushes is None or not len(pushes.shares):
            return
        places = self._places(pushes)
        known = pushes.shares[: pushes.known]
        finite = known[np.isfinite(known)]
        high, low = (max(0.0, float(finite.max())), min(0.0, float(finite.min()))) if len(finite) else (0.0, 0.0)
        top = scaled(20) if self.left_out else scaled(8)
        room = QRectF(self._left(), top, self.width() - self._left(), self.height() - scaled(28) - top)
        spread = high - low or 1.0
        # without any share the line lies in the middle
        zero = room.center().y() if high == low else room.top() + room.height() * high / spread
        pitch = self._pitch(places)
        with QPainter(self) as painter:
            painter.setFont(self._small())
            painter.setPen(QColor(theme.ink3))
            painter.drawText(QRectF(0, zero - scaled(10), self._left() - scaled(6), scaled(20)),
                             Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "0")
            for index, sample in enumerate(places):
                left = room.left() + index * pitch
                bar = QRectF(left + 0.14 * pitch, zero, 0.72 * pitch, 0)
                share = float(pushes.shares[sample])
                if sample >= pushes.known or not np.isfinite(share):
                    painter.setPen(QPen(QColor(theme.line2), 1.4, Qt.PenStyle.DotLine))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    bar.adjust(0, -scaled(6), 0, scaled(6))
                else:
                    length = -share / spread * room.height()
                    bar.setHeight(length if abs(length) >= 1.5 else np.copysign(1.5, length))
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(QColor(theme.sign(share)))
                painter.drawRect(bar.normalized())
            painter.setPen(QPen(QColor(theme.line2), 1))
            painter.drawLine(QPointF(room.left(), round(zero) + 0.5), QPointF(room.right(), round(zero) + 0.5))
            self._paint_numbers(painter, places, pushes.current)
            painter.setFont(self._small())
            painter.setPen(QColor(theme.ink3))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, self.left_out)

    def _paint_numbers(self, painter: QPainter, places: list[int], current: int | None) -> None:
        metrics = QFontMetrics(self._small())
        pitch = self._pitch(places)
        widest = metrics.horizontalAdvance(str(max(places) + 1)) + scaled(4)
        every = max(1, int(np.ceil(widest / pitch)))
        top = self.height() - scaled(20)
        for index, sample in enumerate(places):
            here = sample == current
            if index % every and not here:
                continue
            font = self._small()
            font.setBold(here)
            painter.setFont(font)
            painter.setPen(QColor(self._theme.ink if here else self._theme.ink3))
            middle = self._left() + (index + 0.5) * pitch
            place = QRectF(middle - widest, top, 2 * widest, scaled(18))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(sample + 1))

    def _places(self, pushes: Pushes) -> list[int]:
        return pushes.strongest(max(1, int((self.width() - self._left()) / scaled(_LEAST_BAR_PX))))

    def _pitch(self, places: list[int]) -> float:
        return float(min((self.width() - self._left()) / max(len(places), 1), scaled(40)))

    def _left(self) -> int:
        return scaled(24)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(10, scaled(11)))
        return font
