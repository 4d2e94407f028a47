"""The window: it turns what the user intends into orders for the training thread, and the thread's reports into what is shown.

It holds no numbers of its own. The frame on show is the last one that came; what is open is the document; how it looks is the
appearance's business, and files are the file commands'.
"""

import math
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QInputDialog,
    QLabel,
    QMainWindow,
    QMenu,
    QPushButton,
    QSplitter,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from nnsim.app import messages as m
from nnsim.app.actions import fill_menus, make_actions
from nnsim.app.appearance import Appearance
from nnsim.app.display import Display
from nnsim.app.docks import Docks
from nnsim.app.document import Document
from nnsim.app.file_commands import FileCommands
from nnsim.app.help_commands import HelpCommands
from nnsim.app.message_band import MessageBand
from nnsim.app.preferences import Preferences
from nnsim.app.simulation_thread import SimulationThread
from nnsim.core.datasets import SOURCES
from nnsim.engine.divergence import exploded
from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Experiment
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session
from nnsim.picture import numbers
from nnsim.picture.inspection import symbol
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.settings import fit_to_data
from nnsim.picture.targets import EdgeTarget, Target
from nnsim.picture.time_picture import RunUntil
from nnsim.widgets.icons import icon
from nnsim.widgets.speed import SPEEDS

BUSY_MS = 300
"""How long an order may take before the status bar says that it is under way."""
NAME_MS = 200
"""How often the title and the status bar follow while playing."""
FIRST_SPEED = 30.0
LONGEST_WAIT_MS = 20_000


