"""The inspector: all that is known about the chosen neuron or edge at the moment on show.

It is apart from the canvas because there a number has little room. It refuses to decide what is chosen and to change a weight:
a typed value is announced.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.past import Past
from nnsim.picture.inspection import EdgeInspection, NeuronInspection, inspect
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.targets import INPUTS, Target
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.history_plot import HistoryPlot
from nnsim.widgets.inspector_pages import EdgePage, NeuronPage
from nnsim.widgets.seen import is_seen


class Inspector(QWidget):
    """``parameter_edited(target, value)``: an EdgeTarget, and the value typed or dragged for it.

    ``cut_wanted(EdgeTarget)``, ``freeze_wanted(NeuronTarget)``, ``layer_freeze_wanted(layer)``: hold it, or let go again.
    ``moment_chosen(Moment)``: a place in a parameter's history was clicked.
    """

    parameter_edited = Signal(object, float)
    cut_wanted = Signal(object)
    freeze_wanted = Signal(object)
    layer_freeze_wanted = Signal(int)
    moment_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.hint = Caption(self.tr("Choose a neuron or an edge on the diagram to see its numbers here."), 13, "ink2")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.hint.setMargin(scaled(12))
        self.edge_page, self.neuron_page = EdgePage(), NeuronPage()
        self.pages = QStackedWidget()
        for page in (self.hint, self.edge_page, self.neuron_page):
            self.pages.addWidget(page)
        self.pages.currentChanged.connect(self._fit_page)
        self._fit_page()
        self.history = HistoryPlot()
        self._target: Target | None = None
        self._past: Past | None = None
        self._theme = THEMES["light"]
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.history)
        scroll_area = QScrollArea()
        scroll_area.setWidgetResizable(True)
        scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll_area.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll_area)
        self.edge_page.value.parameter_edited.connect(self.parameter_edited)
        self.neuron_page.bias.parameter_edited.connect(self.parameter_edited)
        self.neuron_page.table.rows.parameter_edited.connect(self.parameter_edited)
        self.edge_page.cut_wanted.connect(self.cut_wanted)
        self.neuron_page.freeze_wanted.connect(self.freeze_wanted)
        self.neuron_page.layer_freeze_wanted.connect(self.layer_freeze_wanted)
        self.history.moment_chosen.connect(self.moment_chosen)
        self.history.hide()

    def show_frame(self, frame: Frame, target: Target | None) -> None:
        """Show what is known about the target at this moment; None, or a place there is not: a hint."""
        found = inspect(frame, target)
        if target != self._target:
            self._target = target
            self._show_history()
        if isinstance(found, EdgeInspection):
            self.edge_page.show_edge(found)
            self.pages.setCurrentWidget(self.edge_page)
        elif isinstance(found, NeuronInspection):
            self.neuron_page.show_neuron(found, frame.phase)
            self.pages.setCurrentWidget(self.neuron_page)
        else:
            self.pages.setCurrentWidget(self.hint)

    def _fit_page(self) -> None:
        """Let the page on show alone say how much room there must be: a short one needs no scroll bar."""
        for page in (self.hint, self.edge_page, self.neuron_page):
            policy = QSizePolicy.Policy.Preferred if page is self.pages.currentWidget() else QSizePolicy.Policy.Ignored
            page.setSizePolicy(policy, policy)

    @property
    def wants_past(self) -> bool:
        """Whether a parameter is on show whose past would be shown too."""
        return is_seen(self) and self._target is not None and self._target.layer != INPUTS

    def show_past(self, past: Past | None) -> None:
        """Show the history of what is on show; None where nothing is known of the run yet."""
        self._past = past
        self._show_history()

    def _show_history(self) -> None:
        shown = self._past is not None and self._target is not None and self._target.layer != INPUTS
        self.history.setVisible(shown)
        if self._past is not None and self._target is not None and shown:
            self.history.show_history(self._past, self._target, self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.history.set_theme(theme)
        self.hint.set_theme(theme)
        self.edge_page.set_theme(theme)
        self.neuron_page.set_theme(theme)
