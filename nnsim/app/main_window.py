"""The window: its parts, put together and connected, and what Qt tells a window itself.

Each part is a small object that knows one thing: moving in time, playing, editing, pointing, files, trouble, looks. They send
orders to the training thread and hear its reports, each what concerns it, in the order in which they are made here. The window
refuses to know any of that; it holds no numbers, and the frame on show is the last one that came.
"""

from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QToolBar, QVBoxLayout, QWidget

from nnsim.app import messages as m
from nnsim.app.actions import draw_icons, fill_menus, make_actions
from nnsim.app.appearance import Appearance, application
from nnsim.app.data_keeping import DataKeeping
from nnsim.app.display import Display
from nnsim.app.docks import Docks
from nnsim.app.document import Document
from nnsim.app.editing import Editing
from nnsim.app.file_commands import FileCommands
from nnsim.app.frames import Frames
from nnsim.app.help_commands import HelpCommands
from nnsim.app.importing import Importing
from nnsim.app.message_band import MessageBand
from nnsim.app.middle import Middle
from nnsim.app.opening_at_once import OpeningAtOnce
from nnsim.app.playing import Playing
from nnsim.app.pointing import Pointing
from nnsim.app.preferences import Preferences
from nnsim.app.probing import Probing
from nnsim.app.results_commands import ResultsCommands
from nnsim.app.simulation_thread import SimulationThread
from nnsim.app.status_line import StatusLine
from nnsim.app.stops import Stops
from nnsim.app.studies import Studies
from nnsim.app.tab_order import following, scroll_to
from nnsim.app.theme import apply_font
from nnsim.app.travel import Travel
from nnsim.app.troubles import Troubles
from nnsim.app.worksheets import Worksheets
from nnsim.engine.frame import Frame
from nnsim.files.session import Session
from nnsim.files.view import View
from nnsim.picture.palette import THEMES, Theme

TITLE_MS = 200
"""How often the title and the status bar follow while playing."""
LONGEST_WAIT_MS = 20_000


