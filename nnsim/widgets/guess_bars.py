"""Guesses as bars: what a network takes a sample for, each with its name, its share and per cent; the numbers are one hover away.

It is apart because classes and next words are told alike. A word can be chosen by a click or a key; a class cannot. It refuses to
sort.
"""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from nnsim.picture import numbers
from nnsim.picture.class_shares import ClassShare
from nnsim.picture.palette import THEMES, Theme
from nnsim.widgets.captions import scaled
from nnsim.widgets.plot_area import sized

NAMES, PER_CENT = 0.42, "100.0 %"


class GuessRow(QAbstractButton):
    """One guess."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = THEMES["light"]
        self._guess = ClassShare("", 0.0, False)
        self._choosable = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(scaled(200), scaled(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(120), scaled(24))

    def show_guess(self, guess: ClassShare, choosable: bool) -> None:
        """Show a guess; one that is ``choosable`` is a button."""
        self._guess, self._choosable = guess, choosable
        self.setText(guess.name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if choosable else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if choosable else Qt.CursorShape.ArrowCursor)
        told = f"{guess.name}: {numbers.percent(guess.share)}"
        self.setAccessibleName(told)
        whole = self.tr("{0} (probability {1})").format(told, numbers.exact(guess.share))
        self.setToolTip(self.tr("{0}\nClick to append this word").format(whole) if choosable else whole)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, guess = self._theme, self._guess
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            room, gap = self.rect().toRectF(), scaled(6)
            if self._choosable and self.underMouse():
                painter.fillRect(room, QColor(theme.control if theme.control != theme.panel else theme.window))
            font = sized(self.font(), 13, bold=guess.best)
            plain = QFontMetricsF(sized(self.font(), 12.5, bold=True)).horizontalAdvance(PER_CENT)
            names = NAMES * room.width() - gap
            self._paint_name(painter, QRectF(gap, 0, names - gap, room.height()), font)
            left, width = names + gap, max(room.width() - names - plain - 3 * gap, 4.0)
            high = room.height() * 0.44
            ground = QRectF(left, (room.height() - high) / 2, width, high)
            painter.setPen(QPen(QColor(theme.line2), 1))
            painter.setBrush(QColor(theme.base))
            painter.drawRect(ground)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.pos))
            painter.drawRect(QRectF(left, ground.top(), width * min(max(guess.share, 0.0), 1.0), high))
            painter.setFont(sized(self.font(), 12.5, bold=guess.best))
            painter.setPen(QColor(theme.ink if guess.best else theme.ink2))
            painter.drawText(QRectF(ground.right() + gap, 0, plain + gap, room.height()),
                             Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, numbers.percent(round(guess.share, 3)))
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(theme.focus), 2))
                painter.drawRect(room.adjusted(1, 1, -1, -1))

    def _paint_name(self, painter: QPainter, room: QRectF, font: QFont) -> None:
        theme, guess = self._theme, self._guess
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        tag = self.tr("true") if guess.true else ""
        small = QFontMetricsF(sized(self.font(), 11))
        own = small.horizontalAdvance(tag) + scaled(8) if tag else 0.0
        name = metrics.elidedText(guess.name, Qt.TextElideMode.ElideRight, max(room.width() - own, 10))
        painter.setPen(QColor(theme.ink if guess.best else theme.ink2))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        if tag:
            painter.setFont(sized(self.font(), 11))
            painter.setPen(QColor(theme.loss))
            beside = room.adjusted(metrics.horizontalAdvance(name) + scaled(6), 0, scaled(6), 0)
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, tag)


class GuessBars(QWidget):
    """The guesses, one below the other."""

    name_chosen = Signal(str)
    """The name of a guess that was clicked, where guesses can be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("guess-bars")
        self._theme = THEMES["light"]
        self._choosable = False
        self.rows: list[GuessRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_guesses(self, guesses: tuple[ClassShare, ...], choosable: bool = False) -> None:
        """Show guesses, in their order; ``choosable``: a click on one announces it."""
        self._choosable = choosable
        while len(self.rows) < len(guesses):
            row = GuessRow(self)
            row.set_theme(self._theme)
            row.clicked.connect(self._choose)
            self._column.addWidget(row)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(guesses))
            if place < len(guesses):
                row.show_guess(guesses[place], choosable)
        self.setVisible(bool(guesses))

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        for row in self.rows:
            row.set_theme(theme)

    def _choose(self) -> None:
        row = self.sender()
        if self._choosable and isinstance(row, GuessRow):
            self.name_chosen.emit(row.text())
