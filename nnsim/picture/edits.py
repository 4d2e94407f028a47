"""Edits of an experiment as the form makes them: one setting changes, and what no longer fits it changes along.

A loss may need another output activation, an optimizer brings its own settings, a wider layer makes given initial
weights useless. Each edit says in its label, the name it has in undo, what it changed besides. It refuses to guess
a value: what is outside the limits or makes no sense raises an ``ExperimentError``, a sentence for the place where
it was typed.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from nnsim.core.datasets import Dataset
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.data import load_dataset
from nnsim.engine.experiment import Experiment, ExperimentError, Layer, changed
from nnsim.engine.proposal import fit_to_data
from nnsim.picture.holding import released
from nnsim.picture.numbers import count
from nnsim.picture.setting_row import Row, Value, plain
from nnsim.picture.settings import (
    PENALTY,
    USES,
    activation_row,
    all_rows,
    optimizer_rows,
    value_at,
    width_row,
)

FIRST_PENALTY = 0.001
"""The strength a penalty begins with when it is chosen."""
_OUTPUT_FOR = {"bce": "sigmoid", "bce-logits": "identity", "cross-entropy": "softmax", "hinge": "identity"}
_NO_GRADIENT_EXTRAS = {"l1": 0.0, "l2": 0.0, "dropout": 0.0, "clip_norm": 0.0}


class Edit(NamedTuple):
    """What an edit leads to, and its name in undo, such as "Rate 0.3"."""

    experiment: Experiment
    label: str


def row_of(experiment: Experiment, path: str) -> Row:
    """The row of a setting, layers' and optimizer's settings included. Raises ExperimentError."""
    if path.startswith("layers."):
        layer = int(path.split(".")[1])
        return width_row(layer) if path.endswith("width") else activation_row(experiment, layer)
    for row in (*all_rows(), *optimizer_rows(experiment.learning.optimizer)):
        if row.path == path:
            return row
    raise ExperimentError(f"there is no setting {path!r}")


def edit(experiment: Experiment, path: str, value: Value, dataset: Dataset) -> Edit:
    """The experiment with one setting changed, and what has to change along. Raises ExperimentError in a sentence."""
    row = row_of(experiment, path)
    _check_limits(row, value, value_at(experiment, path))
    if row.kind == "whole":
        value = int(value)
    result, besides = _change(experiment, path, value)
    result.network(dataset.fed if result.data == experiment.data else load_dataset(result.data).fed)
    label = f"{row.title.removesuffix(' η')} {row.text(value)}"
    if path.endswith(".width"):
        label = f"L{int(path.split('.')[1]) + 1}: {count(int(value), 'neuron')}"
    return Edit(result, f"{label}, with {besides}" if besides else label)


def _check_limits(row: Row, value: Value, old: Value) -> None:
    if row.kind not in ("number", "whole"):
        return
    number = float(value)
    if not math.isfinite(number) or not row.allows(number):
        raise ExperimentError(f"{row.title} must be {row.range_text}; it stays {row.text(old)}.")
    if row.kind == "whole" and number != int(number):
        raise ExperimentError(f"{row.title} must be a whole number, not {plain(number)}; it stays {row.text(old)}.")


def _change(experiment: Experiment, path: str, value: Value) -> tuple[Experiment, str]:
    """The changed experiment, and in words what changed besides."""
    if path in _CHOOSING:
        return _CHOOSING[path](experiment, str(value))
    if path.startswith("layers."):
        return _change_layer(experiment, int(path.split(".")[1]), path.split(".")[2], value)
    if path.startswith("learning.settings."):
        return _set_optimizer(experiment, path.rsplit(".", 1)[1], float(value)), ""
    if path.startswith("data."):
        return _change_data(experiment, path.removeprefix("data."), value)
    if path in ("initializer", "initial_scale") and experiment.start is not None:
        return changed(experiment.replace(start=None), path, value), "the given weights dropped"
    return changed(experiment, path, value), ""


def _change_data(experiment: Experiment, path: str, value: Value) -> tuple[Experiment, str]:
    """Other data: the network is fitted to them where they have other outputs, and what was held is let go with other inputs."""
    part, _, name = path.rpartition(".")
    changes: dict[str, Any] = {name: value}
    if path == "features":
        changes = {"features": tuple(text.strip() for text in str(value).split(",") if text.strip())}
    if part:
        use = getattr(experiment.data, part) or USES[part].model_validate({})
        changes = {part: use.replace(**changes)}
    data = experiment.data.replace(**changes)
    before, after = load_dataset(experiment.data), load_dataset(data)
    if (before.fed, before.task, before.targets.shape[1]) == (after.fed, after.task, after.targets.shape[1]):
        return experiment.replace(data=data), ""
    return fit_to_data(experiment, data), ""


def _change_layer(experiment: Experiment, layer: int, name: str, value: Value) -> tuple[Experiment, str]:
    if name == "activation" and layer == len(experiment.layers) - 1:
        return _choose_output(experiment, str(value))
    changes: dict[str, Any] = {name: value}
    layers = list(experiment.layers)
    layers[layer] = layers[layer].replace(**changes)
    return _with_layers(experiment, layers, reshaped=name == "width"), ""


def _with_layers(experiment: Experiment, layers: list[Layer], reshaped: bool = True) -> Experiment:
    """Other layers; initial weights that were given outright have the old shape, so they go, and so does what is held."""
    if not reshaped:
        return experiment.replace(layers=tuple(layers))
    return experiment.replace(layers=tuple(layers), start=None, learning=released(experiment.learning))


def add_layer(experiment: Experiment, dataset: Dataset) -> Edit:
    """One more hidden layer before the outputs, like the last hidden one. Raises ExperimentError."""
    hidden = experiment.layers[:-1]
    new = hidden[-1] if hidden else Layer(width=3, activation="tanh")
    result = _with_layers(experiment, [*hidden, new, experiment.layers[-1]])
    result.network(dataset.fed)
    return Edit(result, f"Add L{len(hidden) + 1}: {count(new.width, 'neuron')}")


def remove_layer(experiment: Experiment, layer: int) -> Edit:
    """One hidden layer less, counted from 0. Raises ExperimentError for the output layer."""
    if layer == len(experiment.layers) - 1:
        raise ExperimentError("The output layer stays: the data decide how many outputs there are.")
    layers = list(experiment.layers)
    del layers[layer]
    return Edit(_with_layers(experiment, layers), f"Remove L{layer + 1}")


def _choose_loss(experiment: Experiment, name: str) -> tuple[Experiment, str]:
    learning = experiment.learning.replace(loss=name)
    output = experiment.layers[-1]
    if LOSSES[name].accepts(output.activation):
        return experiment.replace(learning=learning), ""
    activation = _OUTPUT_FOR[name]
    layers = (*experiment.layers[:-1], output.replace(activation=activation))
    return experiment.replace(learning=learning, layers=layers), f"{activation} outputs"


def _choose_output(experiment: Experiment, activation: str) -> tuple[Experiment, str]:
    """Another output activation: a loss that cannot take it gives way, and a step needs the perceptron rule."""
    learning, besides = experiment.learning, []
    if (activation == "step") != (learning.optimizer == "perceptron"):
        name = "perceptron" if activation == "step" else "gradient-descent"
        extras = _NO_GRADIENT_EXTRAS if activation == "step" else {}
        learning = learning.replace(optimizer=name, settings={}, **extras)
        besides.append(OPTIMIZERS[name].title)
    if not LOSSES[learning.loss].accepts(activation):
        learning = learning.replace(loss="bce" if activation == "sigmoid" else "mse")
        besides.append(LOSSES[learning.loss].title)
    layers = (*experiment.layers[:-1], experiment.layers[-1].replace(activation=activation))
    return experiment.replace(learning=learning, layers=layers), " and ".join(besides)


def _choose_optimizer(experiment: Experiment, name: str) -> tuple[Experiment, str]:
    """Another optimizer keeps those settings that it shares with the old one."""
    learning, allowed = experiment.learning, OPTIMIZERS[name].settings
    kept = {key: value for key, value in learning.settings.items() if key in allowed}
    if (name == "perceptron") == (learning.optimizer == "perceptron"):
        return experiment.replace(learning=learning.replace(optimizer=name, settings=kept)), ""
    to_steps = name == "perceptron"
    output = experiment.layers[-1].replace(activation="step" if to_steps else "sigmoid")
    extras = {**_NO_GRADIENT_EXTRAS, "loss": "mse"} if to_steps else {}
    return experiment.replace(
        learning=learning.replace(optimizer=name, settings=kept, **extras),
        layers=(*experiment.layers[:-1], output)), f"{output.activation} outputs"


def _choose_penalty(experiment: Experiment, name: str) -> tuple[Experiment, str]:
    learning = experiment.learning
    strength = learning.l1 or learning.l2 or FIRST_PENALTY
    l1 = (learning.l1 or strength) if name in ("l1", "both") else 0.0
    l2 = (learning.l2 or strength) if name in ("l2", "both") else 0.0
    return experiment.replace(learning=learning.replace(l1=l1, l2=l2)), ""


_CHOOSING: dict[str, Callable[[Experiment, str], tuple[Experiment, str]]] = {
    "learning.loss": _choose_loss, "learning.optimizer": _choose_optimizer, PENALTY: _choose_penalty,
}


def _set_optimizer(experiment: Experiment, name: str, value: float) -> Experiment:
    """Only what differs from the default is kept, so that the same learning is always written the same way."""
    learning = experiment.learning
    settings = {**learning.settings, name: value}
    if value == OPTIMIZERS[learning.optimizer].settings[name].default:
        del settings[name]
    return experiment.replace(learning=learning.replace(settings=settings))
