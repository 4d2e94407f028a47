"""Record what PyTorch computes, as ``pytorch.json`` beside this file: 100 steps of many small networks in float64.

Run by hand, with ``torch`` and ``numpy`` installed: ``python tests/core/recorded/record_pytorch.py``. The tests read the recording
only, so nobody else needs PyTorch. It refuses to import nnsim: what is recorded is PyTorch's own.
"""

import importlib
import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

torch: Any = importlib.import_module("torch")
Case = dict[str, Any]
Parameters = list[Any]
"""A (inputs, neurons) matrix and a (neurons,) vector a layer, as tensors."""

STEPS, BATCH, ROWS, EVERY = 100, 4, 12, 10
SIZES = (3, 4, 2)

ACTIVATIONS: dict[str, Any] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky-relu": torch.nn.LeakyReLU(),
    "elu": torch.nn.ELU(),
    "selu": torch.nn.SELU(),
    "gelu": torch.nn.GELU(approximate="none"),
    "softplus": torch.nn.Softplus(),
    "swish": torch.nn.SiLU(),
    "sine": torch.sin,
    "softmax": lambda z: torch.softmax(z, dim=1),
}
"""Functions of sums (samples, neurons)."""

LOSSES: dict[str, Any] = {
    "mse": lambda z, a, y: torch.nn.functional.mse_loss(a, y),
    "mae": lambda z, a, y: torch.nn.functional.l1_loss(a, y),
    "huber": lambda z, a, y: torch.nn.functional.huber_loss(a, y),
    "bce": lambda z, a, y: torch.nn.functional.binary_cross_entropy(a, y),
    "bce-logits": lambda z, a, y: torch.nn.functional.binary_cross_entropy_with_logits(z, y),
    "cross-entropy": lambda z, a, y: torch.nn.functional.cross_entropy(z, y),
    # PyTorch has no plain hinge loss: this is its definition on PyTorch's operations
    "hinge": lambda z, a, y: torch.clamp(1 - (2 * y - 1) * a, min=0).mean(),
}

OPTIMIZERS: dict[str, Any] = {
    "gradient-descent": lambda groups, rate, s: torch.optim.SGD(groups, lr=rate),
    "momentum": lambda groups, rate, s: torch.optim.SGD(groups, lr=rate, momentum=s.get("momentum", 0.9)),
    "nesterov": lambda groups, rate, s: torch.optim.SGD(groups, lr=rate, momentum=s.get("momentum", 0.9), nesterov=True),
    "adagrad": lambda groups, rate, s: torch.optim.Adagrad(groups, lr=rate, **renamed(s, epsilon="eps")),
    "rmsprop": lambda groups, rate, s: torch.optim.RMSprop(groups, lr=rate, **renamed(s, decay="alpha", epsilon="eps")),
    "adam": lambda groups, rate, s: torch.optim.Adam(groups, lr=rate, **adam(s)),
    "adamw": lambda groups, rate, s: torch.optim.AdamW(groups, lr=rate, **adam(s), **renamed(s, weight_decay="weight_decay")),
}
OTHER_SETTINGS: dict[str, dict[str, float]] = {
    "momentum": {"momentum": 0.5},
    "nesterov": {"momentum": 0.7},
    "adagrad": {"epsilon": 1e-3},
    "rmsprop": {"decay": 0.8, "epsilon": 1e-4},
    "adam": {"beta1": 0.7, "beta2": 0.95, "epsilon": 1e-4},
    "adamw": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-5, "weight_decay": 0.2},
}
SCHEDULES: dict[str, Any] = {
    "constant": lambda optimizer, epochs, factor: torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1),
    "step": torch.optim.lr_scheduler.StepLR,
    "exponential": lambda optimizer, epochs, factor: torch.optim.lr_scheduler.ExponentialLR(optimizer, factor),
    "cosine": lambda optimizer, epochs, factor: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs),
}


