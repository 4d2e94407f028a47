"""Files of the user's own that open at once, recent ones and those of the command line: a band says what was read, and leads on.

It is apart from importing because no dialog is seen here, so all that was done unasked has to be said afterwards. It refuses to
read on the window's own thread.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from nnsim.app import messages as m
from nnsim.app.import_flow import told
from nnsim.app.import_jobs import Notes, notes_of, open_directly
from nnsim.app.reading_thread import ReadingThread
from nnsim.engine.examples import example_names
from nnsim.engine.experiment import Experiment
from nnsim.engine.frame import Frame
from nnsim.files.own_files import is_own, origin_of
from nnsim.picture.numbers import count
from nnsim.picture.own_data_words import read_sentence

if TYPE_CHECKING:
    from nnsim.app.main_window import MainWindow

MOST_NOTES = 2


def is_own_source(source: str) -> bool:
    """Whether a source is a file or folder of the user's own data, as ``Session.open`` takes it."""
    path = Path(source)
    return is_own(path) and not (source in example_names() and not path.is_file())


class OpeningAtOnce(QObject):
    """Opens files as they are found to be, for one window. ``source``: what the window was opened with."""

    def __init__(self, window: "MainWindow", source: str) -> None:
        super().__init__(window)
        self._window = window
        self._reader = ReadingThread(self)
        self._path: Path | None = None
        self._opening = self._said = ""
        self._reader.done.connect(self._take)
        self._reader.failed.connect(self._fail)
        self._reader.progressed.connect(self._progress)
        window.thread_handle.reported.connect(self._hear)
        if is_own_source(source):
            self._say_read(source, window.frame)

    def open(self, path: Path) -> None:
        """A network on a file or folder as it is found to be; the band says what was read, or what is wrong."""
        self._window.playing.pause()
        self._path = path
        self._say_reading(self.tr("Reading {0}…").format(path.name))
        self._reader.read(lambda on_progress: open_directly(path, on_progress))

    def give_up(self) -> None:
        """What is being read is not wanted any more."""
        if self._path is not None:
            self._window.band.hide()
        self._path = None
        self._reader.cancel()

    def end(self) -> None:
        """The window closes: nothing is read any more."""
        self._reader.end()

    @Slot(object)
    def _take(self, result: object) -> None:
        if isinstance(result, Notes):
            self._say_notes(result)
        elif self._path is not None and isinstance(result, Experiment):
            self._opening, self._path = str(self._path), None
            self._window.band.hide()
            self._window.thread_handle.send(m.Open(self._opening, result))

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        path, self._path = self._path, None
        if path is None:
            return
        sentence = told(error, path.name)
        look = ((self.tr("See how it is read…"), _Look(self._window, path)),) if path.exists() else ()
        self._window.band.say(sentence if path.name in sentence else f"{path.name}: {sentence}", look, True)
        self._window.preferences.forget_file(path)

    @Slot(int, int)
    def _progress(self, done: int, total: int) -> None:
        if self._path is not None:
            self._say_reading(self.tr("Reading picture {0} of {1}…").format(done, total))

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Opened(_, source, frame) if source == self._opening:
                self._opening = ""
                self._say_read(source, frame)
            case m.Failed(_, m.Open()):
                self._opening = ""

    def _say_reading(self, sentence: str) -> None:
        self._window.band.say(sentence, ((self.tr("Cancel"), self.give_up),), calm=True)

    def _say_read(self, source: str, frame: Frame) -> None:
        self._say(read_sentence(frame.experiment.data, frame.dataset, Path(source).name))
        origin, rows = origin_of(frame.experiment.data.material), len(frame.dataset.inputs)
        if origin is not None:
            self._reader.read(lambda _: notes_of(origin, rows))

    def _say_notes(self, notes: Notes) -> None:
        """Add what was done unasked, if what was read is still on show."""
        if notes.sentences and self._window.band.text == self._said:
            more = len(notes.sentences) - MOST_NOTES
            others = (self.tr("And {0} more.").format(count(more, self.tr("note"))),) if more > 0 else ()
            self._say(" ".join((self._said, *notes.sentences[:MOST_NOTES], *others)))

    def _say(self, sentence: str) -> None:
        self._said = sentence
        self._window.band.say(sentence, ((self.tr("Change how it is read…"), self._window.importing.change_reading),), calm=True)


class _Look:
    """Shows how a file is read: what a band's button is connected to."""

    def __init__(self, window: "MainWindow", path: Path) -> None:
        self._window, self._path = window, path

    def __call__(self) -> None:
        self._window.importing.ask(self._path)
