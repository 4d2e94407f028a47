"""The kernel replays what PyTorch computed: 100 steps of each recorded case, to ten digits.

``recorded/record_pytorch.py`` made the recording.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.forward import with_ones
from nnsim.core.losses import LOSSES
from nnsim.core.network import Network
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.schedules import SCHEDULES
from nnsim.core.training import Method, State, Trainer

RECORDING = json.loads(Path(__file__).with_name("recorded").joinpath("pytorch.json").read_text("utf-8"))
CASES = RECORDING["cases"]
GIVEN = {name: np.array(values) for name, values in RECORDING["given"].items()}
TOLERANCE = 1e-10
TARGETS = {"cross-entropy": "classes", "bce": "signs", "bce-logits": "signs", "hinge": "signs"}


def name_of(case: dict[str, Any]) -> str:
    """The case in words, for the tests' names."""
    extras = [f"{key}={case[key]}" for key in ("l1", "l2", "clip_norm", "schedule") if key in case]
    others = ["other-settings"] if case.get("settings") else []
    return " ".join([*case["activations"], case["loss"], case["optimizer"], *extras, *others])


def method_of(case: dict[str, Any]) -> Method:
    optimizer = OPTIMIZERS[case["optimizer"]]
    settings = {key: setting.default for key, setting in optimizer.settings.items()} | case.get("settings", {})
    penalties = {key: case[key] for key in ("l1", "l2", "clip_norm") if key in case}
    return Method(case["loss"], case["optimizer"], settings, **penalties)


def replay(case: dict[str, Any]) -> tuple[list[float], NDArray[Any]]:
    """The losses of the recorded steps, and theta at the end."""
    inputs, hidden, outputs = RECORDING["sizes"]
    trainer = Trainer(Network(inputs, (hidden, outputs), tuple(case["activations"])), method_of(case))
    trainer.load(State(GIVEN["theta"], {}, 0))
    x, y = with_ones(GIVEN["inputs"], np.dtype(float)), GIVEN[TARGETS.get(case["loss"], "numbers")]
    size = RECORDING["batch"]
    batches, losses = len(x) // size, []
    space = trainer.workspace(size)
    for step in range(RECORDING["steps"]):
        epoch, slot = divmod(step, batches)
        factor = SCHEDULES[case.get("schedule", "constant")].factor
        trainer.stage.rate[()] = case["rate"] * factor(epoch, case.get("schedule_epochs", 1), case.get("schedule_factor", 1.0))
        rows = slice(slot * size, (slot + 1) * size)
        with np.errstate(all="ignore"):
            losses.append(space.run(x[rows].T, y[rows].T))
    return [*losses[:: RECORDING["every"]], losses[-1]], trainer.theta


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_hundred_steps_are_pytorchs(case: dict[str, Any]) -> None:
    losses, theta = replay(case)
    assert np.abs(np.array(losses) - case["losses"]).max() <= TOLERANCE
    assert np.abs(theta - case["final"]).max() <= TOLERANCE
    assert np.abs(theta - GIVEN["theta"]).max() > 1e-3


def test_the_recording_covers_every_row_of_every_table() -> None:
    learnable = set(ACTIVATIONS) - {"step"}
    assert {case["activations"][0] for case in CASES} == learnable - {"softmax"}
    assert {case["activations"][1] for case in CASES} == learnable
    assert {case["loss"] for case in CASES} == set(LOSSES)
    assert {case["optimizer"] for case in CASES} == set(OPTIMIZERS) - {"perceptron"}
    assert {case.get("schedule", "constant") for case in CASES} == set(SCHEDULES)
    assert all({name for case in CASES if case["optimizer"] == optimizer for name in case.get("settings", {})} == set(row.settings)
               for optimizer, row in OPTIMIZERS.items() if row.settings)


def test_the_worked_examples_gradients_are_pytorchs() -> None:
    example = RECORDING["worked_example"]
    trainer = Trainer(Network(2, (2, 2), ("sigmoid", "sigmoid")), Method())
    trainer.load(State(np.array(example["theta"]), {}, 0))
    loss = trainer.workspace(1).run(np.array([[0.05], [0.1], [1]]), np.array([[0.01], [0.99]]))
    assert loss == pytest.approx(example["loss"], rel=1e-14)
    assert np.allclose(trainer.gradient, example["gradient"], rtol=1e-13, atol=1e-17)
