"""The reading thread: the latest is what counts, a stop is heard, and only what files may be is told as a failure."""

from collections.abc import Iterator
from functools import partial
from threading import Event, get_ident

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from nnsim.app.reading_thread import ReadingThread
from nnsim.files.picture_folder import OnProgress, ReadingStoppedError
from nnsim.files.table_choices import TableError

LONG = 1000


@pytest.fixture
def thread(qapp: QObject) -> Iterator[ReadingThread]:
    made = ReadingThread(qapp)
    yield made
    made.end()


def test_a_job_is_done_on_another_thread_and_told_on_this_one(thread: ReadingThread, qtbot: QtBot) -> None:
    heard: list[int] = []
    thread.done.connect(lambda _: heard.append(get_ident()))
    with qtbot.waitSignal(thread.done) as done:
        thread.read(lambda _: get_ident())
    assert done.args is not None and done.args[0] != get_ident() and heard == [get_ident()]
    assert not thread.is_busy


def test_only_the_latest_of_several_is_told_and_those_between_are_never_done(thread: ReadingThread, qtbot: QtBot) -> None:
    begun, go, done_jobs = Event(), Event(), []
    told = QSignalSpy(thread.done)

    def first(_: OnProgress) -> str:
        begun.set()
        assert go.wait(10)
        return "first"

    def named(name: str, _: OnProgress) -> str:
        done_jobs.append(name)
        return name

    thread.read(first)
    assert begun.wait(10)
    for name in ("second", "third"):
        thread.read(partial(named, name))
    go.set()
    qtbot.waitUntil(lambda: told.count() == 1)
    assert told.at(0)[0] == "third" and done_jobs == ["third"]


def test_cancelling_stops_at_the_next_picture_and_tells_nothing(thread: ReadingThread, qtbot: QtBot) -> None:
    begun, heard = Event(), Event()
    told = [QSignalSpy(signal) for signal in (thread.done, thread.failed)]

    def endless(on_progress: OnProgress) -> None:
        begun.set()
        # long enough for the stop to come, but not for ever if it does not
        for _ in range(1_000_000):
            if not on_progress(1, LONG):
                heard.set()
                raise ReadingStoppedError

    thread.read(endless)
    assert begun.wait(10)
    thread.cancel()
    assert heard.wait(10) and not thread.is_busy
    with qtbot.waitSignal(thread.done) as done:
        thread.read(lambda _: "next")
    assert done.args == ["next"] and told[1].count() == 0


def test_progress_is_told_in_a_hundred_parts_at_most(thread: ReadingThread, qtbot: QtBot) -> None:
    told = QSignalSpy(thread.progressed)
    with qtbot.waitSignal(thread.done):
        thread.read(lambda on_progress: [on_progress(done, LONG) for done in range(1, LONG + 1)])
    assert told.count() == 100 and told.at(99) == [LONG, LONG]


def test_what_a_file_may_be_is_a_failure(thread: ReadingThread, qtbot: QtBot) -> None:
    def refuse(_: OnProgress) -> None:
        raise TableError("nothing stands in it")

    with qtbot.waitSignal(thread.failed) as failed:
        thread.read(refuse)
    assert failed.args is not None and str(failed.args[0]) == "nothing stands in it"


def test_an_error_of_the_program_is_raised_where_it_is_seen(thread: ReadingThread, qtbot: QtBot) -> None:
    def wrong(_: OnProgress) -> None:
        raise ZeroDivisionError

    told = QSignalSpy(thread.failed)
    with qtbot.captureExceptions() as caught:
        thread.read(wrong)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError and told.count() == 0
