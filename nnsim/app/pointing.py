"""Pointing at the diagram: what is selected, hovered, labelled and unfolded. Nothing here is an order.

It is apart because it is answered at once from the frame on show, without the training thread. It refuses to change the document.
"""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDockWidget

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.simulation_thread import SimulationThread
from nnsim.picture.targets import Target


class Pointing(QObject):
    """What the user points at."""

    def __init__(self, display: Display, thread: SimulationThread, inspector: QDockWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._inspector = display, inspector
        network, equations = display.network, display.equations
        for source in (network, equations):
            source.target_hovered.connect(self._hover)
        network.target_selected.connect(self._select)
        equations.target_chosen.connect(self._select)
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

    @Slot(object)
    def _open(self, target: Target | None) -> None:
        self._select(target)
        self._inspector.show()
        self._inspector.raise_()

    @Slot(object)
    def _hover(self, target: Target | None) -> None:
        self._display.hovered = target
        self._display.show_network()

    @Slot(str)
    def _choose_edges(self, edges: str) -> None:
        self._display.edges = edges
        self._display.show_network()

    @Slot(int)
    def _toggle_fold(self, layer: int) -> None:
        self._display.unfolded = self._display.unfolded ^ {layer}
        self._display.show_network()

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        if isinstance(report, m.Opened):
            self._display.selected = self._display.hovered = None
            self._display.unfolded = frozenset()
