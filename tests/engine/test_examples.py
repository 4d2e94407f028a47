"""The examples: that each is sound, and that each learns what its summary says."""

import json

import numpy as np
import pytest

from nnsim.core.datasets import SOURCES
from nnsim.engine.data import load_dataset
from nnsim.engine.examples import Example, example, example_names
from nnsim.engine.experiment import ExperimentError, changed, experiment_from
from nnsim.engine.frame import Frame, Wants
from nnsim.engine.resources import resource
from nnsim.engine.simulation import Simulation


def after(name: str, epochs: int, seed: int | None = None) -> Frame:
    experiment = example(name).experiment
    simulation = Simulation(experiment if seed is None else changed(experiment, "seed", seed))
    simulation.run(epochs=epochs)
    return simulation.look(Wants(predictions=True))


def test_the_gallery_holds_every_promised_example_and_every_file() -> None:
    promised = {"one-neuron", "xor", "and", "or", "ring", "xor-blobs", "blobs", "spiral", "moons", "plane", "bump", "iris",
                "wine", "breast-cancer", "digits", "cats", "textbook-2-2-2", "perceptron", "next-word"}
    assert set(example_names()) == {path.stem for path in resource("examples").iterdir()} == promised
    assert len(example_names()) == len(promised)


@pytest.mark.parametrize("name", example_names())
def test_every_example_is_sound_and_fits_its_data(name: str) -> None:
    shown = example(name)
    data = load_dataset(shown.experiment.data)
    assert shown.name == name
    assert shown.title and shown.experiment.title == shown.title
    assert shown.summary.endswith(".")
    assert shown.sizes[0] == data.inputs.shape[1]
    assert shown.sizes[-1] == data.targets.shape[1]


@pytest.mark.parametrize("name", example_names())
def test_every_example_survives_json(name: str) -> None:
    experiment = example(name).experiment
    assert experiment_from(json.loads(experiment.model_dump_json())) == experiment


def test_titles_differ() -> None:
    assert len({example(name).title for name in example_names()}) == len(example_names())


def test_every_source_is_shown_by_an_example() -> None:
    assert {example(name).experiment.data.source for name in example_names()} == {*SOURCES, "text"}


def test_sizes_are_computed_from_the_experiment() -> None:
    wider = changed(example("ring").experiment, "layers.0.width", 5)
    assert Example("ring", "Ring", "", wider).sizes == (2, 5, 2, 1)


def test_an_unknown_example_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ExperimentError, match=r"'xorr'.*one-neuron, perceptron"):
        example("xorr")


@pytest.mark.parametrize(("name", "sizes"), [("ring", (2, 3, 2, 1)), ("xor", (2, 4, 1)), ("digits", (64, 32, 16, 10)),
                                             ("spiral", (2, 8, 8, 1)), ("textbook-2-2-2", (2, 2, 2))])
def test_networks_have_the_shapes_that_people_know_them_by(name: str, sizes: tuple[int, ...]) -> None:
    assert example(name).sizes == sizes


def test_the_ring_begins_as_the_guide_describes_it() -> None:
    ring = example("ring").experiment
    assert [layer.activation for layer in ring.layers] == ["tanh", "tanh", "sigmoid"]
    assert (ring.learning.loss, ring.learning.optimizer, ring.learning.rate) == ("mse", "gradient-descent", 1.0)
    assert (ring.batch_size, ring.seed) == (10, 10)
    data = load_dataset(ring.data)
    assert (len(data.train), len(data.test)) == (250, 100)


# what they learn

@pytest.mark.parametrize("seed", [1, *range(100, 112)])
def test_xor_is_solved_after_2000_epochs(seed: int) -> None:
    frame = after("xor", 2000, seed)
    assert frame.train_outputs is not None
    assert (frame.train_outputs[:, 0] > 0.5).tolist() == [False, True, True, False]
    assert frame.loss < 0.01


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_digits_reach_95_percent_on_their_test_rows_in_30_epochs(seed: int) -> None:
    frame = after("digits", 30, seed)
    assert len(frame.dataset.test) == 359
    assert frame.test is not None
    assert frame.test.metric >= 0.95


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cats_are_told_from_other_things_on_95_percent_of_pictures_never_seen(seed: int) -> None:
    frame = after("cats", 50, seed)
    assert len(frame.dataset.test) == 480
    assert frame.test is not None
    assert frame.test.metric >= 0.95


@pytest.mark.parametrize(("name", "epochs", "least"), [
    ("one-neuron", 50, 0.99), ("xor-blobs", 100, 0.97), ("ring", 100, 0.97), ("moons", 50, 0.98), ("spiral", 200, 0.97),
    ("blobs", 50, 0.90), ("plane", 20, 0.95), ("bump", 100, 0.95), ("iris", 100, 0.95), ("wine", 50, 0.95),
    ("breast-cancer", 50, 0.95),
])
def test_examples_learn_what_holds_for_rows_they_were_not_shown(name: str, epochs: int, least: float) -> None:
    frame = after(name, epochs)
    assert frame.test is not None
    assert frame.test.metric >= least
    assert frame.loss < Simulation(example(name).experiment).frame.loss / 2


@pytest.mark.parametrize("name", ["and", "or"])
def test_one_neuron_learns_the_truth_table(name: str) -> None:
    frame = after(name, 400)
    assert frame.train_outputs is not None
    assert np.array_equal(frame.train_outputs > 0.5, frame.dataset.targets > 0.5)
    assert frame.loss < 0.01


def test_the_perceptron_makes_mistakes_at_first_and_then_stops_for_good() -> None:
    simulation = Simulation(example("perceptron").experiment)
    simulation.run(epochs=1)
    assert simulation.frame.loss > 0
    simulation.run(epochs=20)
    done = simulation.frame
    assert done.loss == 0
    simulation.run(epochs=5)
    assert np.array_equal(simulation.frame.theta, done.theta)


def test_overlapping_clouds_keep_a_loss_above_zero() -> None:
    frame = after("blobs", 300)
    assert frame.loss > 0.1
    assert frame.train.metric < 1


def test_ring_spiral_and_xor_are_beyond_a_network_without_a_hidden_layer() -> None:
    for name in ("ring", "spiral", "xor"):
        experiment = example(name).experiment
        flat = Simulation(changed(experiment, "layers", [{"width": 1, "activation": "sigmoid"}]))
        flat.run(epochs=100)
        assert flat.frame.train.metric < 0.8


def test_one_step_of_the_textbook_example_gives_the_printed_loss_and_weights() -> None:
    simulation = Simulation(example("textbook-2-2-2").experiment)
    assert simulation.frame.loss == pytest.approx(0.298371109, abs=5e-10)
    simulation.step("epoch")
    first, second = simulation.frame.weights
    # rounded as Mazur 2015, "A Step by Step Backpropagation Example", prints them: w1 w3 / w2 w4, then w5 w7 / w6 w8
    assert np.allclose(first, [[0.149780716, 0.24975114], [0.19956143, 0.29950229]], atol=5e-9, rtol=0)
    assert np.allclose(second, [[0.35891648, 0.511301270], [0.408666186, 0.561370121]], atol=5e-9, rtol=0)
