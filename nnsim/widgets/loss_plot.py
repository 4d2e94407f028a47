"""The loss over the epochs: the curves of training and test, what lies ahead of the cursor in a paler tone, and where "now" is.

This widget joins its parts (header, curves, marker), follows the mouse, and reads a place out. It refuses to move in time: a click
or drag says where to, and others go there.
"""

import math

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontInfo, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.loss_curves import MOST_POINTS, LossCurves, Reading, loss_curves, reading_at
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.icons import icon
from nnsim.widgets.loss_canvas import LossCanvas, line_colours
from nnsim.widgets.loss_legend import LossLegend
from nnsim.widgets.loss_marker import LossMarker


class LossPlot(QWidget):
    """The loss plot with its header: scale, legend, copy."""

    epoch_chosen = Signal(float)
    """Finished epochs at a place that was clicked or dragged to, within what has been visited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loss-plot")
        self.setAccessibleName(self.tr("Loss over the epochs"))
        self._theme = THEMES["light"]
        self._frame: Frame | None = None
        self._curves: LossCurves | None = None
        self.canvas = LossCanvas(self)
        self.marker = LossMarker(self.canvas.surface)
        self.canvas.surface.installEventFilter(self)
        self.canvas.surface.setMouseTracking(True)
        self.canvas.laid_out.connect(self._mark_now)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._header())
        column.addWidget(self.canvas, 1)
        self.set_theme(self._theme)

    def _header(self) -> QHBoxLayout:
        self.log_scale = QCheckBox(self.tr("log scale"), self)
        self.log_scale.setChecked(True)
        self.log_scale.setToolTip(self.tr("Equal distances for equal ratios: late, small improvements stay visible."))
        self.log_scale.toggled.connect(self._draw)
        self.legend = LossLegend(self)
        self.copy_button = QToolButton(self)
        self.copy_button.setAutoRaise(True)
        self.copy_button.setToolTip(self.tr("Copy the plot as a picture"))
        self.copy_button.setAccessibleName(self.tr("Copy the plot as a picture"))
        self.copy_button.clicked.connect(self.copy_picture)
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 8, 0)
        row.setSpacing(6)
        row.addWidget(self.log_scale)
        row.addWidget(self.legend, 1)
        row.addWidget(self.copy_button)
        return row

    def sizeHint(self) -> QSize:
        unit = QFontInfo(self.font()).pixelSize()
        return QSize(27 * unit, 17 * unit)

    def minimumSizeHint(self) -> QSize:
        unit = QFontInfo(self.font()).pixelSize()
        return QSize(18 * unit, 8 * unit)

    @property
    def curves(self) -> LossCurves | None:
        """What is drawn; None before the first frame."""
        return self._curves

    def show_frame(self, frame: Frame) -> None:
        """Show the history as it stands at a frame."""
        self._frame = frame
        # a least and a greatest for every two pixels show all there is to see, and thick lines cost by the point
        self._curves = loss_curves(frame, min(MOST_POINTS, max(200, self.width())))
        self.legend.show_curves(self._curves)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.canvas.set_theme(theme)
        self.legend.set_theme(theme, line_colours(theme))
        self.marker.set_theme(theme)
        self.copy_button.setIcon(icon("copy", theme.ink2))
        self._draw()

    def copy_picture(self) -> None:
        """Put a picture of the plot, with its legend, on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.grab())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.set_theme(self._theme)
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.set_theme(self._theme)

    def _draw(self) -> None:
        if self._curves is not None:
            self.canvas.draw(self._curves, self.log_scale.isChecked())

    def _mark_now(self) -> None:
        curves, frame = self._curves, self._frame
        if curves is None or frame is None:
            return
        known = math.isfinite(curves.now_loss)
        place = self.canvas.to_pixels(curves.now, curves.now_loss if known else 1.0)
        self.marker.setGeometry(self.canvas.surface.rect())
        self.marker.show_now(self.canvas.plot_rect(), place.x(), place.y() if known else None, frame.phase)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            self._follow(event)
            return True
        if event.type() == QEvent.Type.Leave:
            self.marker.show_reading(None, "")
        # the wheel is left to the dock that may scroll
        return event.type() == QEvent.Type.Wheel or super().eventFilter(watched, event)

    def _follow(self, event: QMouseEvent) -> None:
        frame = self._frame
        if frame is None:
            return
        epochs = self.canvas.epochs_at(event.position().x())
        pressed = event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton
        dragged = event.type() == QEvent.Type.MouseMove and bool(event.buttons() & Qt.MouseButton.LeftButton)
        if pressed or dragged:
            self.epoch_chosen.emit(epochs)
        reading = reading_at(frame, epochs) if self.canvas.plot_rect().contains(event.position()) else None
        if reading is None:
            self.marker.show_reading(None, "")
            return
        self.marker.show_reading(self.canvas.to_pixels(reading.at, 1.0).x(), self._words(reading))

    def _words(self, reading: Reading) -> str:
        """A reading in lines that say what they read: the batch, where batches are shown, and the last finished epoch."""
        losses = [self.tr("train {loss}").format(loss=numbers.loss(reading.train))]
        if reading.test is not None:
            losses.append(self.tr("test {loss}").format(loss=numbers.loss(reading.test)))
        when = self.tr("after epoch {epoch}").format(epoch=numbers.whole(reading.measured))
        lines = [f"{when if reading.measured else self.tr('at the start')}: {'   '.join(losses)}"]
        if reading.batch:
            number, loss = reading.batch
            lines.insert(0, self.tr("epoch {epoch} › batch {batch}: its loss {loss}").format(
                epoch=numbers.whole(reading.epochs + 1), batch=numbers.whole(number + 1), loss=numbers.loss(loss)))
        return "\n".join(lines)
