"""The inspector's pages: one for a weight or bias, one for a neuron or an input.

They are apart from the inspector, which only chooses between them. They refuse to change anything: what the user does is announced.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nnsim.picture import numbers
from nnsim.picture.inspection import EdgeInspection, Fact, NeuronInspection
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.targets import EdgeTarget, NeuronTarget
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.curve_view import CurveView
from nnsim.widgets.incoming_table import IncomingTable
from nnsim.widgets.parameter_editor import ParameterEditor
from nnsim.widgets.push_bars import PushBars
from nnsim.widgets.warning_list import WarningList

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class FactList(QWidget):
    """Names and numbers, one below the other; a question mark stands for what is not yet computed."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(scaled(4))
        self._grid.setColumnStretch(0, 1)
        self._lines: list[tuple[Caption, Caption]] = []
        self._facts: tuple[Fact, ...] = ()
        self._theme = THEMES["light"]

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show these facts."""
        self._facts = facts
        while len(self._lines) < len(facts):
            name, number = Caption("", 13, "ink2"), Caption("", 15, "ink", bold=True)
            number.setTextInteractionFlags(_SELECTABLE)
            number.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            row = len(self._lines)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(number, row, 1, Qt.AlignmentFlag.AlignRight)
            name.set_theme(self._theme)
            self._lines.append((name, number))
        for index, (name, number) in enumerate(self._lines):
            for label in (name, number):
                label.setVisible(index < len(facts))
            if index < len(facts):
                self._show_fact(facts[index], name, number)

    def texts(self) -> dict[str, str]:
        """What is on show, by name."""
        return {name.text(): number.text() for name, number in self._lines[: len(self._facts)]}

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self._theme = theme
        for name, _ in self._lines:
            name.set_theme(theme)
        self.show_facts(self._facts)

    def _show_fact(self, fact: Fact, name: Caption, number: Caption) -> None:
        name.setText(fact.name)
        number.setText(fact.text)
        number.setToolTip(self.tr("not yet computed") if fact.value is None else numbers.in_full(fact.text, fact.value))
        number.setAccessibleName(f"{fact.name} {fact.text}")
        if fact.value is None:
            number.set_colour(self._theme.ink3)
        else:
            number.set_colour(self._theme.sign_ink(fact.value) if fact.signed else self._theme.ink)


class EdgePage(QWidget):
    """A weight or bias: its value, its gradient, and who pushed it. ``cut_wanted(target)``: cut it, or join it again."""

    cut_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._target: EdgeTarget | None = None
        self.value = ParameterEditor(" ")
        self.cut = _toggle("inspector-cut")
        self.cut.clicked.connect(self._cut)
        self.warnings = WarningList()
        self.facts = FactList()
        self.push_title = Caption("", 13, "ink2", bold=True)
        self.bars = PushBars()
        self.sentence = Caption("", 13, "ink")
        self.sentence.setWordWrap(True)
        self.push_title.setWordWrap(True)
        for label in (self.push_title, self.sentence):
            label.setTextInteractionFlags(_SELECTABLE)
        whole = _column(self)
        for widget in (self.value, self.facts, self.warnings, self.push_title, self.bars, self.sentence):
            whole.addWidget(widget)
        whole.addLayout(_row(self.cut))
        whole.addStretch(1)

    def show_edge(self, edge: EdgeInspection) -> None:
        """Show an edge's facts."""
        self.value.set_title(f"{edge.place}   {edge.symbol}")
        self._target = edge.parameter.target
        self.value.show_parameter(edge.parameter)
        self.value.set_held(edge.cut)
        self.cut.setChecked(edge.cut)
        self.cut.setText(self.tr("Cut: join it again") if edge.cut else self.tr("Cut this edge"))
        self.cut.setToolTip(self.tr("A cut weight is 0 and stays 0. Branches this run; can be undone."))
        self.warnings.show_warnings(edge.warnings)
        self.facts.show_facts(edge.facts)
        self.push_title.setText(edge.pushes.title)
        self.bars.setVisible(len(edge.pushes.shares) > 0)
        self.bars.show_pushes(edge.pushes)
        self.sentence.setText(edge.pushes.sentence)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for widget in (self.value, self.facts, self.bars, self.warnings):
            widget.set_theme(theme)
        for caption in (self.push_title, self.sentence):
            caption.set_theme(theme)

    def _cut(self) -> None:
        if self._target is not None:
            self.cut_wanted.emit(self._target)


