"""The most frequent errors as a list, where a table of all classes is too large to be looked over.

It is apart from the table because a list can be read and walked with the keyboard. It refuses to count: the counts come as a
``Confusion``.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from nnsim.picture import numbers
from nnsim.picture.output_picture import Confusion, largest_confusions
from nnsim.widgets.captions import scaled
from nnsim.widgets.confusion_table import MANY

LISTED = 20
_CELL = Qt.ItemDataRole.UserRole


class LargestConfusions(QListWidget):
    """One error a line; hidden where the table itself can be looked over."""

    cell_chosen = Signal(int, int)
    """True and predicted class of an error that was clicked or chosen by a key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The most frequent confusions"))
        self.itemPressed.connect(self._choose)
        self.itemActivated.connect(self._choose)
        self._lines: tuple[str, ...] = ()
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(scaled(200), scaled(112))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(120), scaled(60))

    def show_confusion(self, confusion: Confusion, names: tuple[str, ...]) -> None:
        """Show the most frequent errors, the classes called ``names``."""
        found = largest_confusions(confusion, LISTED) if len(names) > MANY else ()
        self.setVisible(bool(found))
        lines = tuple(self.tr("{0} × {1} taken for {2}").format(numbers.whole(count), names[true], names[said])
                      for count, true, said in found)
        if lines == self._lines:
            return
        self._lines = lines
        self.clear()
        for line, (_, true, said) in zip(lines, found, strict=True):
            item = QListWidgetItem(line, self)
            item.setData(_CELL, (true, said))

    def _choose(self, item: QListWidgetItem) -> None:
        true, said = item.data(_CELL)
        self.cell_chosen.emit(true, said)
