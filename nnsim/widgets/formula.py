"""Painting formulas: LaTeX on a painter, on the baseline of the text beside it, at any size and in any colour of the theme.

Each piece of a formula is drawn once into a picture of the screen's own pixels, so that it is crisp on every screen and quick to
paint again. A formula that cannot be typeset is written as text. It refuses to know what one means, and to choose a colour.
"""

import math
from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from nnsim.picture.latex_text import plain
from nnsim.widgets.formula_typesetting import EM, INK, Typeset, typeset


def formula_width(latex: str, size: float) -> float:
    """How wide a formula is at a font size, both in px."""
    pieces = typeset(latex)
    if pieces is None:
        return QFontMetricsF(_font(size)).horizontalAdvance(_text(latex))
    return sum(piece.width for piece in pieces) * size / EM


def formula_extent(latex: str, size: float) -> tuple[float, float]:
    """How far a formula reaches above and below its baseline, in px."""
    pieces = typeset(latex)
    if pieces is None:
        metrics = QFontMetricsF(_font(size))
        return metrics.ascent(), metrics.descent()
    return tuple(max(each) * size / EM for each in zip(*((-p.bounds.top(), p.bounds.bottom()) for p in pieces), strict=True))


def paint_formula(painter: QPainter, x: float, baseline: float, latex: str, size: float, colour: str) -> float:
    """Paint a formula that begins at ``x``; ``size``: its font size in px. Returns its width."""
    pieces = typeset(latex)
    if pieces is None:
        painter.setFont(_font(size))
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(x, baseline), _text(latex))
        return formula_width(latex, size)
    density, begin = painter.device().devicePixelRatioF(), x
    for piece in pieces:
        left, top = _corner(piece, size, density)
        # on whole pixels of the screen, or fine strokes would blur
        at = QPointF((round(x * density) - left) / density, (round(baseline * density) - top) / density)
        painter.drawImage(at, _image(piece, size, colour, density))
        x += piece.width * size / EM
    return x - begin


def _corner(piece: Typeset, size: float, density: float) -> tuple[int, int]:
    """How many pixels the picture has left of the piece's start and above its baseline."""
    scale = size / EM * density
    return math.ceil(-piece.bounds.left() * scale), math.ceil(-piece.bounds.top() * scale)


@lru_cache(maxsize=512)
def _image(piece: Typeset, size: float, colour: str, density: float) -> QImage:
    scale = size / EM * density
    (left, top), bounds = _corner(piece, size, density), piece.bounds
    width, height = left + math.ceil(bounds.right() * scale) + 1, top + math.ceil(bounds.bottom() * scale) + 1
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    outlines = QSvgRenderer(QByteArray(piece.svg.replace(INK, colour).encode()))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(left + bounds.left() * scale, top + bounds.top() * scale, bounds.width() * scale, bounds.height() * scale)
        outlines.render(painter, place)
    image.setDevicePixelRatio(density)
    return image


def _font(size: float) -> QFont:
    font = QFont("serif")
    font.setStyleHint(QFont.StyleHint.Serif)
    font.setPixelSize(max(1, round(size)))
    return font


def _text(latex: str) -> str:
    """What is written instead: plain text, or the LaTeX itself where even that has no reading."""
    try:
        return plain(latex)
    except ValueError:
        return latex
