"""The probe's panel: what it announces, and that it shows the probe's own numbers."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.probe import Probe
from nnsim.engine.simulation import Simulation
from nnsim.picture.palette import THEMES
from nnsim.picture.probe_picture import probe_picture
from nnsim.widgets.probe_panel import ProbePanel

# what the offscreen platform says of every window with a least size
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def panel(qtbot: QtBot) -> ProbePanel:
    made = ProbePanel()
    qtbot.addWidget(made)
    made.resize(340, 420)
    made.set_theme(THEMES["light"])
    made.show()
    return made


def frame_of(name: str, probe: Probe | None, epochs: int = 2) -> Frame:
    simulation = Simulation(example(name).experiment)
    simulation.run(epochs=epochs)
    simulation.step("neuron")
    return simulation.look(Wants(probe=probe))


def chosen(panel: ProbePanel) -> list[object]:
    found: list[object] = []
    panel.probe_chosen.connect(found.append)
    return found


def arrow(panel: ProbePanel, name: str) -> QToolButton:
    return next(button for button in panel.findChildren(QToolButton) if button.accessibleName() == name)


def test_without_a_probe_it_shows_the_sample_training_is_at_and_no_outputs(panel: ProbePanel) -> None:
    frame = frame_of("iris", None)
    panel.show_frame(frame)
    assert frame.row is not None and panel.name.text() == f"Training: row {frame.row + 1} (training)"
    assert panel.inputs.rows.rowCount() == 4 and panel.inputs.rows.index(0, 0).data() == frame.dataset.input_names[0]
    assert not panel.follow.isEnabled() and probe_picture(frame).outputs == ()


def test_a_row_shows_its_outputs_its_targets_and_its_own_loss(panel: ProbePanel) -> None:
    frame = frame_of("iris", Probe(3))
    panel.show_frame(frame)
    shown = probe_picture(frame)
    trace = frame.probed.trace if frame.probed else None
    assert trace is not None
    assert [output.value for output in shown.outputs] == trace.outputs[-1][:, 0].tolist()
    assert [output.target for output in shown.outputs] == frame.dataset.targets[3].tolist()
    assert shown.loss == float(trace.losses[0]) and panel.row.value() == 4
    assert "Nothing is learned from a probe." in panel.sentence.text() and panel.follow.isEnabled()


@pytest.mark.parametrize(("name", "row", "words"), [
    ("xor", 2, "the batch's is the mean over its 4 samples, of which it is one."),
    ("textbook-2-2-2", 0, "it is the batch's only sample."),
])
def test_the_sentence_says_whether_the_row_is_in_the_batch(name: str, row: int, words: str) -> None:
    assert words in probe_picture(frame_of(name, Probe(row))).sentence


def test_a_row_outside_of_the_batch_is_none_of_its_samples() -> None:
    frame = frame_of("ring", None)
    assert frame.trace is not None
    row = next(each for each in range(350) if each not in frame.trace.rows)
    assert "samples, of which it is none." in probe_picture(frame_of("ring", Probe(row))).sentence


def test_typed_inputs_have_outputs_and_no_target(panel: ProbePanel) -> None:
    frame = frame_of("ring", Probe(inputs=(0.5, -1.25)))
    panel.show_frame(frame)
    assert panel.name.text() == "Probe: typed inputs"
    assert panel.inputs.rows.index(1, 1).data(Qt.ItemDataRole.EditRole) == "−1.25"
    (output,) = probe_picture(frame).outputs
    assert output.target is None and probe_picture(frame).loss is None


def test_typing_a_number_announces_all_inputs_with_it(panel: ProbePanel) -> None:
    frame = frame_of("iris", Probe(3))
    panel.show_frame(frame)
    found = chosen(panel)
    model = panel.inputs.rows
    assert model.setData(model.index(2, 1), "−1,5") and not model.setData(model.index(2, 1), "cat")
    expected = frame.dataset.inputs[3].tolist()
    expected[2] = -1.5
    assert found == [Probe(inputs=tuple(expected))]


def test_rows_are_chosen_by_number_and_by_arrows_around_the_ends(panel: ProbePanel) -> None:
    panel.show_frame(frame_of("iris", Probe(0)))
    found = chosen(panel)
    arrow(panel, "Row before").click()
    arrow(panel, "Row after").click()
    panel.row.setValue(17)
    assert found == [Probe(149), Probe(1), Probe(16)]


def test_following_training_again_takes_the_probe_away(panel: ProbePanel) -> None:
    panel.show_frame(frame_of("ring", Probe(5)))
    found = chosen(panel)
    panel.follow.click()
    assert found == [None]


def test_showing_a_frame_announces_nothing(panel: ProbePanel) -> None:
    found = chosen(panel)
    for probe in (None, Probe(7), Probe(inputs=(0.0, 0.0)), None):
        panel.show_frame(frame_of("ring", probe))
    assert found == []


def test_the_network_names_the_class_and_says_whether_it_is_right() -> None:
    simulation = Simulation(example("iris").experiment)
    simulation.run(epochs=60)
    data, outputs = simulation.dataset, simulation.predict(simulation.dataset.inputs)
    right = outputs.argmax(axis=1) == data.targets.argmax(axis=1)
    for row, word in ((int(np.flatnonzero(right)[0]), "That is right."), (int(np.flatnonzero(~right)[0]), "It is ")):
        sentence = probe_picture(simulation.look(Wants(probe=Probe(row)))).sentence
        assert word in sentence and data.target_names[int(outputs[row].argmax())] in sentence
