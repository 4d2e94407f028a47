"""Strokes of a pen as pixels: what a drawing pad, a dropped picture and our own cartoons have in common.

A data set's pictures were all drawn in one manner: how large, how thick, centred how, in which units. A ``Paper`` says that manner,
and what is drawn is brought into it, since a network can only recognise what looks like its training rows. Coordinates are
(right, down). It refuses to read files and to know what is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nnsim.core.activations import Array

Stroke = Sequence[tuple[float, float]]
"""Points of one stroke, right and down from the upper left corner, 0 to 1; a single point is a dot."""

LARGEST = 4.0
"""How many times a drawing is enlarged at most: the first dot of a drawing is not to fill the paper."""
_FINEST = 64
"""The side, in pixels, at which a picture's ink is looked at before it becomes as coarse as the paper."""


@dataclass(frozen=True)
class Paper:
    """How pictures of a data set are drawn."""

    size: tuple[int, int]
    """(height, width) in pixels"""
    box: tuple[float, float]
    """(height, width) in pixels of the centred box that a drawing is scaled into, its proportions kept"""
    thickness: tuple[float, float]
    """The thinnest and the thickest line, in pixels"""
    amount: float
    """How many pixels of ink a picture has, which makes lines thicker where there are few; 0: always the thinnest"""
    ground: float
    """The number of an empty pixel"""
    ink: float
    """The number of a covered pixel"""


PAPERS = {
    # measured on the data: all are eight rows high and about six columns wide, and have 19 to 21 pixels of ink, a 1 as much as an 8
    "digits": Paper((8, 8), (8, 6.2), (1.0, 2.4), 19.6, 0, 16),
    "cats": Paper((24, 24), (20, 20), (1.5, 1.5), 0, 0, 255),
}
"""The papers of the pictures that come with nnsim, by the name of their source."""


def paper_of(source: str, pictures: Array) -> Paper:
    """The paper for a source whose pictures are these: (pictures, height, width) or, in colour, (pictures, height, width, 3).

    For the user's own, of 0 to 255, the ground is black or white, whichever their edges are nearer to.
    """
    if source in PAPERS:
        return PAPERS[source]
    high, wide = pictures.shape[1:3]
    edges = np.concatenate([pictures[:, [0, -1]].ravel(), pictures[:, :, [0, -1]].ravel()])
    ground, ink = (0, 255) if np.median(edges) < 127.5 else (255, 0)
    thickness = max(1.0, min(high, wide) / 16)
    return Paper((high, wide), (0.85 * high, 0.85 * wide), (thickness, thickness), 0, ground, ink)


