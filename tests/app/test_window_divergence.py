"""Training that breaks down: it stops there, says where and why, and the last finite moment is one click away."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from journeys import Journey, journey, same_bits
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session
from nnsim.picture.divergence_words import divergence_sentence

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)
STEEP = example("plane").experiment.replace(learning=example("plane").experiment.learning.replace(rate=1e6))


@pytest.fixture
def steep(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    path = tmp_path / "steep.json"
    path.write_text(STEEP.model_dump_json(), "utf-8")
    with journey(qtbot, tmp_path, monkeypatch, str(path)) as made:
        yield made


def diverged() -> Session:
    """The same run, brought to its last finite moment."""
    reference = Session.open(STEEP)
    reference.run(epochs=20)
    assert reference.divergence is not None
    return reference


def play_into_it(made: Journey, speed: float) -> None:
    made.choose_speed(speed)
    made.act("train-play")
    made.until(lambda: made.frame.divergence is not None and not made.is_playing())


def click(made: Journey, title: str) -> None:
    button = next(each for each in made.window.band.findChildren(QPushButton) if each.text() == title and each.isVisible())
    button.click()


def test_full_speed_stops_at_the_last_finite_moment_and_says_where_it_broke(steep: Journey) -> None:
    steep.show()
    play_into_it(steep, math.inf)
    reference = diverged()
    assert same_bits(steep.frame, reference.frame) and np.isfinite(steep.frame.theta).all()
    assert reference.divergence is not None
    assert steep.said == divergence_sentence(reference.divergence, reference.batches)


def test_playing_again_at_the_end_says_again_why_it_cannot(steep: Journey) -> None:
    steep.show()
    play_into_it(steep, math.inf)
    said, known = steep.said, len(steep.reports)
    steep.act("train-play")
    steep.until(lambda: len(steep.reports) > known and not steep.is_playing())
    steep.until(lambda: steep.said == said)


def test_the_batch_that_broke_is_shown_on_demand_and_left_again(steep: Journey) -> None:
    steep.show()
    play_into_it(steep, math.inf)
    reference = diverged()
    divergence = reference.divergence
    assert divergence is not None
    click(steep, "Show where")
    steep.until(lambda: steep.frame.moment == (divergence.batch, divergence.mark))
    click(steep, "Last finite moment")
    steep.until(lambda: same_bits(steep.frame, reference.frame))


def test_lowering_the_rate_branches_before_the_break_and_training_goes_on(steep: Journey) -> None:
    steep.show()
    play_into_it(steep, math.inf)
    click(steep, "Lower the rate")
    steep.until(lambda: steep.frame.experiment.learning.rate == 1e5)
    assert steep.edits() == (True, False) and np.isfinite(steep.frame.theta).all()
    steep.until(lambda: steep.said == "")
    steep.act("edit-undo")
    steep.until(lambda: steep.frame.experiment.learning.rate == 1e6)


def test_a_lower_rate_from_the_start_learns(steep: Journey) -> None:
    steep.show()
    play_into_it(steep, math.inf)
    steep.act("time-rewind")
    steep.until_at(START)
    steep.type_setting("learning.rate", "0.01")
    steep.until(lambda: steep.frame.divergence is None and steep.said == "")
    steep.play_fast(500)
    steep.pause()
    assert steep.frame.loss < 0.5


def test_playing_step_by_step_stops_in_the_batch_that_broke(steep: Journey) -> None:
    play_into_it(steep, 60.0)
    reference = diverged()
    assert reference.divergence is not None
    assert steep.frame.moment.batch in (reference.divergence.batch - 1, reference.divergence.batch)
    assert steep.frame.divergence == reference.divergence


def test_the_way_into_the_batch_that_broke_can_be_played_to_its_end(steep: Journey) -> None:
    steep.show()
    play_into_it(steep, math.inf)
    divergence, said = steep.frame.divergence, steep.said
    assert divergence is not None
    before = Moment(divergence.batch - 1, 1)
    steep.window.travel.seek(before)
    steep.until_at(before)
    for _ in range(2):
        steep.act("train-finer")
    assert steep.grain() == Grain.PASS
    steep.choose_speed(60.0)
    steep.act("train-play")
    steep.until(lambda: not steep.is_playing())
    assert steep.frame.moment == (divergence.batch, steep.frame.marks.count)
    assert steep.said == said


def test_the_way_into_the_broken_batch_can_be_stepped(steep: Journey) -> None:
    play_into_it(steep, math.inf)
    reference = diverged()
    for _ in range(12):
        reference.step(Grain.NEURON)
        steep.act("step-next-neuron")
    steep.until_at(reference.moment)
    assert reference.divergence is not None and steep.frame.moment.batch == reference.divergence.batch
