"""The chain rule as cards: what arrives, times the slope, is delta. It refuses to know which factors there are."""

from PySide6.QtCore import QRectF

from nnsim.picture.caption_parts import Card
from nnsim.widgets.equation_page import Page

_SIGN_PX = 32


def paint_cards(page: Page, cards: tuple[Card, ...], rect: QRectF, is_short: bool) -> None:
    """The cards side by side with × and = between them; the last one is the result."""
    px = page.px
    room = rect.width() - px(_SIGN_PX) * (len(cards) - 1)
    # what arrives has the longest arithmetic
    shares = (0.40, 0.28, 0.32) if len(cards) == 3 else tuple(1 / len(cards) for _ in cards)
    x = rect.left()
    for at, (card, share) in enumerate(zip(cards, shares, strict=True)):
        box = QRectF(x, rect.top(), room * share, rect.height())
        is_last = at == len(cards) - 1
        _paint_card(page, card, box, is_last, is_short)
        x = box.right() + px(_SIGN_PX)
        if not is_last:
            sign = "=" if at == len(cards) - 2 else "×"
            if len(cards) == 2:
                sign = "→"
            page.text(box.right() + px(_SIGN_PX) / 2, box.center().y(), sign, 20, page.theme.ink2, align="centre")


def _paint_card(page: Page, card: Card, box: QRectF, is_last: bool, is_short: bool) -> None:
    px, theme = page.px, page.theme
    if is_last:
        page.outline(box.adjusted(1, 1, -1, -1), page.phase_colour, 2, page.tint)
    else:
        page.outline(box, theme.line, 1, theme.panel)
    left = box.left() + px(10)
    if card.top:
        wide = max(page.fonts.html_width(card.top, 15), page.fonts.html_width(card.bottom, 15))
        middle = left + wide / 2
        centre = box.center().y()
        page.html(middle, centre - px(11), card.top, 15, align="centre")
        page.line(left, centre, left + wide, centre, theme.ink2)
        page.html(middle, centre + px(11), card.bottom, 15, align="centre")
        left += wide + px(12)
    room = box.right() - left - px(8)
    lines = [0.22, 0.5, 0.78] if card.arithmetic and not is_short else [0.27, 0.5, 0.68]
    page.text(left, box.top() + lines[0] * box.height(), page.fonts.elided(card.label, 11, False, room), 11, theme.ink3)
    if card.arithmetic and not is_short:
        small = min(13.0, max(10.5, 13 * room / max(page.fonts.width(card.arithmetic, 13), 1.0)))
        arithmetic = page.fonts.elided(card.arithmetic, small, False, room)
        page.text(left, box.top() + lines[1] * box.height(), arithmetic, small, theme.ink)
    y = box.top() + lines[2] * box.height()
    size = (23 if not (card.arithmetic and not is_short) else 19) if is_last else 15.5
    lead = page.fonts.html_width(card.lead, size - 2)
    fits = min(1.0, room / max(lead + px(6) + page.fonts.width(card.number.text, size, True), 1.0))
    lead = page.html(left, y, card.lead, (size - 2) * fits, theme.ink2)
    colour = page.phase_colour if is_last else theme.ink
    page.number(left + lead + px(6), y, card.number, size * fits, colour, True, "left")
