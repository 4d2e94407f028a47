"""What went wrong, said in the band with what can be done about it: orders that failed, and training that broke down.

It is apart because trouble comes from everywhere and is told in one place. It refuses dialogs.
"""

from PySide6.QtCore import QObject, Slot

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.editing import Editing
from nnsim.app.file_commands import FileCommands
from nnsim.app.message_band import MessageBand
from nnsim.app.playing import Playing
from nnsim.app.simulation_thread import SimulationThread
from nnsim.app.travel import Travel
from nnsim.engine.divergence import Divergence, exploded
from nnsim.engine.frame import Frame
from nnsim.engine.moments import START, Moment
from nnsim.picture.divergence_words import divergence_sentence


class Troubles(QObject):
    """Listens for trouble, and lends its remedies from those who know how."""

    def __init__(self, band: MessageBand, display: Display, thread: SimulationThread, playing: Playing, travel: Travel,
                 editing: Editing, files: FileCommands, parent: QObject) -> None:
        super().__init__(parent)
        self._band, self._display, self._travel, self._editing, self._files = band, display, travel, editing, files
        self._told: Divergence | None = None
        playing.begun.connect(self._forget)
        thread.reported.connect(self._hear)

    @Slot()
    def _forget(self) -> None:
        """Be silent; trouble that is still there will be told again."""
        self._told = None
        self._band.hide()

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Shown() if not report.playing:
                self._tell_divergence(report.frame)
            case m.Opened():
                self._forget()
            case m.Failed():
                self._tell_failure(report)

    def _tell_failure(self, failed: m.Failed) -> None:
        if isinstance(failed.order, m.Save):
            sentence = self.tr("{0} could not be saved: {1}.").format(failed.order.path.name, failed.sentence.rstrip("."))
            if failed.elsewhere:
                self._band.say(f"{sentence} {self.tr('Save it in another folder.')}",
                               ((self.tr("Save as…"), self._files.save_as),), True)
            else:
                self._band.say(sentence, (), True)
        else:
            self._tell(failed.sentence, isinstance(failed.order, m.Open))

    def tell_unopened(self, sentence: str) -> None:
        """Say that a file cannot be opened, and why."""
        self._tell(sentence, True)

    def _tell(self, sentence: str, details: bool) -> None:
        self._band.say(sentence[:1].upper() + sentence[1:], (), details)

    def _tell_divergence(self, frame: Frame) -> None:
        divergence = frame.divergence
        if divergence == self._told:
            return
        self._told = divergence
        if divergence is None:
            self._band.hide()
            return
        self._band.say(divergence_sentence(divergence, frame.batches), (
            (self.tr("Show where"), self._show_where), (self.tr("Last finite moment"), self._show_last_finite),
            (self.tr("Lower the rate"), self._lower_rate)))

    def _show_where(self) -> None:
        if self._told:
            self._travel.seek(Moment(self._told.batch, self._told.mark))

    def _show_last_finite(self) -> None:
        if self._told:
            self._travel.seek(Moment(self._told.batch, 0))

    def _lower_rate(self) -> None:
        frame = self._display.frame
        if frame.divergence:
            self._travel.seek(START if exploded(frame.theta) else Moment(frame.divergence.batch, 0))
        self._editing.lower_rate()
