"""All that is seen, and when it is brought up to date.

``Display`` holds the widgets and shows them frames. Paused, everything shows every frame at once. Playing, the diagram
shows every frame, and what is read rather than watched is held to a calmer pace. It refuses to decide anything: what the
user intends goes out through the widgets' own signals.
"""

from collections.abc import Mapping
from time import perf_counter
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from nnsim.app.messages import Shown
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.probe import Probe
from nnsim.picture.agreement import Agreement
from nnsim.picture.network_picture import network_picture
from nnsim.picture.palette import Theme
from nnsim.picture.picture import DiagramView
from nnsim.picture.targets import EdgeTarget, Target, is_there
from nnsim.widgets.breakpoint_list import BreakpointList
from nnsim.widgets.equation_panel import EquationPanel
from nnsim.widgets.experiment_form import ExperimentForm
from nnsim.widgets.inspector import Inspector
from nnsim.widgets.loss_plot import LossPlot
from nnsim.widgets.lower_pane import LowerPane
from nnsim.widgets.matrix_view import MatrixView
from nnsim.widgets.network_view import NetworkView
from nnsim.widgets.output_view import OutputView
from nnsim.widgets.plots_panel import PlotsPanel
from nnsim.widgets.position_bar import PositionBar
from nnsim.widgets.probe_panel import ProbePanel
from nnsim.widgets.protocol_table import ProtocolTable
from nnsim.widgets.results_panel import ResultsPanel
from nnsim.widgets.seen import is_seen
from nnsim.widgets.time_dock import TimeDock
from nnsim.widgets.transport_bar import TransportBar

READ_SECONDS = 0.2
"""How often what is read shows a new frame while playing."""
WATCHED_SECONDS = 0.05
"""The same for a decision surface, which is watched."""
RESULTS_SECONDS = 0.25
"""The same for the results: to sum them up takes as long as several frames."""
MAP_POINTS_PAUSED, MAP_POINTS_PLAYING = 60, 20
READABLE_STEPS = 10
MOST_MAPS = 64
"""With more neurons than this, maps would be too small to see."""


class Themed(Protocol):
    """What takes a theme."""

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""


