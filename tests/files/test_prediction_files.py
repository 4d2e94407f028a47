"""Predictions as CSV: all digits, names with units, and nothing that a spreadsheet would carry out."""

import csv
from pathlib import Path

import numpy as np
import pytest

from nnsim.core.tables import Table, numbers_column, words_column
from nnsim.engine.examples import example
from nnsim.engine.experiment import Data, TableUse
from nnsim.engine.frame import Wants
from nnsim.engine.materials import keep
from nnsim.engine.proposal import propose
from nnsim.engine.simulation import Simulation
from nnsim.files import predictions as predictions_module
from nnsim.files.predictions import TooManyCellsError, csv_text, harmless, write_predictions, written
from nnsim.files.tables import table_file
from nnsim.picture.predictions import Predictions


def iris() -> Predictions:
    simulation = Simulation(example("iris").experiment)
    simulation.run(epochs=3)
    return Predictions(simulation.look(Wants(predictions=True)))


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_file_holds_every_value_of_the_table_with_all_its_digits(tmp_path: Path) -> None:
    table = iris()
    write_predictions(tmp_path / "iris.csv", table)
    head, *rows = rows_of(tmp_path / "iris.csv")
    assert tuple(head) == table.names
    assert len(rows) == 150
    for place in (0, 149):
        for cell, value in zip(rows[place], table.values(place), strict=True):
            assert (cell if isinstance(value, str) else float(cell)) == value


def test_only_the_chosen_places_are_written_in_their_order(tmp_path: Path) -> None:
    table = iris()
    worst = table.order("own loss", descending=True)[:3].tolist()
    write_predictions(tmp_path / "worst.csv", table, worst)
    assert [int(row[0]) - 1 for row in rows_of(tmp_path / "worst.csv")[1:]] == worst


def test_what_was_written_can_be_read_as_a_table_again(tmp_path: Path) -> None:
    table = iris()
    write_predictions(tmp_path / "iris.csv", table)
    again, _ = table_file(tmp_path / "iris.csv")
    assert tuple(column.name for column in again.columns) == table.names
    own = again.column("own loss")
    assert own is not None and own.numbers is not None
    assert own.numbers.tolist() == table.own_losses.tolist()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@cmd", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_could_be_a_formula_has_an_apostrophe_before_it(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "'=1", "1-2", "Größe", "a,b", 'say "so"', "two\nlines"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(("value", "cell"), [(-1.5, "-1.5"), (0.1, "0.1"), (1 / 3, repr(1 / 3)), (3.0, "3"), (-2, "-2"), (0.0, "0"),
                                             (1e300, "1e+300"), (float("nan"), "nan"), (float("-inf"), "-inf")])
def test_a_number_has_as_few_digits_as_tell_it_from_every_other_and_no_apostrophe(value: float, cell: str) -> None:
    assert written(value) == cell


def test_quotes_commas_and_line_ends_are_kept() -> None:
    text = csv_text(("a,b", 'c"d'), [("x\ny", 1.0)])
    assert text == '"a,b","c""d"\r\n"x\ny",1\r\n'


def test_hostile_words_and_names_of_the_user_s_table_are_harmless_in_the_file(tmp_path: Path) -> None:
    columns = (words_column("=name", ["=cmd|' /C calc'!A0", "@b", "=cmd|' /C calc'!A0", "@b"]),
               numbers_column("+y", np.array([1.5, 2.5, 1.5, 2.5])))
    use = TableUse(target="+y", inputs=("=name",))
    data = Data(source="table", material=keep(Table("hostile", columns)), table=use, test_share=0)
    write_predictions(tmp_path / "a.csv", Predictions(Simulation(propose(data)).look(Wants(predictions=True))))
    head, *rows = rows_of(tmp_path / "a.csv")
    assert head[2] == "'=name"
    assert rows[0][2] == "'=cmd|' /C calc'!A0"
    cells = [cell for row in (head, *rows) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "@") or (cell[:1] in ("+", "-") and not _is_number(cell))]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_a_table_that_is_too_large_is_refused_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions_module, "MOST_CELLS", 1000)
    with pytest.raises(TooManyCellsError, match="150 rows of 14 columns are more than the 1,000 cells"):
        write_predictions(tmp_path / "a.csv", iris())
    assert list(tmp_path.iterdir()) == []
