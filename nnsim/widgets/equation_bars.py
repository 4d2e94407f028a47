"""Bars beside the table's rows: going forward the running sum, each bar starting where the last ended; going back each share.

They scroll with the rows they belong to. It refuses to add anything up: the caption says where bars begin and end.
"""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPolygonF

from nnsim.picture.caption_parts import Terms
from nnsim.widgets.equation_layout import Layout
from nnsim.widgets.equation_page import Page


class Axis:
    """Values along a width; 0 is always on it."""

    def __init__(self, values: list[float], left: float, right: float) -> None:
        finite = [value for value in values if math.isfinite(value)]
        low, high = min([0.0, *finite]), max([0.0, *finite])
        self._low, self._left, self._right = low, left, right
        self._scale = (right - left) / (high - low) if high > low else 0.0

    def __call__(self, value: float) -> float:
        """Where a value stands; values that are not finite stand at the ends."""
        if not math.isfinite(value):
            return self._right if value > 0 else self._left
        return self._left + (value - self._low) * self._scale


def paint_running(page: Page, terms: Terms, layout: Layout, offset: float) -> None:
    """The running sum, row by row, and a pointer at where it ends."""
    rect, px = layout.bars, page.px
    if rect is None:
        return
    axis = Axis([edge for pair in terms.running for edge in pair], rect.left() + px(4), rect.right() - px(4))
    if layout.heads_y:
        page.text(rect.center().x(), layout.heads_y, page.words.running_sum, 11, page.theme.ink3, align="centre")
    zero = axis(0.0)
    page.line(zero, rect.top(), zero, rect.bottom() + px(6), page.theme.line2)
    _clipped_bars(page, terms, layout, rect, axis, offset)
    end = terms.sum.value if terms.sum is not None else None
    if terms.sum is None or end is None or not math.isfinite(end):
        page.text(zero, rect.bottom() + px(14), "0", 10.5, page.theme.ink3, align="centre")
        return
    x, top = axis(end), rect.bottom() + px(4)
    half = page.fonts.width(terms.sum.text, 13, True) / 2
    middle = min(max(x, rect.left() + half), rect.right() - half)
    if abs(middle - zero) > half + px(10):
        page.text(zero, rect.bottom() + px(14), "0", 10.5, page.theme.ink3, align="centre")
    page.painter.setPen(Qt.PenStyle.NoPen)
    page.painter.setBrush(QColor(page.phase_colour))
    page.painter.drawPolygon(
        QPolygonF([QPointF(x, top), QPointF(x - px(5), top + px(8)), QPointF(x + px(5), top + px(8))])
    )
    page.fill(QRectF(middle - half - px(3), top + px(10), 2 * half + px(6), px(16)), page.theme.base)
    page.number(middle, top + px(19), terms.sum, 13, page.phase_colour, True, "centre")


def _clipped_bars(page: Page, terms: Terms, layout: Layout, rect: QRectF, axis: Axis, offset: float) -> None:
    px, row = page.px, layout.row_height
    page.painter.save()
    page.painter.setClipRect(rect.adjusted(-px(2), 0, px(2), px(2)))
    done = [at for at, term in enumerate(terms.rows) if term.state != "waiting"]
    for at, (start, stop) in zip(done, terms.running, strict=True):
        top = rect.top() + at * row - offset
        if top + row < rect.top() or top > rect.bottom():
            continue
        left, right = sorted((axis(start), axis(stop)))
        tall = min(row * 0.68, px(19))
        page.bar(QRectF(left, top + (row - tall) / 2, max(right - left, 1.0), tall), stop - start)
        x = axis(stop)
        page.line(x, top + (row + tall) / 2, x, top + row + (row - tall) / 2, page.theme.line2, 1, Qt.PenStyle.DotLine)
    page.painter.restore()


def paint_shares(page: Page, terms: Terms, layout: Layout, offset: float) -> None:
    """Each row's product from a common zero."""
    rect, px, row = layout.bars, page.px, layout.row_height
    if rect is None:
        return
    values = [term.product.value for term in terms.rows]
    axis = Axis([value for value in values if value is not None], rect.left() + px(2), rect.right() - px(2))
    page.painter.save()
    page.painter.setClipRect(rect)
    for at, value in enumerate(values):
        top = rect.top() + at * row - offset
        if value is None or top + row < rect.top() or top > rect.bottom():
            continue
        left, right = sorted((axis(0.0), axis(value)))
        tall = min(row * 0.62, px(15))
        page.bar(QRectF(left, top + (row - tall) / 2, max(right - left, 1.0), tall), value)
    page.painter.restore()
    page.line(axis(0.0), rect.top(), axis(0.0), rect.bottom(), page.theme.line2)
