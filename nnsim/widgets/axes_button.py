"""Which two inputs the response maps run over, and where the others are held: a button with a menu.

It is apart because only data with more than two inputs have anything to choose. It refuses to draw a map.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

MOST_NAMES = 64


class AxesButton(QToolButton):
    """``axes_chosen(axes, hold_mean)``: two inputs from 0, right and up; whether the others are held at their mean."""

    axes_chosen = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network-axes")
        self.setText(self.tr("Axes…"))
        self.setAccessibleName(self.tr("Inputs of the maps"))
        self.setToolTip(self.tr("Which two inputs the maps run over, and where the others are held"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._names: tuple[str, ...] = ()
        self._axes, self._hold_mean = (0, 1), False
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._fill)
        self._menu.triggered.connect(self._choose)

    def show_axes(self, names: tuple[str, ...], axes: tuple[int, int], hold_mean: bool) -> None:
        """Offer these inputs, of which two are chosen."""
        self._names, self._axes, self._hold_mean = names, axes, hold_mean

    def _fill(self) -> None:
        self._menu.clear()
        for place, title in enumerate((self.tr("To the right"), self.tr("Upwards"))):
            inputs = self._menu.addMenu(title)
            group = QActionGroup(inputs)
            for number, name in enumerate(self._names[:MOST_NAMES]):
                self._add(inputs, group, name, ("axis", place, number), self._axes[place] == number)
        self._menu.addSeparator()
        group = QActionGroup(self._menu)
        self._add(self._menu, group, self.tr("Others as in the sample on show"), ("hold", False), not self._hold_mean)
        self._add(self._menu, group, self.tr("Others at their mean"), ("hold", True), self._hold_mean)

    @staticmethod
    def _add(menu: QMenu, group: QActionGroup, text: str, data: tuple[object, ...], checked: bool) -> None:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(checked)
        action.setData(data)
        group.addAction(action)

    def _choose(self, action: QAction) -> None:
        data = action.data()
        if data is None:
            return
        axes, hold = list(self._axes), self._hold_mean
        if data[0] == "hold":
            hold = bool(data[1])
        else:
            place, number = int(data[1]), int(data[2])
            if axes[1 - place] == number:
                # the two change places
                axes[1 - place] = axes[place]
            axes[place] = number
        self.axes_chosen.emit((axes[0], axes[1]), hold)
