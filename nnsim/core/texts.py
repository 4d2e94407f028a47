"""A text as the next word's riddle: its words, the most frequent of them as a vocabulary, and stretches of them with what follows.

Words are lower case, in Unicode's composed form (NFC). An apostrophe or a hyphen between letters belongs to the word, and so do
the marks that many scripts write above or below a letter; a number is one word. Chinese and Japanese, which have no spaces, are
read letter by letter. Full stops, question and exclamation marks are words of their own, since a sentence's end is what is
guessed there; other marks part words. What is not in the vocabulary is ``OTHER``, which may be read but is never the answer.
Stretches run over the ends of sentences: how a sentence begins depends on the one before. It refuses to read files.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array

OTHER = "‹other›"
"""What stands for every word outside the vocabulary; the vocabulary's first entry."""
MOST_MARKS = 8
"""Marks on one letter. No language writes more, and to bring thousands of them into their order takes for ever."""
LONGEST = 64
"""Letters of a word; of a longer one, which no language has, only so many are read."""
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
"""Letters of scripts without spaces, each a word: kana and Han."""
_SAME = str.maketrans({
    **dict.fromkeys("’‘ʼ＇", "'"), **dict.fromkeys("‐‑", "-"), **dict.fromkeys("。．｡।॥۔", "."), **dict.fromkeys("？؟", "?"),
    "！": "!", "…": ".",
    # what is seen by nobody: soft hyphens, joiners of words, byte order marks, directions of writing
    **dict.fromkeys("\u00ad\u2060\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e"),
})


@dataclass(frozen=True)
class Text:
    """A text as it was read."""

    name: str
    text: str


def words_of(text: str) -> list[str]:
    """The text's words and sentence ends, in order; several ends in a row (?!, ...) are the first of them. Any string will do."""
    signs = "" if text.isascii() else "".join(sorted(set(text)))
    # composing letters can take others apart, so the marks are looked for in all parts
    marks = "".join(sorted({mark for mark in unicodedata.normalize("NFD", signs) if unicodedata.category(mark)[0] == "M"}))
    word, crowded = _word(marks), re.compile(f"([{marks}]{{{MOST_MARKS}}})[{marks}]+") if marks else None
    # each word is kept once, however often it stands: a book has millions of words but few different ones
    known: dict[str, str] = {}
    return [known.setdefault(found, found) for line in text.splitlines() for found in _words_of_line(line, word, crowded)]


def _words_of_line(line: str, word: re.Pattern[str], crowded: re.Pattern[str] | None) -> Iterator[str]:
    if not line.isascii():
        line = line.translate(_SAME)
        line = unicodedata.normalize("NFC", crowded.sub(r"\1", line) if crowded else line)
    # lower case can make a letter and a mark of one letter, which are the same word as the two
    for match in word.finditer(unicodedata.normalize("NFC", line.lower())):
        found = match.group()
        yield found[0] if found[0] in ".!?" else found[:LONGEST]


def _word(marks: str) -> re.Pattern[str]:
    """What a word is where these combining marks occur, which Python's expressions do not count among the letters."""
    # the two joiners stand within words of Persian and of India
    letters = rf"(?:[^\W_{_ALONE}][{marks}\u200c\u200d]*)+"
    alone = rf"[{_ALONE}][{marks}\u200d]*"
    return re.compile(rf"{alone}|\d+(?:[.,]\d+)+|{letters}(?:['-]{letters})*|[.!?]+")


def vocabulary(words: list[str], most: int) -> tuple[str, ...]:
    """``OTHER`` and the ``most`` most frequent words, the more frequent first, and of equals the one that is read first."""
    return (OTHER, *(word for word, _ in Counter(words).most_common(most)))


def encode(words: list[str], known: tuple[str, ...]) -> Array:
    """(words,) intp: each word's place in the vocabulary, 0 for any other."""
    places = {word: place for place, word in enumerate(known)}
    return np.fromiter((places.get(word, 0) for word in words), np.intp, len(words))


def stretches(codes: Array, context: int) -> tuple[Array, Array]:
    """Every ``context`` words in a row (rows, context), and the word that follows (rows,), where that one is in the vocabulary."""
    if len(codes) <= context:
        return np.zeros((0, context), np.intp), np.zeros(0, np.intp)
    windows = np.lib.stride_tricks.sliding_window_view(codes, context + 1)
    windows = windows[windows[:, -1] != 0]
    return windows[:, :-1].copy(), windows[:, -1].copy()


def one_hot(places: Array, size: int) -> Array:
    """(rows, context · size) of 0 and 1 for places (rows, context): for each word of the stretch a block with one 1."""
    rows, context = places.shape
    hot = np.zeros((rows, context, size))
    np.put_along_axis(hot, places[:, :, np.newaxis], 1, axis=2)
    return hot.reshape(rows, context * size)
