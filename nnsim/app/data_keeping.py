"""Whether a snapshot holds the user's own data or names their file: the choice in the File menu, and what is said when it is saved.

It is apart from the file commands because it is about one document's data only. It refuses to write anything: who saves asks it.
"""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.simulation_thread import SimulationThread
from nnsim.app.status_line import StatusLine
from nnsim.files.own_files import origin_of
from nnsim.files.view import View
from nnsim.picture.own_data_words import is_own_file


class DataKeeping(QObject):
    """``inside`` is what a view says; the action can be chosen only where the data have a file that could be named instead."""

    def __init__(self, display: Display, thread: SimulationThread, status: StatusLine, action: QAction, view: View,
                 parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._status, self._action = display, status, action
        self._inside = view.data_inside
        self._offer(display.frame.experiment.data.material)
        thread.reported.connect(self._hear)

    @property
    def inside(self) -> bool:
        """Whether a snapshot shall hold the data."""
        return self._inside

    def choose(self, inside: bool) -> None:
        """Keep the data inside the snapshot from the next saving on, or name their file."""
        self._inside = inside
        self._status.say(self.tr("Snapshots hold the data.") if inside else
                         self.tr("Snapshots name the file of the data: it has to stay where it is, or beside them."))

    @Slot(object)
    def _hear(self, report: m.Report) -> None:
        match report:
            case m.Opened():
                self._inside = report.view.data_inside
                self._offer(report.frame.experiment.data.material)
            case m.Edited():
                self._offer(report.after.run.experiment.data.material)
            case m.Returned():
                self._offer(report.place.run.experiment.data.material)
            case m.Saved():
                self._tell(report)

    def _offer(self, name: str) -> None:
        self._action.setEnabled(bool(name) and origin_of(name) is not None)
        self._action.setChecked(self._inside or not self._action.isEnabled())

    def _tell(self, saved: m.Saved) -> None:
        data = saved.run.experiment.data
        if not is_own_file(data):
            return
        origin = origin_of(data.material)
        if saved.view.data_inside or origin is None:
            self._status.say(self.tr("Saved {0}, with the data inside.").format(saved.path.name))
        else:
            self._status.say(self.tr("Saved {0}; its data stay in {1}.").format(saved.path.name, origin.path))