class MainWindow(QMainWindow):
    """One document in one window.

    Properties for scripts: ``frame`` is the frame on show, ``is_playing`` whether time goes on by itself.
    """

    def __init__(self, session: Session, source: str) -> None:
        preferences = Preferences()
        # what is made before it is shown keeps the font that the application has now
        apply_font(application(), preferences.larger_text)
        super().__init__()
        self.setObjectName("main-window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self._may_close = False
        self.preferences = preferences
        self.appearance = Appearance(self)
        self.band = MessageBand(self)
        self.actions_by_id = make_actions(self)
        self.display = Display(self.actions_by_id, THEMES["light"])
        self._lay_out()
        first = session.frame
        self.display.shown = m.Shown(first, False, 0.0)
        self.display.show(m.Shown(session.look(self.display.wants(False)), False, 0.0))
        run, view = session.run_record, session.view
        # from here on the session is the thread's
        self.thread_handle = SimulationThread(session)
        self.destroyed.connect(self.thread_handle.end)
        self._make_parts(source, Document(self.thread_handle, source, run, first, view, self), view)
        self._fill_menus()
        self.playing.opened(first, view)
        self.stops.opened(view)
        self.display.equations.digits_chosen.connect(self.appearance.choose_digits)
        self.appearance.apply()
        self.appearance.restore_layout()
        self._tell()
        self.display.network.setFocus()

    # for scripts

    @property
    def frame(self) -> Frame:
        """The frame on show."""
        return self.display.frame

    @property
    def is_playing(self) -> bool:
        """Whether time goes on by itself."""
        return self.playing.is_ordered

    @property
    def is_dirty(self) -> bool:
        """Whether closing would lose something."""
        return self.document.is_dirty

    def wait_for_frame(self) -> None:
        """Let the window work until the next frame has been painted, at most 20 s: for pictures of it."""
        loop = QEventLoop()
        self.thread_handle.reported.connect(loop.quit)
        self.thread_handle.send(m.Pause())
        longest = QTimer(loop)
        longest.timeout.connect(loop.quit)
        longest.start(LONGEST_WAIT_MS)
        loop.exec()
        deadline = QDeadlineTimer(500)
        while not deadline.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)

    # construction

    def _lay_out(self) -> None:
        self.tool_bar = QToolBar(self.tr("Transport"), self)
        self.tool_bar.setObjectName("transport")
        self.tool_bar.setMovable(False)
        self.tool_bar.toggleViewAction().setEnabled(False)
        self.tool_bar.addWidget(self.display.transport)
        self.addToolBar(self.tool_bar)
        self.splitter = Middle(self)
        upper = QWidget(self.splitter)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.display.position)
        column.addWidget(self.band)
        column.addWidget(self.display.network, 1)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(self.display.lower)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.setCentralWidget(self.splitter)
        show = self.display
        self.docks = Docks(self, {
            "experiment": (self.tr("Experiment"), show.form_area), "loss": (self.tr("Loss"), show.loss),
            "output": (self.tr("Output"), show.output), "inspector": (self.tr("Inspector"), show.inspector),
            "probe": (self.tr("Probe"), show.probe_area), "plots": (self.tr("Plots"), show.plots_area),
            "results": (self.tr("Results"), show.results), "time": (self.tr("Time"), show.time)})

    def _make_parts(self, source: str, document: Document, view: View) -> None:
        display, thread, actions = self.display, self.thread_handle, self.actions_by_id
        self.document = document
        self.playing = Playing(display, thread, actions["train-play"], self)
        self.travel = Travel(display, thread, document, self.playing, self.band, self)
        self.editing = Editing(display, thread, document, self.band, actions["edit-undo"], actions["edit-redo"], self)
        self.pointing = Pointing(display, thread, self.docks.docks["inspector"], self)
        self.frames = Frames(display, thread, self.playing, self)
        self.files, self.help = FileCommands(self, source), HelpCommands(self)
        self.troubles = Troubles(self.band, display, thread, self.playing, self.travel, self.editing, self.files, self)
        self.status = StatusLine(self.statusBar(), thread, self.playing, self)
        self.probing = Probing(display, thread, self.frames, self.status, self)
        self.studies = Studies(display, thread, document, self.pointing, self.band, self.status, self)
        self.stops = Stops(display, thread, self.playing, self.band, self)
        self.pointing.view_changed.connect(self.frames.ask)
        self.worksheets = Worksheets(display, document, self.band, self.status, self)
        self.data_keeping = DataKeeping(display, thread, self.status, actions["file-keep-data"], view, self)
        self.importing = Importing(self)
        self.opening_at_once = OpeningAtOnce(self, source)
        self.results = ResultsCommands(self)
        self.editing.advised.connect(self.status.say)
        self.playing.pace_changed.connect(self._tell)
        document.changed.connect(self._tell)
        display.form.open_requested.connect(self.files.choose_and_open)
        display.form.left.connect(display.network.setFocus)
        # when Qt has moved the panels, ask for what is seen now
        self._seen = QTimer(self)
        self._seen.setSingleShot(True)
        for ask in (self.frames.ask, self.studies.ask, self.results.show_present):
            self._seen.timeout.connect(ask)
        for name in ("output", "inspector", "plots", "results"):
            self.docks.docks[name].visibilityChanged.connect(self._panels_moved)
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        thread.reported.connect(self._hear)

    def _fill_menus(self) -> None:
        menus = fill_menus(self.menuBar(), self.actions_by_id)
        panels = QMenu(self.tr("Panels"), self)
        for dock in self.docks.docks.values():
            panels.addAction(dock.toggleViewAction())
        menus["View"].insertMenu(self.actions_by_id["view-full-screen"], panels)
        self.files.fill(menus["File"], "file-save")

    # showing

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, where no widget of the display does."""
        self.band.set_theme(theme)
        draw_icons(self.actions_by_id, theme)
        self.playing.show_action()

    def divide(self, diagram: int, equations: int) -> None:
        """Share the middle's height between the diagram and the equations, px."""
        self.splitter.divide(diagram, equations)

    @Slot()
    def _panels_moved(self) -> None:
        self._seen.start(0)

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        if not (isinstance(report, m.Shown) and report.playing and self._told.isActive()):
            self._told.start(TITLE_MS)
            self._tell()

    @Slot()
    def _tell(self) -> None:
        self.setWindowTitle(f"{self.document.title}[*] – nnsim")
        self.setWindowModified(self.is_dirty)
        self.status.show_frame(self.frame, self.display.grain)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Now that the panels are seen, ask for what they need."""
        super().showEvent(event)
        self.frames.ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rearrange the panels when the width asks for it."""
        super().resizeEvent(event)
        self.appearance.fit_width(event.size().width())

    def focusNextPrevChild(self, onward: bool) -> bool:
        """Tab goes on as one reads, and not as Qt was told of the widgets."""
        stop = following(self, onward)
        if stop is None:
            return super().focusNextPrevChild(onward)
        stop.setFocus(Qt.FocusReason.TabFocusReason if onward else Qt.FocusReason.BacktabFocusReason)
        scroll_to(stop)
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file or folder that is dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.files.take(files[0])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about what would be lost; end the thread; remember the layout."""
        if self.is_dirty and not self._may_close:
            event.ignore()
            self.files.keep_or_discard(self._close_for_good)
            return
        self.appearance.save_layout()
        # panels that float are hidden while all that they tell it to is still there
        self.docks.hide()
        self.importing.end()
        self.opening_at_once.end()
        self.files.end()
        self.results.end()
        self.thread_handle.end()
        self.document.stack.clear()
        event.accept()

    def _close_for_good(self) -> None:
        self._may_close = True
        self.close()
