"""Saving a batch's steps: as a worksheet to print, to fill in or with its answers, or as a table for other programs.

It is apart from the file commands, which are about whole documents. It refuses to lay out a page.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from nnsim.app.display import Display
from nnsim.app.document import Document
from nnsim.app.message_band import MessageBand
from nnsim.app.status_line import StatusLine
from nnsim.engine.marks import Grain
from nnsim.files.protocol_latex import write_latex
from nnsim.files.protocol_steps import TooManyStepsError
from nnsim.files.protocol_tables import write_csv, write_json
from nnsim.picture.protocol import Protocol
from nnsim.widgets.worksheet import write_worksheet

Write = Callable[[Path, Protocol, bool], object]
KINDS: tuple[tuple[str, str, Write, bool], ...] = (
    ("Worksheet to fill in (*.pdf)", ".pdf", write_worksheet, False),
    ("Worksheet with answers (*.pdf)", ".pdf", write_worksheet, True),
    ("LaTeX worksheet to fill in (*.tex)", ".tex", write_latex, False),
    ("LaTeX worksheet with answers (*.tex)", ".tex", write_latex, True),
    ("Table (*.csv)", ".csv", write_csv, True),
    ("JSON (*.json)", ".json", write_json, True),
)


class Worksheets(QObject):
    """Asks where to, and writes."""

    def __init__(self, display: Display, document: Document, band: MessageBand, status: StatusLine, window: QWidget) -> None:
        super().__init__(window)
        self._display, self._document, self._band, self._status, self._window = display, document, band, status, window

    def choose(self) -> None:
        """Ask for a file and its kind, and write the steps of the batch on show."""
        if self._display.frame.trace is None:
            self._status.say(self.tr("There is no batch yet: press → to begin one."))
            return
        filters = ";;".join(self.tr(title) for title, *_ in KINDS)
        path = self._document.path
        proposed = str((path.parent if path else Path.home()) / f"{Path(self._document.title).stem}-steps.pdf")
        name, chosen = QFileDialog.getSaveFileName(self._window, self.tr("Save the steps of this batch"), proposed, filters)
        if name:
            kind = next((number for number, (title, *_) in enumerate(KINDS) if self.tr(title) == chosen), 0)
            self.write(Path(name), kind)

    def write(self, path: Path, kind: int) -> None:
        """Write the batch on show as one of ``KINDS``; what goes wrong is said in the band."""
        _, suffix, write, answers = KINDS[kind]
        path = path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)
        grain = self._display.grain if self._display.grain <= Grain.SAMPLE else Grain.NEURON
        try:
            write(path, Protocol(self._display.frame, grain, whole=True), answers)
        except TooManyStepsError as error:
            sentence = str(error)
            self._band.say(sentence[:1].upper() + sentence[1:])
        except OSError as error:
            self._band.say(self.tr("{0} could not be written: {1}. Choose another folder.").format(
                path.name, error.strerror or str(error)))
        else:
            self._status.say(self.tr("{0} is saved.").format(path.name))
