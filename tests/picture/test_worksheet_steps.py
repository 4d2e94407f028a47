"""A batch's steps for paper: each can be worked out with a pencil from the numbers that stand in it."""

import ast
import math
import operator
import re
from typing import Any

import pytest

from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.examples import example
from nnsim.engine.experiment import Experiment, Layer, Learning
from nnsim.engine.simulation import Simulation
from nnsim.picture.caption_place import MOST_ROWS
from nnsim.picture.protocol_line import Row
from nnsim.picture.worksheet_steps import WorksheetSteps, layers_within

FUNCTIONS: dict[str, Any] = {
    "σ": lambda z: 1 / (1 + math.exp(-z)), "max": max, "min": min, "tanh": math.tanh, "ln": math.log, "e": math.e,
    "root": math.sqrt, "sign": lambda w: (w > 0) - (w < 0)}
OPERATORS: dict[type, Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: operator.pow}


def simulation(layers: tuple[Layer, ...] = (), **learning: object) -> Simulation:
    chosen = layers or (Layer(width=4, activation="relu"), Layer(width=1, activation="sigmoid"))
    made = Simulation(Experiment(data=example("xor").experiment.data, layers=chosen, batch_size=4, seed=3,
                                 learning=Learning.model_validate({"rate": 0.5, **learning})))
    made.run(batches=1)
    return made


def worked(row: Row) -> float:
    """What a pupil gets from the numbers of a row."""
    text = row.given.removeprefix("mean of ").partition(", as ")[0]
    for sign, plain in {"−": "-", "·": "*", "×": "*", "²": "**2", "√": "root", "^": "**"}.items():
        text = text.replace(sign, plain)
    text = re.sub(r"^\*\*|(?<=[*/(])\s*\+", "", text)
    text = re.sub(r"root(\d[\d.]*)", r"root(\1)", text)
    text = re.sub(r"ln (\d[\d.]*)", r"ln(\1)", text)
    parts = ast.parse(text.strip(), mode="eval").body
    values = [value_of(part) for part in (parts.elts if isinstance(parts, ast.Tuple) else [parts])]
    return sum(values) / len(values)


def value_of(part: ast.expr) -> float:
    """A piece of arithmetic."""
    match part:
        case ast.Constant(value):
            return float(str(value))
        case ast.Name(name):
            return float(FUNCTIONS[name])
        case ast.UnaryOp(sign, operand):
            return -value_of(operand) if isinstance(sign, ast.USub) else value_of(operand)
        case ast.BinOp(left, sign, right):
            return float(OPERATORS[type(sign)](value_of(left), value_of(right)))
        case ast.Call(ast.Name(name), arguments):
            return float(FUNCTIONS[name](*map(value_of, arguments)))
    raise AssertionError(ast.dump(part))


def assert_all_can_be_worked_out(steps: WorksheetSteps) -> None:
    for row in steps:
        assert row.given and "…" not in row.given, row
        assert row.value is not None
        # operands have three decimals or three digits
        assert worked(row) == pytest.approx(row.value, rel=0.02, abs=0.006), row


@pytest.mark.parametrize("name", ["textbook-2-2-2", "xor"])
def test_every_step_of_an_example_can_be_worked_out_from_its_own_numbers(name: str) -> None:
    made = Simulation(example(name).experiment)
    made.run(batches=1)
    assert_all_can_be_worked_out(WorksheetSteps(made.frame))


@pytest.mark.parametrize("learning", [{}, {"l1": 0.01, "l2": 0.02}, {"dropout": 0.4}, {"optimizer": "momentum"},
                                      {"loss": "bce"}, {"clip_norm": 0.01}])
def test_every_step_can_be_worked_out_however_the_network_learns(learning: dict[str, object]) -> None:
    made = simulation((), **learning)
    made.run(batches=1)
    steps = [row for row in WorksheetSteps(made.frame) if "norm" not in row.what and "length" not in row.what]
    for row in steps:
        assert row.given and "…" not in row.given, row
        assert worked(row) == pytest.approx(row.value or 0.0, rel=0.02, abs=0.006), row


def test_every_parameter_has_its_gradient_its_step_and_its_new_value() -> None:
    frame = simulation().frame
    trace = frame.trace
    assert trace is not None
    update = [row for row in WorksheetSteps(frame) if row.phase == "update"]
    gradients = [row for row in update if "∂L/∂" in row.what]
    assert sorted(row.value or 0.0 for row in gradients) == sorted(trace.gradient.tolist())
    assert sorted(row.value or 0.0 for row in update if "new" in row.what) == sorted(trace.after.tolist())
    assert len(update) == 3 * 17
    first, step, new = update[:3]
    old = float(trace.before[0])
    assert first.what == "g = ∂L/∂W[1,1] = Σ x·δ over the samples" and first.given.count("·") == 4
    assert step.given.startswith("0.5 × ") and f"{abs(old):.4f}" in new.given


