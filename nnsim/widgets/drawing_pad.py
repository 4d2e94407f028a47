"""The drawing pad: a square on which a digit or a cat is drawn with the mouse, or a picture dropped or pasted.

It is apart from the probe's panel because drawing is one act, whatever is made of it. It announces strokes, or a picture as it
came; it refuses to make pixels of them, and to read files.
"""

from dataclasses import dataclass
from math import hypot

from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFontInfo,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnsim.picture.palette import THEMES, Theme

Stroke = tuple[tuple[float, float], ...]
MOST_POINTS = 3_000
"""Of all strokes: more cost more time to become pixels than a frame has."""
CLOSEST = 0.008
"""Points nearer to each other than this share of the side are one: no data set's pixels are finer."""
THICKNESS = 0.07
"""A stroke's width as a share of the pad's side."""


@dataclass(frozen=True)
class Drawing:
    """What is on the pad."""

    strokes: tuple[Stroke, ...]
    """Each a line of points from (0, 0) at the upper left to (1, 1)."""


class Pad(QWidget):
    """The square itself."""

    drawn = Signal(object)
    """The ``Drawing`` after every movement."""
    cleared = Signal()
    """Everything was taken off the pad."""
    picture_given = Signal(object)
    """A ``QImage`` that was dropped or pasted."""
    file_given = Signal(str)
    """The path of a file that was dropped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawing-pad")
        self.setAccessibleName(self.tr("Drawing pad"))
        self._theme = THEMES["light"]
        self._strokes: list[list[tuple[float, float]]] = []
        self._undone: list[list[tuple[float, float]]] = []
        self._picture: QImage | None = None
        self._is_drawing = False
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("Draw with the mouse. Ctrl+Z takes the last stroke back, Delete clears, Ctrl+V pastes a picture."))

    @property
    def drawing(self) -> Drawing:
        """What is on the pad now."""
        return Drawing(tuple(tuple(stroke) for stroke in self._strokes))

    def sizeHint(self) -> QSize:
        side = round(10.5 * QFontInfo(self.font()).pixelSize())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        side = 8 * QFontInfo(self.font()).pixelSize()
        return QSize(side, side)

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def clear(self) -> None:
        """Take everything off the pad."""
        self.forget()
        self.cleared.emit()

    def forget(self) -> None:
        """The same without a word: what was drawn is not on show any more."""
        self._strokes, self._undone, self._picture = [], [], None
        self._is_drawing = False
        self.update()

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._strokes:
            self._undone.append(self._strokes.pop())
            self._is_drawing = False
            if self._strokes:
                self._tell()
            else:
                self.update()
                self.cleared.emit()

    def redo(self) -> None:
        """Draw the stroke again that was taken back."""
        if self._undone:
            self._strokes.append(self._undone.pop())
            self._tell()

    def show_picture(self, picture: QImage) -> None:
        """Show a picture in place of strokes."""
        self.forget()
        self._picture = picture
        self.update()

    def paste(self) -> None:
        """Take the picture on the clipboard, or the file that was copied."""
        data = QGuiApplication.clipboard().mimeData()
        if data is not None:
            self._take(data)

    def paintEvent(self, event: QPaintEvent) -> None:
        area = self._area()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.focus if self.hasFocus() else self._theme.line2), 1.5))
            painter.setBrush(QColor(self._theme.base))
            painter.drawRect(area)
            if self._picture is not None:
                painter.drawImage(self._middle_of(area.adjusted(2, 2, -2, -2), self._picture), self._picture)
            elif not self._strokes:
                painter.setPen(QColor(self._theme.ink3))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                                 self.tr("Draw here, or\ndrop a picture"))
            painter.setClipRect(area)
            painter.setPen(QPen(QColor(self._theme.ink), THICKNESS * area.width(), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                                Qt.PenJoinStyle.RoundJoin))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for stroke in self._strokes:
                line = QPolygonF([QPointF(area.x() + x * area.width(), area.y() + y * area.height()) for x, y in stroke])
                if len(stroke) == 1:
                    painter.drawPoint(line.first())
                else:
                    painter.drawPolyline(line)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and sum(map(len, self._strokes)) < MOST_POINTS:
            self._is_drawing, self._picture = True, None
            self._undone = []
            self._strokes.append([self._place(event)])
            self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._is_drawing or sum(map(len, self._strokes)) >= MOST_POINTS:
            return
        place, last = self._place(event), self._strokes[-1][-1]
        if hypot(place[0] - last[0], place[1] - last[1]) >= CLOSEST:
            self._strokes[-1].append(place)
            self._tell()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._is_drawing = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasImage() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _take(self, data: QMimeData) -> None:
        """A file is announced before a picture of it: reading it says what is wrong with it."""
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if files:
            self.file_given.emit(files[0])
        elif data.hasImage():
            self.picture_given.emit(QImage(data.imageData()))

    @staticmethod
    def _middle_of(area: QRectF, picture: QImage) -> QRectF:
        """Where a picture lies that fills the area in its own proportions."""
        size = QSizeF(picture.size()).scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(area.center().x() - size.width() / 2, area.center().y() - size.height() / 2, size.width(), size.height())

    def _area(self) -> QRectF:
        side = min(self.width(), self.height()) - 4
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _place(self, event: QMouseEvent) -> tuple[float, float]:
        area, at = self._area(), event.position()
        return (min(max((at.x() - area.x()) / area.width(), 0.0), 1.0), min(max((at.y() - area.y()) / area.height(), 0.0), 1.0))

    def _tell(self) -> None:
        self.update()
        self.drawn.emit(self.drawing)
