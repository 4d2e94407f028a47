"""A person at a window, for tests: a real window on a source, its keys and actions, and what it says.

It is apart because every test of the application opens a window and has to end its thread again. It refuses to know the
window's insides: it triggers actions, presses keys, and reads what scripts may read.
"""

import gc
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QSize, Qt, QThread, QTimer
from PySide6.QtGui import QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from nnsim.app import messages as m
from nnsim.app.main import create_window
from nnsim.app.main_window import MainWindow
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.picture.time_picture import RunUntil, finished_batches
from nnsim.widgets.number_field import NumberField
from nnsim.widgets.run_until_menu import RunUntilMenu
from nnsim.widgets.speed import SpeedChooser

Button = QMessageBox.StandardButton
PATIENCE_MS = 10_000
_ASK = QMessageBox.open


class Journey:
    """One window and the person before it."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot
        self.reports: list[m.Report] = []
        window.thread_handle.reported.connect(self.reports.append)
        self.answers: list[Button] = []
        """What will be answered to the questions to come, in order."""
        self.questions: list[str] = []
        self.file_name = ""
        """What will be chosen when a file is asked for; nothing is to cancel."""
        self.files_asked = 0

    @property
    def frame(self) -> Frame:
        """The frame on show."""
        return self.window.frame

    @property
    def said(self) -> str:
        """What the band says."""
        return self.window.band.text

    def is_playing(self) -> bool:
        """Whether time goes on by itself, as the window says."""
        return self.window.is_playing

    def grain(self) -> Grain:
        """What a step means now."""
        return self.window.display.grain

    def show(self) -> None:
        """Put the window on the screen, with the keyboard in the diagram."""
        self.window.show()
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.window.display.network.setFocus()

    def act(self, name: str) -> None:
        """Trigger an action by its id."""
        self.window.actions_by_id[name].trigger()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        widget = self.window.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, key, modifiers)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition."""
        self._qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def until_at(self, moment: Moment) -> None:
        """Wait until a frame of this very moment is on show."""
        self._qtbot.waitUntil(lambda: self._is_at(moment), timeout=PATIENCE_MS)

    def _is_at(self, moment: Moment) -> bool:
        assert self.frame.moment == moment, f"at {self.frame.moment}, not {moment}"
        return True

    def until_finished(self, batches: int) -> None:
        """Wait until so many batches are finished, or more."""
        self.until(lambda: finished_batches(self.frame) >= batches)

    def until_still(self, known: int) -> None:
        """Wait until a frame says that nothing goes on by itself, after the first ``known`` reports."""
        self.until(lambda: any(not shown.playing for shown in self.shown(known)))

    def shown(self, known: int = 0) -> list[m.Shown]:
        """The frames that came after the first ``known`` reports."""
        return [report for report in self.reports[known:] if isinstance(report, m.Shown)]

    def frames_until_still(self, known: int) -> int:
        """How many frames came after the first ``known`` reports until one said that nothing goes on by itself."""
        self.until_still(known)
        return [shown.playing for shown in self.shown(known)].index(False) + 1

    def play_fast(self, batches: int = 200) -> None:
        """Play at full speed until so many batches more were seen to be finished."""
        goal = finished_batches(self.frame) + batches
        self.choose_speed(math.inf)
        self.act("train-play")
        self.until_finished(goal)

    def wait_report(self, kind: type[m.Report], do: Callable[[], object]) -> m.Report:
        """Do something, and wait for the first report of a kind that follows."""
        known = len(self.reports)
        do()
        self.until(lambda: any(isinstance(report, kind) for report in self.reports[known:]))
        return next(report for report in self.reports[known:] if isinstance(report, kind))

    def pause(self) -> Moment:
        """Pause, and wait until the window stands still: then where it stands."""
        known = len(self.reports)
        if self.is_playing():
            self.act("train-play")
        else:
            self.window.thread_handle.send(m.Pause())
        self.until_still(known)
        return self.frame.moment

    def choose_speed(self, speed: float) -> None:
        """Turn the speed to a pace (steps a second)."""
        chooser = self.window.findChild(SpeedChooser)
        assert isinstance(chooser, SpeedChooser)
        chooser.set_speed(speed)
        chooser.speed_chosen.emit(speed)

    def choose_until(self, choice: RunUntil) -> None:
        """Choose what ends a run."""
        menu = self.window.findChild(RunUntilMenu)
        assert isinstance(menu, RunUntilMenu)
        menu.set_choice(choice)
        menu.run_until_chosen.emit(choice)

    def type_setting(self, path: str, text: str) -> None:
        """Type a number into a field of the form."""
        editor = self.window.display.form.fields[path].editor
        assert isinstance(editor, NumberField)
        type_into(editor.lineEdit(), text)

    def run_to(self, batch: int) -> Moment:
        """Seek the end of so many batches; then where the window stands."""
        self.window.travel.seek(Moment(batch, 0))
        self.until(lambda: finished_batches(self.frame) == batch)
        return self.frame.moment

    def edits(self) -> tuple[bool, bool]:
        """Whether there is something to undo, and to redo."""
        names = ("edit-undo", "edit-redo")
        undo, redo = (self.window.actions_by_id[name].isEnabled() for name in names)
        return undo, redo

    def close(self) -> None:
        """Close the window for good, whatever would be lost, and see its thread end."""
        if not isValid(self.window):
            return
        handle = self.window.thread_handle
        thread = handle.findChild(QThread)
        assert isinstance(thread, QThread)
        for left in self.window.findChildren(QDialog):
            # a test that failed may have left a question standing
            left.reject()
        self.answers = [Button.Discard]
        self.window.close()
        self.until(thread.isFinished)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not isValid(self.window)
        # what the window leaves in cycles is to be freed here, not by chance on the training thread of a later one
        gc.collect()


def type_into(line: QLineEdit, text: str) -> None:
    """Type over what stands in a line, and press Return."""
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


@contextmanager
def journey(qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch, source: str | None = None,
            screen: tuple[int, int] = (1920, 1080)) -> Iterator[Journey]:
    """A window on a source, with settings of its own in ``folder``; closed at the end, its thread ended.

    The desktop leaves it ``screen`` pixels: the offscreen platform's screen is a small one.

    Questions and file dialogs are answered from the journey's ``answers`` and ``file_name``; one that nobody expects fails.
    """
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))

    def answer(box: QMessageBox) -> None:
        _ASK(box)
        if box.objectName() == "unsaved-question":
            made.questions.append(box.text())
            assert made.answers, f"nobody expects the question {box.text()!r}"
            # a person answers when the question stands there
            QTimer.singleShot(0, box.button(made.answers.pop(0)).click)

    def choose(*_: object) -> tuple[str, str]:
        made.files_asked += 1
        return made.file_name, ""

    with monkeypatch.context() as patch:
        patch.setattr(QScreen, "availableSize", lambda _: QSize(*screen))
        made = Journey(create_window(source), qtbot)
        patch.setattr(QMessageBox, "open", answer)
        patch.setattr(QFileDialog, "getSaveFileName", choose)
        patch.setattr(QFileDialog, "getOpenFileName", choose)
        try:
            yield made
        finally:
            made.close()


def same_bits(one: Frame, other: Frame) -> bool:
    """Whether two frames stand at one moment with the very same parameters."""
    return one.moment == other.moment and one.theta.tobytes() == other.theta.tobytes()


def is_untouched(frame: Frame, theta: np.ndarray) -> bool:
    """Whether a frame shows the start with these very parameters."""
    return frame.moment == START and frame.theta.tobytes() == theta.tobytes()
