"""From nothing to a window on the screen. ``create_window`` is what scripts and tests use; ``run_window`` is the program."""

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import nnsim
from nnsim.app.crash import CrashReporter, log_qt
from nnsim.app.main_window import MainWindow
from nnsim.engine.resources import resource
from nnsim.files.session import Session, SourceError

FIRST_EXAMPLE = "ring"
DEFAULT_SIZE = (1440, 900)
UNSEEN = ("offscreen", "minimal")
"""Qt's platforms on which nobody sees a window."""


def create_window(source: str | None = None) -> MainWindow:
    """A main window on an example, a snapshot or an experiment; not yet shown. Raises SourceError.

    Makes the QApplication if there is none.
    """
    make_application()
    session = Session.open(source or FIRST_EXAMPLE)
    return MainWindow(session, source or FIRST_EXAMPLE)


def make_application() -> QApplication:
    """The one QApplication, made when it is not there."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QApplication.setApplicationName("nnsim")
    QApplication.setOrganizationName("nnsim")
    QApplication.setApplicationVersion(nnsim.__version__)
    QApplication.setDesktopFileName("nnsim")
    application = QApplication(sys.argv[:1])
    application.setWindowIcon(QIcon(str(resource("icons", "nnsim.svg"))))
    return application


def run_window(source: str | None, screenshot: Path | None = None, theme: str | None = None,
               size: tuple[int, int] | None = None) -> int:
    """Show the window until it is closed, or with ``screenshot`` paint it once and save the picture. The exit status.

    What cannot be opened is told in the window, which then shows the first example; where nobody would see it, in a line.
    """
    application = make_application()
    reporter = CrashReporter()
    if screenshot is None:
        reporter.install()
    else:
        qInstallMessageHandler(log_qt)
    try:
        window = create_window(source)
    except SourceError as error:
        if screenshot is not None or QApplication.platformName() in UNSEEN:
            print(f"nnsim: {error}", file=sys.stderr)
            return 2
        # who started it from a desktop sees no terminal
        window = create_window()
        window.troubles.tell_unopened(str(error))
    if theme:
        window.appearance.choose_theme(theme, remember=False)
    if screenshot is not None:
        return _save_screenshot(application, window, screenshot, size or DEFAULT_SIZE)
    if size:
        window.resize(*size)
    window.show()
    # Python hears Ctrl+C only between its own instructions: this lets it, twice a second
    signal.signal(signal.SIGINT, lambda *_: window.close())
    heartbeat = QTimer()
    heartbeat.timeout.connect(int)
    heartbeat.start(500)
    return int(application.exec())


def _save_screenshot(application: QApplication, window: MainWindow, path: Path, size: tuple[int, int]) -> int:
    window.appearance.reset_layout()
    window.resize(*size)
    window.show()
    window.wait_for_frame()
    saved = window.grab().save(str(path), "PNG")
    window.close()
    if not saved:
        print(f'nnsim: cannot write "{path}": choose a folder that exists and can be written', file=sys.stderr)
        return 2
    return 0
