"""The panel heads its table with the typeset formula, in letters and in numbers, without keeping anybody waiting."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.simulation import Simulation
from nnsim.picture.caption_text import plain_text
from nnsim.picture.latex import headline, numeric, paragraph, symbolic
from nnsim.picture.latex_parts import number
from nnsim.widgets import equation_page, equation_view, formula_typesetting
from nnsim.widgets.equation_panel import EquationPanel
from nnsim.widgets.formula import paint_formula
from nnsim.widgets.formula_typesetting import is_typeset


@pytest.fixture
def ring() -> Simulation:
    return Simulation(example("ring").experiment)


@pytest.fixture
def panel(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> EquationPanel:
    # whatever another test has typeset, and however slow the machine is
    monkeypatch.setattr(formula_typesetting, "_kept", {})
    monkeypatch.setattr(equation_page, "TYPESETTING_SECONDS", 60.0)
    monkeypatch.setattr(equation_view, "HURRIED_MS", -1)
    made = EquationPanel()
    font = made.font()
    font.setPixelSize(13)
    made.setFont(font)
    qtbot.addWidget(made)
    made.resize(822, 250)
    made.show()
    return made


def step(panel: EquationPanel, sim: Simulation, grain: str = "neuron", count: int = 1) -> None:
    sim.step(grain, count)
    panel.show_frame(sim.frame, False)
    panel.grab()


def test_the_formula_is_typeset_in_letters_and_under_it_in_numbers(panel: EquationPanel, ring: Simulation) -> None:
    step(panel, ring)
    shown, layout = panel.caption, panel.layout_on_show
    assert shown is not None and layout is not None and layout.headline is not None and layout.rows is not None
    assert all(is_typeset(line) for line in symbolic(shown)) and is_typeset(headline(shown)[0])
    assert layout.header.bottom() <= layout.headline.top() and layout.headline.bottom() <= layout.rows.top()
    assert shown.terms is not None and shown.terms.sum is not None
    assert headline(shown)[0].endswith(number(shown.terms.sum.text))


def test_the_formula_in_numbers_keeps_clear_of_what_stands_beside_it(panel: EquationPanel, ring: Simulation) -> None:
    step(panel, ring)
    for width in range(500, 1300, 50):
        for height in (220, 250, 330):
            panel.resize(width, height)
            panel.grab()
            layout = panel.layout_on_show
            assert layout is not None
            parts = [part for part in (layout.rows, layout.bars, layout.curve, layout.result) if part is not None]
            assert layout.headline is None or not any(layout.headline.intersects(part) for part in parts)


def test_a_short_panel_leaves_the_formula_in_numbers_out(panel: EquationPanel, ring: Simulation) -> None:
    step(panel, ring)
    panel.resize(725, 160)
    assert panel.layout_on_show is not None and panel.layout_on_show.headline is None


def test_a_long_sum_is_cut_to_what_there_is_room_for(panel: EquationPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def noted(painter: QPainter, x: float, baseline: float, latex: str, size: float, colour: str) -> float:
        written.append(latex)
        return paint_formula(painter, x, baseline, latex, size, colour)

    monkeypatch.setattr(equation_page, "paint_formula", noted)
    step(panel, Simulation(example("digits").experiment))
    assert panel.caption is not None
    terms = []
    for width in (400, 1100):
        written.clear()
        panel.resize(width, 250)
        panel.grab()
        terms += [most for most in (3, 4, 5, 7, 9) if headline(panel.caption, most)[0] in written]
    assert terms == [3, 9]


@pytest.mark.parametrize("digits", [3, 6, None])
def test_nothing_is_written_too_small_to_read(
    panel: EquationPanel, ring: Simulation, monkeypatch: pytest.MonkeyPatch, digits: int | None
) -> None:
    sizes: list[float] = []

    def noted(painter: QPainter, x: float, baseline: float, latex: str, size: float, colour: str) -> float:
        sizes.append(size)
        return paint_formula(painter, x, baseline, latex, size, colour)

    monkeypatch.setattr(equation_page, "paint_formula", noted)
    panel.set_digits(digits)
    for width, height in ((822, 250), (600, 250), (725, 187)):
        panel.resize(width, height)
        for _ in range(16):
            step(panel, ring)
    assert len(sizes) > 100 and min(sizes) >= 10


def test_moments_in_quick_succession_are_written_as_text_and_typeset_when_they_settle(
    qtbot: QtBot, panel: EquationPanel, ring: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    step(panel, ring)
    monkeypatch.setattr(equation_view, "HURRIED_MS", 10_000)
    monkeypatch.setattr(equation_view, "SETTLED_MS", 1_000_000)
    step(panel, ring)
    assert panel.caption is not None
    line = headline(panel.caption)[0]
    assert not is_typeset(line)
    hurried = panel.grab().toImage()
    monkeypatch.setattr(equation_view, "SETTLED_MS", 0)
    step(panel, ring)
    assert panel.caption is not None
    line = headline(panel.caption)[0]
    qtbot.waitUntil(lambda: is_typeset(line))
    assert panel.grab().toImage() != hurried


def test_showing_the_same_moment_again_is_no_hurry(
    panel: EquationPanel, ring: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    step(panel, ring)
    monkeypatch.setattr(equation_view, "HURRIED_MS", 10_000)
    monkeypatch.setattr(formula_typesetting, "_kept", {})
    panel.show_frame(ring.frame, False)
    panel.grab()
    assert panel.caption is not None and is_typeset(headline(panel.caption)[0])


def test_a_painting_that_runs_out_of_time_goes_on_with_the_next(
    qtbot: QtBot, panel: EquationPanel, ring: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equation_page, "TYPESETTING_SECONDS", -1.0)
    step(panel, ring)
    assert panel.caption is not None
    line = headline(panel.caption)[0]
    assert not is_typeset(line)
    monkeypatch.setattr(equation_page, "TYPESETTING_SECONDS", 60.0)
    qtbot.waitUntil(lambda: is_typeset(line))


def test_playing_batches_loads_no_typesetter(panel: EquationPanel, ring: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    panel.grab()
    ring.step("batch")
    panel.show_frame(ring.frame, True)
    panel.grab()
    assert formula_typesetting._kept == {}


@pytest.mark.parametrize("phase", ["forward", "loss", "backward", "update"])
def test_copying_as_latex_gives_letters_and_numbers(panel: EquationPanel, ring: Simulation, phase: str) -> None:
    while ring.frame.phase != phase:
        ring.step("sample" if phase == "update" else "pass")
    step(panel, ring, "neuron", -1) if phase == "update" else panel.show_frame(ring.frame, False)
    panel.copy_latex()
    assert panel.caption is not None and numeric(panel.caption)
    assert QGuiApplication.clipboard().text() == paragraph(panel.caption)


def test_keys_copy_as_text_as_latex_and_exactly(panel: EquationPanel, ring: Simulation) -> None:
    step(panel, ring)
    assert panel.caption is not None
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    for key, modifiers, copied in (
        (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier, plain_text(panel.caption)),
        (Qt.Key.Key_L, both, paragraph(panel.caption)),
        (Qt.Key.Key_C, both, plain_text(panel.caption, exactly=True)),
    ):
        asking = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        asking.ignore()
        panel.event(asking)
        assert asking.isAccepted()
        QTest.keyClick(panel, key, modifiers)
        assert QGuiApplication.clipboard().text() == copied


def test_the_menu_copies_the_number_with_the_outline_exactly(panel: EquationPanel, ring: Simulation) -> None:
    step(panel, ring)
    assert not any("number" in action.text() for action in panel.context_menu().actions())
    hit = panel.hits[2]
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(round(hit.rect.center().x()), round(hit.rect.center().y())))
    action = next(action for action in panel.context_menu().actions() if "number" in action.text())
    action.trigger()
    assert QGuiApplication.clipboard().text() == repr(hit.number.value) and repr(hit.number.value) in action.text()


def test_a_screen_reader_hears_words_not_latex(panel: EquationPanel, ring: Simulation) -> None:
    for _ in range(30):
        step(panel, ring)
        assert panel.caption is not None and panel.accessibleDescription() == panel.caption.sentence
        assert "\\" not in panel.accessibleDescription()
