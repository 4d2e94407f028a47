"""How well a network guesses next words: its scores beside those of guessing without it, and stretches that it never learned from.

It takes the place of a table of all words, of which nobody could read anything. It refuses to score: a study brings the numbers.
"""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.words_study import Example, WordsStudy
from nnsim.picture import numbers
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.word_scores import WAYS, score_table
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.plot_area import sized


class ExampleRow(QAbstractButton):
    """One stretch: the words before, the true word, and the guess. A click makes it the probe."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = THEMES["light"]
        self.example: Example | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(scaled(220), scaled(24))

    def show_example(self, example: Example) -> None:
        """Show a stretch."""
        self.example = example
        before = " ".join(example.before)
        self.setAccessibleName(self.tr("{0}: {1}; guessed {2}").format(before, example.answer, self._said(example)))
        self.setToolTip(self.tr("{0} → {1}: number {2} of its guesses, with {3}. Click to look at it in the diagram").format(
            before, example.answer, example.rank, numbers.percent(example.answer_share)))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.example is None:
            return
        theme, example, gap = self._theme, self.example, scaled(6)
        right = example.guess == example.answer
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            plain, bold = sized(self.font(), 13), sized(self.font(), 13, bold=True)
            said = self._said(example)
            wide = min(QFontMetricsF(bold).horizontalAdvance(said), 0.5 * self.width())
            room = QRectF(gap, 0, self.width() - wide - 4 * gap, self.height())
            answer = QFontMetricsF(bold).horizontalAdvance(example.answer)
            painter.setFont(plain)
            painter.setPen(QColor(theme.ink2))
            before = QFontMetricsF(plain).elidedText(" ".join(example.before), Qt.TextElideMode.ElideLeft,
                                                     max(room.width() - answer - gap, scaled(20)))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, before)
            painter.setFont(bold)
            painter.setPen(QColor(theme.ink))
            after = room.adjusted(QFontMetricsF(plain).horizontalAdvance(before) + gap, 0, 0, 0)
            painter.drawText(after, Qt.AlignmentFlag.AlignVCenter,
                             QFontMetricsF(bold).elidedText(example.answer, Qt.TextElideMode.ElideRight, after.width()))
            painter.setFont(bold if right else plain)
            painter.setPen(QColor(theme.pos_ink if right else theme.neg_ink))
            painter.drawText(QRectF(self.width() - wide - gap, 0, wide, self.height()), Qt.AlignmentFlag.AlignVCenter, said)
            if self.hasFocus():
                painter.setPen(QPen(QColor(theme.focus), 2))
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    @staticmethod
    def _said(example: Example) -> str:
        sign = "✓" if example.guess == example.answer else "✗"
        return f"{sign} {example.guess} {numbers.percent(round(example.share, 2))}"


class NextWordView(QWidget):
    """The scores, and the stretches below."""

    row_chosen = Signal(int)
    """The row number, in the data set, of a stretch that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("next-word-view")
        self._theme = THEMES["light"]
        self.study: WordsStudy | None = None
        self.caption = Caption("", 12, "ink2")
        self.caption.setWordWrap(True)
        self.title = Caption(self.tr("Stretches held out, and the guess"), 12.5, "ink", bold=True)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(scaled(1))
        self._grid.setHorizontalSpacing(scaled(4))
        self._grid.setColumnStretch(1, 1)
        self.cells: list[list[Caption]] = []
        self._heads = [Caption(self.tr(name), 11.5, "ink3") for name, _ in WAYS]
        for place, (head, (_, tip)) in enumerate(zip(self._heads, WAYS, strict=True)):
            head.setToolTip(self.tr(tip))
            self._grid.addWidget(head, 0, place + 2, Qt.AlignmentFlag.AlignRight)
        self.rows: list[ExampleRow] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        inner = QWidget(self)
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(scaled(8), scaled(4), scaled(4), scaled(8))
        whole.setSpacing(scaled(4))
        whole.addLayout(self._grid)
        whole.addWidget(self.caption)
        whole.addWidget(self.title)
        whole.addLayout(self._column)
        whole.addStretch(1)
        area = QScrollArea(self)
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self._show()

    def show_frame(self, frame: Frame) -> None:
        """Keep only what was found for this network and these data."""
        study = self.study
        if study is not None and (study.network != frame.network or study.dataset is not frame.dataset):
            self.study = None
            self._show()

    def show_study(self, study: WordsStudy) -> None:
        """Show what was found."""
        self.study = study
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        for caption in (self.caption, self.title, *self._heads, *(each for line in self.cells for each in line)):
            caption.set_theme(theme)
        for row in self.rows:
            row.set_theme(theme)

    def _show(self) -> None:
        study = self.study
        table = score_table(study) if study is not None else None
        lines = table.rows if table is not None else ()
        self.caption.setText(self.tr("The scores are being computed…") if table is None else table.caption)
        for head in self._heads:
            head.setVisible(bool(lines))
        while len(self.cells) < len(lines):
            self._add_line()
        for place, line in enumerate(self.cells):
            for caption in line:
                caption.setVisible(place < len(lines))
            if place < len(lines):
                row = lines[place]
                is_first = place == 0 or lines[place - 1].part != row.part
                texts = (self.tr(row.part) if is_first else "", self.tr(row.measure), *row.texts)
                for caption, text in zip(line, texts, strict=True):
                    caption.setText(text)
                    caption.setToolTip(self.tr(row.tip))
                for way, caption in enumerate(line[2:]):
                    font = caption.font()
                    font.setUnderline(way == row.best)
                    caption.setFont(font)
        self._show_examples(study.examples if study is not None else ())

    def _show_examples(self, examples: tuple[Example, ...]) -> None:
        self.title.setVisible(bool(examples))
        while len(self.rows) < len(examples):
            row = ExampleRow(self)
            row.set_theme(self._theme)
            row.clicked.connect(self._choose)
            self._column.addWidget(row)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(examples))
            if place < len(examples):
                row.show_example(examples[place])

    def _add_line(self) -> None:
        place = len(self.cells) + 1
        line = [Caption("", 12, "ink", bold=True), Caption("", 12, "ink2"), Caption("", 12.5, "ink", bold=True),
                Caption("", 12, "ink2"), Caption("", 12, "ink2")]
        for column, caption in enumerate(line):
            caption.set_theme(self._theme)
            side = Qt.AlignmentFlag.AlignLeft if column < 2 else Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(caption, place, column, side)
        self.cells.append(line)

    def _choose(self) -> None:
        row = self.sender()
        if isinstance(row, ExampleRow) and row.example is not None:
            self.row_chosen.emit(row.example.row)
