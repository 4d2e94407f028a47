"""A strip to drag a number along: right is more, left is less, with Shift ten times finer.

It is apart because a weight has no natural ends that a slider would need. It refuses to know the number: it tells by how much it
shall change.
"""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets import dragging
from nnsim.widgets.captions import scaled

PER_PIXEL = 0.01
FINER = 0.1
_STEPS: dict[int, int] = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageUp: 10,
          Qt.Key.Key_PageDown: -10}


class Scrubber(QWidget):
    """``changed_by(difference)`` while dragging and on the arrow keys."""

    changed_by = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = THEMES["light"]
        self._x: float | None = None
        self._travel = 0.0
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Drag the value"))
        self.setToolTip(self.tr("Drag to change the value by 0.01 a pixel, with Shift by 0.001; or use the arrow keys"))

    def sizeHint(self) -> QSize:
        """As high as a field."""
        return QSize(scaled(120), scaled(24))

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._x = event.position().x()
            dragging.press()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag."""
        if self._x is None:
            return
        moved, self._x = event.position().x() - self._x, event.position().x()
        self._travel += moved
        self._tell(moved, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._x = None
        dragging.release()

    def event(self, event: QEvent) -> bool:
        """Here the arrow keys turn the number, whatever they are shortcuts of elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _STEPS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys are a pixel each."""
        steps = _STEPS.get(event.key())
        if steps is None:
            super().keyPressEvent(event)
            return
        self._travel += steps
        self._tell(steps, event.modifiers())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ruler that moves along with the hand."""
        theme, apart = self._theme, scaled(8)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.control))
            middle = self.height() / 2
            start = self._travel % apart - apart
            first = -int(self._travel // apart)
            for number in range(self.width() // apart + 3):
                x = start + number * apart
                long = (first + number) % 5 == 0
                painter.setPen(QPen(QColor(theme.line2), 1))
                half = middle * (0.7 if long else 0.35)
                painter.drawLine(QPointF(x, middle - half), QPointF(x, middle + half))
            outline = theme.focus if self.hasFocus() else theme.line2
            painter.setPen(QPen(QColor(outline), 2 if self.hasFocus() else 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _tell(self, pixels: float, modifiers: Qt.KeyboardModifier) -> None:
        if pixels:
            self.changed_by.emit(pixels * PER_PIXEL * (FINER if modifiers & Qt.KeyboardModifier.ShiftModifier else 1))
            self.update()
