"""The table of predictions: a line a row in the user's own words, in the order that somebody wants."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.tables import Table, numbers_column, words_column
from nnsim.core.texts import Text
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, Experiment, Layer, Learning, TableUse, WordsUse
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.materials import keep
from nnsim.engine.proposal import propose
from nnsim.engine.simulation import Simulation
from nnsim.picture.answer_columns import answer_columns
from nnsim.picture.predictions import Predictions, number_text


def frame_of(experiment: Experiment, epochs: int = 1) -> Frame:
    simulation = Simulation(experiment)
    simulation.run(epochs=epochs)
    return simulation.look(Wants(predictions=True))


def table_of(name: str, epochs: int = 1) -> Predictions:
    return Predictions(frame_of(example(name).experiment, epochs))


def test_every_row_of_the_data_stands_there_once_in_its_order_with_its_own_outputs() -> None:
    table = table_of("iris")
    frame = table.frame
    assert frame.train_outputs is not None and frame.test_outputs is not None
    assert table.rows.tolist() == list(range(150))
    for place in (0, 77, 149):
        is_test = place in frame.dataset.test
        part, outputs = (frame.dataset.test, frame.test_outputs) if is_test else (frame.dataset.train, frame.train_outputs)
        assert is_test == table.is_test[place]
        assert np.array_equal(table.outputs[place], outputs[part.tolist().index(place)])


def test_a_line_of_classes_has_inputs_target_prediction_and_how_sure_it_is() -> None:
    table = table_of("iris", 20)
    assert table.names == ("row", "part", "sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)",
                           "target", "prediction", "right", "probability", "P(setosa)", "P(versicolor)", "P(virginica)", "own loss")
    values = table.values(0)
    shares = table.outputs[0].tolist()
    assert values[:9] == (1, table.part(0), 5.1, 3.5, 1.4, 0.2, "setosa", "setosa", "right")
    assert values[9:13] == (max(shares), *shares)
    assert values[13] == pytest.approx(-np.log(shares[0]))
    assert table.cells(0)[:6] == ("1", table.part(0), "5.1", "3.5", "1.4", "0.2")


def test_a_line_of_numbers_has_the_error_instead() -> None:
    table = table_of("plane", 5)
    assert table.names == ("row", "part", "x₁", "x₂", "target: y", "prediction: y", "error: y", "own loss")
    target, prediction, error, own = table.values(3)[4:]
    assert error == float(prediction) - float(target)
    assert own == pytest.approx(float(error) ** 2)
    assert table.wrong is None
    assert len(table.order(only_wrong=True)) == len(table)


def test_two_classes_of_one_output_have_the_probability_of_each() -> None:
    table = table_of("ring", 3)
    columns = dict(zip(table.names, table.values(5), strict=True))
    output = float(table.outputs[5, 0])
    assert columns["P(disc)"] == output
    assert columns["P(ring)"] == 1 - output
    assert columns["probability"] == max(output, 1 - output)
    assert columns["prediction"] == ("disc" if output >= 0.5 else "ring")


@pytest.mark.parametrize(("activation", "loss", "names"), [
    ("tanh", "hinge", ("prediction", "output")), ("identity", "bce-logits", ("prediction", "P(ring)", "P(disc)")),
    ("step", "mse", ("prediction", "output"))])
def test_only_probabilities_are_called_so(activation: str, loss: str, names: tuple[str, ...]) -> None:
    dataset = frame_of(example("ring").experiment).dataset
    assert tuple(column.name for column in answer_columns(dataset, activation, loss).told) == names


def test_logits_become_the_probabilities_that_they_stand_for() -> None:
    dataset = frame_of(example("ring").experiment).dataset
    columns = answer_columns(dataset, "identity", "bce-logits")
    assert columns.tell(np.array([0.0])) == ("disc", 0.5, 0.5)
    said, *shares = columns.tell(np.array([-2.0]))
    assert said == "ring"
    assert shares == pytest.approx([0.880797, 0.119203], rel=1e-5)


def test_pictures_and_words_are_not_told_by_their_inputs() -> None:
    digits = table_of("digits")
    assert digits.names[2] == "inputs"
    assert digits.values(0)[2] == "picture"
    text = Text("made for a test", "the cat sat on the mat . the dog sat on the rug . " * 4)
    data = Data(source="text", material=keep(text), words=WordsUse(vocabulary=5, context=2))
    words = Predictions(frame_of(propose(data)))
    assert words.names[2] == "words"
    # the five most frequent words are known: the . sat on cat
    assert [words.values(place)[2] for place in range(3)] == ["the cat", "cat sat", "sat on"]
    assert words.values(0)[3] == "sat"


def test_more_than_twenty_classes_have_only_the_probability_of_the_prediction() -> None:
    table = table_of("next-word")
    assert table.names == ("row", "part", "words", "target", "prediction", "right", "probability", "own loss")
    assert len(table.values(0)) == 8


def test_a_table_s_categories_are_told_by_their_names_again() -> None:
    columns = (words_column("colour", ["red", "blue", "green", "", "red", "red"]),
               words_column("wet", ["no", "yes", "", "no", "yes", "no"]),
               numbers_column("zone", np.array([10.0, 20, 10, 30, 30, 10])), numbers_column("age", np.array([1.0, 2, 3, 4, 5, 6])),
               numbers_column("price (EUR)", np.array([1.5, 2, 3, 4, 5, 6])))
    use = TableUse(target="price (EUR)", inputs=("colour", "wet", "zone", "age"), missing="mean", categories=("zone",))
    data = Data(source="table", material=keep(Table("made for a test", columns)), table=use, test_share=0)
    table = Predictions(frame_of(propose(data)))
    assert table.names[2:7] == ("colour", "wet", "zone", "age", "target: price (EUR)")
    assert [table.values(place)[2:7] for place in range(4)] == [
        ("red", "no", "10", 1.0, 1.5), ("blue", "yes", "20", 2.0, 2.0), ("green", "missing", "10", 3.0, 3.0),
        ("missing", "no", "30", 4.0, 4.0)]


def test_sorted_by_own_loss_the_worst_come_first_and_only_the_wrong_are_left() -> None:
    table = table_of("iris", 10)
    order = table.order("own loss", descending=True)
    losses = table.own_losses[order]
    assert (np.diff(losses) <= 0).all() and len(order) == 150
    assert table.order("own loss").tolist() == np.argsort(table.own_losses, kind="stable").tolist()
    wrong = table.order(only_wrong=True).tolist()
    assert wrong == [place for place in range(150) if table.values(place)[8] == "wrong"] != []
    assert table.order("row", descending=True).tolist() == list(range(149, -1, -1))


def test_what_is_no_number_is_worse_than_any() -> None:
    frame = frame_of(example("plane").experiment)
    assert frame.train_outputs is not None
    outputs = frame.train_outputs.copy()
    outputs[7] = np.nan
    table = Predictions(replace(frame, train_outputs=outputs))
    assert table.rows[table.order("own loss", descending=True)[0]] == frame.dataset.train[7]


def test_single_precision_outputs_are_told_as_numbers() -> None:
    experiment = Experiment(data=Data(source="plane", samples=40), precision="float32", learning=Learning(rate=0.01),
                            layers=(Layer(width=1, activation="identity"),))
    assert all(isinstance(value, int | float) for value in Predictions(frame_of(experiment)).values(0)[2:])


def test_short_numbers_stand_as_in_the_data_and_long_ones_are_rounded() -> None:
    assert [number_text(value) for value in (5.1, -3.0, 1997.25, 0.123456789)] == ["5.1", "−3", "1997.25", "0.1235"]


def test_a_frame_without_predictions_is_refused() -> None:
    with pytest.raises(ValueError, match="no predictions"):
        Predictions(Simulation(example("xor").experiment).frame)
