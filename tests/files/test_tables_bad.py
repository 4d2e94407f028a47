"""Tables that are wrong: each is refused in one sentence with the row and the column, or read with nothing lost in silence."""

import random
import re
import string
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.files import table_records
from nnsim.files.table_cells import number
from nnsim.files.tables import MISSING_WORDS, Preview, Reading, TableError, detect, preview, read_pasted

MUTANTS = 500
LONG = "x" * 10_001


def read(content: bytes, reading: Reading | None = None) -> Preview:
    """As a user's file would be read."""
    return preview(content, reading or detect(content))


BAD: dict[str, tuple[bytes, str]] = {
    "nothing at all": (b"", "it is empty"),
    "only spaces and line ends": (b" \n\r\n\t ", "it is empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", "it is empty"),
    "only noughts": (b"\0" * 100, "it is empty"),
    "only delimiters": (b",,,\n,,,\n", "it is empty"),
    "only a header": (b"name,age\n", "under the header there is no row"),
    "a header and blank rows": (b"name,age\n\n\n,\n", "under the header there is no row"),
    "a PNG picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "it is no text but a PNG picture"),
    "a JPEG picture": (b"\xff\xd8\xff\xe0" + bytes(range(256)), "it is no text but a JPEG picture"),
    "a GIF picture": (b"GIF89a" + bytes(range(256)), "it is no text but a GIF picture"),
    "a workbook under another name": (b"PK\x03\x04" + bytes(range(256)), "it is no text but an office document or another ZIP"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(300), "old or protected office document: save it as .csv"),
    "a Parquet file under another name": (b"PAR1" + bytes(300), "it is no text but a Parquet file"),
    "a compressed table": (b"\x1f\x8b" + zlib.compress(b"a,b\n1,2\n"), "a gzip archive: unpack it first"),
    "a PDF document": (b"%PDF-1.7\n1,2\n", "it is no text but a PDF document"),
    "a database": (b"SQLite format 3\0" + bytes(300), "it is no text but a database"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(300), "it is no text but a program"),
    "a web page": (b"\xef\xbb\xbf\n<!DOCTYPE html><html><body>1,2", "it is a page of markup, no table"),
    "a page of XML": (b"<?xml version='1.0'?><table/>", "it is a page of markup, no table"),
    "a NUL in a cell": (b"a,b\n1,2\n3,4\0\n", "row 3, column 2: a character NUL stands here"),
    "a NUL in a quoted cell": (b'a,b\n"x\ny","\0"\n', "row 2, column 2: a character NUL"),
    "a NUL in UTF-16": ("a,b\n1,2\n\0,4\n".encode("utf-16"), "row 3, column 1: a character NUL"),
    "UTF-16 with a mark and no more": (b"\xff\xfe\n", "it is empty"),
    "UTF-16 without its mark": ("a,b\n1,2\n".encode("utf-16-le"), "row 1, column 1: a character NUL"),
    "half a character at the end of UTF-16": ("a,b\n1,2\n".encode("utf-16") + b"\x31", "no character in UTF-16"),
    "a byte that no encoding here knows": (b"a,b\n1,2\n3,\x81\n", "row 3, column 2: the byte 0x81 is no character in"),
    "such a byte at the beginning of a cell": (b"a,b\n1,2\n\x8d,3\n", "row 3, column 1: the byte 0x8D"),
    "random bytes": (random.Random(1).randbytes(4000).replace(b"\0", b""), "is no character in Windows-1252 (Western): choose"),
    "a cell too few": (b"a,b,c\n1,2,3\n4,5\n6,7,8\n", "row 3: there are 2 cells, and 3 were expected"),
    "a cell too many": (b"a,b,c\n1,2,3\n4,5,6,7\n6,7,8\n", "row 3: there are 4 cells, and 3 were expected"),
    "a row of one cell": (b"a,b\n1,2\n3\n4,5\n6,7\n", "row 3: there is 1 cell, and 2 were expected"),
    "a short header": (b"a,b\n1,2,3\n4,5,6\n7,8,9\n", "row 2: there are 3 cells, and 2 were expected, as in the first row"),
    "a title above the table": (b"My measurements\na,b\n1,2\n3,4\n", "row 2: there are 2 cells, and 1 was expected"),
    "ragged after blank rows and quoted line ends": (b'a,b\n\n"x\ny",2\n3\n5,6\n', "row 4: there is 1 cell, and 2 were expected"),
    "a decimal comma among commas": (b"a,b\n1,5\n2,5,3\n4,1\n", "row 3: there are 3 cells"),
    "a quote that is never closed": (b'a,b\n1,2\n3,"4\n5,6\n', "row 3, column 2: a cell begins with a quote that is never closed"),
    "a quote never closed in a large file": (b'a,b\n"1,2\n' + b"3,4\n" * 100_000, "row 2, column 1: a cell begins with a quote"),
    "a quote at the very end": (b'a,b\n1,2\n3,"', "row 3, column 2: a cell begins with a quote that is never closed"),
    "a header whose quote never closes": (b'"a,b\n1,2\n', "row 1, column 1: a cell begins with a quote"),
    "text after a quote": (b'a,b\n1,2\n"3"x,4\n', "row 3, column 1: after the closing quote comes 'x,4"),
    "a single quote within quotes": (b'a,b\n1,"5" nail"\n', "row 2, column 2: after the closing quote comes ' nail"),
    "a backslash before a quote": (b'a,b\n1,"say \\"yes\\""\n', "row 2, column 2: after the closing quote comes"),
    "a long cell": (f"a,b\n1,2\n3,{LONG}\n".encode(), "row 3, column 2: a cell has 10,001 characters, and 10,000 are the most"),
    "a long quoted cell": (f'a,b\n1,2\n"{LONG}",3\n'.encode(), "row 3, column 1: a cell has 10,001 characters"),
    "a cell of many short lines": (f'a,b\n1,"{"y" * 9}{chr(10) * 9_993}"\n'.encode(), "row 2, column 2: a cell has 10,002"),
    "a very long cell": (f"a,b\n1,2\n3,{LONG * 20}\n".encode(), "row 3, column 2: a cell has more than 10,000 characters"),
    "a long name": (f"a,{LONG}\n1,2\n".encode(), "row 1, column 2: a cell has 10,001 characters"),
    "too many columns": (b",".join([b"1"] * 5001) + b"\n", "row 1: there are 5,001 columns, and 5,000 are the most"),
    "a row without an end": (b"12," * 400_000, "row 1: the row has more than 1,000,000 characters"),
    "one quoted row without an end": (b'"a\n",' * 300_000, "row 1: the row has more than 1,000,000 characters"),
    "a late row without an end": (b"a,b\n1,2\n" + b"1" * 1_000_001, "row 3: the row has more than 1,000,000 characters"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_table_is_refused_with_the_place_of_its_fault(name: str) -> None:
    content, sentence = BAD[name]
    with pytest.raises(TableError) as caught:
        read(content)
    assert sentence in str(caught.value)
    place = re.match(r"(?:row ([\d,]*\d))?(?:, column ([\d,]*\d))?", str(caught.value))
    assert place is not None
    assert [caught.value.row, caught.value.column] == [each and int(each.replace(",", "")) for each in place.groups()]


def test_there_are_enough_kinds_of_bad_tables() -> None:
    assert len(BAD) >= 40


def test_more_rows_than_the_limit_are_refused_also_blank_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_records, "MOST_ROWS", 20)
    for content in (b"a,b\n" + b"1,2\n" * 20, b"a,b\n1,2\n" + b"\n" * 30):
        with pytest.raises(TableError, match=r"^row 21: there are more than 20 rows"):
            read(content)
    assert read(b"a,b\n" + b"1,2\n" * 19).table.rows == 19


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "shift_jis", "big5", "euc-kr", "gb18030", "windows-1251"])
def test_a_wrong_choice_of_encoding_is_refused_or_shown_and_nothing_worse(encoding: str) -> None:
    content = "a,b\n1,é\n2,日本\n".encode() + b"\xff\xfe\x81\n"
    try:
        assert read(content, Reading(encoding)).table.rows
    except TableError as error:
        assert "\n" not in str(error)


