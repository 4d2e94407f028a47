"""A table of the user's own before it is trained on: how it was read, its first rows, and which column is predicted from which.

Everything is filled in as proposed, so that Enter suffices. It refuses to read, to count rows and to judge a plan: it asks for
that, and is shown the answer.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from nnsim.core.losses import Task
from nnsim.engine.table_rows import infer_task
from nnsim.files.tables import Preview, Reading
from nnsim.picture.numbers import count
from nnsim.picture.setting_row import Row
from nnsim.picture.settings import all_rows
from nnsim.picture.table_plan import SCALINGS, TASKS, ColumnFigures, PlanFigures, TablePlan, missing_choices
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.import_columns import ColumnList
from nnsim.widgets.import_dialog import ImportDialog, in_a_row, labelled
from nnsim.widgets.import_fields import ReadingFields
from nnsim.widgets.import_rows import FirstRowsTable
from nnsim.widgets.number_field import NumberField

SHOWN_NOTES = 3


class TableImport(ImportDialog):
    """``plan()`` is a ``TablePlan``."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setObjectName("table-import")
        self._preview: Preview | None = None
        self._columns: tuple[ColumnFigures, ...] = ()
        self._plan: TablePlan | None = None
        self.reading, self.rows, self.columns = ReadingFields(), FirstRowsTable(), ColumnList()
        self.target, self.task, self.missing, self.scaling = ChoiceField(), ChoiceField(), ChoiceField(), ChoiceField()
        self.test_share, self.seed = NumberField(_row("data.test_share")), NumberField(_row("data.seed"))
        self._side = QWidget()
        self.notes, self.figures = Caption("", 11.5, "ink2"), Caption("", 12.5, "ink")
        self._fill()

    def show_preview(self, preview: Preview, columns: Sequence[ColumnFigures], plan: TablePlan | None,
                     choosable: frozenset[str]) -> None:
        """Show a table as it was read, what of the reading may be chosen, and a plan for it where there is one."""
        self._preview, self._columns = preview, tuple(columns)
        self.reading.show_reading(preview.reading, choosable)
        self.reading.setVisible(bool(choosable))
        self.rows.show_preview(preview)
        table = preview.table
        self.summary.setText(f"{count(table.rows, self.tr('row'))} · {count(len(table.columns), self.tr('column'))}")
        self._show_notes(preview.notes)
        self._side.setEnabled(plan is not None)
        self.columns.setEnabled(plan is not None)
        if plan is not None:
            self._show_plan(plan)

    def show_unread(self, reading: Reading, choosable: frozenset[str]) -> None:
        """Show how a table was tried to be read that cannot be read so; the last one that could be stays in sight."""
        self.reading.show_reading(reading, choosable)

    def show_figures(self, figures: PlanFigures) -> None:
        """Say what the plan comes to: it can be trained on."""
        self.figures.setText(figures.sentence)
        self.show_ready()

    def show_failure(self, sentence: str) -> None:
        """Say what is wrong; no figures are on show beside it."""
        self.figures.setText("")
        super().show_failure(sentence)

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan."""
        return self._plan is not None

    def plan(self) -> TablePlan:
        """What is to be learned, as it is chosen."""
        assert self._plan is not None
        return self._plan

    def _show_plan(self, plan: TablePlan) -> None:
        assert self._preview is not None
        table, use = self._preview.table, plan.use
        self._plan = plan
        usable = [column for column in self._columns if not column.is_empty]
        self.target.show_choices([(column.name, column.name, "") for column in usable])
        self.target.show_value(use.target)
        aim = table.column(use.target)
        may_be_numbers = aim is not None and aim.numbers is not None
        self.task.show_choices([(task, TASKS[task], "") for task in get_args(Task) if may_be_numbers or task != "regression"])
        self.task.show_value(use.task)
        self.missing.show_choices(missing_choices(table, use))
        self.missing.show_value(use.missing)
        self.missing.setToolTip(self.missing.currentText())
        self.scaling.show_value(plan.scaling)
        self.test_share.show_value(plan.test_share)
        self.seed.show_value(plan.seed)
        self.columns.show_columns(self._columns, use)

    def _change(self, plan: TablePlan) -> None:
        self._show_plan(plan)
        self.show_busy(self.tr("Counting…"))
        self.plan_changed.emit(plan)

    def _choose_target(self, name: str) -> None:
        assert self._preview is not None
        plan, column = self.plan(), self._preview.table.column(name)
        assert column is not None
        before = plan.use.target
        inputs = tuple(each.name for each in self._preview.table.columns
                       if each.name != name and (each.name in plan.use.inputs or each.name == before))
        categories = tuple(each for each in plan.use.categories if each != name)
        use = plan.use.replace(target=name, inputs=inputs, categories=categories, task=infer_task(column))
        self._change(replace(plan, use=use))

    def _choose_columns(self) -> None:
        plan = self.plan()
        use = plan.use.replace(inputs=self.columns.inputs, categories=self.columns.categories)
        self._plan = replace(plan, use=use)
        assert self._preview is not None
        self.missing.show_choices(missing_choices(self._preview.table, use))
        self.missing.show_value(use.missing)
        self.show_busy(self.tr("Counting…"))
        self.plan_changed.emit(self._plan)

    def _choose_task(self, name: str) -> None:
        self._change(replace(self.plan(), use=self.plan().use.replace(task=name)))

    def _choose_missing(self, name: str) -> None:
        self._change(replace(self.plan(), use=self.plan().use.replace(missing=name)))

    def _choose_scaling(self, name: str) -> None:
        self._change(replace(self.plan(), scaling=next(each for each in SCALINGS if each == name)))

    def _choose_share(self, share: float) -> None:
        self._take_number(_row("data.test_share"), self.test_share, share)

    def _choose_seed(self, seed: float) -> None:
        self._take_number(_row("data.seed"), self.seed, seed)

    def _take_number(self, row: Row, field: NumberField, value: float) -> None:
        if not row.allows(value) or (row.kind == "whole" and value != int(value)):
            field.show_value(field.value)
            self.message.show_sentence(self.tr("{0} may be {1}; it stays as it was.").format(row.title, row.range_text))
        elif field is self.seed:
            self._change(replace(self.plan(), seed=int(value)))
        else:
            self._change(replace(self.plan(), test_share=value))

    def _show_notes(self, notes: tuple[str, ...]) -> None:
        shown = [note if note.endswith(".") else f"{note}." for note in notes[:SHOWN_NOTES]]
        if len(notes) > SHOWN_NOTES:
            shown.append(self.tr("And {0} more.").format(count(len(notes) - SHOWN_NOTES, self.tr("note"))))
        self.notes.setText("\n".join(note[:1].upper() + note[1:] for note in shown))
        self.notes.setToolTip("\n".join(notes))
        self.notes.setVisible(bool(notes))

    def _fill(self) -> None:
        self.scaling.show_choices([(name, title, hint) for name, (title, hint) in SCALINGS.items()])
        self.notes.setWordWrap(True)
        self.figures.setWordWrap(True)
        self.reading.reading_chosen.connect(self.reading_chosen)
        for field, act in ((self.target, self._choose_target), (self.task, self._choose_task),
                           (self.missing, self._choose_missing), (self.scaling, self._choose_scaling)):
            field.name_chosen.connect(act)
        self.columns.use_changed.connect(self._choose_columns)
        self.test_share.number_entered.connect(self._choose_share)
        self.seed.number_entered.connect(self._choose_seed)
        side_column = QVBoxLayout(self._side)
        side_column.setContentsMargins(scaled(8), 0, 0, 0)
        side_column.setSpacing(scaled(6))
        side_column.addLayout(in_a_row([labelled(self.tr("Target: what is predicted"), self.target),
                                        labelled(self.tr("It is"), self.task)]))
        side_column.addLayout(labelled(self.tr("Missing values"), self.missing))
        side_column.addLayout(labelled(self.tr("Scaling of the inputs, the first step"), self.scaling))
        side_column.addLayout(in_a_row([labelled(self.tr("Test share"), self.test_share), labelled(self.tr("Seed"), self.seed)]))
        side_column.addWidget(self.figures)
        side_column.addStretch(1)
        lower = QSplitter(Qt.Orientation.Horizontal)
        lower.setChildrenCollapsible(False)
        lower.addWidget(self.columns)
        lower.addWidget(self._side)
        lower.setStretchFactor(0, 3)
        lower.setStretchFactor(1, 2)
        self.body.addWidget(self.reading)
        self.body.addWidget(self.rows, 2)
        self.body.addWidget(self.notes)
        line = QHBoxLayout()
        line.addWidget(lower)
        self.body.addLayout(line, 3)


def _row(path: str) -> Row:
    return next(row for row in all_rows() if row.path == path)
