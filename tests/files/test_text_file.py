"""Text files: what opens and how it was read, what is refused and why, and proposals that stay within the limits."""

import codecs
import os
import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnsim.core.texts import OTHER, Text
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import MOST_PARAMETERS, Data, WordsUse
from nnsim.engine.materials import keep
from nnsim.engine.own_data import MOST_NUMBERS
from nnsim.engine.proposal import propose
from nnsim.engine.resources import resource
from nnsim.files import text_file as room
from nnsim.files.text_file import TextError, TextReading, describe, propose_words, read_text, text_file

STORY = "The café was open. The cat sat in the café and drank some milk, and the dog was not happy about it at all."
"""24 words and two full stops, 19 of them different."""


def refusal(content: bytes, encoding: str = "") -> str:
    """The sentence that refuses these bytes."""
    with pytest.raises(TextError) as refused:
        read_text(content, "book", encoding)
    told = str(refused.value)
    assert told.isprintable() and len(told) <= 250
    return told


# what opens

def test_a_file_is_a_text_named_like_it(tmp_path: Path) -> None:
    path = tmp_path / "My book.txt"
    path.write_text(STORY, "utf-8")
    assert text_file(path) == (Text("My book", STORY), TextReading("utf-8", "every byte fits", 26, 19))


@pytest.mark.parametrize(("mark", "codec", "encoding"), [
    (codecs.BOM_UTF8, "utf-8", "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"), (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"), (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
])
def test_a_mark_at_the_beginning_says_the_encoding_and_is_no_letter(mark: bytes, codec: str, encoding: str) -> None:
    text, reading = read_text(mark + STORY.encode(codec), "book")
    assert text.text == STORY
    assert (reading.encoding, reading.reason) == (encoding, "it begins with the mark of this encoding")


def test_what_is_not_utf_8_is_windows_1252_and_that_is_said() -> None:
    text, reading = read_text(("One\n“Two”\n" + STORY).encode("windows-1252"), "book")
    assert text.text == "One\n“Two”\n" + STORY
    assert reading.encoding == "windows-1252"
    assert reading.reason == "line 2 is not UTF-8: see whether letters such as é and ß are right"


def test_a_chosen_encoding_is_obeyed() -> None:
    russian = "кот спал на столе а собака ела хлеб " * 4
    text, reading = read_text(russian.encode("windows-1251"), "book", "windows-1251")
    assert (text.text, reading.encoding, reading.reason) == (russian, "windows-1251", "")


def test_line_ends_of_all_systems_make_the_same_text() -> None:
    lines = STORY.replace(" ", "\n")
    for end in ("\n", "\r\n", "\r"):
        assert read_text(lines.replace("\n", end).encode(), "book")[0] == Text("book", lines)


def test_a_dos_texts_end_sign_a_form_feed_and_tabs_are_no_harm() -> None:
    assert read_text(f"\t{STORY}\f\v\x1a".encode(), "book")[0].text == f"\t{STORY}\f\v"


@pytest.mark.parametrize(("name", "title"), [("a\nb\x00c", "a b c"), ("", "text"), ("x" * 300, "x" * 64), ("\u202eevil", "evil")])
def test_a_name_becomes_a_short_printable_title(name: str, title: str) -> None:
    assert read_text(STORY.encode(), name)[0].name == title


# what is refused

@pytest.mark.parametrize(("content", "told"), [
    (b"", "there is no word in it, and 20 are the least"),
    (b" \n\t\r\n ", "there is no word in it"),
    (b"., -- !?", "there is no word in it"),
    (b"Hello.", "there is only one word in it"),
    (b"The cat sat on the mat. It was happy.", "only 9 words in it, and 20 are the least"),
    (b"yes " * 50, "it says nothing but 'yes'"),
    (b"%PDF-1.7\n" + STORY.encode(), "this is a PDF document, not a plain text"),
    (b"PK\x03\x04" + bytes(50), "this is an office document or another ZIP archive"),
    (b"{\\rtf1\\ansi " + STORY.encode(), "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "an old or protected office document"),
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
    (b"\xff\xd8\xff\xe0" + bytes(50), "a JPEG picture"),
    (b"GIF89a" + bytes(50), "a GIF picture"),
    (b"\x1f\x8b\x08\x00" + bytes(50), "a gzip archive"),
    (b"one\ntwo\n" + bytes(10) + STORY.encode(), "line 3 holds a zero byte"),
    (STORY.encode("utf-16-le"), "UTF-16 without its mark"),
    (b"one\r\ntwo \x07\n" + STORY.encode(), "line 2 holds the control character U+0007"),
    (b"\x1b[31m" + STORY.encode(), "line 1 holds the control character U+001B"),
    (codecs.BOM_UTF8 + b"one\n" + STORY.encode("latin-1"),
     "line 2 holds the byte 0xE9, which does not fit: its beginning says UTF-8"),
    (codecs.BOM_UTF16_LE + STORY.encode("utf-16-le")[:-1], "its beginning says UTF-16, but it is damaged"),
    (codecs.BOM_UTF16_LE + b"\x00\xd8" + STORY.encode("utf-16-le"), "damaged"),
    (b"one\n\x81" + STORY.encode("latin-1"),
     "line 2 holds the byte 0x81, which does not fit: it is neither UTF-8 nor Windows-1252"),
])
def test_what_is_no_plain_text_is_refused_in_a_sentence(content: bytes, told: str) -> None:
    assert told in refusal(content)


def test_a_chosen_encoding_that_does_not_fit_or_is_unknown_is_refused() -> None:
    assert "choose another encoding than UTF-8" in refusal(STORY.encode("latin-1"), "utf-8")
    assert "no encoding 'rot13'; here are: utf-8" in refusal(STORY.encode(), "rot13")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "endless.txt"
    with path.open("wb") as file:
        file.truncate(room.LARGEST + 1)
    with pytest.raises(TextError, match=r"16,777,217 bytes, and 16,777,216 is the most"):
        text_file(path)
    assert "16,777,216 is the most" in refusal(bytes(room.LARGEST + 1))


def test_a_folder_is_refused_and_what_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises((TextError, OSError)):
        text_file(tmp_path)
    with pytest.raises(FileNotFoundError):
        text_file(tmp_path / "nothing.txt")


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(TextError, match="a pipe or a device"):
        text_file(tmp_path / "pipe.txt")


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=40).map(lambda part: STORY.encode() + part + STORY.encode("latin-1"))))
@example(b"\xfe\xff\xd8")
def test_any_bytes_are_a_text_or_refused(content: bytes) -> None:
    try:
        text, reading = read_text(content, "book")
    except TextError as refused:
        assert str(refused).isprintable()
    else:
        assert text.text.encode(reading.encoding)
        assert reading.words >= 20


