"""The user's own data as data sets: tables, drawn points, formulas, and features of the inputs; split, filled and scaled."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from nnsim.core.datasets import Dataset
from nnsim.core.pictures import Pictures
from nnsim.core.tables import Table, numbers_column, words_column
from nnsim.engine import own_data
from nnsim.engine.data import load_dataset, load_rows
from nnsim.engine.experiment import Data, Drawn, ExperimentError, FormulaUse, Part, TableUse
from nnsim.engine.materials import keep
from nnsim.engine.own_data import MOST_NUMBERS, OWN, OWN_TITLES, check_numbers
from nnsim.engine.proposal import propose
from nnsim.engine.simulation import Simulation

NAN = float("nan")


def part(kind: type[Part], **values: Any) -> Any:
    """A part of an experiment from plain values."""
    return kind.model_validate(values)


def table_data(columns: Mapping[str, Sequence[float] | Sequence[str]], target: str, *inputs: str, **use: Any) -> Data:
    """Data of a table that is kept."""
    made = tuple(words_column(name, [str(cell) for cell in cells]) if isinstance(cells[0], str)
                 else numbers_column(name, np.array(cells, np.float64)) for name, cells in columns.items())
    return Data(source="table", material=keep(Table("mine", made)), test_share=use.pop("test_share", 0),
                scaling=use.pop("scaling", "none"), features=use.pop("features", ()),
                table=part(TableUse, target=target, inputs=inputs, **use))


def inputs(data: Data) -> list[list[float]]:
    """The data set's inputs."""
    rows: list[list[float]] = load_dataset(data).inputs.tolist()
    return rows


def test_every_own_kind_has_a_title() -> None:
    assert list(OWN) == list(OWN_TITLES)


# tables

def test_a_tables_names_and_units_become_the_data_sets() -> None:
    data = load_dataset(table_data({"size (cm)": [1, 2], "kind": ["cat", "dog"]}, "kind", "size (cm)", task="binary"))
    assert (data.name, data.task, data.input_names, data.target_names) == ("mine", "binary", ("size (cm)",), ("cat", "dog"))


def test_missing_values_are_filled_with_the_mean_of_the_training_rows_and_counted() -> None:
    x = [float(place) for place in range(20)]
    y = [place + 0.5 for place in x]
    x[3] = x[11] = NAN
    data = table_data({"x": x, "y": y}, "y", "x", missing="mean", test_share=0.4)
    made = load_dataset(data)
    known = [x[row] for row in made.train if not np.isnan(x[row])]
    assert made.filled == 2
    assert made.inputs[[3, 11], 0] == pytest.approx([np.mean(known)] * 2)
    assert len(made.test) == 8


def test_a_missing_category_is_filled_with_the_share_of_each() -> None:
    data = table_data({"kind": ["a", "b", "c", "a", ""], "y": [1, 2, 3, 4, 5.5]}, "y", "kind", missing="mean")
    assert inputs(data)[4] == [0.5, 0.25, 0.25]
    assert load_dataset(data).filled == 3


def test_dropped_rows_are_counted() -> None:
    data = load_dataset(table_data({"x": [1, NAN, 3], "y": [1, 2, 3.5]}, "y", "x", missing="drop"))
    assert (data.dropped, data.filled, len(data.inputs)) == (1, 0, 2)


def test_a_column_without_any_value_cannot_be_filled() -> None:
    with pytest.raises(ExperimentError, match="column 'x' has no value in any training row"):
        load_dataset(table_data({"x": [NAN, NAN], "y": [1, 2.5]}, "y", "x", missing="mean"))


def test_scaling_is_measured_on_the_training_rows_and_can_be_read() -> None:
    data = load_dataset(table_data({"x": [1, 3, 5, 7], "y": [1, 2, 3, 4.5]}, "y", "x", scaling="standardize"))
    assert (data.offset.tolist(), data.scale.tolist()) == ([4], [np.std([1, 3, 5, 7])])


@pytest.mark.parametrize(("data", "sentence"), [
    (Data(source="table"), "it is not said which column is the target"),
    (Data(source="table", table=part(TableUse, target="y", inputs=("x",))),
     "the data of this experiment are not at hand"),
])
def test_a_table_that_is_not_there_is_said(data: Data, sentence: str) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        load_dataset(data)


