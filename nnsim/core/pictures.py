"""Pictures with a class each, all of one size: what a folder of pictures becomes.

It is apart from data sets because pictures stay bytes here, a byte a pixel, as they lie in a file. It refuses to decode or to
resize.
"""

from dataclasses import dataclass

from nnsim.core.activations import Array


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures and their classes; arrays are read-only."""

    name: str
    pixels: Array
    """(pictures, height, width, channels) uint8; one channel is grey, three are red, green and blue."""
    labels: Array
    """(pictures,) int32: the number of each one's class."""
    classes: tuple[str, ...]
