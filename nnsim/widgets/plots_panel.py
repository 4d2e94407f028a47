"""The dock of further plots: histograms, gradient norms, the loss surface, for texts the words' embedding, one at a time.

It says what the plot on show needs, so that nothing is computed for plots that nobody sees. It refuses to compute, and to fetch.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QFontInfo, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.loss_surface import LossSurface, Plane
from nnsim.engine.past import Past
from nnsim.picture.context_words import is_text
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import scaled
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.gradient_norm_plot import GradientNormPlot
from nnsim.widgets.histogram_plot import HistogramPlot
from nnsim.widgets.loss_surface_plot import LossSurfacePlot
from nnsim.widgets.seen import is_seen
from nnsim.widgets.words_plot import WordsPlot

HISTOGRAMS, NORMS, SURFACE, WORDS = "histograms", "gradient-norms", "loss-surface", "words"


@dataclass(frozen=True)
class PlotWants:
    """What the plots on show need besides frames."""

    past: bool = False
    """The remembered parameters."""
    looks: bool = False
    """With them the gradients and outputs of the batches there."""
    plane: Plane | None = None
    """The plane whose surface is to be computed."""


class PlotsPanel(QWidget):
    """One of the plots, and the choice of it."""

    wants_changed = Signal(object)
    """The ``PlotWants`` that hold from now on."""
    moment_chosen = Signal(object)
    """The ``Moment`` of a place that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plots-panel")
        self.setAccessibleName(self.tr("Plots"))
        self._theme = THEMES["light"]
        self._told = PlotWants()
        self._frame: Frame | None = None
        self._past: Past | None = None
        self.chooser = ChoiceField()
        self.chooser.setAccessibleName(self.tr("Plot"))
        self._stack = QStackedLayout()
        self._offer(False)
        self.histograms, self.norms, self.surface = HistogramPlot(self), GradientNormPlot(self), LossSurfacePlot(self)
        self.words = WordsPlot(self)
        self._plots = (self.histograms, self.norms, self.surface)
        for plot in self._plots:
            self._stack.addWidget(plot)
            plot.moment_chosen.connect(self.moment_chosen)
        self._stack.addWidget(self.words)
        row = QHBoxLayout()
        row.setContentsMargins(scaled(12), scaled(8), scaled(12), scaled(4))
        row.addWidget(self.chooser)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addLayout(self._stack, 1)
        self.chooser.name_chosen.connect(self.show_plot)
        self.surface.plane_chosen.connect(self._tell)
        self.set_theme(self._theme)

    def sizeHint(self) -> QSize:
        unit = QFontInfo(self.font()).pixelSize()
        return QSize(27 * unit, 32 * unit)

    @property
    def plot(self) -> str:
        """Which plot is on show: ``histograms``, ``gradient-norms`` or ``loss-surface``."""
        return str(self.chooser.currentData())

    @property
    def wants(self) -> PlotWants:
        """What is needed for what is to be seen: nothing while the panel is hidden."""
        if not is_seen(self):
            return PlotWants()
        if self.plot == WORDS:
            return PlotWants()
        if self.plot == SURFACE:
            return PlotWants(past=True, plane=self.surface.plane)
        return PlotWants(past=True, looks=True)

    def show_plot(self, name: str) -> None:
        """Show a plot by its name."""
        self.chooser.show_value(name)
        self._show_chosen()
        if self._frame is not None:
            self.show_frame(self._frame)
        if self._past is not None:
            self.show_past(self._past)
        self._tell()

    def show_frame(self, frame: Frame) -> None:
        """Show a frame in the plot on show; the others get the last one when they are shown."""
        if self._past is not None and self._past.network != frame.network:
            self._past = None
        self._frame = frame
        self._offer(is_text(frame.experiment.data))
        if not is_seen(self):
            return
        if self.plot == HISTOGRAMS:
            self.histograms.show_frame(frame)
        elif self.plot == SURFACE:
            self.surface.show_frame(frame)
            self._tell()
        elif self.plot == WORDS:
            self.words.show_frame(frame)

    def show_past(self, past: Past) -> None:
        """Show what is known of the past in the plot on show; the others get it when they are shown."""
        self._past = past
        if self.plot == HISTOGRAMS:
            self.histograms.show_past(past)
        elif self.plot == NORMS:
            self.norms.show_past(past)
        elif self.plot == SURFACE:
            self.surface.show_past(past)

    def show_surface(self, surface: LossSurface) -> None:
        """Show a loss surface, complete or not."""
        self.surface.show_surface(surface)

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        for plot in self._plots:
            plot.set_theme(theme)
        self.words.set_theme(theme)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.set_theme(self._theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tell()

    def _offer(self, words: bool) -> None:
        """Offer the plots that there are for the data; where the one on show is none of them any more, the first."""
        choices = [
            (HISTOGRAMS, self.tr("Histograms"), self.tr("How a layer's weights, gradients or outputs lie")),
            (NORMS, self.tr("Gradient norms"), self.tr("How long each layer's gradient is")),
            (SURFACE, self.tr("Loss surface"), self.tr("The loss around the present weights"))]
        if words:
            choices.append((WORDS, self.tr("Words"), self.tr("Which words have weights that are alike")))
        if self.chooser.count() != len(choices):
            chosen = self.chooser.currentData()
            self.chooser.show_choices(choices)
            self.chooser.show_value(chosen if any(name == chosen for name, *_ in choices) else HISTOGRAMS)
            self._show_chosen()

    def _show_chosen(self) -> None:
        if self.chooser.currentIndex() < self._stack.count():
            self._stack.setCurrentIndex(self.chooser.currentIndex())

    def _tell(self) -> None:
        wants = self.wants
        if wants != self._told:
            self._told = wants
            self.wants_changed.emit(wants)
