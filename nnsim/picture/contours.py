"""Contours over a grid of numbers: where a network's output crosses a level, and where one class begins to lead the others.

Marching squares, apart because it is pure geometry. It refuses to smooth: a line runs where the numbers cross, interpolated
between neighbours only.
"""

import numpy as np

from nnsim.core.activations import Array


def certainty(shares: Array) -> tuple[Array, Array]:
    """The winning class of ``shares`` (classes, rows, columns), and how far it leads the second, clipped to 0 ... 1."""
    winner = shares.argmax(axis=0)
    best_two = np.partition(shares, -2, axis=0)[-2:]
    return winner, np.clip(best_two[1] - best_two[0], 0.0, 1.0)


def region_borders(shares: Array) -> Array:
    """Where one class of ``shares`` (classes, rows, columns) begins to lead all others: line pieces as of ``contour``."""
    pieces = []
    for index in np.unique(shares.argmax(axis=0)):
        others = np.delete(shares, index, axis=0).max(axis=0)
        pieces.append(contour(shares[index] - others, 0.0))
    return np.concatenate(pieces)


# The sides of a grid cell: 0 bottom, 1 right, 2 top, 3 left. Which sides the contour joins, by the corners above the level:
# 1 bottom left, 2 bottom right, 4 top right, 8 top left. The two saddles, 5 and 10, are told apart by the cell's mean.
_SIDES = {1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 6: ((0, 2),), 7: ((3, 2),), 8: ((2, 3),), 9: ((2, 0),),
          11: ((2, 1),), 12: ((1, 3),), 13: ((1, 0),), 14: ((0, 3),), 5: ((3, 0), (1, 2)), 10: ((0, 1), (2, 3)),
          21: ((3, 2), (1, 0)), 26: ((0, 3), (2, 1))}


def contour(values: Array, level: float) -> Array:
    """Where ``values`` (rows, columns), row 0 at the bottom, cross ``level``: marching squares.

    Line pieces (pieces, 4): x and y of both ends, 0 ... 1 across the grid. Cells with a corner that is not finite have none.
    """
    rows, columns = values.shape
    if rows < 2 or columns < 2:
        return np.empty((0, 4))
    height = np.asarray(values, float) - level
    above = height > 0
    corners = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    crossed = (corners > 0) & (corners < 15)
    if not crossed.any():
        return np.empty((0, 4))
    row, column = np.nonzero(crossed)
    case = corners[row, column]
    around = np.stack([height[row, column], height[row, column + 1], height[row + 1, column + 1], height[row + 1, column]])
    finite = np.isfinite(around).all(axis=0)
    row, column, case, around = row[finite], column[finite], case[finite], around[:, finite]
    saddle = (case == 5) | (case == 10)
    # joined through the middle, the pieces cut off the other two corners
    case = np.where(saddle & (around.mean(axis=0) > 0), case + 16, case)
    ends = _crossings(around)
    pieces = []
    for name, sides in _SIDES.items():
        here = np.nonzero(case == name)[0]
        for first, second in sides if here.size else ():
            start, stop = ends[first, here], ends[second, here]
            corner = np.stack([column[here], row[here]], axis=1)
            pieces.append(np.concatenate([start + corner, stop + corner], axis=1))
    if not pieces:
        return np.empty((0, 4))
    whole: Array = np.concatenate(pieces) / (columns - 1, rows - 1, columns - 1, rows - 1)
    return whole


def _crossings(around: Array) -> Array:
    """Where the contour meets the sides of its cell, (side, cells, x and y), 0 ... 1 within the cell.

    ``around``: heights over the level at the corners, (4, cells), in the order of the corners' numbers.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        bottom, right, top, left = (
            around[a] / (around[a] - around[b]) for a, b in ((0, 1), (1, 2), (3, 2), (0, 3))
        )
    zero, one = np.zeros_like(bottom), np.ones_like(bottom)
    sides = ((bottom, zero), (one, right), (top, one), (zero, left))
    return np.stack([np.stack(side, axis=1) for side in sides])
