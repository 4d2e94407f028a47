"""Small texts of docks: captions in a ratio of the application's font, and the sentence about a value that was refused.

They are apart because every dock has them. They refuse to choose a colour: a caption names a role and takes it from
a theme.
"""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QToolTip

from nnsim.picture.palette import Theme


def scaled(length_px: float) -> int:
    """A length of the design (for a font of 13 px) at the application's font."""
    return round(length_px * QFontInfo(QApplication.font()).pixelSize() / 13)


class Caption(QLabel):
    """A label whose size is a ratio of the application's font and whose colour is a role of the theme."""

    def __init__(self, text: str = "", size_px: float = 11.5, role: str = "ink3", bold: bool = False) -> None:
        super().__init__(text)
        self._size_px, self._role, self._bold = size_px, role, bold
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._follow_font()

    def set_theme(self, theme: Theme) -> None:
        """Take the colour of the role."""
        self.set_colour(getattr(theme, self._role))

    def set_colour(self, colour: str) -> None:
        """Take a colour, "#rrggbb"."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the application's font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._follow_font()

    def _follow_font(self) -> None:
        size = max(10, scaled(self._size_px))
        if self.font().pixelSize() != size or self.font().bold() != self._bold:
            font = QFont(QApplication.font())
            font.setPixelSize(size)
            font.setBold(self._bold)
            self.setFont(font)


class ElidedCaption(Caption):
    """A caption that ends in an ellipsis where there is no room for it; the tooltip has the whole."""

    def __init__(self, text: str = "", size_px: float = 11.5, role: str = "ink3") -> None:
        super().__init__(text, size_px, role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def text_on_show(self) -> str:
        """The text as it is painted."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())

    def event(self, event: QEvent) -> bool:
        """Pointing tells the whole where it is cut short."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.text_on_show() != self.text():
            whole = self.toolTip() if self.text() in self.toolTip() else f"{self.text()}\n{self.toolTip()}".strip()
            QToolTip.showText(event.globalPos(), whole, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the text as fits."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(self.rect(), self.alignment(), self.text_on_show())


class Message(QLabel):
    """A sentence in place about a value that was refused; takes no room while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAutoFillBackground(True)
        self.setMargin(scaled(4))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence, or with "" nothing."""
        self.setText(sentence)
        self.setVisible(bool(sentence))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a warning."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.warn_bg))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.warn))
        self.setPalette(palette)
