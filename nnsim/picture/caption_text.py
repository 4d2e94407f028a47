"""A caption as plain text: what is copied, and what a terminal could print. It refuses to round: that was the caption's choice."""

import re
from collections.abc import Iterator

from nnsim.picture import numbers
from nnsim.picture.caption_parts import Caption, Number
from nnsim.picture.latex_text import plain

__all__ = ["plain", "plain_text"]

_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def plain_text(caption: Caption, exactly: bool = False) -> str:
    """The arithmetic as lines; ``exactly``: every number and every term with all digits, as they are typed, and no sentence."""
    whole = caption.in_full() if exactly and caption.in_full is not None else caption
    lines = "\n".join(line for line in _lines(whole, exactly) if line)
    return lines if exactly else f"{lines}\n{caption.sentence}"


def _typed(text: str) -> str:
    """Arithmetic as a program reads it: its numbers with a plain minus, a point, and e for powers of ten.

    Only of arithmetic: in names a comma is no decimal sign, and thousands are never grouped by the decimal sign's comma.
    """
    text = text.replace(numbers.MINUS, "-")
    if numbers.decimal_sign() == ",":
        # the indices of a weight are no decimals
        text = re.sub(r"\[\d+,\d+\]|(?<=\d),(?=\d)", lambda found: "." if found[0] == "," else found[0], text)
    return re.sub("×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda power: f"e{int(power[1].translate(_POWERS)):+03d}", text)


def _lines(caption: Caption, exactly: bool) -> Iterator[str]:
    def told(arithmetic: str) -> str:
        return _typed(arithmetic) if exactly else arithmetic

    def show(number: Number) -> str:
        return repr(number.value) if exactly and number.value is not None else told(number.text)

    def equal(arithmetic: str, number: Number) -> str:
        return f"{told(arithmetic)} = {show(number)}" if arithmetic else f"= {show(number)}"

    yield caption.title
    yield told("   ".join(plain(formula) for formula in caption.formulas))
    yield from caption.facts
    for card in caption.cards:
        yield f"{told(plain(card.symbol or card.lead))}  {told(card.label)}: {equal(card.arithmetic, card.number)}"
    if caption.terms is not None:
        for row in caption.terms.rows:
            total = f"   ({caption.terms.heads[3]}: {show(row.total)})" if row.total is not None else ""
            yield f"{row.badge}  {row.source}: {show(row.input)} × {show(row.factor)} = {show(row.product)}{total}"
        yield caption.terms.note
        if caption.terms.sum is not None:
            yield f"{plain(caption.terms.sum_label)} = {show(caption.terms.sum)}"
    if caption.result is not None:
        yield equal(plain(caption.result.latex), caption.result.number)
        yield told(caption.result.note)
    if caption.loss is not None:
        for term in caption.loss.rows:
            yield f"{term.name}: target {show(term.target)}, output {show(term.output)}: {equal(term.arithmetic, term.term)}"
        yield f"{caption.loss.label} = {show(caption.loss.total)}"
        yield told(caption.loss.so_far)
        if exactly:
            yield told(plain(caption.loss.mean))
    for line in caption.lines:
        how = plain(line.terms) if exactly and line.terms else line.arithmetic
        yield f"{told(plain(line.symbol))}  {told(line.meaning)}: {equal(how, line.number)}"
    if caption.move is not None:
        yield f"{show(caption.move.old)} → {show(caption.move.new)}"
