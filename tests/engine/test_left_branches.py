"""A run that was left for another comes back whole: its curves, its divergence, and quick ways to its moments. To the bit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from straight_run import StraightRun, assert_same, experiments, learnings

from nnsim.core.training import State
from nnsim.engine.branches import MOST_BRANCHES, Branch, Branches
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.history import History
from nnsim.engine.moments import Moment
from nnsim.engine.run import ParameterSet, Run
from nnsim.engine.simulation import Simulation
from nnsim.engine.timeline import OVERHEAD

PLACES = st.tuples(st.integers(0, 12), st.floats(0, 1))
RING = example("ring").experiment


def curves(simulation: Simulation) -> tuple[bytes, bytes]:
    seen = simulation.frame.history
    return seen.batch_loss.values.tobytes(), seen.epochs.values.tobytes()


def branch(number: int, states: int, divergence: None = None) -> Branch:
    run = Run(RING, (ParameterSet(number, 0, 1.0),))
    return Branch(run, tuple((batch, State(np.zeros(4), {}, batch)) for batch in range(states)), History(), divergence)


@settings(max_examples=60, deadline=None)
@given(experiments(), st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=4), st.lists(PLACES, min_size=1, max_size=3),
       st.data())
def test_undo_and_redo_of_tunings_give_the_whole_visited_run_back(
    experiment: Experiment, ways: list[tuple[tuple[int, float], tuple[int, float]]], visits: list[tuple[int, float]],
    data: st.DataObject
) -> None:
    simulation = Simulation(experiment)
    simulation.run(epochs=3)
    left: list[tuple[Run, Moment, tuple[bytes, bytes]]] = []
    for (batch, share), (more, _) in ways:
        simulation.seek(Moment(batch, round(share * simulation.marks(batch).count)))
        left.append((simulation.run_record, simulation.moment, curves(simulation)))
        if data.draw(st.booleans(), label="tune"):
            simulation.tune(data.draw(learnings(simulation.network.activations, simulation.dataset.task)))
        else:
            simulation.set_parameter(0, 0, 0, data.draw(st.floats(-3, 3)))
        simulation.run(batches=more)
    left.append((simulation.run_record, simulation.moment, curves(simulation)))
    for run, moment, _ in [*reversed(left), *left]:
        # an edit that was made twice gives the same run, which has seen what it saw last
        seen = [curves for other, _, curves in left if other == run][-1]
        simulation.become(run, moment)
        assert (simulation.run_record, simulation.moment) == (run, moment)
        assert curves(simulation) == seen
        straight = StraightRun(run)
        assert_same(simulation, straight)
        for batch, share in visits:
            if batch * 8 < len(seen[0]):
                # what was visited before can be visited again, and is not other than it was
                simulation.seek(Moment(batch, round(share * simulation.marks(batch).count)))
                assert_same(simulation, straight)
                assert curves(simulation) == seen


def test_far_moments_of_a_run_that_came_back_are_near_a_remembered_state() -> None:
    simulation = Simulation(RING)
    simulation.run(batches=5000)
    simulation.seek(Moment(300, 0))
    run, here = simulation.run_record, simulation.moment
    simulation.tune(Learning(rate=0.5))
    simulation.run(batches=2000)
    simulation.become(run, here)
    timeline = simulation.replay.timeline
    gaps = [batch - timeline.nearest(batch)[0] for batch in range(0, 5000, 50)]
    assert max(gaps) <= 256
    assert simulation.frame.extent == (5000, 200)


def test_a_divergence_that_was_met_comes_back_with_its_run() -> None:
    plane = Experiment(data=Data(source="plane", samples=12, test_share=0.25), batch_size=4, layers=(Layer(activation="identity"),),
                       learning=Learning(rate=50))
    simulation = Simulation(plane)
    simulation.run(batches=3000)
    simulation.seek(Moment(5, 0))
    run, here, met = simulation.run_record, simulation.moment, [simulation.divergence]
    simulation.tune(Learning(rate=1e-30))
    simulation.run(batches=9)
    met.append(simulation.divergence)
    simulation.become(run, here)
    met.append(simulation.divergence)
    assert met[0] is not None and met == [met[0], None, met[0]]
    simulation.seek(Moment(met[0].batch, 1))
    assert simulation.moment.batch == met[0].batch


def test_edits_one_upon_the_other_without_training_between_leave_nothing_behind() -> None:
    simulation = Simulation(RING)
    simulation.run(batches=50)
    for rate in (0.1, 0.2, 0.3):
        simulation.tune(Learning(rate=rate))
    assert len(simulation.replay.branches) == 0


@settings(max_examples=25, deadline=None)
@given(experiments(), st.lists(st.integers(0, 300), min_size=2, max_size=6))
def test_left_branches_stay_within_the_runs_memory_and_give_way_to_it(experiment: Experiment, batches: list[int]) -> None:
    limit = 20_000 + 30 * Simulation(experiment).replay.timeline.nbytes
    simulation = Simulation(experiment, memory_limit=limit)
    left = []
    for number, batch in enumerate(batches):
        simulation.seek(Moment(batch, 0))
        simulation.set_parameter(0, 0, 0, number / 10)
        simulation.run(batches=60)
        left.append((simulation.run_record, simulation.moment))
        assert simulation.frame.memory_bytes <= limit
    for run, moment in reversed(left):
        simulation.become(run, moment)
        assert_same(simulation, StraightRun(run))
        assert simulation.frame.memory_bytes <= limit


def test_short_of_memory_the_oldest_branch_thins_out_first_and_curves_go_last() -> None:
    branches = Branches()
    for number in range(3):
        branches.keep(branch(number, 8))
    whole, cost = branches.nbytes, branch(0, 1).states[0][1].nbytes + OVERHEAD
    branches.shrink(whole - 1)
    oldest, newest = branches.take(branch(0, 0).run), branches.take(branch(2, 0).run)
    assert oldest is not None and newest is not None
    assert [batch for batch, _ in oldest.states] == [1, 3, 5, 7] and len(newest.states) == 8
    branches.keep(newest)
    branches.keep(oldest)
    # now the one that was never taken is the oldest
    branches.shrink(branches.nbytes - 9 * cost)
    found = [branches.take(branch(number, 0).run) for number in range(3)]
    assert [each and len(each.states) for each in found] == [4, 0, 4]
    for each in found:
        assert each is not None
        branches.keep(each)
    branches.shrink(0)
    assert (len(branches), branches.nbytes) == (0, 0)


def test_of_very_many_branches_the_latest_are_kept_and_of_one_run_only_one() -> None:
    branches = Branches()
    for number in range(MOST_BRANCHES + 3):
        branches.keep(branch(number, 0))
    assert len(branches) == MOST_BRANCHES and branches.take(branch(2, 0).run) is None
    again = branch(MOST_BRANCHES, 5)
    branches.keep(again)
    assert len(branches) == MOST_BRANCHES and branches.take(again.run) is again and branches.take(again.run) is None
