"""Tables from text: numbers and words, what is missing, names, what was pasted; and that a table stays small while it is read."""

import random
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from nnsim.files import table_columns, table_growth
from nnsim.files.table_cells import number
from nnsim.files.tables import Preview, Reading, TableError, detect, preview, preview_file, read_pasted, read_table, table_file


def read(text: str, reading: Reading | None = None) -> Preview:
    """A table's text, as it is detected unless a reading is given."""
    content = text.encode()
    return preview(content, reading or detect(content))


def numbers(table: Preview, name: str) -> list[float | None]:
    """A column's numbers; None where they are missing."""
    column = table.table.column(name)
    assert column is not None and column.numbers is not None
    return [None if np.isnan(value) else float(value) for value in column.numbers]


def words(table: Preview, name: str) -> list[str | None]:
    """A column's words; None where they are missing."""
    column = table.table.column(name)
    assert column is not None and column.codes is not None
    return [None if code < 0 else column.words[code] for code in column.codes]


# cells

@pytest.mark.parametrize(("cell", "value"), [
    ("1", 1), ("-1.5", -1.5), ("+2", 2), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1.5E-3", 0.0015), (" 7 ", 7), ("−7", -7),
    ("007", 7), ("0", 0), ("-0", 0), ("\u00a03", 3),
])
def test_what_is_written_as_a_number_is_one(cell: str, value: float) -> None:
    assert number(cell, ".") == value


@pytest.mark.parametrize("cell", [
    "", "-", "+", ".", "e5", "1e", "1e999", "-1e999", "inf", "-inf", "Infinity", "nan", "NaN", "1_000", "1,000", "1 000", "0x10",
    "1.2.3", "12.05.2024", "2024-05-12", "5 %", "$5", "١٢", "½", "1d5", "--1", "TRUE", "1,5",
])
def test_what_is_not_a_finite_decimal_number_is_none(cell: str) -> None:
    assert number(cell, ".") is None


@pytest.mark.parametrize(("cell", "value"), [("1,5", 1.5), ("-,5", -0.5), ("12", 12), ("1,5e2", 150)])
def test_with_a_decimal_comma_a_comma_is_the_only_decimal_sign(cell: str, value: float) -> None:
    assert number(cell, ",") == value
    assert number(cell.replace(",", ".") + ".0", ",") is None


# columns

def test_a_table_has_columns_of_numbers_and_of_words_in_the_files_order() -> None:
    table = read("width (cm),kind,age\n1.5,cat,3\n-2e-1,dog,4\n+7,cat,5\n")
    assert table.summary == (("width (cm)", "numbers", 0), ("kind", "words", 0), ("age", "numbers", 0))
    assert numbers(table, "width (cm)") == [1.5, -0.2, 7]
    assert words(table, "kind") == ["cat", "dog", "cat"]
    assert table.cells == (("1.5", "cat", "3"), ("-2e-1", "dog", "4"), ("+7", "cat", "5"))
    assert table.notes == ()


def test_a_table_cannot_be_written_to() -> None:
    for column in read("a,b\n1,x\n2,y\n").table.columns:
        array = column.numbers if column.codes is None else column.codes
        assert array is not None and not array.flags.writeable


def test_missing_cells_are_counted_and_words_for_them_are_said() -> None:
    table = read("a,b\n1,x\nNA,?\n,y\n3, \n?,none\n")
    assert numbers(table, "a") == [1, None, None, 3, None]
    assert words(table, "b") == ["x", None, "y", None, None]
    assert table.summary == (("a", "numbers", 3), ("b", "words", 3))
    assert table.notes == ("read as missing: '?' in 2 cells, 'NA' in 1 cell, 'none' in 1 cell",)


def test_what_is_missing_can_be_chosen_even_a_number() -> None:
    text = "a,b\n1,NA\n-999,x\n"
    table = read(text, Reading(missing=("-999",)))
    assert numbers(table, "a") == [1, None]
    assert words(table, "b") == ["NA", "x"]
    assert numbers(read(text), "a") == [1, -999]


def test_a_column_with_nothing_in_it_is_empty() -> None:
    assert read("a,b,c\n1,,NA\n2,,\n").summary == (("a", "numbers", 0), ("b", "empty", 2), ("c", "empty", 2))


def test_sodium_is_a_word_and_not_missing() -> None:
    assert words(read("element,n\nNa,11\nMg,12\n"), "element") == ["Na", "Mg"]


