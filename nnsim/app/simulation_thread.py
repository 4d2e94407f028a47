"""The thread that trains, as the window holds it: orders go in, reports come out, and it ends when told.

It is apart from the worker because it lives on the other side: everything here runs on the window's own thread. It refuses to
know what orders and reports mean.
"""

import atexit

from PySide6.QtCore import QObject, QThread, Signal, Slot

from nnsim.app import messages as m
from nnsim.app.simulation_worker import SimulationWorker
from nnsim.files.session import Session

_RUNNING: "set[SimulationThread]" = set()


@atexit.register
def _end_all() -> None:
    """A program that ends without closing its window must not abort for it."""
    for handle in tuple(_RUNNING):
        handle.end()


class SimulationThread(QObject):
    """The window's handle on the training thread: the only thing that crosses it.

    Signals: ``reported`` carries a ``messages.Report`` on the window's own thread; ``ordered`` carries a ``messages.Order`` the
    other way, and tells the window's own parts what was asked for.
    """

    reported = Signal(object)
    ordered = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._worker = SimulationWorker(session)
        self._worker.moveToThread(self._thread)
        self.ordered.connect(self._worker.obey)
        self._worker.reported.connect(self._pass_on)
        self._thread.finished.connect(self._worker.deleteLater)
        self._thread.start()
        # a running thread must not be collected, whoever forgets its handle
        _RUNNING.add(self)

    def send(self, order: m.Order) -> None:
        """Give an order; it is carried out in its turn."""
        self.ordered.emit(order)

    @Slot()
    def end(self) -> None:
        """Stop training and wait for the thread to end."""
        if self._thread.isRunning():
            self._thread.quit()
            self._thread.wait()
        _RUNNING.discard(self)

    @Slot(object)
    def _pass_on(self, report: m.Report) -> None:
        self.reported.emit(report)
