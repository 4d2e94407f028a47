"""The legend of the loss plot: which line is which, in as many words as there is room for.

Apart because it measures its words itself. It refuses to know the plot.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnsim.picture.loss_curves import LossCurves
from nnsim.picture.palette import THEMES, Theme

# the line of an entry, the gap to its word, and the space to the next entry, in sizes of the font
_STROKE, _GAP, _SPACE = 1.35, 0.35, 0.7


@dataclass(frozen=True)
class Entry:
    """A word, and the line beside it: the name of its colour, or "" for no line."""

    word: str
    line: str


class LossLegend(QWidget):
    """Train with a solid line, test with a dashed one, and each batch with a thin one where there is room to say so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = THEMES["light"]
        self._colours: dict[str, str] = dict.fromkeys(("train", "test", "batches"), self._theme.loss)
        self._each_batch, self._has_test = False, True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(round(self._needed(self.entries(full=True))), round(2 * self._em()))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(9 * self._em()), round(2 * self._em()))

    def _em(self) -> float:
        return float(QFontInfo(self.font()).pixelSize())

    def set_theme(self, theme: Theme, colours: dict[str, str]) -> None:
        """Take a theme's colours, and those of the lines: train, test, batches."""
        self._theme, self._colours = theme, colours
        self.update()

    def show_curves(self, curves: LossCurves) -> None:
        """Name the lines of these curves."""
        if (curves.each_batch, curves.has_test) != (self._each_batch, self._has_test):
            self._each_batch, self._has_test = curves.each_batch, curves.has_test
            self._tell()
            self.updateGeometry()
            self.update()

    def entries(self, full: bool) -> list[Entry]:
        """What stands in the legend; ``full``: the line of the batches too."""
        train = [Entry(self.tr("train"), "train")]
        if full and self._each_batch:
            train.append(Entry(self.tr("batches"), "batches"))
        test = Entry(self.tr("test"), "test") if self._has_test else Entry(self.tr("no test rows"), "")
        return [*train, test]

    def _tell(self) -> None:
        lines = [self.tr("train: all training rows, after each epoch, and now (solid)")]
        if self._each_batch:
            lines.append(self.tr("batches: each batch on its own rows, before its update (thin)"))
        lines.append(self.tr("test: all test rows, after each epoch, and now (dashed)") if self._has_test
                     else self.tr("no test rows"))
        lines.append(self.tr("paler: visited, but ahead of now"))
        self.setToolTip("\n".join(lines))
        self.setAccessibleName("; ".join(entry.word for entry in self.entries(full=True)))

    def _needed(self, entries: list[Entry]) -> float:
        metrics, unit = QFontMetricsF(self.font()), self._em()
        lines = sum(bool(entry.line) for entry in entries)
        words = sum(metrics.horizontalAdvance(entry.word) for entry in entries)
        return words + (_STROKE + _GAP) * unit * lines + _SPACE * unit * (len(entries) - 1) + 2

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics, unit = QFontMetricsF(self.font()), self._em()
        entries = self.entries(full=True)
        if self._needed(entries) > self.width():
            entries = self.entries(full=False)
        x, middle = max(self.width() - self._needed(entries), 0.0) / 2, self.height() / 2
        widths = {"train": 2.2 * unit / 13, "test": 1.6 * unit / 13, "batches": 1.0}
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for entry in entries:
                if entry.line:
                    style = Qt.PenStyle.DashLine if entry.line == "test" else Qt.PenStyle.SolidLine
                    painter.setPen(QPen(QColor(self._colours[entry.line]), widths[entry.line], style))
                    painter.drawLine(QPointF(x, middle), QPointF(x + _STROKE * unit, middle))
                    x += (_STROKE + _GAP) * unit
                painter.setPen(QColor(self._theme.ink2 if entry.line else self._theme.ink3))
                painter.drawText(QPointF(x, middle + (metrics.ascent() - metrics.descent()) / 2), entry.word)
                x += metrics.horizontalAdvance(entry.word) + _SPACE * unit
