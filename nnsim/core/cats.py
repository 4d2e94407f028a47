"""Small cartoons of cats, and of what is no cat, as pixels: the pictures of "Does it see the cat?".

A cat has a head with two pointed ears, most have eyes and whiskers, some a body and a tail; a third are silhouettes. What is no cat
is in ``other_things``. It refuses to be a photograph: the network learns this one way of drawing.
"""

import numpy as np

from nnsim.core.activations import Array
from nnsim.core.cartoons import Cartoon, Point, arc, curve, drawn, ellipse
from nnsim.core.other_things import THINGS

SIDE = 24
"""Pixels of a side."""
BRIGHTEST = 255


def cat_pictures(samples: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Pixels (samples, 576), whole numbers from 0 to 255, and targets (samples, 1): things and cats in turn, cats are 1.

    ``noise``: the share of four pixels by which the hand strays, and a tenth of it is the share of pixels that are of any tone.
    """
    is_cat = np.arange(samples) % 2
    pixels = np.empty((samples, SIDE, SIDE))
    for place, cat in enumerate(is_cat):
        # each picture has its own numbers, so that the same cat is drawn with more or with less noise
        own = np.random.Generator(np.random.PCG64(rng.integers(2**63)))
        cartoon = Cartoon(own, filled=bool(own.random() < 0.3))
        draw = draw_cat if cat else THINGS[own.integers(len(THINGS))]
        draw(cartoon)
        picture = drawn(cartoon, SIDE, 4 * noise)
        specks = own.random(picture.shape) < noise / 10
        pixels[place] = np.where(specks, own.random(picture.shape), picture)
    return np.round(pixels.reshape(samples, -1) * BRIGHTEST), is_cat[:, np.newaxis].astype(np.float64)


def draw_cat(cartoon: Cartoon) -> None:
    """A cat: its face alone, or sitting, or standing on four legs."""
    pose = cartoon.between(0, 1)
    if pose > 0.6:
        (_sitting if pose < 0.85 else _standing)(cartoon)
    _face(cartoon, detailed=pose <= 0.6 or cartoon.chance(0.5))


def _face(cartoon: Cartoon, detailed: bool) -> None:
    """The head about (0, 0), its half height 1: ears, and most of eyes, nose, mouth and whiskers."""
    wide = cartoon.between(0.95, 1.5)
    _head(cartoon, wide)
    if cartoon.chance(0.93 if detailed else 0.7):
        _eyes(cartoon, wide)
    if detailed and cartoon.chance(0.85):
        _nose_and_mouth(cartoon)
    if cartoon.chance(0.8 if detailed else 0.5):
        _whiskers(cartoon, wide)


def _head(cartoon: Cartoon, wide: float) -> None:
    """One outline, or, as many people draw it, a ring with two triangles on it."""
    middle, half = cartoon.between(0.09, 0.14), cartoon.between(0.05, 0.065)
    height, lean = cartoon.between(1.35, 1.75), cartoon.between(1.0, 1.35)
    ears = [_ear(wide, -0.25 + side * middle, half, height, lean) for side in (-1, 1)]
    if cartoon.filled or cartoon.chance(0.6):
        left, right = ears
        round_the_chin = arc(0, 0, wide, 1, -0.25 + middle + half, 0.75 - middle - half, 12)
        cartoon.form([*left, *right, *round_the_chin[1:-1]])
        return
    cartoon.form(ellipse(0, 0, wide, 1))
    for ear in ears:
        cartoon.line(ear)
    if cartoon.chance(0.2):
        for first, tip, last in ears:
            foot = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
            cartoon.line([((2 * foot[0] + tip[0]) / 3, (2 * foot[1] + tip[1]) / 3), foot])


def _ear(wide: float, turn: float, half: float, height: float, lean: float) -> list[Point]:
    """Its two feet on the head, and its tip between them, so high above the head's middle; left foot first."""
    first, last = arc(0, 0, wide, 1, turn - half, turn + half, 2)
    return [first, ((first[0] + last[0]) / 2 * lean, -height), last]


def _eyes(cartoon: Cartoon, wide: float) -> None:
    apart, height = wide * cartoon.between(0.33, 0.48), cartoon.between(-0.35, -0.05)
    size, tall = cartoon.between(0.1, 0.2), cartoon.between(1.0, 1.7)
    manner = cartoon.between(0, 1)
    for side in (-1, 1):
        x = side * apart
        if manner < 0.55:
            cartoon.mark(ellipse(x, height, size, size * tall, 6))
        elif manner < 0.75:
            cartoon.inner_line([(x, height - 0.2), (x, height + 0.2)])
        elif manner < 0.85:
            cartoon.inner_line([(x - 0.2, height + 0.1), (x, height - 0.1), (x + 0.2, height + 0.1)])
        else:
            cartoon.inner_line(arc(x, height, 0.24, 0.24, 0, 1, 8))


def _nose_and_mouth(cartoon: Cartoon) -> None:
    y = cartoon.between(0.15, 0.35)
    cartoon.mark([(-0.11, y - 0.08), (0.11, y - 0.08), (0, y + 0.06)])
    if not cartoon.filled and cartoon.chance(0.75):
        for side in (-1, 1):
            cartoon.inner_line(arc(side * 0.2, y + 0.15, 0.2, 0.22, 0, 0.5, 5))


def _whiskers(cartoon: Cartoon, wide: float) -> None:
    """Two or three hairs a side, from the cheek outwards."""
    inner = wide * (0.98 if cartoon.filled else cartoon.between(0.4, 0.85))
    outer, fan = wide * cartoon.between(1.2, 1.6), cartoon.between(0.1, 0.3)
    hairs = (-1, 0, 1) if cartoon.chance(0.65) else (-0.5, 0.5)
    height, fine = cartoon.between(0.15, 0.4), cartoon.between(0.45, 0.9)
    for side in (-1, 1):
        for hair in hairs:
            cartoon.line([(side * inner, height + hair * 0.2), (side * outer, height + hair * (0.2 + fan))], fine)


def _sitting(cartoon: Cartoon) -> None:
    """Body, tail and paws below the head."""
    wide, high, side = cartoon.between(0.85, 1.2), cartoon.between(0.9, 1.25), 1 if cartoon.chance(0.5) else -1
    low = 0.75 + 2 * high
    reach = side * (wide + cartoon.between(0.4, 0.9))
    cartoon.line(curve((side * wide * 0.7, low - 0.3), (reach, low - 0.5), (reach, low - 1.4), (reach * 0.85, low - 1.9)))
    cartoon.form(ellipse(0, 0.75 + high, wide, high))
    if cartoon.chance(0.5):
        for paw in (-1, 1):
            cartoon.inner_line([(paw * 0.25, low - 0.9), (paw * 0.25, low - 0.05)])


def _standing(cartoon: Cartoon) -> None:
    """A long body beside the head, four legs and a tail."""
    side = 1 if cartoon.chance(0.5) else -1
    long, thick = cartoon.between(1.4, 2.0), cartoon.between(0.65, 0.9)
    middle, height = side * (0.6 + long), cartoon.between(0.8, 1.2)
    legs = height + cartoon.between(1.3, 1.8)
    end = middle + side * long * 0.9
    tip = end + side * cartoon.between(0.2, 1.0)
    cartoon.line(curve((end, height - 0.2), (end + side * 0.7, height - 0.6), (tip, height - 1.9)))
    for place in (-0.75, -0.45, 0.45, 0.75) if cartoon.chance(0.7) else (-0.65, 0.65):
        cartoon.line([(middle + place * long, height + thick * 0.6), (middle + place * long, legs)])
    cartoon.form(ellipse(middle, height, long, thick))
