"""The errors of predicted numbers over the predictions: what a network that fits leaves is a cloud around 0 without any shape.

Filled points are training rows, hollow ones test rows, and a point that is clicked is a row that somebody wants to see. It refuses
to compute: the residuals come with the results.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.picture.output_picture import nearest, padded_span
from nnsim.picture.results import Residuals
from nnsim.widgets.output_words import row_words
from nnsim.widgets.plot_area import PlotArea
from nnsim.widgets.point_marks import draw_mark, mark_path


class ResidualPlot(PlotArea):
    """Predictions to the right, errors upwards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._residuals: Residuals | None = None
        self._dataset: Dataset | None = None
        self._points: Array = np.empty((0, 2))
        self.axis_names = (self.tr("prediction"), self.tr("error"))

    def show_residuals(self, residuals: Residuals | None, dataset: Dataset) -> None:
        """Show these, or with None nothing."""
        self._residuals, self._dataset = residuals, dataset
        self._points = np.empty((0, 2)) if residuals is None else np.stack([residuals.predictions, residuals.errors], axis=1)
        if len(self._points):
            # 0 is always in sight, as high above the lower border as below the upper one
            reach = max(abs(end) for end in padded_span(self._points[:, 1]))
            self.extent = (*padded_span(self._points[:, 0]), -reach, reach)
        self.update()

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        found = self._residuals
        if found is None:
            return
        unit, theme = self.em(), self.theme
        painter.setPen(QPen(QColor(theme.line2), 0.1 * unit))
        painter.drawLine(self.point(self.extent[0], 0), self.point(self.extent[1], 0))
        disc = mark_path("disc", unit * (0.4 if len(self._points) <= 20 else 0.27 if len(self._points) <= 500 else 0.18))
        finite = np.isfinite(self._points).all(axis=1)
        places, tests = self.to_pixels(self._points[finite]).tolist(), found.is_test[finite].tolist()
        for (x, y), test in zip(places, tests, strict=True):
            draw_mark(painter, disc, QPointF(x, y), theme.pos, theme.base, filled=not test)

    def paint_beside(self, painter: QPainter, rect: QRectF) -> None:
        if self._dataset is not None and self._residuals is not None:
            words = (self.tr("filled: training rows   hollow: test rows") if len(self._dataset.test)
                     else self.tr("training rows; no test rows"))
            self.paint_caption(painter, rect, words, ringed=False)

    def row_at(self, place: QPointF) -> int | None:
        if self._residuals is None or not len(self._points):
            return None
        index = nearest(self.to_pixels(self._points), place.x(), place.y(), 0.9 * self.em())
        return None if index is None else int(self._residuals.rows[index])

    def row_words(self, row: int) -> str:
        return "" if self._dataset is None else row_words(self._dataset, row)
