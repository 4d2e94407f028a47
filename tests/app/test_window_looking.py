"""Looking closer: the probe, what the diagram shows, the pane below it, cutting and freezing, numbers with a comma."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from journeys import Journey, journey
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnsim.app import messages as m
from nnsim.app.preferences import Preferences
from nnsim.engine.probe import Probe
from nnsim.picture import numbers
from nnsim.picture.targets import EdgeTarget, NeuronTarget
from nnsim.picture.time_picture import finished_batches
from nnsim.widgets.number_field import NumberField

# what the offscreen platform says of every window with a least size
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made



@pytest.fixture
def iris(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "iris") as made:
        made.show()
        yield made


def probe_on_show(made: Journey) -> Probe | None:
    probed = made.frame.probed
    return None if probed is None else probed.probe


def until_probed(made: Journey, probe: Probe | None) -> None:
    made.until(lambda: probe_on_show(made) == probe)


def test_a_clicked_point_becomes_the_probe_and_following_training_takes_it_away(ring: Journey) -> None:
    ring.show()
    ring.run_to(20)
    ring.window.display.output.row_chosen.emit(7)
    until_probed(ring, Probe(7))
    assert ring.window.display.seen is ring.frame.probed
    assert "Probe · " in ring.window.display.equations.accessibleDescription() or "Probe, row 8" in spoken(ring)
    ring.act("view-next-sample")
    until_probed(ring, Probe(8))
    ring.act("view-follow-training")
    until_probed(ring, None)
    assert ring.window.display.seen is ring.frame


def spoken(made: Journey) -> str:
    caption = made.window.display.equations.caption
    return "" if caption is None else caption.sentence


def test_a_probe_is_watched_while_training_goes_on_and_changes_nothing_in_it(ring: Journey) -> None:
    ring.show()
    ring.window.display.probe_panel.probe_chosen.emit(Probe(inputs=(0.5, -1.0)))
    until_probed(ring, Probe(inputs=(0.5, -1.0)))
    first = ring.frame.probed
    ring.run_to(50)
    ring.until(lambda: finished_batches(ring.frame) == 50 and ring.frame.probed is not None)
    later = ring.frame.probed
    assert first is not None and later is not None and first.trace is not None and later.trace is not None
    assert first.trace.outputs[-1][0, 0] != later.trace.outputs[-1][0, 0]


def test_a_click_on_a_cell_of_the_confusion_table_leads_through_its_samples(iris: Journey) -> None:
    iris.run_to(30)
    output = iris.window.display.output
    iris.window.docks.docks["output"].raise_()
    iris.until(lambda: iris.frame.test_outputs is not None)
    outputs, data = iris.frame.test_outputs, iris.frame.dataset
    assert outputs is not None
    true, said = data.targets[data.test].argmax(axis=1), outputs.argmax(axis=1)
    rows = data.test[(true == true[0]) & (said == said[0])].tolist()
    for row in (rows * 2)[: len(rows) + 1]:
        output.cell_chosen.emit(int(true[0]), int(said[0]))
        until_probed(iris, Probe(row))


def test_another_data_set_takes_the_probe_away(ring: Journey) -> None:
    ring.show()
    ring.window.display.output.row_chosen.emit(7)
    until_probed(ring, Probe(7))
    ring.wait_report(m.Opened, lambda: ring.window.files.open("xor"))
    until_probed(ring, None)
    assert ring.window.display.probe is None


def test_maps_over_two_chosen_inputs_are_asked_for_and_drawn(iris: Journey) -> None:
    iris.run_to(10)
    network = iris.window.display.network
    assert iris.frame.maps is None
    network.neurons_chosen.emit("maps")
    iris.until(lambda: iris.frame.maps is not None)
    network.axes_chosen.emit((2, 3), True)
    iris.until(lambda: iris.frame.maps is not None and iris.frame.maps.axes == (2, 3))
    picture = network.picture
    assert picture is not None and any(cell.pixels is not None for cell in picture.cells)


def test_matrices_and_steps_take_the_place_of_the_equation_and_lead_to_moments(ring: Journey) -> None:
    ring.show()
    ring.act("step-next-neuron")
    ring.until(lambda: ring.frame.moment.mark > 0)
    display, first = ring.window.display, ring.frame.moment
    ring.act("view-matrices")
    assert display.lower.tab == "matrices" and display.matrices.isVisible() and not display.equations.isVisible()
    ring.act("view-protocol")
    assert display.protocol.isVisible()
    display.protocol.setFocus()
    ring.press(Qt.Key.Key_Down)
    ring.until(lambda: ring.frame.moment > first)
    ring.press(Qt.Key.Key_Home)
    ring.until_at(first)
    ring.act("view-equations")
    assert display.equations.isVisible()


def test_cutting_and_freezing_branch_the_run_and_can_be_undone(ring: Journey) -> None:
    ring.show()
    ring.run_to(30)
    before = ring.frame.theta.tobytes()
    ring.window.display.network.target_selected.emit(EdgeTarget(0, 1, 2))
    ring.act("network-cut")
    ring.until(lambda: bool(ring.frame.weights[0][1, 2] == 0))
    ring.window.display.network.target_selected.emit(NeuronTarget(1, 0))
    ring.act("network-freeze")
    ring.until(lambda: ring.frame.experiment.learning.frozen == ((1, 0),))
    frozen = ring.frame.weights[1][:, 0].copy()
    ring.act("step-next-epoch")
    ring.until(lambda: finished_batches(ring.frame) == 50)
    assert ring.frame.weights[0][1, 2] == 0 and np.array_equal(ring.frame.weights[1][:, 0], frozen)
    ring.act("edit-undo")
    ring.until(lambda: ring.frame.experiment.learning.frozen == ())
    ring.act("edit-undo")
    ring.until(lambda: ring.frame.theta.tobytes() == before)


def test_without_a_selection_cutting_says_what_to_do(ring: Journey) -> None:
    ring.show()
    for action, noun in (("network-cut", "an edge"), ("network-freeze", "a neuron")):
        ring.act(action)
        assert f"Select {noun} first" in ring.window.statusBar().currentMessage()
    assert ring.edits() == (False, False)


def test_a_decimal_comma_is_written_at_once_and_remembered(ring: Journey) -> None:
    ring.show()
    ring.act("view-decimal-comma")
    try:
        assert ring.window.preferences.decimal_comma
        assert numbers.fixed(0.5) == "+0,500"
        noise = ring.window.display.form.fields["data.noise"].editor
        assert isinstance(noise, NumberField) and noise.text() == "0,1"
        ring.act("view-decimal-comma")
        assert numbers.fixed(0.5) == "+0.500"
    finally:
        numbers.write_decimals_with(".")


def test_digits_are_chosen_in_the_view_menu_for_equations_and_matrices_and_remembered(ring: Journey) -> None:
    ring.show()
    ring.act("step-next-neuron")
    menu = next(action for action in ring.window.menuBar().actions() if action.text().replace("&", "") == "View").menu()
    assert isinstance(menu, QMenu) and any(action.text() == "Digits" for action in menu.actions())
    actions = ring.window.actions_by_id
    assert actions["view-digits-3"].isChecked()
    ring.act("view-digits-6")
    assert Preferences().digits == 6 and actions["view-digits-6"].isChecked()
    # the panel's own menu is the same setting
    panel = ring.window.display.equations
    digits = next(action.menu() for action in panel.context_menu().actions() if isinstance(action.menu(), QMenu))
    assert isinstance(digits, QMenu) and [action.isChecked() for action in digits.actions()] == [False, True, False]
    digits.actions()[2].trigger()
    assert actions["view-digits-all"].isChecked() and Preferences().digits is None
    ring.act("view-digits-3")
    assert Preferences().digits == 3


def test_undo_to_other_data_takes_the_probe_away(iris: Journey) -> None:
    iris.wait_report(m.Edited, lambda: iris.window.display.form.source_chosen.emit("moons"))
    iris.window.display.output.row_chosen.emit(140)
    until_probed(iris, Probe(140))
    iris.wait_report(m.Returned, lambda: iris.act("edit-undo"))
    until_probed(iris, None)
    assert iris.window.display.probe is None
