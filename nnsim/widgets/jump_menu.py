"""The menu behind a crumb of the position bar: first, previous, next, last, or a number typed in place.

It is apart because it is the same for every crumb, and because the number is asked for inside the menu, without a dialog. It
refuses to know time: it says a part and a number, both from the crumb.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSpinBox, QWidget, QWidgetAction

from nnsim.picture.palette import Theme
from nnsim.picture.time_picture import PHASES, Crumb
from nnsim.widgets.icons import icon

PHASE_ICONS = {"forward": "arrow-right", "loss": "target", "backward": "arrow-left", "update": "pen"}


class JumpMenu(QMenu):
    """Where one crumb leads. Built when it is opened."""

    number_chosen = Signal(str, int)
    """The part, and its number from 1."""

    def __init__(self, crumb: Crumb, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._crumb = crumb
        if crumb.part == "phase":
            self._list_phases(theme)
        else:
            self._list_places()
        self.triggered.connect(self._choose)

    def _list_phases(self, theme: Theme) -> None:
        group = QActionGroup(self)
        titles = (self.tr("forward"), self.tr("loss"), self.tr("backward"), self.tr("update"))
        for number, (phase, title) in enumerate(zip(PHASES, titles, strict=True), 1):
            action = self.addAction(icon(PHASE_ICONS[phase], theme.phase(phase)), title)
            action.setCheckable(True)
            action.setChecked(number == self._crumb.number)
            action.setData(number)
            group.addAction(action)

    def _list_places(self) -> None:
        number, count = self._crumb.number, self._crumb.count
        for title, goal in ((self.tr("First"), 1), (self.tr("Previous"), number - 1), (self.tr("Next"), number + 1),
                            (self.tr("Last"), count)):
            action = self.addAction(title)
            action.setData(goal)
            # an epoch after the last one is computed when it is gone to
            action.setEnabled(goal != number and goal >= 1 and (goal <= count or self._crumb.part == "epoch"))
        self.addSeparator()
        self.addAction(self._number_action())

    def _number_action(self) -> QWidgetAction:
        row = QWidget()
        self._number = QSpinBox()
        self._number.setObjectName("jump-number")
        self._number.setAccessibleName(self.tr("Go to number"))
        self._number.setGroupSeparatorShown(True)
        self._number.setRange(1, self._crumb.count)
        self._number.setValue(self._crumb.number)
        self._number.setKeyboardTracking(False)
        editor = self._number.lineEdit()
        editor.returnPressed.connect(self._choose_number)
        layout = QHBoxLayout(row)
        layout.addWidget(QLabel(self.tr("Go to number")))
        layout.addWidget(self._number)
        # walking down the menu with the arrow keys ends in the number
        row.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row.setFocusProxy(self._number)
        action = QWidgetAction(self)
        action.setDefaultWidget(row)
        return action

    def _choose(self, action: QAction) -> None:
        goal = action.data()
        if isinstance(goal, int):
            self.number_chosen.emit(self._crumb.part, goal)

    def _choose_number(self) -> None:
        self._number.interpretText()
        goal = self._number.value()
        self.close()
        self.number_chosen.emit(self._crumb.part, goal)
