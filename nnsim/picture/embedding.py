"""The first layer of a network of words as their embedding: one vector a word, drawn in two dimensions, and its nearest words.

A word is a single 1 among zeros, so what it adds to the first layer's sums is one row of W, inputs x neurons: that row is the
word's vector, and each place of the context has its own. Apart from the weights as a matrix because here inputs have names. It
refuses to know colours and letters' sizes, and to compare with an earlier moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame
from nnsim.engine.next_word import vocabulary_of
from nnsim.picture import numbers


@dataclass(frozen=True)
class WordPoint:
    """A word in the plane."""

    word: str
    x: float
    y: float


@dataclass(frozen=True)
class Neighbour:
    """A word near another one."""

    word: str
    cosine: float
    """Of the angle between the two vectors: 1 the same direction, 0 nothing in common, −1 the opposite."""


@dataclass(frozen=True, eq=False)
class Embedding:
    """The words at one place of the context."""

    title: str
    """Which word it is that is read there."""
    words: tuple[str, ...]
    """‹other›, then the known words, the most frequent first."""
    vectors: Array
    """(words, neurons) float64: what each word adds to the sums of the first layer."""
    points: tuple[WordPoint, ...]
    """One a word, in the same order; none where the vectors are not finite."""
    axes: tuple[str, str]
    """What runs right and up."""
    shares: tuple[float, float]
    """How much of the vectors' variance lies along each axis, 0 to 1; 0 where all vectors are equal."""

    @property
    def caption(self) -> str:
        """What the plane shows of the vectors, in a sentence."""
        if not self.points:
            return "The weights are not finite numbers, so there is nothing to draw."
        neurons = self.vectors.shape[1]
        if neurons <= 2:
            return f"All of the {numbers.count(neurons, 'neuron')}: nothing is left out."
        return (f"The two directions in which the words differ most: {numbers.percent(sum(self.shares))} of their variance over "
                f"{neurons} neurons.")

    @cached_property
    def _directions(self) -> Array:
        """(words, neurons): vectors of length 1, or 0 where a vector has no length or is not finite."""
        vectors = np.where(np.isfinite(self.vectors).all(axis=1, keepdims=True), self.vectors, 0)
        # divided by the largest first, so that no square overflows
        largest = np.abs(vectors).max(axis=1, initial=0.0, keepdims=True)
        vectors = np.divide(vectors, largest, out=np.zeros_like(vectors), where=largest > 0)
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        directions: Array = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
        return directions

    def nearest(self, word: str, most: int = 5) -> tuple[Neighbour, ...]:
        """The words whose vectors point most nearly in the direction of this one's, the nearest first; none for a word it lacks.

        ‹other› is not among them, nor are words that have no direction.
        """
        if word not in self.words:
            return ()
        place = self.words.index(word)
        cosines = np.clip(self._directions @ self._directions[place], -1, 1)
        pointing = set(np.flatnonzero(np.abs(self._directions).max(axis=1)).tolist())
        if place not in pointing:
            return ()
        others = pointing - {0, place}
        near = [other for other in np.argsort(-cosines, kind="stable").tolist() if other in others]
        return tuple(Neighbour(self.words[other], float(cosines[other])) for other in near[:most])


def embedding(frame: Frame, position: int) -> Embedding:
    """The words as the network reads them at a place of the context: 0 is the first of the words that it reads.

    The axes are the two principal ones of the vectors (Pearson 1901), the first being the one along which they vary most; with one
    or two neurons they are the neurons themselves. Raises ExperimentError if the data are no text, IndexError for another place.
    """
    vocabulary = vocabulary_of(frame.experiment.data)
    if not 0 <= position < vocabulary.context:
        raise IndexError(f"the network reads {vocabulary.context} words; there is no place {position}")
    words = vocabulary.words
    block = slice(position * len(words), (position + 1) * len(words))
    # in the words' own units, in which a word is 1 and its absence 0
    vectors = frame.weights[0][block].astype(np.float64) / frame.dataset.scale[block, np.newaxis]
    back = vocabulary.context - position
    title = "Word −1, the last one read" if back == 1 else f"Word −{back}"
    if not np.isfinite(vectors).all():
        return Embedding(title, words, vectors, (), ("", ""), (0, 0))
    plane, axes, shares = _own_axes(vectors) if vectors.shape[1] <= 2 else _principal_axes(vectors)
    return Embedding(title, words, vectors, tuple(_points(words, plane)), axes, shares)


def aligned(found: Embedding, earlier: Embedding) -> Embedding:
    """``found`` turned over or its axes exchanged so that its points lie nearest to those of ``earlier``.

    Which way an axis points, and which of two equally strong ones is called the first, is nobody's choice; a picture that grows
    while training goes on is not to jump for that. The axes keep their names. Other words or places are left as they are.
    """
    if found.words != earlier.words or found.title != earlier.title or not found.points or not earlier.points:
        return found
    if found.vectors.shape[1] <= 2:
        return found  # the axes are the neurons themselves
    new, old = (np.array([(point.x, point.y) for point in each.points]) for each in (found, earlier))
    together = old.T @ new
    straight, crossed = abs(together[0, 0]) + abs(together[1, 1]), abs(together[0, 1]) + abs(together[1, 0])
    order = [1, 0] if crossed > straight else [0, 1]
    signs = np.where(together[[0, 1], order] < 0, -1.0, 1.0)
    plane = new[:, order] * signs
    axes, shares = (found.axes[order[0]], found.axes[order[1]]), (found.shares[order[0]], found.shares[order[1]])
    return replace(found, points=tuple(_points(found.words, plane)), axes=axes, shares=shares)


def _points(words: tuple[str, ...], plane: Array) -> Iterator[WordPoint]:
    for word, (x, y) in zip(words, plane.tolist(), strict=True):
        yield WordPoint(word, x, y)


def _own_axes(vectors: Array) -> tuple[Array, tuple[str, str], tuple[float, float]]:
    plane = np.zeros((len(vectors), 2))
    plane[:, : vectors.shape[1]] = vectors
    return plane, ("weight to L1·1", "weight to L1·2" if vectors.shape[1] == 2 else ""), _shares(plane.var(axis=0))


def _principal_axes(vectors: Array) -> tuple[Array, tuple[str, str], tuple[float, float]]:
    # the mean of equal numbers can miss them by a rounding, and axes would be made of that rounding
    centred = np.where(np.ptp(vectors, axis=0) > 0, vectors - vectors.mean(axis=0), 0)
    # in units of the largest, so that no square overflows
    largest = float(np.abs(centred).max()) or 1.0
    _, lengths, axes = np.linalg.svd(centred / largest, full_matrices=False)
    # an axis may as well point the other way: it points to where its largest part is positive
    parts = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    axes = axes * np.where(parts < 0, -1, 1)[:, np.newaxis]
    shares = _shares(lengths**2)
    plane: Array = centred @ axes[:2].T
    return plane, (f"first axis, {numbers.percent(shares[0])}", f"second axis, {numbers.percent(shares[1])}"), shares


def _shares(variances: Array) -> tuple[float, float]:
    whole = float(variances.sum())
    first, second = (variances[:2] / whole).tolist() if whole > 0 else (0.0, 0.0)
    return first, second