# proposals

def made_up(words: int, different: int) -> Text:
    """A text of so many words, frequent and rare ones."""
    rng = random.Random(1)
    names = [f"w{number}" for number in range(different)]
    weights = [1 / (1 + place) for place in range(different)]
    return Text("made up", " ".join(names + rng.choices(names, weights, k=words - different)))


def test_a_short_text_is_read_word_by_word_and_a_longer_one_in_twos() -> None:
    assert propose_words(Text("", STORY)) == WordsUse(vocabulary=19, context=1, rows=0)
    assert propose_words(Text("", " ".join([STORY] * 21))) == WordsUse(vocabulary=19, context=2, rows=0)


def test_words_that_are_seldom_are_not_known_where_there_are_enough_others() -> None:
    often, seldom = [f"often{number} " * 3 for number in range(60)], [f"seldom{number} " * 2 for number in range(500)]
    assert propose_words(Text("", " ".join(often + seldom))).vocabulary == 60


def test_a_long_texts_stretches_are_limited_to_what_training_can_hold() -> None:
    text = made_up(100_000, 3000)
    assert propose_words(text) == WordsUse(vocabulary=200, context=2, rows=MOST_NUMBERS // 2 // 402)


@pytest.mark.parametrize(("words", "different"), [(25, 2), (25, 25), (600, 600), (3000, 50), (60_000, 20_000)])
def test_what_is_proposed_can_be_trained(words: int, different: int) -> None:
    text = made_up(words, different)
    data = Data(source="text", material=keep(text), words=propose_words(text))
    experiment, dataset = propose(data), load_dataset(data)
    assert dataset.inputs.size <= MOST_NUMBERS // 2
    assert dataset.targets.size <= MOST_NUMBERS // 2
    network = experiment.network(dataset.fed)
    assert network.parameter_count <= MOST_PARAMETERS
    experiment.check_size(network, len(dataset.train))


def test_a_proposal_is_told_in_a_sentence() -> None:
    assert describe(Text("", STORY), WordsUse(vocabulary=200, context=1)) == (
        "All 19 different words are known; one word is read to guess the next.")
    assert describe(Text("", STORY), WordsUse(vocabulary=2, context=3)) == (
        "The 2 most frequent of 19 different words are known, which are 23 % of the text; 3 words are read to guess the next.")
    assert describe(Text("", STORY), WordsUse(context=2, rows=5)) == (
        "All 19 different words are known; 2 words are read to guess the next; only the first 5 of about 26 stretches are used.")


def test_the_story_book_that_comes_along_is_known_whole() -> None:
    text = read_text(resource("data", "next-word.txt").read_bytes(), "next-word")[0]
    assert propose_words(text).rows == 0
    assert OTHER not in text.text
    assert describe(text, propose_words(text)) == "All 198 different words are known; 2 words are read to guess the next."
