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
HEADER_PX, SHORT_HEADER_PX = 36, 28
RULES_PX, SHORT_RULES_PX = 21, 18
"""What each further line of rules adds to the heading."""
TITLE_SIZE, FORMULA_SIZE, RULES_SIZE = 15.5, 16, 14
HEADER_GAP_PX = 26
SENTENCE_SIZE, SENTENCE_LINE_PX, SENTENCE_LINES = 12, 14, 2
SENTENCE_PX, SHORT_SENTENCE_PX, FOOT_PX = 21, 16, 3
HEADLINE_PX, TALL_HEADLINE_PX = 25, 40
"""The height of the formula with its numbers, without and with fractions in it."""
KEPT_ROWS, KEPT_OF_MANY = 6, 4
"""Up to so many rows all stay in view, and of more, which scroll, the second number: heads, and the formula with its numbers give
way to them. The sentence never does."""
SHORT_PX = 190
"""Below this height the heading is lower, and the cards leave out their arithmetic."""
CARDS_PX, SHORT_CARDS_PX = 66, 48
BARS_PX, SIDE_PX, CURVE_PX, RESULT_PX, STACKED_PX = 90, 236, 120, 120, 136
GAP_PX = 24
FULL_ROW_PX = 20
"""In rows lower than this the writing is smaller."""
LEAST_WRITING = 0.76
"""But not smaller than this share of its size: digits need less height than a row has."""
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
    rules: tuple[tuple[str, ...], ...] = ()
    """The heading's formulas, line by line, where all of them must be seen; the first line stands beside the title."""
    told: tuple[str, ...] = ()
    """The sentence, line by line."""

    @property
    def overflow(self) -> float:
        """How far the rows can be scrolled."""
        return 0.0 if self.rows is None else max(0.0, self.content_height - self.rows.height())


def arrange(caption: Caption, fonts: Fonts, width: float, height: float, opened: str = "") -> Layout:
    """Places for a caption in a panel of this size; ``opened``: the line whose parts are on show."""
    px = fonts.px
    left, right = px(LEFT_PX), min(width, px(MOST_WIDE_PX)) - px(RIGHT_PX)
    is_short = height < px(SHORT_PX)
    top = px(SHORT_HEADER_PX if is_short else HEADER_PX)
    rules = rule_lines(caption, fonts, right - left)
    top += px(SHORT_RULES_PX if is_short else RULES_PX) * max(0, len(rules) - 1)
    told = sentence_lines(caption, fonts, right - left)
    layout = Layout(QRectF(left, 0, right - left, top), is_short, rules=rules, told=told)
    table = table_of(caption, opened)
    body = QRectF(left, top, right - left, height - top - px(FOOT_PX))
    if caption.cards:
        tall = _cards_height(caption, table, fonts, body, is_short, _told_height(told, fonts, is_short))
        layout = replace(layout, cards=QRectF(left, top, right - left, tall - px(6)))
        body.setTop(top + tall)
    if table is None:
        return replace(layout, sentence=_below(body, _told_height(told, fonts, is_short)), result=body)
    return _with_table(layout, caption, table, body, fonts)


def rule_lines(caption: Caption, fonts: Fonts, width: float) -> tuple[tuple[str, ...], ...]:
    """An update's rules, all of them, in as many lines as they need; none where another moment's caption tells them below."""
    if not caption.lines:
        return ()
    gap, title = fonts.px(HEADER_GAP_PX), fonts.width(caption.title, TITLE_SIZE, True)
    if title + sum(fonts.formula_width(each, FORMULA_SIZE) + gap for each in caption.formulas) <= width:
        return (caption.formulas,)
    lines: list[list[str]] = [[]]
    free = width - title
    for latex in caption.formulas:
        wide = fonts.formula_width(latex, RULES_SIZE) + gap
        if wide > free and (lines[-1] or len(lines) == 1):
            lines.append([])
            free = width + gap
        lines[-1].append(latex)
        free -= wide
    return tuple(tuple(line) for line in lines)


def sentence_lines(caption: Caption, fonts: Fonts, width: float) -> tuple[str, ...]:
    """The sentence in one line where it can be read so, else in two."""
    note = _note(caption)
    room = width - (fonts.width(note, 11.5) + fonts.px(16) if note else 0.0)
    if fonts.width(caption.sentence, fonts.fitting(caption.sentence, SENTENCE_SIZE, room)) <= room:
        return (caption.sentence,)
    words, first = caption.sentence.split(), ""
    while words and fonts.width(f"{first} {words[0]}".strip(), SENTENCE_SIZE) <= room:
        first = f"{first} {words.pop(0)}".strip()
    return first, " ".join(words)


def _note(caption: Caption) -> str:
    return caption.terms.note if caption.terms is not None else caption.loss.note if caption.loss is not None else ""


def _told_height(told: tuple[str, ...], fonts: Fonts, is_short: bool) -> float:
    return fonts.px((SHORT_SENTENCE_PX if is_short else SENTENCE_PX) + (len(told) - 1) * SENTENCE_LINE_PX)