class Display:
    """The widgets, by name, and their showing of frames."""

    def __init__(self, actions: Mapping[str, QAction], theme: Theme) -> None:
        self.transport = TransportBar(actions)
        self.position, self.network = PositionBar(), NetworkView()
        self.equations, self.loss, self.output = EquationPanel(), LossPlot(), OutputView()
        self.form, self.inspector, self.time = ExperimentForm(), Inspector(), TimeDock()
        self.matrices, self.protocol, self.breakpoints = MatrixView(), ProtocolTable(), BreakpointList()
        self.probe_panel, self.plots, self.results = ProbePanel(), PlotsPanel(), ResultsPanel()
        self.lower = LowerPane(self.equations, self.matrices, self.protocol, self.breakpoints)
        self.form_area, self.plots_area, self.probe_area = map(_scrolled, (self.form, self.plots, self.probe_panel))
        self.theme = theme
        self.grain = Grain.BATCH
        self.selected: Target | None = None
        self.hovered: Target | None = None
        self.edges, self.neurons, self.labels_all = "auto", "auto", False
        self.axes, self.hold_mean = (0, 1), False
        self.probe: Probe | None = None
        self._agreement: tuple[Agreement, int] | None = None
        self.unfolded: frozenset[int] = frozenset()
        self.shown: Shown | None = None
        self.steps_per_second = 0.0
        """The pace of playing; what is read step by step stays on show up to 10 a second."""
        self._form_experiment: object = None
        self._selected_at: Moment | None = None
        self._read_at = self._watched_at = self._summed_at = 0.0
        self._drawn, self._drawn_since, self._drawn_rate = 0, perf_counter(), 0.0

    @property
    def frame(self) -> Frame:
        """The frame on show. There is one as soon as the window is there."""
        assert self.shown is not None
        return self.shown.frame

    @property
    def themed(self) -> tuple[Themed, ...]:
        """Every widget that takes a theme."""
        return (self.transport, self.position, self.network, self.equations, self.loss, self.output, self.form, self.inspector,
                self.time, self.matrices, self.protocol, self.breakpoints, self.probe_panel, self.plots, self.results)

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours everywhere."""
        self.theme = theme
        for widget in self.themed:
            widget.set_theme(theme)
        if self.shown:
            self.show(self.shown)

    @property
    def is_fast(self) -> bool:
        """Whether frames come faster than they can be read. Within a batch every stop is shown whole, at any pace."""
        playing = self.shown is not None and self.shown.playing
        return playing and self.steps_per_second > READABLE_STEPS and self.grain >= Grain.BATCH

    def wants(self, playing: bool) -> Wants:
        """What frames shall carry for what is on show."""
        frame = self.shown.frame if self.shown else None
        maps = 0
        if frame is not None and self._has_maps(frame) and sum(frame.network.widths) <= MOST_MAPS:
            maps = MAP_POINTS_PLAYING if playing else MAP_POINTS_PAUSED
        output = self.output.wants if is_seen(self.output) or frame is None else Wants()
        predictions = output.predictions or self.results.wants.predictions
        return Wants(output.surface, maps, predictions, self.axes, self.hold_mean, self.probe)

    def _has_maps(self, frame: Frame) -> bool:
        """Whether neurons show maps: of two inputs always, of more where it was chosen."""
        inputs = len(frame.dataset.input_names)
        return inputs == 2 or (inputs > 2 and self.neurons == "maps")

    @property
    def seen(self) -> Frame:
        """What diagram and equations show: the probe's frame where there is one, else the moment's."""
        return self.frame.probed or self.frame

    def show(self, shown: Shown) -> None:
        """Bring everything up to date with a frame."""
        self.shown = shown
        frame, fast = shown.frame, self.is_fast
        if self._agreement is not None and frame.moment.batch != self._agreement[1]:
            self._agreement = None
        if self.selected is not None and not is_there(self.selected, frame.network):
            self.selected = None
        if self.hovered is not None and not is_there(self.hovered, frame.network):
            self.hovered = None
        self._count(fast)
        self.show_network()
        now = perf_counter()
        if not fast or now - self._read_at >= READ_SECONDS:
            # all that is read follows the same frame, so that no two numbers on screen disagree
            self._read_at = self._watched_at = now
            self._show_position(shown)
            self.loss.show_frame(frame)
            self.output.show_frame(frame, fast)
            self.transport.show_frame(frame)
            self.time.show_frame(frame, self.grain)
            self._show_read(fast)
            self.probe_panel.show_frame(frame)
            self.plots.show_frame(frame)
            self._show_form(frame)
        elif now - self._watched_at >= WATCHED_SECONDS and self.output.kind in ("surface", "regions", "curve"):
            self._watched_at = now
            self.output.show_frame(frame, fast)
        if not shown.playing or now - self._summed_at >= RESULTS_SECONDS:
            self._summed_at = now
            self.show_results()

    def show_results(self) -> None:
        """Bring the results up to date: of a panel that is not seen nothing is summed up."""
        if self.shown:
            self.results.show_frame(self.shown.frame, self.shown.playing)

    def show_network(self) -> None:
        """Draw the diagram of the present frame."""
        if self.shown is None:
            return
        width, height = self.network.view_size
        view = DiagramView(
            width=width, height=height, playing=self.is_fast, edges=self.edges, neurons=self.neurons, labels_all=self.labels_all,
            selected=self.selected, hovered=self.hovered, grain=self.grain, unfolded=self.unfolded,
            verdicts=self._verdicts)
        self.network.show_picture(network_picture(self.seen, view, self.theme))

    def show_selection(self) -> None:
        """Show what is pointed at, where it is told."""
        self.show_network()
        if self.shown:
            self._selected_at = self.shown.frame.moment
            self._show_read(self.is_fast)

    def show_lower(self) -> None:
        """Bring the pane below the diagram up to date: what is hidden there is not shown frames."""
        if self.shown:
            self._show_read(self.is_fast)

    def show_agreement(self, agreement: Agreement) -> None:
        """Draw how the gradients of the batch on show agree, until another is."""
        self._agreement = agreement, self.frame.moment.batch
        self.show_network()

    def forget_agreement(self) -> None:
        """Other parameters, other gradients."""
        self._agreement = None

    @property
    def _verdicts(self) -> tuple[NDArray[np.str_], ...]:
        """How the gradients agreed, a layer each; they are the batch's, so a probe has none."""
        if self._agreement is None or self.frame.probed is not None:
            return ()
        return tuple(layer.verdicts for layer in self._agreement[0].layers)

    def _show_read(self, fast: bool) -> None:
        """Equations or what stands in their place, and the inspector."""
        frame, seen = self.frame, self.seen
        told = self._told(frame)
        if self.lower.tab == "equations":
            self.equations.show_frame(seen, fast, told if frame.probed is None else self.selected)
        elif self.lower.tab == "matrices" and not fast:
            self.matrices.show_frame(seen, told if frame.probed is None else self.selected)
        elif self.lower.tab == "protocol" and not fast:
            # whole batches have no steps to list: then by neuron
            self.protocol.show_frame(frame, self.grain if self.grain < Grain.BATCH else Grain.NEURON)
        self.breakpoints.show_network(frame.network.sizes, frame.network.activations)
        # a weight's gradient is the batch's, whatever is probed
        self.inspector.show_frame(frame if isinstance(self.selected, EdgeTarget) else seen, self.selected)

    def refresh_form(self) -> None:
        """Show the experiment again, in place of an edit that was refused."""
        self._form_experiment = None
        if self.shown:
            self._show_form(self.shown.frame)

    def _told(self, frame: Frame) -> Target | None:
        """What the equations tell of: what was pointed at, until time moves on; then what is at work."""
        return self.selected if frame.moment == self._selected_at else None

    def _show_position(self, shown: Shown) -> None:
        self.position.show_frame(shown.frame, self.grain)
        self.position.show_rate(self._drawn_rate, shown.batches_per_second)

    def _show_form(self, frame: Frame) -> None:
        if self._form_experiment != frame.experiment:
            self._form_experiment = frame.experiment
            names = frame.dataset.input_names if self.neurons == "maps" else ()
            self.network.show_axes(names, self.axes, self.hold_mean)
            self.form.show_experiment(frame.experiment, frame.dataset)

    def _count(self, playing: bool) -> None:
        if not playing:
            self._drawn, self._drawn_since, self._drawn_rate = 0, perf_counter(), 0.0
            return
        self._drawn += 1
        seconds = perf_counter() - self._drawn_since
        if seconds >= 0.5:
            self._drawn_rate = self._drawn / seconds
            self._drawn, self._drawn_since = 0, perf_counter()


def _scrolled(widget: QWidget) -> QScrollArea:
    """A panel that may be lower than its content."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area
