"""The matrices of a layer: the engine's own numbers, only those that the moment knows, and the caption's very sums."""

import numpy as np
import pytest

from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.examples import example
from nnsim.engine.experiment import Experiment, Layer, Learning
from nnsim.engine.frame import Frame
from nnsim.engine.simulation import Simulation
from nnsim.picture.caption import caption
from nnsim.picture.matrices import matrices
from nnsim.picture.matrices_parts import Focus, Grid, Marks
from nnsim.picture.matrices_text import latex, numpy_array, tabbed
from nnsim.picture.targets import EdgeTarget, NeuronTarget


@pytest.fixture
def ring() -> Simulation:
    simulation = Simulation(example("ring").experiment)
    simulation.run(epochs=1)
    return simulation


def go(simulation: Simulation, phase: str, sample: int | None, layer: int | None, neuron: int | None, term: int | None) -> Frame:
    """The frame at a mark."""
    batch = simulation.moment.batch + 1
    marks = simulation.marks(batch)
    wanted = phase, sample, layer, neuron, term
    simulation.seek((batch, next(number for number in range(1, marks.count + 1) if marks.at(number)[:5] == wanted)))
    return simulation.frame


def grids(frame: Frame, selected: NeuronTarget | EdgeTarget | None = None, digits: int | None = 3) -> dict[str, Grid]:
    return {grid.symbol.plain: grid for equation in matrices(frame, selected, digits).equations for grid in equation.grids}


def known(grid: Grid) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    rows, columns = grid.shape
    return np.array([[grid.is_known(row, column) for column in range(columns)] for row in range(rows)])


def test_before_the_first_step_only_parameters_are_known() -> None:
    shown = grids(Simulation(example("ring").experiment).frame)
    assert known(shown["Wᵀ"]).all() and known(shown["b"]).all()
    for name in "ZXA":
        assert not known(shown[name]).any()
        assert shown[name].text(0, 0) == "?" and shown[name].value(0, 0) is None


def test_a_forward_pass_shows_earlier_samples_whole_and_this_one_up_to_the_neuron_at_work(ring: Simulation) -> None:
    frame = go(ring, "forward", 3, 1, 0, None)
    shown = grids(frame)
    assert frame.trace is not None
    expected = np.zeros((2, 10), bool)
    expected[:, :3] = True
    expected[0, 3] = True
    for name, values in (("Z", frame.trace.sums[1]), ("A", frame.trace.outputs[1])):
        assert (known(shown[name]) == expected).all()
        assert shown[name].value(0, 3) == values[0, 3] and shown[name].value(1, 3) is None
    assert (known(shown["X"]) == (np.arange(10) < 4)).all()
    assert known(grids(go(ring, "forward", 3, 0, 1, 0))["X"]).all(), "the data of the batch are there from its beginning"


def test_the_row_times_the_column_at_work_is_marked_and_makes_the_cell(ring: Simulation) -> None:
    frame = go(ring, "forward", 3, 1, 1, 2)
    equation = matrices(frame).equations[0]
    z, weights, entering, bias = equation.grids
    assert equation.working and not matrices(frame).equations[1].working
    assert [equation.marks(grid) for grid in (z, weights, entering, bias)] == [
        Marks(cell=(1, 3)), Marks(row=1, cell=(1, 2)), Marks(column=3, cell=(2, 3)), Marks(row=1, cell=(1, 0))]
    assert z.text(1, 3) == "?", "its sum is not done"
    done = go(ring, "forward", 3, 1, 1, None)
    z, weights, entering, bias = matrices(done).equations[0].grids
    value = z.value(1, 3)
    assert value == pytest.approx(weights.values[1] @ entering.values[:, 3] + bias.values[1, 0])
    assert not matrices(done).equations[0].working and matrices(done).equations[1].working


