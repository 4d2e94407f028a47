"""What the diagram says beyond plain numbers: silenced neurons, whose badges they are, and marks on biases."""

from typing import Any

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.experiment import Learning
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture.network_picture import network_picture
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import DiagramView, Picture
from nnsim.picture.targets import EdgeTarget, NeuronTarget

SIZE = (824, 384)


def drawn(frame: Frame, **view: Any) -> Picture:
    return network_picture(frame, DiagramView(*SIZE, **view), THEMES["light"])


@pytest.mark.parametrize("passes", [1, 2, 3])
def test_a_neuron_that_dropout_silenced_is_struck_through_and_says_that_nothing_goes_on(passes: int) -> None:
    ring = example("ring").experiment
    sim = Simulation(ring.replace(learning=Learning(dropout=0.5)))
    sim.step("pass", passes)
    frame = sim.look(Wants(maps=8))
    assert frame.trace is not None and frame.trace.masks[0] is not None
    silenced = {NeuronTarget(layer, unit): bool(value == 0) for layer, mask in enumerate(frame.trace.masks) if mask is not None
                for unit, value in enumerate(mask[:, frame.sample])}
    assert any(silenced.values()) and not all(silenced.values())
    picture = drawn(frame)
    cells = {cell.target: cell for cell in picture.cells}
    for target, is_silenced in silenced.items():
        cell = cells[target]
        assert (cell.struck is not None) == is_silenced and (cell.pixels is None) >= is_silenced
    assert sum(plate.text == "silenced" for plate in picture.plates) == sum(silenced.values())
    if frame.phase != "backward":
        assert sum(plate.text.endswith("→ 0") for plate in picture.plates) == sum(silenced.values())


def test_an_update_silences_nobody() -> None:
    sim = Simulation(example("ring").experiment.replace(learning=Learning(dropout=0.5)))
    sim.step("batch")
    assert not any("silenced" in plate.text for plate in drawn(sim.look(Wants(maps=8))).plates)


def test_only_the_terms_of_the_neuron_at_work_have_badges() -> None:
    sim = Simulation(example("ring").experiment)
    sim.step("neuron")
    alone = [plate.badge for plate in drawn(sim.look(Wants())).plates if plate.badge]
    assert "1" in alone
    other = drawn(sim.look(Wants()), selected=EdgeTarget(1, 0, 0))
    assert sorted(plate.badge for plate in other.plates if plate.badge) == sorted(alone)
    assert len([plate for plate in other.plates if plate.text]) > len(alone)


def test_the_mark_of_a_checked_bias_stands_clear_of_its_disc() -> None:
    sim = Simulation(example("xor").experiment)
    sim.step("batch")
    frame = sim.look(Wants())
    verdicts = tuple(np.full((inputs + 1, width), "kink") for inputs, width in
                     zip(frame.network.sizes, frame.network.widths, strict=False))
    picture = drawn(frame, verdicts=verdicts)
    keys = picture.edges.keys.tolist()
    discs = [picture.edges.ends[at] for at, (layer, row, _) in enumerate(keys) if row == frame.network.sizes[layer]]
    marks = [sign for sign in picture.signs if sign.kind == "kink"]
    assert len(marks) == len(keys) and discs
    for x, bottom, *_ in discs:
        # a disc has a radius of 7, a mark one of 5
        assert all((mark.x - x) ** 2 + (mark.y - (bottom - 7)) ** 2 >= (7 + 5) ** 2 for mark in marks)
