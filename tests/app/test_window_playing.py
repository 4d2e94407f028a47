"""Playing in the window: at any speed it comes to the simulation's own moments, stops at once, and stops by itself where told."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys import Journey, is_untouched, journey, same_bits
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from nnsim.engine.marks import Grain
from nnsim.engine.moments import START
from nnsim.files.session import Session
from nnsim.picture.time_picture import RunUntil, finished_batches

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made


def at(made: Journey) -> Session:
    """A simulation of the same experiment, brought straight to where the window stands."""
    reference = Session.open(made.frame.experiment)
    reference.seek(made.frame.moment)
    return reference


def test_space_plays_and_pauses(ring: Journey) -> None:
    ring.show()
    play = ring.window.actions_by_id["train-play"]
    ring.press(Qt.Key.Key_Space)
    assert ring.is_playing() and play.text() == "Pause"
    ring.until(lambda: finished_batches(ring.frame) >= 3)
    ring.press(Qt.Key.Key_Space)
    assert not ring.is_playing() and play.text() == "Play"
    assert same_bits(ring.frame, at(ring).frame)


def test_playing_by_neurons_shows_every_stop_in_turn(ring: Journey) -> None:
    for _ in range(4):
        ring.act("train-finer")
    assert ring.grain() == Grain.NEURON
    ring.choose_speed(60.0)
    known = len(ring.reports)
    ring.act("train-play")
    ring.until(lambda: ring.frame.moment.mark >= 30)
    ring.pause()
    reference, stops = Session.open("ring"), [START]
    while reference.moment < ring.frame.moment:
        reference.step(Grain.NEURON)
        stops.append(reference.moment)
    seen = [shown.frame.moment for shown in ring.shown(known)]
    assert seen == sorted(seen) and set(seen) <= set(stops)
    assert same_bits(ring.frame, reference.frame)


def test_full_speed_advances_and_pausing_stops_within_two_frames(ring: Journey) -> None:
    ring.play_fast(2_000)
    known = len(ring.reports)
    ring.act("train-play")
    assert not ring.is_playing()
    assert ring.frames_until_still(known) <= 2
    there = ring.frame
    assert same_bits(there, at(ring).frame)
    # nothing went on behind the frame that stands: the next step is the next of just this moment
    ring.act("step-next-batch")
    ring.until_at(at(ring).next_stop(there.moment, Grain.BATCH))


def test_a_step_from_full_speed_stands_one_stop_further_than_some_batch(ring: Journey) -> None:
    ring.play_fast()
    known = len(ring.reports)
    ring.act("step-next-neuron")
    assert not ring.is_playing()
    ring.until_still(known)
    mark = ring.frame.mark
    assert mark is not None and (mark.phase, mark.sample, mark.layer, mark.neuron, mark.term) == ("forward", 0, 0, 0, None)
    assert same_bits(ring.frame, at(ring).frame)


def test_a_step_from_full_speed_is_answered_by_the_second_frame(ring: Journey) -> None:
    ring.play_fast()
    for name in ("step-next-term", "step-previous-batch", "step-next-epoch", "step-previous-layer"):
        known = len(ring.reports)
        ring.act(name)
        assert ring.frames_until_still(known) <= 2
        ring.play_fast(20)


def test_rewinding_from_full_speed_shows_the_first_weights(ring: Journey) -> None:
    first = ring.frame.theta.copy()
    ring.play_fast()
    ring.act("time-rewind")
    ring.until(lambda: is_untouched(ring.frame, first))
    assert not ring.is_playing()


@pytest.mark.parametrize("speed", [60.0, math.inf])
def test_playing_until_the_next_epoch_stops_at_its_very_end(ring: Journey, speed: float) -> None:
    ring.run_to(13)
    ring.choose_until(RunUntil("epochs", 1))
    ring.choose_speed(speed)
    ring.act("train-play")
    ring.until(lambda: not ring.is_playing())
    assert finished_batches(ring.frame) == ring.frame.batches
    ring.act("train-play")
    ring.until(lambda: not ring.is_playing() and finished_batches(ring.frame) > ring.frame.batches)
    assert finished_batches(ring.frame) == 2 * ring.frame.batches


def test_another_speed_and_another_grain_on_the_way_do_not_move_where_a_run_ends(ring: Journey) -> None:
    ring.choose_until(RunUntil("epochs", 3))
    ring.choose_speed(60.0)
    ring.act("train-play")
    ring.until_finished(ring.frame.batches + 3)
    ring.act("train-coarser")
    ring.until_finished(2 * ring.frame.batches)
    ring.choose_speed(math.inf)
    ring.until(lambda: not ring.is_playing())
    assert finished_batches(ring.frame) == 3 * ring.frame.batches


def test_another_goal_on_the_way_is_counted_from_there(ring: Journey) -> None:
    ring.choose_until(RunUntil("epochs", 100))
    ring.choose_speed(60.0)
    ring.act("train-play")
    ring.until_finished(ring.frame.batches + 3)
    ring.choose_until(RunUntil("epochs", 1))
    ring.choose_speed(math.inf)
    ring.until(lambda: not ring.is_playing())
    assert finished_batches(ring.frame) == 2 * ring.frame.batches


def test_why_playing_stopped_is_said_only_where_it_was_told_to(ring: Journey) -> None:
    status = ring.window.statusBar()
    ring.choose_until(RunUntil("epochs", 3))
    ring.choose_speed(math.inf)
    ring.act("train-play")
    ring.until(lambda: not ring.is_playing())
    assert status.currentMessage() == "Stopped: 3 epochs done."
    status.clearMessage()
    ring.choose_until(RunUntil("epochs", 100_000))
    ring.act("train-play")
    ring.act("network-new-seed")
    ring.until(lambda: not ring.is_playing())
    assert status.currentMessage() == ""


def test_playing_until_some_epochs_stops_at_full_speed(ring: Journey) -> None:
    ring.choose_until(RunUntil("epochs", 100))
    ring.choose_speed(math.inf)
    ring.act("train-play")
    ring.until(lambda: not ring.is_playing())
    reference = Session.open("ring")
    reference.run(epochs=100)
    assert same_bits(ring.frame, reference.frame)


@pytest.mark.parametrize("goal", [RunUntil("loss", 0.1), RunUntil("metric", 0.95)], ids=["loss", "accuracy"])
def test_playing_until_a_score_stops_at_the_first_epoch_that_has_it(ring: Journey, goal: RunUntil) -> None:
    ring.choose_until(goal)
    ring.choose_speed(math.inf)
    ring.act("train-play")
    ring.until(lambda: not ring.is_playing())
    reference = Session.open("ring")
    while not goal.reached(reference.frame, START):
        reference.run(epochs=1)
    assert same_bits(ring.frame, reference.frame)


def test_another_speed_and_grain_go_on_playing(ring: Journey) -> None:
    ring.play_fast()
    for change in ("train-slower", "train-faster", "train-coarser", "train-finer"):
        ring.act(change)
        assert ring.is_playing()
        ring.until_finished(finished_batches(ring.frame) + 2)
    ring.pause()
    assert same_bits(ring.frame, at(ring).frame)


@pytest.mark.parametrize("first", ["step-next-batch", "step-previous-batch", "time-rewind", "network-new-seed"])
def test_playing_right_after_another_order_is_seen_as_playing(ring: Journey, first: str) -> None:
    ring.choose_speed(math.inf)
    ring.act(first)
    ring.act("train-play")
    ring.until(lambda: finished_batches(ring.frame) >= 200)
    assert ring.is_playing()
    ring.act("train-play")
    assert not ring.is_playing()


def test_pausing_and_playing_at_once_goes_on_playing(ring: Journey) -> None:
    ring.play_fast()
    for _ in range(3):
        ring.act("train-play")
        ring.act("train-play")
        ring.until_finished(finished_batches(ring.frame) + 500)
        assert ring.is_playing()


def test_frames_say_how_fast_training_goes(ring: Journey) -> None:
    ring.play_fast()
    ring.until(lambda: any(shown.batches_per_second > 0 for shown in ring.shown()))
    assert max(shown.batches_per_second for shown in ring.shown()) > 60
