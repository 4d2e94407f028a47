"""A closed window leaves nothing: no widget waits for Python to collect it, and restyling meets none that is half gone."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QThread
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nnsim.app.main import create_window

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Without Python's collector, so that only what has an owner goes."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    gc.collect()


def live_and_close(theme: str, qtbot: QtBot) -> None:
    """A window that is shown, dressed otherwise and closed."""
    window = create_window("ring")
    handle = window.thread_handle
    window.show()
    window.actions_by_id[f"view-theme-{theme}"].trigger()
    with qtbot.waitSignal(handle.reported):
        window.actions_by_id["step-next-batch"].trigger()
    window.close()
    thread = handle.findChild(QThread)
    assert isinstance(thread, QThread) and thread.isFinished()
    del window
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def widgets() -> list[QWidget]:
    return QApplication.allWidgets()


@pytest.mark.usefixtures("uncollected")
def test_windows_that_were_opened_restyled_and_closed_leave_no_widget(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    live_and_close("light", qtbot)
    before = len(widgets())
    for _ in range(4):
        for theme in ("dark", "high-contrast", "light"):
            live_and_close(theme, qtbot)
    assert len(widgets()) == before


RESTYLING = """
import gc
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from nnsim.app.theme import apply_theme
from nnsim.picture.palette import THEMES

class Busy(QWidget):
    def event(self, event):
        if event.type() == QEvent.Type.StyleChange:
            self.much = [[number] for number in range(2000)]
        return super().event(event)

app = QApplication([])
busy = [Busy() for _ in range(50)]
for turn in range(10):
    for _ in range(50):
        forgotten = QLabel()
        forgotten.own = [forgotten, QLabel()]
    apply_theme(app, THEMES[("light", "dark")[turn % 2]])
assert gc.isenabled()
"""


def test_widgets_that_python_could_collect_survive_a_restyling() -> None:
    # in a process of its own, since it would end by a crash
    done = subprocess.run([sys.executable, "-c", RESTYLING], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
                          capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
