"""The caption of a whole batch says what the trace says, and leads to what moved most."""

import math

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.caption import caption
from nnsim.picture.caption_text import plain_text
from nnsim.picture.latex_text import plain
from nnsim.picture.picture import DiagramView
from nnsim.picture.reading import Reading
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
    shown = caption(frame)
    largest = float(change[np.abs(change).argmax()])
    lengths = [float(np.sqrt((vector**2).sum())) for vector in (frame.trace.gradient, change)]
    numbers_shown = [line.number.value for line in shown.lines]
    assert numbers_shown == [frame.trace.loss, *(pytest.approx(each) for each in lengths), float(frame.trace.after[-1]), largest]
    assert shown.title == "Batch 3 of 25 in epoch 1: what it changed"


def test_the_largest_change_leads_to_its_parameter_and_to_its_way(finished: Simulation) -> None:
    frame = finished.frame
    assert frame.trace is not None
    shown = caption(frame)
    target = shown.lines[-1].number.target
    assert isinstance(target, EdgeTarget) and shown.move is not None
    layers = [frame.network.layers(theta)[target.layer] for theta in (frame.trace.before, frame.trace.after)]
    old, new = (float(layer[target.row, target.neuron]) for layer in layers)
    assert (shown.move.old.value, shown.move.new.value) == (old, new)
    assert shown.lines[-1].number.value == new - old
    assert caption(frame, target).move is not None
    assert numbers.MINUS in shown.lines[-1].number.text or "+" in shown.lines[-1].number.text


def test_it_is_told_at_a_batchs_end_only_and_where_nothing_is_selected(finished: Simulation) -> None:
    assert caption(finished.frame).short_title == "Batch 3 of 25"
    assert caption(finished.frame, NeuronTarget(0, 1)).short_title.startswith("L1 · ")
    finished.step("neuron", -1)
    assert not caption(finished.frame).short_title.startswith("Batch")


@pytest.mark.parametrize("grain", list(Grain), ids=lambda grain: grain.name.lower())
def test_a_moment_has_one_equation_whether_it_was_walked_or_jumped_to(grain: Grain) -> None:
    experiment = example("xor").experiment
    walked = Simulation(experiment)
    stops: dict[Moment, str] = {}
    while walked.frame.moment.batch < 2 and len(stops) < 500:
        walked.step(grain)
        stops[walked.frame.moment] = plain_text(caption(walked.frame))
    assert any(text.startswith("Batch 1 of 1") for text in stops.values())
    jumped = Simulation(experiment)
    for moment, text in reversed(stops.items()):
        jumped.seek(moment)
        assert plain_text(caption(jumped.frame)) == text


def test_a_batchs_end_is_about_the_batch_in_picture_and_words_and_about_what_is_chosen_in_both(
        finished: Simulation) -> None:
    frame, view = finished.frame, DiagramView(width=800, height=400)
    assert Reading(frame, view).working is None and caption(frame).short_title.startswith("Batch")
    finished.step("term", -1)
    frame = finished.frame
    shown = caption(frame).lines[-1].number.target
    assert isinstance(shown, EdgeTarget) and Reading(frame, view).working == (shown.layer, shown.neuron) == (2, 0)


def test_lengths_near_a_divergence_are_as_finite_as_their_numbers() -> None:
    experiment = example("plane").experiment
    sim = Simulation(experiment.replace(learning=experiment.learning.replace(rate=1000.0)))
    while sim.divergence is None:
        last = sim.frame
        sim.step("batch")
    assert last.trace is not None
    with np.errstate(over="ignore"):
        assert np.isinf(np.square(last.trace.after - last.trace.before).sum()), "so large that its square overflows"
    lengths = [line.number for line in caption(last).lines if line.meaning.startswith("length")]
    exact = [math.hypot(*vector.tolist()) for vector in (last.trace.gradient, last.trace.after - last.trace.before)]
    assert [length.value for length in lengths] == [pytest.approx(each) for each in exact]
    assert all(math.isfinite(each) for each in exact) and not any("∞" in length.text for length in lengths)


def test_the_last_parameter_updated_has_a_line_of_its_own(finished: Simulation) -> None:
    line = caption(finished.frame).lines[-2]
    finished.step("term", -1)
    before = caption(finished.frame, EdgeTarget(2, 2, 0))
    assert line.number.target == EdgeTarget(2, 2, 0) and before.move is not None
    assert line.arithmetic.startswith(f"{before.move.old.text[:5]}")


def test_a_batch_without_any_error_says_that_it_changed_nothing() -> None:
    simulation = Simulation(example("perceptron").experiment)
    for _ in range(2000):
        simulation.step("batch")
        trace = simulation.frame.trace
        assert trace is not None
        if not np.any(trace.after - trace.before):
            break
    shown = caption(simulation.frame)
    assert shown.sentence.startswith("Its update changed no weight at all.")
    assert [line.meaning for line in shown.lines[1:3]] == ["length of the correction", "length of the step"]
    assert shown.lines[-1].number.value == 0


def test_a_length_that_is_clipped_as_it_is_stands_once_in_every_batch() -> None:
    experiment = example("xor").experiment
    sim = Simulation(experiment.replace(learning=experiment.learning.replace(clip_norm=0.01)))
    for _ in range(20):
        sim.step("batch")
        trace = sim.frame.trace
        assert trace is not None and trace.clip_factor < 1
        symbols = [plain(line.symbol) for line in caption(sim.frame).lines]
        assert symbols.count("‖g‖") == 1 and {"k", "‖g′‖"} <= set(symbols)


def test_at_the_end_of_the_batch_that_diverged_nothing_follows() -> None:
    experiment = example("plane").experiment
    sim = Simulation(experiment.replace(learning=experiment.learning.replace(rate=1000.0)))
    while sim.divergence is None:
        sim.step("batch")
    batch = sim.divergence.batch
    sim.seek(Moment(batch, sim.marks(batch).count))
    told = caption(sim.frame).sentence
    assert sim.moment.batch == batch and told.endswith("Nothing follows: this batch diverged.") and "Next" not in told
    mark = sim.frame.mark
    assert mark is not None and mark.layer is not None and mark.neuron is not None and mark.term is not None
    last = caption(sim.frame, EdgeTarget(mark.layer, mark.term, mark.neuron)).sentence
    assert last.startswith("The bias") and last.endswith("Nothing follows: this batch diverged.")
    sim.seek(Moment(batch - 1, sim.marks(batch - 1).count))
    assert caption(sim.frame).sentence.endswith("Next: the next batch.")