def test_a_table_that_would_fill_the_memory_is_refused_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_data, "MOST_NUMBERS", 11)
    data = table_data({"kind": ["a", "b", "c", "d"], "y": [1, 2, 3, 4.25]}, "y", "kind")
    with pytest.raises(ExperimentError, match="4 rows of 4 numbers are more than 11 numbers: leave out columns of words"):
        load_rows(data)
    with pytest.raises(ExperimentError, match="2 rows of 6 numbers are more than 11 numbers: take fewer"):
        check_numbers(2, 6, "take fewer")
    check_numbers(1, 11, "take fewer")


def test_a_hundred_thousand_rows_of_twenty_numbers_are_few_enough() -> None:
    check_numbers(100_000, 20, "take fewer")
    assert MOST_NUMBERS < 2**31


# drawn points

def drawn(*points: tuple[float, float, int], **values: Any) -> Data:
    """Data of drawn points, none of them held out."""
    return Data(source="drawn", test_share=0, drawn=part(Drawn, points=points, **values))


def test_drawn_points_are_rows_in_the_order_in_which_they_were_drawn() -> None:
    data = load_dataset(drawn((1, 2, 0), (-0.5, 0, 1)))
    assert data.inputs.tolist() == [[1, 2], [-0.5, 0]]
    assert data.targets.tolist() == [[0], [1]]
    assert (data.task, data.input_names, data.target_names) == ("binary", ("x₁", "x₂"), ("class 1", "class 2"))


def test_three_classes_of_points_are_one_hot_also_while_one_is_still_empty() -> None:
    data = load_dataset(drawn((1, 2, 0), (0, 0, 2), classes=4))
    assert data.task == "classes"
    assert data.targets.tolist() == [[1, 0, 0, 0], [0, 0, 1, 0]]


def test_a_point_of_a_class_beyond_those_said_makes_that_class() -> None:
    assert load_dataset(drawn((1, 2, 0), (0, 0, 2))).target_names == ("class 1", "class 2", "class 3")


def test_where_nothing_is_drawn_that_is_said() -> None:
    for data in (Data(source="drawn"), drawn()):
        with pytest.raises(ExperimentError, match="there are no points yet: click into the plane"):
            load_dataset(data)


# formulas

def function(text: str, **values: Any) -> Data:
    """Data of a formula, none of them held out."""
    use = {"low": values.pop("low", -3), "high": values.pop("high", 3)}
    return Data(source="formula", test_share=0, formula=part(FormulaUse, text=text, **use),
                **{"noise": 0, "samples": 50, **values})


def test_a_formula_of_x_is_drawn_at_points_of_its_range() -> None:
    data = load_dataset(function("x² + 1", low=-2, high=5))
    assert data.inputs.shape == (50, 1)
    assert data.inputs.min() >= -2 and data.inputs.max() <= 5
    assert np.allclose(data.targets, data.inputs**2 + 1)
    assert (data.name, data.input_names, data.target_names) == ("y = x² + 1", ("x",), ("y",))


@pytest.mark.parametrize("text", ["x + 2*y", "x₁ + 2*x₂", "x1 + 2*x2"])
def test_a_formula_of_two_variables_has_two_inputs(text: str) -> None:
    data = load_dataset(function(text))
    assert data.input_names == ("x₁", "x₂")
    assert np.allclose(data.targets[:, 0], data.inputs @ [1, 2])


def test_a_constant_is_a_function_of_x_too() -> None:
    assert load_dataset(function("2", noise=0.5)).targets.max() <= 2.5


def test_noise_is_a_share_of_how_far_the_values_reach() -> None:
    clean, noisy = load_dataset(function("10*x")).targets, load_dataset(function("10*x", noise=0.1)).targets
    strayed = np.abs(noisy - clean)
    assert 0.5 * 3 < strayed.max() <= 0.1 * 30


def test_the_same_seed_draws_the_same_points_and_another_others() -> None:
    assert np.array_equal(load_rows(function("x", seed=1)).inputs, load_rows(function("x²", seed=1)).inputs)
    assert not np.array_equal(load_rows(function("x", seed=1)).inputs, load_rows(function("x", seed=2)).inputs)


