"""The output where there is no plane to show: over one input as a curve, else predicted against true numbers.

Both are points in a plot area, with a line: the network's answers in the order of the input, or the diagonal on which every
prediction would be right. It refuses to compute answers: they come with the frame.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.output_picture import Answers, answers, nearest, padded_span
from nnsim.widgets.output_words import row_words, sample_words
from nnsim.widgets.plot_area import PlotArea
from nnsim.widgets.point_marks import draw_mark, mark_path


class OutputLine(PlotArea):
    """A curve over one input, or predicted against true."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._answers: Answers | None = None
        self._curve = False
        self._points: Array = np.empty((0, 2))

    def show_frame(self, frame: Frame, curve: bool) -> None:
        """Show a frame that carries predictions, as a ``curve`` over its one input or as predicted against true."""
        self._frame, self._curve, self._answers = frame, curve, answers(frame)
        self.square = not curve
        found = self._answers
        if found is None:
            self._points = np.empty((0, 2))
        elif curve:
            self._points = np.stack([frame.dataset.inputs[found.rows, 0], found.targets[:, 0]], axis=1)
            self.axis_names = (frame.dataset.input_names[0], frame.dataset.target_names[0] if len(frame.dataset.target_names) == 1
                               else self.tr("output"))
            self.extent = (*padded_span(self._points[:, 0]), *padded_span(found.targets, found.outputs))
        else:
            self._points = np.stack([found.targets.ravel(), found.outputs.ravel()], axis=1)
            self.axis_names = (self.tr("true"), self.tr("predicted"))
            both = padded_span(self._points)
            self.extent = (*both, *both)
        self.update()

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        found = self._answers
        if found is None or self._frame is None:
            return
        theme, unit = self.theme, self.em()
        radius = unit * (0.4 if len(self._points) <= 20 else 0.27 if len(self._points) <= 500 else 0.18)
        if not self._curve:
            painter.setPen(QPen(QColor(theme.line2), 0.1 * unit))
            low, high = self.extent[0], self.extent[1]
            painter.drawLine(self.point(low, low), self.point(high, high))
        disc = mark_path("disc", radius)
        is_test = np.repeat(found.is_test, len(self._points) // max(len(found.rows), 1))
        finite = np.isfinite(self._points).all(axis=1)
        places = self.to_pixels(self._points)
        for (x, y), test in zip(places[finite].tolist(), is_test[finite].tolist(), strict=True):
            draw_mark(painter, disc, QPointF(x, y), theme.pos, theme.base, filled=not test)
        if self._curve:
            self._paint_curves(painter, found)
        self._paint_current(painter)

    def _paint_curves(self, painter: QPainter, found: Answers) -> None:
        assert self._frame is not None
        order = np.argsort(self._frame.dataset.inputs[found.rows, 0], kind="stable")
        inputs = self._frame.dataset.inputs[found.rows[order], 0]
        painter.setPen(QPen(QColor(self.theme.ink), 0.16 * self.em()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for outputs in found.outputs[order].T:
            finite = np.isfinite(outputs)
            line = self.to_pixels(np.stack([inputs[finite], outputs[finite]], axis=1))
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.tolist()]))

    def _paint_current(self, painter: QPainter) -> None:
        found, frame = self._answers, self._frame
        if found is None or frame is None or frame.row is None:
            return
        each = len(self._points) // max(len(found.rows), 1)
        for index in np.flatnonzero(np.repeat(found.rows == frame.row, each)).tolist():
            x, y = self._points[index].tolist()
            if np.isfinite(y):
                self.paint_ring(painter, self.point(x, y), 0.62 * self.em())

    def paint_beside(self, painter: QPainter, rect: QRectF) -> None:
        frame, found = self._frame, self._answers
        if frame is None:
            return
        words = sample_words(frame)
        note = self.tr("filled: training rows   hollow: test rows") if len(frame.dataset.test) else ""
        if found is not None and len(found.rows) < len(frame.dataset.inputs):
            note = self.tr("{drawn} of {rows} rows drawn").format(
                drawn=numbers.whole(len(found.rows)), rows=numbers.whole(len(frame.dataset.inputs)))
        self.paint_caption(painter, rect, words or note, ringed=bool(words))

    def row_at(self, place: QPointF) -> int | None:
        if self._answers is None or not len(self._points):
            return None
        index = nearest(self.to_pixels(self._points), place.x(), place.y(), 0.9 * self.em())
        each = len(self._points) // len(self._answers.rows)
        return None if index is None else int(self._answers.rows[index // each])

    def row_words(self, row: int) -> str:
        return "" if self._frame is None else row_words(self._frame.dataset, row)