def test_cells_lead_to_their_neurons_and_edges(ring: Simulation) -> None:
    shown = grids(go(ring, "forward", 0, 1, 0, None))
    assert shown["Z"].target(1, 4) == NeuronTarget(1, 1)
    assert shown["Wᵀ"].target(1, 2) == EdgeTarget(1, 2, 1)
    assert shown["b"].target(1, 0) == EdgeTarget(1, 3, 1)
    assert shown["X"].target(2, 5) == NeuronTarget(0, 2)
    back = grids(go(ring, "backward", 0, 1, 0, None))
    assert back["W of L3"].target(1, 0) == EdgeTarget(2, 1, 0)
    assert back["δ of L3"].target(0, 0) == NeuronTarget(2, 0)
    assert back["∂L/∂W"].target(3, 1) == EdgeTarget(1, 3, 1)
    assert back["X"].target(3, 0) is None, "the input that is always 1 is not on the diagram"


def test_hidden_deltas_are_the_matrix_product_of_what_is_shown(ring: Simulation) -> None:
    shown = grids(go(ring, "backward", 2, 1, 1, 0))
    product = shown["W of L3"].values @ shown["δ of L3"].values * shown["f′(Z)"].values
    np.testing.assert_allclose(shown["δ"].values, product, rtol=1e-12)
    assert known(shown["δ"]).sum() == 2 * 2 + 2
    assert known(shown["δ of L3"]).sum() == 3


def test_the_transposed_deltas_are_known_sample_by_sample(ring: Simulation) -> None:
    shown = grids(go(ring, "backward", 2, 1, 0, 0))
    assert (known(shown["δᵀ"]) == known(shown["δ"]).T).all()
    assert known(shown["δᵀ"])[:3].tolist() == [[True, True], [True, True], [True, False]]


@pytest.mark.parametrize("sample", [0, 4, 9])
def test_gradients_so_far_are_the_captions_very_numbers(ring: Simulation, sample: int) -> None:
    frame = go(ring, "backward", sample, 1, 1, 1)
    gradient = grids(frame)["∂L/∂W"]
    terms = caption(frame, None, None).terms
    assert terms is not None
    totals = [row.total.value for row in terms.rows if row.total is not None]
    assert [gradient.value(row, 1) for row in range(4)] == totals
    assert totals[2:] == [None, None] and None not in [gradient.value(row, 0) for row in range(4)]


def test_gradients_are_not_known_where_this_sample_has_not_come_although_earlier_ones_did(ring: Simulation) -> None:
    frame = go(ring, "backward", 5, 2, 0, None)
    assert not known(grids(frame, NeuronTarget(0, 1))["∂L/∂W"]).any()


def test_an_update_shows_new_parameters_neuron_by_neuron(ring: Simulation) -> None:
    frame = go(ring, "update", None, 1, 1, 1)
    assert frame.trace is not None
    shown = grids(frame)
    assert known(shown["W new"]).T.ravel().sum() == 6
    assert (known(shown["W new"]) == [[True, True], [True, True], [True, False], [True, False]]).all()
    assert known(shown["W old"]).all() and known(shown["G"]).all()
    assert shown["W new"].value(1, 1) == frame.weights[1][1, 1]
    np.testing.assert_allclose(shown["W new"].values, shown["W old"].values - shown["S"].values, rtol=0, atol=1e-15)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizers_step_takes_the_old_parameters_to_the_new(optimizer: str) -> None:
    layers = (Layer(width=1, activation="step"),) if optimizer == "perceptron" else (Layer(width=3), Layer(width=1))
    penalty = 0 if optimizer == "perceptron" else 0.01
    simulation = Simulation(Experiment(layers=layers, learning=Learning(optimizer=optimizer, l2=penalty)))
    simulation.step("batch", 3)
    frame = simulation.frame
    shown = grids(frame, NeuronTarget(0, 0))
    kept = 1 - frame.trace.rate * frame.experiment.learning.setting("weight_decay") if frame.trace and optimizer == "adamw" else 1
    np.testing.assert_allclose(shown["W new"].values, kept * shown["W old"].values - shown["S"].values, rtol=0, atol=1e-14)
    for grid in shown.values():
        assert grid.sentence(0, 0)
    for name in OPTIMIZERS[optimizer].memory:
        assert frame.trace is not None
        assert any((grid.values == frame.network.layers(frame.trace.memory_after[name])[0]).all() for grid in shown.values())


