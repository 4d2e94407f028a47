"""What the results lead to: the table of predictions as a file, and what the network says of rows that it never saw.

It is apart from the file commands, which are about documents. It refuses to read, predict or write on the window's own thread.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from nnsim.app.exporting import Exporting
from nnsim.app.import_flow import told
from nnsim.app.new_row_reading import answer_file
from nnsim.app.reading_thread import ReadingThread
from nnsim.files.picture_reading import SUFFIXES as PICTURE_SUFFIXES
from nnsim.files.tables import SUFFIXES as TABLE_SUFFIXES
from nnsim.picture.answered_rows import AnsweredRows
from nnsim.picture.context_words import is_text
from nnsim.widgets.new_rows_dialog import NewRowsDialog

if TYPE_CHECKING:
    from nnsim.app.main_window import MainWindow


class ResultsCommands(QObject):
    """What the results panel asks for, for one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._panel = window, window.display.results
        self.dialog: NewRowsDialog | None = None
        """The dialog of new rows, while it stands there."""
        self._path = Path()
        self._answers: AnsweredRows | None = None
        self._exporting, self._reader = Exporting(self), ReadingThread(self)
        self._reader.done.connect(self._take)
        self._reader.failed.connect(self._fail)
        self._exporting.said.connect(window.status.say)
        self._exporting.written.connect(self._say_written)
        self._exporting.failed.connect(self._say_unwritten)
        self._panel.export_requested.connect(self.export)
        self._panel.predict_requested.connect(self.predict)
        self._panel.wants_changed.connect(self.show_present)

    def end(self) -> None:
        """The window closes: what is written is written to its end, and nothing is read any more."""
        self._exporting.end()
        self._reader.end()

    @Slot()
    def show_present(self, _: object = None) -> None:
        """The panel may have come into sight, and was shown no frames behind its tab."""
        shown = self._panel.results
        if shown is None or shown.predictions.frame is not self._window.frame:
            self._window.display.show_results()
        self._window.frames.ask()

    @Slot()
    def export(self) -> None:
        """Ask for a file, and write the predictions on show."""
        self._window.playing.pause()
        path = self._exporting.ask(self._window, self.tr("Export the predictions"), self._folder() / self._name("predictions"))
        found = self._panel.results
        if path is not None and found is not None:
            self._window.status.say(self.tr("Writing {0}…").format(path.name))
            self._exporting.write(path, found.predictions)

    @Slot()
    def predict(self) -> None:
        """Ask for new rows, and show what the network says of them."""
        self._window.playing.pause()
        frame = self._window.frame
        if is_text(frame.experiment.data):
            dock = self._window.docks.docks["probe"]
            dock.show()
            dock.raise_()
            self._window.status.say(self.tr("This network reads words: type some in the Probe panel, and see what it expects."))
        elif frame.dataset.picture is not None:
            self._open_dialog().show_hint(self.tr(
                "Choose a picture, or a folder of them. They are brought to the size of the training pictures, {0} × {1}. A table "
                "with a column for every input will do as well.").format(*frame.dataset.picture))
        else:
            self._choose_file()

    # new rows

    def _open_dialog(self) -> NewRowsDialog:
        if self.dialog is None:
            self.dialog = NewRowsDialog(self._window.frame.dataset.picture is not None, self._window)
            self.dialog.set_theme(self._window.display.theme)
            self.dialog.file_requested.connect(self._choose_file)
            self.dialog.folder_requested.connect(self._choose_folder)
            self.dialog.save_requested.connect(self._save)
            self.dialog.finished.connect(self._forget)
            self.dialog.open()
        return self.dialog

    @Slot()
    def _choose_file(self) -> None:
        kinds = [self._kind(self.tr("Tables"), TABLE_SUFFIXES)]
        if self._window.frame.dataset.picture is not None:
            kinds.insert(0, self._kind(self.tr("Pictures"), sorted(PICTURE_SUFFIXES)))
        name, _ = QFileDialog.getOpenFileName(self.dialog or self._window, self.tr("Predict new rows"), str(self._folder()),
                                              ";;".join(kinds))
        if name:
            self._read(Path(name))

    @Slot()
    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self.dialog or self._window, self.tr("Predict new pictures"), str(self._folder()))
        if name:
            self._read(Path(name))

    def _read(self, path: Path) -> None:
        self._path, self._answers = path, None
        self._open_dialog().show_busy(self.tr("Reading {0}…").format(path.name))
        frame = self._window.frame
        self._reader.read(lambda _: answer_file(path, frame))

    @Slot(object)
    def _take(self, answers: object) -> None:
        if self.dialog is not None and isinstance(answers, AnsweredRows):
            self._answers = answers
            self.dialog.show_rows(self._path.name, answers)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        if self.dialog is not None:
            self.dialog.show_failure(self._path.name, told(error, self._path.name))

    @Slot()
    def _save(self) -> None:
        if self.dialog is None or self._answers is None:
            return
        path = self._exporting.ask(self.dialog, self.tr("Save the predictions"),
                                   self._path.with_name(f"{self._path.stem}-predicted.csv"))
        if path is not None:
            self._exporting.write(path, self._answers)

    @Slot()
    def _forget(self) -> None:
        self._reader.cancel()
        self.dialog = self._answers = None

    # what is written

    @Slot(str)
    def _say_written(self, sentence: str) -> None:
        self._window.status.say(sentence)
        if self.dialog is not None:
            self.dialog.show_written(sentence)

    @Slot(str)
    def _say_unwritten(self, sentence: str) -> None:
        if self.dialog is not None:
            self.dialog.show_unwritten(sentence)
        else:
            self._window.band.say(sentence)

    def _folder(self) -> Path:
        path = self._window.document.path
        return path.parent if path else Path.home()

    def _name(self, what: str) -> str:
        return f"{Path(self._window.document.title).stem}-{what}.csv"

    @staticmethod
    def _kind(title: str, suffixes: tuple[str, ...] | list[str]) -> str:
        return f"{title} ({' '.join(f'*{suffix}' for suffix in suffixes)})"
