"""The panel shows a frame's arithmetic, folds when it is small, and says what was pointed at."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QScrollBar, QToolTip
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.frame import Frame
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.caption import caption
from nnsim.picture.caption_text import plain_text
from nnsim.picture.palette import THEMES
from nnsim.picture.targets import EdgeTarget, NeuronTarget
from nnsim.widgets.arithmetic_text import ArithmeticText
from nnsim.widgets.equation_cards import rooms
from nnsim.widgets.equation_page import Fonts, Hit
from nnsim.widgets.equation_painting import fitting
from nnsim.widgets.equation_panel import EquationPanel

WIDE, SMALL, TINY = (822, 250), (725, 187), (480, 187)


@pytest.fixture
def ring() -> Simulation:
    return Simulation(example("ring").experiment)


@pytest.fixture
def panel(qtbot: QtBot) -> EquationPanel:
    made = EquationPanel()
    font = made.font()
    font.setPixelSize(13)
    made.setFont(font)
    qtbot.addWidget(made)
    made.resize(*WIDE)
    made.show()
    return made


def forward(sim: Simulation) -> Frame:
    """The second layer's first neuron, just done (or the first layer's, where there is no second)."""
    sim.step("layer")
    sim.step("neuron")
    return sim.frame


def painted(panel: EquationPanel) -> QImage:
    return panel.grab().toImage()


def hit(panel: EquationPanel, text: str) -> Hit:
    painted(panel)
    return next(each for each in panel.hits if each.number.text == text)


def centre(each: Hit) -> QPoint:
    return each.rect.center().toPoint()


def test_it_has_the_name_that_scripts_rely_on(panel: EquationPanel) -> None:
    assert panel.objectName() == "equation-panel"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_left_edge_has_the_phases_colour(panel: EquationPanel, ring: Simulation, theme: Any) -> None:
    panel.set_theme(theme)
    for phase in ("forward", "loss", "backward", "update"):
        while ring.frame.phase != phase:
            ring.step("sample" if phase == "update" else "pass")
        panel.show_frame(ring.frame, False)
        assert painted(panel).pixelColor(2, 125).name() == theme.phase(phase)


def test_every_number_on_show_is_painted_where_it_can_be_hit(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    painted(panel)
    assert panel.caption is not None and panel.caption.terms is not None and panel.caption.result is not None
    on_show = [each.number for each in panel.hits]
    for row in panel.caption.terms.rows:
        assert row.input in on_show and row.factor in on_show and row.product in on_show
    assert panel.caption.terms.sum in on_show and panel.caption.result.number in on_show
    assert all(panel.rect().contains(each.rect.toRect().center()) for each in panel.hits)


def test_a_click_on_a_number_chooses_what_it_belongs_to(qtbot: QtBot, panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    assert panel.caption is not None and panel.caption.terms is not None
    row = panel.caption.terms.rows[1]
    with qtbot.waitSignal(panel.target_chosen) as chosen:
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=centre(hit(panel, row.factor.text)))
    assert chosen.args == [row.factor.target]
    assert isinstance(row.factor.target, EdgeTarget)


def test_the_pointer_over_a_number_says_so_once_and_takes_it_back(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    assert panel.caption is not None and panel.caption.terms is not None
    told: list[object] = []
    panel.target_hovered.connect(told.append)
    row = panel.caption.terms.rows[0]
    QTest.mouseMove(panel, centre(hit(panel, row.input.text)))
    QTest.mouseMove(panel, centre(hit(panel, row.input.text)) + QPoint(1, 1))
    QTest.mouseMove(panel, QPoint(panel.width() - 2, 2))
    assert told == [row.input.target, None]
    assert isinstance(told[0], NeuronTarget)


def test_a_number_is_explained_rounded_first_and_all_else_by_the_sentence(
        panel: EquationPanel, ring: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: said.append(text))
    panel.show_frame(forward(ring), False)
    painted(panel)
    assert panel.caption is not None and panel.caption.terms is not None
    factor = panel.caption.terms.rows[0].factor
    assert factor.value is not None
    for at in (centre(hit(panel, factor.text)), QPoint(panel.width() - 2, 2)):
        QApplication.sendEvent(panel, QHelpEvent(QEvent.Type.ToolTip, at, panel.mapToGlobal(at)))
    assert said == [f"{factor.text} (exactly {numbers.exact(factor.value)})", panel.caption.sentence]


def test_keys_walk_the_numbers_and_enter_goes_to_the_source(qtbot: QtBot, panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    painted(panel)
    with qtbot.waitSignal(panel.target_chosen) as chosen:
        QTest.keyClick(panel, Qt.Key.Key_Down)
        QTest.keyClick(panel, Qt.Key.Key_Down)
        QTest.keyClick(panel, Qt.Key.Key_Return)
    assert chosen.args == [panel.hits[1].number.target]
    QTest.keyClick(panel, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == repr(panel.hits[1].number.value)


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space])
def test_keys_of_time_pass_through(panel: EquationPanel, ring: Simulation, key: Qt.Key) -> None:
    panel.show_frame(forward(ring), False)
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    panel.keyPressEvent(event)
    assert not event.isAccepted()


def test_copying_gives_the_arithmetic_as_text(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    assert panel.caption is not None
    QTest.keyClick(panel, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == plain_text(panel.caption)
    panel.copy_exact_values()
    assert QGuiApplication.clipboard().text() == plain_text(panel.caption, exactly=True)


def test_the_panel_keeps_the_copy_shortcut_while_it_has_the_focus(panel: EquationPanel) -> None:
    copying = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copying.ignore()
    panel.event(copying)
    assert copying.isAccepted()


def test_the_menu_copies_and_sets_digits(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    menu = panel.context_menu()
    digits = next(action.menu() for action in menu.actions() if isinstance(action.menu(), QMenu))
    assert isinstance(digits, QMenu)
    assert [action.isChecked() for action in digits.actions()] == [True, False, False]
    digits.actions()[1].trigger()
    assert panel.caption is not None and panel.caption.result is not None
    assert len(panel.caption.result.number.text) == len("+0.000000")
    digits.actions()[2].trigger()
    value = panel.caption.result.number.value
    assert value is not None and panel.caption.result.number.text.endswith(repr(abs(value)))


def test_the_bars_fold_first_and_then_the_curve(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    parts = []
    for size in (WIDE, (600, 187), TINY):
        panel.resize(*size)
        layout = panel.layout_on_show
        assert layout is not None
        parts.append((layout.bars is not None, layout.curve is not None, layout.sentence is not None))
    assert parts == [(True, True, True), (False, True, True), (False, False, True)]


def test_the_result_is_on_show_at_every_size(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    assert panel.caption is not None and panel.caption.result is not None
    for size in (WIDE, SMALL, TINY, (380, 172), (1500, 400)):
        panel.resize(*size)
        painted(panel)
        assert panel.caption.result.number in [each.number for each in panel.hits]


def test_parts_do_not_overlap_at_any_size(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    for width in range(360, 1300, 37):
        for height in (172, 190, 220, 250, 330):
            panel.resize(width, height)
            layout = panel.layout_on_show
            assert layout is not None and layout.rows is not None
            sides = [part for part in (layout.rows, layout.bars, layout.curve, layout.result) if part is not None]
            for at, part in enumerate(sides):
                assert not any(part.intersects(other) for other in sides[at + 1 :])
                assert part.right() <= panel.width() and part.bottom() <= panel.height()


def test_many_terms_scroll_and_the_scrolled_ones_can_be_hit(panel: EquationPanel) -> None:
    sim = Simulation(example("digits").experiment)
    sim.step("neuron")
    panel.show_frame(sim.frame, False)
    bar = panel.findChild(QScrollBar)
    # the sum is done: the last rows' bars lead to where it stands
    assert bar is not None and bar.isVisible() and bar.value() == bar.maximum()
    painted(panel)
    bias = EdgeTarget(0, 64, 0)
    assert bias in {each.number.target for each in panel.hits}
    bar.setValue(0)
    painted(panel)
    assert panel.hits and bias not in {each.number.target for each in panel.hits}


@pytest.mark.parametrize("name", ["spiral", "iris"])
@pytest.mark.parametrize("height", [224, 300])
def test_rows_become_lower_before_any_is_hidden(panel: EquationPanel, name: str, height: int) -> None:
    panel.resize(800, height)
    sim = Simulation(example(name).experiment)
    bar = panel.findChild(QScrollBar)
    assert bar is not None
    for _ in range(2 * sum(sim.network.widths) + 1):
        sim.step("neuron")
        panel.show_frame(sim.frame, False)
        layout = panel.layout_on_show
        assert layout is not None and layout.rows is not None
        assert panel.caption is not None
        # in a low pane the chain rule's cards have the room that as many rows would need
        if panel.caption.terms is not None and (panel.caption.phase == "forward" or height == 300):
            painted(panel)
            assert not bar.isVisible() and {row.target for row in panel.caption.terms.rows} <= {
                each.number.target for each in panel.hits}
            assert layout.bars is None or (layout.bars.top(), layout.bars.height()) == (layout.rows.top(), layout.rows.height())


def test_the_row_at_work_is_scrolled_into_view(panel: EquationPanel) -> None:
    sim = Simulation(example("digits").experiment)
    for steps in (40, 24, -50):
        sim.step("term", steps)
        panel.show_frame(sim.frame, False)
        painted(panel)
        assert sim.frame.mark is not None and sim.frame.mark.term is not None
        assert EdgeTarget(0, sim.frame.mark.term, 0) in {each.number.target for each in panel.hits}


def test_a_screen_reader_hears_the_sentence(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    assert panel.caption is not None
    assert panel.accessibleDescription() == panel.caption.sentence


def test_playing_batches_shows_the_weights_and_pausing_the_equations(panel: EquationPanel, ring: Simulation) -> None:
    ring.step("batch")
    panel.show_frame(ring.frame, True)
    weights = painted(panel)
    assert panel.caption is None and panel.hits == () and "pause" in panel.accessibleDescription()
    panel.show_frame(ring.frame, False)
    assert panel.accessibleDescription() == caption(ring.frame).sentence
    assert painted(panel) != weights


def short_title(panel: EquationPanel) -> str:
    assert panel.caption is not None
    return panel.caption.short_title


def test_a_batch_that_was_jumped_over_is_told_of_as_a_whole_and_its_weights_when_they_are_chosen(
        panel: EquationPanel, ring: Simulation) -> None:
    for grain in ("batch", "epoch", "batch"):
        ring.step(grain)
        panel.show_frame(ring.frame, False)
        assert short_title(panel).startswith("Batch ")
    panel.show_frame(ring.frame, False, EdgeTarget(2, 2, 0))
    assert short_title(panel) == "L3 · bias b[1]"
    panel.show_frame(ring.frame, False)
    assert short_title(panel).startswith("Batch ")
    painted(panel)
    assert panel.caption is not None
    assert {each.number for each in panel.hits} >= {line.number for line in panel.caption.lines}


@pytest.mark.parametrize("name", ["xor", "textbook-2-2-2"])
@pytest.mark.parametrize(
    ("width", "height", "font_px"), [(799, 226, 13), (720, 226, 13), (1100, 250, 13), (799, 222, 16), (999, 280, 16)])
def test_a_small_networks_rows_are_all_in_view_with_their_bars_and_the_formula_whole(
        panel: EquationPanel, name: str, width: int, height: int, font_px: int) -> None:
    font = panel.font()
    font.setPixelSize(font_px)
    panel.setFont(font)
    panel.resize(width, height)
    sim = Simulation(example(name).experiment)
    bar, fonts = panel.findChild(QScrollBar), Fonts(font)
    assert bar is not None
    for _ in range(2 * sum(sim.network.widths) + 1):
        sim.step("neuron")
        panel.show_frame(sim.frame, False)
        painted(panel)
        shown, layout = panel.caption, panel.layout_on_show
        assert shown is not None and layout is not None and not bar.isVisible()
        if shown.terms is None:
            continue
        targets = {each.number.target for each in panel.hits}
        assert {row.target for row in shown.terms.rows} <= targets
        assert layout.curve is not None
        if shown.phase == "forward" and layout.headline is not None:
            assert not any(r"\cdots" in line for line in fitting(fonts, shown, layout.headline.width()))
        if font_px == 13 and (shown.phase == "forward" or width > 720):
            assert layout.bars is not None and layout.bars.width() >= 60
            assert shown.phase == "backward" or layout.headline is not None


@pytest.mark.parametrize("source", ["xor", "digits"])
@pytest.mark.parametrize("grain", ["term", "neuron"])
def test_going_back_the_row_that_was_just_computed_is_marked_and_in_view(panel: EquationPanel, source: str, grain: str) -> None:
    sim = Simulation(example(source).experiment)
    sim.step("pass", 2)
    panel.resize(799, 226)
    seen = 0
    for _ in range(70):
        sim.step(grain)
        mark = sim.frame.mark
        assert mark is not None
        if mark.phase != "backward":
            break
        panel.show_frame(sim.frame, False)
        painted(panel)
        assert panel.caption is not None and panel.caption.terms is not None
        working = [row for row in panel.caption.terms.rows if row.state == "working"]
        assert mark.layer is not None and mark.neuron is not None
        if mark.term is None:
            assert not working
            continue
        assert [row.target for row in working] == [EdgeTarget(mark.layer, mark.term, mark.neuron)]
        assert working[0].product in [each.number for each in panel.hits]
        seen += 1
    assert seen >= 2


def test_no_card_cuts_its_title_at_the_docks_width(panel: EquationPanel) -> None:
    panel.resize(799, 226)
    for activation in ("sigmoid", "leaky-relu", "softplus"):
        base = example("xor").experiment
        sim = Simulation(base.replace(layers=(base.layers[0].model_copy(update={"activation": activation}), *base.layers[1:])))
        sim.step("pass", 2)
        for _ in range(5):
            sim.step("neuron")
            panel.show_frame(sim.frame, False)
            layout, shown = panel.layout_on_show, panel.caption
            assert layout is not None and layout.cards is not None and shown is not None
            fonts = Fonts(panel.font())
            for card, room in zip(shown.cards, rooms(shown.cards, layout.cards.width(), fonts), strict=True):
                assert fonts.width(card.label, 11) <= room, card.label


@pytest.mark.parametrize(("height", "is_whole"), [(210, False), (340, True)])
def test_a_long_sum_that_arrives_is_written_out_or_told_when_pointed_at(
        panel: EquationPanel, monkeypatch: pytest.MonkeyPatch, height: int, is_whole: bool) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: said.append(text))
    sim = Simulation(example("spiral").experiment)
    sim.step("pass", 2)
    while sim.frame.known.working != (0, 0) or sim.frame.phase != "backward":
        sim.step("neuron")
    panel.resize(WIDE[0], height)
    panel.show_frame(sim.frame, False)
    painted(panel)
    assert panel.caption is not None and panel.layout_on_show is not None and panel.layout_on_show.cards is not None
    arriving = panel.caption.cards[0]
    assert sim.frame.trace is not None and arriving.arithmetic.count("×") == len(sim.frame.trace.deltas[1]) == 8
    at = panel.layout_on_show.cards.topLeft().toPoint() + QPoint(60, 10)
    QApplication.sendEvent(panel, QHelpEvent(QEvent.Type.ToolTip, at, panel.mapToGlobal(at)))
    how = f"{arriving.arithmetic} {arriving.sign} {arriving.number.text}"
    assert said == [panel.caption.sentence if is_whole else how]


def test_cards_and_gradients_do_not_overlap_at_any_height(panel: EquationPanel) -> None:
    sim = Simulation(example("spiral").experiment)
    sim.step("pass", 3)
    for height in range(172, 420, 8):
        panel.resize(WIDE[0], height)
        for neuron in (0, 7):
            panel.show_frame(sim.frame, False, NeuronTarget(0, neuron))
            layout = panel.layout_on_show
            assert layout is not None and layout.cards is not None and layout.rows is not None
            assert layout.header.bottom() <= layout.cards.top() and layout.cards.bottom() < layout.rows.top()
            assert layout.rows.bottom() <= height


def test_slow_motion_shows_the_equations(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), True)
    assert panel.caption is not None


def test_weights_as_pictures_use_the_themes_map(panel: EquationPanel) -> None:
    sim = Simulation(example("digits").experiment)
    sim.step("batch")
    panel.show_frame(sim.frame, True)
    light = painted(panel)
    panel.set_theme(THEMES["dark"])
    assert painted(panel) != light
    assert painted(panel).pixelColor(400, 246).name() == THEMES["dark"].base


def test_a_chosen_target_is_what_it_explains(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False, NeuronTarget(0, 1))
    assert panel.caption is not None and panel.caption.short_title == "L1 · neuron 2"


def test_a_larger_font_makes_everything_larger(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    assert panel.layout_on_show is not None
    before = panel.layout_on_show.row_height, panel.sizeHint().height()
    font = panel.font()
    font.setPixelSize(26)
    panel.resize(1644, 500)
    panel.setFont(font)
    assert panel.layout_on_show.row_height == pytest.approx(2 * before[0], rel=0.02)
    assert panel.sizeHint().height() == 2 * before[1]


def test_nothing_is_under_a_place_without_a_number(panel: EquationPanel, ring: Simulation) -> None:
    panel.show_frame(forward(ring), False)
    painted(panel)
    assert panel.number_at(QPointF(panel.width() - 1, panel.height() - 1)) is None


def test_what_is_pointed_at_on_the_diagram_lights_up_its_numbers(panel: EquationPanel) -> None:
    simulation = Simulation(example("xor").experiment)
    simulation.step("neuron")
    panel.show_frame(simulation.frame, False)
    plain = panel.grab().toImage()
    panel.show_hovered(EdgeTarget(0, 1, 0))
    lit = panel.grab().toImage()
    here = [hit.rect.toAlignedRect().adjusted(-1, -1, 1, 1) for hit in panel.hits if hit.number.target == EdgeTarget(0, 1, 0)]
    assert here and all(lit.copy(rect) != plain.copy(rect) for rect in here)
    for elsewhere in (None, EdgeTarget(1, 0, 0)):
        panel.show_hovered(elsewhere)
        assert panel.grab().toImage() == plain


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_the_arithmetic_can_be_selected_from_as_text(panel: EquationPanel) -> None:
    simulation = Simulation(example("xor").experiment)
    simulation.step("neuron")
    panel.show_frame(simulation.frame, False)
    next(action for action in panel.context_menu().actions() if action.text() == "Select from the text…").trigger()
    (window,) = panel.findChildren(ArithmeticText)
    pages = [window.tabs.widget(number) for number in range(window.tabs.count())]
    shown, exact, latex = (page for page in pages if isinstance(page, QPlainTextEdit))
    told = panel.caption
    assert told is not None and told.sentence in shown.toPlainText() and "\\begin{gather*}" in latex.toPlainText()
    assert simulation.frame.trace is not None and repr(float(simulation.frame.trace.sums[0][0, 0])) in exact.toPlainText()
    shown.selectAll()
    assert shown.isReadOnly() and told.title in shown.textCursor().selectedText()
    window.close()
