"""The tools for drawing data on the plane: look, one of each class, spray, move, erase.

They are apart from the drawing itself, which only knows the tool in hand. They refuse to be shown for data that cannot be drawn.
"""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from nnsim.picture.palette import THEMES, Theme, class_shape
from nnsim.widgets.captions import scaled
from nnsim.widgets.icons import icon
from nnsim.widgets.point_marks import draw_mark, mark_path

MOST_CLASSES = 6


class PointTools(QWidget):
    """``tool_chosen(tool, number)``: a ``Tool`` by its name, and the class that it draws, from 0."""

    tool_chosen = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("point-tools")
        self.setAccessibleName(self.tr("Tools for drawing points"))
        self._theme = THEMES["light"]
        self._classes = 0
        self._number = 0
        self.look = self._button(self.tr("Look: click a point to show it"))
        self.classes = [self._button("") for _ in range(MOST_CLASSES)]
        self.spray = self._button(self.tr("Spray points of the class drawn last"))
        self.move_tool = self._button(self.tr("Move a point: drag it"))
        self.erase = self._button(self.tr("Erase points"))
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(scaled(8), scaled(2), scaled(8), 0)
        row.setSpacing(scaled(2))
        for number, button in enumerate(self._buttons()):
            self._group.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        self.look.setChecked(True)
        self._group.idClicked.connect(self._choose)

    def show_classes(self, names: tuple[str, ...]) -> None:
        """A tool for each class of the data."""
        count = min(len(names), MOST_CLASSES)
        for button, name in zip(self.classes, names, strict=False):
            button.setToolTip(self.tr("Add points of {0}: click").format(name))
            button.setAccessibleName(button.toolTip())
        for number, button in enumerate(self.classes):
            button.setVisible(number < count)
        if count != self._classes:
            self._classes = count
            self._paint_classes()
            if self._number >= count:
                self._number = 0
                self.put_away()

    def put_away(self) -> None:
        """Look, and draw nothing."""
        if not self.look.isChecked():
            self.look.setChecked(True)
            self.tool_chosen.emit("look", self._number)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        for button, name in ((self.look, "cursor"), (self.spray, "spray"), (self.move_tool, "move"), (self.erase, "eraser")):
            button.setIcon(icon(name, theme.ink2, theme.on_selected))
        self._paint_classes()

    def _buttons(self) -> tuple[QToolButton, ...]:
        return (self.look, *self.classes, self.spray, self.move_tool, self.erase)

    def _choose(self, place: int) -> None:
        if 1 <= place <= MOST_CLASSES:
            self._number = place - 1
        tools = ("look", *["add"] * MOST_CLASSES, "spray", "move", "erase")
        self.tool_chosen.emit(tools[place], self._number)

    def _button(self, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setMinimumSize(scaled(26), scaled(26))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _paint_classes(self) -> None:
        side, ratio = scaled(16), self.devicePixelRatioF()
        for number, button in enumerate(self.classes[: self._classes]):
            picture = QPixmap(QSize(side, side) * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            with QPainter(picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                path = mark_path(class_shape(number, self._classes), 0.34 * side)
                draw_mark(painter, path, QPointF(side / 2, side / 2), self._theme.class_colour(number, self._classes),
                          self._theme.base, filled=True)
            button.setIcon(QIcon(picture))
