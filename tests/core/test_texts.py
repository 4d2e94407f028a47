"""Texts: what a word is in any script, the vocabulary, the stretches of words and what follows them, and their one-hot rows."""

import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.core.texts import LONGEST, OTHER, encode, one_hot, stretches, vocabulary, words_of

# words

@pytest.mark.parametrize(("text", "words"), [
    ("The cat sat.", ["the", "cat", "sat", "."]),
    ("Where? There! So", ["where", "?", "there", "!", "so"]),
    ("Wait... what?! No…", ["wait", ".", "what", "?", "no", "."]),
    ("one,two;three:(four) \"five\" «six»", ["one", "two", "three", "four", "five", "six"]),
    ("a_b __init__", ["a", "b", "init"]),
    ("", []),
    (" \n\t ,;: \x00 ", []),
])
def test_words_are_lower_case_and_sentence_ends_are_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(("text", "words"), [
    ("don't DON’T donʼt", ["don't"] * 3),
    ("‘quoted’ 'words' dogs'", ["quoted", "words", "dogs"]),
    ("well-known well‐known well‑known", ["well-known"] * 3),
    ("it -- is - so-", ["it", "is", "so"]),
    ("mother-in-law's", ["mother-in-law's"]),
    ("gar\u00adden", ["garden"]),
])
def test_apostrophes_and_hyphens_belong_to_a_word_only_between_its_letters(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(("text", "words"), [
    ("3.50 or 1,000,000 or 7.", ["3.50", "or", "1,000,000", "or", "7", "."]),
    ("the 3rd of 12", ["the", "3rd", "of", "12"]),
    ("١٢٣", ["١٢٣"]),
])
def test_a_number_is_one_word(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(("text", "words"), [
    ("Straße ÜBER", ["straße", "über"]),
    ("ΟΔΟΣ", ["οδος"]),
    ("नमस्ते दुनिया। क्या?", ["नमस्ते", "दुनिया", ".", "क्या", "?"]),
    ("می\u200cخواهم؟", ["می\u200cخواهم", "?"]),
    ("我喜欢猫。猫！", ["我", "喜", "欢", "猫", ".", "猫", "!"]),
    ("ねこ カ", ["ね", "こ", "カ"]),
    ("고양이가 잔다.", ["고양이가", "잔다", "."]),
    ("שָׁלוֹם", ["שָׁלוֹם"]),
])
def test_other_languages_keep_their_letters_and_marks(text: str, words: list[str]) -> None:
    assert words_of(text) == [unicodedata.normalize("NFC", word) for word in words]


def test_a_letter_is_the_same_however_it_was_composed() -> None:
    for word in ("café", "İstanbul", "Ǻngström", "\u0958\u093c", "J\u030ca"):
        once, taken_apart = words_of(unicodedata.normalize("NFC", word)), words_of(unicodedata.normalize("NFD", word))
        assert once == taken_apart
        assert len(once) == 1
        assert unicodedata.is_normalized("NFC", once[0])


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_string_has_words_without_spaces_or_capitals(text: str) -> None:
    for word in words_of(text):
        assert 1 <= len(word) <= LONGEST
        assert word == word.lower()
        assert not any(sign.isspace() or sign == "_" for sign in word)


def test_every_character_of_the_first_two_planes_can_be_read_at_once_and_the_last_ones_too() -> None:
    assert len(words_of("".join(map(chr, [*range(0x20000), *range(sys.maxunicode - 0x100, sys.maxunicode + 1)])))) > 25_000


def test_marks_without_end_are_few_on_a_letter_and_words_without_end_are_cut() -> None:
    # sorting that many marks would take hours: the test's time limit holds this
    assert len(words_of("a" + "\u0300\u0316" * 1_000_000)[0]) < 12
    assert words_of("a" * 1_000_000) == ["a" * LONGEST]


# vocabulary

def test_the_vocabulary_begins_with_other_and_then_the_most_frequent_first() -> None:
    assert vocabulary(["b", "a", "c", "a", "c", "a"], 2) == (OTHER, "a", "c")


def test_of_equally_frequent_words_the_first_read_comes_first() -> None:
    assert vocabulary(["z", "y", "x", "x", "y", "z"], 9) == (OTHER, "z", "y", "x")


def test_no_word_that_is_read_can_be_taken_for_other() -> None:
    assert OTHER not in words_of(OTHER)


def test_words_outside_the_vocabulary_are_place_0() -> None:
    assert encode(["b", "nothing", "a", ""], (OTHER, "a", "b")).tolist() == [2, 0, 1, 0]
    assert encode([], (OTHER, "a")).shape == (0,)


# stretches

def test_stretches_are_every_context_in_a_row_and_what_follows() -> None:
    places, answers = stretches(np.array([1, 2, 3, 4]), 2)
    assert places.tolist() == [[1, 2], [2, 3]]
    assert answers.tolist() == [3, 4]


def test_other_is_read_but_never_the_answer() -> None:
    places, answers = stretches(np.array([1, 0, 2, 0, 0, 1]), 1)
    assert places.tolist() == [[0], [0]]
    assert answers.tolist() == [2, 1]


def test_stretches_run_over_the_end_of_a_sentence() -> None:
    words = words_of("It ran. It hid.")
    known = vocabulary(words, 9)
    places, answers = stretches(encode(words, known), 2)
    assert [[known[place] for place in row] + [known[answer]] for row, answer in zip(places, answers, strict=True)] == [
        ["it", "ran", "."], ["ran", ".", "it"], [".", "it", "hid"], ["it", "hid", "."]]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_text_no_longer_than_the_context_has_no_stretch(count: int) -> None:
    places, answers = stretches(np.ones(count, np.intp), 2)
    assert places.shape == (0, 2)
    assert answers.shape == (0,)


# one-hot

def test_one_hot_has_a_block_a_word_with_one_1() -> None:
    rows = one_hot(np.array([[0, 2], [1, 1]]), 3)
    assert rows.tolist() == [[1, 0, 0, 0, 0, 1], [0, 1, 0, 0, 1, 0]]
    assert rows.dtype == np.float64


def test_one_hot_of_nothing_has_no_rows_and_all_columns() -> None:
    assert one_hot(np.zeros((0, 2), np.intp), 5).shape == (0, 10)
