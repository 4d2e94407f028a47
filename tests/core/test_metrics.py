"""What is counted for classes and measured for numbers: worked out by hand, and as scikit-learn recorded it.

``recorded/record_scikit_learn.py`` made the recording.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnsim.core.metrics import ClassFigures, class_figures, count_classes, mean_f1, number_figures, share_right

RECORDING = json.loads(Path(__file__).with_name("recorded").joinpath("scikit-learn.json").read_text("utf-8"))


def test_true_classes_run_down_and_predicted_ones_across() -> None:
    counts = count_classes(np.array([0, 0, 1, 2]), np.array([0, 2, 1, 1]), 3)
    assert counts.tolist() == [[1, 0, 1], [0, 1, 0], [0, 1, 0]]


def test_figures_of_two_classes_by_hand() -> None:
    # of 10 rows 4 are of class 1; 3 of them are found, and 2 others are taken for it
    first, second = class_figures(np.array([[4, 2], [1, 3]]))
    assert second == ClassFigures(3 / 5, 3 / 4, 2 / 3, 4)
    assert first == ClassFigures(4 / 5, 4 / 6, 8 / 11, 6)


def test_a_class_that_is_never_said_or_never_there_has_figures_of_0() -> None:
    never_said, never_there = class_figures(np.array([[0, 3], [0, 0]]))
    assert never_said == ClassFigures(0, 0, 0, 3)
    assert never_there == ClassFigures(0, 0, 0, 0)


def test_no_rows_have_no_share_and_no_mean() -> None:
    assert math.isnan(share_right(np.zeros((2, 2), np.intp)))
    assert math.isnan(mean_f1(np.zeros((2, 2), np.intp)))


def test_figures_of_numbers_by_hand() -> None:
    # errors 1, 0, -1, 2; the targets 0, 2, 4, 6 lie 3, 1, 1, 3 from their mean
    figures = number_figures(np.array([[0.0], [2], [4], [6]]), np.array([[1.0], [2], [3], [8]]))
    assert figures.r2 == 1 - 6 / 20
    assert figures.root_mean_square == math.sqrt(6 / 4)
    assert (figures.mean_absolute, figures.mean) == (1.0, 0.5)


def test_targets_that_do_not_vary_have_no_share_of_variance() -> None:
    figures = number_figures(np.array([[1.0], [1]]), np.array([[1.0], [3]]))
    assert math.isnan(figures.r2)
    assert figures.mean_absolute == 1


@pytest.mark.parametrize("case", RECORDING["classes"])
def test_classes_are_judged_as_scikit_learn_judges_them(case: dict[str, Any]) -> None:
    counts = count_classes(np.array(case["true"]), np.array(case["predicted"]), case["classes"])
    assert counts.tolist() == case["counts"]
    assert share_right(counts) == pytest.approx(case["accuracy"], rel=1e-14)
    assert mean_f1(counts) == pytest.approx(case["macro_f1"], rel=1e-14)
    figures = class_figures(counts)
    for name in ("precision", "recall", "f1", "rows"):
        assert [getattr(each, name) for each in figures] == pytest.approx(case[name], rel=1e-14)


@pytest.mark.parametrize("case", RECORDING["numbers"])
def test_numbers_are_judged_as_scikit_learn_judges_them(case: dict[str, Any]) -> None:
    figures = number_figures(np.array(case["targets"]), np.array(case["outputs"]))
    for name in ("r2", "root_mean_square", "mean_absolute"):
        assert getattr(figures, name) == pytest.approx(case[name], rel=1e-13)
