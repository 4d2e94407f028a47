"""What is to be learned from a table, as a plan that can be shown and changed before anything is trained, and what it comes to.

It is apart from the table's rows because a plan is looked at: how many rows go, what is filled in, what each column measures. It
refuses to hold rows, and to decide: what it counts is what training will do.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.losses import Task
from nnsim.core.tables import Column, Table
from nnsim.engine.data import scaling as measured
from nnsim.engine.data import split
from nnsim.engine.experiment import Data, ExperimentError, Scaling, TableUse
from nnsim.engine.own_data import check_numbers
from nnsim.engine.proposal import usual_scaling
from nnsim.engine.table_rows import infer, numbers_in_a_row, table_rows
from nnsim.picture.numbers import count, significant, whole

TASKS: dict[Task, str] = {"regression": "numbers", "binary": "two classes", "classes": "classes"}
SCALINGS: dict[Scaling, tuple[str, str]] = {
    "standardize": ("Standardize", "Mean 0 and deviation 1, measured on the training rows."),
    "min-max": ("Min–max", "From 0 to 1, measured on the training rows."),
    "none": ("None", "The numbers as they are."),
}


@dataclass(frozen=True)
class TablePlan:
    """Which columns are used and how, how rows are held out, and how inputs are scaled."""

    use: TableUse
    scaling: Scaling = "standardize"
    test_share: float = 0.2857
    seed: int = 0

    def data(self, material: str) -> Data:
        """The data of an experiment on the table of this digest."""
        return Data(source="table", material=material, table=self.use, scaling=self.scaling, test_share=self.test_share,
                    seed=self.seed)


@dataclass(frozen=True)
class PlanFigures:
    """What a plan comes to."""

    train: int
    test: int
    dropped: int
    filled: int
    inputs: int
    """Numbers that the network is fed for a row"""
    classes: tuple[str, ...]
    """Empty for numbers to predict"""

    @property
    def sentence(self) -> str:
        """The rows and inputs, in words."""
        held_out = f"{whole(self.test)} held out" + (", every class shared out alike" if self.classes and self.test else "")
        parts = [f"{count(self.train, 'row')} to train on, {held_out}", count(self.inputs, "number") + " a row are fed"]
        if self.dropped:
            parts.append(f"{count(self.dropped, 'row')} left out")
        if self.filled:
            parts.append(f"{count(self.filled, 'value')} filled in")
        return "; ".join(parts) + "."


@dataclass(frozen=True)
class ColumnFigures:
    """What stands in a column, for a line in a table."""

    name: str
    kind: str
    missing: int
    mean: str
    deviation: str
    is_numeric: bool
    is_empty: bool


def proposed_plan(table: Table, target: str = "") -> TablePlan:
    """A plan to begin with. Raises ExperimentError if nothing can be learned from the table."""
    use = infer(table, target)
    return TablePlan(use, usual_scaling(Data(source="table", table=use)))


def fitting_plan(table: Table, plan: TablePlan) -> TablePlan:
    """The plan as far as the table has its columns, else one to begin with. Raises ExperimentError like ``proposed_plan``."""
    names = {column.name for column in table.columns if not column.missing.all()}
    use = plan.use
    if use.target not in names or not any(name in names for name in use.inputs):
        fresh = proposed_plan(table)
        return TablePlan(fresh.use, plan.scaling, plan.test_share, plan.seed)
    kept = use.replace(inputs=tuple(name for name in use.inputs if name in names),
                       categories=tuple(name for name in use.categories if name in names))
    return TablePlan(kept, plan.scaling, plan.test_share, plan.seed)


def plan_figures(table: Table, plan: TablePlan) -> PlanFigures:
    """What training would be given. Raises ExperimentError with what is wrong with the plan."""
    check_numbers(table.rows, numbers_in_a_row(table, plan.use), "leave out columns of words that have many different ones")
    rows = table_rows(table, plan.use)
    train, test = split(rows, plan.test_share, plan.seed)
    gaps = np.isnan(rows.inputs)
    empty = np.isnan(rows.inputs[train]).all(axis=0)
    if empty.any():
        name = rows.input_names[int(empty.argmax())]
        raise ExperimentError(f"column {name!r} has no value in any training row, so there is no mean to fill in: leave it out of "
                              "the inputs")
    classes = () if rows.task == "regression" else rows.target_names
    return PlanFigures(len(train), len(test), rows.dropped, int(gaps.sum()), rows.inputs.shape[1], classes)


def column_figures(column: Column) -> ColumnFigures:
    """What stands in a column, over all rows in which something does."""
    missing = column.missing
    gone = int(missing.sum())
    if gone == len(missing):
        return ColumnFigures(column.name, "empty", gone, "", "", column.numbers is not None, True)
    if column.numbers is None:
        return ColumnFigures(column.name, count(len(column.words), "word"), gone, "", "", False, False)
    offset, scale = measured(column.numbers[~missing][:, np.newaxis], "standardize")
    return ColumnFigures(column.name, "numbers", gone, significant(float(offset[0]), signed=False),
                         significant(float(scale[0]), signed=False), True, False)


def missing_choices(table: Table, use: TableUse) -> tuple[tuple[str, str, str], ...]:
    """(name, title, hint) of what may become of missing values, with the count that each means."""
    target = table.column(use.target)
    inputs = [column for name in use.inputs if (column := table.column(name)) is not None]
    absent = np.logical_or.reduce([np.zeros(table.rows, np.bool_), *(column.missing for column in inputs)])
    unknown = target.missing if target is not None else np.zeros(table.rows, np.bool_)
    gaps = sum(int((column.missing & ~unknown).sum()) for column in inputs)
    go, untold = int((absent | unknown).sum()), int(unknown.sum())
    if not go:
        return (("refuse", "Nothing is missing", ""), ("drop", "Drop rows: none goes", ""),
                ("mean", "Fill in the mean: nowhere", ""))
    goes = f"{whole(go)} of {count(table.rows, 'row')} {'goes' if go == 1 else 'go'}"
    filled = f"{count(gaps, 'value')} filled in" + (f", {count(untold, 'row')} without target dropped" if untold else "")
    return (("refuse", f"Refuse: {count(go, 'row')} incomplete", "Nothing is trained while values are missing."),
            ("drop", f"Drop rows: {goes}", "Rows in which the target or an input is missing are left out."),
            ("mean", f"Fill in the mean: {filled}", "The mean of the training rows stands for what is missing."))
