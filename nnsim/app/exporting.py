"""Writing tables of predictions as CSV files, off the window's thread, since one may have 100,000 rows.

It is apart because the results and new rows are written the same way. It refuses to write two tables at once, and to give one up:
a window that closes waits until the file is whole.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from nnsim.app.reading_thread import ReadingThread
from nnsim.files.picture_folder import OnProgress
from nnsim.files.predictions import Lines, TooManyCellsError, Value, write_predictions
from nnsim.files.table_choices import TableError
from nnsim.picture import numbers

LONG_ROWS = 20_000
"""With so many rows it is said how far it is."""


class Exporting(QObject):
    """``written(sentence)``: where, and how many rows; ``failed(sentence)``: why not; ``said(sentence)``: how far it is."""

    written = Signal(str)
    failed = Signal(str)
    said = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._writer = ReadingThread(self)
        self._path, self._rows = Path(), 0
        self._writer.done.connect(self._tell_written)
        self._writer.failed.connect(self._tell_failure)
        self._writer.progressed.connect(self._tell_progress)

    @property
    def is_busy(self) -> bool:
        """Whether a table is being written."""
        return self._writer.is_busy

    def ask(self, parent: QWidget, title: str, proposed: Path) -> Path | None:
        """Ask where to; None for nowhere."""
        name, _ = QFileDialog.getSaveFileName(parent, title, str(proposed), self.tr("Tables (*.csv)"))
        if not name:
            return None
        path = Path(name)
        return path if path.suffix.lower() == ".csv" else path.with_name(f"{path.name}.csv")

    def write(self, path: Path, lines: Lines) -> None:
        """Begin to write these lines."""
        if self.is_busy:
            self.failed.emit(self.tr('"{0}" is still being written: wait a moment.').format(self._path.name))
            return
        self._path, self._rows = path, len(lines)
        self._writer.read(lambda on_progress: _write(path, lines, on_progress))

    def end(self) -> None:
        """The window closes: wait until the file is whole."""
        self._writer.end()

    @Slot(object)
    def _tell_written(self, _: object) -> None:
        self.written.emit(self.tr("{0} written to {1}").format(
            numbers.count(self._rows, self.tr("row"), self.tr("rows")), str(self._path)))

    @Slot(object)
    def _tell_failure(self, error: Exception) -> None:
        if isinstance(error, OSError):
            self.failed.emit(self.tr('"{0}" could not be written: {1}. Choose another folder.').format(
                self._path.name, error.strerror or str(error)))
        else:
            self.failed.emit(str(error))

    @Slot(int, int)
    def _tell_progress(self, done: int, total: int) -> None:
        if done < total:
            self.said.emit(self.tr("Writing {0}: row {1} of {2}…").format(
                self._path.name, numbers.whole(done), numbers.whole(total)))


class _Counted:
    """Lines that tell how many of them were written."""

    def __init__(self, lines: Lines, on_progress: OnProgress) -> None:
        self._lines, self._on_progress, self.names = lines, on_progress, lines.names

    def __len__(self) -> int:
        return len(self._lines)

    def values(self, place: int) -> Sequence[Value]:
        self._on_progress(place + 1, len(self._lines))
        return self._lines.values(place)


def _write(path: Path, lines: Lines, on_progress: OnProgress) -> None:
    """Write them all. Raises OSError; TableError for too many."""
    try:
        write_predictions(path, _Counted(lines, on_progress) if len(lines) >= LONG_ROWS else lines)
    except TooManyCellsError as error:
        raise TableError(str(error)) from error
