"""A simulation put aside: it keeps its run and a few states, and goes on to the bit when it is asked for again."""

import gc
import weakref

import pytest

from nnsim.engine.data import load_dataset
from nnsim.engine.examples import example
from nnsim.engine.moments import START, Moment
from nnsim.engine.simulation import Simulation


@pytest.mark.parametrize("mark", [0, 5])
def test_what_is_parked_goes_on_as_if_it_had_not_been(mark: int) -> None:
    experiment = example("ring").experiment
    simulation, other = Simulation(experiment), Simulation(experiment)
    for each in (simulation, other):
        each.run(batches=300)
        each.tune(each.learning.replace(optimizer="momentum"))
        each.run(batches=200)
        each.seek(Moment(400, mark))
    simulation.park(1_000_000)
    assert simulation.moment == START and simulation.run_record == other.run_record
    simulation.seek(Moment(400, mark))
    assert simulation.moment == other.moment
    assert simulation.frame.theta.tobytes() == other.frame.theta.tobytes()
    for each in (simulation, other):
        each.run(batches=300)
    assert simulation.frame.theta.tobytes() == other.frame.theta.tobytes()
    assert simulation.frame.train == other.frame.train
    assert simulation.history.batch_loss.curve().values.tobytes() == other.history.batch_loss.curve().values.tobytes()


def test_what_is_parked_lets_go_of_the_data_and_of_all_that_is_made_of_them() -> None:
    simulation = Simulation(example("ring").experiment.replace(seed=77))
    simulation.run(batches=50)
    simulation.step("layer")
    dataset, part = weakref.ref(simulation.dataset), weakref.ref(simulation.replay.train)
    trace = weakref.ref(simulation.frame.trace)
    simulation.park(1_000_000)
    load_dataset.cache_clear()
    gc.collect()
    assert dataset() is None and part() is None and trace() is None
    assert simulation.frame.moment == START


def test_a_parked_simulation_keeps_no_more_states_than_it_may() -> None:
    simulation = Simulation(example("ring").experiment)
    simulation.run(batches=3000)
    assert simulation.replay.memory_bytes > 10_000
    simulation.park(8000)
    assert simulation.replay.memory_bytes <= 8000
