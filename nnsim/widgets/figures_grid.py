"""The figures as a small aligned table: training, test and baseline beside each other, what each means when it is pointed at.

It is apart from the panel because it is the one part that is always seen. It refuses to write numbers: its lines are words.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.result_lines import FigureLine
from nnsim.widgets.captions import Caption, ElidedCaption, scaled

_Line = tuple[Caption, Caption, Caption, Caption]


class FiguresGrid(QWidget):
    """Name | training | test | baseline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = THEMES["light"]
        self._lines: list[_Line] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(scaled(8))
        self._grid.setVerticalSpacing(scaled(3))
        self._grid.setColumnStretch(0, 1)
        self._heads = (Caption(self.tr("training")), Caption(self.tr("test")), Caption(self.tr("baseline")))
        for column, head in enumerate(self._heads, 1):
            self._grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight)

    def show_lines(self, lines: tuple[FigureLine, ...], baseline: str) -> None:
        """Show these; ``baseline``: what the last column is, for whoever points at its head."""
        self._heads[2].setToolTip(baseline)
        while len(self._lines) < len(lines):
            self._lines.append(self._add_line(len(self._lines) + 1))
        for place, captions in enumerate(self._lines):
            there = place < len(lines)
            texts = (lines[place].name, lines[place].train, lines[place].test, lines[place].baseline) if there else ("",) * 4
            for caption, text in zip(captions, texts, strict=True):
                caption.setText(text)
                caption.setToolTip(lines[place].meaning if there else "")
                caption.setVisible(there)
        self.setAccessibleDescription("; ".join(self._in_words(line) for line in lines))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        for caption in (*self._heads, *(each for line in self._lines for each in line)):
            caption.set_theme(theme)

    def _in_words(self, line: FigureLine) -> str:
        return self.tr("{name}: training {train}, test {test}, baseline {baseline}").format(
            name=line.name, train=line.train, test=line.test, baseline=line.baseline)

    def _add_line(self, row: int) -> _Line:
        name = ElidedCaption("", 13, "ink2")
        values = Caption("", 13, "ink"), Caption("", 13, "ink", bold=True), Caption("", 13, "ink3")
        self._grid.addWidget(name, row, 0)
        for column, value in enumerate(values, 1):
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(value, row, column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for caption in (name, *values):
            caption.set_theme(self._theme)
        return name, *values
