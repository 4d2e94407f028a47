"""The inspector's facts: only what is known, and the engine's own numbers."""

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.experiment import Experiment, Layer, Learning
from nnsim.engine.frame import Frame
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.inspection import (
    EdgeInspection,
    Fact,
    NeuronInspection,
    inspect,
    source_name,
)
from nnsim.picture.pushes import sample_gradients
from nnsim.picture.targets import INPUTS, EdgeTarget, NeuronTarget


def edge_of(frame: Frame, target: EdgeTarget) -> EdgeInspection:
    found = inspect(frame, target)
    assert isinstance(found, EdgeInspection)
    return found


def neuron_of(frame: Frame, target: NeuronTarget) -> NeuronInspection:
    found = inspect(frame, target)
    assert isinstance(found, NeuronInspection)
    return found


def values(facts: tuple[Fact, ...]) -> dict[str, float | None]:
    return {fact.name: fact.value for fact in facts}


def edges(frame: Frame) -> list[EdgeTarget]:
    sizes = frame.network.sizes
    return [EdgeTarget(layer, row, neuron) for layer in range(frame.network.depth)
            for neuron in range(sizes[layer + 1]) for row in range(sizes[layer] + 1)]


@pytest.fixture
def ring() -> Simulation:
    simulation = Simulation(example("ring").experiment)
    simulation.run(epochs=2)
    return simulation


def test_the_untouched_network_shows_weights_and_nothing_computed() -> None:
    frame = Simulation(Experiment()).frame
    edge = edge_of(frame, EdgeTarget(0, 1, 2))
    assert edge.parameter.value == frame.weights[0][1, 2] and edge.parameter.before is None
    assert (edge.place, edge.symbol) == ("x₂ → L1·3", "W[2,3]")
    assert values(edge.facts) == {"gradient of the batch": None}
    neuron = neuron_of(frame, NeuronTarget(1, 0))
    assert set(values(neuron.facts).values()) == {None}
    assert {fact.text for fact in neuron.facts} == {"?"}
    assert neuron.incoming is not None and neuron.incoming.products_known == neuron.incoming.inputs_known == 0


def test_shares_of_all_samples_sum_to_the_traces_gradient(ring: Simulation) -> None:
    ring.step("batch")
    frame = ring.frame
    assert frame.trace is not None
    for target in edges(frame):
        total = frame.trace.gradient[frame.network.index(*target)]
        assert np.isclose(sample_gradients(frame, target).sum(), total, rtol=1e-9, atol=1e-15)


def test_shares_sum_to_the_gradient_under_dropout() -> None:
    simulation = Simulation(Experiment(layers=(Layer(width=6), Layer(width=4), Layer(width=1, activation="sigmoid")),
                                       learning=Learning(dropout=0.4)))
    simulation.step("batch", 3)
    frame = simulation.frame
    assert frame.trace is not None
    for target in edges(frame):
        total = frame.trace.gradient[frame.network.index(*target)]
        assert np.isclose(sample_gradients(frame, target).sum(), total, rtol=1e-9, atol=1e-15)
    assert "passed on (dropout)" in values(neuron_of(frame, NeuronTarget(0, 0)).facts)


def test_a_share_is_known_from_the_mark_that_computes_it_on(ring: Simulation) -> None:
    target = EdgeTarget(1, 2, 1)
    ring.step("batch")
    ring.step("term")
    known_before = 0
    for _ in range(2 * ring.frame.marks.sample_length):
        frame = ring.frame
        known = edge_of(frame, target).pushes.known
        mark = frame.mark
        assert mark is not None
        at_it = mark[:5] == ("backward", known_before, 1, 1, 2)
        assert known == known_before + at_it
        known_before = known
        ring.step("term")
    assert known_before == 2


def test_the_sentence_names_who_pushes_hardest_of_what(ring: Simulation) -> None:
    target = EdgeTarget(1, 1, 0)
    ring.step("sample", 4)
    shares = sample_gradients(ring.frame, target)
    sentence = edge_of(ring.frame, target).pushes.sentence
    assert sentence.startswith(f"Samples 1–4 so far: {numbers.significant(float(shares[:4].sum()))}.")
    ring.step("batch")
    frame = ring.frame
    assert frame.trace is not None
    hardest = int(np.abs(shares).argmax())
    share, total = (numbers.significant(float(value)) for value in (
        shares[hardest], frame.trace.gradient[frame.network.index(*target)]))
    assert edge_of(frame, target).pushes.sentence == (
        f"Sample {hardest + 1} pushes hardest: {share} of {total}, to which the shares add up. "
        f"Each is 1/{len(shares)} of that sample’s own gradient, as the loss is a mean.")
    assert "shares of the gradient" in edge_of(frame, target).pushes.title
    assert shares.sum() == pytest.approx(frame.trace.gradient[frame.network.index(*target)])


def test_old_and_new_appear_with_this_weights_own_update(ring: Simulation) -> None:
    ring.step("sample", 10)
    order = edges(ring.frame)
    for done in range(len(order)):
        ring.step("term")
        frame = ring.frame
        assert frame.phase == "update" and frame.trace is not None
        for place, target in enumerate(order):
            parameter = edge_of(frame, target).parameter
            index = frame.network.index(*target)
            assert parameter.value == frame.theta[index]
            if place <= done:
                assert (parameter.before, parameter.value) == (frame.trace.before[index], frame.trace.after[index])
            else:
                assert parameter.before is None and parameter.value == frame.trace.before[index]


