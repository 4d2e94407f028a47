"""A plain text file as material for guessing the next word, and a proposal how to read it.

What was found out about the file (its encoding, and how that was known) comes with the text, so that it can be said and changed. It
refuses what is no plain text, or too little of it; and it never guesses at a letter: bytes that do not fit an encoding are refused.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from nnsim.core.texts import Text, words_of
from nnsim.engine.experiment import WordsUse
from nnsim.engine.own_data import MOST_NUMBERS
from nnsim.files.reading import UnfitFileError, read_file, title_of
from nnsim.files.signatures import kind_of
from nnsim.files.table_choices import ENCODINGS, MARKS

LARGEST = 16 * 2**20
"""Bytes of a file."""
FEWEST_WORDS = 20
LONGEST_NAME = 64
KNOWN_WORDS, FEWEST_KNOWN = 200, 20
"""Words of a proposed vocabulary, at most and where there are as many."""
OFTEN = 3
"""From so many times on, a word of a text is worth knowing."""
SHORT = 500
"""Words of a text in which the same two words hardly ever stand beside each other twice."""
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


class TextError(ValueError):
    """Why a file cannot be read as a text, in one sentence, with the line where it is known."""


@dataclass(frozen=True)
class TextReading:
    """How a text was read, and what was found in it."""

    encoding: str
    """One of ``ENCODINGS``."""
    reason: str
    """How the encoding was found; empty where it was chosen."""
    words: int
    """How many words and sentence ends,"""
    different: int
    """and how many different ones."""


def text_file(path: Path, encoding: str = "") -> tuple[Text, TextReading]:
    """The text in a file, in the chosen encoding or else the one that is found. Raises TextError and OSError."""
    try:
        content = read_file(path, LARGEST)
    except UnfitFileError as error:
        raise TextError(str(error)) from error
    return read_text(content, path.stem, encoding)


def read_text(content: bytes, name: str, encoding: str = "") -> tuple[Text, TextReading]:
    """The text that these bytes are. Raises TextError."""
    if len(content) > LARGEST:
        raise TextError(f"it has {len(content):,} bytes, and {LARGEST:,} is the most it may have")
    kind = kind_of(content)
    if kind:
        raise TextError(f"this is {kind}, not a plain text: save its words as a .txt file first")
    decoded, encoding, reason = _decode(content, encoding)
    # a DOS text may close with its sign for the end
    decoded = decoded.removeprefix("\ufeff").removesuffix("\x1a")
    _refuse_control(decoded, encoding)
    if "\r" in decoded:
        decoded = decoded.replace("\r\n", "\n").replace("\r", "\n")
    often = Counter(words_of(decoded))
    _refuse_too_little(often)
    return Text(title_of(name)[:LONGEST_NAME] or "text", decoded), TextReading(encoding, reason, often.total(), len(often))


def propose_words(text: Text) -> WordsUse:
    """A vocabulary, a context and a number of stretches that suit the text, within half the numbers that are allowed.

    Half, because training keeps copies of them.
    """
    often = Counter(words_of(text.text))
    frequent = sum(count >= OFTEN for count in often.values())
    known = max(2, min(len(often), max(FEWEST_KNOWN, min(KNOWN_WORDS, frequent))))
    context = 1 if often.total() < SHORT else 2
    most = MOST_NUMBERS // 2 // (context * (known + 1))
    stretches = sum(count for _, count in often.most_common(known))
    return WordsUse(vocabulary=known, context=context, rows=most if stretches > most else 0)


def describe(text: Text, use: WordsUse) -> str:
    """What of the text is known and read, in a sentence."""
    often = Counter(words_of(text.text))
    known = often.most_common(use.vocabulary)
    covered = sum(count for _, count in known)
    which = f"All {len(often):,} different words are known"
    if len(known) < len(often):
        which = (f"The {len(known):,} most frequent of {len(often):,} different words are known, which are "
                 f"{100 * covered / often.total():.0f} % of the text")
    read = "one word is read" if use.context == 1 else f"{use.context} words are read"
    rows = f"; only the first {use.rows:,} of about {covered:,} stretches are used" if 0 < use.rows < covered else ""
    return f"{which}; {read} to guess the next{rows}."


def _decode(content: bytes, chosen: str) -> tuple[str, str, str]:
    """The characters, the encoding, and how it was found."""
    if chosen:
        if chosen not in ENCODINGS:
            raise TextError(f"there is no encoding {chosen!r}; here are: {', '.join(ENCODINGS)}")
        return _strictly(content, chosen, f"choose another encoding than {ENCODINGS[chosen]}"), chosen, ""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            decoded = _strictly(content, encoding, f"its beginning says {ENCODINGS[encoding]}, but it is damaged")
            return decoded, encoding, "it begins with the mark of this encoding"
    if b"\x00" in content:
        raise TextError(f"line {_line(content, content.index(0)):,} holds a zero byte: this is no plain text, or it is UTF-16 "
                        "without its mark: save it as UTF-8")
    try:
        return content.decode("utf-8"), "utf-8", "every byte fits"
    except UnicodeDecodeError as error:
        first = _line(content, error.start)
    decoded = _strictly(content, "windows-1252", "it is neither UTF-8 nor Windows-1252: choose its encoding")
    return decoded, "windows-1252", f"line {first:,} is not UTF-8: see whether letters such as é and ß are right"


def _refuse_control(decoded: str, encoding: str) -> None:
    found = _CONTROL.search(decoded)
    if found:
        raise TextError(f"line {_line(decoded, found.start()):,} holds the control character U+{ord(found.group()):04X}: this is "
                        f"no plain text, or in another encoding than {ENCODINGS[encoding]}")


def _refuse_too_little(often: Counter[str]) -> None:
    spoken = sum(count for word, count in often.items() if word not in (".", "!", "?"))
    if spoken < FEWEST_WORDS:
        found = {0: "no word", 1: "only one word"}.get(spoken, f"only {spoken} words")
        raise TextError(f"there is {found} in it, and {FEWEST_WORDS} are the least: take a longer text")
    if len(often) < 2:
        raise TextError(f"it says nothing but {next(iter(often))!r}, so there is nothing to guess")


def _strictly(content: bytes, encoding: str, remedy: str) -> str:
    try:
        # a mark at the beginning is a character of its own except in UTF-16 and UTF-32, where it says the order of bytes
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise TextError(f"line {_line(content, error.start):,} holds the byte 0x{content[error.start]:02X}, which does not fit: "
                        f"{remedy}") from error


def _line(content: bytes | str, place: int) -> int:
    """The number of the line in which a place is, from 1."""
    before = content[:place]
    return 1 + (before.count(b"\n") if isinstance(before, bytes) else len(re.findall("\r\n|\r|\n", before)))
