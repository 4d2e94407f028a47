"""The network in the form: what goes in, a row for each layer, and a button for one more.

It is apart from the form because it is the one group whose rows come and go. It refuses to change a network: it asks.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nnsim.core.datasets import Dataset
from nnsim.engine.experiment import Experiment
from nnsim.picture import numbers
from nnsim.picture.palette import Theme
from nnsim.widgets.captions import Caption, ElidedCaption, Message, scaled
from nnsim.widgets.icons import icon
from nnsim.widgets.layer_rows import LayerRow


class LayerList(QWidget):
    """``value_entered(path, value)``, unchecked; ``addition_asked``; ``removal_asked(layer)``, counted from 0."""

    value_entered = Signal(str, object)
    addition_asked = Signal()
    removal_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self.rows: list[LayerRow] = []
        self.inputs_count, self.inputs_names = Caption("", 13, "ink"), ElidedCaption("", 11.5, "ink3")
        self.add_button, self.add_message = QPushButton(self.tr("add a layer")), Message()
        self.add_button.setToolTip(self.tr("One more hidden layer before the outputs."))
        self.add_button.clicked.connect(self.addition_asked)
        self._column, self.last_line = QVBoxLayout(), QHBoxLayout()
        self._lay_out()

    def show_layers(self, experiment: Experiment, dataset: Dataset) -> None:
        """Show the inputs of the data and the layers of an experiment; speaks to nobody."""
        names = ", ".join(dataset.fed_names)
        if dataset.picture is not None:
            names = self.tr("{0} × {1} pixels").format(*dataset.picture)
        self.inputs_count.setText(numbers.whole(dataset.fed))
        self.inputs_names.setText(names)
        self.inputs_names.setToolTip(names)
        self._make_rows(len(experiment.layers))
        for row in self.rows:
            row.show_layer(experiment)
        self.add_message.show_sentence("")

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        for row in self.rows:
            row.set_theme(theme)
        self.add_button.setIcon(icon("plus", theme.ink2))

    def _make_rows(self, wanted: int) -> None:
        while len(self.rows) > wanted:
            row = self.rows.pop()
            row.hide()
            row.deleteLater()
        while len(self.rows) < wanted:
            row = LayerRow(len(self.rows))
            row.value_entered.connect(self.value_entered)
            row.removal_asked.connect(self.removal_asked)
            if self._theme is not None:
                row.set_theme(self._theme)
            self.rows.append(row)
            self._column.addWidget(row)

    def _lay_out(self) -> None:
        inputs = QHBoxLayout()
        inputs.setSpacing(scaled(8))
        inputs.addWidget(Caption(self.tr("Inputs"), 13, "ink2"))
        inputs.addWidget(self.inputs_count)
        inputs.addWidget(self.inputs_names, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        for layout in (whole, self._column):
            layout.setSpacing(scaled(4))
        whole.addLayout(inputs)
        whole.addLayout(self._column)
        self.last_line.setSpacing(scaled(8))
        self.last_line.addWidget(self.add_button, 1)
        whole.addLayout(self.last_line)
        whole.addWidget(self.add_message)
