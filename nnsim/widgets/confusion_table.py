"""The confusion table: which class was taken for which, as a grid of counts; right ones blue on the diagonal, errors orange.

It is painted, since a table of widgets would cost a hundred of them. It refuses to count: the counts come as a ``Confusion``.
"""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnsim.picture import numbers
from nnsim.picture.output_picture import Confusion
from nnsim.picture.palette import THEMES, Theme, blend, ink_on
from nnsim.widgets.plot_area import sized

MANY = 24
"""More classes than this do not fit into a panel."""
LEAST_CELL = 1.6
"""Of many classes, a cell's side in heights of the font."""


class ConfusionTable(QWidget):
    """True classes down, predicted classes across."""

    cell_chosen = Signal(int, int)
    """True and predicted class of a cell that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = THEMES["light"]
        self._counts = np.zeros((0, 0), np.intp)
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        unit = self._em()
        return QSize(round(24 * unit), round(22 * unit))

    def minimumSizeHint(self) -> QSize:
        unit, count = self._em(), len(self._counts)
        if count <= MANY:
            return QSize(round(14 * unit), round(8 * unit))
        # among many classes a cell is still to be pointed at: the table is scrolled
        return QSize(round((count * LEAST_CELL + 9) * unit), round((count * LEAST_CELL + 4) * unit))

    def _em(self) -> float:
        return float(QFontInfo(self.font()).pixelSize())

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def show_confusion(self, confusion: Confusion, names: tuple[str, ...]) -> None:
        """Show counts, the classes called ``names``."""
        is_other = len(confusion.counts) != len(self._counts)
        self._counts, self._names = confusion.counts, names
        if is_other:
            self.updateGeometry()
        self.setAccessibleDescription(self._in_words())
        self.update()

    def _in_words(self) -> str:
        """The errors, most frequent first: what a screen reader says."""
        errors = [(int(count), true, predicted) for (true, predicted), count in np.ndenumerate(self._counts)
                  if true != predicted and count]
        errors.sort(key=lambda error: -error[0])
        return "; ".join(self.cell_words(true, predicted) for _, true, predicted in errors[:5])

    def cell_words(self, true: int, predicted: int) -> str:
        """What a cell says, in words."""
        count = numbers.count(int(self._counts[true, predicted]), self.tr("row"), self.tr("rows"))
        if true == predicted:
            return self.tr("{count} of class {true}, rightly recognised").format(count=count, true=self._names[true])
        return self.tr("{count} of class {true}, taken for {predicted}").format(
            count=count, true=self._names[true], predicted=self._names[predicted])

    def grid(self) -> QRectF:
        """Where the cells lie, in pixels."""
        unit, metrics = self._em(), QFontMetricsF(sized(self.font(), 11))
        count = max(len(self._counts), 1)
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        left = 1.7 * unit + min(widest, 0.3 * self.width()) + 0.6 * unit
        top = 2 * metrics.height() + 0.4 * unit
        wide, high = self.width() - left - unit, self.height() - top - 0.3 * unit
        # never taller than wide, and as wide as there is room: the counts need it
        high = min(high, (1.0 if count > 5 else 0.75) * wide)
        return QRectF(round(left), round(top), max(wide, 1.0), max(high, 1.0))

    def cell(self, true: int, predicted: int) -> QRectF:
        """Where a cell lies, in pixels."""
        grid, count = self.grid(), max(len(self._counts), 1)
        wide, high = grid.width() / count, grid.height() / count
        return QRectF(grid.left() + predicted * wide, grid.top() + true * high, wide, high)

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """True and predicted class of the cell under ``place`` (pixels), or None."""
        grid, count = self.grid(), len(self._counts)
        if not count or not grid.contains(place):
            return None
        true = int((place.y() - grid.top()) / grid.height() * count)
        predicted = int((place.x() - grid.left()) / grid.width() * count)
        return min(true, count - 1), min(predicted, count - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(self._theme.panel))
            if len(self._counts):
                self._paint_cells(painter)
                self._paint_names(painter)

    def _paint_cells(self, painter: QPainter) -> None:
        count, theme, grid = len(self._counts), self._theme, self.grid()
        right = self._counts.diagonal()
        wrong = self._counts - np.diag(right)
        most_right, most_wrong = max(int(right.max()), 1), max(int(wrong.max()), 1)
        cell = self.cell(0, 0)
        gap, corner = (1.0, 3.0) if min(cell.width(), cell.height()) > 10 else (0.0, 0.0)
        empty = QColor(blend(theme.panel, theme.base, 0.6 if theme.base != theme.panel else 0.0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(empty)
        painter.drawRect(grid)
        size = 11.5 if cell.height() > 1.3 * self._em() else 10
        plain, bold = sized(self.font(), size), sized(self.font(), size, bold=True)
        metrics = QFontMetricsF(bold)
        fits = metrics.horizontalAdvance(numbers.whole(most_right)) + 4 <= cell.width() and cell.height() >= metrics.ascent() + 2
        for true, predicted in np.argwhere(self._counts).tolist():
            number, on_diagonal = int(self._counts[true, predicted]), true == predicted
            share = number / (most_right if on_diagonal else most_wrong)
            # even a single row is to be seen, so tones begin at a half
            tone = theme.tone((0.45 + 0.5 * share) * (1 if on_diagonal else -1))
            place = self.cell(true, predicted).adjusted(gap, gap, -gap, -gap)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone))
            painter.drawRoundedRect(place, corner, corner)
            if fits:
                painter.setFont(plain if on_diagonal else bold)
                painter.setPen(QColor(ink_on(tone, theme)))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, numbers.whole(number))
        painter.setPen(QColor(theme.line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index in range(count + 1):
            x, y = grid.left() + index * grid.width() / count, grid.top() + index * grid.height() / count
            painter.drawLine(QPointF(x, grid.top()), QPointF(x, grid.bottom()))
            painter.drawLine(QPointF(grid.left(), y), QPointF(grid.right(), y))

    def _paint_names(self, painter: QPainter) -> None:
        grid, unit, cell = self.grid(), self._em(), self.cell(0, 0)
        font = sized(self.font(), 11)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.ink2))
        for index, name in enumerate(self._names):
            place = self.cell(index, index)
            if cell.width() >= 0.9 * unit:
                shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, cell.width())
                top = QRectF(place.left(), grid.top() - metrics.height() - 0.15 * unit, cell.width(), metrics.height())
                painter.drawText(top, Qt.AlignmentFlag.AlignCenter, shown)
            if cell.height() >= 0.9 * unit:
                room = grid.left() - 2.1 * unit
                shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
                side = QRectF(1.6 * unit, place.top(), room, cell.height())
                painter.drawText(side, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(QColor(self._theme.ink3))
        painter.drawText(QRectF(grid.left(), 0, grid.width(), metrics.height()), Qt.AlignmentFlag.AlignCenter,
                         self.tr("predicted"))
        painter.save()
        painter.translate(0.4 * unit, grid.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-grid.height() / 2, 0, grid.height(), metrics.height()), Qt.AlignmentFlag.AlignCenter,
                         self.tr("true class"))
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if cell:
            self.cell_chosen.emit(*cell)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            if cell and self._counts[cell]:
                QToolTip.showText(event.globalPos(), self.cell_words(*cell), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
