"""A drawing as the inputs of data of pictures: in the size and the manner in which the data set's own pictures are drawn.

It is apart because the manner is measured on the data once, and a drawing becomes pixels with every stroke. It refuses to judge
what is drawn.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from nnsim.core.datasets import Dataset
from nnsim.core.drawing import Paper, Stroke, paper_of, rasterise

JUDGED_BY = 500
"""Pictures by which it is judged how dark the data's paper is."""


def drawn_inputs(strokes: Sequence[Stroke], source: str, dataset: Dataset) -> tuple[float, ...]:
    """The inputs in the data's own units. In data with colours the ink is grey: the same in all three channels."""
    grey = rasterise(strokes, _paper(source, dataset))
    pixels = np.repeat(grey[..., np.newaxis], dataset.channels, axis=-1)
    return tuple(pixels.ravel().tolist())


@lru_cache(maxsize=2)
def _paper(source: str, dataset: Dataset) -> Paper:
    assert dataset.picture is not None
    channels = (3,) if dataset.channels == 3 else ()
    return paper_of(source, dataset.inputs[dataset.train[:JUDGED_BY]].reshape(-1, *dataset.picture, *channels))
