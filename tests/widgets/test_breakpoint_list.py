"""The list of breakpoints: what is added, switched and removed goes out as one tuple; showing them speaks to nobody."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnsim.engine.breakpoints import Breakpoint, LossBelow, NeuronDeath, PlaceBreakpoint, SignChange
from nnsim.picture.palette import THEMES
from nnsim.widgets.breakpoint_list import BreakpointList

SIZES = (2, 4, 3, 1)
THREE: tuple[Breakpoint, ...] = (PlaceBreakpoint("backward", 1, 2), LossBelow(0.05), SignChange(0, 2, 1, enabled=False))


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[BreakpointList]:
    host = QWidget()
    qtbot.addWidget(host)
    made = BreakpointList(host)
    made.set_theme(THEMES["light"])
    made.show_network(SIZES, ("relu", "tanh", "sigmoid"))
    made.resize(300, 500)
    host.resize(300, 500)
    host.show()
    qtbot.waitExposed(host)
    yield made


def choose(panel: BreakpointList, kind: str, phase: str | None = None, layer: int | None = None) -> None:
    fields = panel.fields
    fields.kind.setCurrentIndex(fields.kind.findData(kind))
    fields.phase.setCurrentIndex(fields.phase.findData(phase))
    fields.layer.setCurrentIndex(0 if layer is None else fields.layer.findData(layer))


def changes(spy: QSignalSpy) -> list[object]:
    return [spy.at(i)[0] for i in range(spy.count())]


def test_showing_breakpoints_speaks_to_nobody(panel: BreakpointList) -> None:
    spy = QSignalSpy(panel.breakpoints_changed)
    panel.show_breakpoints(THREE)
    assert spy.count() == 0
    assert [panel.list.item(i).text() for i in range(3)] == [each.sentence(SIZES) for each in THREE]
    assert [panel.list.item(i).checkState() == Qt.CheckState.Checked for i in range(3)] == [True, True, False]
    assert not panel.none.isVisible() and panel.list.isVisible()
    panel.show_breakpoints(())
    assert panel.none.isVisible() and not panel.list.isVisible()


def test_each_kind_can_be_added(panel: BreakpointList) -> None:
    spy, expected = QSignalSpy(panel.breakpoints_changed), []

    def add(made: Breakpoint) -> None:
        panel.add_button.click()
        expected.append(made)
        assert changes(spy)[-1] == tuple(expected)

    choose(panel, "place", "backward", 1)
    panel.fields.neuron.setValue(3)
    add(PlaceBreakpoint("backward", 1, 2))
    choose(panel, "place", "loss", 1)
    add(PlaceBreakpoint("loss"))
    choose(panel, "sign", layer=0)
    panel.fields.row.setValue(panel.fields.row.maximum())
    panel.fields.neuron.setValue(0)
    assert panel.fields.row.text() == "bias"
    add(SignChange(0, 2, None))
    choose(panel, "sign")
    add(SignChange())
    choose(panel, "death")
    add(NeuronDeath())
    choose(panel, "batch-loss")
    panel.fields.value.number_entered.emit(0.25)
    add(LossBelow(0.25, "batch"))
    choose(panel, "training-loss")
    add(LossBelow(0.25, "training"))


def test_a_box_switches_a_breakpoint_off_and_on(panel: BreakpointList) -> None:
    panel.show_breakpoints(THREE)
    spy = QSignalSpy(panel.breakpoints_changed)
    panel.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    panel.list.item(2).setCheckState(Qt.CheckState.Checked)
    assert changes(spy) == [(THREE[0], LossBelow(0.05, enabled=False), THREE[2]),
                            (THREE[0], LossBelow(0.05, enabled=False), SignChange(0, 2, 1))]


def test_the_chosen_ones_are_removed_by_button_and_by_key(panel: BreakpointList) -> None:
    panel.show_breakpoints(THREE)
    assert not panel.remove_button.isEnabled()
    spy = QSignalSpy(panel.breakpoints_changed)
    panel.list.item(1).setSelected(True)
    panel.remove_button.click()
    panel.list.setFocus()
    panel.list.item(0).setSelected(True)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert changes(spy) == [(THREE[0], THREE[2]), (THREE[2],)]


def test_adding_what_is_there_only_switches_it_on(panel: BreakpointList) -> None:
    panel.show_breakpoints((NeuronDeath(enabled=False), LossBelow(1.0)))
    spy = QSignalSpy(panel.breakpoints_changed)
    choose(panel, "death")
    panel.add_button.click()
    assert changes(spy) == [(NeuronDeath(), LossBelow(1.0))]


def test_a_network_without_the_place_is_told(panel: BreakpointList) -> None:
    panel.show_breakpoints(THREE)
    assert panel.list.item(0).toolTip() == ""
    panel.show_network((2, 3, 1), ("tanh", "sigmoid"))
    assert panel.list.item(0).toolTip() == "This network has no such place."
    assert panel.list.item(1).toolTip() == ""
    assert panel.fields.layer.count() == 3


def test_only_the_fields_that_a_kind_needs_are_in_sight(panel: BreakpointList) -> None:
    fields = panel.fields
    every = (fields.phase, fields.layer, fields.row, fields.neuron, fields.value)
    for kind, layer, seen in (("place", None, {fields.phase, fields.layer, fields.neuron}), ("batch-loss", None, {fields.value}),
                              ("sign", None, {fields.layer}), ("sign", 1, {fields.layer, fields.row, fields.neuron})):
        choose(panel, kind, layer=layer)
        assert {field for field in every if field.isVisible()} == seen
        assert all(field.width() <= panel.width() for field in seen)


def test_a_stop_is_told_in_words(panel: BreakpointList) -> None:
    panel.show_stop(LossBelow(0.05))
    assert panel.stopped.text() == "Stopped when the training loss at the end of an epoch falls below 0.05."
    panel.show_stop(None)
    assert not panel.stopped.isVisible()
