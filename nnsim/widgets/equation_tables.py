"""A caption's rows as tables: which column holds what, in what weight and colour. It refuses to measure and to paint."""

from nnsim.picture.caption_parts import Caption, Line, LossTerms, Number, Terms
from nnsim.picture.shown_arithmetic import ABOUT, EQUAL
from nnsim.widgets.equation_table import Cell, Column, Row, Table

_TIMES = Cell("×", role="ink2", size=14)
_EMPTY = Cell()
COMPACT_PX = 13
"""Rows of plain numbers can be as low as this."""


def table_of(caption: Caption, opened: str = "") -> Table | None:
    """The caption's table, if it has one; under the line called ``opened`` stands what it is made of."""
    if caption.terms is not None:
        return _gradients(caption.terms) if caption.phase == "backward" else _sum(caption.terms)
    if caption.loss is not None:
        return _loss(caption.loss)
    return _lines(caption.lines, opened) if caption.lines else None


def _sign(sign: str) -> Cell:
    return Cell(sign, role="ink2", size=14)


def _source(text: str) -> Cell:
    return Cell(text, role="ink3", size=12)


def _number(number: Number, signed: bool = False) -> Cell:
    return Cell(number=number, role="signed" if signed else "ink", bold=signed)


def _sum(terms: Terms) -> Table:
    source, factor, product, _ = terms.heads
    columns = (
        Column("left", 2, elastic=True),
        Column(head=source, gap=12),
        Column(gap=4),
        Column(head=factor),
        Column(gap=4),
        Column(head=product, gap=12),
    )
    rows = tuple(
        Row(
            (
                _source("" if term.badge == "b" else term.source),
                _number(term.input),
                _TIMES,
                _number(term.factor, True),
                _sign(term.sign),
                _number(term.product),
            ),
            term.badge,
            term.state,
            term.target,
        )
        for term in terms.rows
    )
    total = None
    if terms.sum is not None:
        total = Row(
            (
                _source("sum"),
                _EMPTY,
                _EMPTY,
                Cell(latex=f"{terms.sum_label} {EQUAL if terms.sign == '=' else ABOUT}", role="ink2", size=17),
                _EMPTY,
                Cell(number=terms.sum, bold=True, size=19),
            )
        )
    return Table(columns, rows, total, badges=True, compact_px=COMPACT_PX)


def _gradients(terms: Terms) -> Table:
    source, factor, product, so_far = terms.heads
    columns = (
        Column("left", 2, elastic=True),
        Column(head=source, gap=12),
        Column(gap=4),
        Column(head=factor),
        Column(gap=4),
        Column(head=product, gap=12),
        Column(head=so_far, gap=22),
    )
    rows = tuple(
        Row(
            (
                _source(term.source),
                _number(term.input),
                _TIMES,
                _number(term.factor),
                _sign(term.sign),
                _number(term.product, True),
                Cell(number=term.total, role="ink2", size=14) if term.total is not None else _EMPTY,
            ),
            term.badge,
            term.state,
            term.target,
        )
        for term in terms.rows
    )
    return Table(columns, rows, badges=True, row_px=(17, 27), compact_px=COMPACT_PX, head_px=15)


def _loss(loss: LossTerms) -> Table:
    target, output, term = loss.heads
    columns = (
        Column("left", 0, elastic=True),
        Column(head=target, gap=16),
        Column(head=output, gap=20),
        Column(gap=24, elastic=True),
        Column(gap=6),
        Column(head=term),
    )
    rows = tuple(
        Row(
            (
                Cell(row.name, role="ink2", size=13),
                _number(row.target),
                _number(row.output),
                Cell(row.arithmetic, role="ink2", size=13.5),
                _sign(row.sign),
                Cell(number=row.term, bold=True),
            ),
            state=row.state,
        )
        for row in loss.rows
    )
    total = Row(
        (
            _EMPTY,
            _EMPTY,
            _EMPTY,
            Cell(loss.label, role="ink2", size=13),
            _sign(loss.sign),
            Cell(number=loss.total, role="phase", bold=True, size=23),
        )
    )
    return Table(columns, rows, total, compact_px=COMPACT_PX, total_px=36)


def _lines(lines: tuple[Line, ...], opened: str) -> Table:
    columns = (
        Column(gap=4),
        Column("left", 12, elastic=True),
        Column(gap=14, elastic=True),
        Column(gap=6),
        Column(gap=6),
    )
    is_whole = len(lines) > 1
    body = lines[:-1] if is_whole else lines
    rows: list[Row] = []
    for line in body:
        rows.append(_line(line, False, opened))
        if line.parts is not None and opened == key_of(line):
            rows += [_part(part) for part in line.parts()]
    total = _line(lines[-1], True, opened) if is_whole else None
    return Table(columns, tuple(rows), total, striped=True, row_px=(17, 25.5), head_px=0)


def key_of(line: Line) -> str:
    """What names a line from one moment to the next, so that its parts stay open."""
    return line.symbol


def _line(line: Line, last: bool, opened: str) -> Row:
    key = key_of(line) if line.parts is not None else ""
    meaning = f"{'▾' if key == opened else '▸'} {line.meaning}" if key else line.meaning
    return Row(
        (
            Cell(latex=line.symbol, role="ink", size=17 if last else 16),
            Cell(meaning, role="ink2" if key else "ink3", size=11.5),
            Cell(line.arithmetic, role="ink2", size=13.5 if last else 12.5),
            _sign(line.sign),
            Cell(number=line.number, role="phase" if last else "ink", bold=True, size=19 if last else 14),
        ),
        target=line.number.target,
        opens=key,
    )


def _part(part: Line) -> Row:
    """One of the lines that make up the one above."""
    return Row(
        (
            Cell(latex=part.symbol, role="ink3", size=13) if part.symbol else _EMPTY,
            Cell(f"    {part.meaning}", role="ink3", size=11.5),
            Cell(part.arithmetic, role="ink2", size=12),
            _sign(part.sign) if part.arithmetic else _EMPTY,
            Cell(number=part.number, role="ink2", size=13),
        ),
        target=part.number.target,
    )