class MainWindow(QMainWindow):
    """One document in one window.

    Properties for scripts: ``frame`` is the frame on show, ``is_playing`` whether time goes on by itself.
    """

    def __init__(self, session: Session, source: str) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.preferences = Preferences()
        self.document = Document(self._return_to)
        self.files, self.help = FileCommands(self), HelpCommands(self)
        self.band = MessageBand()
        self.actions_by_id = make_actions(self)
        self.display = Display(self.actions_by_id, THEMES["light"])
        self._speed, self._until = FIRST_SPEED, RunUntil()
        self._play_ordered = self._wants_playing = False
        self._last_play: m.Play | None = None
        self._divergence_told: object = None
        self._may_close = False
        self._build(fill_menus(self.menuBar(), self.actions_by_id))
        self.appearance = Appearance(self)
        self._connect()
        self.display.shown = m.Shown(session.frame, False, 0.0)
        self.display.show(m.Shown(session.look(self.display.wants(False)), False, 0.0))
        self._run, self._session = session.run_record, session
        self.thread_handle = SimulationThread(session)
        self.destroyed.connect(self.thread_handle.end)
        self.thread_handle.reported.connect(self._hear)
        self.appearance.apply()
        self.appearance.restore_layout()
        self._opened(source, session)
        self.display.network.setFocus()

    # for scripts

    @property
    def frame(self) -> Frame:
        """The frame on show."""
        assert self.display.shown is not None
        return self.display.shown.frame

    @property
    def is_playing(self) -> bool:
        """Whether time goes on by itself."""
        return self._play_ordered

    @property
    def is_dirty(self) -> bool:
        """Whether closing would lose something."""
        return self.document.is_dirty(self._run, self.frame.moment)

    def wait_for_frame(self) -> None:
        """Let the window work until the next frame has been painted, at most 20 s: for pictures of it."""
        loop = QEventLoop()
        self.thread_handle.reported.connect(loop.quit)
        self.send(m.Pause())
        QTimer.singleShot(LONGEST_WAIT_MS, loop, loop.quit)
        loop.exec()
        deadline = QDeadlineTimer(500)
        while not deadline.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)

    # orders

    def send(self, order: m.Order) -> None:
        """Give the training thread an order."""
        if not isinstance(order, m.FrameShown | m.Look):
            self._busy.start(BUSY_MS)
        self.thread_handle.send(order)

    def toggle_playing(self) -> None:
        """Play or pause."""
        if self._play_ordered:
            self._show_playing(False)
            self.send(m.Pause())
        else:
            self._play()

    def pause(self) -> None:
        """Stop playing: before a dialog, which would otherwise speak of a moment gone by."""
        if self._play_ordered:
            self.toggle_playing()

    def step(self, grain: Grain, count: int) -> None:
        """Move so many stops of a grain."""
        self._show_playing(False)
        self.send(m.Step(grain, count))

    def step_chosen(self, count: int) -> None:
        """Move so many stops of the chosen grain."""
        self.step(self.display.grain, count)

    def rewind(self) -> None:
        """Back to the untouched network."""
        self.seek(START)

    def seek(self, moment: Moment) -> None:
        """Go to a moment."""
        self._show_playing(False)
        self.send(m.Seek(moment))

    def go_to_furthest(self) -> None:
        """The last moment that was computed."""
        batches, _ = self.frame.extent
        self.seek(Moment(batches, 0))

    def change_grain(self, by: int) -> None:
        """A finer or coarser step."""
        self._choose_grain(Grain(min(max(self.display.grain + by, Grain.TERM), Grain.EPOCH)))

    def change_speed(self, by: int) -> None:
        """Slower or faster."""
        place = min(max(SPEEDS.index(self._speed) + by, 0), len(SPEEDS) - 1)
        self.display.transport.set_speed(SPEEDS[place])
        self._choose_speed(SPEEDS[place])

    def new_seed(self) -> None:
        """The same experiment with other random weights: a new run."""
        experiment = self.frame.experiment
        seed = (experiment.seed + 1) % 2**31
        self.send(m.Restart(experiment.replace(seed=seed, start=None), self.tr("Seed {0}").format(seed)))

    def set_selected_weight(self) -> None:
        """Ask for the selected edge's weight."""
        target = self.display.selected
        if not isinstance(target, EdgeTarget):
            self.statusBar().showMessage(self.tr("Select an edge first: click it in the diagram."), 5000)
            return
        weights, biases = self.frame.weights[target.layer], self.frame.biases[target.layer]
        is_bias = target.row == len(weights)
        present = biases[target.neuron] if is_bias else weights[target.row, target.neuron]
        text, accepted = QInputDialog.getText(self, self.tr("Set a weight"), self.tr("New value"), text=repr(float(present)))
        if accepted:
            try:
                self._set_parameter(target, float(text.replace(numbers.MINUS, "-").replace(",", ".")))
            except ValueError:
                self.band.say(self.tr("{0!r} is not a number: type one such as 0.5 or -1.25.").format(text))

    def bookmark(self) -> None:
        """Put a flag at this moment."""
        self.pause()
        text, accepted = QInputDialog.getText(self, self.tr("Bookmark"), self.tr("Name"), text=self.display.position.words)
        if accepted and text:
            self.display.bookmarks = (*self.display.bookmarks, (self.frame.moment, text))
            self.display.time.show_bookmarks(self.display.bookmarks)

    def label_all_edges(self, all_edges: bool) -> None:
        """Numbers on every edge, or on those at work only."""
        self.display.labels_all = all_edges
        self.display.show_network()

    def undo(self) -> None:
        """Take the last edit back."""
        self.document.stack.undo()

    def redo(self) -> None:
        """Make the edit again."""
        self.document.stack.redo()

    # reports

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        if not (isinstance(report, m.Shown) and report.under_way):
            self._busy.stop()
            self._give_up.hide()
        elif not self._busy.isActive() and self._give_up.isHidden():
            self._busy.start(BUSY_MS)
        match report:
            case m.Shown():
                self._show(report)
                if report.playing and self._name_timer.isActive():
                    return
            case m.Edited():
                self._run, self._session = report.after.run, report.after.session
                if report.before.session is not report.after.session:
                    self._forget_bookmarks()
                    self.document.renamed(report.after.run.experiment.data.source)
                self.document.edited(report)
            case m.Opened(place, source):
                self._run, self._session = place.run, place.session
                self._forget_bookmarks()
                self._opened(source, place.session)
            case m.Saved(path):
                self.document.saved(report)
                self.preferences.remember_file(path)
                self.statusBar().showMessage(self.tr("Saved {0}.").format(path.name), 4000)
                self.files.was_saved()
            case m.Failed(sentence, order):
                self._fail(sentence, order)
        self._name_timer.start(NAME_MS)
        self._name_window()

    def _show(self, shown: m.Shown) -> None:
        # when the paint events that this frame will cause are done, the next may come
        QTimer.singleShot(0, self, self._acknowledge)
        if not shown.playing and self._play_ordered and shown.heard is self._last_play:
            self._show_playing(False)
            self._say_why_stopped(shown.frame)
        wants = self.display.wants(shown.playing)
        self.display.show(shown)
        after = self.display.wants(shown.playing)
        if after != wants or shown.playing != self._wants_playing:
            self._wants_playing = shown.playing
            self.send(m.Look(after))
        if not shown.playing:
            self._tell_divergence(shown.frame)

    @Slot()
    def _acknowledge(self) -> None:
        self.thread_handle.send(m.FrameShown())

    def _say_why_stopped(self, frame: Frame) -> None:
        until, score = self._until, frame.test or frame.train
        if until.kind == "loss" and score.loss <= until.value:
            reason = self.tr("Stopped: the loss is {0}.").format(numbers.loss(score.loss))
        elif until.kind == "metric" and score.metric >= until.value:
            reason = self.tr("Stopped: the accuracy is {0}.").format(numbers.percent(score.metric))
            if frame.dataset.task == "regression":
                reason = self.tr("Stopped: R² is {0}.").format(numbers.fixed(score.metric, signed=False))
        elif until.kind == "epochs":
            reason = self.tr("Stopped: {0} done.").format(numbers.count(int(until.value), self.tr("epoch"), self.tr("epochs")))
        else:
            return
        self.statusBar().showMessage(reason, 6000)

    def _fail(self, sentence: str, order: m.Order) -> None:
        if isinstance(order, m.Save):
            self.files.saving_failed()
            self.band.say(self.tr("{0} could not be saved: {1}. Save it in another folder.").format(order.path.name, sentence),
                          ((self.tr("Save as…"), self.files.save_as),), True)
        elif isinstance(order, m.Open):
            self.preferences.forget_file(Path(order.source))
            self.band.say(sentence[:1].upper() + sentence[1:], (), True)
        else:
            self.band.say(sentence[:1].upper() + sentence[1:])
            self.display.refresh_form()

    def _tell_divergence(self, frame: Frame) -> None:
        divergence = frame.divergence
        if divergence == self._divergence_told:
            return
        self._divergence_told = divergence
        if divergence is None:
            self.band.hide()
            return
        self.band.say(divergence.sentence(frame.batches), (
            (self.tr("Show where"), _Seeker(self, Moment(divergence.batch, 1))),
            (self.tr("Last finite moment"), _Seeker(self, Moment(divergence.batch, 0))),
            (self.tr("Lower the rate"), self._lower_rate)))

    def _lower_rate(self) -> None:
        divergence = self.frame.divergence
        if divergence:
            self.seek(START if exploded(self.frame.theta) else Moment(divergence.batch, 0))
        rate = float(f"{self.frame.experiment.learning.rate / 10:.3g}")
        self._edit_experiment(self.frame.experiment.replace(learning=self.frame.experiment.learning.replace(rate=rate)),
                              self.tr("Rate {0:g}").format(rate))

    # intents

    def _play(self) -> None:
        fast = math.isinf(self._speed)
        self.display.steps_per_second = self._speed
        self.band.hide()
        self._divergence_told = None
        self._show_playing(True)
        self._wants_playing = True
        self.send(m.Look(self.display.wants(True)))
        self._last_play = m.Play(self.display.grain, None if fast else max(1, round(1000 / self._speed)),
                                 None if self._until.kind == "never" else self._until)
        self.send(self._last_play)

    def _choose_grain(self, grain: Grain) -> None:
        self.display.grain = grain
        self.display.transport.set_grain(grain)
        self._go_on_playing()
        if self.display.shown and not self._play_ordered:
            self.display.show(self.display.shown)
        self._name_window()

    def _choose_speed(self, speed: float) -> None:
        self._speed = speed
        self._go_on_playing()

    def _choose_until(self, until: RunUntil) -> None:
        self._until = until
        self._go_on_playing()

    def _go_on_playing(self) -> None:
        if self._play_ordered:
            self._play()

    def _choose_epoch(self, epochs: float) -> None:
        batch = round(epochs * self.frame.batches)
        self.seek(Moment(max(0, batch), 0))

    def _edit_experiment(self, experiment: Experiment, label: str) -> None:
        """Learning branches the run, everything else begins a new one: the experiment's type says which."""
        present = self.frame.experiment
        if experiment == present:
            return
        # only compared, so unchecked: the old loss need not fit other outputs
        if experiment.model_copy(update={"learning": present.learning}) == present:
            self.send(m.Tune(experiment.learning, label))
        else:
            self.send(m.Restart(experiment, label))

    def _choose_source(self, name: str) -> None:
        if SOURCES[name].kind == "bundled" and name in example_names():
            # real data ask for a network of their own: the example's, which learns them
            experiment = example(name).experiment
        else:
            experiment = fit_to_data(self.frame.experiment, name)
        self._edit_experiment(experiment, self.tr("Data {0}").format(name))

    def _set_parameter(self, target: object, value: float) -> None:
        assert isinstance(target, EdgeTarget)
        name = symbol(target, len(self.frame.weights[target.layer]))
        label = f"L{target.layer + 1} {name} {numbers.fixed(value)}"
        self.send(m.SetParameter(target.layer, target.row, target.neuron, value, label))

    def _select(self, target: Target | None) -> None:
        self.display.selected = target
        self.display.show_selection()

    def _open_target(self, target: Target | None) -> None:
        self._select(target)
        self.docks.docks["inspector"].show()
        self.docks.docks["inspector"].raise_()

    def _hover(self, target: Target | None) -> None:
        self.display.hovered = target
        self.display.show_network()

    def _choose_edges(self, edges: str) -> None:
        self.display.edges = edges
        self.display.show_network()

    def _toggle_fold(self, layer: int) -> None:
        self.display.unfolded = self.display.unfolded ^ {layer}
        self.display.show_network()

    def _return_to(self, place: m.Place) -> None:
        self._show_playing(False)
        self._run, self._session = place.run, place.session
        self.send(m.Return(place))

    def _give_up_long_way(self) -> None:
        self.send(m.Pause())

    # showing

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours, where no widget of the display does."""
        from nnsim.app.actions import ROWS

        self.band.set_theme(theme)
        for row in ROWS:
            if row.icon:
                self.actions_by_id[row.id].setIcon(icon(row.icon, theme.ink))
        self._show_playing(self._play_ordered)

    def divide(self, diagram: int, equations: int) -> None:
        """Share the middle's height between the diagram and the equations, px."""
        self.splitter.setSizes([diagram, equations])

    def _show_playing(self, playing: bool) -> None:
        self._play_ordered = playing
        action = self.actions_by_id["train-play"]
        action.setText(self.tr("Pause") if playing else self.tr("Play"))
        action.setIcon(icon("pause" if playing else "play", self.display.theme.on_selected))

    def _name_window(self) -> None:
        self.setWindowTitle(f"{self.document.title}[*] – nnsim")
        self.setWindowModified(self.is_dirty)
        frame = self.frame
        stack = self.document.stack
        for name, can, text in (("edit-undo", stack.canUndo(), stack.undoText()), ("edit-redo", stack.canRedo(), stack.redoText())):
            self.actions_by_id[name].setEnabled(can)
            word = self.tr("Undo") if name == "edit-undo" else self.tr("Redo")
            self.actions_by_id[name].setText(f"{word} {text}".strip())
        batches, _ = frame.extent
        used = math.ceil(frame.memory_bytes / 2**20)
        self._facts.setText(" · ".join((
            numbers.count(frame.network.parameter_count, self.tr("parameter")), frame.experiment.precision,
            self.tr("seed {0}").format(frame.experiment.seed),
            self.tr("{0} of history, exact replay").format(numbers.count(batches, self.tr("batch"), self.tr("batches"))),
            self.tr("{0} of {1} MiB").format(used, frame.memory_limit // 2**20))))
        playing = self.tr("Playing. Space: pause.  A changed rate takes hold at the next batch.")
        paused = self.tr("Paused. Right arrow: next {0}.  Left arrow: back.  Space: play.").format(self.display.grain.name.lower())
        self._hint.setText(playing if self._play_ordered else paused)

    def _opened(self, source: str, session: Session) -> None:
        path = None if source in example_names() else Path(source)
        is_snapshot = path is not None and path.suffix == ".nnsim"
        self.document.opened(path.name if path else source, path if is_snapshot else None, session.run_record, session.moment)
        if path is not None:
            self.preferences.remember_file(path)
        mark = session.frame.mark
        if mark is not None and mark.closes < Grain.BATCH:
            # whoever saved in the middle of a batch was stepping finely
            self.display.grain = mark.closes
            self.display.transport.set_grain(mark.closes)
        self.display.selected = self.display.hovered = None
        self.display.unfolded = frozenset()
        self._divergence_told = None
        self.band.hide()
        self._name_window()

    def _forget_bookmarks(self) -> None:
        self.display.bookmarks = ()
        self.display.time.show_bookmarks(())

    # construction

    def _build(self, menus: dict[str, QMenu]) -> None:
        bar = QToolBar(self.tr("Transport"))
        bar.setObjectName("transport")
        bar.setMovable(False)
        bar.toggleViewAction().setEnabled(False)
        bar.addWidget(self.display.transport)
        self.addToolBar(bar)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.display.position)
        column.addWidget(self.band)
        column.addWidget(self.display.network, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(self.display.equations)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.setCentralWidget(self.splitter)
        show = self.display
        self.docks = Docks(self, {
            "experiment": (self.tr("Experiment"), show.form_area), "loss": (self.tr("Loss"), show.loss),
            "output": (self.tr("Output"), show.output), "inspector": (self.tr("Inspector"), show.inspector),
            "time": (self.tr("Time"), show.time)})
        panels = QMenu(self.tr("Panels"), self)
        for dock in self.docks.docks.values():
            panels.addAction(dock.toggleViewAction())
        menus["View"].insertMenu(self.actions_by_id["view-full-screen"], panels)
        self.files.fill(menus["File"], "file-save")
        self._hint, self._facts = QLabel(), QLabel()
        self._give_up = QPushButton(self.tr("Cancel"))
        self._give_up.hide()
        self._give_up.clicked.connect(self._give_up_long_way)
        self.statusBar().addWidget(self._hint, 1)
        self.statusBar().addPermanentWidget(self._give_up)
        self.statusBar().addPermanentWidget(self._facts)
        self.statusBar().setSizeGripEnabled(False)
        self._busy = QTimer(self)
        self._busy.setSingleShot(True)
        self._busy.timeout.connect(self._say_busy)
        self._name_timer = QTimer(self)
        self._name_timer.setSingleShot(True)

    def _say_busy(self) -> None:
        if not self._play_ordered:
            self._hint.setText(self.tr("Computing the way there…"))
            self._give_up.show()

    def _connect(self) -> None:
        show = self.display
        show.transport.grain_chosen.connect(self._choose_grain)
        show.transport.speed_chosen.connect(self._choose_speed)
        show.transport.run_until_chosen.connect(self._choose_until)
        show.transport.set_grain(show.grain)
        show.transport.set_speed(self._speed)
        show.position.moment_chosen.connect(self.seek)
        show.time.moment_chosen.connect(self.seek)
        show.time.bookmark_requested.connect(self.bookmark)
        show.loss.epoch_chosen.connect(self._choose_epoch)
        show.network.target_hovered.connect(self._hover)
        show.network.target_selected.connect(self._select)
        show.network.target_opened.connect(self._open_target)
        show.network.edges_chosen.connect(self._choose_edges)
        show.network.fold_toggled.connect(self._toggle_fold)
        show.network.resized.connect(show.show_network)
        show.equations.target_hovered.connect(self._hover)
        show.equations.target_chosen.connect(self._select)
        show.form.experiment_edited.connect(self._edit_experiment)
        show.form.source_chosen.connect(self._choose_source)
        show.form.new_seed_requested.connect(self.new_seed)
        show.form.open_requested.connect(self.files.choose_and_open)
        show.inspector.parameter_edited.connect(self._set_parameter)
        self.docks.docks["output"].visibilityChanged.connect(self._ask_for_views)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Now that the panels are seen, ask for what they need."""
        super().showEvent(event)
        self._ask_for_views()

    @Slot()
    def _ask_for_views(self) -> None:
        """What is on show has changed: frames shall carry what it needs."""
        self.send(m.Look(self.display.wants(self._play_ordered)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rearrange the panels when the width asks for it."""
        super().resizeEvent(event)
        if hasattr(self, "appearance"):
            self.appearance.fit_width(event.size().width())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file that is dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.files.open(files[0])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about what would be lost; end the thread; remember the layout."""
        if self.is_dirty and not self._may_close:
            event.ignore()
            self.files.keep_or_discard(self._close_for_good)
            return
        self.appearance.save_layout()
        self.thread_handle.end()
        self.document.stack.clear()
        event.accept()

    def _close_for_good(self) -> None:
        self._may_close = True
        self.close()


class _Seeker:
    """Goes to one moment when called: what a button is connected to."""

    def __init__(self, window: MainWindow, moment: Moment) -> None:
        self._window, self._moment = window, moment

    def __call__(self) -> None:
        self._window.seek(self._moment)
