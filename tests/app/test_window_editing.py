"""Edits in the window: tuning branches the run, structure begins a new one, and undo brings back the very bits of both."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from journeys import Journey, journey, same_bits, type_into
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnsim.app import messages as m
from nnsim.core.datasets import SOURCES
from nnsim.engine.examples import example
from nnsim.engine.marks import Grain
from nnsim.engine.moments import START
from nnsim.files.session import Session
from nnsim.picture.targets import EdgeTarget
from nnsim.picture.time_picture import finished_batches
from nnsim.widgets.number_field import NumberField

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made


def rate(made: Journey) -> float:
    return made.frame.experiment.learning.rate


def test_at_first_there_is_nothing_to_undo(ring: Journey) -> None:
    assert ring.edits() == (False, False)


def test_a_new_rate_branches_here_and_undo_and_redo_bring_back_the_same_bits(ring: Journey) -> None:
    ring.run_to(30)
    before = ring.frame
    ring.type_setting("learning.rate", "0.03")
    ring.until(lambda: rate(ring) == 0.03)
    assert finished_batches(ring.frame) == 30 and ring.frame.theta.tobytes() == before.theta.tobytes()
    assert ring.edits() == (True, False)
    ring.act("step-next-epoch")
    ring.until_finished(50)
    tuned = ring.frame
    ring.act("edit-undo")
    ring.until(lambda: same_bits(ring.frame, before))
    assert rate(ring) == before.experiment.learning.rate and ring.edits() == (False, True)
    ring.act("edit-redo")
    ring.until(lambda: rate(ring) == 0.03)
    assert ring.edits() == (True, False)
    ring.act("step-next-epoch")
    ring.until(lambda: same_bits(ring.frame, tuned))


def test_an_edit_on_its_way_is_waited_for_before_another_is_taken_back(ring: Journey) -> None:
    ring.show()
    first = ring.frame
    ring.wait_report(m.Edited, lambda: ring.type_setting("learning.rate", "0.03"))
    ring.until(lambda: rate(ring) == 0.03)
    known = len(ring.reports)
    set_by_hand(ring, EdgeTarget(0, 1, 2), "2.5")
    # ordered, but not yet made: what undo would take back now is the rate
    assert not any(isinstance(report, m.Edited) for report in ring.reports[known:]) and ring.edits() == (False, False)
    ring.window.editing.undo()
    ring.until(lambda: bool(ring.frame.weights[0][1, 2] == 2.5))
    assert ring.edits() == (True, False) and rate(ring) == 0.03
    ring.act("edit-undo")
    ring.until(lambda: bool(ring.frame.weights[0][1, 2] != 2.5))
    assert ring.edits() == (True, True) and rate(ring) == 0.03
    ring.act("edit-undo")
    ring.until(lambda: same_bits(ring.frame, first))
    assert ring.edits() == (False, True)
    ring.act("edit-redo")
    ring.act("edit-redo")
    ring.until(lambda: bool(ring.frame.weights[0][1, 2] == 2.5) and rate(ring) == 0.03)


def test_a_redo_waits_for_an_edit_on_its_way_which_takes_its_place(ring: Journey) -> None:
    old = rate(ring)
    ring.type_setting("learning.rate", "0.03")
    ring.until(lambda: rate(ring) == 0.03)
    ring.act("edit-undo")
    ring.until(lambda: rate(ring) == old)
    ring.type_setting("batch_size", "20")
    ring.window.editing.redo()
    ring.until(lambda: ring.frame.experiment.batch_size == 20)
    assert ring.edits() == (True, False) and rate(ring) == old


def test_what_undo_will_do_is_said_by_its_name(ring: Journey) -> None:
    ring.type_setting("learning.rate", "0.03")
    ring.until(lambda: ring.edits() == (True, False))
    assert ring.window.actions_by_id["edit-undo"].text() == "Undo Rate 0.03"
    ring.act("edit-undo")
    ring.until(lambda: ring.window.actions_by_id["edit-redo"].text() == "Redo Rate 0.03")


def test_tuning_at_full_speed_goes_on_playing_and_the_branch_replays_exactly(ring: Journey) -> None:
    ring.play_fast()
    ring.type_setting("learning.rate", "0.03")
    ring.until(lambda: rate(ring) == 0.03)
    assert ring.is_playing()
    ring.until_finished(finished_batches(ring.frame) + 500)
    ring.pause()
    report = next(report for report in ring.reports if isinstance(report, m.Edited))
    reference = Session(report.after.run)
    reference.seek(ring.frame.moment)
    assert same_bits(ring.frame, reference.frame)
    ring.act("edit-undo")
    ring.until_at(report.before.moment)
    straight = Session.open("ring")
    straight.seek(report.before.moment)
    assert same_bits(ring.frame, straight.frame)


def test_undoing_while_playing_stops_at_the_place_of_the_edit(ring: Journey) -> None:
    ring.run_to(30)
    before = ring.frame
    ring.type_setting("learning.rate", "0.03")
    ring.until(lambda: rate(ring) == 0.03)
    ring.play_fast()
    ring.act("edit-undo")
    assert not ring.is_playing()
    ring.until(lambda: same_bits(ring.frame, before))


def test_dragging_the_rate_is_one_edit(ring: Journey) -> None:
    ring.run_to(30)
    old, slider = rate(ring), ring.window.display.form.rate_slider
    drag_rate(ring, 0.2, 0.4, 0.5)
    ring.act("edit-undo")
    ring.until(lambda: rate(ring) == old)
    assert ring.edits() == (False, True)
    assert slider.position_of(0.2) != slider.position_of(0.5)


def test_two_drags_are_two_edits(ring: Journey) -> None:
    ring.run_to(30)
    drag_rate(ring, 0.2, 0.4)
    drag_rate(ring, 0.5, 0.6)
    ring.act("edit-undo")
    ring.until(lambda: rate(ring) == 0.4)
    assert ring.edits() == (True, True)


def test_values_typed_one_after_the_other_are_edits_of_their_own(ring: Journey) -> None:
    ring.show()
    for typed, value in (("0.75", 0.75), ("1.25", 1.25)):
        set_by_hand(ring, EdgeTarget(0, 1, 2), typed)
        ring.until(lambda: bool(ring.frame.weights[0][1, 2] == value))  # noqa: B023
    ring.act("edit-undo")
    ring.until(lambda: bool(ring.frame.weights[0][1, 2] == 0.75))
    assert ring.edits() == (True, True)


def test_dragging_a_weight_is_one_edit(ring: Journey) -> None:
    ring.show()
    ring.window.display.network.target_opened.emit(EdgeTarget(0, 1, 2))
    scrubber = ring.window.display.inspector.edge_page.value.scrubber
    old = float(ring.frame.weights[0][1, 2])
    middle = scrubber.rect().center()
    QTest.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=middle)
    for step in (3, 6, 9):
        QTest.mouseMove(scrubber, middle + QPoint(step, 0))
        ring.until(lambda: abs(ring.frame.weights[0][1, 2] - old - step / 100) < 1e-5)  # noqa: B023
    QTest.mouseRelease(scrubber, Qt.MouseButton.LeftButton, pos=middle)
    ring.act("edit-undo")
    ring.until(lambda: bool(ring.frame.weights[0][1, 2] == old))
    assert ring.edits() == (False, True)


def drag_rate(made: Journey, *rates: float) -> None:
    """Take the slider's handle, move it from rate to rate, and let go."""
    slider = made.window.display.form.rate_slider
    slider.setSliderDown(True)
    for new in rates:
        slider.sliderMoved.emit(slider.position_of(new))
        made.until(lambda: rate(made) == slider.number_at(slider.position_of(new)))  # noqa: B023
    slider.setSliderDown(False)


