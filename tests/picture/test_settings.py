"""The table of settings: what it reads from the experiment's fields, what matters when, and how networks are fitted to data."""

import pytest

from nnsim.core.datasets import SOURCES
from nnsim.engine.data import load_dataset
from nnsim.engine.examples import example, example_names
from nnsim.engine.experiment import Data, Experiment, ExperimentError, Layer, Learning
from nnsim.engine.proposal import fit_outputs, of_source
from nnsim.engine.simulation import Simulation
from nnsim.picture.edits import row_of
from nnsim.picture.settings import (
    activation_row,
    all_rows,
    fitting_losses,
    rows,
    starts_new_run,
    unusual,
    value_at,
)


def paths(experiment: Experiment) -> set[str]:
    return {row.path for row in rows(experiment)}


def test_titles_descriptions_and_limits_are_those_of_the_fields() -> None:
    rate = row_of(Experiment(), "learning.rate")
    field = Learning.model_fields["rate"]
    assert (rate.title, rate.description, rate.low, rate.high, rate.open_low) == (field.title, field.description, 0, 1e6, True)
    assert not rate.allows(0) and rate.allows(1e6)
    assert "above 0 and at most 1,000,000" in rate.tip


def test_every_row_has_a_value_in_every_example() -> None:
    for name in example_names():
        experiment = example(name).experiment
        for row in rows(experiment):
            value = value_at(experiment, row.path)
            if row.kind == "choice":
                assert value in {choice for choice, _, _ in row.choices}, row.path
            elif row.kind == "text":
                assert isinstance(value, str), row.path
            elif row.kind != "switch":
                assert row.allows(float(value)), row.path


def test_only_learning_branches_the_run() -> None:
    assert {row.path for row in all_rows() if not starts_new_run(row.path)} == {
        row.path for row in all_rows() if row.group == "learning"}
    assert starts_new_run("layers.0.width")


def test_noise_and_samples_matter_for_drawn_points_only() -> None:
    assert {"data.noise", "data.samples"} <= paths(Experiment())
    digits = example("digits").experiment
    assert not {"data.noise", "data.samples"} & paths(digits)
    assert "data.test_share" not in paths(example("xor").experiment)


def test_settings_of_the_schedule_appear_with_it() -> None:
    def with_schedule(name: str) -> set[str]:
        found = paths(Experiment(learning=Learning(schedule=name)))
        return found & {"learning.schedule_epochs", "learning.schedule_factor"}

    assert with_schedule("constant") == set()
    assert with_schedule("cosine") == {"learning.schedule_epochs"}
    assert with_schedule("exponential") == {"learning.schedule_factor"}
    assert len(with_schedule("step")) == 2


def test_the_optimizers_own_settings_follow_the_rate() -> None:
    order = [row.path for row in rows(Experiment(learning=Learning(optimizer="adam")))]
    start = order.index("learning.rate") + 1
    assert order[start : start + 3] == [f"learning.settings.{name}" for name in ("beta1", "beta2", "epsilon")]
    assert value_at(Experiment(learning=Learning(optimizer="adam")), "learning.settings.beta2") == 0.999


def test_softmax_is_offered_for_outputs_only_and_a_step_for_a_single_layer_only() -> None:
    def offered(experiment: Experiment, layer: int) -> set[str]:
        return {name for name, _, _ in activation_row(experiment, layer).choices}

    digits = example("digits").experiment
    assert "softmax" not in offered(digits, 0) and "softmax" in offered(digits, 2)
    assert "softmax" not in offered(Experiment(), 1)
    assert "step" not in offered(digits, 2) and "step" in offered(example("perceptron").experiment, 0)


def test_folded_settings_that_are_not_usual_are_named() -> None:
    experiment = Experiment(learning=Learning(dropout=0.25, clip_norm=5))
    assert unusual(experiment, "learning") == "Dropout 0.25 · Clip norm 5"
    assert unusual(Experiment(), "learning") == ""


@pytest.mark.parametrize("source", list(SOURCES))
def test_every_source_can_be_chosen_from_every_example_and_runs(source: str) -> None:
    dataset = load_dataset(Data(source=source))
    for name in example_names():
        fitted = of_source(example(name).experiment, source)
        assert fitted.data.source == source
        assert fitted.layers[-1].width == dataset.targets.shape[1]
        assert fitted.learning.loss in {loss for loss, _, _ in fitting_losses(fitted, dataset.task)}
    simulation = Simulation(of_source(Experiment(), source))
    simulation.step("batch")
    assert simulation.moment.batch == 0


@pytest.mark.parametrize(("source", "width", "activation", "loss"), [
    ("iris", 3, "softmax", "cross-entropy"), ("plane", 1, "identity", "mse"), ("digits", 10, "softmax", "cross-entropy")])
def test_outputs_and_loss_fit_the_new_data(source: str, width: int, activation: str, loss: str) -> None:
    fitted = of_source(Experiment(), source)
    assert fitted.layers[-1] == Layer(width=width, activation=activation)
    assert fitted.learning.loss == loss
    assert fitted.layers[:-1] == Experiment().layers[:-1]


def test_two_classes_get_one_sigmoid_with_squared_error() -> None:
    fitted = of_source(example("digits").experiment, "moons")
    assert fitted.layers[-1] == Layer(width=1, activation="sigmoid")
    assert fitted.learning.loss == "mse"


def test_a_chosen_loss_that_still_fits_stays() -> None:
    chosen = Experiment(learning=Learning(loss="bce"))
    assert of_source(chosen, "spiral").learning.loss == "bce"


def test_measured_data_are_scaled_and_drawn_points_are_not() -> None:
    assert of_source(Experiment(), "wine").data.scaling == "standardize"
    assert of_source(Experiment(), "digits").data.scaling == "min-max"
    assert of_source(example("wine").experiment, "ring").data.scaling == "none"


def test_the_perceptron_rule_stays_for_two_classes_and_gives_way_to_gradients_elsewhere() -> None:
    perceptron = example("perceptron").experiment
    assert of_source(perceptron, "ring").learning.optimizer == "perceptron"
    assert of_source(perceptron, "iris").learning.optimizer == "gradient-descent"


def test_given_initial_weights_are_dropped_with_the_shape_they_were_for() -> None:
    worked = example("textbook-2-2-2").experiment
    assert worked.start is not None
    assert of_source(worked, "ring").start is None
    assert fit_outputs(worked, "regression", 2).start == worked.start


def test_an_unknown_source_is_refused_by_name() -> None:
    with pytest.raises(ExperimentError, match="rings"):
        of_source(Experiment(), "rings")


def test_a_formula_keeps_the_hidden_layers_and_how_is_learned() -> None:
    chosen = example("iris").experiment.replace(seed=9)
    fitted = of_source(chosen, "formula")
    assert fitted.layers[:-1] == chosen.layers[:-1] and fitted.seed == 9 and fitted.batch_size == chosen.batch_size
    assert fitted.learning == chosen.learning.replace(loss="mse")
    assert fitted.layers[-1] == Layer(width=1, activation="identity")
