"""What the thread computes aside, for plots, the inspector and the gradient check: asked for when it is seen, shown when it comes.

It is apart from the frames, which everything waits for. It refuses to keep results beyond the moment that they are about.
"""

from PySide6.QtCore import QObject, Slot

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.message_band import MessageBand
from nnsim.app.pointing import Pointing
from nnsim.app.simulation_thread import SimulationThread
from nnsim.app.status_line import StatusLine
from nnsim.picture.agreement import Agreement, agreement


class Studies(QObject):
    """Asks and shows."""

    def __init__(self, display: Display, thread: SimulationThread, pointing: Pointing, band: MessageBand, status: StatusLine,
                 parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._thread, self._band, self._status = display, thread, band, status
        self._asked = m.Study()
        display.plots.wants_changed.connect(self.ask)
        pointing.selected.connect(self.ask)
        thread.reported.connect(self._hear)

    def check_gradients(self) -> None:
        """Check all gradients of the batch under the cursor."""
        self._status.say(self.tr("Checking the gradients…"))
        self._thread.send(m.CheckGradients())

    @Slot()
    def ask(self, _: object = None) -> None:
        """Have studied what is seen, and nothing else."""
        plots, inspector = self._display.plots.wants, self._display.inspector.wants_past
        study = m.Study(plots.past or inspector, plots.looks or inspector, plots.plane)
        if study != self._asked:
            self._asked = study
            self._thread.send(study)

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Shown():
                self.ask()
            case m.Studied(past, surface):
                if past is not None:
                    self._display.plots.show_past(past)
                    self._display.inspector.show_past(past)
                if surface is not None:
                    self._display.plots.show_surface(surface)
            case m.Checked(run, batch, share, check):
                if check is None:
                    self._status.say(self.tr("Checking the gradients… {0} %").format(round(100 * share)))
                    return
                self._status.say("")
                found = agreement(check)
                self._display.show_agreement(found, run, batch)
                self._tell(found)
            case m.Opened():
                self._display.inspector.show_past(None)
            case m.Edited(before, after) if before.session is not after.session:
                self._display.inspector.show_past(None)

    def _tell(self, found: Agreement) -> None:
        def details() -> None:
            self._band.say(" ".join(found.conditions), calm=True)

        def show_worst() -> None:
            self._display.selected = found.worst.target
            self._display.show_selection()

        self._band.say(found.sentence, ((self.tr("How it was checked"), details), (self.tr("Show the worst"), show_worst)),
                       not found.passed, calm=found.passed)