@pytest.mark.parametrize("layers", [
    (Layer(width=3, activation="tanh"), Layer(width=2, activation="relu"), Layer(width=1, activation="sigmoid")),
    (Layer(width=1, activation="identity"),)])
@pytest.mark.parametrize("optimizer", [name for name in OPTIMIZERS if name != "perceptron"])
def test_steps_are_counted_without_being_written(layers: tuple[Layer, ...], optimizer: str) -> None:
    last = len(layers) - 1
    frame = simulation(layers=layers, optimizer=optimizer, l1=0.01, l2=0.01, clip_norm=0.05, dropout=0.2 if last else 0,
                       frozen=((last, 0),), cut=((0, 1, 0),)).frame
    whole = [row.number for row in WorksheetSteps(frame)]
    assert whole == list(range(1, len(WorksheetSteps(frame)) + 1))
    for layer in range(len(layers)):
        assert len(list(WorksheetSteps(frame, layer))) == len(WorksheetSteps(frame, layer))


def test_a_softmax_is_worked_out_after_all_of_its_sums() -> None:
    made = Simulation(example("iris").experiment)
    made.run(batches=1)
    rows = [row for row in WorksheetSteps(made.frame, 1) if row.place.startswith("sample 1, L2") and row.phase == "forward"]
    assert [row.what[0] for row in rows] == ["z", "z", "z", "a", "a", "a"]
    assert all(worked(row) == pytest.approx(row.value, abs=0.005) for row in rows)
    assert sum(row.value or 0 for row in rows[3:]) == pytest.approx(1)


def test_rounded_results_are_marked_and_exact_ones_are_not() -> None:
    frame = simulation().frame
    for row in WorksheetSteps(frame):
        exact = float(row.result.text.replace("−", "-").replace("×10⁻⁶", "e-6").replace("×10⁻⁷", "e-7")) == row.value
        assert row.relation == ("=" if exact else "≈")
    assert {row.relation for row in WorksheetSteps(frame)} == {"=", "≈"}


def test_a_single_layer_says_what_is_left_out_and_why() -> None:
    made = Simulation(example("digits").experiment)
    made.run(batches=1)
    whole, one = WorksheetSteps(made.frame), WorksheetSteps(made.frame, 1)
    assert layers_within(made.frame, len(one)) == [1, 2] and not layers_within(made.frame, 100)
    assert {row.place.split(", ")[1] for row in one if row.phase == "forward"} == {"L2"}
    left_out = one.facts[-1]
    assert "Left out: L1" in left_out and f"{len(whole):,} steps" in left_out


def test_without_a_batch_there_are_no_steps() -> None:
    assert len(WorksheetSteps(Simulation(example("xor").experiment).frame)) == 0


def test_a_mean_over_many_outputs_is_worked_out_from_all_of_them_and_a_softmax_under_it_too() -> None:
    iris = example("iris").experiment
    made = Simulation(iris.replace(learning=Learning(loss="mse", rate=0.1)))
    made.run(batches=1)
    steps = WorksheetSteps(made.frame)
    assert next(row for row in steps if row.phase == "loss").given.count("²") == 3
    assert_all_can_be_worked_out(steps)


def test_a_loss_of_more_outputs_than_a_panel_lists_is_written_to_the_last() -> None:
    words = example("next-word").experiment
    made = Simulation(words.replace(learning=Learning(loss="mse", rate=0.1), batch_size=2))
    made.run(batches=1)
    outputs = made.network.widths[-1]
    assert outputs > MOST_ROWS
    losses = [row for row in WorksheetSteps(made.frame, 1) if row.phase == "loss" and row.place.startswith("sample")]
    assert [row.given.count("²") for row in losses] == [outputs] * 2 and not any("…" in row.given for row in losses)
    assert all(worked(row) == pytest.approx(row.value, rel=0.02) for row in losses)


def test_a_cross_entropy_is_that_of_the_samples_own_class_though_it_is_among_the_last_of_many() -> None:
    words = example("next-word").experiment
    made = Simulation(words.replace(batch_size=32))
    made.run(batches=1)
    trace = made.frame.trace
    assert trace is not None
    late = [sample for sample in range(trace.samples) if trace.targets[:, sample].argmax() >= MOST_ROWS]
    losses = [row for row in WorksheetSteps(made.frame, 1) if row.phase == "loss" and row.place.startswith("sample")]
    assert late and all(worked(losses[sample]) == pytest.approx(losses[sample].value, rel=0.02) for sample in late)