def test_a_frozen_neuron_takes_no_step_whatever_its_velocity() -> None:
    learning = Learning(optimizer="momentum")
    simulation = Simulation(Experiment(layers=(Layer(width=3), Layer(width=1)), learning=learning))
    simulation.step("batch", 3)
    simulation.tune(Learning(optimizer="momentum", frozen=((0, 1),)))
    simulation.step("batch")
    shown = grids(simulation.frame, NeuronTarget(0, 1))
    assert (shown["V"].values[:, 1] != 0).all()
    assert (shown["S"].values[:, 1] == 0).all() and (shown["S"].values[:, 0] != 0).all()
    assert (shown["W new"].values[:, 1] == shown["W old"].values[:, 1]).all()


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
def test_adams_averages_tell_how_they_were_made(optimizer: str) -> None:
    simulation = Simulation(Experiment(learning=Learning(optimizer=optimizer)))
    simulation.step("batch", 2)
    shown = grids(simulation.frame)
    assert shown["M"].arithmetic(0, 0).startswith("0.9 × ") and shown["Q"].arithmetic(0, 0).startswith("0.999 × ")


@pytest.mark.parametrize(("layers", "loss", "names"), [
    ((Layer(width=3), Layer(width=1, activation="sigmoid")), "bce", {"δ", "A", "Y"}),
    ((Layer(width=3), Layer(width=1, activation="tanh")), "mse", {"δ", "∂L/∂A", "f′(Z)"}),
])
def test_output_deltas_come_from_the_loss(layers: tuple[Layer, ...], loss: str, names: set[str]) -> None:
    simulation = Simulation(Experiment(layers=layers, learning=Learning(loss=loss)))
    frame = go(simulation, "backward", 1, 1, 0, None)
    first = matrices(frame).equations[0]
    assert {grid.symbol.plain for grid in first.grids} == names
    value = first.grids[0].values
    if loss == "bce":
        np.testing.assert_allclose(value, (first.grids[1].values - first.grids[2].values) / 10)
    else:
        np.testing.assert_allclose(value, first.grids[1].values * first.grids[2].values)


def test_a_softmax_couples_the_output_deltas() -> None:
    experiment = example("iris").experiment
    simulation = Simulation(experiment.replace(learning=Learning(loss="mse")))
    delta, outputs, arriving = matrices(go(simulation, "backward", 1, 1, 2, None)).equations[0].grids
    a, g = outputs.values, arriving.values
    np.testing.assert_allclose(delta.values, a * (g - (a * g).sum(axis=0)))
    assert "(" in delta.arithmetic(2, 1)


def test_the_perceptron_rule_is_told_without_gradients() -> None:
    simulation = Simulation(example("perceptron").experiment)
    frame = go(simulation, "backward", 0, 0, 0, 1)
    picture, shown = matrices(frame), grids(frame)
    assert "gradient" not in picture.title + picture.sentence
    assert "∂L/∂W" not in shown and shown["δ"].meaning == "errors"
    np.testing.assert_array_equal(shown["δ"].values, shown["A"].values - shown["Y"].values)


def test_dropouts_mask_stands_in_both_passes() -> None:
    learning = Learning(dropout=0.5)
    simulation = Simulation(Experiment(layers=(Layer(width=4), Layer(width=1, activation="sigmoid")), learning=learning))
    shown = grids(go(simulation, "forward", 2, 0, 3, None))
    np.testing.assert_array_equal(shown["A′"].values, shown["A"].values * shown["M"].values)
    assert known(shown["A′"]).sum() == known(shown["A"]).sum() == 12
    back = grids(go(simulation, "backward", 2, 0, 3, None))
    product = back["W of L2"].values @ back["δ of L2"].values * back["M"].values * back["f′(Z)"].values
    np.testing.assert_allclose(back["δ"].values, product)


