"""The breakpoints of the document: a list whose boxes switch them on and off, and below it the fields to add one more.

It is a panel of stock widgets. It refuses to stop anything: it says which breakpoints there are.
"""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from nnsim.engine.breakpoints import Activations, Breakpoint, Sizes
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.breakpoint_fields import BreakpointFields
from nnsim.widgets.captions import Caption, Message, scaled
from nnsim.widgets.icons import icon


class BreakpointList(QWidget):
    """Add, switch on and off, remove."""

    breakpoints_changed = Signal(object)
    """All breakpoints as a tuple, switched off ones among them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breakpoint-list")
        self._theme = THEMES["light"]
        self._sizes: Sizes = (1, 1)
        self._activations: Activations = ("identity",)
        self._breakpoints: tuple[Breakpoint, ...] = ()
        self.list, self.fields = QListWidget(), BreakpointFields()
        self.list.setAccessibleName(self.tr("Breakpoints"))
        self.list.setWordWrap(True)
        self.list.setSpacing(scaled(2))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.none = Caption(self.tr("No breakpoints yet: a run goes on until you pause it."), 11.5, "ink3")
        self.none.setWordWrap(True)
        self.stopped = Message()
        self.add_button, self.remove_button = QPushButton(self.tr("Add")), QPushButton(self.tr("Remove"))
        self._lay_out()
        self.list.itemChanged.connect(self._switch)
        self.list.itemSelectionChanged.connect(self._follow_selection)
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self._remove)
        self._refresh()

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """What is on show."""
        return self._breakpoints

    @Slot(object)
    def show_breakpoints(self, breakpoints: Iterable[Breakpoint]) -> None:
        """Show breakpoints; speaks to nobody."""
        if tuple(breakpoints) != self._breakpoints:
            self._breakpoints = tuple(breakpoints)
            self._refresh()

    def show_network(self, sizes: Sizes, activations: Activations) -> None:
        """Offer the places of a network, and tell which breakpoints it has no place for."""
        if (sizes, activations) != (self._sizes, self._activations):
            self._sizes, self._activations = sizes, activations
            self.fields.show_network(sizes)
            self._refresh()

    def show_stop(self, met: Breakpoint | None) -> None:
        """Tell which breakpoint has stopped the run; None: none has."""
        words = "" if met is None else met.sentence(self._sizes).removeprefix("Stop ")
        self.stopped.show_sentence(self.tr("Stopped {0}.").format(words) if words else "")

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.none.set_theme(theme)
        self.stopped.set_theme(theme)
        self.add_button.setIcon(icon("plus", theme.ink2))
        self.remove_button.setIcon(icon("close", theme.ink2))
        self._refresh()

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for a dock on a small screen."""
        return QSize(scaled(240), super().minimumSizeHint().height())

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*(scaled(12),) * 4)
        whole.setSpacing(scaled(8))
        whole.addWidget(self.stopped)
        whole.addWidget(self.none)
        whole.addWidget(self.list, 1)
        whole.addWidget(self.fields)
        whole.addLayout(buttons)
        whole.addStretch(0)

    def _refresh(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for each in self._breakpoints:
            item = QListWidgetItem(each.sentence(self._sizes))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if each.enabled else Qt.CheckState.Unchecked)
            fits = each.fits(self._sizes, self._activations)
            item.setForeground(QColor(self._theme.ink if fits and each.enabled else self._theme.ink3))
            item.setToolTip("" if fits else self.tr("This network has no such place."))
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.none.setVisible(not self._breakpoints)
        self.list.setVisible(bool(self._breakpoints))
        self._follow_selection()

    def _change(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        self._breakpoints = breakpoints
        self._refresh()
        self.breakpoints_changed.emit(breakpoints)

    def _switch(self, item: QListWidgetItem) -> None:
        place, enabled = self.list.row(item), item.checkState() == Qt.CheckState.Checked
        if self._breakpoints[place].enabled != enabled:
            changed = list(self._breakpoints)
            changed[place] = replace(changed[place], enabled=enabled)
            self._breakpoints = tuple(changed)
            self.list.blockSignals(True)
            fits = changed[place].fits(self._sizes, self._activations)
            item.setForeground(QColor(self._theme.ink if enabled and fits else self._theme.ink3))
            self.list.blockSignals(False)
            self.breakpoints_changed.emit(self._breakpoints)

    def _add(self) -> None:
        fresh = self.fields.breakpoint()
        same = [replace(each, enabled=True) for each in self._breakpoints]
        if fresh in same:
            # there already: switch it on
            place = same.index(fresh)
            self._change((*self._breakpoints[:place], fresh, *self._breakpoints[place + 1 :]))
        else:
            self._change((*self._breakpoints, fresh))
        self.list.scrollToBottom()

    def _remove(self) -> None:
        chosen = {self.list.row(item) for item in self.list.selectedItems()}
        if chosen:
            self._change(tuple(each for place, each in enumerate(self._breakpoints) if place not in chosen))

    def _follow_selection(self) -> None:
        self.remove_button.setEnabled(bool(self.list.selectedItems()))