def test_the_place_of_a_wrong_byte_is_found_far_down_too() -> None:
    content = b"a,b\n" + b"1,2\n" * 600_000 + b"1,\xff\n"
    with pytest.raises(TableError, match=r"^row 600,002, column 2: the byte 0xFF is no character in UTF-8"):
        preview(content, Reading())


def test_the_place_of_a_wrong_byte_is_right_after_characters_that_were_read_in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    for piece in range(1, 9):
        monkeypatch.setattr(table_records, "_PIECE", piece)
        with pytest.raises(TableError, match=r"^row 2, column 3: the byte 0x81 is no character in UTF-8"):
            preview("a,b,c\nä€,😀,".encode() + b"\x81\n1,2,3\n", Reading())


def test_utf_16_needs_its_mark() -> None:
    with pytest.raises(TableError, match="it does not begin with the mark of UTF-16"):
        preview(b"a,b\n1,2\n", Reading("utf-16"))


def test_nothing_is_pasted() -> None:
    with pytest.raises(TableError, match="it is empty"):
        read_pasted("")


# what was made up

SEEDS = (
    b"width,height,kind\n1.5,2,cat\n2.5,NA,dog\n-1e-3,,cat\n4,?,bird\n",
    "größe;preis\n1,5;12,25\n2,5;\n0,5;7\n".encode("windows-1252"),
    'id\tsaid\n1\t"a ""word""\nand more"\n2\tx\n'.encode("utf-16"),
    "a|b|c|d\r\n1|2|3|4\r\n5|6|7|8\r\n".encode("utf-8-sig"),
    b"1,2\n3,4\n5,6\n",
)
PIECES = (b'"', b",", b";", b"\t", b"\n", b"\r", b"\0", b"nan", b"inf", b"1e999", b"\xff\xfe", b"\xef\xbb\xbf", b"\x81", b"-",
          b"NA", b"1,5", b"\xe2\x88\x92", b'""', b"9" * 400, b",,,,", b"0x1p3", b"1_0")


