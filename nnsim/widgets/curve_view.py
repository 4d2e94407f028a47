"""An activation's curve with the point that the sample is at, and its tangent: the equation panel's drawing, for the inspector.

It is apart so that both show the same curve in the same hand. It refuses to evaluate a function.
"""

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from nnsim.picture import numbers
from nnsim.picture.caption_parts import Curve
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import scaled
from nnsim.widgets.equation_curve import paint_curve
from nnsim.widgets.equation_page import Fonts, Page, Words


class CurveView(QWidget):
    """The curve of one neuron."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector-curve")
        self._curve: Curve | None = None
        self._phase, self._theme = "start", THEMES["light"]
        self._fonts = Fonts(QApplication.font())
        slope = self.tr("slope {0}")
        self._words = Words("", slope, "", "", "", "", "", "", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def curve(self) -> Curve | None:
        """What is on show."""
        return self._curve

    def show_curve(self, curve: Curve | None, phase: str) -> None:
        """Show a curve in a phase's colour; None hides the view."""
        self.setVisible(curve is not None)
        self._curve, self._phase = curve, phase
        if curve is not None:
            point = "" if curve.z is None else f", z = {numbers.significant(curve.z)}"
            tangent = self.tr(", slope {0}").format(curve.slope_text) if curve.slope is not None else ""
            self.setAccessibleName(self.tr("Curve of {0}{1}{2}").format(curve.title, point, tangent))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Low and wide."""
        return QSize(scaled(240), scaled(120))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the application's font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fonts = Fonts(QApplication.font())
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the curve."""
        if self._curve is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            page = Page(painter, self._fonts, self._theme, self._phase, self._words)
            paint_curve(page, self._curve, QRectF(self.rect()).adjusted(1, 1, -1, -1), True)
