"""Edits of the form: what changes along, what they are called, and which sentences refuse them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.data import load_dataset
from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Experiment, ExperimentError, Layer, Learning
from nnsim.picture.edits import Edit, add_layer, edit, remove_layer, row_of
from nnsim.picture.setting_row import Row, Value


def changed(experiment: Experiment, path: str, value: Value) -> Edit:
    return edit(experiment, path, value, load_dataset(experiment.data))


def test_an_edit_is_named_by_title_and_value() -> None:
    ring = Experiment()
    assert changed(ring, "learning.rate", 0.3).label == "Rate 0.3"
    assert changed(ring, "learning.optimizer", "adam").label == "Optimizer Adam"
    assert changed(ring, "layers.0.width", 1).label == "L1: 1 neuron"
    assert changed(ring, "layers.0.activation", "relu").label == "L1 ReLU"
    assert changed(ring, "shuffle", False).label == "Shuffle off"
    assert changed(ring, "learning.penalty", "l2").label == "Penalty L2"


def test_a_loss_brings_the_outputs_it_needs_and_says_so() -> None:
    result = changed(Experiment(), "learning.loss", "bce-logits")
    assert result.experiment.layers[-1].activation == "identity"
    assert result.label == "Loss binary cross-entropy from logits, with identity outputs"


def test_an_output_activation_replaces_a_loss_that_cannot_take_it() -> None:
    result = changed(Experiment(learning=Learning(loss="bce")), "layers.1.activation", "tanh")
    assert result.experiment.learning.loss == "mse"
    assert result.label == "L2 tanh, with mean squared error"


def test_a_single_step_layer_learns_by_the_perceptron_rule_and_back() -> None:
    line = Experiment(layers=(Layer(width=1, activation="sigmoid"),), learning=Learning(loss="bce", l2=0.1))
    stepped = changed(line, "layers.0.activation", "step")
    assert stepped.experiment.learning.optimizer == "perceptron"
    assert stepped.label == "L1 step, with perceptron rule and mean squared error"
    back = changed(stepped.experiment, "learning.optimizer", "adam")
    assert back.experiment.layers[0].activation == "sigmoid"


def test_a_rule_that_does_not_fit_the_network_is_refused() -> None:
    with pytest.raises(ExperimentError, match="one layer of step neurons"):
        changed(Experiment(), "learning.optimizer", "perceptron")


def test_settings_equal_to_the_default_are_not_kept() -> None:
    momentum = changed(Experiment(), "learning.optimizer", "momentum").experiment
    turned = changed(momentum, "learning.settings.momentum", 0.5).experiment
    assert turned.learning.settings == {"momentum": 0.5}
    assert changed(turned, "learning.settings.momentum", 0.9).experiment == momentum
    assert changed(turned, "learning.optimizer", "nesterov").experiment.learning.settings == {"momentum": 0.5}
    assert changed(turned, "learning.optimizer", "adam").experiment.learning.settings == {}


def test_penalties_change_places_with_their_strength() -> None:
    first = changed(Experiment(), "learning.penalty", "l1").experiment
    assert (first.learning.l1, first.learning.l2) == (0.001, 0)
    strong = changed(first, "learning.l1", 0.02).experiment
    swapped = changed(strong, "learning.penalty", "l2").experiment
    assert (swapped.learning.l1, swapped.learning.l2) == (0, 0.02)
    assert changed(swapped, "learning.penalty", "none").experiment.learning.l2 == 0


def test_a_wrong_number_is_refused_in_a_sentence_that_names_limits_and_what_stays() -> None:
    with pytest.raises(ExperimentError) as refused:
        changed(Experiment(), "learning.rate", -1.0)
    assert str(refused.value) == "Rate η must be above 0 and at most 1,000,000; it stays 0.1."
    with pytest.raises(ExperimentError, match="whole number"):
        changed(Experiment(), "batch_size", 2.5)
    with pytest.raises(ExperimentError, match=r"from 0 to 0\.9"):
        changed(Experiment(), "data.test_share", float("nan"))


def test_a_network_that_is_too_large_is_refused() -> None:
    wide = changed(Experiment(layers=(Layer(width=3), Layer(width=1300), Layer(width=1))), "layers.0.width", 1000).experiment
    with pytest.raises(ExperimentError, match="parameters"):
        changed(wide, "layers.0.width", 2000)


def test_another_width_drops_given_weights() -> None:
    worked = example("textbook-2-2-2").experiment
    assert changed(worked, "layers.0.width", 3).experiment.start is None
    assert changed(worked, "learning.rate", 0.1).experiment.start == worked.start
    dropped = changed(worked, "initializer", "he")
    assert dropped.experiment.start is None
    assert dropped.label == "Initial weights He, with the given weights dropped"


def test_layers_are_added_before_the_outputs_and_taken_out_again() -> None:
    ring = example("ring").experiment
    more = add_layer(ring, load_dataset(ring.data))
    assert [layer.width for layer in more.experiment.layers] == [3, 2, 2, 1]
    assert more.label == "Add L3: 2 neurons"
    assert remove_layer(more.experiment, 2).experiment == ring
    with pytest.raises(ExperimentError, match="output layer"):
        remove_layer(ring, 2)


@pytest.mark.parametrize("name", example_names())
def test_every_offered_choice_leads_somewhere_or_is_refused_in_words(name: str) -> None:
    experiment = example(name).experiment
    for optimizer in OPTIMIZERS:
        for loss in LOSSES:
            for activation in ACTIVATIONS:
                here = experiment
                for path, value in (("learning.optimizer", optimizer), ("learning.loss", loss),
                                    (f"layers.{len(experiment.layers) - 1}.activation", activation)):
                    try:
                        here = changed(here, path, value).experiment
                    except ExperimentError as refused:
                        assert " " in str(refused)
                assert LOSSES[here.learning.loss].accepts(here.layers[-1].activation)


@given(st.floats(1e-12, 1e6), st.booleans())
def test_an_arrow_moves_its_way_and_stays_within_the_limits(value: float, up: bool) -> None:
    row = row_of(Experiment(), "learning.rate")
    moved = row.neighbour(value, up)
    assert row.allows(moved)
    assert moved >= value if up else moved <= value


def test_arrows_go_through_round_numbers() -> None:
    rate: Row = row_of(Experiment(), "learning.rate")
    steps = [0.1]
    for _ in range(6):
        steps.append(rate.neighbour(steps[-1], True))
    assert steps == [0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0]
    assert rate.neighbour(0.1, False) == 0.07
    noise = row_of(Experiment(), "data.noise")
    assert noise.neighbour(0.1, True) == 0.15 and noise.neighbour(0.0, False) == 0.0
