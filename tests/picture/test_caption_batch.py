"""The caption of a whole batch says what the trace says, and leads to what moved most."""

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.caption import caption
from nnsim.picture.targets import EdgeTarget, NeuronTarget


@pytest.fixture
def finished() -> Simulation:
    simulation = Simulation(example("ring").experiment)
    simulation.step("batch", 3)
    return simulation


def test_its_numbers_are_the_traces_own(finished: Simulation) -> None:
    frame = finished.frame
    assert frame.trace is not None
    change = frame.trace.after - frame.trace.before
    shown = caption(frame, whole_batch=True)
    largest = float(change[np.abs(change).argmax()])
    lengths = [float(np.sqrt((vector**2).sum())) for vector in (frame.trace.gradient, change)]
    assert [line.number.value for line in shown.lines] == [frame.trace.loss, *(pytest.approx(each) for each in lengths), largest]
    assert shown.title == "Batch 3 of 25 in epoch 1: what it changed"


def test_the_largest_change_leads_to_its_parameter_and_to_its_way(finished: Simulation) -> None:
    frame = finished.frame
    assert frame.trace is not None
    shown = caption(frame, whole_batch=True)
    target = shown.lines[-1].number.target
    assert isinstance(target, EdgeTarget) and shown.move is not None
    layers = [frame.network.layers(theta)[target.layer] for theta in (frame.trace.before, frame.trace.after)]
    old, new = (float(layer[target.row, target.neuron]) for layer in layers)
    assert (shown.move.old.value, shown.move.new.value) == (old, new)
    assert shown.lines[-1].number.value == new - old
    assert caption(frame, target).move is not None
    assert numbers.MINUS in shown.lines[-1].number.text or "+" in shown.lines[-1].number.text


def test_it_is_told_at_a_batchs_end_only_and_where_nothing_is_selected(finished: Simulation) -> None:
    assert caption(finished.frame).short_title == "L3 · bias b[1]"
    assert caption(finished.frame, NeuronTarget(0, 1), whole_batch=True).short_title.startswith("L1 · ")
    finished.step("neuron", -1)
    assert not caption(finished.frame, whole_batch=True).short_title.startswith("Batch")


def test_a_batch_without_any_error_says_that_it_changed_nothing() -> None:
    simulation = Simulation(example("perceptron").experiment)
    for _ in range(2000):
        simulation.step("batch")
        trace = simulation.frame.trace
        assert trace is not None
        if not np.any(trace.after - trace.before):
            break
    shown = caption(simulation.frame, whole_batch=True)
    assert shown.sentence.startswith("Its update changed no weight at all.")
    assert [line.meaning for line in shown.lines[1:3]] == ["length of the correction", "length of the step"]
    assert shown.lines[-1].number.value == 0
