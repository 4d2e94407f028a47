"""How a drawing is looked at: how much enlarged, and where its corner lies. Arithmetic on points, no widget.

Apart, because zooming about a point is easy to get wrong and easy to test alone. It refuses to know what is drawn.
"""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QTransform

LEAST, MOST, STEP = 0.5, 8.0, 1.25


class Zoom:
    """A factor and a shift; 1 and none show the whole."""

    def __init__(self) -> None:
        self.factor = 1.0
        self.shift = QPointF()

    def reset(self) -> None:
        """Show the whole."""
        self.factor, self.shift = 1.0, QPointF()

    def about(self, point: QPointF, times: float) -> None:
        """Enlarge so that what lies at ``point`` of the widget stays there."""
        factor = min(max(self.factor * times, LEAST), MOST)
        self.shift = point - (point - self.shift) * (factor / self.factor)
        self.factor = factor

    def transform(self, scale: float) -> QTransform:
        """From the drawing's coordinates, of which ``scale`` widget pixels make one unzoomed, to the widget's."""
        whole = self.factor * scale
        return QTransform(whole, 0, 0, whole, self.shift.x(), self.shift.y())
