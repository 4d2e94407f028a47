"""The inspector: it shows what the frame knows about the target, and announces a typed value."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.experiment import changed
from nnsim.engine.past import past
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.palette import THEMES
from nnsim.picture.targets import INPUTS, EdgeTarget, NeuronTarget
from nnsim.widgets.captions import scaled
from nnsim.widgets.inspector import Inspector

# what the offscreen platform says of every window with a least size
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def inspector(qtbot: QtBot) -> Inspector:
    widget = Inspector()
    qtbot.addWidget(widget)
    widget.set_theme(THEMES["light"])
    widget.resize(346, 440)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def ring() -> Simulation:
    simulation = Simulation(example("ring").experiment)
    simulation.run(epochs=1)
    return simulation


def test_without_a_choice_a_hint_says_what_to_do(inspector: Inspector, ring: Simulation) -> None:
    inspector.show_frame(ring.frame, None)
    assert inspector.hint.isVisible() and "Choose a neuron" in inspector.hint.text()


def test_only_a_page_that_is_too_high_is_scrolled(inspector: Inspector, ring: Simulation) -> None:
    (area,) = inspector.findChildren(QScrollArea)
    for target, scrolled in ((None, False), (NeuronTarget(0, 1), True), (None, False)):
        inspector.show_frame(ring.frame, target)
        QApplication.processEvents()
        assert (area.verticalScrollBar().maximum() > 0) == scrolled


def test_an_edge_shows_its_name_its_value_and_its_exact_number(inspector: Inspector, ring: Simulation) -> None:
    ring.step("neuron")
    frame = ring.frame
    inspector.show_frame(frame, EdgeTarget(1, 1, 0))
    page = inspector.edge_page
    value = float(frame.weights[1][1, 0])
    assert page.isVisible() and page.value.heading.text() == "L1·2 → L2·1   W[2,1]"
    assert page.value.now.text() == numbers.fixed(value, 4)
    assert page.value.now.toolTip() == f"{numbers.fixed(value, 4)} (exactly {numbers.exact(value)})"
    assert not page.value.before.isVisible()
    assert page.facts.texts() == {"gradient of the batch": "?"}
    assert page.sentence.text().startswith("No sample has pushed yet")


def test_an_updated_edge_shows_old_and_new_and_who_pushed(inspector: Inspector, ring: Simulation) -> None:
    ring.step("batch")
    frame = ring.frame
    assert frame.trace is not None
    target = EdgeTarget(1, 1, 0)
    index = frame.network.index(*target)
    inspector.show_frame(frame, target)
    page = inspector.edge_page
    assert page.value.before.isVisible()
    assert page.value.before.text() == numbers.fixed(float(frame.trace.before[index]), 4)
    assert page.value.now.text() == numbers.fixed(float(frame.trace.after[index]), 4)
    gradient = numbers.significant(float(frame.trace.gradient[index]))
    assert page.facts.texts()["gradient of the batch"] == gradient
    assert page.sentence.text().count(f" of {gradient}, to which the shares add up.") == 1


def test_a_neuron_shows_only_what_is_known(inspector: Inspector, ring: Simulation) -> None:
    ring.step("layer")
    ring.step("neuron")
    frame = ring.frame
    assert frame.trace is not None
    inspector.show_frame(frame, NeuronTarget(1, 0))
    page = inspector.neuron_page
    assert page.facts.texts() == {"sum z": numbers.fixed(float(frame.trace.sums[1][0, 0])),
                                  "output a": numbers.fixed(float(frame.trace.outputs[1][0, 0])), "delta δ": "?"}
    inspector.show_frame(frame, NeuronTarget(2, 0))
    assert set(page.facts.texts().values()) == {"?"}
    rows = page.table.rows
    assert [rows.index(0, column).data() for column in (0, 2, 3)] == [
        "L2·1", numbers.fixed(float(frame.trace.outputs[1][0, 0])), "?"]
    assert rows.index(1, 2).data() == "?"


def test_a_cell_of_the_table_is_explained_rounded_first_and_typed_and_copied_exactly(
        inspector: Inspector, ring: Simulation) -> None:
    ring.step("sample")
    inspector.show_frame(ring.frame, NeuronTarget(1, 0))
    weight = inspector.neuron_page.table.rows.index(0, 1)
    value = float(ring.frame.weights[1][0, 0])
    assert weight.data(Qt.ItemDataRole.ToolTipRole) == f"{numbers.fixed(value)} (exactly {numbers.exact(value)})"
    assert weight.data(Qt.ItemDataRole.EditRole) == numbers.exact(value)
    inspector.neuron_page.table.selectAll()
    QTest.keyClick(inspector.neuron_page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\n")[0].split("\t")[:2] == ["L1·1", numbers.exact(value)]


def test_a_samples_bar_tells_its_share_rounded_and_exactly_once_it_is_known(inspector: Inspector, ring: Simulation) -> None:
    ring.step("sample")
    inspector.show_frame(ring.frame, EdgeTarget(1, 1, 0))
    bars = inspector.edge_page.bars
    assert ring.frame.trace is not None
    share = float(ring.frame.trace.outputs[0][1, 0] * ring.frame.trace.deltas[1][0, 0])
    assert bars.words_of(0) == f"sample 1: {numbers.significant(share)} (exactly {numbers.exact(share)})"
    assert bars.words_of(1) == "sample 2: not yet computed"


def test_an_input_has_no_bias_and_no_incoming_weights(inspector: Inspector, ring: Simulation) -> None:
    ring.step("neuron")
    inspector.show_frame(ring.frame, NeuronTarget(INPUTS, 1))
    page = inspector.neuron_page
    assert page.name.text() == "x₂" and not page.bias.isVisible() and not page.table.isVisible()


def test_a_typed_weight_is_announced_with_its_place(inspector: Inspector, ring: Simulation, qtbot: QtBot) -> None:
    target = EdgeTarget(0, 1, 2)
    inspector.show_frame(ring.frame, target)
    value = inspector.edge_page.value
    value.button.click()
    assert value.field.isVisible() and not value.button.isVisible()
    value.field.setText("−1.25")
    with qtbot.waitSignal(inspector.parameter_edited) as edited:
        QTest.keyClick(value.field, Qt.Key.Key_Return)
    assert edited.args == [target, -1.25]
    assert value.button.isVisible() and not value.field.isVisible()


def test_a_typed_bias_is_announced_as_the_row_after_the_inputs(inspector: Inspector, ring: Simulation, qtbot: QtBot) -> None:
    inspector.show_frame(ring.frame, NeuronTarget(1, 0))
    bias = inspector.neuron_page.bias
    bias.button.click()
    bias.field.setText("0.5")
    with qtbot.waitSignal(inspector.parameter_edited) as edited:
        QTest.keyClick(bias.field, Qt.Key.Key_Return)
    assert edited.args == [EdgeTarget(1, 3, 0), 0.5]


def test_nonsense_is_refused_in_place_and_escape_leaves_all_as_it_was(
        inspector: Inspector, ring: Simulation, qtbot: QtBot) -> None:
    inspector.show_frame(ring.frame, EdgeTarget(0, 0, 0))
    value = inspector.edge_page.value
    spy = QSignalSpy(inspector.parameter_edited)
    value.button.click()
    value.field.setText("much")
    QTest.keyClick(value.field, Qt.Key.Key_Return)
    assert "“much” is not a finite number" in value.message.text() and value.field.isVisible()
    QTest.keyClick(value.field, Qt.Key.Key_Escape)
    assert not value.field.isVisible() and not value.message.isVisible() and spy.count() == 0


def test_what_is_being_typed_survives_the_next_frame_but_not_another_choice(
        inspector: Inspector, ring: Simulation) -> None:
    inspector.show_frame(ring.frame, EdgeTarget(0, 0, 0))
    value = inspector.edge_page.value
    value.button.click()
    value.field.setText("0.7")
    ring.step("term")
    inspector.show_frame(ring.frame, EdgeTarget(0, 0, 0))
    assert value.field.isVisible() and value.field.text() == "0.7"
    inspector.show_frame(ring.frame, EdgeTarget(0, 1, 0))
    assert not value.field.isVisible()


def test_a_weight_typed_over_in_the_table_is_announced(inspector: Inspector, ring: Simulation, qtbot: QtBot) -> None:
    inspector.show_frame(ring.frame, NeuronTarget(1, 1))
    rows = inspector.neuron_page.table.rows
    with qtbot.waitSignal(inspector.parameter_edited) as edited:
        assert rows.setData(rows.index(2, 1), "0.125")
    assert edited.args == [EdgeTarget(1, 2, 1), 0.125]
    assert not rows.setData(rows.index(2, 1), "nothing")


def test_copying_from_the_table_takes_all_digits(inspector: Inspector, ring: Simulation, qtbot: QtBot) -> None:
    frame = ring.frame
    inspector.show_frame(frame, NeuronTarget(1, 0))
    table = inspector.neuron_page.table
    table.setCurrentIndex(table.rows.index(1, 1))
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert float(QGuiApplication.clipboard().text().replace("−", "-")) == frame.weights[1][1, 0]


def test_a_bar_stands_for_each_sample_and_knows_its_place(inspector: Inspector, ring: Simulation) -> None:
    ring.step("batch")
    inspector.show_frame(ring.frame, EdgeTarget(1, 1, 0))
    bars = inspector.edge_page.bars
    assert bars.left_out == ""
    found = {bars.sample_at(x) for x in range(bars.width())}
    assert found == {None, *range(10)}


def test_more_samples_than_room_say_how_many_are_drawn(inspector: Inspector) -> None:
    digits = example("digits").experiment
    simulation = Simulation(digits.replace(batch_size=500))
    simulation.step("batch")
    inspector.show_frame(simulation.frame, EdgeTarget(2, 0, 0))
    words = inspector.edge_page.bars.left_out
    assert words.endswith(" strongest of 500 samples") and int(words.split()[1]) < 500
    assert not inspector.grab().isNull()


@pytest.mark.parametrize("theme", list(THEMES))
def test_every_moment_of_a_batch_can_be_painted(inspector: Inspector, ring: Simulation, theme: str) -> None:
    inspector.set_theme(THEMES[theme])
    for _ in range(60):
        ring.step("layer")
        for target in (EdgeTarget(1, 0, 0), NeuronTarget(0, 2)):
            inspector.show_frame(ring.frame, target)
            assert np.prod(inspector.grab().size().toTuple()) > 0


def test_cutting_and_freezing_are_announced_and_their_state_is_shown(inspector: Inspector) -> None:
    simulation = Simulation(changed(changed(example("ring").experiment, "learning.cut", [[0, 1, 2]]), "learning.frozen", [[1]]))
    wanted: list[object] = []
    for signal in (inspector.cut_wanted, inspector.freeze_wanted, inspector.layer_freeze_wanted):
        signal.connect(wanted.append)
    edge, neuron = inspector.edge_page, inspector.neuron_page
    inspector.show_frame(simulation.frame, EdgeTarget(0, 1, 2))
    assert edge.cut.isChecked() and not edge.value.scrubber.isEnabled() and not edge.value.button.isEnabled()
    inspector.show_frame(simulation.frame, EdgeTarget(0, 0, 2))
    assert not edge.cut.isChecked() and edge.value.scrubber.isEnabled()
    edge.cut.click()
    inspector.show_frame(simulation.frame, NeuronTarget(1, 0))
    assert neuron.freeze_layer.isChecked() and not neuron.freeze.isEnabled()
    neuron.freeze_layer.click()
    inspector.show_frame(simulation.frame, NeuronTarget(0, 2))
    assert not neuron.freeze.isChecked()
    neuron.freeze.click()
    assert wanted == [EdgeTarget(0, 0, 2), 1, NeuronTarget(0, 2)]
    inspector.show_frame(simulation.frame, NeuronTarget(INPUTS, 0))
    assert neuron.freeze.isHidden() and neuron.freeze_layer.isHidden() and neuron.curve.isHidden()


def test_a_frozen_layer_does_not_widen_the_inspector(inspector: Inspector) -> None:
    simulation = Simulation(changed(example("ring").experiment, "learning.frozen", [[1], [0, 2]]))
    widths = []
    for target in (NeuronTarget(2, 0), NeuronTarget(1, 0), NeuronTarget(0, 2)):
        inspector.show_frame(simulation.frame, target)
        page = inspector.neuron_page
        widths.append(page.freeze.sizeHint().width() + page.freeze_layer.sizeHint().width())
    # as narrow as its dock may be, less the margins and the gap
    assert max(widths) <= scaled(280 - 2 * 12 - 8), widths


def test_a_neuron_shows_its_curve_with_the_tangent_once_the_way_back_has_been_there(inspector: Inspector, ring: Simulation) -> None:
    ring.step("neuron", 1)
    inspector.show_frame(ring.frame, NeuronTarget(0, 0))
    curve = inspector.neuron_page.curve.curve
    trace = ring.frame.trace
    assert curve is not None and trace is not None
    assert (curve.z, curve.a, curve.slope) == (trace.sums[0][0, 0], trace.outputs[0][0, 0], None)
    ring.step("sample")
    inspector.show_frame(ring.frame, NeuronTarget(0, 0))
    curve, slopes = inspector.neuron_page.curve.curve, trace.slopes[0]
    assert curve is not None and slopes is not None and curve.slope == slopes[0, 0]


def test_warnings_stand_on_the_page_of_their_neuron(inspector: Inspector) -> None:
    simulation = Simulation(changed(example("ring").experiment, "initializer", "zeros"))
    inspector.show_frame(simulation.frame, NeuronTarget(0, 1))
    (sentence,) = inspector.neuron_page.warnings.sentences()
    assert "the very same as those of L1·1" in sentence
    inspector.show_frame(simulation.frame, NeuronTarget(2, 0))
    assert inspector.neuron_page.warnings.sentences() == []


def test_dragging_changes_a_weight_step_by_step_before_any_frame_answers(inspector: Inspector, ring: Simulation) -> None:
    target = EdgeTarget(0, 0, 0)
    inspector.show_frame(ring.frame, target)
    edited: list[tuple[object, float]] = []
    inspector.parameter_edited.connect(lambda *what: edited.append((what[0], what[1])))
    scrubber = inspector.edge_page.value.scrubber
    QTest.mousePress(scrubber, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 10))
    for x in (30, 45):
        QTest.mouseMove(scrubber, QPoint(x, 10))
    QTest.mouseRelease(scrubber, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(45, 10))
    QTest.keyClick(scrubber, Qt.Key.Key_Left)
    QTest.keyClick(scrubber, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    start = float(ring.frame.weights[0][0, 0])
    assert [place for place, _ in edited] == [target] * 4
    assert [value for _, value in edited] == pytest.approx([start + 0.1, start + 0.25, start + 0.24, start + 0.241], abs=3e-6)


def test_the_history_of_what_is_chosen_is_shown(inspector: Inspector, ring: Simulation) -> None:
    inspector.show_frame(ring.frame, EdgeTarget(0, 1, 2))
    assert inspector.wants_past and inspector.history.isHidden()
    inspector.show_past(past(ring))
    history = inspector.history.history
    assert history is not None and history.name == "W[2,3] of L1" and history.values[-1] == ring.frame.weights[0][1, 2]
    inspector.show_frame(ring.frame, NeuronTarget(0, 0))
    history = inspector.history.history
    assert history is not None and history.name == "b[1] of L1"


def test_an_input_has_no_history(inspector: Inspector, ring: Simulation) -> None:
    inspector.show_past(past(ring))
    inspector.show_frame(ring.frame, NeuronTarget(INPUTS, 0))
    assert not inspector.wants_past and inspector.history.isHidden()


def test_a_bias_that_does_not_learn_is_marked_on_both_pages(inspector: Inspector) -> None:
    experiment = example("ring").experiment
    frame = Simulation(experiment.replace(learning=experiment.learning.replace(biases_learn=False))).frame
    inspector.show_frame(frame, NeuronTarget(0, 0))
    assert inspector.neuron_page.bias.heading.text().endswith("(held: biases do not learn)")
    inspector.show_frame(frame, EdgeTarget(0, 2, 0))
    assert inspector.edge_page.value.heading.text().endswith("(held: biases do not learn)")
    inspector.show_frame(frame, EdgeTarget(0, 1, 0))
    assert "held" not in inspector.edge_page.value.heading.text()
