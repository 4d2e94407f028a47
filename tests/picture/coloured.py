"""A small set of pictures in colour, as a user's own would be."""

import numpy as np

from nnsim.core.pictures import Pictures
from nnsim.engine.experiment import Data, Experiment, Layer, Learning
from nnsim.engine.materials import keep


def colours() -> Experiment:
    """Four pictures of 5 x 4 pixels in red, green and blue, of two classes."""
    pixels = np.random.default_rng(2).integers(0, 256, (4, 5, 4, 3), np.uint8)
    pixels[0, 0, 0] = (0, 0, 0)
    pixels[0, 0, 1] = (255, 128, 0)
    material = keep(Pictures("colours", pixels, np.array([0, 1, 0, 1], np.int32), ("warm", "cold")))
    return Experiment(data=Data(source="pictures", material=material, test_share=0),
                      layers=(Layer(width=3), Layer(width=1, activation="sigmoid")), learning=Learning(loss="bce"))
