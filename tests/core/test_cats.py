"""The cartoons: that they are pictures, that noise is what it says, and that nothing about the paper gives the class away."""

import time
from collections.abc import Callable

import numpy as np
import pytest

from nnsim.core.activations import Array
from nnsim.core.cartoons import Cartoon, box, drawn, ellipse
from nnsim.core.cats import BRIGHTEST, SIDE, cat_pictures, draw_cat
from nnsim.core.drawing import PAPERS
from nnsim.core.initializers import generator
from nnsim.core.other_things import THINGS


def pictures(samples: int = 400, noise: float = 0.0, seed: int = 1) -> tuple[Array, Array]:
    inputs, targets = cat_pictures(samples, noise, generator(seed, "data"))
    return inputs.reshape(-1, SIDE, SIDE), targets[:, 0] == 1


def test_pixels_are_whole_numbers_from_black_to_white() -> None:
    inputs, _ = pictures(noise=0.3)
    assert (inputs.min(), inputs.max()) == (0, BRIGHTEST)
    assert np.array_equal(inputs, inputs.round())


def test_every_picture_shows_something_and_leaves_paper_around_it() -> None:
    inputs, _ = pictures()
    covered = (inputs > BRIGHTEST / 2).mean(axis=(1, 2))
    assert covered.min() > 0.02
    assert covered.max() < 0.75
    assert np.median(inputs) == 0


def test_drawings_are_as_large_and_as_central_as_the_pad_makes_them() -> None:
    inputs, _ = pictures()
    ink = inputs > BRIGHTEST / 3
    rows = [np.flatnonzero(picture.any(axis=1)) for picture in ink]
    columns = [np.flatnonzero(picture.any(axis=0)) for picture in ink]
    longest = np.array([max(high[-1] - high[0], wide[-1] - wide[0]) + 1 for high, wide in zip(rows, columns, strict=True)])
    middles = np.array([[high[-1] + high[0] + 1, wide[-1] + wide[0] + 1] for high, wide in zip(rows, columns, strict=True)]) / 2
    assert abs(longest.mean() - PAPERS["cats"].box[0]) < 1.5
    assert np.abs(middles.mean(axis=0) - SIDE / 2).max() < 0.3


def test_noise_leaves_the_same_drawings_with_specks_and_a_more_unsteady_hand() -> None:
    still, noisy = pictures(1000, noise=0.0)[0], pictures(1000, noise=0.1)[0]
    # a hundredth of all pixels are specks, which are alone in the corners of the paper
    corners = noisy[:, [0, 1, -2, -1]][:, :, [0, 1, -2, -1]]
    assert 0.007 < (corners > 0).mean() < 0.014
    likeness = [float(np.corrcoef(one.ravel(), other.ravel())[0, 1]) for one, other in zip(still, noisy, strict=True)]
    assert 0.5 < np.median(likeness) < 0.97


def test_neither_brightness_nor_the_mean_picture_gives_the_cat_away() -> None:
    inputs, cats = pictures(1000)
    amount = inputs.mean(axis=(1, 2))
    by_amount = max(np.mean((amount > limit) == cats) for limit in np.linspace(amount.min(), amount.max(), 50))
    assert by_amount < 0.75
    likeness = ((inputs - inputs.mean(axis=0)) * (inputs[cats].mean(axis=0) - inputs[~cats].mean(axis=0))).sum(axis=(1, 2))
    assert np.mean((likeness > np.median(likeness)) == cats) < 0.9


def test_cats_have_two_ears_with_a_gap_between_them() -> None:
    # the head alone, large: on some row near its top there are two separate pieces, right and left of the middle
    eared = 0
    for seed in range(60):
        cartoon = Cartoon(np.random.default_rng(seed), filled=True)
        draw_cat(cartoon)
        picture = drawn(cartoon, 48, 0.0) > 0.4
        top = int(np.flatnonzero(picture.any(axis=1))[0])
        eared += any(np.count_nonzero(np.diff(np.pad(picture[row], 1).astype(int)) == 1) >= 2 for row in range(top, top + 12))
    assert eared >= 54


@pytest.mark.parametrize("thing", list(dict.fromkeys(THINGS)))
@pytest.mark.parametrize("filled", [False, True])
def test_every_thing_can_be_drawn_both_ways_and_never_twice_alike(thing: Callable[[Cartoon], None], filled: bool) -> None:
    seen = []
    for seed in (1, 2):
        cartoon = Cartoon(np.random.default_rng(seed), filled)
        thing(cartoon)
        seen.append(drawn(cartoon, SIDE, 0.1))
    assert all(picture.max() > 0.5 and np.isfinite(picture).all() for picture in seen)
    assert not np.array_equal(seen[0], seen[1])


def test_a_form_hides_what_is_behind_it_and_a_mark_is_seen_on_it() -> None:
    for filled, inside, eye in ((False, 0.0, 1.0), (True, 1.0, 0.0)):
        cartoon = Cartoon(np.random.default_rng(3), filled)
        cartoon.line([(-1.5, 0), (1.5, 0)])
        cartoon.form(box(-1, -1, 1, 1))
        cartoon.mark(ellipse(0, 0.5, 0.3, 0.3))
        picture = drawn(cartoon, 48, 0.0)
        ink = picture.max()
        assert abs(picture[20, 24] - inside * ink) < 0.1
        assert abs(picture[30, 24] - eye * ink) < 0.1


def test_a_thousand_pictures_take_about_a_second() -> None:
    began = time.process_time()
    pictures(1000, 0.1)
    assert time.process_time() - began < 3  # a busy machine is given three times as long
