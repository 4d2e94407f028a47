"""The experiment as a form: data, network, learning, run, each group saying what an edit of it costs.

An edit becomes a new, checked experiment with a name for undo and is announced; what makes no sense is said in
place, under the field, and the old value stays. It refuses to keep an edit: what it shows is what it was last
shown.
"""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from nnsim.core.datasets import Dataset
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.experiment import Experiment, ExperimentError
from nnsim.picture.edits import Edit, add_layer, edit, remove_layer
from nnsim.picture.numbers import count, whole
from nnsim.picture.own_data_words import is_own_file
from nnsim.picture.palette import Theme
from nnsim.picture.setting_row import Group, Row
from nnsim.picture.settings import all_rows, fitting_losses, matters, optimizer_rows, unusual, value_at
from nnsim.widgets.captions import Caption, ElidedCaption, Message, scaled
from nnsim.widgets.fields import ChoiceField, Field, TextField
from nnsim.widgets.form_section import FormSection
from nnsim.widgets.icons import icon
from nnsim.widgets.layer_list import LayerList
from nnsim.widgets.log_slider import LogSlider
from nnsim.widgets.number_field import NumberField
from nnsim.widgets.own_data_line import OwnDataLine
from nnsim.widgets.source_chooser import SourceChooser

_RATE = "learning.rate"
LEAST_WIDTH_PX = 266
"""Here the name of every activation still fits beside its layer's width, the longest in short."""


