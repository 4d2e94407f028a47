"""Where the parts of the equation panel stand, and which of them fold away when room is short.

Measured, never counted: the table takes what it needs; then the result, the curve and the running-sum bars get what is left, and
leave in the opposite order. It refuses to paint.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF

from nnsim.picture.caption_parts import Caption
from nnsim.picture.latex import headline
from nnsim.widgets.equation_cards import LINE_PX, most_lines
from nnsim.widgets.equation_page import Fonts
from nnsim.widgets.equation_table import Measured, Table, measure
from nnsim.widgets.equation_tables import table_of

EDGE_PX = 5
LEFT_PX, RIGHT_PX = 22, 18
HEADER_PX, SHORT_HEADER_PX = 42, 34
SENTENCE_PX = 30
HEADLINE_PX, TALL_HEADLINE_PX = 26, 40
"""The height of the formula with its numbers, without and with fractions in it."""
LEAST_ROWS = 4
"""So many rows stay in view, or the formula with its numbers gives way."""
SHORT_PX = 216
"""Below this height the panel leaves out heads, sentence and the cards' arithmetic."""
CARDS_PX, SHORT_CARDS_PX = 82, 58
GRADIENTS_PX = 100
BARS_PX, SIDE_PX, CURVE_PX, RESULT_PX, STACKED_PX = 120, 236, 150, 130, 168
MOST_WIDE_PX = 1100


@dataclass(frozen=True)
class Layout:
    """The places of the parts, in pixels; a part that folded away is None."""

    header: QRectF
    is_short: bool
    table: Table | None = None
    measured: Measured | None = None
    heads_y: float = 0.0
    rows: QRectF | None = None
    row_height: float = 0.0
    content_height: float = 0.0
    """The rows' whole height, seen or not."""
    total_top: float = 0.0
    total_height: float = 0.0
    cards: QRectF | None = None
    bars: QRectF | None = None
    curve: QRectF | None = None
    result: QRectF | None = None
    sentence: QRectF | None = None
    headline: QRectF | None = None
    """The formula with its numbers, under the heading."""

    @property
    def overflow(self) -> float:
        """How far the rows can be scrolled."""
        return 0.0 if self.rows is None else max(0.0, self.content_height - self.rows.height())


