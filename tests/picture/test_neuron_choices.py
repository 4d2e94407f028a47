"""What neurons show by choice: sums, deltas, outputs or maps at any moment, and only as far as it is known."""

import numpy as np
import pytest

from nnsim.engine.examples import example
from nnsim.engine.experiment import Experiment, Layer, Learning, changed
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.simulation import Simulation
from nnsim.picture import numbers
from nnsim.picture.network_picture import network_picture
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import Cell, DiagramView, Picture
from nnsim.picture.reading import Reading
from nnsim.picture.targets import EdgeTarget, NeuronTarget

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
    assert shown.edges.cut == {(0, 1, 2)}
    assert simulation.frame.weights[0][1, 2] == 0


@pytest.mark.parametrize(("grain", "count", "words"), [
    ("neuron", 1, "neuron = output over two inputs"), ("pass", 3, "neuron = δ, full tone at ±"),
    ("batch", 1, "neuron = output over two inputs")])
def test_the_legend_says_what_neurons_show_where_nobody_chose(grain: str, count: int, words: str) -> None:
    legend = picture(at(grain, count), "auto").legend
    assert legend is not None and words in legend.title


def test_in_the_update_the_legend_says_of_which_sample_and_weights_the_numbers_are() -> None:
    frame = at("batch", 1)
    assert frame.trace is not None
    legend = picture(frame, "outputs").legend
    assert legend is not None and f"neuron = output a of sample {frame.trace.samples}, before the update" in legend.title


@pytest.mark.parametrize("name", ["wine", "xor"])
def test_without_maps_neurons_tell_their_sign_in_other_ways_than_by_colour(name: str) -> None:
    simulation = Simulation(example(name).experiment)
    simulation.run(batches=1)
    frame = simulation.frame
    assert frame.phase == "update" and frame.trace is not None and frame.maps is None
    shown, last = picture(frame, "auto"), frame.trace.outputs[0][:, -1].tolist()
    signs = [words.text for words in shown.words if words.text in ("+", numbers.MINUS)]
    expected = ["+" if a > 0 else numbers.MINUS for a in last]
    assert {numbers.fixed(a) for a in last} <= plates(shown) or signs[: len(expected)] == expected


def test_a_neuron_that_this_update_kills_is_not_called_dead_beside_its_output_from_before() -> None:
    layers = (Layer(width=4, activation="relu"), Layer(width=1, activation="sigmoid"))
    experiment = Experiment(data=example("xor").experiment.data, layers=layers, batch_size=4, seed=3, learning=Learning(rate=30.0))
    simulation = Simulation(experiment)
    for _ in range(20):
        simulation.step("batch")
        frame = simulation.look(Wants(maps=8))
        now = Reading(frame, DiagramView(760, 420)).dead[0]
        shown = Reading(frame, DiagramView(760, 420, neurons="outputs")).dead[0]
        if now != shown:
            break
    assert frame.trace is not None and now != shown
    for neuron in now - shown:
        assert frame.trace.outputs[0][neuron].any()
    flags = [plate.text for plate in picture(frame, "outputs").plates]
    assert flags.count("dead") == len(shown) < [plate.text for plate in picture(frame, "maps").plates].count("dead") == len(now)


def test_pointing_at_one_of_many_bold_edges_lights_it_and_its_source() -> None:
    simulation = Simulation(example("ring").experiment)
    simulation.run(epochs=1)
    simulation.step("layer")
    simulation.step("neuron")
    frame = simulation.look(Wants(maps=8))
    plain, pointed = (network_picture(frame, DiagramView(width=760, height=420, hovered=target), LIGHT)
                      for target in (None, EdgeTarget(1, 2, 0)))
    own = [strand for strand in pointed.strands if strand.casings and strand.casings[0][0] == LIGHT.ink]
    assert len(own) == 1 and len(own[0].ends) == 1
    bold = [strand for strand in plain.strands if strand.casings]
    assert sum(len(strand.ends) for strand in bold) > 2
    # what was at full tone beside it steps back
    colours = {LIGHT.pos, LIGHT.neg}
    assert sum(len(strand.ends) for strand in plain.strands if strand.colour in colours) > 2
    assert sum(len(strand.ends) for strand in pointed.strands if strand.colour in colours) == 1
    assert cell(pointed, 0, 2).outline == LIGHT.ink != cell(plain, 0, 2).outline
