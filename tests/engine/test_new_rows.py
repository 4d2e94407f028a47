"""New rows for a trained network: encoded as the training rows were, and refused by row and column where they cannot be."""

from typing import Any, Literal

import numpy as np
import pytest

from nnsim.core.activations import Array
from nnsim.core.tables import Table, numbers_column, words_column
from nnsim.engine import new_rows as new_rows_module
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data, ExperimentError, TableUse
from nnsim.engine.materials import keep
from nnsim.engine.new_rows import NewRows, NewRowsError, new_rows
from nnsim.engine.table_blocks import blocks

NAN = float("nan")


def table(**columns: list[Any]) -> Table:
    """A table; a list with a word in it is a column of words."""
    return Table("made for a test", tuple(
        words_column(name, cells) if any(isinstance(cell, str) for cell in cells) else numbers_column(name, np.array(cells, float))
        for name, cells in columns.items()))


TRAINING = table(age=[20.0, 30, 40, 50], colour=["red", "blue", "green", "blue"], wet=["no", "yes", "yes", "no"],
                 zone=[1.0, 2, 3, 1], price=[1.0, 2, 3, 4])


def data_of(missing: Literal["refuse", "drop", "mean"] = "refuse", training: Table = TRAINING,
            inputs: tuple[str, ...] = ("age", "colour", "wet", "zone"), features: tuple[str, ...] = ()) -> Data:
    use = TableUse(target="price", inputs=inputs, missing=missing, categories=("zone",))
    return Data(source="table", material=keep(training), table=use, test_share=0, features=features)


def fed(new: Table, data: Data | None = None) -> NewRows:
    data = data or data_of()
    return new_rows(new, data, load_dataset(data))


def test_the_training_table_itself_comes_out_as_it_went_in() -> None:
    data = data_of()
    found = fed(TRAINING, data)
    assert np.array_equal(found.inputs, load_dataset(data).inputs)
    assert found.complete.all()
    assert found.ignored == ("price",)


def test_columns_may_stand_in_any_order_and_further_ones_are_said() -> None:
    found = fed(table(note=["a", "b"], zone=[3.0, 1], wet=["yes", "no"], colour=["green", "red"], age=[33.0, 44]))
    #      age, red, blue, green, wet = yes, zone 1, 2, 3
    assert found.inputs.tolist() == [[33, 0, 0, 1, 1, 0, 0, 1], [44, 1, 0, 0, 0, 1, 0, 0]]
    assert found.ignored == ("note",)
    assert found.notes == ("column 'note' is no input and not used",)


def test_blocks_say_which_inputs_a_column_became() -> None:
    found = [(block.column.name, block.start, block.inputs, block.categories) for block in blocks(data_of())]
    assert found == [("age", 0, 1, None), ("colour", 1, 3, ("red", "blue", "green")), ("wet", 4, 1, ("no", "yes")),
                     ("zone", 5, 3, (1.0, 2.0, 3.0))]
    assert sum(inputs for *_, inputs, _ in found) == len(load_dataset(data_of()).input_names)


def test_codes_are_those_of_training_whatever_order_the_words_come_in() -> None:
    found = fed(table(age=[1.0, 1, 1], colour=["blue", "green", "blue"], wet=["yes", "yes", "no"], zone=[1.0, 1, 1]))
    assert found.inputs[:, 1:5].tolist() == [[0, 1, 0, 1], [0, 0, 1, 1], [0, 1, 0, 0]]


@pytest.mark.parametrize(("change", "sentence"), [
    ({"colour": ["red", "pink"]},
     "data row 2, column 'colour': the training rows have no 'pink' there, only 'red', 'blue', 'green'"),
    ({"zone": [1.0, 7]}, "data row 2, column 'zone': the training rows have no '7' there"),
    ({"zone": ["x", "y"]}, "data row 1, column 'zone': the training rows have no 'x' there"),
    ({"age": ["20", "old"]}, "data row 2, column 'age': 'old' is no number"),
    ({"wet": [1.0, 2]}, "data row 1, column 'wet': the training rows have no '1' there, only 'no', 'yes'"),
])
def test_what_training_did_not_have_is_refused_with_row_and_column(change: dict[str, list[Any]], sentence: str) -> None:
    cells: dict[str, list[Any]] = {"age": [20.0, 30], "colour": ["red", "blue"], "wet": ["no", "no"], "zone": [1.0, 2]}
    with pytest.raises(NewRowsError, match="data row") as refusal:
        fed(table(**{**cells, **change}))
    assert sentence in str(refusal.value)


