"""Choosing the sample that is looked at apart from training: in its panel, by a click in the output view, from the confusion table.

It is apart from pointing, which is about places in the network. It refuses to compute: what frames carry is asked of the thread.
"""

from PySide6.QtCore import QObject, Slot

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.frames import Frames
from nnsim.app.simulation_thread import SimulationThread
from nnsim.app.status_line import StatusLine
from nnsim.engine.probe import Probe
from nnsim.picture.output_picture import rows_in_cell


class Probing(QObject):
    """Sets and takes away the display's probe."""

    def __init__(self, display: Display, thread: SimulationThread, frames: Frames, status: StatusLine, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._frames, self._status = display, frames, status
        self._dataset = display.frame.dataset
        display.probe_panel.probe_chosen.connect(self._choose)
        display.position.probe_left.connect(self.leave)
        display.output.row_chosen.connect(self._choose_row)
        display.output.cell_chosen.connect(self._choose_in_cell)
        thread.reported.connect(self._hear)

    @Slot()
    def leave(self) -> None:
        """Follow training again."""
        self._choose(None)

    def move(self, step: int) -> None:
        """The row before or after the probe's; without a probe, of the sample that training is at."""
        frame, probe = self._display.frame, self._display.probe
        row = probe.row if probe is not None and probe.row is not None else frame.row
        self._choose(Probe(((-1 if row is None else row) + step) % len(frame.dataset.inputs)))

    @Slot(object)
    def _choose(self, probe: Probe | None) -> None:
        self._display.probe = probe
        self._frames.ask()

    @Slot(int)
    def _choose_row(self, row: int) -> None:
        self._choose(Probe(row))

    @Slot(int, int)
    def _choose_in_cell(self, true: int, predicted: int) -> None:
        """The cell's first sample, or the one after the probe's."""
        frame, probe = self._display.frame, self._display.probe
        rows = rows_in_cell(frame, true, predicted)
        if not rows:
            self._status.say(self.tr("No row is in this cell."))
            return
        here = rows.index(probe.row) if probe is not None and probe.row in rows else -1
        place = (here + 1) % len(rows)
        self._choose(Probe(rows[place]))
        self._status.say(self.tr("Row {0}: {1} of {2} in this cell. Click again for the next.").format(
            rows[place] + 1, place + 1, len(rows)))

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Opened(place) | m.Returned(place) | m.Edited(after=place):
                if place.session.dataset is not self._dataset:
                    self._dataset = place.session.dataset
                    self._choose(None)
