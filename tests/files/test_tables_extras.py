"""Workbooks and Parquet files as tables, and what is said where their libraries are not installed."""

import importlib
import io
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nnsim.core.tables import Table
from nnsim.files import table_extras
from nnsim.files.tables import Reading, TableError, preview_file, table_file

HEADER = ["size (cm)", "kind", "seen"]


def workbook(path: Path, *sheets: list[list[Any]]) -> Path:
    """A workbook of these sheets, each rows of cells."""
    openpyxl = importlib.import_module("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def values(table: Table, name: str) -> list[Any]:
    """A column's numbers or words; None where they are missing."""
    column = table.column(name)
    assert column is not None
    if column.numbers is not None:
        return [None if np.isnan(value) else float(value) for value in column.numbers]
    assert column.codes is not None
    return [None if code < 0 else column.words[code] for code in column.codes]


# workbooks

def test_a_workbooks_first_sheet_is_a_table(tmp_path: Path) -> None:
    path = workbook(tmp_path / "pets.xlsx", [HEADER, [1.5, "cat", True], [2, None, False], [0.1, "dog", True]])
    read = preview_file(path)
    assert read.table.name == "pets"
    assert read.reading.header
    assert values(read.table, "size (cm)") == [1.5, 2, 0.1]
    assert values(read.table, "kind") == ["cat", None, "dog"]
    assert values(read.table, "seen") == ["TRUE", "FALSE", "TRUE"]
    assert read.cells[1] == ("2", "", "FALSE")
    assert read.notes == ()


def test_a_workbook_without_a_header_is_known_as_such_and_can_be_read_otherwise(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[1, 2], [3, 4]])
    table, reading = table_file(path)
    assert not reading.header
    assert values(table, "column 2") == [2, 4]
    table, _ = table_file(path, Reading(header=True))
    assert values(table, "2") == [4]


def test_dates_and_errors_of_a_workbook_are_words_as_they_are_shown(tmp_path: Path) -> None:
    row: list[Any] = [date(2024, 5, 1), datetime(2024, 5, 1, 12, 30), time(8, 15), "#DIV/0!"]
    read = preview_file(workbook(tmp_path / "a.xlsx", [["day", "when", "at", "share"], row]))
    assert read.cells == (("2024-05-01", "2024-05-01 12:30:00", "08:15:00", "#DIV/0!"),)


def test_shorter_rows_of_a_workbook_end_in_missing_cells_and_blank_ones_are_skipped(tmp_path: Path) -> None:
    read = preview_file(workbook(tmp_path / "a.xlsx", [["a", "b"], [1], [], [2, 3], [None, 4]]))
    assert values(read.table, "a") == [1, 2, None]
    assert values(read.table, "b") == [None, 3, 4]
    assert read.notes == ("1 blank row is skipped",)


def test_other_sheets_of_a_workbook_are_said_to_be_left(tmp_path: Path) -> None:
    read = preview_file(workbook(tmp_path / "a.xlsx", [["a"], [1]], [["b"], [2]]))
    assert read.notes == ("only the first of 2 sheets, 'Sheet 1', is read",)


def test_a_word_in_a_workbooks_numbers_is_told_with_its_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["age"], *([number] for number in range(20)), ["old"]]
    assert preview_file(workbook(tmp_path / "a.xlsx", rows)).notes == (
        "column 'age' is read as words because of 'old' in row 22",)


def test_all_cells_are_read_whatever_a_sheet_says_of_its_size(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", [["a", "b"], [1, 2], [3, 4]])
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b'ref="A1:B3"', b'ref="A1:A2"'))
    assert values(preview_file(path).table, "b") == [2, 4]


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "it cannot be read as an Excel workbook"),
    (b"a,b\n1,2\n", "it cannot be read as an Excel workbook"),
    (b"PK\x03\x04" + bytes(100), "it cannot be read as an Excel workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or protected Excel workbook: save it as .xlsx without a password"),
])
def test_what_is_no_workbook_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(TableError, match=sentence):
        preview_file(path)


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(TableError, match="it cannot be read as an Excel workbook"):
        preview_file(path)


