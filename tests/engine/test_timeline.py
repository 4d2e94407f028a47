"""Checkpoints: bounded memory, dense near now, and exact however few are left."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from straight_run import StraightRun, assert_same, experiments

from nnsim.core.training import State
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.moments import Moment
from nnsim.engine.run import Run
from nnsim.engine.simulation import Simulation
from nnsim.engine.timeline import OVERHEAD, Timeline


def state(number: int) -> State:
    return State(np.full(4, float(number)), {}, number)


def batches_of(timeline: Timeline) -> list[int]:
    return [batch for batch, _ in timeline.spread(10**6)]


COST = state(0).nbytes + OVERHEAD


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=300), st.integers(5, 40))
def test_a_timeline_stays_below_its_limit_and_keeps_the_first_and_the_last(batches: list[int], room: int) -> None:
    timeline = Timeline(room * COST)
    timeline.keep(0, state(0))
    for batch in np.cumsum(batches).tolist():
        timeline.keep(batch, state(batch))
        assert timeline.nbytes <= timeline.limit
        assert timeline.nbytes == len(timeline) * COST
        assert timeline.nearest(batch) == (batch, timeline.nearest(batch)[1])
        assert timeline.nearest(0)[0] == 0
    for batch, kept in timeline.spread(10**6):
        assert kept.steps == batch


def test_states_thin_out_with_age() -> None:
    timeline = Timeline(64 * COST)
    for batch in range(20_000):
        timeline.keep(batch, state(batch))
    kept = batches_of(timeline)
    gaps = np.diff(kept)
    ages = kept[-1] - np.array(kept[:-1])
    assert len(kept) > 24
    assert gaps[-8:].max() <= 64
    assert (gaps <= ages).all()
    assert gaps[len(gaps) // 2 :].mean() < gaps[: len(gaps) // 2].mean()


def test_the_nearest_state_is_the_last_at_or_before_a_batch() -> None:
    timeline = Timeline()
    for batch in (0, 10, 20):
        timeline.keep(batch, state(batch))
    assert [timeline.nearest(batch)[0] for batch in (0, 9, 10, 19, 20, 999)] == [0, 0, 10, 10, 20, 20]
    assert 10 in timeline and 11 not in timeline
    with pytest.raises(LookupError, match="before batch 3"):
        Timeline().nearest(3)


def test_a_cut_gives_away_what_follows() -> None:
    timeline = Timeline()
    for batch in (0, 10, 20, 30, 40):
        timeline.keep(batch, state(batch))
    gone = timeline.cut(20)
    assert [(batch, each.steps) for batch, each in gone] == [(30, 30), (40, 40)]
    assert batches_of(timeline) == [0, 10, 20]
    assert timeline.nbytes == 3 * COST


def test_a_state_kept_twice_counts_once() -> None:
    timeline = Timeline()
    first = state(7)
    timeline.keep(7, first)
    timeline.keep(7, state(7))
    assert timeline.nearest(7)[1] is first
    assert timeline.nbytes == COST


def test_a_spread_has_the_first_and_the_last_state() -> None:
    timeline = Timeline()
    for batch in range(0, 1000, 10):
        timeline.keep(batch, state(batch))
    chosen = [batch for batch, _ in timeline.spread(5)]
    assert (len(chosen), chosen[0], chosen[-1]) == (5, 0, 990)


# replays from a timeline

@settings(max_examples=30, deadline=None)
@given(experiments(), st.lists(st.integers(0, 400), min_size=1, max_size=8))
def test_a_run_in_little_memory_replays_exactly(experiment: Experiment, batches: list[int]) -> None:
    cost = Simulation(experiment).replay.timeline.nbytes
    # the memory of an optimizer makes later states up to three times as large as the first
    simulation, straight = Simulation(experiment, memory_limit=20 * cost), StraightRun(Run(experiment))
    for batch in batches:
        simulation.seek(Moment(batch, simulation.marks(batch).count // 2))
        assert_same(simulation, straight)
        assert simulation.frame.memory_bytes <= simulation.frame.memory_limit == 20 * cost


def test_many_steps_back_in_little_memory_are_exact() -> None:
    experiment = Experiment(data=Data(samples=20, test_share=0), layers=(Layer(width=2), Layer(activation="sigmoid")), batch_size=1,
                            learning=Learning(optimizer="adam", rate=0.01, dropout=0.2))
    simulation, straight = Simulation(experiment, memory_limit=12_000), StraightRun(Run(experiment))
    simulation.run(batches=1500)
    for _ in range(60):
        simulation.step("batch", -9)
        assert simulation.frame.theta.tobytes() == straight.batch(simulation.moment.batch).after.theta.tobytes()
        assert simulation.frame.memory_bytes <= 12_000


def test_one_step_back_from_batch_200_000_is_exact() -> None:
    experiment = Experiment(data=Data(samples=500, test_share=0), batch_size=1,
                            layers=(Layer(width=4), Layer(width=2), Layer(width=1, activation="sigmoid")))
    simulation = Simulation(experiment)
    untouched = simulation.frame.theta.tobytes()
    simulation.run(batches=200_000)
    trace = simulation.frame.trace
    assert trace is not None and simulation.moment.batch == 199_999
    simulation.step("batch", -1)
    assert simulation.moment == Moment(199_998, simulation.marks(199_998).count)
    assert simulation.frame.theta.tobytes() == trace.before.tobytes()
    assert len(simulation.frame.history.batch_loss.values) == 200_000
    simulation.rewind()
    assert simulation.frame.theta.tobytes() == untouched
