"""One weight or bias over the epochs: its value above, its gradient below, both as lines with a zero.

It is apart because the inspector shows it for what is pointed at. It refuses to know a simulation: it shows the past it is given,
and tells where somebody wants to go.
"""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnsim.core.activations import Array
from nnsim.engine.past import Past
from nnsim.picture import numbers
from nnsim.picture.output_picture import padded_span
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.targets import Target
from nnsim.picture.ticks import Tick
from nnsim.picture.weight_history import ParameterHistory, parameter_history
from nnsim.widgets.epoch_plot import EpochPlot

_FEW_POINTS = 24


class CurvePlot(EpochPlot):
    """One line over the epochs, in one role's colour."""

    def __init__(self, role: str, decimals: int | None, parent: QWidget | None = None) -> None:
        """``role``: of the theme; ``decimals``: how values are read out, None for three significant digits."""
        super().__init__(parent)
        self._role, self._decimals = role, decimals
        self._values: Array = np.empty(0)

    def sizeHint(self) -> QSize:
        return QSize(round(24 * self.em()), round(12 * self.em()))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(14 * self.em()), round(9.5 * self.em()))

    def show_values(self, batches: Array, per_epoch: int, values: Array, name: str) -> None:
        """Show values (points,) before these batches under a name; those that are not finite are left out."""
        known = np.isfinite(values)
        self._values = values[known]
        self.axis_names = ("", name)
        low, high = padded_span(self._values)
        # the axis's name stands above the line
        self.extent = (0.0, 1.0, low, high + 0.15 * (high - low))
        self.show_places(batches[known], per_epoch)

    def _ticks_up(self, most: int) -> list[Tick]:
        # a low plot has room for closer ticks
        return super()._ticks_up(max(most, round(self.height() / (3 * self.em()))))

    def words_at(self, index: int, height: float) -> str:
        return self.number(float(self._values[index]))

    def number(self, value: float) -> str:
        """A value as it is read out."""
        return numbers.significant(value) if self._decimals is None else numbers.fixed(value, self._decimals)

    @property
    def drawn(self) -> Array:
        """(points, 2): finished epochs and values of the line."""
        return np.stack([self.epochs, self._values], axis=1)

    def paint_inside(self, painter: QPainter, rect: QRectF) -> None:
        unit, colour = self.em(), QColor(getattr(self.theme, self._role))
        zero = self.point(0.0, 0.0).y()
        painter.setPen(QPen(QColor(self.theme.line2), 1))
        painter.drawLine(QLineF(rect.left(), zero, rect.right(), zero))
        self.paint_reading(painter, rect)
        places = self.to_pixels(self.drawn).tolist()
        painter.setPen(QPen(colour, 0.16 * unit))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in places]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for x, y in places if len(places) <= _FEW_POINTS else places[-1:]:
            painter.drawEllipse(QPointF(x, y), 0.22 * unit, 0.22 * unit)
        if self._read is not None and self._read < len(places):
            self.paint_ring(painter, QPointF(*places[self._read]), 0.4 * unit)


class HistoryPlot(QWidget):
    """A parameter's value and gradient over the epochs."""

    moment_chosen = Signal(object)
    """The ``Moment`` of a place that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history-plot")
        self._theme = THEMES["light"]
        self._history: ParameterHistory | None = None
        self.value, self.gradient = CurvePlot("ink", 4, self), CurvePlot("backward", None, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for plot in (self.value, self.gradient):
            column.addWidget(plot)
            plot.moment_chosen.connect(self.moment_chosen)
        self.set_theme(self._theme)

    @property
    def history(self) -> ParameterHistory | None:
        """What is on show; None where there is nothing to show."""
        return self._history

    def show_history(self, past: Past, target: Target, theme: Theme) -> None:
        """Show the past of a weight, or of a neuron's bias. An input has none: then the plot is empty."""
        if theme is not self._theme:
            self.set_theme(theme)
        self._history = told = parameter_history(past, target)
        if told is None:
            nothing = np.empty(0)
            self.value.note, self.gradient.note = self.tr("an input has no weight of its own to remember"), ""
            for plot in (self.value, self.gradient):
                plot.show_values(nothing, 1, nothing, "")
            return
        self.value.note = self.tr("{name}, at {places} remembered places").format(name=told.name, places=len(told.batches))
        known = int(np.isfinite(told.gradients).sum())
        self.gradient.note = self.tr("gradient of the batch there, at {known} of {places} places").format(
            known=known, places=len(told.batches))
        short = told.name.partition(" ")[0]
        self.value.show_values(told.batches, told.per_epoch, told.values, short)
        self.gradient.show_values(told.batches, told.per_epoch, told.gradients, f"∂L/∂{short}")
        self.setAccessibleName(self.tr("{name} over the epochs").format(name=told.name))

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.value.set_theme(theme)
        self.gradient.set_theme(theme)
