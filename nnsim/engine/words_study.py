"""A look at how well a network guesses next words: its scores beside those of guessing without it, and some held-out stretches.

It is apart from the scores because it is made for the eye, again and again while training goes on: of so many stretches only, in
slices, with examples. It refuses to choose the examples by how they turn out.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from nnsim.core.datasets import Dataset
from nnsim.core.forward import predict
from nnsim.core.network import Network
from nnsim.engine.experiment import ExperimentError
from nnsim.engine.frame import Frame
from nnsim.engine.next_word import vocabulary_of
from nnsim.engine.word_scores import NextWordScores, score_in_portions

MOST_ROWS = 2048
"""Stretches of either part that are scored; of more, so many or fewer are evenly chosen."""
SLICE_ROWS = 256
SHOWN = 12


@dataclass(frozen=True)
class Example:
    """One stretch, its true next word, and what the network says."""

    row: int
    """In the data set"""
    before: tuple[str, ...]
    answer: str
    guess: str
    share: float
    """How probable the network takes its guess to be,"""
    answer_share: float
    """and the true word,"""
    rank: int
    """which is so far down its list, from 1."""


@dataclass(frozen=True, eq=False)
class WordsStudy:
    """What was found at one moment."""

    network: Network
    dataset: Dataset
    epochs: float
    """Finished epochs, with the share of the present one."""
    scores: NextWordScores | None
    examples: tuple[Example, ...]
    problem: str = ""
    """Why there is nothing, in a sentence."""


def words_study(frame: Frame) -> Generator[None, None, WordsStudy]:
    """The study of a frame of a text, in slices of a few milliseconds."""
    network, dataset, epochs = frame.network, frame.dataset, frame.epochs_done
    vocabulary = vocabulary_of(frame.experiment.data)
    try:
        scores = yield from score_in_portions(network, frame.theta, dataset, vocabulary, MOST_ROWS, SLICE_ROWS)
    except ExperimentError as error:
        return WordsStudy(network, dataset, epochs, None, (), str(error))
    rows = dataset.test if len(dataset.test) else dataset.train
    chosen = rows[np.linspace(0, len(rows) - 1, min(SHOWN, len(rows))).astype(np.intp)]
    outputs = predict(network, frame.theta, dataset.scaled(dataset.inputs[chosen]))
    examples = []
    for row, shares in zip(chosen.tolist(), outputs, strict=True):
        places = dataset.inputs[row].reshape(vocabulary.context, len(vocabulary.words)).argmax(axis=1)
        answer, best = int(dataset.targets[row].argmax()), int(shares.argmax())
        earlier = np.arange(len(shares)) < answer
        rank = 1 + int(((shares > shares[answer]) | ((shares == shares[answer]) & earlier)).sum())
        examples.append(Example(row, tuple(vocabulary.words[place] for place in places), dataset.target_names[answer],
                                dataset.target_names[best], float(shares[best]), float(shares[answer]), rank))
    return WordsStudy(network, dataset, epochs, scores, tuple(examples))
