"""A batch's protocol as a worksheet on paper: a PDF on A4 with title, the network's shape and page numbers.

It is here because a PDF is laid out by Qt; its words and numbers are the protocol's own. Ink is that of the light theme, whatever
theme the window has. It refuses to set more steps than a class can have on paper.
"""

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
from nnsim.files.protocol_steps import MOST_PRINTED_ROWS, check_length
from nnsim.picture.palette import THEMES
from nnsim.picture.protocol import Protocol, Row

_RESOLUTION = 150
_MARGIN_MM = 18
_FOOTER_SHARE = 0.035
_POINTS = 9.5
BLANK = "_" * 14


def write_worksheet(path: Path, protocol: Protocol, answers: bool = True) -> int:
    """Write the worksheet and return how many pages it has. Raises OSError, TooManyStepsError."""
    check_length(protocol, MOST_PRINTED_ROWS)
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setResolution(_RESOLUTION)
    writer.setTitle(protocol.title)
    writer.setCreator("nnsim")
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait,
                                     QMarginsF(*(_MARGIN_MM,) * 4), QPageLayout.Unit.Millimeter))
    pages = _print(writer, _document(protocol, answers), protocol.title)
    content.close()
    written: QByteArray = content.data()
    write_atomically(path, bytes(written.data()))
    return pages


def worksheet_html(protocol: Protocol, answers: bool) -> str:
    """The worksheet's text: heading, facts, and a table for each phase."""
    theme = THEMES["light"]
    parts = [f"<h2>{escape(protocol.title)}</h2>", *(f"<p>{escape(fact)}</p>" for fact in protocol.facts)]
    if not answers:
        hint = _tr("Fill in each result. Later steps use earlier results, so that you can check yours there.")
        parts.append(f"<p><b>{escape(hint)}</b></p>")
    headings = {"forward": _tr("Forward pass"), "loss": _tr("Loss"), "backward": _tr("Backward pass"), "update": _tr("Update")}
    for phase, rows in groupby(protocol, key=_phase):
        parts.append(f'<h4 style="color:{theme.phase(phase)}">{escape(headings[phase])}</h4>')
        parts.append('<table width="100%" cellspacing="0" cellpadding="3">')
        parts += [_row(row, answers) for row in rows]
        parts.append("</table>")
    return "\n".join(parts)


def _row(row: Row, answers: bool) -> str:
    theme = THEMES["light"]
    way = row.arithmetic if answers else row.given
    result = f"<b>{escape(row.result.text)}</b>" if answers else BLANK
    return (f'<tr><td width="6%" align="right" style="color:{theme.ink3}">{row.number}</td>'
            f'<td width="21%">{escape(row.place)}</td>'
            f'<td><span style="color:{theme.ink3}">{escape(row.what)}</span><br>{escape(way)}</td>'
            f'<td width="19%" align="right">= {result}</td></tr>')


def _phase(row: Row) -> str:
    return row.phase


def _document(protocol: Protocol, answers: bool) -> QTextDocument:
    document = QTextDocument()
    font = QFont()
    font.setPointSizeF(_POINTS)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setHtml(worksheet_html(protocol, answers))
    return document


def _print(writer: QPdfWriter, document: QTextDocument, title: str) -> int:
    """Page after page, each with the title and its number below."""
    area = QRectF(0, 0, writer.width(), writer.height())
    footer = area.height() * _FOOTER_SHARE
    body = QSizeF(area.width(), area.height() - footer)
    document.documentLayout().setPaintDevice(writer)
    document.setPageSize(body)
    pages = document.pageCount()
    ink = QColor(THEMES["light"].ink)
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, ink)
    context.palette = palette
    with QPainter(writer) as painter:
        for page in range(pages):
            if page:
                writer.newPage()
            painter.save()
            painter.translate(0, -page * body.height())
            context.clip = QRectF(0, page * body.height(), body.width(), body.height())
            painter.setClipRect(context.clip)
            document.documentLayout().draw(painter, context)
            painter.restore()
            _draw_footer(painter, QRectF(0, body.height(), area.width(), footer), title,
                         _tr("page {0} of {1}").format(page + 1, pages))
    return pages


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
