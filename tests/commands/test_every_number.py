"""Every number on show is in the trace, and every number of the trace is right: for all activations, losses and optimizers.

Two comparisons. Each number of the caption, at every stop of a batch, stands to the bit in what ``nnsim trace`` has printed of that
batch so far. And what it prints agrees with the same training done with scalars on paper.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from plain_training import PlainTraining

from nnsim.commands.terminal import plain
from nnsim.commands.trace_values import stop
from nnsim.core.activations import ACTIVATIONS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame
from nnsim.engine.marks import Grain
from nnsim.engine.simulation import Simulation
from nnsim.picture.caption import Caption, caption
from nnsim.picture.caption_parts import Number
from nnsim.picture.targets import EdgeTarget

HIDDEN = [name for name in ACTIVATIONS if name not in ("step", "softmax")]
OUTPUTS = [name for name in ACTIVATIONS if name != "step"]
GRADIENT = [name for name in OPTIMIZERS if name != "perceptron"]
PAIRS = [(activation, loss) for activation in OUTPUTS for loss, row in LOSSES.items() if row.accepts(activation)]
CASES = [(HIDDEN[(place + turn) % len(HIDDEN)], *pair, optimizer)
         for place, pair in enumerate(PAIRS) for turn, optimizer in enumerate(GRADIENT)]


def experiment(hidden: str, output: str, loss: str, optimizer: str, **learning: Any) -> Experiment:
    classes = output == "softmax"
    return Experiment(
        data=Data(source="iris" if classes else "ring", samples=12, scaling="standardize"),
        layers=(Layer(width=2, activation=hidden), Layer(width=3 if classes else 1, activation=output)),
        learning=Learning(loss=loss, optimizer=optimizer, rate=0.05, **learning), batch_size=2, seed=3)


def perceptron() -> Experiment:
    return Experiment(data=Data(source="ring", samples=12), layers=(Layer(width=1, activation="step"),), batch_size=3, seed=1,
                      learning=Learning(optimizer="perceptron", rate=0.1))


def numbers_in(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from numbers_in(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


def numbers_on_show(shown: Caption) -> Iterator[Number]:
    yield from (card.number for card in shown.cards)
    for line in shown.lines:
        yield line.number
        yield from (part.number for part in (line.parts() if line.parts is not None else ()))
    yield from (share.number for share in shown.shares)
    if shown.terms is not None:
        for row in shown.terms.rows:
            yield from (row.input, row.factor, row.product, *([row.total] if row.total else []))
        if shown.terms.sum is not None:
            yield shown.terms.sum
    if shown.loss is not None:
        yield shown.loss.total
        for term in shown.loss.rows:
            yield from (term.target, term.output, term.term)
    if shown.result is not None:
        yield shown.result.number
    if shown.move is not None:
        yield from (shown.move.old, shown.move.new)


def last_updated(frame: Frame) -> EdgeTarget | None:
    """At a batch's end, which tells of the batch, the parameter that came last; else what is at work tells of itself."""
    mark = frame.mark
    if mark is None or mark.closes < Grain.BATCH:
        return None
    assert mark.layer is not None and mark.neuron is not None and mark.term is not None
    return EdgeTarget(mark.layer, mark.term, mark.neuron)


def assert_all_in_trace(simulation: Simulation) -> None:
    """Walk the present batch's successor term by term."""
    known: set[float] = {1.0}
    batch = simulation.batches_finished
    simulation.step("term")
    while simulation.moment.batch == batch:
        frame = simulation.frame
        known |= set(numbers_in(plain(stop(frame, Grain.TERM))["values"]))
        # a neuron's own stop says again what its terms said, and its weights to come
        known |= set(numbers_in(plain(stop(frame, Grain.NEURON))["values"]))
        # at a batch's end the caption tells of the batch, and of the parameter that came last where that is chosen
        for selected in {None, last_updated(frame)}:
            for number in numbers_on_show(caption(frame, selected)):
                assert number.value is None or number.value in known, (frame.mark, number)
        simulation.step("term")


def on_paper(simulation: Simulation) -> PlainTraining:
    learning, frame = simulation.learning, simulation.frame
    settings = {name: learning.setting(name) for name in OPTIMIZERS[learning.optimizer].settings}
    return PlainTraining(simulation.network.activations, learning.loss, learning.optimizer, learning.rate, settings,
                         [weights.tolist() for weights in frame.weights], [biases.tolist() for biases in frame.biases],
                         learning.l1, learning.l2)