class NeuronPage(QWidget):
    """A neuron or an input: its numbers in this sample, its curve, its bias, its incoming weights.

    ``freeze_wanted(target)`` and ``layer_freeze_wanted(layer)``: freeze it, or let it learn again.
    """

    freeze_wanted = Signal(object)
    layer_freeze_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._target: NeuronTarget | None = None
        self.curve, self.warnings = CurveView(), WarningList()
        self.freeze, self.freeze_layer = _toggle("inspector-freeze"), _toggle("inspector-freeze-layer")
        self.freeze.clicked.connect(self._freeze)
        self.freeze_layer.clicked.connect(self._freeze_layer)
        self.name, self.note = Caption("", 17, "ink", bold=True), Caption("", 11.5, "ink3")
        self.facts = FactList()
        self.bias = ParameterEditor(self.tr("bias b"), 15)
        self.incoming_title = Caption(self.tr("incoming weights"), 13, "ink2", bold=True)
        self.table = IncomingTable()
        self.name.setTextInteractionFlags(_SELECTABLE)
        whole = _column(self)
        for widget in (self.name, self.note, self.facts, self.warnings, self.curve, self.bias):
            whole.addWidget(widget)
        whole.addLayout(_row(self.freeze, self.freeze_layer))
        whole.addWidget(self.incoming_title)
        # an input has no table: then the rest keeps to the top
        whole.addWidget(self.table, 100)
        whole.addStretch(1)

    def show_neuron(self, neuron: NeuronInspection, phase: str) -> None:
        """Show a neuron's facts, in a phase."""
        self._target = neuron.target
        self._show_held(neuron)
        self.warnings.show_warnings(neuron.warnings)
        self.curve.show_curve(neuron.curve, phase)
        self.name.setText(neuron.name)
        self.note.setText(neuron.note)
        self.facts.show_facts(neuron.facts)
        self.bias.setVisible(neuron.bias is not None)
        if neuron.bias is not None:
            self.bias.show_parameter(neuron.bias)
        for widget in (self.incoming_title, self.table):
            widget.setVisible(neuron.incoming is not None)
        if neuron.incoming is not None:
            self.table.rows.show_incoming(neuron.incoming)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for widget in (self.facts, self.bias, self.table, self.curve, self.warnings):
            widget.set_theme(theme)
        for caption in (self.name, self.note, self.incoming_title):
            caption.set_theme(theme)

    def _show_held(self, neuron: NeuronInspection) -> None:
        layer = f"L{neuron.target.layer + 1}"
        for button in (self.freeze, self.freeze_layer):
            button.setVisible(neuron.bias is not None)
            button.setToolTip(self.tr("What is frozen keeps its weights and bias until it is let learn again. Branches this run; "
                                      "can be undone."))
        self.freeze.setChecked(neuron.frozen)
        self.freeze_layer.setChecked(neuron.layer_frozen)
        self.freeze.setEnabled(not neuron.layer_frozen)
        self.freeze.setText(self.tr("Neuron frozen") if neuron.frozen else self.tr("Freeze neuron"))
        self.freeze_layer.setText(
            self.tr("{0} frozen").format(layer) if neuron.layer_frozen else self.tr("Freeze {0}").format(layer))

    def _freeze(self) -> None:
        if self._target is not None:
            self.freeze_wanted.emit(self._target)

    def _freeze_layer(self) -> None:
        if self._target is not None:
            self.layer_freeze_wanted.emit(self._target.layer)


def _toggle(name: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setCheckable(True)
    return button


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row


def _column(page: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(page)
    layout.setContentsMargins(scaled(12), scaled(8), scaled(12), scaled(12))
    layout.setSpacing(scaled(8))
    return layout
