"""Strokes and pictures on the paper of a data set: place, size, thickness, units, and that everything in between is covered."""

import numpy as np
import pytest

from nnsim.core.drawing import LARGEST, PAPERS, Paper, area_resize, fit_picture, inside, line_coverage, paper_of, rasterise

SHEET = Paper((20, 20), (16, 16), (2, 2), 0, 0, 255)


def reach(picture: np.ndarray[tuple[int, ...], np.dtype[np.float64]], low: float = 127) -> tuple[int, int, int, int]:
    """Top, bottom, left, right of what is brighter, the ends excluded."""
    rows, columns = np.flatnonzero((picture > low).any(axis=1)), np.flatnonzero((picture > low).any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def test_nothing_drawn_is_an_empty_paper() -> None:
    assert np.array_equal(rasterise([], SHEET), np.zeros((20, 20)))
    assert np.array_equal(rasterise([[]], Paper((4, 5), (4, 4), (1, 1), 0, 255, 0)), np.full((4, 5), 255))


def test_a_drawing_fills_the_box_and_lies_in_the_middle_wherever_it_was_drawn() -> None:
    for left, top, side in ((0.1, 0.1, 0.8), (0.6, 0.05, 0.3), (0.0, 0.7, 0.26)):
        square = [(left, top), (left + side, top), (left + side, top + side), (left, top + side), (left, top)]
        assert reach(rasterise([square], SHEET)) == (2, 18, 2, 18)


def test_proportions_are_kept() -> None:
    top, bottom, left, right = reach(rasterise([[(0.2, 0.4), (0.8, 0.4), (0.8, 0.6), (0.2, 0.6), (0.2, 0.4)]], SHEET))
    assert (left, right) == (2, 18)
    assert bottom - top == pytest.approx(2 + 14 / 3, abs=1)


def test_a_first_dot_does_not_fill_the_paper() -> None:
    assert (rasterise([[(0.3, 0.3)]], SHEET) > 0).sum() <= 16
    short = rasterise([[(0.3, 0.3), (0.33, 0.3)]], SHEET)
    left, right = reach(short)[2:]
    assert right - left == pytest.approx(2 + 0.03 * LARGEST * 20, abs=1)


def test_a_line_is_as_thick_as_the_paper_says_and_smooth_at_its_edges() -> None:
    line = rasterise([[(0.1, 0.5), (0.9, 0.5)]], SHEET)
    assert line[:, 10].sum() / 255 == pytest.approx(2, abs=0.01)
    odd = Paper((20, 20), (16, 16), (2.5, 2.5), 0, 0, 255)
    assert 0 < rasterise([[(0.1, 0.5), (0.9, 0.5)]], odd)[8, 10] < 255


def test_more_points_on_the_way_change_nothing() -> None:
    ends = rasterise([[(0.1, 0.2), (0.9, 0.7)]], SHEET)
    dense = rasterise([[(0.1 + 0.8 * share, 0.2 + 0.5 * share) for share in np.linspace(0, 1, 200)]], SHEET)
    assert np.abs(ends - dense).max() <= 1


def test_digits_have_the_datas_units_and_its_amount_of_ink_whether_of_a_long_line_or_a_short_one() -> None:
    paper = PAPERS["digits"]
    turns = np.linspace(0, 2 * np.pi, 40)
    nought = rasterise([[(0.5 + 0.2 * float(np.cos(turn)), 0.5 + 0.3 * float(np.sin(turn))) for turn in turns]], paper)
    one = rasterise([[(0.5, 0.2), (0.5, 0.8)]], paper)
    for picture in (nought, one):
        assert picture.shape == (8, 8)
        assert picture.max() <= 16 and np.array_equal(picture, picture.round())
        assert 17 < picture.sum() / 16 < 22
        assert picture[0].max() > 8 and picture[-1].max() > 8
        assert picture[:, 0].max() <= 4 and picture[:, -1].max() <= 4


def test_ink_and_ground_are_the_papers() -> None:
    dark = rasterise([[(0.1, 0.5), (0.9, 0.5)]], Paper((20, 20), (16, 16), (2, 2), 0, 255, 0))
    assert np.array_equal(dark, 255 - rasterise([[(0.1, 0.5), (0.9, 0.5)]], SHEET))


def test_the_paper_of_ones_own_pictures_has_their_size_and_their_ground() -> None:
    photographs = np.full((5, 32, 24), 240.0)
    photographs[:, 10:20, 8:16] = 10
    bright, dark = paper_of("pictures", photographs), paper_of("pictures", 255 - photographs)
    assert (bright.size, bright.ground, bright.ink) == ((32, 24), 255, 0)
    assert (dark.ground, dark.ink) == (0, 255)
    assert bright.box[0] < 32 and bright.box[1] < 24
    assert paper_of("pictures", np.zeros((2, 16, 16, 3))).size == (16, 16)
    assert paper_of("digits", np.zeros((2, 8, 8))) is PAPERS["digits"]


def test_coverage_of_a_line_adds_up_to_its_area() -> None:
    coverage = line_coverage(np.array([[5.0, 5.0]]), np.array([[25.0, 12.0]]), 3, (20, 30))
    assert coverage.sum() == pytest.approx(np.hypot(20, 7) * 3 + np.pi * 1.5**2, rel=0.02)


def test_inside_is_true_in_a_polygon_with_a_bay_and_false_in_the_bay() -> None:
    horseshoe = np.array([[2.0, 2], [4, 2], [4, 8], [8, 8], [8, 2], [10, 2], [10, 10], [2, 10]])
    found = inside(horseshoe, (12, 12))
    assert found[5, 3] and found[5, 9] and found[9, 6]
    assert not found[5, 6] and not found[1, 3] and not found[5, 11]
    assert found.sum() == 64 - 24


def test_resizing_keeps_the_mean_and_splits_pixels_fairly() -> None:
    picture = np.random.default_rng(1).random((17, 30))
    for size in ((8, 8), (17, 30), (40, 7)):
        assert area_resize(picture, size).shape == size
        assert area_resize(picture, size).mean() == pytest.approx(picture.mean())
    assert np.allclose(area_resize(np.array([[0.0, 1, 0]]), (1, 2)), [[1 / 3, 1 / 3]])


def paper_with_a_cross(side: int, pen: int, ground: float, ink: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    picture = np.full((side, side), ground)
    middle, quarter = side // 2, side // 4
    picture[quarter:3 * quarter, middle - pen // 2:middle - pen // 2 + pen] = ink
    picture[middle - pen // 2:middle - pen // 2 + pen, quarter:3 * quarter] = ink
    return picture


@pytest.mark.parametrize(("ground", "ink"), [(255, 0), (0, 255), (230, 90), (40, 120)])
@pytest.mark.parametrize(("side", "pen"), [(40, 2), (120, 3), (300, 14)])
def test_a_picture_is_cut_out_centred_and_given_the_papers_pen(side: int, pen: int, ground: float, ink: float) -> None:
    fitted = fit_picture(paper_with_a_cross(side, pen, ground, ink), SHEET)
    top, bottom, left, right = reach(fitted)
    assert all(abs(found - wanted) <= 1 for found, wanted in zip((top, bottom, left, right), (2, 18, 2, 18), strict=True))
    assert fitted[4, :].sum() / 255 == pytest.approx(2, abs=0.7)
    assert fitted[3, 3] == 0


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_a_picture_of_one_tone_is_an_empty_paper(tone: float) -> None:
    assert fit_picture(np.full((30, 20), tone, np.float64), SHEET).max() == 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (200, 1), (2, 3), (9, 400)])
def test_pictures_of_any_shape_are_fitted(shape: tuple[int, int]) -> None:
    picture = np.zeros(shape)
    picture[shape[0] // 2, shape[1] // 2:] = 255
    for paper in (*PAPERS.values(), SHEET):
        fitted = fit_picture(picture, paper)
        assert fitted.shape == paper.size
        assert paper.ground <= fitted.min() <= fitted.max() <= paper.ink
