"""How probable a network takes each class to be for the sample on show: the guesses of a probe, as names with shares.

It is apart from the probe's raw outputs because two classes have one output, and a logit is no share. Of many classes only the
likeliest are told. It refuses to call a number a probability that is none.
"""

from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array
from nnsim.engine.frame import Frame
from nnsim.picture.answer_columns import answer_columns

MOST_CLASSES = 12
"""Classes up to which each is told, in their own order; of more the likeliest are."""
LIKELIEST = 5


@dataclass(frozen=True)
class ClassShare:
    """One class."""

    name: str
    share: float
    """From 0 to 1"""
    best: bool
    """Whether it is the one that the network says."""
    true: bool = False
    """Whether it is the right one, where that is known."""


def class_shares(frame: Frame, outputs: Array, targets: Array | None = None) -> tuple[ClassShare, ...]:
    """The shares of one sample's ``outputs`` (outputs,); ``targets`` (outputs,) where they are known.

    Empty where the outputs are no probabilities of classes, or not finite.
    """
    columns = answer_columns(frame.dataset, frame.network.activations[-1], frame.experiment.learning.loss)
    if columns.classes is None or not columns.probable or not np.isfinite(outputs).all():
        return ()
    shares = columns.each(outputs[np.newaxis])[0]
    said = int(columns.said(outputs[np.newaxis])[0])
    true = -1 if targets is None else int(columns.true(targets[np.newaxis])[0])
    places = range(len(shares)) if len(shares) <= MOST_CLASSES else np.argsort(-shares, kind="stable")[:LIKELIEST].tolist()
    return tuple(ClassShare(columns.classes[place], float(shares[place]), place == said, place == true) for place in places)
