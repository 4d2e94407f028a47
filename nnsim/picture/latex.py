r"""A caption's formulas as LaTeX: in letters, the same with numbers and result put in, and both as a document's paragraph.

It is apart from the captions because only what is typeset or copied asks for it; each line is put together from the numbers that
the caption shows, so that formula and table can never disagree. It refuses to compute and to round.
"""

from collections.abc import Iterator

from nnsim.picture.caption_parts import Caption, Card, Number, Term
from nnsim.picture.latex_parts import DOTS, added, factor, guarded, number, partial, product, shortened, variable
from nnsim.picture.shown_arithmetic import relation

MOST_TERMS = 6
"""So many terms of a sum are written out; of a longer one the first, dots, and the last."""


def symbolic(caption: Caption) -> tuple[str, ...]:
    """The rules at work, in letters; the most important first."""
    return caption.formulas


def numeric(caption: Caption, most_terms: int = MOST_TERMS) -> tuple[str, ...]:
    """The same with the moment's numbers: each line ends in a result that is known, or in dots. Empty at the start."""
    return tuple(_lines(caption, most_terms))


def headline(caption: Caption, most_terms: int = MOST_TERMS) -> tuple[str, ...]:
    """Those of the lines in numbers that the caption has no card and no line of its own for."""
    lines = numeric(caption, most_terms)
    if caption.lines:
        return ()
    if caption.cards:
        return lines[: len(lines) - sum(card.number.known for card in caption.cards)]
    if caption.result is not None:
        return lines[:1] + lines[2:]
    return lines


def paragraph(caption: Caption) -> str:
    """All formulas, in letters and then in numbers, as a LaTeX paragraph that needs the package amsmath."""
    lines = " \\\\\n".join(f"  {line}" for line in (*symbolic(caption), *numeric(caption)))
    return f"\\begin{{gather*}}\n{lines}\n\\end{{gather*}}"


def _lines(caption: Caption, most_terms: int) -> Iterator[str]:
    if caption.cards:
        yield from _backward(caption)
    elif caption.terms is not None and caption.terms.sum is not None:
        yield _sum(caption, most_terms)
    if caption.result is not None:
        yield _equal(caption.result.latex, caption.result.number)
        if caption.result.passed:
            yield caption.result.passed
    if caption.loss is not None:
        yield _loss(caption, most_terms)
        if caption.loss.mean:
            yield caption.loss.mean
    for line in caption.lines:
        yield f"{line.symbol} = {_equal(line.latex, line.number)}"


def _equal(arithmetic: str, result: Number) -> str:
    return f"{arithmetic} {relation(arithmetic, result.text)} {number(result.text)}" if result.known else arithmetic


def _sum(caption: Caption, most_terms: int) -> str:
    """The weighted sum as far as it is done."""
    terms, total = caption.terms, caption.terms.sum if caption.terms is not None else None
    assert terms is not None and total is not None, "only a sum has such a line"
    done = [_product(row) for row in terms.rows if row.product.known]
    shown = shortened(done, most_terms)
    if not total.known:
        # the last term is the one that was just added
        return f"{terms.sum_label} = {added([*shown, DOTS])}"
    return f"{terms.sum_label} = {_equal(added(shown), total)}"


def _product(row: Term) -> str:
    given = number(row.factor.text)
    return given if row.badge == "b" else product(number(row.input.text), given)


def _backward(caption: Caption) -> Iterator[str]:
    """The gradient of the weight at work (else of the first) and of the bias, then the factors of delta."""
    delta = caption.cards[-1]
    if caption.terms is not None and caption.terms.rows:
        rows = caption.terms.rows
        row = next((row for row in rows if row.state == "working"), rows[0])
        for each in (row,) if row.badge == "b" else (row, rows[-1]):
            if each.product.known:
                yield _gradient(each, delta)
    for at, card in enumerate(caption.cards):
        if not card.number.known:
            continue
        arithmetic = card.latex or _multiplied(caption.cards[:at])
        names = [name for name in (card.lead, card.symbol) if name]
        yield f"{' = '.join(names)} = {_equal(arithmetic, card.number)}"


def _multiplied(cards: tuple[Card, ...]) -> str:
    """The numbers of the cards before, as a product; one alone is the number itself."""
    return product(*(number(card.number.text) for card in cards))


def _gradient(row: Term, delta: Card) -> str:
    neuron = row.target.neuron
    if row.badge == "b":
        name, whole = variable("b", neuron), delta.lead
    else:
        r = int(row.badge) - 1
        arithmetic = product(number(row.input.text), number(row.factor.text))
        name, whole = variable("W", r, neuron), rf"{variable('x', r)} \, {delta.lead} = {arithmetic}"
    left = partial("L", name) if delta.symbol else "g"
    return f"{left} = {_equal(whole, row.product)}"


def _loss(caption: Caption, most_terms: int) -> str:
    loss = caption.loss
    assert loss is not None, "only a loss has such a line"
    terms = [row.latex for row in loss.rows]
    if len(terms) == 1:
        return rf"\ell = {_equal(terms[0], loss.total)}"
    shown = shortened([number(row.term.text) for row in loss.rows], most_terms)
    whole = added(guarded(each) if each != DOTS else each for each in shown)
    if loss.is_mean:
        whole = rf"\frac{{1}}{{{len(terms)}}} {factor(whole)}"
    return rf"\ell = {_equal(whole, loss.total)}"