def test_a_neurons_numbers_appear_as_they_are_computed(ring: Simulation) -> None:
    target = NeuronTarget(1, 0)
    ring.step("layer")
    frame = ring.frame
    assert values(neuron_of(frame, target).facts) == {"sum z": None, "output a": None, "delta δ": None}
    ring.step("neuron")
    frame = ring.frame
    assert frame.trace is not None
    facts = values(neuron_of(frame, target).facts)
    assert (facts["sum z"], facts["output a"], facts["delta δ"]) == (frame.trace.sums[1][0, 0], frame.trace.outputs[1][0, 0], None)
    ring.step("pass", 3)
    frame = ring.frame
    assert frame.trace is not None
    facts = values(neuron_of(frame, target).facts)
    assert facts["delta δ"] == frame.trace.deltas[1][0, 0]
    arriving, slope = facts["∂L/∂a"], facts["slope f′(z)"]
    assert arriving is not None and slope is not None
    assert facts["delta δ"] == arriving * slope


def test_products_are_known_term_by_term(ring: Simulation) -> None:
    ring.step("layer")
    for done in (1, 2, 3):
        ring.step("term")
        incoming = neuron_of(ring.frame, NeuronTarget(1, 0)).incoming
        assert incoming is not None
        assert incoming.products_known == done and incoming.inputs_known == 3
        waiting = neuron_of(ring.frame, NeuronTarget(1, 1)).incoming
        assert waiting is not None and waiting.products_known == 0
        assert np.array_equal(incoming.products, incoming.weights * incoming.inputs)


def test_products_and_bias_make_the_sum(ring: Simulation) -> None:
    ring.step("sample")
    neuron = neuron_of(ring.frame, NeuronTarget(1, 1))
    assert neuron.incoming is not None and neuron.bias is not None
    total = values(neuron.facts)["sum z"]
    assert total is not None and np.isclose(neuron.incoming.products.sum() + neuron.bias.value, total)


def test_an_input_shows_what_is_fed_and_what_was_measured() -> None:
    simulation = Simulation(example("digits").experiment)
    simulation.step("neuron")
    frame = simulation.frame
    assert frame.trace is not None and frame.row is not None
    pixel = int(frame.dataset.inputs[frame.row].argmax())
    found = neuron_of(frame, NeuronTarget(INPUTS, pixel))
    facts = values(found.facts)
    assert facts["value"] == frame.trace.inputs[pixel, 0]
    assert facts["in the data’s units"] == frame.dataset.inputs[frame.row, pixel]
    assert frame.dataset.input_names[pixel] in found.name


def test_what_penalties_and_clipping_made_of_the_gradient_is_told() -> None:
    simulation = Simulation(Experiment(learning=Learning(l2=0.1, clip_norm=1e-3)))
    simulation.step("batch")
    frame = simulation.frame
    assert frame.trace is not None
    facts = values(edge_of(frame, EdgeTarget(0, 0, 0)).facts)
    assert facts["with penalty, clipped"] == frame.trace.step_gradient[frame.network.index(0, 0, 0)]


def test_the_perceptron_rule_speaks_of_corrections() -> None:
    simulation = Simulation(example("perceptron").experiment)
    simulation.step("batch")
    edge = edge_of(simulation.frame, EdgeTarget(0, 0, 0))
    assert "correction" in edge.pushes.title and "correction of the batch" in values(edge.facts)


def test_the_strongest_samples_stay_in_the_batchs_order(ring: Simulation) -> None:
    ring.step("batch")
    pushes = edge_of(ring.frame, EdgeTarget(1, 0, 0)).pushes
    chosen = pushes.strongest(3)
    assert chosen == sorted(chosen) and len(chosen) == 3
    left_out = np.delete(np.abs(pushes.shares), chosen)
    assert np.abs(pushes.shares)[chosen].min() >= left_out.max()


def test_places_outside_the_network_have_no_facts(ring: Simulation) -> None:
    frame = ring.frame
    for target in (None, NeuronTarget(3, 0), NeuronTarget(0, 3), NeuronTarget(INPUTS, 2), EdgeTarget(0, 3, 0), EdgeTarget(5, 0, 0)):
        assert inspect(frame, target) is None


def test_sources_of_edges_are_named_as_on_the_diagram() -> None:
    assert [source_name(0, 11, 64), source_name(2, 0, 4), source_name(1, 4, 4)] == ["x₁₂", "L2·1", "1"]


def test_a_bias_that_is_held_says_why() -> None:
    experiment = Experiment(layers=(Layer(width=2), Layer(width=1)))
    held = experiment.replace(learning=Learning(biases_learn=False))
    bias, weight = EdgeTarget(0, 2, 0), EdgeTarget(0, 0, 0)
    frame = Simulation(held).frame
    assert edge_of(frame, bias).parameter.held == "biases do not learn" and edge_of(frame, weight).parameter.held == ""
    neuron = neuron_of(frame, NeuronTarget(0, 0))
    assert neuron.bias is not None and neuron.bias.held == "biases do not learn"
    assert edge_of(Simulation(experiment).frame, bias).parameter.held == ""
    frozen = Simulation(experiment.replace(learning=Learning(frozen=((0,),), cut=((0, 0, 0),)))).frame
    assert [edge_of(frozen, target).parameter.held for target in (bias, weight)] == ["frozen", "cut"]
