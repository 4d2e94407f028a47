"""The fields from which one breakpoint is put together: what to stop at, then where or below which value.

They are apart from the list because only the fields that a kind of breakpoint needs are in sight. They refuse to keep breakpoints.
"""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QFormLayout, QSpinBox, QWidget

from nnsim.engine.breakpoints import PHASES, Breakpoint, LossBelow, NeuronDeath, PlaceBreakpoint, SignChange, Sizes
from nnsim.picture.setting_row import Row
from nnsim.widgets.captions import scaled
from nnsim.widgets.number_field import NumberField

_LOSS_ROW = Row("loss", "learning", "Loss", "The loss to fall below.", "number", 0.1, low=0.0, high=1e6, open_low=True)
_NEEDED = {
    "place": {"phase", "layer", "neuron"}, "training-loss": {"value"}, "batch-loss": {"value"}, "sign": {"layer", "row", "neuron"},
    "any-sign": {"layer", "neuron"}, "death": {"layer", "neuron"}}
"""The fields of each kind of breakpoint."""


class CountField(QSpinBox):
    """A number counted from 1; 0 is any, and where there is a bias the last is that."""

    def __init__(self) -> None:
        super().__init__()
        self._has_bias = False
        self.setGroupSeparatorShown(True)

    def offer(self, count: int, has_bias: bool = False) -> None:
        """Offer 1 to ``count``, and the bias after them."""
        self._has_bias = has_bias
        self.setRange(0, count + has_bias)

    @property
    def index(self) -> int | None:
        """What is chosen, counted from 0; None for any."""
        return self.value() - 1 if self.value() else None

    def textFromValue(self, value: int) -> str:
        """The number, or a word for any and for the bias."""
        if value == 0:
            return self.tr("any")
        return self.tr("bias") if self._has_bias and value == self.maximum() else super().textFromValue(value)

    def valueFromText(self, text: str) -> int:
        """The number of a typed text; what is none means any."""
        if text == self.tr("bias"):
            return self.maximum()
        return int(text) if text.isdigit() else 0

    def sizeHint(self) -> QSize:
        """Wide enough for a number of a large layer."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), QFontMetrics(self.font()).horizontalAdvance("4,096") + scaled(40)), hint.height())


class BreakpointFields(QWidget):
    """One breakpoint in the making."""

    def __init__(self) -> None:
        super().__init__()
        self._sizes: Sizes = (1, 1)
        self.kind, self.phase, self.layer = QComboBox(), QComboBox(), QComboBox()
        self.row, self.neuron, self.value = CountField(), CountField(), NumberField(_LOSS_ROW)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(scaled(6))
        for field, name in ((self.kind, self.tr("Stop")), (self.phase, self.tr("Phase")), (self.layer, self.tr("Layer")),
                            (self.row, self.tr("From input")), (self.neuron, self.tr("Neuron")), (self.value, self.tr("Below"))):
            self._form.addRow(name, field)
            field.setAccessibleName(name)
        for kind, words in zip(_NEEDED, (self.tr("at a place"), self.tr("training loss falls below"),
                                         self.tr("a batch’s loss falls below"), self.tr("a weight changes sign"),
                                         self.tr("a weight or bias changes sign"),
                                         self.tr("a ReLU neuron dies")), strict=True):
            self.kind.addItem(words, kind)
        self.phase.addItem(self.tr("any"), None)
        for phase, words in zip(PHASES, (self.tr("forward"), self.tr("loss"), self.tr("backward"), self.tr("update")), strict=True):
            self.phase.addItem(words, phase)
        self.value.show_value(0.1)
        self.value.number_entered.connect(self._take_value)
        self.value.nonsense_entered.connect(self._keep_value)
        self.kind.currentIndexChanged.connect(self._show_needed)
        self.phase.currentIndexChanged.connect(self._show_needed)
        self.layer.currentIndexChanged.connect(self._offer_places)
        self.show_network(self._sizes)
        self._show_needed()

    def show_network(self, sizes: Sizes) -> None:
        """Offer the layers and neurons of a network: the inputs, then each layer's neurons."""
        self._sizes, chosen = sizes, self.layer.currentIndex()
        self.layer.blockSignals(True)
        self.layer.clear()
        self.layer.addItem(self.tr("any"), None)
        for layer in range(len(sizes) - 1):
            self.layer.addItem(f"L{layer + 1}", layer)
        self.layer.setCurrentIndex(min(max(chosen, 0), len(sizes) - 1))
        self.layer.blockSignals(False)
        self._offer_places()

    def breakpoint(self) -> Breakpoint:
        """What the fields say."""
        kind, layer, neuron = self.kind.currentData(), self.layer.currentData(), self.neuron.index
        if kind == "place":
            phase = self.phase.currentData()
            return PlaceBreakpoint(phase) if phase == "loss" else PlaceBreakpoint(phase, layer, neuron)
        if kind == "sign":
            return SignChange(layer, self.row.index if layer is not None else None, neuron if layer is not None else None)
        if kind == "any-sign":
            return SignChange(layer, None, neuron if layer is not None else None, biases=True)
        if kind == "death":
            return NeuronDeath(layer, neuron)
        return LossBelow(self.value.value, "batch" if kind == "batch-loss" else "training")

    def _offer_places(self) -> None:
        layer = self.layer.currentData()
        self.neuron.offer(max(self._sizes[1:]) if layer is None else self._sizes[layer + 1])
        self.row.offer(0 if layer is None else self._sizes[layer], has_bias=layer is not None)
        self._show_needed()

    def _show_needed(self) -> None:
        """Only the fields that the kind needs."""
        kind = self.kind.currentData()
        needed = _NEEDED[kind]
        if kind == "place" and self.phase.currentData() == "loss":
            needed = {"phase"}
        if kind in ("sign", "any-sign") and self.layer.currentData() is None:
            # a place in every layer is no weight
            needed = {"layer"}
        for name, field in (("phase", self.phase), ("layer", self.layer), ("row", self.row), ("neuron", self.neuron),
                            ("value", self.value)):
            self._form.setRowVisible(field, name in needed)

    def _take_value(self, value: float) -> None:
        self.value.show_value(value if value > 0 else self.value.value)

    def _keep_value(self, text: str) -> None:
        self.value.show_value(self.value.value)
