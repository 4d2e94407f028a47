"""Edits: what the form, the inspector and the menus change, turned into orders; and undo.

The experiment's type says what an edit costs: another ``learning`` branches the run, anything else begins a new one. It is apart
from the document because that keeps what was done, and this asks for it. It refuses to change anything itself.
"""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QWidget

from nnsim.app import messages as m
from nnsim.app.display import Display
from nnsim.app.document import Document
from nnsim.app.message_band import MessageBand
from nnsim.app.simulation_thread import SimulationThread
from nnsim.core.datasets import SOURCES
from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Drawn, Experiment, ExperimentError, Learning
from nnsim.engine.proposal import of_source
from nnsim.picture import drawn_points, holding, numbers
from nnsim.picture.inspection import symbol
from nnsim.picture.targets import INPUTS, EdgeTarget, NeuronTarget


class Editing(QObject):
    """What changes the document. ``undo_action`` and ``redo_action`` follow what there is to undo."""

    advised = Signal(str)
    """What to do first, in a sentence."""

    def __init__(self, display: Display, thread: SimulationThread, document: Document, band: MessageBand,
                 undo_action: QAction, redo_action: QAction, window: QWidget) -> None:
        super().__init__(window)
        self._display, self._thread, self._document, self._band, self._window = display, thread, document, band, window
        self._undo_action, self._redo_action = undo_action, redo_action
        display.form.experiment_edited.connect(self.edit_experiment)
        display.form.source_chosen.connect(self._choose_source)
        display.form.new_seed_requested.connect(self.new_seed)
        display.output.points_drawn.connect(self._draw_points)
        display.output.drawing_refused.connect(self.advised)
        inspector = display.inspector
        inspector.parameter_edited.connect(self._set_parameter)
        inspector.cut_wanted.connect(self._cut)
        inspector.freeze_wanted.connect(self._freeze)
        inspector.layer_freeze_wanted.connect(self._freeze_layer)
        document.changed.connect(self._show_undo)
        self._show_undo()

    @Slot(object, str)
    def edit_experiment(self, experiment: Experiment, label: str) -> None:
        """Train this instead: on from here if only the learning differs, else from the start."""
        present = self._display.frame.experiment
        if experiment == present:
            return
        # only compared, so unchecked: the old loss need not fit other outputs
        if experiment.model_copy(update={"learning": present.learning}) == present:
            self._thread.send(m.Tune(experiment.learning, label))
        else:
            self._thread.send(m.Restart(experiment, label))

    @Slot()
    def new_seed(self) -> None:
        """The same experiment with other random weights: a new run."""
        experiment = self._display.frame.experiment
        seed = (experiment.seed + 1) % 2**31
        self._thread.send(m.Restart(experiment.replace(seed=seed, start=None), self.tr("Seed {0}").format(seed)))

    def lower_rate(self) -> None:
        """A tenth of the rate."""
        experiment = self._display.frame.experiment
        rate = float(f"{experiment.learning.rate / 10:.3g}")
        self.edit_experiment(experiment.replace(learning=experiment.learning.replace(rate=rate)),
                             self.tr("Rate {0}").format(numbers.exact(rate)))

    def set_selected_weight(self) -> None:
        """Ask for the selected edge's weight."""
        target, frame = self._display.selected, self._display.frame
        if not isinstance(target, EdgeTarget):
            self.advised.emit(self.tr("Select an edge first: click it in the diagram."))
            return
        weights, biases = frame.weights[target.layer], frame.biases[target.layer]
        is_bias = target.row == len(weights)
        present = biases[target.neuron] if is_bias else weights[target.row, target.neuron]
        text, accepted = QInputDialog.getText(self._window, self.tr("Set a weight"), self.tr("New value"),
                                              text=numbers.exact(float(present)))
        if accepted:
            try:
                self._set_parameter(target, float(text.replace(numbers.MINUS, "-").replace(",", ".")))
            except ValueError:
                self._band.say(self.tr("{0!r} is not a number: type one such as 0.5 or -1.25.").format(text))

    def cut_selected(self) -> None:
        """Cut the selected edge, or join it again."""
        target = self._display.selected
        if isinstance(target, EdgeTarget):
            self._cut(target)
        else:
            self.advised.emit(self.tr("Select an edge first: click it in the diagram."))

    def freeze_selected(self) -> None:
        """Freeze the selected neuron, or the one that the selected edge enters; or let it learn again."""
        target = self._display.selected
        if target is None or target.layer == INPUTS:
            self.advised.emit(self.tr("Select a neuron first: click it in the diagram."))
        else:
            self._freeze(NeuronTarget(target.layer, target.neuron))

    def undo(self) -> None:
        """Take the last edit back."""
        self._document.undo()

    def redo(self) -> None:
        """Make the edit again."""
        self._document.redo()

    @Slot(str)
    def _choose_source(self, name: str) -> None:
        if name == "drawn":
            self._draw_points(drawn_points.beginning(self._display.frame.dataset), 0)
            return
        if name in SOURCES and SOURCES[name].kind == "bundled" and name in example_names():
            # real data ask for a network of their own: the example's, which learns them
            experiment = example(name).experiment
        else:
            experiment = of_source(self._display.frame.experiment, name)
        self.edit_experiment(experiment, self.tr("Data {0}").format(name))

    @Slot(object, int)
    def _draw_points(self, drawn: Drawn, before: int) -> None:
        try:
            edit = drawn_points.edit(self._display.frame.experiment, before, drawn)
        except ExperimentError as refusal:
            self._band.say(str(refusal))
        else:
            self.edit_experiment(edit.experiment, edit.label)

    @Slot(object, float)
    def _set_parameter(self, target: object, value: float) -> None:
        assert isinstance(target, EdgeTarget)
        name = symbol(target, len(self._display.frame.weights[target.layer]))
        label = f"L{target.layer + 1} {name} {numbers.fixed(value)}"
        self._thread.send(m.SetParameter(target.layer, target.row, target.neuron, value, label))

    @Slot(object)
    def _cut(self, target: EdgeTarget) -> None:
        frame = self._display.frame
        self._hold(*holding.cut(frame.experiment.learning, target, frame.network))

    @Slot(object)
    def _freeze(self, target: NeuronTarget) -> None:
        self._hold(*holding.freeze(self._display.frame.experiment.learning, target))

    @Slot(int)
    def _freeze_layer(self, layer: int) -> None:
        self._hold(*holding.freeze_layer(self._display.frame.experiment.learning, layer))

    def _hold(self, learning: Learning, label: str) -> None:
        self._thread.send(m.Tune(learning, label))

    @Slot()
    def _show_undo(self) -> None:
        document = self._document
        for action, word, can, text in (
                (self._undo_action, self.tr("Undo"), document.can_undo, document.stack.undoText()),
                (self._redo_action, self.tr("Redo"), document.can_redo, document.stack.redoText())):
            action.setEnabled(can)
            action.setText(f"{word} {text}".strip())