class ExperimentForm(QWidget):
    """``experiment_edited(experiment, label)``: a new checked Experiment and its name in undo. ``source_chosen(name)`` and
    ``new_seed_requested`` ask for what the form cannot know; ``open_requested``: the user's own data; ``reading_requested``: how
    these are read. Showing never announces.
    """

    experiment_edited = Signal(object, str)
    source_chosen = Signal(str)
    new_seed_requested = Signal()
    open_requested = Signal()
    reading_requested = Signal()
    left = Signal()
    """Enter or Escape has ended what was done in a field: the keyboard belongs to the diagram again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("experiment-form")
        self._experiment: Experiment | None = None
        self._dataset: Dataset | None = None
        self.sections: dict[Group, FormSection] = {
            "data": FormSection("", True), "network": FormSection(self.tr("Network"), True),
            "learning": FormSection(self.tr("Learning"), False), "run": FormSection(self.tr("Run"), True),
        }
        self.fields: dict[str, Field] = {}
        self._optimizer_fields: dict[str, list[Field]] = {}
        self.sources = SourceChooser()
        self.own_data = OwnDataLine()
        self.counts = ElidedCaption("", 11.5, "ink2")
        self.layers = LayerList()
        self.seed_button = QToolButton()
        self.rate_slider = LogSlider()
        self._lay_out()
        self._fill_data()
        self._fill_network()
        self._fill_rows()

    def show_experiment(self, experiment: Experiment, dataset: Dataset) -> None:
        """Show an experiment and the data it trains on; announces nothing."""
        self._experiment, self._dataset = experiment, dataset
        self.sources.show_source(experiment.data.source, dataset, is_own_file(experiment.data))
        self.own_data.show_data(experiment.data, dataset)
        counts = f"{whole(len(dataset.train))} train · {whole(len(dataset.test))} test"
        words = counts if len(dataset.test) else self.tr("{0}, no test rows").format(
            count(len(dataset.train), self.tr("training row")))
        # how many samples there are, and which share is for testing, is said already
        others = unusual(experiment, "data", ("data.samples", "data.test_share"))
        self.counts.setText(f"{words} · {others}" if others else words)
        self.counts.setToolTip(self.counts.text())
        self.layers.show_layers(experiment, dataset)
        losses = self.fields["learning.loss"].editor
        assert isinstance(losses, ChoiceField)
        losses.show_choices(fitting_losses(experiment, dataset.task))
        for path, field in self.fields.items():
            field.setVisible(matters(field.row, experiment))
            field.show_value(value_at(experiment, path))
        self.rate_slider.show_number(experiment.learning.rate)
        for name, fields in self._optimizer_fields.items():
            for field in fields:
                field.setVisible(name == experiment.learning.optimizer)
                if name == experiment.learning.optimizer:
                    field.show_value(value_at(experiment, field.row.path))
        for group, section in self.sections.items():
            section.show_unusual("" if group == "data" else unusual(experiment, group))

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours and icons, and the present font's sizes."""
        self.setMinimumWidth(scaled(LEAST_WIDTH_PX))
        self.sources.set_theme(theme)
        self.own_data.set_theme(theme)
        self.rate_slider.set_theme(theme)
        for section in self.sections.values():
            section.set_theme(theme)
        for caption in self.findChildren(Caption):
            caption.set_theme(theme)
        for message in self.findChildren(Message):
            message.set_theme(theme)
        self.layers.set_theme(theme)
        self.seed_button.setIcon(icon("dice", theme.ink2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that a field has no use for; Enter leaves it only if nothing stands there to be corrected."""
        entered = (event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
                   and isinstance(self.focusWidget(), NumberField | TextField | ChoiceField)
                   and not any(message.isVisible() for message in self.findChildren(Message)))
        if entered or event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # an edit

    def _enter(self, path: str, value: str | float | bool) -> None:
        if self._experiment is None or self._dataset is None:
            return
        try:
            self._announce(edit(self._experiment, path, value, self._dataset))
        except ExperimentError as error:
            self._refuse(path, _sentence(error))

    def _announce(self, result: Edit) -> None:
        if self._experiment is None or self._dataset is None:
            return
        if result.experiment == self._experiment:
            # the same again: only take back what was typed
            self.show_experiment(self._experiment, self._dataset)
        else:
            # the next edit builds on this one, even before it is shown again
            self._experiment = result.experiment
            self.experiment_edited.emit(result.experiment, result.label)

    def _refuse(self, path: str, sentence: str) -> None:
        assert self._experiment is not None
        if path.startswith("layers."):
            self.layers.rows[int(path.split(".")[1])].refuse(sentence, self._experiment)
            return
        shown = self.fields.get(path) or next(
            field for field in self._optimizer_fields[self._experiment.learning.optimizer] if field.row.path == path)
        shown.refuse(sentence, value_at(self._experiment, path))

    def _add_layer(self) -> None:
        if self._experiment is not None and self._dataset is not None:
            try:
                self._announce(add_layer(self._experiment, self._dataset))
            except ExperimentError as error:
                self.layers.add_message.show_sentence(_sentence(error))

    def _remove_layer(self, layer: int) -> None:
        if self._experiment is not None:
            try:
                self._announce(remove_layer(self._experiment, layer))
            except ExperimentError as error:
                self.layers.rows[layer].refuse(_sentence(error), self._experiment)

    def _slide_rate(self, rate: float) -> None:
        self._enter(_RATE, rate)

    # building

    def _lay_out(self) -> None:
        column = QWidget()
        stack = QVBoxLayout(column)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        for index, section in enumerate(self.sections.values()):
            if index:
                line = QFrame()
                line.setFrameShape(QFrame.Shape.HLine)
                line.setFrameShadow(QFrame.Shadow.Plain)
                line.setFixedHeight(1)
                line.setForegroundRole(line.palette().ColorRole.Mid)
                stack.addWidget(line)
            stack.addWidget(section)
        stack.addStretch(1)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setWidget(column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.scroll_area)

    def _fill_data(self) -> None:
        data = self.sections["data"]
        data.body.addWidget(self.sources)
        data.body.addWidget(self.own_data)
        self.own_data.reading_requested.connect(self.reading_requested)
        self.sources.line.addWidget(data.fold)
        self.sources.source_chosen.connect(self.source_chosen)
        self.sources.open_requested.connect(self.open_requested)
        self._counts_line = QHBoxLayout()
        self._counts_line.setSpacing(scaled(8))
        self._counts_line.addWidget(self.counts, 1)
        data.body.addLayout(self._counts_line)

    def _fill_network(self) -> None:
        self.sections["network"].body.addWidget(self.layers)
        self.sections["network"].put_unusual_beside(self.layers.last_line)
        self.layers.value_entered.connect(self._enter)
        self.layers.addition_asked.connect(self._add_layer)
        self.layers.removal_asked.connect(self._remove_layer)

    def _fill_rows(self) -> None:
        run_line = QHBoxLayout()
        run_line.setSpacing(scaled(6))
        for row in all_rows():
            field = self._field(row)
            self.fields[row.path] = field
            if row.path == "data.noise":
                field.editor.setMaximumWidth(scaled(62))
                self._counts_line.addWidget(field)
            elif row.path in ("batch_size", "seed"):
                field.label.setText(self.tr("Batch") if row.path == "batch_size" else row.title)
                run_line.addWidget(field)
            else:
                self.sections[row.group].add_field(field)
            if row.path == _RATE:
                self._fill_optimizers()
        self.seed_button.setToolTip(self.tr("A new seed"))
        self.seed_button.setAccessibleName(self.seed_button.toolTip())
        self.seed_button.clicked.connect(self.new_seed_requested)
        run_line.addWidget(self.seed_button)
        run_line.setAlignment(self.seed_button, Qt.AlignmentFlag.AlignTop)
        self.sections["run"].body.addLayout(run_line)
        self.rate_slider.number_moved.connect(self._slide_rate)
        self.rate_slider.setAccessibleName(self.fields[_RATE].row.title)
        self.rate_slider.setToolTip(self.fields[_RATE].row.tip)

    def _fill_optimizers(self) -> None:
        for name in OPTIMIZERS:
            self._optimizer_fields[name] = [self._field(row) for row in optimizer_rows(name)]
            for field in self._optimizer_fields[name]:
                self.sections["learning"].add_field(field)

    def _field(self, row: Row) -> Field:
        field = Field(row, self.rate_slider if row.path == _RATE else None)
        field.value_entered.connect(self._enter)
        return field


def _sentence(error: ExperimentError) -> str:
    # the field's own name stands beside the sentence; its path is for files and the command line
    text = re.sub(r"^data\.[a-z_.0-9]+: ", "", str(error))
    return text[:1].upper() + text[1:].removesuffix(".") + "."
