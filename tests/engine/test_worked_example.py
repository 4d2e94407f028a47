"""The 2-2-2 sigmoid network that textbooks work through by hand, digit by digit, as it is walked."""

import pytest

from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning, Start
from nnsim.engine.frame import Frame
from nnsim.engine.simulation import Simulation

WORKED = Experiment(
    title="Worked example", data=Data(source="textbook", test_share=0),
    layers=(Layer(width=2, activation="sigmoid"), Layer(width=2, activation="sigmoid")),
    start=Start(weights=(((0.15, 0.25), (0.2, 0.3)), ((0.4, 0.5), (0.45, 0.55))), biases=((0.35, 0.35), (0.6, 0.6))),
    learning=Learning(loss="mse", rate=0.5, biases_learn=False), batch_size=1, shuffle=False,
)
"""W[r, q] from input r to neuron q, so the book's w1 w2 w3 w4 are W[0,0] W[1,0] W[0,1] W[1,1]."""


def digits(value: float, text: str) -> bool:
    """Whether ``value``, rounded to the digits of ``text``, is ``text``."""
    return f"{value:.{len(text.partition('.')[2])}f}" == text


def numbers(frame: Frame) -> list[list[float]]:
    """Sums, then outputs, of both layers."""
    assert frame.trace is not None
    return [each[:, 0].tolist() for each in (*frame.trace.sums, *frame.trace.outputs)]


def test_the_example_of_the_gallery_is_the_worked_one() -> None:
    assert example("textbook-2-2-2").experiment == WORKED


def test_the_forward_pass_has_the_books_digits() -> None:
    simulation = Simulation(WORKED)
    simulation.step("neuron")
    assert simulation.frame.known.outputs == (1, 0)
    hidden_sums, _, hidden, outputs = numbers(simulation.frame)
    assert digits(hidden_sums[0], "0.3775")
    assert digits(hidden[0], "0.593269992")
    assert digits(hidden[1], "0.596884378")
    assert digits(outputs[0], "0.75136507")
    assert digits(outputs[1], "0.772928465")


def test_the_loss_has_the_books_digits() -> None:
    simulation = Simulation(WORKED)
    simulation.step("pass", 2)
    assert simulation.frame.phase == "loss"
    trace = simulation.frame.trace
    assert trace is not None
    assert digits(trace.loss, "0.298371109")
    assert digits(float(trace.losses[0]), "0.298371109")
    assert digits(simulation.frame.loss, "0.298371109")


def test_the_backward_pass_has_the_books_digits() -> None:
    simulation = Simulation(WORKED)
    simulation.step("sample")
    trace = simulation.frame.trace
    assert trace is not None
    hidden, output = simulation.network.weights(trace.gradient)
    arriving, slopes = trace.output_gradients[1], trace.slopes[1]
    assert arriving is not None and slopes is not None
    assert digits(arriving[0, 0], "0.74136507")
    assert digits(slopes[0, 0], "0.186815602")
    assert digits(trace.deltas[1][0, 0], "0.138498562")
    assert digits(output[0, 0], "0.082167041")
    assert digits(hidden[0, 0], "0.000438568")
    assert trace.output_gradients[0] is not None
    assert digits(trace.output_gradients[0][0, 0], "0.036350306")


def test_the_update_has_the_books_digits() -> None:
    simulation = Simulation(WORKED)
    simulation.step("batch")
    hidden, output = simulation.frame.weights
    assert digits(output[0, 0], "0.35891648")
    assert digits(output[1, 0], "0.408666186")
    assert digits(output[0, 1], "0.511301270")
    assert digits(output[1, 1], "0.561370121")
    assert digits(hidden[0, 0], "0.149780716")
    assert digits(hidden[1, 0], "0.19956143")
    assert digits(hidden[0, 1], "0.24975114")
    assert digits(hidden[1, 1], "0.29950229")


def test_the_biases_stay_as_in_the_book_and_the_loss_is_that_of_its_new_weights() -> None:
    simulation = Simulation(WORKED)
    simulation.step("batch")
    assert [biases.tolist() for biases in simulation.frame.biases] == [[0.35, 0.35], [0.6, 0.6]]
    simulation.step("pass", 2)
    # what the printed weights give; the book's own 0.291027924 differs from it in the seventh decimal
    assert digits(simulation.frame.loss, "0.291027774")


def test_biases_that_learn_move_by_their_neurons_deltas() -> None:
    simulation = Simulation(WORKED.replace(learning=WORKED.learning.replace(biases_learn=True)))
    simulation.step("batch")
    trace = simulation.frame.trace
    assert trace is not None
    for layer, (biases, start) in enumerate(zip(simulation.frame.biases, (0.35, 0.6), strict=True)):
        assert biases == pytest.approx(start - 0.5 * trace.deltas[layer][:, 0], rel=1e-15)


def test_weights_change_one_after_the_other_during_the_update() -> None:
    simulation = Simulation(WORKED)
    simulation.step("sample")
    simulation.step("term")
    first = simulation.frame
    assert digits(first.weights[0][0, 0], "0.149780716")
    assert first.weights[0][1, 0] == 0.2
    simulation.step("neuron")
    assert digits(simulation.frame.weights[0][1, 0], "0.19956143")
    assert simulation.frame.weights[0][0, 1] == 0.25
    simulation.step("layer", 2)
    assert digits(simulation.frame.weights[1][1, 1], "0.561370121")


def test_after_ten_thousand_updates_the_outputs_have_learned_their_targets() -> None:
    simulation = Simulation(WORKED)
    simulation.run(batches=10_000)
    outputs = simulation.predict(simulation.dataset.inputs)[0]
    assert outputs == pytest.approx([0.01, 0.99], abs=0.01)
    assert simulation.frame.loss == pytest.approx(3.51e-5, abs=1e-7)
