"""A caption as plain text: what is copied, and what a terminal could print. It refuses to round: that was the caption's choice."""

from collections.abc import Iterator

from nnsim.picture.caption_parts import Caption, Number
from nnsim.picture.latex_text import plain

__all__ = ["plain", "plain_text"]


def plain_text(caption: Caption, exactly: bool = False) -> str:
    """The arithmetic as lines; ``exactly``: the values with all digits, without the rounded arithmetic beside them."""
    return "\n".join(line for line in _lines(caption, exactly) if line)


def _lines(caption: Caption, exactly: bool) -> Iterator[str]:
    def show(number: Number) -> str:
        return repr(number.value) if exactly and number.value is not None else number.text

    def equal(arithmetic: str, number: Number) -> str:
        return f"= {show(number)}" if exactly or not arithmetic else f"{arithmetic} = {show(number)}"

    yield caption.title
    yield "   ".join(plain(formula) for formula in caption.formulas)
    yield from caption.facts
    for card in caption.cards:
        yield f"{plain(card.symbol or card.lead)}  {card.label}: {equal(card.arithmetic, card.number)}"
    if caption.terms is not None:
        for row in caption.terms.rows:
            total = f"   ({caption.terms.heads[3]}: {show(row.total)})" if row.total is not None else ""
            yield f"{row.badge}  {row.source}: {show(row.input)} × {show(row.factor)} = {show(row.product)}{total}"
        yield caption.terms.note
        if caption.terms.sum is not None:
            yield f"{plain(caption.terms.sum_label)} = {show(caption.terms.sum)}"
    if caption.result is not None:
        yield equal(plain(caption.result.latex), caption.result.number)
        yield caption.result.note
    if caption.loss is not None:
        for term in caption.loss.rows:
            yield f"{term.name}: target {show(term.target)}, output {show(term.output)}: {equal(term.arithmetic, term.term)}"
        yield f"{caption.loss.label} = {show(caption.loss.total)}"
        yield caption.loss.so_far
    for line in caption.lines:
        yield f"{plain(line.symbol)}  {line.meaning}: {equal(line.arithmetic, line.number)}"
    if caption.move is not None:
        yield f"{show(caption.move.old)} → {show(caption.move.new)}"
    yield caption.sentence
