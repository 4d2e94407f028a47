"""Guessing the next word: from what somebody typed to the likeliest words.

Apart from the simulation because guessing needs no run: a network's parameters, its data set and the vocabulary suffice. How good
such guesses are is told by ``word_scores``. It refuses networks whose outputs are no probabilities.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.forward import predict
from nnsim.core.network import Network
from nnsim.core.texts import OTHER, encode, one_hot, words_of
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Data, ExperimentError, WordsUse


@dataclass(frozen=True)
class Vocabulary:
    """What a network of words reads."""

    words: tuple[str, ...]
    """``OTHER``, then the known words, the most frequent first; the network's outputs are all but the first."""
    context: int
    """How many words it reads to guess the next."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """What was typed, as the network reads it."""

    places: Array
    """(context,) intp: the words' places in the vocabulary, the last one typed last"""
    read: tuple[str, ...]
    """These words; ``OTHER`` where one is unknown or none was typed."""
    typed: tuple[str, ...]
    """The words as they were typed; "" where none was."""
    size: int
    """How many words the vocabulary has."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Those of the typed words that it does not know."""
        return tuple(word for word, place in zip(self.typed, self.places, strict=True) if word and place == 0)

    @property
    def absent(self) -> int:
        """How many words were missing at the beginning."""
        return self.typed.count("")

    @property
    def inputs(self) -> Array:
        """(context · words,) what the network's data set has for it."""
        inputs: Array = one_hot(self.places[np.newaxis], self.size)[0]
        return inputs

    @property
    def remark(self) -> str:
        """What was not read as it was typed, in a sentence; empty where all was."""
        parts, absent, unknown = [], self.absent, self.unknown
        if absent:
            parts.append(f"{absent} more {'word is' if absent == 1 else 'words are'} read, and {OTHER} stands there")
        if unknown:
            verb = "is not a word it knows" if len(unknown) == 1 else "are not words it knows"
            parts.append(f"{', '.join(repr(word) for word in unknown)} {verb}: read as {OTHER}")
        return "; ".join(parts)


@dataclass(frozen=True)
class Guess:
    """A word that may follow."""

    word: str
    probability: float


@dataclass(frozen=True, eq=False)
class Guesses:
    """What a network makes of what was typed."""

    guesses: tuple[Guess, ...]
    """The likeliest first."""
    stretch: Stretch
    """What it was fed."""


def vocabulary_of(data: Data) -> Vocabulary:
    """The words of data made of a text. Raises ExperimentError for other data."""
    if data.source != "text":
        raise ExperimentError(f"data.source: {data.source!r} is no text, so there is no next word to guess")
    return Vocabulary((OTHER, *load_dataset(data).target_names), (data.words or WordsUse()).context)


def stretch(vocabulary: Vocabulary, typed: str) -> Stretch:
    """The last words of ``typed``; where fewer were typed than the network reads, ``OTHER`` stands before them."""
    last = words_of(typed)[-vocabulary.context :]
    absent = vocabulary.context - len(last)
    places: Array = np.concatenate([np.zeros(absent, np.intp), encode(last, vocabulary.words)])
    return Stretch(places, tuple(vocabulary.words[place] for place in places), ("",) * absent + tuple(last), len(vocabulary.words))


def guess(network: Network, theta: Array, dataset: Dataset, vocabulary: Vocabulary, typed: str, most: int = 5) -> Guesses:
    """The ``most`` likeliest words after the last words of ``typed``. Raises ExperimentError if the outputs are no probabilities.

    Equally likely words come in the vocabulary's order.
    """
    fed = stretch(vocabulary, typed)
    shares = probabilities(network, theta, dataset, fed.inputs[np.newaxis])[0]
    best = np.argsort(-shares, kind="stable")[:most]
    return Guesses(tuple(Guess(vocabulary.words[place + 1], float(shares[place])) for place in best), fed)


def probabilities(network: Network, theta: Array, dataset: Dataset, inputs: Array) -> Array:
    """(rows, outputs) float64, of all words but ``OTHER``, for ``inputs`` (rows, inputs) as the data set has them.

    Raises ExperimentError.
    """
    if network.activations[-1] != "softmax":
        raise ExperimentError(f"layers: the output layer is {network.activations[-1]}, whose outputs are no probabilities of "
                              "words: choose softmax")
    shares = predict(network, theta, dataset.scaled(inputs)).astype(np.float64)
    if not np.isfinite(shares).all():
        raise ExperimentError("the outputs are not finite numbers, so nothing can be guessed: step back, or lower the rate")
    return shares
