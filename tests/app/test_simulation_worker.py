"""The training thread's worker: one frame in flight at most, the latest wins, and orders are heard at full speed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QThread
from pytestqt.qtbot import QtBot

from nnsim.app import messages as m
from nnsim.app.simulation_thread import SimulationThread, SimulationWorker
from nnsim.engine.frame import Wants
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session
from nnsim.picture.time_picture import finished_batches

FULL_SPEED = m.Play(Grain.BATCH, None)


class Listener:
    """Hears a worker on this very thread, and says when a frame was painted."""

    def __init__(self, qtbot: QtBot) -> None:
        self.worker, self._qtbot = SimulationWorker(Session.open("ring")), qtbot
        self.reports: list[m.Report] = []
        self.worker.reported.connect(self.reports.append)

    @property
    def frames(self) -> list[m.Shown]:
        return [report for report in self.reports if isinstance(report, m.Shown)]

    def order(self, *orders: m.Order) -> None:
        for order in orders:
            self.worker.obey(order)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=10_000)


@pytest.fixture
def listener(qtbot: QtBot) -> Iterator[Listener]:
    made = Listener(qtbot)
    yield made
    # nothing may go on by itself when the next test runs the event loop
    made.order(m.Pause())


def test_while_a_frame_is_being_painted_no_other_is_sent_and_then_only_the_latest(listener: Listener) -> None:
    listener.order(*[m.Step(Grain.BATCH)] * 5)
    assert [finished_batches(shown.frame) for shown in listener.frames] == [1]
    listener.order(m.FrameShown())
    assert [finished_batches(shown.frame) for shown in listener.frames] == [1, 5]
    listener.order(m.FrameShown(), m.FrameShown())
    assert len(listener.frames) == 2


def test_full_speed_goes_on_without_sending_while_a_frame_is_being_painted(listener: Listener, tmp_path: Path) -> None:
    listener.order(FULL_SPEED)
    listener.until(lambda: len(listener.frames) == 1)
    first = finished_batches(listener.frames[0].frame)
    moments: list[Moment] = []
    # a saved snapshot tells where the worker is, without a frame
    while not moments or moments[-1].batch < first + 500:
        known = len(listener.reports)
        listener.order(m.Save(tmp_path / "x.nnsim"))
        report = listener.reports[known]
        assert isinstance(report, m.Saved)
        moments.append(report.moment)
        QCoreApplication.processEvents()
    assert len(listener.frames) == 1
    listener.order(m.FrameShown())
    listener.until(lambda: len(listener.frames) == 2)
    assert listener.frames[1].frame.moment >= moments[-1]


def test_a_pause_at_full_speed_is_obeyed_at_once_and_ends_in_a_frame_that_stands(listener: Listener) -> None:
    listener.order(FULL_SPEED)
    listener.until(lambda: len(listener.frames) == 1)
    assert listener.frames[0].playing and listener.frames[0].heard is FULL_SPEED
    listener.order(m.Pause(), m.FrameShown())
    stands = listener.frames[1]
    assert not stands.playing and stands.heard is FULL_SPEED
    listener.order(m.FrameShown(), m.Step(Grain.BATCH))
    assert finished_batches(listener.frames[2].frame) == finished_batches(stands.frame) + 1


def test_frames_carry_what_was_asked_for_and_a_new_wish_sends_a_frame(listener: Listener) -> None:
    listener.order(m.Look(Wants(surface=16)))
    surface = listener.frames[0].frame.surface
    assert surface is not None and surface.outputs.shape[1:] == (16, 16)
    listener.order(m.FrameShown(), m.Look(Wants(surface=16)))
    assert len(listener.frames) == 1
    listener.order(m.Look(Wants(predictions=True)))
    assert listener.frames[1].frame.surface is None and listener.frames[1].frame.train_outputs is not None


def test_of_two_far_places_the_later_order_counts(listener: Listener) -> None:
    listener.order(m.Seek(Moment(5_000_000, 0)), m.FrameShown())
    assert listener.frames[0].under_way and listener.frames[0].frame.moment == START
    listener.order(m.Seek(Moment(30, 0)))

    def arrived() -> bool:
        listener.order(m.FrameShown())
        return finished_batches(listener.frames[-1].frame) == 30

    listener.until(arrived)
    assert not listener.frames[-1].under_way


def test_what_cannot_be_done_is_reported_and_changes_nothing(listener: Listener, tmp_path: Path) -> None:
    listener.order(m.Step(Grain.EPOCH), m.FrameShown())
    for order in (m.Open(str(tmp_path / "none.nnsim")), m.Save(tmp_path / "none" / "x.nnsim"),
                  m.SetParameter(0, 0, 0, float("inf"), "x")):
        known = len(listener.reports)
        listener.order(order)
        failed = listener.reports[known]
        assert isinstance(failed, m.Failed) and failed.order is order and failed.sentence
        assert len(listener.reports) == known + 1
    listener.order(m.Step(Grain.BATCH))
    assert finished_batches(listener.frames[-1].frame) == 26


def test_the_thread_obeys_in_turn_and_ends_when_told_even_at_full_speed(qtbot: QtBot) -> None:
    handle = SimulationThread(Session.open("ring"))
    thread = handle.findChild(QThread)
    assert isinstance(thread, QThread)
    try:
        with qtbot.waitSignal(handle.reported) as heard:
            handle.send(m.Step(Grain.NEURON, 1))
        reference = Session.open("ring")
        reference.step(Grain.NEURON)
        assert heard.args is not None and heard.args[0].frame.moment == reference.moment
        with qtbot.waitSignal(handle.reported) as heard:
            handle.send(FULL_SPEED)
            handle.send(m.FrameShown())
        assert heard.args is not None and heard.args[0].playing
    finally:
        handle.end()
    assert thread.isFinished()
