"""What the thread computes aside, for plots, the inspector and the gradient check: asked for when it is seen, shown when it comes.

It is apart from the frames, which everything waits for. It refuses to keep results beyond the moment that they are about.
"""

from PySide6.QtCore import QElapsedTimer, QObject, Slot

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.document import Document
from nnsim.app.message_band import MessageBand
from nnsim.app.pointing import Pointing
from nnsim.app.simulation_thread import SimulationThread
from nnsim.app.status_line import StatusLine
from nnsim.engine.frame import Frame
from nnsim.picture.agreement import Agreement, agreement

LONG_MS = 500
"""After so long a check can be given up."""


class Studies(QObject):
    """Asks and shows."""

    def __init__(self, display: Display, thread: SimulationThread, document: Document, pointing: Pointing, band: MessageBand,
                 status: StatusLine, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._thread, self._document, self._band, self._status = display, thread, document, band, status
        self._asked = m.Study()
        self._since, self._can_cancel = QElapsedTimer(), False
        self._told: tuple[Agreement, int] | None = None
        """The last check that was told, and its batch."""
        self._offers_worst = False
        display.plots.wants_changed.connect(self.ask)
        pointing.selected.connect(self.ask)
        thread.reported.connect(self._hear)

    def check_gradients(self) -> None:
        """Check all gradients of the batch under the cursor."""
        self._status.say(self.tr("Checking the gradients…"))
        self._since.start()
        self._can_cancel = False
        self._thread.send(m.CheckGradients())

    def _give_up(self) -> None:
        self._thread.send(m.GiveUpCheck())
        self._status.say(self.tr("The check was given up."))
        self._band.hide()

    @Slot()
    def ask(self, _: object = None) -> None:
        """Have studied what is seen, and nothing else."""
        plots, inspector = self._display.plots.wants, self._display.inspector.wants_past
        study = m.Study(plots.past or inspector, plots.looks or inspector, plots.plane, self._display.output.wants_words)
        if study != self._asked:
            self._asked = study
            # a panel that has come into sight was shown no frames behind its tab
            self._display.plots.show_frame(self._display.frame)
            self._thread.send(study)

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Shown():
                self.ask()
                self._keep_true(report.frame)
            case m.Studied(past, surface, words):
                if past is not None:
                    self._display.plots.show_past(past)
                    self._display.inspector.show_past(past)
                if surface is not None:
                    self._display.plots.show_surface(surface)
                if words is not None:
                    self._display.output.show_words(words)
            case m.Checked(run, batch, share, check):
                if check is None:
                    self._status.say(self.tr("Checking the gradients… {0} %").format(round(100 * share)))
                    if not self._can_cancel and self._since.elapsed() > LONG_MS:
                        self._can_cancel = True
                        self._band.say(self.tr("Checking the gradients…"), ((self.tr("Cancel"), self._give_up),), calm=True)
                    return
                self._status.say("")
                if run == self._document.run:
                    self._tell(agreement(check, divmod(batch, self._display.frame.batches)), batch)
            case m.Opened() | m.Edited() | m.Returned():
                self._status.say("")
                self._forget()
                self._display.inspector.show_past(None)

    def _tell(self, found: Agreement, batch: int) -> None:
        """Say how a check went, and draw it where its batch is on show."""
        is_shown = batch == self._display.frame.moment.batch
        if is_shown:
            self._display.show_agreement(found)
        self._told = found, batch
        self._say(found, is_shown)

    def _say(self, found: Agreement, is_shown: bool) -> None:
        self._offers_worst = is_shown
        how, worst = (self.tr("How it was checked"), self._say_conditions), (self.tr("Show the worst"), self._show_worst)
        self._band.say(found.sentence, (how, worst) if is_shown else (how,), not found.passed, calm=found.passed)

    def _say_conditions(self) -> None:
        if self._told is not None:
            self._band.say(" ".join(self._told[0].conditions), calm=True)

    def _show_worst(self) -> None:
        if self._told is not None:
            self._display.selected = self._told[0].worst.target
            self._display.show_selection()

    def _keep_true(self, frame: Frame) -> None:
        """The worst can only be shown while the batch that was checked is."""
        if self._told is not None:
            found, batch = self._told
            is_shown = batch == frame.moment.batch
            if is_shown != self._offers_worst and self._band.text == found.sentence:
                self._say(found, is_shown)

    def _forget(self) -> None:
        """The gradients that were checked are not those of what is shown now."""
        self._display.forget_agreement()
        if self._told is not None:
            found, self._told = self._told[0], None
            if self._band.text in (found.sentence, " ".join(found.conditions)):
                self._band.hide()
