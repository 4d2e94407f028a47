"""A caption on the sheet: heading, then the parts its layout has places for. The one list of what is painted where.

It refuses to measure (the layout did) and to compute (the caption did).
"""

from PySide6.QtCore import QRectF, QSizeF

from nnsim.picture.caption_parts import Caption, Result
from nnsim.picture.latex import headline, symbolic
from nnsim.widgets.equation_bars import paint_running, paint_shares
from nnsim.widgets.equation_cards import paint_cards
from nnsim.widgets.equation_curve import paint_curve, paint_result, paint_softmax
from nnsim.widgets.equation_fonts import SMALLEST_PX, Fonts
from nnsim.widgets.equation_layout import (
    FORMULA_SIZE,
    HEADER_GAP_PX,
    HEADER_PX,
    RULES_SIZE,
    SENTENCE_LINE_PX,
    SENTENCE_SIZE,
    SHORT_HEADER_PX,
    TITLE_SIZE,
    Layout,
)
from nnsim.widgets.equation_moves import paint_losses, paint_move
from nnsim.widgets.equation_page import Page
from nnsim.widgets.equation_table import paint_heads, paint_rows, paint_total

_TITLE, _FORMULA, _NUMERIC, _LEAST_NUMERIC = TITLE_SIZE, FORMULA_SIZE, 16, 12.5
_GAP = HEADER_GAP_PX
_TITLED_CURVE = 110
"""A curve of this height has its name above it; the heading has it too."""
_TERMS_SHOWN = (9, 7, 5, 4, 3)
"""How many terms of a long sum are written out: the first of these that there is room for."""


def paint_caption(page: Page, caption: Caption, layout: Layout, offset: float) -> None:
    """All of it; ``offset``: how far the rows are scrolled, in pixels."""
    _paint_header(page, caption, layout)
    _paint_headline(page, caption, layout)
    if layout.cards is not None:
        paint_cards(page, caption.cards, layout.cards, layout.is_short)
    if layout.table is not None and layout.measured is not None and layout.rows is not None:
        rows = layout.rows
        paint_rows(page, layout.table, layout.measured, rows, layout.row_height, offset)
        if layout.heads_y:
            paint_heads(page, layout.table, layout.measured, rows.left(), layout.heads_y)
        paint_total(page, layout.table, layout.measured, rows.left(), layout.total_top, layout.total_height)
    _paint_sides(page, caption, layout, offset)
    _paint_sentence(page, caption, layout)


def _paint_sides(page: Page, caption: Caption, layout: Layout, offset: float) -> None:
    if caption.terms is not None and layout.bars is not None:
        paint_bars = paint_shares if caption.phase == "backward" else paint_running
        paint_bars(page, caption.terms, layout, offset)
    if layout.curve is not None:
        if caption.curve is not None:
            with_title = caption.phase != "backward" and layout.curve.height() >= page.px(_TITLED_CURVE)
            paint_curve(page, caption.curve, layout.curve, with_title)
        elif caption.shares:
            paint_softmax(page, caption.shares, layout.curve)
    if layout.result is None:
        return
    if caption.result is not None:
        paint_result(page, caption.result, layout.result)
    elif caption.move is not None:
        paint_move(page, caption.move, layout.result)
    elif caption.loss is not None:
        paint_losses(page, caption.loss, layout.result)
    elif caption.facts:
        _paint_facts(page, caption, layout.result)


def _paint_header(page: Page, caption: Caption, layout: Layout) -> None:
    header, fonts = layout.header, page.fonts
    y, gap = header.top() + page.px(16 if layout.is_short else 18), page.px(_GAP)
    if caption.result is not None and layout.result is None:
        _paint_result_line(page, caption.short_title, caption.result, header, y)
        return
    if layout.rules:
        _paint_rules(page, caption, layout, y)
        return
    room, formulas = QSizeF(header.width(), header.height() - page.px(2)), symbolic(caption)
    size = min((page.formula_size(latex, _FORMULA, room) for latex in formulas), default=_FORMULA)
    widths = [page.formula_width(latex, size) + gap for latex in formulas]
    title = caption.title
    if not caption.cards and fonts.width(title, _TITLE, True) + sum(widths) > header.width():
        # the title's second half is what the formulas say; cards tell their rules themselves
        title = caption.short_title
    while len(widths) > 1 and fonts.width(title, _TITLE, True) + sum(widths) > header.width():
        widths.pop()
    if fonts.width(title, _TITLE, True) + sum(widths) > header.width():
        title = caption.short_title
    if fonts.width(title, _TITLE, True) + sum(widths) > header.width():
        widths = []
    text = fonts.elided(title, _TITLE, True, header.width() - sum(widths))
    page.text(header.left(), y, text, _TITLE, page.theme.ink, True)
    left, middle = header.right() - sum(widths) + gap, min(y, page.formula_middle(formulas, size, header.height()))
    for latex, width in zip(formulas, widths, strict=False):
        page.formula(left, middle, latex, size)
        left += width


