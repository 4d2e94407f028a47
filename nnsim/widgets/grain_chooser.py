"""What a step means, as a row of segments: one stop of the Tab key, and the arrow keys choose.

It is apart because the row takes the arrow keys, which everywhere else in the window are time, and because it can fold itself
into a list where the window is narrow. It refuses to step.
"""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QPushButton, QWidget

from nnsim.engine.marks import Grain
from nnsim.picture.palette import Theme
from nnsim.widgets.bar import scale_of

ARROW_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def claims_arrows(event: QEvent) -> bool:
    """Accept an arrow key before the window takes it for a shortcut; True if ``event`` was one."""
    if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in ARROW_KEYS:
        event.accept()
        return True
    return False


class _Segment(QPushButton):
    def event(self, event: QEvent) -> bool:
        return claims_arrows(event) or super().event(event)


class GrainChooser(QWidget):
    """Seven segments, or one list."""

    grain_chosen = Signal(object)
    """The ``Grain`` that was clicked or walked to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = {Grain.TERM: self.tr("term"), Grain.NEURON: self.tr("neuron"), Grain.LAYER: self.tr("layer"),
                  Grain.PASS: self.tr("pass"), Grain.SAMPLE: self.tr("sample"), Grain.BATCH: self.tr("batch"),
                  Grain.EPOCH: self.tr("epoch")}
        hints = {Grain.TERM: self.tr("One product, one gradient or one weight a step"),
                 Grain.NEURON: self.tr("One neuron a step"), Grain.LAYER: self.tr("One layer a step"),
                 Grain.PASS: self.tr("A forward pass, a loss, a backward pass or an update a step"),
                 Grain.SAMPLE: self.tr("One sample a step: forward, loss and backward"),
                 Grain.BATCH: self.tr("One batch a step, with its update"), Grain.EPOCH: self.tr("All batches once a step")}
        self.setAccessibleName(self.tr("Step by"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._list = QComboBox()
        self._list.setAccessibleName(self.tr("Step by"))
        for grain, title in titles.items():
            segment = _Segment(title)
            segment.setCheckable(True)
            segment.setObjectName(f"grain-{grain.name.lower()}")
            segment.setProperty("end", {Grain.TERM: "first", Grain.EPOCH: "last"}.get(grain, "none"))
            segment.setToolTip(hints[grain])
            self._group.addButton(segment, grain.value)
            self._row.addWidget(segment)
            self._list.addItem(title, grain)
        self._row.addWidget(self._list)
        self._list.hide()
        self.set_grain(Grain.BATCH)
        self._group.idToggled.connect(self._segment_toggled)
        self._list.activated.connect(self._list_activated)

    @property
    def grain(self) -> Grain:
        """The grain that is chosen."""
        return Grain(self._group.checkedId())

    def set_grain(self, grain: Grain) -> None:
        """Show a grain as chosen, without a signal."""
        with QSignalBlocker(self._group), QSignalBlocker(self._list):
            self._group.button(grain.value).setChecked(True)
            self._list.setCurrentIndex(grain.value)
        # a click leaves the keyboard where it was, since plain arrows are time's; Tab gets here
        for segment in self._group.buttons():
            segment.setFocusPolicy(Qt.FocusPolicy.TabFocus if segment.isChecked() else Qt.FocusPolicy.NoFocus)

    def set_narrow(self, narrow: bool) -> None:
        """Be a list instead of segments."""
        for segment in self._group.buttons():
            segment.setVisible(not narrow)
        self._list.setVisible(narrow)
        self._row.invalidate()
        self.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, and the sizes of the present font."""
        scale = scale_of(self)
        height, padding = round(32 * scale), round(10 * scale)
        for segment in self._group.buttons():
            # as wide as the bold text that a chosen segment has, so that choosing moves nothing
            font = segment.font()
            font.setBold(True)
            segment.setFixedSize(QFontMetrics(font).horizontalAdvance(segment.text()) + 2 * padding, height)
        self._list.setFixedHeight(height)
        self.setStyleSheet(f"""
            QPushButton {{ background: {theme.control}; color: {theme.ink}; border: 1px solid {theme.line2};
                           border-left-width: 0; border-radius: 0; padding: 0; }}
            QPushButton[end="first"] {{ border-left-width: 1px; border-top-left-radius: 5px; border-bottom-left-radius: 5px; }}
            QPushButton[end="last"] {{ border-top-right-radius: 5px; border-bottom-right-radius: 5px; }}
            QPushButton:hover {{ background: {theme.window}; }}
            QPushButton:checked {{ background: {theme.selected}; color: {theme.on_selected};
                                   border-color: {theme.selected}; font-weight: bold; }}
            QPushButton:focus {{ outline: none; }}""")

    def _segment_toggled(self, number: int, checked: bool) -> None:
        if checked:
            self._choose(Grain(number))

    def _list_activated(self, index: int) -> None:
        self._choose(Grain(index))

    def _choose(self, grain: Grain) -> None:
        self.set_grain(grain)
        self.grain_chosen.emit(grain)
