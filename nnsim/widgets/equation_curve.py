"""The activation's curve with the point on it, going back with its tangent; for a softmax the shares; and the one big result.

The curve's points and all numbers come with the caption. It refuses to evaluate a function.
"""

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from nnsim.picture.caption_parts import Curve, Result, Share
from nnsim.picture.numbers import exact
from nnsim.widgets.equation_fonts import SMALLEST_PX
from nnsim.widgets.equation_page import Page

_LONGEST_TICK = 10_000
_LEAST_FORMULA = 12.5
"""A result's formula in numbers is written no smaller; then its name alone is clearer."""


class Plot:
    """A rectangle with values along both sides."""

    def __init__(self, rect: QRectF, curve: Curve, ticks_px: float) -> None:
        self.rect = rect
        self.left, self.right = curve.xs[0], curve.xs[-1]
        low, high = min(curve.ys), max(curve.ys)
        low, high = min(low, 0.0), max(high, 0.0)
        margin = 0.09 * ((high - low) or 1.0)
        # room for the numbers below the axis, even where the curve never goes below it
        below = (high - low) * ticks_px / max(rect.height() - ticks_px, 1.0) if low > -margin else margin
        self.low, self.high = low - max(margin, below), high + margin

    def x(self, value: float) -> float:
        """Where a sum stands."""
        return self.rect.left() + (value - self.left) / (self.right - self.left) * self.rect.width()

    def y(self, value: float) -> float:
        """Where an output stands."""
        return self.rect.bottom() - (value - self.low) / (self.high - self.low) * self.rect.height()


def paint_curve(page: Page, curve: Curve, rect: QRectF, with_title: bool) -> None:
    """The curve, its axes, and the point if it is known."""
    px, theme = page.px, page.theme
    if with_title:
        page.text(rect.center().x(), rect.top() + px(7), curve.title, 11, theme.ink3, align="centre")
        rect = rect.adjusted(0, px(17), 0, 0)
    page.outline(rect, theme.line, 1, theme.panel)
    plot = Plot(rect.adjusted(px(1), px(3), -px(1), -px(3)), curve, px(17))
    page.painter.save()
    page.painter.setClipRect(rect.adjusted(1, 1, -1, -1))
    _paint_axes(page, plot, curve)
    page.painter.setPen(QPen(QColor(theme.ink), px(2)))
    page.painter.drawPolyline(
        QPolygonF([QPointF(plot.x(x), plot.y(y)) for x, y in zip(curve.xs, curve.ys, strict=True)])
    )
    if curve.z is not None and curve.a is not None:
        _paint_point(page, plot, curve, curve.z, curve.a)
    page.painter.restore()


def _paint_axes(page: Page, plot: Plot, curve: Curve) -> None:
    px, theme, rect = page.px, page.theme, plot.rect
    zero_x, zero_y = plot.x(0.0), plot.y(0.0)
    page.line(rect.left(), zero_y, rect.right(), zero_y, theme.line2)
    page.line(zero_x, rect.top(), zero_x, rect.bottom(), theme.line2)
    for shown in (-round(0.67 * plot.right), round(0.67 * plot.right)):
        if abs(shown) < _LONGEST_TICK:
            page.text(plot.x(shown), zero_y + px(9), _tick(shown), 10.5, theme.ink3, align="centre")
    top = max(1.0, 10 ** math.floor(math.log10(plot.high))) if plot.high > 0 else 0.0
    for value in (top, -top):
        if plot.low < value < plot.high and value:
            page.line(zero_x - px(3), plot.y(value), zero_x, plot.y(value), theme.line2)
            near_point = curve.a is not None and abs(plot.y(curve.a) - plot.y(value)) < px(9)
            if near_point or value >= _LONGEST_TICK or (curve.slope is not None and value > 0):
                continue  # the point, or the slope's label, stands there
            page.text(zero_x - px(6), plot.y(value), _tick(value), 10.5, theme.ink3, align="right")
    page.formula(rect.right() - px(10), zero_y - px(9), "z", 14, theme.ink2, "centre")
    page.formula(zero_x + px(10), rect.top() + px(9), "a", 14, theme.ink2, "centre")


def _tick(value: float) -> str:
    return exact(value)


