"""What stands beside an update's lines and beside a loss: the weight's way from old to new, and the samples' losses so far."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from nnsim.picture.caption_parts import LossTerms, Move
from nnsim.picture.palette import blend
from nnsim.widgets.equation_fonts import SMALLEST_PX
from nnsim.widgets.equation_page import Page

_NUMBER = 14.0
_WORDS = ((11.5, 16.0), (10.5, 13.5), (10.0, 12.0))
"""Sizes of the words under the number line, and their lines' heights: the first that all of them fit at."""


def paint_move(page: Page, move: Move, rect: QRectF) -> None:
    """Old and new on a number line, and what plain gradient descent would have done."""
    px, theme = page.px, page.theme
    box = rect.adjusted(0, px(2), 0, -px(2))
    page.outline(box, theme.line, 1, theme.panel)
    box = box.adjusted(px(10), px(8), -px(10), -px(8))
    page.text(box.center().x(), box.top() + px(6), page.words.move, 11.5, theme.ink3, align="centre")
    moved = move.old.value is not None and move.new.value is not None and move.new.value < move.old.value
    # a smaller number stands to the left, as on every number line
    old_x, new_x = (box.right() - px(28), box.left() + px(28)) if moved else (box.left() + px(28), box.right() - px(28))
    y = box.top() + px(28)
    if _numbers_width(page, move) <= box.width() / 2 - px(4):
        page.text(old_x, y, page.words.old, 11, theme.ink3, align="centre")
        page.text(new_x, y, page.words.new, 11, theme.ink3, align="centre")
        # no further out than the card
        half = _numbers_width(page, move) / 2
        for x, number, colour in ((old_x, move.old, ""), (new_x, move.new, page.phase_colour)):
            middle = min(max(x, box.left() + half), box.right() - half)
            page.number(middle, y + px(16), number, _NUMBER, colour, True, "centre")
    else:
        # numbers with all their digits stand one under the other, after their words where there is room for both
        named = ((page.words.old, move.old, ""), (page.words.new, move.new, page.phase_colour))
        taken = max(page.fonts.width(word, 11) for word, _, _ in named) + px(8)
        smallest = SMALLEST_PX / page.fonts.scale
        fits = max(page.fonts.width(number.text, smallest, True) for _, number, _ in named) <= box.width() - taken
        room = box.width() - taken if fits else box.width()
        size = max(smallest, _NUMBER * room / max(room, _numbers_width(page, move)))
        for at, (word, number, colour) in enumerate(named):
            line = y + at * px(16)
            if fits:
                page.text(box.left(), line, word, 11, theme.ink3)
            page.number(box.right(), line, number, size, colour, True)
    _paint_arrow(page, box, old_x, new_x, y + px(36), move)
    _paint_words(page, move, QRectF(box.left(), y + px(48), box.width(), box.bottom() - y - px(48)))


def _numbers_width(page: Page, move: Move) -> float:
    return max(page.fonts.width(text, _NUMBER, True) for text in (move.old.text, move.new.text))


def _paint_words(page: Page, move: Move, rect: QRectF) -> None:
    """What plain gradient descent would have done, and how that compares: smaller where room is short, and never cut short."""
    lines: list[tuple[str, str]] = []
    remark: list[str] = []
    size, pitch = _WORDS[-1]
    for size, pitch in _WORDS:
        plain = [*_wrapped(page, page.words.plain, size, rect.width()), move.plain] if move.plain else []
        remark = _wrapped(page, move.remark, size, rect.width())
        lines = [*((line, page.theme.ink3) for line in plain[:-1]), *((line, page.theme.ink2) for line in plain[-1:]),
                 *((line, page.theme.ink) for line in remark)]
        if len(lines) * page.px(pitch) <= rect.height():
            break
    else:
        # the comparison says the most, and numbers alone say nothing
        lines = [(line, page.theme.ink) for line in remark[: max(1, int(rect.height() // page.px(pitch)))]]
        page.tips.append((rect, " ".join(filter(None, (page.words.plain, move.plain, move.remark)))))
    for at, (text, colour) in enumerate(lines):
        fitted = page.fonts.fitting(text, size, rect.width())
        shown = page.fonts.elided(text, fitted, False, rect.width())
        page.text(rect.center().x(), rect.top() + (at + 0.5) * page.px(pitch), shown, fitted, colour, align="centre")


def _paint_arrow(page: Page, box: QRectF, old_x: float, new_x: float, y: float, move: Move) -> None:
    px, theme = page.px, page.theme
    page.line(box.left(), y, box.right(), y, theme.line2)
    if move.new.known and move.new.value != move.old.value:
        way = 1 if new_x > old_x else -1
        page.line(old_x, y, new_x - way * px(8), y, page.phase_colour, 4)
        page.painter.setPen(Qt.PenStyle.NoPen)
        page.painter.setBrush(QColor(page.phase_colour))
        page.painter.drawPolygon(
            QPolygonF(
                [QPointF(new_x, y), QPointF(new_x - way * px(11), y - px(6)), QPointF(new_x - way * px(11), y + px(6))]
            )
        )
    page.painter.setPen(QPen(QColor(theme.ink), px(2)))
    page.painter.setBrush(QColor(theme.base))
    page.painter.drawEllipse(QPointF(old_x, y), px(6), px(6))


def _wrapped(page: Page, text: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and page.fonts.width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def paint_losses(page: Page, loss: LossTerms, rect: QRectF) -> None:
    """A bar a sample; those to come are only marked, the present one has the full tone."""
    px, theme = page.px, page.theme
    page.text(rect.center().x(), rect.top() + px(8), page.words.losses, 11, theme.ink3, align="centre")
    so_far = page.fonts.elided(loss.so_far, 11.5, False, rect.width())
    page.text(rect.center().x(), rect.bottom() - px(8), so_far, 11.5, theme.ink2, align="centre")
    box = rect.adjusted(0, px(22), 0, -px(24))
    known = [value for value in loss.losses if math.isfinite(value)]
    top = max(known, default=0.0)
    step = box.width() / loss.samples
    page.line(box.left(), box.bottom(), box.right(), box.bottom(), theme.line2)
    for at in range(len(loss.losses), loss.samples if step > px(3) else 0):
        middle = box.left() + (at + 0.5) * step
        page.line(middle, box.bottom() - px(6), middle, box.bottom(), theme.line2, 1, Qt.PenStyle.DotLine)
    for at, value in enumerate(loss.losses):
        tall = box.height() * (value / top if top > 0 and math.isfinite(value) else 0.0)
        colour = page.phase_colour if at == len(loss.losses) - 1 else blend(theme.base, page.phase_colour, 0.45)
        page.fill(
            QRectF(
                box.left() + at * step + step * 0.1, box.bottom() - max(tall, 1.5), max(step * 0.8, 1.0), max(tall, 1.5)
            ),
            colour,
        )
