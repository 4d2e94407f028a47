"""The network as rows of a form: one a layer, with its width, its activation, and a way to take it out.

They are apart from the form because their number changes while all other rows stay. They refuse to check a width:
they hand on what was entered, and show the sentence that comes back.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractSpinBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from nnsim.engine.experiment import Experiment
from nnsim.picture.palette import Theme
from nnsim.picture.settings import activation_row, width_row
from nnsim.widgets.captions import Caption, Message, scaled
from nnsim.widgets.fields import ChoiceField
from nnsim.widgets.icons import icon
from nnsim.widgets.number_field import NumberField


class LayerRow(QWidget):
    """One layer with weights. ``layer`` counts from 0; the output layer's width is the data's and stays."""

    value_entered = Signal(str, object)
    removal_asked = Signal(int)

    def __init__(self, layer: int) -> None:
        super().__init__()
        self.setObjectName(f"layer-row-{layer}")
        self.layer = layer
        self._width_row = width_row(layer)
        self.name = Caption(f"L{layer + 1}", 13, "ink", bold=True)
        self.fewer, self.more, self.remove = QToolButton(), QToolButton(), QToolButton()
        self.width_field = NumberField(self._width_row)
        self.width_field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.width_field.lineEdit().setTextMargins(0, 0, 0, 0)
        self.width_field.lineEdit().setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.activation_field = ChoiceField()
        self.message = Message()
        self._removal = QAction(self)
        self._name_all()
        self._lay_out()
        self.fewer.clicked.connect(self._take_one)
        self.more.clicked.connect(self._add_one)
        self.remove.clicked.connect(self._ask_removal)
        self._removal.triggered.connect(self._ask_removal)
        self.width_field.number_entered.connect(self._announce_width)
        self.width_field.nonsense_entered.connect(self._refuse_nonsense)
        self.activation_field.name_chosen.connect(self._announce_activation)

    def show_layer(self, experiment: Experiment) -> None:
        """Show the layer of an experiment; speaks to nobody."""
        row, layer = activation_row(experiment, self.layer), experiment.layers[self.layer]
        is_output = self.layer == len(experiment.layers) - 1
        self.message.show_sentence("")
        self.width_field.show_value(layer.width)
        self.activation_field.show_choices(row.choices)
        self.activation_field.show_value(layer.activation)
        self.activation_field.setToolTip(row.tip)
        fixed = self.tr("The data decide how many outputs there are.")
        self.width_field.setToolTip(fixed if is_output else self._width_row.tip)
        self.width_field.setReadOnly(is_output)
        self.fewer.setEnabled(not is_output and layer.width > 1)
        self.more.setEnabled(not is_output)
        self.remove.setEnabled(not is_output)
        self._removal.setEnabled(not is_output)

    def refuse(self, sentence: str, experiment: Experiment) -> None:
        """Say what is wrong, and show what stays."""
        self.show_layer(experiment)
        self.message.show_sentence(sentence)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.name.set_theme(theme)
        self.message.set_theme(theme)
        for button, name in ((self.fewer, "minus"), (self.more, "plus"), (self.remove, "close")):
            button.setIcon(icon(name, theme.ink2))

    def _name_all(self) -> None:
        layer = self.layer + 1
        for button, text in ((self.fewer, self.tr("One neuron less in L{0}")), (self.more, self.tr("One neuron more in L{0}")),
                             (self.remove, self.tr("Remove L{0}"))):
            button.setToolTip(text.format(layer))
            button.setAccessibleName(text.format(layer))
        self.width_field.setAccessibleName(self.tr("Neurons of L{0}").format(layer))
        self.activation_field.setAccessibleName(self.tr("Activation of L{0}").format(layer))
        self._removal.setText(self.tr("Remove L{0}").format(layer))
        self.addAction(self._removal)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _lay_out(self) -> None:
        self.remove.setAutoRaise(True)
        self.width_field.setMaximumWidth(scaled(36))
        line = QHBoxLayout()
        line.setSpacing(scaled(2))
        line.addWidget(self.name)
        for widget in (self.fewer, self.width_field, self.more):
            line.addWidget(widget)
        line.addWidget(self.activation_field, 1)
        line.addWidget(self.remove)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(scaled(4))
        whole.addLayout(line)
        whole.addWidget(self.message)

    def _take_one(self) -> None:
        self._announce_width(self.width_field.value - 1)

    def _add_one(self) -> None:
        self._announce_width(self.width_field.value + 1)

    def _announce_width(self, width: float) -> None:
        self.value_entered.emit(self._width_row.path, width)

    def _announce_activation(self, name: str) -> None:
        self.value_entered.emit(f"layers.{self.layer}.activation", name)

    def _ask_removal(self) -> None:
        self.removal_asked.emit(self.layer)

    def _refuse_nonsense(self, text: str) -> None:
        old = self.width_field.value
        self.width_field.show_value(old)
        self.message.show_sentence(self.tr("“{0}” is not a number; it stays {1}.").format(text, int(old)))
