"""Histograms of a layer: which layer, which of its numbers, how they lie now, and how they lay over the epochs.

This widget joins its parts and puts counts into words. It refuses to know a simulation: frames show the present, the past is told.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.past import Past
from nnsim.picture import numbers
from nnsim.picture.histograms import QUANTITIES, Quantity, counts_over_time, histogram_now
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import scaled
from nnsim.widgets.counts_plot import CountsPlot
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.histogram_now import HistogramNow


class HistogramPlot(QWidget):
    """Two plots under two choices."""

    moment_chosen = Signal(object)
    """The ``Moment`` of a place that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Histograms"))
        self._frame: Frame | None = None
        self._past: Past | None = None
        self.quantity_field, self.layer_field = ChoiceField(), ChoiceField()
        self.now, self.over_time = HistogramNow(self), CountsPlot(self)
        self._names = {"weights": "W", "gradients": "∂L/∂W", "outputs": "a"}
        titles = {"weights": self.tr("weights"), "gradients": self.tr("gradients"), "outputs": self.tr("outputs")}
        hints = {"weights": self.tr("Without the biases"), "gradients": self.tr("∂L/∂W of one batch, without the biases"),
                 "outputs": self.tr("Of every neuron, for each sample of one batch")}
        self.quantity_field.show_choices([(name, titles[name], hints[name]) for name in QUANTITIES])
        self.quantity_field.setAccessibleName(self.tr("Numbers"))
        self.layer_field.setAccessibleName(self.tr("Layer"))
        row = QHBoxLayout()
        row.setContentsMargins(scaled(12), scaled(4), scaled(12), 0)
        row.setSpacing(scaled(8))
        for field in (self.quantity_field, self.layer_field):
            row.addWidget(field)
            field.name_chosen.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.now, 4)
        column.addWidget(self.over_time, 5)
        self.over_time.moment_chosen.connect(self.moment_chosen)
        self.set_theme(THEMES["light"])

    @property
    def quantity(self) -> Quantity:
        """Whose numbers are counted."""
        return QUANTITIES[max(self.quantity_field.currentIndex(), 0)]

    @property
    def layer(self) -> int:
        """Of which layer, from 0."""
        return max(self.layer_field.currentIndex(), 0)

    def choose(self, quantity: Quantity, layer: int) -> None:
        """Show these numbers of a layer (from 0)."""
        self.quantity_field.show_value(quantity)
        self.layer_field.show_value(str(layer))
        self._show()

    def show_frame(self, frame: Frame) -> None:
        """Show a frame's numbers as those of now."""
        if self._past is not None and self._past.network != frame.network:
            self._past = None
        layers = [(str(layer), f"L{layer + 1}", "") for layer in range(frame.network.depth)]
        kept = min(self.layer, frame.network.depth - 1)
        self.layer_field.show_choices(layers)
        self.layer_field.show_value(str(kept))
        self._frame = frame
        self._show_now(frame)

    def show_past(self, past: Past) -> None:
        """Show what is known of the past."""
        self._past = past
        self._show_past()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self.now.set_theme(theme)
        self.over_time.set_theme(theme)

    def _show(self) -> None:
        if self._frame is not None:
            self._show_now(self._frame)
        self._show_past()

    def _show_now(self, frame: Frame) -> None:
        counted = histogram_now(frame, self.layer, self.quantity)
        if counted is None:
            note = self.tr("now: not all computed yet in this batch")
        else:
            note = self.tr("now: {count} {what} of L{layer}").format(
                count=numbers.whole(counted.total), what=self.quantity_field.currentText(), layer=self.layer + 1)
            if counted.left_out:
                note += "   " + self.tr("{count} not finite, left out").format(count=numbers.whole(counted.left_out))
        self.now.show_histogram(counted, self._names[self.quantity], note)

    def _show_past(self) -> None:
        past = self._past
        counted = None if past is None or self.layer >= past.network.depth else counts_over_time(past, self.layer, self.quantity)
        if counted is None:
            note = self.tr("the past has not been looked at yet")
        else:
            note = self.tr("{places} places; stronger tone: more").format(places=len(counted.batches))
            if counted.counted < counted.in_all:
                note += "   " + self.tr("{part} of {all} outputs").format(part=numbers.whole(counted.counted),
                                                                         all=numbers.whole(counted.in_all))
        self.over_time.show_counts(counted, self._names[self.quantity], note)
