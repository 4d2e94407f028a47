"""The words' embedding as a plot: a point a word, as many names as there is room for, and the nearest words of one that is clicked.

It is apart from the other plots because it shows a frame alone, and words instead of moments. The extent holds while the points
stay in it, and axes do not turn over, so that what moves is learning. It refuses to compute vectors.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from nnsim.core.activations import Array
from nnsim.core.texts import OTHER
from nnsim.engine.frame import Frame
from nnsim.engine.next_word import vocabulary_of
from nnsim.picture import numbers
from nnsim.picture.embedding import Embedding, Neighbour, aligned, embedding
from nnsim.picture.output_picture import nearest, padded_span
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.plot_area import PlotArea, sized

NEIGHBOURS = 5
MOST_TRIED = 600
"""So many of the most frequent words are tried for a name; of more none would find room."""
ROOMY = 0.45
"""An extent of which the points use less than this share is made smaller."""


class WordsCanvas(PlotArea):
    """The plane."""

    word_chosen = Signal(str)
    """A word whose point or name was clicked; "" where none was."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: Embedding | None = None
        self.chosen, self.near = "", frozenset[str]()
        self.names: list[tuple[str, QRectF]] = []
        """The names that are drawn, and where, px."""
        self._points: Array = np.zeros((0, 2))

    def show_words(self, shown: Embedding, chosen: str, near: frozenset[str]) -> None:
        """Show a plane; the chosen word and those near it stand out."""
        self.shown, self.chosen, self.near = shown, chosen, near
        self._points = np.array([(point.x, point.y) for point in shown.points]).reshape(-1, 2)
        self.axis_names = shown.axes
        if len(self._points):
            self.extent = self._held_extent()
        self.names = []
        self.update()

    def word_at(self, place: QPointF) -> str:
        """The word whose name or point is under a place (px); "" where there is none."""
        for word, room in self.names:
            if room.contains(place):
                return word
        index = nearest(self.to_pixels(self._points), place.x(), place.y(), 0.9 * self.em()) if len(self._points) else None
        return "" if index is None or self.shown is None else self.shown.words[index]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.names = []

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.word_chosen.emit(self.word_at(event.position()))

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        theme, unit = self.theme, self.em()
        if self.shown is None or not len(self._points):
            painter.setPen(QColor(theme.ink2))
            words = "" if self.shown is None else self.shown.caption
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
            return
        pixels = self.to_pixels(self._points)
        if not self.names:
            self.names = self._placed_names(pixels, rect)
        named = {word for word, _ in self.names}
        painter.setPen(Qt.PenStyle.NoPen)
        for word, (x, y) in zip(self.shown.words, pixels.tolist(), strict=True):
            stands_out = word == self.chosen or word in self.near
            painter.setBrush(QColor(theme.ink if word == self.chosen else theme.pos if stands_out else
                                    theme.ink3 if word in named else theme.line2))
            radius = (0.3 if stands_out else 0.17) * unit
            painter.drawEllipse(QPointF(x, y), radius, radius)
        for word, room in self.names:
            stands_out = word == self.chosen or word in self.near
            painter.setFont(sized(self.font(), 12, bold=stands_out))
            painter.setPen(QColor(theme.ink if word == self.chosen else theme.pos_ink if stands_out else theme.ink2))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, word)
            if word == self.chosen:
                painter.setPen(QPen(QColor(theme.ink), 1.4))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(room, 3, 3)

    def _placed_names(self, pixels: Array, rect: QRectF) -> list[tuple[str, QRectF]]:
        """Names beside their points where they cover no other: the chosen word, those near it, then the most frequent."""
        assert self.shown is not None
        words = self.shown.words
        order = sorted(range(min(len(words), MOST_TRIED)), key=lambda place: (words[place] == OTHER, place))
        first = [words.index(word) for word in (self.chosen, *sorted(self.near)) if word in words]
        placed: list[tuple[str, QRectF]] = []
        gap = 0.3 * self.em()
        for place in dict.fromkeys((*first, *order)):
            metrics = QFontMetricsF(sized(self.font(), 12, bold=place in first))
            wide, high = metrics.horizontalAdvance(words[place]) + 4, metrics.height()
            x, y = pixels[place].tolist()
            for left, top in ((x + gap, y - high / 2), (x - gap - wide, y - high / 2), (x - wide / 2, y - high - gap / 2),
                              (x - wide / 2, y + gap / 2)):
                room = QRectF(left, top, wide, high)
                if rect.contains(room) and not any(room.intersects(other) for _, other in placed):
                    placed.append((words[place], room))
                    break
        return placed

    def _held_extent(self) -> tuple[float, float, float, float]:
        """The extent on show as long as the points lie in it and use it; else one that fits them."""
        left, right, bottom, top = self.extent
        spans = tuple(padded_span(self._points[:, axis]) for axis in (0, 1))
        for (low, high), (start, end) in zip(spans, ((left, right), (bottom, top)), strict=True):
            inside = start <= low + 0.05 * (high - low) and high - 0.05 * (high - low) <= end
            if not inside or high - low < ROOMY * (end - start):
                return (*_roomier(*spans[0]), *_roomier(*spans[1]))
        return self.extent


