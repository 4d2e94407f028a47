"""A band under the position bar that says what went wrong, or what was found, and offers what to do. In place, no dialog."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from nnsim.picture.palette import THEMES, Theme, blend
from nnsim.widgets.icons import icon


class MessageBand(QFrame):
    """Hidden until ``say``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-band")
        self._theme, self._calm = THEMES["light"], False
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.setToolTip(self.tr("Close this message"))
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self._words, 1)
        row.addLayout(self._buttons)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What is said; empty while hidden."""
        return self._words.text() if not self.isHidden() else ""

    def say(self, sentence: str, remedies: tuple[tuple[str, Callable[[], None]], ...] = (), details: bool = False,
            calm: bool = False) -> None:
        """Show a sentence, with buttons for what can be done; ``details`` adds one that copies it. ``calm``: it is no trouble."""
        self._calm = calm
        self.set_theme(self._theme)
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for title, act in (*remedies, *(((self.tr("Copy details"), self._copy),) if details else ())):
            button = QPushButton(title)
            button.clicked.connect(act)
            self._buttons.addWidget(button)
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours: those of an error, or of furniture where nothing is wrong."""
        self._theme = theme
        edge = theme.ink2 if self._calm else theme.error
        ground = theme.panel if self._calm else blend(theme.base, theme.error, 0.1)
        if theme.name == "high-contrast":
            ground = theme.base
        self.setStyleSheet(f"#message-band {{ background: {ground}; border: none; border-left: 5px solid {edge}; }}"
                           f"#message-band QLabel {{ color: {theme.ink}; }}")
        self._close.setIcon(icon("close", theme.ink2))
        self._close.setIconSize(QSize(14, 14))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._words.text())
