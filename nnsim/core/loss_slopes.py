"""How steeply a plain loss rises when one parameter is moved, measured in two ways that know no derivative of any formula.

The complex step has all digits but needs formulas without kinks. Differences need nothing but the loss, lose digits where the
step is short, and show a kink by slopes that are not the same on both sides. It refuses to choose a step and to judge.
"""

from typing import NamedTuple

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.plain_loss import PlainLoss

COMPLEX_STEP = 1e-20


def slopes_by_complex_step(loss: PlainLoss, layer: int, places: Array) -> Array:
    """(moved, samples + 1) slopes of the shares: Im L(θ + ih) / h, which subtracts nothing and so loses nothing.

    ``places``: in theta, all of one layer. Source: Squire and Trapp 1998.
    """
    moved = loss.shares(layer, places, np.full(len(places), 1j * COMPLEX_STEP))
    return np.asarray(moved.imag / COMPLEX_STEP)


class Beside(NamedTuple):
    """What a loss is like on both sides of each of several parameters."""

    slopes: Array
    """(moved, samples + 1) of the shares."""
    spread: Array
    """(moved,) how far apart slopes are that would be nearly the same if no kink lay within the steps, summed over the shares."""
    lowest: Array
    """(moved,) the least slope that is met, share by share, then summed."""
    highest: Array
    rounding: Array
    """(moved,) how much of the slopes' sum may be rounding of the shares themselves."""


def slopes_by_differences(loss: PlainLoss, layer: int, places: Array, steps: Array) -> Beside:
    """By the loss at one and two steps to either side: a central difference of fourth order.

    ``places``: in theta, all of one layer; ``steps`` (moved,). Source: Fornberg 1988.
    """
    far_left, left, here, right, far_right = (loss.shares(layer, places, count * steps) for count in (-2, -1, 0, 1, 2))
    length = steps[:, np.newaxis]
    near, far = (right - left) / (2 * length), (far_right - far_left) / (4 * length)
    to_left, to_right = (3 * here - 4 * left + far_left) / (2 * length), (4 * right - 3 * here - far_right) / (2 * length)
    # these are all of second order; the outermost are not, but lie wholly on one side of a kink between
    several = np.stack([near, far, to_left, to_right])
    all_met = np.stack([*several, (left - far_left) / length, (far_right - right) / length])
    # one sample's kink must not be made up for by another's, so the least and the greatest are taken before the sum
    return Beside((4 * near - far) / 3, np.ptp(several, axis=0).sum(axis=1), all_met.min(axis=0).sum(axis=1),
                  all_met.max(axis=0).sum(axis=1), np.finfo(np.float64).eps * np.abs(here).sum(axis=1) / steps)