def test_columns_that_are_missing_are_named() -> None:
    with pytest.raises(NewRowsError, match=r"columns 'age', 'zone' are missing: .* here are 'colour', 'wet'"):
        fed(table(colour=["red"], wet=["no"]))
    with pytest.raises(NewRowsError, match=r"column 'wet' is missing: the network was trained with it"):
        fed(table(age=[1.0], colour=["red"], zone=[1.0]))


def holes() -> Table:
    return table(age=[20.0, NAN, 30], colour=["red", "blue", ""], wet=["no", "no", "yes"], zone=[1.0, 2, 3])


def test_a_row_with_something_missing_gets_no_prediction() -> None:
    found = fed(holes())
    assert found.complete.tolist() == [True, False, False]
    assert (found.left_out, found.filled) == (2, 0)


def test_the_training_rows_mean_is_filled_in_where_training_did_so() -> None:
    found = fed(holes(), data_of("mean"))
    assert found.complete.all()
    assert found.filled == 2
    assert found.inputs[1, 0] == 35
    assert found.inputs[2, 1:4].tolist() == [0.25, 0.5, 0.25]
    assert "2 missing values are filled with the mean of the training rows" in found.notes


def test_a_column_that_is_wholly_missing_is_missing_everywhere_and_no_error() -> None:
    found = fed(table(age=[20.0, 30], colour=[NAN, NAN], wet=["no", "yes"], zone=[NAN, 1]))
    assert found.complete.tolist() == [False, False]


def test_a_word_that_is_a_number_is_known_as_the_number_too_unless_two_words_are_that_number() -> None:
    training = table(code=["1", "2", "a", "b"], price=[1.0, 2, 3, 4])
    data = data_of(training=training, inputs=("code",))
    assert fed(table(code=[2.0, 1]), data).inputs.tolist() == [[0, 1, 0, 0], [1, 0, 0, 0]]
    twice = data_of(training=table(code=["1", "01", "a", "b"], price=[1.0, 2, 3, 4]), inputs=("code",))
    with pytest.raises(NewRowsError, match="data row 1, column 'code'"):
        fed(table(code=[1.0]), twice)


def test_a_row_for_which_a_feature_is_no_number_gets_no_prediction() -> None:
    data = data_of(inputs=("age",), features=("sqrt(x1)",))
    assert fed(table(age=[4.0, -4]), data).complete.tolist() == [True, False]


def ring() -> tuple[Data, Array]:
    data = Data(source="ring", samples=20)
    return data, load_dataset(data).inputs


@pytest.mark.parametrize("names", [("x₁", "x₂"), ("x1", "x2")])
def test_data_that_came_with_nnsim_take_columns_by_the_inputs_names(names: tuple[str, str]) -> None:
    data, _ = ring()
    found = fed(Table("new", (words_column("note", ["a"]), numbers_column(names[1], np.array([2.0])),
                              numbers_column(names[0], np.array([1.0])))), data)
    assert found.inputs.tolist() == [[1, 2]]
    assert (found.in_order, found.ignored) == (False, ("note",))


def test_as_many_columns_as_inputs_are_taken_in_their_order_and_that_is_said() -> None:
    data, _ = ring()
    found = fed(table(left=[1.0], up=[2.0]), data)
    assert found.inputs.tolist() == [[1, 2]]
    assert found.in_order and "taken in their order" in found.notes[0]


def test_neither_names_nor_as_many_columns_are_refused() -> None:
    data, _ = ring()
    with pytest.raises(NewRowsError, match=r"columns 'x₁', 'x₂' are missing, and the table has 3 columns, not 2"):
        fed(table(a=[1.0], b=[2.0], c=[3.0]), data)


def test_words_are_no_table() -> None:
    data = Data(source="text")
    with pytest.raises(NewRowsError, match="reads words"):
        fed(table(a=[1.0]), data)


def test_no_rows_and_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data, _ = ring()
    with pytest.raises(NewRowsError, match="no row"):
        fed(table(x1=[], x2=[]), data)
    monkeypatch.setattr(new_rows_module, "MOST_NUMBERS", 10)
    with pytest.raises(NewRowsError, match="6 rows of 2 inputs are too many at once: predict 5 at a time"):
        fed(table(x1=[1.0] * 6, x2=[1.0] * 6), data)


def test_blocks_of_a_table_that_is_not_described_are_refused() -> None:
    with pytest.raises(ExperimentError, match="which column is the target"):
        blocks(Data(source="table", material=keep(TRAINING)))
