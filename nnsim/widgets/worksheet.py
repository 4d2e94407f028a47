"""A batch's steps as a worksheet on paper: a PDF on A4 with title, the network's shape and page numbers.

It is here because a PDF is laid out by Qt; its words and numbers are those of the steps. Ink is that of the light theme, whatever
theme the window has. A step stands whole on its page, and no heading stands alone at a page's end. It refuses to set more steps
than a class can have on paper.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from nnsim.files.atomic import write_atomically
from nnsim.files.protocol_steps import MOST_PRINTED_ROWS, Step, Steps, arithmetic, check_length
from nnsim.picture.palette import THEMES

_RESOLUTION = 150
_MARGIN_MM = 18
_FOOTER_SHARE = 0.035
_POINTS = 9.5
BLANK = "_" * 14


@dataclass(frozen=True)
class Piece:
    """What is never torn apart at a page's end."""

    html: str
    leads: bool = False
    """Whether it stands on the page of the piece after it."""
    space: float = 0
    """Room above it, in lines; at a page's top too, so that no page hangs on another."""


def write_worksheet(path: Path, steps: Steps, answers: bool = True) -> int:
    """Write the worksheet and return how many pages it has. Raises OSError, TooManyStepsError."""
    check_length(steps, MOST_PRINTED_ROWS)
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setResolution(_RESOLUTION)
    writer.setTitle(steps.title)
    writer.setCreator("nnsim")
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait,
                                     QMarginsF(*(_MARGIN_MM,) * 4), QPageLayout.Unit.Millimeter))
    pages = _print(writer, [*worksheet_pieces(steps, answers)], steps.title)
    content.close()
    written: QByteArray = content.data()
    write_atomically(path, bytes(written.data()))
    return pages


def worksheet_pieces(steps: Steps, answers: bool) -> Iterator[Piece]:
    """The worksheet's text: heading, facts, and phase by phase a heading and each step."""
    theme = THEMES["light"]
    yield Piece(f"<h2>{escape(steps.title)}</h2>", leads=True)
    yield from (Piece(f"<p>{escape(fact)}</p>", space=0.4) for fact in steps.facts)
    if not answers:
        hint = _tr("Fill in each result. Later steps use earlier results, so that you can check yours there.")
        yield Piece(f"<p><b>{escape(hint)}</b></p>", space=0.4)
    headings = {"forward": _tr("Forward pass"), "loss": _tr("Loss"), "backward": _tr("Backward pass"), "update": _tr("Update")}
    for phase, rows in groupby(steps, key=_phase):
        yield Piece(f'<h4 style="color:{theme.phase(phase)}">{escape(headings[phase])}</h4>', leads=True, space=0.9)
        yield from (Piece(_row(row, answers)) for row in rows)


def _row(row: Step, answers: bool) -> str:
    theme = THEMES["light"]
    way = arithmetic(row, answers)
    result = f"<b>{escape(row.result.text)}</b>" if answers else BLANK
    return (f'<table width="100%" cellspacing="0" cellpadding="3"><tr>'
            f'<td width="6%" align="right" style="color:{theme.ink3}">{row.number}</td>'
            f'<td width="21%">{escape(row.place)}</td>'
            f'<td><span style="color:{theme.ink3}">{escape(row.what)}</span><br>{escape(way)}</td>'
            f'<td width="19%" align="right">{row.relation} {result}</td></tr></table>')


def _phase(row: Step) -> str:
    return row.phase


def _document(writer: QPdfWriter, html: str, width: float) -> QTextDocument:
    document = QTextDocument()
    font = QFont()
    font.setPointSizeF(_POINTS)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.documentLayout().setPaintDevice(writer)
    document.setHtml(html)
    document.setTextWidth(width)
    return document


def page_breaks(heights: list[float], leads: list[bool], room: float) -> list[list[int]]:
    """Which pieces stand on which page, by their numbers; what leads goes with what follows. None is higher than a page."""
    pages: list[list[int]] = [[]]
    used, first = 0.0, 0
    while first < len(heights):
        last = first
        while leads[last] and last + 1 < len(heights):
            last += 1
        high = sum(heights[first : last + 1])
        if pages[-1] and used + high > room:
            pages.append([])
            used = 0.0
        pages[-1] += range(first, last + 1)
        used, first = used + high, last + 1
    return pages


def _print(writer: QPdfWriter, pieces: list[Piece], title: str) -> int:
    """Page after page, each with the title and its number below."""
    area = QRectF(0, 0, writer.width(), writer.height())
    footer = area.height() * _FOOTER_SHARE
    body = QSizeF(area.width(), area.height() - footer)
    documents = [_document(writer, piece.html, body.width()) for piece in pieces]
    line = QFontMetricsF(documents[0].defaultFont(), writer).lineSpacing()
    gaps = [piece.space * line for piece in pieces]
    heights = [gap + document.size().height() for gap, document in zip(gaps, documents, strict=True)]
    pages = page_breaks(heights, [piece.leads for piece in pieces], body.height())
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor(THEMES["light"].ink))
    context.palette = palette
    with QPainter(writer) as painter:
        for number, page in enumerate(pages, 1):
            if number > 1:
                writer.newPage()
            y = 0.0
            for piece in page:
                painter.save()
                painter.translate(0, y + gaps[piece])
                documents[piece].documentLayout().draw(painter, context)
                painter.restore()
                y += heights[piece]
            _draw_footer(painter, QRectF(0, body.height(), area.width(), footer), title,
                         _tr("page {0} of {1}").format(number, len(pages)))
    return len(pages)


def _draw_footer(painter: QPainter, area: QRectF, title: str, number: str) -> None:
    font = QFont()
    font.setPointSizeF(_POINTS * 0.85)
    painter.setFont(font)
    painter.setPen(QColor(THEMES["light"].ink3))
    metrics = QFontMetricsF(font, painter.device())
    room = area.width() - 1.2 * metrics.horizontalAdvance(number)
    shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, shown)
    painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, number)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Worksheet", text)