def test_one_word_makes_a_column_words_and_is_told_with_its_row() -> None:
    rows = [str(place) for place in range(2, 40)]
    rows[15] = "abc"
    table = read("age\n" + "\n".join(rows) + "\n", Reading())
    assert words(table, "age") == rows
    assert table.notes == ("column 'age' is read as words because of 'abc' in row 17",)


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e999", "1,000", "1_0"])
def test_what_only_looks_like_a_number_is_told_and_never_becomes_a_missing_number(cell: str) -> None:
    lines = ["x\ty"] + [f"{place}.5\t1" for place in range(30)] + [f"{cell}\t1"]
    table = read("\n".join(lines))
    assert table.notes == (f"column 'x' is read as words because of {cell!r} in row 32",)
    assert words(table, "x")[-1] == cell


def test_a_few_numbers_among_words_need_no_remark() -> None:
    assert read("kind,n\ncat,1\ndog,2\n3,3\n").notes == ()
    assert read("day,at\n12.05.2024,1\n13.05.2024,2\n").notes == ()


def test_numbers_that_the_other_decimal_sign_would_make_are_told() -> None:
    table = read("a;b\n1,234;x\n5,678;y\n")
    assert table.reading.decimal == "."
    assert table.notes == ("column 'a' is read as words because of '1,234' in row 2: choose the decimal comma if it is one",)
    assert numbers(read("a;b\n1,234;x\n5,678;y\n", Reading(delimiter=";", decimal=",")), "a") == [1.234, 5.678]


@pytest.mark.parametrize("cells", [("1.234,50", "2.000,00", "7,25"), ("1'234,5", "2'000,0", "1,5"), ("1 234", "12 345 678", "3")])
def test_grouped_thousands_stay_words_and_that_is_told(cells: tuple[str, ...]) -> None:
    table = read("price;n\n" + "".join(f"{cell};1,5\n" for cell in cells))
    assert words(table, "price") == list(cells)
    assert table.notes == (f"column 'price' is read as words because of {cells[0]!r} in row 2: thousands are not to be grouped",)


@pytest.mark.parametrize("at_once", [1, 2, 7, 16_384])
def test_a_column_whose_words_come_late_keeps_its_cells_as_they_are_written(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_columns, "CELLS_AT_ONCE", at_once)
    monkeypatch.setattr(table_columns, "LEAST_ROWS", 1)
    table = read("a,b,c\n1.0,1,x\n1.00,,y\n007,2,1\n word ,3,?\n1.0,4,z\n")
    assert words(table, "a") == ["1.0", "1.00", "007", "word", "1.0"]
    assert numbers(table, "b") == [1, None, 2, 3, 4]
    assert words(table, "c") == ["x", "y", "1", None, "z"]
    assert table.notes == ("read as missing: '?' in 1 cell",)


def test_the_quick_way_and_the_way_cell_by_cell_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    cells = [f"{chance.choice(('', '-', '+'))}{chance.uniform(0, 1e6):.{chance.randrange(8)}{chance.choice('feg')}}"
             for _ in range(500)]
    quick = numbers(read("\n".join(["x", *cells]), Reading()), "x")
    monkeypatch.setattr(table_growth, "_floats", lambda cells, decimal: None)
    assert numbers(read("\n".join(["x", *cells]), Reading()), "x") == quick == [float(cell) for cell in cells]


def test_columns_with_too_many_different_words_are_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_columns, "MOST_WORDS", 10)
    table = read("id,kind,n\n" + "".join(f"w{place},{'ab'[place % 2]},{place}\n" for place in range(12)))
    assert [column.name for column in table.table.columns] == ["kind", "n"]
    assert table.notes == ("column 'id' is left out: it holds words, such as 'w0' in row 2, and too many different ones to keep",)
    with pytest.raises(TableError, match="no column can be used"):
        read("id\n" + "".join(f"w{place}\n" for place in range(12)), Reading())