def renamed(settings: Mapping[str, float], **names: str) -> dict[str, float]:
    """Those settings that are given, by PyTorch's names for them."""
    return {new: settings[old] for old, new in names.items() if old in settings}


def adam(settings: Mapping[str, float]) -> dict[str, Any]:
    return {"betas": (settings.get("beta1", 0.9), settings.get("beta2", 0.999)), **renamed(settings, epsilon="eps")}


def cases() -> Iterator[Case]:
    """Every activation, loss, optimizer, penalty and schedule, in combinations."""

    def case(hidden: str = "tanh", output: str = "sigmoid", loss: str = "mse", optimizer: str = "gradient-descent",
             rate: float = 0.1, **rest: Any) -> Case:
        return {"activations": [hidden, output], "loss": loss, "optimizer": optimizer, "rate": rate, **rest}

    slow = {"adagrad": 0.05, "rmsprop": 0.01, "adam": 0.01, "adamw": 0.01}
    for optimizer in OPTIMIZERS:
        rate = slow.get(optimizer, 0.1)
        yield case(optimizer=optimizer, rate=rate)
        yield case(optimizer=optimizer, rate=rate, settings=OTHER_SETTINGS.get(optimizer, {}), loss="bce")
        yield case("swish", "softmax", "cross-entropy", optimizer, rate)
        yield case("gelu", "identity", "huber", optimizer, rate, clip_norm=0.3)
        yield case("elu", "identity", "mse", optimizer, rate, l2=0.03)
        yield case("sigmoid", "tanh", "hinge", optimizer, rate, l1=0.002, l2=0.01, clip_norm=0.2)
        for schedule, epochs, factor in (("step", 5, 0.5), ("exponential", 1, 0.9), ("cosine", 40, 1.0)):
            yield case(optimizer=optimizer, rate=rate, schedule=schedule, schedule_epochs=epochs, schedule_factor=factor)
    for hidden in ACTIVATIONS:
        if hidden != "softmax":
            yield case(hidden, "identity", "mse", rate=0.05)
            yield case(hidden, "sigmoid", "bce", "adam", 0.01)
    for output in ACTIVATIONS:
        fitting = ["mse", "mae", "huber"]
        fitting += {"sigmoid": ["bce"], "identity": ["bce-logits", "hinge"], "softmax": ["cross-entropy"]}.get(output, ["hinge"])
        for loss in fitting:
            yield case("tanh", output, loss, "momentum", 0.02)


def drawn() -> dict[str, Any]:
    """Start parameters as in nnsim's theta, inputs (rows, inputs), and targets (rows, outputs) of each kind."""
    rng = np.random.default_rng(2024)
    count = sum((a + 1) * b for a, b in pairwise(SIZES))
    return {
        "theta": rng.uniform(-0.8, 0.8, count).tolist(),
        "inputs": rng.uniform(-1.5, 1.5, (ROWS, SIZES[0])).tolist(),
        "numbers": rng.uniform(-1, 1, (ROWS, SIZES[-1])).tolist(),
        "signs": rng.integers(0, 2, (ROWS, SIZES[-1])).astype(float).tolist(),
        "classes": np.eye(SIZES[-1])[rng.integers(0, SIZES[-1], ROWS)].tolist(),
    }


def kind_of_targets(loss: str) -> str:
    return {"cross-entropy": "classes", "bce": "signs", "bce-logits": "signs", "hinge": "signs"}.get(loss, "numbers")


def unpacked(theta: list[float], sizes: tuple[int, ...]) -> Parameters:
    """Parameters from theta: a (inputs, neurons) matrix and a vector a layer."""
    parameters: Parameters = []
    start = 0
    for inputs, neurons in pairwise(sizes):
        shapes: tuple[tuple[int, ...], ...] = ((inputs, neurons), (neurons,))
        for shape in shapes:
            size = int(np.prod(shape))
            values = torch.tensor(theta[start : start + size], dtype=torch.float64).reshape(shape)
            parameters.append(values.requires_grad_())
            start += size
    return parameters