class WordsPlot(QWidget):
    """The plane, the choice of the place in the context, and what is near the chosen word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("words-plot")
        self.setAccessibleName(self.tr("The words' embedding"))
        self._theme = THEMES["light"]
        self._frame: Frame | None = None
        self._shown: Embedding | None = None
        self._chosen = ""
        self.place = ChoiceField()
        self.place.setAccessibleName(self.tr("Place in the context"))
        self.canvas = WordsCanvas(self)
        self.caption, self.near = Caption("", 12, "ink2"), Caption("", 13, "ink", bold=True)
        for caption in (self.caption, self.near):
            caption.setWordWrap(True)
        self.neighbours = [(Caption("", 13, "ink"), Caption("", 13, "ink2")) for _ in range(NEIGHBOURS)]
        self._lay_out()
        self.place.name_chosen.connect(self._choose_place)
        self.canvas.word_chosen.connect(self.choose_word)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.place)
        grid = QGridLayout()
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(scaled(12))
        grid.setColumnStretch(2, 1)
        for place, (word, cosine) in enumerate(self.neighbours):
            grid.addWidget(word, place, 0)
            grid.addWidget(cosine, place, 1, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(scaled(12), scaled(4), scaled(12), scaled(8))
        column.setSpacing(scaled(4))
        column.addLayout(row)
        column.addWidget(self.canvas, 1)
        for part in (self.caption, self.near):
            column.addWidget(part)
        column.addLayout(grid)

    def sizeHint(self) -> QSize:
        return QSize(scaled(330), scaled(420))

    @property
    def chosen(self) -> str:
        """The word whose neighbours are listed; "" for none."""
        return self._chosen

    def show_frame(self, frame: Frame) -> None:
        """Show the words of a frame of a text."""
        context = vocabulary_of(frame.experiment.data).context
        if self.place.count() != context:
            self.place.show_choices([(str(place), self._title(context - place), "") for place in range(context)])
            self.place.show_value(str(context - 1))
        self._frame = frame
        found = embedding(frame, int(self.place.currentData()))
        self._shown = aligned(found, self._shown) if self._shown is not None else found
        self._show()

    def choose_word(self, word: str) -> None:
        """List the words nearest to this one; "" lists none."""
        self._chosen = word
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.canvas.set_theme(theme)
        for caption in (self.caption, self.near, *(each for pair in self.neighbours for each in pair)):
            caption.set_theme(theme)

    def _title(self, back: int) -> str:
        return self.tr("Word −1: the last one read") if back == 1 else self.tr("Word −{0}").format(back)

    def _choose_place(self, _: str) -> None:
        if self._frame is not None:
            self.show_frame(self._frame)

    def _show(self) -> None:
        shown = self._shown
        if shown is None:
            return
        found: tuple[Neighbour, ...] = shown.nearest(self._chosen, NEIGHBOURS) if self._chosen else ()
        self.canvas.show_words(shown, self._chosen, frozenset(each.word for each in found))
        self.caption.setText(shown.caption)
        self.near.setText(self.tr("Nearest to “{0}” (cosine of the angle):").format(self._chosen) if found
                          else self.tr("Click a word to see which ones are nearest to it."))
        for place, (word, cosine) in enumerate(self.neighbours):
            word.setVisible(place < len(found))
            cosine.setVisible(place < len(found))
            if place < len(found):
                word.setText(found[place].word)
                cosine.setText(numbers.fixed(found[place].cosine))


def _roomier(low: float, high: float) -> tuple[float, float]:
    """A little more room, so that growing points do not ask for another extent at once."""
    margin = 0.15 * (high - low)
    return low - margin, high + margin
