"""From a table's columns to inputs and targets: what is proposed, what is made, and what is refused with its column and row."""

import numpy as np
import pytest

from nnsim.core.losses import Task
from nnsim.core.tables import MOST_COLUMNS, Column, Table, numbers_column, words_column
from nnsim.engine.experiment import ExperimentError, TableUse
from nnsim.engine.table_rows import (
    MOST_CATEGORIES,
    MOST_CLASSES,
    infer,
    infer_task,
    left_out,
    numbers_in_a_row,
    table_rows,
)


def numbers(name: str, *values: float) -> Column:
    """A column of numbers."""
    return numbers_column(name, np.array(values))


def words(name: str, *cells: str) -> Column:
    """A column of words; empty cells are missing."""
    return words_column(name, list(cells))


NAN = float("nan")
PETS = Table("pets", (numbers("size", 1, 2, 3, NAN), words("fur", "long", "short", "none", "long"),
                      words("sex", "m", "f", "", "f"), numbers("legs", 4, 4, 2, 4), words("kind", "cat", "dog", "bird", "cat")))


def use(target: str, *inputs: str, task: Task = "classes", **more: object) -> TableUse:
    """How the table is used."""
    return TableUse.model_validate({"target": target, "inputs": inputs, "task": task, **more})


# inputs

def test_numbers_are_inputs_as_they_stand_and_words_become_an_entry_each() -> None:
    rows = table_rows(PETS, use("kind", "legs", "fur"))
    assert rows.name == "pets"
    assert rows.input_names == ("legs", "fur = long", "fur = short", "fur = none")
    assert rows.inputs.tolist() == [[4, 1, 0, 0], [4, 0, 1, 0], [2, 0, 0, 1], [4, 1, 0, 0]]


def test_two_categories_are_one_entry_named_after_the_second() -> None:
    rows = table_rows(Table("t", (words("sex", "m", "f", "f"), numbers("y", 1, 2, 3))), use("y", "sex", task="regression"))
    assert rows.input_names == ("sex = f",)
    assert rows.inputs.tolist() == [[0], [1], [1]]


def test_numbers_can_be_names_of_categories_in_rising_order() -> None:
    table = Table("t", (numbers("zip", 30, 10, 20.5, 10), numbers("y", 1, 2, 3, 4)))
    rows = table_rows(table, use("y", "zip", task="regression", categories=("zip",)))
    assert rows.input_names == ("zip = 10", "zip = 20.5", "zip = 30")
    assert rows.inputs.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]]


def test_close_numbers_have_different_names_as_categories() -> None:
    table = Table("t", (numbers("id", 1234567, 1234568, 1), numbers("y", 1, 2, 3)))
    assert table_rows(table, use("y", "id", task="regression", categories=("id",))).input_names == (
        "id = 1", "id = 1234567.0", "id = 1234568.0")


# targets

def test_classes_are_one_hot_in_the_order_of_their_first_appearance() -> None:
    rows = table_rows(PETS, use("kind", "legs"))
    assert rows.target_names == ("cat", "dog", "bird")
    assert rows.targets.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_two_classes_are_0_and_1() -> None:
    rows = table_rows(PETS, use("legs", "fur", task="binary"))
    assert rows.target_names == ("2", "4")
    assert rows.targets.tolist() == [[1], [1], [0], [1]]


def test_regression_targets_are_the_numbers() -> None:
    rows = table_rows(PETS, use("legs", "fur", task="regression"))
    assert rows.target_names == ("legs",)
    assert rows.targets.tolist() == [[4], [4], [2], [4]]


def test_a_class_that_only_dropped_rows_have_is_no_class() -> None:
    table = Table("t", (numbers("x", NAN, 1, 2, 3), words("y", "a", "b", "c", "b")))
    rows = table_rows(table, use("y", "x", missing="drop"))
    assert rows.target_names == ("b", "c")
    assert rows.targets.tolist() == [[1, 0], [0, 1], [1, 0]]


# missing values

def test_missing_values_are_refused_with_their_number_column_and_first_row() -> None:
    with pytest.raises(ExperimentError, match="a value is missing in column 'size', the first in data row 4"):
        table_rows(PETS, use("kind", "legs", "size"))
    with pytest.raises(ExperimentError, match="a value is missing in column 'sex', the first in data row 3"):
        table_rows(PETS, use("sex", "legs", task="binary"))
    table = Table("t", (numbers("x", 1, NAN, NAN), numbers("y", 1, 2, 3)))
    with pytest.raises(ExperimentError, match="2 values are missing in column 'x', the first in data row 2"):
        table_rows(table, use("y", "x", task="regression"))