def test_another_width_begins_anew_and_undo_brings_the_old_run_back_at_its_moment(ring: Journey) -> None:
    ring.run_to(30)
    ring.act("step-next-neuron")
    ring.until(lambda: ring.frame.phase == "forward")
    before = ring.frame
    ring.window.display.form.layers.rows[0].more.click()
    ring.until(lambda: ring.frame.network.widths[0] == before.network.widths[0] + 1)
    assert ring.frame.moment == START
    fresh = ring.frame
    ring.run_to(10)
    ring.act("edit-undo")
    ring.until(lambda: same_bits(ring.frame, before))
    assert ring.frame.extent[0] >= before.extent[0]
    ring.act("edit-redo")
    ring.until(lambda: same_bits(ring.frame, fresh))


def test_a_structural_edit_while_playing_stands_at_the_new_start(ring: Journey) -> None:
    ring.play_fast()
    ring.window.display.form.layers.add_button.click()
    ring.until(lambda: ring.frame.network.depth == 4)
    assert ring.frame.moment == START and not ring.is_playing()


def test_a_new_seed_is_another_run_that_undo_takes_back(ring: Journey) -> None:
    first = ring.frame
    ring.act("network-new-seed")
    ring.until(lambda: ring.frame.experiment.seed == first.experiment.seed + 1)
    assert ring.frame.theta.tobytes() != first.theta.tobytes()
    ring.act("edit-undo")
    ring.until(lambda: same_bits(ring.frame, first))


