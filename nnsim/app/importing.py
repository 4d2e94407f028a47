"""The user's own data in the window: what is dropped, chosen or pasted is shown as it is read, and becomes a network on it.

It is apart from the file commands because nothing of it is a document before it is trained on. It refuses to read on the window's
own thread; files that open without being looked at are opened elsewhere.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from nnsim.app import messages as m
from nnsim.app.import_flow import Flow
from nnsim.app.import_flows import PictureFlow, TableFlow, TextFlow
from nnsim.app.reading_thread import ReadingThread
from nnsim.app.table_jobs import Source
from nnsim.core.texts import Text
from nnsim.engine.experiment import Experiment
from nnsim.engine.materials import is_kept, material
from nnsim.files.own_files import TEXT_SUFFIXES, origin_of
from nnsim.picture.own_data_words import is_own_file

if TYPE_CHECKING:
    from nnsim.app.main_window import MainWindow

PASTED = "Pasted table"


class Importing(QObject):
    """What leads from the user's own data to a document, for one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._reader = ReadingThread(self)
        self._flow: Flow | None = None
        self._pasted: dict[str, Source] = {}
        self._reader.done.connect(self._take)
        self._reader.failed.connect(self._fail)
        self._reader.progressed.connect(self._progress)
        window.display.form.reading_requested.connect(self.change_reading)

    @property
    def flow(self) -> Flow | None:
        """The dialog that stands there, and what it leads to."""
        return self._flow

    def ask(self, path: Path) -> None:
        """Show how a file or folder is read, before a network is trained on it."""
        self._window.playing.pause()
        self._start(Source(path.name or str(path), path), None)

    def choose_folder(self) -> None:
        """Ask for a folder of pictures, and show how it is read."""
        self._window.playing.pause()
        folder = str(self._window.document.path.parent if self._window.document.path else Path.home())
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Open a folder of pictures"), folder)
        if name:
            self.ask(Path(name))

    def paste(self) -> None:
        """The table on the clipboard, or a file that was copied."""
        clipboard = QGuiApplication.clipboard()
        # an empty clipboard has none
        content: QMimeData | None = clipboard.mimeData()
        files = [url.toLocalFile() for url in content.urls() if url.isLocalFile()] if content is not None else []
        if files:
            self._window.files.take(files[0])
        elif clipboard.text().strip():
            self._window.playing.pause()
            self._start(Source(self.tr(PASTED), pasted=clipboard.text()), None)
        else:
            self._window.status.say(self.tr("There is no table on the clipboard: copy some cells of a spreadsheet first."))

    @Slot()
    def change_reading(self) -> None:
        """Show how the present data are read, to be changed: the network stays, as far as it fits."""
        present = self._window.frame.experiment
        name = present.data.material
        if not is_own_file(present.data) or not is_kept(name):
            return
        self._window.playing.pause()
        origin, kept = origin_of(name), material(name)
        if origin is not None and origin.path.exists():
            self._start(Source(origin.path.name, origin.path, choices=origin.choices), present)
        elif name in self._pasted:
            self._start(self._pasted[name], present)
        elif present.data.source == "pictures":
            self._window.band.say(self.tr("The pictures lie in this document alone, at the size at which they were read: open "
                                          "their folder to read them otherwise."), calm=True)
        else:
            self._start(Source(kept.name, material=kept), present)

    def end(self) -> None:
        """The window closes: nothing is read any more."""
        self._reader.end()

    # a dialog

    def _start(self, source: Source, present: Experiment | None, as_table: bool = False) -> None:
        self._window.opening_at_once.give_up()
        self._flow_is_over()
        kind = self._kind(source, as_table)
        self._flow = kind(source, present, self._window, self._reader, self._window.display.theme)
        self._flow.ready.connect(self._open_ready)
        self._flow.ended.connect(self._flow_is_over)
        self._flow.table_wanted.connect(self._read_as_table)

    def _kind(self, source: Source, as_table: bool) -> type[TableFlow] | type[PictureFlow] | type[TextFlow]:
        if as_table:
            return TableFlow
        if source.path is None:
            return TextFlow if isinstance(source.material, Text) else TableFlow
        if source.path.is_dir():
            return PictureFlow
        # a text that was read as a table before is one
        is_text = source.path.suffix.lower() in TEXT_SUFFIXES and (source.choices is None or isinstance(source.choices, str))
        return TextFlow if is_text else TableFlow

    @Slot()
    def _read_as_table(self) -> None:
        assert self._flow is not None
        source = self._flow.source
        self._flow.dialog.reject()
        self._start(Source(source.name, source.path), None, as_table=True)

    @Slot()
    def _flow_is_over(self) -> None:
        flow, self._flow = self._flow, None
        self._reader.cancel()
        if flow is not None and not flow.dialog.isHidden():
            flow.dialog.reject()

    @Slot(object)
    def _open_ready(self, experiment: Experiment) -> None:
        flow = self._flow
        assert flow is not None
        if flow.source.pasted:
            self._pasted[experiment.data.material] = flow.as_it_is_read
        if flow.present is not None:
            flow.dialog.accept()
            self._window.editing.edit_experiment(experiment, self.tr("How {0} is read").format(flow.source.name))
            return
        source = str(flow.source.path) if flow.source.path else flow.source.name
        self._window.files.keep_or_discard(_Begin(self._window, flow, source, experiment), flow.dialog)

    @Slot(object)
    def _take(self, result: object) -> None:
        if self._flow is not None:
            self._flow.take(result)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        if self._flow is not None:
            self._flow.fail(error)

    @Slot(int, int)
    def _progress(self, done: int, total: int) -> None:
        if self._flow is not None:
            self._flow.progress(done, total)


class _Begin:
    """Closes the dialog and opens what it led to, when nothing stands in the way."""

    def __init__(self, window: "MainWindow", flow: Flow, source: str, experiment: Experiment) -> None:
        self._window, self._flow, self._source, self._experiment = window, flow, source, experiment

    def __call__(self) -> None:
        self._flow.dialog.accept()
        self._window.thread_handle.send(m.Open(self._source, self._experiment))
