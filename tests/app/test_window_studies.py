"""What is computed aside in the window: the past for plots and the inspector, the loss surface, the gradient check, worksheets."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from journeys import Journey, journey
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from nnsim.app import messages as m
from nnsim.engine.breakpoints import LossBelow, PlaceBreakpoint, SignChange
from nnsim.engine.moments import START, Moment
from nnsim.picture import numbers
from nnsim.picture.targets import EdgeTarget
from nnsim.picture.time_picture import finished_batches

# what the offscreen platform says of every window with a least size
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def digits(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "digits") as made:
        yield made


@pytest.fixture
def ring(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(qtbot, tmp_path, monkeypatch, "ring") as made:
        yield made



def show_plots(made: Journey, name: str) -> None:
    made.window.docks.docks["plots"].raise_()
    made.window.display.plots.show_plot(name)
    made.until(made.window.display.plots.isVisible)


def test_the_inspector_shows_the_history_of_what_is_selected(ring: Journey) -> None:
    ring.show()
    ring.run_to(100)
    ring.window.display.network.target_opened.emit(EdgeTarget(0, 1, 2))
    history = ring.window.display.inspector.history
    ring.until(lambda: history.history is not None and history.history.batches[-1] == 100)
    assert history.history is not None and history.history.values[-1] == ring.frame.weights[0][1, 2]
    ring.run_to(40)
    ring.until(lambda: history.history is not None and history.history.batches[-1] == 40)


def test_plots_are_fed_while_they_are_seen_and_the_surface_grows_row_by_row(ring: Journey) -> None:
    ring.show()
    ring.run_to(20)
    known = len(_studies(ring))
    ring.run_to(50)
    assert len(_studies(ring)) == known
    studied = ring.wait_report(m.Studied, lambda: show_plots(ring, "gradient-norms"))
    assert isinstance(studied, m.Studied) and studied.past is not None
    show_plots(ring, "loss-surface")
    ring.until(lambda: any(report.surface is not None and report.surface.complete for report in _studies(ring)))
    surface = next(report.surface for report in reversed(_studies(ring)) if report.surface is not None)
    assert surface.centre.tobytes() == ring.frame.theta.tobytes()


def _studies(made: Journey) -> list[m.Studied]:
    return [report for report in made.reports if isinstance(report, m.Studied)]


def test_the_gradient_check_says_how_it_went_and_marks_every_edge_until_another_batch_is_shown(ring: Journey) -> None:
    ring.show()
    ring.run_to(30)
    ring.act("network-check-gradients")
    ring.until(lambda: "gradients agree within" in ring.said)
    picture = ring.window.display.network.picture
    assert picture is not None and {sign.kind for sign in picture.signs} == {"agrees"}
    assert len(picture.signs) == ring.frame.network.parameter_count
    ring.act("step-next-batch")
    ring.until(lambda: finished_batches(ring.frame) == 31)
    picture = ring.window.display.network.picture
    assert picture is not None and not any(sign.kind == "agrees" for sign in picture.signs)


def test_a_run_stops_where_a_condition_is_first_met_and_says_so(ring: Journey) -> None:
    ring.show()
    ring.window.display.breakpoints.breakpoints_changed.emit((LossBelow(0.2, "training"),))
    ring.play_fast(1)
    ring.until(lambda: not ring.is_playing())
    ring.until(lambda: "Stopped when the training loss" in ring.said)
    loss = ring.frame.history.epochs.column(0)
    epoch, rest = divmod(finished_batches(ring.frame), ring.frame.batches)
    assert rest == 0 and loss[epoch] < 0.2 and (loss[:epoch] >= 0.2).all()


def test_a_changed_sign_is_told_with_the_weight_its_values_and_where(ring: Journey) -> None:
    ring.show()
    ring.window.display.breakpoints.breakpoints_changed.emit((SignChange(),))
    ring.play_fast(0)
    ring.until(lambda: "Stopped when any weight changes sign." in ring.said)
    ring.until(lambda: not ring.is_playing())
    trace = ring.frame.trace
    assert trace is not None
    flipped = np.flatnonzero(trace.before * trace.after < 0)
    told = [numbers.significant(float(theta[index])) for index in flipped for theta in (trace.before, trace.after)]
    found = re.search(r"L\d W\[\d,\d\] went from (\S+) to (\S+) in epoch (\d+), batch (\d+)\.", ring.said)
    assert found is not None and {found[1], found[2]} <= set(told)
    assert (int(found[3]), int(found[4])) == (ring.frame.epoch + 1, ring.frame.batch + 1)


@pytest.mark.parametrize("grain", ["step-next-neuron", "step-next-batch"])
def test_playing_stops_at_a_place_at_any_grain(ring: Journey, grain: str) -> None:
    ring.show()
    ring.act(grain)
    ring.until(lambda: ring.frame.moment != START)
    ring.window.display.breakpoints.breakpoints_changed.emit((PlaceBreakpoint("backward", 1, 0),))
    ring.play_fast(0)
    ring.until(lambda: "Stopped at" in ring.said)
    ring.until(lambda: not ring.is_playing())
    mark = ring.frame.mark
    assert mark is not None and (mark.phase, mark.layer, mark.neuron) == ("backward", 1, 0)


@pytest.mark.parametrize("kind, suffix", list(enumerate((".pdf", ".pdf", ".tex", ".tex", ".csv", ".csv", ".json", ".json"))))
def test_the_steps_of_a_batch_are_saved_in_every_kind(ring: Journey, tmp_path: Path, kind: int, suffix: str) -> None:
    ring.show()
    ring.window.worksheets.choose()
    assert "There is no batch yet" in ring.window.statusBar().currentMessage()
    ring.act("step-next-neuron")
    ring.until(lambda: ring.frame.trace is not None)
    ring.window.worksheets.write(tmp_path / "steps", kind)
    written = tmp_path / f"steps{suffix}"
    assert written.stat().st_size > 1000
    assert ring.window.statusBar().currentMessage() == f"steps{suffix} is saved."


def test_of_a_batch_that_is_too_long_for_paper_one_layer_can_be_saved(
    digits: Journey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, list[str]]] = []

    def choose(parent: object, title: str, words: str, choices: list[str], *rest: object) -> tuple[str, bool]:
        asked.append((words, choices))
        return choices[0], True

    monkeypatch.setattr("nnsim.app.worksheets.QInputDialog.getItem", choose)
    digits.show()
    digits.act("step-next-neuron")
    digits.until(lambda: digits.frame.trace is not None)
    digits.window.worksheets.write(tmp_path / "steps", 2)
    (words, choices), = asked
    assert "Write one layer alone?" in words and choices[0].startswith("L3: 2,183 steps")
    assert "Left out: L1, L2" in (tmp_path / "steps.tex").read_text("utf-8")


def test_a_folder_that_is_not_there_is_said(ring: Journey, tmp_path: Path) -> None:
    ring.show()
    ring.act("step-next-neuron")
    ring.until(lambda: ring.frame.trace is not None)
    ring.window.worksheets.write(tmp_path / "nowhere" / "steps", 4)
    assert "steps.csv could not be written" in ring.said


def signs(made: Journey) -> set[str]:
    picture = made.window.display.network.picture
    return set() if picture is None else {sign.kind for sign in picture.signs}


def checked(made: Journey) -> None:
    made.wait_report(m.Checked, lambda: made.act("network-check-gradients"))
    made.until(lambda: "agrees" in signs(made))


def test_a_long_check_can_be_given_up(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsim.app.studies.LONG_MS", 0)
    with journey(qtbot, tmp_path, monkeypatch, "digits") as digits:
        digits.show()
        digits.wait_report(m.Checked, lambda: digits.act("network-check-gradients"))
        digits.until(lambda: digits.said == "Checking the gradients…")
        next(button for button in digits.window.band.findChildren(QPushButton) if button.text() == "Cancel").click()
        known = len(digits.reports)
        digits.act("step-next-batch")
        digits.until(lambda: finished_batches(digits.frame) == 1)
        assert not any(isinstance(report, m.Checked) and report.check is not None for report in digits.reports[known:])
        assert signs(digits) == set() or "agrees" not in signs(digits)


def test_verdicts_go_with_the_weights_that_they_were_about(ring: Journey) -> None:
    ring.show()
    ring.run_to(10)
    checked(ring)
    ring.window.display.inspector.parameter_edited.emit(EdgeTarget(0, 0, 0), 0.25)
    ring.until(lambda: bool(ring.frame.weights[0][0, 0] == 0.25))
    assert "agrees" not in signs(ring)
    checked(ring)
    ring.act("edit-undo")
    ring.until(lambda: bool(ring.frame.weights[0][0, 0] != 0.25))
    assert "agrees" not in signs(ring)


def offers(made: Journey) -> list[str]:
    made.until(lambda: not made.window.band.isHidden())
    return [button.text() for button in made.window.band.findChildren(QPushButton) if button.isVisible()]


def test_a_check_names_its_batch_and_offers_its_worst_only_while_that_batch_is_shown(ring: Journey) -> None:
    ring.show()
    ring.run_to(30)
    checked(ring)
    ring.until(lambda: ring.said.startswith("Epoch 2, batch 5: all "))
    assert "Show the worst" in offers(ring)
    ring.act("step-next-batch")
    ring.until(lambda: finished_batches(ring.frame) == 31)
    ring.until(lambda: "Show the worst" not in offers(ring))
    assert ring.said.startswith("Epoch 2, batch 5: ") and "How it was checked" in offers(ring)
    ring.act("step-previous-batch")
    ring.until(lambda: "Show the worst" in offers(ring))


def test_what_is_said_of_a_check_goes_with_its_run(ring: Journey) -> None:
    ring.show()
    ring.run_to(30)
    checked(ring)
    ring.until(lambda: "gradients agree" in ring.said)
    ring.window.editing.edit_experiment(ring.frame.experiment.replace(batch_size=5), "Batch size")
    ring.until(lambda: ring.frame.moment == START)
    ring.until(lambda: ring.said == "")


def test_another_network_takes_selection_verdicts_and_surface_of_the_last_one_away(ring: Journey) -> None:
    ring.show()
    ring.window.display.network.target_selected.emit(EdgeTarget(2, 1, 0))
    show_plots(ring, "loss-surface")
    ring.window.display.plots.surface.choose_weights(EdgeTarget(2, 0, 0), EdgeTarget(2, 1, 0))
    ring.until(lambda: any(report.surface is not None for report in _studies(ring)))
    ring.wait_report(m.Checked, lambda: ring.act("network-check-gradients"))
    ring.wait_report(m.Opened, lambda: ring.window.files.open("and"))
    ring.until(lambda: ring.frame.network.depth == 1)
    assert ring.window.display.selected is None
    ring.act("network-set-weight")
    assert "Select an edge first" in ring.window.statusBar().currentMessage()
    ring.act("step-next-batch")
    ring.until(lambda: finished_batches(ring.frame) == 1)


def test_another_loss_gives_the_surface_another_ground(ring: Journey) -> None:
    ring.show()
    show_plots(ring, "loss-surface")
    ring.until(lambda: any(report.surface is not None and report.surface.complete for report in _studies(ring)))
    known = len(ring.reports)
    learning = ring.frame.experiment.learning.replace(loss="mae")
    ring.window.editing.edit_experiment(ring.frame.experiment.replace(learning=learning), "Loss")
    ring.until(lambda: any(isinstance(report, m.Studied) and report.surface is not None and report.surface.complete
                           for report in ring.reports[known:]))
    surface = next(report.surface for report in reversed(_studies(ring)) if report.surface is not None)
    middle = len(surface.up) // 2
    assert surface.losses[middle, middle] == pytest.approx(ring.frame.loss, rel=1e-12)


def test_a_breakpoint_is_no_way_that_is_being_computed(ring: Journey) -> None:
    ring.show()
    ring.window.display.breakpoints.breakpoints_changed.emit((LossBelow(0.01, "training"),))
    assert not ring.window.status.is_waiting


def test_a_moment_of_a_network_that_has_just_gone_is_no_error(ring: Journey) -> None:
    ring.show()
    ring.wait_report(m.Opened, lambda: ring.window.files.open("and"))
    ring.wait_report(m.Shown, lambda: ring.window.travel.seek(Moment(0, 500)))
    assert ring.frame.moment == START