def _paint_point(page: Page, plot: Plot, curve: Curve, z: float, a: float) -> None:
    px, colour = page.px, page.phase_colour
    x, y = plot.x(z), plot.y(a)
    if curve.slope is None:
        dash = Qt.PenStyle.DashLine
        page.line(x, plot.y(0.0), x, y, colour, 1.6, dash)
        page.line(plot.x(0.0), y, x, y, colour, 1.6, dash)
    else:
        _paint_tangent(page, plot, x, y, curve.slope)
        label = page.words.slope.format(curve.slope_text)
        wide = page.fonts.width(label, 11, True) + px(4)
        # every activation leaves the upper left corner free
        middle = plot.rect.top() + px(11)
        page.fill(QRectF(plot.rect.left() + px(3), middle - px(8), wide, px(16)), page.theme.panel)
        page.text(plot.rect.left() + px(5), middle, label, 11, colour, True)
    page.painter.setPen(QPen(QColor(page.theme.panel), px(1.5)))
    page.painter.setBrush(QColor(colour))
    page.painter.drawEllipse(QPointF(x, y), px(6), px(6))


def _paint_tangent(page: Page, plot: Plot, x: float, y: float, slope: float) -> None:
    # in pixels, so that it touches the curve as it is drawn
    dx = 1.0
    dy = -slope * (plot.rect.height() / (plot.high - plot.low)) / (plot.rect.width() / (plot.right - plot.left))
    length = page.px(34) / math.hypot(dx, dy)
    page.line(x - dx * length, y - dy * length, x + dx * length, y + dy * length, page.phase_colour, 3)


def paint_softmax(page: Page, shares: tuple[Share, ...], rect: QRectF) -> None:
    """The classes' shares of 1, as many as there is room for around the neuron on show."""
    px, theme = page.px, page.theme
    row = max(px(13), min(px(19), rect.height() / len(shares)))
    room = max(1, int(rect.height() // row))
    here = next((at for at, share in enumerate(shares) if share.here), 0)
    first = max(0, min(here - room // 2, len(shares) - room))
    visible = shares[first : first + room]
    names = min(max(page.fonts.width(share.name, 11.5, True) for share in visible), rect.width() * 0.35)
    numbers = max(page.fonts.width(share.number.text, 12, True) for share in visible)
    left, right = rect.left() + names + px(8), rect.right() - numbers - px(8)
    for at, share in enumerate(visible):
        y = rect.top() + (at + 0.5) * row
        name = page.fonts.elided(share.name, 11.5, share.here, names + 1)
        page.text(rect.left(), y, name, 11.5, theme.ink if share.here else theme.ink3, share.here)
        bar = QRectF(left, y - row * 0.32, max(right - left, 0.0), row * 0.64)
        page.fill(bar, theme.line)
        if share.number.value is not None and math.isfinite(share.number.value):
            page.fill(
                QRectF(bar.left(), bar.top(), bar.width() * share.number.value, bar.height()),
                page.phase_colour if share.here else theme.pos,
            )
        page.number(rect.right(), y, share.number, 12, bold=share.here)


def paint_result(page: Page, result: Result, rect: QRectF) -> None:
    """The arithmetic, and under it the number."""
    px = page.px
    noted = px(16) if result.note else 0.0
    # formula, number and note stand together in the middle
    above = max(0.0, min(px(46 if r"\frac" in result.latex else 26), rect.height() - px(32) - noted))
    top = rect.top() + max(0.0, (rect.height() - above - px(32) - noted) / 2)
    middle, centre = top + above + px(3), rect.center().x()
    room = QSizeF(rect.width(), above)
    for latex, least in ((result.latex, _LEAST_FORMULA), (result.brief, SMALLEST_PX)):
        size = page.formula_size(latex, 17, room)
        if px(size) >= least:
            page.formula(centre, top + above / 2, latex, size, page.theme.ink2, "centre")
            break
    text = f"{result.sign} {result.number.text}"
    big = 26 * min(1.0, rect.width() / page.fonts.width(text, 26, True))
    colour = page.phase_colour if result.number.known else page.theme.ink3
    written = page.text(centre, middle + px(13), text, big, colour, True, "centre")
    page.hit(written.adjusted(-px(4), 0, px(4), 0), result.number)
    if result.note:
        size = page.fonts.fitting(result.note, 11, rect.width())
        note = page.fonts.elided(result.note, size, False, rect.width())
        page.text(centre, middle + px(34), note, size, page.theme.warn, align="centre")
        if note != result.note:
            page.tips.append((rect, result.note))