def test_rows_with_missing_values_are_dropped_and_counted() -> None:
    rows = table_rows(PETS, use("kind", "size", "sex", missing="drop"))
    assert rows.inputs.tolist() == [[1, 0], [2, 1]]
    assert rows.dropped == 2


def test_missing_inputs_stay_open_to_be_filled_but_rows_without_a_target_go() -> None:
    rows = table_rows(PETS, use("sex", "size", task="binary", missing="mean"))
    assert rows.inputs.tolist()[:2] == [[1], [2]] and np.isnan(rows.inputs[2, 0])
    assert rows.dropped == 1
    rows = table_rows(PETS, use("kind", "sex", "fur", missing="mean"))
    assert np.isnan(rows.inputs[:, 0]).tolist() == [False, False, True, False]


def test_columns_that_are_not_used_may_miss_anything() -> None:
    assert table_rows(PETS, use("kind", "legs")).dropped == 0


# refusals

EMPTY = Table("t", (numbers("x", 1, 2), numbers("void", NAN, NAN), words("blank", "", ""), numbers("y", 1, 2),
                    words("same", "a", "a")))


@pytest.mark.parametrize(("table", "how", "sentence"), [
    (PETS, use("age", "size"), "'pets' has no column 'age' for the target; it has 'size', 'fur', 'sex', 'legs', 'kind'"),
    (PETS, use("kind", "age"), "'pets' has no column 'age' for an input"),
    (PETS, use("kind", "legs", "kind"), "'kind' is both target and input"),
    (PETS, use("kind", "legs", "legs"), "a column is given twice as an input"),
    (PETS, use("kind"), "there is no input"),
    (PETS, use("kind", "fur", task="regression"), "the target 'kind' holds words such as 'cat', which are classes"),
    (PETS, use("kind", "fur", task="binary"), "the target 'kind' has 3 classes, not two: choose classes"),
    (EMPTY, use("same", "x"), "the target 'same' has only one class, 'a'"),
    (EMPTY, use("void", "x", task="regression", missing="drop"), "no value stands in the target 'void'"),
    (EMPTY, use("blank", "x", missing="mean"), "no value stands in the target 'blank'"),
    (EMPTY, use("y", "x", "void", task="regression", missing="drop"), "no row of 't' is without missing values"),
    (EMPTY, use("y", "blank", task="regression", missing="mean"), "no value stands in column 'blank': leave it out"),
    (EMPTY, use("y", "void", task="regression", missing="mean", categories=("void",)), "no value stands in column 'void'"),
    (EMPTY, use("y", "void", task="regression"), "2 values are missing in column 'void'"),
])
def test_what_cannot_be_is_refused_with_the_column(table: Table, how: TableUse, sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        table_rows(table, how)
    assert sentence in str(caught.value)


def test_too_many_categories_or_classes_are_refused() -> None:
    many = [f"w{place}" for place in range(MOST_CLASSES + 1)]
    table = Table("t", (words("id", *many), numbers("y", *range(len(many)))))
    with pytest.raises(ExperimentError, match="column 'id' has 1,001 different values, and 1,000 categories are the most"):
        table_rows(table, use("y", "id", task="regression"))
    with pytest.raises(ExperimentError, match="the target 'id' has 1,001 classes, and 1,000 are the most"):
        table_rows(table, use("id", "y"))


@pytest.mark.parametrize(("how", "count"), [
    (use("kind", "legs", "fur"), 4), (use("kind", "legs"), 3), (use("legs", "size", task="regression"), 1),
    (use("kind", "sex", "fur", "legs", categories=("legs",)), 5), (use("sex", "size", task="binary"), 1),
])
def test_the_numbers_of_a_row_are_known_before_they_are_made(how: TableUse, count: int) -> None:
    assert numbers_in_a_row(PETS, how) == count
    rows = table_rows(PETS, how.replace(missing="mean"))
    assert max(rows.inputs.shape[1], rows.targets.shape[1]) == count


# proposals

@pytest.mark.parametrize(("column", "task"), [
    (words("y", "a", "b", "a"), "binary"), (words("y", "a", "b", "c"), "classes"), (numbers("y", 0, 1, 1), "binary"),
    (numbers("y", 1, 2, 3, NAN), "classes"), (numbers("y", 0.5, 1, 2), "regression"), (numbers("y", *range(11)), "regression"),
    (numbers("y", 7, 7), "regression"), (numbers("y", -1, 1), "binary"),
])
def test_the_task_follows_from_what_stands_in_the_target(column: Column, task: Task) -> None:
    assert infer_task(column) == task


def test_the_last_column_is_proposed_as_target_and_all_others_as_inputs() -> None:
    assert infer(PETS) == use("kind", "size", "fur", "sex", "legs", missing="mean")
    assert left_out(PETS, infer(PETS)) == ()


def test_another_target_can_be_named() -> None:
    assert infer(PETS, "legs") == use("legs", "size", "fur", "sex", "kind", task="binary", missing="mean")
    with pytest.raises(ExperimentError, match="has no column 'age' for the target"):
        infer(PETS, "age")


def test_names_and_empty_columns_are_not_proposed_as_inputs() -> None:
    many = [f"w{place}" for place in range(MOST_CATEGORIES + 1)]
    rows = range(len(many))
    table = Table("t", (words("id", *many), words("same", *["a"] * len(many)), numbers("void", *[NAN] * len(many)),
                        numbers("x", *rows), numbers("y", *rows)))
    assert infer(table) == use("y", "x", task="regression")
    assert left_out(table, infer(table)) == ("id", "same", "void")


def test_missing_values_of_columns_left_out_do_not_matter_to_the_proposal() -> None:
    table = Table("t", (numbers("x", 1, 2), numbers("void", NAN, NAN), numbers("y", 1, 2.5)))
    assert infer(table).missing == "refuse"


@pytest.mark.parametrize(("gaps", "missing"), [(0, "refuse"), (1, "drop"), (2, "drop"), (3, "mean"), (19, "mean")])
def test_rows_are_proposed_to_be_dropped_only_where_few_are_lost(gaps: int, missing: str) -> None:
    table = Table("t", (numbers("x", *[NAN] * gaps, *range(20 - gaps)), numbers("y", *range(20))))
    assert infer(table).missing == missing


def test_rows_without_a_target_are_always_proposed_to_be_dropped() -> None:
    table = Table("t", (numbers("x", *range(20)), numbers("y", *[NAN] * 15, *range(5))))
    assert infer(table).missing == "drop"


def test_all_columns_of_the_widest_table_can_be_used() -> None:
    table = Table("t", tuple(numbers(f"x{place}", 1, 2.5) for place in range(MOST_COLUMNS)))
    assert (len(infer(table).inputs), left_out(table, infer(table))) == (MOST_COLUMNS - 1, ())


def test_a_column_of_names_is_not_proposed_as_target() -> None:
    names = words("name", *(f"n{place}" for place in range(1001)))
    table = Table("t", (numbers("x", *range(1001)), numbers("y", *range(1001)), names))
    assert (infer(table).target, infer(table).inputs) == ("y", ("x",))
    assert infer(table, "name").target == "name"
    one = Table("t", (numbers("x", 1, 2), numbers("y", 3, 4), words("same", "a", "a"), numbers("empty", NAN, NAN)))
    assert infer(one).target == "y"


def test_where_nothing_else_can_be_the_target_a_column_of_names_is_so_that_its_classes_are_named() -> None:
    table = Table("t", (numbers("x", *range(1001)), words("name", *(f"n{place}" for place in range(1001)))))
    assert infer(table).target == "name"
    with pytest.raises(ExperimentError, match="the target 'name' has 1,001 classes"):
        numbers_in_a_row(table, infer(table))


def test_too_many_classes_are_named_before_the_numbers_of_a_row() -> None:
    names = words("name", *(f"n{place}" for place in range(6000)))
    with pytest.raises(ExperimentError, match="the target 'name' has 6,000 classes, and 1,000 are the most"):
        numbers_in_a_row(Table("t", (numbers("x", *range(6000)), names)), use("name", "x"))


@pytest.mark.parametrize(("table", "sentence"), [
    (Table("t", (numbers("x", 1, 2),)), "a table needs two columns at least"),
    (Table("t", (words("same", "a", "a"), numbers("y", 1, 2))), "no column besides 'y' can be an input"),
    (Table("t", (numbers("x", 1, 2), numbers("y", NAN, NAN))), "no value stands in column 'y', so it cannot be predicted"),
])
def test_where_nothing_can_be_learned_nothing_is_proposed(table: Table, sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        infer(table)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("target", [column.name for column in PETS.columns])
def test_every_proposal_can_be_made(target: str) -> None:
    rows = table_rows(PETS, infer(PETS, target))
    assert np.isfinite(rows.targets).all() and len(rows.targets) == 4 - (target in ("size", "sex"))
    assert not np.isnan(rows.inputs).all(axis=0).any()
    assert len(rows.input_names) == rows.inputs.shape[1]
