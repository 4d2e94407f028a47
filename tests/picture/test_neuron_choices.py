"""What neurons show by choice: sums, deltas, outputs or maps at any moment, and only as far as it is known."""

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.experiment import changed
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.network_picture import network_picture
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import Cell, DiagramView, Picture
from nnsim.picture.targets import NeuronTarget

LIGHT = THEMES["light"]


def picture(frame: Frame, neurons: str) -> Picture:
    return network_picture(frame, DiagramView(width=760, height=420, neurons=neurons), LIGHT)


def cell(shown: Picture, layer: int, neuron: int) -> Cell:
    return next(each for each in shown.cells if each.target == NeuronTarget(layer, neuron))


def at(grain: str, count: int) -> Frame:
    simulation = Simulation(example("ring").experiment)
    simulation.run(epochs=1)
    simulation.step(grain, count)
    return simulation.look(Wants(maps=8))


def plates(shown: Picture) -> set[str]:
    return {plate.text for plate in shown.plates}


def test_sums_are_shown_with_their_scale_as_far_as_they_are_known() -> None:
    frame = at("layer", 1)
    assert frame.trace is not None and frame.sample is not None
    shown = picture(frame, "sums")
    sums = frame.trace.sums[0][:, frame.sample]
    assert {f"z {numbers.fixed(float(z))}" for z in sums} <= plates(shown)
    scale = max(float(np.abs(z).max()) for z in frame.trace.sums)
    legend = shown.legend
    assert legend is not None and "neuron = sum z, full tone at ±" in legend.title and scale <= float(legend.title.rsplit("±")[1])
    assert cell(shown, 0, 0).ground == LIGHT.tone(float(sums[0]) / float(legend.title.rsplit("±")[1]))
    assert cell(shown, 0, 0).pixels is None and cell(shown, 1, 0).dotted


@pytest.mark.parametrize("neurons", ["sums", "outputs", "deltas", "maps"])
def test_no_choice_shows_what_is_not_known_yet(neurons: str) -> None:
    shown = picture(at("neuron", 2), neurons)
    for neuron in range(2, 3):
        assert cell(shown, 0, neuron).dotted
    assert cell(shown, 2, 0).dotted


def test_deltas_stay_on_show_in_the_update() -> None:
    frame = at("pass", 31)
    assert frame.phase == "update" and frame.trace is not None
    delta = float(frame.trace.deltas[2][0, -1])
    assert numbers.significant(delta) in plates(picture(frame, "deltas"))
    assert numbers.significant(delta) not in plates(picture(frame, "auto"))


def test_outputs_can_be_read_in_the_backward_pass_and_without_maps() -> None:
    frame = at("pass", 3)
    assert frame.phase == "backward" and frame.trace is not None and frame.sample is not None
    output = numbers.fixed(float(frame.trace.outputs[1][0, frame.sample]))
    shown = picture(frame, "outputs")
    assert output in plates(shown) and cell(shown, 1, 0).pixels is None
    assert cell(picture(frame, "maps"), 1, 0).pixels is not None
    assert output not in plates(picture(frame, "auto"))


def test_frozen_neurons_say_so_and_cut_edges_are_crossed() -> None:
    experiment = changed(changed(example("ring").experiment, "learning.frozen", [[1]]), "learning.cut", [[0, 1, 2]])
    simulation = Simulation(experiment)
    simulation.run(epochs=1)
    simulation.step("pass", 2)
    shown = picture(simulation.frame, "auto")
    assert sum(plate.text == "frozen" for plate in shown.plates) == simulation.network.widths[1]
    assert [sign.kind for sign in shown.signs] == ["cut"]
    assert simulation.frame.weights[0][1, 2] == 0
