"""Breakpoints: a place's next moment is the one that walking would find, and a condition stops a run at the first batch that makes
it true, however the run is cut into slices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.core.forward import ForwardPass, with_ones
from nnsim.engine.breakpoints import (
    PHASES,
    Breakpoint,
    ConditionBreakpoint,
    LossBelow,
    NeuronDeath,
    PlaceBreakpoint,
    SignChange,
    next_place,
)
from nnsim.engine.experiment import Data, Experiment, Layer, Learning, Start
from nnsim.engine.marks import Mark, Marks, walk
from nnsim.engine.moments import START, Moment
from nnsim.engine.simulation import Simulation

SIZES = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple)
PLACES = st.builds(PlaceBreakpoint, st.sampled_from([None, *PHASES]), st.none() | st.integers(0, 3), st.none() | st.integers(0, 3))


def begins_at(place: PlaceBreakpoint, before: Mark | None, here: Mark) -> bool:
    """Whether work at a place begins with the mark ``here``, as a person reading the walk would say."""
    def inside(mark: Mark) -> bool:
        return (place.phase in (None, mark.phase) and (place.layer is None or mark.layer == place.layer)
                and (place.neuron is None or mark.neuron == place.neuron))

    def block(mark: Mark) -> tuple[object, ...]:
        whole = place.layer is None and place.neuron is None
        return (mark.phase, mark.sample, *(() if whole else (mark.layer, mark.neuron if place.neuron is not None else None)))

    return inside(here) and (before is None or not inside(before) or block(before) != block(here))


@given(SIZES, st.integers(1, 3), PLACES)
def test_a_place_stops_wherever_the_walk_begins_work_there(sizes: tuple[int, ...], samples: int, place: PlaceBreakpoint) -> None:
    marks, listed = Marks(sizes, samples), list(walk(sizes, samples))
    befores = [None, *listed[:-1]]
    stops = [number for number, (before, here) in enumerate(zip(befores, listed, strict=True), 1) if begins_at(place, before, here)]
    for after in range(marks.count + 1):
        assert place.next_mark(marks, after) == next((stop for stop in stops if stop > after), None)
    assert place.fits(sizes, ("tanh",) * (len(sizes) - 1)) == bool(stops)


def small(learning: Learning | None = None, **changes: object) -> Experiment:
    layers = (*(Layer(width=width, activation="relu") for width in (4, 3)), Layer(width=1, activation="sigmoid"))
    plain = Experiment(data=Data(samples=22, test_share=0), layers=layers, batch_size=4, learning=learning or Learning(rate=0.3))
    return plain.replace(**changes)


def test_the_next_place_of_several_is_the_nearest_and_may_lie_in_the_next_batch() -> None:
    simulation = Simulation(small())
    update, neuron = PlaceBreakpoint("update"), PlaceBreakpoint("backward", 1, 2)
    end = simulation.marks(0).count
    first = next_place((update, neuron), START, simulation.marks)
    assert first is not None
    simulation.seek(first)
    mark = simulation.frame.mark
    assert mark is not None
    assert (mark.phase, mark.sample, mark.layer, mark.neuron, mark.term) == ("backward", 0, 1, 2, None)
    assert next_place((update,), Moment(0, end), simulation.marks) == Moment(1, simulation.marks(1).update_start + 1)
    assert next_place((PlaceBreakpoint("update", enabled=False),), START, simulation.marks) is None
    assert next_place((PlaceBreakpoint(layer=9), LossBelow(1)), START, simulation.marks) is None


# conditions


def dead(simulation: Simulation) -> set[tuple[int, int]]:
    """The ReLU neurons that are 0 for every training row, at a batch's end."""
    data, network, theta = simulation.dataset, simulation.network, simulation.frame.theta.copy()
    forward = ForwardPass(network, theta, len(data.train))
    forward.run(with_ones(data.scaled(data.inputs[data.train]), theta.dtype))
    return {(layer, neuron) for layer, name in enumerate(network.activations) if name == "relu"
            for neuron in range(network.widths[layer]) if not forward.activations[layer][neuron].any()}