def packed(parameters: Parameters) -> list[float]:
    return [value for parameter in parameters for value in parameter.detach().ravel().tolist()]


def loss_of(parameters: Parameters, activations: list[str], loss: str, x: Any, y: Any) -> Any:
    signal = sums = x
    for layer, name in enumerate(activations):
        sums = signal @ parameters[2 * layer] + parameters[2 * layer + 1]
        signal = ACTIVATIONS[name](sums)
    return LOSSES[loss](sums, signal, y)


def path(case: Case, given: dict[str, Any]) -> Case:
    """Train 100 steps; the loss of every tenth step and of the last, and the parameters at the end."""
    parameters = unpacked(given["theta"], SIZES)
    weights, biases = parameters[::2], parameters[1::2]
    l1, l2, clip_norm = case.get("l1", 0), case.get("l2", 0), case.get("clip_norm", 0)
    # PyTorch's own weight decay where it means the same: added to the gradient of the weights, unclipped
    by_optimizer = bool(l2) and not l1 and not clip_norm and case["optimizer"] != "adamw"
    groups: list[dict[str, Any]] = [{"params": weights}, {"params": biases}]
    if by_optimizer:
        groups[0]["weight_decay"] = l2
    optimizer = OPTIMIZERS[case["optimizer"]](groups, case["rate"], case.get("settings", {}))
    kind = case.get("schedule", "constant")
    schedule = SCHEDULES[kind](optimizer, case.get("schedule_epochs", 1), case.get("schedule_factor", 1))
    x = torch.tensor(given["inputs"], dtype=torch.float64)
    y = torch.tensor(given[kind_of_targets(case["loss"])], dtype=torch.float64)
    batches, losses = ROWS // BATCH, []
    for step in range(STEPS):
        rows = slice(step % batches * BATCH, (step % batches + 1) * BATCH)
        optimizer.zero_grad()
        loss = loss_of(parameters, case["activations"], case["loss"], x[rows], y[rows])
        penalty = l1 * sum(w.abs().sum() for w in weights)
        if not by_optimizer:
            penalty = penalty + l2 / 2 * sum((w * w).sum() for w in weights)
        (loss + penalty).backward()
        if clip_norm:
            torch.nn.utils.clip_grad_norm_(parameters, clip_norm)
        optimizer.step()
        if (step + 1) % batches == 0:
            schedule.step()
        if step % EVERY == 0 or step == STEPS - 1:
            losses.append(loss.item())
    return {**case, "losses": losses, "final": packed(parameters)}


def worked_example() -> dict[str, Any]:
    """The gradients of the 2-2-2 sigmoid network that textbooks work through."""
    theta = [0.15, 0.25, 0.2, 0.3, 0.35, 0.35, 0.4, 0.5, 0.45, 0.55, 0.6, 0.6]
    parameters = unpacked(theta, (2, 2, 2))
    x, y = torch.tensor([[0.05, 0.1]], dtype=torch.float64), torch.tensor([[0.01, 0.99]], dtype=torch.float64)
    loss = loss_of(parameters, ["sigmoid", "sigmoid"], "mse", x, y)
    loss.backward()
    return {"theta": theta, "loss": loss.item(), "gradient": packed([parameter.grad for parameter in parameters])}


def main() -> None:
    torch.set_num_threads(1)
    given = drawn()
    recording = {
        "torch": torch.__version__, "steps": STEPS, "batch": BATCH, "every": EVERY, "sizes": SIZES, "given": given,
        "worked_example": worked_example(), "cases": [path(case, given) for case in cases()],
    }
    text = json.dumps(recording, separators=(",", ":")).replace('{"activations"', '\n{"activations"')
    Path(__file__).with_name("pytorch.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
