"""The inspector: all that is known about the chosen neuron or edge at the moment on show.

It is apart from the canvas because there a number has little room. It refuses to decide what is chosen and to change a weight:
a typed value is announced.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from nnsim.engine.frame import Frame
from nnsim.picture import numbers
from nnsim.picture.inspection import EdgeInspection, Fact, NeuronInspection, inspect
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.targets import Target
from nnsim.widgets.captions import Caption, scaled
from nnsim.widgets.incoming_table import IncomingTable
from nnsim.widgets.parameter_editor import ParameterEditor
from nnsim.widgets.push_bars import PushBars

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class Inspector(QWidget):
    """``parameter_edited(target, value)``: an EdgeTarget, and the value typed for it."""

    parameter_edited = Signal(object, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.hint = Caption(self.tr("Choose a neuron or an edge on the diagram to see its numbers here."), 13, "ink2")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.hint.setMargin(scaled(12))
        self.edge_page, self.neuron_page = EdgePage(), NeuronPage()
        self.pages = QStackedWidget()
        for page in (self.hint, self.edge_page, self.neuron_page):
            self.pages.addWidget(page)
        scroll_area = QScrollArea()
        scroll_area.setWidgetResizable(True)
        scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll_area.setWidget(self.pages)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll_area)
        self.edge_page.value.parameter_edited.connect(self.parameter_edited)
        self.neuron_page.bias.parameter_edited.connect(self.parameter_edited)
        self.neuron_page.table.rows.parameter_edited.connect(self.parameter_edited)

    def show_frame(self, frame: Frame, target: Target | None) -> None:
        """Show what is known about the target at this moment; None, or a place there is not: a hint."""
        found = inspect(frame, target)
        if isinstance(found, EdgeInspection):
            self.edge_page.show_edge(found)
            self.pages.setCurrentWidget(self.edge_page)
        elif isinstance(found, NeuronInspection):
            self.neuron_page.show_neuron(found)
            self.pages.setCurrentWidget(self.neuron_page)
        else:
            self.pages.setCurrentWidget(self.hint)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.hint.set_theme(theme)
        self.edge_page.set_theme(theme)
        self.neuron_page.set_theme(theme)


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
    """A weight or bias: its value, its gradient, and who pushed it."""

    def __init__(self) -> None:
        super().__init__()
        self.value = ParameterEditor(" ")
        self.facts = FactList()
        self.push_title = Caption("", 13, "ink2", bold=True)
        self.bars = PushBars()
        self.sentence = Caption("", 13, "ink")
        self.sentence.setWordWrap(True)
        for label in (self.push_title, self.sentence):
            label.setTextInteractionFlags(_SELECTABLE)
        whole = _column(self)
        for widget in (self.value, self.facts, self.push_title, self.bars, self.sentence):
            whole.addWidget(widget)
        whole.addStretch(1)

    def show_edge(self, edge: EdgeInspection) -> None:
        """Show an edge's facts."""
        self.value.heading.setText(f"{edge.place}   {edge.symbol}")
        self.value.show_parameter(edge.parameter)
        self.facts.show_facts(edge.facts)
        self.push_title.setText(edge.pushes.title)
        self.bars.setVisible(len(edge.pushes.shares) > 0)
        self.bars.show_pushes(edge.pushes)
        self.sentence.setText(edge.pushes.sentence)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.value.set_theme(theme)
        self.facts.set_theme(theme)
        self.bars.set_theme(theme)
        for caption in (self.push_title, self.sentence):
            caption.set_theme(theme)


class NeuronPage(QWidget):
    """A neuron or an input: its numbers in this sample, its bias, its incoming weights."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.note = Caption("", 17, "ink", bold=True), Caption("", 11.5, "ink3")
        self.facts = FactList()
        self.bias = ParameterEditor(self.tr("bias b"), 15)
        self.incoming_title = Caption(self.tr("incoming weights"), 13, "ink2", bold=True)
        self.table = IncomingTable()
        self.name.setTextInteractionFlags(_SELECTABLE)
        whole = _column(self)
        for widget in (self.name, self.note, self.facts, self.bias, self.incoming_title):
            whole.addWidget(widget)
        # an input has no table: then the rest keeps to the top
        whole.addWidget(self.table, 100)
        whole.addStretch(1)

    def show_neuron(self, neuron: NeuronInspection) -> None:
        """Show a neuron's facts."""
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
        self.facts.set_theme(theme)
        self.bias.set_theme(theme)
        self.table.set_theme(theme)
        for caption in (self.name, self.note, self.incoming_title):
            caption.set_theme(theme)


def _column(page: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(page)
    layout.setContentsMargins(scaled(12), scaled(8), scaled(12), scaled(12))
    layout.setSpacing(scaled(8))
    return layout
