"""How fast playing steps, as a slider of nine speeds with the speed in words beside it.

It is apart because the slider's places are not proportional to the speed, and the last of them is no number at all. It refuses
to keep time.
"""

import math

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from nnsim.picture import numbers
from nnsim.picture.palette import Theme
from nnsim.widgets.bar import scale_of, sized
from nnsim.widgets.grain_chooser import claims_arrows

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, math.inf)
"""Steps a second."""


def nearest_speed(speed: float) -> int:
    """The place on the slider nearest to a speed, in ratio. Raises ValueError for a speed that is not positive."""
    if not speed > 0:
        raise ValueError(f"a speed must be positive, not {speed}")
    if math.isinf(speed):
        return len(SPEEDS) - 1
    return min(range(len(SPEEDS) - 1), key=lambda place: abs(math.log(SPEEDS[place] / speed)))


class _Slider(QSlider):
    def event(self, event: QEvent) -> bool:
        return claims_arrows(event) or super().event(event)


class SpeedChooser(QWidget):
    """The slider and its words."""

    speed_chosen = Signal(float)
    """Steps a second; infinity is as fast as possible."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speed = SPEEDS[3]
        self._slider = _Slider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("speed-slider")
        self._slider.setAccessibleName(self.tr("Speed"))
        self._slider.setRange(0, len(SPEEDS) - 1)
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._slider.setPageStep(1)
        self._words = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._slider)
        row.addWidget(self._words)
        self.set_speed(self._speed)
        self._slider.valueChanged.connect(self._slider_moved)

    @property
    def speed(self) -> float:
        """Steps a second; infinity is as fast as possible."""
        return self._speed

    @property
    def words(self) -> str:
        """The speed as it is written."""
        return self._words.text()

    def set_speed(self, speed: float) -> None:
        """Show a speed, without a signal. Raises ValueError if it is not positive."""
        place = nearest_speed(speed)
        self._speed = speed
        with QSignalBlocker(self._slider):
            self._slider.setValue(place)
        self._words.setText(self._in_words(speed))
        self._slider.setAccessibleDescription(self._words.text())

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, and the sizes of the present font."""
        scale = scale_of(self)
        self._slider.setFixedSize(round(76 * scale), round(24 * scale))
        self._words.setFont(sized(self, 13, bold=True))
        metrics = QFontMetrics(self._words.font())
        self._words.setFixedWidth(max(metrics.horizontalAdvance(self._in_words(speed)) for speed in SPEEDS) + 2)
        self.setStyleSheet(f"QLabel {{ color: {theme.ink}; }}" + slider_style(theme, scale))

    def _slider_moved(self, place: int) -> None:
        self.set_speed(SPEEDS[place])
        self.speed_chosen.emit(self._speed)

    def _in_words(self, speed: float) -> str:
        if math.isinf(speed):
            return self.tr("fastest")
        if speed == 1:
            return self.tr("1 step/s")
        return self.tr("{number} steps/s").format(number=numbers.fixed(speed, 0 if speed == int(speed) else 1, signed=False))


def slider_style(theme: Theme, scale: float) -> str:
    """The style sheet of a slider: a thin groove, filled up to a round handle."""
    groove = 2 * round(2 * scale)
    handle = 2 * round(8 * scale)  # both even, so that the round handle lies in the groove's middle
    return f"""
        QSlider {{ background: transparent; }}
        QSlider::groove:horizontal {{ height: {groove}px; background: {theme.line}; border-radius: {groove // 2}px; }}
        QSlider::sub-page:horizontal {{ background: {theme.line2}; border-radius: {groove // 2}px; }}
        QSlider::handle:horizontal {{ width: {handle - 4}px; margin: -{(handle - groove) // 2}px 0;
                                      background: {theme.control}; border: 2px solid {theme.ink2};
                                      border-radius: {handle // 2}px; }}
        QSlider::handle:horizontal:hover {{ border-color: {theme.ink}; }}"""
