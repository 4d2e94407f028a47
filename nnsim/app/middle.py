"""The window's middle: the diagram above, the arithmetic below, and how they share its height.

It is apart because the share follows the window until somebody chooses another: in a higher window both are higher, so that rows
which would have to scroll in a low one need not. A share that was chosen with the handle, or came back from the last time, is
kept. It refuses to know what is shown.
"""

from PySide6.QtCore import QByteArray, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

LOWER_PX, USUAL_PX, MORE = 250, 650, 0.45
"""The lower part's height where the whole is as high as the second number, px, and its share of what is above that."""
_NEAR_PX = 2  # by so much heights may miss the usual share by rounding


class Middle(QSplitter):
    """Two parts, one above the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._is_chosen = False
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._keep)

    def share(self) -> None:
        """Share the height as is usual, now and whenever it changes."""
        self._is_chosen = False
        self._share()

    def divide(self, upper: int, lower: int) -> None:
        """Share the height in another way, px, and keep to it."""
        self._is_chosen = True
        self.setSizes([upper, lower])

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:
        """Take back the share of ``saveState``; the usual one still follows the height."""
        is_known = super().restoreState(state)
        self._is_chosen = len(self.sizes()) != 2 or abs(self.sizes()[1] - _usual(sum(self.sizes()))) > _NEAR_PX
        return is_known

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_chosen:
            self._share()

    def _share(self) -> None:
        whole = self.height() - self.handleWidth()
        self.setSizes([max(1, whole - _usual(whole)), _usual(whole)])

    @Slot()
    def _keep(self) -> None:
        self._is_chosen = True


def _usual(whole: int) -> int:
    """The lower part's height, of both parts' height."""
    return LOWER_PX + round(MORE * max(0, whole - USUAL_PX))
