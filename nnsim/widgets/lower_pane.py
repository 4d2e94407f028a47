"""The pane below the diagram: the equation of what is at work, the layer as matrices, or the batch's steps as a table.

It is apart because the three take turns in one place, so that what nobody sees is not brought up to date. It refuses to know
frames.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QTabBar, QTabWidget, QWidget

TABS = ("equations", "matrices", "protocol")


class LowTabBar(QTabBar):
    """Tabs hardly higher than their words, for the room is the arithmetic's."""

    def tabSizeHint(self, index: int) -> QSize:
        """As wide as usual, and low."""
        usual, low = super().tabSizeHint(index), round(1.55 * self.fontMetrics().height())
        return QSize(usual.width(), min(usual.height(), low))


class LowerPane(QTabWidget):
    """``tab_shown(name)``: another of ``TABS`` is on show."""

    tab_shown = Signal(str)

    def __init__(self, equations: QWidget, matrices: QWidget, protocol: QWidget, breakpoints: QWidget) -> None:
        super().__init__()
        self.setObjectName("lower-pane")
        self.setTabBar(LowTabBar())
        self.setDocumentMode(True)
        self.tabBar().setElideMode(Qt.TextElideMode.ElideNone)
        self.tabBar().setExpanding(False)
        # a click must not take the arrow keys from time
        self.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        steps = QSplitter(Qt.Orientation.Horizontal)
        steps.setChildrenCollapsible(False)
        steps.addWidget(protocol)
        stops = QScrollArea()
        stops.setWidget(breakpoints)
        stops.setWidgetResizable(True)
        stops.setFrameShape(QFrame.Shape.NoFrame)
        stops.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        steps.addWidget(stops)
        steps.setStretchFactor(0, 1)
        for widget, title in ((equations, self.tr("Equation")), (matrices, self.tr("Matrices")), (steps, self.tr("Steps"))):
            self.addTab(widget, title)
        self.currentChanged.connect(self._tell)

    @property
    def tab(self) -> str:
        """Which of ``TABS`` is on show."""
        return TABS[self.currentIndex()]

    def show_tab(self, name: str) -> None:
        """Show one of ``TABS``."""
        self.setCurrentIndex(TABS.index(name))

    def show_tabs(self, visible: bool) -> None:
        """Whether the tabs themselves are seen; a projector has no use for them."""
        self.tabBar().setVisible(visible)

    def _tell(self, index: int) -> None:
        self.tab_shown.emit(TABS[index])
