"""Pointing at the diagram: what is selected, hovered, labelled and unfolded. Nothing here is an order.

It is apart because it is answered at once from the frame on show, without the training thread. It refuses to change the document.
"""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDockWidget

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.simulation_thread import SimulationThread
from nnsim.picture.targets import Target


class Pointing(QObject):
    """What the user points at. ``selected``: something else is chosen. ``view_changed``: frames may have to carry other things."""

    selected = Signal()
    view_changed = Signal()

    def __init__(self, display: Display, thread: SimulationThread, inspector: QDockWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._inspector = display, inspector
        network = display.network
        for source in (network, display.equations, display.matrices):
            source.target_hovered.connect(self._hover)
        network.target_selected.connect(self._select)
        for source in (display.equations, display.matrices):
            source.target_chosen.connect(self._select)
        network.neurons_chosen.connect(self._choose_neurons)
        network.axes_chosen.connect(self._choose_axes)
        display.lower.tab_shown.connect(self._show_lower)
        network.target_opened.connect(self._open)
        network.edges_chosen.connect(self._choose_edges)
        network.fold_toggled.connect(self._toggle_fold)
        network.resized.connect(display.show_network)
        thread.reported.connect(self._hear)

    def label_all_edges(self, all_edges: bool) -> None:
        """Numbers on every edge, or on those at work only."""
        self._display.labels_all = all_edges
        self._display.show_network()

    @Slot(object)
    def _select(self, target: Target | None) -> None:
        self._display.selected = target
        self._display.show_selection()
        self.selected.emit()

    @Slot(object)
    def _open(self, target: Target | None) -> None:
        self._select(target)
        self._inspector.show()
        self._inspector.raise_()

    @Slot(object)
    def _hover(self, target: Target | None) -> None:
        self._display.hovered = target
        self._display.show_network()
        self._display.equations.show_hovered(target)

    @Slot(str)
    def _choose_edges(self, edges: str) -> None:
        self._display.edges = edges
        self._display.show_network()

    @Slot(str)
    def _choose_neurons(self, neurons: str) -> None:
        self._display.neurons = neurons
        self._offer_axes()
        self._display.show_network()
        self.view_changed.emit()

    @Slot(object, bool)
    def _choose_axes(self, axes: tuple[int, int], hold_mean: bool) -> None:
        self._display.axes, self._display.hold_mean = axes, hold_mean
        self._offer_axes()
        self.view_changed.emit()

    def _offer_axes(self) -> None:
        display = self._display
        names = display.frame.dataset.input_names if display.neurons == "maps" else ()
        display.network.show_axes(names, display.axes, display.hold_mean)

    @Slot(str)
    def _show_lower(self, name: str) -> None:
        self._display.show_lower()

    def show_lower(self, name: str) -> None:
        """Show the equation, the matrices or the steps below the diagram."""
        self._display.lower.show_tab(name)

    @Slot(int)
    def _toggle_fold(self, layer: int) -> None:
        self._display.unfolded = self._display.unfolded ^ {layer}
        self._display.show_network()

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        if isinstance(report, m.Opened):
            self._display.selected = self._display.hovered = None
            self._display.unfolded = frozenset()
            self._display.axes = (0, 1)
