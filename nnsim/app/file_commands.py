"""Opening and saving: the File menu, recent files, dropped files, the question before something is lost."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from nnsim.app import messages as m
from nnsim.app.opening_at_once import is_own_source
from nnsim.app.reading_thread import ReadingThread
from nnsim.engine.examples import example, example_names
from nnsim.files.own_files import TEXT_SUFFIXES
from nnsim.files.session import Session, SourceError
from nnsim.files.tables import SUFFIXES as TABLE_SUFFIXES
from nnsim.files.view import View

if TYPE_CHECKING:
    from nnsim.app.main_window import MainWindow

SNAPSHOT_FILTER = "nnsim (*.nnsim)"
OPEN_FILTERS = (
    ("Everything nnsim reads", (".nnsim", ".json", *TABLE_SUFFIXES, *TEXT_SUFFIXES)), ("nnsim", (".nnsim", ".json")),
    ("Tables", TABLE_SUFFIXES), ("Texts", TEXT_SUFFIXES),
)


class FileCommands(QObject):
    """What the File menu does, for one window."""

    def __init__(self, window: "MainWindow", source: str) -> None:
        super().__init__(window)
        self._window = window
        self._after_saving: Callable[[], None] | None = None
        self._to_open = ""
        self._reader = ReadingThread(self)
        self._reader.done.connect(self._take_reason)
        self._remember_opened(source)
        window.thread_handle.reported.connect(self._hear)

    def fill(self, menu: QMenu, before: str) -> None:
        """Add the examples and recent files to the File menu, before the action with an id."""
        anchor = next(action for action in menu.actions() if action.objectName() == before)
        self._examples = QMenu(self.tr("Examples"), menu)
        for name in example_names():
            row = example(name)
            action = self._examples.addAction(row.title)
            action.setObjectName(f"example-{name}")
            action.setStatusTip(row.summary)
            action.setToolTip(row.summary)
            action.triggered.connect(_Opener(self, name))
        self._recent = QMenu(self.tr("Open recent"), menu)
        self._recent.aboutToShow.connect(self._fill_recent)
        menu.insertMenu(anchor, self._examples)
        menu.insertMenu(anchor, self._recent)

    def _fill_recent(self) -> None:
        self._recent.clear()
        files = self._window.preferences.recent
        for path in files:
            action = self._recent.addAction(path.name)
            action.setToolTip(str(path))
            action.setStatusTip(str(path))
            action.setEnabled(path.exists())
            action.triggered.connect(_Opener(self, str(path)))
        if not files:
            self._recent.addAction(self.tr("No recent file yet")).setEnabled(False)

    def new(self) -> None:
        """Begin anew, with the first example."""
        self.open("ring")

    def choose_and_open(self) -> None:
        """Ask for a file, and open it."""
        self._window.playing.pause()
        filters = ";;".join(f"{self.tr(title)} ({' '.join(f'*{suffix}' for suffix in dict.fromkeys(suffixes))})"
                            for title, suffixes in OPEN_FILTERS)
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open"), self._folder(), filters)
        if name:
            self.take(name)

    def take(self, source: str) -> None:
        """What was dropped or chosen: of the user's own data it is shown first how they are read, anything else opens."""
        if is_own_source(source):
            self._window.importing.ask(Path(source))
        else:
            self.open(source)

    def open(self, source: str) -> None:
        """Open a source, after asking about what would be lost; nobody is asked for the sake of a file that cannot be opened."""
        if self._window.is_dirty and source not in example_names() and not is_own_source(source):
            self._to_open = source
            self._reader.read(lambda _: _reason_against(source))
        else:
            self._ask_and_open(source)

    def end(self) -> None:
        """The window closes: nothing is read any more."""
        self._reader.end()

    def _ask_and_open(self, source: str) -> None:
        self.keep_or_discard(_Opening(self._window, source))

    @Slot(object)
    def _take_reason(self, reason: str) -> None:
        if reason:
            self._window.troubles.tell_unopened(reason)
            self._window.preferences.forget_file(Path(self._to_open))
        else:
            self._ask_and_open(self._to_open)

    def save(self) -> None:
        """Save where it was saved before, or ask."""
        path = self._window.document.path
        if path is None or path.suffix.lower() != ".nnsim":
            self.save_as()
        else:
            self._save_in(path)

    def save_as(self) -> None:
        """Ask for a name, and save."""
        self._window.playing.pause()
        title = Path(self._window.document.title).stem
        proposed = str(self._window.document.path or Path(self._folder()) / f"{title}.nnsim")
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save"), proposed, self.tr(SNAPSHOT_FILTER))
        if name:
            path = Path(name)
            self._save_in(path if path.suffix else path.with_suffix(".nnsim"))
        else:
            # nothing was saved, so what waited for it must not happen after some later saving
            self._after_saving = None

    def _save_in(self, path: Path) -> None:
        document, playing = self._window.document, self._window.playing
        self._window.thread_handle.send(m.Save(path, View(
            document.all_bookmarks, document.breakpoints, self._window.display.grain, playing.speed,
            (playing.until.kind, playing.until.value), self._window.data_keeping.inside)))

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Opened():
                self._remember_opened(report.source)
            case m.Saved():
                self._window.preferences.remember_file(report.path)
                waiting, self._after_saving = self._after_saving, None
                if waiting:
                    waiting()
            case m.Failed(_, m.Save()):
                # what waited for saving is given up: nothing may be lost
                self._after_saving = None
            case m.Failed(_, m.Open(source)):
                self._window.preferences.forget_file(Path(source))

    def _remember_opened(self, source: str) -> None:
        if source not in example_names() and Path(source).exists():
            self._window.preferences.remember_file(Path(source))

    def keep_or_discard(self, then: Callable[[], None], over: QWidget | None = None) -> None:
        """Do ``then``: at once, or if something unsaved would be lost, after asking and perhaps saving.

        The question stops nothing: the window lives on behind it. ``over``: the dialog in which it came up.
        """
        if not self._window.is_dirty:
            then()
            return
        question = QMessageBox(over or self._window)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setObjectName("unsaved-question")
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(self.tr("Save the changes to {0}?").format(self._window.document.title))
        question.setInformativeText(self.tr("What was trained, edited and marked since it was saved would be lost."))
        buttons = QMessageBox.StandardButton
        question.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        question.setDefaultButton(buttons.Save)
        question.finished.connect(_Answer(self, then))
        question.open()

    def answer(self, button: int, then: Callable[[], None]) -> None:
        """Do what the answer to the question about unsaved changes asks for."""
        if button == QMessageBox.StandardButton.Discard.value:
            then()
        elif button == QMessageBox.StandardButton.Save.value:
            self._after_saving = then
            self.save()

    def save_picture(self) -> None:
        """The diagram as a PNG, at twice the size."""
        proposed = str(Path(self._folder()) / f"{Path(self._window.document.title).stem}.png")
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save the diagram"), proposed, self.tr("Pictures (*.png)"))
        if name and not self.diagram(2).save(name, "PNG"):
            self._window.band.say(self.tr('"{0}" could not be written: choose a folder that can be written.').format(name))

    def copy_diagram(self) -> None:
        """The diagram to the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.diagram(2))
        self._window.status.say(self.tr("The diagram is on the clipboard."))

    def diagram(self, scale: float) -> QPixmap:
        """The diagram as it is on the screen, with so many pixels for each."""
        view = self._window.display.network
        picture = QPixmap(view.size() * scale)
        picture.setDevicePixelRatio(scale)
        view.render(picture)
        return picture

    def _folder(self) -> str:
        path = self._window.document.path
        return str(path.parent if path else Path.home())


def _reason_against(source: str) -> str:
    """Why a source cannot be opened; empty if it can."""
    try:
        Session.open(source)
    except SourceError as error:
        return str(error)
    return ""


class _Opener:
    """Opens one source when called: what a menu's entry is connected to."""

    def __init__(self, commands: FileCommands, source: str) -> None:
        self._commands, self._source = commands, source

    def __call__(self, checked: bool = False) -> None:
        self._commands.open(self._source)


class _Answer:
    """Takes the answer to the question about unsaved changes."""

    def __init__(self, commands: FileCommands, then: Callable[[], None]) -> None:
        self._commands, self._then = commands, then

    def __call__(self, button: int) -> None:
        self._commands.answer(button, self._then)


class _Opening:
    """The order to open a source, to be given when nothing stands in the way."""

    def __init__(self, window: "MainWindow", source: str) -> None:
        self._window, self._source = window, source

    def __call__(self) -> None:
        if is_own_source(self._source):
            self._window.opening_at_once.open(Path(self._source))
        else:
            self._window.thread_handle.send(m.Open(self._source))
