"""The probe: choose the sample that diagram and equations show, or type, draw or write one and see the outputs at once.

It is apart from the inspector, which is about a place in the network. It refuses to compute: a choice is announced, and the next
frame brings its numbers.
"""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QToolButton, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame
from nnsim.engine.probe import Probe
from nnsim.picture import numbers
from nnsim.picture.context_words import Context, context_read, context_typed, text_of, words_of_inputs
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.pixels import picture_pixels
from nnsim.picture.probe_picture import ProbePicture, probe_picture
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.guess_bars import GuessBars
from nnsim.widgets.icons import icon
from nnsim.widgets.picture_probe import PictureProbe
from nnsim.widgets.probe_inputs import InputsTable
from nnsim.widgets.words_line import WordsLine

MOST_OUTPUTS = 12


class ProbePanel(QWidget):
    """The panel, with what fits the data: a table of numbers, a drawing pad, a line for words."""

    probe_chosen = Signal(object)
    """A ``Probe``, or None to follow training again."""
    drawn = Signal(object)
    """The ``Drawing`` on the pad."""
    file_given = Signal(str)
    """The path of a picture that was dropped."""
    picture_given = Signal(object)
    """A ``QImage`` that was dropped or pasted."""
    words_typed = Signal(str)
    """All words that were typed, when one has ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probe-panel")
        self._picture: ProbePicture | None = None
        self._frame: Frame | None = None
        self._theme = THEMES["light"]
        self.name = Caption("", 15, "ink", bold=True)
        self.name.setWordWrap(True)
        self.follow = QPushButton(self.tr("Follow training"))
        self.follow.setObjectName("probe-follow")
        self.follow.setToolTip(self.tr("Show the sample under the cursor again"))
        self.follow.clicked.connect(self._follow)
        self.row = QSpinBox()
        self.row.setObjectName("probe-row")
        self.row.setAccessibleName(self.tr("Row of the data"))
        self.row.setMinimum(1)
        self.row.setKeyboardTracking(False)
        self.row.valueChanged.connect(self._choose_row)
        self.of_rows = Caption("", 13, "ink2")
        self.earlier, self.later = self._arrow(self.tr("Row before"), -1), self._arrow(self.tr("Row after"), 1)
        self.inputs = InputsTable()
        self.inputs.rows.inputs_typed.connect(self._type_inputs)
        self.drawing, self.words, self.guesses = PictureProbe(self), WordsLine(self), GuessBars(self)
        self.drawing.pad.drawn.connect(self.drawn)
        self.drawing.pad.cleared.connect(self._follow)
        self.drawing.pad.file_given.connect(self.file_given)
        self.drawing.pad.picture_given.connect(self.picture_given)
        self.words.words_typed.connect(self.words_typed)
        self.guesses.name_chosen.connect(self._append)
        self.outputs = QGridLayout()
        self.outputs.setVerticalSpacing(scaled(2))
        self.outputs.setColumnStretch(0, 1)
        self._lines: list[tuple[Caption, Caption, Caption]] = []
        self.sentence = Caption("", 13, "ink2")
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self._lay_out()

    def _lay_out(self) -> None:
        head, chooser = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.follow)
        row_label = QLabel(self.tr("Ro&w"))
        row_label.setBuddy(self.row)
        for widget in (row_label, self.earlier, self.row, self.later, self.of_rows):
            chooser.addWidget(widget)
        chooser.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(scaled(12), scaled(8), scaled(12), scaled(12))
        whole.setSpacing(scaled(8))
        whole.addLayout(head)
        whole.addWidget(self.drawing)
        whole.addWidget(self.words)
        whole.addWidget(self.guesses)
        whole.addLayout(chooser)
        whole.addWidget(self.sentence)
        whole.addLayout(self.outputs)
        whole.addWidget(self.inputs, 1)
        whole.addStretch(0)
        for part in (self.drawing, self.words, self.guesses):
            part.hide()

    def show_frame(self, frame: Frame) -> None:
        """Show the probe of a frame, or the sample that training is at."""
        found = probe_picture(frame)
        self._frame = frame
        if found == self._picture:
            return
        self._picture = found
        self.name.setText(self.tr("Probe: {0}").format(found.name) if found.probe else self.tr("Training: {0}").format(found.name))
        self.follow.setEnabled(found.probe is not None)
        self.row.blockSignals(True)
        self.row.setMaximum(found.rows)
        if found.row is not None:
            self.row.setValue(found.row + 1)
        self.row.blockSignals(False)
        self.of_rows.setText(self.tr("of {0}").format(numbers.whole(found.rows)))
        self._show_inputs(found, frame)
        self._show_outputs(found)
        self.sentence.setText(found.sentence)

    def forget_typed(self) -> None:
        """Another sample was chosen: what was drawn or typed is not on show any more."""
        self.drawing.pad.forget()
        self.words.forget()

    def show_picture(self, picture: QImage) -> None:
        """Show a picture that was dropped or pasted on the pad."""
        self.drawing.pad.show_picture(picture)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        for part in (self.drawing, self.words, self.guesses):
            part.set_theme(theme)
        if self._frame is not None and self._picture is not None:
            self._show_inputs(self._picture, self._frame)
        for caption in (self.name, self.of_rows, self.sentence, *(each for line in self._lines for each in line)):
            caption.set_theme(theme)
        self.earlier.setIcon(icon("previous", theme.ink2))
        self.later.setIcon(icon("next", theme.ink2))

    def _show_inputs(self, found: ProbePicture, frame: Frame) -> None:
        """In the way that fits them: as a picture, as words, or as a table of numbers, which a picture has besides."""
        self.drawing.setVisible(found.kind == "picture")
        self.words.setVisible(found.kind == "words")
        self.inputs.setVisible(found.kind != "words")
        if found.kind == "words":
            self.words.show_context(self._context(found, frame))
            return
        if found.kind == "picture":
            self.drawing.show_pixels(picture_pixels(np.array(found.inputs), frame.dataset, self._theme))
        self.inputs.rows.show_inputs(found.input_names, found.inputs)

    def _context(self, found: ProbePicture, frame: Frame) -> Context:
        data = frame.experiment.data
        if found.row is not None:
            return context_read(data, np.array(found.inputs))
        return context_typed(data, self.words.text if found.probe is not None else "")

    def _append(self, word: str) -> None:
        """Go on with a guess: after what was typed, or after the words of the row on show."""
        found, frame = self._picture, self._frame
        if found is not None and frame is not None:
            is_row = found.row is not None
            before = text_of(words_of_inputs(frame.experiment.data, np.array(found.inputs))) if is_row else ""
            self.words.go_on_with(word, before)

    def _show_outputs(self, found: ProbePicture) -> None:
        self.guesses.show_guesses(found.shares, found.kind == "words")
        # shares say the same in a way that can be read at a glance
        shown = () if found.shares else found.outputs[:MOST_OUTPUTS]
        while len(self._lines) < len(shown):
            line = Caption("", 13, "ink2"), Caption("", 15, "ink", bold=True), Caption("", 13, "ink2")
            for column, caption in enumerate(line):
                caption.set_theme(self._theme)
                side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
                self.outputs.addWidget(caption, len(self._lines), column, side)
            self._lines.append(line)
        for place, line in enumerate(self._lines):
            for caption in line:
                caption.setVisible(place < len(shown))
            if place < len(shown):
                output = shown[place]
                name, value, target = line
                name.setText(f"▸ {output.name}" if output.best else output.name)
                text = numbers.fixed(output.value)
                value.setText(text)
                value.setToolTip(numbers.in_full(text, output.value))
                target.setText("" if output.target is None else self.tr("target {0}").format(numbers.exact(output.target)))

    def _arrow(self, name: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setAutoRaise(True)
        button.setMinimumSize(scaled(26), scaled(26))
        button.clicked.connect(self._row_before if step < 0 else self._row_after)
        return button

    def _row_before(self) -> None:
        self._go(-1)

    def _row_after(self) -> None:
        self._go(1)

    def _go(self, step: int) -> None:
        found = self._picture
        if found is not None:
            here = found.row if found.row is not None else self.row.value() - 1
            self.probe_chosen.emit(Probe((here + step) % found.rows))

    def _choose_row(self, number: int) -> None:
        self.probe_chosen.emit(Probe(number - 1))

    def _type_inputs(self, inputs: tuple[float, ...]) -> None:
        self.probe_chosen.emit(Probe(inputs=inputs))

    def _follow(self) -> None:
        self.probe_chosen.emit(None)
