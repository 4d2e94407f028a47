"""Near a divergence: what is finite keeps its tone, however large it is, and what is not is striped and said."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture.network_picture import network_picture
from nnsim.picture.output_picture import ToneScale, striped
from nnsim.picture.palette import THEMES, Theme
from nnsim.picture.picture import Cell, DiagramView, Picture
from nnsim.picture.reading import stable_scale
from nnsim.picture.targets import NeuronTarget

VIEW = DiagramView(width=800, height=400)


def frame_with(top: float) -> Frame:
    """The plane's one neuron, with a map that is ``top`` in its upper right quarter and 1 elsewhere."""
    sim = Simulation(example("plane").experiment)
    sim.step("neuron")
    frame = sim.look(Wants(maps=12))
    assert frame.maps is not None
    values = np.ones((1, 12, 12))
    values[:, 6:, 6:] = top
    return replace(frame, maps=replace(frame.maps, maps=(values,)))


def neuron(picture: Picture) -> Cell:
    return next(cell for cell in picture.cells if cell.target == NeuronTarget(0, 0))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("top", [np.nan, np.inf, -np.inf])
def test_a_map_that_is_not_finite_everywhere_is_striped_there_and_says_so(theme: Theme, top: float) -> None:
    picture = network_picture(frame_with(top), VIEW, theme)
    pixels = neuron(picture).pixels
    assert pixels is not None
    error, base = (0xFF000000 | int(colour[1:], 16) for colour in (theme.error, theme.base))
    # the first row of a picture is its top
    assert set(np.unique(pixels[:6, 6:]).tolist()) == {error, base}
    assert not set(np.unique(pixels[6:]).tolist()) & {error, base}
    assert "not finite here" in [plate.text for plate in picture.plates]


def test_a_map_of_large_finite_numbers_has_tones_and_no_stripes() -> None:
    picture = network_picture(frame_with(1.6e308), VIEW, THEMES["light"])
    pixels = neuron(picture).pixels
    assert pixels is not None
    assert set(np.unique(pixels[:6, 6:]).tolist()) == set(np.unique(THEMES["light"].pixels(np.array([0.89]))).tolist())
    assert "not finite here" not in [plate.text for plate in picture.plates]


def test_a_scale_for_the_largest_numbers_is_finite() -> None:
    assert stable_scale(1.7e308) >= 1.7e308 and np.isfinite(stable_scale(1.7e308))


def test_an_output_past_its_scale_has_the_scales_end() -> None:
    theme, scale = THEMES["light"], ToneScale(0.0, 1.0, 0.5)
    values = np.array([[-1.7e308, 0.0, 1.0, 1.7e308]])
    pixels = striped(theme.pixels(scale.tones(values)), values, theme)
    assert pixels[0, 0] == pixels[0, 1] != pixels[0, 2] == pixels[0, 3]
