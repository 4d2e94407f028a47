"""Looking for a condition, and approaching a place: exact where the history is thin, and never further at once than is asked."""

import numpy as np
import pytest

from nnsim.core.datasets import Dataset
from nnsim.engine import history
from nnsim.engine.breakpoints import LossBelow, NeuronDeath
from nnsim.engine.examples import example
from nnsim.engine.moments import START, Moment
from nnsim.engine.simulation import Simulation

XOR, PLANE = example("xor").experiment, example("plane").experiment


@pytest.mark.parametrize("begun", [40, 100, 101])
def test_a_training_loss_between_two_that_are_kept_is_met_after_its_own_epoch(begun: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Simulation(XOR)
    whole.run(epochs=110)
    losses = whole.history.epochs.curve().column(0)
    value = float(losses[102] + losses[103]) / 2
    assert losses[103] < value <= losses[102] and (losses[:103] >= value).all()
    monkeypatch.setattr(history, "MOST_EPOCHS", 8)
    simulation = Simulation(XOR)
    simulation.run(epochs=begun)
    assert simulation.history.epochs.stride >= 8
    condition = LossBelow(value)
    assert simulation.run_watching(simulation.watch([condition]), 1000) == condition
    assert simulation.batches_finished == 103 * simulation.batches


def test_a_loss_that_is_below_already_where_few_are_kept_is_not_met_again(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Simulation(XOR)
    whole.run(epochs=110)
    losses = whole.history.epochs.curve().column(0)
    monkeypatch.setattr(history, "MOST_EPOCHS", 8)
    simulation = Simulation(XOR)
    simulation.run(epochs=105)
    theta = simulation.frame.theta
    # the last one that is kept lies above it, the last one not
    assert simulation.run_watching(simulation.watch([LossBelow(float(losses[102] + losses[103]) / 2)]), 1) is None
    simulation.step("batch", -1)
    assert np.array_equal(simulation.frame.theta, theta)


def test_a_known_divergence_far_ahead_does_not_make_a_long_way_short() -> None:
    simulation = Simulation(PLANE)
    simulation.run(batches=900)
    simulation.tune(simulation.learning.replace(rate=1e5))
    simulation.run(batches=200)
    broken = simulation.divergence
    assert broken is not None and broken.batch >= 900
    simulation.rewind()
    simulation.replay.use_no_more(5000)
    goal = Moment(800, 5)
    before = simulation.replay.timeline.nearest(800)[0]
    assert not simulation.approach(goal, 8) and simulation.replay.at == before + 8
    while not simulation.approach(goal, 8):
        before += 8
        assert simulation.replay.at == before + 8
    assert simulation.replay.at == 800 and simulation.moment == START
    while not simulation.approach(Moment(5000, 0), 8):
        pass
    assert simulation.replay.at == broken.batch


def test_to_watch_makes_no_rows_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = Simulation(XOR)

    def scaled(self: Dataset, inputs: object) -> None:
        raise AssertionError("the rows are there already")

    monkeypatch.setattr(Dataset, "scaled", scaled)
    assert simulation.watch([]).is_idle
    simulation.watch([LossBelow(0.1), NeuronDeath()])