def test_the_loss_has_its_mean_only_after_the_last_sample(ring: Simulation) -> None:
    early = matrices(go(ring, "loss", 8, None, None, None))
    assert early.equations[1].parts == ("<i>L</i> = mean of <i>ℓ</i> = ?",)
    assert known(early.equations[0].grids[0]).sum() == 9
    late = go(ring, "loss", 9, None, None, None)
    assert late.trace is not None
    losses = matrices(late).equations[0].grids[0]
    assert known(losses).all() and losses.values.mean() == pytest.approx(late.trace.loss)
    assert "?" not in str(matrices(late).equations[1].parts)


def test_a_chosen_neuron_takes_the_sheet_to_its_layer_and_itself(ring: Simulation) -> None:
    frame = go(ring, "forward", 3, 1, 0, None)
    picture = matrices(frame, NeuronTarget(0, 2))
    assert picture.layer == 0 and not any(equation.working for equation in picture.equations)
    assert picture.equations[0].marks(picture.equations[0].grids[0]) == Marks(cell=(2, 3))


def test_a_sentence_has_the_arithmetic_and_every_digit(ring: Simulation) -> None:
    frame = go(ring, "forward", 0, 2, 0, None)
    z = grids(frame)["Z"]
    value = z.value(0, 0)
    assert value is not None
    words = z.sentence(0, 0)
    assert words.startswith("Z, L3·1, sample 1 = ") and words.count("·") >= 3
    assert words.endswith("exactly " + repr(value).replace("-", "−"))
    assert z.sentence(0, 1) == "Z, L3·1, sample 2: not known yet"


def test_long_sums_name_the_first_and_the_last_terms() -> None:
    simulation = Simulation(example("digits").experiment)
    words = grids(go(simulation, "forward", 0, 0, 0, None))["Z"].sentence(0, 0)
    assert "… 58 more …" in words


def test_a_large_layer_is_made_into_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = Simulation(example("digits").experiment)
    frame = go(simulation, "forward", 0, 0, 0, None)

    def never(*_: object) -> str:
        raise AssertionError("a cell became text that nobody looked at")

    monkeypatch.setattr("nnsim.picture.numbers.fixed", never)
    assert matrices(frame).equations[0].grids[1].shape == (32, 64)


def test_marks_of_a_focus_are_rows_columns_or_cells() -> None:
    focus = Focus({"neuron": 1, "sample": 3}, {"input": 2})
    assert focus.marks("neuron", "sample") == Marks(cell=(1, 3))
    assert focus.marks("input", "sample") == Marks(column=3, cell=(2, 3))
    assert focus.marks("neuron", "next") == Marks(row=1)
    assert Focus().marks("neuron", "sample") == Marks()


def test_copies_have_every_digit_and_no_number_that_is_not_known(ring: Simulation) -> None:
    z = grids(go(ring, "forward", 3, 1, 0, None))["Z"]
    lines = [line.split("\t") for line in tabbed(z).split("\n")]
    assert [len(line) for line in lines] == [10, 10]
    assert float(lines[0][3]) == z.value(0, 3) and lines[1][3] == "?"
    array = eval(numpy_array(z), {"np": np})  # noqa: S307
    assert array.shape == (2, 10) and array[0, 3] == z.value(0, 3) and np.isnan(array[1, 3:]).all()
    text = latex(z)
    assert text.startswith("Z = \\begin{pmatrix}\n") and text.endswith("\n\\end{pmatrix}")
    assert text.count("&") == 18 and text.count("\\\\") == 1 and "−" not in text


def test_latex_of_many_columns_widens_amsmaths_matrix() -> None:
    simulation = Simulation(example("digits").experiment)
    weights = grids(go(simulation, "forward", 0, 0, 0, None))["Wᵀ"]
    assert latex(weights).startswith("\\setcounter{MaxMatrixCols}{64}\nW^\\top = ")


def test_a_grid_with_a_row_for_the_bias_counts_it_apart_from_the_inputs() -> None:
    simulation = Simulation(example("xor").experiment)
    simulation.step("batch")
    shapes = {symbol: grid.shape_text for symbol, grid in grids(simulation.frame).items()}
    assert shapes["W new"] == shapes["G"] == "4 inputs + bias × 1 neuron"
    simulation.step("layer")
    assert grids(simulation.frame)["X"].shape_text == "2 inputs × 4 samples"
