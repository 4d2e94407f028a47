"""The inputs of data of pictures as pixels to paint: what the network sees.

It is apart because the diagram, the probe and the rows that went wrong all show it. Grey goes from the theme's base to its ink, so
that a drawing is dark on bright or bright on dark as everything else is; colours are as they are. It refuses other data.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnsim.core.activations import Array
from nnsim.core.datasets import Dataset
from nnsim.picture.palette import Theme, blend

Pixels = NDArray[np.uint32]
_BITS = 4
"""Shades of grey are 2 to the power of these: more are not told apart in pixels of this size."""


def picture_pixels(values: Array, dataset: Dataset, theme: Theme) -> Pixels:
    """(height, width) of 0xffRRGGBB for one row's inputs (inputs,), in the data's own units."""
    assert dataset.picture is not None
    low, high = _range(dataset)
    bytes_ = np.rint(np.clip((np.nan_to_num(values) - low) / (high - low), 0, 1) * 255).astype(np.uint32)
    if dataset.channels == 3:
        red, green, blue = np.moveaxis(bytes_.reshape(*dataset.picture, 3), -1, 0)
        coloured: Pixels = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
        return coloured
    grey: Pixels = _ramp(theme)[bytes_.reshape(dataset.picture) >> np.uint32(8 - _BITS)]
    return grey


def empty_pixels(dataset: Dataset, theme: Theme) -> Pixels:
    """(height, width) where no sample is on show."""
    assert dataset.picture is not None
    return np.full(dataset.picture, _ramp(theme)[0], np.uint32)


@lru_cache(maxsize=4)
def _range(dataset: Dataset) -> tuple[float, float]:
    low, high = float(dataset.inputs.min()), float(dataset.inputs.max())
    return low, high if high > low else low + 1


@lru_cache(maxsize=4)
def _ramp(theme: Theme) -> Pixels:
    # the lowest number keeps a trace of ink, so that the picture's extent is seen
    last = 2**_BITS - 1
    shades = [int(blend(theme.base, theme.ink, 0.04 + 0.96 * shade / last)[1:], 16) for shade in range(last + 1)]
    ramp: Pixels = np.uint32(0xFF000000) | np.array(shades, np.uint32)
    return ramp
