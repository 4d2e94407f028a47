"""Warnings about a neuron, each a sentence in place; nothing where there is nothing to warn of.

It is apart because the inspector shows it for neurons and for edges. It refuses to judge.
"""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnsim.picture.health import Warning
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import Message, scaled


class WarningList(QWidget):
    """Sentences, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(scaled(4))
        self._messages: list[Message] = []
        self._theme = THEMES["light"]

    def show_warnings(self, warnings: tuple[Warning, ...]) -> None:
        """Show these."""
        while len(self._messages) < len(warnings):
            message = Message()
            message.set_theme(self._theme)
            self._column.addWidget(message)
            self._messages.append(message)
        for place, message in enumerate(self._messages):
            message.show_sentence(warnings[place].sentence if place < len(warnings) else "")
        self.setVisible(bool(warnings))

    def sentences(self) -> list[str]:
        """What is on show."""
        return [message.text() for message in self._messages if message.text()]

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        for message in self._messages:
            message.set_theme(theme)
