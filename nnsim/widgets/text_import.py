"""A text of the user's own before the next word is learned from it: how many words are known, how many are read to guess the next.

Everything is filled in as proposed, so that Enter suffices. It refuses to count words: it asks, and is shown the answer.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from nnsim.engine.experiment import ExperimentError, WordsUse
from nnsim.files.table_choices import ENCODINGS
from nnsim.files.text_file import TextReading
from nnsim.picture.numbers import count, whole
from nnsim.picture.palette import Theme
from nnsim.picture.setting_row import Row
from nnsim.picture.settings import all_rows
from nnsim.widgets.captions import Caption, ElidedCaption, scaled
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.import_dialog import ImportDialog, in_a_row, labelled
from nnsim.widgets.number_field import NumberField

_NUMBERS = ("vocabulary", "context", "rows")


class TextImport(ImportDialog):
    """``plan()`` and ``plan_changed`` are a ``WordsUse``; ``reading_chosen`` is an encoding. ``table_wanted``: it is a table."""

    table_wanted = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setObjectName("text-import")
        self._use: WordsUse | None = None
        self._theme: Theme | None = None
        self.encoding, self.reason = ChoiceField(), ElidedCaption("", 11.5, "ink2")
        self.numbers = {name: NumberField(_row(name)) for name in _NUMBERS}
        self.described = Caption("", 13, "ink")
        self.table_button = QPushButton(self.tr("It is a table…"))
        self.examples = QGridLayout()
        self._fill()

    def show_text(self, reading: TextReading, use: WordsUse, choosable: bool = True) -> None:
        """Show how a text was read, and what is made of its words; ``choosable``: whether it can be read otherwise."""
        self.summary.setText(self.tr("{0} and sentence ends, {1} different").format(count(reading.words, self.tr("word")),
                                                                                 whole(reading.different)))
        self.encoding.show_value(reading.encoding)
        self.encoding.setEnabled(choosable)
        self.reason.setText(reading.reason or self.tr("as you chose"))
        self.show_use(use)

    def show_use(self, use: WordsUse) -> None:
        """Show what is made of the words."""
        self._use = use
        for name, field in self.numbers.items():
            field.show_value(getattr(use, name))

    def show_described(self, sentence: str, examples: Sequence[tuple[str, str]]) -> None:
        """Say what is known and read, with some (stretch, next word) of the text; it can be trained on."""
        self.described.setText(sentence)
        while (item := self.examples.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(stretch) for stretch, _ in examples), default=0)
        for line, (stretch, following) in enumerate(examples):
            read, guessed = Caption(stretch, 13, "ink2"), Caption(f"→  {following}", 13, "ink", bold=True)
            read.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            read.setMinimumWidth(min(widest, scaled(400)))
            for column, caption in enumerate((read, guessed)):
                if self._theme is not None:
                    caption.set_theme(self._theme)
                self.examples.addWidget(caption, line, column)
        self.show_ready()

    def plan(self) -> WordsUse:
        """What is made of the words, as it is chosen."""
        assert self._use is not None
        return self._use

    @property
    def has_text(self) -> bool:
        """Whether a text is on show."""
        return self._use is not None

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        super().set_theme(theme)

    def _choose_encoding(self, name: str) -> None:
        self.reading_chosen.emit(name)

    def _enter(self, value: float) -> None:
        name = next(name for name, field in self.numbers.items() if field is self.sender())
        row, field = _row(name), self.numbers[name]
        try:
            if not row.allows(value) or value != int(value):
                raise ExperimentError(self.tr("{0} may be {1}; it stays as it was.").format(row.title, row.range_text))
            use = self.plan().replace(**{name: int(value)})
        except ExperimentError as error:
            field.show_value(getattr(self.plan(), name))
            self.message.show_sentence(str(error))
            return
        self.show_use(use)
        self.show_busy(self.tr("Counting words…"))
        self.plan_changed.emit(use)

    def _fill(self) -> None:
        self.encoding.show_choices([(name, title, "") for name, title in ENCODINGS.items()])
        self.encoding.name_chosen.connect(self._choose_encoding)
        titles = {"vocabulary": self.tr("Words that are known"), "context": self.tr("Words that are read"),
                  "rows": self.tr("Stretches, 0: all")}
        for name, field in self.numbers.items():
            field.setToolTip(_row(name).tip)
            field.number_entered.connect(self._enter)
        self.body.addLayout(in_a_row([labelled(self.tr("Encoding"), self.encoding, self.reason),
                                      *(labelled(titles[name], field) for name, field in self.numbers.items())]))
        self.described.setWordWrap(True)
        self.body.addWidget(self.described)
        self.body.addWidget(Caption(self.tr("What is read, and what is to be guessed:"), 12, "ink2"))
        self.examples.setHorizontalSpacing(scaled(12))
        self.examples.setVerticalSpacing(scaled(4))
        self.examples.setColumnStretch(2, 1)
        self.body.addLayout(self.examples)
        self.body.addStretch(1)
        self.table_button.setAutoDefault(False)
        self.table_button.setToolTip(self.tr("Read it as rows and columns instead."))
        self.table_button.clicked.connect(self.table_wanted)
        self.body.addWidget(self.table_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.propose_size(760, 460)


def _row(name: str) -> Row:
    return next(row for row in all_rows() if row.path == f"data.words.{name}")
