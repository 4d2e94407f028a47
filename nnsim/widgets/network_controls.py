"""The controls at the lower right of the diagram: what its neurons and edges show, and the button that fits it in.

They are apart from the canvas because they are ordinary widgets. They refuse to know the picture.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from nnsim.picture.palette import Theme
from nnsim.widgets.axes_button import AxesButton
from nnsim.widgets.icons import icon


class NetworkControls(QWidget):
    """A row of them; the axes are offered where the neurons show maps over two of more inputs."""

    edges_chosen = Signal(str)
    """auto, weights, gradients, change, contributions or none"""
    neurons_chosen = Signal(str)
    """auto, maps, outputs, sums or deltas"""
    axes_chosen = Signal(object, bool)
    """Two inputs from 0, right and up; whether the others are held at their mean."""
    fit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._neurons = self._chooser("network-neurons", self.tr("What the neurons show"), (
            ("auto", self.tr("Neurons: by phase")), ("maps", self.tr("Neurons: maps")), ("outputs", self.tr("Neurons: outputs")),
            ("sums", self.tr("Neurons: sums")), ("deltas", self.tr("Neurons: deltas"))))
        self._edges = self._chooser("network-edges", self.tr("What the edges show"), (
            ("auto", self.tr("Edges: by phase")), ("weights", self.tr("Edges: weights")),
            ("gradients", self.tr("Edges: gradients")), ("change", self.tr("Edges: change")),
            ("contributions", self.tr("Edges: w·x")), ("none", self.tr("Edges: none"))))
        self._edges.activated.connect(self._choose_edges)
        self._neurons.activated.connect(self._choose_neurons)
        self._fit = QToolButton(self)
        self._fit.setObjectName("network-fit")
        self._fit.setAccessibleName(self.tr("Fit"))
        self._fit.setToolTip(self.tr("Show the whole network"))
        self._fit.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._fit.clicked.connect(self.fit_wanted)
        self._axes = AxesButton(self)
        self._axes.axes_chosen.connect(self.axes_chosen)
        self._axes.hide()
        row.addWidget(self._axes)
        row.addWidget(self._neurons)
        row.addWidget(self._edges)
        row.addWidget(self._fit)

    def set_theme(self, theme: Theme) -> None:
        """Tint the icon."""
        self._fit.setIcon(icon("fit", theme.ink2))

    def show_axes(self, names: tuple[str, ...], axes: tuple[int, int], hold_mean: bool) -> None:
        """Offer the choice of the maps' axes among these inputs; none where there is nothing to choose."""
        self._axes.setVisible(len(names) > 2)
        self._axes.show_axes(names, axes, hold_mean)

    def set_edges(self, name: str) -> None:
        """Show what is chosen for the edges, without saying so."""
        self._edges.setCurrentIndex(max(self._edges.findData(name), 0))

    def _chooser(self, object_name: str, spoken: str, entries: tuple[tuple[str, str], ...]) -> QComboBox:
        chooser = QComboBox(self)
        chooser.setObjectName(object_name)
        chooser.setAccessibleName(spoken)
        chooser.setToolTip(spoken)
        # a click must not take the arrow keys from time
        chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for name, text in entries:
            chooser.addItem(text, name)
        return chooser

    def _choose_edges(self, index: int) -> None:
        self.edges_chosen.emit(self._edges.itemData(index))

    def _choose_neurons(self, index: int) -> None:
        self.neurons_chosen.emit(self._neurons.itemData(index))
