"""What is no cat, as cartoons: a house, a fish, a face, a cup, a dog with hanging ears and the like.

It is apart from the cats so that a thing is added without looking at them. Rabbits and bears are among them, since a head with two
ears of another form is what a cat is most easily taken for. It refuses pointed ears.
"""

from collections.abc import Callable

import numpy as np

from nnsim.core.cartoons import Cartoon, arc, box, curve, ellipse


def _house(pen: Cartoon) -> None:
    wide, high, top = pen.between(0.8, 1.2), pen.between(0.7, 1.1), pen.between(0.6, 1.1)
    pen.form(box(-wide, 0, wide, 2 * high))
    pen.form([(-wide * 1.15, 0), (0, -top), (wide * 1.15, 0)])
    if pen.chance(0.8):
        pen.mark(box(-0.2, 2 * high - 0.7, 0.2, 2 * high))
    if pen.chance(0.6):
        pen.inner_line([*box(wide * 0.4, 0.3, wide * 0.8, 0.7), (wide * 0.4, 0.3)])
    if pen.chance(0.4):
        pen.line([(wide * 0.6, -top * 0.4), (wide * 0.6, -top * 1.1), (wide * 0.85, -top * 1.1), (wide * 0.85, -top * 0.2)])


def _fish(pen: Cartoon) -> None:
    side, high = 1 if pen.chance(0.5) else -1, pen.between(0.45, 0.8)
    pen.form([(side * 0.8, 0), (side * 1.6, -high * 0.9), (side * 1.5, 0), (side * 1.6, high * 0.9)])
    pen.form(ellipse(0, 0, 1.1, high))
    pen.mark(ellipse(-side * 0.65, -0.15, 0.1, 0.1, 6))
    if pen.chance(0.5):
        pen.inner_line(arc(-side * 0.3, 0, 0.25, high * 0.7, -0.2, 0.2, 5))


def _person(pen: Cartoon) -> None:
    """A round face, with hair or a hat or neither."""
    wide = pen.between(0.85, 1.15)
    if pen.chance(0.25):
        pen.form(box(-0.7, -1.8, 0.7, -0.7))
        pen.line([(-1.2, -0.75), (1.2, -0.75)])
    pen.form(ellipse(0, 0, wide, 1))
    if pen.chance(0.25):
        for hair in range(-3, 4):
            pen.line([(hair * 0.22, -0.95), (hair * 0.3, -1.35)])
    apart, y = wide * pen.between(0.3, 0.45), pen.between(-0.4, -0.15)
    for side in (-1, 1):
        pen.mark(ellipse(side * apart, y, pen.between(0.09, 0.16), 0.14, 6))
    if pen.chance(0.5):
        pen.inner_line([(0, -0.1), (0.1, 0.2), (0, 0.2)])
    pen.inner_line(arc(0, 0.2, 0.5, pen.between(0.2, 0.45), 0.03, 0.47, 6))


def _dog(pen: Cartoon) -> None:
    """A face with hanging ears."""
    wide, drop = pen.between(0.75, 1.0), pen.between(0.6, 0.95)
    pen.form(ellipse(0, 0, wide, 1))
    for side in (-1, 1):
        pen.form(ellipse(side * wide * 1.08, pen.between(-0.2, 0.2), pen.between(0.25, 0.4), drop, 10))
        pen.mark(ellipse(side * 0.35, -0.25, 0.12, 0.14, 6))
    pen.mark(ellipse(0, 0.3, pen.between(0.16, 0.3), 0.16, 6))
    if pen.chance(0.6):
        pen.inner_line(arc(0, 0.45, 0.4, 0.3, 0, 0.5, 5))
    if pen.chance(0.3):
        pen.form(arc(0, 0.75, 0.18, 0.45, 0, 0.5, 6))


def _rabbit(pen: Cartoon) -> None:
    """A face with two long round ears."""
    long = pen.between(0.8, 1.2)
    for side in (-1, 1):
        pen.form(ellipse(side * pen.between(0.35, 0.5), -0.8 - long, pen.between(0.2, 0.28), long, 10))
    pen.form(ellipse(0, 0, pen.between(0.85, 1.0), 0.95))
    for side in (-1, 1):
        pen.mark(ellipse(side * 0.35, -0.2, 0.12, 0.14, 6))
    pen.mark(ellipse(0, 0.2, 0.14, 0.1, 6))