def arrange(caption: Caption, fonts: Fonts, width: float, height: float) -> Layout:
    """Places for a caption in a panel of this size."""
    px = fonts.px
    left, right = px(LEFT_PX), min(width, px(MOST_WIDE_PX)) - px(RIGHT_PX)
    is_short = height < px(SHORT_PX)
    top = px(SHORT_HEADER_PX if is_short else HEADER_PX)
    layout = Layout(QRectF(left, 0, right - left, top), is_short)
    if caption.cards:
        tall = px(SHORT_CARDS_PX if is_short else CARDS_PX)
        if not is_short:
            # the cards grow with their arithmetic as long as the gradients keep a few rows
            spare = max(0.0, height - top - tall - px(GRADIENTS_PX))
            lines = most_lines(caption.cards, right - left, fonts) - 1
            tall += px(LINE_PX) * min(lines, int(spare // px(LINE_PX)))
        layout = replace(layout, cards=QRectF(left, top, right - left, tall - px(8)))
        top += tall
    table = table_of(caption)
    body = QRectF(left, top, right - left, height - top - px(8))
    layout, body = _with_headline(layout, caption, table, body, fonts)
    if table is None:
        return replace(layout, sentence=_below(body, px(SENTENCE_PX)), result=body)
    return _with_table(layout, caption, table, body, fonts)


def _with_headline(
    layout: Layout, caption: Caption, table: Table | None, body: QRectF, fonts: Fonts
) -> tuple[Layout, QRectF]:
    """The layout with a place for the formula in numbers where there is room, and what is left of the body."""
    lines = headline(caption)
    if table is None or not lines or layout.is_short:
        return layout, body
    tall = fonts.px(TALL_HEADLINE_PX if any(r"\frac" in line for line in lines) else HEADLINE_PX)
    rows = min(len(table.rows), LEAST_ROWS) * fonts.px(table.row_px[0])
    if body.height() - tall < fonts.px(table.head_px) + rows + (fonts.px(table.total_px) if table.total else 0.0):
        return layout, body
    place = QRectF(body.left(), body.top(), body.width(), tall - fonts.px(4))
    return replace(layout, headline=place), body.adjusted(0, tall, 0, 0)


def _below(body: QRectF, tall: float) -> QRectF:
    return QRectF(body.left(), body.bottom() - tall, body.width(), tall)


def _with_table(layout: Layout, caption: Caption, table: Table, body: QRectF, fonts: Fonts) -> Layout:
    px = fonts.px
    count = len(table.rows)
    heads = 0.0 if layout.is_short and not caption.loss else px(table.head_px)
    total = px(table.total_px) * (0.88 if layout.is_short else 1.0) if table.total else 0.0
    note = bool(caption.terms is not None and caption.terms.note)
    least, most = (px(size) for size in table.row_px)
    free = body.height() - heads - total
    scrolls = count * least > free
    with_sentence = not layout.is_short and (scrolls or count * least <= free - px(SENTENCE_PX) or note)
    if with_sentence:
        layout = replace(layout, sentence=_below(body, px(SENTENCE_PX)))
        free -= px(SENTENCE_PX)
    # whole rows only: a row cut in half reads wrong
    visible = max(1, min(count, int(free // least)))
    row = min(most, max(least, free / visible))
    shown = visible * row
    room = body.width() - (px(16) if scrolls else 0)
    measured = measure(table, fonts, room)
    rows = QRectF(body.left(), body.top() + heads, measured.width, shown)
    layout = replace(
        layout,
        table=table,
        measured=measured,
        heads_y=body.top() + heads / 2 if heads else 0.0,
        rows=rows,
        row_height=row,
        content_height=count * row,
        total_top=rows.bottom(),
        total_height=total,
    )
    top = layout.headline.top() if layout.headline is not None else body.top()
    side = QRectF(rows.right() + px(34 if scrolls else 24), top, 0, body.bottom() - top)
    side.setRight(body.right())
    if with_sentence:
        side.setBottom(side.bottom() - px(SENTENCE_PX))
    return _shortened(_sides(layout, caption, side, fonts), fonts)


def _shortened(layout: Layout, fonts: Fonts) -> Layout:
    """The formula in numbers ends where a part to its right begins."""
    beside = [part.left() for part in (layout.curve, layout.result) if part is not None]
    if layout.headline is None or not beside:
        return layout
    place = QRectF(layout.headline)
    place.setRight(min(beside) - fonts.px(20))
    return replace(layout, headline=place)


def _sides(layout: Layout, caption: Caption, side: QRectF, fonts: Fonts) -> Layout:
    """The room to the right of the table."""
    px = fonts.px
    if caption.move is not None or caption.loss is not None:
        fits = side.width() >= px(RESULT_PX if caption.loss else 150)
        least = QRectF(max(side.left(), side.right() - px(300)), side.top(), 0, side.height())
        least.setRight(side.right())
        return replace(layout, result=least if fits else None)
    if caption.phase == "backward":
        return _backward_sides(layout, caption, side, fonts)
    has_curve = caption.curve is not None or bool(caption.shares)
    stacked = side.height() >= px(STACKED_PX)
    if side.width() < px(RESULT_PX) * 0.8:
        return layout
    if not has_curve or side.width() < px(CURVE_PX) or (not stacked and side.width() < px(CURVE_PX + RESULT_PX + 16)):
        return replace(layout, result=side)
    if not stacked:
        curve = QRectF(side.left(), side.top(), side.width() - px(RESULT_PX + 12), side.height() - px(6))
        result = QRectF(curve.right() + px(12), side.top(), px(RESULT_PX), side.height())
        return replace(layout, curve=curve, result=result)
    right = side
    if side.width() >= px(SIDE_PX * 0.8 + BARS_PX):
        wide = min(px(SIDE_PX), side.width() - px(BARS_PX) - px(24))
        right = QRectF(side.right() - wide, side.top(), wide, side.height())
        bars_right = right.left() - px(24)
        rows = layout.rows or side
        layout = replace(layout, bars=QRectF(side.left(), rows.top(), bars_right - side.left(), rows.height()))
    elif side.width() > px(300):
        right = QRectF(side.right() - px(300), side.top(), px(300), side.height())
    tall = min(right.height() - px(66), px(150))
    curve = QRectF(right.left(), right.top() + px(2), right.width(), tall)
    result = QRectF(right.left(), curve.bottom(), right.width(), right.bottom() - curve.bottom())
    return replace(layout, curve=curve, result=result)


def _backward_sides(layout: Layout, caption: Caption, side: QRectF, fonts: Fonts) -> Layout:
    px = fonts.px
    if caption.curve is not None and side.width() >= px(CURVE_PX):
        wide = min(px(200), side.width())
        if side.width() >= px(CURVE_PX + 70):
            wide = min(wide, side.width() - px(82))
        curve = QRectF(side.right() - wide, side.top() + px(2), wide, side.height() - px(4))
        side = QRectF(side.left(), side.top(), curve.left() - px(14) - side.left(), side.height())
        layout = replace(layout, curve=curve)
    if side.width() >= px(60):
        rows = layout.rows or side
        layout = replace(layout, bars=QRectF(side.left(), rows.top(), min(side.width(), px(150)), rows.height()))
    return layout
