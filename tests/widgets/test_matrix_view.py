"""The matrix view shows a layer as matrices, keeps what is multiplied in view, and says what was pointed at."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.simulation import Simulation
from nnsim.picture.matrices import matrices
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.targets import EdgeTarget, NeuronTarget
from nnsim.widgets.equation_page import Fonts
from nnsim.widgets.matrix_layout import allot, arrange
from nnsim.widgets.matrix_sheet import Cell
from nnsim.widgets.matrix_view import MatrixView

Z, WEIGHTS, ENTERING, BIAS = range(4)


@pytest.fixture
def ring() -> Simulation:
    simulation = Simulation(example("ring").experiment)
    simulation.step("sample", 2)
    simulation.step("layer")
    simulation.step("neuron")
    return simulation


@pytest.fixture
def digits() -> Simulation:
    simulation = Simulation(example("digits").experiment)
    simulation.step("neuron", 5)
    return simulation


@pytest.fixture
def view(qtbot: QtBot) -> MatrixView:
    made = MatrixView()
    font = made.font()
    font.setPixelSize(13)
    made.setFont(font)
    qtbot.addWidget(made)
    made.resize(1100, 300)
    made.show()
    made.setFocus()
    return made


def middle(view: MatrixView, cell: Cell) -> QPoint:
    rect = view.rect_of(cell)
    assert not rect.isEmpty()
    return rect.center().toPoint()


def press(view: MatrixView, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(view, key)


def image(view: MatrixView) -> QImage:
    return view.grab().toImage()


def test_it_has_the_name_that_scripts_rely_on(view: MatrixView) -> None:
    assert view.objectName() == "matrix-view"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_what_is_computed_is_filled_with_the_phases_colour_in_every_phase(view: MatrixView, ring: Simulation, theme: Theme) -> None:
    view.set_theme(theme)
    for phase in ("forward", "backward", "update"):
        while ring.frame.phase != phase:
            ring.step("sample" if phase == "update" else "pass")
        view.show_frame(ring.frame)
        assert view.picture is not None
        line = next(at for at, equation in enumerate(view.picture.equations) if equation.working)
        equation = view.picture.equations[line]
        cell = equation.marks(equation.grids[0]).cell
        assert cell is not None
        rect = view.rect_of(Cell(line, 0, *cell))
        painted = image(view)
        assert painted.pixelColor(int(rect.left() + 5), int(rect.top() + 5)).name() == theme.phase(phase)
        assert painted.pixelColor(2, 150).name() == theme.phase(phase)


def test_the_row_and_the_column_at_work_carry_the_tint_and_others_do_not(view: MatrixView, ring: Simulation) -> None:
    frame = ring.frame
    view.show_frame(frame)
    painted, tint = image(view), THEMES["light"].column_tint("forward")
    assert frame.mark is not None and frame.mark.neuron == 0 and frame.sample is not None

    def ground(cell: Cell) -> str:
        rect = view.rect_of(cell)
        return painted.pixelColor(int(rect.left() + 4), int(rect.center().y())).name()

    for row in range(3):
        assert ground(Cell(0, ENTERING, row, frame.sample)) == tint
        assert ground(Cell(0, ENTERING, row, frame.sample - 1)) == THEMES["light"].base
    assert ground(Cell(0, WEIGHTS, 0, 1)) == tint
    assert ground(Cell(0, WEIGHTS, 1, 1)) == THEMES["light"].base


def test_cells_show_the_pictures_texts_and_unknown_ones_a_question_mark(view: MatrixView, ring: Simulation) -> None:
    view.show_frame(ring.frame)
    assert view.sheet is not None
    for block in view.sheet.blocks:
        for row, texts in zip(block.rows, block.texts, strict=True):
            assert list(texts) == [block.grid.text(row, column) for column in block.columns]
    assert any("?" in texts for texts in view.sheet.blocks[0].texts)


@pytest.mark.parametrize("font_px", [13, 16])
def test_at_its_least_size_no_line_and_no_scroll_bar_is_cut_off(view: MatrixView, digits: Simulation, font_px: int) -> None:
    font = view.font()
    font.setPixelSize(font_px)
    view.setFont(font)
    view.resize(view.minimumSizeHint())
    seen = set()
    for _ in range(9):
        view.show_frame(digits.frame)
        assert view.sheet is not None
        seen.add(digits.frame.phase)
        bars = [bar for bar in view.findChildren(QScrollBar) if bar.isVisible()]
        whole = next(bar for bar in bars if bar.width() == view.width())
        assert max(block.cells.bottom() for block in view.sheet.blocks) <= whole.y()
        assert all(bar is whole or bar.geometry().bottom() < whole.y() for bar in bars)
        digits.step("layer")
    assert seen == {"forward", "loss", "backward"}


def test_where_it_is_low_lines_close_up_before_rows_go(view: MatrixView, ring: Simulation) -> None:
    rows, air = [], []
    for height in (250, 190, 150):
        view.resize(700, height)
        view.show_frame(ring.frame)
        assert view.sheet is not None
        rows.append(min(len(block.rows) for block in view.sheet.blocks))
        air.append(view.sheet.blocks[0].cells.top())
    assert rows == [2, 2, 1]
    assert air[0] > air[1] == air[2]


@pytest.mark.parametrize("size", [(700, 250), (1100, 300), (360, 190)])
def test_at_every_size_what_is_multiplied_is_in_view(view: MatrixView, digits: Simulation, size: tuple[int, int]) -> None:
    view.resize(*size)
    for grain in ("term", "neuron", "layer", "layer", "pass", "pass", "sample", "term"):
        digits.step(grain)
        view.show_frame(digits.frame)
        assert view.picture is not None and view.sheet is not None
        for block in view.sheet.blocks:
            if view.picture.equations[block.line].working:
                marks = block.marks
                assert marks.row is None or marks.row in block.rows
                assert marks.column is None or marks.column in block.columns
                assert marks.cell is None or block.shows(*marks.cell)


@pytest.mark.parametrize("digits_shown", [3, None])
def test_the_bias_row_of_a_small_networks_update_is_in_view_at_the_docks_size(view: MatrixView, digits_shown: int | None) -> None:
    simulation = Simulation(example("xor").experiment)
    simulation.step("pass", 12)
    simulation.step("neuron")
    assert simulation.frame.phase == "update"
    view.resize(799, 226)
    view.set_digits(digits_shown)
    view.show_frame(simulation.frame)
    assert view.sheet is not None
    assert {len(block.rows) for block in view.sheet.blocks} == {3}


def test_a_small_network_fits_the_docks_size(view: MatrixView) -> None:
    simulation = Simulation(example("ring").experiment)
    view.resize(700, 250)
    view.show_frame(simulation.frame)
    assert view.sheet is not None
    assert max(block.cells.bottom() for block in view.sheet.blocks) <= 250


def test_grids_that_count_the_same_scroll_together(view: MatrixView, digits: Simulation) -> None:
    view.show_frame(digits.frame)
    inputs = next(bar for bar in view.findChildren(QScrollBar) if bar.isVisible() and bar.maximum() > 40)
    inputs.setValue(20)
    assert view.sheet is not None
    blocks = {block.part: block for block in view.sheet.blocks if block.line == 0}
    assert blocks[WEIGHTS].columns.start == blocks[ENTERING].rows.start == 20


def test_the_wheel_scrolls_the_grid_beneath(view: MatrixView, digits: Simulation) -> None:
    view.show_frame(digits.frame)
    block = view.block(Cell(0, ENTERING, 0, 0))
    assert block is not None
    before = block.rows.start
    where = QPointF(middle(view, Cell(0, ENTERING, before, block.columns.start)))
    QApplication.sendEvent(view, QWheelEvent(
        where, view.mapToGlobal(where), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False))
    after = view.block(Cell(0, ENTERING, 0, 0))
    assert after is not None and after.rows.start == before + 2


def test_a_sheet_too_wide_scrolls_as_a_whole_and_cells_stay_where_they_are_painted(view: MatrixView, ring: Simulation) -> None:
    view.resize(360, 250)
    view.show_frame(ring.frame)
    assert view.sheet is not None and view.sheet.width > 360
    bias = Cell(0, BIAS, 0, 0)
    assert view.rect_of(bias).left() > 360
    view.reveal(bias)
    assert view.cell_at(QPointF(middle(view, bias))) == bias and view.rect_of(bias).right() <= 360


def test_a_click_on_a_cell_chooses_what_it_belongs_to(qtbot: QtBot, view: MatrixView, ring: Simulation) -> None:
    view.show_frame(ring.frame)
    with qtbot.waitSignal(view.target_chosen) as chosen:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle(view, Cell(0, WEIGHTS, 1, 2)))
    assert chosen.args == [EdgeTarget(1, 2, 1)]


def test_the_pointer_over_a_cell_says_so_once_and_takes_it_back(view: MatrixView, ring: Simulation) -> None:
    view.show_frame(ring.frame)
    told: list[object] = []
    view.target_hovered.connect(told.append)
    spot = middle(view, Cell(0, ENTERING, 1, 2))
    QTest.mouseMove(view, spot)
    QTest.mouseMove(view, spot + QPoint(1, 1))
    QTest.mouseMove(view, QPoint(view.width() - 2, 2))
    assert told == [NeuronTarget(0, 1), None]


def test_a_hovered_cells_row_and_column_are_outlined_in_its_equation(view: MatrixView, ring: Simulation) -> None:
    view.show_frame(ring.frame)
    before = image(view)
    QTest.mouseMove(view, middle(view, Cell(0, Z, 1, 1)))
    after = image(view)

    def changed(cell: Cell) -> bool:
        rect = view.rect_of(cell).toRect()
        return before.copy(rect) != after.copy(rect)

    assert changed(Cell(0, WEIGHTS, 1, 0)) and changed(Cell(0, ENTERING, 0, 1)) and changed(Cell(0, BIAS, 1, 0))
    assert not changed(Cell(0, WEIGHTS, 0, 1)) and not changed(Cell(0, ENTERING, 0, 0))


def test_arrows_move_among_cells_and_on_to_the_next_grid(view: MatrixView, ring: Simulation) -> None:
    view.show_frame(ring.frame)
    press(view, Qt.Key.Key_Down)
    assert view.current is not None and view.current.line == 1, "it begins at the cell at work"
    press(view, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert view.current == Cell(0, Z, 0, 2)
    press(view, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert view.current == Cell(0, WEIGHTS, 0, 1)
    press(view, Qt.Key.Key_Home, Qt.Key.Key_Left)
    assert view.current == Cell(0, Z, 0, 9)


def test_the_current_cell_has_the_keyboards_outline(qtbot: QtBot, view: MatrixView, ring: Simulation) -> None:
    view.activateWindow()
    qtbot.waitUntil(view.hasFocus)
    view.show_frame(ring.frame)
    press(view, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert view.current is not None
    rect = view.rect_of(view.current)
    ground, above = image(view), int(rect.top())
    column = {ground.pixelColor(int(rect.center().x()), above + by).name() for by in range(-2, 3)}
    assert THEMES["light"].focus in column


def test_enter_chooses_the_current_cell_and_escape_gives_the_arrows_back(
        qtbot: QtBot, view: MatrixView, ring: Simulation) -> None:
    def takes(key: Qt.Key) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(view, event)
        return event.isAccepted()

    view.show_frame(ring.frame)
    assert not takes(Qt.Key.Key_Right), "without a current cell right is time's"
    press(view, Qt.Key.Key_Down)
    assert takes(Qt.Key.Key_Right)
    with qtbot.waitSignal(view.target_chosen) as chosen:
        press(view, Qt.Key.Key_Return)
    assert chosen.args == [NeuronTarget(1, 0)]
    press(view, Qt.Key.Key_Escape)
    assert view.current is None and not takes(Qt.Key.Key_Right)


def test_a_screen_reader_is_told_the_current_cell_else_what_is_at_work(view: MatrixView, ring: Simulation) -> None:
    view.show_frame(ring.frame)
    assert view.accessibleDescription().startswith("L2: sums and outputs of the batch. L2·1, sample 3 of 10")
    press(view, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert view.current is not None and view.picture is not None
    grid = view.picture.equations[view.current.line].grids[view.current.part]
    assert view.accessibleDescription() == grid.sentence(view.current.row, view.current.column)


def test_copying_takes_the_grid_with_the_current_cell(view: MatrixView, ring: Simulation) -> None:
    frame = ring.frame
    view.show_frame(frame)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle(view, Cell(0, WEIGHTS, 1, 2)))
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    copied = np.array([[float(text) for text in line.split("\t")] for line in lines])
    np.testing.assert_array_equal(copied, frame.weights[1].T)
    menu = view.context_menu()
    labels = [action.text() for action in menu.actions() if action.text()]
    assert labels == ["Copy Wᵀ as text", "Copy Wᵀ as LaTeX", "Copy Wᵀ as NumPy", "Copy exact value"]
    menu.actions()[1].trigger()
    assert "pmatrix" in QGuiApplication.clipboard().text()
    menu.actions()[2].trigger()
    assert QGuiApplication.clipboard().text().startswith("np.array")
    menu.actions()[-1].trigger()
    assert QGuiApplication.clipboard().text() == repr(float(frame.weights[1][2, 1]))


def test_more_digits_are_shown_in_wider_cells(view: MatrixView, ring: Simulation) -> None:
    view.show_frame(ring.frame)
    narrow = view.rect_of(Cell(0, WEIGHTS, 0, 0)).width()
    view.set_digits(None)
    assert view.rect_of(Cell(0, WEIGHTS, 0, 0)).width() > 2 * narrow


def test_cells_do_not_shrink_when_their_widest_number_goes(view: MatrixView, ring: Simulation) -> None:
    widths: dict[tuple[int, int], float] = {(0, 0): 150.0}
    sheet = arrange(matrices(ring.frame), Fonts(view.font()), 1100, 300, {}, widths)
    assert sheet.blocks[0].cell_width == 150 and sheet.blocks[1].cell_width < 100
    assert widths[0, 1] == sheet.blocks[1].cell_width


def test_the_current_cell_stays_while_the_layer_does_and_goes_with_it(view: MatrixView, ring: Simulation) -> None:
    view.show_frame(ring.frame)
    press(view, Qt.Key.Key_Down)
    ring.step("neuron")
    view.show_frame(ring.frame)
    assert view.current is not None
    ring.step("layer")
    view.show_frame(ring.frame)
    assert view.current is None


def test_other_grids_in_the_same_phase_and_layer_take_the_current_cell_away(view: MatrixView, ring: Simulation) -> None:
    while ring.frame.phase != "loss":
        ring.step("pass")
    view.show_frame(ring.frame, NeuronTarget(2, 0))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle(view, Cell(0, BIAS, 0, 0)))
    view.show_frame(ring.frame)
    assert view.current is None


def test_room_is_given_evenly_and_least_rows_are_kept() -> None:
    assert allot([10, 3, 10], [10, 10, 10], 120, 2) == [5, 3, 4]
    assert allot([10, 10], [10, 10], 0, 2) == [2, 2]
    assert allot([10, 3], [10, 10], 50, 2) == [2, 3], "what lacks fewest is completed first"
    assert allot([3, 4], [10, 10], 1000, 2) == [3, 4]
