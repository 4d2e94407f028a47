"""The experiment form: showing is silent, an edit is announced checked and named, what is wrong is said in place."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QToolTip
from pytestqt.qtbot import QtBot

from nnsim.core.datasets import SOURCES
from nnsim.engine.data import load_dataset
from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Experiment
from nnsim.picture.palette import THEMES
from nnsim.widgets.experiment_form import ExperimentForm
from nnsim.widgets.fields import ChoiceField, Field
from nnsim.widgets.log_slider import LogSlider
from nnsim.widgets.number_field import NumberField, parse

# what the offscreen platform says of every window with a least size
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[ExperimentForm]:
    widget = ExperimentForm()
    qtbot.addWidget(widget)
    widget.set_theme(THEMES["light"])
    widget.resize(268, 700)
    show(widget, example("ring").experiment)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget


def show(form: ExperimentForm, experiment: Experiment) -> None:
    form.show_experiment(experiment, load_dataset(experiment.data))


def number(form: ExperimentForm, path: str) -> NumberField:
    editor = form.fields[path].editor
    assert isinstance(editor, NumberField)
    return editor


def choice(form: ExperimentForm, path: str) -> ChoiceField:
    editor = form.fields[path].editor
    assert isinstance(editor, ChoiceField)
    return editor


def type_into(qtbot: QtBot, field: NumberField, text: str) -> None:
    field.lineEdit().selectAll()
    QTest.keyClicks(field.lineEdit(), text)
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)


def choose(field: ChoiceField, name: str) -> None:
    index = field.findData(name)
    assert index >= 0
    field.setCurrentIndex(index)
    field.activated.emit(index)


def test_showing_any_example_announces_nothing(form: ExperimentForm) -> None:
    spies = [QSignalSpy(signal) for signal in (form.experiment_edited, form.source_chosen, form.new_seed_requested)]
    for name in example_names():
        show(form, example(name).experiment)
    assert [spy.count() for spy in spies] == [0, 0, 0]


def test_every_visible_field_shows_the_experiments_value(form: ExperimentForm) -> None:
    digits = example("digits").experiment
    show(form, digits)
    assert number(form, "learning.rate").text() == "0.003"
    assert choice(form, "learning.loss").currentText() == "cross-entropy"
    assert [row.width_field.text() for row in form.layers.rows] == ["32", "16", "10"]
    assert [row.activation_field.currentText() for row in form.layers.rows] == ["ReLU", "ReLU", "softmax"]
    assert form.layers.inputs_count.text() == "64" and form.layers.inputs_names.text() == "8 × 8 pixels"
    assert form.counts.text() == "1,438 train · 359 test · Scaling min-max"
    assert form.fields["data.noise"].isHidden()


def test_a_typed_number_is_announced_as_a_checked_experiment_with_a_name(form: ExperimentForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.experiment_edited) as edited:
        type_into(qtbot, number(form, "learning.rate"), "0,3")
    experiment, label = edited.args
    assert experiment.learning.rate == 0.3 and label == "Rate 0.3"
    assert experiment.replace(learning=example("ring").experiment.learning) == example("ring").experiment


def test_a_wrong_number_is_refused_in_place_and_the_old_value_stays(form: ExperimentForm, qtbot: QtBot) -> None:
    spy = QSignalSpy(form.experiment_edited)
    field = form.fields["learning.rate"]
    type_into(qtbot, number(form, "learning.rate"), "-2")
    assert field.message.isVisible()
    assert field.message.text() == "Rate η must be above 0 and at most 1,000,000; it stays 1."
    assert number(form, "learning.rate").text() == "1"
    type_into(qtbot, number(form, "learning.rate"), "fast")
    assert "“fast” is not a number" in field.message.text()
    assert spy.count() == 0
    show(form, example("ring").experiment)
    assert not field.message.isVisible()


def test_leaving_a_field_commits_what_was_typed_once(form: ExperimentForm, qtbot: QtBot) -> None:
    spy = QSignalSpy(form.experiment_edited)
    batch = number(form, "batch_size")
    batch.lineEdit().selectAll()
    QTest.keyClicks(batch.lineEdit(), "25")
    batch.editingFinished.emit()
    batch.editingFinished.emit()
    assert [spy.at(place)[1] for place in range(spy.count())] == ["Batch size 25"]


def test_dragging_the_rate_announces_while_dragging(form: ExperimentForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.experiment_edited) as edited:
        form.rate_slider.sliderMoved.emit(form.rate_slider.position_of(0.02))
    assert edited.args[1] == "Rate 0.02"


def test_arrows_turn_the_rate_through_round_numbers(form: ExperimentForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.experiment_edited) as edited:
        QTest.keyClick(number(form, "learning.rate"), Qt.Key.Key_Up)
    assert edited.args[1] == "Rate 1.5"


def test_another_loss_that_needs_other_outputs_says_so(form: ExperimentForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.experiment_edited) as edited:
        choose(choice(form, "learning.loss"), "hinge")
    experiment, label = edited.args
    assert experiment.layers[-1].activation == "identity" and label == "Loss hinge, with identity outputs"


def test_only_losses_that_fit_the_data_are_offered(form: ExperimentForm) -> None:
    show(form, example("plane").experiment)
    losses = choice(form, "learning.loss")
    assert [losses.itemData(index) for index in range(losses.count())] == ["mse", "mae", "huber"]


def test_an_optimizers_own_settings_come_and_go_with_it(form: ExperimentForm, qtbot: QtBot) -> None:
    form.sections["learning"].unfold(True)
    ring = example("ring").experiment
    adam = ring.replace(learning=ring.learning.replace(optimizer="adam"))
    show(form, adam)
    field = next(each for each in form.findChildren(Field)
                 if each.row.path == "learning.settings.beta1" and each.isVisible())
    editor = field.editor
    assert isinstance(editor, NumberField)
    with qtbot.waitSignal(form.experiment_edited) as edited:
        type_into(qtbot, editor, "0.8")
    assert edited.args[0].learning.settings == {"beta1": 0.8}
    show(form, ring)
    assert not field.isVisible()


def test_layers_grow_shrink_and_change_their_activation(form: ExperimentForm, qtbot: QtBot) -> None:
    first = form.layers.rows[0]
    with qtbot.waitSignal(form.experiment_edited) as edited:
        first.more.click()
    assert edited.args[0].layers[0].width == 4 and edited.args[1] == "L1: 4 neurons"
    with qtbot.waitSignal(form.experiment_edited) as edited:
        first.fewer.click()
    assert edited.args[0].layers[0].width == 2
    with qtbot.waitSignal(form.experiment_edited) as edited:
        type_into(qtbot, first.width_field, "12")
    assert edited.args[0].layers[0].width == 12
    with qtbot.waitSignal(form.experiment_edited) as edited:
        choose(first.activation_field, "relu")
    assert edited.args[1] == "L1 ReLU"


def test_a_width_out_of_range_is_refused_under_its_layer(form: ExperimentForm, qtbot: QtBot) -> None:
    spy = QSignalSpy(form.experiment_edited)
    row = form.layers.rows[0]
    type_into(qtbot, row.width_field, "0")
    assert "from 1 to 4,096; it stays 3" in row.message.text()
    assert row.width_field.text() == "3" and spy.count() == 0


def test_layers_are_added_and_taken_out(form: ExperimentForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.experiment_edited) as edited:
        form.layers.add_button.click()
    assert len(edited.args[0].layers) == 4
    show(form, edited.args[0])
    assert len(form.layers.rows) == 4
    with qtbot.waitSignal(form.experiment_edited) as edited:
        form.layers.rows[2].remove.click()
    assert edited.args[0] == example("ring").experiment
    show(form, edited.args[0])
    assert [row.layer for row in form.layers.rows] == [0, 1, 2]


def test_the_output_layer_keeps_the_width_that_the_data_ask_for(form: ExperimentForm) -> None:
    output = form.layers.rows[-1]
    assert output.width_field.isReadOnly()
    assert not any(button.isEnabled() for button in (output.fewer, output.more, output.remove))


def test_adding_a_layer_to_a_perceptron_is_refused_in_words(form: ExperimentForm) -> None:
    show(form, example("perceptron").experiment)
    spy = QSignalSpy(form.experiment_edited)
    form.layers.add_button.click()
    assert "one layer of step neurons" in form.layers.add_message.text() and spy.count() == 0


def test_tiles_and_list_ask_for_a_source_and_wait_for_the_answer(form: ExperimentForm, qtbot: QtBot) -> None:
    moons = next(tile for tile in form.sources.tiles if tile.source == "moons")
    with qtbot.waitSignal(form.source_chosen) as chosen:
        moons.click()
    assert chosen.args == ["moons"]
    assert not moons.isChecked()
    with qtbot.waitSignal(form.source_chosen) as chosen:
        choose(form.sources.list, "digits")
    assert chosen.args == ["digits"]
    made = [form.sources.list.itemText(place) for place in range(len(SOURCES), form.sources.list.count())]
    assert made == ["Drawn points", "A formula", "A text (next word)"]


def test_the_present_source_is_marked_and_choosing_it_again_asks_nothing(form: ExperimentForm) -> None:
    show(form, example("wine").experiment)
    assert [tile.source for tile in form.sources.tiles if tile.isChecked()] == ["wine"]
    spy = QSignalSpy(form.source_chosen)
    form.sources.tiles[0].click()
    assert spy.count() == 0 and form.sources.tiles[0].isChecked()


def test_own_data_and_a_new_seed_are_asked_for(form: ExperimentForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.open_requested):
        form.sources.own_tile.click()
    with qtbot.waitSignal(form.new_seed_requested):
        form.seed_button.click()


def test_switches_and_penalties_are_edits(form: ExperimentForm, qtbot: QtBot) -> None:
    shuffle = form.fields["shuffle"].editor
    assert isinstance(shuffle, QCheckBox)
    with qtbot.waitSignal(form.experiment_edited) as edited:
        shuffle.click()
    assert edited.args[0].shuffle is False and edited.args[1] == "Shuffle off"
    with qtbot.waitSignal(form.experiment_edited) as edited:
        choose(choice(form, "learning.penalty"), "l2")
    show(form, edited.args[0])
    assert form.fields["learning.l2"].isVisible() and number(form, "learning.l2").text() == "0.001"


def test_a_width_stays_in_sight_whatever_style_the_form_is_given(form: ExperimentForm) -> None:
    field = form.layers.rows[0].width_field
    for padding_px in (20, 21):
        form.setStyleSheet(f"QAbstractSpinBox {{ padding-right: {padding_px}px; }}")
        line = field.lineEdit()
        assert line.width() == field.width() - 4
        assert line.fontMetrics().horizontalAdvance("88") < line.width()


def test_folded_settings_open_and_are_named_while_folded(form: ExperimentForm) -> None:
    learning = form.sections["learning"]
    ring = example("ring").experiment
    show(form, ring.replace(learning=ring.learning.replace(dropout=0.2)))
    assert not form.fields["learning.dropout"].isVisible() and learning.unusual.text() == "Dropout 0.2"
    learning.fold.click()
    assert form.fields["learning.dropout"].isVisible() and not learning.unusual.isVisible()


def test_every_field_has_a_tooltip_with_its_range(form: ExperimentForm) -> None:
    for path, field in form.fields.items():
        assert field.editor.toolTip() and field.label.toolTip(), path
        if isinstance(field.editor, NumberField):
            assert "Allowed:" in field.editor.toolTip()
        assert field.editor.accessibleName()


def test_scrolling_over_a_field_changes_nothing(form: ExperimentForm, qtbot: QtBot) -> None:
    spy = QSignalSpy(form.experiment_edited)
    for widget in (form.rate_slider, choice(form, "learning.optimizer"), number(form, "batch_size")):
        wheel = QWheelEvent(QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
                            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(widget, wheel)
    assert spy.count() == 0


@pytest.mark.parametrize("theme", list(THEMES))
def test_the_form_fits_its_least_width_in_every_theme(form: ExperimentForm, theme: str) -> None:
    form.set_theme(THEMES[theme])
    form.resize(form.minimumWidth(), 700)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    column = form.scroll_area.widget()
    assert column is not None
    assert column.minimumSizeHint().width() <= form.minimumWidth()
    assert not form.grab().isNull()


def test_the_slider_finds_its_own_numbers_again(qtbot: QtBot) -> None:
    slider = LogSlider(-4, 1)
    qtbot.addWidget(slider)
    numbers = [slider.number_at(position) for position in range(slider.maximum() + 1)]
    assert numbers == sorted(numbers) and numbers[0] == 1e-4 and numbers[-1] == 10
    assert [slider.position_of(each) for each in numbers] == list(range(slider.maximum() + 1))


def test_a_key_on_the_slider_announces_the_next_number(qtbot: QtBot) -> None:
    slider = LogSlider()
    qtbot.addWidget(slider)
    slider.show_number(0.1)
    with qtbot.waitSignal(slider.number_moved) as moved:
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert moved.args == [0.12]


@pytest.mark.parametrize(("text", "value"), [("−0.5", -0.5), ("1e-3", 0.001), ("2,5", 2.5), (" 3 ", 3.0), ("x", None),
                                             ("inf", None), ("", None)])
def test_numbers_are_read_as_people_type_them(text: str, value: float | None) -> None:
    assert parse(text) == value


def test_a_closed_list_says_a_long_title_in_short_and_the_whole_one_when_pointed_at(
        qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: said.append(text))
    field = ChoiceField()
    qtbot.addWidget(field)
    field.show_choices([("bce", "binary cross-entropy", ""), ("mse", "mean squared error", "")])
    field.show_value("bce")
    field.setToolTip("What is made small.")
    field.resize(260, 26)
    assert field.title_on_show() == "binary cross-entropy"
    field.resize(120, 26)
    assert field.title_on_show() == "BCE" and field.currentText() == "binary cross-entropy"
    place = field.rect().center()
    QApplication.sendEvent(field, QHelpEvent(QEvent.Type.ToolTip, place, field.mapToGlobal(place)))
    assert said == ["binary cross-entropy\nWhat is made small."]
    short = field.grab().toImage()
    field.show_choices([("bce", "BCE", "")])
    field.show_value("bce")
    assert field.grab().toImage() == short


def test_no_title_is_cut_in_the_middle_of_a_letter_and_pointing_tells_the_whole(
        qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: said.append(text))
    field = ChoiceField()
    qtbot.addWidget(field)
    field.show_choices([("own", "a name far too long for this field", "")])
    field.show_value("own")
    field.resize(100, 26)
    assert field.title_on_show().endswith("…") and field.title_on_show()[:-1] in field.currentText()
    place = field.rect().center()
    QApplication.sendEvent(field, QHelpEvent(QEvent.Type.ToolTip, place, field.mapToGlobal(place)))
    assert said == ["a name far too long for this field"]


def test_at_its_narrowest_the_form_shows_every_title_whole_or_in_short(form: ExperimentForm) -> None:
    form.set_theme(THEMES["light"])
    show(form, example("ring").experiment)
    form.resize(form.minimumWidth(), 900)
    for field in form.findChildren(ChoiceField):
        if field.isVisible():
            for index in range(field.count()):
                field.setCurrentIndex(index)
                assert not field.title_on_show().endswith("…"), field.currentText()


def test_tiles_that_were_hidden_while_the_text_changed_are_as_high_as_before_when_they_are_back(form: ExperimentForm) -> None:
    form.resize(290, 700)
    QApplication.processEvents()
    usual = [tile.height() for tile in form.sources.tiles]
    form.hide()
    for tile in form.sources.tiles:
        # as another font does: laid out anew while it is not known how wide they will be
        tile.updateGeometry()
    layout = form.sources.layout()
    assert layout is not None
    layout.activate()
    assert [tile.sizeHint().height() for tile in form.sources.tiles] != usual
    form.show()
    QApplication.processEvents()
    assert [tile.height() for tile in form.sources.tiles] == usual
