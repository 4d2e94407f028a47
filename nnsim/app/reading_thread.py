"""A thread that reads the user's files, so that the window never stands still for one.

It is apart from the training thread because training goes on meanwhile, and because only the latest reading matters: another one
that is asked for meanwhile waits for the end of this, and replaces any that waits. It refuses to know what is read.
"""

import atexit
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal, Slot

from nnsim.engine.experiment import ExperimentError
from nnsim.files.own_files import OwnFileError
from nnsim.files.picture_folder import OnProgress, ReadingStoppedError

Job = Callable[[OnProgress], object]
"""What is done on the thread; it is given what to tell its progress to, which says whether to go on."""
EXPECTED = (*OwnFileError, ExperimentError, OSError)
PARTS = 100
"""So often progress is told at most."""


_RUNNING: "set[Reading]" = set()


@atexit.register
def _end_all() -> None:
    """A program that ends without closing its window must not abort for it."""
    for reading in tuple(_RUNNING):
        reading.requestInterruption()
        reading.wait()


class Reading(QThread):
    """One reading."""

    progressed = Signal(int, int)

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.setObjectName("reading")
        self._job: Job | None = job
        self.result: object = None
        self.error: BaseException | None = None
        self.was_stopped = False

    def run(self) -> None:
        """Do the job; what comes of it is kept for whoever asked."""
        job, self._job = self._job, None
        assert job is not None
        try:
            self.result = job(self._go_on)
        except ReadingStoppedError:
            self.was_stopped = True
        except BaseException as error:  # it is raised again on the thread that asked
            self.error = error

    def _go_on(self, done: int, total: int) -> bool:
        if done == total or done % max(1, total // PARTS) == 0:
            self.progressed.emit(done, total)
        return not self.isInterruptionRequested()


class ReadingThread(QObject):
    """The window's handle. ``done(result)``, ``failed(error)`` for what a file may be, ``progressed(done, total)``: of the
    latest reading only.
    """

    done = Signal(object)
    failed = Signal(object)
    progressed = Signal(int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._running: Reading | None = None
        self._next: Job | None = None
        self._unwanted = False

    @property
    def is_busy(self) -> bool:
        """Whether something that is still wanted is being read."""
        return self._next is not None or (self._running is not None and not self._unwanted)

    def read(self, job: Job) -> None:
        """Do this, in place of what is being done."""
        self._next = job
        if self._running is None:
            self._begin()
        else:
            self._unwanted = True
            self._running.requestInterruption()

    def cancel(self) -> None:
        """Nothing is wanted any more."""
        self._next, self._unwanted = None, True
        if self._running is not None:
            self._running.requestInterruption()

    def end(self) -> None:
        """Stop, and wait for the thread to end."""
        self.cancel()
        if self._running is not None:
            self._running.wait()
            _RUNNING.discard(self._running)

    def _begin(self) -> None:
        assert self._next is not None
        self._running, self._unwanted = Reading(self._next), False
        self._next = None
        self._running.progressed.connect(self._pass_on)
        self._running.finished.connect(self._take)
        # a running thread must not be collected, whoever forgets its handle
        _RUNNING.add(self._running)
        self._running.start()

    @Slot(int, int)
    def _pass_on(self, done: int, total: int) -> None:
        if not self._unwanted:
            self.progressed.emit(done, total)

    @Slot()
    def _take(self) -> None:
        ended = self._running
        if ended is None:
            return
        ended.wait()
        _RUNNING.discard(ended)
        unwanted, self._running = self._unwanted or ended.was_stopped, None
        if self._next is not None:
            self._begin()
        elif unwanted:
            return
        elif isinstance(ended.error, EXPECTED):
            self.failed.emit(ended.error)
        elif ended.error is not None:
            raise ended.error
        else:
            self.done.emit(ended.result)
