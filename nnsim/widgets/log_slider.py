"""A slider over powers of ten: as far from 0.001 to 0.01 as from 0.1 to 1, with a tick at each power.

It is apart because a rate spans decades, which no stock slider does. It refuses to hold a value finer than its
positions: a number that was typed is shown at the nearest one and not changed by that.
"""

import math

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets import dragging
from nnsim.widgets.captions import scaled

_STOPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""The positions within a decade: round numbers, about equally far apart on the scale."""


class LogSlider(QSlider):
    """Numbers from ``10 ** low`` to ``10 ** high``. ``number_moved``: while dragging and at each key."""

    number_moved = Signal(float)

    def __init__(self, low: int = -4, high: int = 1) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._low, self._high = low, high
        self._theme = THEMES["light"]
        self.setRange(0, len(_STOPS) * (high - low))
        self.setPageStep(len(_STOPS))
        self.setMinimumWidth(scaled(40))
        self.sliderPressed.connect(dragging.press)
        self.sliderReleased.connect(dragging.release)
        self.sliderMoved.connect(self._announce)
        self.actionTriggered.connect(self._announce_step)

    def show_number(self, number: float) -> None:
        """Put the handle at the nearest position; speaks to nobody."""
        if not self.isSliderDown():
            self.setValue(self.position_of(number))

    def number_at(self, position: int) -> float:
        """The number of a position."""
        decade, stop = divmod(position, len(_STOPS))
        return float(f"{_STOPS[stop] * 10.0 ** (self._low + decade):.6g}")

    def position_of(self, number: float) -> int:
        """The position nearest to a number on the logarithmic scale."""
        return min(range(self.maximum() + 1), key=lambda place: abs(math.log(self.number_at(place) / number)))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours for the ticks."""
        self._theme = theme
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past changes nothing."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The stock slider, with a tick under each power of ten."""
        super().paintEvent(event)
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, control = self.style(), QStyle.ComplexControl.CC_Slider
        groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        span, start = groove.width() - handle.width(), groove.left() + handle.width() / 2
        top = self.height() / 2 + handle.height() / 2 + 1
        with QPainter(self) as painter:
            painter.setPen(QPen(QColor(self._theme.line2), 1))
            for position in range(0, self.maximum() + 1, len(_STOPS)):
                x = round(start + span * position / self.maximum()) + 0.5
                painter.drawLine(QPointF(x, top), QPointF(x, top + scaled(3)))

    def _announce(self, position: int) -> None:
        self.number_moved.emit(self.number_at(position))

    def _announce_step(self, action: int) -> None:
        # keys and clicks beside the handle; dragging is told by sliderMoved
        if action != QSlider.SliderAction.SliderMove.value and self.sliderPosition() != self.value():
            self.number_moved.emit(self.number_at(self.sliderPosition()))