def test_choosing_digits_fits_the_network_to_them(ring: Journey) -> None:
    ring.window.display.form.source_chosen.emit("digits")
    ring.until(lambda: ring.frame.dataset.name == "digits")
    assert (ring.frame.network.inputs, ring.frame.network.widths[-1]) == (64, 10)
    assert ring.frame.experiment.layers[-1].activation == "softmax"
    assert ring.frame.experiment.learning.loss == "cross-entropy"
    ring.act("step-next-epoch")
    ring.until(lambda: ring.frame.epochs_done == 1)
    ring.act("edit-undo")
    ring.until(lambda: ring.frame.experiment.data.source == "ring")


@pytest.mark.parametrize("beginning", ["one-neuron", "plane", "digits", "perceptron", "xor", "textbook-2-2-2"])
def test_every_data_set_can_follow_every_kind_of_experiment(
        beginning: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with journey(qtbot, tmp_path, monkeypatch, beginning) as made:
        for source in SOURCES:
            made.window.display.form.source_chosen.emit(source)
            made.until(lambda: made.frame.experiment.data.source == source)  # noqa: B023
            assert made.said == ""


def set_by_hand(made: Journey, target: EdgeTarget, text: str) -> None:
    """Select an edge in the diagram and type its weight in the inspector."""
    made.window.display.network.target_opened.emit(target)
    editor = made.window.display.inspector.edge_page.value
    editor.button.click()
    type_into(editor.field, text)


def test_a_weight_set_by_hand_is_an_edit_that_undo_takes_back(ring: Journey) -> None:
    ring.show()
    ring.run_to(30)
    before = ring.frame
    set_by_hand(ring, EdgeTarget(0, 1, 2), "2.5")
    ring.until(lambda: bool(ring.frame.weights[0][1, 2] == 2.5))
    changed = before.theta != ring.frame.theta
    assert changed.sum() == 1
    ring.act("step-next-batch")
    ring.until_finished(31)
    ring.act("edit-undo")
    ring.until(lambda: same_bits(ring.frame, before))


def test_two_weights_set_one_after_the_other_are_two_edits(ring: Journey) -> None:
    ring.show()
    set_by_hand(ring, EdgeTarget(0, 0, 0), "1.5")
    ring.until(lambda: bool(ring.frame.weights[0][0, 0] == 1.5))
    set_by_hand(ring, EdgeTarget(0, 1, 0), "2.5")
    ring.until(lambda: bool(ring.frame.weights[0][1, 0] == 2.5))
    ring.act("edit-undo")
    ring.until(lambda: bool(ring.frame.weights[0][1, 0] != 2.5))
    assert ring.frame.weights[0][0, 0] == 1.5 and ring.edits() == (True, True)


def test_a_weight_can_be_set_from_the_menu(ring: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = ["−1,25", "much", "3"]
    monkeypatch.setattr("nnsim.app.editing.QInputDialog.getText", lambda *_, **__: (typed.pop(0), len(typed) > 0))
    ring.act("network-set-weight")
    assert len(typed) == 3
    ring.window.display.network.target_selected.emit(EdgeTarget(1, len(ring.frame.weights[1]), 0))
    ring.act("network-set-weight")
    ring.until(lambda: bool(ring.frame.biases[1][0] == -1.25))
    ring.act("network-set-weight")
    assert "'much' is not a number" in ring.said
    ring.act("network-set-weight")
    assert typed == [] and ring.frame.biases[1][0] == -1.25


def test_a_weight_that_the_precision_cannot_hold_is_refused_and_changes_nothing(
        qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    single = tmp_path / "single.json"
    single.write_text(example("ring").experiment.replace(precision="float32").model_dump_json(), "utf-8")
    with journey(qtbot, tmp_path, monkeypatch, str(single)) as made:
        made.show()
        before = made.frame
        failed = made.wait_report(m.Failed, lambda: set_by_hand(made, EdgeTarget(0, 0, 0), "1e39"))
        assert isinstance(failed, m.Failed)
        assert "float32" in made.said and made.said[0].isupper()
        assert same_bits(made.frame, before) and made.edits() == (False, False)


def test_an_edit_that_makes_no_sense_is_said_at_its_field_and_changes_nothing(ring: Journey) -> None:
    ring.show()
    before, known = ring.frame, len(ring.reports)
    ring.type_setting("learning.rate", "-2")
    field = ring.window.display.form.fields["learning.rate"]
    assert "must be above 0" in field.message.text()
    reference = Session.open("ring")
    reference.step(Grain.BATCH)
    ring.act("step-next-batch")
    ring.until(lambda: same_bits(ring.frame, reference.frame))
    assert rate(ring) == before.experiment.learning.rate
    assert not any(isinstance(report, m.Edited) for report in ring.reports[known:])


def test_a_wide_network_past_the_limit_is_refused_and_the_form_shows_what_is(ring: Journey) -> None:
    ring.wait_report(m.Edited, lambda: ring.type_setting("learning.rate", "0.03"))
    ring.until(lambda: rate(ring) == 0.03)
    before = ring.frame
    experiment = before.experiment.replace(layers=tuple(
        layer.replace(width=4096) if place < 2 else layer for place, layer in enumerate(before.experiment.layers)))
    ring.wait_report(m.Failed, lambda: ring.window.display.form.experiment_edited.emit(experiment, "too much"))
    assert "parameters" in ring.said
    assert same_bits(ring.frame, before) and ring.edits() == (True, False)
    assert ring.window.display.form.layers.rows[0].width_field.text() == str(before.network.widths[0])


def test_many_edits_of_all_kinds_are_undone_one_by_one_and_made_again(ring: Journey) -> None:
    places = [ring.frame]
    form = ring.window.display.form

    for make in (lambda: ring.type_setting("learning.rate", "0.5"), form.layers.rows[0].more.click,
                 lambda: ring.type_setting("batch_size", "20"), lambda: ring.type_setting("learning.rate", "0.2")):
        ring.run_to(finished_batches(ring.frame) + 11)
        places[-1] = ring.frame
        ring.wait_report(m.Edited, make)
        ring.wait_report(m.Shown, ring.pause)
        places.append(ring.frame)
    for place in reversed(places[:-1]):
        ring.act("edit-undo")
        ring.until(lambda: same_bits(ring.frame, place))  # noqa: B023
    assert ring.edits() == (False, True)
    for _ in places[1:]:
        ring.act("edit-redo")
    ring.until(lambda: same_bits(ring.frame, places[-1]))
    assert np.array_equal(ring.frame.theta, places[-1].theta)


def test_after_enter_in_a_field_the_keys_are_the_diagrams_again(ring: Journey) -> None:
    ring.show()
    field = ring.window.display.form.fields["learning.rate"].editor
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    for key in (Qt.Key.Key_0, Qt.Key.Key_Period, Qt.Key.Key_7, Qt.Key.Key_Return):
        ring.press(key)
    ring.until(lambda: ring.frame.experiment.learning.rate == 0.7)
    assert ring.window.display.network.hasFocus()
    ring.press(Qt.Key.Key_Space)
    ring.until(ring.is_playing)
    ring.act("train-play")
    assert field.value == 0.7 and field.lineEdit().text() == "0.7"


def test_a_blank_in_a_field_plays_and_never_replaces_its_number(ring: Journey) -> None:
    ring.show()
    field = ring.window.display.form.fields["learning.rate"].editor
    assert isinstance(field, NumberField)
    before = field.lineEdit().text()
    field.setFocus()
    field.selectAll()
    ring.press(Qt.Key.Key_Space)
    ring.until(ring.is_playing)
    ring.act("train-play")
    assert field.lineEdit().text() == before


def test_escape_leaves_a_field_as_it_was_and_what_is_refused_keeps_the_keyboard(ring: Journey) -> None:
    ring.show()
    field = ring.window.display.form.fields["learning.rate"].editor
    assert isinstance(field, NumberField)
    before = field.value
    for keys, stays in (((Qt.Key.Key_9, Qt.Key.Key_Escape), False), ((Qt.Key.Key_X, Qt.Key.Key_Return), True),
                        ((Qt.Key.Key_Escape,), False)):
        field.setFocus()
        field.selectAll()
        for key in keys:
            ring.press(key)
        assert field.hasFocus() == stays and ring.window.display.network.hasFocus() == (not stays)
        assert float(field.lineEdit().text()) == field.value == before
    assert ring.frame.experiment.learning.rate == before
