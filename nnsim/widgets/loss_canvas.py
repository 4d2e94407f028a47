"""The curves of the loss and their axes: everything pyqtgraph draws of the loss plot.

Apart because pyqtgraph brings no types, keeps its axes in its own way, and is used nowhere else: from here on there are numbers and
pixels only. The curves live as long as the plot; a frame only gives them other numbers. It refuses to know frames and the mouse.
"""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnsim.core.activations import Array
from nnsim.picture.loss_curves import LossCurves, Polyline
from nnsim.picture.palette import Theme, blend
from nnsim.picture.ticks import Tick, linear_ticks, logarithmic_ticks
from nnsim.widgets.plot_area import sized

LINES = ("batches_ahead", "test_ahead", "train_ahead", "batches", "test", "train")
"""The curves by their names in ``LossCurves``; the later ones lie on top."""
_AHEAD = 0.32  # how much of the curve's colour the visited future keeps
_LEAST_EPOCHS = 1.0


def line_colours(theme: Theme) -> dict[str, str]:
    """The colours of train, test and batches."""
    return {"train": theme.loss, "test": blend(theme.loss, theme.ink, 0.35), "batches": blend(theme.base, theme.loss, 0.5)}


class LossCanvas(QWidget):
    """Curves, grid and axes."""

    laid_out = Signal()
    """The plot has another place or size, so pixels mean other losses."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: LossCurves | None = None
        self._logarithmic = True
        self._low, self._high = 0.1, 1.0
        self._plot: Any = pg.PlotWidget(self)
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._item: Any = self._plot.getPlotItem()
        self._item.setMenuEnabled(False)
        # it is there all the same, without an owner: it shall go when this goes
        self._item.ctrlMenu.setParent(self, Qt.WindowType.Popup)
        self._item.hideButtons()
        self._item.setMouseEnabled(False, False)
        self._item.disableAutoRange()
        self._view: Any = self._item.getViewBox()
        self._view.setDefaultPadding(0)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setStyle(tickLength=0, hideOverlappingLabels=False)
            axis.enableAutoSIPrefix(False)
        # pyqtgraph's own grid lies over the curves, and cuts the labels at both ends
        self._grid: Any = pg.PlotCurveItem(connect="pairs")
        self._item.addItem(self._grid)
        # thin noise needs no smooth edges
        self._lines: dict[str, Any] = {name: pg.PlotCurveItem(antialias=not name.startswith("batches")) for name in LINES}
        for line in self._lines.values():
            self._item.addItem(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)
        self._view.sigResized.connect(self._lay_out)

    @property
    def surface(self) -> QWidget:
        """The widget that is painted, and gets the mouse."""
        surface: QWidget = self._plot.viewport()
        return surface

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, and the sizes of the present font."""
        self._plot.setBackground(QColor(theme.panel))
        self._view.setBackgroundColor(QColor(theme.base))
        font = sized(self.font(), 11)
        metrics = QFontMetricsF(font)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(_pen(theme.line))
            axis.setTextPen(_pen(theme.ink3))
            axis.setTickFont(font)
        self._item.getAxis("bottom").setHeight(round(2.4 * metrics.height()))
        # room for the flag above, and for half a number on the right
        self._item.layout.setContentsMargins(0, round(metrics.height()), round(0.9 * metrics.height()), 0)
        self._grid.setPen(_pen(theme.line))
        # the curves' widths count in the screen's own dots
        ratio = self.devicePixelRatioF()
        scale = ratio * self._unit() / 13
        widths = {"train": 2.2 * scale, "test": 1.6 * scale, "batches": ratio}
        for name, colour in line_colours(theme).items():
            style = Qt.PenStyle.DashLine if name == "test" else Qt.PenStyle.SolidLine
            self._lines[name].setPen(_pen(colour, widths[name], style))
            self._lines[f"{name}_ahead"].setPen(_pen(blend(theme.base, colour, _AHEAD), widths[name], style))

    def draw(self, curves: LossCurves, logarithmic: bool) -> None:
        """Give the curves other numbers, and the axes a range that holds them."""
        self._curves, self._logarithmic = curves, logarithmic
        self._low, self._high = curves.span(logarithmic)
        for name, line in self._lines.items():
            polyline: Polyline = getattr(curves, name)
            line.setData(polyline.x, self._heights(polyline.y))
        self._view.setRange(xRange=(0.0, self.right), yRange=self._ends(), padding=0, disableAutoRange=True)
        self._lay_out()

    @property
    def right(self) -> float:
        """Finished epochs at the right end."""
        return max(self._curves.end if self._curves else 0.0, _LEAST_EPOCHS)

    @property
    def drawn_range(self) -> tuple[float, float, float, float]:
        """left, right, bottom, top in the units of the drawn axes: epochs, and losses or their decimal logarithms."""
        (left, right), (bottom, top) = self._view.viewRange()
        return float(left), float(right), float(bottom), float(top)

    def drawn_points(self, name: str) -> tuple[Array, Array]:
        """x and y of a curve in the units of the drawn axes."""
        x, y = self._lines[name].getData()
        return (np.empty(0), np.empty(0)) if x is None else (x, y)

    def tick_labels(self, side: str) -> list[str]:
        """What is written at the axis on the ``side`` "left" or "bottom"."""
        return [tick.text for tick in (self._ticks_up() if side == "left" else self._ticks_across())]

    def plot_rect(self) -> QRectF:
        """Where the curves lie, in pixels of ``surface``."""
        return QRectF(self._view.sceneBoundingRect())

    def to_pixels(self, epochs: float, loss: float) -> QPointF:
        """A place of the plot, in pixels of ``surface``; the loss is finite."""
        rect, (low, high) = self.plot_rect(), self._ends()
        height = float(self._heights(np.array([loss]))[0])
        return QPointF(rect.left() + epochs / self.right * rect.width(),
                       rect.bottom() - (height - low) / (high - low) * rect.height())

    def epochs_at(self, x: float) -> float:
        """Finished epochs at ``x`` (pixels of ``surface``), within what has been visited."""
        rect = self.plot_rect()
        share = (x - rect.left()) / rect.width() if rect.width() > 0 else 0.0
        return min(max(share * self.right, 0.0), self._curves.end if self._curves else 0.0)

    def _unit(self) -> float:
        return float(QFontInfo(self.font()).pixelSize())

    def _heights(self, losses: Array) -> Array:
        """Losses in the units of the drawn axis."""
        if not self._logarithmic:
            return losses
        heights: Array = np.log10(np.maximum(losses, self._low))
        return heights

    def _ends(self) -> tuple[float, float]:
        low, high = self._heights(np.array([self._low, self._high])).tolist()
        return low, high

    def _ticks_across(self) -> list[Tick]:
        return linear_ticks(0.0, self.right, max(2, round(self.plot_rect().width() / (4.5 * self._unit()))), whole=True)

    def _ticks_up(self) -> list[Tick]:
        most = max(2, math.floor(self.plot_rect().height() / (1.9 * self._unit())))
        return (logarithmic_ticks if self._logarithmic else linear_ticks)(self._low, self._high, most)

    def _lay_out(self) -> None:
        """Choose ticks that fit, and draw the grid at them."""
        if self._curves is None:
            return
        across, up = self._ticks_across(), self._ticks_up()
        heights = self._heights(np.array([tick.value for tick in up])).tolist()
        self._item.getAxis("bottom").setTicks([[(tick.value, tick.text) for tick in across], []])
        self._item.getAxis("left").setTicks([[(height, tick.text) for height, tick in zip(heights, up, strict=True)], []])
        metrics = QFontMetricsF(sized(self.font(), 11))
        widest = max((metrics.horizontalAdvance(tick.text) for tick in up), default=0.0)
        self._item.getAxis("left").setWidth(round(max(widest + 1.2 * self._unit(), 3.2 * self._unit())))
        left, right, bottom, top = self.drawn_range
        ends = [end for x in (*(tick.value for tick in across), right) for end in ((x, bottom), (x, top))]
        ends += [end for y in (*heights, top) for end in ((left, y), (right, y))]
        self._grid.setData(*np.array(ends).T)
        self.laid_out.emit()


def _pen(colour: str, width_px: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(QColor(colour), width_px, style)
    # widths are pixels, not losses
    pen.setCosmetic(True)
    return pen
