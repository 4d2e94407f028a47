"""The training thread's worker: one frame in flight at most, the latest wins, and orders are heard at full speed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QThread
from pytestqt.qtbot import QtBot

from nnsim.app import messages as m
from nnsim.app.simulation_thread import SimulationThread
from nnsim.app.simulation_worker import SimulationWorker
from nnsim.engine.breakpoints import LossBelow
from nnsim.engine.examples import example
from nnsim.engine.experiment import Experiment
from nnsim.engine.frame import Wants
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session
from nnsim.files.view import View
from nnsim.picture.time_picture import RunUntil, finished_batches

FULL_SPEED = m.Play(Grain.BATCH, None)
RING = example("ring").experiment
LARGE = RING.replace(batch_size=1, data=RING.data.replace(samples=100_000))
FAR = m.Seek(Moment(5_000_000, 0))


class Listener:
    """Hears a worker on this very thread, and says when a frame was painted."""

    def __init__(self, qtbot: QtBot, experiment: Experiment = RING) -> None:
        self.worker, self._qtbot = SimulationWorker(Session.open(experiment)), qtbot
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
        listener.order(m.Save(tmp_path / "x.nnsim", View()))
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
    listener.order(FAR, m.FrameShown())
    assert listener.frames[0].under_way and listener.frames[0].frame.moment == START
    listener.order(m.Seek(Moment(30, 0)))

    def arrived() -> bool:
        listener.order(m.FrameShown())
        return finished_batches(listener.frames[-1].frame) == 30

    listener.until(arrived)
    assert not listener.frames[-1].under_way


def test_an_edit_on_a_long_way_waits_for_its_end_and_a_pause_is_heard_meanwhile(listener: Listener) -> None:
    edit, then = m.SetParameter(0, 0, 0, 2.0, "x"), m.Step(Grain.BATCH)
    listener.order(FAR, edit, then, m.FrameShown())
    assert not any(isinstance(report, m.Edited | m.Failed) for report in listener.reports)
    listener.order(m.Pause(), m.FrameShown())
    failed = [report for report in listener.reports if isinstance(report, m.Failed)]
    assert [report.order for report in failed] == [edit]
    assert not listener.frames[-1].under_way and listener.frames[-1].frame.moment == START
    listener.order(m.Seek(Moment(100_000, 0)), edit, then)
    listener.until(lambda: isinstance(listener.reports[-1], m.Edited))
    made = listener.reports[-1]
    assert isinstance(made, m.Edited) and made.after.moment == (100_000, 0)
    listener.order(m.FrameShown())
    assert finished_batches(listener.frames[-1].frame) == 100_001


def test_playing_that_was_asked_for_behind_an_edit_and_given_up_is_said_to_be_no_more(listener: Listener) -> None:
    listener.order(FAR, m.SetParameter(0, 0, 0, 2.0, "x"), FULL_SPEED, m.FrameShown(), m.Pause(), m.FrameShown())
    assert not listener.frames[-1].playing and listener.frames[-1].heard is FULL_SPEED


def test_steps_over_large_data_asked_for_at_once_are_all_made(listener: Listener, qtbot: QtBot) -> None:
    large = Listener(qtbot, LARGE)
    large.order(*[m.Step(Grain.EPOCH)] * 3)
    epoch = large.frames[0].frame.batches

    def arrived() -> bool:
        large.order(m.FrameShown())
        return finished_batches(large.frames[-1].frame) == 3 * epoch

    large.until(arrived)


@pytest.mark.parametrize("breakpoints", [(), (LossBelow(-1.0, "batch"),)])
def test_playing_by_epochs_of_large_data_hears_a_pause_on_the_way_to_its_next_stop(
    qtbot: QtBot, breakpoints: tuple[LossBelow, ...]
) -> None:
    large = Listener(qtbot, LARGE)
    large.order(m.Break(breakpoints), m.Look(Wants(surface=8)), m.FrameShown(), m.Play(Grain.EPOCH, 1))
    known, batches = len(large.reports), 0
    # looking again and again tells how far the worker is, between one slice and the next
    for number in range(9, 400):
        QCoreApplication.processEvents()
        large.order(m.Look(Wants(surface=number % 2)), m.FrameShown())
        batches, _ = large.frames[-1].frame.extent
        if batches:
            break
    shown = large.frames[-1]
    assert 0 < batches < shown.frame.batches and shown.playing and not shown.under_way and len(large.reports) > known
    large.order(m.Pause(), m.FrameShown())
    stands = large.frames[-1]
    assert not stands.playing and stands.frame.moment == START and 0 < stands.frame.extent[0] < stands.frame.batches
    large.order(m.Step(Grain.BATCH), m.FrameShown())
    assert finished_batches(large.frames[-1].frame) == 1


def test_playing_by_epochs_comes_to_the_end_of_each_in_turn(listener: Listener) -> None:
    listener.order(m.Play(Grain.EPOCH, 5))

    def seen() -> bool:
        listener.order(m.FrameShown())
        return len(listener.frames) > 4

    listener.until(seen)
    finished = [finished_batches(shown.frame) for shown in listener.frames]
    assert finished == sorted(set(finished)) and all(batches % 25 == 0 for batches in finished)


def test_another_pace_keeps_the_goal_and_does_not_revive_what_has_ended(listener: Listener) -> None:
    goal = RunUntil("epochs", 3)
    listener.order(m.Play(Grain.BATCH, 1, goal))

    def beyond(batches: int) -> bool:
        listener.order(m.FrameShown())
        return bool(listener.frames) and finished_batches(listener.frames[-1].frame) >= batches

    listener.until(lambda: beyond(30))
    listener.order(m.Play(Grain.BATCH, None, goal, goes_on=True))
    listener.until(lambda: beyond(75))
    ended = listener.frames[-1]
    assert finished_batches(ended.frame) == 75 and not ended.playing and ended.reached
    late = m.Play(Grain.EPOCH, None, goal, goes_on=True)
    listener.order(late, m.FrameShown())
    assert listener.frames[-1].heard is late and not listener.frames[-1].playing
    assert finished_batches(listener.frames[-1].frame) == 75


def test_what_cannot_be_done_is_reported_and_changes_nothing(listener: Listener, tmp_path: Path) -> None:
    listener.order(m.Step(Grain.EPOCH), m.FrameShown())
    listener.until(lambda: not listener.frames[-1].under_way)
    for order in (m.Open(str(tmp_path / "none.nnsim")), m.Save(tmp_path / "none" / "x.nnsim", View()),
                  m.SetParameter(0, 0, 0, float("inf"), "x")):
        known = len(listener.reports)
        listener.order(order)
        failed = listener.reports[known]
        assert isinstance(failed, m.Failed) and failed.order is order and failed.sentence
        assert len(listener.reports) == known + 1
    listener.order(m.FrameShown(), m.Step(Grain.BATCH))
    assert finished_batches(listener.frames[-1].frame) == 26


def test_undo_and_redo_of_a_tuning_bring_the_visited_future_back_at_once(listener: Listener) -> None:
    def come_to(batches: int) -> None:
        listener.order(m.Seek(Moment(batches, 0)), m.FrameShown())

        def arrived() -> bool:
            listener.order(m.FrameShown())
            return finished_batches(listener.frames[-1].frame) == batches

        listener.until(arrived)

    def losses() -> bytes:
        return listener.frames[-1].frame.history.batch_loss.values.tobytes()

    come_to(3000)
    come_to(1000)
    whole = losses()
    listener.order(m.Tune(RING.learning.replace(rate=0.5), "Rate 0.5"), m.FrameShown())
    (edited,) = (report for report in listener.reports if isinstance(report, m.Edited))
    assert listener.frames[-1].frame.extent[0] == 1000
    come_to(1500)
    tuned = losses()
    listener.order(m.Return(edited.before), m.FrameShown())
    back = listener.frames[-1]
    assert (finished_batches(back.frame), back.under_way, losses()) == (1000, False, whole)
    listener.order(m.Return(edited.after), m.FrameShown())
    assert (listener.frames[-1].frame.extent[0], losses()) == (1500, tuned)


def test_a_session_that_only_undo_knows_holds_no_data_and_comes_back_where_it_stood(listener: Listener) -> None:
    listener.order(m.Seek(Moment(40, 5)), m.FrameShown())
    listener.until(lambda: listener.worker.obey(m.FrameShown()) is None and listener.frames[-1].frame.moment == Moment(40, 5))
    theta = listener.frames[-1].frame.theta.tobytes()
    listener.order(m.Restart(RING.replace(seed=RING.seed + 1), "Seed"), m.FrameShown())
    (edited,) = (report for report in listener.reports if isinstance(report, m.Edited))
    assert not {"train", "test", "_feed", "_trainer", "_dataset"} & vars(edited.before.session.replay).keys()
    listener.order(m.Return(edited.before), m.FrameShown())
    listener.until(lambda: listener.worker.obey(m.FrameShown()) is None and listener.frames[-1].frame.moment == Moment(40, 5))
    assert listener.frames[-1].frame.theta.tobytes() == theta


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
