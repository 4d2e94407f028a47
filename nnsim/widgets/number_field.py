"""A number that can be typed exactly, or turned by arrows.

It is apart from Qt's own spin boxes because they round to so many decimals and swallow what is out of range, where here the
number typed is the number meant and a wrong one deserves a sentence. It refuses to judge: it hands on what was entered.
"""

import math

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy

from nnsim.picture.numbers import exact
from nnsim.picture.setting_row import Row
from nnsim.widgets.captions import scaled


def parse(text: str) -> float | None:
    """What a person means by a typed number: true minus, decimal comma and blanks are fine; None if it is no number."""
    plain_text = text.strip().replace("\u2212", "-").replace("×10^", "e").replace(" ", "")
    if plain_text.count(",") == 1 and "." not in plain_text:
        plain_text = plain_text.replace(",", ".")
    try:
        value = float(plain_text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


class NumberField(QAbstractSpinBox):
    """A number as it was typed, with arrows. The arrows go to the neighbours that its row names.

    ``number_entered``: on Enter, on leaving, and on an arrow; ``nonsense_entered``: text that is no number.
    """

    number_entered = Signal(float)
    nonsense_entered = Signal(str)

    def __init__(self, row: Row) -> None:
        super().__init__()
        self._row = row
        self._value = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.lineEdit().setTextMargins(scaled(4), 0, 0, 0)
        self.lineEdit().textEdited.connect(self._text_was_edited)
        self._edited = False
        self.editingFinished.connect(self._commit)

    @property
    def value(self) -> float:
        """The number on show, as it was last set."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a number; speaks to nobody."""
        self._value, self._edited = value, False
        text = exact(value)
        if self.lineEdit().text() != text:
            self.lineEdit().setText(text)

    def stepBy(self, steps: int) -> None:
        """One arrow or wheel click: the next nice number within the limits."""
        value = self._value
        for _ in range(min(abs(steps), 10)):
            value = self._row.neighbour(value, steps > 0)
        if value != self._value:
            self.number_entered.emit(value)
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Which arrows lead anywhere."""
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._row.neighbour(self._value, up=True) > self._value:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if self._row.neighbour(self._value, up=False) < self._value:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return flags

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Anything may be typed: the sentence under the field says what is wrong with it."""
        return QValidator.State.Acceptable, text, position

    def event(self, event: QEvent) -> bool:
        """A blank is part of a number only while one is being typed: else it is a key of the window, and replaces nothing."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space and not self._is_being_typed():
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes back what was typed; as after Enter, the key goes on to whom the field belongs."""
        if event.key() == Qt.Key.Key_Escape:
            self.show_value(self._value)
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _is_being_typed(self) -> bool:
        return self._edited and not self.lineEdit().hasSelectedText()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn numbers only where the focus is, so that scrolling past changes nothing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        """Wide enough for usual numbers."""
        return self._size_for("000" if self._row.kind == "whole" else "0.0001")

    def minimumSizeHint(self) -> QSize:
        """Wide enough for two digits, or for a small rate."""
        return self._size_for("00" if self._row.kind == "whole" else "0.003")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The text follows the field."""
        super().resizeEvent(event)
        self._widen_text()

    def changeEvent(self, event: QEvent) -> None:
        """Another style places the text anew, in its own way."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._widen_text()

    def _widen_text(self) -> None:
        """Without arrows the text has the whole width: a style sheet would keep their room."""
        if self.buttonSymbols() is QAbstractSpinBox.ButtonSymbols.NoButtons:
            self.lineEdit().setGeometry(self.rect().adjusted(2, 2, -2, -2))

    def _size_for(self, text: str) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(text)
        arrows = 0 if self.buttonSymbols() is QAbstractSpinBox.ButtonSymbols.NoButtons else scaled(20)
        return QSize(width + arrows + scaled(10), max(super().sizeHint().height(), scaled(26)))

    def _text_was_edited(self) -> None:
        self._edited = True

    def _commit(self) -> None:
        if not self._edited:
            return
        self._edited = False
        value = parse(self.lineEdit().text())
        if value is None:
            self.nonsense_entered.emit(self.lineEdit().text())
        else:
            self.number_entered.emit(value)