def _bear(pen: Cartoon) -> None:
    """A face with two large round ears."""
    size = pen.between(0.42, 0.65)
    for side in (-1, 1):
        pen.form(ellipse(side * 0.85, -0.8, size, size, 10))
    pen.form(ellipse(0, 0, pen.between(0.95, 1.15), 1))
    for side in (-1, 1):
        pen.mark(ellipse(side * 0.38, -0.2, 0.12, 0.12, 6))
    pen.mark(ellipse(0, 0.3, 0.22, 0.16, 6))


def _cup(pen: Cartoon) -> None:
    high, foot, side = pen.between(0.7, 1.1), pen.between(0.6, 0.9), 1 if pen.chance(0.5) else -1
    pen.line(arc(side * 0.9, 0, 0.55, high * 0.55, -0.27 if side > 0 else 0.23, 0.27 if side > 0 else 0.77, 7))
    pen.form([(-0.9, -high), (0.9, -high), (foot, high), (-foot, high)])
    if pen.chance(0.5):
        for steam in (-0.4, 0, 0.4):
            pen.line(curve((steam, -high - 0.2), (steam + 0.15, -high - 0.5), (steam, -high - 0.9)))


def _tree(pen: Cartoon) -> None:
    trunk = pen.between(0.12, 0.25)
    pen.form(box(-trunk, 0.3, trunk, 1.7))
    if pen.chance(0.5):
        pen.form(ellipse(0, -0.4, pen.between(0.8, 1.1), 1.0))
    else:
        for layer in (0.6, -0.1, -0.8):
            pen.form([(-0.95 - layer * 0.25, layer), (0, layer - 1.0), (0.95 + layer * 0.25, layer)])


def _car(pen: Cartoon) -> None:
    roof = pen.between(0.4, 0.7)
    pen.form([(-0.8, -0.1), (-0.5, -roof - 0.1), (0.45, -roof - 0.1), (0.8, -0.1)])
    pen.form(box(-1.5, -0.1, 1.5, 0.5))
    for wheel in (-0.85, 0.85):
        pen.form(ellipse(wheel, 0.55, 0.33, 0.33, 10))
    if pen.chance(0.5):
        pen.inner_line([(0, -roof), (0, -0.1)])


def _flower(pen: Cartoon) -> None:
    petals, around = int(pen.rng.integers(5, 8)), pen.between(0.45, 0.6)
    pen.line(curve((0, 0), (pen.between(-0.2, 0.2), 1.2), (0, 2.2)))
    if pen.chance(0.7):
        pen.form(ellipse(0.4, 1.5, 0.4, 0.16, 8))
    for turn in np.arange(petals) / petals:
        x, y = arc(0, 0, around, around, turn, turn, 1)[0]
        pen.form(ellipse(x, y, 0.32, 0.32, 8))
    pen.mark(ellipse(0, 0, 0.25, 0.25, 8))


def _bird(pen: Cartoon) -> None:
    side = 1 if pen.chance(0.5) else -1
    pen.form([(side * 0.8, 0.1), (side * 1.6, -0.25), (side * 1.55, 0.2)])
    pen.form(ellipse(0, 0.2, pen.between(0.9, 1.1), pen.between(0.55, 0.7)))
    pen.form(ellipse(-side * 0.85, -0.5, 0.42, 0.42, 10))
    pen.form([(-side * 1.22, -0.6), (-side * 1.75, -0.45), (-side * 1.22, -0.35)])
    pen.mark(ellipse(-side * 0.95, -0.55, 0.08, 0.08, 6))
    for leg in (-0.15, 0.2):
        pen.line([(leg, 0.8), (leg, 1.4), (leg - side * 0.25, 1.45)])


def _star(pen: Cartoon) -> None:
    inner = pen.between(0.4, 0.55)
    pen.form([arc(0, 0, reach, reach, turn, turn, 1)[0]
            for turn, reach in zip(np.arange(10) / 10 - 0.25, (1, inner) * 5, strict=True)])


