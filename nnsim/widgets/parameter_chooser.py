"""Which weight: from which input to which neuron of which layer, or that neuron's bias.

Three small fields instead of a list, since a network may have very many weights. It refuses to show or change a value.
"""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFontMetrics, QValidator
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from nnsim.core.network import Network
from nnsim.picture.palette import Theme
from nnsim.picture.targets import EdgeTarget
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.fields import ChoiceField


class ParameterChooser(QWidget):
    """W[ r , q ] L: numbers count from 1, as on the diagram; the row after the last input is the bias."""

    parameter_chosen = Signal(object)
    """The ``EdgeTarget`` that was chosen."""

    def __init__(self, name: str, sign: str, parent: QWidget | None = None) -> None:
        """``name``: what the choice is for, as read by screen readers; ``sign``: the same as shown before the fields."""
        super().__init__(parent)
        self._network: Network | None = None
        self.label = Caption(sign, 13, "ink2", bold=True)
        self.label.setToolTip(name)
        self.row_field, self.neuron_field, self.layer_field = _Row(), QSpinBox(), ChoiceField()
        self._words = [Caption(word, 12, "ink2") for word in ("W[", ",", "]")]
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(scaled(4))
        opening, comma, closing = self._words
        for widget in (self.label, opening, self.row_field, comma, self.neuron_field, closing):
            line.addWidget(widget)
        line.addWidget(self.layer_field, 1)
        for field, what in ((self.row_field, self.tr("from input")), (self.neuron_field, self.tr("to neuron")),
                            (self.layer_field, self.tr("of layer"))):
            field.setAccessibleName(f"{name}: {what}")
            field.setToolTip(what)
        self.row_field.setToolTip(self.tr("from input; b is the bias"))
        for number in (self.row_field, self.neuron_field):
            # its own hint asks for more than a narrow dock has
            number.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.row_field.valueChanged.connect(self._announce)
        self.neuron_field.valueChanged.connect(self._announce)
        self.layer_field.name_chosen.connect(self._choose_layer)

    @property
    def target(self) -> EdgeTarget:
        """What is chosen, counted from 0."""
        return EdgeTarget(max(self.layer_field.currentIndex(), 0), self.row_field.value() - 1, self.neuron_field.value() - 1)

    def show_network(self, network: Network, target: EdgeTarget) -> None:
        """Offer a network's weights, with one of them chosen; speaks to nobody."""
        self._network = network
        self.layer_field.show_choices([(str(layer), f"L{layer + 1}", "") for layer in range(network.depth)])
        self.layer_field.show_value(str(target.layer))
        self._show_limits(network, target)

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        for caption in (self.label, *self._words):
            caption.set_theme(theme)

    def _show_limits(self, network: Network, target: EdgeTarget) -> None:
        with QSignalBlocker(self.row_field), QSignalBlocker(self.neuron_field):
            self.row_field.setRange(1, network.sizes[target.layer] + 1)
            self.row_field.setValue(target.row + 1)
            self.neuron_field.setRange(1, network.widths[target.layer])
            self.neuron_field.setValue(target.neuron + 1)
        for number in (self.row_field, self.neuron_field):
            widest = QFontMetrics(number.font()).horizontalAdvance(f"{number.maximum()}0")
            number.setMinimumWidth(widest + scaled(26))

    def _choose_layer(self) -> None:
        if self._network is not None:
            self._show_limits(self._network, EdgeTarget(self.target.layer, 0, 0))
            self._announce()

    def _announce(self) -> None:
        self.parameter_chosen.emit(self.target)


class _Row(QSpinBox):
    """A number whose greatest value reads b."""

    def textFromValue(self, value: int) -> str:
        return "b" if value == self.maximum() else str(value)

    def valueFromText(self, text: str) -> int:
        return self.maximum() if text.strip().lower() == "b" else int(text or 1)

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        if text.strip().lower() == "b":
            return QValidator.State.Acceptable, text, place
        state, _, _ = super().validate(text, place)
        return state, text, place