def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_unpacked(tmp_path: Path,
                                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", [["a"], [1]])
    monkeypatch.setattr(table_extras, "LARGEST_UNPACKED", 100)
    with pytest.raises(TableError, match=r"unpacked it would have .* bytes, and 100 are the most"):
        preview_file(path)


def test_a_sheet_of_too_many_cells_or_columns_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", [["a", "b"], [1, 2], [3, 4]])
    monkeypatch.setattr(table_extras, "MOST_CELLS", 5)
    with pytest.raises(TableError, match=r"^row 3: the sheet has more than 5 cells"):
        preview_file(path)
    monkeypatch.setattr(table_extras, "MOST_COLUMNS", 1)
    with pytest.raises(TableError, match=r"^row 1: there are 2 columns, and 1 are the most"):
        preview_file(path)


def test_an_empty_workbook_and_a_long_cell_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="its first sheet is empty"):
        preview_file(workbook(tmp_path / "a.xlsx", []))
    with pytest.raises(TableError, match=r"^row 2, column 2: a cell has 10,001 characters"):
        preview_file(workbook(tmp_path / "b.xlsx", [["a", "b"], [1, "x" * 10_001]]))


def test_damaged_workbooks_are_read_or_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", [HEADER, *([number, "cat", True] for number in range(30))]).read_bytes()
    chance = np.random.default_rng(3)
    path = tmp_path / "b.xlsx"
    refused = 0
    for _ in range(60):
        content = bytearray(whole)
        for place in chance.integers(0, len(content), 3):
            content[place] = chance.integers(256)
        path.write_bytes(content[: chance.integers(1, len(content) + 1)] if chance.random() < 0.3 else content)
        try:
            assert preview_file(path).table.rows > 0
        except TableError as error:
            refused += "\n" not in str(error)
    assert refused > 10


# where the libraries are not

