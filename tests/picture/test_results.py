"""Results that fit the task: figures beside a baseline, worst rows, errors; and what they come to in a sentence."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.activations import Array
from nnsim.engine.data import load_dataset
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.results import Results, results


def frame_of(name: str, epochs: int = 1) -> Frame:
    simulation = Simulation(example(name).experiment)
    simulation.run(epochs=epochs)
    return simulation.look(Wants(predictions=True))


def of(frame: Frame) -> Results:
    found = results(frame)
    assert found is not None
    return found


def said(name: str, outputs: Array, loss: str = "mse") -> Frame:
    """A frame whose network says these ``outputs`` (rows, outputs) of the data set's rows."""
    width = outputs.shape[1]
    data = Data(source=name, samples=10, test_share=0.4)
    layers = (Layer(width=width, activation="softmax" if width == 3 else "identity"),)
    frame = Simulation(Experiment(data=data, layers=layers, learning=Learning(loss=loss))).look(Wants(predictions=True))
    return replace(frame, train_outputs=outputs[frame.dataset.train], test_outputs=outputs[frame.dataset.test])


def test_a_frame_without_predictions_has_no_results() -> None:
    assert results(Simulation(example("xor").experiment).frame) is None


@pytest.mark.parametrize("name", ["iris", "digits", "ring", "breast-cancer", "perceptron"])
def test_accuracy_is_the_frame_s_own_on_both_parts(name: str) -> None:
    frame = frame_of(name, 2)
    found = of(frame)
    assert frame.test is not None and found.test is not None
    assert found.train.accuracy == pytest.approx(frame.train.metric)
    assert found.test.accuracy == pytest.approx(frame.test.metric)
    assert sum(each.rows for each in found.test.classes) == found.test.rows == len(frame.dataset.test)


@pytest.mark.parametrize("name", ["plane", "bump", "textbook-2-2-2"])
def test_r2_is_the_frame_s_own(name: str) -> None:
    frame = frame_of(name, 2)
    found = of(frame)
    assert found.train.numbers is not None
    assert found.train.numbers.r2 == pytest.approx(frame.train.metric, nan_ok=True)


def test_the_commonest_class_of_the_training_rows_is_the_baseline() -> None:
    dataset = load_dataset(Data(source="breast-cancer"))
    outputs = np.where(dataset.targets > 0.5, 1.0, 0.0)
    found = of(said("breast-cancer", outputs))
    assert found.baseline.class_number == 0 and not found.baseline.is_tied
    benign = 357 / 569
    assert found.baseline.figures.accuracy == pytest.approx(benign, abs=0.003)
    assert found.lines[0].name == "accuracy"
    assert (found.lines[0].train, found.lines[0].test) == ("100 %", "100 %")
    assert found.sentence == (f"228 of 228 test rows are right: 100 %. Always saying “benign”, the commonest class, would get "
                              f"{numbers.percent(found.baseline.figures.accuracy)}.")


def test_a_network_that_is_no_better_than_the_baseline_is_said_so() -> None:
    outputs = np.zeros_like(load_dataset(Data(source="breast-cancer")).targets)
    found = of(said("breast-cancer", outputs))
    assert found.test is not None and found.test.accuracy == found.baseline.figures.accuracy
    assert found.sentence.endswith("The network is no better than that.")


def test_the_mean_of_the_training_rows_is_the_baseline_of_numbers() -> None:
    data = Data(source="plane", samples=10, test_share=0.4)
    dataset = load_dataset(data)
    found = of(said("plane", dataset.targets + 0.25))
    mean = dataset.targets[dataset.train].mean()
    assert found.baseline.mean == pytest.approx(mean)
    assert found.baseline.figures.numbers is not None and found.test is not None and found.test.numbers is not None
    off = np.abs(dataset.targets[dataset.test] - mean).mean()
    assert found.baseline.figures.numbers.mean_absolute == pytest.approx(off)
    assert found.test.numbers.mean_absolute == pytest.approx(0.25)
    assert found.test.numbers.mean == pytest.approx(0.25)
    assert [line.name for line in found.lines] == ["R²", "RMS error", "mean |error|", "mean error", "loss", "rows"]
    assert [(line.train, line.test) for line in found.lines[1:4]] == [("0.250", "0.250"), ("0.250", "0.250"), ("+0.25", "+0.25")]
    assert f"be off by {numbers.significant(off, signed=False)}" in found.sentence
    assert "predictions of y are off by 0.250 on average" in found.sentence


def test_without_test_rows_the_training_rows_are_judged() -> None:
    found = of(frame_of("xor", 5))
    assert found.test is None and found.judged is found.train
    assert {line.test for line in found.lines} == {"–"}
    assert "training rows" in found.sentence


def test_each_class_has_its_figures_in_words() -> None:
    found = of(frame_of("iris", 30))
    lines = found.class_lines()
    assert [line[0] for line in lines] == ["setosa", "versicolor", "virginica"]
    precision = found.judged.classes[1].precision
    assert lines[1][1] == numbers.percent(precision)
    assert found.class_lines(found.train)[0][4] == "40"


def test_the_worst_rows_are_those_of_the_greatest_own_loss() -> None:
    found = of(frame_of("digits", 3))
    worst = found.worst(5)
    losses = [each.loss for each in worst]
    assert losses == sorted(found.predictions.own_losses.tolist(), reverse=True)[:5]
    first = worst[0]
    dataset = found.predictions.dataset
    assert first.target == dataset.target_names[int(dataset.targets[first.row].argmax())]
    assert first.is_wrong == (first.target != first.prediction)
    assert first.words == (numbers.whole(first.row + 1), first.target, first.prediction, numbers.loss(first.loss), first.part)


def test_residuals_are_prediction_minus_target_beside_the_prediction() -> None:
    data = load_dataset(Data(source="plane", samples=10, test_share=0.4))
    residuals = of(said("plane", data.targets + np.arange(10)[:, np.newaxis])).residuals()
    assert residuals is not None
    assert residuals.errors == pytest.approx(np.arange(10.0))
    assert residuals.rows.tolist() == list(range(10))
    assert sorted(residuals.rows[residuals.is_test].tolist()) == data.test.tolist()


def test_many_residuals_are_an_even_choice() -> None:
    residuals = of(frame_of("plane")).residuals(most=100)
    assert residuals is not None
    assert residuals.rows.tolist() == list(range(0, 350, 4))


def test_classes_have_no_residuals() -> None:
    assert of(frame_of("iris")).residuals() is None


@pytest.mark.parametrize("name", ["plane", "breast-cancer"])
def test_outputs_that_are_not_finite_are_not_judged(name: str) -> None:
    outputs = np.zeros_like(load_dataset(Data(source=name, samples=10, test_share=0.4)).targets)
    outputs[:] = np.nan
    found = of(said(name, outputs))
    assert "not finite" in found.sentence
    assert found.lines[0].test == "–"
    assert len(found.worst(3)) == 3
