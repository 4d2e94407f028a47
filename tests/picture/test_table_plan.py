"""A plan for a table: what is counted is what training is given."""

import numpy as np
import pytest

from nnsim.core.tables import Column, Table, numbers_column, words_column
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import ExperimentError
from nnsim.engine.materials import keep
from nnsim.picture.table_plan import TablePlan, column_figures, fitting_plan, missing_choices, plan_figures, proposed_plan


def table(rows: int = 40, gaps: tuple[int, ...] = (3, 4, 5), unknown: tuple[int, ...] = (5,)) -> Table:
    numbers = np.arange(rows, dtype=float)
    holed = numbers.copy()
    holed[list(gaps)] = np.nan
    kinds = ["" if row in unknown else "ab"[row % 2] for row in range(rows)]
    colours = [("red", "green", "blue")[row % 3] for row in range(rows)]
    return Table("t", (numbers_column("long", numbers), numbers_column("holed", holed), words_column("colour", colours),
                       words_column("kind", kinds)))


@pytest.mark.parametrize("missing", ["drop", "mean"])
def test_the_figures_are_those_of_the_data_that_are_trained_on(missing: str) -> None:
    made = table()
    plan = proposed_plan(made)
    plan = TablePlan(plan.use.replace(missing=missing), plan.scaling, 0.25, 7)
    figures = plan_figures(made, plan)
    dataset = load_dataset(plan.data(keep(made)))
    assert (figures.train, figures.test) == (len(dataset.train), len(dataset.test))
    assert (figures.dropped, figures.filled, figures.inputs) == (dataset.dropped, dataset.filled, len(dataset.input_names))
    assert figures.classes == dataset.target_names


def test_the_choices_for_missing_values_say_what_each_means() -> None:
    made = table()
    titles = {name: title for name, title, _ in missing_choices(made, proposed_plan(made).use)}
    assert titles == {"refuse": "Refuse: 3 rows incomplete", "drop": "Drop rows: 3 of 40 rows go",
                      "mean": "Fill in the mean: 2 values filled in, 1 row without target dropped"}


def test_of_a_whole_table_it_is_said_that_nothing_is_missing() -> None:
    made = table(gaps=(), unknown=())
    assert missing_choices(made, proposed_plan(made).use)[0] == ("refuse", "Nothing is missing", "")


def test_refused_gaps_and_a_column_without_any_value_are_refused_in_words() -> None:
    made = table()
    plan = proposed_plan(made)
    with pytest.raises(ExperimentError, match="missing in column"):
        plan_figures(made, TablePlan(plan.use.replace(missing="refuse")))
    few = table(rows=4, gaps=(0, 1, 2), unknown=())
    use = proposed_plan(few).use.replace(missing="mean")
    refused = 0
    for seed in range(8):
        try:
            plan_figures(few, TablePlan(use, test_share=0.5, seed=seed))
        except ExperimentError as error:
            assert "no value in any training row" in str(error)
            refused += 1
    assert 0 < refused < 8


def test_a_columns_mean_and_deviation_are_of_what_stands_in_it() -> None:
    figures = column_figures(numbers_column("x", np.array([1.0, 3.0, np.nan])))
    assert (figures.kind, figures.missing, figures.mean, figures.deviation) == ("numbers", 1, "2.00", "1.00")
    assert column_figures(words_column("w", ["a", "b", ""])).kind == "2 words"
    assert column_figures(Column("e", np.array([np.nan]))).is_empty


def test_a_plan_stays_where_the_columns_do_and_is_made_anew_where_the_target_is_gone() -> None:
    made = table()
    plan = TablePlan(proposed_plan(made).use.replace(target="colour", inputs=("long", "holed"), task="classes"), "none", 0.5, 3)
    assert fitting_plan(made, plan) == plan
    narrower = Table("n", (made.columns[0], made.columns[2]))
    assert fitting_plan(narrower, plan).use.inputs == ("long",)
    without = Table("w", (made.columns[0], made.columns[1]))
    fresh = fitting_plan(without, plan)
    assert fresh.use.target == "holed" and (fresh.scaling, fresh.test_share, fresh.seed) == ("none", 0.5, 3)


def test_the_sentence_says_rows_shares_and_gaps() -> None:
    made = table()
    assert plan_figures(made, proposed_plan(made)).sentence == (
        "26 rows to train on, 11 held out, every class shared out alike; 5 numbers a row are fed; 3 rows left out.")