def first_true(experiment: Experiment, condition: ConditionBreakpoint, start: int, most: int) -> int | None:
    """The batch at whose end a condition becomes true, found by looking at every batch after ``start`` batches."""
    simulation = Simulation(experiment)
    losses, theta, training, buried = [np.inf], [simulation.frame.theta], [simulation.frame.loss], [dead(simulation)]
    active: list[set[tuple[int, int]]] = [set()]
    for _ in range(start + most):
        simulation.step("batch")
        frame, trace = simulation.frame, simulation.frame.trace
        assert trace is not None
        losses.append(trace.loss)
        theta.append(trace.after)
        training.append(frame.loss)
        buried.append(dead(simulation))
        active.append({(layer, q) for layer, outputs in enumerate(trace.outputs) for q in range(len(outputs)) if outputs[q].any()})
    per_epoch, network = simulation.batches, simulation.network
    known_dead = set(buried[start])
    for batch in range(start + 1, start + most + 1):
        if isinstance(condition, LossBelow):
            if condition.of == "batch":
                true = losses[batch] < condition.value <= losses[batch - 1]
            else:
                true = batch % per_epoch == 0 and training[batch] < condition.value <= training[batch - per_epoch]
        elif isinstance(condition, SignChange):
            changed = network.layers(np.sign(theta[batch]) * np.sign(theta[batch - 1]) < 0)
            true = any(
                matrix[row, neuron] for layer, matrix in enumerate(changed) for row, neuron in np.ndindex(matrix.shape)
                if condition.layer in (None, layer) and condition.row in (None, row) and condition.neuron in (None, neuron)
                and (condition.biases or condition.row is not None or row < network.sizes[layer]))
        else:
            known_dead -= active[batch]
            spoken_of = {(layer, neuron) for layer, neuron in buried[batch]
                         if condition.layer in (None, layer) and condition.neuron in (None, neuron)}
            true = bool(spoken_of - known_dead)
            known_dead |= buried[batch]
        if true:
            return batch - 1
    return None


CONDITIONS: list[ConditionBreakpoint] = [
    LossBelow(0.2, "batch"), LossBelow(0.24, "training"), SignChange(), SignChange(0, 2, 1), SignChange(layer=1),
    SignChange(0, 0, 0), SignChange(biases=True), SignChange(1, None, 0, biases=True),
    NeuronDeath(), NeuronDeath(1), NeuronDeath(0, 3)]


@settings(max_examples=80)
@given(st.sampled_from(CONDITIONS), st.integers(0, 40), st.sampled_from(["gradient-descent", "momentum", "adam"]),
       st.sampled_from([0.0, 0.3]), st.integers(0, 3), st.lists(st.integers(1, 17), min_size=1, max_size=5))
def test_a_run_stops_at_the_first_batch_that_makes_a_condition_true_whatever_its_slices(
    condition: ConditionBreakpoint, seed: int, optimizer: str, dropout: float, start: int, slices: list[int]
) -> None:
    rate = 0.05 if optimizer == "adam" else 0.5
    experiment = small(Learning(optimizer=optimizer, rate=rate, dropout=dropout), seed=seed)
    most = 60
    expected = None if dropout and isinstance(condition, NeuronDeath) else first_true(experiment, condition, start, most)
    stops = []
    for sizes in ([most], slices, [1]):
        simulation = Simulation(experiment)
        if start:
            simulation.run(batches=start)
        watch, met, turn = simulation.watch([condition]), None, 0
        while met is None and simulation.batches_finished < start + most:
            met = simulation.run_watching(watch, min(sizes[turn % len(sizes)], start + most - simulation.batches_finished))
            turn += 1
        stops.append(None if met is None else simulation.moment)
        if met is not None:
            assert simulation.moment.mark == simulation.marks(simulation.moment.batch).count
    assert stops[0] == stops[1] == stops[2]
    if not (dropout and isinstance(condition, NeuronDeath)):
        assert (None if stops[0] is None else stops[0].batch) == expected


def test_deaths_do_happen_in_these_runs() -> None:
    found = [first_true(small(Learning(rate=0.5), seed=seed), NeuronDeath(), 0, 60) for seed in range(12)]
    assert sum(batch is not None for batch in found) >= 3


