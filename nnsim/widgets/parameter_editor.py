"""One weight or bias, large: its value now, old and new during the update, and a field to type another.

It is apart because the inspector has it for edges and for biases. It refuses to change anything: a typed value is an intent.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from nnsim.picture import numbers
from nnsim.picture.inspection import Parameter
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import Caption, Message, scaled
from nnsim.widgets.number_field import parse
from nnsim.widgets.scrubber import Scrubber


class ParameterEditor(QWidget):
    """``parameter_edited(target, value)`` when another value was typed."""

    parameter_edited = Signal(object, float)

    def __init__(self, heading: str = "", size_px: float = 20) -> None:
        super().__init__()
        self._parameter: Parameter | None = None
        self._dragged: float | None = None
        """The value dragged to, until a frame comes that has it."""
        self.heading = Caption(heading, 13, "ink2")
        self._title = heading
        self.before, self.arrow = Caption("", size_px, "ink", bold=True), Caption("→", size_px - 3, "ink3")
        self.now = Caption("", size_px, "ink", bold=True)
        self._theme = THEMES["light"]
        self.button = QPushButton(self.tr("Type a value"))
        self.field = QLineEdit()
        self.scrubber = Scrubber()
        self.message = Message()
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        for label in (self.heading, self.before, self.now):
            label.setTextInteractionFlags(selectable)
            label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.field.setAccessibleName(self.tr("New value"))
        self._lay_out(bool(heading))
        self._close()
        self.button.clicked.connect(self._open)
        self.scrubber.changed_by.connect(self._drag)
        self.field.returnPressed.connect(self._commit)
        cancel = QAction(self)
        cancel.setShortcut(QKeySequence(Qt.Key.Key_Escape))
        cancel.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        cancel.triggered.connect(self._close)
        self.field.addAction(cancel)

    def set_title(self, title: str) -> None:
        """What the parameter is called, from the next one on."""
        self._title = title

    def show_parameter(self, parameter: Parameter) -> None:
        """Show a parameter; what is being typed for the same one stays."""
        if self._parameter is not None and parameter.target != self._parameter.target:
            self._close()
            self._dragged = None
        if self._dragged is not None and parameter.value == self._dragged:
            self._dragged = None
        self._parameter = parameter
        self.heading.setText(self.tr("{0}  (held: {1})").format(self._title, parameter.held) if parameter.held else self._title)
        changed = parameter.before is not None
        self._show_number(self.now, parameter.value)
        if parameter.before is not None:
            self._show_number(self.before, parameter.before)
        self.before.setVisible(changed)
        self.arrow.setVisible(changed)
        self.now.set_colour(self._theme.update if changed else self._theme.sign_ink(parameter.value))

    def _show_number(self, caption: Caption, value: float) -> None:
        caption.setText(numbers.fixed(value, 4))
        caption.setToolTip(numbers.in_full(caption.text(), value))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        self.message.set_theme(theme)
        self.scrubber.set_theme(theme)
        for caption in (self.heading, self.before, self.arrow, self.now):
            caption.set_theme(theme)
        if self._parameter is not None:
            self.show_parameter(self._parameter)

    def set_held(self, held: bool) -> None:
        """Whether the value cannot be changed now."""
        for widget in (self.button, self.field, self.scrubber):
            widget.setEnabled(not held)

    def _drag(self, difference: float) -> None:
        if self._parameter is None:
            return
        # frames may come later than the hand moves: each move goes on from where the last one ended
        here = self._parameter.value if self._dragged is None else self._dragged
        self._dragged = round(here + difference, 6)
        self.parameter_edited.emit(self._parameter.target, self._dragged)

    def _open(self) -> None:
        if self._parameter is None:
            return
        self.field.setText(numbers.exact(self._parameter.value))
        self.button.hide()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _close(self) -> None:
        if self.field.hasFocus():
            self.button.show()
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.hide()
        self.message.show_sentence("")
        self.button.show()

    def _commit(self) -> None:
        assert self._parameter is not None
        value = parse(self.field.text())
        if value is None:
            self.message.show_sentence(self.tr("“{0}” is not a finite number; it stays {1}.").format(
                self.field.text(), numbers.exact(self._parameter.value)))
            return
        self._close()
        if value != self._parameter.value:
            self.parameter_edited.emit(self._parameter.target, value)

    def _lay_out(self, has_heading: bool) -> None:
        head, line = QHBoxLayout(), QHBoxLayout()
        for layout in (head, line):
            layout.setSpacing(scaled(8))
        head.addWidget(self.heading, 1)
        head.addWidget(self.button)
        head.addWidget(self.field)
        self.field.setMaximumWidth(scaled(150))
        for widget in (self.before, self.arrow, self.now):
            line.addWidget(widget)
        line.addWidget(self.scrubber, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(scaled(4))
        whole.addLayout(head)
        whole.addLayout(line)
        whole.addWidget(self.message)
