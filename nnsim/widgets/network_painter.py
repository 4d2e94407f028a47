"""Putting a picture of the network on a surface: one plain call of Qt for each plain thing in it, from the ground up.

It is apart from the view so that the same drawing serves the window, a print and a file. It refuses to decide: colours, places,
widths and words are the picture's; only how wide a text is, and so the plate around it, is known here first.
"""

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from nnsim.picture.layout import LEGEND
from nnsim.picture.picture import Cell, Dash, Head, Legend, Picture, Plate, Sign, Strand, Words

RING_AWAY, RING_WIDTH = 7.0, 4.0
TITLE_Y, SUBTITLE_Y = 25.0, 44.0
PLATE_REACH = 20.0  # from a cell's lower border to the middle of its plate, at most
WEDGE_WIDTH, WEDGE_HEIGHT = 88.0, 11.0
MOST_REMEMBERED = 4096
SMALLEST_LETTERS = 10


class NetworkPainter:
    """Draws pictures in one application font, remembering how wide its texts are."""

    def __init__(self, font: QFont) -> None:
        self._font = QFont(font)
        self._fonts: dict[tuple[int, bool, bool], tuple[QFont, QFontMetricsF]] = {}
        self._fitted: dict[tuple[str, int, bool, bool, float], tuple[str, float]] = {}

    def paint(self, painter: QPainter, picture: Picture) -> None:
        """Draw the whole picture; the ground is the caller's."""
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for slab in picture.slabs:
            painter.setPen(QPen(QColor(slab.outline), 1.6) if slab.outline else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(slab.ground) if slab.ground else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(slab.left, slab.top, slab.width, slab.height), slab.radius, slab.radius)
        for strand in (*picture.rules, *picture.strands):
            draw_strand(painter, strand)
        for sign in picture.signs:
            draw_sign(painter, sign)
        for cell in picture.cells:
            draw_cell(painter, cell)
        for head in picture.heads:
            self._draw_head(painter, head)
        for words in picture.words:
            self._draw_words(painter, words)
        for plate in picture.plates:
            self._draw_plate(painter, plate)
        if picture.legend:
            self._draw_legend(painter, picture.legend, picture.height)

    def around(self, cell: Cell, picture: Picture) -> QRectF:
        """A cell together with the plates that straddle its border or stand right below it."""
        box = QRectF(cell.x - cell.width / 2, cell.y - cell.height / 2, cell.width, cell.height)
        whole = QRectF(box)
        for plate in picture.plates:
            if not plate.badge and abs(plate.x - cell.x) <= cell.width / 2 + 2 and (
                    -PLATE_REACH <= plate.y - box.bottom() <= PLATE_REACH or abs(plate.y - box.top()) <= PLATE_REACH / 2):
                whole = whole.united(self.plate_box(plate))
        return whole

    def plate_box(self, plate: Plate) -> QRectF:
        """Where a plate lies."""
        width = self._fit(plate.text, plate.size, plate.bold, False, 0)[1]
        height = round(self._font_of(plate.size, plate.bold, False)[1].height()) + 4.0
        whole = width + (height + 13 if plate.badge else 12 if plate.radius < 10 else 20)
        left = plate.x - {"left": 0.0, "centre": whole / 2, "right": whole}[plate.align]
        return QRectF(left, plate.y - height / 2, whole, height)

    def _font_of(self, size: float, bold: bool, formula: bool) -> tuple[QFont, QFontMetricsF]:
        key = (round(size), bold, formula)
        if key not in self._fonts:
            font = QFont(self._font)
            if formula:
                font.setFamilies(["STIX Two Text", "Cambria", "Times New Roman", "DejaVu Serif", "serif"])
                font.setStyleHint(QFont.StyleHint.Serif)
                font.setItalic(True)
            font.setPixelSize(max(key[0], 1))
            font.setBold(bold)
            self._fonts[key] = font, QFontMetricsF(font)
        return self._fonts[key]

    def _fit(self, text: str, size: float, bold: bool, formula: bool, width: float) -> tuple[str, float]:
        """The text, cut short where it is longer than ``width`` (0: any), and how wide it is."""
        key = (text, round(size), bold, formula, width)
        if key not in self._fitted:
            if len(self._fitted) > MOST_REMEMBERED:
                self._fitted.clear()
            metrics = self._font_of(size, bold, formula)[1]
            if width > 0 and metrics.horizontalAdvance(text) > width:
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._fitted[key] = text, metrics.horizontalAdvance(text)
        return self._fitted[key]

    def _draw_words(self, painter: QPainter, words: Words) -> None:
        text, size, width = self.lettering(words)
        left = words.x - {"left": 0.0, "centre": width / 2, "right": width}[words.align]
        self._draw_text(painter, left, words.y, text, size, words.colour, words.bold, words.formula)

    def lettering(self, words: Words) -> tuple[str, float, float]:
        """The text as it is set, the size of its letters, and how wide it is; sizes as in the picture."""
        size, kind = words.size, (words.bold, words.formula)
        while words.shrinks and size > SMALLEST_LETTERS and self._fit(words.text, size, *kind, 0)[1] > words.width:
            size -= 1
        text, width = self._fit(words.text, size, *kind, words.width)
        return text, size, width

    def _draw_text(self, painter: QPainter, left: float, y: float, text: str, size: float, colour: str, bold: bool,
                   formula: bool = False) -> None:
        font, metrics = self._font_of(size, bold, formula)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(left, y + metrics.capHeight() / 2), text)

    def _draw_plate(self, painter: QPainter, plate: Plate) -> None:
        text, width = self._fit(plate.text, plate.size, plate.bold, False, 0)
        box = self.plate_box(plate)
        left, whole, height = box.left(), box.width(), box.height()
        badge = height - 6 if plate.badge else 0.0
        radius = min(plate.radius, height / 2)
        painter.setPen(QPen(QColor(plate.outline), 1.3))
        painter.setBrush(QColor(plate.ground))
        painter.drawRoundedRect(box, radius, radius)
        start = left + (whole - width) / 2
        if plate.badge:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(plate.badge_ground))
            painter.drawEllipse(QRectF(left + 3, plate.y - badge / 2, badge, badge))
            _, wide = self._fit(plate.badge, 11, True, False, 0)
            size = 11 if wide <= badge - 4 else 9 if len(plate.badge) < 3 else 7
            wide = self._fit(plate.badge, size, True, False, 0)[1]
            self._draw_text(painter, left + 3 + (badge - wide) / 2, plate.y, plate.badge, size, plate.badge_ink, True)
            start = left + badge + 9
        self._draw_text(painter, start, plate.y, text, plate.size, plate.ink, plate.bold)

    def _draw_head(self, painter: QPainter, head: Head) -> None:
        text, width = self._fit(head.title, 16, True, False, head.width)
        self._draw_text(painter, head.x - width / 2, TITLE_Y, text, 16, head.colour, True)
        self._draw_words(painter, Words(head.x, SUBTITLE_Y, head.subtitle, 12, head.subtitle_colour, width=head.width))
        if head.fold:
            x = head.x - width / 2 - 13
            points = ((-3, -5), (2, 0), (-3, 5)) if head.fold == "folded" else ((-5, -2), (0, 3), (5, -2))
            painter.setPen(QPen(QColor(head.subtitle_colour), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline(QPolygonF([QPointF(x + across, TITLE_Y + down) for across, down in points]))

    def _draw_legend(self, painter: QPainter, legend: Legend, height: float) -> None:
        y = height - 17
        if legend.title:
            self._draw_words(painter, Words(15, y - 19, legend.title, 12, legend.ink, align="left"))
        low, high = (self._fit(text, 11.5, False, False, 0)[1] for text in (legend.low, legend.high))
        if 15 + low + 7 + WEDGE_WIDTH + 7 + high > LEGEND[0] and legend.high.startswith("+"):
            # the corner that everything keeps clear has no room for both ends: they differ in their sign alone
            draw_wedge(painter, 15, y, legend)
            both = Words(15 + WEDGE_WIDTH + 7, y, f"±{legend.high[1:]}", 11.5, legend.ink, align="left")
            self._draw_words(painter, both)
            return
        self._draw_words(painter, Words(15, y, legend.low, 11.5, legend.ink, align="left"))
        left = 15 + low + 7
        self._draw_words(painter, Words(left + WEDGE_WIDTH + 7, y, legend.high, 11.5, legend.ink, align="left"))
        draw_wedge(painter, left, y, legend)


def draw_strand(painter: QPainter, strand: Strand) -> None:
    """Draw edges that share a pen: curves as one path each, lines all at once."""
    draw: Callable[[], None]
    if strand.curved:
        paths = [cubic(*ends) for ends in strand.ends.tolist()]

        def draw() -> None:
            for path in paths:
                painter.drawPath(path)
    else:
        lines = [QLineF(*ends) for ends in strand.ends.tolist()]

        def draw() -> None:
            painter.drawLines(lines)

    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in strand.casings:
        painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        draw()
    painter.setPen(_pen(strand.colour, strand.width, strand.dash))
    draw()


def _pen(colour: str, width: float, dash: Dash) -> QPen:
    pen = QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    if dash == "dotted":
        pen.setDashPattern((1.3, 2.2))
    elif dash == "dashed":
        # in widths of the line; of thin lines the dashes are longer, to be seen as such, and to be fewer
        pen.setDashPattern((max(1.5, 3.2 / width), max(0.8, 2 / width)))
    return pen


def cubic(left: float, top: float, right: float, bottom: float) -> QPainterPath:
    """A curve that leaves and arrives level."""
    middle = (left + right) / 2
    path = QPainterPath(QPointF(left, top))
    path.cubicTo(middle, top, middle, bottom, right, bottom)
    return path


def _draw_cut(painter: QPainter, sign: Sign) -> None:
    """A gap across an edge, with a stroke at either end of it."""
    turn, size = math.radians(sign.angle), sign.size
    ways = [(math.cos(turn) * side, math.sin(turn) * side) for side in (-1, 1)]
    painter.setPen(QPen(QColor(sign.ground), 2.4 * size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(*(QPointF(sign.x + 1.2 * size * across, sign.y + 1.2 * size * down) for across, down in ways))
    painter.setPen(QPen(QColor(sign.colour), 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for across, down in ways:
        middle = QPointF(sign.x + 1.2 * size * across, sign.y + 1.2 * size * down)
        # aslant, as scissors leave it
        slant = QPointF(size * (0.5 * math.cos(turn) - math.sin(turn)), size * (0.5 * math.sin(turn) + math.cos(turn)))
        painter.drawLine(middle - slant, middle + slant)


def draw_sign(painter: QPainter, sign: Sign) -> None:
    """Draw a chevron that points to the left along its edge, a cross, a tick, a ring, or a triangle up or down."""
    size = sign.size
    if sign.kind in ("agrees", "kink"):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((sign.ground, 6.0), (sign.colour, 2.2)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            if sign.kind == "kink":
                painter.drawEllipse(QPointF(sign.x, sign.y), size, size)
            else:
                painter.drawPolyline(QPolygonF([QPointF(sign.x - size, sign.y), QPointF(sign.x - size * 0.2, sign.y + size * 0.7),
                                                QPointF(sign.x + size, sign.y - size * 0.8)]))
        return
    if sign.kind == "cut":
        _draw_cut(painter, sign)
        return
    if sign.kind == "differs":
        for colour, width in ((sign.ground, 6.0), (sign.colour, 2.2)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(sign.x - size, sign.y - size), QPointF(sign.x + size, sign.y + size))
            painter.drawLine(QPointF(sign.x - size, sign.y + size), QPointF(sign.x + size, sign.y - size))
        return
    if sign.kind == "chevron":
        turn = math.radians(sign.angle)
        corners = ((size * 0.5, -size), (-size * 0.5, 0.0), (size * 0.5, size))
        polygon = QPolygonF([QPointF(sign.x + across * math.cos(turn) - down * math.sin(turn),
                                     sign.y + across * math.sin(turn) + down * math.cos(turn)) for across, down in corners])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((sign.ground, 5.0), (sign.colour, 2.2)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawPolyline(polygon)
        return
    up = -1 if sign.kind == "rose" else 1
    painter.setPen(QPen(QColor(sign.ground), 1.6))
    painter.setBrush(QColor(sign.colour))
    painter.drawPolygon(QPolygonF([QPointF(sign.x - size, sign.y - up * size * 0.8), QPointF(sign.x, sign.y + up * size),
                                   QPointF(sign.x + size, sign.y - up * size * 0.8)]))


def draw_cell(painter: QPainter, cell: Cell) -> None:
    """Draw a neuron, an input, a block or the loss: fill, outline, ring, stroke and the sample's dot."""
    box = QRectF(cell.x - cell.width / 2, cell.y - cell.height / 2, cell.width, cell.height)
    pen = QPen(QColor(cell.outline), cell.outline_width)
    if cell.dotted:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern((1.4, 1.5))
    painter.setPen(pen)
    painter.setBrush(QColor(cell.ground))
    if cell.pixels is not None:
        pixels = np.ascontiguousarray(cell.pixels)
        rows, columns = pixels.shape
        # all are opaque, but as a brush this format is drawn twice as fast as RGB32
        image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
        if cell.smooth:
            painter.setBrush(_map_brush(image, box))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(box, image)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, cell.radius, cell.radius)
    if cell.struck:
        painter.setPen(QPen(QColor(cell.struck), 1.6))
        inset = cell.radius * 0.3
        painter.drawLine(QPointF(box.left() + inset, box.bottom() - inset), QPointF(box.right() - inset, box.top() + inset))
    if cell.ring:
        painter.setPen(QPen(QColor(cell.ring), RING_WIDTH))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        around = box.adjusted(-RING_AWAY, -RING_AWAY, RING_AWAY, RING_AWAY)
        painter.drawRoundedRect(around, cell.radius + RING_AWAY, cell.radius + RING_AWAY)
    if cell.dot:
        place = QPointF(box.left() + cell.dot.x * cell.width, box.top() + cell.dot.y * cell.height)
        painter.setPen(QPen(QColor(cell.dot.outline), 1.6))
        painter.setBrush(QColor(cell.dot.colour))
        painter.drawEllipse(place, 4.2, 4.2)


def _map_brush(image: QImage, box: QRectF) -> QBrush:
    # the outermost points of a map lie on the tile's border, so half a pixel at each side is outside
    across, down = box.width() / max(image.width() - 1, 1), box.height() / max(image.height() - 1, 1)
    brush = QBrush(image)
    brush.setTransform(QTransform(across, 0, 0, down, box.left() - across / 2, box.top() - down / 2))
    return brush


def draw_wedge(painter: QPainter, left: float, y: float, legend: Legend) -> None:
    """Draw what width means: from wide and dashed at the left, where values are negative, over nothing to wide and solid."""
    half, high = WEDGE_WIDTH / 2, WEDGE_HEIGHT / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(legend.neg))
    x = 0.0
    while x < half - 3:
        tall = high * (1 - x / half)
        stop = min(x + max(1.6 * tall, 2), half)
        low = high * (1 - stop / half)
        painter.drawPolygon(QPolygonF([QPointF(left + x, y - tall), QPointF(left + stop, y - low), QPointF(left + stop, y + low),
                                       QPointF(left + x, y + tall)]))
        x = stop + max(0.8 * tall, 1.5)
    painter.setBrush(QColor(legend.pos))
    painter.drawPolygon(QPolygonF([QPointF(left + half, y), QPointF(left + WEDGE_WIDTH, y - high),
                                   QPointF(left + WEDGE_WIDTH, y + high)]))