def _paint_rules(page: Page, caption: Caption, layout: Layout, y: float) -> None:
    """The title, beside it the first of the rules, and the others in lines below."""
    header, gap = layout.header, page.px(_GAP)
    page.text(header.left(), y, page.fonts.elided(caption.title, _TITLE, True, header.width()), _TITLE, page.theme.ink, True)
    first = page.px(SHORT_HEADER_PX if layout.is_short else HEADER_PX)
    pitch = (header.height() - first) / max(1, len(layout.rules) - 1)
    title = page.fonts.width(caption.title, _TITLE, True)
    for at, line in enumerate(layout.rules):
        room = header.width() - (title + gap if at == 0 else 0.0)
        size = float(_FORMULA if len(layout.rules) == 1 else RULES_SIZE)
        # how wide a formula is was only about known when the lines were broken
        wide = sum(page.formula_width(latex, size) for latex in line)
        size *= min(1.0, (room - gap * (len(line) - 1)) / max(wide, 1.0))
        widths = [page.formula_width(latex, size) for latex in line]
        left = header.left() if at else header.right() - sum(widths) - gap * (len(line) - 1)
        middle = first + (at - 0.5) * pitch if at else y
        for latex, width in zip(line, widths, strict=True):
            page.formula(left, middle, latex, size)
            left += width + gap


def _paint_headline(page: Page, caption: Caption, layout: Layout) -> None:
    """The formula with its numbers: as many terms as there is room for."""
    rect = layout.headline
    if rect is None:
        return
    gap, left = page.px(_GAP), rect.left()
    for line in fitting(page.fonts, caption, rect.width()):
        room = QSizeF(rect.right() - left, rect.height())
        size = page.formula_size(line, _NUMERIC, room)
        # the first may shrink as far as it can be read, another one stands beside it only at full size
        if page.px(size) < (page.px(_LEAST_NUMERIC) if left > rect.left() else SMALLEST_PX):
            return
        left += page.formula(left, rect.center().y(), line, size, page.theme.ink) + gap


def fitting(fonts: Fonts, caption: Caption, width: float) -> tuple[str, ...]:
    """The formula in numbers with as many terms of its sum as there is room for."""
    for most in _TERMS_SHOWN:
        lines = headline(caption, most)
        wide = sum(fonts.formula_width(line, _LEAST_NUMERIC) for line in lines)
        if wide + fonts.px(_GAP) * (len(lines) - 1) <= width:
            break
    return lines


def _paint_result_line(page: Page, title: str, result: Result, header: QRectF, y: float) -> None:
    """Title and result on one line, where there is no other room for the result."""
    written = page.number(header.right(), y, result.number, 19, page.phase_colour, True)
    lead = f"{result.latex} ="
    size = page.formula_size(lead, 15, QSizeF(header.width(), header.height() - page.px(2)))
    taken = page.formula_width(lead, size) + page.px(8)
    if page.fonts.width(title, _TITLE, True) + taken + page.px(16) < written.left() - header.left():
        page.formula(written.left() - page.px(8), y, lead, size, page.theme.ink2, "right")
    page.text(header.left(), y, title, _TITLE, page.theme.ink, True)


def _paint_facts(page: Page, caption: Caption, rect: QRectF) -> None:
    y = rect.top() + page.px(20)
    for at, fact in enumerate(caption.facts):
        is_last = at == len(caption.facts) - 1
        y += page.px(8) if is_last else 0
        size = 17 if is_last else 14
        text = page.fonts.elided(fact, size, is_last, rect.width())
        page.text(rect.left(), y, text, size, page.theme.ink if is_last else page.theme.ink2, is_last)
        y += page.px(27)


def _paint_sentence(page: Page, caption: Caption, layout: Layout) -> None:
    rect = layout.sentence
    if rect is None or caption.facts:
        return
    note = caption.terms.note if caption.terms is not None else caption.loss.note if caption.loss is not None else ""
    room = rect.width()
    if note:
        written = page.text(rect.right(), rect.center().y(), note, 11.5, page.theme.ink3, align="right")
        room = written.left() - rect.left() - page.px(16)
    pitch, count = page.px(SENTENCE_LINE_PX), len(layout.told)
    for at, line in enumerate(layout.told):
        size = page.fonts.fitting(line, SENTENCE_SIZE, room)
        y = rect.center().y() + (at - (count - 1) / 2) * pitch
        page.text(rect.left(), y, page.fonts.elided(line, size, False, room), size, page.theme.ink2)
