"""Whether a widget is really seen. Qt calls a panel behind another tab visible, since it only moves it away.

It is apart because whatever computes for the eye asks it first.
"""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget


def is_seen(widget: QWidget) -> bool:
    """Whether any part of the widget lies within its window, and that is shown."""
    window = widget.window()
    return widget.isVisible() and window.rect().intersects(QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()))
