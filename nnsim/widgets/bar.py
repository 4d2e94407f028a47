"""A strip of the window that holds controls: its ground, its sizes, and the ring around the control that has the keyboard.

What the transport bar, the position bar and the time dock share. The ring lies two pixels outside the control, where only the
strip itself can paint it. It refuses to know what the controls are for.
"""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton, QWidget

from nnsim.picture.palette import THEMES, Theme


def scale_of(widget: QWidget) -> float:
    """How large text is: 1 where the widget's font is 13 pixels high."""
    return QFontInfo(widget.font()).pixelSize() / 13


def sized(widget: QWidget, pixels: float, bold: bool = False) -> QFont:
    """The widget's font in the size that is ``pixels`` where the widget's own is 13."""
    font = QFont(widget.font())
    font.setPixelSize(max(1, round(pixels * scale_of(widget))))
    font.setBold(bold)
    return font


class Bar(QWidget):
    """Panel ground, a line along some edges, and the focus ring of the direct children."""

    edges: tuple[Qt.Edge, ...] = (Qt.Edge.BottomEdge,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = THEMES["light"]
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._mark_focus)

    def px(self, pixels: float) -> int:
        """So many pixels at the application's usual font size, in pixels at the present one."""
        return round(pixels * scale_of(self))

    def ringed(self) -> QWidget | None:
        """The direct child in which the keyboard is, if any."""
        widget = QApplication.focusWidget()
        while widget is not None and widget.parentWidget() is not self:
            widget = widget.parentWidget()
        return widget

    def _mark_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard: the space bar, which Qt gives to buttons, is taken by playing."""
        button = QApplication.focusWidget()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not isinstance(button, QAbstractButton):
            event.ignore()
        elif isinstance(button, QToolButton) and button.menu() is not None:
            button.showMenu()
        else:
            button.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self.theme.panel))
            painter.setPen(QColor(self.theme.line))
            if Qt.Edge.BottomEdge in self.edges:
                painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
            if Qt.Edge.TopEdge in self.edges:
                painter.drawLine(0, 0, self.width(), 0)
            ringed = self.ringed()
            if ringed is not None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(self.theme.focus), 2))
                painter.drawRoundedRect(QRectF(ringed.geometry()).adjusted(-3, -3, 3, 3), 6, 6)
