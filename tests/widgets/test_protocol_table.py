"""The table of a batch's steps: it follows the frame, walks moments by key, and works out only the rows on screen."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeyEvent
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.marks import Grain
from nnsim.engine.moments import Moment
from nnsim.engine.simulation import Simulation
from nnsim.picture.palette import THEMES
from nnsim.picture.protocol import Protocol, Row
from nnsim.widgets.protocol_model import ARITHMETIC, NUMBER, PHASE, PLACE, RESULT, RULE
from nnsim.widgets.protocol_table import ProtocolTable


@pytest.fixture
def simulation() -> Simulation:
    made = Simulation(example("ring").experiment)
    made.step("neuron", 4)
    return made


@pytest.fixture
def table(qtbot: QtBot, simulation: Simulation) -> ProtocolTable:
    made = ProtocolTable()
    qtbot.addWidget(made)
    made.set_theme(THEMES["light"])
    made.resize(1200, 300)
    made.show()
    qtbot.waitExposed(made)
    made.show_frame(simulation.frame, Grain.NEURON)
    return made


def shown(table: ProtocolTable, row: int, column: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> object:
    return table.rows.index(row, column).data(role)


def follow(table: ProtocolTable, simulation: Simulation, moment: Moment) -> None:
    simulation.seek(moment)
    table.show_frame(simulation.frame, Grain.NEURON)


def test_it_shows_the_protocol_of_the_frame(table: ProtocolTable, simulation: Simulation) -> None:
    protocol = Protocol(simulation.frame, Grain.NEURON)
    assert table.rows.rowCount() == len(protocol)
    row = protocol.row(2)
    assert (shown(table, 2, PLACE), shown(table, 2, RULE), shown(table, 2, ARITHMETIC), shown(table, 2, RESULT)) == (
        row.place, row.what, row.arithmetic, row.result.text)
    assert shown(table, 2, RESULT, Qt.ItemDataRole.ToolTipRole) == repr(row.value)
    assert shown(table, 20, RESULT) == "?"
    assert shown(table, 20, RESULT, Qt.ItemDataRole.ToolTipRole) == "not yet computed"


def test_the_row_of_the_moment_has_the_colour_of_its_phase(table: ProtocolTable, simulation: Simulation) -> None:
    for moment in (simulation.moment, Moment(0, simulation.marks(0).pass_length + 3)):
        follow(table, simulation, moment)
        current = table.rows.protocol.current if table.rows.protocol else None
        assert current is not None
        theme, phase = THEMES["light"], simulation.frame.phase
        tint = theme.column_tint(phase)
        assert tint is not None
        assert shown(table, current, PLACE, Qt.ItemDataRole.BackgroundRole) == QColor(tint)
        assert shown(table, current + 1, PLACE, Qt.ItemDataRole.BackgroundRole) is None
        place = table.visualRect(table.rows.index(current, NUMBER))
        image = table.viewport().grab().toImage()
        assert image.pixelColor(place.left() + 1, place.center().y()) == QColor(theme.phase(phase))


@pytest.mark.parametrize(("key", "row"), [
    (Qt.Key.Key_Down, 4), (Qt.Key.Key_Up, 2), (Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 135)])
def test_keys_walk_the_moments(table: ProtocolTable, simulation: Simulation, key: Qt.Key, row: int) -> None:
    spy = QSignalSpy(table.moment_chosen)
    QTest.keyClick(table, key)
    protocol = table.rows.protocol
    assert protocol is not None
    assert [spy.at(i) for i in range(spy.count())] == [[protocol.moment_of(row)]]


def test_a_page_is_walked_by_one_key_and_comes_back_by_another(table: ProtocolTable, simulation: Simulation) -> None:
    spy, start = QSignalSpy(table.moment_chosen), simulation.moment
    QTest.keyClick(table, Qt.Key.Key_PageDown)
    assert spy.count() == 1
    moment = spy.at(0)[0]
    assert moment > Moment(start.batch, start.mark + 20)
    follow(table, simulation, moment)
    QTest.keyClick(table, Qt.Key.Key_PageUp)
    assert spy.at(1)[0] < moment


def test_walking_goes_on_from_the_frame_that_came(table: ProtocolTable, simulation: Simulation) -> None:
    spy = QSignalSpy(table.moment_chosen)
    for turn in range(3):
        QTest.keyClick(table, Qt.Key.Key_Down)
        follow(table, simulation, spy.at(turn)[0])
    protocol = table.rows.protocol
    assert protocol is not None and protocol.current == 6


def test_a_click_means_the_rows_moment_and_a_click_on_the_current_row_nothing(table: ProtocolTable) -> None:
    spy = QSignalSpy(table.moment_chosen)
    protocol = table.rows.protocol
    assert protocol is not None
    for row in (5, 3):
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton,
                         pos=table.visualRect(table.rows.index(row, PLACE)).center() + QPoint(2, 0))
    assert [spy.at(i) for i in range(spy.count())] == [[protocol.moment_of(5)]]


def test_selecting_rows_moves_nothing_and_copies_them_with_all_digits(table: ProtocolTable) -> None:
    spy = QSignalSpy(table.moment_chosen)
    QTest.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert spy.count() == 0
    lines = QGuiApplication.clipboard().text().split("\n")
    rows = [table.rows.row(row) for row in (1, 2, 3)]
    assert [line.split("\t")[-1] for line in lines] == [repr(row.value) for row in rows]
    assert all(row.place in line and row.arithmetic in line for row, line in zip(rows, lines, strict=True))


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space])
def test_left_right_and_space_are_left_to_time(table: ProtocolTable, key: Qt.Key) -> None:
    before = table.currentIndex()
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    table.keyPressEvent(event)
    assert not event.isAccepted()
    assert table.currentIndex() == before


@pytest.mark.parametrize(("width", "hidden"), [(347, {NUMBER, PHASE, RULE}), (1200, set())])
def test_columns_fill_the_width_and_show_what_fits(table: ProtocolTable, width: int, hidden: set[int]) -> None:
    table.resize(width, 300)
    assert {column for column in range(6) if table.isColumnHidden(column)} == hidden
    widths = [0 if table.isColumnHidden(column) else table.columnWidth(column) for column in range(6)]
    assert sum(widths) == table.viewport().width()
    metrics = QFontMetrics(table.font())
    for column in {PLACE, RESULT} | ({NUMBER, PHASE} - hidden):
        for row in (0, 6, 7, 130):
            assert metrics.horizontalAdvance(str(shown(table, row, column))) <= widths[column]
    assert widths[ARITHMETIC] >= metrics.horizontalAdvance("0.823·(−0.505)")


def test_only_rows_on_screen_are_worked_out(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = Simulation(example("digits").experiment)
    simulation.step("sample", 2)
    table = ProtocolTable()
    qtbot.addWidget(table)
    asked: set[int] = set()
    row_of = Protocol.row

    def counted(self: Protocol, row: int) -> Row:
        asked.add(row)
        return row_of(self, row)

    monkeypatch.setattr(Protocol, "row", counted)
    table.resize(900, 400)
    table.show()
    qtbot.waitExposed(table)
    table.show_frame(simulation.frame, Grain.TERM)
    QTest.keyClick(table, Qt.Key.Key_End)
    table.grab()
    assert table.rows.rowCount() > 180_000
    assert 10 < len(asked) < 120


def test_the_start_has_all_rows_and_no_answers(qtbot: QtBot) -> None:
    table = ProtocolTable()
    qtbot.addWidget(table)
    table.show_frame(Simulation(example("xor").experiment).frame, Grain.LAYER)
    spy = QSignalSpy(table.moment_chosen)
    assert {shown(table, row, RESULT) for row in range(table.rows.rowCount())} == {"?"}
    QTest.keyClick(table, Qt.Key.Key_End)
    assert spy.count() == 1


def test_where_room_is_short_arithmetic_goes_on_in_a_second_line(table: ProtocolTable) -> None:
    heights = []
    for width in (1100, 520):
        table.resize(width, 240)
        heights.append(table.rowHeight(0))
    assert heights[1] >= heights[0] + QFontMetrics(table.font()).lineSpacing()
    assert not table.isColumnHidden(RULE) and table.wordWrap()
    assert sum(table.columnWidth(column) for column in range(6)) <= table.viewport().width()