def test_blank_rows_are_skipped_and_counted() -> None:
    table = read("\n\na,b\n1,x\n\n,\n2,abc\n\n\n")
    assert numbers(table, "a") == [1, 2]
    assert table.notes == ("4 blank rows are skipped",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_read_alike_also_mixed(end: str) -> None:
    table = read(f"a,b{end}1,x{end}2,y\n3,z\r\n4,w")
    assert numbers(table, "a") == [1, 2, 3, 4]


def test_quoted_cells_may_hold_delimiters_line_ends_and_quotes() -> None:
    table = read('a,b\n"1","one, or\ntwo"\n2, "say ""yes"""\n')
    assert words(table, "b") == ["one, or\ntwo", 'say "yes"']
    assert numbers(table, "a") == [1, 2]


def test_a_preview_shows_as_many_rows_as_are_asked_for_and_holds_them_all() -> None:
    content = ("a\n" + "\n".join(map(str, range(100)))).encode()
    assert len(preview(content, Reading(), 50).cells) == 50
    assert preview(content, Reading(), 3, "mine").cells == (("0",), ("1",), ("2",))
    assert read_table(content, "mine", Reading()).rows == 100
    assert read_table(content, "mine", Reading()).name == "mine"


# names

def test_names_are_kept_as_they_stand() -> None:
    table = read("sepal length (cm),Größe [m²],x_1, spaced \n1,2,3,4\n")
    assert [column.name for column in table.table.columns] == ["sepal length (cm)", "Größe [m²]", "x_1", "spaced"]


def test_missing_and_equal_names_are_made_anew_and_that_is_said() -> None:
    table = read("a,,a,a (2),column 2,a\n1,2,3,4,5,6\n", Reading())
    assert [column.name for column in table.table.columns] == ["a", "column 2 (2)", "a (3)", "a (2)", "column 2", "a (4)"]
    assert table.notes[:2] == ("column 2 has no name in the header and is called 'column 2 (2)'",
                               "column 3 has the name of another one and is called 'a (3)'")


def test_long_names_and_unseen_signs_are_shortened_and_that_is_said() -> None:
    table = read(f'{"n" * 65},"two\nlines",a\u202eb\n1,2,3\n', Reading())
    assert [column.name for column in table.table.columns] == ["n" * 63 + "…", "two lines", "a b"]
    assert len(table.notes) == 3


def test_without_a_header_columns_are_numbered_and_the_first_row_counts() -> None:
    table = read("1,2\n3,4\n")
    assert not table.reading.header
    assert numbers(table, "column 1") == [1, 3]
    assert numbers(table, "column 2") == [2, 4]


def test_many_equal_names_are_told_apart_quickly_and_said_briefly() -> None:
    table = read(",".join(["a"] * 5000) + "\n" + ",".join(["1"] * 5000), Reading())
    assert len({column.name for column in table.table.columns}) == 5000
    assert table.notes[-1] == "and the like of 4,989 more columns"


# whence

def test_what_is_pasted_from_a_spreadsheet_is_parted_by_tabs() -> None:
    table = read_pasted("size\tkind\n1,5\tcat, small\n2,25\tdog\n")
    assert (table.reading.delimiter, table.reading.decimal) == ("\t", ",")
    assert numbers(table, "size") == [1.5, 2.25]
    assert words(table, "kind") == ["cat, small", "dog"]
    assert table.table.name == "Pasted table"


def test_half_a_character_in_what_is_pasted_does_no_harm() -> None:
    assert words(read_pasted("a\tb\nx\ud800\t1\n"), "a") == ["x?"]


def test_a_file_is_read_as_detected_or_as_chosen_and_named_after_itself(tmp_path: Path) -> None:
    path = tmp_path / "measured.csv"
    path.write_bytes("a;b\n1,5;ä\n".encode("windows-1252"))
    table, reading = table_file(path)
    assert (table.name, reading.encoding, reading.delimiter, reading.decimal) == ("measured", "windows-1252", ";", ",")
    assert table.columns[1].words == ("ä",)
    other, _ = table_file(path, Reading("mac-roman", ";", ",", True))
    assert other.columns[1].words == ("‰",)
    assert preview_file(path).cells == (("1,5", "ä"),)


@pytest.mark.parametrize("kind", ["folder", "large"])
def test_what_is_no_file_or_too_large_is_refused_unread(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    if kind == "folder":
        path.mkdir()
    else:
        path.write_text("a\n1\n2\n")
        monkeypatch.setattr("nnsim.files.tables.LARGEST", 5)
    with pytest.raises(TableError, match=r"it is not a file but a folder|it has 6 bytes, and 5 is the most"):
        preview_file(path)


def test_reading_costs_less_than_five_times_the_file() -> None:
    chance = random.Random(1)
    rows = [",".join(f"{chance.uniform(-5, 5):.4f}" for _ in range(20)) + f",{chance.choice(('red', 'green'))}\n"
            for _ in range(10_000)]
    content = ("".join(f"c{place}," for place in range(20)) + "colour\n" + "".join(rows)).encode()
    tracemalloc.start()
    try:
        table = read_table(content, "table", Reading())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert table.rows == 10_000
    assert peak + len(content) < 5 * len(content)
