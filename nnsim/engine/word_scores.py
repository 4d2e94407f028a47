"""How good guesses of the next word are: in training stretches and in those held out.

The scores stand beside two ways to guess that need no network, since a number alone does not say whether it is good. Apart from
guessing because whoever types a word asks nothing of this. It refuses networks whose outputs are no probabilities.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.core.network import Network
from nnsim.engine.next_word import Vocabulary, probabilities

PORTION = 1024
"""Rows that are scored at once."""


@dataclass(frozen=True)
class Measures:
    """How good guesses are over some stretches of the text."""

    top_1: float
    """The share of stretches whose next word was the likeliest,"""
    top_5: float
    """and among the five likeliest."""
    perplexity: float
    """exp of the mean cross-entropy: as if it had to choose among so many equally likely words."""


@dataclass(frozen=True)
class PartScores:
    """One part of the text: the network, and what guesses without one."""

    rows: int
    network: Measures
    frequency: Measures
    """Always the most frequent words: how often each was an answer in training, plus one."""
    pairs: Measures
    """What followed the last word in training, so and so often, with the frequencies for what never did."""


@dataclass(frozen=True)
class NextWordScores:
    """Training stretches, and those held out; None where none are."""

    train: PartScores
    test: PartScores | None


def scores(network: Network, theta: Array, dataset: Dataset, vocabulary: Vocabulary) -> NextWordScores:
    """How good the guesses are, computed in portions. Raises ExperimentError if the outputs are no probabilities.

    Perplexity, top 1 and top 5 as in Bengio et al. 2003, "A Neural Probabilistic Language Model". The pairs are smoothed with the
    frequencies as a prior that weighs as much as one observation (MacKay and Peto 1995, "A hierarchical Dirichlet language
    model").
    """
    scoring = score_in_portions(network, theta, dataset, vocabulary)
    while True:
        try:
            next(scoring)
        except StopIteration as finished:
            found: NextWordScores = finished.value
            return found


def score_in_portions(network: Network, theta: Array, dataset: Dataset, vocabulary: Vocabulary, most: int = 0,
                      portion: int = 0) -> Generator[None, None, NextWordScores]:
    """The same, ``portion`` rows at a time or ``PORTION``, for whoever has something else to do between two of them.

    ``most``: of so many training and so many test rows, evenly chosen; 0 of all of them.
    """
    counts = _counts(dataset, vocabulary)
    parts = []
    for rows in (dataset.train, dataset.test):
        chosen = rows[:: max(1, -(-len(rows) // most))] if most else rows
        network_, frequency, pairs = _Tally(), _Tally(), _Tally()
        for some, before, answers in _portions(dataset, vocabulary, chosen, portion or PORTION):
            network_.add(probabilities(network, theta, dataset, dataset.inputs[some]), answers)
            frequency.add(np.broadcast_to(counts.frequency, (len(answers), len(counts.frequency))), answers)
            pairs.add(counts.after(before), answers)
            yield
        parts.append(PartScores(len(chosen), network_.measures(), frequency.measures(), pairs.measures()) if len(chosen) else None)
    assert parts[0] is not None, "there is always a training row"
    return NextWordScores(parts[0], parts[1])


def _portions(dataset: Dataset, vocabulary: Vocabulary, rows: Array, size: int) -> Iterator[tuple[Array, Array, Array]]:
    """Row numbers, the places of the words before the next, and the number of the output that is the answer: each (portion,)."""
    last = (vocabulary.context - 1) * len(vocabulary.words)
    for start in range(0, len(rows), size):
        portion = rows[start : start + size]
        before = dataset.inputs[portion, last : last + len(vocabulary.words)].argmax(axis=1)
        yield portion, before, dataset.targets[portion].argmax(axis=1)


class _Counts:
    """What the training stretches say without a network."""

    def __init__(self, dataset: Dataset, vocabulary: Vocabulary) -> None:
        outputs = len(vocabulary.words) - 1
        self._pairs = np.zeros((outputs + 1, outputs), np.int32)
        for _, before, answers in _portions(dataset, vocabulary, dataset.train, PORTION):
            np.add.at(self._pairs, (before, answers), 1)
        often = self._pairs.sum(axis=0) + 1
        self.frequency: Array = often / often.sum()
        """(outputs,)"""

    def after(self, before: Array) -> Array:
        """(rows, outputs): how likely each word is after the words at these places (rows,)."""
        often = self._pairs[before]
        shares: Array = (often + self.frequency) / (often.sum(axis=1, keepdims=True) + 1)
        return shares


@lru_cache(maxsize=1)
def _counts(dataset: Dataset, vocabulary: Vocabulary) -> _Counts:
    return _Counts(dataset, vocabulary)


class _Tally:
    """Hits and surprise over portions."""

    def __init__(self) -> None:
        self._rows = self._first = self._five = 0
        self._surprise = 0.0

    def add(self, shares: Array, answers: Array) -> None:
        """``shares`` (rows, outputs), ``answers`` (rows,)."""
        own = shares[np.arange(len(answers)), answers][:, np.newaxis]
        # of equally likely words the one that stands first in the vocabulary is named first
        earlier = np.arange(shares.shape[1]) < answers[:, np.newaxis]
        better = ((shares > own) | ((shares == own) & earlier)).sum(axis=1)
        self._rows += len(answers)
        self._first += int((better < 1).sum())
        self._five += int((better < 5).sum())
        # a share that underflowed to 0 is counted as the least number there is
        self._surprise -= float(np.log(np.maximum(own, np.finfo(np.float64).tiny)).sum())

    def measures(self) -> Measures:
        """The shares so far."""
        return Measures(self._first / self._rows, self._five / self._rows, float(np.exp(self._surprise / self._rows)))
