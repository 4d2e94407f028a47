"""The marks of data points: shape says class, a filled one is a training row, a hollow one a test row.

Apart from the plots because several of them draw the same points, and because a whole layer of points is drawn once and kept.
It refuses to know where points come from.
"""

import cmath
import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF


def mark_path(shape: str, radius_px: float) -> QPainterPath:
    """A closed outline around (0, 0), about as large to the eye as a disc of that radius. Raises KeyError."""
    path = QPainterPath()
    if shape == "disc":
        path.addEllipse(QPointF(0, 0), radius_px, radius_px)
    elif shape == "square":
        side = 0.9 * radius_px
        path.addRect(QRectF(-side, -side, 2 * side, 2 * side))
    elif shape in ("cross", "plus"):
        path.addPolygon(_plus(1.25 * radius_px, 0.42 * radius_px, math.pi / 4 if shape == "cross" else 0.0))
        path.closeSubpath()
    else:
        corners, turn, reach = {"triangle": (3, math.pi / 2, 1.3), "diamond": (4, 0.0, 1.25)}[shape]
        angles = [turn + 2 * math.pi * corner / corners for corner in range(corners)]
        path.addPolygon(QPolygonF([QPointF(reach * radius_px * math.cos(a), -reach * radius_px * math.sin(a)) for a in angles]))
        path.closeSubpath()
    return path


def _plus(reach: float, half: float, turn: float) -> QPolygonF:
    # the three corners of one arm's end, as complex numbers, and then a quarter turn further each time
    arm = (complex(half, reach), complex(half, half), complex(reach, half))
    corners = [corner * (-1j) ** quarter * cmath.rect(1, turn) for quarter in range(4) for corner in arm]
    return QPolygonF([QPointF(corner.real, corner.imag) for corner in corners])


def draw_mark(painter: QPainter, path: QPainterPath, place: QPointF, colour: str, ground: str, filled: bool) -> None:
    """One point: filled with a rim of ``ground``, or hollow on ``ground`` with a rim of its colour."""
    painter.setPen(QPen(QColor(ground if filled else colour), 1.2))
    painter.setBrush(QColor(colour if filled else ground))
    painter.drawPath(path.translated(place))
