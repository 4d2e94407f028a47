"""The chain rule as cards: what arrives, times the slope, is delta. Arithmetic that needs more than a line is broken before its
signs, and what still has no room is told when pointed at. It refuses to know which factors there are.
"""

import re

from PySide6.QtCore import QRectF, QSizeF

from nnsim.picture.caption_parts import Card
from nnsim.picture.latex_parts import number, product
from nnsim.picture.latex_text import plain
from nnsim.picture.shown_arithmetic import relation
from nnsim.picture.shown_arithmetic import sign as sign_of
from nnsim.widgets.equation_page import Fonts, Page

LINE_PX = 15
"""What each further line of arithmetic adds to the height of the cards."""
_SIGN_PX = 32
_SYMBOL, _ARITHMETIC = 16, 13.0
_LABEL, _NUMBER, _RESULT = 11, 15.5, 19
_LONGEST_PX = 200


def widths(cards: tuple[Card, ...], width: float, fonts: Fonts) -> tuple[float, ...]:
    """How wide each of the cards is, in pixels, by what is written in it."""
    room = width - fonts.px(_SIGN_PX) * (len(cards) - 1)
    needs = [_taken(card, fonts) + _need(card, fonts) for card in cards]
    return tuple(room * need / sum(needs) for need in needs)


def _need(card: Card, fonts: Fonts) -> float:
    """How wide the writing beside the symbol would like to be; arithmetic, which can be broken, counts up to a point."""
    written = min(fonts.width(card.arithmetic, _ARITHMETIC), fonts.px(_LONGEST_PX))
    number = fonts.width(f"{plain(card.lead)} = {card.number.text}", _RESULT if card.lead else _NUMBER, True)
    return max(fonts.width(card.label, _LABEL), written, number)


def most_lines(cards: tuple[Card, ...], width: float, fonts: Fonts) -> int:
    """How many lines the longest arithmetic takes in cards that are ``width`` pixels wide together."""
    lines = [_broken(card.arithmetic, fonts, room)[0] for card, room in zip(cards, rooms(cards, width, fonts), strict=True)]
    return max(1, *(len(each) for each in lines))


def rooms(cards: tuple[Card, ...], width: float, fonts: Fonts) -> list[float]:
    """How wide the writing beside each card's symbol may be."""
    return [wide - _taken(card, fonts) for card, wide in zip(cards, widths(cards, width, fonts), strict=True)]


def _taken(card: Card, fonts: Fonts) -> float:
    """What margins and the symbol take of a card's width."""
    return fonts.px(22) + (fonts.formula_width(card.symbol, _SYMBOL) + fonts.px(12) if card.symbol else 0.0)


def _broken(arithmetic: str, fonts: Fonts, room: float) -> tuple[list[str], float]:
    """Arithmetic as lines that end before a sign, and the size of their writing."""
    size = fonts.fitting(arithmetic, _ARITHMETIC, room)
    lines: list[str] = []
    for part in re.split(r" (?=[+−] )", arithmetic):
        longer = f"{lines[-1]} {part}" if lines else part
        if lines and fonts.width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines, size


def paint_cards(page: Page, cards: tuple[Card, ...], rect: QRectF, is_short: bool) -> None:
    """The cards side by side with × and = between them; the last one is the result."""
    px = page.px
    x = rect.left()
    for at, (card, width) in enumerate(zip(cards, widths(cards, rect.width(), page.fonts), strict=True)):
        box = QRectF(x, rect.top(), width, rect.height())
        is_last = at == len(cards) - 1
        _paint_card(page, card, box, is_last, is_short)
        x = box.right() + px(_SIGN_PX)
        if not is_last:
            sign = _result_sign(cards) if at == len(cards) - 2 else "×"
            if len(cards) == 2:
                sign = "→"
            page.text(box.right() + px(_SIGN_PX) / 2, box.center().y(), sign, 20, page.theme.ink2, align="centre")


def _result_sign(cards: tuple[Card, ...]) -> str:
    """= before the last card, or ≈ where the factors on show do not quite give it."""
    return sign_of(product(*(number(card.number.text) for card in cards[:-1])), cards[-1].number.text)


def _paint_arithmetic(page: Page, card: Card, rect: QRectF) -> bool:
    """Write the lines that have room; says whether that is all of it."""
    lines, size = _broken(card.arithmetic, page.fonts, rect.width())
    pitch = page.px(LINE_PX)
    shown = max(1, min(len(lines), round(rect.height() / pitch)))
    top = rect.center().y() - (shown - 1) / 2 * pitch
    whole = shown == len(lines)
    for at, line in enumerate(lines[:shown]):
        text = line if whole or at < shown - 1 else f"{line} …"
        fitted = page.fonts.elided(text, size, False, rect.width())
        whole = whole and fitted == text
        page.text(rect.left(), top + at * pitch, fitted, size, page.theme.ink)
    return whole


def _paint_card(page: Page, card: Card, box: QRectF, is_last: bool, is_short: bool) -> None:
    px, theme = page.px, page.theme
    if is_last:
        page.outline(box.adjusted(1, 1, -1, -1), page.phase_colour, 2, page.tint)
    else:
        page.outline(box, theme.line, 1, theme.panel)
    left = box.left() + px(10)
    if card.symbol:
        size = page.formula_size(card.symbol, _SYMBOL, QSizeF(box.width() * 0.45, box.height() - px(6)))
        left += page.formula(left, box.center().y(), card.symbol, size) + px(12)
    room = box.right() - left - px(12)
    written = bool(card.arithmetic) and not is_short
    label_y = box.top() + (px(11) if written else 0.27 * box.height())
    label_size = page.fonts.fitting(card.label, _LABEL, room)
    label = page.fonts.elided(card.label, label_size, False, room)
    page.text(left, label_y, label, label_size, theme.ink3)
    whole = not card.arithmetic
    if written:
        whole = _paint_arithmetic(page, card, QRectF(left, box.top() + px(20), room, box.height() - px(43)))
    if not whole or label != card.label:
        how = f"{card.arithmetic} {card.sign} {card.number.text}" if card.arithmetic else card.number.text
        page.tips.append((box, f"{card.label}: {how}" if label != card.label else how))
    y = box.bottom() - px(13) if written else box.top() + 0.68 * box.height()
    size = (23 if not (card.arithmetic and not is_short) else _RESULT) if is_last else _NUMBER
    lead = f"{card.lead} {relation(card.latex, card.number.text)}".strip()
    wide = page.formula_width(lead, size - 2)
    fits = min(1.0, room / max(wide + px(6) + page.fonts.width(card.number.text, size, True), 1.0))
    wide = page.formula(left, y, lead, (size - 2) * fits, theme.ink2)
    colour = page.phase_colour if is_last else theme.ink
    page.number(left + wide + px(6), y, card.number, size * fits, colour, True, "left")
