"""The colours as data: they can be read, told apart, and told apart by eyes that see fewer colours."""

import itertools

import numpy as np
import pytest

from nnsim.picture.palette import CLASS_SHAPES, THEMES, Theme, blend, class_shape, contrast, ink_on, oklab

PHASES = ("forward", "loss", "backward", "update")
GROUNDS = ("window", "panel", "base", "control")
TEXTS = ("ink", "ink2", "ink3", "pos_ink", "neg_ink", "warn", "error", *PHASES)

# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009,
# severity 1, for linear sRGB
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}


def seen_with(deficiency: str, colour: str) -> str:
    code = np.array([int(colour[place:place + 2], 16) for place in (1, 3, 5)]) / 255
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    seen = np.clip(DEFICIENCIES[deficiency] @ light, 0, 1)
    code = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * float(channel)):02x}" for channel in code)


def distance(first: str, second: str) -> float:
    """In OKLab, times 100."""
    return 100 * float(np.linalg.norm(np.subtract(oklab(first), oklab(second))))


@pytest.fixture(params=THEMES.values(), ids=list(THEMES))
def theme(request: pytest.FixtureRequest) -> Theme:
    chosen = request.param
    assert isinstance(chosen, Theme)
    return chosen


def test_contrast_and_oklab_agree_with_published_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert oklab("#ffffff") == pytest.approx((1, 0, 0), abs=1e-6)
    assert oklab("#ff0000") == pytest.approx((0.62796, 0.22486, 0.12585), abs=1e-4)