def mutants(seed: int) -> Iterator[bytes]:
    """Tables with a few bytes changed, cut out, doubled or put in."""
    chance = random.Random(seed)
    while True:
        content = bytearray(chance.choice(SEEDS))
        for _ in range(chance.randrange(1, 6)):
            place = chance.randrange(len(content) + 1)
            end = min(place + chance.randrange(1, 12), len(content))
            match chance.randrange(4):
                case 0:
                    content[place:end] = bytes(chance.randrange(256) for _ in range(end - place))
                case 1:
                    del content[place:end]
                case 2:
                    content[place:place] = content[place:end]
                case 3:
                    content[place:place] = chance.choice(PIECES)
        yield bytes(content)


def check(content: bytes, reading: Reading | None = None) -> bool:
    """Whether a table is read; whatever is read has lost nothing in silence."""
    try:
        read = preview(content, reading or detect(content), rows=1000)
    except TableError as error:
        assert str(error) and "\n" not in str(error)
        return False
    assert len({column.name for column in read.table.columns}) == len(read.table.columns)
    for column, cells in zip(read.table.columns, zip(*read.cells, strict=True), strict=True):
        nothing = [cell.strip() in ("", *MISSING_WORDS) for cell in cells]
        assert column.missing.tolist() == nothing
        if column.numbers is not None:
            known = column.numbers[~column.missing]
            assert np.isfinite(known).all()
            written = [cell for cell, gone in zip(cells, nothing, strict=True) if not gone]
            assert known.tolist() == [number(cell, read.reading.decimal) for cell in written]
        else:
            assert column.codes is not None
            told = [column.words[code] if code >= 0 else "" for code in column.codes]
            assert told == ["" if gone else cell.strip() for cell, gone in zip(cells, nothing, strict=True)]
    return True


def test_mutated_tables_are_read_whole_or_refused() -> None:
    tables = mutants(seed=7)
    outcomes = [check(next(tables)) for _ in range(MUTANTS)]
    assert 0.2 < np.mean(outcomes) < 0.9  # both ways are tried


@given(st.text(st.sampled_from(string.digits + ".,;-+eE\"'\n\r\t |NAaäß−\u202e\u2028\x1f"), max_size=80))
@settings(max_examples=300)
def test_any_text_is_read_whole_or_refused(text: str) -> None:
    check(text.encode())


@given(st.binary(max_size=60))
@settings(max_examples=300)
def test_any_bytes_are_read_whole_or_refused(content: bytes) -> None:
    check(content)


@given(st.text(st.sampled_from("12.,;-\"\nabé"), max_size=50), st.builds(
    Reading, st.sampled_from(["utf-8", "windows-1252", "utf-16", "shift_jis"]), st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([".", ","]), st.booleans()))
@settings(max_examples=300)
def test_any_choice_reads_any_text_whole_or_refuses_it(text: str, reading: Reading) -> None:
    check(text.encode(), reading)
