"""A number of the transport bar: its small name above, itself in bold below.

It is apart because its width must not follow its number, or the whole bar would tremble while numbers run. It refuses to format:
it is told words.
"""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from nnsim.picture.palette import Theme
from nnsim.widgets.bar import sized

LARGEST_PX, SMALLEST_PX = 15, 10
"""The size of a usual number, and of the longest, in an application font of 13 px."""


class Readout(QWidget):
    """A small name above a bold number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.value = QLabel(), QLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for label in (self.name, self.value):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            column.addWidget(label)

    def show_number(self, name: str, value: str) -> None:
        """Show a number under its name."""
        self.name.setText(name)
        self.value.setText(value)
        self.setAccessibleName(f"{name} {value}")
        self._fit()

    def dress(self, theme: Theme, colour: str, names: Iterable[str]) -> None:
        """Take a theme's colours, the number's being ``colour``, and the sizes of the present font; ``names`` it may have."""
        self.name.setFont(sized(self, 11))
        self.value.setFont(sized(self, LARGEST_PX, bold=True))
        # room for all names and the longest usual number, so that the bar stands still while numbers run
        widths = [*(QFontMetrics(self.value.font()).horizontalAdvance(usual) for usual in ("0.0×10⁻⁷", "0.0000")),
                  *(QFontMetrics(self.name.font()).horizontalAdvance(name) + self.contentsMargins().left() for name in names)]
        self.setMinimumWidth(max(widths) + 2)
        self.setStyleSheet(f"QLabel {{ color: {theme.ink2}; }}")
        self.value.setStyleSheet(f"color: {colour};")
        self._fit()

    def _fit(self) -> None:
        """An unusually long number is written smaller: a number that has lost its first digits is another number."""
        room = self.minimumWidth() - self.contentsMargins().left()
        fonts = (sized(self, pixels, bold=True) for pixels in range(LARGEST_PX, SMALLEST_PX - 1, -1))
        fitting = (font for font in fonts if QFontMetrics(font).horizontalAdvance(self.value.text()) <= room)
        self.value.setFont(next(fitting, sized(self, SMALLEST_PX, bold=True)))
