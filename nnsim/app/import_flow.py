"""A flow: one dialog in which the user sees how their data are read, from its opening to the experiment that it leads to.

It is apart from the kinds of data because they share how a dialog is told of readings, failures and progress. It refuses to open a
document: it is ready, with an experiment.
"""

import re
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from nnsim.app.import_jobs import begin
from nnsim.app.reading_thread import ReadingThread
from nnsim.app.table_jobs import Source
from nnsim.engine.experiment import Data, Experiment
from nnsim.engine.materials import Material
from nnsim.files.own_files import Origin
from nnsim.files.picture_reading import PictureChoices
from nnsim.files.tables import Reading
from nnsim.picture.palette import Theme
from nnsim.widgets.import_dialog import ImportDialog

_SETTING = re.compile(r"^(data(\.\w+)*): ")


def told(error: Exception, name: str) -> str:
    """An error as a sentence for people, with what to do."""
    if isinstance(error, FileNotFoundError):
        return f'"{name}" is not there: choose another file.'
    if isinstance(error, OSError):
        return f'"{name}" cannot be read: {error.strerror or error}. Check the file and its permissions.'
    text = _SETTING.sub("", str(error)).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


class Flow(QObject):
    """One dialog from its opening to its end. ``ready(experiment)``; ``ended`` when the dialog is gone; ``table_wanted``: it is
    rather a table.
    """

    ready = Signal(object)
    ended = Signal()
    table_wanted = Signal()

    def __init__(self, source: Source, present: Experiment | None, dialog: ImportDialog, reader: ReadingThread,
                 theme: Theme) -> None:
        super().__init__(dialog)
        self.source, self.present, self.dialog, self.reader = source, present, dialog, reader
        dialog.set_theme(theme)
        dialog.train_requested.connect(self._train)
        dialog.reading_chosen.connect(self._read)
        dialog.plan_changed.connect(self._count)
        dialog.finished.connect(self.ended)
        dialog.open()
        self._begin()

    @property
    def as_it_is_read(self) -> Source:
        """The source, with the choices that were made since."""
        return self.source

    def take(self, result: object) -> None:
        """What was read is there."""
        if isinstance(result, Experiment):
            self.dialog.show_ready()
            self.ready.emit(result)

    def fail(self, error: Exception) -> None:
        """It could not be read."""
        self.dialog.show_failure(told(error, self.source.name) + self._remedy(error))

    def progress(self, done: int, total: int) -> None:
        """So many pictures are read."""
        self.dialog.show_busy(self.tr("Reading picture {0} of {1}…").format(done, total), done / max(total, 1))

    def _remedy(self, error: Exception) -> str:
        return ""

    def _begin(self) -> None:
        """Ask for the first reading."""
        # Qt's classes cannot be abstract; a test sees that every kind has its own
        raise NotImplementedError

    def _read(self, choices: object) -> None:
        """Read it with these choices."""
        # Qt's classes cannot be abstract; a test sees that every kind has its own
        raise NotImplementedError

    def _count(self, plan: object) -> None:
        """Say what a plan comes to."""

    def _train(self, plan: object) -> None:
        """Make an experiment of the plan."""
        # Qt's classes cannot be abstract; a test sees that every kind has its own
        raise NotImplementedError

    def _propose(self, material: Material, choices: Reading | PictureChoices | str | None, data_of: Callable[[str], Data]) -> None:
        path = self.source.path
        origin = Origin(path.absolute(), choices) if path is not None and choices is not None else None
        self.dialog.show_busy(self.tr("Preparing the network…"))
        present = self.present
        self.reader.read(lambda _: begin(material, origin, data_of, present))
