"""The equation panel shows all rules of an update, opens what a number is made of, and tells its sentence at every stop."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.experiment import Learning
from nnsim.engine.simulation import Simulation
from nnsim.picture.caption import caption
from nnsim.picture.latex_text import plain
from nnsim.picture.targets import EdgeTarget
from nnsim.widgets.equation_page import Page
from nnsim.widgets.equation_panel import EquationPanel

DOCK, SMALL = (826, 250), (725, 187)


@pytest.fixture
def panel(qtbot: QtBot) -> EquationPanel:
    made = EquationPanel()
    font = made.font()
    font.setPixelSize(13)
    made.setFont(font)
    qtbot.addWidget(made)
    made.resize(*DOCK)
    made.show()
    return made


def ring(**learning: object) -> Simulation:
    made = example("ring").experiment
    return Simulation(made.replace(learning=Learning.model_validate({"rate": 0.05, **learning})))


def at_update(sim: Simulation) -> Simulation:
    sim.step("sample")
    while sim.frame.phase != "update":
        sim.step("sample")
    # the last sample's end, and from there to the first weight
    sim.step("sample", -1)
    sim.step("term")
    return sim


def click(panel: EquationPanel, text: str) -> None:
    panel.grab()
    hit = next(hit for hit in panel.hits if hit.number.text == text)
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=hit.rect.center().toPoint())
    panel.grab()


@pytest.mark.parametrize("size", [DOCK, SMALL, (1100, 330)])
@pytest.mark.parametrize("optimizer", ["gradient-descent", "nesterov", "rmsprop", "adam", "adamw"])
def test_every_rule_of_an_update_is_written_and_stays_within_the_panel(
        panel: EquationPanel, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], optimizer: str) -> None:
    written: dict[str, float] = {}
    paint = Page.formula

    def note(page: Page, x: float, y: float, latex: str, formula_size: float, *how: Any) -> float:
        wide = paint(page, x, y, latex, formula_size, *how)
        written[latex] = x + wide
        return wide

    monkeypatch.setattr(Page, "formula", note)
    sim = at_update(ring(optimizer=optimizer, l1=0.01, l2=0.01, clip_norm=0.01, schedule="cosine"))
    panel.resize(*size)
    panel.show_frame(sim.frame, False)
    for _ in range(3):
        panel.grab()
    assert panel.caption is not None
    assert set(panel.caption.formulas) <= set(written)
    assert all(written[latex] <= panel.width() for latex in panel.caption.formulas)
    rows = panel.layout_on_show
    assert rows is not None and rows.rows is not None and rows.rows.height() >= 3 * 17


def test_a_click_on_a_gradient_tells_what_each_sample_adds_and_another_hides_it(panel: EquationPanel) -> None:
    sim = at_update(ring())
    panel.show_frame(sim.frame, False)
    assert panel.caption is not None and sim.frame.trace is not None
    gradient = panel.caption.lines[0]
    assert gradient.parts is not None
    click(panel, gradient.number.text)
    shown = [hit.number.value for hit in panel.hits]
    parts = [part.number.value for part in gradient.parts()]
    assert len(parts) == sim.frame.trace.samples and parts[:4] == shown[1:5]
    sim.step("term")
    panel.show_frame(sim.frame, False)
    panel.grab()
    assert panel.layout_on_show is not None and panel.layout_on_show.table is not None
    assert len(panel.layout_on_show.table.rows) > len(parts), "the parts stay open at the next weight"
    click(panel, panel.caption.lines[0].number.text)
    assert len(panel.layout_on_show.table.rows) == len(panel.caption.lines) - 1


def test_a_click_on_a_length_tells_the_layers_squares(panel: EquationPanel) -> None:
    sim = at_update(ring(clip_norm=0.001))
    panel.show_frame(sim.frame, False)
    assert panel.caption is not None
    norm = panel.caption.lines[1]
    assert plain(norm.symbol) == "‖g‖" and norm.parts is not None
    click(panel, norm.number.text)
    assert {part.number.value for part in norm.parts()} <= {hit.number.value for hit in panel.hits}


def test_enter_opens_what_the_outlined_number_is_made_of(panel: EquationPanel) -> None:
    panel.show_frame(at_update(ring()).frame, False)
    panel.grab()
    QTest.keyClick(panel, Qt.Key.Key_Down)
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert panel.layout_on_show is not None and panel.layout_on_show.table is not None
    assert any("sample 1" in cell.text for row in panel.layout_on_show.table.rows for cell in row.cells)


def test_the_gaps_of_a_row_count_as_the_row(panel: EquationPanel) -> None:
    sim = ring()
    sim.step("neuron")
    panel.show_frame(sim.frame, False)
    panel.grab()
    layout = panel.layout_on_show
    told: list[object] = []
    assert layout is not None and layout.rows is not None and layout.measured is not None
    panel.target_hovered.connect(told.append)
    gaps = 0
    for x in range(round(layout.rows.left()), round(layout.rows.right()), 3):
        place = QPoint(x, round(layout.rows.top() + 1.5 * layout.row_height))
        if panel.number_at(QPointF(place)) is None:
            QTest.mouseMove(panel, QPoint(x, 2))
            QTest.mouseMove(panel, place)
            assert told[-1] == EdgeTarget(0, 1, 0), x
            gaps += 1
    assert gaps > 5


@pytest.mark.parametrize("name", ["ring", "xor", "digits", "textbook-2-2-2"])
@pytest.mark.parametrize("size", [DOCK, SMALL])
def test_the_sentence_is_seen_at_every_stop_and_is_what_a_screen_reader_says(
        panel: EquationPanel, name: str, size: tuple[int, int]) -> None:
    sim = Simulation(example(name).experiment)
    panel.resize(*size)
    for _ in range(2 * sum(sim.network.widths) + 3 if name != "digits" else 12):
        sim.step("neuron")
        panel.show_frame(sim.frame, False)
        layout = panel.layout_on_show
        assert layout is not None and layout.sentence is not None and layout.sentence.bottom() <= panel.height()
        assert " ".join(layout.told) == panel.accessibleDescription() == caption(sim.frame).sentence


def test_nothing_of_the_move_is_cut_or_stands_outside_its_card(panel: EquationPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[str] = []
    paint = Page.text

    def note(page: Page, x: float, y: float, text: str, *how: Any, **more: Any) -> QRectF:
        words.append(text)
        return paint(page, x, y, text, *how, **more)

    monkeypatch.setattr(Page, "text", note)
    remarks, all_digits = set(), 0
    plain_descent, nesterov = ring(), ring(optimizer="nesterov", settings={"momentum": 0.99})
    for digits, size, sim in ((3, DOCK, nesterov), (3, (826, 226), nesterov), (None, (1300, 330), plain_descent)):
        panel.resize(*size)
        panel.set_digits(digits)
        for _ in range(4):
            sim.step("batch")
            at_update(sim)
            words.clear()
            panel.show_frame(sim.frame, False)
            panel.grab()
            shown, layout = panel.caption, panel.layout_on_show
            assert shown is not None and shown.move is not None and layout is not None
            if layout.result is None:
                continue
            remarks.add(shown.move.remark)
            all_digits += digits is None
            assert all(word in " ".join(words) for word in shown.move.remark.split())
            card = [hit for hit in panel.hits if hit.number is shown.move.old or hit.number is shown.move.new]
            assert len(card) == 2 and all(layout.result.adjusted(-2, 0, 2, 0).contains(hit.rect) for hit in card)
    assert len(remarks) > 1 and all_digits
