"""Saving a batch's steps: as a worksheet to print, to fill in or with its answers, or as a table for other programs.

It is apart from the file commands, which are about whole documents. It refuses to lay out a page.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from nnsim.app.display import Display
from nnsim.app.document import Document
from nnsim.app.message_band import MessageBand
from nnsim.app.status_line import StatusLine
from nnsim.engine.marks import Grain
from nnsim.files.protocol_latex import write_latex
from nnsim.files.protocol_steps import MOST_PRINTED_ROWS, MOST_ROWS, Steps, TooManyStepsError
from nnsim.files.protocol_tables import write_csv, write_json
from nnsim.picture import numbers
from nnsim.picture.protocol import Protocol
from nnsim.picture.worksheet_steps import WorksheetSteps, layers_within
from nnsim.widgets.worksheet import write_worksheet

Write = Callable[[Path, Steps, bool], object]
KINDS: tuple[tuple[str, str, Write, bool], ...] = (
    ("Worksheet to fill in (*.pdf)", ".pdf", write_worksheet, False),
    ("Worksheet with answers (*.pdf)", ".pdf", write_worksheet, True),
    ("LaTeX worksheet to fill in (*.tex)", ".tex", write_latex, False),
    ("LaTeX worksheet with answers (*.tex)", ".tex", write_latex, True),
    ("Table with answers (*.csv)", ".csv", write_csv, True),
    ("Table to fill in (*.csv)", ".csv", write_csv, False),
    ("JSON with answers (*.json)", ".json", write_json, True),
    ("JSON to fill in (*.json)", ".json", write_json, False),
)
TABLES = (".csv", ".json")


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

    def write(self, path: Path, kind: int, layer: int | None = None) -> None:
        """Write the batch on show as one of ``KINDS``, or of a network too large for that the layer that somebody chooses.

        ``layer``: this one, from 0. What goes wrong is said in the band.
        """
        _, suffix, write, answers = KINDS[kind]
        path = path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)
        try:
            write(path, self._steps(suffix, answers, layer), answers)
        except TooManyStepsError as error:
            chosen = self._choose_layer(MOST_ROWS if suffix in TABLES else MOST_PRINTED_ROWS) if layer is None else None
            if chosen is not None:
                self.write(path, kind, chosen)
                return
            sentence = str(error)
            self._band.say(sentence[:1].upper() + sentence[1:])
        except OSError as error:
            self._band.say(self.tr("{0} could not be written: {1}. Choose another folder.").format(
                path.name, error.strerror or str(error)))
        else:
            self._status.say(self.tr("{0} is saved.").format(path.name))

    def _steps(self, suffix: str, answers: bool, layer: int | None) -> Steps:
        """What is written: every step; a table with answers at a coarse grain is a survey, as the grain tells it."""
        grain = self._display.grain
        if answers and suffix in TABLES and Grain.NEURON < grain <= Grain.SAMPLE:
            return Protocol(self._display.frame, grain, whole=True)
        return WorksheetSteps(self._display.frame, layer)

    def _choose_layer(self, most: int) -> int | None:
        """Ask which layer shall be written alone; None where none is short enough, or nobody wants one."""
        frame = self._display.frame
        layers = layers_within(frame, most)
        if not layers:
            return None
        choices = [self.tr("L{0}: {1} steps").format(layer + 1, numbers.whole(len(WorksheetSteps(frame, layer))))
                   for layer in layers]
        said = self.tr("The whole batch has {0} steps; such a file takes {1}. Write one layer alone?").format(
            numbers.whole(len(WorksheetSteps(frame))), numbers.whole(most))
        choice, agreed = QInputDialog.getItem(self._window, self.tr("Save the steps of this batch"), said, choices, 0, False)
        return layers[choices.index(choice)] if agreed else None
