"""A line to type words in, and the words that the network reads of it, each at its place; those it does not know are marked.

It is apart from the probe's panel because typing has a rhythm of its own: a word is announced when it ends, by a space or a mark,
or when typing pauses. It refuses to guess.
"""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from nnsim.core.texts import OTHER
from nnsim.picture.context_words import Context, ContextWord
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.plot_area import sized

PAUSE_MS = 500
"""After so long without a key the last word counts as ended."""
MOST_LETTERS = 2000


class ContextStrip(QWidget):
    """The words of the context beside each other, and where the next one will stand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = THEMES["light"]
        self._words: tuple[ContextWord, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(scaled(200), scaled(44))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(100), scaled(44))

    def show_words(self, words: tuple[ContextWord, ...]) -> None:
        """Show these."""
        self._words = words
        said = ", ".join(f"{word.place}: {word.read}" for word in words)
        self.setAccessibleName(self.tr("The network reads {0}").format(said))
        self.setToolTip(self.accessibleName() if words else "")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._words:
            return
        gap, count = scaled(6), len(self._words) + 1
        wide = (self.width() - (count - 1) * gap) / count
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place, word in enumerate((*self._words, ContextWord(self.tr("next"), ""))):
                self._paint_word(painter, QRectF(place * (wide + gap) + 0.75, 0.75, wide - 1.5, self.height() - 1.5), word)

    def _paint_word(self, painter: QPainter, room: QRectF, word: ContextWord) -> None:
        theme, is_next = self._theme, not word.read
        painter.setPen(QPen(QColor(theme.line2 if word.is_known else theme.warn), 1.5,
                            Qt.PenStyle.DotLine if is_next else Qt.PenStyle.SolidLine))
        painter.setBrush(QColor(theme.base if word.is_known else theme.warn_bg))
        painter.drawRoundedRect(room, scaled(5), scaled(5))
        small, large = sized(self.font(), 10.5), sized(self.font(), 14, bold=not is_next)
        painter.setFont(small)
        painter.setPen(QColor(theme.ink3))
        painter.drawText(room.adjusted(0, scaled(3), 0, 0), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, word.place)
        painter.setFont(large)
        missing = word.read == OTHER
        painter.setPen(QColor(theme.ink3 if is_next or (missing and word.is_known) else theme.ink if word.is_known else theme.warn))
        text = (word.read or "?") if word.is_known else f"{word.typed}?"
        shown = QFontMetricsF(large).elidedText(text, Qt.TextElideMode.ElideRight, room.width() - scaled(6))
        painter.drawText(room.adjusted(0, 0, 0, -scaled(3)), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, shown)


class WordsLine(QWidget):
    """The line, and below it what is read of it."""

    words_typed = Signal(str)
    """All that stands in the line, whenever a word of it has ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setObjectName("probe-words")
        self.line.setMaxLength(MOST_LETTERS)
        self.line.setAccessibleName(self.tr("Words to go on from"))
        self.line.setPlaceholderText(self.tr("Type some words, such as: the cat"))
        self.line.setClearButtonEnabled(True)
        self.strip = ContextStrip(self)
        self.remark = Caption("", 12, "warn")
        self.remark.setWordWrap(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self._told = ""
        self.line.textEdited.connect(self._hear)
        self.line.textChanged.connect(self._hear_cleared)
        self.line.returnPressed.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(6))
        for part in (self.line, self.strip, self.remark):
            column.addWidget(part)

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self.line.text()

    def show_context(self, context: Context) -> None:
        """Show the words that are read."""
        self.strip.show_words(context.words)
        self.remark.setText(context.remark)
        self.remark.setVisible(bool(context.remark))

    def go_on_with(self, word: str, before: str) -> None:
        """Append a word to what was typed, or where nothing was to ``before``; and announce it."""
        start = self.text.rstrip() or before
        self.line.setText(f"{start} {word} ".lstrip())
        self._told = ""
        self._tell()

    def forget(self) -> None:
        """Clear the line without a word."""
        self._pause.stop()
        self._told = ""
        self.line.clear()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self.strip.set_theme(theme)
        self.remark.set_theme(theme)

    def _hear(self, text: str) -> None:
        if not text or not (text[-1].isalnum() or text[-1] in "'’-"):
            self._tell()
        else:
            self._pause.start()

    def _hear_cleared(self, text: str) -> None:
        """The button that clears the line is no typing."""
        if not text and self._told:
            self._tell()

    def _tell(self) -> None:
        self._pause.stop()
        if self.text != self._told:
            self._told = self.text
            self.words_typed.emit(self.text)
