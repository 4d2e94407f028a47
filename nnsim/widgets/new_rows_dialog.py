"""The dialog of rows that the network never saw: what it says of each, what was done to have them, and why some are left out.

It is apart from the results, which are about the data of training. It refuses to read and to write files: it asks, and is shown.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from nnsim.picture.answered_rows import AnsweredRows
from nnsim.picture.palette import Theme
from nnsim.widgets.answered_model import AnsweredModel
from nnsim.widgets.captions import Caption, ElidedCaption, Message, scaled
from nnsim.widgets.rows_table import RowsTable

WIDE_PX, TALL_PX = 760, 520


class NewRowsDialog(QDialog):
    """``file_requested``, ``folder_requested``: others are to be predicted; ``save_requested``: these are to be written."""

    file_requested = Signal()
    folder_requested = Signal()
    save_requested = Signal()

    def __init__(self, takes_pictures: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new-rows")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Predict new rows"))
        self.name, self.summary = Caption("", 16, "ink", bold=True), ElidedCaption("", 13, "ink2")
        self.message = Message()
        self.notes = Caption("", 12.5, "ink2")
        self.notes.setWordWrap(True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.lines = AnsweredModel(self)
        self.table = RowsTable(self.lines, self.tr("New rows"), None, "0.000000")
        self.busy_line, self.progress = Caption("", 12.5, "ink2"), QProgressBar()
        self.progress.setTextVisible(False)
        self.file_button = QPushButton(self.tr("Choose a file…"))
        self.folder_button = QPushButton(self.tr("Choose a folder…"))
        self.folder_button.setToolTip(self.tr("All pictures in a folder"))
        self.folder_button.setVisible(takes_pictures)
        self.save_button, self.close_button = QPushButton(self.tr("Save as CSV…")), QPushButton(self.tr("Close"))
        self.file_button.clicked.connect(self._ask_for_file)
        self.folder_button.clicked.connect(self._ask_for_folder)
        self.save_button.clicked.connect(self._ask_to_save)
        self.close_button.clicked.connect(self.reject)
        self._lay_out()
        self.show_hint("")

    @property
    def is_busy(self) -> bool:
        """Whether it is said that something is being read or written."""
        return not self.busy_line.isHidden()

    def show_hint(self, sentence: str) -> None:
        """Nothing is predicted yet: say what can be."""
        self._show(None, self.tr("New rows"), "", (sentence,) if sentence else ())

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nobody knows how far it is."""
        self.busy_line.setText(sentence)
        self.message.show_sentence("")
        for widget in (self.busy_line, self.progress):
            widget.show()
        for button in (self.file_button, self.folder_button, self.save_button):
            button.setEnabled(False)

    def show_rows(self, name: str, answers: AnsweredRows) -> None:
        """Show what the network says of these rows."""
        self._show(answers, name, answers.summary, tuple(part for part in (*answers.notes, answers.left_out) if part))

    def show_failure(self, name: str, sentence: str) -> None:
        """Say why nothing could be predicted."""
        self._show(None, name, "", ())
        self.message.show_sentence(sentence)

    def show_unwritten(self, sentence: str) -> None:
        """Say why the rows on show could not be written."""
        self.message.show_sentence(sentence)

    def show_written(self, sentence: str) -> None:
        """Say where the rows on show were written."""
        self.message.show_sentence("")
        self.summary.setText(sentence)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for part in (self.name, self.summary, self.message, self.notes, self.busy_line, self.lines):
            part.set_theme(theme)

    def _show(self, answers: AnsweredRows | None, name: str, summary: str, notes: tuple[str, ...]) -> None:
        for widget in (self.busy_line, self.progress):
            widget.hide()
        for button in (self.file_button, self.folder_button):
            button.setEnabled(True)
        self.save_button.setEnabled(answers is not None)
        usual = self.file_button if answers is None else self.save_button
        usual.setDefault(True)
        usual.setFocus()
        self.message.show_sentence("")
        self.name.setText(name)
        self.summary.setText(summary)
        self.notes.setText("\n".join(f"{note[:1].upper()}{note[1:].rstrip('.')}." for note in notes))
        self.notes.setVisible(bool(notes))
        self.lines.show_rows(answers)
        self._answers_first()
        self.table.fit_columns()

    def _answers_first(self) -> None:
        """What the network says stands beside the row's number, and the row's own columns behind it."""
        header = self.table.horizontalHeader()
        sections = range(self.lines.columnCount())
        for goal, section in enumerate(sorted(sections, key=lambda each: each > 0 and 2 - self.lines.is_answer(each))):
            header.moveSection(header.visualIndex(section), goal)

    def _ask_for_file(self) -> None:
        self.file_requested.emit()

    def _ask_for_folder(self) -> None:
        self.folder_requested.emit()

    def _ask_to_save(self) -> None:
        self.save_requested.emit()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(scaled(12))
        head.addWidget(self.name)
        head.addWidget(self.summary, 1)
        told = QVBoxLayout()
        told.setSpacing(scaled(4))
        told.addWidget(self.busy_line)
        told.addWidget(self.progress)
        foot = QHBoxLayout()
        foot.setSpacing(scaled(8))
        for button in (self.file_button, self.folder_button):
            foot.addWidget(button)
        foot.addLayout(told, 1)
        for button in (self.close_button, self.save_button):
            foot.addWidget(button)
        for button in (self.file_button, self.folder_button, self.close_button, self.save_button):
            button.setAutoDefault(False)
            button.setMinimumHeight(scaled(32))
        self.save_button.setProperty("primary", True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(scaled(16), scaled(14), scaled(16), scaled(14))
        whole.setSpacing(scaled(10))
        whole.addLayout(head)
        whole.addWidget(self.message)
        whole.addWidget(self.notes)
        whole.addWidget(self.table, 1)
        whole.addLayout(foot)
        self.resize(scaled(WIDE_PX), scaled(TALL_PX))
