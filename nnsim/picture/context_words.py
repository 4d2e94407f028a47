"""The words that a network reads to guess the next one, each at its place: of a row, or as somebody typed them.

It is apart because a text's inputs, one for each word and place, are too many to be read, and all but a few are 0. It refuses data
that are no text.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.texts import OTHER
from nnsim.engine.experiment import Data
from nnsim.engine.next_word import stretch, vocabulary_of


@dataclass(frozen=True)
class ContextWord:
    """One word of the context."""

    place: str
    """"word −2": how far before the one to be guessed"""
    read: str
    """What the network reads there."""
    typed: str = ""
    """What was typed, where that is another: the network does not know it."""

    @property
    def is_known(self) -> bool:
        """Whether the network reads what stands there."""
        return not self.typed


@dataclass(frozen=True)
class Context:
    """All of them, the first one read first, and what is to be said of them."""

    words: tuple[ContextWord, ...]
    remark: str
    """What was not read as it was typed, in a sentence; empty where all was."""


def is_text(data: Data) -> bool:
    """Whether the data are a text, of which the next word is guessed."""
    return data.source == "text"


def words_of_inputs(data: Data, inputs: Array) -> tuple[str, ...]:
    """The words that one row's inputs (inputs,), in the data's own units, stand for."""
    vocabulary = vocabulary_of(data)
    places = inputs.reshape(vocabulary.context, len(vocabulary.words)).argmax(axis=1)
    return tuple(vocabulary.words[place] for place in places)


def context_read(data: Data, inputs: Array) -> Context:
    """The context of a row."""
    return Context(_placed(words_of_inputs(data, inputs)), "")


def context_typed(data: Data, typed: str) -> Context:
    """The context that the last words of ``typed`` are."""
    read = stretch(vocabulary_of(data), typed)
    unknown = tuple(word if word and not place else "" for word, place in zip(read.typed, read.places.tolist(), strict=True))
    return Context(_placed(read.read, unknown), _sentence(read.remark))


def typed_inputs(data: Data, typed: str) -> tuple[float, ...]:
    """What the network's data set has for the last words of ``typed``."""
    return tuple(stretch(vocabulary_of(data), typed).inputs.tolist())


def text_of(words: tuple[str, ...]) -> str:
    """Words as somebody would type them, without those that nobody knows."""
    return " ".join(word for word in words if word != OTHER)


def _placed(words: tuple[str, ...], typed: tuple[str, ...] = ()) -> tuple[ContextWord, ...]:
    count = len(words)
    others = typed or ("",) * count
    return tuple(ContextWord(f"word −{count - place}", words[place], others[place]) for place in np.arange(count).tolist())


def _sentence(remark: str) -> str:
    return f"{remark[0].upper()}{remark[1:]}." if remark else ""
