"""Time in the window: every grain, both ways, by action, key, slider and plot, lands where the simulation itself lands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys import Journey, is_untouched, journey, same_bits
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session
from nnsim.picture.time_picture import finished_batches

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made


@pytest.mark.parametrize("grain", list(Grain), ids=[grain.name.lower() for grain in Grain])
def test_stepping_forth_and_back_shows_the_very_moments_of_the_simulation(ring: Journey, grain: Grain) -> None:
    reference = Session.open("ring")
    name = grain.name.lower()
    for way, count in (("next", 1), ("next", 1), ("next", 1), ("previous", -1), ("next", 1), ("previous", -1), ("previous", -1)):
        reference.step(grain, count)
        ring.act(f"step-{way}-{name}")
        ring.until_at(reference.moment)
        assert same_bits(ring.frame, reference.frame)


def test_arrow_keys_step_by_the_chosen_grain_and_with_shift_by_an_epoch(ring: Journey) -> None:
    reference = Session.open("ring")
    ring.show()
    ring.act("train-finer")
    plain, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
    for key, modifiers, grain, count in (
            (Qt.Key.Key_Right, plain, Grain.SAMPLE, 1), (Qt.Key.Key_Right, plain, Grain.SAMPLE, 1),
            (Qt.Key.Key_Left, plain, Grain.SAMPLE, -1), (Qt.Key.Key_Right, shift, Grain.EPOCH, 1),
            (Qt.Key.Key_Right, shift, Grain.EPOCH, 1), (Qt.Key.Key_Left, shift, Grain.EPOCH, -1),
            (Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier, Grain.BATCH, 1)):
        reference.step(grain, count)
        ring.press(key, modifiers)
        ring.until_at(reference.moment)


def test_keys_choose_finer_and_coarser_grains_within_bounds(ring: Journey) -> None:
    ring.show()
    assert ring.grain() == Grain.BATCH
    for _ in range(9):
        ring.press(Qt.Key.Key_Comma)
    assert ring.grain() == Grain.TERM
    for _ in range(9):
        ring.press(Qt.Key.Key_Period)
    assert ring.grain() == Grain.EPOCH


def test_rewinding_shows_the_very_same_first_weights(ring: Journey) -> None:
    first = ring.frame.theta.copy()
    ring.act("step-next-epoch")
    ring.until(lambda: ring.frame.epochs_done == 1)
    assert ring.frame.theta.tobytes() != first.tobytes()
    ring.act("time-rewind")
    ring.until(lambda: is_untouched(ring.frame, first))


def test_the_furthest_moment_is_found_again_after_rewinding(ring: Journey) -> None:
    there = ring.run_to(60)
    theta = ring.frame.theta.copy()
    ring.act("time-rewind")
    ring.until_at(START)
    ring.act("time-furthest")
    ring.until_at(there)
    assert ring.frame.theta.tobytes() == theta.tobytes()


def test_a_click_on_the_time_slider_goes_to_the_batch_there(ring: Journey) -> None:
    ring.show()
    ring.run_to(100)
    slider = ring.window.display.time.slider
    ring.until(lambda: slider.maximum() == 100)
    band = slider.band()
    place = QPoint(round(band.left() + band.width() * 0.4), round(band.center().y()))
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)
    reference = Session.open("ring")
    ring.until(lambda: finished_batches(ring.frame) != 100)
    reference.seek(ring.frame.moment)
    assert abs(reference.batches_finished - 40) <= 1
    assert same_bits(ring.frame, reference.frame)


def test_a_click_on_the_loss_plot_goes_to_the_batch_there(ring: Journey) -> None:
    ring.show()
    there = ring.run_to(100)
    canvas = ring.window.display.loss.canvas
    reference = Session.open("ring")
    ring.until(lambda: canvas.right >= 4)
    at = canvas.to_pixels(2.0, 0.1)
    QTest.mouseClick(canvas.surface, Qt.MouseButton.LeftButton, pos=QPoint(round(at.x()), round(canvas.plot_rect().center().y())))
    ring.until(lambda: ring.frame.moment != there)
    reference.seek(ring.frame.moment)
    assert abs(ring.frame.epochs_done - 2.0) < 0.1
    assert same_bits(ring.frame, reference.frame)


def test_a_far_seek_arrives_and_hears_orders_on_the_way(ring: Journey) -> None:
    ring.window.travel.seek(Moment(2_000_000, 0))
    ring.act("time-rewind")
    ring.until_at(START)
    ring.act("step-next-batch")
    reference = Session.open("ring")
    reference.step(Grain.BATCH)
    ring.until_at(reference.moment)
    assert ring.frame.extent[0] < 2_000_000


def test_many_steps_ordered_at_once_are_all_made(ring: Journey) -> None:
    for _ in range(40):
        ring.act("step-next-neuron")
    for _ in range(15):
        ring.act("step-previous-neuron")
    reference = Session.open("ring")
    reference.step(Grain.NEURON, 25)
    ring.until_at(reference.moment)


def test_a_bookmark_is_shown_on_the_time_slider(ring: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    there = ring.run_to(7)
    monkeypatch.setattr("nnsim.app.travel.QInputDialog.getText", lambda *_, **__: ("here", True))
    ring.act("time-bookmark")
    assert ring.window.display.time.slider.bookmarks == ((there, "here"),)