def test_a_run_goes_on_after_a_stop_to_the_next_time_the_condition_becomes_true() -> None:
    simulation = Simulation(small())
    condition = LossBelow(0.22, "batch")
    watch, stops = simulation.watch([condition]), []
    while simulation.run_watching(watch, 200 - simulation.batches_finished):
        stops.append(simulation.moment.batch)
        assert len(stops) < 200
    losses = simulation.history.batch_loss.curve().column(0)
    assert stops == [b for b in range(200) if losses[b] < 0.22 and (b == 0 or losses[b - 1] >= 0.22)]
    assert len(stops) > 2


def test_a_watch_that_was_elsewhere_begins_anew() -> None:
    simulation, condition = Simulation(small()), LossBelow(10.0, "batch")
    watch = simulation.watch([condition])
    assert simulation.run_watching(watch, 100) == condition
    assert simulation.run_watching(watch, 30) is None
    simulation.rewind()
    assert simulation.run_watching(watch, 100) == condition
    assert simulation.moment.batch == 0


def test_a_death_in_the_last_batch_asked_for_is_seen() -> None:
    found = 0
    for seed in range(12):
        experiment = small(Learning(rate=0.5), seed=seed)
        batch = first_true(experiment, NeuronDeath(), 0, 60)
        if batch is not None:
            simulation = Simulation(experiment)
            assert simulation.run_watching(simulation.watch([NeuronDeath()]), batch + 1) == NeuronDeath()
            assert simulation.moment.batch == batch
            found += 1
    assert found >= 3


def test_a_neuron_that_comes_back_to_life_can_die_again() -> None:
    # a penalty pulls the weight that keeps the second layer silent towards 0, until a step pushes its bias down again
    start = Start(weights=(((0.0,), (0.0,)), ((-1.0,),), ((4.0,),)), biases=((5.0,), (1.0,), (0.0,)))
    layers = (Layer(width=1, activation="relu"), Layer(width=1, activation="relu"), Layer(activation="identity"))
    experiment = small(Learning(rate=0.05, l2=1.0), layers=layers, start=start)
    simulation, deaths = Simulation(experiment), []
    before: set[tuple[int, int]] = dead(simulation)
    for batch in range(300):
        simulation.step("batch")
        after = dead(simulation)
        if (1, 0) in after - before:
            deaths.append(batch)
        before = after
    assert len(deaths) >= 2
    simulation, stops = Simulation(experiment), []
    watch = simulation.watch([NeuronDeath(1, 0)])
    while simulation.run_watching(watch, 300 - simulation.batches_finished):
        stops.append(simulation.moment.batch)
    assert stops == deaths


def test_a_bias_that_leaves_zero_has_changed_no_sign() -> None:
    simulation = Simulation(small())
    bias = SignChange(0, simulation.network.inputs, 1)
    assert simulation.frame.biases[0][1] == 0
    # among all others, one that does change its sign at the very first batch would hide this one
    both = [SignChange(0, simulation.network.inputs, neuron) for neuron in range(simulation.network.widths[0])]
    assert simulation.run_watching(simulation.watch([bias, *both]), 1) is None
    assert (simulation.frame.biases[0] != 0).any()
    whole = Simulation(small(layers=(Layer(width=1, activation="sigmoid"),)))
    assert whole.run_watching(whole.watch([SignChange(biases=True)]), 1) is None
    assert whole.frame.biases[0][0] != 0


@pytest.mark.parametrize("condition", [SignChange(), SignChange(1), SignChange(0)])
def test_the_watch_names_the_weight_that_changed_its_sign(condition: SignChange) -> None:
    simulation = Simulation(small())
    watch = simulation.watch([condition])
    assert simulation.run_watching(watch, 400) == condition
    flip = watch.flip
    assert flip is not None and flip.before * flip.after < 0
    trace = simulation.frame.trace
    assert trace is not None
    index = simulation.network.index(flip.layer, flip.row, flip.neuron)
    assert (flip.before, flip.after) == (trace.before[index], trace.after[index])
    assert flip.row < simulation.network.sizes[flip.layer]


def test_an_edit_by_hand_is_no_change_of_sign_in_training() -> None:
    simulation, condition = Simulation(small()), SignChange(0, 0, 0)
    watch = simulation.watch([condition])
    simulation.run_watching(watch, 1)
    value = float(simulation.frame.weights[0][0, 0])
    simulation.set_parameter(0, 0, 0, -50.0 if value >= 0 else 50.0)
    assert simulation.run_watching(watch, 20) is None