def test_every_theme_is_found_by_its_own_name() -> None:
    assert {name: theme.name for name, theme in THEMES.items()} == {
        "light": "light", "dark": "dark", "high-contrast": "high-contrast"}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_is_readable_on_every_ground(theme: Theme, text: str, ground: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


def test_the_weakest_text_is_as_strong_as_the_design_says() -> None:
    least = {name: min(contrast(getattr(theme, text), getattr(theme, ground)) for text in TEXTS for ground in GROUNDS)
             for name, theme in THEMES.items()}
    assert {name: round(value, 1) for name, value in least.items()} == {
        "light": 4.7, "dark": 5.6, "high-contrast": 10.3}


def test_outlines_that_carry_meaning_are_seen(theme: Theme) -> None:
    for shown in (theme.line2, theme.pos, theme.neg, theme.focus, theme.selected):
        assert contrast(shown, theme.base) >= 3


@pytest.mark.parametrize("phase", PHASES)
def test_chips_and_plates_are_readable(theme: Theme, phase: str) -> None:
    assert round(contrast(theme.base, theme.phase(phase)), 1) >= 5.7
    tint = theme.column_tint(phase)
    if tint is not None:
        assert contrast(theme.phase(phase), tint) >= 4.5
        assert contrast(theme.ink3, tint) >= 4.5


def test_warnings_and_selected_parts_are_readable(theme: Theme) -> None:
    assert round(contrast(theme.warn, theme.warn_bg), 1) >= 6.2
    assert contrast(theme.on_selected, theme.selected) >= 4.5


def test_high_contrast_outlines_the_column_at_work_instead_of_tinting_it() -> None:
    assert THEMES["high-contrast"].column_tint("forward") is None
    assert THEMES["light"].column_tint("forward") == blend("#ffffff", "#00707c", 0.08) == "#ebf4f5"
    assert THEMES["dark"].column_tint("update") == blend("#12151a", "#a9d650", 0.13)


def test_the_start_has_no_phase_colour_and_no_other_word_has_one(theme: Theme) -> None:
    assert theme.phase("start") == theme.ink2
    with pytest.raises(KeyError):
        theme.phase("training")


def test_the_diverging_map_goes_through_its_five_stops(theme: Theme) -> None:
    assert tuple(theme.tone(value) for value in (-1, -0.5, 0, 0.5, 1)) == theme.diverging


def test_the_diverging_map_changes_lightness_in_one_direction_on_each_side(theme: Theme) -> None:
    lightness = np.array([oklab(theme.tone(value))[0] for value in np.linspace(-1, 1, 513)])
    from_zero = np.sign(lightness[-1] - lightness[256])
    # rounding to bytes may stand still or waver by less than a byte
    assert (from_zero * np.diff(lightness[256:]) > -0.004).all()
    assert (from_zero * np.diff(lightness[256::-1]) > -0.004).all()
    assert abs(lightness[0] - lightness[256]) > 0.4 and abs(lightness[-1] - lightness[256]) > 0.4


def test_tones_keep_the_shape_clip_and_show_what_is_no_number_as_ground(theme: Theme) -> None:
    values = np.array([[-7.0, -1.0, 0.25], [np.nan, np.inf, -np.inf]])
    tones = theme.tones(values)
    assert tones.shape == (2, 3, 3) and tones.dtype == np.uint8
    as_text = [["#" + bytes(tone.tolist()).hex() for tone in row] for row in tones]
    assert as_text == [[theme.diverging[0], theme.diverging[0], theme.tone(0.25)],
                       [theme.base, theme.diverging[4], theme.diverging[0]]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pixels_are_the_tones_as_opaque_words(theme: Theme, dtype: type[np.floating]) -> None:
    values = np.linspace(-1.2, 1.2, 60).reshape(6, 10).astype(dtype)
    red, green, blue = np.moveaxis(theme.tones(values).astype(np.uint32), -1, 0)
    pixels = theme.pixels(values)
    assert pixels.dtype == np.uint32
    assert (pixels == (0xFF << 24 | red << 16 | green << 8 | blue)).all()


def test_tones_do_not_give_away_the_table(theme: Theme) -> None:
    theme.tones([0.5])[:] = 0
    assert theme.tone(0.5) == theme.diverging[3]


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_signs_stay_apart_for_every_eye(theme: Theme, deficiency: str) -> None:
    assert round(distance(seen_with(deficiency, theme.pos), seen_with(deficiency, theme.neg))) >= 25
    assert distance(seen_with(deficiency, theme.diverging[4]), seen_with(deficiency, theme.diverging[0])) >= 19


def test_signed_colours_follow_the_sign_and_zero_is_plain_text(theme: Theme) -> None:
    assert (theme.sign(0.3), theme.sign(-0.3)) == (theme.pos, theme.neg)
    assert [theme.sign_ink(value) for value in (0.3, -0.3, 0, float("nan"))] == [
        theme.pos_ink, theme.neg_ink, theme.ink, theme.ink]


def test_two_classes_are_positive_disc_and_negative_square(theme: Theme) -> None:
    assert (theme.class_colour(1, 2), class_shape(1, 2)) == (theme.pos, "disc")
    assert (theme.class_colour(0, 2), class_shape(0, 2)) == (theme.neg, "square")


def test_many_classes_differ_in_colour_or_shape(theme: Theme) -> None:
    looks = [(theme.class_colour(index, 24), class_shape(index, 24)) for index in range(24)]
    assert len(set(looks)) == 24
    assert [shape for _, shape in looks[:6]] == list(CLASS_SHAPES)
    first = [colour for colour, _ in looks[:8]]
    assert min(distance(*pair) for pair in itertools.combinations(first, 2)) > 8


def test_blending_mixes_channels_and_keeps_the_ends() -> None:
    assert blend("#000000", "#ffffff", 0.5) == "#808080"
    assert blend("#123456", "#abcdef", 0) == "#123456"
    assert blend("#123456", "#abcdef", 1) == "#abcdef"


def test_ink_on_any_tone_is_readable(theme: Theme) -> None:
    for tone in (theme.tone(value) for value in np.linspace(-1, 1, 201)):
        chosen, other = contrast(ink_on(tone, theme), tone), min(contrast(theme.ink, tone), contrast(theme.base, tone))
        assert chosen >= 4 and chosen >= other