def _cards_height(caption: Caption, table: Table | None, fonts: Fonts, body: QRectF, is_short: bool, told: float) -> float:
    """The cards grow with their arithmetic as long as the rows below them keep their room."""
    px = fonts.px
    if is_short:
        return px(SHORT_CARDS_PX)
    rows = 0.0 if table is None else _least_rows(table, fonts) + px(table.head_px)
    spare = max(0.0, body.height() - px(CARDS_PX) - told - rows)
    lines = min(most_lines(caption.cards, body.width(), fonts) - 1, int(spare // px(LINE_PX)))
    return px(CARDS_PX) + lines * px(LINE_PX)


def _least_rows(table: Table, fonts: Fonts) -> float:
    count = len(table.rows)
    return (count if count <= KEPT_ROWS else KEPT_OF_MANY) * fonts.px(table.row_px[0])


def _kept_rows(table: Table, fonts: Fonts, room: float) -> float:
    """What the rows are to have of ``room`` pixels: if all can be seen there, low as they are, then that; else a few of them."""
    least, low = _least_rows(table, fonts), len(table.rows) * fonts.px(table.compact_px)
    return max(low, least) if 0 < low <= room and len(table.rows) > KEPT_ROWS else least


def _below(body: QRectF, tall: float) -> QRectF:
    return QRectF(body.left(), body.bottom() - tall, body.width(), tall)


def _wishes(caption: Caption, table: Table, fonts: Fonts, body: QRectF, told: float) -> dict[str, float]:
    """The heights of what stands above and below the rows, 0 for what has no room beside them: sentence first, then the rows."""
    px = fonts.px
    lines = headline(caption)
    tall = TALL_HEADLINE_PX if any(r"\frac" in line for line in lines) else HEADLINE_PX
    wishes = {"heads": px(table.head_px), "sentence": told, "headline": px(tall) if lines else 0.0}
    free = body.height() - px(table.total_px) * bool(table.total)
    free -= _kept_rows(table, fonts, free - told)
    for name in sorted(wishes, key=lambda name: name != "sentence"):
        if name != "sentence" and wishes[name] > free:
            wishes[name] = 0.0
        free -= wishes[name]
    return wishes


def _with_table(layout: Layout, caption: Caption, table: Table, body: QRectF, fonts: Fonts) -> Layout:
    px, count = fonts.px, len(table.rows)
    wishes = _wishes(caption, table, fonts, body, _told_height(layout.told, fonts, layout.is_short))
    layout = replace(layout, sentence=_below(body, wishes["sentence"]))
    body.setBottom(body.bottom() - wishes["sentence"])
    if wishes["headline"]:
        place = QRectF(body.left(), body.top(), body.width(), wishes["headline"] - px(3))
        layout = replace(layout, headline=place)
        body.setTop(body.top() + wishes["headline"])
    heads = wishes["heads"]
    total = px(table.total_px) if table.total else 0.0
    least, most = (px(size) for size in table.row_px)
    free = body.height() - heads - total
    if table.compact_px and count * least > free + 0.01 >= count * px(table.compact_px):
        least = px(table.compact_px)
    # whole rows only: a row cut in half reads wrong
    visible = max(1, min(count, int((free + 0.01) // least)))
    row = min(most, max(least, free / visible))
    scrolls = visible < count
    room = body.width() - (px(16) if scrolls else 0)
    measured = measure(table, fonts, room, min(1.0, max(row / px(FULL_ROW_PX), LEAST_WRITING)))
    rows = QRectF(body.left(), body.top() + heads, measured.width, visible * row)
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
    side = QRectF(rows.right() + px(34 if scrolls else GAP_PX), body.top(), 0, body.height())
    side.setRight(body.right())
    return _sides(layout, caption, side, fonts)


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
    if side.width() < px(RESULT_PX) * 0.8:
        return layout
    stacked, gap = side.height() >= px(STACKED_PX), px(GAP_PX)
    needs = px(CURVE_PX) if stacked else px(CURVE_PX + RESULT_PX) + gap / 2
    if (caption.curve is None and not caption.shares) or side.width() < needs:
        return replace(layout, result=side)
    right = QRectF(side)
    if side.width() >= needs + gap + px(BARS_PX):
        most = px(SIDE_PX) if stacked else px(SIDE_PX + RESULT_PX)
        right.setLeft(side.right() - min(most, side.width() - px(BARS_PX) - gap))
        rows = layout.rows or side
        layout = replace(layout, bars=QRectF(side.left(), rows.top(), right.left() - gap - side.left(), rows.height()))
    elif stacked:
        right.setLeft(max(side.left(), side.right() - px(300)))
    if stacked:
        # under its shares a softmax has a fraction, and dropout a line of its own
        below = px(60 + 34 * bool(caption.shares) + 16 * bool(caption.result is not None and caption.result.note))
        curve = QRectF(right.left(), right.top() + px(2), right.width(), min(right.height() - below, px(150)))
        result = QRectF(right.left(), curve.bottom(), right.width(), right.bottom() - curve.bottom())
    else:
        curve = QRectF(right.left(), right.top(), right.width() - px(RESULT_PX) - gap / 2, right.height() - px(6))
        result = QRectF(curve.right() + gap / 2, right.top(), px(RESULT_PX), right.height())
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