@pytest.mark.parametrize(("name", "library", "kind"), [
    ("a.xlsx", "openpyxl", "an Excel workbook"), ("a.parquet", "pyarrow", "a Parquet file"),
])
def test_without_its_library_a_file_is_refused_with_what_to_install(name: str, library: str, kind: str, tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    # None in the table of modules is how Python itself says that a module cannot be imported
    monkeypatch.setitem(sys.modules, library, None)
    path = tmp_path / name
    path.write_bytes(b"PK")
    with pytest.raises(TableError, match=rf"to open {kind}, install nnsim\[tables\], which brings {library}; or save the table as"):
        preview_file(path)


# Parquet

@pytest.fixture(scope="module")
def arrow() -> ModuleType:
    """The library, which is larger than all others together and so need not be installed."""
    found: ModuleType = pytest.importorskip("pyarrow", reason="Parquet is read only where nnsim[tables] is installed")
    return found


def parquet(arrow: ModuleType, columns: dict[str, Any], path: Path) -> Path:
    """A Parquet file of these columns."""
    content = io.BytesIO()
    importlib.import_module("pyarrow.parquet").write_table(arrow.table(columns), content)
    path.write_bytes(content.getvalue())
    return path


def test_parquet_columns_keep_their_types(arrow: ModuleType, tmp_path: Path) -> None:
    path = parquet(arrow, {
        "whole": arrow.array([1, None, 3]), "part": arrow.array([0.5, float("nan"), 2]), "digits": arrow.array(["007", "7", None]),
        "yes": arrow.array([True, False, None]), "kind": arrow.array(["a", "b", "a"]).dictionary_encode(),
        "day": arrow.array([date(2024, 5, 1), None, date(2024, 5, 2)]), "NA": arrow.array(["NA", "-", ""]),
    }, tmp_path / "typed.parquet")
    read = preview_file(path)
    assert {column.name: values(read.table, column.name) for column in read.table.columns} == {
        "whole": [1, None, 3], "part": [0.5, None, 2], "digits": ["007", "7", None], "yes": ["true", "false", None],
        "kind": ["a", "b", "a"], "day": ["2024-05-01", None, "2024-05-02"], "NA": ["NA", "-", None],
    }
    assert read.cells[0] == ("1", "0.5", "007", "true", "a", "2024-05-01", "NA")
    assert values(table_file(path, Reading())[0], "NA") == [None, None, None]


def test_parquet_with_an_infinite_number_or_a_nest_is_refused_with_its_place(arrow: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"^row 2, column 2: 'b' holds an infinite number"):
        preview_file(parquet(arrow, {"a": [1, 2], "b": [1, float("inf")]}, tmp_path / "a.parquet"))
    with pytest.raises(TableError, match=r"^column 2: 'b' holds what is neither numbers nor words"):
        preview_file(parquet(arrow, {"a": [1, 2], "b": [[1], [2]]}, tmp_path / "b.parquet"))


def test_parquet_that_is_empty_or_too_large_is_refused(arrow: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TableError, match="it is empty"):
        preview_file(parquet(arrow, {"a": arrow.array([], arrow.int64())}, tmp_path / "a.parquet"))
    path = parquet(arrow, {"a": [1, 2, 3]}, tmp_path / "b.parquet")
    monkeypatch.setattr(table_extras, "MOST_ROWS", 2)
    with pytest.raises(TableError, match="it has 3 rows of 1 columns, which are too many"):
        preview_file(path)


def test_parquet_columns_with_too_many_words_are_left_out(arrow: ModuleType, tmp_path: Path,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_extras, "MOST_WORDS", 2)
    path = parquet(arrow, {"id": ["a", "b", "c"], "kind": ["x", "y", "x"]}, tmp_path / "a.parquet")
    read = preview_file(path)
    assert [column.name for column in read.table.columns] == ["kind"]
    assert read.notes == ("column 'id' is left out: it holds too many different words to keep",)


def test_damaged_parquet_is_read_or_refused(arrow: ModuleType, tmp_path: Path) -> None:
    whole = parquet(arrow, {"a": list(range(100)), "b": ["cat", "dog"] * 50}, tmp_path / "a.parquet").read_bytes()
    chance = np.random.default_rng(4)
    path = tmp_path / "b.parquet"
    refused = 0
    for _ in range(100):
        content = bytearray(whole)
        for place in chance.integers(0, len(content), 3):
            content[place] = chance.integers(256)
        path.write_bytes(content)
        try:
            assert preview_file(path).table.rows > 0
        except TableError as error:
            refused += "\n" not in str(error)
    assert refused > 10


def test_words_for_missing_values_are_missing_among_parquets_numbers_too(arrow: ModuleType, tmp_path: Path) -> None:
    columns = {"a": [1.0, -999.0, 2.0], "b": arrow.array([5, -999, None]), "w": ["x", "-999", "y"]}
    path = parquet(arrow, columns, tmp_path / "a.parquet")
    read, _ = table_file(path, Reading(missing=("-999", "?")))
    assert {name: values(read, name) for name in ("a", "b", "w")} == {
        "a": [1, None, 2], "b": [5, None, None], "w": ["x", None, "y"]}
    assert values(table_file(path, Reading(missing=()))[0], "a") == [1, -999, 2]


def test_a_word_of_parquet_that_no_file_could_keep_is_refused_with_its_place(arrow: ModuleType, tmp_path: Path) -> None:
    path = parquet(arrow, {"n": [1, 2, 3], "w": ["x", "a" * 10_001, "a" * 10_000]}, tmp_path / "a.parquet")
    with pytest.raises(TableError, match=r"^row 2, column 2: a cell has 10,001 characters, and 10,000 are the most"):
        preview_file(path)
