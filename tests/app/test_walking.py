"""The way of the cursor in slices: none is long, none skips a condition, and where it ends does not depend on them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.app import messages as m
from nnsim.app.breaking import Breaking
from nnsim.app.walking import Turn, Walking
from nnsim.engine.breakpoints import ConditionBreakpoint, LossBelow, NeuronDeath, PlaceBreakpoint, SignChange
from nnsim.engine.examples import example
from nnsim.engine.experiment import Experiment, Layer, Learning
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START, Moment
from nnsim.files.session import Session
from nnsim.picture.time_picture import RunUntil

RING = example("ring").experiment
LARGE = RING.replace(batch_size=1, data=RING.data.replace(samples=100_000))
DYING = RING.replace(layers=(Layer(width=4, activation="relu"), Layer(width=1, activation="sigmoid")), learning=Learning(rate=0.5))
STEEP = Experiment(data=RING.data.replace(source="plane"), layers=(Layer(activation="identity"),), learning=Learning(rate=1e4))


def walked(walking: Walking) -> Turn:
    """What a whole way to its next stop brings."""
    while (turn := walking.advance(True)) is Turn.ON_THE_WAY:
        pass
    return turn


@pytest.mark.parametrize("condition", [LossBelow(-1.0, "batch"), LossBelow(-1.0), None])
def test_an_epoch_of_very_many_batches_is_walked_in_slices_that_can_be_given_up(condition: ConditionBreakpoint | None) -> None:
    session = Session.open(LARGE)
    walking = Walking(session, (condition,) if condition else ())
    walking.play(m.Play(Grain.EPOCH, 20))
    for _ in range(5):
        assert walking.advance(True) is Turn.ON_THE_WAY and walking.wait_ms == 0
    computed = session.history.batch_loss.end
    assert 0 < computed < session.batches / 2 and session.moment == START
    walking.halt()
    assert walking.playing is None and session.moment == START
    assert walking.set_out(Moment(3, 0)) is Turn.ENDED and session.batches_finished == 3


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([LossBelow(0.45, "batch"), LossBelow(0.4), SignChange(0, 1, 2), SignChange(), NeuronDeath()]),
       st.integers(0, 70), st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_a_condition_is_met_in_the_same_batch_whatever_the_slices(
    condition: ConditionBreakpoint, start: int, slices: list[int]
) -> None:
    reference, session = Session.open(DYING), Session.open(DYING)
    for each in (reference, session):
        each.seek(Moment(start, 0))
    goal = Moment(start + 60, session.marks(start + 60).count)
    expected = reference.run_watching(reference.watch([condition]), 61)
    breaking, turn = Breaking(session, (condition,)), 0
    while not breaking.approach(goal, slices[turn % len(slices)]):
        turn += 1
    assert session.batches_finished == start
    assert breaking.arrive(goal) == expected
    assert session.moment == reference.moment
    assert session.frame.theta.tobytes() == reference.frame.theta.tobytes()


def test_a_condition_that_was_met_on_the_way_ends_playing_by_epochs_there() -> None:
    session, reference = Session.open(RING), Session.open(RING)
    condition = LossBelow(0.3, "batch")
    walking = Walking(session, (condition,))
    walking.play(m.Play(Grain.EPOCH, 1))
    while walked(walking) is Turn.MOVED:
        assert session.batches_finished % session.batches == 0 and walking.met is None
    assert walking.met == condition and walking.playing is None
    assert reference.run_watching(reference.watch([condition]), 100_000) == condition
    assert session.moment == reference.moment


def test_a_condition_is_looked_for_once_a_batch_by_steps_within_it() -> None:
    session = Session.open(RING)
    walking = Walking(session, (LossBelow(10.0, "batch"),))
    walking.play(m.Play(Grain.LAYER, None))
    turns = [walked(walking)]
    while turns[-1] is Turn.MOVED:
        turns.append(walked(walking))
    assert len(turns) > 3 and turns[-1] is Turn.ENDED
    assert walking.met == LossBelow(10.0, "batch") and session.moment == Moment(0, session.marks(0).count)


def test_a_place_before_the_end_of_an_epoch_ends_the_way_to_it() -> None:
    session = Session.open(RING)
    place = PlaceBreakpoint("update", 1)
    walking = Walking(session, (place, LossBelow(-1.0, "batch")))
    walking.play(m.Play(Grain.EPOCH, 1))
    assert walked(walking) is Turn.ENDED and walking.met == place
    mark = session.frame.mark
    assert session.moment.batch == 0 and mark is not None and (mark.phase, mark.layer) == ("update", 1)


def test_a_divergence_on_the_way_to_an_epochs_end_ends_it_at_the_last_finite_moment() -> None:
    session, reference = Session.open(STEEP), Session.open(STEEP)
    reference.run(epochs=50)
    walking = Walking(session, (LossBelow(-1.0, "batch"),))
    walking.play(m.Play(Grain.EPOCH, 1))
    turns = [walked(walking)]
    while turns[-1] is Turn.MOVED:
        turns.append(walked(walking))
    assert reference.divergence is not None and session.divergence == reference.divergence
    assert session.moment == reference.moment and walking.met is None


def test_a_condition_before_a_divergence_that_is_known_already_is_still_met() -> None:
    session = Session.open(STEEP)
    session.run(epochs=50)
    session.rewind()
    assert session.divergence is not None
    walking = Walking(session, (LossBelow(1e300, "batch"),))
    walking.play(m.Play(Grain.EPOCH, 1))
    assert walked(walking) is Turn.ENDED
    assert session.moment == Moment(0, session.marks(0).count)


def test_a_stop_behind_a_long_way_is_counted_from_its_end() -> None:
    session = Session.open(LARGE)
    walking = Walking(session, ())
    turn, under_way = walking.set_out(Moment(60_000, 0)), [walking.is_under_way]
    assert turn is Turn.ON_THE_WAY
    assert walking.stop_after(Grain.BATCH, 2) == Moment(60_001, session.marks(60_001).count)
    walking.halt()
    under_way.append(walking.is_under_way)
    assert under_way == [True, False]
    assert walking.stop_after(Grain.BATCH, 2) == Moment(1, session.marks(1).count)


def test_playing_until_some_epochs_are_done_ends_there_and_says_so() -> None:
    session = Session.open(RING)
    walking = Walking(session, ())
    assert walking.play(m.Play(Grain.BATCH, None, RunUntil("epochs", 3))) == 0
    turns = [walked(walking)]
    while turns[-1] is Turn.MOVED:
        turns.append(walked(walking))
    assert walking.reached and session.batches_finished == 3 * session.batches and walking.batches_per_second == 0


def test_at_full_speed_no_stop_within_a_batch_is_left_before_it_can_be_shown() -> None:
    session = Session.open(RING)
    walking = Walking(session, ())
    walking.play(m.Play(Grain.NEURON, None))
    assert walking.advance(False) is Turn.ON_THE_WAY and session.moment == START
    assert walking.advance(True) is Turn.MOVED and session.moment.mark > 0


def test_where_an_edit_stands_behind_the_batch_playing_ends_before_it_slow_or_fast() -> None:
    session = Session.open(RING)
    condition = LossBelow(0.3, "batch")
    assert session.run_watching(session.watch([condition]), 100_000) == condition
    met = session.moment
    session.set_parameter(0, 0, 0, 0.123)
    assert session.moment == Moment(met.batch + 1, 0)
    for pace in (m.Play(Grain.BATCH, None), m.Play(Grain.EPOCH, 1), m.Play(Grain.BATCH, 1), m.Play(Grain.LAYER, None)):
        session.seek(Moment(max(0, met.batch - 3), 0))
        walking = Walking(session, (condition,))
        walking.play(pace)
        while walked(walking) is Turn.MOVED:
            pass
        assert (walking.met, session.moment) == (condition, met)


def test_a_place_that_is_set_while_playing_ends_the_way_to_the_stop_behind_it() -> None:
    session = Session.open(LARGE)
    walking = Walking(session, ())
    walking.play(m.Play(Grain.EPOCH, 1))
    assert walking.advance(True) is Turn.ON_THE_WAY
    place = PlaceBreakpoint("update", 1)
    walking.breakpoints = (place,)
    assert walked(walking) is Turn.ENDED and walking.met == place
    assert session.moment.batch == 0 and session.moment.mark < session.marks(0).count


def test_a_place_that_is_set_on_a_way_that_ends_by_itself_changes_nothing() -> None:
    session = Session.open(LARGE)
    walking = Walking(session, ())
    assert walking.set_out(Moment(20_000, 0)) is Turn.ON_THE_WAY
    walking.breakpoints = (PlaceBreakpoint("update", 1),)
    assert walking.is_under_way
    walking.halt()
