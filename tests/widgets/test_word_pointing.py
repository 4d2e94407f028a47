"""Pointing at one input of a block of words."""

from nnsim.engine.examples import example
from nnsim.engine.frame import Wants
from nnsim.engine.probe import Probe
from nnsim.engine.simulation import Simulation
from nnsim.picture.context_words import typed_inputs
from nnsim.picture.network_picture import network_picture
from nnsim.picture.palette import THEMES
from nnsim.picture.picture import DiagramView
from nnsim.picture.targets import INPUTS, NeuronTarget
from nnsim.widgets.network_pointing import target_at, target_facts


def test_an_input_of_the_second_word_tells_its_own_name_and_number() -> None:
    words = example("next-word").experiment
    frame = Simulation(words).look(Wants(probe=Probe(inputs=typed_inputs(words.data, "the cat")))).probed
    assert frame is not None
    picture = network_picture(frame, DiagramView(800, 400), THEMES["light"])
    place = frame.dataset.input_names.index("cat (word −1)")
    assert target_facts(picture, NeuronTarget(INPUTS, place)) == ("cat (word −1)", (("value", 1.0),))
    block = picture.cell_of[NeuronTarget(INPUTS, 199)]
    found = target_at(picture, block.x, block.y)
    assert isinstance(found, NeuronTarget) and found.layer == INPUTS and 199 <= found.neuron < 398