def rasterise(strokes: Sequence[Stroke], paper: Paper) -> Array:
    """The drawing as the paper's pixels (height, width), whole numbers from its ground to its ink.

    Bounding boxes are what is centred and scaled: the drawing, as wide as its lines are, fills the paper's box in one direction,
    unless that enlarges it more than ``LARGEST`` times.
    """
    lines = [np.array(stroke, np.float64).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not lines:
        return np.full(paper.size, float(paper.ground))
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    starts = np.concatenate([line[:-1] if len(line) > 1 else line for line in lines])
    ends = np.concatenate([line[1:] if len(line) > 1 else line for line in lines])
    length = float(np.hypot(*(ends - starts).T).sum())
    thickness = paper.thickness[0]
    # thicker lines leave the drawing less room: a few turns find the pair that fits
    for _ in range(4):
        room = np.array(paper.box[::-1]) - thickness
        scale = min(float((room / np.maximum(high - low, 1e-9)).min()), LARGEST * max(paper.size))
        if paper.amount:
            thickness = float(np.clip(paper.amount / max(length * scale + thickness, 1e-9), *paper.thickness))
    shift = np.array(paper.size[::-1]) / 2 - scale * (low + high) / 2
    return _inked(line_coverage(starts * scale + shift, ends * scale + shift, thickness, paper.size), paper)


def fit_picture(grey: Array, paper: Paper) -> Array:
    """A picture (height, width) of a drawing, 0 black to 255 white, as the paper's pixels (height, width).

    What stands out from the ground, by Otsu's threshold (1979), is the ink, whether dark on bright or bright on dark: the ground is
    what most of the edge is. It is cut out, scaled into the paper's box and centred, and thin lines are thickened to the paper's.
    A photograph of a real thing comes out as its outline at best. A picture of one tone is an empty paper.
    """
    ink = _ink(np.asarray(grey, np.float64))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.full(paper.size, float(paper.ground))
    cut = ink[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1].astype(np.float64)
    # the share of each pixel of the paper that is inked, at a resolution at which thin lines are still there
    fine = _FINEST / max(paper.size)
    scale = fine * min(paper.box[0] / cut.shape[0], paper.box[1] / cut.shape[1])
    target = [max(1, round(side * scale)) for side in cut.shape]
    mask = area_resize(cut, (target[0], target[1])) > 0.25
    wanted = paper.thickness[0] if not paper.amount else paper.amount / max(_length(mask) / fine, 1e-9)
    wanted = float(np.clip(wanted, *paper.thickness)) * fine
    sheet = np.zeros([round(side * fine) for side in paper.size])
    top, left = ((sheet.shape[axis] - mask.shape[axis]) // 2 for axis in (0, 1))
    sheet[top:top + mask.shape[0], left:left + mask.shape[1]] = mask
    return _inked(area_resize(_thickened(sheet > 0, (wanted - _thickness(mask)) / 2), paper.size), paper)


def _inked(coverage: Array, paper: Paper) -> Array:
    inked: Array = np.round(paper.ground + (paper.ink - paper.ground) * coverage)
    return inked


@lru_cache(maxsize=1024)
def _grid(size: tuple[int, int]) -> Array:
    """(height · width, 2): the middles of all pixels, right and down."""
    down, right = np.indices(size, np.float64) + 0.5
    return np.column_stack([right.ravel(), down.ravel()])


def segment_distance(starts: Array, ends: Array, size: tuple[int, int]) -> Array:
    """(height, width): how far each pixel's middle is from the nearest of the segments (segments, 2), in pixels."""
    grid, along = _grid(size), ends - starts
    squared = np.maximum((along**2).sum(axis=1), 1e-12)
    reach = grid @ along.T - (starts * along).sum(axis=1)
    share = np.minimum(np.maximum(reach / squared, 0), 1)
    apart = (grid**2).sum(axis=1)[:, np.newaxis] + (starts**2).sum(axis=1) - 2 * grid @ starts.T
    nearest = (apart - share * (2 * reach - share * squared)).min(axis=1)
    distance: Array = np.sqrt(np.maximum(nearest, 0)).reshape(size)
    return distance


def line_coverage(starts: Array, ends: Array, thickness: float, size: tuple[int, int]) -> Array:
    """(height, width) from 0 to 1: how much of each pixel round-ended lines cover, a pixel wide ramp at their edges."""
    return ramp(thickness / 2 - segment_distance(starts, ends, size))


def ramp(depth: Array) -> Array:
    """How much of a pixel is covered, 0 to 1, whose middle lies so deep inside an edge, in pixels; negative: outside."""
    covered: Array = np.minimum(np.maximum(depth + 0.5, 0), 1)
    return covered


def inside(corners: Array, size: tuple[int, int]) -> Array:
    """(height, width) bool: whether each pixel's middle is in the closed polygon (corners, 2), by crossings of a ray."""
    right, down = _grid(size).T[:, :, np.newaxis]
    (x, y), (next_x, next_y) = corners.T, np.concatenate([corners[1:], corners[:1]]).T
    rise = np.where(next_y == y, 1, next_y - y)
    crossed = ((y > down) != (next_y > down)) & (right < x + (down - y) * ((next_x - x) / rise))
    odd: Array = np.logical_xor.reduce(crossed, axis=1).reshape(size)
    return odd


def area_resize(picture: Array, size: tuple[int, int]) -> Array:
    """A picture (height, width) at another size: each new pixel is the mean of the area that it covers."""
    resized: Array = _shares(picture.shape[0], size[0]) @ picture @ _shares(picture.shape[1], size[1]).T
    return resized


@lru_cache(maxsize=32)
def _shares(old: int, new: int) -> Array:
    """(new, old): how much of each old pixel is in each new one; rows add up to 1."""
    edges = np.linspace(0, old, new + 1)[:, np.newaxis]
    low, high = np.maximum(edges[:-1], np.arange(old)), np.minimum(edges[1:], np.arange(1, old + 1))
    shares: Array = np.maximum(high - low, 0) * (new / old)
    return shares


def _ink(grey: Array) -> Array:
    """(height, width) bool: what stands out from the ground."""
    counts, steps = np.histogram(grey, 64, (0, 255))
    middles = (steps[:-1] + steps[1:]) / 2
    below, above = np.cumsum(counts)[:-1], counts.sum() - np.cumsum(counts)[:-1]
    sums = np.cumsum(counts * middles)
    both = (below > 0) & (above > 0)
    if not both.any():
        return np.zeros(grey.shape, np.bool_)
    apart = sums[:-1] / np.maximum(below, 1) - (sums[-1] - sums[:-1]) / np.maximum(above, 1)
    between = np.where(both, below * above * apart**2, -1)
    # of equally good thresholds the middle one: it is farthest from both tones
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    bright: Array = grey >= steps[1:-1][best[len(best) // 2]]
    edge = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
    return ~bright if edge.mean() > 0.5 else bright


def _thickness(mask: Array) -> float:
    """How thick the lines of a drawing are, in its pixels: twice its area a length of outline."""
    padded = np.pad(mask, 1)
    outline = sum(int((padded != np.roll(padded, 1, axis=axis)).sum()) for axis in (0, 1))
    # counted in steps along the grid, an outline in all directions is 4/π times too long
    return 2 * float(mask.sum()) / max(outline * np.pi / 4, 1e-9)


def _length(mask: Array) -> float:
    return float(mask.sum()) / _thickness(mask)


def _thickened(mask: Array, radius: float) -> Array:
    """The mask and all within ``radius`` pixels of it, as numbers; itself if the radius is not positive."""
    wide = mask
    for down in range(-int(max(radius, 0)), int(max(radius, 0)) + 1):
        for right in range(-int(max(radius, 0)), int(max(radius, 0)) + 1):
            if down**2 + right**2 <= radius**2:
                wide = wide | _moved(mask, down, right)
    return wide.astype(np.float64)


def _moved(mask: Array, down: int, right: int) -> Array:
    """The mask moved, nothing coming in from the other side."""
    high, wide = mask.shape
    reach = max(abs(down), abs(right))
    return np.pad(mask, reach)[reach - down:reach - down + high, reach - right:reach - right + wide]