def _sun(pen: Cartoon) -> None:
    pen.form(ellipse(0, 0, 0.6, 0.6, 12))
    for turn in np.arange(8) / 8:
        pen.line([arc(0, 0, 0.8, 0.8, turn, turn, 1)[0], arc(0, 0, 1.3, 1.3, turn, turn, 1)[0]])


def _boat(pen: Cartoon) -> None:
    pen.form([(-1.3, 0.5), (1.3, 0.5), (0.8, 1.1), (-0.8, 1.1)])
    pen.line([(0, 0.5), (0, -1.4)])
    pen.form([(0.05, -1.3), (pen.between(0.8, 1.1), 0.3), (0.05, 0.3)])
    if pen.chance(0.6):
        pen.form([(-0.08, -1.0), (-0.8, 0.3), (-0.08, 0.3)])


def _umbrella(pen: Cartoon) -> None:
    pen.form([*arc(0, 0, 1.2, pen.between(0.8, 1.1), 0.5, 1.0, 10), (0.8, -0.15), (0.4, 0), (0, -0.15), (-0.4, 0), (-0.8, -0.15)])
    pen.line([(0, -0.1), (0, 1.1), *arc(-0.2, 1.1, 0.2, 0.2, 0, 0.5, 5)])


def _figure(pen: Cartoon) -> None:
    """A person of sticks."""
    pen.form(ellipse(0, -1.2, 0.4, 0.4, 10))
    pen.line([(0, -0.8), (0, 0.6)])
    pen.line([(-0.75, pen.between(-0.7, 0.2)), (0, -0.4), (0.75, pen.between(-0.7, 0.2))])
    pen.line([(-0.6, 1.7), (0, 0.6), (0.6, 1.7)])


def _letter(pen: Cartoon) -> None:
    """A sign of a few lines: letters, arrows, crosses, zigzags."""
    signs = ("05 00 10 15 05 15", "00 05 55 50 00", "00 55 50 05", "00 50 05 55", "05 20 45", "00 05 25 50 00", "05 00 35 50 55",
             "50 00 02 42 05 55", "20 25 00 20 50", "02 52 30 52 35")
    corners = [(int(pair[0]) / 2.5 - 1, int(pair[1]) / 2.5 - 1) for pair in signs[pen.rng.integers(len(signs))].split()]
    pen.line([(x + pen.between(-0.15, 0.15), y + pen.between(-0.15, 0.15)) for x, y in corners])


def _scribble(pen: Cartoon) -> None:
    """What a hand makes while it waits: to and fro, round and round, or a stone."""
    manner, turns = pen.between(0, 1), int(pen.rng.integers(4, 8))
    if manner < 0.35:
        pen.line([((-1) ** turn * pen.between(0.7, 1.1), 2 * turn / turns - 1) for turn in range(turns + 1)])
    elif manner < 0.7:
        pen.line([arc(0, 0, 0.2 + step / 24, 0.2 + step / 24, step / 9, step / 9, 1)[0] for step in range(5 * turns)])
    else:
        reach = pen.rng.uniform(0.6, 1.0, 8)
        pen.form([arc(0, 0, far, far, turn, turn, 1)[0] for turn, far in zip(np.arange(8) / 8, reach, strict=True)])


def _ball(pen: Cartoon) -> None:
    """A ring or a box, with a line across or empty."""
    pen.form(ellipse(0, 0, pen.between(0.7, 1.0), 1) if pen.chance(0.6) else box(-pen.between(0.6, 1), -1, 1, 1))
    if pen.chance(0.6):
        pen.inner_line(curve((-0.9, pen.between(-0.4, 0.4)), (0, pen.between(-0.2, 0.2)), (0.9, pen.between(-0.4, 0.4))))


THINGS: tuple[Callable[[Cartoon], None], ...] = (
    _house, _fish, _person, _person, _dog, _dog, _rabbit, _rabbit, _bear, _cup, _tree, _car, _flower, _bird, _star, _sun, _boat,
    _umbrella, _figure, _letter, _scribble, _ball,
)
"""What draws each of them; people, dogs and rabbits are twice as likely, since they are the ones to tell a cat from."""