def assert_as_on_paper(simulation: Simulation, batches: int = 3) -> None:
    paper, data = on_paper(simulation), simulation.dataset

    def close(values: dict[str, Any], name: str, expected: Any) -> None:
        np.testing.assert_allclose(values[name], expected, rtol=1e-9, atol=1e-13, err_msg=name)

    for _ in range(batches):
        simulation.step("batch")
        trace = simulation.frame.trace
        assert trace is not None
        done = simulation.moment
        told = paper.batch(data.scaled(data.inputs[trace.rows]).tolist(), data.targets[trace.rows].tolist())
        simulation.step("batch", -1)
        for each in told:
            simulation.step("sample")
            values = plain(stop(simulation.frame, Grain.SAMPLE))["values"]
            for layer in range(simulation.network.depth):
                for name, expected in (("sum", each["sums"]), ("output", each["outputs"]), ("delta", each["deltas"]),
                                       ("bias_gradient", each["deltas"]), ("inputs", each["inputs"])):
                    close({name: values[name][layer]}, name, expected[layer])
                close({"weights": values["weight_gradients"][layer]}, "weights",
                      np.outer(each["inputs"][layer], each["deltas"][layer]))
            close(values, "loss", each["loss"])
        simulation.seek(done)
        values = plain(stop(simulation.frame, Grain.BATCH))["values"]
        close(values, "loss", np.mean([each["loss"] for each in told]))
        for layer in range(simulation.network.depth):
            close({"weights": values["weights"]["after"][layer]}, "weights", paper.weights[layer])
            close({"biases": values["bias"]["after"][layer]}, "biases", paper.biases[layer])
            for name, memory in values.get("memory", {}).items():
                remembered = [[paper.memory[layer, r, q, name] for q in range(len(paper.biases[layer]))]
                              for r in range(len(paper.weights[layer]))]
                close({name: memory["weights"]["after"][layer]}, name, remembered)


def test_every_activation_loss_and_optimizer_that_go_together_are_among_the_cases() -> None:
    assert {case[1:3] for case in CASES} == set(PAIRS) and {case[3] for case in CASES} == set(GRADIENT)
    assert {case[0] for case in CASES} == set(HIDDEN) and len(CASES) == len(PAIRS) * len(GRADIENT)


@pytest.mark.parametrize("hidden, output, loss, optimizer", CASES, ids=lambda name: name)
def test_what_is_shown_is_traced_and_what_is_traced_is_right(hidden: str, output: str, loss: str, optimizer: str) -> None:
    simulation = Simulation(experiment(hidden, output, loss, optimizer))
    assert_as_on_paper(simulation)
    assert_all_in_trace(simulation)


@pytest.mark.parametrize("optimizer", GRADIENT)
def test_penalties_clipping_dropout_and_a_schedule_are_traced_as_they_are_shown(optimizer: str) -> None:
    simulation = Simulation(experiment("tanh", "sigmoid", "mse", optimizer, l1=0.01, l2=0.1))
    assert_as_on_paper(simulation)
    simulation = Simulation(experiment("relu", "softmax", "cross-entropy", optimizer, l1=0.01, l2=0.1, dropout=0.4,
                                       clip_norm=0.01, schedule="exponential", schedule_factor=0.9))
    simulation.run(epochs=2)
    assert_all_in_trace(simulation)


@pytest.mark.parametrize("learning", [{}, {"l2": 0.1}, {"frozen": ((0, 0),)}, {"cut": ((0, 0, 1),), "biases_learn": False}])
def test_a_batchs_own_line_carries_its_lengths_and_its_largest_change(learning: dict[str, Any]) -> None:
    simulation = Simulation(experiment("tanh", "sigmoid", "mse", "gradient-descent", clip_norm=0.01, **learning))
    assert_all_in_trace(simulation)
    simulation.step("batch")
    frame, trace = simulation.frame, simulation.frame.trace
    assert trace is not None
    values = plain(stop(frame, Grain.BATCH))["values"]
    known, shown = set(numbers_in(values)), caption(frame)
    assert set(values["lengths"]) == {"gradient", "penalised", "given", "change"} and shown.move is not None
    for number in numbers_on_show(shown):
        assert number.value in known, number
    assert abs(values["largest_change"]) == np.abs(trace.after - trace.before).max()
    assert values["lengths"]["change"]["length"] == pytest.approx(0.05 * values["lengths"]["given"]["length"])


def test_a_stop_within_the_update_carries_the_length_that_clipping_began_with_and_no_length_of_the_whole_batch() -> None:
    simulation = Simulation(experiment("tanh", "sigmoid", "mse", "adam", clip_norm=0.01))
    while simulation.frame.phase != "update":
        simulation.step("term")
    values = plain(stop(simulation.frame, Grain.TERM))["values"]
    assert list(values["lengths"]) == ["penalised"] and "largest_change" not in values
    assert values["clip_factor"] == pytest.approx(0.01 / (values["lengths"]["penalised"]["length"] + 1e-6))


def test_the_perceptron_rule_is_traced_as_it_is_shown_and_as_it_is_on_paper() -> None:
    simulation = Simulation(perceptron())
    assert_as_on_paper(simulation)
    assert_all_in_trace(simulation)
