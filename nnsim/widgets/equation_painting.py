"""A caption on the sheet: heading, then the parts its layout has places for. The one list of what is painted where.

It refuses to measure (the layout did) and to compute (the caption did).
"""

from PySide6.QtCore import QRectF

from nnsim.picture.caption_parts import Caption, Result
from nnsim.widgets.equation_bars import paint_running, paint_shares
from nnsim.widgets.equation_cards import paint_cards
from nnsim.widgets.equation_curve import paint_curve, paint_result, paint_softmax
from nnsim.widgets.equation_layout import Layout
from nnsim.widgets.equation_moves import paint_losses, paint_move
from nnsim.widgets.equation_page import Page
from nnsim.widgets.equation_table import paint_heads, paint_rows, paint_total

_TITLE, _FORMULA = 15.5, 17


def paint_caption(page: Page, caption: Caption, layout: Layout, offset: float) -> None:
    """All of it; ``offset``: how far the rows are scrolled, in pixels."""
    _paint_header(page, caption, layout)
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
            with_title = caption.phase != "backward" and not layout.is_short
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
    y, gap = header.top() + page.px(18 if layout.is_short else 22), page.px(26)
    if caption.result is not None and layout.result is None:
        _paint_result_line(page, caption.short_title, caption.result, header, y)
        return
    formulas = [(html, fonts.html_width(html, _FORMULA)) for html in caption.formulas]
    title = caption.title
    taken = sum(width + gap for _, width in formulas)
    if fonts.width(title, _TITLE, True) + taken > header.width():
        title = caption.short_title
    while formulas and fonts.width(title, _TITLE, True) + taken > header.width():
        taken -= formulas.pop(0)[1] + gap
    room = header.width() - taken
    page.text(header.left(), y, fonts.elided(title, _TITLE, True, room), _TITLE, page.theme.ink, True)
    right = header.right()
    for html, width in reversed(formulas):
        page.html(right, y, html, _FORMULA, page.theme.ink2, align="right")
        right -= width + gap


def _paint_result_line(page: Page, title: str, result: Result, header: QRectF, y: float) -> None:
    """Title and result on one line, where there is no other room for the result."""
    written = page.number(header.right(), y, result.number, 19, page.phase_colour, True)
    lead = f"{result.arithmetic} ="
    taken = page.fonts.html_width(lead, 15) + page.px(8)
    if page.fonts.width(title, _TITLE, True) + taken + page.px(16) < written.left() - header.left():
        page.html(written.left() - page.px(8), y, lead, 15, page.theme.ink2, align="right")
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
    y = rect.bottom() - page.px(10)
    note = caption.terms.note if caption.terms is not None else caption.loss.note if caption.loss is not None else ""
    room = rect.width()
    if note:
        written = page.text(rect.right(), y, note, 11.5, page.theme.ink3, align="right")
        room = written.left() - rect.left() - page.px(16)
    page.text(rect.left(), y, page.fonts.elided(caption.sentence, 12, False, room), 12, page.theme.ink2)
