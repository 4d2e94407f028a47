"""Experiments: what is refused and in which words, changing a field by its path, and the way through JSON and back."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from straight_run import experiments

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.schedules import SCHEDULES
from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import (
    DEEPEST,
    MOST_PARAMETERS,
    WIDEST,
    Data,
    Experiment,
    ExperimentError,
    Layer,
    Learning,
    Start,
    changed,
    experiment_from,
)
from nnsim.engine.simulation import Simulation

SETTINGS = [(name, key) for name, optimizer in OPTIMIZERS.items() for key in optimizer.settings]


def layers(*activations: str, width: int = 2) -> list[dict[str, Any]]:
    return [{"width": width, "activation": activation} for activation in activations]


# what is refused

@pytest.mark.parametrize(("values", "sentence"), [
    ({"sed": 1}, "sed: extra inputs are not permitted"),
    ({"seed": -1}, "seed: input should be greater than or equal to 0"),
    ({"seed": 2**31}, "seed: input should be less than or equal to 2147483647"),
    ({"seed": "one"}, "seed: input should be a valid integer"),
    ({"batch_size": 0}, "batch_size: input should be greater than or equal to 1"),
    ({"precision": "float16"}, "precision: input should be 'float64' or 'float32'"),
    ({"title": "x" * 201}, "title: "),
    ({"initializer": "zeroes"}, "initializer: 'zeroes' is not one of xavier, he,"),
    ({"initial_scale": math.inf}, "initial_scale: input should be a finite number"),
    ({"layers": []}, "layers: "),
    ({"layers": layers(*["tanh"] * (DEEPEST + 1))}, "layers: "),
    ({"layers": [{"width": 0}]}, "layers.0.width: input should be greater than or equal to 1"),
    ({"layers": [{"width": 2}, {"width": WIDEST + 1}]}, "layers.1.width: input should be less than or equal to 4096"),
    ({"layers": layers("tanh", "sigmoyd")}, "layers.1.activation: 'sigmoyd' is not one of identity, step,"),
    ({"data": {"samples": 3}}, "data.samples: input should be greater than or equal to 4"),
    ({"data": {"noise": 1.5}}, "data.noise: input should be less than or equal to 1"),
    ({"data": {"test_share": 0.95}}, "data.test_share: input should be less than or equal to 0.9"),
    ({"data": {"scaling": "some"}}, "data.scaling: input should be 'none', 'standardize' or 'min-max'"),
    ({"learning": {"rate": 0}}, "learning.rate: input should be greater than 0"),
    ({"learning": {"rate": math.nan}}, "learning.rate: input should be a finite number"),
    ({"learning": {"loss": "rmse"}}, "learning.loss: 'rmse' is not one of mse, mae,"),
    ({"learning": {"optimizer": "sgd"}}, "learning.optimizer: 'sgd' is not one of gradient-descent, momentum,"),
    ({"learning": {"schedule": "warm"}}, "learning.schedule: 'warm' is not one of constant, step, exponential, cosine"),
    ({"learning": {"schedule_epochs": 0}}, "learning.schedule_epochs: input should be greater than or equal to 1"),
    ({"learning": {"schedule_factor": 1.5}}, "learning.schedule_factor: input should be less than or equal to 1"),
    ({"learning": {"l1": -1}}, "learning.l1: input should be greater than or equal to 0"),
    ({"learning": {"l2": 11}}, "learning.l2: input should be less than or equal to 10"),
    ({"learning": {"dropout": 1}}, "learning.dropout: input should be less than 1"),
    ({"learning": {"clip_norm": -0.1}}, "learning.clip_norm: input should be greater than or equal to 0"),
    ({"learning": {"settings": {"momentum": 0.9}}},
     "learning: the optimizer 'gradient-descent' has no setting 'momentum' (it has: none)"),
    ({"learning": {"optimizer": "adam", "settings": {"momentum": 0.9}}},
     "learning: the optimizer 'adam' has no setting 'momentum' (it has: beta1, beta2, epsilon)"),
])
def test_a_wrong_field_is_named_in_the_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        experiment_from(values)
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("activations", "learning", "sentence"), [
    (("softmax", "tanh"), {}, "softmax is for the output layer only"),
    (("tanh", "tanh"), {"loss": "bce"}, "the loss 'binary cross-entropy' needs sigmoid outputs, but the output layer is tanh"),
    (("tanh", "sigmoid"), {"loss": "bce-logits"}, "needs identity outputs"),
    (("tanh", "sigmoid"), {"loss": "cross-entropy"}, "needs softmax outputs"),
    (("tanh", "sigmoid"), {"loss": "hinge"}, "needs outputs that can reach"),
    (("tanh", "step"), {"optimizer": "perceptron"}, "the perceptron rule trains one layer of step neurons"),
    (("tanh",), {"optimizer": "perceptron"}, "the perceptron rule trains one layer of step neurons"),
    (("step",), {}, "a step has slope 0"),
    (("step", "tanh"), {}, "a step has slope 0"),
    (("step",), {"optimizer": "perceptron", "l2": 0.1}, "no penalty, dropout or clipping"),
    (("step",), {"optimizer": "perceptron", "dropout": 0.1}, "no penalty, dropout or clipping"),
])
def test_what_does_not_go_together_is_said_in_words(activations: tuple[str, ...], learning: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        experiment_from({"layers": layers(*activations), "learning": learning})
    assert sentence in str(caught.value)


def test_softmax_over_one_neuron_is_refused() -> None:
    with pytest.raises(ExperimentError, match="softmax needs two outputs or more"):
        experiment_from({"layers": layers("softmax", width=1), "learning": {"loss": "cross-entropy"}})


@pytest.mark.parametrize("output", sorted(ACTIVATIONS))
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_a_loss_is_accepted_just_where_the_table_says(output: str, loss: str) -> None:
    optimizer = "perceptron" if output == "step" else "adam"
    values = {"layers": layers(output), "learning": {"loss": loss, "optimizer": optimizer}}
    if LOSSES[loss].accepts(output):
        assert experiment_from(values).learning.loss == loss
    else:
        with pytest.raises(ExperimentError, match=r"the loss '.*' needs .*, but the output layer is " + output):
            experiment_from(values)


@pytest.mark.parametrize(("optimizer", "setting"), SETTINGS)
def test_settings_keep_to_their_limits(optimizer: str, setting: str) -> None:
    low, high = OPTIMIZERS[optimizer].settings[setting].limits
    for value in (low, high):
        assert Learning(optimizer=optimizer, settings={setting: value}).setting(setting) == value
    for value in (low - 1e-3 - abs(low), high + 1e-3):
        with pytest.raises(ExperimentError, match=f"learning: {setting} of '{optimizer}' must lie from"):
            experiment_from({"learning": {"optimizer": optimizer, "settings": {setting: value}}})


@pytest.mark.parametrize(("optimizer", "setting"), SETTINGS)
def test_a_setting_that_is_not_given_is_the_optimizers_default(optimizer: str, setting: str) -> None:
    assert Learning(optimizer=optimizer).setting(setting) == OPTIMIZERS[optimizer].settings[setting].default


@pytest.mark.parametrize("table", [("initializer", INITIALIZERS), ("learning.schedule", SCHEDULES)])
def test_every_name_of_a_table_is_accepted(table: tuple[str, dict[str, Any]]) -> None:
    path, names = table
    for name in names:
        assert json.loads(changed(Experiment(), path, name).model_dump_json()) != {}


def test_a_network_that_is_too_large_is_refused_in_words() -> None:
    wide = Experiment(layers=(Layer(width=2000), Layer(width=2000), Layer(width=2000), Layer(width=1)))
    with pytest.raises(ExperimentError, match=r"would have 8,\d{3},\d{3} parameters; 1,400,000 is the most"):
        wide.network(2)
    assert wide.replace(layers=(Layer(width=1000), Layer(width=1000), Layer(width=1))).network(2).parameter_count < MOST_PARAMETERS


def test_a_batch_too_large_for_memory_is_refused_with_the_size_that_would_do() -> None:
    wide = Experiment(data=Data(samples=10_000), layers=(Layer(width=4000), Layer(width=1, activation="sigmoid")), batch_size=5000)
    with pytest.raises(ExperimentError, match=r"5,000 samples through 4,001 neurons .* 1,999 is the most for this network"):
        Simulation(wide)
    assert Simulation(wide.replace(batch_size=1999)).batches == 4


def test_dropout_masks_too_many_for_memory_are_refused_at_the_start_and_when_tuned() -> None:
    many = Experiment(data=Data(samples=20_000, test_share=0), layers=(Layer(width=4000), Layer(width=1, activation="sigmoid")))
    with pytest.raises(ExperimentError, match="80,000,000 masks an epoch"):
        Simulation(changed(many, "learning.dropout", 0.5))
    simulation = Simulation(many)
    with pytest.raises(ExperimentError, match="80,000,000 masks an epoch"):
        simulation.tune(many.learning.replace(dropout=0.5))


def test_too_many_initial_parameters_given_outright_are_refused() -> None:
    with pytest.raises(ExperimentError, match="60,001 initial parameters are given outright; 50,000 is the most"):
        experiment_from({"start": {"weights": [[[0.5] * 60_000]], "biases": [[0.0]]}})


@pytest.mark.parametrize("loss, activation", [("bce", "sigmoid"), ("bce-logits", "identity"), ("hinge", "tanh")])
def test_a_loss_for_classes_is_refused_on_numbers_at_the_start_and_when_tuned(loss: str, activation: str) -> None:
    plane = Experiment(data=Data(source="plane", samples=20), layers=(Layer(width=1, activation=activation),))
    learning = plane.learning.replace(loss=loss)
    with pytest.raises(ExperimentError, match="is for classes, but the data set 'plane' has numbers to predict"):
        Simulation(plane.replace(learning=learning))
    simulation = Simulation(plane)
    simulation.run(epochs=1)
    with pytest.raises(ExperimentError, match="is for classes"):
        simulation.tune(learning)
    assert simulation.run_record.edits == ()


@pytest.mark.parametrize("start", [
    Start(weights=(((1.0,),),), biases=((0.0,),)),
    Start(weights=(((1.0,), (1.0,)),), biases=((0.0, 1.0),)),
    Start(weights=(((1.0,), (1.0,)), ((1.0,),)), biases=((0.0,), (0.0,))),
    Start(weights=(((1.0,), (1.0,)),), biases=()),
    Start(weights=(), biases=()),
    Start(weights=(((1.0,), (1.0, 2.0)),), biases=((0.0,),)),
])
def test_given_parameters_of_other_shapes_are_refused(start: Start) -> None:
    experiment = Experiment(layers=(Layer(activation="sigmoid"),), start=start)
    with pytest.raises(ExperimentError, match="start: the given weights must have the shapes"):
        Simulation(experiment)


def test_outputs_must_be_as_many_as_the_data_has_targets() -> None:
    with pytest.raises(ExperimentError, match="layers: the output layer has 2 neurons, but the data set 'ring' has 1 targets"):
        Simulation(Experiment(layers=(Layer(width=2),)))


def test_an_unknown_data_set_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ExperimentError, match=r"data\.source: there is no data set 'rings'; known are ring, "):
        Simulation(Experiment(data=Data(source="rings")))


@pytest.mark.parametrize("field", ["seed", "batch_size", "learning"])
def test_an_experiment_cannot_be_changed_in_place(field: str) -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(Experiment(), field, 3)


# changing by path

@pytest.mark.parametrize(("path", "value", "found"), [
    ("seed", 7, lambda e: e.seed),
    ("learning.rate", 0.25, lambda e: e.learning.rate),
    ("learning.optimizer", "adam", lambda e: e.learning.optimizer),
    ("layers.0.width", 9, lambda e: e.layers[0].width),
    ("layers.1.activation", "tanh", lambda e: e.layers[1].activation),
    ("data.scaling", "min-max", lambda e: e.data.scaling),
    ("shuffle", False, lambda e: e.shuffle),
])
def test_a_field_is_changed_by_its_path_and_nothing_else_is(path: str, value: object, found: Any) -> None:
    before = Experiment()
    after = changed(before, path, value)
    assert found(after) == value != found(before)
    old = before.model_dump(mode="json")
    assert changed(after, path, found(before)).model_dump(mode="json") == old


def test_a_setting_of_the_optimizer_is_given_by_its_path() -> None:
    adam = changed(Experiment(), "learning.optimizer", "adam")
    assert changed(adam, "learning.settings.beta1", 0.5).learning.settings == {"beta1": 0.5}
    with pytest.raises(ExperimentError, match="the optimizer 'adam' has no setting 'momentum'"):
        changed(adam, "learning.settings.momentum", 0.5)


@pytest.mark.parametrize("path", ["speed", "learning.speed", "layers.2.width", "layers.-1.width", "layers.0.depth", "layers.x",
                                  "seed.low", "learning.rate.x", "", "learning.", "start.weights.0"])
def test_a_path_that_leads_nowhere_is_refused_by_name(path: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        changed(Experiment(), path, 1)
    assert str(caught.value).startswith(f"there is no setting {path!r}")


def test_a_value_that_does_not_fit_its_path_is_refused_by_name() -> None:
    with pytest.raises(ExperimentError, match=r"^learning\.rate: input should be greater than 0$"):
        changed(Experiment(), "learning.rate", -1)


def test_a_part_replaces_fields_with_a_check() -> None:
    assert Learning().replace(rate=0.5, l2=1).l2 == 1
    with pytest.raises(ExperimentError, match="l2: input should be less than or equal to 10"):
        Learning().replace(l2=100)
    with pytest.raises(ExperimentError, match="speed: extra inputs are not permitted"):
        Learning().replace(speed=1)


# there and back

@given(experiments())
def test_an_experiment_comes_back_from_json_as_it_was(experiment: Experiment) -> None:
    assert experiment_from(json.loads(json.dumps(experiment.model_dump(mode="json")))) == experiment


@pytest.mark.parametrize("name", example_names())
def test_every_example_comes_back_from_json_as_it_was(name: str) -> None:
    experiment = example(name).experiment
    assert experiment_from(json.loads(json.dumps(experiment.model_dump(mode="json")))) == experiment


def test_an_empty_object_is_the_default_experiment() -> None:
    assert experiment_from({}) == Experiment()
    assert Simulation(experiment_from({})).frame.network.sizes == (2, 3, 1)


def test_every_field_has_a_title() -> None:
    for part in (Data, Layer, Learning, Experiment):
        assert all(field.title for field in part.model_fields.values()), part
