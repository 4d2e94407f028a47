"""What happens when nnsim itself is wrong: a log, and a report that can be copied. Errors of use never come here.

An exception in a slot would otherwise only print a traceback, and one on another thread even less.
"""

import faulthandler
import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

import numpy
import PySide6
from PySide6.QtCore import QMessageLogContext, QObject, QStandardPaths, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

import nnsim

log = logging.getLogger("nnsim")
# without any handler Python would print warnings itself
log.addHandler(logging.NullHandler())


def log_folder() -> Path:
    """Where the logs are."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))


class CrashReporter(QObject):
    """Catches what nobody caught, on any thread, writes it down and shows it once."""

    caught = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._showing = False
        self.caught.connect(self._show)
        self.log_path: Path | None = None

    def install(self) -> None:
        """Begin. Without a writable folder there is no log, and the report still shows."""
        logging.raiseExceptions = False
        try:
            folder = log_folder()
            folder.mkdir(parents=True, exist_ok=True)
            self.log_path = folder / "nnsim.log"
            handler = logging.handlers.RotatingFileHandler(self.log_path, maxBytes=1 << 20, backupCount=2, encoding="utf-8")
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
            log.addHandler(handler)
            self._fault_file = (folder / "faults.log").open("w", encoding="utf-8")
            faulthandler.enable(self._fault_file)
        except OSError as error:
            print(f"nnsim: no log is kept: {error}", file=sys.stderr)
        log.setLevel(logging.INFO)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(log_qt)

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        report = "".join(traceback.format_exception(kind, error, trace))
        log.error("%s", report)
        print(report, file=sys.stderr)
        self.caught.emit(report)

    def _on_thread_exception(self, given: threading.ExceptHookArgs) -> None:
        self._on_exception(given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback)

    @Slot(str)
    def _show(self, report: str) -> None:
        if self._showing:
            return
        self._showing = True
        box = QMessageBox(QMessageBox.Icon.Critical, "nnsim", self.tr("Something in nnsim went wrong. What you had is still open; "
                          "save it under another name to be safe."))
        place = str(self.log_path) if self.log_path else self.tr("nowhere (no folder could be written)")
        box.setInformativeText(self.tr("The report below can be copied. It is also kept in {0}").format(place))
        box.setDetailedText(f"{diagnostics()}\n\n{report}")
        box.exec()
        self._showing = False


def diagnostics() -> str:
    """Versions and platform, for a report."""
    return (f"nnsim {nnsim.__version__}, Python {platform.python_version()}, NumPy {numpy.__version__}, "
            f"PySide6 {PySide6.__version__}, {platform.platform()}, {QGuiApplication.platformName()}")


_LEVELS = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO, QtMsgType.QtWarningMsg: logging.WARNING,
           QtMsgType.QtCriticalMsg: logging.ERROR, QtMsgType.QtFatalMsg: logging.CRITICAL}


def log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Write what Qt says into the log."""
    log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", message)
