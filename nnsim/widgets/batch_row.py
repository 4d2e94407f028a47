"""The strip of one batch, painted: cells in the colours of the phases, done, at work and waiting. A click goes there.

It is apart from the time dock because it is one drawing with one meaning, full or as a thin ribbon. What it draws was laid out by
``picture.batch_strip``; it refuses to know how a batch is walked.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.picture import numbers
from nnsim.picture.batch_strip import BatchStrip, Cell, Head, batch_strip
from nnsim.picture.palette import THEMES, Theme, blend, ink_on
from nnsim.widgets.bar import scale_of, sized
from nnsim.widgets.icons import icon
from nnsim.widgets.jump_menu import PHASE_ICONS

HEADS_PX, CELLS_PX, RIBBON_PX = 17, 28, 12
ROUNDED_PX = 8


class BatchRow(QWidget):
    """Row 1 of the time dock."""

    moment_chosen = Signal(object)
    """The ``Moment`` that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("batch-strip")
        self.setAccessibleName(self.tr("This batch"))
        self.theme: Theme = THEMES["light"]
        self.strip: BatchStrip | None = None
        self.ribbon = False
        self._frame: Frame | None = None
        self._grain = Grain.BATCH
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._set_height()

    def show_frame(self, frame: Frame, grain: Grain) -> None:
        """Show the batch a frame stands in."""
        self._frame, self._grain = frame, grain
        self._lay_out()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, and the sizes of the present font."""
        self.theme = theme
        self._set_height()
        self._lay_out()

    def set_ribbon(self, ribbon: bool) -> None:
        """Be a thin band without words."""
        if ribbon != self.ribbon:
            self.ribbon = ribbon
            self._set_height()
            self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.strip is not None and self._frame is not None:
            self.moment_chosen.emit(self.strip.moment_at(self._frame, event.position().x() - self.inset()))

    def _set_height(self) -> None:
        height = RIBBON_PX + 4 if self.ribbon else HEADS_PX + CELLS_PX + 8
        self.setFixedHeight(round(height * scale_of(self)))

    def inset(self) -> float:
        """How many pixels the strip begins from the left: room for the frame around what is opened, as in the history below."""
        return 8 * scale_of(self)

    def _lay_out(self) -> None:
        if self._frame is not None:
            width = max(1.0, self.width() - 2 * self.inset())
            self.strip = batch_strip(self._frame, self._grain, width, scale_of(self), self.ribbon)
        self.update()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.strip is None or self._frame is None:
            return
        scale, theme = scale_of(self), self.theme
        top, height = (2.0, RIBBON_PX * scale) if self.ribbon else (HEADS_PX * scale + 3, CELLS_PX * scale)
        phase = QColor(theme.phase(self._frame.phase))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(self.inset(), 0)
            for cell in self.strip.cells:
                self._paint_cell(painter, cell, QRectF(cell.left, top, cell.width, height))
            if self.ribbon:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(phase)
                painter.drawRoundedRect(QRectF(self.strip.cursor - 2.5 * scale, top - 2, 5 * scale, height + 4), 2, 2)
                return
            if self.strip.opened is not None:
                left, right = self.strip.opened
                painter.setPen(QPen(phase, 2 * scale))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(left, top, right - left, height).adjusted(-3, -3, 3, 3), 5 * scale, 5 * scale)
            self._paint_heads(painter, top - 3)
            if self.strip.folded:
                self._paint_note(painter, top - 3)

    def _paint_cell(self, painter: QPainter, cell: Cell, area: QRectF) -> None:
        theme, scale = self.theme, scale_of(self)
        phase, strong = theme.phase(cell.phase), theme.tint_share == 0
        shares = {"done": 0.8 if strong else 0.55, "now": 1.0, "waiting": 0.15 if strong else 0.1}
        fill = blend(theme.panel, phase, shares[cell.state])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        if not self.ribbon and cell.state == "waiting":
            painter.setPen(QPen(QColor(blend(theme.panel, phase, 0.65 if strong else 0.3)), 1))
        elif not self.ribbon and cell.state == "now" and strong:
            painter.setPen(QPen(QColor(theme.ink), 2))
        if cell.width < ROUNDED_PX * scale:
            # too narrow for corners to be seen: and a hundred plain ones are much cheaper
            painter.fillRect(area, QColor(fill))
            return
        if painter.pen().style() != Qt.PenStyle.NoPen:
            area = area.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, 3 * scale, 3 * scale)
        if cell.text and not self.ribbon:
            painter.setFont(sized(self, 12, bold=cell.state == "now"))
            painter.setPen(QColor(ink_on(fill, theme)))
            room = QFontMetricsF(painter.font()).horizontalAdvance(cell.text)
            if room > area.width():
                return
            if cell.text in PHASE_ICONS and area.width() > room + 28 * scale and self.strip is not None and self.strip.folded:
                side = round(16 * scale)
                drawn = icon(PHASE_ICONS[cell.text], ink_on(fill, theme)).pixmap(QSize(side, side), self.devicePixelRatioF())
                painter.drawPixmap(QPointF(area.center().x() - (room + side + 4) / 2, area.center().y() - side / 2), drawn)
                area = area.translated((side + 4) / 2, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, cell.text)

    def _paint_heads(self, painter: QPainter, bottom: float) -> None:
        assert self.strip is not None and self._frame is not None
        taken: list[tuple[float, float]] = []
        # the current sample's name first: what has no room beside it is left out
        for head in sorted(self.strip.heads, key=lambda head: not head.strong):
            painter.setFont(sized(self, 11, bold=head.strong))
            metrics = QFontMetricsF(painter.font())
            width = metrics.horizontalAdvance(head.text)
            left = _left(head, width)
            if any(left < end + 4 and left + width > start - 4 for start, end in taken):
                continue
            taken.append((left, left + width))
            painter.setPen(QColor(self.theme.phase(self._frame.phase) if head.strong else self.theme.ink3))
            painter.drawText(QPointF(left, bottom - metrics.descent() - 1), head.text)

    def _paint_note(self, painter: QPainter, bottom: float) -> None:
        assert self._frame is not None
        samples = self._frame.marks.samples
        note = self.tr("one sample") if samples == 1 else self.tr("{count} samples together").format(count=numbers.whole(samples))
        painter.setFont(sized(self, 11))
        painter.setPen(QColor(self.theme.ink3))
        words = self.tr("{samples}; pick a finer grain to open them").format(samples=note)
        painter.drawText(QPointF(0, bottom - QFontMetricsF(painter.font()).descent() - 1), words)


def _left(head: Head, width: float) -> float:
    return head.x - {"left": 0.0, "middle": width / 2, "right": width}[head.anchor]