def test_a_run_in_the_middle_of_a_batch_judges_that_batch_first() -> None:
    simulation = Simulation(small())
    condition = LossBelow(10.0, "batch")
    simulation.step("term", 3)
    assert simulation.run_watching(simulation.watch([condition]), 5) == condition
    assert simulation.moment == Moment(0, simulation.marks(0).count)


def test_a_divergence_ends_a_watched_run_where_it_ends_any_other() -> None:
    plane = Data(source="plane", samples=22, test_share=0)
    experiment = small(Learning(rate=1e6), data=plane, layers=(Layer(activation="identity"),))
    plain, watched = Simulation(experiment), Simulation(experiment)
    plain.run(batches=60)
    assert watched.run_watching(watched.watch([LossBelow(-1.0, "batch")]), 60) is None
    assert plain.divergence is not None
    assert (watched.moment, watched.divergence) == (plain.moment, plain.divergence)


def test_watching_leaves_every_bit_as_it_is() -> None:
    plain, watched = Simulation(small()), Simulation(small())
    plain.run(batches=90)
    watch = watched.watch([LossBelow(-1.0), NeuronDeath(enabled=False), LossBelow(-1.0, "batch")])
    for _ in range(9):
        watched.run_watching(watch, 10)
    assert watched.moment == plain.moment
    assert np.array_equal(watched.frame.theta, plain.frame.theta)
    assert np.array_equal(watched.history.batch_loss.curve().values, plain.history.batch_loss.curve().values)


@pytest.mark.parametrize(("each", "sentence"), [
    (PlaceBreakpoint("backward", 1, 2), "Stop at neuron 3 of L2 on the way back"),
    (PlaceBreakpoint("loss"), "Stop at the loss"),
    (PlaceBreakpoint(), "Stop at each pass"),
    (LossBelow(0.05, "batch"), "Stop when a batch’s loss falls below 0.05"),
    (SignChange(0, 2, 1), "Stop when b[2] of L1 changes sign"),
    (SignChange(1, 2, 0), "Stop when W[3,1] of L2 changes sign"),
    (SignChange(), "Stop when any weight changes sign"),
    (SignChange(1), "Stop when any weight of L2 changes sign"),
    (SignChange(neuron=1), "Stop when any weight of neuron 2 of any layer changes sign"),
    (SignChange(row=0), "Stop when W[1,any] of any layer changes sign"),
    (SignChange(row=3, neuron=0), "Stop when W[4,1] or b[1] of any layer changes sign"),
    (SignChange(row=4), "Stop when b[any] of any layer changes sign"),
    (SignChange(biases=True), "Stop when any weight or bias changes sign"),
    (SignChange(0, None, 1, biases=True), "Stop when any weight or bias of neuron 2 of L1 changes sign"),
    (NeuronDeath(1), "Stop when any ReLU neuron of L2 dies: 0 for every training row"),
])
def test_each_breakpoint_says_what_it_does(each: Breakpoint, sentence: str) -> None:
    assert each.sentence((2, 4, 3, 1)) == sentence


def test_a_breakpoint_knows_whether_a_network_has_its_place() -> None:
    sizes = (2, 4, 3, 1)
    names = ("relu", "relu", "sigmoid")
    assert SignChange(1, 4, 2).fits(sizes, names) and not SignChange(1, 5, 2).fits(sizes, names)
    assert NeuronDeath(0, 3).fits(sizes, names) and not NeuronDeath(1, 3).fits(sizes, names)
    assert LossBelow(1.0).fits(sizes, names)


def test_only_a_network_with_a_relu_there_has_a_neuron_that_can_die() -> None:
    sizes = (2, 4, 3, 1)
    assert not NeuronDeath().fits(sizes, ("tanh", "sigmoid", "identity"))
    assert NeuronDeath().fits(sizes, ("tanh", "relu", "identity"))
    assert NeuronDeath(1).fits(sizes, ("tanh", "relu", "identity"))
    assert not NeuronDeath(0).fits(sizes, ("tanh", "relu", "identity"))
