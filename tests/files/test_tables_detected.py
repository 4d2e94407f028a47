"""What is proposed for a table's text: encoding, delimiter, decimal sign, header; each with its reason."""

import codecs
from dataclasses import replace
from typing import Any

import pytest

from nnsim.files import table_detection
from nnsim.files.tables import Reading, TableError, detect

# encoding

@pytest.mark.parametrize(("content", "encoding"), [
    (b"a,b\n1,2\n", "utf-8"),
    ("a,b\nä,2\n".encode(), "utf-8"),
    (codecs.BOM_UTF8 + "a,b\nä,2\n".encode(), "utf-8"),
    ("a,b\nä,2\n".encode("utf-16"), "utf-16"),
    (codecs.BOM_UTF16_BE + "a,b\nä,2\n".encode("utf-16-be"), "utf-16"),
    ("a,b\nä,2\n".encode("utf-32"), "utf-32"),
    (codecs.BOM_UTF32_BE + "a,b\nä,2\n".encode("utf-32-be"), "utf-32"),
    ("a,b\nä €,2\n".encode("windows-1252"), "windows-1252"),
])
def test_a_mark_decides_the_encoding_else_whether_it_is_utf_8(content: bytes, encoding: str) -> None:
    assert detect(content).encoding == encoding


def test_a_byte_far_down_decides_the_encoding_too() -> None:
    assert detect(b"a,b\n" + b"1,2\n" * 700_000 + "ä,2\n".encode("windows-1252")).encoding == "windows-1252"


# delimiter

@pytest.mark.parametrize(("text", "delimiter"), [
    ("a,b\n1,2\n", ","),
    ("a;b\n1;2\n", ";"),
    ("a\tb\n1\t2\n", "\t"),
    ("a|b\n1|2\n", "|"),
    ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
    ("1,5;2,5\n3,5;4,5\n", ";"),
    ("1,5\t2\n3,5\t4\n", "\t"),
    ("id;text\n1;hello, world\n2;good, day\n", ";"),
    ('a,b\n"1;2","3;4"\n"5;6","7;8"\n', ","),
    ('a,b\n"one\nor; two",3\n"x; y",4\n', ","),
    ("a,b,c\n1,2,3\n4,5\n6,7,8\n", ","),
    ("name\tplace\nAnna, Bea\tRome, Italy\nCleo, Dora\tParis, France\n", "\t"),
])
def test_the_delimiter_is_what_parts_the_rows_alike(text: str, delimiter: str) -> None:
    assert detect(text.encode()).delimiter == delimiter


@pytest.mark.parametrize("text", ["a\n1\n2\n", "text\nHello, you\nGood day\nWell, then, yes\nGood night\n", "1,5\n2\n3\n4\n"])
def test_one_column_is_parted_by_what_does_not_occur_in_it(text: str) -> None:
    found = detect(text.encode())
    assert found.delimiter not in text
    assert found.found.delimiter == "no delimiter parts the rows alike, so there is one column"


def test_a_row_cut_off_by_the_sample_does_not_mislead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_detection, "SAMPLE", 19)
    content = b"a;b,c;d\n1;2,3;4\n5,6;7;8\n"
    assert content[:19].endswith(b"\n5,6")
    assert detect(content).delimiter == ";"


# decimal sign

@pytest.mark.parametrize(("text", "decimal"), [
    ("a;b\n1,5;2\n", ","),
    ("a;b\n0,125;2\n", ","),
    ("a;b\n1,125;2\n", "."),
    ("a;b\n12,345;2\n1,5;2\n", ","),
    ("a;b\n1,5;2.5\n", "."),
    ("a;b\n1,234,567;2\n", "."),
    ("a\tb\n1,5\t2\n", ","),
    ("a,b\n1.5,2\n", "."),
    ('a,b\n"1,5","2,5"\n', ","),
    ("a;b\n1;2\n", "."),
    ("a;b\none, two;1\n", "."),
])
def test_a_comma_is_decimal_only_where_it_can_be_nothing_else(text: str, decimal: str) -> None:
    assert detect(text.encode()).decimal == decimal


def test_the_cell_that_decided_the_decimal_sign_is_named() -> None:
    assert detect(b"a;b\n1;2\n1,5;2\n").found.decimal == "because of '1,5' in row 3, and no number has a point"


# header

@pytest.mark.parametrize(("text", "header"), [
    ("a,b\n1,2\n3,4\n", True),
    ("1,2\n3,4\n", False),
    ("name,age\nanna,3\n", True),
    ("anna,3\nbert,4\n", False),
    ("id,,x\n1,2,3\n", True),
    ("kind,colour\ncat,black\ndog,black\n", True),
    ("cat,black\ndog,black\ncat,white\n", False),
    ("a,b\n?,NA\n1,2\n", True),
    ("5.1,3.5,setosa\n4.9,3.0,setosa\n", False),
    ("country,2019,2020\nItaly,1.5,2\n", False),
    ("a,a\nx,y\n", False),
    ("a,b\n", True),
    ("1,2\n", False),
])
def test_the_first_row_is_a_header_if_its_kind_is_another_than_that_of_the_rows_below(text: str, header: bool) -> None:
    assert detect(text.encode()).header is header


# the record

def test_every_choice_tells_how_it_was_found() -> None:
    found = detect(b"a;b\n1,5;2\n").found
    assert (found.encoding, found.delimiter, found.header) == (
        "all bytes are valid UTF-8", "the semicolon parts 2 rows into 2 cells each", "row 1 has words above numbers")


def test_a_choice_that_was_found_equals_the_same_choice_of_the_user() -> None:
    assert detect(b"a;b\n1,5;2\n") == Reading("utf-8", ";", ",", True)


@pytest.mark.parametrize(("values", "sentence"), [
    ({"encoding": "rot13"}, "there is no encoding 'rot13'"),
    ({"encoding": ""}, "there is no encoding ''"),
    ({"delimiter": "x"}, "cells cannot be parted by 'x', only by comma, semicolon, tab, vertical bar"),
    ({"delimiter": ""}, "cannot be parted by ''"),
    ({"decimal": ";"}, "a decimal sign is a point or a comma, not ';'"),
])
def test_what_cannot_be_chosen_is_refused(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        replace(Reading(), **values)