@pytest.mark.parametrize(("data", "sentence"), [
    (function("sqrt(x)"), "sqrt.x. is no number at -"),
    (function("1/(x - x)"), "is no number at"),
    (function("z"), "data.formula: 'z' means nothing here: the variables are x, y"),
    (function(""), "data.formula: there is no formula"),
    (function("x", low=3, high=3), "x must run from a smaller number to a larger one, not from 3 to 3"),
])
def test_a_formula_that_gives_no_numbers_is_refused(data: Data, sentence: str) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        load_dataset(data)


# features

def with_features(*features: str, **values: Any) -> Dataset:
    """Points with features."""
    return load_dataset(drawn((1, 2, 0), (3, -1, 1)).replace(features=features, **values))


def test_features_are_fed_after_the_inputs() -> None:
    data = with_features("x1*x2", "x1²")
    assert data.fed == 4
    assert data.fed_names == ("x₁", "x₂", "x1*x2", "x1²")
    assert data.scaled(data.inputs).tolist() == [[1, 2, 2, 1], [3, -1, -3, 9]]


def test_features_are_scaled_like_inputs() -> None:
    data = with_features("x₁²", scaling="min-max")
    assert data.scaled(data.inputs).tolist() == [[0, 1, 0], [1, 0, 1]]
    assert data.offset.tolist() == [1, -1, 1]


@pytest.mark.parametrize(("feature", "sentence"), [
    ("x3", "data.features: 'x3' means nothing here: the variables are x1, x2"),
    ("log(x2)", r"data.features: log\(x2\) is no number in row 2 of the data"),
    ("x1 +", "data.features: 'x1 .' is not a formula"),
])
def test_a_feature_that_is_no_number_is_refused(feature: str, sentence: str) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        with_features(feature)


# pictures, and the whole

def test_pictures_are_inputs_row_by_row_and_colour_by_colour() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)
    data = load_dataset(Data(source="pictures", test_share=0, material=keep(
        Pictures("two", pixels, np.array([1, 0], np.int32), ("cat", "dog")))))
    assert data.inputs[0].tolist() == list(range(12))
    assert data.input_names[:4] == ("row 1 column 1 red", "row 1 column 1 green", "row 1 column 1 blue", "row 1 column 2 red")
    assert (data.picture, data.channels, data.targets.tolist()) == ((2, 2), 3, [[1], [0]])


def learned(data: Data) -> float:
    """The share of the first loss that is left after a while."""
    simulation = Simulation(propose(data))
    before = simulation.frame.loss
    simulation.run(epochs=60)
    after = simulation.frame.loss
    assert before is not None and after is not None
    return after / before


def test_what_is_proposed_for_a_table_learns_it() -> None:
    chance = np.random.default_rng(1)
    x, y = chance.uniform(-1, 1, (2, 200))
    kinds = np.where(x * y > 0, "same", "other").tolist()
    data = table_data({"x": x.tolist(), "y": y.tolist(), "kind": kinds}, "kind", "x", "y", task="binary", test_share=0.25)
    assert load_dataset(data).targets.mean() == np.mean([kind != kinds[0] for kind in kinds])
    assert learned(data) < 0.5


# numbers too large to compute with

@pytest.mark.parametrize(("scaling", "column"), [("standardize", [1e308, -1e308, 1e300]), ("min-max", [1e308, -1e308, 1e300]),
                                                 ("standardize", [1e200, -1e200, 0.0])])
def test_a_column_too_wide_to_be_scaled_is_named(scaling: str, column: list[float]) -> None:
    columns: dict[str, Sequence[float] | Sequence[str]] = {"small": [1, 2, 3], "huge": column, "y": [1.5, 2, 3]}
    data = table_data(columns, "y", "small", "huge", scaling=scaling, task="regression")
    with pytest.raises(ExperimentError, match=r"column 'huge' runs from .* to .*, which is too far"):
        load_dataset(data)
    assert load_dataset(data.replace(scaling="none")).inputs[:, 1].tolist() == column


def test_a_target_that_noise_makes_infinite_is_refused_and_no_warning_comes() -> None:
    data = function("1e300*1e8*x*1.7", low=-1, high=1, noise=1)
    with pytest.raises(ExperimentError, match="the target 'y' is no finite number in row"):
        load_dataset(data)
    assert np.isfinite(load_dataset(data.replace(noise=0)).targets).all()


def test_a_formula_that_reaches_further_than_numbers_do_is_no_overflow() -> None:
    made = load_dataset(function("1e300*1e8*x", low=-1, high=1, noise=0.05, samples=50))
    assert np.isfinite(made.targets).all()
