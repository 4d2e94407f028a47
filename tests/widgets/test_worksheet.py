"""The worksheet on paper: a PDF with every step, written whole or not at all."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from nnsim.engine.examples import example
from nnsim.engine.marks import Grain
from nnsim.engine.simulation import Simulation
from nnsim.files.protocol_steps import Steps, TooManyStepsError
from nnsim.picture.protocol import Protocol
from nnsim.picture.worksheet_steps import WorksheetSteps
from nnsim.widgets.worksheet import BLANK, page_breaks, worksheet_pieces, write_worksheet


def protocol(name: str = "textbook-2-2-2", grain: Grain = Grain.NEURON) -> Protocol:
    simulation = Simulation(example(name).experiment)
    simulation.run(batches=1)
    return Protocol(simulation.frame, grain)


def worksheet_html(steps: Steps, answers: bool) -> str:
    return "\n".join(piece.html for piece in worksheet_pieces(steps, answers))


def test_a_worksheet_is_a_pdf_of_as_many_pages_as_its_steps_need(qtbot: QtBot, tmp_path: Path) -> None:
    short, long = protocol(), protocol("ring")
    assert write_worksheet(tmp_path / "short.pdf", short) == 1
    pages = write_worksheet(tmp_path / "long.pdf", long)
    content = (tmp_path / "long.pdf").read_bytes()
    assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    assert content.count(b"/Type /Page\n") == pages > 4
    assert b"595" in content and b"842" in content


def test_every_step_has_its_line_and_its_answer_or_a_blank(qtbot: QtBot) -> None:
    steps = WorksheetSteps(protocol().frame)
    solved, empty = worksheet_html(steps, True), worksheet_html(steps, False)
    for html in (solved, empty):
        assert html.count("<tr>") == len(steps)
        assert steps.title in html and "Network 2-2-2" in html
    assert empty.count(BLANK) == len(steps) and BLANK not in solved
    for row in steps:
        assert f"{row.relation} <b>{row.result.text}</b>" in solved
        assert f"<b>{row.result.text}</b>" not in empty
        assert row.given in empty
    assert "Later steps use earlier results" in empty


def test_no_step_is_torn_at_a_pages_end_and_no_heading_stands_alone_there() -> None:
    heights, leads = [20.0, 30.0, 30.0, 20.0, 30.0, 30.0], [True, False, False, True, False, False]
    assert page_breaks(heights, leads, 100) == [[0, 1, 2], [3, 4, 5]]
    assert page_breaks(heights, leads, 60) == [[0, 1], [2], [3, 4], [5]]


def test_every_piece_of_a_worksheet_is_whole_on_one_page(qtbot: QtBot, tmp_path: Path) -> None:
    simulation = Simulation(example("xor").experiment)
    simulation.run(batches=1)
    steps = WorksheetSteps(simulation.frame)
    pieces = list(worksheet_pieces(steps, False))
    assert sum("<tr>" in piece.html for piece in pieces) == len(steps)
    assert write_worksheet(tmp_path / "a.pdf", steps, False) > 2


def test_a_worksheet_that_would_be_a_book_is_refused_and_leaves_the_old_file(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"old")
    with pytest.raises(TooManyStepsError, match="184,314 steps"):
        write_worksheet(path, protocol("digits", Grain.TERM))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
