"""The scroll bars of a sheet of matrices: one for each axis, and each way it runs, that has more to show than there is room.

They are apart since an axis is scrolled in every grid that has it, while its bar stands at the first of them. They refuse to
scroll anything: ``moved`` says what is wanted.
"""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QScrollBar, QWidget

from nnsim.picture.matrices_parts import AxisName
from nnsim.widgets.equation_page import Fonts
from nnsim.widgets.matrix_layout import Block, Way
from nnsim.widgets.matrix_spacing import BAR_PX


class AxisBars(QObject):
    """The bars, children of ``owner``."""

    moved = Signal(str, int)
    """An axis, and the first of it that shall be on show."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._bars: dict[tuple[AxisName, Way], QScrollBar] = {}

    def place(self, hosts: dict[tuple[AxisName, Way], Block], across: float, fonts: Fonts) -> None:
        """Stand at the ``hosts``, the sheet being scrolled by ``across`` pixels; other bars go."""
        thick = round(fonts.px(BAR_PX))
        for key, bar in self._bars.items():
            if key not in hosts:
                bar.hide()
        for (name, way), block in hosts.items():
            bar = self._bar(name, way)
            axis, shown = block.axis(way)
            bar.blockSignals(True)
            bar.setRange(0, axis.count - len(shown))
            bar.setPageStep(len(shown))
            bar.setValue(shown.start)
            bar.blockSignals(False)
            bar.setAccessibleName(self.tr("Scroll the {}").format(axis.noun))
            cells = block.cells.translated(-across, 0)
            if way == "rows":
                bar.setGeometry(round(cells.right() + fonts.px(5)), round(cells.top()), thick, round(cells.height()))
            else:
                bar.setGeometry(round(cells.left()), round(cells.bottom() + fonts.px(2)), round(cells.width()), thick)
            bar.show()

    def _bar(self, name: AxisName, way: Way) -> QScrollBar:
        if (name, way) not in self._bars:
            bar = QScrollBar(Qt.Orientation.Vertical if way == "rows" else Qt.Orientation.Horizontal, self._owner)
            bar.valueChanged.connect(partial(self.moved.emit, name))
            self._bars[name, way] = bar
        return self._bars[name, way]
