"""The fields of a form: a number, a choice or a switch, in a frame with label and message.

They are apart from the form because each is checked by itself: showing a value never speaks, and what is entered is
handed on unchecked, so that the sentence about a wrong value can stand under the very field. They refuse to know an
experiment.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from nnsim.picture.numbers import exact
from nnsim.picture.palette import Theme
from nnsim.picture.setting_row import Row
from nnsim.picture.settings import SHORT_TITLES
from nnsim.widgets.captions import Caption, Message, scaled
from nnsim.widgets.number_field import NumberField


class ChoiceField(QComboBox):
    """One of a few names, shown by their titles."""

    name_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # the field may be narrower than its longest title: the list opens as wide as it needs
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._choices: tuple[tuple[str, str, str], ...] = ()
        self.activated.connect(self._announce)

    def show_choices(self, choices: Sequence[tuple[str, str, str]]) -> None:
        """Offer (name, title, hint) each; speaks to nobody."""
        if tuple(choices) == self._choices:
            return
        self._choices = tuple(choices)
        self.clear()
        for index, (name, title, hint) in enumerate(self._choices):
            self.addItem(title, name)
            self.setItemData(index, hint or None, Qt.ItemDataRole.ToolTipRole)
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(title) for _, title, _ in self._choices), default=0)
        self.view().setMinimumWidth(widest + scaled(40))

    def show_value(self, name: str) -> None:
        """Show the choice called ``name``; speaks to nobody."""
        self.setCurrentIndex(self.findData(name))

    def minimumSizeHint(self) -> QSize:
        """A few letters: the list itself opens as wide as it needs."""
        return QSize(scaled(56), super().minimumSizeHint().height())

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """The closed field says a title in short where the whole one has no room."""
        super().initStyleOption(option)
        option.currentText = self.title_on_show()

    def title_on_show(self) -> str:
        """The present title as it is painted: whole, in short, or ending in an ellipsis; the tooltip has the whole one."""
        title, option = self.currentText(), QStyleOptionComboBox()
        super().initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        # a style leaves a pixel at both ends of a text
        metrics, room = QFontMetrics(self.font()), room - 2
        fitting = title if metrics.horizontalAdvance(title) <= room else SHORT_TITLES.get(title, title)
        return metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, room)

    def event(self, event: QEvent) -> bool:
        """Pointing tells the whole title where it is shown in short."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.title_on_show() != self.currentText():
            QToolTip.showText(event.globalPos(), f"{self.currentText()}\n{self.toolTip()}".strip(), self)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past a closed list changes nothing."""
        event.ignore()

    def _announce(self, index: int) -> None:
        self.name_chosen.emit(self.itemData(index))


class TextField(QLineEdit):
    """A line of text, announced when it is finished and differs from what was shown."""

    text_entered = Signal(str)

    def __init__(self, example: str) -> None:
        super().__init__()
        self._shown = ""
        self.setPlaceholderText(example)
        self.editingFinished.connect(self._finish)

    def show_text(self, text: str) -> None:
        """Show a text; speaks to nobody."""
        self._shown = text
        self.setText(text)
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes back what was typed; as after Enter, the key goes on to whom the field belongs."""
        if event.key() == Qt.Key.Key_Escape:
            self.show_text(self._shown)
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _finish(self) -> None:
        if self.text() != self._shown:
            self.text_entered.emit(self.text())


class Field(QWidget):
    """A label, an editor, and under them the sentence about a value that was refused.

    ``value_entered(path, value)``: a str, float or bool, unchecked.
    """

    value_entered = Signal(str, object)

    def __init__(self, row: Row, beside: QWidget | None = None) -> None:
        super().__init__()
        self.row = row
        self.setObjectName(f"field-{row.path.replace('.', '-')}")
        self.label = Caption(row.title, 13, "ink2")
        self.editor = self._make_editor(row)
        self.label.setBuddy(self.editor)
        self.message = Message()
        line = QHBoxLayout()
        line.setSpacing(scaled(6))
        line.addWidget(self.label)
        if beside is not None:
            line.addWidget(beside, 1)
        line.addWidget(self.editor, 0 if isinstance(self.editor, NumberField) and beside is not None else 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(scaled(4))
        whole.addLayout(line)
        whole.addWidget(self.message)
        for widget in (self.label, self.editor):
            widget.setToolTip(row.tip)
        self.editor.setAccessibleName(row.title)
        self.editor.setAccessibleDescription(row.tip)

    def show_value(self, value: object) -> None:
        """Show a value, and that nothing is wrong; speaks to nobody."""
        self.message.show_sentence("")
        if isinstance(self.editor, NumberField) and isinstance(value, (int, float)):
            self.editor.show_value(value)
        elif isinstance(self.editor, ChoiceField):
            self.editor.show_value(str(value))
        elif isinstance(self.editor, QCheckBox):
            self.editor.setChecked(bool(value))
        elif isinstance(self.editor, TextField):
            self.editor.show_text(str(value))

    def refuse(self, sentence: str, value: object) -> None:
        """Say what is wrong, and show the value that stays; a text stays as it was typed, to be mended."""
        if not isinstance(self.editor, TextField):
            self.show_value(value)
        self.message.show_sentence(sentence)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.label.set_theme(theme)
        self.message.set_theme(theme)

    def _make_editor(self, row: Row) -> NumberField | ChoiceField | QCheckBox | TextField:
        if row.kind == "text":
            text = TextField(row.example)
            text.text_entered.connect(self._announce)
            return text
        if row.kind == "choice":
            choice = ChoiceField()
            choice.show_choices(row.choices)
            choice.name_chosen.connect(self._announce)
            return choice
        if row.kind == "switch":
            switch = QCheckBox()
            switch.clicked.connect(self._announce)
            return switch
        number = NumberField(row)
        number.number_entered.connect(self._announce)
        number.nonsense_entered.connect(self._refuse_nonsense)
        return number

    def _announce(self, value: object) -> None:
        self.value_entered.emit(self.row.path, value)

    def _refuse_nonsense(self, text: str) -> None:
        assert isinstance(self.editor, NumberField)
        old = self.editor.value
        self.refuse(self.tr("“{0}” is not a number; it stays {1}.").format(text, exact(old)), old)
